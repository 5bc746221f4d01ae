// Both kinds of source over one chain: anvil live, and the same blocks recorded.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Hex } from '../model.ts';
import { EthereumSource } from './ethereum.ts';
import { RecordedSource } from './recorded.ts';
import { recordBlocks } from './testing/record-blocks.ts';
import { type ContractFixture, collect, sourceContract, transfersOf } from './testing/source-contract.ts';
import { TestChain, testAddress } from './testing/test-chain.ts';

let built: Promise<{ chain: TestChain; folder: string; rest: Omit<ContractFixture, 'source'> }> | undefined;

/** 24 blocks with 0 to 3 transfers of one token each, and one transfer of another. */
function fixtureChain() {
  built ??= (async () => {
    const chain = await TestChain.start();
    const token = await chain.deployToken();
    const otherToken = await chain.deployToken();
    const transfers = new Map<number, number>();
    const first = (await chain.height()) + 1;
    for (let block = 0; block < 24; block++) {
      const count = block % 4;
      for (let index = 0; index < count; index++)
        await chain.transfer(token, [
          { from: testAddress(index), to: testAddress(block), value: BigInt(1 + block) },
        ]);
      if (block === 13)
        await chain.transfer(otherToken, [{ from: testAddress(1), to: testAddress(2), value: 5n }]);
      transfers.set(await chain.mine(), count);
    }
    const last = await chain.height();
    const folder = await mkdtemp(join(tmpdir(), 'recorded-'));
    await recordBlocks((method, params) => chain.send(method, params), [...transfers.keys()], folder);
    return {
      chain,
      folder,
      rest: { token, otherToken, first, last, transfers, otherTokenAt: first + 13 },
    };
  })();
  return built;
}

afterAll(async () => {
  const { chain, folder } = await fixtureChain();
  await chain.stop();
  await rm(folder, { recursive: true });
});

sourceContract('recorded', async () => {
  const { folder, rest } = await fixtureChain();
  return { source: await RecordedSource.open({ folder, maxBatchBytes: 6_000 }), ...rest };
});

for (const [what, options] of Object.entries({
  'live, nothing final': { finality: 'none' as const },
  'live, sparse below finality': { finality: 4, firstSpan: 3, logsPerRange: 4 },
  'live, headers verified': { finality: 'none' as const, verifyHeaders: true },
}))
  sourceContract(`${what}, ethereum`, async () => {
    const { chain, rest } = await fixtureChain();
    const source = await EthereumSource.open({
      name: 'devnet',
      chainId: 31337,
      urls: [chain.url],
      maxBatchBytes: 6_000,
      ...options,
    });
    return { source, ...rest };
  });

describe('a live source and its recording', () => {
  it('show the same blocks, to the last field', async () => {
    const { chain, folder, rest } = await fixtureChain();
    const live = await EthereumSource.open({ name: 'devnet', urls: [chain.url], finality: 'none' });
    const recorded = await RecordedSource.open({ folder });
    const range = { after: null, from: rest.first, to: rest.last };
    const filter = transfersOf(null, { receipts: true });
    const [a, b] = await Promise.all([
      collect(live.blocks(range, filter)),
      collect(recorded.blocks(range, filter)),
    ]);
    expect(
      a.map((block) => ({ header: { ...block.header, totalDifficulty: 0n }, logs: block.logs })),
    ).toEqual(b.map((block) => ({ header: block.header, logs: block.logs })));
    for (const [index, block] of a.entries())
      for (const [hash, transaction] of block.transactions) {
        expect(b[index]?.transactions.get(hash)).toEqual(transaction);
        if (block.logs.length > 0) expect(b[index]?.receipts.get(hash)).toEqual(block.receipts.get(hash));
      }
    await live.close();
  });

  it('tell heads, by subscription and by polling, reorgs at the same height included', async () => {
    const { chain } = await fixtureChain();
    for (const urls of [[chain.url], [chain.url, chain.webSocketUrl]]) {
      const source = await EthereumSource.open({
        name: 'devnet',
        urls,
        finality: 'none',
        pollIntervalMs: 20,
      });
      const heads: Hex[] = [];
      let wake = () => {};
      const stop = source.onHead((head) => {
        heads.push(head.hash);
        wake();
      });
      const until = async (condition: () => boolean) => {
        while (!condition())
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      };
      await until(() => heads.length === 1);
      const height = await chain.height();
      await chain.reorg(2);
      await until(() => heads.length >= 2);
      // The two blocks come one after the other, and may be seen so.
      let now = await source.head();
      while (now.number < height) {
        const before = now.hash;
        await until(() => heads.at(-1) !== before);
        now = await source.head();
      }
      await until(() => heads.at(-1) === now.hash);
      expect(now.number).toBe(height);
      expect(heads.at(-1)).not.toBe(heads[0]);
      stop();
      await source.close();
    }
  });
});
