// Whose last transaction goes first when there is no more room: senders in a binary heap, the weakest on top. Ranks only grow as time passes, so
// that what the heap knows of a sender is never too much, and it looks again only at who comes to the top.
import type { SenderQueue } from './sender-queue.ts';

export class EvictionHeap {
  readonly #queues: SenderQueue[] = [];

  get size(): number {
    return this.#queues.length;
  }

  /** The sender's rank is this now; a new one is taken in. */
  set(queue: SenderQueue, rank: number): void {
    if (queue.place === -1) {
      queue.place = this.#queues.length;
      this.#queues.push(queue);
      queue.rank = rank;
      this.#up(queue);
      return;
    }
    const before = queue.rank;
    queue.rank = rank;
    if (rank < before) this.#up(queue);
    else if (rank > before) this.#down(queue);
  }

  clear(): void {
    for (const queue of this.#queues) queue.place = -1;
    this.#queues.length = 0;
  }

  remove(queue: SenderQueue): void {
    const { place } = queue;
    if (place === -1) return;
    queue.place = -1;
    const last = this.#queues.pop() as SenderQueue;
    if (last === queue) return;
    this.#queues[place] = last;
    last.place = place;
    this.#up(last);
    this.#down(last);
  }

  /** The weakest sender. @param rankOf what its rank is by now */
  weakest(rankOf: (queue: SenderQueue) => number): SenderQueue | undefined {
    for (;;) {
      const top = this.#queues[0];
      if (!top) return undefined;
      const rank = rankOf(top);
      if (rank <= top.rank) return top;
      top.rank = rank;
      this.#down(top);
      if (this.#queues[0] === top) return top;
    }
  }

  #up(queue: SenderQueue): void {
    const queues = this.#queues;
    let at = queue.place;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = queues[above] as SenderQueue;
      if (other.rank <= queue.rank) break;
      queues[at] = other;
      other.place = at;
      at = above;
    }
    queues[at] = queue;
    queue.place = at;
  }

  #down(queue: SenderQueue): void {
    const queues = this.#queues;
    const { length } = queues;
    let at = queue.place;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= length) break;
      if (below + 1 < length && (queues[below + 1] as SenderQueue).rank < (queues[below] as SenderQueue).rank)
        below++;
      const other = queues[below] as SenderQueue;
      if (other.rank >= queue.rank) break;
      queues[at] = other;
      other.place = at;
      at = below;
    }
    queues[at] = queue;
    queue.place = at;
  }
}
