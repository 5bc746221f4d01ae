// Deployments and what starts their runs: versions that never change, ticks and changes that become one run each, pausing and stopping.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '#node/platform/log.ts';
import { FeedWriter } from '#resolvers/testing/feed.ts';
import { type Deployment, DeploymentStore } from './deployment-store.ts';
import { activityStream } from './run-events.ts';
import { Scheduler } from './scheduler.ts';
import {
  type AgentsDatabase,
  createAgentsDatabase,
  createTestWorker,
  finished,
  runRow,
  until,
} from './testing/agents-database.ts';
import { TriggerFollower } from './trigger-follower.ts';

let db: AgentsDatabase;
let store: DeploymentStore;
beforeAll(async () => {
  db = await createAgentsDatabase();
  store = new DeploymentStore(db.database.pool);
});
afterAll(() => db.close());

const content = (cid: string) => ({
  cid,
  language: 'javascript' as const,
  entry: 'agent.js',
  manifest: { name: cid },
  files: new Map([['agent.js', new TextEncoder().encode(`// ${cid}`)]]),
});
const place = (licenceId: string, network = '7') => ({
  network,
  environment: '7-1',
  agentId: '3',
  licenceId,
});
const deploy = async (licence: string, cid = 'bafy1'): Promise<Deployment> =>
  (await store.deploy(place(licence), content(cid), 'did:x')).deployment;
const query = async (text: string, ...values: unknown[]) => (await db.database.pool.query(text, values)).rows;

describe('DeploymentStore', () => {
  it('numbers versions; the same package again is the same version; a version cannot be changed', async () => {
    const first = await store.deploy(place('1'), content('a'), 'did:x');
    const again = await store.deploy(place('1'), content('a'), 'did:y');
    const second = await store.deploy(place('1'), content('b'), 'did:y');
    expect([first.version.number, again.version.number, second.version.number]).toEqual([1, 1, 2]);
    expect(again.version.id).toBe(first.version.id);
    expect(second.deployment).toMatchObject({
      id: first.deployment.id,
      versionId: second.version.id,
      owner: 'did:x',
    });
    expect((await store.packageOf(first.version.id))?.files.get('agent.js')).toEqual(
      new TextEncoder().encode('// a'),
    );
    await expect(query('update agents.versions set number = 9')).rejects.toThrow(/never changes/);
  });

  it('gives versions numbers without gaps to many who deploy at once', async () => {
    await Promise.all(
      Array.from({ length: 8 }, (_, n) => store.deploy(place('many'), content(`m${n}`), 'did:x')),
    );
    const versions = await store.listVersions({ place: place('many') }, { first: 20 });
    expect(versions.map(({ number }) => number)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('lets the scope of one network not touch the rows of another', async () => {
    const { id } = await deploy('guarded');
    const client = await db.database.pool.connect();
    try {
      await client.query('begin');
      await client.query(
        `select set_config('aios.network', '8', true), set_config('aios.environment', '', true)`,
      );
      await client.query('set local role aios_tenant');
      const { rowCount } = await client.query(
        `update agents.deployments set status = 'stopped' where id = $1`,
        [id],
      );
      expect(rowCount).toBe(0);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  it('pauses, resumes and stops', async () => {
    const deployment = await deploy('life');
    await store.schedule(deployment, {
      rhythm: { cron: '0 0 1 1 *', timeZone: 'UTC' },
      missed: 'once',
      input: 1,
    });
    const queued = await store.startRun(deployment, { input: 1 });
    await store.pause(deployment);
    await expect(store.startRun(deployment, { input: 1 })).rejects.toThrow(/paused: resume it/);
    const visible = () =>
      query(`select visible_at < 'infinity' as v from agents.run_queue where run_id = $1`, queued);
    expect(await visible()).toEqual([{ v: false }]);
    expect((await store.schedules([deployment.id])).get(deployment.id)?.nextAt).toBeNull();
    expect(await store.resume(deployment)).toMatchObject({ status: 'active' });
    expect(await visible()).toEqual([{ v: true }]);
    expect((await store.schedules([deployment.id])).get(deployment.id)?.nextAt).toBeInstanceOf(Date);
    await store.stop(deployment);
    expect(await runRow(db, queued)).toMatchObject({ status: 'killed', error: { code: 'CANCELLED' } });
    expect(await query('select from agents.schedules where deployment_id = $1', deployment.id)).toEqual([]);
    const kinds = (await db.bus.read(activityStream('7'), 0n, 500))
      .map(({ payload }) => payload as { deployment: string; kind: string })
      .filter((activity) => activity.deployment === deployment.id)
      .map(({ kind }) => kind);
    expect(kinds).toEqual(['deployed', 'scheduled', 'paused', 'resumed', 'stopped']);
  });

  it('ends runs that a worker has in hand when the agent is stopped', async () => {
    const worker = createTestWorker(db, { hang: () => new Promise(() => {}) });
    const deployment = await deploy('hang', 'hang');
    await query('update agents.deployments set status = status where id = $1', deployment.id);
    const id = await store.startRun(deployment, { input: null });
    await query('update agents.runs set version_id = 1 where id = $1', id);
    worker.start();
    await until(
      () => runRow(db, id),
      ({ status }) => status === 'running',
    );
    await store.stop(deployment);
    expect(await until(() => runRow(db, id), finished)).toMatchObject({
      status: 'killed',
      error: { code: 'CANCELLED' },
    });
    await worker.close();
  });
});

describe('Scheduler', () => {
  it('makes one run of each tick, with several processes looking at once, also of the ticks that were missed', async () => {
    const deployment = await deploy('ticks');
    const anchor = new Date(Date.now() - 10_500);
    await store.schedule(deployment, {
      rhythm: { everyMs: 1_000, anchor },
      missed: 'all',
      input: { hello: 1 },
    });
    await query('update agents.schedules set next_at = anchor where deployment_id = $1', deployment.id);
    const schedulers = [1, 2, 3].map(() => new Scheduler({ pool: db.database.pool, logger: silentLogger }));
    await Promise.all(schedulers.map((scheduler) => scheduler.tick()));
    const runs = await query(
      'select trigger_key, guest_time, input from agents.runs where deployment_id = $1 order by guest_time',
      deployment.id,
    );
    expect(runs).toHaveLength(11);
    expect(runs.map(({ guest_time }) => Number(guest_time))).toEqual(
      Array.from({ length: 11 }, (_, n) => anchor.getTime() + n * 1_000),
    );
    expect(runs[0]?.input).toEqual({ hello: 1 });
    await store.stop(deployment);
  });
});

describe('TriggerFollower', () => {
  it('starts a run for each matching change from now on, once, and none for what is undone', async () => {
    const feed = new FeedWriter(db.database.pool, 'QmFeed');
    const sale = (price: string) => ({ entity: 'Sale', id: `s${price}`, data: { id: `s${price}`, price } });
    await feed.block([sale('5')]);
    const deployment = await deploy('triggered');
    await store.setTriggers(deployment, [
      { kind: 'change', alias: 'market', entity: 'Sale', filter: { price: '5' } },
      { kind: 'change', alias: 'absent', entity: 'Sale' },
    ]);
    const follower = () =>
      new TriggerFollower({
        pool: db.database.pool,
        bus: db.bus,
        feedOf: async (alias) => (alias === 'market' ? 'QmFeed' : null),
        logger: silentLogger,
      });
    await follower().follow();
    await feed.block([sale('5'), sale('6'), { entity: 'Agent', id: '1', data: { price: '5' } }]);
    await feed.revert(1);
    await feed.block([sale('5')]);
    await Promise.all([follower().follow(), follower().follow(), follower().follow()]);
    await follower().follow();
    const runs = await query('select input from agents.runs where deployment_id = $1', deployment.id);
    expect(runs.map(({ input }) => [input.entity, input.id, input.block.number])).toEqual([
      ['Sale', 's5', 2],
      ['Sale', 's5', 2],
    ]);
  });
});
