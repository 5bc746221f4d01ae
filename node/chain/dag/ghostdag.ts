// GHOSTDAG (Y. Sompolinsky, S. Wyborski, A. Zohar, "PHANTOM GHOSTDAG", 2021): which blocks of a DAG count as blue, how heavy each block's
// past is, and in which order its mergeset comes. A greedy form of PHANTOM, whose exact form is NP-hard.

/** What GHOSTDAG needs to know of a DAG. Blocks are numbers. */
export interface DagView {
  /** Whether `ancestor` is `block` itself or in its past. */
  isAncestor(ancestor: number, block: number): boolean;
  parentsOf(block: number): readonly number[];
  dataOf(block: number): GhostdagData;
  /** The work of the block alone. */
  workOf(block: number): number;
  /** Negative when `a` comes before `b`: by blue work, then by hash. Every block comes after all of its past. */
  compare(a: number, b: number): number;
}

export interface GhostdagData {
  /** The heaviest parent; undefined of a block without parents. */
  readonly selectedParent: number | undefined;
  /** Blue blocks in the past of this one. */
  readonly blueScore: number;
  /** Their work. */
  readonly blueWork: number;
  /** The selected parent, then the blue ones of the mergeset, in order. */
  readonly blues: readonly number[];
  /** The red ones of the mergeset, in order. */
  readonly reds: readonly number[];
  /** How many blues of this block's past are neither before nor after each of `blues`; those of earlier blues stand with the chain's blocks. */
  readonly blueAnticoneSizes: ReadonlyMap<number, number>;
}

export const GENESIS_DATA: GhostdagData = {
  selectedParent: undefined,
  blueScore: 0,
  blueWork: 0,
  blues: [],
  reds: [],
  blueAnticoneSizes: new Map(),
};

/** The parent that comes last in the order: the one whose past is the heaviest. */
export function selectParent(dag: Pick<DagView, 'compare'>, parents: readonly number[]): number {
  const [first, ...others] = parents;
  if (first === undefined) throw new RangeError('a block without parents has no selected parent');
  return others.reduce((best, parent) => (dag.compare(parent, best) > 0 ? parent : best), first);
}

/**
 * The blocks in the past of a block that are neither its selected parent nor in the past of that, in order.
 * @throws MergesetTooLarge beyond `limit` blocks, before more is looked at
 */
export function mergesetOf(
  dag: DagView,
  parents: readonly number[],
  selectedParent: number,
  limit = Number.POSITIVE_INFINITY,
): number[] {
  const seen = new Set<number>([selectedParent]);
  const mergeset: number[] = [];
  const queue = [...parents];
  for (let block = queue.pop(); block !== undefined; block = queue.pop()) {
    if (seen.has(block)) continue;
    seen.add(block);
    // All of its past is in the past of the selected parent, too.
    if (dag.isAncestor(block, selectedParent)) continue;
    mergeset.push(block);
    if (mergeset.length > limit) throw new MergesetTooLarge(limit);
    queue.push(...dag.parentsOf(block));
  }
  return mergeset.sort((a, b) => dag.compare(a, b));
}

export class MergesetTooLarge extends RangeError {
  readonly code = 'MERGESET_TOO_LARGE';

  constructor(readonly limit: number) {
    super(`A block merges more than ${limit} blocks. Name fewer parents.`);
  }
}

/** Colours the mergeset of a new block. @param k how many blues of its past a blue block may be unrelated to */
export function colour(
  dag: DagView,
  k: number,
  selectedParent: number,
  mergeset: readonly number[],
): GhostdagData {
  const blues = [selectedParent];
  const reds: number[] = [];
  const sizes = new Map<number, number>([[selectedParent, 0]]);

  /** The size of a blue's anticone among the blues as seen from the new block: the latest that was written down along the chain. */
  const sizeOf = (blue: number): number => {
    let size = sizes.get(blue);
    for (
      let chainBlock: number | undefined = selectedParent;
      size === undefined && chainBlock !== undefined;
    ) {
      const data = dag.dataOf(chainBlock);
      size = data.blueAnticoneSizes.get(blue);
      chainBlock = data.selectedParent;
    }
    if (size === undefined) throw new Error(`block ${blue} is not a blue of this chain`);
    return size;
  };

  /** The candidate's blue anticone with each one's own size; undefined when the candidate must be red. */
  const anticoneOf = (candidate: number): Map<number, number> | undefined => {
    const anticone = new Map<number, number>();
    if (blues.length === k + 1) return undefined;
    let peers: readonly number[] = blues;
    let chainBlock: number | undefined;
    for (;;) {
      for (const peer of peers) {
        if (dag.isAncestor(peer, candidate)) continue;
        const size = sizeOf(peer);
        if (anticone.size === k || size === k) return undefined;
        anticone.set(peer, size);
      }
      const next: number | undefined =
        chainBlock === undefined ? selectedParent : dag.dataOf(chainBlock).selectedParent;
      // Below a chain block that is in the candidate's past all blues are, too.
      if (next === undefined || dag.isAncestor(next, candidate)) return anticone;
      chainBlock = next;
      peers = dag.dataOf(next).blues;
    }
  };

  for (const candidate of mergeset) {
    const anticone = anticoneOf(candidate);
    if (anticone === undefined) {
      reds.push(candidate);
      continue;
    }
    blues.push(candidate);
    sizes.set(candidate, anticone.size);
    for (const [peer, size] of anticone) sizes.set(peer, size + 1);
  }

  const before = dag.dataOf(selectedParent);
  return {
    selectedParent,
    blueScore: before.blueScore + blues.length,
    blueWork: before.blueWork + blues.reduce((work, blue) => work + dag.workOf(blue), 0),
    blues,
    reds,
    blueAnticoneSizes: sizes,
  };
}
