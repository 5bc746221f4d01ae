// Whether deployments work, as it is kept: probed at their interval, by one process at a time, told when it changes; and outputs that the
// manifest's schema refuses.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLogger } from '#node/platform/log.ts';
import { compileSchema } from '../package/value-schema.ts';
import { DeploymentStore } from './deployment-store.ts';
import { HealthProbes } from './health-probes.ts';
import { activityStream } from './run-events.ts';
import {
  type AgentsDatabase,
  createAgentsDatabase,
  createTestWorker,
  finished,
  runRow,
  until,
} from './testing/agents-database.ts';
import { VersionCache } from './version-cache.ts';

let db: AgentsDatabase;
beforeAll(async () => {
  db = await createAgentsDatabase();
});
afterAll(() => db.close());

it('probes at its interval, checks the output, and tells when that changes', async () => {
  const { pool } = db.database;
  const store = new DeploymentStore(pool);
  let answer: unknown = { ok: true };
  const schema = compileSchema('output', { type: 'object', required: ['ok'] });
  const content = {
    cid: 'c',
    language: 'javascript' as const,
    entry: 'agent.js',
    manifest: {},
    files: new Map(),
  };
  const { deployment, version } = await store.deploy(
    { network: '7', agentId: '1', licenceId: '1' },
    content,
    'did:x',
    {
      input: { sku: 'PEAR' },
      everyMs: 60_000,
    },
  );
  const worker = createTestWorker(
    db,
    { probed: (input) => (JSON.stringify(input) === '{"sku":"PEAR"}' ? (answer as never) : null) },
    {
      versions: new VersionCache(async (id) => ({
        id,
        code: { language: 'javascript', entry: 'agent.js', files: new Map(), hash: 'probed' },
        limits: {
          memoryBytes: 1,
          gas: 1e9,
          deadlineMs: 1_000,
          outputBytes: 1e6,
          hostCalls: 10,
          logBytes: 10,
        },
        grants: {},
        mistakesOf: (output) => schema.mistakesOf(output),
      })),
    },
  );
  worker.start();
  const probes = [1, 2, 3].map(() => new HealthProbes({ pool, logger: silentLogger }));
  const health = async () => (await store.health([deployment.id])).get(deployment.id);
  expect(await health()).toEqual({ status: 'unknown', checkedAt: null, error: null, run: null });
  const probe = async () => {
    await pool.query(
      "update agents.health set next_at = now() - interval '1 second' where next_at is not null",
    );
    await Promise.all(probes.map((each) => each.begin()));
    const { rows } = await pool.query(
      `select id from agents.runs where trigger_kind = 'health' order by id desc limit 1`,
    );
    await until(() => runRow(db, rows[0].id), finished);
    await Promise.all(probes.map((each) => each.note()));
    return health();
  };
  expect(await probe()).toMatchObject({
    status: 'healthy',
    error: null,
    checkedAt: expect.any(Date),
    run: expect.any(String),
  });
  expect(await probe()).toMatchObject({ status: 'healthy' });
  answer = { wrong: 1 };
  expect(await probe()).toMatchObject({
    status: 'unhealthy',
    error: {
      code: 'OUTPUT_INVALID',
      message: expect.stringMatching(/the value must have required property 'ok'.*deploy a new version/),
    },
  });
  answer = { ok: 1 };
  expect(await probe()).toMatchObject({ status: 'healthy', error: null });
  // Three processes looked each time, and each tick became one run.
  const { rows } = await pool.query(`select count(*)::int as n from agents.runs where version_id = $1`, [
    version.id,
  ]);
  expect(rows[0].n).toBe(4);
  await store.pause(deployment);
  await pool.query(`update agents.health set next_at = now() where next_at is not null`);
  await probes[0]?.begin();
  expect((await pool.query('select from agents.runs')).rowCount).toBe(4);
  const told = (await db.bus.read(activityStream('7'), 0n, 100)).map(
    ({ payload }) => (payload as { kind: string }).kind,
  );
  expect(told.filter((kind) => kind.endsWith('healthy'))).toEqual(['healthy', 'unhealthy', 'healthy']);
  await worker.close();
});
