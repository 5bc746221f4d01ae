// Which logs a filter wants, against the definition of execution-apis; and that what is known of a block beforehand never hides one of them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallParameters } from './call-parameters.ts';
import type { BlockSummary, EthBlock } from './eth-block.ts';
import { EthBlocks } from './eth-blocks.ts';
import { getLogs } from './get-logs.ts';
import { matches, mayMatch, readLogFilter } from './log-filter.ts';
import { systemAddresses, systemTopics } from './system-events.ts';
import { MemoryChain, TestAccount } from './testing/memory-chain.ts';

const accounts = Array.from({ length: 6 }, (_, nth) => new TestAccount(`account ${nth}`));
const word = (hex: string) => `0x${hex.padStart(64, '0')}`;

/** A chain of 60 blocks in which everybody pays somebody, with some events of the chain's own. */
function someChain(): MemoryChain {
  const chain = new MemoryChain(accounts);
  for (let height = 1; height <= 60; height++) {
    const [from, to] = [accounts[height % 6], accounts[(height * 5 + 1) % 6]] as [TestAccount, TestAccount];
    const { nonce } = chain.account(from.address);
    chain.grow({
      siblings: height % 2,
      transactions:
        height % 3 === 0
          ? []
          : [from.transaction(nonce, [{ kind: 'transfer', to: to.address, amount: BigInt(height) }])],
      events:
        height % 7 === 0 ? [{ kind: 'validatorChanged', validator: from.hex, active: height % 2 === 0 }] : [],
    });
  }
  return chain;
}

const chain = someChain();
const blocks = new EthBlocks(chain);

const addresses = fc.constantFrom(...Object.values(systemAddresses), `0x${'11'.repeat(20)}`);
const topics = fc.constantFrom(
  ...Object.values(systemTopics),
  ...accounts.map(({ hex }) => word(hex)),
  word('1'),
);
const place = fc.oneof(fc.constant(null), topics, fc.array(topics, { minLength: 1, maxLength: 3 }));
const filters = fc.record({
  address: fc.option(fc.oneof(addresses, fc.array(addresses, { minLength: 1, maxLength: 3 })), {
    nil: undefined,
  }),
  topics: fc.option(fc.array(place, { maxLength: 4 }), { nil: undefined }),
});

/** The definition. */
function wanted(
  log: { readonly address: string; readonly topics: readonly string[] },
  filter: { readonly address?: string | string[]; readonly topics?: (null | string | string[])[] },
): boolean {
  const among = (value: string | undefined, list: string | string[]) =>
    value !== undefined && [list].flat().includes(value);
  if (filter.address !== undefined && !among(log.address, filter.address)) return false;
  return (filter.topics ?? []).every((each, nth) =>
    each === null ? log.topics.length > nth : among(log.topics[nth], each),
  );
}

const ask = async (filter: unknown, limits?: Parameters<typeof getLogs>[2]) =>
  JSON.parse((await getLogs(blocks, new CallParameters('eth_getLogs', [filter]), limits)).text) as {
    address: string;
    topics: string[];
    blockNumber: string;
    logIndex: string;
  }[];

describe('eth_getLogs', () => {
  it('finds the logs that the definition wants, whatever is known of a block beforehand', async () => {
    const everything = await ask({ fromBlock: '0x0' });
    expect(everything.length).toBeGreaterThan(100);
    await fc.assert(
      fc.asyncProperty(filters, fc.nat(60), fc.nat(60), async (filter, one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        const expected = everything.filter(
          (log) => Number(log.blockNumber) >= from && Number(log.blockNumber) <= to && wanted(log, filter),
        );
        const range = { fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` };
        expect(await ask({ ...filter, ...range })).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('looks only into blocks that may have some', () => {
    const read = (filter: Record<string, unknown>) =>
      readLogFilter(new CallParameters('eth_getLogs', []), 0, filter);
    const rare = read({ address: systemAddresses.Staking });
    const mine = word(accounts[2]?.hex ?? '');
    const payments = read({ topics: [systemTopics.transfer, mine] });
    let [looked, had, touched] = [0, 0, 0];
    for (let index = 1; index <= 60; index++) {
      const block = blocks.at(index) as EthBlock;
      const summary = blocks.summaryAt(index) as BlockSummary;
      expect(mayMatch(rare, summary)).toBe(index % 7 === 0);
      const has = block.logs.some((log) => matches(payments, log));
      had += Number(has);
      looked += Number(mayMatch(payments, summary));
      touched += Number(
        block.logs.some(
          ({ topics: [kind, ...others] }) => kind === systemTopics.transfer && others.includes(mine),
        ),
      );
      if (has) expect(mayMatch(payments, summary)).toBe(true);
    }
    expect(had).toBeGreaterThan(3);
    // A bloom does not know places, and errs now and then.
    expect(touched).toBeLessThan(30);
    expect(looked).toBeLessThan(touched + 3);
  });

  it('names a range that will do where it refuses one', async () => {
    const few = { blocks: 20, logs: 30, milliseconds: 5_000 };
    for (const limits of [few, { ...few, blocks: 1_000 }, { ...few, logs: 1_000 }]) {
      const found: unknown[] = [];
      let [from, refusals] = [1, 0];
      while (from <= 60) {
        let to = 60;
        for (;;) {
          const range = { fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` };
          try {
            found.push(...(await ask(range, limits)));
            break;
          } catch (error) {
            refusals += 1;
            const [, first, last] = /\[(0x[0-9a-f]+), (0x[0-9a-f]+)\]/.exec((error as Error).message) ?? [];
            expect(Number(first)).toBe(from);
            expect(Number(last)).toBeLessThan(to);
            to = Number(last);
          }
        }
        from = to + 1;
      }
      expect(refusals).toBeGreaterThan(1);
      expect(found).toEqual(await ask({ fromBlock: '0x1' }));
    }
  });

  it('does not mix two branches when the chain is reorganized meanwhile', async () => {
    const slow = someChain();
    const read = slow.block.bind(slow);
    slow.block = (at) => {
      // Longer than a question may keep the thread.
      for (const began = performance.now(); performance.now() - began < 10; );
      return read(at);
    };
    const logs = (from: number) =>
      getLogs(
        new EthBlocks(slow),
        new CallParameters('eth_getLogs', [{ fromBlock: `0x${from.toString(16)}` }]),
      );
    const mixed = logs(51);
    setTimeout(() => slow.reorganize(10, Array(12).fill({})), 25);
    await expect(mixed).rejects.toThrow(/try again/);
    // One that has only passed blocks that stay is not disturbed.
    const below = logs(20);
    setTimeout(() => slow.reorganize(2, Array(3).fill({})), 25);
    expect((JSON.parse((await below).text) as unknown[]).length).toBeGreaterThan(20);
  });

  it('says from where on logs are kept, rather than that there were none', async () => {
    const pruned = someChain();
    pruned.oldest = 10;
    const logs = (fromBlock: string, toBlock: string) =>
      getLogs(new EthBlocks(pruned), new CallParameters('eth_getLogs', [{ fromBlock, toBlock }]));
    await expect(logs('0x9', '0x20')).rejects.toThrow(/from 0xa on/);
    expect((await logs('0xa', '0xa')).text).not.toBe('[]');
  });

  it('refuses what is no filter with what one is', async () => {
    const bad = [
      [undefined, /a filter/],
      [{ fromBlock: '0x5', toBlock: '0x2' }, /not above its toBlock/],
      [{ fromBlock: 5 }, /a 0x… number/],
      [{ blockHash: `0x${'0'.repeat(64)}`, fromBlock: '0x1' }, /either blockHash/],
      [{ address: '0x12' }, /40 hexadecimal digits/],
      [{ address: Array(1_001).fill(`0x${'0'.repeat(40)}`) }, /at most 1000/],
      [{ topics: [null, null, null, null, null] }, /at most 4/],
      [{ topics: ['0x1'] }, /64 hexadecimal digits/],
      [{ blockHash: `0x${'0'.repeat(64)}` }, /unknown block/],
    ] as const;
    for (const [filter, why] of bad) await expect(ask(filter)).rejects.toThrow(why);
    expect(await ask({ fromBlock: '0x100', toBlock: '0x200' })).toEqual([]);
  });
});
