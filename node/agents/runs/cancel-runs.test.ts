// Ending a run from outside: wherever it is, its followers and its caller learn of it, and nothing of it goes on.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '#node/platform/log.ts';
import { CapabilityBroker } from '../capabilities/capability-broker.ts';
import { agentCapability } from '../capabilities/own-runs.ts';
import type { AgentWorker } from './agent-worker.ts';
import type { StepContext } from './broker.ts';
import { cancelRun } from './cancel-runs.ts';
import { runStream } from './run-events.ts';
import {
  type AgentsDatabase,
  createAgentsDatabase,
  createTestWorker,
  enqueue,
  finished,
  runRow,
  until,
} from './testing/agents-database.ts';
import type { Guest } from './testing/in-process-runtime.ts';

let db: AgentsDatabase;
let workers: AgentWorker[];
beforeEach(async () => {
  db = await createAgentsDatabase();
  workers = [];
});
afterEach(async () => {
  for (const worker of workers) await worker.close();
  await db.close();
});

const start = (
  ...args: Parameters<typeof createTestWorker> extends [unknown, ...infer Rest] ? Rest : never
) => {
  const worker = createTestWorker(db, ...args);
  workers.push(worker);
  worker.start();
  return worker;
};
const lastEvent = async (id: string) => (await db.bus.read(runStream(id), 0n, 100)).at(-1)?.payload;
const statusOf = async (id: string) => (await runRow(db, id)).status;
const cancelled = { status: 'killed', error: { code: 'CANCELLED' } };

describe('cancelRun', () => {
  it('ends a run that nobody has yet, once', async () => {
    const [id = ''] = await enqueue(db, {});
    expect(await cancelRun(db.database.pool, id)).toBe(true);
    expect(await runRow(db, id)).toMatchObject(cancelled);
    expect(await lastEvent(id)).toMatchObject({ kind: 'finished', status: 'killed', code: 'CANCELLED' });
    expect(await cancelRun(db.database.pool, id)).toBe(false);
    expect((await db.bus.read(runStream(id), 0n, 100)).length).toBe(2);
  });

  it('ends a run that a worker has in hand', async () => {
    start({ forever: () => new Promise<never>(() => {}) });
    const [id = ''] = await enqueue(db, {});
    await until(
      () => statusOf(id),
      (status) => status === 'running',
    );
    await cancelRun(db.database.pool, id);
    expect(await until(() => runRow(db, id), finished)).toMatchObject(cancelled);
  });

  it('is heard without its signal: by the worker that has the run, and by the one that takes it over', async () => {
    const guests = { forever: () => new Promise<never>(() => {}) };
    const dying = createTestWorker(db, guests, { leaseMs: 400 });
    dying.start();
    const [id = ''] = await enqueue(db, {});
    await until(
      () => statusOf(id),
      (status) => status === 'running',
    );
    dying.abandon();
    await db.database.pool.query('update agents.run_queue set cancelled = true where run_id = $1', [id]);
    const heir = start(guests, { leaseMs: 400 });
    expect(await until(() => runRow(db, id), finished)).toMatchObject(cancelled);
    expect(heir.status.takenOver).toBe(1);
    const [other = ''] = await enqueue(db, {});
    await until(
      () => statusOf(other),
      (status) => status === 'running',
    );
    await db.database.pool.query('update agents.run_queue set cancelled = true where run_id = $1', [other]);
    expect(await until(() => runRow(db, other), finished)).toMatchObject(cancelled);
  });

  it('ends a run that is just being put aside, with its signal heard too late', async () => {
    const broker = {
      async call(step: StepContext) {
        const answer = await step.commit(async () => ({}));
        // As cancelRun leaves it while the worker still has the run, which has made up its mind to wait.
        await db.database.pool.query('update agents.run_queue set cancelled = true where run_id = $1', [
          step.run.id,
        ]);
        return answer;
      },
    };
    start({ asks: (_input, aios) => aios.call('approval.ask', null) }, { broker });
    const [id] = await enqueue(db, {});
    expect(await until(() => runRow(db, id), finished)).toMatchObject(cancelled);
  });

  it('ends what the run waits for as well, and tells the caller of a called run', async () => {
    const { rows } = await db.database.pool.query<{ id: string }>(
      `with p as (insert into agents.packages (cid, language, entry, manifest, size, published_by) values ('c', 'javascript', 'a.js', '{}', 1, 'x') returning cid),
            v as (insert into agents.versions (network, agent_id, licence_id, number, package_cid, created_by) select '1', '1', '1', 1, cid, 'x' from p returning id)
       insert into agents.deployments (network, agent_id, licence_id, version_id, status, owner) select '1', '1', '1', id, 'active', 'x' from v returning id`,
    );
    const callee = rows[0]?.id ?? '';
    const broker = new CapabilityBroker({ capabilities: [agentCapability()], logger: silentLogger });
    const caller: Guest = async (input, aios) => {
      if (input !== 'call') return new Promise<never>(() => {});
      try {
        return await aios.call('agent.call', { deployment: callee });
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    start({ caller }, { broker, grants: { agent: { deployments: [callee] } } });
    const begin = async () => {
      const [id = ''] = await enqueue(db, { input: 'call' });
      await until(
        () => statusOf(id),
        (status) => status === 'waiting',
      );
      const child = await db.database.pool.query('select id from agents.runs where parent_run = $1', [id]);
      return [id, child.rows[0].id as string] as const;
    };
    const [parent, child] = await begin();
    await cancelRun(db.database.pool, parent);
    expect(await runRow(db, parent)).toMatchObject(cancelled);
    expect(await until(() => runRow(db, child), finished)).toMatchObject(cancelled);
    const [second, called] = await begin();
    await cancelRun(db.database.pool, called);
    expect(await until(() => runRow(db, second), finished)).toMatchObject({
      status: 'completed',
      output: 'AGENT_FAILED',
    });
  });
});
