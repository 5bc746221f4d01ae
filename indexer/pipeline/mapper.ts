// The seam between the pipeline and whatever runs handlers: blocks with their triggers in, outcomes out.
import type {
  BlockHeader,
  BlockOutcome,
  BlockPointer,
  CreatedDataSource,
  Hex,
  Receipt,
  Transaction,
  Trigger,
} from '../model.ts';

/** One block with at least one trigger, everything its handlers may read of the chain included. */
export interface MappingBlock {
  readonly header: BlockHeader;
  readonly triggers: readonly Trigger[];
  readonly transactions: ReadonlyMap<Hex, Transaction>;
  readonly receipts: ReadonlyMap<Hex, Receipt>;
  /** Contract calls answered beforehand, by {@link callKey}; null: reverted. */
  readonly answers?: ReadonlyMap<string, Hex | null>;
}

export function callKey(to: Hex, data: Hex): string {
  return to + data;
}

/**
 * Runs handlers. Keeps the entities of blocks that were run but not committed yet, so that mapping can run ahead of writing;
 * `committed` tells it what it need not keep any longer.
 */
export interface Mapper {
  /**
   * Runs rising blocks and answers with one outcome for each block it got to: all of them, or up to and including the first that
   * failed or that made data sources (their triggers in that block come first). The same block may be run again with further
   * triggers; it then continues where it was.
   *
   * May be called again before it has answered: runs are done one after the other. Behind one that ended early none is begun, and the
   * answer is empty, until `proceed`.
   *
   * @throws what is not the deployment's fault: the store, the source or the thread broke. The mapper is then reset.
   */
  run(blocks: readonly MappingBlock[]): Promise<BlockOutcome[]>;
  /** The last early end has been dealt with: runs ordered from here on are begun. */
  proceed(): void;
  /** Blocks up to this one are in the store. */
  committed(block: BlockPointer): void;
  /** Forgets everything after `block` (null: everything), and works with exactly these dynamic data sources from now on. */
  reset(block: BlockPointer | null, dynamic: readonly CreatedDataSource[]): Promise<void>;
  close(): Promise<void>;
}
