// How much history a deployment keeps (`indexerHints.prune`), and the background work of removing the rest.
import type { LoadedSubgraph } from '#indexer/manifest/manifest.ts';
import type { Deployment, Lease } from '#indexer/store/index.ts';
import type { BlockPointer } from '../model.ts';
import type { Source } from '../sources/source.ts';

/** Blocks of history that `prune: auto` keeps, as in graph-node: twice its reorg threshold. */
export const AUTO_HISTORY = 500;

/** History may exceed what is to be kept by this factor before it is pruned, as in graph-node: pruning has fixed costs. */
const SLACK = 1.2;

/**
 * The block before which history is to go; null when there is nothing to do yet. What may still be reorganised stays, whatever the
 * manifest says.
 */
export function pruneTarget(
  prune: LoadedSubgraph['prune'],
  state: { readonly head: number; readonly earliest: number; readonly finalized: number | null },
): number | null {
  if (prune === 'never') return null;
  const history = prune === 'auto' ? AUTO_HISTORY : prune;
  const target = Math.min(state.head - history, state.finalized ?? Number.POSITIVE_INFINITY);
  if (target <= state.earliest || state.head - state.earliest <= history * SLACK) return null;
  return target;
}

export interface PrunerOptions {
  readonly deployment: Deployment;
  readonly lease: Lease;
  readonly source: Source;
  readonly prune: LoadedSubgraph['prune'];
  readonly onPruned: (versions: number, earliest: number) => void;
  readonly onError: (error: unknown) => void;
  readonly stepRows?: number;
}

/** One run of pruning at a time, beside indexing. A run that was cut off is completed by the next one. */
export class Pruner {
  readonly #options: PrunerOptions;
  #running: Promise<void> | null = null;
  #stopped = false;
  /** What a run before this process may have left is looked for once. */
  #first = true;

  constructor(options: PrunerOptions) {
    this.#options = options;
  }

  /** Begins a run when there is enough to prune and none is under way. */
  look(head: BlockPointer | null): void {
    if (this.#running || this.#stopped || !head || this.#options.prune === 'never') return;
    this.#running = this.#run(head.number)
      .catch((error: unknown) => {
        if (!this.#stopped) this.#options.onError(error);
      })
      .finally(() => {
        this.#running = null;
      });
  }

  /** Ends after the step under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(head: number): Promise<void> {
    const { deployment, lease, source, prune, onPruned, stepRows } = this.#options;
    const record = await deployment.record();
    // The index that finds ended versions is among those that are built when the head is first reached.
    if (!record.indexedAt) return;
    const finalized = await source.finalized();
    const target = pruneTarget(prune, {
      head,
      earliest: record.earliestBlock,
      finalized: finalized?.number ?? (source.capabilities.finality ? 0 : null),
    });
    if (target === null && !this.#first) return;
    if (target !== null) await deployment.raiseEarliestBlock(lease, target);
    let pruned = 0;
    while (!this.#stopped) {
      const deleted = await deployment.pruneStep(lease, stepRows);
      pruned += deleted;
      if (deleted > 0) continue;
      this.#first = false;
      break;
    }
    if (pruned > 0) onPruned(pruned, target ?? record.earliestBlock);
  }
}
