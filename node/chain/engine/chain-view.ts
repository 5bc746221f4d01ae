// The chain as its readers see it: what the RPC, the metrics and the command line know of a running node.
import type { PlacedEvent } from '../state/chain-block.ts';
import type { StateProof } from '../state/state-tree.ts';
import type { Genesis } from '../types/genesis.ts';
import type { SignedHeader } from '../types/header.ts';
import type { AddressHex, BlockId } from '../types/identifiers.ts';
import type { Certificate, Checkpoint } from '../types/vote.ts';

/** A block of the selected chain with what was executed there, in order. */
export interface ExecutedBlock {
  /** Its place on the selected chain: the number by which Ethereum's tools know it. */
  readonly index: number;
  readonly id: BlockId;
  readonly parent: BlockId | undefined;
  readonly header: SignedHeader;
  readonly round: number;
  readonly blueScore: number;
  readonly stateRoot: Uint8Array;
  /** The blocks that were executed with it, itself last. */
  readonly merged: readonly MergedHeader[];
  /** Those that were executed or failed, in order; skipped ones are no part of the chain. */
  readonly transactions: readonly ExecutedTransaction[];
  /** All of them, transfers included, in the order of their logs. `transaction` is a place in `transactions`. */
  readonly events: readonly {
    readonly event: PlacedEvent['event'];
    readonly transaction: number | undefined;
  }[];
  /** Of all encoded blocks in `merged`. */
  readonly bytes: number;
}

export interface MergedHeader {
  readonly id: BlockId;
  readonly header: SignedHeader;
  readonly round: number;
  readonly blue: boolean;
  readonly blueScore: number;
  readonly selectedParent: BlockId;
  readonly transactions: number;
}

export interface ExecutedTransaction {
  readonly id: Uint8Array;
  readonly sender: Uint8Array;
  readonly encoded: Uint8Array;
  /** A `TransactionStatus`. */
  readonly status: number;
}

export interface ChainHead {
  readonly latest: number;
  /** The last justified checkpoint's block, `safe` to Ethereum's tools. */
  readonly justified: number;
  readonly finalized: number;
}

/** What happened to the selected chain, as far as it is executed. Removed blocks come from the last one back, added ones in order. */
export interface ChainChange {
  readonly removed: readonly { readonly index: number; readonly id: BlockId }[];
  readonly added: readonly { readonly index: number; readonly id: BlockId }[];
  readonly head: ChainHead;
}

export interface ValidatorView {
  readonly address: AddressHex;
  readonly votingKey: Uint8Array;
  readonly ownStake: bigint;
  readonly pool: bigint;
  readonly active: boolean;
  /** Of the epochs that count, how many it missed. */
  readonly missed: number;
  readonly counted: number;
}

export interface PeerView {
  readonly peer: string;
  readonly score: number;
  readonly head: number | undefined;
}

export type Admission =
  | { readonly admitted: true; readonly id: Uint8Array }
  /** @prop code for programs, why for people */
  | { readonly admitted: false; readonly code: string; readonly why: string };

export interface ChainView {
  readonly genesis: Genesis;
  readonly genesisId: BlockId;
  readonly head: ChainHead;
  /** The first block that is kept. */
  readonly oldest: number;
  /** @returns undefined when it is not known, not executed or not kept */
  block(at: number | BlockId): ExecutedBlock | undefined;
  /** The same index and id without anything that has to be decoded. */
  idAt(index: number): BlockId | undefined;
  indexOf(id: BlockId): number | undefined;
  /** Where a transaction was executed. */
  transaction(id: Uint8Array): { readonly index: number; readonly place: number } | undefined;
  /** As of `latest`. */
  account(address: Uint8Array): { readonly balance: bigint; readonly nonce: bigint };
  /** The next nonce, with what waits in the mempool. */
  pendingNonce(address: Uint8Array): bigint;
  /** Proves an account of the last final checkpoint's state. */
  proof(address: Uint8Array): {
    readonly checkpoint: Checkpoint;
    readonly stateRoot: Uint8Array;
    readonly account: { readonly balance: bigint; readonly nonce: bigint } | undefined;
    readonly proof: StateProof;
    readonly certificates: readonly Certificate[];
  };
  /** A block of the DAG, on the selected chain or not, executed or not. */
  dagBlock(id: BlockId): DagBlockView | undefined;
  readonly tips: readonly BlockId[];
  readonly validators: readonly ValidatorView[];
  readonly mempool: { readonly transactions: number; readonly bytes: number };
  readonly peers: readonly PeerView[];
  readonly supply: {
    readonly circulating: bigint;
    readonly reserve: bigint;
    readonly treasury: bigint;
    readonly burned: bigint;
    readonly staked: bigint;
  };
  /** The two certificates that made a checkpoint final, of the last one when none is named. */
  certificates(epoch?: number): readonly Certificate[];
  submit(encoded: Uint8Array): Promise<Admission>;
  /** Calls back after each change, in order, until the function it returns is called. */
  follow(listener: (change: ChainChange) => void): () => void;
  /** Calls back with transactions that were admitted. */
  followPending(listener: (id: Uint8Array) => void): () => void;
}

export interface DagBlockView {
  readonly id: BlockId;
  readonly header: SignedHeader;
  readonly round: number;
  readonly blueScore: number;
  readonly selectedParent: BlockId | undefined;
  readonly blues: readonly BlockId[];
  readonly reds: readonly BlockId[];
  readonly children: readonly BlockId[];
  readonly onSelectedChain: boolean;
  readonly transactions: number;
}
