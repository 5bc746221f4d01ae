// The answer to a step that waits for something outside of its run: stored, told to who follows the run, and the run goes on.
import type pg from 'pg';
import { appendToStreams } from '#node/platform/events/postgres-event-bus.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import type { HostAnswer } from '../runtime/runtime.ts';
import { answerStep } from './answer-step.ts';
import { runEvent } from './run-events.ts';

export interface WaitingStep {
  readonly runId: string;
  readonly step: number;
  readonly capability: string;
  /** Of this attempt only, when given. */
  readonly attempt?: number;
}

/** @returns false when no such step waits: it was answered, never asked, or its run is over */
export async function answerWaitingStep(
  pool: pg.Pool,
  { runId, step, capability, attempt }: WaitingStep,
  answer: HostAnswer,
): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    await client.query('select from agents.run_queue where run_id = $1 for update', [runId]);
    const { rowCount } = await client.query(
      `select from agents.steps where run_id = $1 and step = $2 and capability = $3 and status = 'waiting' and attempt = coalesce($4, attempt)`,
      [runId, step, capability, attempt ?? null],
    );
    if (rowCount !== 1 || !(await answerStep(client, runId, step, answer))) return false;
    const event =
      'error' in answer
        ? ({ kind: 'step', step, capability, status: 'refused', code: answer.error.code } as const)
        : ({ kind: 'step', step, capability, status: 'answered' } as const);
    await appendToStreams(client, [runEvent(runId, event)]);
    return true;
  });
}
