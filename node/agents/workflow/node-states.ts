// How far each node of a workflow's run is, told by walking it again as far as its journal goes: nothing is stored beside the journal.
import type { HostAnswer, Json } from '../runtime/runtime.ts';
import { readWorkflow } from './definition.ts';
import { Interpreter, type NodeState } from './interpreter.ts';

/** A step as the journal has it. */
export interface WalkedStep {
  readonly step: number;
  readonly answer: HostAnswer | null;
}

/** The journal ends here. */
class EndOfJournal extends Error {}

/**
 * The nodes of a run, each after all that it needs; all pending before the run has begun.
 *
 * @throws AiosError WORKFLOW_INVALID, EXPRESSION_FAILED
 */
export async function nodeStates(
  workflow: { readonly entry: string; readonly file: Uint8Array },
  input: Json,
  steps: readonly WalkedStep[],
): Promise<readonly NodeState[]> {
  let next = 0;
  const take = (): WalkedStep => {
    const step = steps[next];
    if (!step) throw new EndOfJournal();
    next += 1;
    return step;
  };
  const interpreter = new Interpreter(readWorkflow(workflow.entry, workflow.file), input, {
    async ask() {
      const { step, answer } = take();
      if (!answer) throw new EndOfJournal();
      return { step, answer };
    },
    open: async () => take().step,
    spend: () => {},
    log: () => {},
  });
  try {
    if (steps.length > 0) await interpreter.run();
  } catch (error) {
    if (!(error instanceof EndOfJournal)) throw error;
  }
  return [...interpreter.states.values()];
}
