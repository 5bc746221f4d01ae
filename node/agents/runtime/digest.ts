// What a run was, in 32 bytes: whoever has the request and the answers can run it again and must come to the same.
import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { HostAnswer, HostCall, Json, RunErrorCode, RunOutcome, RunRequest } from './runtime.ts';

/** Written before the encoding; another number whenever the encoding changes. */
export const DIGEST_VERSION = 'aios-run/1';

export interface DigestedRun {
  /** CIDv1 of the package. */
  readonly code: string;
  readonly engine: string;
  readonly input: Json;
  readonly seed: string;
  readonly startedAt: number;
  readonly calls: readonly { readonly call: HostCall; readonly answer: HostAnswer }[];
  readonly output?: Json;
  readonly error?: RunErrorCode;
  readonly gas: number;
}

/**
 * What is hashed: the version, a line feed, and the canonical JSON (RFC 8785) of
 * `{ calls: [[capability, args, answer], …], code, engine, gas, input, result: { output } | { error: code }, seed, startedAt }`.
 * Not in it: limits, logs, memory and times. An error's message and stack are not either, since they may name places in an engine.
 */
export function encodeRun(run: DigestedRun): string {
  const answerOf = (answer: HostAnswer): Json =>
    'error' in answer
      ? { error: { code: answer.error.code, message: answer.error.message } }
      : { ok: answer.ok };
  const value: Json = {
    calls: run.calls.map(({ call, answer }) => [call.capability, call.args, answerOf(answer)]),
    code: run.code,
    engine: run.engine,
    gas: run.gas,
    input: run.input,
    result: run.error === undefined ? { output: run.output ?? null } : { error: run.error },
    seed: run.seed,
    startedAt: run.startedAt,
  };
  return `${DIGEST_VERSION}\n${canonicalJson(value)}`;
}

/** SHA-256 of the encoding, 0x hex. */
export function runDigest(request: RunRequest, outcome: RunOutcome): string {
  const encoded = encodeRun({
    code: request.code.hash,
    engine: outcome.engine,
    input: request.input,
    seed: request.seed,
    startedAt: request.startedAt,
    calls: outcome.calls,
    ...(outcome.output === undefined ? {} : { output: outcome.output }),
    ...(outcome.error === undefined ? {} : { error: outcome.error.code }),
    gas: outcome.gas,
  });
  return `0x${createHash('sha256').update(encoded).digest('hex')}`;
}

const BY_CHANCE: ReadonlySet<RunErrorCode> = new Set(['DEADLINE_EXCEEDED', 'CANCELLED', 'ENGINE_CRASHED']);

/** Whether running again must come to the same end: not where a clock, a person or a fault ended the run. */
export function isReproducible(outcome: Pick<RunOutcome, 'error'>): boolean {
  return outcome.error === undefined || !BY_CHANCE.has(outcome.error.code);
}
