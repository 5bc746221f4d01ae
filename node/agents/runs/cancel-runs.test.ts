// Ending a run from outside: wherever it is, its followers and its caller learn of it, and nothing of it goes on.
import { describe, expect, it } from 'vitest';
import { silentLogger } from '#node/platform/log.ts';
import { CapabilityBroker } from '../capabilities/capability-broker.ts';
import { agentCapability } from '../capabilities/own-runs.ts';
import type { StepContext } from './broker.ts';
import { cancelRun } from './cancel-runs.ts';
import { runStream } from './run-events.ts';
import { createTestWorker, enqueue, runRow, until } from './testing/agents-database.ts';
import { agentsPerTest } from './testing/agents-per-test.ts';
import type { Guest } from './testing/in-process-runtime.ts';

const agents = agentsPerTest();

const { start, ended } = agents;
const lastEvent = async (id: string) => (await agents.db.bus.read(runStream(id), 0n, 100)).at(-1)?.payload;
const statusOf = async (id: string) => (await runRow(agents.db, id)).status;
const cancelled = { status: 'killed', error: { code: 'CANCELLED' } };

describe('cancelRun', () => {
  it('ends a run that nobody has yet, once', async () => {
    const [id = ''] = await enqueue(agents.db, {});
    expect(await cancelRun(agents.db.database.pool, id)).toBe(true);
    expect(await runRow(agents.db, id)).toMatchObject(cancelled);
    expect(await lastEvent(id)).toMatchObject({ kind: 'finished', status: 'killed', code: 'CANCELLED' });
    expect(await cancelRun(agents.db.database.pool, id)).toBe(false);
    expect((await agents.db.bus.read(runStream(id), 0n, 100)).length).toBe(2);
  });

  it('ends a run that a worker has in hand', async () => {
    start({ forever: () => new Promise<never>(() => {}) });
    const [id = ''] = await enqueue(agents.db, {});
    await until(
      () => statusOf(id),
      (status) => status === 'running',
    );
    await cancelRun(agents.db.database.pool, id);
    expect(await ended(id)).toMatchObject(cancelled);
  });

  it('is heard without its signal: by the worker that has the run, and by the one that takes it over', async () => {
    const guests = { forever: () => new Promise<never>(() => {}) };
    const dying = createTestWorker(agents.db, guests, { leaseMs: 400 });
    dying.start();
    const [id = ''] = await enqueue(agents.db, {});
    await until(
      () => statusOf(id),
      (status) => status === 'running',
    );
    dying.abandon();
    await agents.db.database.pool.query('update agents.run_queue set cancelled = true where run_id = $1', [
      id,
    ]);
    const heir = start(guests, { leaseMs: 400 });
    expect(await ended(id)).toMatchObject(cancelled);
    expect(heir.status.takenOver).toBe(1);
    const [other = ''] = await enqueue(agents.db, {});
    await until(
      () => statusOf(other),
      (status) => status === 'running',
    );
    await agents.db.database.pool.query('update agents.run_queue set cancelled = true where run_id = $1', [
      other,
    ]);
    expect(await ended(other)).toMatchObject(cancelled);
  });

  it('ends a run that is just being put aside, with its signal heard too late', async () => {
    const broker = {
      async call(step: StepContext) {
        const answer = await step.commit(async () => ({}));
        // As cancelRun leaves it while the worker still has the run, which has made up its mind to wait.
        await agents.db.database.pool.query(
          'update agents.run_queue set cancelled = true where run_id = $1',
          [step.run.id],
        );
        return answer;
      },
    };
    start({ asks: (_input, aios) => aios.call('approval.ask', null) }, { broker });
    const [id] = await enqueue(agents.db, {});
    expect(await ended(id)).toMatchObject(cancelled);
  });

  it('ends what the run waits for as well, and tells the caller of a called run', async () => {
    const { rows } = await agents.db.database.pool.query<{ id: string }>(
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
      const [id = ''] = await enqueue(agents.db, { input: 'call' });
      await until(
        () => statusOf(id),
        (status) => status === 'waiting',
      );
      const child = await agents.db.database.pool.query('select id from agents.runs where parent_run = $1', [
        id,
      ]);
      return [id, child.rows[0].id as string] as const;
    };
    const [parent, child] = await begin();
    await cancelRun(agents.db.database.pool, parent);
    expect(await runRow(agents.db, parent)).toMatchObject(cancelled);
    expect(await ended(child)).toMatchObject(cancelled);
    const [second, called] = await begin();
    await cancelRun(agents.db.database.pool, called);
    expect(await ended(second)).toMatchObject({
      status: 'completed',
      output: 'AGENT_FAILED',
    });
  });
});
