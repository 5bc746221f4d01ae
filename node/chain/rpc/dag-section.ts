// A part of the DAG for whoever draws it: blocks from a blue score on, each before those that build on it.
import type { ChainView, DagBlockView } from '../engine/chain-view.ts';
import type { BlockId } from '../types/identifiers.ts';

export interface DagSection {
  readonly blocks: readonly DagBlockView[];
  /** Blue score to ask for next, when there is more. */
  readonly next: number | undefined;
}

/** Blocks beyond the executed chain that are looked at: a chain that stands still may have many. */
const MAX_UNEXECUTED = 2_000;

/**
 * Chain blocks with a blue score of `from` or more, each behind what it merged, then what nothing executed has merged yet. At least one chain
 * block's whole mergeset, then no more than `limit` blocks.
 * @param from undefined for the end of the DAG
 */
export function dagFrom(view: ChainView, from: number | undefined, limit: number): DagSection {
  const end = view.head.latest;
  const first = from === undefined ? startOfEnd(view, limit) : firstWith(view, from);
  const blocks: DagBlockView[] = [];
  const seen = new Set<BlockId>();
  const put = (id: BlockId) => {
    const block = seen.has(id) ? undefined : view.dagBlock(id);
    if (!block) return;
    seen.add(id);
    blocks.push(block);
  };
  for (let index = first; index <= end; index++) {
    const id = view.idAt(index);
    const block = id === undefined ? undefined : view.dagBlock(id);
    if (!block) continue;
    const merged = [...block.blues, ...block.reds].filter((each) => each !== block.selectedParent);
    if (blocks.length > 0 && blocks.length + merged.length + 1 > limit)
      return { blocks, next: block.blueScore };
    for (const each of merged) put(each);
    put(block.id);
  }
  for (const block of unexecuted(view, from)) {
    if (blocks.length >= limit) break;
    put(block.id);
  }
  return { blocks, next: undefined };
}

/** About where the last `limit` blocks begin: with each chain block come others. */
function startOfEnd(view: ChainView, limit: number): number {
  let blocks = 0;
  let index = view.head.latest;
  for (; index > view.oldest && blocks < limit; index--) {
    const id = view.idAt(index);
    const block = id === undefined ? undefined : view.dagBlock(id);
    blocks += block ? block.blues.length + block.reds.length : 1;
  }
  return blocks >= limit ? index + 2 : index;
}

/** The first chain block with this blue score or more: it grows along the chain. */
function firstWith(view: ChainView, blueScore: number): number {
  let [low, high] = [view.oldest, view.head.latest + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const id = view.idAt(middle);
    const score = id === undefined ? undefined : view.dagBlock(id)?.blueScore;
    if (score !== undefined && score >= blueScore) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What is above the executed chain, in ascending blue score: found from the tips back. */
function unexecuted(view: ChainView, from: number | undefined): DagBlockView[] {
  const latest = view.idAt(view.head.latest);
  const floor = latest === undefined ? 0 : (view.dagBlock(latest)?.blueScore ?? 0);
  const found = new Map<BlockId, DagBlockView>();
  const waiting: BlockId[] = [...view.tips];
  while (waiting.length > 0 && found.size < MAX_UNEXECUTED) {
    const id = waiting.pop() as BlockId;
    if (found.has(id)) continue;
    const block = view.dagBlock(id);
    // Lower ones are in the past of the chain, or beside it and too old to matter for a picture.
    if (!block || block.blueScore + 16 < floor || (block.onSelectedChain && block.blueScore <= floor))
      continue;
    found.set(id, block);
    waiting.push(...block.header.parents);
  }
  return [...found.values()]
    .filter(({ blueScore }) => blueScore >= (from ?? 0))
    .sort((a, b) => a.blueScore - b.blueScore || (a.id < b.id ? -1 : 1));
}
