// File data sources from end to end: compiled handlers, a real chain, a real PostgreSQL, and a gateway that is slow, false and broken.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '#node/platform/log.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import type { TestDatabase } from '#node/platform/testing/postgres.ts';
import { IndexerService } from '../indexer-service.ts';
import type { Hex } from '../model.ts';
import { TestChain, testAddress } from '../sources/testing/test-chain.ts';
import type { DeploymentStore } from '../store/index.ts';
import { createStoreDatabase } from '../store/testing/deployments.ts';
import { BlockStore } from './block-store.ts';
import { formatCid, parseCid } from './cid.ts';
import { TestGateway } from './testing/test-gateway.ts';

const build = join(packageRoot, 'indexer/mapping/fixtures/files');
const COMMAND = { file: 1, fileWithContext: 2, takeOnChain: 3, probe: 4, nonsense: 5, contract: 6 } as const;

let database: TestDatabase & { readonly store: DeploymentStore };
let folder: string;
let chain: TestChain;
let gateway: TestGateway;
let token: Hex;
let indexer: IndexerService;
let deployment: string;
let run = 0;

beforeAll(async () => {
  database = await createStoreDatabase();
  folder = await mkdtemp(join(tmpdir(), 'files-'));
  chain = await TestChain.start();
  token = await chain.deployToken();
  gateway = await TestGateway.start();
  indexer = await startIndexer();
});

beforeEach(async () => {
  gateway.mood = { serves: 'archives' };
  gateway.requests.length = 0;
  run += 1;
  const height = (await chain.height()) + 1;
  const result = await indexer.deploy({
    folder: build,
    name: `files-${run}`,
    source: 'devnet',
    overrides: { Token: { address: token, startBlock: height } },
    feed: true,
  });
  deployment = result.id;
  return async () => {
    await indexer.remove(`files-${run}`);
  };
});

afterAll(async () => {
  await indexer.stop();
  await gateway.stop();
  await chain.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

async function startIndexer(): Promise<IndexerService> {
  const service = new IndexerService({
    databaseUrl: database.url,
    chains: { devnet: { urls: [chain.url], chainId: 31337, finality: 'none', pollIntervalMs: 25 } },
    owner: 'files',
    cacheFolder: folder,
    log: { level: 'silent' },
    ipfs: { gateways: [gateway.url], timeoutMs: 1_000, retryMs: { first: 50, most: 200 } },
    logger: silentLogger,
  });
  await service.start();
  return service;
}

const digest = (cid: string): bigint =>
  BigInt(`0x${Buffer.from(parseCid(cid)?.digest ?? []).toString('hex')}`);

/** Orders the command for a file, in a block of its own. */
async function order(command: keyof typeof COMMAND, cid: string, to: Hex = testAddress(1)): Promise<void> {
  await chain.transfer(token, [
    { from: `0x${COMMAND[command].toString(16).padStart(40, '0')}`, to, value: digest(cid) },
  ]);
  await chain.mine();
}

/** Mines until the condition holds: files come with the next block. */
async function mineUntil<T>(condition: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await condition();
    if (found) return found;
    await chain.mine();
    await atHead();
    await delay(20);
  }
}

async function atHead(): Promise<void> {
  for (;;) {
    const head = await chain.send<{ hash: Hex }>('eth_getBlockByNumber', ['latest', false]);
    const record = await (await database.store.open(deployment)).record();
    if (record.failure) throw new Error(record.failure.message);
    if (record.head?.hash === head.hash) return;
    await delay(10);
  }
}

interface FileRow {
  id: string;
  content: string;
  size: number;
  seen: Buffer | null;
  causality_region: number;
  range: string;
}

async function namespace(): Promise<string> {
  const { rows } = await database.pool.query<{ sgd: number }>(
    'select sgd from indexer.deployments where id = $1',
    [deployment],
  );
  return `sgd${rows[0]?.sgd}`;
}

async function files(): Promise<FileRow[]> {
  const { rows } = await database.pool.query<FileRow>(
    `select id, content, size, seen, causality_region, block_range::text as range from "${await namespace()}".file_entity where upper_inf(block_range) order by causality_region, id`,
  );
  return rows;
}

const file = (id: string) => async () => (await files()).find((row) => row.id === id);

async function sources(): Promise<
  { region: number; done: number | null; error: string | null; path: string; created: number }[]
> {
  const { rows } = await database.pool.query(
    `select causality_region as region, done_at as done, error, created_block as created,
       convert_from(decode(substr(address, 3), 'hex'), 'utf8') as path
     from indexer.data_sources where deployment = $1 order by position`,
    [deployment],
  );
  return rows;
}

describe('file data sources', () => {
  it('hands a found file to its handler, once, with its context, whatever dress the path wears', async () => {
    const plain = gateway.add('a first file');
    const dressed = gateway.add('a second file');
    await order('file', plain);
    await order('file', plain);
    await order('fileWithContext', dressed, testAddress(7));
    await order('nonsense', plain);
    const first = await mineUntil(file(plain));
    expect(first).toMatchObject({ content: 'a first file', size: 12, seen: null, causality_region: 1 });
    const second = await mineUntil(file(dressed));
    expect(second.seen?.toString('hex')).toBe(testAddress(7).slice(2));
    expect(second.causality_region).toBe(2);
    const made = await sources();
    expect(made.map(({ path, error }) => ({ path, error }))).toEqual([
      { path: plain, error: null },
      { path: dressed, error: null },
    ]);
    expect(made.every(({ done, created }) => (done as number) >= created)).toBe(true);
  });

  it('does not wait for a slow gateway: blocks go on, and the file comes when it is there', async () => {
    const cid = gateway.add('slow');
    let release = () => {};
    gateway.mood = {
      serves: 'archives',
      until: new Promise<void>((resolve) => {
        release = resolve;
      }),
    };
    await order('file', cid);
    await mineUntil(async () => gateway.requests.some((path) => path.includes(cid)));
    for (let block = 0; block < 10; block += 1) await chain.mine();
    await atHead();
    expect(await files()).toEqual([]);
    release();
    expect((await mineUntil(file(cid))).content).toBe('slow');
  });

  it('believes no gateway: false bytes are refused until true ones come', async () => {
    for (const serves of ['archives', 'blocks', 'plain'] as const) {
      const content = `told by ${serves} ${run}`;
      const cid = gateway.add(content);
      gateway.mood = { serves, lies: new Set([cid]) };
      const before = gateway.requests.length;
      await order('file', cid);
      await mineUntil(async () => gateway.requests.length > before + 2);
      expect(await file(cid)()).toBeUndefined();
      gateway.mood = { serves };
      expect((await mineUntil(file(cid))).content).toBe(content);
    }
  });

  it('asks again for ever: a gateway that fails, hangs, or has the file only later', async () => {
    gateway.mood = { serves: 'archives', fails: true };
    const failing = gateway.add('after failures');
    await order('file', failing);
    await mineUntil(async () => gateway.requests.length >= 3);
    gateway.mood = { serves: 'archives', hangs: true };
    const before = gateway.requests.length;
    await mineUntil(async () => gateway.requests.length > before);
    gateway.mood = { serves: 'archives' };
    expect((await mineUntil(file(failing))).content).toBe('after failures');

    const late = gateway.add('published late');
    gateway.forget(late);
    await order('file', late);
    await mineUntil(async () => gateway.requests.filter((path) => path.includes(late)).length >= 4);
    gateway.add('published late');
    expect((await mineUntil(file(late))).content).toBe('published late');
  });

  it('reads files of many blocks, from archives and block by block, and of either version', async () => {
    const large = (seed: number) => new Uint8Array(700_000).map((_, index) => 97 + ((index * seed) % 23));
    const archived = gateway.add(large(3));
    const single = gateway.add(large(5), 1);
    expect(single).toMatch(/^bafybei/);
    await order('file', archived);
    expect((await mineUntil(file(archived))).size).toBe(700_000);
    gateway.mood = { serves: 'blocks' };
    const next = gateway.add(JSON.stringify({ next: `ipfs://${single}` }));
    await order('file', next);
    expect((await mineUntil(file(single))).size).toBe(700_000);
  });

  it('lets a file make further files, and nothing else', async () => {
    const leaves = [gateway.add('left'), gateway.add('right')];
    const fork = gateway.add(JSON.stringify({ next: leaves }));
    const root = gateway.add(JSON.stringify({ next: fork }));
    const onchain = gateway.add(JSON.stringify({ onchain: true }));
    const undeclared = gateway.add(JSON.stringify({ undeclared: true }));
    const asks = gateway.add(JSON.stringify({ asks: true }));
    for (const cid of [root, onchain, undeclared, asks]) await order('file', cid);
    for (const cid of [...leaves, fork, root]) await mineUntil(file(cid));
    const done = await mineUntil(async () => {
      const all = await sources();
      return all.length === 7 && all.every((source) => source.done !== null) && all;
    });
    const errors = new Map(done.map(({ path, error }) => [path, error]));
    expect(errors.get(root)).toBeNull();
    expect(errors.get(onchain)).toContain('create on-chain data source in offchain');
    expect(errors.get(undeclared)).toContain(
      "entity type `Stamp` is not on the 'entities' list for data source `File`",
    );
    expect(errors.get(asks)).toContain('ethereum.hasCode');
    expect(new Set(done.map(({ region }) => region))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
  });

  it('keeps a failed handler to itself: nothing of it stays, the rest goes on', async () => {
    const bad = gateway.add(JSON.stringify({ fails: true }));
    const good = gateway.add('goes on');
    await order('file', bad);
    await order('file', good);
    await mineUntil(file(good));
    const all = await mineUntil(async () => {
      const found = await sources();
      return found.every((source) => source.done !== null) && found;
    });
    expect(all[0]?.error).toContain('the file says that it fails');
    expect((await files()).map(({ id }) => id)).toEqual([good]);
  });

  it('isolates files from the chain and from each other', async () => {
    const cid = gateway.add('isolated');
    await order('fileWithContext', cid, testAddress(3));
    await mineUntil(file(cid));
    // The chain's handler neither loads the file's entity nor finds it by relation.
    await order('probe', cid, testAddress(3));
    await atHead();
    const { rows } = await database.pool.query(
      `select found, related from "${await namespace()}".probe where upper_inf(block_range)`,
    );
    expect(rows).toEqual([{ found: false, related: 0 }]);
    // Another file may not take its id.
    const thief = gateway.add(JSON.stringify({ takes: cid }));
    await order('file', thief);
    const stolen = await mineUntil(async () =>
      (await sources()).find(({ path, done }) => path === thief && done !== null),
    );
    expect(stolen.error).toContain('made by the handler of another file');
    expect((await file(cid)())?.content).toBe('isolated');
    // Nor may the chain: that is a fault of the mapping, and stops it.
    await order('takeOnChain', cid);
    await expect(
      (async () => {
        for (;;) await atHead();
      })(),
    ).rejects.toThrow(/FileEntity .* was made by the handler of a file/);
  });

  it('refuses a file what the chain has made', async () => {
    const taken = gateway.add('taken by the chain first');
    await order('takeOnChain', taken);
    await order('file', taken);
    const done = await mineUntil(async () => (await sources()).find((source) => source.done !== null));
    expect(done.error).toContain("made by the chain's handlers");
    expect((await files()).map(({ content, causality_region }) => ({ content, causality_region }))).toEqual([
      { content: 'from the chain', causality_region: 0 },
    ]);
  });

  it('waits again for what a reorganisation undid, and only for that', async () => {
    const early = gateway.add('handled before');
    await order('file', early);
    const kept = await mineUntil(file(early));
    for (let block = 0; block < 3; block += 1) await chain.mine();
    const late = gateway.add('handled after');
    await order('file', late);
    await mineUntil(file(late));
    const before = await sources();
    await chain.mine();
    await atHead();
    // The order of the second file stays, the block that it was handled in goes.
    const [, second] = before;
    const height = await chain.height();
    await chain.reorg(height - (second?.done ?? 0) + 1);
    await atHead();
    const again = await mineUntil(file(late));
    expect(again.content).toBe('handled after');
    expect((await file(early)())?.range).toBe(kept.range);
    const after = await sources();
    expect(after.map(({ path, region }) => ({ path, region }))).toEqual(
      before.map(({ path, region }) => ({ path, region })),
    );
    expect(after[0]?.done).toBe(before[0]?.done);
    // An order that is gone takes its file along.
    const created = second?.created ?? 0;
    await chain.reorg((await chain.height()) - created + 1);
    await mineUntil(async () => (await sources()).length === 1);
    expect((await files()).map(({ id }) => id)).toEqual([early]);
  });

  it('goes on after a restart: what is done stays done, what is missing is waited for', async () => {
    const done = gateway.add('done');
    const missing = gateway.add('missing');
    gateway.forget(missing);
    await order('file', done);
    await order('file', missing);
    await mineUntil(file(done));
    await indexer.stop();
    gateway.requests.length = 0;
    gateway.add('missing');
    indexer = await startIndexer();
    expect((await mineUntil(file(missing))).content).toBe('missing');
    expect(gateway.requests.some((path) => path.includes(done))).toBe(false);
    expect((await files()).filter(({ id }) => id === done)).toHaveLength(1);
  });

  it('finds what was added to the database, without any gateway', async () => {
    gateway.mood = { serves: 'archives', fails: true };
    const cid = formatCid(
      await new BlockStore(database.pool).addFile(new TextEncoder().encode('added by hand')),
    );
    await order('file', cid);
    expect((await mineUntil(file(cid))).content).toBe('added by hand');
    expect(gateway.requests).toEqual([]);
  });
});
