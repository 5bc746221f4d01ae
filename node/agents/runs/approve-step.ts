// A person's answer to a step that waits for one.
import type pg from 'pg';
import { AiosError } from '#node/platform/errors.ts';
import { appendToStreams } from '#node/platform/events/postgres-event-bus.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import { answerStep } from './answer-step.ts';
import { runEvent } from './run-events.ts';

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
  await inTransaction(pool, async (client) => {
    await client.query('select from agents.run_queue where run_id = $1 for update', [runId]);
    const { rowCount } = await client.query(
      `select from agents.steps where run_id = $1 and step = $2 and capability = 'approval.ask' and status = 'waiting'`,
      [runId, step],
    );
    const answered = rowCount === 1 && (await answerStep(client, runId, step, { ok: { ...decision } }));
    if (!answered) {
      throw new AiosError(
        'NOTHING_TO_APPROVE',
        `Step ${step} of run ${runId} waits for no approval: it was answered, or never asked. Look at the run's steps.`,
      );
    }
    await appendToStreams(client, [
      runEvent(runId, { kind: 'step', step, capability: 'approval.ask', status: 'answered' }),
    ]);
  });
}
