// The step of a run for a capability alone, which writes down what it is told.
import type { StepContext } from '../../runs/broker.ts';
import type { Json } from '../../runtime/runtime.ts';
import { type GrantsInput, parseGrants } from '../grants.ts';

export function stepOf(
  capability: string,
  args: Json,
  grants: GrantsInput,
): StepContext & { readonly log: string[] } {
  const log: string[] = [];
  return {
    run: { id: '1', deploymentId: '1' } as StepContext['run'],
    grants: parseGrants(grants),
    step: 0,
    key: '1/0',
    capability,
    args,
    inDoubt: false,
    signal: new AbortController().signal,
    log,
    begin: async () => {
      log.push('begin');
    },
    prepare: async () => {
      throw new Error('not used');
    },
    answered: async () => {
      log.push('answered');
    },
    commit: async () => {
      throw new Error('not used');
    },
  };
}
