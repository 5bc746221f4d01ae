// Recorded blocks: the real mainnet ones are proven, anything changed in them is refused.
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { keccak256 } from 'ethers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecordedSource } from './recorded.ts';
import { recordBlocks } from './testing/record-blocks.ts';
import { recordedMainnet } from './testing/recorded-mainnet.ts';
import { collect, transfersOf } from './testing/source-contract.ts';
import { TestChain, testAddress } from './testing/test-chain.ts';
import { orderedTrieRoot } from './verify/ordered-trie.ts';
import { type RecordedBlock, verifyRecordedBlock } from './verify/recorded-block.ts';

const mainnet = recordedMainnet() ?? '';

/** Every leaf of a JSON value that can be changed in one place: its path and the changed value. */
function* mutations(value: unknown, path: readonly (string | number)[] = []): Generator<Mutation> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* mutations(item, [...path, index]);
    if (value.length > 0) yield { path, value: value.slice(0, -1) };
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* mutations(item, [...path, key]);
  } else if (typeof value === 'boolean') yield { path, value: !value };
  else if (value === null) yield { path, value: `0x${'11'.repeat(20)}` };
  else if (typeof value === 'string' && /[0-9a-f]$/.test(value)) {
    const digit = Number.parseInt(value.at(-1) as string, 16) ^ 1;
    yield { path, value: `${value.slice(0, -1)}${digit.toString(16)}` };
    const at = 2 + Math.floor((value.length - 2) / 2);
    const middle = Number.parseInt(value[at] ?? '', 16);
    if (!Number.isNaN(middle) && at < value.length - 1)
      yield { path, value: `${value.slice(0, at)}${(middle ^ 8).toString(16)}${value.slice(at + 1)}` };
  }
}

interface Mutation {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

function withMutation(recorded: RecordedBlock, { path, value }: Mutation): RecordedBlock {
  const copy = structuredClone(recorded) as unknown;
  let at = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  at[path.at(-1) as string | number] = value;
  return copy as RecordedBlock;
}

describe('the trie of an ordered list', () => {
  it('gives the roots that every Ethereum client gives', () => {
    // The empty trie, and the withdrawals root of a Shanghai block without any.
    expect(orderedTrieRoot([])).toBe('0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421');
    // One item: a leaf with key rlp(0) = 80; RLP [20 80, value] written out by hand.
    expect(orderedTrieRoot(['0x2a'])).toBe(keccak256('0xc48220802a'));
  });
});

describe('a recording of a development chain', () => {
  let folder: string;
  let recorded: RecordedBlock;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recorded-'));
    const chain = await TestChain.start();
    const token = await chain.deployToken();
    await chain.transfer(token, [{ from: testAddress(1), to: testAddress(2), value: 3n }]);
    await chain.transfer(token, [
      { from: testAddress(2), to: testAddress(3), value: 2n },
      { from: testAddress(2), to: testAddress(1), value: 1n },
    ]);
    const height = await chain.mine();
    await chain.mine(3);
    await recordBlocks(
      (method, params) => chain.send(method, params),
      [height, height + 1, height + 3],
      folder,
    );
    await chain.stop();
    recorded = JSON.parse(gunzipSync(await readFile(join(folder, `${height}.json.gz`))).toString());
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('is refused whichever field is changed', () => {
    expect(verifyRecordedBlock(recorded, 31337).logs).toHaveLength(3);
    const believed: string[] = [];
    let tried = 0;
    for (const mutation of mutations(recorded)) {
      tried++;
      try {
        verifyRecordedBlock(withMutation(recorded, mutation), 31337);
        believed.push(mutation.path.join('.'));
      } catch (error) {
        expect(error).toMatchObject({ code: 'RECORDING_FORGED' });
      }
    }
    expect(tried).toBeGreaterThan(150);
    // In no hash of the block: total difficulty is not shown to anybody, blobGasPrice and the time of a log are JSON-RPC extras
    // that the indexer does not read.
    const outside = /totalDifficulty$|blobGas(Price|Used)$|blockTimestamp$/;
    expect(believed.filter((path) => !outside.test(path))).toEqual([]);
  });

  it('is of the chain that its transactions were signed for', async () => {
    expect(() => verifyRecordedBlock(recorded, 1)).toThrow(/chainId/);
    expect((await RecordedSource.open({ folder })).chainId).toBe(31337);
  });

  it('may have gaps, and says so', async () => {
    const source = await RecordedSource.open({ folder });
    expect(source.capabilities).toMatchObject({ contiguous: false, calls: false });
    const head = await source.head();
    expect(await source.blockPointer(head.number - 1)).toBeNull();
    const blocks = await collect(
      source.blocks({ after: null, from: 0, to: head.number }, transfersOf(null, { everyBlock: true })),
    );
    expect(blocks.map((block) => block.header.number - head.number)).toEqual([-3, -2, 0]);
  });

  it('fails by name for what was not recorded', async () => {
    const source = await RecordedSource.open({ folder });
    const block = await source.head();
    const to = testAddress(9);
    await expect(source.call({ to, data: '0x06fdde03', block })).rejects.toThrow(
      new RegExp(`call of ${to} with 0x06fdde03 at block ${block.number}`),
    );
    await expect(source.getBalance(to, block)).rejects.toThrow(new RegExp(`balance of ${to}`));
    await writeFile(
      join(folder, 'calls.json'),
      JSON.stringify([{ block: block.number, to, data: '0x06fdde03', result: '0x01' }]),
    );
    const withCalls = await RecordedSource.open({ folder });
    expect(await withCalls.call({ to, data: '0x06fdde03', block })).toEqual({
      reverted: false,
      data: '0x01',
    });
    await expect(withCalls.call({ to, data: '0x06fdde04', block })).rejects.toThrow(/not in the recording/);
  });

  it('names what is wrong with its files', async () => {
    await expect(RecordedSource.open({ folder: join(folder, 'nowhere') })).rejects.toThrow(/nowhere/);
    const broken = await mkdtemp(join(tmpdir(), 'recorded-'));
    await expect(RecordedSource.open({ folder: broken })).rejects.toThrow(/holds no recorded block/);
    await writeFile(join(broken, '7.json'), '{ "block": ');
    await expect(RecordedSource.open({ folder: broken })).rejects.toThrow(/7\.json/);
    await rm(broken, { recursive: true });
  });
});

describe.skipIf(!mainnet)('the recorded mainnet blocks', () => {
  it('are proven: every transaction, every log', { timeout: 120_000 }, async () => {
    const source = await RecordedSource.open({ folder: mainnet });
    expect(source).toMatchObject({ name: 'mainnet', chainId: 1 });
    const range = { after: null, from: 0, to: Number.MAX_SAFE_INTEGER };
    let [blocks, transactions, receiptLogs] = [0, 0, 0];
    for await (const batch of source.blocks(range, transfersOf(null, { everyBlock: true })))
      for (const block of batch) {
        blocks++;
        transactions += block.transactions.size;
        for (const receipt of block.receipts.values()) receiptLogs += receipt.logs.length;
      }
    expect({ blocks, transactions, receiptLogs }).toEqual({
      blocks: 4,
      transactions: 511,
      receiptLogs: 1900,
    });
  });

  it('are refused when one digit of one field is changed', { timeout: 240_000 }, () => {
    const names = readdirSync(mainnet).filter((name) => name.endsWith('.json.gz'));
    const read = names.map(
      (name) => JSON.parse(gunzipSync(readFileSync(join(mainnet, name))).toString()) as RecordedBlock,
    );
    const all = read.map((recorded) => [...mutations(recorded)]);
    fc.assert(
      fc.property(fc.nat(read.length - 1), fc.nat(), (which, seed) => {
        const candidates = all[which] as Mutation[];
        const mutation = candidates[(seed * 7_919) % candidates.length] as Mutation;
        expect(
          () => verifyRecordedBlock(withMutation(read[which] as RecordedBlock, mutation), 1),
          mutation.path.join('.'),
        ).toThrow(expect.objectContaining({ code: 'RECORDING_FORGED' }));
      }),
      { numRuns: Number(process.env.FORGERY_RUNS ?? 12) },
    );
  });
});
