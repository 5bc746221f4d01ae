// Stores what many runs have done in one transaction: steps, events, ends. What a run's fence does not allow is left out.
import type pg from 'pg';
import {
  appendSilently,
  type StreamAppend,
  signalStreams,
} from '#node/platform/events/postgres-event-bus.ts';
import { answerCaller } from './answer-step.ts';
import type { RunEnd, StepRecord } from './run-end.ts';
import { activityStream, type RunEvent, runEvent, runStream, storable } from './run-events.ts';
import type { ClaimedRun } from './run-queue.ts';

/** What has gathered of one run. */
export interface Write {
  readonly run: ClaimedRun;
  readonly steps: StepRecord[];
  readonly events: RunEvent[];
  started: boolean;
  /** Events were appended by a transaction of the run's own, and nobody was told yet. */
  wake: boolean;
  end?: RunEnd;
}

/** A step as followers of the run are told of it. */
export function stepEvent(record: StepRecord): RunEvent {
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
export async function storeBatch(
  client: pg.PoolClient,
  batch: readonly Write[],
): Promise<ReadonlySet<string>> {
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
    const { id, parentRun, parentStep, payLimit } = run;
    if (parentRun !== null && parentStep !== null)
      await answerCaller(client, { id, parentRun, parentStep, payLimit, ...end });
  }
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
           update agents.run_queue set visible_at = clock_timestamp() + case when cancelled then 0 else $2 end * interval '1 millisecond',
                  owner = null, attempt = attempt + 1
            where run_id = $1 returning visible_at
         )
         update agents.runs set status = 'queued', attempt = attempt + 1, due_at = later.visible_at from later where id = $1`,
        [run.id, end.delayMs],
      );
    } else if (end.kind === 'waiting') {
      // The answer, or the wish to end it, may have come while the run was still in hand: then there is nothing to wait for.
      await client.query(
        `with open as (
           select exists (select from agents.steps where run_id = $1 and status = 'waiting') and not exists (
                    select from agents.steps a cross join lateral json_array_elements_text(a.args -> 'steps') as any_of
                      join agents.steps s on s.run_id = a.run_id and s.step = any_of::int and s.status = 'answered'
                     where a.run_id = $1 and a.status = 'waiting' and a.capability = 'wait.any'
                  ) and not (select cancelled from agents.run_queue where run_id = $1) as open,
                  coalesce((select min(due_at) from agents.steps where run_id = $1 and status = 'waiting'), 'infinity') as due_at
         ), parked as (
           update agents.run_queue set owner = null, takeovers = 0,
                  visible_at = case when open.open then open.due_at else clock_timestamp() end
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

export async function insertSteps(
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
    text: `insert into agents.steps as s (run_id, step, attempt, capability, args, input_hash, status, answer, failed, cost, answered_at,
                                         due_at, topic)
      select run_id, step, attempt, capability, args::json, input_hash, status, answer::json, failed, cost,
             case when status = 'answered' then clock_timestamp() end, due_at, topic
        from unnest($1::bigint[], $2::int[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bool[], $10::numeric[],
                    $11::timestamptz[], $12::text[])
             as step (run_id, step, attempt, capability, args, input_hash, status, answer, failed, cost, due_at, topic)
      on conflict (run_id, step) do update set status = excluded.status, answer = excluded.answer, failed = excluded.failed,
         cost = excluded.cost, attempt = excluded.attempt, answered_at = excluded.answered_at,
         due_at = coalesce(s.due_at, excluded.due_at), topic = excluded.topic
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
      column(({ record }) => record.dueAt ?? null),
      column(({ record }) => record.topic ?? null),
    ],
  });
}
