// Ends one run because somebody asked: at once when nobody has it in hand, else by telling its worker. What it called and waits for ends too.
import type pg from 'pg';
import { appendToStreams, sendSignal } from '#node/platform/events/postgres-event-bus.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import { answerStep } from './journal-writer.ts';
import { runEvent, runsCancelledTopic } from './run-events.ts';

const message = 'The run was cancelled.';

/** @returns false when it had ended already; nothing is changed then */
export async function cancelRun(pool: pg.Pool, runId: string): Promise<boolean> {
  return inTransaction(pool, (client) => cancelOn(client, runId));
}

async function cancelOn(client: pg.PoolClient, runId: string): Promise<boolean> {
  // With the caller's place, in the order of ids as every writer: two of them must not wait for each other in a circle.
  const { rows } = await client.query<{ run_id: string; owner: string | null }>(
    `select run_id, owner from agents.run_queue
      where run_id = $1 or run_id = (select parent_run from agents.runs where id = $1) order by run_id for update`,
    [runId],
  );
  const place = rows.find(({ run_id }) => run_id === runId);
  if (!place) return false;
  if (place.owner !== null) {
    // Kept beside the lease: a signal may be lost, and the worker that has the run may end before it hears.
    await client.query('update agents.run_queue set cancelled = true where run_id = $1', [runId]);
    await sendSignal(client, runsCancelledTopic, { runs: [runId] });
  } else {
    await client.query('delete from agents.run_queue where run_id = $1', [runId]);
    const ended = await client.query<{ parent_run: string | null; parent_step: number | null }>(
      `update agents.runs set status = 'killed', finished_at = now(), error = $2 where id = $1 returning parent_run, parent_step`,
      [runId, JSON.stringify({ code: 'CANCELLED', message })],
    );
    const parent = ended.rows[0];
    if (parent?.parent_run && parent.parent_step !== null) {
      const error = {
        code: 'AGENT_FAILED',
        message: `Run ${runId} of the agent that was called was cancelled.`,
      };
      await answerStep(client, parent.parent_run, parent.parent_step, { error });
    }
    await appendToStreams(client, [
      runEvent(runId, { kind: 'finished', status: 'killed', code: 'CANCELLED', gas: 0 }),
    ]);
  }
  const children = await client.query<{ id: string }>(
    `select r.id from agents.runs r join agents.run_queue q on q.run_id = r.id where r.parent_run = $1 order by r.id`,
    [runId],
  );
  for (const { id } of children.rows) await cancelOn(client, id);
  return true;
}
