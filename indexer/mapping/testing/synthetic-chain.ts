// Blocks made up for tests and benchmarks of the mapping runtime.
import type { BlockHeader, Hex, Log, SourceBlock, Transaction, Trigger } from '#indexer/model.ts';

export const word = (value: bigint | number): string =>
  BigInt.asUintN(256, BigInt(value)).toString(16).padStart(64, '0');
export const hash = (value: bigint | number): Hex => `0x${word(value)}`;
export const address = (value: bigint | number): Hex => `0x${word(value).slice(24)}`;

export const TRANSFER_TOPIC: Hex = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';

export function header(number: number): BlockHeader {
  return {
    number,
    hash: hash(number + 0xb10c_0000),
    parentHash: hash(number - 1 + 0xb10c_0000),
    unclesHash: hash(1),
    author: address(2),
    stateRoot: hash(3),
    transactionsRoot: hash(4),
    receiptsRoot: hash(5),
    gasUsed: 21_000n,
    gasLimit: 30_000_000n,
    timestamp: 1_700_000_000 + number * 12,
    difficulty: 0n,
    totalDifficulty: 58_750_003_716_598_352_816_469n,
    size: 1_234n,
    baseFeePerGas: 7_000_000_000n,
  };
}

export function transaction(number: number, index: number): Transaction {
  return {
    hash: hash(BigInt(number) * 1_000_000n + BigInt(index) + (0x7a00n << 128n)),
    index,
    from: address(100 + index),
    to: address(200),
    value: 10n ** 18n,
    gasLimit: 21_000n,
    gasPrice: 9_000_000_000n,
    input: '0xa9059cbb',
    nonce: BigInt(index),
  };
}

export interface TransferSpec {
  readonly token: bigint | number;
  readonly from: bigint | number;
  readonly to: bigint | number;
  readonly value: bigint;
}

/** A block of ERC-20 transfers, one transaction each. */
export function transferBlock(number: number, transfers: readonly TransferSpec[]): SourceBlock {
  const transactions = new Map<Hex, Transaction>();
  const head = header(number);
  const logs = transfers.map((transfer, index): Log => {
    const made = transaction(number, index);
    transactions.set(made.hash, made);
    return {
      address: address(transfer.token),
      topics: [TRANSFER_TOPIC, hash(transfer.from), hash(transfer.to)],
      data: `0x${word(transfer.value)}`,
      blockHash: head.hash,
      blockNumber: number,
      transactionHash: made.hash,
      transactionIndex: index,
      logIndex: index,
    };
  });
  return { header: head, logs, transactions, receipts: new Map() };
}

/** One trigger per log of a block, all for one handler. */
export function triggersFor(block: SourceBlock, handler: string, dataSource = 0): Trigger[] {
  return block.logs.map((log) => ({ kind: 'event', dataSource, handler, log, receipt: false }));
}
