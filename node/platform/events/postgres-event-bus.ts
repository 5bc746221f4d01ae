// The event bus over PostgreSQL: an outbox table for streams, NOTIFY for wake-ups, one LISTEN connection a process that mends itself.
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { AiosError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { inTransaction } from '../postgres/transaction.ts';
import {
  type EventBus,
  type EventTransaction,
  type Queryable,
  type SignalListener,
  type StreamEvent,
  type SubscribeOptions,
  streamTopic,
} from './event-bus.ts';
import { followStream } from './follow-stream.ts';

/** One channel for all topics: LISTEN is per connection and channel, and topics come and go. */
const channel = 'aios_signal';
/** PostgreSQL's limit is 8,000 bytes a payload; what is larger must be read, not carried. */
const maxSignalBytes = 7_900;
const reconnectMs = [50, 100, 250, 500, 1_000, 2_000] as const;

/**
 * Appends to a stream inside the caller's transaction. Writers of one stream wait for each other until commit: that is
 * what makes the numbers gap-free and their order the order of commit.
 */
export async function appendEvents(
  client: Queryable,
  stream: string,
  payloads: readonly unknown[],
): Promise<void> {
  if (payloads.length === 0) return;
  await client.query(
    `with head as (
       insert into platform.stream_heads as h (stream, head) values ($1, $2)
       on conflict (stream) do update set head = h.head + $2 returning head
     )
     insert into platform.events (stream, seq, payload)
     select $1, head.head - $2 + item.ordinality, item.value
       from head, jsonb_array_elements($3::jsonb) with ordinality as item`,
    [stream, payloads.length, JSON.stringify(payloads)],
  );
  await sendSignal(client, streamTopic(stream), null);
}

/** An event of one of many streams. */
export interface StreamAppend {
  readonly stream: string;
  readonly payload: unknown;
}

/**
 * Appends to many streams in one statement inside the caller's transaction, for who writes in batches. Streams are locked in the
 * order of their names, so that two such writers cannot wait for each other in a circle; a transaction appends once.
 */
export async function appendToStreams(client: Queryable, events: readonly StreamAppend[]): Promise<void> {
  if (events.length === 0) return;
  await appendSilently(client, events);
  await signalStreams(
    client,
    events.map(({ stream }) => stream),
  );
}

/** Tells followers of streams that these have grown. */
export async function signalStreams(client: Queryable, streams: readonly string[]): Promise<void> {
  if (streams.length === 0) return;
  const signals = [...new Set(streams)].map((stream) => signalNotification(streamTopic(stream), null)[1]);
  await client.query('select pg_notify($1, signal) from unnest($2::text[]) as signal', [channel, signals]);
}

/**
 * \`appendToStreams\` without waking anybody, for small transactions that are many: PostgreSQL commits those that notify one after
 * another, each with its own wait for the disk. Somebody must call \`signalStreams\` soon afterwards.
 */
export async function appendSilently(client: Queryable, events: readonly StreamAppend[]): Promise<void> {
  await client.query(
    `with item as (
       select i.stream, i.payload, row_number() over (partition by i.stream order by i.ordinality) as n,
              count(*) over (partition by i.stream) as total
         from unnest($1::text[], $2::text[]) with ordinality as i (stream, payload, ordinality)
     ), head as (
       insert into platform.stream_heads as h (stream, head)
       select stream, max(total) from item group by stream order by stream
       on conflict (stream) do update set head = h.head + excluded.head returning stream, head
     )
     insert into platform.events (stream, seq, payload)
     select item.stream, head.head - item.total + item.n, item.payload::jsonb
       from item join head using (stream)`,
    [events.map((event) => event.stream), events.map((event) => JSON.stringify(event.payload))],
  );
}

/** Wakes listeners of `topic` when the caller's transaction commits. @throws AiosError SIGNAL_TOO_LARGE */
export async function sendSignal(client: Queryable, topic: string, payload: unknown): Promise<void> {
  await client.query('select pg_notify($1, $2)', [...signalNotification(topic, payload)]);
}

/** What `pg_notify` is given to send a signal. @throws AiosError SIGNAL_TOO_LARGE */
export function signalNotification(
  topic: string,
  payload: unknown,
): readonly [channel: string, payload: string] {
  const text = JSON.stringify([topic, payload]);
  if (Buffer.byteLength(text) > maxSignalBytes) {
    throw new AiosError(
      'SIGNAL_TOO_LARGE',
      `A signal of topic ${topic} has ${Buffer.byteLength(text)} bytes; at most ${maxSignalBytes} fit. Send where to read, not what.`,
    );
  }
  return [channel, text];
}

export interface PostgresEventBusOptions {
  readonly pool: pg.Pool;
  /** For the LISTEN connection, which is not one of the pool's. */
  readonly url: string;
  readonly logger: Logger;
}

export class PostgresEventBus implements EventBus {
  readonly #pool: pg.Pool;
  readonly #url: string;
  readonly #logger: Logger;
  readonly #listeners = new Map<string, Set<SignalListener>>();
  #connection: pg.Client | undefined;
  #closed = false;

  private constructor(options: PostgresEventBusOptions) {
    this.#pool = options.pool;
    this.#url = options.url;
    this.#logger = options.logger;
  }

  /** Connects its listener; the tables come from the platform's migrations. */
  static async connect(options: PostgresEventBusOptions): Promise<PostgresEventBus> {
    const bus = new PostgresEventBus(options);
    await bus.#listen();
    return bus;
  }

  transaction<T>(write: (transaction: EventTransaction) => Promise<T>): Promise<T> {
    return inTransaction(this.#pool, (client) =>
      write({
        append: (stream, payloads) => appendEvents(client, stream, payloads),
        signal: (topic, payload) => sendSignal(client, topic, payload),
      }),
    );
  }

  async read(stream: string, after: bigint, limit: number): Promise<readonly StreamEvent[]> {
    const { rows } = await this.#pool.query<{ seq: string; at: Date; payload: unknown }>({
      name: 'read-stream',
      text: 'select seq, at, payload from platform.events where stream = $1 and seq > $2 order by seq limit $3',
      values: [stream, after, limit],
    });
    return rows.map((row) => ({ stream, seq: BigInt(row.seq), at: row.at, payload: row.payload }));
  }

  async head(stream: string): Promise<bigint> {
    const { rows } = await this.#pool.query<{ head: string }>(
      'select head from platform.stream_heads where stream = $1',
      [stream],
    );
    return BigInt(rows[0]?.head ?? 0);
  }

  subscribe(stream: string, options: SubscribeOptions): AsyncIterableIterator<StreamEvent> {
    return followStream(this, stream, options);
  }

  onSignal(topic: string, listener: SignalListener): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(topic);
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
    await this.#connection?.end().catch(() => {});
  }

  async #listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'aios listen',
      keepAlive: true,
    });
    client.on('notification', (message) => this.#receive(message.payload ?? ''));
    client.on('error', (error) =>
      this.#logger.warn({ error: error.message }, 'the connection that listens for signals broke'),
    );
    await client.connect();
    await client.query(`listen ${channel}`);
    this.#connection = client;
    client.once('end', () => void this.#reconnect());
  }

  async #reconnect(): Promise<void> {
    for (let attempt = 0; !this.#closed; attempt++) {
      await delay(reconnectMs[Math.min(attempt, reconnectMs.length - 1)]);
      try {
        await this.#listen();
        // Signals sent meanwhile are lost: everybody looks for himself.
        for (const listeners of this.#listeners.values())
          for (const listener of listeners) listener(undefined);
        this.#logger.info('listening for signals again');
        return;
      } catch {
        // The database is still away; the next attempt waits longer.
      }
    }
  }

  #receive(text: string): void {
    const [topic, payload] = JSON.parse(text) as [string, unknown];
    for (const listener of this.#listeners.get(topic) ?? []) listener(payload);
  }
}
