// Of every sender what could be taken first, in flat arrays: a block looks at all senders there are, and objects all over the memory would cost
// it ten times as much.

import type { PooledTransaction } from './pooled-transaction.ts';
import { aged } from './priority.ts';
import type { SenderQueue } from './sender-queue.ts';

export class FirstInLine {
  readonly #queues: SenderQueue[] = [];
  readonly #entries: (PooledTransaction | undefined)[] = [];
  #worth = new Float64Array(1_024);
  #since = new Float64Array(1_024);
  #inRound = new Float64Array(1_024);
  #lot = new Uint32Array(1_024);
  /** 1 given to this node, 2 with others behind it that could be taken too. */
  #flags = new Uint8Array(1_024);

  /** A sender's queue has changed. */
  set(queue: SenderQueue): void {
    if (queue.slot === -1) {
      queue.slot = this.#queues.length;
      this.#queues.push(queue);
      this.#entries.push(undefined);
      if (queue.slot === this.#worth.length) this.#grow();
    }
    const { slot } = queue;
    const first = queue.ready > 0 ? queue.entries[0] : undefined;
    this.#entries[slot] = first;
    this.#worth[slot] = first?.worth ?? 0;
    this.#since[slot] = first?.since ?? 0;
    this.#inRound[slot] = first?.inRound ?? -1;
    this.#lot[slot] = queue.lot;
    this.#flags[slot] = (first?.local ? 1 : 0) | (queue.ready > 1 ? 2 : 0);
  }

  remove(queue: SenderQueue): void {
    const { slot } = queue;
    if (slot === -1) return;
    queue.slot = -1;
    const last = this.#queues.pop() as SenderQueue;
    this.#entries.pop();
    if (last === queue) return;
    this.#queues[slot] = last;
    last.slot = slot;
    this.set(last);
  }

  /** What a place in the order stands for. */
  entryAt(slot: number, place: number): PooledTransaction {
    return (place === 0 ? this.#entries[slot] : this.queueAt(slot).entries[place]) as PooledTransaction;
  }

  queueAt(slot: number): SenderQueue {
    return this.#queues[slot] as SenderQueue;
  }

  /** A block takes an entry. @returns whether there are others behind it */
  mark(slot: number, place: number, entry: PooledTransaction, round: number): boolean {
    entry.inRound = round;
    if (place === 0) this.#inRound[slot] = round;
    return ((this.#flags[slot] as number) & 2) !== 0;
  }

  /**
   * All senders with something to take.
   * @param isTaken whether what was taken in a round is to be left alone
   * @param mayTake whether one may be taken, by its sender's lot, whether it was given to this node, and the rounds it has waited
   * @param nextIn place of the first that may be taken among those behind the first one; −1 for none
   */
  arrange(
    now: number,
    roundMs: number,
    isTaken: (inRound: number) => boolean,
    mayTake: (lot: number, local: boolean, rounds: number) => boolean,
    nextIn: (queue: SenderQueue) => number,
  ): TakingOrder {
    const { length } = this.#queues;
    const order = new TakingOrder(length);
    for (let slot = 0; slot < length; slot++) {
      const worth = this.#worth[slot] as number;
      if (worth === 0) continue;
      const flags = this.#flags[slot] as number;
      if (isTaken(this.#inRound[slot] as number)) {
        if ((flags & 2) === 0) continue;
        const queue = this.#queues[slot] as SenderQueue;
        const place = nextIn(queue);
        const entry = queue.entries[place];
        if (entry) order.add(slot, place, aged(entry.worth, (now - entry.since) / roundMs));
        continue;
      }
      const rounds = (now - (this.#since[slot] as number)) / roundMs;
      if (mayTake(this.#lot[slot] as number, (flags & 1) === 1, rounds))
        order.add(slot, 0, aged(worth, rounds));
    }
    order.arrange();
    return order;
  }

  #grow(): void {
    const grown = <Kind extends Float64Array | Uint32Array | Uint8Array>(old: Kind, made: Kind): Kind => {
      made.set(old);
      return made;
    };
    const length = 2 * this.#worth.length;
    this.#worth = grown(this.#worth, new Float64Array(length));
    this.#since = grown(this.#since, new Float64Array(length));
    this.#inRound = grown(this.#inRound, new Float64Array(length));
    this.#lot = grown(this.#lot, new Uint32Array(length));
    this.#flags = grown(this.#flags, new Uint8Array(length));
  }
}

/** Senders by the priority of what each has next, the highest first: a binary heap. Good until the queues change. */
export class TakingOrder {
  readonly #slots: Uint32Array;
  readonly #places: Uint32Array;
  readonly #priorities: Float64Array;
  #length = 0;

  constructor(most: number) {
    this.#slots = new Uint32Array(most);
    this.#places = new Uint32Array(most);
    this.#priorities = new Float64Array(most);
  }

  add(slot: number, place: number, value: number): void {
    const at = this.#length++;
    this.#slots[at] = slot;
    this.#places[at] = place;
    this.#priorities[at] = value;
  }

  /** Once, after all were added. */
  arrange(): void {
    for (let at = (this.#length >> 1) - 1; at >= 0; at--) this.#down(at);
  }

  get length(): number {
    return this.#length;
  }

  /** The first sender's slot. */
  get slot(): number {
    return this.#slots[0] as number;
  }

  /** Place in its queue of what the first sender has next. */
  get place(): number {
    return this.#places[0] as number;
  }

  /** The first sender has another one next. */
  replace(place: number, value: number): void {
    this.#places[0] = place;
    this.#priorities[0] = value;
    this.#down(0);
  }

  /** The first sender has nothing more. */
  drop(): void {
    const last = --this.#length;
    if (last === 0) return;
    this.#slots[0] = this.#slots[last] as number;
    this.replace(this.#places[last] as number, this.#priorities[last] as number);
  }

  #down(from: number): void {
    const slots = this.#slots;
    const places = this.#places;
    const priorities = this.#priorities;
    const length = this.#length;
    const slot = slots[from] as number;
    const place = places[from] as number;
    const value = priorities[from] as number;
    let at = from;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= length) break;
      if (below + 1 < length && (priorities[below + 1] as number) > (priorities[below] as number)) below++;
      if ((priorities[below] as number) <= value) break;
      slots[at] = slots[below] as number;
      places[at] = places[below] as number;
      priorities[at] = priorities[below] as number;
      at = below;
    }
    slots[at] = slot;
    places[at] = place;
    priorities[at] = value;
  }
}
