// Rows a second that `commitBatch` writes, as an ERC-20 deployment's growth: two balances and one transfer an event.
//   npx vitest bench --run indexer/store/writer.bench.ts
// STORE_BENCH_URL names a database of its own instead of the test cluster (which does not flush to disk).
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { bench, describe, inject } from 'vitest';
import type { BlockOutcome, EntityModification, LoggedLine } from '#indexer/model.ts';
import { platformMigrations } from '#node/platform/events/migrations.ts';
import { prepareDatabase } from '#node/platform/postgres/database.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { DeploymentStore, type NewDeployment } from './index.ts';
import { deploy, outcome } from './testing/deployments.ts';

const schema = /* GraphQL */ `
  type Account @entity(immutable: false) { id: Bytes! balance: BigInt! transferCount: BigInt! lastSeen: BigInt! }
  type Transfer @entity(immutable: true) {
    id: Bytes! from: Account! to: Account! value: BigInt! block: BigInt! timestamp: BigInt! transaction: Bytes!
  }
`;

const ACCOUNTS = 50_000;
const EVENTS_A_BLOCK = 100;
const BLOCKS_A_BATCH = 50;
const BATCHES = 20;

let seed = 1;
function random(): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed / 2_147_483_647;
}

/** A few accounts take most of the traffic, as on a real chain. */
function account(): Uint8Array {
  const id = new Uint8Array(20);
  new DataView(id.buffer).setUint32(0, Math.imul(Math.floor(ACCOUNTS * random() ** 3), 0x9e3779b1));
  return id;
}

function block(number: number): BlockOutcome {
  const accounts = new Map<string, EntityModification>();
  const transfers: EntityModification[] = [];
  for (let index = 0; index < EVENTS_A_BLOCK; index++) {
    const ends = [account(), account()] as const;
    for (const id of ends) {
      const balance = BigInt(Math.floor(random() * 2 ** 50)) * 10n ** 9n;
      const data = { id, balance, transferCount: BigInt(index), lastSeen: BigInt(number) };
      accounts.set(id.toString(), { type: 'Account', id, data });
    }
    const id = new Uint8Array(36);
    new DataView(id.buffer).setBigUint64(0, (BigInt(number) * 2_654_435_761n) << 20n);
    new DataView(id.buffer).setUint32(32, index);
    const data = {
      id,
      from: ends[0],
      to: ends[1],
      value: BigInt(Math.floor(random() * 2 ** 50)),
      block: BigInt(number),
      timestamp: BigInt(number * 12),
      transaction: id.slice(0, 32),
    };
    transfers.push({ type: 'Transfer', id, data });
  }
  return outcome(number, [...accounts.values(), ...transfers]);
}

/** CPU milliseconds of the backend that serves the pool's only connection (Linux): unlike the clock, they bear a busy machine. */
async function backendCpu(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  try {
    const fields = readFileSync(`/proc/${rows[0]?.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

interface Variant extends Partial<NewDeployment> {
  /** Every event is logged. */
  readonly logging?: boolean;
}

const LINES = Array.from(
  { length: EVENTS_A_BLOCK },
  (_, index): LoggedLine => ({
    ...{
      level: 'info',
      text: `transfer ${index} of a token from one account to another`,
      loggedAt: Date.now(),
    },
    ...{ handler: 'handleTransfer', dataSource: 'Token' },
  }),
);

async function growth(
  pool: pg.Pool,
  store: DeploymentStore,
  { logging, ...options }: Variant,
): Promise<string> {
  const id = `QmBench${Math.random()}`;
  const { deployment, lease } = await deploy(store, schema, { id, ...options });
  let rows = 0;
  let milliseconds = 0;
  let cpu = 0;
  let serverCpu = 0;
  for (let batch = 0; batch < BATCHES; batch++) {
    const first = batch * BLOCKS_A_BATCH + 1;
    const blocks = Array.from({ length: BLOCKS_A_BATCH }, (_, index) => block(first + index));
    const outcomes = logging ? blocks.map((outcome) => ({ ...outcome, lines: LINES })) : blocks;
    const serverBefore = await backendCpu(pool);
    const started = performance.now();
    const cpuBefore = process.cpuUsage();
    rows += (await deployment.commitBatch(lease, outcomes)).rows;
    milliseconds += performance.now() - started;
    const used = process.cpuUsage(cpuBefore);
    cpu += (used.user + used.system) / 1_000;
    serverCpu += (await backendCpu(pool)) - serverBefore;
  }
  const completing = performance.now();
  if (options.deferIndexes) await deployment.createDeferredIndexes();
  const indexing = performance.now() - completing;
  await store.remove(id);
  const rate = (time: number) => `${Math.round((rows / time) * 1_000).toLocaleString('en')} rows/s`;
  return `${rows} rows: ${rate(milliseconds)}; by CPU of this process ${rate(cpu)}, of PostgreSQL ${rate(serverCpu)}; indexes afterwards ${Math.round(indexing)} ms`;
}

describe('commitBatch', async () => {
  const connectionString = process.env.STORE_BENCH_URL ?? inject('postgresUrl');
  const setUp = new pg.Pool({ connectionString });
  await prepareDatabase(setUp);
  await migrate(setUp, 'platform', platformMigrations);
  await DeploymentStore.migrate(setUp);
  await setUp.end();
  const pool = new pg.Pool({ connectionString, max: 1 });
  const store = new DeploymentStore(pool);
  const variants: readonly [string, Variant][] = [
    ['indexes deferred', { deferIndexes: true }],
    ['indexes deferred, a line an event', { deferIndexes: true, logging: true }],
    ['indexes at once', {}],
    ['indexes deferred, change feed', { deferIndexes: true, feed: true }],
  ];
  for (const [name, options] of variants) {
    bench(name, async () => console.log(`${name}: ${await growth(pool, store, options)}`), {
      iterations: 1,
      warmupIterations: 0,
      time: 0,
      warmupTime: 0,
    });
  }
});
