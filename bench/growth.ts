// Whether costs stay as they are while a deployment grows: CPU per event at rising numbers of entities, from a cold cache, and the
// time of queries at rising numbers of versions.
//   npm run bench:growth -- [--sizes 10000,100000,1000000] [--events 10000] [--versions 1000,1000000]
import { parseArgs } from 'node:util';
import { parse } from 'graphql';
import type pg from 'pg';
import { loadDeployment } from '#indexer/manifest/load-deployment.ts';
import { MappingWorker } from '#indexer/mapping/mapping-worker.ts';
import { storeAndChainHost } from '#indexer/mapping/store-and-chain-host.ts';
import { hash, transferBlock, triggersFor } from '#indexer/mapping/testing/synthetic-chain.ts';
import type { BlockOutcome, EntityModification, Hex } from '#indexer/model.ts';
import { graphNodeFace } from '#indexer/query/api-schema.ts';
import { createQueryExecutor } from '#indexer/query/executor.ts';
import { contextOf } from '#indexer/query/testing/context.ts';
import { type Deployment, DeploymentStore, type Lease } from '#indexer/store/index.ts';
import { platformMigrations } from '#node/platform/events/migrations.ts';
import { createPool, prepareDatabase } from '#node/platform/postgres/database.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { RaceDatabase } from './index/database.ts';
import { treeUse } from './index/process-tree.ts';
import { subgraphProject } from './index/subgraph-project.ts';

const TOKEN = 1;
const EVENTS_A_BLOCK = 100;
const SEEDS_A_BLOCK = 2_000;
const BLOCKS_A_RUN = 20;
const SAMPLES = 300;

/** Park and Miller's generator. */
let seed = 7;
function below(limit: number): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % limit;
}

const bytes = (hex: Hex) => new Uint8Array(Buffer.from(hex.slice(2), 'hex'));
/** Spread over the address space, as accounts are. */
const account = (index: number): bigint =>
  (BigInt(index + 1) * 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835n) % (1n << 159n);
const accountId = (index: number): Uint8Array =>
  bytes(`0x${TOKEN.toString(16).padStart(40, '0')}${account(index).toString(16).padStart(40, '0')}`);

function accountState(index: number, block: number): EntityModification {
  const id = accountId(index);
  const token = id.slice(0, 20);
  const balance = BigInt(index) * 1_000_000_007n + BigInt(block);
  return {
    type: 'Account',
    id,
    isNew: false,
    data: { id, token, balance, transfers: 1, updatedAt: BigInt(block) },
  };
}

function outcome(number: number, modifications: readonly EntityModification[]): BlockOutcome {
  return {
    block: { number, hash: hash(number + 0xb10c_0000) },
    parentHash: hash(number - 1 + 0xb10c_0000),
    timestamp: 1_700_000_000 + number * 12,
    modifications,
    createdDataSources: [],
  };
}

async function create(
  pool: pg.Pool,
  id: string,
  schema: string,
): Promise<{ deployment: Deployment; lease: Lease }> {
  const deployment = await new DeploymentStore(pool).create({
    ...{ id, chain: 'bench', manifest: '', schema, feed: false, deferIndexes: true },
  });
  const lease = await deployment.acquireLease('bench', 86_400_000);
  if (!lease) throw new Error('the lease of a new deployment is taken');
  return { deployment, lease };
}

/** CPU seconds so far, of this process with its threads and of PostgreSQL. */
const cpu = (database: RaceDatabase): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + treeUse(database.pid).cpuMs / 1_000;
};

/** CPU microseconds an event costs with that many accounts in the store and none in the cache. */
async function costAt(
  pool: pg.Pool,
  database: RaceDatabase,
  entities: number,
  events: number,
): Promise<number> {
  const subgraph = await loadDeployment(subgraphProject(false));
  const { deployment, lease } = await create(pool, `QmGrowth${entities}`, subgraph.schema.sdl);
  let number = 0;
  for (let made = 0; made < entities; ) {
    const outcomes: BlockOutcome[] = [];
    for (let blocks = 0; blocks < 5 && made < entities; blocks++) {
      number++;
      const states: EntityModification[] = [];
      for (let index = 0; index < SEEDS_A_BLOCK && made < entities; index++)
        states.push(accountState(made++, number));
      outcomes.push(outcome(number, states));
    }
    await deployment.commitBatch(lease, outcomes);
  }
  await pool.query('analyze');
  const noChain = () => Promise.reject(new Error('no chain'));
  const host = storeAndChainHost(deployment, { call: noChain, getBalance: noChain, hasCode: noChain });
  const worker = await MappingWorker.start(subgraph, host);
  try {
    await worker.reset({ number, hash: hash(number + 0xb10c_0000) }, []);
    const run = async (count: number) => {
      for (let done = 0; done < count; ) {
        const blocks = Array.from({ length: BLOCKS_A_RUN }, () => {
          number++;
          const transfers = Array.from({ length: EVENTS_A_BLOCK }, () => ({
            token: TOKEN,
            from: account(below(entities)),
            to: account(below(entities)),
            value: BigInt(below(2 ** 31)),
          }));
          done += transfers.length;
          const block = transferBlock(number, transfers);
          return { ...block, triggers: triggersFor(block, 'handleTransfer') };
        });
        const outcomes = await worker.run(blocks);
        const failure = outcomes.at(-1)?.failure;
        if (failure) throw new Error(failure.message);
        const { head } = await deployment.commitBatch(lease, outcomes);
        worker.committed(head);
      }
    };
    // The thread learns what handlers read, and its code is compiled.
    await run(events / 2);
    const before = cpu(database);
    await run(events);
    return ((cpu(database) - before) * 1e6) / events;
  } finally {
    await worker.close();
    await new DeploymentStore(pool).remove(deployment.id);
  }
}

const QUERIES: Readonly<Record<string, (block: number) => string>> = {
  'one entity now': () => `{ account(id: "${hexId()}") { id balance updatedAt } }`,
  'one entity at a block': (block) =>
    `{ account(id: "${hexId()}", block: { number: ${block} }) { id balance updatedAt } }`,
  'list of 100': () => '{ accounts(first: 100) { id balance updatedAt } }',
};
const QUERIED = 1_000;
const hexId = () => `0x${Buffer.from(accountId(below(QUERIED))).toString('hex')}`;

/** Asks one query and answers with its milliseconds. */
type Ask = (name: string) => Promise<number>;

/** A deployment with that many versions of a thousand accounts, to be asked. */
async function deploymentOf(pool: pg.Pool, versions: number): Promise<Ask> {
  const subgraph = await loadDeployment(subgraphProject(false));
  const { deployment, lease } = await create(pool, `QmVersions${versions}`, subgraph.schema.sdl);
  const blocks = Math.ceil(versions / QUERIED);
  for (let number = 1; number <= blocks; ) {
    const outcomes: BlockOutcome[] = [];
    for (let at = 0; at < 10 && number <= blocks; at++, number++)
      outcomes.push(
        outcome(
          number,
          Array.from({ length: QUERIED }, (_, index) => accountState(index, number)),
        ),
      );
    await deployment.commitBatch(lease, outcomes);
  }
  await deployment.createDeferredIndexes();
  await pool.query('vacuum analyze');
  const { layout, id } = deployment;
  const executor = createQueryExecutor({ pool, deployment: id, layout, face: graphNodeFace(layout.schema) });
  const store = new DeploymentStore(pool);
  return async (name) => {
    const document = parse(QUERIES[name]?.(1 + below(blocks)) ?? '');
    const started = performance.now();
    const { data, errors } = (await executor.execute({ document, context: contextOf(store) })) as {
      data?: unknown;
      errors?: unknown;
    };
    const ms = performance.now() - started;
    if (errors || !data) throw new Error(`${name}: ${JSON.stringify(errors)}`);
    return ms;
  };
}

/** Median milliseconds of each query on each deployment, asked in turns: what else the machine does falls on all of them. */
async function queryTimes(deployments: readonly Ask[]): Promise<Record<string, number[]>> {
  const medians: Record<string, number[]> = {};
  for (const name of Object.keys(QUERIES)) {
    const times: number[][] = deployments.map(() => []);
    for (let sample = 0; sample < SAMPLES; sample++)
      for (const [index, ask] of deployments.entries()) times[index]?.push(await ask(name));
    medians[name] = times.map((all) => all.sort((left, right) => left - right)[SAMPLES >> 1] ?? Number.NaN);
  }
  return medians;
}

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,100000,1000000' },
    events: { type: 'string', default: '10000' },
    versions: { type: 'string', default: '1000,1000000' },
  },
  args: process.argv.slice(3),
});
const numbers = (text: string) => text.split(',').filter(Boolean).map(Number);
const database = new RaceDatabase();
let pool: pg.Pool | undefined;
try {
  await database.start();
  pool = createPool({ url: await database.create('growth'), name: 'bench' });
  await prepareDatabase(pool);
  await migrate(pool, 'platform', platformMigrations);
  await DeploymentStore.migrate(pool);
  const costs: number[] = [];
  for (const size of numbers(values.sizes)) {
    const cost = await costAt(pool, database, size, Number(values.events));
    costs.push(cost);
    console.log(
      `${size.toLocaleString('en').padStart(10)} entities: ${cost.toFixed(0).padStart(6)} CPU µs an event`,
    );
  }
  if (costs.length > 1) {
    const ratio = Math.max(...costs) / Math.min(...costs);
    console.log(`cost per event, most to least: ${ratio.toFixed(2)} (goal 1.5)`);
  }
  const versions = numbers(values.versions);
  const deployments: Ask[] = [];
  for (const count of versions) deployments.push(await deploymentOf(pool, count));
  for (const [name, medians] of Object.entries(await queryTimes(deployments))) {
    const shown = medians.map(
      (ms, index) => `${versions[index]?.toLocaleString('en')} versions ${ms.toFixed(2)} ms`,
    );
    const ratio = (medians.at(-1) ?? Number.NaN) / (medians[0] ?? Number.NaN);
    console.log(`${name}: p50 at ${shown.join(', at ')}: ${ratio.toFixed(2)} times as long (goal 2)`);
  }
} finally {
  await pool?.end();
  await database.close();
}
