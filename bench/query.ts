// What a query costs in the whole product, and how fast commits reach subscribers; what it prints is described in docs/benchmarks.md.
// `--against gnd` compares the query side with graph-node's instead: see query/against-graph-node.ts.
//   npm run bench:query -- [--json] [--rate 200] [--seconds 4] [--networks 2000] [--sockets 1000] [--commits 30] [--cpu-prof DIR]
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { DeploymentStore } from '#indexer/store/index.ts';
import { platformMigrations } from '#node/platform/events/migrations.ts';
import { createPool, prepareDatabase } from '#node/platform/postgres/database.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { settingsMigrations } from '#node/platform/settings.ts';
import { compareWithGraphNode } from './query/against-graph-node.ts';
import {
  type Delivered,
  type Latencies,
  now,
  type Order,
  PAGES,
  type SocketsReport,
  serveAsClient,
} from './query/clients.ts';
import { cpuMsOfAll } from './query/process-cpu.ts';
import { BenchDatabase, backendsOf, type CpuTime, Product, since } from './query/product.ts';
import { CHAIN_ID, type Directory, saveBenchChain, seedDeployments, seedServices } from './query/seed.ts';
import { statementsOf } from './query/statement-log.ts';

/** Each measurement is repeated; CPU figures are the median of the rounds, latencies those of all rounds together. */
const ROUNDS = 3;

/** Every request asks for another page, one of 40, so that none can live on the work of its neighbour. */
const OPERATIONS = {
  'one subgraph, list of 50':
    'query ($skip: Int!) { networks(first: 50, skip: $skip, orderBy: createdAt, orderDirection: desc) { id name owner memberCount createdAt } }',
  'across subgraphs, list of 50':
    'query ($skip: Int!) { networks(first: 50, skip: $skip) { id name owner ownerAccount { id did } profile { description tags } } }',
  'nested three deep, 10 × 3 × 2':
    'query ($skip: Int!) { networks(first: 10, skip: $skip, orderBy: createdAt, orderDirection: desc) { id name members { id address grants { id roleName active grantedAt } } } }',
};

const FAN_OUTS = {
  'live query, 10 newest networks across subgraphs':
    'subscription { networks(first: 10, orderBy: createdAt, orderDirection: desc) { id name owner ownerAccount { id } profile { tags } } }',
  'event stream, new networks with a field of another subgraph':
    'subscription { networkEvents { cursor networkId network { name } } }',
};

interface OperationReport {
  readonly operation: string;
  readonly cpuMs: CpuTime;
  readonly p50: number;
  readonly p99: number;
  readonly floor: {
    readonly statements: number;
    readonly cpuMs: CpuTime;
    readonly p50: number;
    readonly p99: number;
  };
}

interface FanOutReport {
  readonly fanOut: string;
  readonly sockets: number;
  readonly commits: number;
  /** From the call of `commitBatch` to the last subscriber. */
  readonly last: { readonly p50: number; readonly p99: number };
  /** To any subscriber. */
  readonly any: { readonly p50: number; readonly p99: number };
  readonly cpuMsPerCommit: CpuTime;
}

const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};
const median = (values: readonly number[]): number => percentile(values, 0.5);
const medianCpu = (rounds: readonly CpuTime[]): CpuTime => ({
  node: median(rounds.map(({ node }) => node)),
  postgres: median(rounds.map(({ postgres }) => postgres)),
});
const perUnit = (cpu: CpuTime, units: number): CpuTime => ({
  node: cpu.node / units,
  postgres: cpu.postgres / units,
});

class Client {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(fileURLToPath(import.meta.url), ['client']);
    this.#child.once('exit', (code) => {
      if (code) throw new Error(`a client process ended with ${code}`);
    });
  }

  send(order: Order): void {
    this.#child.send(order);
  }

  ask(order: Order): Promise<Latencies> {
    const answer = new Promise<Latencies>((resolve) =>
      this.#child.once('message', (message) => resolve(message as Latencies)),
    );
    this.send(order);
    return answer;
  }

  onReport(listener: (report: SocketsReport) => void): void {
    this.#child.on('message', (message) => listener(message as SocketsReport));
  }

  close(): void {
    this.#child.disconnect();
  }
}

interface Settings {
  readonly rate: number;
  readonly seconds: number;
  readonly networks: number;
  readonly sockets: number;
  readonly commits: number;
}

interface Bench {
  readonly settings: Settings;
  readonly database: BenchDatabase;
  readonly pool: pg.Pool;
  readonly product: Product;
  readonly directory: Directory;
}

async function measureOperation(bench: Bench, operation: string, query: string): Promise<OperationReport> {
  const { database, pool, product, settings } = bench;
  const { rate, seconds } = settings;
  const count = rate * seconds;
  const client = new Client();
  const load = { kind: 'load', port: product.port, query, rate } as const;
  // Compilers take their time: the first thousand requests are not like those that follow.
  await client.ask({ ...load, count: 1_000 });
  const rounds: CpuTime[] = [];
  const latencies: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = await product.cpu();
    latencies.push(...(await client.ask({ ...load, count })).latencies);
    rounds.push(perUnit(since(before, await product.cpu()), count));
  }
  client.close();

  const statements = await statementsOf(
    { pool, logFile: join(database.folder, 'logs/postgres.log'), application: 'aios gateway' },
    () => product.ask(query, { skip: 10 * (PAGES / 2) }),
  );
  const floorClient = new Client();
  const floor = { kind: 'floor', url: database.url, statements, rate } as const;
  await floorClient.ask({ ...floor, count: 500 });
  const floorRounds: CpuTime[] = [];
  const floorLatencies: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const backends = await backendsOf(pool, 'aios floor');
    const before = cpuMsOfAll(backends);
    const ran = await floorClient.ask({ ...floor, count });
    floorLatencies.push(...ran.latencies);
    floorRounds.push(perUnit({ node: ran.cpuMs, postgres: cpuMsOfAll(backends) - before }, count));
  }
  floorClient.close();
  return {
    operation,
    cpuMs: medianCpu(rounds),
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    floor: {
      statements: statements.length,
      cpuMs: medianCpu(floorRounds),
      p50: percentile(floorLatencies, 0.5),
      p99: percentile(floorLatencies, 0.99),
    },
  };
}

let commits = 0;

async function measureFanOut(bench: Bench, fanOut: string, query: string): Promise<FanOutReport> {
  const { product, directory, settings } = bench;
  const client = new Client();
  const delivered = new Map<string, Delivered>();
  let wake: () => void = () => {};
  let subscribed = false;
  let lost = 0;
  let over = false;
  client.onReport((report) => {
    if ('subscribed' in report) subscribed = true;
    else if ('marker' in report) delivered.set(report.marker, report);
    else if (!over) lost += 1;
    wake();
  });
  const until = async (condition: () => boolean, milliseconds: number): Promise<boolean> => {
    const deadline = now() + milliseconds;
    while (!condition() && now() < deadline) {
      await Promise.race([
        new Promise<void>((resolve) => {
          wake = resolve;
        }),
        delay(deadline - now(), undefined, { ref: false }),
      ]);
      if (lost > 0) throw new Error(`${lost} sockets were closed by the server`);
    }
    return condition();
  };
  /** Commits one network; its name is the marker that subscribers wait for. */
  const commit = async (patience: number): Promise<{ at: number; done: Delivered | undefined }> => {
    const marker = `commit-${++commits}-`;
    const at = now();
    await directory.create(marker);
    await until(() => delivered.has(marker), patience);
    return { at, done: delivered.get(marker) };
  };

  client.send({ kind: 'sockets', port: product.port, query, count: settings.sockets });
  if (!(await until(() => subscribed, 120_000))) throw new Error('the sockets could not be opened');
  // A stream tells only what happens after it began: it has begun for all once all have got one.
  let warm = 0;
  for (let attempt = 0; warm < 3; attempt++) {
    if (attempt === 20) throw new Error('commits do not reach all subscribers');
    if ((await commit(10_000)).done) warm += 1;
  }
  const last: number[] = [];
  const any: number[] = [];
  const before = await product.cpu();
  for (let index = 0; index < settings.commits; index++) {
    const { at, done } = await commit(30_000);
    if (!done) throw new Error('a commit did not reach every subscriber within 30 s');
    const delays = done.arrivals.map((arrival) => arrival - at);
    any.push(...delays);
    last.push(Math.max(...delays));
  }
  const cpuMsPerCommit = perUnit(since(before, await product.cpu()), settings.commits);
  over = true;
  client.close();
  return {
    fanOut,
    sockets: settings.sockets,
    commits: settings.commits,
    last: { p50: percentile(last, 0.5), p99: percentile(last, 0.99) },
    any: { p50: percentile(any, 0.5), p99: percentile(any, 0.99) },
    cpuMsPerCommit,
  };
}

const ms = (value: number) => value.toFixed(value < 10 ? 2 : 1).padStart(6);

function printOperation({ operation, cpuMs, p50, p99, floor }: OperationReport, rate: number): void {
  const line = (label: string, cpu: CpuTime, low: number, high: number) =>
    console.log(
      `  ${label.padEnd(22)} node ${ms(cpu.node)} + postgres ${ms(cpu.postgres)} CPU ms/request   p50 ${ms(low)} ms  p99 ${ms(high)} ms`,
    );
  console.log(`${operation}, ${rate} requests/s`);
  line('product', cpuMs, p50, p99);
  line(`floor, ${floor.statements} statements`, floor.cpuMs, floor.p50, floor.p99);
}

function printFanOut({ fanOut, sockets, commits, last, any, cpuMsPerCommit }: FanOutReport): void {
  console.log(`${fanOut}: commit → ${sockets} WebSockets, ${commits} commits`);
  console.log(
    `  last subscriber p50 ${ms(last.p50)} ms  p99 ${ms(last.p99)} ms   any p50 ${ms(any.p50)} ms  p99 ${ms(any.p99)} ms   node ${ms(cpuMsPerCommit.node)} + postgres ${ms(cpuMsPerCommit.postgres)} CPU ms/commit`,
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      rate: { type: 'string', default: '200' },
      seconds: { type: 'string', default: '4' },
      networks: { type: 'string', default: '2000' },
      sockets: { type: 'string', default: '1000' },
      commits: { type: 'string', default: '30' },
      only: { type: 'string', default: '' },
      'cpu-prof': { type: 'string' },
    },
    args: process.argv.slice(3),
  });
  const settings: Settings = {
    rate: Number(values.rate),
    seconds: Number(values.seconds),
    networks: Number(values.networks),
    sockets: Number(values.sockets),
    commits: Number(values.commits),
  };
  const print = (text: string) => values.json || console.log(text);
  const database = new BenchDatabase();
  let product: Product | undefined;
  let pool: pg.Pool | undefined;
  try {
    await database.start();
    pool = createPool({ url: database.url, name: 'bench' });
    await prepareDatabase(pool);
    await migrate(pool, 'platform', { ...platformMigrations, ...settingsMigrations });
    await DeploymentStore.migrate(pool);
    await saveBenchChain(pool, 'http://127.0.0.1:9');
    const directory = await seedDeployments(pool, settings.networks);
    product = await Product.start({ database, pool, profileFolder: values['cpu-prof'] });
    await seedServices(pool, settings.networks, CHAIN_ID);
    // The search index follows the directory in the same process: wait until it has caught up.
    for (;;) {
      const found = (await product.ask('{ searchNetworks { totalCount } }')) as {
        searchNetworks: { totalCount: number };
      };
      if (found.searchNetworks.totalCount >= settings.networks) break;
      await delay(50);
    }
    print(`${settings.networks} networks with profiles, ${settings.networks} sales\n`);

    const bench: Bench = { settings, database, pool, product, directory };
    const operations: OperationReport[] = [];
    for (const [name, query] of Object.entries(OPERATIONS)) {
      if (!name.includes(values.only)) continue;
      const report = await measureOperation(bench, name, query);
      operations.push(report);
      if (!values.json) printOperation(report, settings.rate);
    }
    print('');
    const fanOuts: FanOutReport[] = [];
    for (const [name, query] of Object.entries(FAN_OUTS)) {
      if (!name.includes(values.only)) continue;
      const report = await measureFanOut(bench, name, query);
      fanOuts.push(report);
      if (!values.json) printFanOut(report);
    }
    if (values.json) console.log(JSON.stringify({ settings, operations, fanOuts }, null, 2));
  } finally {
    await product?.stop();
    await pool?.end();
    await database.close();
  }
}

if (process.argv[2] === 'client') serveAsClient();
else if (process.argv.some((word) => word.startsWith('--against')))
  await compareWithGraphNode(process.argv.slice(3));
else await main();
