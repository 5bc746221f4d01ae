// Time that passes only when nothing is left to do at its present moment. What happens at one moment happens in the order in which it was asked
// for, so that the same beginning leads to the same end, bit for bit.
import type { Clock } from '../engine/clock.ts';

interface Appointment {
  readonly time: number;
  readonly nth: number;
  readonly act: () => void;
}

export class VirtualClock {
  /** A heap: the earliest first, of those the one that was made first. */
  readonly #appointments: Appointment[] = [];
  #now: number;
  #made = 0;

  constructor(now: number) {
    this.#now = now;
  }

  get now(): number {
    return this.#now;
  }

  at(time: number, act: () => void): () => void {
    let isOff = false;
    this.#push({ time: Math.max(time, this.#now), nth: this.#made++, act: () => !isOff && act() });
    return () => {
      isOff = true;
    };
  }

  /** A node's own clock, which may be wrong, and be set. Once `isDead` says so, nothing that it asked for happens any more. */
  clockOf(skewMs: () => number, isDead: () => boolean): Clock {
    return {
      now: () => this.#now + skewMs(),
      at: (time, act) => this.at(time - skewMs(), () => !isDead() && act()),
    };
  }

  /** Resolves after a time. */
  after(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.at(this.#now + ms, resolve);
    });
  }

  /** Does what is due up to a time, one thing after the other; calls back after each and all that follows from it at once. */
  async runUntil(end: number, afterEach: () => void): Promise<void> {
    for (
      let next = this.#appointments[0];
      next !== undefined && next.time <= end;
      next = this.#appointments[0]
    ) {
      this.#pop();
      this.#now = next.time;
      next.act();
      await settled();
      afterEach();
    }
    this.#now = end;
  }

  #isBefore(a: Appointment, b: Appointment): boolean {
    return a.time < b.time || (a.time === b.time && a.nth < b.nth);
  }

  #push(appointment: Appointment): void {
    const heap = this.#appointments;
    let at = heap.push(appointment) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(appointment, heap[parent] as Appointment)) break;
      heap[at] = heap[parent] as Appointment;
      at = parent;
    }
    heap[at] = appointment;
  }

  #pop(): void {
    const heap = this.#appointments;
    const last = heap.pop() as Appointment;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (
        child + 1 < heap.length &&
        this.#isBefore(heap[child + 1] as Appointment, heap[child] as Appointment)
      )
        child += 1;
      if (!this.#isBefore(heap[child] as Appointment, last)) break;
      heap[at] = heap[child] as Appointment;
      at = child;
    }
    heap[at] = last;
  }
}

/** All promises that follow from what was done have been dealt with. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
