import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '#node/platform/package-root.ts';
import { loadDeployment } from '../manifest/load-deployment.ts';
import { BlockRunner } from './block-runner.ts';
import { idOf, piecesOf } from './read-ahead.ts';
import { MemoryStore } from './testing/memory-store.ts';
import { address, hash, transferBlock, triggersFor } from './testing/synthetic-chain.ts';

const logOf = (from: number, to: number) => {
  const [log] = transferBlock(1, [{ token: 7, from, to, value: 99n }]).logs;
  if (!log) throw new Error('the block has a log');
  return log;
};

test.each([
  ['an address', address(7), (log: ReturnType<typeof logOf>) => log.address],
  ['two joined', `${address(7)}-${address(11)}`, () => `${address(7)}-${address(21)}`],
  ['two as bytes', `${address(7)}${address(12).slice(2)}`, () => `${address(7)}${address(22).slice(2)}`],
  ['a whole word', hash(11), () => hash(21)],
])('ids made of %s are told from the log and made of the next one', (_, key, wanted) => {
  const pieces = piecesOf(key, logOf(11, 12));
  expect(pieces).not.toBeNull();
  expect(idOf(pieces ?? [], logOf(21, 22))).toBe(wanted(logOf(21, 22)));
});

test('ids that a log does not make are not guessed', () => {
  expect(piecesOf('factory', logOf(11, 12))).toBeNull();
  expect(piecesOf(address(13), logOf(11, 12))).toBeNull();
  expect(piecesOf('-', logOf(11, 12))).toBeNull();
});

test('after some events the store is asked once a run and type, and the outcomes are the same', async () => {
  const token = await loadDeployment(join(packageRoot, 'indexer/mapping/fixtures/token'));
  const blocks = Array.from({ length: 6 }, (_, number) => {
    const transfers = Array.from({ length: 5 }, (_, index) => ({
      token: 1,
      from: 100 + number * 10 + index,
      to: 200 + number * 10 + index,
      value: 5n,
    }));
    const block = transferBlock(number + 1, transfers);
    return { ...block, triggers: triggersFor(block, 'handleTransfer') };
  });
  const plain = new MemoryStore(token.schema);
  const ahead = new MemoryStore(token.schema);
  const [slow, fast] = [new BlockRunner(token, plain), new BlockRunner(token, ahead)];
  fast.readAhead(blocks.slice(0, 1));
  for (const block of blocks) {
    expect(fast.run(block)).toEqual(slow.run(block));
    if (block === blocks[0]) {
      ahead.requests.length = 0;
      fast.readAhead(blocks.slice(1));
    }
  }
  expect(ahead.requests).toEqual(['Account × 50']);
  expect(plain.requests.length).toBeGreaterThan(50);
});
