// One listener of a live query. Holds at most one undelivered state: whoever reads slowly gets the latest, not all.
import type { ExecutionResult } from 'graphql';
import type { SharedResult } from './shared-result.ts';

type Step = IteratorResult<ExecutionResult, undefined>;

export class LiveSubscriber implements AsyncIterableIterator<ExecutionResult> {
  /** The first execution whose result may be delivered: none that began before this listener came. */
  readonly since: number;
  readonly #onLeave: (subscriber: LiveSubscriber) => void;
  #pending: SharedResult | undefined;
  #delivered: string | undefined;
  #waiting: ((step: Step) => void)[] = [];
  #ending = false;
  #closed = false;

  constructor(since: number, onLeave: (subscriber: LiveSubscriber) => void) {
    this.since = since;
    this.#onLeave = onLeave;
  }

  /** The newest state. Delivered unless it is what the listener already has. */
  offer(shared: SharedResult): void {
    if (this.#closed || this.#ending) return;
    if (shared.json === this.#delivered) {
      this.#pending = undefined; // changed and changed back before it was read: nothing to tell
      return;
    }
    const waiter = this.#waiting.shift();
    if (waiter) {
      this.#delivered = shared.json;
      waiter({ done: false, value: shared.result });
    } else this.#pending = shared;
  }

  /** Ends the stream after what is still undelivered. */
  end(): void {
    this.#ending = true;
    if (!this.#pending) this.#close();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#pending = undefined;
    for (const waiter of this.#waiting.splice(0)) waiter({ done: true, value: undefined });
    this.#onLeave(this);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Step> {
    const pending = this.#pending;
    if (pending) {
      this.#pending = undefined;
      this.#delivered = pending.json;
      if (this.#ending) this.#close();
      return Promise.resolve({ done: false, value: pending.result });
    }
    if (this.#closed) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<Step> {
    this.#close();
    return Promise.resolve({ done: true, value: undefined });
  }

  throw(error: unknown): Promise<Step> {
    this.#close();
    return Promise.reject(error);
  }
}
