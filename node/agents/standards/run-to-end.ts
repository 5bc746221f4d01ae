// Starts a run for a caller and waits for its end, telling what happens meanwhile; ends it when the caller wants that.
import { AiosError } from '#node/platform/errors.ts';
import type { RunEvent } from '../runs/run-events.ts';
import type { Json } from '../runtime/runtime.ts';
import type { CalledRun, Caller, SupergraphAgents } from './supergraph-agents.ts';

export interface RunToEndOptions {
  readonly agents: SupergraphAgents;
  readonly caller: Caller;
  readonly deploymentId: string;
  readonly input: Json;
  /** The caller wants the run to end; `caller.signal` alone only ends the waiting. */
  readonly cancelled: AbortSignal;
  /** Milliseconds after which the waiting ends, and the run goes on. */
  readonly timeoutMs: number;
  readonly onStart?: (runId: string) => void;
  readonly onEvent?: (event: RunEvent, runId: string) => void;
}

/** @throws AiosError as the run is refused; CANCELLED, RUN_GOES_ON */
export async function runToEnd(options: RunToEndOptions): Promise<CalledRun> {
  const { agents, caller, cancelled, timeoutMs } = options;
  // Starting and ending are seen through even when the caller has gone: else nobody would know of the run.
  const acting: Caller = { ...caller, signal: AbortSignal.timeout(60_000) };
  const runId = await agents.start(acting, options.deploymentId, options.input);
  options.onStart?.(runId);
  const timeout = AbortSignal.timeout(timeoutMs);
  const following: Caller = { ...caller, signal: AbortSignal.any([caller.signal, cancelled, timeout]) };
  let ended = false;
  for await (const event of agents.follow(following, runId)) {
    options.onEvent?.(event, runId);
    ended = event.kind === 'finished';
  }
  if (ended) return agents.run({ ...caller, signal: AbortSignal.timeout(60_000) }, runId);
  if (cancelled.aborted) {
    await agents.cancel({ ...caller, signal: AbortSignal.timeout(60_000) }, runId);
    throw new AiosError('CANCELLED', `Run ${runId} was cancelled.`);
  }
  throw new AiosError(
    'RUN_GOES_ON',
    `Run ${runId} has not ended after ${Math.round(timeoutMs / 1_000)} s and goes on. Look at run(id: "${runId}") later; it may wait for an approval.`,
    { details: { run: runId } },
  );
}

/** What happened, in a few words. */
export function eventText(event: RunEvent): string {
  switch (event.kind) {
    case 'queued':
      return 'queued';
    case 'started':
      return event.resumed
        ? 'resumed'
        : `started${event.attempt > 0 ? `, attempt ${event.attempt + 1}` : ''}`;
    case 'log':
      return `${event.level}: ${event.text}`;
    case 'step':
      return `${event.capability} ${event.status}${event.code ? ` (${event.code})` : ''}`;
    case 'retry':
      return `failed with ${event.code}; attempt ${event.attempt + 1} at ${event.dueAt}`;
    case 'finished':
      return event.status;
  }
}
