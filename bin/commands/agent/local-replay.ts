// A recorded run once more, on this machine: its code fetched and checked by content identifier, its answers in place of the world. Says
// whether the digest is the same and, if not, where the two part.
import { isDeepStrictEqual } from 'node:util';
import type { RecordedRun } from '#node/agents/client/index.ts';
import { agentCodeOf, openPackage } from '#node/agents/package/agent-package.ts';
import { isReproducible, runDigest } from '#node/agents/runtime/digest.ts';
import { type LoggedCall, replay } from '#node/agents/runtime/replay.ts';
import type { AgentRuntime, RunErrorCode, RunOutcome, RunRequest } from '#node/agents/runtime/runtime.ts';
import { AiosError } from '#node/platform/errors.ts';

export interface LocalReplay {
  readonly equal: boolean;
  /** 0x hex, as recorded. */
  readonly recorded: string;
  /** As computed here; null when the guest asked something else before it ended. */
  readonly computed: string | null;
  readonly calls: number;
  readonly engine: string;
  /** Where the two part; undefined when they do not. */
  readonly parted?: string;
}

/**
 * @throws AiosError RUN_NOT_FINISHED for what has no digest, NOT_REPRODUCIBLE for what a clock, a person or a fault ended,
 *   ARCHIVE_MISSING, PACKAGE_OTHER when the archive is not what was run, REPLAY_ENGINE when other engines run here
 */
export async function replayHere(
  runtime: AgentRuntime,
  run: RecordedRun,
  signal?: AbortSignal,
): Promise<LocalReplay> {
  if (run.digest === null || run.engine === null)
    throw new AiosError('RUN_NOT_FINISHED', `Run ${run.id} has not come to an end that can be replayed.`);
  if (
    run.error &&
    !isReproducible({ error: { ...run.error, code: run.error.code as RunErrorCode, stack: '' } })
  )
    throw new AiosError(
      'NOT_REPRODUCIBLE',
      `Run ${run.id} was ended by ${run.error.code}: a clock, a person or a fault, which does not happen the same way twice.`,
    );
  if (!run.version?.archive)
    throw new AiosError(
      'ARCHIVE_MISSING',
      `The package of run ${run.id} is gone: it cannot be run again here.`,
    );
  const agent = openPackage(new Uint8Array(Buffer.from(run.version.archive, 'base64')), run.version.cid);
  const request: RunRequest = {
    code: await agentCodeOf(agent),
    input: run.input,
    seed: run.seed,
    startedAt: Date.parse(run.guestTime),
    limits: agent.manifest.limits,
  };
  const calls = run.steps.flatMap(({ step, capability, args, answer }): LoggedCall[] =>
    answer === null ? [] : [{ call: { index: step, capability, args }, answer }],
  );
  const facts = { recorded: run.digest, calls: calls.length, engine: run.engine };
  let outcome: RunOutcome;
  try {
    outcome = await replay(runtime, request, calls, { engine: run.engine, ...(signal ? { signal } : {}) });
  } catch (error) {
    if (!(error instanceof AiosError) || error.code !== 'REPLAY_DIVERGED') throw error;
    return { ...facts, equal: false, computed: null, parted: error.message };
  }
  const computed = runDigest(request, outcome);
  if (computed === run.digest) return { ...facts, equal: true, computed };
  return { ...facts, equal: false, computed, parted: partingOf(run, outcome) };
}

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
};

/** The first of what the digest is made of that differs, after the calls, which were the same. */
function partingOf(run: RecordedRun, outcome: RunOutcome): string {
  if (outcome.error?.code !== run.error?.code)
    return `end: recorded ${run.error?.code ?? 'completed'}, here ${outcome.error?.code ?? 'completed'}${outcome.error ? ` (${outcome.error.message})` : ''}`;
  if (!outcome.error && !isDeepStrictEqual(outcome.output ?? null, run.output))
    return `output: recorded ${short(run.output)}, here ${short(outcome.output)}`;
  if (String(outcome.gas) !== run.gas) return `gas: recorded ${run.gas}, here ${outcome.gas}`;
  return 'everything that was recorded is the same here, so the digest was made of something else: code, input, seed, clock or an answer is not what ran';
}
