// The shapes of Ethereum's JSON-RPC answers (execution-apis) that sources read, and their translation to the indexer's words.
import { AiosError } from '#node/platform/errors.ts';
import type { BlockHeader, Hex, Log, Receipt, Transaction } from '../model.ts';
import type { ChainBlock } from './source.ts';

export interface RpcBlock {
  readonly hash: Hex;
  readonly parentHash: Hex;
  readonly sha3Uncles: Hex;
  readonly miner: Hex;
  readonly stateRoot: Hex;
  readonly transactionsRoot: Hex;
  readonly receiptsRoot: Hex;
  readonly logsBloom: Hex;
  readonly difficulty: Hex;
  readonly totalDifficulty?: Hex | null;
  readonly number: Hex;
  readonly gasLimit: Hex;
  readonly gasUsed: Hex;
  readonly timestamp: Hex;
  readonly extraData: Hex;
  readonly mixHash?: Hex;
  readonly nonce?: Hex;
  readonly baseFeePerGas?: Hex | null;
  readonly withdrawalsRoot?: Hex | null;
  readonly blobGasUsed?: Hex | null;
  readonly excessBlobGas?: Hex | null;
  readonly parentBeaconBlockRoot?: Hex | null;
  readonly requestsHash?: Hex | null;
  readonly size?: Hex | null;
  readonly uncles?: readonly Hex[];
  readonly withdrawals?: readonly RpcWithdrawal[] | null;
  readonly transactions: readonly (RpcTransaction | Hex)[];
}

export interface RpcWithdrawal {
  readonly index: Hex;
  readonly validatorIndex: Hex;
  readonly address: Hex;
  readonly amount: Hex;
}

export interface RpcTransaction {
  readonly hash: Hex;
  readonly blockHash: Hex;
  readonly blockNumber: Hex;
  readonly transactionIndex: Hex;
  readonly from: Hex;
  readonly to: Hex | null;
  readonly gas: Hex;
  readonly gasPrice?: Hex;
  readonly input: Hex;
  readonly nonce: Hex;
  readonly value: Hex;
  readonly type?: Hex;
  readonly v?: Hex;
  readonly r: Hex;
  readonly s: Hex;
  readonly yParity?: Hex;
  readonly chainId?: Hex;
  readonly maxFeePerGas?: Hex;
  readonly maxPriorityFeePerGas?: Hex;
  readonly maxFeePerBlobGas?: Hex;
  readonly blobVersionedHashes?: readonly Hex[];
  readonly accessList?: readonly { readonly address: Hex; readonly storageKeys: readonly Hex[] }[];
  readonly authorizationList?: readonly {
    readonly chainId: Hex;
    readonly address: Hex;
    readonly nonce: Hex;
    readonly yParity: Hex;
    readonly r: Hex;
    readonly s: Hex;
  }[];
}

export interface RpcLog {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockHash: Hex;
  readonly blockNumber: Hex;
  readonly transactionHash: Hex;
  readonly transactionIndex: Hex;
  readonly logIndex: Hex;
  readonly removed?: boolean;
}

export interface RpcReceipt {
  readonly transactionHash: Hex;
  readonly transactionIndex: Hex;
  readonly blockHash: Hex;
  readonly blockNumber: Hex;
  readonly from: Hex;
  readonly to: Hex | null;
  readonly type?: Hex;
  readonly cumulativeGasUsed: Hex;
  readonly gasUsed: Hex;
  readonly effectiveGasPrice?: Hex;
  readonly contractAddress: Hex | null;
  readonly status?: Hex;
  readonly root?: Hex;
  readonly logsBloom: Hex;
  readonly logs: readonly RpcLog[];
}

const ZERO_HASH: Hex = `0x${'0'.repeat(64)}`;
const HASH = /^0x[0-9a-fA-F]{64}$/;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const BYTES = /^0x(?:[0-9a-fA-F]{2})*$/;

/** A JSON-RPC quantity that surely fits a double (heights, indexes, times). */
export function quantity(value: Hex, what: string): number {
  const number = typeof value === 'string' && value.length > 2 ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(number) || number < 0)
    throw new AiosError(
      'RPC_MALFORMED',
      `the node answered ${what} as ${JSON.stringify(value)}, not a number`,
    );
  return number;
}

const lower = (hex: Hex): Hex => hex.toLowerCase() as Hex;

function optionalBigInt(value: Hex | null | undefined): bigint | null {
  return value === undefined || value === null ? null : BigInt(value);
}

export function decodeHeader(block: RpcBlock): BlockHeader {
  return {
    number: quantity(block.number, 'a block number'),
    hash: lower(block.hash),
    parentHash: lower(block.parentHash),
    unclesHash: lower(block.sha3Uncles),
    author: lower(block.miner),
    stateRoot: lower(block.stateRoot),
    transactionsRoot: lower(block.transactionsRoot),
    receiptsRoot: lower(block.receiptsRoot),
    gasUsed: BigInt(block.gasUsed),
    gasLimit: BigInt(block.gasLimit),
    timestamp: quantity(block.timestamp, 'a block time'),
    difficulty: BigInt(block.difficulty ?? '0x0'),
    totalDifficulty: BigInt(block.totalDifficulty ?? '0x0'),
    size: optionalBigInt(block.size),
    baseFeePerGas: optionalBigInt(block.baseFeePerGas),
  };
}

export function chainBlockOf(
  block: Pick<RpcBlock, 'number' | 'hash' | 'parentHash' | 'timestamp'>,
): ChainBlock {
  return {
    number: quantity(block.number, 'a block number'),
    hash: lower(block.hash),
    parentHash: lower(block.parentHash),
    timestamp: quantity(block.timestamp, 'a block time'),
  };
}

export function decodeTransaction(transaction: RpcTransaction): Transaction {
  return {
    hash: lower(transaction.hash),
    index: quantity(transaction.transactionIndex, 'a transaction index'),
    from: lower(transaction.from),
    to: transaction.to ? lower(transaction.to) : null,
    value: BigInt(transaction.value),
    gasLimit: BigInt(transaction.gas),
    gasPrice: BigInt(transaction.gasPrice ?? '0x0'),
    input: lower(transaction.input),
    nonce: BigInt(transaction.nonce),
  };
}

export function decodeLog(log: RpcLog): Log {
  if (!ADDRESS.test(log.address) || !BYTES.test(log.data) || !HASH.test(log.transactionHash))
    throw new AiosError(
      'RPC_MALFORMED',
      `the node answered a malformed log in block ${log.blockNumber}: ${JSON.stringify(log).slice(0, 300)}`,
    );
  return {
    address: lower(log.address),
    topics: log.topics.map(lower),
    data: lower(log.data),
    blockHash: lower(log.blockHash),
    blockNumber: quantity(log.blockNumber, "a log's block number"),
    transactionHash: lower(log.transactionHash),
    transactionIndex: quantity(log.transactionIndex, "a log's transaction index"),
    logIndex: quantity(log.logIndex, "a log's index"),
  };
}

export function decodeReceipt(receipt: RpcReceipt): Receipt {
  return {
    transactionHash: lower(receipt.transactionHash),
    transactionIndex: quantity(receipt.transactionIndex, 'a transaction index'),
    blockHash: lower(receipt.blockHash),
    blockNumber: quantity(receipt.blockNumber, 'a block number'),
    cumulativeGasUsed: BigInt(receipt.cumulativeGasUsed),
    gasUsed: BigInt(receipt.gasUsed),
    contractAddress: receipt.contractAddress ? lower(receipt.contractAddress) : null,
    logs: receipt.logs.map(decodeLog),
    status: BigInt(receipt.status ?? '0x0'),
    root: receipt.root ? lower(receipt.root) : ZERO_HASH,
    logsBloom: lower(receipt.logsBloom),
  };
}
