// A chain as the indexer sees it: ordered blocks with their logs, a head, a finality point, reorgs. One interface, and one
// contract-test suite that every kind of source has to pass.
import { AiosError } from '#node/platform/errors.ts';
import type { BlockPointer, Hex, LogFilter, SourceBlock } from '../model.ts';

/** What a source can do. A deployment that needs more than its source has is refused when it is deployed. */
export interface SourceCapabilities {
  /** Block hashes and roots are recomputed from the content instead of being believed. */
  readonly headerVerification: boolean;
  /** Answers contract calls and balances at historical blocks. */
  readonly calls: boolean;
  /** Knows internal calls (call handlers). */
  readonly traces: boolean;
  readonly receipts: boolean;
  /** Says which block cannot be reorganised any more. */
  readonly finality: boolean;
  /** Every height between first and head exists. A recording may have gaps. */
  readonly contiguous: boolean;
}

/** A pointer with what links and dates it. */
export interface ChainBlock extends BlockPointer {
  readonly hash: Hex;
  readonly parentHash: Hex;
  /** Seconds. */
  readonly timestamp: number;
}

export interface BlockRange {
  /** The block that `from` must be a child of; checked when both stand next to each other. Null: take what comes. */
  readonly after: BlockPointer | null;
  readonly from: number;
  /** Inclusive; heights above the head are left out. */
  readonly to: number;
  readonly signal?: AbortSignal;
}

export interface CallRequest {
  readonly to: Hex;
  readonly data: Hex;
  readonly block: BlockPointer;
}

/** A call among others at the same block. */
export interface ViewRequest {
  readonly to: Hex;
  readonly data: Hex;
  /** The function is declared not to change state. */
  readonly view: boolean;
}

/** What a contract call answered. A revert is an answer, an unreachable node is not (it throws). */
export type CallResult =
  | { readonly reverted: false; readonly data: Hex }
  | { readonly reverted: true; readonly reason: string };

export interface Source {
  readonly kind: 'ethereum' | 'recorded';
  /** Chain name as manifests call it (`mainnet`, `devnet`). */
  readonly name: string;
  readonly chainId: number;
  readonly capabilities: SourceCapabilities;
  /** Lowest height this source can serve. */
  readonly firstBlock: number;
  head(): Promise<ChainBlock>;
  /** The newest block that cannot be reorganised any more; null when nothing is final. */
  finalized(): Promise<BlockPointer | null>;
  /** The canonical block at a height; null above the head and in the gaps of a recording. */
  blockPointer(number: number): Promise<ChainBlock | null>;
  /**
   * The blocks of a range that match, in ascending order, in batches bounded in bytes. The last block of every batch is the
   * last one of the piece of the range that the batch covers, even when nothing in it matched, so that the reader can move
   * its head there. Throws {@link ReorgDetected} when a block does not follow the one before it.
   */
  blocks(range: BlockRange, filter: LogFilter): AsyncIterable<SourceBlock[]>;
  call(request: CallRequest): Promise<CallResult>;
  /** Many calls at one block at once, answered in order and exactly as {@link call} would. Absent: they are asked one by one. */
  calls?(block: BlockPointer, requests: readonly ViewRequest[]): Promise<readonly CallResult[]>;
  getBalance(address: Hex, block: BlockPointer): Promise<bigint>;
  hasCode(address: Hex, block: BlockPointer): Promise<boolean>;
  /** Calls back on every new head, also when the height stays (a reorg). Returns how to stop. */
  onHead(listener: (head: ChainBlock) => void): () => void;
  /** Why its head may be far from the chain's, when it follows something that has not caught up itself; null once that has. */
  behind?(): Promise<string | null>;
  close(): Promise<void>;
}

/** The chain no longer holds the block that the reader stands on: it has to go back to the common ancestor. */
export class ReorgDetected extends AiosError {
  constructor(expected: BlockPointer, found: string) {
    super(
      'REORG_DETECTED',
      `block ${expected.number} (${expected.hash}) is no longer on the chain: ${found}; the deployment goes back to the common ancestor`,
      { details: { block: expected } },
    );
    this.name = 'ReorgDetected';
  }
}

/** Estimated heap cost of a fetched block, for the bounds of batches and prefetch queues. */
export function bytesOfBlock(block: SourceBlock): number {
  let bytes = 1_200;
  for (const log of block.logs) bytes += 500 + log.data.length + 80 * log.topics.length;
  for (const call of block.calls ?? []) bytes += 500 + call.input.length + call.output.length;
  for (const transaction of block.transactions.values()) bytes += 500 + transaction.input.length;
  for (const receipt of block.receipts.values()) bytes += 1_500 + receipt.logs.length * 700;
  return bytes;
}
