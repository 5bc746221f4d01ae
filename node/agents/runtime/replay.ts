// Runs a recorded run again, with the answers that were logged in place of the world.
import { AiosError } from '#node/platform/errors.ts';
import { canonicalJson } from './canonical-json.ts';
import type { AgentRuntime, HostAnswer, HostCall, RunHooks, RunOutcome, RunRequest } from './runtime.ts';

export type LoggedCall = { readonly call: HostCall; readonly answer: HostAnswer };

/** Gas bounds a replay; its deadline is only for what gas does not see, on a machine that may be much slower. */
const DEADLINE = { factor: 10, least: 60_000, most: 15 * 60_000 };

function diverged(index: number, asked: string, logged: string): AiosError {
  return new AiosError(
    'REPLAY_DIVERGED',
    `call ${index}: the guest ${asked}, the log has ${logged}. Code, input, seed, start or answers are not those of the recorded run`,
    { details: { index } },
  );
}

const told = (call: Pick<HostCall, 'capability' | 'args'>): string => {
  const args = canonicalJson(call.args);
  return `${call.capability} ${args.length > 200 ? `${args.slice(0, 200)}…` : args}`;
};

/**
 * The outcome of the request when the world answers as logged; compare its digest with the recorded one.
 *
 * @throws AiosError `REPLAY_DIVERGED` when the guest asks something else than logged, more or less; `REPLAY_ENGINE` when `engine` is given
 *   and another one ran here
 */
export async function replay(
  runtime: AgentRuntime,
  request: RunRequest,
  calls: readonly LoggedCall[],
  options: { readonly engine?: string; readonly signal?: AbortSignal } = {},
): Promise<RunOutcome> {
  const over = new AbortController();
  const cancel = () => over.abort();
  options.signal?.addEventListener('abort', cancel, { once: true });
  if (options.signal?.aborted) cancel();
  let problem: AiosError | undefined;
  const hooks: RunHooks = {
    signal: over.signal,
    call(asked) {
      const logged = calls[asked.index];
      const same =
        logged !== undefined &&
        logged.call.capability === asked.capability &&
        canonicalJson(logged.call.args) === canonicalJson(asked.args);
      if (same) return Promise.resolve(logged.answer);
      problem = diverged(asked.index, `asks ${told(asked)}`, logged ? told(logged.call) : 'no more calls');
      over.abort();
      return new Promise(() => undefined);
    },
  };
  const { limits } = request;
  const deadlineMs = Math.min(Math.max(limits.deadlineMs * DEADLINE.factor, DEADLINE.least), DEADLINE.most);
  const outcome = await runtime
    .run({ ...request, limits: { ...limits, deadlineMs } }, hooks)
    .finally(() => options.signal?.removeEventListener('abort', cancel));
  if (problem) throw problem;
  if (options.engine !== undefined && outcome.engine !== options.engine) {
    throw new AiosError(
      'REPLAY_ENGINE',
      `the run was made by ${options.engine}, here runs ${outcome.engine}: replay it with the release that made it`,
    );
  }
  if (outcome.error?.code !== 'CANCELLED' && outcome.calls.length < calls.length) {
    const next = calls[outcome.calls.length];
    throw diverged(outcome.calls.length, 'ended', next ? told(next.call) : '');
  }
  return outcome;
}
