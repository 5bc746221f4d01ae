// The world of a scenario: answers calls as the platform would, without acting on anything. What the manifest does not grant is refused in
// the platform's own words; storage is a map; everything else is what the scenario says.
import { notGranted, refusal } from '../capabilities/capability.ts';
import type { Grants } from '../capabilities/grants.ts';
import type { HostAnswer, HostCall, Json } from '../runtime/runtime.ts';
import type { Scenario } from './scenario.ts';

export interface ScenarioWorld {
  call(call: HostCall): Promise<HostAnswer>;
  /** Capabilities that were asked for and that the scenario says nothing about. */
  readonly unanswered: ReadonlySet<string>;
}

interface StorageArguments {
  readonly key?: string;
  readonly value?: Json;
  readonly prefix?: string;
  readonly after?: string;
  readonly limit?: number;
}

function storage(kept: Map<string, Json>, method: string, args: StorageArguments): HostAnswer | undefined {
  const key = args.key ?? '';
  switch (method) {
    case 'get':
      return { ok: kept.get(key) ?? null };
    case 'set':
      kept.set(key, args.value ?? null);
      return { ok: null };
    case 'delete':
      return { ok: kept.delete(key) };
    case 'list': {
      const keys = [...kept.keys()]
        .filter((one) => one.startsWith(args.prefix ?? '') && one > (args.after ?? ''))
        .sort()
        .slice(0, args.limit ?? 100);
      return {
        ok: keys.map((one) => ({ key: one, bytes: Buffer.byteLength(JSON.stringify(kept.get(one))) })),
      };
    }
    default:
      return undefined;
  }
}

export function scenarioWorld(scenario: Scenario, grants: Grants): ScenarioWorld {
  const kept = new Map(Object.entries(scenario.storage ?? {}));
  const taken = new Map<string, number>();
  const unanswered = new Set<string>();
  const answerOf = ({ capability, args }: HostCall): HostAnswer => {
    const [grant = '', method = ''] = capability.split('.');
    if (!Object.hasOwn(grants, grant)) return refusal(notGranted(capability));
    const given = Object.hasOwn(scenario.answers ?? {}, capability)
      ? scenario.answers?.[capability]
      : undefined;
    if (given !== undefined) {
      if (!Array.isArray(given)) return given;
      const nth = taken.get(capability) ?? 0;
      taken.set(capability, nth + 1);
      const next = given[nth];
      if (next) return next;
    } else if (grant === 'storage') {
      const answer = storage(kept, method, (args ?? {}) as StorageArguments);
      if (answer) return answer;
    }
    unanswered.add(capability);
    return {
      error: {
        code: 'SCENARIO_UNANSWERED',
        message: `the scenario has no ${taken.has(capability) ? 'further ' : ''}answer for ${capability}: add one to answers`,
      },
    };
  };
  return { call: async (call) => answerOf(call), unanswered };
}
