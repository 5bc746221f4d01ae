// What becomes of old runs: they go with all that belongs to them, and what was paid stays known.
import { expect, it } from 'vitest';
import { runStream } from './run-events.ts';
import { removeRuns } from './run-store.ts';
import {
  createAgentsDatabase,
  createTestWorker,
  enqueue,
  finished,
  runRow,
  until,
} from './testing/agents-database.ts';

it('removes runs that ended before, with steps, signals, budgets and events; keeps payments, and runs that go on', async () => {
  const db = await createAgentsDatabase();
  const { pool } = db.database;
  const worker = createTestWorker(db, { one: (_input, aios) => aios.call('echo', 1) });
  worker.start();
  const [old, fresh, going] = await enqueue(db, {}, {}, { dueAt: new Date(Date.now() + 3_600_000) });
  for (const id of [old, fresh]) await until(() => runRow(db, id), finished);
  await pool.query(`update agents.runs set finished_at = now() - interval '40 days' where id = $1`, [old]);
  for (const id of [old, fresh]) {
    await pool.query(
      `insert into agents.budgets (deployment_id, kind, period, spent) values (1, 'run', $1, 5)`,
      [id],
    );
    await pool.query(
      `insert into agents.signals (run_id, name, payload, sent_by) values ($1, 'x', '1', 'did:x')`,
      [id],
    );
    await pool.query(
      `insert into agents.payments (key, run_id, step, fence, deployment_id, network, token, payee, amount, status, budgets)
       values ($1, $2, 0, 1, 1, '1', 'AiOS', '0x', 5, 'settled', '[]')`,
      [`${id}/0`, id],
    );
  }
  const count = async (table: string, column: string, id: string | undefined) =>
    (await pool.query(`select from ${table} where ${column} = $1`, [id])).rowCount;
  const left = async (id: string | undefined) => ({
    runs: await count('agents.runs', 'id', id),
    steps: await count('agents.steps', 'run_id', id),
    signals: await count('agents.signals', 'run_id', id),
    budgets: await count('agents.budgets', 'period', id),
    events: Math.min(1, (await db.bus.read(runStream(String(id)), 0n, 100)).length),
    payments: await count('agents.payments', 'run_id', id),
  });
  const all = { runs: 1, steps: 1, signals: 1, budgets: 1, events: 1, payments: 1 };
  expect(await left(old)).toEqual(all);
  const before = new Date(Date.now() - 30 * 86_400_000);
  expect(await removeRuns(pool, before)).toBe(1);
  expect(await removeRuns(pool, before)).toBe(0);
  expect(await left(old)).toEqual({ runs: 0, steps: 0, signals: 0, budgets: 0, events: 0, payments: 1 });
  expect(await left(fresh)).toEqual(all);
  expect((await runRow(db, going)).status).toBe('queued');
  await worker.close();
  await db.close();
});
