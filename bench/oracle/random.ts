// Reproducible chance: everything an oracle run does follows from its seed.

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) >>> 0;
  }

  /** Mulberry32: a number from 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('there is nothing to pick from');
    return items[this.below(items.length)] as T;
  }

  /** Some of the items, at least `least`, in their order. */
  some<T>(items: readonly T[], least: number, most = items.length): T[] {
    const wanted = Math.min(items.length, least + this.below(Math.max(1, most - least + 1)));
    const left = items.map((_, index) => index);
    const chosen = new Set<number>();
    while (chosen.size < wanted) chosen.add(left.splice(this.below(left.length), 1)[0] as number);
    return items.filter((_, index) => chosen.has(index));
  }
}
