// Queries over a million entities, asked of graph-node and of us by turns: the same rows, the same server, equal answers or it fails.
//   npm run bench:query -- --against gnd [--entities 1000000] [--requests 400] [--concurrency 2] [--json]
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { TestChain } from '#indexer/sources/testing/test-chain.ts';
import { DeploymentStore } from '#indexer/store/index.ts';
import { platformMigrations } from '#node/platform/events/migrations.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { createPool, prepareDatabase } from '#node/platform/postgres/database.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { settingsMigrations } from '#node/platform/settings.ts';
import { GraphNode } from '../rivals/graph-node.ts';
import { BLOCKS, type Counts, countsOf, fill, idsOf, SCHEMA } from './exchange-data.ts';
import { cpuMsOf, cpuMsOfAll } from './process-cpu.ts';
import { BenchDatabase, Product } from './product.ts';
import { saveBenchChain } from './seed.ts';

interface Shape {
  readonly query: string;
  /** Other values for every request, so that no answer is kept from the one before. */
  readonly variables: (random: (below: number) => number, ids: Ids) => Readonly<Record<string, unknown>>;
}

interface Ids {
  readonly pairs: readonly string[];
  readonly accounts: readonly string[];
  readonly swaps: readonly string[];
}

const pick = <T>(items: readonly T[], random: (below: number) => number): T =>
  items[random(items.length)] as T;

export const SHAPES: Readonly<Record<string, Shape>> = {
  'one entity by id': {
    query: 'query ($id: ID!) { swap(id: $id) { id amountIn amountOut timestamp pair { id } } }',
    variables: (random, ids) => ({ id: pick(ids.swaps, random) }),
  },
  'list of 100, ordered by id': {
    query:
      'query ($skip: Int!) { swaps(first: 100, skip: $skip) { id amountIn amountOut timestamp logIndex } }',
    variables: (random) => ({ skip: random(1_000) }),
  },
  'newest 50': {
    query:
      'query ($before: BigInt!) { swaps(first: 50, orderBy: timestamp, orderDirection: desc, where: { timestamp_lt: $before }) { id amountIn timestamp } }',
    variables: (random) => ({ before: String(1_700_000_100 + random(600_000)) }),
  },
  'newest 25 of one pair': {
    query:
      'query ($pair: String!) { swaps(first: 25, orderBy: timestamp, orderDirection: desc, where: { pair: $pair }) { id amountIn amountOut timestamp } }',
    variables: (random, ids) => ({ pair: pick(ids.pairs, random) }),
  },
  'list of 50 with references two deep': {
    query:
      'query ($skip: Int!) { swaps(first: 50, skip: $skip, orderBy: amountIn) { id amountIn pair { id token0 { symbol } token1 { symbol } } account { id swapCount } } }',
    variables: (random) => ({ skip: random(1_000) }),
  },
  '10 pairs with 5 swaps each': {
    query:
      'query ($skip: Int!) { pairs(first: 10, skip: $skip, orderBy: volume, orderDirection: desc) { id volume swaps(first: 5, orderBy: timestamp, orderDirection: desc) { id amountIn timestamp } } }',
    variables: (random) => ({ skip: random(1_000) }),
  },
  'filter over the child': {
    query:
      'query ($low: BigDecimal!) { positions(first: 20, where: { pair_: { volume_gt: $low }, liquidity_gt: "900" }) { id liquidity } }',
    variables: (random) => ({ low: String(90_000 + random(9_000)) }),
  },
  'and, or and ranges': {
    query:
      'query ($a: BigDecimal!, $b: Int!) { swaps(first: 50, orderBy: timestamp, where: { or: [{ amountIn_gt: $a, logIndex: $b }, { amountOut_gt: $a, logIndex_in: [1, 2, 3] }] }) { id amountIn amountOut logIndex } }',
    variables: (random) => ({ a: String(900 + random(95)), b: random(200) }),
  },
  'text that contains': {
    query:
      'query ($text: String!) { tokens(first: 20, where: { name_contains_nocase: $text }) { id symbol name } }',
    variables: (random) => ({ text: `NUMBER ${random(3_000)}` }),
  },
  'in the past': {
    query:
      'query ($block: Int!, $skip: Int!) { pairs(first: 50, skip: $skip, orderBy: reserve0, block: { number: $block }) { id reserve0 reserve1 volume swapCount } }',
    variables: (random) => ({ block: 150 + random(240), skip: random(500) }),
  },
};

interface Side {
  readonly name: string;
  readonly url: string;
  /** CPU time so far, of its process and of PostgreSQL for it. */
  cpu(): Promise<Cpu>;
}

interface Cpu {
  readonly process: number;
  readonly postgres: number;
}

interface Report {
  readonly shape: string;
  readonly ours: Figures;
  readonly theirs: Figures;
}

interface Figures {
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds a request. */
  readonly cpu: Cpu;
}

const ROUNDS = 4;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

function ask(url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        agent,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

async function load(url: string, bodies: readonly string[], concurrency: number): Promise<number[]> {
  const latencies: number[] = [];
  let next = 0;
  const client = async () => {
    while (next < bodies.length) {
      const body = bodies[next++] as string;
      const start = performance.now();
      await ask(url, body);
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  return latencies;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

async function measure(
  shape: string,
  sides: readonly [Side, Side],
  ids: Ids,
  { requests, concurrency }: { readonly requests: number; readonly concurrency: number },
): Promise<Report> {
  const { query, variables } = SHAPES[shape] as Shape;
  const random = randomNumbers(shape.length * 7_919);
  const body = () => JSON.stringify({ query, variables: variables(random, ids) });
  // Equal first: a quick answer to something else is no answer.
  for (let index = 0; index < 5; index++) {
    const text = body();
    const [ours, theirs] = await Promise.all(sides.map((side) => ask(side.url, text)));
    if (ours !== theirs)
      throw new Error(
        `${shape}: the answers differ\n${text}\nours   ${ours?.slice(0, 2_000)}\ntheirs ${theirs?.slice(0, 2_000)}`,
      );
    if (!ours?.startsWith('{"data"')) throw new Error(`${shape}: ${ours}`);
  }
  const latencies: [number[], number[]] = [[], []];
  const cpu: [Cpu, Cpu] = [
    { process: 0, postgres: 0 },
    { process: 0, postgres: 0 },
  ];
  for (let round = -1; round < ROUNDS; round++) {
    const bodies = Array.from({ length: Math.ceil(requests / ROUNDS) }, body);
    for (const index of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const side = sides[index];
      const before = await side.cpu();
      const took = await load(side.url, bodies, concurrency);
      // The first round warms up.
      if (round < 0) continue;
      latencies[index].push(...took);
      cpu[index] = sum(cpu[index], since(before, await side.cpu()));
    }
  }
  const figures = (index: 0 | 1): Figures => ({
    p50: percentile(latencies[index], 0.5),
    p99: percentile(latencies[index], 0.99),
    cpu: {
      process: cpu[index].process / latencies[index].length,
      postgres: cpu[index].postgres / latencies[index].length,
    },
  });
  return { shape, ours: figures(0), theirs: figures(1) };
}

/** A build that graph-node accepts: the house's ERC-20 project with another schema. No event ever reaches its mapping. */
function makeBuild(folder: string): string {
  const build = join(folder, 'build');
  cpSync(join(packageRoot, 'dist/subgraphs/erc20'), build, { recursive: true });
  writeFileSync(join(build, 'schema.graphql'), SCHEMA);
  const manifest = join(build, 'subgraph.yaml');
  writeFileSync(
    manifest,
    readFileSync(manifest, 'utf8').replace('- TokenBalance', '- Pair').replace('- Transfer', '- Swap'),
  );
  return build;
}

async function backendCpu(database: pg.Client, name: string): Promise<number> {
  const { rows } = await database.query<{ pid: number }>(
    'select pid from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
    [name],
  );
  return cpuMsOfAll(rows.map(({ pid }) => pid));
}

async function fillOurs(pool: pg.Pool, counts: Counts, onTable: (table: string) => void): Promise<void> {
  const store = new DeploymentStore(pool);
  const deployment = await store.create({
    id: 'QmExchange',
    chain: 'devnet',
    manifest: '',
    schema: SCHEMA,
    feed: false,
    deferIndexes: true,
  });
  await store.assignName('exchange', deployment.id);
  const lease = await deployment.acquireLease('bench', 600_000);
  if (!lease) throw new Error('the lease is taken');
  const client = await pool.connect();
  try {
    await fill(client, `sgd${(await deployment.record()).sgd}`, counts, { ownVid: true, onTable });
  } finally {
    client.release();
  }
  const hash = (number: number) => `0x${number.toString(16).padStart(64, '0')}` as const;
  await deployment.commitBatch(lease, [
    {
      block: { number: BLOCKS, hash: hash(BLOCKS) },
      parentHash: hash(BLOCKS - 1),
      timestamp: 1_700_000_000,
      modifications: [],
      createdDataSources: [],
    },
  ]);
  await deployment.createDeferredIndexes();
  await deployment.setSynced(lease);
  await deployment.releaseLease(lease);
}

const ms = (value: number) => value.toFixed(value < 10 ? 2 : 1).padStart(7);

function line({ p50, p99, cpu }: Figures): string {
  return `${ms(p50)}${ms(p99)}${ms(cpu.process)} +${ms(cpu.postgres)}`;
}

function print(reports: readonly Report[]): void {
  console.log('milliseconds; CPU is that of the server + that of PostgreSQL, a request');
  console.log(
    `${''.padEnd(36)}   ours p50    p99    CPU + CPU      graph-node p50    p99    CPU + CPU      p50 ×  p99 ×  CPU ×`,
  );
  for (const { shape, ours, theirs } of reports)
    console.log(
      `${shape.padEnd(36)}   ${line(ours)}          ${line(theirs)}    ${ms(theirs.p50 / ours.p50)}${ms(theirs.p99 / ours.p99)}${ms(total(theirs) / total(ours))}`,
    );
  const mean = (ratio: (report: Report) => number) =>
    Math.exp(reports.reduce((sum, report) => sum + Math.log(ratio(report)), 0) / reports.length).toFixed(2);
  console.log(
    `geometric mean: ${mean(({ ours, theirs }) => theirs.p50 / ours.p50)} × in p50, ${mean(({ ours, theirs }) => theirs.p99 / ours.p99)} × in p99, ${mean(({ ours, theirs }) => total(theirs) / total(ours))} × in CPU`,
  );
}

const sum = (a: Cpu, b: Cpu): Cpu => ({ process: a.process + b.process, postgres: a.postgres + b.postgres });
const since = (a: Cpu, b: Cpu): Cpu => sum(b, { process: -a.process, postgres: -a.postgres });
const total = ({ cpu }: Figures) => cpu.process + cpu.postgres;

export async function compareWithGraphNode(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    options: {
      against: { type: 'string', default: 'gnd' },
      entities: { type: 'string', default: '1000000' },
      requests: { type: 'string', default: '400' },
      concurrency: { type: 'string', default: '2' },
      only: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      'cpu-prof': { type: 'string' },
    },
    args: [...args],
  });
  if (values.against !== 'gnd') throw new Error('--against knows gnd only: graph-node as npm ships it');
  const say = (text: string) => values.json || console.log(text);
  const counts = countsOf(Number(values.entities));
  const folder = mkdtempSync(join(tmpdir(), 'aios-bench-graph-node-'));
  const database = new BenchDatabase();
  const open: (() => Promise<unknown>)[] = [];
  try {
    await database.start();
    open.push(() => database.close());
    const chain = await TestChain.start();
    open.push(() => chain.stop());
    await chain.send('anvil_mine', [`0x${(BLOCKS + 5).toString(16)}`]);
    say('graph-node: starting');
    const graphNode = await GraphNode.start({
      build: makeBuild(folder),
      network: 'devnet',
      rpcUrl: chain.url,
      postgresUrl: database.url,
    });
    open.push(() => graphNode.stop());
    await graphNode.reached(BLOCKS);
    const theirs = new pg.Client({ connectionString: graphNode.databaseUrl });
    await theirs.connect();
    open.push(() => theirs.end());
    await fill(theirs, 'sgd1', counts, {
      ownVid: false,
      onTable: (table) => say(`graph-node: filling ${table}`),
    });

    const pool = createPool({ url: database.url, name: 'bench' });
    open.push(() => pool.end());
    await prepareDatabase(pool);
    await migrate(pool, 'platform', { ...platformMigrations, ...settingsMigrations });
    await DeploymentStore.migrate(pool);
    await saveBenchChain(pool, chain.url);
    await fillOurs(pool, counts, (table) => say(`ours: filling ${table}`));
    const product = await Product.start({ database, pool, profileFolder: values['cpu-prof'] });
    open.push(() => product.stop());

    const random = randomNumbers(1);
    const some = (kind: string, count: number) =>
      idsOf(
        theirs,
        kind,
        Array.from({ length: 2_000 }, () => 1 + random(count)),
      );
    const ids = {
      pairs: await some('pair', counts.pairs),
      accounts: await some('account', counts.accounts),
      swaps: await some('swap', counts.swaps),
    };
    const sides: [Side, Side] = [
      {
        name: 'ours',
        url: `http://127.0.0.1:${product.port}/subgraphs/name/exchange`,
        cpu: async () => {
          const { node, postgres } = await product.cpu();
          return { process: node, postgres };
        },
      },
      {
        name: 'graph-node',
        url: graphNode.queryUrl,
        cpu: async () => ({
          process: cpuMsOf(graphNode.pid),
          postgres: await backendCpu(theirs, 'graph_node'),
        }),
      },
    ];
    await delay(2_000);
    const reports: Report[] = [];
    for (const shape of Object.keys(SHAPES)) {
      if (!shape.includes(values.only)) continue;
      reports.push(
        await measure(shape, sides, ids, {
          requests: Number(values.requests),
          concurrency: Number(values.concurrency),
        }),
      );
      say(shape);
    }
    if (values.json) console.log(JSON.stringify({ counts, reports }, null, 2));
    else print(reports);
  } finally {
    for (const close of open.reverse()) await close().catch((error: unknown) => console.error(error));
    agent.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}
