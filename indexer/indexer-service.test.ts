// The whole indexer: threads, compiled mappings of subgraphs/erc20, a real chain, a real PostgreSQL.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '#node/platform/log.ts';
import { bundledEntry, packageRoot } from '#node/platform/package-root.ts';
import type { TestDatabase } from '#node/platform/testing/postgres.ts';
import { IndexerService } from './indexer-service.ts';
import { registerIndexerMetrics } from './metrics.ts';
import type { Hex } from './model.ts';
import type { IndexerSettings, ThreadMessage } from './pipeline/messages.ts';
import type { PipelineStatus } from './pipeline/progress.ts';
import type { ChainSettings } from './sources/open-source.ts';
import { recordedMainnet } from './sources/testing/recorded-mainnet.ts';
import { TestChain, TRANSFER_TOPIC, testAddress } from './sources/testing/test-chain.ts';
import type { DeploymentStore } from './store/index.ts';
import { createStoreDatabase } from './store/testing/deployments.ts';

const erc20 = join(packageRoot, 'dist/subgraphs/erc20');
let database: TestDatabase & { readonly store: DeploymentStore };
let cacheFolder: string;
let chain: TestChain;
let token: Hex;
const services: IndexerService[] = [];

beforeAll(async () => {
  database = await createStoreDatabase();
  cacheFolder = await mkdtemp(join(tmpdir(), 'indexer-'));
  chain = await TestChain.start();
  token = await chain.deployToken();
  await transfers(20);
});

afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.stop()));
  // Each test deploys for itself.
  for (const { id } of await database.store.list()) await database.store.remove(id);
  for (const { name } of await database.store.names()) await database.store.removeName(name);
});

afterAll(async () => {
  await chain.stop();
  await database.close();
  await rm(cacheFolder, { recursive: true, force: true });
});

function settings(chains: Record<string, Partial<ChainSettings>> = {}): IndexerSettings {
  return {
    databaseUrl: database.url,
    chains: {
      devnet: { urls: [chain.url], chainId: 31337, finality: 'none', pollIntervalMs: 25, ...chains.devnet },
    },
    owner: 'test',
    cacheFolder,
    log: { level: 'silent' },
  };
}

async function service(options: IndexerSettings = settings()): Promise<IndexerService> {
  const started = new IndexerService({ ...options, logger: silentLogger });
  services.push(started);
  await started.start();
  return started;
}

let sent = 0;
async function transfers(blocks: number): Promise<void> {
  for (let block = 0; block < blocks; block++) {
    sent++;
    await chain.transfer(token, [
      { from: testAddress(0), to: testAddress(sent % 5), value: BigInt(1_000 + sent) },
      { from: testAddress(sent % 5), to: testAddress((sent * 3) % 7), value: BigInt(sent) },
    ]);
    await chain.mine();
  }
}

function until(
  indexer: IndexerService,
  condition: (status: PipelineStatus) => boolean,
): Promise<PipelineStatus> {
  return new Promise((resolve, reject) => {
    const check = (status: PipelineStatus) => {
      if (!condition(status)) return;
      stop();
      resolve(status);
    };
    const stop = indexer.onStatus(check);
    indexer.status().then((statuses) => statuses.forEach(check), reject);
  });
}

async function atHead(indexer: IndexerService, deployment: string): Promise<void> {
  for (;;) {
    const head = await chain.send<{ hash: Hex }>('eth_getBlockByNumber', ['latest', false]);
    await until(
      indexer,
      (status) =>
        status.deployment === deployment && status.head?.hash === head.hash && status.state === 'synced',
    );
    const now = await chain.send<{ hash: Hex }>('eth_getBlockByNumber', ['latest', false]);
    if (now.hash === head.hash) return;
  }
}

/** The dump of a deployment made now, from the chain as it is, by an indexer that never saw another one. */
async function freshDump(indexer: IndexerService): Promise<string> {
  const { id } = await indexer.deploy({
    folder: erc20,
    name: `fresh-${sent}-${Math.random().toString(36).slice(2)}`,
    source: 'devnet',
    // An end that is never reached: another binding, so another deployment of the same build.
    overrides: { ERC20: { endBlock: 1_000_000_000 + Math.floor(Math.random() * 1e9) } },
  });
  await atHead(indexer, id);
  return (await database.store.open(id)).dump();
}

describe('the indexer service', () => {
  it('deploys a build, follows reorgs with compiled mappings, and ends equal to a fresh index', async () => {
    const indexer = await service();
    const first = await indexer.deploy({ folder: erc20, name: 'erc20', source: 'devnet' });
    expect(first).toMatchObject({ created: true, name: { current: first.id }, network: 'devnet' });
    await atHead(indexer, first.id);
    const again = await indexer.deploy({ folder: erc20, name: 'erc20', source: 'devnet' });
    expect(again).toMatchObject({ id: first.id, created: false });
    const deployment = await database.store.open(first.id);
    expect((await deployment.loadEntities('Token', [bytes(token)])).get(token)).toMatchObject({
      transferCount: 40n,
    });
    for (const depth of [1, 5, 12]) {
      await chain.reorg(depth);
      await transfers(2);
      await atHead(indexer, first.id);
      expect(await deployment.dump()).toBe(await freshDump(indexer));
    }
    expect(indexer.health()).toMatchObject({ status: 'ok' });
    const registry = new Registry();
    registerIndexerMetrics(registry, () => indexer.status());
    const metrics = await registry.metrics();
    expect(metrics).toMatch(
      new RegExp(`aios_indexer_reorgs_total\\{deployment="${first.id}",chain="devnet"\\} [3-9]`),
    );
    expect(metrics).toMatch(/aios_indexer_stage_seconds_total\{.*stage="map"\} 0\.\d+/);
    expect(metrics).toMatch(/aios_indexer_lag_blocks\{.*\} 0/);
  });

  it('goes on after a restart, and picks up what another process deployed', async () => {
    const first = await service();
    const { id } = await first.deploy({ folder: erc20, name: 'erc20', source: 'devnet' });
    await atHead(first, id);
    await first.stop();
    services.pop();
    await transfers(3);
    const second = await service();
    await atHead(second, id);
    expect((await second.status())[0]?.counters.events).toBe(6);
  });

  it('swaps a name to a new version once that has synced, and stops the old one', async () => {
    const indexer = await service();
    const old = await indexer.deploy({ folder: erc20, name: 'erc20', source: 'devnet' });
    await atHead(indexer, old.id);
    const next = await indexer.deploy({
      folder: erc20,
      name: 'erc20',
      source: 'devnet',
      overrides: { ERC20: { startBlock: 3 } },
    });
    expect(next.name).toMatchObject({ current: old.id, pending: next.id });
    // Whoever asks by the name meanwhile finds a deployment that is there and complete.
    let over = false;
    const found = new Set<string>();
    const reading = (async () => {
      while (!over) {
        const [name] = await database.store.names();
        const deployment = await database.store.open(name?.current ?? '(nothing)');
        const { syncedAt, head } = await deployment.record();
        if (!syncedAt || !head) throw new Error(`${deployment.id} is not complete`);
        found.add(deployment.id);
        if ((await deployment.loadEntities('Token', [bytes(token)])).size === 0) throw new Error('no token');
      }
    })();
    await atHead(indexer, next.id);
    over = true;
    await reading;
    expect([...found]).toContain(old.id);
    expect(await database.store.names()).toMatchObject([{ name: 'erc20', current: next.id, pending: null }]);
    expect(await indexer.remove('erc20')).toEqual([next.id]);
    await expect(indexer.remove('erc20')).rejects.toMatchObject({ code: 'UNKNOWN_DEPLOYMENT' });
  });

  it('refuses what it cannot serve, by name', async () => {
    const indexer = await service();
    const deploy = (request: object) =>
      indexer.deploy({ folder: erc20, name: 'x', source: 'devnet', ...request });
    await expect(deploy({ source: 'nowhere' })).rejects.toMatchObject({ code: 'SOURCE_UNKNOWN' });
    await expect(deploy({ name: 'a b' })).rejects.toMatchObject({ code: 'DEPLOYMENT_NAME_INVALID' });
    await expect(deploy({ folder: cacheFolder })).rejects.toMatchObject({ code: 'MANIFEST_NOT_FOUND' });
    await expect(deploy({ source: 'recorded:/nowhere' })).rejects.toMatchObject({
      code: 'RECORDING_MISSING',
    });
    expect(await indexer.status()).toEqual([]);
  });

  it('shows a chain that is the wrong one, and keeps the others going', async () => {
    const indexer = await service(settings({ devnet: { chainId: 1 } }));
    const { id } = await indexer.deploy({ folder: erc20, name: 'erc20', source: 'devnet' });
    const status = await until(indexer, ({ state, deployment }) => state === 'retrying' && deployment === id);
    expect(status.message).toMatch(/serves chain id 31337, configured is chain id 1/);
    expect(indexer.health()).toMatchObject({ status: 'degraded' });
  });
});

describe('an indexer that is killed', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  function launch(): { readonly ready: Promise<void>; kill(): Promise<void> } {
    const child = fork(join(packageRoot, 'indexer/pipeline/testing/indexer-process.mjs'), [
      bundledEntry('indexer-io.mjs'),
      JSON.stringify(settings()),
    ]);
    children.push(child);
    const ready = new Promise<void>((resolve, reject) => {
      child.on('message', (message: ThreadMessage) => {
        if (message.kind === 'ready') resolve();
        if (message.kind === 'unable') reject(new Error(message.error.message));
      });
    });
    return {
      ready,
      kill: async () => {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        await ended;
      },
    };
  }

  it('at any moment continues by itself and ends equal to a fresh index', { timeout: 240_000 }, async () => {
    const deployer = await service();
    const { id } = await deployer.deploy({ folder: erc20, name: 'erc20', source: 'devnet' });
    await deployer.stop();
    services.pop();
    const deployment = await database.store.open(id);
    const runs = Number(process.env.KILL_RUNS ?? 4);
    for (let run = 0; run < runs; run++) {
      const indexer = launch();
      await indexer.ready;
      await transfers(6);
      if (run % 2 === 1) await chain.reorg(1 + ((run * 5) % 9));
      // Somewhere in the middle of its work: after a number of commits that differs from run to run.
      const before = (await deployment.record()).head?.hash;
      for (let turn = 0; turn < 200 * (run % 3) && (await deployment.record()).head?.hash === before; turn++);
      await indexer.kill();
    }
    const last = await service();
    await atHead(last, id);
    expect(await deployment.dump()).toBe(await freshDump(last));
  });
});

const mainnet = recordedMainnet() ?? '';

describe.skipIf(!mainnet)('recorded mainnet blocks through subgraphs/erc20', () => {
  it('give every Transfer of every token, and balances that equal the transfers', {
    timeout: 180_000,
  }, async () => {
    const expected = await transfersByHand(mainnet);
    const indexer = await service();
    const { id, network } = await indexer.deploy({
      folder: erc20,
      name: 'erc20-mainnet',
      source: `recorded:${mainnet}`,
    });
    expect(network).toBe('mainnet');
    await until(indexer, ({ deployment, state }) => deployment === id && state === 'synced');
    const { rows: schema } = await database.pool.query('select sgd from indexer.deployments where id = $1', [
      id,
    ]);
    const sgd = `sgd${schema[0].sgd}`;
    const { rows: found } = await database.pool.query(
      `select encode(id, 'hex') id, encode(token, 'hex') token, encode("from", 'hex') "from", encode("to", 'hex') "to", value::text
       from ${sgd}.transfer order by 1`,
    );
    expect(found).toEqual(expected.transfers);
    expect(found.length).toBeGreaterThan(500);
    const { rows: balances } = await database.pool.query(
      `select encode(token, 'hex') || encode(account, 'hex') as key, balance::text from ${sgd}.token_balance
       where upper_inf(block_range) order by 1`,
    );
    expect(balances).toEqual(expected.balances);
  });
});

function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.slice(2), 'hex'));
}

interface RawLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly transactionHash: string;
  readonly logIndex: string;
}

/** The same from the raw receipts, without any of the indexer's code. */
async function transfersByHand(folder: string) {
  const transfers: Record<'id' | 'token' | 'from' | 'to' | 'value', string>[] = [];
  const balances = new Map<string, bigint>();
  for (const name of await readdir(folder)) {
    const { receipts } = JSON.parse(gunzipSync(await readFile(join(folder, name))).toString()) as {
      receipts: { logs: RawLog[] }[];
    };
    for (const log of receipts.flatMap((receipt) => receipt.logs)) {
      if (log.topics[0] !== TRANSFER_TOPIC || log.topics.length !== 3 || log.data.length !== 66) continue;
      const [address, from, to] = [
        log.address.slice(2),
        log.topics[1]?.slice(26),
        log.topics[2]?.slice(26),
      ] as [string, string, string];
      const index = Buffer.alloc(4);
      index.writeUInt32LE(Number(log.logIndex));
      transfers.push({
        id: log.transactionHash.slice(2) + index.toString('hex'),
        token: address,
        from,
        to,
        value: BigInt(log.data).toString(),
      });
      for (const [account, change] of [
        [from, -BigInt(log.data)],
        [to, BigInt(log.data)],
      ] as const)
        if (!/^0+$/.test(account))
          balances.set(address + account, (balances.get(address + account) ?? 0n) + change);
    }
  }
  const order = (a: string, b: string) => (a < b ? -1 : 1);
  return {
    transfers: transfers.sort((a, b) => order(a.id, b.id)),
    balances: [...balances]
      .map(([key, balance]) => ({ key, balance: balance.toString() }))
      .sort((a, b) => order(a.key, b.key)),
  };
}
