// A person's answer to a step that waits for one.
import type pg from 'pg';
import { AiosError } from '#node/platform/errors.ts';
import { answerWaitingStep } from './answer-waiting-step.ts';

export interface Decision {
  readonly approved: boolean;
  /** DID of who decided. */
  readonly by: string;
  readonly note: string | null;
}

/** Answers `approval.ask` and lets the run go on. @throws AiosError NOTHING_TO_APPROVE */
export async function approveStep(
  pool: pg.Pool,
  runId: string,
  step: number,
  decision: Decision,
): Promise<void> {
  const waiting = { runId, step, capability: 'approval.ask' };
  if (await answerWaitingStep(pool, waiting, { ok: { ...decision } })) return;
  throw new AiosError(
    'NOTHING_TO_APPROVE',
    `Step ${step} of run ${runId} waits for no approval: it was answered, or never asked. Look at the run's steps.`,
  );
}
