// The transactions of one sender, in the order of their nonces. Those without a gap before them are ready; the others wait for what is missing.
import type { PooledTransaction } from './pooled-transaction.ts';

export class SenderQueue {
  readonly key: string;
  readonly address: Uint8Array;
  /** Of the account: the nonce that is next. */
  nonce: number;
  balance: bigint;
  /** Decides whose share of a round's blocks the sender belongs to. */
  readonly lot: number;
  /** Of all fees here. */
  fees = 0n;
  /** In `FirstInLine`, which keeps it; −1 when it is not there. */
  slot = -1;
  /** Place in the eviction heap, which keeps it; −1 when it is not there. */
  place = -1;
  /** What the eviction heap knows of `weakest`. */
  rank = 0;
  readonly #entries: PooledTransaction[] = [];
  #ready = 0;

  constructor(key: string, address: Uint8Array, nonce: number, balance: bigint) {
    this.key = key;
    this.address = address;
    this.nonce = nonce;
    this.balance = balance;
    this.lot = (((address[16] ?? 0) << 16) | ((address[17] ?? 0) << 8) | (address[18] ?? 0)) >>> 0;
  }

  get length(): number {
    return this.#entries.length;
  }

  /** How many from the first on can be executed one after the other. */
  get ready(): number {
    return this.#ready;
  }

  get tail(): PooledTransaction | undefined {
    return this.#entries[this.#entries.length - 1];
  }

  get entries(): readonly PooledTransaction[] {
    return this.#entries;
  }

  /** The first nonce that nothing here has. */
  get missing(): number {
    return this.nonce + this.#ready;
  }

  at(nonce: number): PooledTransaction | undefined {
    const entry = this.#entries[this.#placeOf(nonce)];
    return entry?.nonce === nonce ? entry : undefined;
  }

  /** Puts it where it belongs, in the place of one with its nonce. @returns that one */
  put(entry: PooledTransaction): PooledTransaction | undefined {
    const place = this.#placeOf(entry.nonce);
    const other = this.#entries[place];
    this.fees += entry.fee;
    if (other?.nonce === entry.nonce) {
      this.#entries[place] = entry;
      this.fees -= other.fee;
      return other;
    }
    if (place === this.#entries.length) this.#entries.push(entry);
    else this.#entries.splice(place, 0, entry);
    this.#extend();
    return undefined;
  }

  remove(entry: PooledTransaction): boolean {
    const place = this.#placeOf(entry.nonce);
    if (this.#entries[place] !== entry) return false;
    if (place === this.#entries.length - 1) this.#entries.pop();
    else this.#entries.splice(place, 1);
    this.fees -= entry.fee;
    this.#ready = Math.min(this.#ready, place);
    return true;
  }

  /** The account is elsewhere now. @returns what is done or overtaken */
  move(nonce: number, balance: bigint): readonly PooledTransaction[] {
    this.balance = balance;
    if (nonce === this.nonce) return none;
    this.nonce = nonce;
    let done = 0;
    while (done < this.#entries.length && (this.#entries[done] as PooledTransaction).nonce < nonce) done++;
    const gone = done > 0 ? this.#entries.splice(0, done) : none;
    for (const entry of gone) this.fees -= entry.fee;
    this.#ready = 0;
    this.#extend();
    return gone;
  }

  /**
   * What one loses least by giving up the last entry. One that waits behind a gap is worth less than any that is ready; a ready one as much as the
   * least of those before it, without which it is nothing.
   */
  weakest(priorityOf: (entry: PooledTransaction) => number): number {
    const entries = this.#entries;
    const tail = entries[entries.length - 1];
    if (!tail) return Number.POSITIVE_INFINITY;
    if (this.#ready < entries.length) return priorityOf(tail) * BEHIND_A_GAP;
    let least = Number.POSITIVE_INFINITY;
    for (const entry of entries) least = Math.min(least, priorityOf(entry));
    return least;
  }

  #extend(): void {
    const entries = this.#entries;
    let ready = this.#ready;
    while (ready < entries.length && (entries[ready] as PooledTransaction).nonce === this.nonce + ready)
      ready++;
    this.#ready = ready;
  }

  /** Where the nonce is, or would be. */
  #placeOf(nonce: number): number {
    const entries = this.#entries;
    // Most come at the end.
    const last = entries[entries.length - 1];
    if (!last || last.nonce < nonce) return entries.length;
    let from = 0;
    let to = entries.length - 1;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((entries[middle] as PooledTransaction).nonce < nonce) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** Puts what cannot be executed yet below everything that can: priorities lie between 10⁻⁵ and 10³⁰. */
export const BEHIND_A_GAP = 1e-100;
const none: readonly PooledTransaction[] = [];
