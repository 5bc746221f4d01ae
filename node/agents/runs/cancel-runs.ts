// Ends runs that others no longer want: those that wait at once, those in a worker's hands by telling it.
import type pg from 'pg';
import { appendToStreams, sendSignal } from '#node/platform/events/postgres-event-bus.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import { answerCaller } from './answer-step.ts';
import { runEvent, runsCancelledTopic } from './run-events.ts';

interface Ended {
  id: string;
  parent_run: string | null;
  parent_step: number | null;
  pay_limit: string | null;
}

/** Ends a run because somebody asked, and what it called. @returns false when it had ended already; nothing is changed then */
export async function cancelRun(pool: pg.Pool, runId: string): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query('select from agents.run_queue where run_id = $1', [runId]);
    if (rowCount === 0) return false;
    await cancelRuns(client, [runId], 'The run was cancelled.');
    return true;
  });
}

/** Ends these runs and the runs that they have called. `message` says why. */
export async function cancelRuns(
  client: pg.PoolClient,
  ids: readonly string[],
  message: string,
): Promise<void> {
  if (ids.length === 0) return;
  // Callers before those they called, which have larger ids: the order in which everybody locks.
  await client.query(
    `select from agents.run_queue where run_id in (
       select id from agents.runs where id = any($1::bigint[]) union select parent_run from agents.runs where id = any($1::bigint[])
     ) order by run_id for update`,
    [ids],
  );
  const { rows } = await client.query<Ended>(
    `with gone as (
       delete from agents.run_queue where run_id = any($1::bigint[]) and owner is null returning run_id
     )
     update agents.runs r set status = 'killed', finished_at = clock_timestamp(), error = $2::json,
            (step_count, cost) = (select count(*), coalesce(sum(s.cost), 0) from agents.steps s where s.run_id = r.id)
       from gone where r.id = gone.run_id
     returning r.id, r.parent_run, r.parent_step, r.pay_limit`,
    [ids, JSON.stringify({ code: 'CANCELLED', message })],
  );
  for (const { id, parent_run, parent_step, pay_limit } of rows) {
    if (parent_run === null || parent_step === null) continue;
    await answerCaller(client, {
      ...{
        id,
        parentRun: parent_run,
        parentStep: parent_step,
        payLimit: pay_limit === null ? null : BigInt(pay_limit),
      },
      ...{ status: 'killed', error: { code: 'CANCELLED', message } },
    });
  }
  await appendToStreams(
    client,
    rows.map(({ id }) => runEvent(id, { kind: 'finished', status: 'killed', code: 'CANCELLED', gas: 0 })),
  );
  const running = ids.filter((id) => !rows.some((row) => row.id === id));
  if (running.length > 0) {
    // Kept beside the lease: a signal may be lost, and the worker that has the run may end before it hears.
    await client.query('update agents.run_queue set cancelled = true where run_id = any($1::bigint[])', [
      running,
    ]);
    await sendSignal(client, runsCancelledTopic, { runs: running });
  }
  await cancelRuns(client, await calledBy(client, ids), 'The run that called it was ended.');
}

async function calledBy(client: pg.PoolClient, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const { rows } = await client.query<{ id: string }>(
    `select r.id from agents.runs r join agents.run_queue q on q.run_id = r.id where r.parent_run = any($1::bigint[]) order by r.id`,
    [ids],
  );
  return rows.map(({ id }) => id);
}

/** Answers open steps with CANCELLED and ends the runs that they had called. The caller holds the lock on the run's place in the queue. @returns how many */
export async function dropSteps(
  client: pg.PoolClient,
  runId: string,
  steps: readonly number[],
): Promise<number> {
  const answer = { error: { code: 'CANCELLED', message: 'It was no longer waited for.' } };
  const { rows } = await client.query<{ step: number; capability: string }>(
    `update agents.steps set status = 'answered', answer = $3, failed = true, answered_at = clock_timestamp()
      where run_id = $1 and step = any($2::int[]) and status = 'waiting' returning step, capability`,
    [runId, steps, JSON.stringify(answer)],
  );
  const called = rows.filter(({ capability }) => capability === 'agent.call').map(({ step }) => step);
  if (called.length > 0) {
    const children = await client.query<{ id: string }>(
      `select r.id from agents.runs r join agents.run_queue q on q.run_id = r.id
        where r.parent_run = $1 and r.parent_step = any($2::int[]) order by r.id`,
      [runId, called],
    );
    await cancelRuns(
      client,
      children.rows.map(({ id }) => id),
      'The run that called it no longer waits for it.',
    );
  }
  return rows.length;
}
