// What a node has on disk, as the rest of the chain sees it. Writes are queued and leave the thread at once; `commit` makes all that came before
// durable, together: after a crash at any moment the disk has what some commit had, and nothing of later ones.
import type { StateEntry } from '../state/chain-block.ts';
import type { BlockId } from '../types/identifiers.ts';

/** A block of the selected chain, executed. */
export interface ChainRecord {
  /** Its place on the selected chain; the genesis has 0. */
  readonly index: number;
  readonly id: BlockId;
  readonly stateRoot: Uint8Array;
  /** What was executed with it, in order, itself last. */
  readonly merged: readonly { readonly id: BlockId; readonly blue: boolean }[];
  /** Encoded statuses and events: for whoever reads receipts. */
  readonly receipts: Uint8Array;
  readonly changes: readonly StateEntry[];
  /** 32 bytes each, in a row, of all transactions that were executed or failed, in order. */
  readonly transactionIds: Uint8Array;
}

export interface ChainStore {
  /** Blocks in the order in which they were put, from the oldest that is kept: all of a block's past that is kept comes before it. */
  blocks(): Iterable<{ readonly id: BlockId; readonly bytes: Uint8Array }>;
  block(id: BlockId): Uint8Array | undefined;
  record(index: number): ChainRecord | undefined;
  /** Place of a block on the selected chain, if it is on it and executed. */
  indexOf(id: BlockId): number | undefined;
  /** Index of the last record; undefined in a new store. */
  readonly last: number | undefined;
  /** Where a transaction was executed: the record's index, and its place among the ids there. */
  transaction(id: Uint8Array): { readonly index: number; readonly place: number } | undefined;
  /** Small facts under a name: the genesis id, the last final checkpoint with its certificates. */
  fact(name: string): Uint8Array | undefined;
  /** The state of a record, which is the last one that `fold` was asked for. */
  readonly folded: { readonly index: number; entries(): Iterable<StateEntry> } | undefined;

  putBlock(id: BlockId, bytes: Uint8Array): void;
  /** The next record, or the first. */
  putRecord(record: ChainRecord): void;
  /** Removes the records from this index on: the chain goes another way from there. */
  unwind(fromIndex: number): void;
  putFact(name: string, value: Uint8Array): void;
  /** Folds the changes of all records up to a final one into the stored state, from which a node starts again. */
  fold(index: number): void;
  /** Replaces everything by a state from elsewhere, at a record of which nothing before is known. */
  restore(record: ChainRecord, entries: AsyncIterable<StateEntry>): Promise<void>;
  /** Forgets blocks, records and transactions below an index that is folded. */
  prune(belowIndex: number): void;
  /** Resolves once everything that came before is on disk. @throws AiosError STORE_FAILED, after which nothing more is written */
  commit(): Promise<void>;
  close(): Promise<void>;
}
