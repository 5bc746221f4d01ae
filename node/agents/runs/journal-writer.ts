// Writes what runs do, many runs in one transaction: while one batch is on its way the next gathers. Every write is checked against the
// run's fence, under a lock on its place in the queue, so that a worker that lost its lease changes nothing.
import type pg from 'pg';
import { AiosError } from '#node/platform/errors.ts';
import type { Queryable } from '#node/platform/events/event-bus.ts';
import {
  appendSilently,
  type StreamAppend,
  sendSignal,
  signalStreams,
} from '#node/platform/events/postgres-event-bus.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import type { HostAnswer, Json, LogLine, RunError } from '../runtime/runtime.ts';
import { activityStream, type RunEvent, runEvent, runStream, runsDueTopic, storable } from './run-events.ts';
import type { ClaimedRun } from './run-queue.ts';

export interface StepRecord {
  readonly step: number;
  readonly attempt: number;
  readonly capability: string;
  readonly args: Json;
  readonly inputHash: string;
  readonly status: 'started' | 'waiting' | 'answered';
  readonly answer?: HostAnswer;
  readonly cost?: bigint;
}

/** How a run left its worker's hands. */
export type RunEnd =
  | {
      readonly kind: 'finished';
      readonly status: 'completed' | 'failed' | 'killed';
      readonly output?: Json;
      readonly error?: Omit<RunError, 'code'> & { readonly code: string };
      readonly logs: readonly LogLine[];
      readonly gas: number;
      readonly memoryBytes: number;
      readonly cpuMs: number;
      readonly wallMs: number;
      readonly engine: string;
      readonly digest: string | null;
    }
  /** Tried again after a while; steps from `dropFrom` on are asked anew. */
  | {
      readonly kind: 'retry';
      readonly code: string;
      readonly delayMs: number;
      readonly dropFrom: number | null;
    }
  /** Goes on when its open step is answered. */
  | { readonly kind: 'waiting' }
  /** Given back as it is, for another worker. */
  | { readonly kind: 'released' };

interface Write {
  readonly run: ClaimedRun;
  readonly steps: StepRecord[];
  readonly events: RunEvent[];
  started: boolean;
  /** Events were appended by a transaction of the run's own, and nobody was told yet. */
  wake: boolean;
  end?: RunEnd;
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
  #gathering = new Map<string, Write>();
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

  #of(run: ClaimedRun): Write {
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
    const write: Write = {
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

  async #store(batch: readonly Write[]): Promise<void> {
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

function stepEvent(record: StepRecord): RunEvent {
  const { step, capability, answer } = record;
  if (answer && 'error' in answer)
    return {
      kind: 'step',
      step,
      capability: storable(capability),
      status: 'refused',
      code: storable(answer.error.code),
    };
  return { kind: 'step', step, capability: storable(capability), status: record.status };
}

/** Stores what the fences allow. @returns the ids of the runs that are still their writer's. */
async function storeBatch(client: pg.PoolClient, batch: readonly Write[]): Promise<ReadonlySet<string>> {
  const ending = batch.filter(({ end }) => end !== undefined);
  const parents = ending.flatMap(({ run, end }) =>
    end?.kind === 'finished' && run.parentRun !== null ? [run.parentRun] : [],
  );
  // Parents are locked in the same statement, in the order of ids, so that two writers cannot wait for each other in a circle.
  const { rows } = await client.query<{ run_id: string; fence: string }>(
    `select run_id, fence from agents.run_queue where run_id = any($1::bigint[]) order by run_id for update`,
    [[...new Set([...batch.map(({ run }) => run.id), ...parents])]],
  );
  const fences = new Map(rows.map(({ run_id, fence }) => [run_id, fence]));
  const mine = batch.filter(({ run }) => fences.get(run.id) === run.fence);
  const held = new Set(mine.map(({ run }) => run.id));
  if (mine.length === 0) return held;

  const started = mine.filter((write) => write.started && write.end?.kind !== 'finished');
  if (started.length > 0) {
    await client.query(
      `update agents.runs r set status = 'running', started_at = coalesce(r.started_at, now()), attempt = s.attempt
         from unnest($1::bigint[], $2::int[]) as s (id, attempt) where r.id = s.id`,
      [started.map(({ run }) => run.id), started.map(({ run }) => run.attempt)],
    );
  }
  await insertSteps(
    client,
    mine.flatMap(({ run, steps }) => steps.map((record) => ({ run, record }))),
  );
  const events: StreamAppend[] = [];
  for (const { run, events: own } of mine) for (const event of own) events.push(runEvent(run.id, event));
  for (const { run, end } of mine) {
    if (end?.kind === 'finished') {
      const code = end.error?.code;
      events.push(runEvent(run.id, { kind: 'finished', status: end.status, code, gas: end.gas }));
      events.push({
        stream: activityStream(run.network),
        payload: { run: run.id, deployment: run.deploymentId, kind: 'finished', status: end.status },
      });
    } else if (end?.kind === 'retry') {
      const dueAt = new Date(Date.now() + end.delayMs).toISOString();
      events.push(runEvent(run.id, { kind: 'retry', attempt: run.attempt + 1, code: end.code, dueAt }));
    } else if (end?.kind === 'waiting') {
      events.push({
        stream: activityStream(run.network),
        payload: { run: run.id, deployment: run.deploymentId, kind: 'waiting' },
      });
    }
  }
  await storeFinished(client, mine);
  await storeUnfinished(client, mine);
  await appendSilently(client, events);
  await signalStreams(client, [
    ...events.map(({ stream }) => stream),
    ...mine.filter(({ wake }) => wake).map(({ run }) => runStream(run.id)),
  ]);
  return held;
}

interface Finished {
  readonly run: ClaimedRun;
  readonly end: RunEnd & { readonly kind: 'finished' };
}

async function storeFinished(client: pg.PoolClient, writes: readonly Write[]): Promise<void> {
  const finished = writes.filter((write): write is Write & Finished => write.end?.kind === 'finished');
  if (finished.length === 0) return;
  const column = <Value>(of: (write: Finished) => Value) => finished.map(of);
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  await client.query({
    name: 'agents-finish',
    text: `with done as (
        select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::float8[],
                             $9::float8[], $10::text[], $11::text[], $12::int[])
          as done (id, status, output, error, logs, gas, memory_bytes, cpu_ms, wall_ms, engine, digest, attempt)
      ), gone as (
        delete from agents.run_queue q using done where q.run_id = done.id
      )
      update agents.runs r
         set status = done.status, output = done.output::json, error = done.error::json, logs = done.logs::json, gas = done.gas,
             memory_bytes = done.memory_bytes, cpu_ms = done.cpu_ms, wall_ms = done.wall_ms, engine = done.engine,
             digest = done.digest, attempt = done.attempt, finished_at = clock_timestamp(),
             started_at = coalesce(r.started_at, now()),
             (step_count, cost) = (select count(*), coalesce(sum(s.cost), 0) from agents.steps s where s.run_id = done.id)
        from done where r.id = done.id`,
    values: [
      column(({ run }) => run.id),
      column(({ end }) => end.status),
      column(({ end }) => json(end.output)),
      column(({ end }) => json(end.error)),
      column(({ end }) => (end.logs.length > 0 ? json(end.logs) : null)),
      column(({ end }) => Math.round(end.gas)),
      column(({ end }) => Math.round(end.memoryBytes)),
      column(({ end }) => end.cpuMs),
      column(({ end }) => end.wallMs),
      column(({ end }) => end.engine),
      column(({ end }) => end.digest),
      column(({ run }) => run.attempt),
    ],
  });
  for (const { run, end } of finished) {
    if (run.parentRun !== null && run.parentStep !== null) await answerParent(client, run, end);
  }
}

/** The caller's open step gets the answer, its budget the unspent rest, and it goes on. */
async function answerParent(client: pg.PoolClient, run: ClaimedRun, end: Finished['end']): Promise<void> {
  const answer: HostAnswer =
    end.status === 'completed'
      ? { ok: { run: run.id, output: end.output ?? null } }
      : {
          error: {
            code: 'AGENT_FAILED',
            message: `Run ${run.id} of the agent that was called ended as ${end.status}: ${end.error?.code ?? ''} ${end.error?.message ?? ''}`,
          },
        };
  const { rows } = await client.query<{ cost: string }>('select cost from agents.runs where id = $1', [
    run.id,
  ]);
  const cost = rows[0]?.cost ?? '0';
  if (run.payLimit !== null && run.payLimit > 0n) {
    await client.query(
      `update agents.budgets b set reserved = greatest(b.reserved - $2, 0), spent = b.spent + $3, updated_at = now()
         from agents.runs p where p.id = $1 and b.deployment_id = p.deployment_id and b.kind = 'run' and b.period = p.id::text`,
      [run.parentRun, run.payLimit.toString(), cost],
    );
  }
  await answerStep(client, String(run.parentRun), Number(run.parentStep), answer, cost);
}

/**
 * Answers a step that a run waits for and lets the run go on. The caller holds the lock on the run's place in the queue.
 * @returns false when nothing waited there
 */
export async function answerStep(
  client: Queryable,
  runId: string,
  step: number,
  answer: HostAnswer,
  cost = '0',
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update agents.steps set status = 'answered', answer = $3, failed = $4, cost = $5, answered_at = now()
      where run_id = $1 and step = $2 and status = 'waiting'`,
    [runId, step, JSON.stringify(answer), 'error' in answer, cost],
  );
  if (rowCount === 0) return false;
  // While a worker still has it, the worker sees the answer when it lets go.
  await client.query(
    'update agents.run_queue set visible_at = clock_timestamp() where run_id = $1 and owner is null',
    [runId],
  );
  await sendSignal(client, runsDueTopic, null);
  return true;
}

async function storeUnfinished(client: pg.PoolClient, writes: readonly Write[]): Promise<void> {
  for (const { run, end } of writes) {
    if (end === undefined || end.kind === 'finished') continue;
    if (end.kind === 'retry') {
      if (end.dropFrom !== null)
        await client.query('delete from agents.steps where run_id = $1 and step >= $2', [
          run.id,
          end.dropFrom,
        ]);
      await client.query(
        `with later as (
           update agents.run_queue set visible_at = clock_timestamp() + $2 * interval '1 millisecond', owner = null, attempt = attempt + 1
            where run_id = $1 returning visible_at
         )
         update agents.runs set status = 'queued', attempt = attempt + 1, due_at = later.visible_at from later where id = $1`,
        [run.id, end.delayMs],
      );
    } else if (end.kind === 'waiting') {
      // The answer may have come while the run was still in hand: then there is nothing to wait for.
      await client.query(
        `with open as (select exists (select from agents.steps where run_id = $1 and status = 'waiting') as open), parked as (
           update agents.run_queue set owner = null, visible_at = case when open.open then 'infinity' else clock_timestamp() end
             from open where run_id = $1
         )
         update agents.runs set status = case when open.open then 'waiting' else 'queued' end from open where id = $1`,
        [run.id],
      );
    } else {
      await client.query(
        'update agents.run_queue set owner = null, visible_at = clock_timestamp() where run_id = $1',
        [run.id],
      );
    }
  }
}

async function insertSteps(
  client: pg.PoolClient,
  items: readonly { readonly run: ClaimedRun; readonly record: StepRecord }[],
): Promise<void> {
  if (items.length === 0) return;
  // A step that began and was answered within the same batch is stored once, as answered.
  const last = new Map(items.map((item) => [`${item.run.id}/${item.record.step}`, item]));
  const rows = [...last.values()];
  const column = <Value>(of: (item: (typeof rows)[number]) => Value) => rows.map(of);
  await client.query({
    name: 'agents-steps',
    text: `insert into agents.steps as s (run_id, step, attempt, capability, args, input_hash, status, answer, failed, cost, answered_at)
      select run_id, step, attempt, capability, args::json, input_hash, status, answer::json, failed, cost,
             case when status = 'answered' then clock_timestamp() end
        from unnest($1::bigint[], $2::int[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bool[], $10::numeric[])
             as step (run_id, step, attempt, capability, args, input_hash, status, answer, failed, cost)
      on conflict (run_id, step) do update set status = excluded.status, answer = excluded.answer, failed = excluded.failed,
         cost = excluded.cost, attempt = excluded.attempt, answered_at = excluded.answered_at
       where s.status <> 'answered'`,
    values: [
      column(({ run }) => run.id),
      column(({ record }) => record.step),
      column(({ record }) => record.attempt),
      column(({ record }) => storable(record.capability)),
      column(({ record }) => JSON.stringify(record.args)),
      column(({ record }) => record.inputHash),
      column(({ record }) => record.status),
      column(({ record }) => (record.answer ? JSON.stringify(record.answer) : null)),
      column(({ record }) => record.answer !== undefined && 'error' in record.answer),
      column(({ record }) => String(record.cost ?? 0n)),
    ],
  });
}
