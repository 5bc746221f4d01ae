// Writes what runs do, many runs in one transaction: while one batch is on its way the next gathers. Every write is checked against the
// run's fence, under a lock on its place in the queue, so that a worker that lost its lease changes nothing.
import type pg from 'pg';
import { AiosError } from '#node/platform/errors.ts';
import { appendSilently } from '#node/platform/events/postgres-event-bus.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import type { RunEnd, StepRecord } from './run-end.ts';
import { type RunEvent, runEvent } from './run-events.ts';
import type { ClaimedRun } from './run-queue.ts';
import { insertSteps, stepEvent, storeBatch, type Write } from './store-batch.ts';

interface Gathered extends Write {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export interface JournalWriterOptions {
  readonly pool: pg.Pool;
  /** Runs in one transaction at most. */
  readonly maxBatch?: number;
}

const defaultMaxBatch = 250;

export function leaseLost(runId: string): AiosError {
  return new AiosError(
    'LEASE_LOST',
    `Run ${runId} was taken over by another worker while this one did not answer. Nothing was written; the other goes on.`,
  );
}

export class JournalWriter {
  readonly #pool: pg.Pool;
  readonly #maxBatch: number;
  #gathering = new Map<string, Gathered>();
  #flushing: Promise<void> | undefined;

  constructor(options: JournalWriterOptions) {
    this.#pool = options.pool;
    this.#maxBatch = options.maxBatch ?? defaultMaxBatch;
  }

  started(run: ClaimedRun): Promise<void> {
    const write = this.#of(run);
    write.started = true;
    write.events.push({ kind: 'started', attempt: run.attempt, resumed: run.resumed });
    return write.promise;
  }

  event(run: ClaimedRun, event: RunEvent): Promise<void> {
    const write = this.#of(run);
    write.events.push(event);
    return write.promise;
  }

  step(run: ClaimedRun, record: StepRecord): Promise<void> {
    const write = this.#of(run);
    write.steps.push(record);
    write.events.push(stepEvent(record));
    return write.promise;
  }

  end(run: ClaimedRun, end: RunEnd): Promise<void> {
    const write = this.#of(run);
    write.end = end;
    return write.promise;
  }

  /** Resolves once everything that was written of a run before is stored. @throws AiosError LEASE_LOST */
  async settled(run: ClaimedRun): Promise<void> {
    // What is on its way was begun before what gathers, and ends before it.
    await this.#gathering.get(run.id)?.promise;
    await this.#flushing;
  }

  /**
   * A transaction of a run's own, in which an effect and its step are stored together or not at all. Everything the run wrote
   * before is stored first: no effect outlives the answers that led to it.
   * @throws AiosError LEASE_LOST
   */
  async transact<Result>(
    run: ClaimedRun,
    work: (client: pg.PoolClient) => Promise<{ readonly record: StepRecord; readonly result: Result }>,
  ): Promise<Result> {
    await this.settled(run);
    const result = await inTransaction(this.#pool, async (client) => {
      const { rowCount } = await client.query(
        'select from agents.run_queue where run_id = $1 and fence = $2 for update',
        [run.id, run.fence],
      );
      if (rowCount === 0) throw leaseLost(run.id);
      const { record, result } = await work(client);
      await insertSteps(client, [{ run, record }]);
      await appendSilently(client, [runEvent(run.id, stepEvent(record))]);
      return result;
    });
    // Followers are woken by the next batch.
    this.#of(run).wake = true;
    return result;
  }

  /** Writes what has gathered and waits for it. */
  async close(): Promise<void> {
    while (this.#gathering.size > 0 || this.#flushing) await (this.#flushing ?? this.#flush());
  }

  #of(run: ClaimedRun): Gathered {
    const known = this.#gathering.get(run.id);
    if (known) return known;
    let resolve: () => void = () => {};
    let reject: (error: Error) => void = () => {};
    const promise = new Promise<void>((yes, no) => {
      resolve = yes;
      reject = no;
    });
    // Not every writer waits; who does still sees the rejection.
    promise.catch(() => {});
    const write: Gathered = {
      run,
      steps: [],
      events: [],
      started: false,
      wake: false,
      promise,
      resolve,
      reject,
    };
    this.#gathering.set(run.id, write);
    if (!this.#flushing) queueMicrotask(() => void this.#flush());
    return write;
  }

  #flush(): Promise<void> {
    if (this.#flushing) return this.#flushing;
    this.#flushing = this.#drain().finally(() => {
      this.#flushing = undefined;
      if (this.#gathering.size > 0) void this.#flush();
    });
    return this.#flushing;
  }

  async #drain(): Promise<void> {
    // Whoever becomes ready in this turn of the event loop travels along.
    await new Promise((resolve) => setImmediate(resolve));
    const batch = [...this.#gathering.values()].slice(0, this.#maxBatch);
    for (const { run } of batch) this.#gathering.delete(run.id);
    if (batch.length > 0) await this.#store(batch);
  }

  async #store(batch: readonly Gathered[]): Promise<void> {
    try {
      const held = await inTransaction(this.#pool, (client) => storeBatch(client, batch));
      for (const write of batch) {
        if (held.has(write.run.id)) write.resolve();
        else write.reject(leaseLost(write.run.id));
      }
    } catch (error) {
      // What one run wrote must not be the others' misfortune.
      if (batch.length > 1) for (const write of batch) await this.#store([write]);
      else batch[0]?.reject(error as Error);
    }
  }
}
