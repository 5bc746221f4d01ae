// On which block to build: the heaviest that has the last justified checkpoint on its selected chain, and beside it whatever can be merged.
import type { BlockId } from '../types/identifiers.ts';

/** What is asked of the DAG and the headers. */
export interface ForkView {
  readonly tips: readonly BlockId[];
  /** The heavier of two blocks comes later. */
  compare(a: BlockId, b: BlockId): number;
  isAncestor(ancestor: BlockId, block: BlockId): boolean;
  isChainAncestor(ancestor: BlockId, block: BlockId): boolean;
  parentsOf(id: BlockId): readonly BlockId[];
  roundOf(id: BlockId): number;
}

/** Blocks from the tips back, the heaviest first; a block's parents come into play once it was `open`ed. */
class Frontier {
  readonly #view: ForkView;
  readonly #seen: Set<BlockId>;
  readonly #waiting: BlockId[];

  constructor(view: ForkView) {
    this.#view = view;
    this.#waiting = [...view.tips];
    this.#seen = new Set(this.#waiting);
  }

  /** Takes the heaviest. A frontier is as wide as the DAG, which is a handful: no heap is worth it. */
  take(): BlockId | undefined {
    let best = 0;
    for (let nth = 1; nth < this.#waiting.length; nth++)
      if (this.#view.compare(this.#waiting[nth] as BlockId, this.#waiting[best] as BlockId) > 0) best = nth;
    return this.#waiting.splice(best, 1)[0];
  }

  open(id: BlockId): void {
    for (const parent of this.#view.parentsOf(id)) {
      if (this.#seen.has(parent)) continue;
      this.#seen.add(parent);
      this.#waiting.push(parent);
    }
  }
}

/**
 * The heaviest block of before a round that has `justified` on its selected chain, or is it.
 * @param justified is known
 */
export function bestTip(view: ForkView, justified: BlockId, beforeRound = Number.POSITIVE_INFINITY): BlockId {
  const frontier = new Frontier(view);
  for (let block = frontier.take(); block !== undefined; block = frontier.take()) {
    if (view.roundOf(block) < beforeRound && view.isChainAncestor(justified, block)) return block;
    frontier.open(block);
  }
  return justified;
}

/**
 * The parents of a block of a round: the best tip of before it, which is the heaviest of them and so the selected one, and the other ends of the
 * DAG of before it, heaviest first, none in the past of another.
 */
export function parentsFor(
  view: ForkView,
  justified: BlockId,
  round: number,
  most: number,
): readonly BlockId[] {
  const selected = bestTip(view, justified, round);
  const parents = [selected];
  const frontier = new Frontier(view);
  for (let block = frontier.take(); block !== undefined && parents.length < most; block = frontier.take()) {
    if (view.roundOf(block) >= round || view.compare(block, selected) > 0) frontier.open(block);
    else if (!parents.some((parent) => view.isAncestor(block as BlockId, parent))) parents.push(block);
  }
  return parents;
}
