// What is executed at once, a block of the selected chain with all that it merges, and what comes of it.
import type { AddressHex, BlockId } from '../types/identifiers.ts';
import type { Transaction } from '../types/transaction.ts';
import type { Link } from '../types/vote.ts';
import type { SystemEvent } from './system-event.ts';

/** A transaction whose signature was checked. */
export interface CheckedTransaction {
  /** 32 bytes. */
  readonly id: Uint8Array;
  /** 20 bytes. */
  readonly sender: Uint8Array;
  readonly transaction: Transaction;
}

/** A certificate that was checked, with who may have signed it and who did. */
export interface CheckedCertificate extends Link {
  readonly signed: readonly AddressHex[];
  readonly absent: readonly AddressHex[];
  readonly signedStake: bigint;
  readonly totalStake: bigint;
}

export interface MergedBlock {
  readonly id: BlockId;
  readonly proposer: AddressHex;
  readonly round: number;
  readonly blue: boolean;
  readonly certificates: readonly CheckedCertificate[];
  readonly transactions: readonly CheckedTransaction[];
}

export interface ChainBlock {
  readonly id: BlockId;
  /** Of the chain block itself. */
  readonly round: number;
  /** In the order of execution, the chain block itself last. Never empty, but for the genesis. */
  readonly merged: readonly MergedBlock[];
}

/**
 * What became of a transaction. Skipped ones have left no trace, because they were executed before, come out of turn or cannot pay their fee;
 * failed ones have paid it and done nothing else.
 */
export const TransactionStatus = {
  executed: 0,
  skippedNonce: 1,
  skippedBalance: 2,
  skippedChain: 3,
  skippedFee: 4,
  /** From here on failed: the number says why, see `execution-failure.ts`. */
  failed: 16,
} as const;

/** An event with where it belongs: the operation that brought it about, or the chain block as a whole. */
export interface PlacedEvent {
  readonly event: SystemEvent;
  /** Of `ChainBlock.merged`, the transactions of that and the operations of that; undefined for what the chain does by itself, before or after. */
  readonly from:
    | { readonly merged: number; readonly transaction: number; readonly operation: number }
    | 'begin'
    | 'end';
}

/** An entry of the state, as stored: undefined where there is none any more. */
export interface StateEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

export interface Execution {
  /** 32 bytes. */
  readonly stateRoot: Uint8Array;
  /** For each merged block, of each of its transactions a `TransactionStatus`. */
  readonly statuses: readonly Uint8Array[];
  /** All but the transfers of executed transactions, which follow from these (`eventsOf`). */
  readonly events: readonly PlacedEvent[];
  /** What the state has become where it changed. */
  readonly changes: readonly StateEntry[];
}
