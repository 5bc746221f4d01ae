// The blocks of a chain as a DAG: who is in whose past, which are blue, which chain is selected, and the one order that follows from it.
// Memory alone: it is filled from the block store at start, and forgets what lies behind the pruning block.
import { AiosError } from '#node/platform/errors.ts';
import type { BlockId } from '../types/identifiers.ts';
import {
  colour,
  type DagView,
  GENESIS_DATA,
  type GhostdagData,
  MergesetTooLarge,
  mergesetOf,
  selectParent,
} from './ghostdag.ts';
import { NO_BLOCK } from './interval-tree.ts';
import { Reachability } from './reachability.ts';

/** A block as the DAG needs it. */
export interface DagBlock {
  readonly id: BlockId;
  readonly parents: readonly BlockId[];
  /** What the block adds to the work of whoever has it as a blue. */
  readonly work?: number;
}

/** What GHOSTDAG says of a block, in the words of the outside. */
export interface BlockOrder {
  readonly selectedParent: BlockId | undefined;
  readonly blueScore: number;
  readonly blueWork: number;
  /** The selected parent first. */
  readonly blues: readonly BlockId[];
  readonly reds: readonly BlockId[];
}

export interface BlockDagOptions {
  /** How many blues a blue may be unrelated to. */
  readonly k: number;
  readonly genesis: BlockId;
  /** What the protocol asks of blocks beyond the algorithm, which knows no limits. */
  readonly limits?: {
    /** Parents that one block may name, none of them in the past of another. */
    readonly maxParents: number;
    /** Blocks that one block may merge beside its selected parent. */
    readonly maxMergeset: number;
    /**
     * What a block merges must have the block's merge root in its past: the last block of its selected chain whose blue score is at least
     * this much lower than its own. Colouring never looks further back, so that what lies deeper can be forgotten.
     */
    readonly mergeDepth: number;
  };
}

const hashForm = /^[0-9a-f]{64}$/;

export class BlockDag {
  readonly #options: BlockDagOptions;
  readonly #reachability = new Reachability();
  readonly #numbers = new Map<BlockId, number>();
  readonly #ids: BlockId[] = [];
  readonly #parents: (readonly number[])[] = [];
  readonly #data: GhostdagData[] = [];
  readonly #works: number[] = [];
  readonly #mergeRoots: number[] = [];
  readonly #tips = new Set<number>();
  #heaviest = 0;
  readonly #view: DagView = {
    isAncestor: (ancestor, block) => this.#reachability.isAncestor(ancestor, block),
    parentsOf: (block) => this.#parents[block] as readonly number[],
    dataOf: (block) => this.#data[block] as GhostdagData,
    workOf: (block) => this.#works[block] as number,
    compare: (a, b) => this.#compare(a, b),
  };

  constructor(options: BlockDagOptions) {
    this.#options = options;
    this.#store(options.genesis, [], 1, NO_BLOCK, [], GENESIS_DATA, 0);
  }

  get size(): number {
    return this.#ids.length;
  }

  /** Blocks without children, in no particular order. */
  get tips(): readonly BlockId[] {
    return [...this.#tips].map((tip) => this.#idOf(tip));
  }

  /** The tip with the heaviest past: the end of the selected chain as long as no checkpoint says otherwise. */
  get heaviest(): BlockId {
    return this.#idOf(this.#heaviest);
  }

  has(id: BlockId): boolean {
    return this.#numbers.has(id);
  }

  /**
   * Adds a block all of whose parents are known.
   * @throws AiosError BLOCK_INVALID (also of one that is known already), PARENT_UNKNOWN; nothing is changed then
   */
  add({ id, parents, work = 1 }: DagBlock): BlockOrder {
    if (!hashForm.test(id)) throw invalid(id, 'its id is no hash of 64 hexadecimal digits in lower case');
    if (this.has(id)) throw invalid(id, 'it is known already');
    if (!(work > 0 && Number.isSafeInteger(work)))
      throw invalid(id, `its work is ${work}, no positive integer`);
    const { known, selected, mergeset, data, mergeRoot } = this.#placed(id, parents);
    const block = this.#store(id, known, work, selected, mergeset, data, mergeRoot);
    for (const parent of known) this.#tips.delete(parent);
    if (this.#compare(block, this.#heaviest) > 0) this.#heaviest = block;
    this.#reachability.tree.follow(this.#heaviest);
    return this.#order(data);
  }

  /**
   * What GHOSTDAG would say of a block with these parents.
   * @throws AiosError as `add`
   */
  preview(parents: readonly BlockId[]): BlockOrder {
    return this.#order(this.#placed('to come', parents).data);
  }

  #placed(id: string, parents: readonly BlockId[]) {
    const { k, limits } = this.#options;
    if (parents.length === 0) throw invalid(id, 'it names no parents; only the genesis has none');
    const known = parents.map((parent) => this.#numberOf(parent));
    if (new Set(known).size !== known.length) throw invalid(id, 'it names a parent twice');
    if (limits) this.#checkParents(id, known, limits.maxParents);
    const selected = selectParent(this.#view, known);
    const mergeset = this.#mergeset(id, known, selected, limits?.maxMergeset);
    const data = colour(this.#view, k, selected, mergeset);
    const mergeRoot = limits ? this.#mergeRoot(selected, data.blueScore - limits.mergeDepth) : 0;
    const stray = limits && mergeset.find((each) => !this.#view.isAncestor(mergeRoot, each));
    if (stray !== undefined)
      throw invalid(
        id,
        `it merges ${this.#idOf(stray)}, which does not have ${this.#idOf(mergeRoot)} in its past and is too old to be merged`,
      );
    return { known, selected, mergeset, data, mergeRoot };
  }

  /** @throws AiosError PARENT_UNKNOWN */
  order(id: BlockId): BlockOrder {
    return this.#order(this.#data[this.#numberOf(id)] as GhostdagData);
  }

  /** Whether `ancestor` is `block` itself or in its past. @throws AiosError PARENT_UNKNOWN */
  isAncestor(ancestor: BlockId, block: BlockId): boolean {
    return this.#reachability.isAncestor(this.#numberOf(ancestor), this.#numberOf(block));
  }

  /** Whether `ancestor` is `block` itself or on its selected chain. @throws AiosError PARENT_UNKNOWN */
  isChainAncestor(ancestor: BlockId, block: BlockId): boolean {
    return this.#reachability.tree.isChainAncestor(this.#numberOf(ancestor), this.#numberOf(block));
  }

  /** The mergeset of a block, blues and reds, without its selected parent, in the order in which it is executed. */
  mergeset(id: BlockId): readonly BlockId[] {
    const { blues, reds } = this.#data[this.#numberOf(id)] as GhostdagData;
    return [...blues.slice(1), ...reds].sort((a, b) => this.#compare(a, b)).map((block) => this.#idOf(block));
  }

  /** The selected chain down from a block, itself first, to the oldest block that is kept. */
  *chain(from: BlockId): Generator<BlockId> {
    for (
      let block: number | undefined = this.#numberOf(from);
      block !== undefined;
      block = this.#data[block]?.selectedParent
    )
      yield this.#idOf(block);
  }

  /** The heavier of two blocks comes later. */
  compare(a: BlockId, b: BlockId): number {
    return this.#compare(this.#numberOf(a), this.#numberOf(b));
  }

  /**
   * A DAG of a block of the selected chain and its future alone, in which that block is the oldest. What lies beside it is left out, too,
   * since nothing may merge it any more. What it answers of the blocks it has, and of those that come, is what the whole one would.
   * @throws AiosError PARENT_UNKNOWN; PRUNING_TOO_CLOSE when blocks to come may still look behind it
   */
  prunedAt(id: BlockId): BlockDag {
    const root = this.#numberOf(id);
    const { isAncestor, dataOf, parentsOf, workOf } = this.#view;
    if (!this.#reachability.tree.isChainAncestor(root, this.#mergeRoots[this.#heaviest] as number))
      throw new AiosError(
        'PRUNING_TOO_CLOSE',
        `Blocks to come may still merge what lies behind ${id}. Prune at a block that is at least the merge depth behind the heaviest.`,
      );
    const pruned = new BlockDag({ ...this.#options, genesis: id });
    const { blueScore, blueWork } = dataOf(root);
    pruned.#data[0] = { ...GENESIS_DATA, blueScore, blueWork };
    pruned.#works[0] = workOf(root);
    const numbers = new Map([[root, 0]]);
    const kept = (blocks: readonly number[]) =>
      blocks.map((block) => numbers.get(block)).filter((block) => block !== undefined);
    for (let block = root + 1; block < this.size; block++) {
      if (!isAncestor(root, block)) continue;
      const data = dataOf(block);
      const parents = kept(parentsOf(block));
      const selectedParent = data.selectedParent === undefined ? undefined : numbers.get(data.selectedParent);
      // On a chain beside the root it hangs from the root all the same: nothing that will be asked passes through there.
      const mergeset =
        selectedParent === undefined ? pruned.#past(parents) : kept([...data.blues.slice(1), ...data.reds]);
      const number = pruned.#store(
        this.#idOf(block),
        parents,
        workOf(block),
        selectedParent ?? 0,
        mergeset,
        {
          ...data,
          selectedParent,
          blues: kept(data.blues),
          reds: kept(data.reds),
          blueAnticoneSizes: new Map(
            [...data.blueAnticoneSizes].flatMap(([blue, size]) => {
              const known = numbers.get(blue);
              return known === undefined ? [] : [[known, size] as const];
            }),
          ),
        },
        numbers.get(this.#mergeRoots[block] as number) ?? 0,
      );
      numbers.set(block, number);
      for (const parent of parents) pruned.#tips.delete(parent);
    }
    pruned.#heaviest = numbers.get(this.#heaviest) as number;
    pruned.#reachability.tree.follow(pruned.#heaviest);
    return pruned;
  }

  /** Blocks and all of their past, without the oldest. */
  #past(blocks: readonly number[]): number[] {
    const past = new Set<number>();
    const queue = [...blocks];
    for (let block = queue.pop(); block !== undefined; block = queue.pop()) {
      if (block === 0 || past.has(block)) continue;
      past.add(block);
      queue.push(...this.#view.parentsOf(block));
    }
    return [...past];
  }

  /** The last block of a chain whose blue score is at most that. Found from where the chain's end has its own, which is never further up. */
  #mergeRoot(selectedParent: number, most: number): number {
    let root = this.#mergeRoots[selectedParent] as number;
    while (root !== selectedParent) {
      const next = this.#reachability.tree.childTowards(root, selectedParent);
      if ((this.#data[next] as GhostdagData).blueScore > most) break;
      root = next;
    }
    return root;
  }

  #compare(a: number, b: number): number {
    const works = (this.#data[a] as GhostdagData).blueWork - (this.#data[b] as GhostdagData).blueWork;
    if (works !== 0) return works;
    const [first, second] = [this.#idOf(a), this.#idOf(b)];
    return first < second ? -1 : first > second ? 1 : 0;
  }

  #checkParents(id: BlockId, parents: readonly number[], most: number): void {
    if (parents.length > most) throw invalid(id, `it names ${parents.length} parents, more than ${most}`);
    const { isAncestor } = this.#view;
    const older = parents.find((parent) =>
      parents.some((other) => other !== parent && isAncestor(parent, other)),
    );
    if (older !== undefined)
      throw invalid(id, `its parent ${this.#idOf(older)} is in the past of another of its parents`);
  }

  #mergeset(id: BlockId, parents: readonly number[], selected: number, limit?: number): number[] {
    try {
      return mergesetOf(this.#view, parents, selected, limit);
    } catch (error) {
      if (error instanceof MergesetTooLarge) throw invalid(id, `it merges more than ${error.limit} blocks`);
      throw error;
    }
  }

  #store(
    id: BlockId,
    parents: readonly number[],
    work: number,
    treeParent: number,
    mergeset: readonly number[],
    data: GhostdagData,
    mergeRoot: number,
  ): number {
    const block = this.#reachability.add(treeParent, mergeset);
    this.#numbers.set(id, block);
    this.#ids.push(id);
    this.#parents.push(parents);
    this.#works.push(work);
    this.#data.push(data);
    this.#mergeRoots.push(mergeRoot);
    this.#tips.add(block);
    return block;
  }

  #order({ selectedParent, blueScore, blueWork, blues, reds }: GhostdagData): BlockOrder {
    const ids = (blocks: readonly number[]) => blocks.map((block) => this.#idOf(block));
    return {
      selectedParent: selectedParent === undefined ? undefined : this.#idOf(selectedParent),
      ...{ blueScore, blueWork, blues: ids(blues), reds: ids(reds) },
    };
  }

  #idOf(block: number): BlockId {
    return this.#ids[block] as BlockId;
  }

  #numberOf(id: BlockId): number {
    const block = this.#numbers.get(id);
    if (block === undefined)
      throw new AiosError(
        'PARENT_UNKNOWN',
        `Block ${id} is not known here. Fetch it before those that name it.`,
      );
    return block;
  }
}

function invalid(id: BlockId, why: string): AiosError {
  return new AiosError('BLOCK_INVALID', `Block ${id.slice(0, 80)} is refused: ${why}.`);
}
