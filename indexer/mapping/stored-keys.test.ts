import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '#node/platform/package-root.ts';
import { loadDeployment } from '../manifest/load-deployment.ts';
import type { MappingBlock } from '../pipeline/mapper.ts';
import { BlockRunner } from './block-runner.ts';
import { StoredKeys } from './stored-keys.ts';
import { MemoryStore } from './testing/memory-store.ts';
import { transferBlock, triggersFor } from './testing/synthetic-chain.ts';

describe('StoredKeys', () => {
  test('never denies a key that was added, and denies nearly all others', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 4, maxLength: 40 }), { minLength: 1 }), (keys) => {
        const stored = new StoredKeys(true);
        const [other, ...added] = keys as [string, ...string[]];
        for (const key of added) stored.add(1, key);
        expect(added.every((key) => stored.mayHold(1, key))).toBe(true);
        expect(stored.mayHold(1, other)).toBe(false);
        expect(stored.mayHold(2, added[0] ?? other)).toBe(false);
      }),
    );
    const stored = new StoredKeys(true);
    for (let index = 0; index < 200_000; index += 1) stored.add(1, `0x${index.toString(16)}`);
    const wrong = Array.from({ length: 20_000 }, (_, index) => stored.mayHold(1, `other ${index}`)).filter(
      Boolean,
    );
    expect(wrong.length).toBeLessThan(20);
  });

  test('of a store that may hold anything denies nothing', () => {
    expect(new StoredKeys(false).mayHold(0, 'x')).toBe(true);
  });
});

test('a mapping that began on an empty store asks only for what left its cache, and ends with the same entities', async () => {
  const token = await loadDeployment(join(packageRoot, 'indexer/mapping/fixtures/token'));
  const blockOf = (number: number): MappingBlock => {
    const block = transferBlock(
      number,
      Array.from({ length: 4 }, (_, index) => ({
        token: index % 2,
        from: (number * 3 + index) % 61,
        to: (number * 5 + index + 1) % 67,
        value: BigInt(number * 10 + index),
      })),
    );
    return { ...block, triggers: triggersFor(block, 'handleTransfer') };
  };
  const runOver = (cacheBytes: number, empty: boolean): MemoryStore => {
    const store = new MemoryStore(token.schema);
    const runner = new BlockRunner(token, store, { cacheBytes });
    runner.reset([], empty);
    for (let number = 1; number <= 120; number += 1) {
      store.apply(runner.run(blockOf(number)));
      runner.visible(number);
    }
    return store;
  };
  const asking = runOver(1 << 28, false);
  const knowing = runOver(1 << 28, true);
  const evicting = runOver(3_000, true);
  expect(asking.requests.length).toBeGreaterThan(50);
  expect(knowing.requests).toEqual([]);
  expect(evicting.requests.length).toBeGreaterThan(50);
  expect(knowing.entities).toEqual(asking.entities);
  expect(evicting.entities).toEqual(asking.entities);
});
