// Blocks in Ethereum's form, as many of them kept as memory allows: what is asked for is nearly always near the head, and asked for by many.
import type { ChainView } from '../engine/chain-view.ts';
import type { BlockId } from '../types/identifiers.ts';
import type { BlockName } from './call-parameters.ts';
import { type BlockSummary, blocksOfSystemHash, EthBlock } from './eth-block.ts';
import type { LogsBloom } from './logs-bloom.ts';

export interface EthBlocksOptions {
  /** Bytes of blocks that are kept, about. */
  readonly keepBytes?: number;
  /** Blocks of which it is kept what may be in them. */
  readonly keepSummaries?: number;
}

/** A transaction's place among those that Ethereum's tools see. */
export interface TransactionPlace {
  readonly block: EthBlock;
  readonly index: number;
}

export class EthBlocks {
  readonly view: ChainView;
  readonly #keepBytes: number;
  readonly #keepSummaries: number;
  /** The least recently used first. */
  readonly #kept = new Map<BlockId, EthBlock>();
  #keptBytes = 0;
  readonly #summaries = new Map<BlockId, BlockSummary>();

  constructor(
    view: ChainView,
    { keepBytes = 96 * 1024 * 1024, keepSummaries = 65_536 }: EthBlocksOptions = {},
  ) {
    this.view = view;
    this.#keepBytes = keepBytes;
    this.#keepSummaries = keepSummaries;
  }

  /** @returns undefined when it is above the head or not kept any more */
  at(index: number): EthBlock | undefined {
    const id = this.view.idAt(index);
    return id === undefined ? undefined : this.of(id);
  }

  /** A block of the selected chain, or one that was on it a moment ago. */
  of(id: BlockId): EthBlock | undefined {
    const kept = this.#kept.get(id);
    if (kept) {
      this.#kept.delete(id);
      this.#kept.set(id, kept);
      return kept;
    }
    const executed = this.view.block(id);
    if (!executed) return undefined;
    const block = new EthBlock(executed, this.view.genesis.parameters);
    this.#kept.set(id, block);
    this.#keptBytes += block.weight;
    for (const [oldest, { weight }] of this.#kept) {
      // The newest stays however large it is: it is about to be read.
      if (this.#keptBytes <= this.#keepBytes || oldest === id) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= weight;
    }
    return block;
  }

  /** A block of the selected chain. */
  onChain(id: BlockId): EthBlock | undefined {
    return this.view.indexOf(id) === undefined ? undefined : this.of(id);
  }

  named(name: BlockName): EthBlock | undefined {
    return typeof name === 'object' ? this.onChain(name.hash) : this.at(this.indexOf(name));
  }

  /** Which place a tag or number stands for, whether or not there is a block. */
  indexOf(name: Exclude<BlockName, object>): number {
    const { latest, justified, finalized } = this.view.head;
    switch (name) {
      case 'latest':
      case 'pending':
        return latest;
      case 'safe':
        return justified;
      case 'finalized':
        return finalized;
      case 'earliest':
        return 0;
      default:
        return name;
    }
  }

  /** What may be in a block, without reading it when that was found out before. */
  summaryAt(index: number): BlockSummary | undefined {
    const id = this.view.idAt(index);
    if (id === undefined) return undefined;
    const known = this.#summaries.get(id);
    if (known) return known;
    const kinds = this.of(id)?.kinds;
    if (kinds === undefined) return undefined;
    let bloom: LogsBloom | undefined;
    const summary: BlockSummary = {
      kinds,
      // It must not hold the block.
      bloom: () => {
        bloom ??= this.of(id)?.bloom;
        return bloom;
      },
    };
    this.#summaries.set(id, summary);
    if (this.#summaries.size > this.#keepSummaries)
      for (const [oldest] of this.#summaries) {
        this.#summaries.delete(oldest);
        break;
      }
    return summary;
  }

  /** @param hash 64 digits without 0x */
  transaction(hash: string): TransactionPlace | undefined {
    const found = this.view.transaction(Uint8Array.from(Buffer.from(hash, 'hex')));
    if (found) {
      const block = this.at(found.index);
      return block && { block, index: block.indexOf(found.place) };
    }
    for (const id of blocksOfSystemHash(hash)) {
      const block = this.onChain(id);
      const index = block?.indexOfSystem(hash);
      if (block && index !== undefined) return { block, index };
    }
    return undefined;
  }
}
