// Reads blocks ahead of the mapping, segment by segment, within a budget of memory.
import type { BlockPointer, SourceBlock } from '../../model.ts';
import { bytesOfBlock, type Source } from '../../sources/source.ts';
import type { DeclaredCalls } from '../declared-calls.ts';
import { prefetch } from '../prefetch.ts';
import type { Progress } from '../progress.ts';
import type { MatchStage } from './match.ts';
import type { Stage } from './stage.ts';

/** Blocks to run next; `more` is false when the range ends here, so nothing is gained by waiting for company. */
export interface FetchedBatch {
  readonly blocks: readonly SourceBlock[];
  readonly more: boolean;
}

export class FetchStage implements Stage {
  readonly name = 'fetch';
  readonly #source: Source;
  readonly #match: MatchStage;
  readonly #declared: DeclaredCalls;
  readonly #progress: Progress;
  readonly #maxBytes: number;
  #abort = new AbortController();

  constructor(
    source: Source,
    match: MatchStage,
    declared: DeclaredCalls,
    progress: Progress,
    maxBytes: number,
  ) {
    this.#declared = declared;
    this.#source = source;
    this.#match = match;
    this.#progress = progress;
    this.#maxBytes = maxBytes;
  }

  /**
   * The blocks after `head` up to height `to`. The filter is that of the data sources known when it is called: call it again
   * when there are more.
   */
  async *run(head: BlockPointer | null, to: number): AsyncGenerator<FetchedBatch> {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const fetched = prefetch(this.#segments(head, to, signal), {
      maxBytes: this.#maxBytes,
      bytesOf: (blocks) => blocks.reduce((sum, block) => sum + bytesOfBlock(block), 0),
      onProduced: (ms) => {
        this.#progress.counters.stageMs.fetch += ms;
      },
    });
    for await (const { item, more } of fetched) {
      if (signal.aborted) return;
      yield { blocks: item, more };
    }
  }

  async *#segments(
    head: BlockPointer | null,
    to: number,
    signal: AbortSignal,
  ): AsyncGenerator<SourceBlock[]> {
    let after = head;
    let from = head ? head.number + 1 : Math.max(this.#match.startBlock, this.#source.firstBlock);
    while (from <= to) {
      const segment = this.#match.segment(from, to);
      for await (const blocks of this.#source.blocks(
        { after, from, to: segment.to, signal },
        segment.filter,
      )) {
        after = blocks.at(-1)?.header ?? after;
        this.#declared.begin(blocks);
        yield blocks;
      }
      from = segment.to + 1;
    }
  }

  /** Nothing fetched is kept: what was read ahead may be of the abandoned chain. */
  async unwind(): Promise<void> {
    this.#abort.abort();
  }
}
