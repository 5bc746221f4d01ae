// The blocks of a chain as a DAG: who is in whose past, which are blue, which chain is selected, and the one order that follows from it.
// Memory alone: it is filled from the block store at start, and forgets what lies behind the pruning block.
import { AiosError } from '#node/platform/errors.ts';
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

/** The hash of a block, 32 bytes as 64 hexadecimal digits: text compares as the bytes do. */
export type BlockId = string;

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
  };
}

const hashForm = /^[0-9a-f]{64}$/;

export class BlockDag {
  readonly #options: BlockDagOptions;
  #reachability = new Reachability();
  readonly #numbers = new Map<BlockId, number>();
  #ids: BlockId[] = [];
  #parents: (readonly number[])[] = [];
  #data: GhostdagData[] = [];
  #works: number[] = [];
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
    this.#store(options.genesis, [], 1, NO_BLOCK, [], GENESIS_DATA);
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
    const { k, limits } = this.#options;
    if (!hashForm.test(id)) throw invalid(id, 'its id is no hash of 64 hexadecimal digits in lower case');
    if (this.has(id)) throw invalid(id, 'it is known already');
    if (parents.length === 0) throw invalid(id, 'it names no parents; only the genesis has none');
    if (!(work > 0 && Number.isSafeInteger(work)))
      throw invalid(id, `its work is ${work}, no positive integer`);
    const known = parents.map((parent) => this.#numberOf(parent));
    if (new Set(known).size !== known.length) throw invalid(id, 'it names a parent twice');
    if (limits) this.#checkParents(id, known, limits.maxParents);
    const selected = selectParent(this.#view, known);
    const mergeset = this.#mergeset(id, known, selected, limits?.maxMergeset);
    const data = colour(this.#view, k, selected, mergeset);
    const block = this.#store(id, known, work, selected, mergeset, data);
    for (const parent of known) this.#tips.delete(parent);
    if (this.#compare(block, this.#heaviest) > 0) this.#heaviest = block;
    this.#reachability.tree.follow(this.#heaviest);
    return this.#order(data);
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
  ): number {
    const block = this.#reachability.add(treeParent, mergeset);
    this.#numbers.set(id, block);
    this.#ids.push(id);
    this.#parents.push(parents);
    this.#works.push(work);
    this.#data.push(data);
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
