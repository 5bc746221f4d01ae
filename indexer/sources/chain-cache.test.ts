// One chain read twice: the second reader hardly asks the node, sees the same, and never sees what is no longer on the chain.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PostgresChainCache } from '#indexer/store/chain-cache.ts';
import { DeploymentStore } from '#indexer/store/index.ts';
import { silentLogger } from '#node/platform/log.ts';
import { createTestDatabase, type TestDatabase } from '#node/platform/testing/postgres.ts';
import type { Hex, LogFilter, SourceBlock } from '../model.ts';
import { covers } from './chain-cache.ts';
import { EthereumSource, type EthereumSourceOptions } from './ethereum.ts';
import { ReorgDetected } from './source.ts';
import { RpcProxy } from './testing/rpc-proxy.ts';
import { collect, transfersOf } from './testing/source-contract.ts';
import { TestChain, testAddress } from './testing/test-chain.ts';

let database: TestDatabase;
let chain: TestChain;
let proxy: RpcProxy;
let url: string;
let token: Hex;
let other: Hex;
let both: LogFilter;
const opened: EthereumSource[] = [];
const caches: PostgresChainCache[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await DeploymentStore.migrate(database.pool);
  chain = await TestChain.start();
  token = await chain.deployToken();
  other = await chain.deployToken();
  both = {
    ...transfersOf(token),
    entries: [...transfersOf(token).entries, ...transfersOf(other).entries],
  };
  await blocks(40);
  proxy = new RpcProxy(chain.url);
  url = await proxy.listen();
});

afterEach(async () => {
  for (const source of opened.splice(0)) await source.close();
  for (const cache of caches.splice(0)) await cache.settled();
  await database.pool.query('truncate indexer.cached_filters, indexer.cached_pieces, indexer.cached_calls');
});

afterAll(async () => {
  await proxy.close();
  await chain.stop();
  await database.close();
});

async function blocks(count: number): Promise<void> {
  for (let block = 0; block < count; block++) {
    await chain.transfer(token, [{ from: testAddress(1), to: testAddress(block), value: BigInt(block) }]);
    if (block % 3 === 0)
      await chain.transfer(other, [{ from: testAddress(2), to: testAddress(block), value: 1n }]);
    await chain.mine();
  }
}

async function open(options: Partial<EthereumSourceOptions> = {}, maxBytes?: number) {
  const cache = new PostgresChainCache({ pool: database.pool, log: silentLogger, maxBytes });
  const source = await EthereumSource.open({
    name: 'devnet',
    chainId: 31_337,
    urls: [url],
    finality: 5,
    firstSpan: 8,
    maxSpan: 8,
    backOffMs: 5,
    cache,
    ...options,
  });
  opened.push(source);
  caches.push(cache);
  proxy.calls.length = 0;
  return { source, cache };
}

const read = async (source: EthereumSource, filter: LogFilter, from = 0, to = 35): Promise<SourceBlock[]> =>
  collect(source.blocks({ after: null, from, to }, filter));
const logsOf = (found: readonly SourceBlock[]) => found.flatMap(({ logs }) => logs);
const heavy = () =>
  proxy.calls.filter(({ method, params }) => method !== 'eth_chainId' && params[0] !== 'latest').length;

/** What a reader without a cache sees. */
async function plain(filter: LogFilter, from = 0, to = 35): Promise<SourceBlock[]> {
  const { source } = await open({ cache: undefined });
  return read(source, filter, from, to);
}

async function warm(filter: LogFilter): Promise<number> {
  const { source, cache } = await open();
  await read(source, filter);
  await cache.settled();
  return heavy();
}

describe('a chain that was read before', () => {
  it('is served from the cache: the same blocks, next to no requests', async () => {
    const first = await warm(both);
    const { source } = await open({ firstSpan: 3 });
    const found = await read(source, both);
    const asked = heavy();
    expect(logsOf(found)).toEqual(logsOf(await plain(both)));
    expect(logsOf(found).length).toBeGreaterThan(35);
    for (const block of found)
      for (const log of block.logs) expect(block.transactions.has(log.transactionHash)).toBe(true);
    // Whose chain it is, where it is final, and whether the end of what is kept is on it.
    expect(asked).toBeLessThanOrEqual(4);
    expect(first).toBeGreaterThan(10 * asked);
  });

  it('serves whoever wants a part of what was asked, and nobody who wants more', async () => {
    await warm(both);
    const { source } = await open();
    const found = await read(source, transfersOf(other));
    expect(heavy()).toBeLessThanOrEqual(4);
    expect(logsOf(found)).toEqual(logsOf(await plain(transfersOf(other))));
    expect(found.at(-1)?.header.number).toBe(35);
    const { source: more } = await open();
    const every = await read(more, transfersOf(token, { everyBlock: true }));
    expect(every).toHaveLength(36);
    const { source: receipts } = await open();
    const withReceipts = await read(receipts, { ...both, receipts: true });
    expect(
      withReceipts.filter((block) => block.logs.length > 0).every((block) => block.receipts.size > 0),
    ).toBe(true);
  });

  it('is taken up in the middle of a piece, on the chain of the reader only', async () => {
    await warm(both);
    const { source } = await open();
    const after = await source.blockPointer(12);
    const found = await collect(source.blocks({ after, from: 13, to: 35 }, both));
    expect(logsOf(found)).toEqual(logsOf(await plain(both, 13)));
    const stranger = { number: 12, hash: `0x${'ab'.repeat(32)}` };
    await expect(collect(source.blocks({ after: stranger, from: 13, to: 35 }, both))).rejects.toBeInstanceOf(
      ReorgDetected,
    );
  });

  it('is forgotten where it went back further than it may', async () => {
    await warm(both);
    await chain.reorg(20);
    await blocks(3);
    const { source } = await open();
    const found = await read(source, both);
    expect(logsOf(found)).toEqual(logsOf(await plain(both)));
    expect(logsOf(found).at(-1)?.blockNumber).toBeLessThan(30);
  });

  it('keeps nothing that is not final, and nothing of a chain where nothing is', async () => {
    const { source, cache } = await open({ finality: 30 });
    await read(source, both);
    await cache.settled();
    const { rows } = await database.pool.query('select max(last_block) as last from indexer.cached_pieces');
    expect(rows[0].last).toBeLessThanOrEqual((await chain.height()) - 30);
    await database.pool.query('truncate indexer.cached_filters, indexer.cached_pieces');
    const { source: dev, cache: unused } = await open({ finality: 'none' });
    await read(dev, both);
    await unused.settled();
    expect((await database.pool.query('select from indexer.cached_pieces')).rowCount).toBe(0);
  });

  it('is kept within a bound', async () => {
    const { source, cache } = await open({ firstSpan: 1, maxSpan: 1 }, 4_000);
    await read(source, both);
    await cache.settled();
    // The bound is looked at when the first piece is kept and every 64 MB from there.
    const { source: again, cache: pruning } = await open({ firstSpan: 1, maxSpan: 1 }, 4_000);
    await read(again, { ...both, everyBlock: true }, 0, 0);
    await pruning.settled();
    const { rows } = await database.pool.query('select sum(bytes)::int as bytes from indexer.cached_pieces');
    expect(rows[0].bytes).toBeLessThanOrEqual(4_000);
  });
});

describe('contract calls', () => {
  const nothing = testAddress(77);

  it('are answered once, reverts included; empty answers are asked again', async () => {
    const { source, cache } = await open();
    const block = await source.head();
    const requests = [
      { to: token, data: `0x${'00'.repeat(96)}` as Hex, view: true }, // logs: reverts in a static call, answers nothing
      { to: nothing, data: '0x12345678' as Hex, view: true },
      { to: '0x0000000000000000000000000000000000000004' as Hex, data: '0xabcdef' as Hex, view: true }, // identity
    ];
    const first = await source.calls(block, requests);
    expect(first[2]).toEqual({ reverted: false, data: '0xabcdef' });
    await cache.settled();
    const { source: second } = await open();
    expect((await second.calls(block, requests)).map(({ reverted }) => reverted)).toEqual(
      first.map(({ reverted }) => reverted),
    );
    expect(await second.call({ to: requests[2]?.to as Hex, data: '0xabcdef', block })).toEqual(first[2]);
    const calls = proxy.calls.filter(({ method }) => method === 'eth_call');
    expect(calls.every(({ params }) => (params[0] as { to: Hex }).to !== requests[2]?.to)).toBe(true);
  });
});

it('knows which filters hold which', () => {
  const topic1: Hex[] = [`0x${'11'.repeat(32)}`];
  const narrow = { ...both, entries: both.entries.map((entry) => ({ ...entry, topic1 })) };
  expect(covers(both, narrow)).toBe(true);
  expect(covers(narrow, both)).toBe(false);
  expect(covers(transfersOf(null), both)).toBe(true);
  const calls = (address: Hex | null, selector: Hex | null) => ({ ...both, calls: [{ address, selector }] });
  expect(covers(calls(token, null), calls(token, '0x12345678'))).toBe(true);
  expect(covers(calls(token, '0x12345678'), calls(token, null))).toBe(false);
  expect(covers(both, calls(token, null))).toBe(false);
});
