// The commitment to all accounts: a binary tree over hashed keys, in which every subtree with one account is that account's leaf. Its shape and
// root follow from the accounts alone, whatever the order they came in. A path of hashes proves what an account is, or that there is none.
import { createHash } from 'node:crypto';

export const HASH_BYTES = 32;
/** The root of no accounts, and the sibling where there is nothing. */
const EMPTY = Buffer.alloc(HASH_BYTES);
const NONE = -1;

/** Hashes pairs of 32 bytes, 64 bytes each in a row, into as many hashes. */
export type PairHasher = (pairs: Uint8Array, into: Uint8Array) => void;

/** SHA-256, one pair after the other. */
export const sha256Pairs: PairHasher = (pairs, into) => {
  for (let pair = 0; pair * 64 < pairs.length; pair++)
    into.set(
      createHash('sha256')
        .update(pairs.subarray(pair * 64, pair * 64 + 64))
        .digest(),
      pair * 32,
    );
};

export interface StateTreeOptions {
  readonly hashPairs?: PairHasher;
}

/** The leaf at the end of a path, or nothing where the path ends at an empty place. */
export interface StateProof {
  /** From the root downwards. */
  readonly siblings: readonly Uint8Array[];
  readonly leaf: { readonly key: Uint8Array; readonly valueHash: Uint8Array } | undefined;
}

/** A change of an account: its key and the hash of what it is now; undefined removes it. */
export interface StateChange {
  /** 32 bytes, evenly distributed: the hash of an address. */
  readonly key: Uint8Array;
  readonly valueHash: Uint8Array | undefined;
}

/** Nodes are numbers. A leaf has no children; a branch has two subtrees with two accounts or more between them. */
export class StateTree {
  readonly #hashPairs: PairHasher;
  #left = new Int32Array(1_024);
  #right = new Int32Array(1_024);
  /** Of each node 64 bytes: a leaf's key and value hash, a branch's children's hashes. */
  #contents = Buffer.alloc(1_024 * 64);
  #hashes = Buffer.alloc(1_024 * HASH_BYTES);
  readonly #free: number[] = [];
  #used = 0;
  #root = NONE;
  #accounts = 0;

  constructor({ hashPairs = sha256Pairs }: StateTreeOptions = {}) {
    this.#hashPairs = hashPairs;
  }

  get accounts(): number {
    return this.#accounts;
  }

  /** 32 bytes. */
  get root(): Uint8Array {
    return Uint8Array.from(this.#hashOf(this.#root));
  }

  /** Applies changes together, hashing each node that lies above them once. Of two changes of a key the later one counts. */
  update(changes: readonly StateChange[]): void {
    const last = new Map(changes.map((change) => [Buffer.from(change.key).toString('latin1'), change]));
    const sorted = [...last.values()].sort((a, b) => Buffer.compare(a.key, b.key));
    /** Nodes to hash, by depth. */
    const dirty: number[][] = [];
    this.#root = this.#apply(this.#root, sorted, 0, dirty);
    for (const level of dirty.reverse()) if (level) this.#hash(level);
  }

  /** What proves the account of a key, or that there is none. */
  proof(key: Uint8Array): StateProof {
    const siblings: Uint8Array[] = [];
    let node = this.#root;
    for (let depth = 0; node !== NONE && !this.#isLeaf(node); depth++) {
      const [left, right] = [this.#left[node] as number, this.#right[node] as number];
      const goesRight = bitOf(key, depth) === 1;
      siblings.push(Uint8Array.from(this.#hashOf(goesRight ? left : right)));
      node = goesRight ? right : left;
    }
    if (node === NONE) return { siblings, leaf: undefined };
    const contents = Uint8Array.from(this.#contentsOf(node));
    return { siblings, leaf: { key: contents.slice(0, 32), valueHash: contents.slice(32) } };
  }

  /** The subtree after the changes, which are sorted, of different keys, and all belong below `node`. */
  #apply(node: number, changes: readonly StateChange[], depth: number, dirty: number[][]): number {
    if (changes.length === 0) return node;
    if (node === NONE || this.#isLeaf(node)) return this.#build(this.#withLeaf(node, changes), depth, dirty);
    const cut = firstRight(changes, depth);
    const left = this.#apply(this.#left[node] as number, changes.slice(0, cut), depth + 1, dirty);
    const right = this.#apply(this.#right[node] as number, changes.slice(cut), depth + 1, dirty);
    return this.#branch(node, left, right, depth, dirty);
  }

  /** The accounts of a place with at most one, after changes. */
  #withLeaf(node: number, changes: readonly StateChange[]): StateChange[] {
    const kept = changes.filter(({ valueHash }) => valueHash !== undefined);
    this.#accounts += kept.length;
    if (node === NONE) return kept;
    const contents = this.#contentsOf(node);
    const key = Uint8Array.from(contents.subarray(0, 32));
    const valueHash = Uint8Array.from(contents.subarray(32));
    this.#release(node);
    if (changes.some((change) => Buffer.compare(change.key, key) === 0)) {
      this.#accounts -= 1;
      return kept;
    }
    return [...kept, { key, valueHash }].sort((a, b) => Buffer.compare(a.key, b.key));
  }

  #build(accounts: readonly StateChange[], depth: number, dirty: number[][]): number {
    const [first, second] = accounts;
    if (first === undefined) return NONE;
    if (second === undefined) {
      const leaf = this.#take(NONE, NONE);
      const contents = this.#contentsOf(leaf);
      contents.set(first.key, 0);
      contents.set(first.valueHash as Uint8Array, 32);
      mark(dirty, depth, leaf);
      return leaf;
    }
    const cut = firstRight(accounts, depth);
    const left = this.#build(accounts.slice(0, cut), depth + 1, dirty);
    const right = this.#build(accounts.slice(cut), depth + 1, dirty);
    return this.#branch(NONE, left, right, depth, dirty);
  }

  /** A branch of two subtrees, in the place of `node`; where only one account is left below it, that account's leaf. */
  #branch(node: number, left: number, right: number, depth: number, dirty: number[][]): number {
    const only = left === NONE ? right : right === NONE ? left : undefined;
    if (only !== undefined && (only === NONE || this.#isLeaf(only))) {
      if (node !== NONE) this.#release(node);
      return only;
    }
    const branch = node === NONE ? this.#take(left, right) : node;
    this.#left[branch] = left;
    this.#right[branch] = right;
    mark(dirty, depth, branch);
    return branch;
  }

  /** Hashes nodes of one depth, below which all hashes are right, at once. */
  #hash(nodes: readonly number[]): void {
    const pairs = new Uint8Array(nodes.length * 64);
    for (const [nth, node] of nodes.entries()) {
      const contents = this.#contentsOf(node);
      if (!this.#isLeaf(node)) {
        contents.set(this.#hashOf(this.#left[node] as number), 0);
        contents.set(this.#hashOf(this.#right[node] as number), 32);
      }
      pairs.set(contents, nth * 64);
    }
    const hashes = new Uint8Array(nodes.length * HASH_BYTES);
    this.#hashPairs(pairs, hashes);
    for (const [nth, node] of nodes.entries())
      this.#hashes.set(hashes.subarray(nth * HASH_BYTES, (nth + 1) * HASH_BYTES), node * HASH_BYTES);
  }

  #isLeaf(node: number): boolean {
    return this.#left[node] === NONE && this.#right[node] === NONE;
  }

  #hashOf(node: number): Uint8Array {
    return node === NONE ? EMPTY : this.#hashes.subarray(node * HASH_BYTES, (node + 1) * HASH_BYTES);
  }

  #contentsOf(node: number): Uint8Array {
    return this.#contents.subarray(node * 64, node * 64 + 64);
  }

  #take(left: number, right: number): number {
    const node = this.#free.pop() ?? this.#used++;
    if (node >= this.#left.length) this.#grow();
    this.#left[node] = left;
    this.#right[node] = right;
    return node;
  }

  #release(node: number): void {
    this.#free.push(node);
  }

  #grow(): void {
    const grown = <Numbers extends Int32Array | Buffer>(old: Numbers, empty: Numbers): Numbers => {
      empty.set(old);
      return empty;
    };
    this.#left = grown(this.#left, new Int32Array(this.#left.length * 2));
    this.#right = grown(this.#right, new Int32Array(this.#right.length * 2));
    this.#contents = grown(this.#contents, Buffer.alloc(this.#contents.length * 2));
    this.#hashes = grown(this.#hashes, Buffer.alloc(this.#hashes.length * 2));
  }
}

/**
 * What a proof says of a key under a root: the hash of the account's value, `null` when there is no such account, `undefined` when it proves
 * nothing. Needs nothing but the proof.
 */
export function verifyStateProof(
  root: Uint8Array,
  key: Uint8Array,
  proof: StateProof,
): Uint8Array | null | undefined {
  const { siblings, leaf } = proof;
  if (key.length !== HASH_BYTES || siblings.length > HASH_BYTES * 8) return undefined;
  let hash: Uint8Array = leaf ? pairHash(leaf.key, leaf.valueHash) : EMPTY;
  for (let depth = siblings.length - 1; depth >= 0; depth--) {
    const sibling = siblings[depth] as Uint8Array;
    hash = bitOf(key, depth) === 1 ? pairHash(sibling, hash) : pairHash(hash, sibling);
  }
  if (Buffer.compare(hash, root) !== 0) return undefined;
  return leaf && Buffer.compare(leaf.key, key) === 0 ? leaf.valueHash : null;
}

function pairHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return Uint8Array.from(createHash('sha256').update(left).update(right).digest());
}

const bitOf = (key: Uint8Array, depth: number): number =>
  ((key[depth >>> 3] as number) >>> (7 - (depth & 7))) & 1;

/** How many of sorted changes, equal up to this depth, go left. */
function firstRight(changes: readonly StateChange[], depth: number): number {
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bitOf((changes[middle] as StateChange).key, depth) === 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function mark(dirty: number[][], depth: number, node: number): void {
  const level = dirty[depth];
  if (level) level.push(node);
  else dirty[depth] = [node];
}
