// Changes of the state tree's leaves, packed and put in the order in which the tree takes them.
import { endianness } from 'node:os';

/** Key and value, 32 bytes each. */
const WORDS = 16;
/** A place is part of the number by which changes are sorted, whose first 32 bits are the key's. */
const MOST = 2 ** 21;
/** Changes of a large chain block; a genesis or a snapshot has more, once. */
const KEPT_ROOM = 65_536;

if (endianness() !== 'LE')
  throw new Error('The state keeps amounts and hashes as words of little-endian machines. Run it on one.');

export class LeafChanges {
  #words: Int32Array;
  #bytes: Uint8Array;
  /** 1 where the entry goes away. */
  #removed: Uint8Array;
  #length = 0;
  /** Places in the order of keys; of changes of one key the last one alone. */
  #order = new Int32Array(0);

  /** @param room for how many changes; it grows when there are more */
  constructor(room = 16) {
    this.#words = new Int32Array(Math.max(room, 16) * WORDS);
    this.#bytes = new Uint8Array(this.#words.buffer);
    this.#removed = new Uint8Array(Math.max(room, 16));
  }

  /** @throws RangeError never in practice: who has more changes applies them in parts */
  static readonly most = MOST;

  get length(): number {
    return this.#length;
  }

  /** @param key 32 bytes @param value 32 bytes; undefined removes the entry */
  add(key: Uint8Array, value: Uint8Array | undefined): void {
    const at = this.#room() * WORDS * 4;
    this.#bytes.set(key, at);
    this.#bytes.fill(0, at + 32, at + 64);
    if (value) this.#bytes.set(value, at + 32);
    else this.#removed[this.#length - 1] = 1;
  }

  /** An entry whose value is four words and 16 bytes of zeros, as an account's is. @param keyAt where its key begins, a word of `words` */
  addWords(words: Int32Array, keyAt: number, valueAt: number, removed: boolean): void {
    const nth = this.#room();
    const at = nth * WORDS;
    const into = this.#words;
    for (let word = 0; word < 8; word++) into[at + word] = words[keyAt + word] as number;
    for (let word = 0; word < 4; word++) into[at + 8 + word] = words[valueAt + word] as number;
    for (let word = 12; word < 16; word++) into[at + word] = 0;
    if (removed) this.#removed[nth] = 1;
  }

  /** Forgets all, and the room that was needed for very many. */
  clear(): void {
    if (this.#length > KEPT_ROOM) {
      this.#words = new Int32Array(16 * WORDS);
      this.#bytes = new Uint8Array(this.#words.buffer);
      this.#removed = new Uint8Array(16);
      this.#order = new Int32Array(0);
    } else this.#removed.fill(0, 0, this.#length);
    this.#length = 0;
  }

  /** @returns how many there are of different keys; from here on changes go by their place among these */
  sort(): number {
    const length = this.#length;
    if (length > MOST) throw new RangeError(`${length} changes at once are more than ${MOST}.`);
    const sortable = new Float64Array(length);
    for (let nth = 0; nth < length; nth++)
      sortable[nth] = bigEndian(this.#words[nth * WORDS] as number) * MOST + nth;
    sortable.sort();
    if (this.#order.length < length) this.#order = new Int32Array(length);
    const order = this.#order;
    for (let nth = 0; nth < length; nth++) order[nth] = (sortable[nth] as number) % MOST;
    return this.#settleTies(sortable);
  }

  /** Orders those whose keys begin alike by all of the key, and leaves the last of each key. */
  #settleTies(sortable: Float64Array): number {
    const order = this.#order;
    const { length } = sortable;
    const prefixOf = (nth: number) => Math.floor((sortable[nth] as number) / MOST);
    let kept = 0;
    for (let from = 0; from < length; ) {
      let to = from + 1;
      while (to < length && prefixOf(to) === prefixOf(from)) to++;
      if (to - from === 1) order[kept++] = order[from] as number;
      else {
        const alike = [...order.subarray(from, to)].sort((a, b) => this.#compare(a, b) || a - b);
        for (const [nth, place] of alike.entries()) {
          const next = alike[nth + 1];
          if (next === undefined || this.#compare(place, next) !== 0) order[kept++] = place;
        }
      }
      from = to;
    }
    return kept;
  }

  removes(nth: number): boolean {
    return this.#removed[this.#order[nth] as number] === 1;
  }

  /** Copies key and value. */
  copy(nth: number, into: Int32Array, at: number): void {
    const from = (this.#order[nth] as number) * WORDS;
    for (let word = 0; word < WORDS; word++) into[at + word] = this.#words[from + word] as number;
  }

  copyValue(nth: number, into: Int32Array, at: number): void {
    const from = (this.#order[nth] as number) * WORDS + 8;
    for (let word = 0; word < 8; word++) into[at + word] = this.#words[from + word] as number;
  }

  /** How a change's key compares with the one at `at` of `words`. */
  compareKey(nth: number, words: Int32Array, at: number): number {
    return compareWords(this.#words, (this.#order[nth] as number) * WORDS, words, at);
  }

  /** Of changes from `low` up to `high`, whose keys are equal up to this depth, the first that goes right. */
  firstRight(low: number, high: number, depth: number): number {
    const word = depth >>> 5;
    const shift = (depth & 24) + 7 - (depth & 7);
    let [from, to] = [low, high];
    while (from < to) {
      const middle = (from + to) >>> 1;
      const bits = this.#words[(this.#order[middle] as number) * WORDS + word] as number;
      if (((bits >>> shift) & 1) === 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #compare(a: number, b: number): number {
    return compareWords(this.#words, a * WORDS, this.#words, b * WORDS);
  }

  #room(): number {
    if (this.#length === this.#removed.length) {
      const words = new Int32Array(this.#words.length * 2);
      words.set(this.#words);
      const removed = new Uint8Array(this.#removed.length * 2);
      removed.set(this.#removed);
      this.#words = words;
      this.#bytes = new Uint8Array(words.buffer);
      this.#removed = removed;
    }
    return this.#length++;
  }
}

/** The number whose order is that of the word's bytes. */
function bigEndian(word: number): number {
  return (
    (((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | ((word >>> 24) & 0xff)) >>> 0
  );
}

function compareWords(a: Int32Array, aAt: number, b: Int32Array, bAt: number): number {
  for (let word = 0; word < 8; word++) {
    const [left, right] = [a[aAt + word] as number, b[bAt + word] as number];
    if (left !== right) return bigEndian(left) - bigEndian(right);
  }
  return 0;
}
