// Plain accounts, a balance and a nonce each: what nearly every transaction touches. They lie packed side by side, found by a hash table of our
// own, so that a million of them cost neither objects nor strings. Remembers what a chain block has changed, and what a transaction has.
import { hash as digest, randomBytes } from 'node:crypto';
import type { LeafChanges } from './leaf-changes.ts';
import { accountKey } from './state-keys.ts';

export interface Account {
  readonly balance: bigint;
  readonly nonce: bigint;
}

/** Words of an account: address 5, chain block that touched it last 1, balance 2, nonce 2, its key in the tree 8. */
const WORDS = 18;
const TOUCHED = 5;
const BALANCE = 6;
const NONCE = 8;
const TREE_KEY = 10;
/** The same in numbers of 64 bits. */
const LONGS = WORDS / 2;
const BALANCE_LONG = BALANCE / 2;
const NONCE_LONG = NONCE / 2;
const ADDRESS_BYTES = 20;
export const ACCOUNT_KEY_BYTES = 1 + ADDRESS_BYTES;
export const ACCOUNT_VALUE_BYTES = 16;

/** Accounts as they were before a chain block, packed: keys and values as the state's entries have them. */
export interface AccountsBefore {
  readonly count: number;
  readonly addresses: Uint8Array;
  /** Balance and nonce of each; both zero where there was no account. */
  readonly values: BigUint64Array;
}

/** An account goes by its slot, a number that is good until the chain block ends. */
export class Accounts {
  #words = new Int32Array(1_024 * WORDS);
  #longs = new BigUint64Array(this.#words.buffer);
  #bytes = new Uint8Array(this.#words.buffer);
  /** Slots by hash of their address, plus one; zero is an empty place. Never more than half full. */
  #table = new Int32Array(4_096);
  /** Secret, or anybody could send to addresses that all fall into one place. */
  readonly #secret = new Int32Array(Uint8Array.from(randomBytes(8)).buffer);
  readonly #free: number[] = [];
  #used = 0;
  #accounts = 0;
  /** Number of the chain block, so that what it has touched needs no clearing. */
  #block = 1;
  #touched = new Int32Array(1_024);
  #before = new BigUint64Array(2_048);
  #touchedCount = 0;
  /** What the operations of the current transaction have changed: slots and balances before. */
  readonly #logSlots: number[] = [];
  readonly #logBalances: bigint[] = [];

  /** How many there are: those with a balance or a nonce, once a chain block is over. */
  get size(): number {
    return this.#accounts;
  }

  get(address: Uint8Array): Account {
    const slot = this.find(address);
    return slot < 0
      ? { balance: 0n, nonce: 0n }
      : { balance: this.balance(slot), nonce: this.#longs[slot * LONGS + NONCE_LONG] as bigint };
  }

  /** @returns −1 when there is none */
  find(address: Uint8Array): number {
    const [a, b, c, d, e] = [
      word(address, 0),
      word(address, 4),
      word(address, 8),
      word(address, 12),
      word(address, 16),
    ];
    const mask = this.#table.length - 1;
    for (let place = this.#hash(a, b, c, d, e) & mask; ; place = (place + 1) & mask) {
      const slot = (this.#table[place] as number) - 1;
      if (slot < 0) return -1;
      const at = slot * WORDS;
      const words = this.#words;
      if (
        words[at] === a &&
        words[at + 1] === b &&
        words[at + 2] === c &&
        words[at + 3] === d &&
        words[at + 4] === e
      )
        return slot;
    }
  }

  /** The account's slot, which has nothing when it is new. */
  open(address: Uint8Array): number {
    const found = this.find(address);
    return found >= 0 ? found : this.#create(address);
  }

  balance(slot: number): bigint {
    return this.#longs[slot * LONGS + BALANCE_LONG] as bigint;
  }

  nonce(slot: number): bigint {
    return this.#longs[slot * LONGS + NONCE_LONG] as bigint;
  }

  /** Takes a transaction's fee and its place in the sender's order, which stays when its operations fail. */
  pay(slot: number, fee: bigint): void {
    this.#touch(slot);
    const at = slot * LONGS;
    this.#longs[at + BALANCE_LONG] = (this.#longs[at + BALANCE_LONG] as bigint) - fee;
    this.#longs[at + NONCE_LONG] = (this.#longs[at + NONCE_LONG] as bigint) + 1n;
  }

  setBalance(slot: number, balance: bigint): void {
    this.#touch(slot);
    const at = slot * LONGS + BALANCE_LONG;
    this.#logSlots.push(slot);
    this.#logBalances.push(this.#longs[at] as bigint);
    this.#longs[at] = balance;
  }

  /** For entries that come from elsewhere. */
  set(address: Uint8Array, balance: bigint, nonce: bigint): void {
    const slot = this.open(address);
    this.#touch(slot);
    this.#longs[slot * LONGS + BALANCE_LONG] = balance;
    this.#longs[slot * LONGS + NONCE_LONG] = nonce;
  }

  /** What was changed since the last `keep` stays. */
  keep(): void {
    this.#logSlots.length = 0;
    this.#logBalances.length = 0;
  }

  /** Takes back what `setBalance` has changed since the last `keep`. */
  rollback(): void {
    for (let nth = this.#logSlots.length - 1; nth >= 0; nth--)
      this.#longs[(this.#logSlots[nth] as number) * LONGS + BALANCE_LONG] = this.#logBalances[nth] as bigint;
    this.keep();
  }

  /**
   * Ends a chain block: adds what has changed to the leaves, gives keys and values of the changed accounts to `changed`, and removes the
   * accounts that have nothing.
   */
  commit(
    leaves: LeafChanges,
    changed: (key: Uint8Array, value: Uint8Array | undefined) => void,
  ): AccountsBefore {
    const count = this.#touchedCount;
    const addresses = new Uint8Array(count * ADDRESS_BYTES);
    const values = new BigUint64Array(count * 2);
    const keys = new Uint8Array(count * ACCOUNT_KEY_BYTES);
    const after = new BigUint64Array(count * 2);
    let kept = 0;
    for (let nth = 0; nth < count; nth++) {
      const slot = this.#touched[nth] as number;
      const at = slot * LONGS;
      const balance = this.#longs[at + BALANCE_LONG] as bigint;
      const nonce = this.#longs[at + NONCE_LONG] as bigint;
      const [balanceBefore, nonceBefore] = [
        this.#before[nth * 2] as bigint,
        this.#before[nth * 2 + 1] as bigint,
      ];
      const gone = balance === 0n && nonce === 0n;
      if (balance !== balanceBefore || nonce !== nonceBefore) {
        const from = slot * WORDS * 4;
        const key = kept * ACCOUNT_KEY_BYTES;
        for (let byte = 0; byte < ADDRESS_BYTES; byte++) {
          const value = this.#bytes[from + byte] as number;
          addresses[kept * ADDRESS_BYTES + byte] = value;
          keys[key + 1 + byte] = value;
        }
        values[kept * 2] = balanceBefore;
        values[kept * 2 + 1] = nonceBefore;
        after[kept * 2] = balance;
        after[kept * 2 + 1] = nonce;
        leaves.addWords(this.#words, slot * WORDS + TREE_KEY, slot * WORDS + BALANCE, gone);
        changed(
          new Uint8Array(keys.buffer, key, ACCOUNT_KEY_BYTES),
          gone ? undefined : new Uint8Array(after.buffer, kept * ACCOUNT_VALUE_BYTES, ACCOUNT_VALUE_BYTES),
        );
        kept += 1;
      }
      if (gone) this.#remove(slot);
    }
    this.#touchedCount = 0;
    this.#block += 1;
    this.keep();
    return {
      count: kept,
      addresses: kept === count ? addresses : addresses.slice(0, kept * ADDRESS_BYTES),
      values: kept === count ? values : values.slice(0, kept * 2),
    };
  }

  /** All that have something, in no order that means anything. */
  *entries(): Iterable<{ readonly key: Uint8Array; readonly value: Uint8Array }> {
    for (const at of this.#table) {
      if (at === 0) continue;
      const from = (at - 1) * WORDS * 4;
      const key = new Uint8Array(ACCOUNT_KEY_BYTES);
      key.set(this.#bytes.subarray(from, from + ADDRESS_BYTES), 1);
      const value = this.#bytes.slice(from + BALANCE * 4, from + BALANCE * 4 + ACCOUNT_VALUE_BYTES);
      yield { key, value };
    }
  }

  #touch(slot: number): void {
    if (this.#words[slot * WORDS + TOUCHED] === this.#block) return;
    this.#words[slot * WORDS + TOUCHED] = this.#block;
    const nth = this.#touchedCount++;
    if (nth === this.#touched.length) {
      this.#touched = doubled(this.#touched, new Int32Array(nth * 2));
      this.#before = doubled(this.#before, new BigUint64Array(nth * 4));
    }
    this.#touched[nth] = slot;
    this.#before[nth * 2] = this.#longs[slot * LONGS + BALANCE_LONG] as bigint;
    this.#before[nth * 2 + 1] = this.#longs[slot * LONGS + NONCE_LONG] as bigint;
  }

  #create(address: Uint8Array): number {
    const slot = this.#free.pop() ?? this.#used++;
    if ((slot + 1) * WORDS > this.#words.length) {
      this.#words = doubled(this.#words, new Int32Array(this.#words.length * 2));
      this.#longs = new BigUint64Array(this.#words.buffer);
      this.#bytes = new Uint8Array(this.#words.buffer);
    }
    this.#words.fill(0, slot * WORDS, slot * WORDS + TREE_KEY);
    this.#bytes.set(address.subarray(0, ADDRESS_BYTES), slot * WORDS * 4);
    this.#bytes.set(digest('sha256', accountKey(address), 'buffer'), (slot * WORDS + TREE_KEY) * 4);
    this.#accounts += 1;
    if (this.#accounts * 2 > this.#table.length) this.#enlarge();
    this.#place(slot);
    // Whoever opens an account of nothing and leaves it so has it removed when the chain block ends.
    this.#touch(slot);
    return slot;
  }

  #place(slot: number): void {
    const mask = this.#table.length - 1;
    let place = this.#homeOf(slot) & mask;
    while (this.#table[place] !== 0) place = (place + 1) & mask;
    this.#table[place] = slot + 1;
  }

  #enlarge(): void {
    const old = this.#table;
    this.#table = new Int32Array(old.length * 2);
    for (const at of old) if (at !== 0) this.#place(at - 1);
  }

  #remove(slot: number): void {
    const mask = this.#table.length - 1;
    let hole = this.#homeOf(slot) & mask;
    while (this.#table[hole] !== slot + 1) hole = (hole + 1) & mask;
    // Those behind it move up, unless they would get before the place where they are looked for (Knuth, 6.4, algorithm R).
    for (let next = (hole + 1) & mask; this.#table[next] !== 0; next = (next + 1) & mask) {
      const home = this.#homeOf((this.#table[next] as number) - 1) & mask;
      if (((next - home) & mask) < ((next - hole) & mask)) continue;
      this.#table[hole] = this.#table[next] as number;
      hole = next;
    }
    this.#table[hole] = 0;
    this.#words[slot * WORDS + TOUCHED] = 0;
    this.#free.push(slot);
    this.#accounts -= 1;
  }

  #homeOf(slot: number): number {
    const at = slot * WORDS;
    const words = this.#words;
    return this.#hash(
      words[at] as number,
      words[at + 1] as number,
      words[at + 2] as number,
      words[at + 3] as number,
      words[at + 4] as number,
    );
  }

  /** HalfSipHash-1-3 (J.-P. Aumasson, D. J. Bernstein) of five words: nobody without the secret finds addresses that collide. */
  #hash(a: number, b: number, c: number, d: number, e: number): number {
    const [k0, k1] = [this.#secret[0] as number, this.#secret[1] as number];
    let v0 = k0;
    let v1 = k1;
    let v2 = 0x6c796765 ^ k0;
    let v3 = 0x74656462 ^ k1;
    for (let round = 0; round < 9; round++) {
      const message =
        round === 0 ? a : round === 1 ? b : round === 2 ? c : round === 3 ? d : round === 4 ? e : 0;
      const last = round === 5 ? 20 << 24 : message;
      v3 ^= last;
      if (round === 6) v2 ^= 0xff;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= last;
    }
    return v1 ^ v3;
  }
}

const word = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24);

function doubled<Numbers extends Int32Array | BigUint64Array>(old: Numbers, larger: Numbers): Numbers {
  (larger as Int32Array).set(old as Int32Array);
  return larger;
}
