// What every kind of source has to do, whatever stands behind it. Each kind runs this suite over the same small chain:
// `blocks` heights, each with the transfers the fixture names.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Hex, LogFilter, SourceBlock } from '../../model.ts';
import { ReorgDetected, type Source } from '../source.ts';
import { TRANSFER_TOPIC } from './test-chain.ts';

export interface ContractFixture {
  readonly source: Source;
  readonly token: Hex;
  readonly otherToken: Hex;
  readonly first: number;
  readonly last: number;
  /** Height → number of transfers of `token` in it. */
  readonly transfers: ReadonlyMap<number, number>;
  /** A height in the range in which `otherToken` emits, too. */
  readonly otherTokenAt: number;
}

export async function collect(batches: AsyncIterable<SourceBlock[]>): Promise<SourceBlock[]> {
  const blocks: SourceBlock[] = [];
  for await (const batch of batches) blocks.push(...batch);
  return blocks;
}

export function transfersOf(address: Hex | null, rest: Partial<LogFilter> = {}): LogFilter {
  return { entries: [{ address, topic0: TRANSFER_TOPIC }], receipts: false, everyBlock: false, ...rest };
}

export function sourceContract(kind: string, open: () => Promise<ContractFixture>): void {
  describe(`a ${kind} source`, () => {
    let fixture: ContractFixture;
    let source: Source;
    const all = () => ({ after: null, from: fixture.first, to: fixture.last });

    beforeAll(async () => {
      fixture = await open();
      source = fixture.source;
    });

    it('serves exactly the matching logs, in chain order, with their transactions', async () => {
      const blocks = await collect(source.blocks(all(), transfersOf(fixture.token)));
      const counts = new Map(blocks.map((block) => [block.header.number, block.logs.length]));
      for (const [height, count] of fixture.transfers)
        if (count > 0) expect([height, counts.get(height)]).toEqual([height, count]);
      const total = [...fixture.transfers.values()].reduce((sum, count) => sum + count, 0);
      const logs = blocks.flatMap((block) => block.logs);
      expect(logs).toHaveLength(total);
      expect(total).toBeGreaterThan(10);
      for (const block of blocks)
        for (const log of block.logs) {
          expect(log.address).toBe(fixture.token);
          expect(log.blockHash).toBe(block.header.hash);
          expect(block.transactions.get(log.transactionHash)?.index).toBe(log.transactionIndex);
        }
      const places = logs.map((log) => log.blockNumber * 1e6 + log.logIndex);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    });

    it('ends every batch with the last block it covers, matching or not', async () => {
      const nothing: LogFilter = transfersOf('0x00000000000000000000000000000000000000ff');
      const blocks = await collect(source.blocks(all(), nothing));
      expect(blocks.at(-1)?.header.number).toBe(fixture.last);
      expect(blocks.flatMap((block) => block.logs)).toEqual([]);
      expect(await source.blockPointer(fixture.last)).toMatchObject({ hash: blocks.at(-1)?.header.hash });
    });

    it('takes any contract when the filter names none, and narrows by further topics', async () => {
      const any = await collect(source.blocks(all(), transfersOf(null)));
      const at = any.find((block) => block.header.number === fixture.otherTokenAt);
      const addresses = new Set(at?.logs.map((log) => log.address));
      expect(addresses).toContain(fixture.otherToken);
      const someone = any.flatMap((block) => block.logs)[0]?.topics[1] as Hex;
      const expected = any.flatMap((block) => block.logs).filter((log) => log.topics[1] === someone);
      const narrowed = await collect(
        source.blocks(all(), {
          ...transfersOf(null),
          entries: [{ address: null, topic0: TRANSFER_TOPIC, topic1: [someone] }],
        }),
      );
      expect(narrowed.flatMap((block) => block.logs)).toEqual(expected);
    });

    it('brings receipts when asked, every block when asked', async () => {
      const blocks = await collect(
        source.blocks(all(), transfersOf(fixture.token, { receipts: true, everyBlock: true })),
      );
      expect(blocks.map((block) => block.header.number)).toEqual([...fixture.transfers.keys()]);
      for (const block of blocks)
        for (const log of block.logs) {
          const receipt = block.receipts.get(log.transactionHash);
          expect(receipt?.status).toBe(1n);
          expect(receipt?.logs).toContainEqual(log);
          expect(receipt?.logsBloom).toHaveLength(2 + 512);
        }
    });

    it('leaves heights above the head out', async () => {
      const blocks = await collect(source.blocks({ ...all(), to: fixture.last + 1_000 }, transfersOf(null)));
      expect(blocks.at(-1)?.header.number).toBe(fixture.last);
      expect(await source.blockPointer(fixture.last + 1)).toBeNull();
      expect((await source.head()).number).toBe(fixture.last);
    });

    it('refuses to continue from a block that the chain does not have', async () => {
      const stranger = { number: fixture.first, hash: `0x${'ab'.repeat(32)}` };
      const reading = collect(
        source.blocks({ after: stranger, from: fixture.first + 1, to: fixture.last }, transfersOf(null)),
      );
      await expect(reading).rejects.toBeInstanceOf(ReorgDetected);
    });

    it('continues from a block that the chain has', async () => {
      const middle = await source.blockPointer(fixture.first + 2);
      const blocks = await collect(
        source.blocks({ after: middle, from: fixture.first + 3, to: fixture.last }, transfersOf(null)),
      );
      expect(blocks.at(-1)?.header.number).toBe(fixture.last);
      expect(blocks[0]?.header.number).toBeGreaterThan(fixture.first + 2);
    });

    it('stops when told to', async () => {
      const signal = AbortSignal.abort();
      await expect(collect(source.blocks({ ...all(), signal }, transfersOf(null)))).rejects.toThrow(/abort/i);
    });
  });
}
