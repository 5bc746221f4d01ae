// What every capability is: a check of the arguments, a policy, and an act. Refusals are answers that name the fix.
import type { z } from 'zod';
import { AiosError } from '#node/platform/errors.ts';
import type { StepContext } from '../runs/broker.ts';
import type { HostAnswer, Json } from '../runtime/runtime.ts';
import type { Grants } from './grants.ts';

/** One thing a guest may ask for, such as `storage.get`. The part before the dot names the grant it needs. */
export interface Capability {
  readonly name: `${keyof Grants & string}.${string}`;
  /** The answer, stored; undefined: the run waits for it. @throws AiosError as a refusal */
  act(step: StepContext): Promise<HostAnswer | undefined>;
}

/** Checks what a guest sent. @throws AiosError ARGUMENTS_INVALID naming each mistake */
export function checkedArgs<Schema extends z.ZodType>(
  step: Pick<StepContext, 'capability' | 'args'>,
  schema: Schema,
): z.output<Schema> {
  const parsed = schema.safeParse(step.args);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'args'}: ${issue.message}`);
  throw new AiosError('ARGUMENTS_INVALID', `${step.capability} was called wrongly: ${lines.join('; ')}.`);
}

/** The grant that a capability needs; the broker has checked that it is there. */
export function grantOf<Name extends keyof Grants>(step: StepContext, name: Name): NonNullable<Grants[Name]> {
  const grant = step.grants[name];
  if (!grant) throw notGranted(step.capability);
  return grant as NonNullable<Grants[Name]>;
}

export function notGranted(capability: string): AiosError {
  const [grant] = capability.split('.');
  return new AiosError(
    'CAPABILITY_NOT_GRANTED',
    `The manifest grants no ${JSON.stringify(grant)}, so ${capability} is refused. Add capabilities.${grant} to the manifest and deploy a new version.`,
  );
}

/** Not asked again by itself, whatever the run's attempts: only the agent can tell whether once more is right. */
export const OUTCOME_UNKNOWN = 'OUTCOME_UNKNOWN';

/** What a guest is told when it may have acted and nobody knows. */
export function outcomeUnknown(what: string, why?: string): AiosError {
  return new AiosError(
    OUTCOME_UNKNOWN,
    `${what} may have been done or not${why === undefined ? ': the platform was interrupted' : `: ${why}`}. Look at what it was to change before you ask again.`,
  );
}

export function refusal(error: AiosError): HostAnswer {
  return { error: { code: error.code, message: error.message } };
}

/** Answers what was only read: stored, but nobody waits for that. */
export function readAnswer(step: StepContext, ok: Json, cost?: bigint): HostAnswer {
  const answer = { ok };
  void step.answered(answer, cost);
  return answer;
}

/** Length of a value as it is stored. */
export function jsonBytes(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}
