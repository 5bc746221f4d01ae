// The event bus: ordered, gap-free streams that are written in the same transaction as what they tell of, and signals that wake listeners.

/** What a statement is run on: a pg client or pool, or anything of that shape. */
export interface Queryable {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

export interface StreamEvent {
  readonly stream: string;
  /** 1, 2, 3, … without gaps, in the order of commit. */
  readonly seq: bigint;
  readonly at: Date;
  readonly payload: unknown;
}

/** Called with the signal's payload, or with undefined when signals may have been missed (a reconnect). */
export type SignalListener = (payload: unknown) => void;

/** A unit of writing: everything appended and signalled in it happens together, or not at all. */
export interface EventTransaction {
  append(stream: string, payloads: readonly unknown[]): Promise<void>;
  /** Wakes listeners of `topic` once the transaction commits. Payloads are small: PostgreSQL carries at most 8,000 bytes. */
  signal(topic: string, payload: unknown): Promise<void>;
}

export interface SubscribeOptions {
  /** Deliver what comes after this number; 0 from the beginning. */
  readonly after: bigint;
  readonly signal?: AbortSignal;
}

/**
 * Streams and signals. Implementations: PostgresEventBus (transactional outbox and LISTEN/NOTIFY) and MemoryEventBus
 * (tests and single-process tools); both pass event-bus.contract.ts.
 */
export interface EventBus {
  /** Runs `write`; when it throws, nothing of it is stored or signalled. */
  transaction<T>(write: (transaction: EventTransaction) => Promise<T>): Promise<T>;
  /** At most `limit` events after `after`, in order. */
  read(stream: string, after: bigint, limit: number): Promise<readonly StreamEvent[]>;
  /** The number of the newest event; 0 for an empty stream. */
  head(stream: string): Promise<bigint>;
  /** Every event after `after`, once each and in order, and then each new one as it commits, until aborted. */
  subscribe(stream: string, options: SubscribeOptions): AsyncIterableIterator<StreamEvent>;
  /** Listens to signals of a topic; returns the way to stop. */
  onSignal(topic: string, listener: SignalListener): () => void;
  close(): Promise<void>;
}

/** Topic of the signal that says a stream has grown. */
export const streamTopic = (stream: string) => `stream:${stream}`;
