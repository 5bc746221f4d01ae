import { join } from 'node:path';
import { id } from 'ethers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Hex } from '#indexer/model.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { loadDeployment } from '../manifest/load-deployment.ts';
import type { LoadedSubgraph } from '../manifest/manifest.ts';
import { BlockRunner } from './block-runner.ts';
import { MemoryStore } from './testing/memory-store.ts';
import { address, hash, transferBlock, triggersFor, word } from './testing/synthetic-chain.ts';

let token: LoadedSubgraph;
beforeAll(async () => {
  token = await loadDeployment(join(packageRoot, 'indexer/mapping/fixtures/token'));
});

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.slice(2), 'hex'));

describe('a compiled ERC-20 mapping', () => {
  test('turns transfers into entities', () => {
    const store = new MemoryStore(token.schema);
    const runner = new BlockRunner(token, store);
    const block = transferBlock(5, [
      { token: 1, from: 0, to: 10, value: 2_500_000_000_000_000_000n },
      { token: 1, from: 10, to: 11, value: 1n },
    ]);
    const outcome = runner.run({ ...block, triggers: triggersFor(block, 'handleTransfer') });
    expect(outcome.failure).toBeUndefined();
    expect(outcome.modifications.map(({ type }) => type)).toEqual([
      'Token',
      'Account',
      'Account',
      'Transfer',
      'Account',
      'Transfer',
    ]);
    store.apply(outcome);
    expect(store.get('Token', bytes(address(1)))).toEqual({
      id: bytes(address(1)),
      transfers: 2n,
      volume: { digits: 2_500_000_000_000_000_001n, exp: -18 },
    });
    expect(store.get('Account', bytes(address(1) + address(10).slice(2)))).toMatchObject({
      balance: 2_499_999_999_999_999_999n,
      transfers: 2,
      updatedAt: 5n,
      token: bytes(address(1)),
    });
    expect(store.get('Account', bytes(address(1) + address(0).slice(2)))).toMatchObject({
      balance: -2_500_000_000_000_000_000n,
    });
    const [transfer] = store.all('Transfer');
    expect(transfer).toMatchObject({
      amount: { digits: 25n, exp: -1 },
      block: 5n,
      timestamp: BigInt(block.header.timestamp),
      transaction: bytes([...block.transactions.keys()][0] as string),
    });
    // Two tokens and accounts were looked up; nothing was asked twice, and immutable transfers never.
    expect(store.requests).toEqual(['Token × 1', 'Account × 1', 'Account × 1', 'Account × 1']);
  });

  test('a log of another event with the same topic is skipped', () => {
    const store = new MemoryStore(token.schema);
    const block = transferBlock(5, [{ token: 1, from: 0, to: 10, value: 7n }]);
    // ERC-721: the token id is a fourth topic and there is no data.
    const [log] = block.logs;
    if (log === undefined) throw new Error('no log');
    const nft = { ...block, logs: [{ ...log, topics: [...log.topics, hash(7)], data: '0x' as const }] };
    const outcome = new BlockRunner(token, store).run({
      ...nft,
      triggers: triggersFor(nft, 'handleTransfer'),
    });
    expect(outcome).toMatchObject({ modifications: [], createdDataSources: [] });
    expect(outcome.failure).toBeUndefined();
  });

  test('a replaced cache and a kept one give the same entities', () => {
    const blocks = Array.from({ length: 10 }, (_, number) =>
      transferBlock(
        number + 1,
        Array.from({ length: 5 }, (_, index) => ({
          token: (number * 7 + index) % 3,
          from: (number * 5 + index * 3) % 11,
          to: (number * 3 + index * 5 + 1) % 11,
          value: BigInt(number * 1000 + index),
        })),
      ),
    );
    const run = (options: { cacheBytes: number; fresh: boolean }): MemoryStore => {
      const store = new MemoryStore(token.schema);
      let runner = new BlockRunner(token, store, { cacheBytes: options.cacheBytes });
      for (const block of blocks) {
        if (options.fresh) runner = new BlockRunner(token, store, { cacheBytes: options.cacheBytes });
        store.apply(runner.run({ ...block, triggers: triggersFor(block, 'handleTransfer') }));
        runner.visible(block.header.number);
      }
      return store;
    };
    const kept = run({ cacheBytes: 1e9, fresh: false });
    const tiny = run({ cacheBytes: 2_000, fresh: false });
    const fresh = run({ cacheBytes: 1e9, fresh: true });
    for (const type of ['Token', 'Account', 'Transfer']) {
      expect(tiny.entities.get(type)).toEqual(kept.entities.get(type));
      expect(fresh.entities.get(type)).toEqual(kept.entities.get(type));
    }
    expect(tiny.requests.length).toBeGreaterThan(kept.requests.length + 10);
  });
});

test('what a module allocates behind an arena of the host while it starts is there for every handler', async () => {
  const swaps = await loadDeployment(join(packageRoot, 'indexer/mapping/fixtures/swaps'));
  const runner = new BlockRunner(swaps, new MemoryStore(swaps.schema));
  const block = transferBlock(1, [{ token: 7, from: 5, to: 6, value: 25n * 10n ** 17n }]);
  const [log] = block.logs;
  if (!log) throw new Error('the block has a log');
  const created = {
    ...log,
    topics: [id('PairCreated(address,address,address,uint256)') as Hex, hash(5), hash(6)],
    data: `${hash(7)}${word(1)}` as Hex,
  };
  const factory = [
    { kind: 'event', dataSource: 0, handler: 'handlePairCreated', log: created, receipt: false },
  ] as const;
  expect(runner.run({ ...block, triggers: factory }).createdDataSources).toHaveLength(1);
  // 10 ** 18, by which the amount is divided, comes from a constant made at the module's start.
  const outcome = runner.run({ ...block, triggers: triggersFor(block, 'handleTransfer', 1) });
  expect(outcome.failure).toBeUndefined();
  expect(outcome.modifications.find(({ type }) => type === 'ShareTransfer')?.data).toMatchObject({
    value: { digits: 25n, exp: -1 },
  });
});
