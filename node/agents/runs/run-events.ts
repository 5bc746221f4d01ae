// What followers of a run, or of all that agents do in a network, are told: streams without gaps, resumable by number.
import type { Queryable } from '#node/platform/events/event-bus.ts';
import { appendToStreams, type StreamAppend } from '#node/platform/events/postgres-event-bus.ts';
import type { LogLine } from '../runtime/runtime.ts';
import type { RunStatus } from './tables.ts';

export type RunEvent =
  | { readonly kind: 'queued'; readonly trigger: string }
  | { readonly kind: 'started'; readonly attempt: number; readonly resumed: boolean }
  | { readonly kind: 'log'; readonly level: LogLine['level']; readonly text: string; readonly gas: number }
  | {
      readonly kind: 'step';
      readonly step: number;
      readonly capability: string;
      readonly status: 'started' | 'waiting' | 'answered' | 'refused';
      /** Code of the refusal. */
      readonly code?: string;
    }
  | { readonly kind: 'retry'; readonly attempt: number; readonly code: string; readonly dueAt: string }
  | { readonly kind: 'finished'; readonly status: RunStatus; readonly code?: string; readonly gas: number };

/** An entry of a network's activity: which run came to what. */
export interface AgentActivity {
  readonly run?: string;
  readonly deployment: string;
  readonly kind:
    | 'healthy'
    | 'unhealthy'
    | 'deployed'
    | 'scheduled'
    | 'paused'
    | 'resumed'
    | 'stopped'
    | 'finished'
    | 'waiting';
  readonly status?: RunStatus;
}

export const runStream = (runId: string) => `agents.run:${runId}`;
export const activityStream = (network: string) => `agents.network:${network}`;

/** Topic that wakes workers: runs are due. */
export const runsDueTopic = 'agents.due';
/** Topic that says that a message was sent. */
export const messageSentTopic = 'agents.message';
/** Topic that tells workers to end runs: `{ runs }` or `{ deployment }`. */
export const runsCancelledTopic = 'agents.cancel';

export interface RunsCancelled {
  readonly runs?: readonly string[];
  readonly deployment?: string;
}

export function runEvent(runId: string, event: RunEvent): StreamAppend {
  return { stream: runStream(runId), payload: event };
}

/** Text as jsonb takes it: without NUL and without halves of characters. */
export function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd');
}

/** Tells followers of a network what was done to a deployment. */
export async function tellNetwork(
  client: Queryable,
  { id, network }: { readonly id: string; readonly network: string },
  kind: AgentActivity['kind'],
  more: Pick<AgentActivity, 'run'> | object = {},
): Promise<void> {
  await appendToStreams(client, [
    { stream: activityStream(network), payload: { deployment: id, kind, ...more } },
  ]);
}
