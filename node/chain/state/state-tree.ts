// The commitment to the whole state: a binary tree over hashed keys, in which every subtree with one entry is that entry's leaf. Its shape and
// root follow from the entries alone, whatever the order they came in. A path of hashes proves what an entry is, or that there is none.
import { createHash } from 'node:crypto';
import { type PairHasher, sha256Pairs } from '../crypto/pair-hasher.ts';
import { LeafChanges } from './leaf-changes.ts';

export { type PairHasher, sha256Pairs };

export const HASH_BYTES = 32;
/** The root of no entries, and the sibling where there is nothing. */
const EMPTY = Buffer.alloc(HASH_BYTES);

export interface StateTreeOptions {
  readonly hashPairs?: PairHasher;
}

/** The leaf at the end of a path, or nothing where the path ends at an empty place. */
export interface StateProof {
  /** From the root downwards. */
  readonly siblings: readonly Uint8Array[];
  readonly leaf: { readonly key: Uint8Array; readonly valueHash: Uint8Array } | undefined;
}

/** A change of an entry: its key and the hash of what it is now; undefined removes it. */
export interface StateChange {
  /** 32 bytes, evenly distributed: the hash of an address. */
  readonly key: Uint8Array;
  readonly valueHash: Uint8Array | undefined;
}

/** Where there is nothing. Branches are numbered from 1 upwards, leaves from −1 downwards. */
const NONE = 0;
/** What a node is the hash of: a leaf's key and value hash, a branch's hashes of its two subtrees. One line of a processor's cache. */
const NODE_WORDS = 16;
/** Room for hashing is kept from one chain block to the next for so many nodes; what a genesis or a snapshot needs goes away again. */
const KEPT_ROOM = 65_536;
/** The hash of the root belongs to no branch. */
const ROOT_TARGET = -1;

const NO_CHANGES = new LeafChanges();

/** Nodes of one depth to be hashed, and where in the branches' words their hashes belong. */
class HashJobs {
  #nodes = new Int32Array(64);
  #targets = new Int32Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(node: number, target: number): void {
    if (this.#length === this.#nodes.length) {
      this.#nodes = grown(this.#nodes);
      this.#targets = grown(this.#targets);
    }
    this.#nodes[this.#length] = node;
    this.#targets[this.#length++] = target;
  }

  node(nth: number): number {
    return this.#nodes[nth] as number;
  }

  target(nth: number): number {
    return this.#targets[nth] as number;
  }

  clear(): void {
    this.#length = 0;
  }
}

export class StateTree {
  readonly #hashPairs: PairHasher;
  /** Of each branch where its two subtrees are, apart from their hashes: what is only passed on the way down stays small. */
  #children = new Int32Array(1_024 * 2);
  #branches = new Int32Array(1_024 * NODE_WORDS);
  #leaves = new Int32Array(1_024 * NODE_WORDS);
  readonly #freeBranches: number[] = [];
  readonly #freeLeaves: number[] = [];
  #usedBranches = 1;
  #usedLeaves = 1;
  #root = NONE;
  readonly #rootHash = new Int32Array(8);
  #entries = 0;
  /** Of branches, by depth; leaves wait for nothing below them and are hashed first, all together. */
  #jobs: HashJobs[] = [];
  #leafJobs = new HashJobs();
  #leafPairs = new Int32Array(64 * NODE_WORDS);
  #pairs = new Int32Array(64 * NODE_WORDS);
  #hashes = new Int32Array(64 * 8);
  /** The changes that are being applied, and whether the last subtree that was looked at has to be hashed. */
  #changes = NO_CHANGES;
  #changed = false;

  constructor({ hashPairs = sha256Pairs }: StateTreeOptions = {}) {
    this.#hashPairs = hashPairs;
  }

  get accounts(): number {
    return this.#entries;
  }

  /** 32 bytes. */
  get root(): Uint8Array {
    return bytesOfWords(this.#rootHash, 0);
  }

  /** Applies changes together, hashing each node that lies above them once. Of two changes of a key the later one counts. */
  update(changes: readonly StateChange[]): void {
    const packed = new LeafChanges(changes.length);
    for (const { key, valueHash } of changes) packed.add(key, valueHash);
    this.apply(packed);
  }

  /** As `update`, for changes that are packed already. */
  apply(changes: LeafChanges): void {
    if (changes.length === 0) return;
    const count = changes.sort();
    this.#changes = changes;
    this.#root = this.#apply(this.#root, 0, count, 0);
    if (this.#root === NONE) this.#rootHash.fill(0);
    else if (this.#changed) this.#job(0, this.#root, ROOT_TARGET);
    this.#hash(this.#leafJobs, this.#leafPairs);
    for (let depth = this.#jobs.length - 1; depth >= 0; depth--)
      this.#hashBranches(this.#jobs[depth] as HashJobs);
    this.#changes = NO_CHANGES;
    if (count > KEPT_ROOM) this.#forgetRoom();
  }

  #forgetRoom(): void {
    this.#jobs = [];
    this.#leafJobs = new HashJobs();
    this.#leafPairs = new Int32Array(64 * NODE_WORDS);
    this.#pairs = new Int32Array(64 * NODE_WORDS);
    this.#hashes = new Int32Array(64 * 8);
  }

  /** What proves the entry of a key, or that there is none. */
  proof(key: Uint8Array): StateProof {
    const siblings: Uint8Array[] = [];
    let node = this.#root;
    for (let depth = 0; node > NONE; depth++) {
      const side = bitOf(key, depth);
      siblings.push(bytesOfWords(this.#branches, node * NODE_WORDS + (1 - side) * 8));
      node = this.#children[node * 2 + side] as number;
    }
    if (node === NONE) return { siblings, leaf: undefined };
    const at = -node * NODE_WORDS;
    return {
      siblings,
      leaf: { key: bytesOfWords(this.#leaves, at), valueHash: bytesOfWords(this.#leaves, at + 8) },
    };
  }

  /** The subtree after the changes from `low` up to `high`, all of which belong into it. */
  #apply(node: number, low: number, high: number, depth: number): number {
    if (low === high) {
      this.#changed = false;
      return node;
    }
    if (node <= NONE) return this.#applyToLeaf(node, low, high, depth);
    const cut = this.#changes.firstRight(low, high, depth);
    const left = this.#apply(this.#children[node * 2] as number, low, cut, depth + 1);
    const leftChanged = this.#changed;
    const right = this.#apply(this.#children[node * 2 + 1] as number, cut, high, depth + 1);
    return this.#join(node, left, leftChanged, right, this.#changed, depth);
  }

  /** The subtree in a place with at most one entry, after changes. */
  #applyToLeaf(node: number, low: number, high: number, depth: number): number {
    const changes = this.#changes;
    this.#changed = true;
    // What nearly always happens: the entry of this place itself has another value.
    if (node !== NONE && high - low === 1 && !changes.removes(low) && this.#keyIs(node, low)) {
      changes.copyValue(low, this.#leaves, -node * NODE_WORDS + 8);
      return node;
    }
    const leaves: number[] = [];
    let old = node;
    for (let nth = low; nth < high; nth++) {
      const order = old === NONE ? 1 : changes.compareKey(nth, this.#leaves, -old * NODE_WORDS);
      // The entry that was here stands before this change.
      if (old !== NONE && order > 0) {
        leaves.push(old);
        old = NONE;
      }
      if (order === 0 && old !== NONE) {
        if (changes.removes(nth)) this.#releaseLeaf(old);
        else {
          changes.copyValue(nth, this.#leaves, -old * NODE_WORDS + 8);
          leaves.push(old);
        }
        old = NONE;
      } else if (!changes.removes(nth)) leaves.push(this.#takeLeaf(nth));
    }
    if (old !== NONE) leaves.push(old);
    return this.#build(leaves, 0, leaves.length, depth);
  }

  /** A subtree of leaves in the order of their keys. */
  #build(leaves: readonly number[], from: number, to: number, depth: number): number {
    this.#changed = true;
    if (to === from) return NONE;
    if (to - from === 1) return leaves[from] as number;
    let cut = from;
    while (cut < to && this.#leafBit(leaves[cut] as number, depth) === 0) cut++;
    const left = this.#build(leaves, from, cut, depth + 1);
    const right = this.#build(leaves, cut, to, depth + 1);
    return this.#join(NONE, left, true, right, true, depth);
  }

  /** A branch of two subtrees, in the place of `node`; where only one entry is left below it, that entry's leaf. */
  #join(
    node: number,
    left: number,
    leftChanged: boolean,
    right: number,
    rightChanged: boolean,
    depth: number,
  ): number {
    const alone = left === NONE && right <= NONE ? right : right === NONE && left <= NONE ? left : undefined;
    if (alone !== undefined) {
      if (node !== NONE) this.#freeBranches.push(node);
      // Its hash is that of another place now.
      this.#changed = true;
      return alone;
    }
    const branch = node === NONE ? this.#takeBranch() : node;
    const at = branch * NODE_WORDS;
    this.#children[branch * 2] = left;
    this.#children[branch * 2 + 1] = right;
    if (leftChanged) this.#hashLater(depth + 1, left, at);
    if (rightChanged) this.#hashLater(depth + 1, right, at + 8);
    this.#changed = leftChanged || rightChanged;
    return branch;
  }

  #hashLater(depth: number, node: number, target: number): void {
    if (node === NONE) this.#branches.fill(0, target, target + 8);
    else this.#job(depth, node, target);
  }

  #job(depth: number, node: number, target: number): void {
    if (node < NONE) {
      const at = this.#leafJobs.length * NODE_WORDS;
      if (at === this.#leafPairs.length) this.#leafPairs = grown(this.#leafPairs);
      // Copied now, while it is at hand, rather than looked up again.
      copyNode(this.#leaves, -node * NODE_WORDS, this.#leafPairs, at);
      this.#leafJobs.push(node, target);
      return;
    }
    while (this.#jobs.length <= depth) this.#jobs.push(new HashJobs());
    (this.#jobs[depth] as HashJobs).push(node, target);
  }

  /** Hashes branches of one depth, below which all hashes are right. */
  #hashBranches(jobs: HashJobs): void {
    const { length } = jobs;
    while (this.#pairs.length < length * NODE_WORDS) this.#pairs = new Int32Array(this.#pairs.length * 2);
    const [pairs, branches] = [this.#pairs, this.#branches];
    for (let nth = 0; nth < length; nth++)
      copyNode(branches, jobs.node(nth) * NODE_WORDS, pairs, nth * NODE_WORDS);
    this.#hash(jobs, pairs);
  }

  /** Hashes nodes at once and puts the hashes where they belong. */
  #hash(jobs: HashJobs, pairs: Int32Array): void {
    const { length } = jobs;
    if (length === 0) return;
    while (this.#hashes.length < length * 8) this.#hashes = new Int32Array(this.#hashes.length * 2);
    const [hashes, branches] = [this.#hashes, this.#branches];
    this.#hashPairs(
      new Uint8Array(pairs.buffer, 0, length * 64),
      new Uint8Array(hashes.buffer, 0, length * HASH_BYTES),
    );
    for (let nth = 0; nth < length; nth++) {
      const target = jobs.target(nth);
      if (target === ROOT_TARGET) copyHash(hashes, nth * 8, this.#rootHash, 0);
      else copyHash(hashes, nth * 8, branches, target);
    }
    jobs.clear();
  }

  #keyIs(leaf: number, nth: number): boolean {
    return this.#changes.compareKey(nth, this.#leaves, -leaf * NODE_WORDS) === 0;
  }

  #leafBit(leaf: number, depth: number): number {
    return wordBit(this.#leaves[-leaf * NODE_WORDS + (depth >>> 5)] as number, depth);
  }

  #takeLeaf(nth: number): number {
    const leaf = this.#freeLeaves.pop() ?? this.#usedLeaves++;
    while ((leaf + 1) * NODE_WORDS > this.#leaves.length) this.#leaves = grown(this.#leaves);
    this.#changes.copy(nth, this.#leaves, leaf * NODE_WORDS);
    this.#entries += 1;
    return -leaf;
  }

  #releaseLeaf(leaf: number): void {
    this.#freeLeaves.push(-leaf);
    this.#entries -= 1;
  }

  #takeBranch(): number {
    const branch = this.#freeBranches.pop() ?? this.#usedBranches++;
    while ((branch + 1) * NODE_WORDS > this.#branches.length) {
      this.#branches = grown(this.#branches);
      this.#children = grown(this.#children);
    }
    return branch;
  }
}

/**
 * What a proof says of a key under a root: the hash of the entry's value, `null` when there is no such entry, `undefined` when it proves
 * nothing. Needs nothing but the proof.
 */
export function verifyStateProof(
  root: Uint8Array,
  key: Uint8Array,
  proof: StateProof,
): Uint8Array | null | undefined {
  const { siblings, leaf } = proof;
  if (key.length !== HASH_BYTES || siblings.length > HASH_BYTES * 8) return undefined;
  // Parts of other lengths would let the same bytes be cut in another place.
  const parts = leaf ? [...siblings, leaf.key, leaf.valueHash] : siblings;
  if (parts.some(({ length }) => length !== HASH_BYTES)) return undefined;
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

/** The bit of a key that decides at a depth which way it goes: the first byte's highest comes first. */
const bitOf = (key: Uint8Array, depth: number): number =>
  ((key[depth >>> 3] as number) >>> (7 - (depth & 7))) & 1;

/** The same of the word that holds it. Words are little-endian: their lowest byte comes first. */
export const wordBit = (word: number, depth: number): number =>
  (word >>> ((depth & 24) + 7 - (depth & 7))) & 1;

const bytesOfWords = (words: Int32Array, at: number): Uint8Array =>
  new Uint8Array(words.buffer, at * 4, HASH_BYTES).slice();

function copyNode(from: Int32Array, at: number, into: Int32Array, to: number): void {
  copyHash(from, at, into, to);
  copyHash(from, at + 8, into, to + 8);
}

/** Written out: a loop of eight, or a view of its own, costs more than the copy. */
function copyHash(from: Int32Array, at: number, into: Int32Array, to: number): void {
  into[to] = from[at] as number;
  into[to + 1] = from[at + 1] as number;
  into[to + 2] = from[at + 2] as number;
  into[to + 3] = from[at + 3] as number;
  into[to + 4] = from[at + 4] as number;
  into[to + 5] = from[at + 5] as number;
  into[to + 6] = from[at + 6] as number;
  into[to + 7] = from[at + 7] as number;
}

function grown(old: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(old.length * 2);
  larger.set(old);
  return larger;
}
