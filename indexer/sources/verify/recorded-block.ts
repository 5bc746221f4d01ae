// Proves a recorded block from its own content: header → block hash, transactions → transactionsRoot (hashes and senders too),
// withdrawals → withdrawalsRoot, receipts → receiptsRoot; everything JSON-RPC adds around them must be what follows from them.
// A recording in which one bit differs is refused, and the error names the field.
import { encodeRlp, getCreateAddress, keccak256 } from 'ethers';
import { AiosError } from '#node/platform/errors.ts';
import type { Hex, Log, Receipt, SourceBlock, Transaction } from '../../model.ts';
import { bloomOf } from '../bloom.ts';
import {
  decodeHeader,
  decodeReceipt,
  decodeTransaction,
  type RpcBlock,
  type RpcReceipt,
  type RpcTransaction,
} from '../json-rpc.ts';
import { headerFields, headerHash } from './block-header.ts';
import { orderedTrieRoot } from './ordered-trie.ts';
import { type ConsensusReceipt, receiptsRoot } from './receipt.ts';
import { rlpInteger } from './rlp-integer.ts';
import { encodeTransaction, legacyChainId, transactionType } from './transaction.ts';

export interface RecordedBlock {
  readonly block: RpcBlock;
  readonly receipts: readonly RpcReceipt[];
}

const NO_UNCLES = keccak256('0xc0');

/** Throws `RECORDING_FORGED` unless every field of the recording follows from the block hash it carries. */
export function verifyRecordedBlock(recorded: RecordedBlock, chainId: number): SourceBlock {
  const { block, receipts: rawReceipts } = recorded;
  const check = new Check(`block ${Number(block.number)} (${block.hash})`);
  try {
    check.same('hash', block.hash, headerHash(block));
    const rawTransactions = block.transactions as readonly RpcTransaction[];
    const encoded = rawTransactions.map((transaction, index) => {
      const found = encodeTransaction(transaction);
      checkTransaction(check, block, transaction, index, found, chainId);
      return found.bytes;
    });
    check.same('transactionsRoot', block.transactionsRoot, orderedTrieRoot(encoded));
    checkWithdrawals(check, block);
    checkUncles(check, block);
    checkSize(check, block, encoded);
    const receipts = consensusReceipts(check, rawTransactions, rawReceipts);
    check.same('receiptsRoot', block.receiptsRoot, receiptsRoot(receipts));
    check.same('logsBloom', block.logsBloom, bloomOf(receipts.flatMap((receipt) => receipt.logs)));
    return assemble(check, block, rawTransactions, rawReceipts, receipts);
  } catch (error) {
    if (error instanceof AiosError && error.code === 'RECORDING_FORGED') throw error;
    throw check.forged(error instanceof Error ? error.message : String(error), error);
  }
}

class Check {
  readonly #where: string;

  constructor(where: string) {
    this.#where = where;
  }

  same(field: string, recorded: unknown, derived: unknown): void {
    const normal = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : value);
    if (normal(recorded) !== normal(derived))
      throw this.forged(`${field} is recorded as ${show(recorded)}, its content gives ${show(derived)}`);
  }

  sameNumber(field: string, recorded: Hex | null | undefined, derived: bigint): void {
    if (recorded === null || recorded === undefined || signed(recorded) !== derived)
      throw this.forged(`${field} is recorded as ${show(recorded)}, its content gives ${derived}`);
  }

  forged(what: string, cause?: unknown): AiosError {
    return new AiosError(
      'RECORDING_FORGED',
      `the recording of ${this.#where} is not what its hash stands for: ${what}; record the block again from a node you trust`,
      { cause },
    );
  }
}

function show(value: unknown): string {
  return typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? 'absent').slice(0, 140);
}

function checkTransaction(
  check: Check,
  block: RpcBlock,
  transaction: RpcTransaction,
  index: number,
  found: { readonly hash: Hex; readonly from: Hex },
  chainId: number,
): void {
  const at = `transactions[${index}]`;
  check.same(`${at}.hash`, transaction.hash, found.hash);
  check.same(`${at}.from`, transaction.from, found.from);
  check.same(`${at}.blockHash`, transaction.blockHash, block.hash);
  check.sameNumber(`${at}.blockNumber`, transaction.blockNumber, BigInt(block.number));
  check.sameNumber(`${at}.transactionIndex`, transaction.transactionIndex, BigInt(index));
  const type = transactionType(transaction);
  const signedFor = type === 0 ? legacyChainId(transaction) : BigInt(transaction.chainId ?? '0x0');
  if (signedFor !== null) {
    check.same(`${at}.chainId (the chain the transaction was signed for)`, signedFor, BigInt(chainId));
    if (transaction.chainId !== undefined)
      check.sameNumber(`${at}.chainId`, transaction.chainId, BigInt(chainId));
  }
  if (type > 0 && transaction.yParity !== undefined && transaction.v !== undefined)
    check.sameNumber(`${at}.v`, transaction.v, BigInt(transaction.yParity));
  check.sameNumber(`${at}.gasPrice`, transaction.gasPrice, effectiveGasPrice(block, transaction));
}

/** EIP-1559: what a transaction really pays per gas. */
function effectiveGasPrice(block: RpcBlock, transaction: RpcTransaction): bigint {
  if (transactionType(transaction) < 2) return BigInt(transaction.gasPrice ?? '0x0');
  const most = BigInt(transaction.maxFeePerGas ?? '0x0');
  const wanted = BigInt(block.baseFeePerGas ?? '0x0') + BigInt(transaction.maxPriorityFeePerGas ?? '0x0');
  return wanted < most ? wanted : most;
}

function checkWithdrawals(check: Check, block: RpcBlock): void {
  if (!block.withdrawalsRoot) {
    check.same('withdrawals', block.withdrawals?.length ?? 0, 0);
    return;
  }
  const values = (block.withdrawals ?? []).map(
    (withdrawal) => encodeRlp(withdrawalFields(withdrawal)) as Hex,
  );
  check.same('withdrawalsRoot', block.withdrawalsRoot, orderedTrieRoot(values));
}

function withdrawalFields(withdrawal: NonNullable<RpcBlock['withdrawals']>[number]): Hex[] {
  return [
    rlpInteger(withdrawal.index),
    rlpInteger(withdrawal.validatorIndex),
    withdrawal.address,
    rlpInteger(withdrawal.amount),
  ];
}

function checkUncles(check: Check, block: RpcBlock): void {
  // A block names its uncles by hash only, so their headers (which sha3Uncles commits to) are not there to be hashed.
  check.same('uncles', (block.uncles ?? []).length === 0, block.sha3Uncles.toLowerCase() === NO_UNCLES);
}

/** `size` is the length of the block's own RLP: header, transactions, uncles, withdrawals. */
function checkSize(check: Check, block: RpcBlock, transactions: readonly Hex[]): void {
  if (!block.size || (block.uncles ?? []).length > 0) return;
  const bytes = (hex: string) => (hex.length - 2) / 2;
  const list = (payload: number) => payload + lengthPrefix(payload);
  const body = transactions.reduce((sum, transaction) => {
    const length = bytes(transaction);
    // A typed transaction stands in the block as a byte string, a legacy one as the list it is.
    return sum + length + (transaction.startsWith('0x0') ? lengthPrefix(length) : 0);
  }, 0);
  const before = bytes(encodeRlp(headerFields(block))) + list(body) + 1;
  const withdrawals = bytes(encodeRlp((block.withdrawals ?? []).map(withdrawalFields)));
  const size = list(before + (block.withdrawalsRoot ? withdrawals : 0));
  // Development nodes leave an empty list of withdrawals out of the size, though its root is in the header.
  const lean = withdrawals === 1 && BigInt(block.size) === BigInt(list(before));
  if (!lean) check.sameNumber('size', block.size, BigInt(size));
}

function lengthPrefix(payload: number): number {
  return payload < 56 ? 1 : 1 + Math.ceil(payload.toString(16).length / 2);
}

interface ReadReceipt extends ConsensusReceipt {
  readonly gasUsed: bigint;
}

/**
 * The receipts as they were hashed. Since EIP-7642 (eth/69) nodes send receipts as [type, status, cumulative gas, logs], without
 * a bloom; a recorder that reads those four under the older names [status, cumulative gas, bloom, logs] writes the type as
 * `status`, the status as `cumulativeGasUsed` and the cumulative gas as `logsBloom`. That layout is recognised by its short
 * "bloom" and put right; the receipts root proves that it was right to.
 */
function consensusReceipts(
  check: Check,
  transactions: readonly RpcTransaction[],
  receipts: readonly RpcReceipt[],
): ReadReceipt[] {
  check.same('receipts.length', receipts.length, transactions.length);
  const shifted = receipts.some((receipt) => receipt.logsBloom.length !== 514);
  let cumulativeBefore = 0n;
  return receipts.map((receipt, index) => {
    const at = `receipts[${index}]`;
    const read = shifted
      ? {
          type: Number(receipt.status),
          status: receipt.cumulativeGasUsed,
          cumulativeGasUsed: BigInt(receipt.logsBloom),
          logsBloom: bloomOf(receipt.logs),
          logs: receipt.logs,
        }
      : {
          type: Number(receipt.type ?? '0x0'),
          status: receipt.root ?? receipt.status ?? '0x0',
          cumulativeGasUsed: BigInt(receipt.cumulativeGasUsed),
          logsBloom: receipt.logsBloom,
          logs: receipt.logs,
        };
    const gasUsed = read.cumulativeGasUsed - cumulativeBefore;
    cumulativeBefore = read.cumulativeGasUsed;
    if (shifted) {
      const before = receipts[index - 1];
      check.sameNumber(`${at}.type`, receipt.type ?? '0x0', 0n);
      check.sameNumber(
        `${at}.gasUsed`,
        receipt.gasUsed,
        BigInt(receipt.cumulativeGasUsed) - BigInt(before?.cumulativeGasUsed ?? '0x0'),
      );
    } else {
      check.sameNumber(`${at}.gasUsed`, receipt.gasUsed, gasUsed);
    }
    check.same(`${at}.type`, read.type, transactionType(transactions[index] as RpcTransaction));
    return { ...read, gasUsed };
  });
}

function assemble(
  check: Check,
  block: RpcBlock,
  rawTransactions: readonly RpcTransaction[],
  rawReceipts: readonly RpcReceipt[],
  read: readonly ReadReceipt[],
): SourceBlock {
  const logs: Log[] = [];
  const transactions = new Map<Hex, Transaction>();
  const receipts = new Map<Hex, Receipt>();
  for (const [index, raw] of rawReceipts.entries()) {
    const transaction = rawTransactions[index] as RpcTransaction;
    const consensus = read[index] as ReadReceipt;
    checkReceipt(check, block, transaction, raw, index, logs.length);
    const receipt: Receipt = {
      ...decodeReceipt({ ...raw, gasUsed: '0x0', logsBloom: consensus.logsBloom }),
      status: consensus.status.length === 66 ? 1n : BigInt(consensus.status),
      cumulativeGasUsed: consensus.cumulativeGasUsed,
      gasUsed: consensus.gasUsed,
    };
    for (const log of receipt.logs) logs.push(log);
    const decoded = decodeTransaction(transaction);
    transactions.set(decoded.hash, decoded);
    receipts.set(decoded.hash, receipt);
  }
  // Total difficulty is in no header: nothing recorded about it can be believed. It is constant since the Merge.
  return { header: { ...decodeHeader(block), totalDifficulty: 0n }, logs, transactions, receipts };
}

function checkReceipt(
  check: Check,
  block: RpcBlock,
  transaction: RpcTransaction,
  receipt: RpcReceipt,
  index: number,
  firstLog: number,
): void {
  const at = `receipts[${index}]`;
  check.same(`${at}.blockHash`, receipt.blockHash, block.hash);
  check.sameNumber(`${at}.blockNumber`, receipt.blockNumber, BigInt(block.number));
  check.same(`${at}.transactionHash`, receipt.transactionHash, transaction.hash);
  check.sameNumber(`${at}.transactionIndex`, receipt.transactionIndex, BigInt(index));
  check.same(`${at}.from`, receipt.from, transaction.from);
  check.same(`${at}.to`, receipt.to, transaction.to);
  if (receipt.effectiveGasPrice !== undefined)
    check.sameNumber(
      `${at}.effectiveGasPrice`,
      receipt.effectiveGasPrice,
      effectiveGasPrice(block, transaction),
    );
  const created =
    transaction.to === null
      ? getCreateAddress({ from: transaction.from, nonce: BigInt(transaction.nonce) })
      : null;
  // Nodes disagree on naming the address of a creation that failed.
  if (created === null || receipt.contractAddress !== null)
    check.same(`${at}.contractAddress`, receipt.contractAddress, created);
  for (const [position, log] of receipt.logs.entries()) {
    const here = `${at}.logs[${position}]`;
    check.same(`${here}.blockHash`, log.blockHash, block.hash);
    check.sameNumber(`${here}.blockNumber`, log.blockNumber, BigInt(block.number));
    check.same(`${here}.transactionHash`, log.transactionHash, transaction.hash);
    check.sameNumber(`${here}.transactionIndex`, log.transactionIndex, BigInt(index));
    check.sameNumber(`${here}.logIndex`, log.logIndex, BigInt(firstLog + position));
    check.same(`${here}.removed`, log.removed ?? false, false);
  }
}

/** Some recorders write differences of gas as `0x-1`. */
function signed(value: Hex): bigint {
  return value.startsWith('0x-') ? -BigInt(`0x${value.slice(3)}`) : BigInt(value);
}
