// Block mined → every subscriber has it, with many deployments at the head of one chain, through the whole product.
//
//   npm run bench:live -- [--deployments 20] [--blocks 60] [--every 600] [--json]
//
// Starts the product with its devnet, deploys and federates the ERC-20 subgraph that often, and opens a live query on each over a WebSocket
// of its own. Then a sale is mined every so often. A block counts as mined when anvil says so, to this process or by answering;
// the stages in between are the indexer's log and the database's notifications.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createClient } from 'graphql-ws';
import pg from 'pg';
import { WebSocket } from 'ws';
import { builtSubgraph } from '#bin/product/house.ts';
import { readRunning } from '#bin/product/running.ts';
import { devnetUrlOf, SalesTraffic } from '#bin/product/testing/sales.ts';
import { deploySubgraph } from '#indexer/pipeline/deploy.ts';
import { aliasPrefix } from '#indexer/query/face.ts';
import { chainSettingsOf } from '#indexer/sources/registered-chains.ts';
import { addAlias, listAliases } from '#indexer/store/aliases.ts';
import { type CommitSignal, commitTopic, namesTopic } from '#node/platform/events/change-feed.ts';
import { sendSignal } from '#node/platform/events/postgres-event-bus.ts';
import { DataFolder } from '#node/platform/lifecycle/data-folder.ts';
import { bundledEntry, packageRoot } from '#node/platform/package-root.ts';
import { freePort } from '#node/platform/ports.ts';
import { loadChains } from '#node/platform/settings.ts';
import { cpuMsOf, cpuMsOfAll } from './query/process-cpu.ts';

/** Goals of the whole way, in milliseconds. */
const GOAL = { p50: 40, p99: 150 };
/** Blocks before it is measured: twenty threads compile their handlers meanwhile. */
const WARM_UP = 60;
const TAKES_AT_MOST_MS = 150_000;

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    deployments: { type: 'string', default: '20' },
    blocks: { type: 'string', default: '60' },
    every: { type: 'string', default: '600' },
    json: { type: 'boolean', default: false },
    'cpu-prof': { type: 'string' },
  },
});
const count = Number(values.deployments);
const blocks = Number(values.blocks);
const now = () => performance.timeOrigin + performance.now();

/** When each thing happened to each block: of all deployments, in milliseconds since the epoch. */
class Times {
  readonly #byBlock = new Map<number, Map<string, number>>();

  note(block: number, deployment: string, at: number): void {
    const known = this.#byBlock.get(block) ?? new Map<string, number>();
    if (!known.has(deployment)) known.set(deployment, at);
    this.#byBlock.set(block, known);
  }

  of(block: number): ReadonlyMap<string, number> {
    return this.#byBlock.get(block) ?? new Map();
  }
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;

async function eventually(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + TAKES_AT_MOST_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${TAKES_AT_MOST_MS / 1000} s`);
    await delay(100);
  }
}

async function main(): Promise<void> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const dataDir = mkdtempSync(join(tmpdir(), 'aios-bench-live-'));
  chmodSync(dataDir, 0o755);
  const port = await freePort();
  const profile = values['cpu-prof'];
  const product = spawn(
    process.execPath,
    [
      '--max-semi-space-size=64',
      ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []),
      bundledEntry('bin/aios.mjs'),
      ...['start', '--no-demo', '--port', String(port), '--data', dataDir, '--log', 'debug'],
    ],
    {
      cwd: packageRoot,
      env: { ...process.env, AIOS_RATE_PER_MINUTE: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise<void>((resolve) => product.once('exit', () => resolve()));
  const pool: { close: () => Promise<void> }[] = [];
  try {
    let said = '';
    product.stdout.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    await eventually('the product starts', () => said.includes('ready in') || product.exitCode !== null);
    if (product.exitCode !== null) throw new Error(said);
    const url = `http://127.0.0.1:${port}`;
    const running = readRunning(new DataFolder(dataDir));
    if (!running) throw new Error('the product does not say where its database is');
    const database = new pg.Pool({ connectionString: running.databaseUrl, max: 2 });
    pool.push({ close: () => database.end() });
    const rpcUrl = await devnetUrlOf(url);
    const traffic = new SalesTraffic(rpcUrl);
    // Each begins at a block of its own, so that each is a deployment of its own.
    while ((await traffic.head()) <= count) await traffic.sell(1);

    say(`deploying ${count} subgraphs`);
    const chains = chainSettingsOf(await loadChains(database));
    const aliases = new Map<string, string>();
    for (let index = 0; index < count; index++) {
      const name = `tokens-${index}`;
      const { id } = await deploySubgraph(
        database,
        {
          folder: builtSubgraph('erc20'),
          name,
          source: 'devnet',
          overrides: { ERC20: { startBlock: index } },
        },
        chains,
      );
      await addAlias(database, { alias: name, prefix: aliasPrefix(name).field, name });
      aliases.set(aliasPrefix(name).field, id);
    }
    await sendSignal(database, namesTopic, null);
    await eventually('all are synced', async () => {
      const { rows } = await database.query<{ synced: number }>(
        'select count(*)::int as synced from indexer.deployments where synced_at is not null',
      );
      return (rows[0]?.synced ?? 0) >= count;
    });
    const ask = async (query: string) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      return (await response.json()) as { data?: unknown };
    };
    const last = [...aliases.keys()].at(-1) ?? '';
    await eventually('all are federated', async () => {
      const problem = (await listAliases(database)).find((alias) => alias.problem)?.problem;
      if (problem) throw new Error(problem);
      const { data } = await ask(`{ ${last}_meta { deployment } }`);
      return data !== undefined && data !== null;
    });

    const [mined, seen, committed, notified, delivered] = Array.from({ length: 5 }, () => new Times()) as [
      Times,
      Times,
      Times,
      Times,
      Times,
    ];
    const listener = new pg.Client({ connectionString: running.databaseUrl });
    await listener.connect();
    pool.push({ close: () => listener.end() });
    listener.on('notification', ({ payload }) => {
      const at = now();
      const [topic, commit] = JSON.parse(payload ?? '[]') as [string, CommitSignal | null];
      if (topic === commitTopic && commit?.block) notified.note(commit.block.number, commit.deployment, at);
    });
    await listener.query('listen aios_signal');
    const heads = new WebSocket(rpcUrl.replace(/^http/, 'ws'));
    await new Promise((resolve) => heads.once('open', resolve));
    heads.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] }));
    heads.on('message', (data) => {
      const at = now();
      const { params } = JSON.parse(String(data)) as { params?: { result?: { number?: string } } };
      if (params?.result?.number) mined.note(Number(params.result.number), '', at);
    });
    pool.push({ close: async () => heads.terminate() });

    const clients = [...aliases].map(([field, id]) => {
      const client = createClient({
        url: `${url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
      });
      let first = true;
      const ready = new Promise<void>((resolve, reject) => {
        client.subscribe<Record<string, { block: string }[]>>(
          {
            query: `subscription { ${field}_transfers(first: 1, orderBy: block, orderDirection: desc) { block } }`,
          },
          {
            next: ({ data, errors }) => {
              const at = now();
              const block = data?.[`${field}_transfers`]?.[0]?.block;
              if (errors) reject(new Error(JSON.stringify(errors)));
              if (block !== undefined && !first) delivered.note(Number(block), id, at);
              first = false;
              resolve();
            },
            error: reject,
            complete: () => {},
          },
        );
      });
      return { client, ready };
    });
    await Promise.all(clients.map(({ ready }) => ready));

    const cpu = await cpuOf(product.pid ?? 0, database);
    say(`${blocks} blocks, one every ${values.every} ms`);
    const measured: number[] = [];
    let before = cpu;
    for (let index = 0; index < WARM_UP + blocks; index++) {
      if (index === WARM_UP) before = await cpuOf(product.pid ?? 0, database);
      await traffic.sell(1);
      const block = await traffic.head();
      mined.note(block, '', now());
      if (index >= WARM_UP) measured.push(block);
      await delay(Number(values.every));
    }
    // A live query may skip a block for a newer one, and always ends at the newest.
    const newest = measured.at(-1) ?? 0;
    await eventually('every subscriber has the newest block', () => delivered.of(newest).size === count);
    let skipped = 0;
    for (const id of aliases.values()) {
      let at = Number.NaN;
      for (const block of [...measured].reverse()) {
        const own = delivered.of(block).get(id);
        if (own === undefined) {
          skipped++;
          delivered.note(block, id, at);
        } else at = own;
      }
    }
    say(`${skipped} deliveries were of a newer block`);
    const after = await cpuOf(product.pid ?? 0, database);
    readLog(join(dataDir, 'logs/aios.log'), seen, committed);
    print({ mined, seen, committed, notified, delivered }, measured, [...aliases.values()], {
      node: (after.node - before.node) / blocks,
      postgres: (after.postgres - before.postgres) / blocks,
      anvil: (after.anvil - before.anvil) / blocks,
    });
    await Promise.all(clients.map(({ client }) => client.dispose()));
  } finally {
    for (const one of pool.reverse()) await one.close().catch(() => {});
    product.kill('SIGINT');
    await ended;
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
  }

  async function cpuOf(pid: number, database: pg.Pool) {
    const { rows } = await database.query<{ pid: number }>(
      "select pid from pg_stat_activity where application_name like 'aios%'",
    );
    const anvil = Number(JSON.parse(readFileSync(join(dataDir, 'devnet/anvil.json'), 'utf8')).pid);
    return { node: cpuMsOf(pid), postgres: cpuMsOfAll(rows.map((row) => row.pid)), anvil: cpuMsOf(anvil) };
  }
}

/** What the indexer wrote of its stages. */
function readLog(file: string, seen: Times, committed: Times): void {
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (!line.includes('"block seen"') && !line.includes('"block committed"')) continue;
    const { time, deployment, block, msg } = JSON.parse(line) as {
      time: number | string;
      deployment: string;
      block: number;
      msg: string;
    };
    (msg === 'block seen' ? seen : committed).note(block, deployment, new Date(time).getTime());
  }
}

function print(
  times: Record<'mined' | 'seen' | 'committed' | 'notified' | 'delivered', Times>,
  measured: readonly number[],
  deployments: readonly string[],
  cpu: { node: number; postgres: number; anvil: number },
): void {
  const since = (stage: Times) =>
    measured
      .flatMap((block) => {
        const from = times.mined.of(block).get('') ?? Number.NaN;
        return deployments.map((id) => (stage.of(block).get(id) ?? Number.NaN) - from);
      })
      .filter((ms) => !Number.isNaN(ms))
      .sort((a, b) => a - b);
  const stages = [
    ['block seen', since(times.seen)],
    ['committed', since(times.committed)],
    ['notified', since(times.notified)],
    ['delivered', since(times.delivered)],
  ] as const;
  const delivered = since(times.delivered);
  const p50 = percentile(delivered, 0.5);
  const p99 = percentile(delivered, 0.99);
  if (values.json) {
    process.stdout.write(
      `${JSON.stringify({ deployments: count, blocks, p50, p99, goal: GOAL, cpuMsABlock: cpu, load: loadavg()[0] })}\n`,
    );
  } else {
    process.stdout.write(
      `\n${count} deployments, ${blocks} blocks, ${delivered.length} of ${count * blocks} deliveries; load average ${loadavg()[0]?.toFixed(1)}\n` +
        'milliseconds since the block was mined          p50     p90     p99\n' +
        stages
          .map(
            ([name, ms]) =>
              `${name.padEnd(42)} ${[0.5, 0.9, 0.99].map((share) => percentile(ms, share).toFixed(1).padStart(7)).join(' ')}\n`,
          )
          .join('') +
        `CPU ms a block: product ${cpu.node.toFixed(0)}, PostgreSQL ${cpu.postgres.toFixed(0)}, anvil ${cpu.anvil.toFixed(0)}\n` +
        `goal: p50 ≤ ${GOAL.p50} ms ${p50 <= GOAL.p50 ? 'reached' : 'missed'}, p99 ≤ ${GOAL.p99} ms ${p99 <= GOAL.p99 ? 'reached' : 'missed'}\n`,
    );
  }
  if (delivered.length !== count * blocks) process.exitCode = 1;
}

await main();
process.exit();
