// The event bus of a single process, held in memory: for tests and for tools without a database.
import {
  type EventBus,
  type EventTransaction,
  type SignalListener,
  type StreamEvent,
  type SubscribeOptions,
  streamTopic,
} from './event-bus.ts';
import { followStream } from './follow-stream.ts';

export class MemoryEventBus implements EventBus {
  readonly #streams = new Map<string, StreamEvent[]>();
  readonly #listeners = new Map<string, Set<SignalListener>>();

  async transaction<T>(write: (transaction: EventTransaction) => Promise<T>): Promise<T> {
    const appended: { stream: string; payload: unknown }[] = [];
    const signals: { topic: string; payload: unknown }[] = [];
    const result = await write({
      append: async (stream, payloads) => {
        // Copied, as a database would, so that later changes to the object do not rewrite history.
        for (const payload of payloads) appended.push({ stream, payload: structuredClone(payload) });
      },
      signal: async (topic, payload) => {
        signals.push({ topic, payload: structuredClone(payload) });
      },
    });
    for (const { stream, payload } of appended) {
      const events = this.#streams.get(stream) ?? [];
      this.#streams.set(stream, events);
      events.push({ stream, seq: BigInt(events.length + 1), at: new Date(), payload });
    }
    for (const stream of new Set(appended.map((event) => event.stream)))
      this.#emit(streamTopic(stream), null);
    for (const { topic, payload } of signals) this.#emit(topic, payload);
    return result;
  }

  async read(stream: string, after: bigint, limit: number): Promise<readonly StreamEvent[]> {
    const start = Number(after);
    return (this.#streams.get(stream) ?? []).slice(start, start + limit);
  }

  async head(stream: string): Promise<bigint> {
    return BigInt(this.#streams.get(stream)?.length ?? 0);
  }

  subscribe(stream: string, options: SubscribeOptions): AsyncIterableIterator<StreamEvent> {
    return followStream(this, stream, options);
  }

  onSignal(topic: string, listener: SignalListener): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }

  #emit(topic: string, payload: unknown): void {
    for (const listener of this.#listeners.get(topic) ?? []) queueMicrotask(() => listener(payload));
  }
}
