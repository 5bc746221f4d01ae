// A transaction that waits, with what the mempool knows of it.
import type { CheckedTransaction } from '../state/chain-block.ts';

/** What the mempool is given: its signature was checked. */
export interface Candidate extends CheckedTransaction {
  readonly encoded: Uint8Array;
  /** Given to this node by its user, not by a peer: if this node does not care for it, maybe nobody does. */
  readonly local?: boolean;
}

export class PooledTransaction implements Candidate {
  /** Its id, as a key of maps. */
  readonly key: string;
  readonly id: Uint8Array;
  readonly sender: Uint8Array;
  readonly transaction: CheckedTransaction['transaction'];
  readonly encoded: Uint8Array;
  readonly local: boolean;
  /** Of its encoding. */
  readonly bytes: number;
  readonly operations: number;
  /** For all operations. */
  readonly fee: bigint;
  readonly nonce: number;
  /** Its priority when it is new; the rest is age. */
  readonly worth: number;
  /** When it came, milliseconds. */
  readonly since: number;
  /** The last round whose block has taken it; −1 when none has. */
  inRound = -1;

  constructor(key: string, candidate: Candidate, operations: number, worth: number, since: number) {
    this.key = key;
    this.id = candidate.id;
    this.sender = candidate.sender;
    this.transaction = candidate.transaction;
    this.encoded = candidate.encoded;
    this.local = candidate.local ?? false;
    this.bytes = candidate.encoded.length;
    this.operations = operations;
    this.fee = candidate.transaction.fee * BigInt(operations);
    this.nonce = Number(candidate.transaction.nonce);
    this.worth = worth;
    this.since = since;
  }
}
