// Runs as they are looked at: one, many, or a page of them, with their steps; and the replay of one that has ended.
import type pg from 'pg';
import { AiosError } from '#node/platform/errors.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import type { HostAnswer, Json, LogLine } from '../runtime/runtime.ts';
import { enqueueRuns } from './enqueue.ts';
import type { RunStatus } from './tables.ts';

export interface Run {
  readonly id: string;
  readonly deploymentId: string;
  readonly versionId: string;
  readonly network: string;
  readonly environment: string;
  readonly trigger: string;
  readonly viewer: string | null;
  readonly parentRun: string | null;
  readonly depth: number;
  readonly replayOf: string | null;
  readonly input: Json;
  readonly seed: string;
  readonly guestTime: Date;
  readonly status: RunStatus;
  readonly attempt: number;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly output: Json;
  readonly error: { readonly code: string; readonly message: string; readonly stack?: string } | null;
  readonly logs: readonly LogLine[];
  readonly gas: bigint;
  readonly cost: bigint;
  readonly memoryBytes: bigint;
  readonly wallMs: number;
  readonly digest: string | null;
  readonly engine: string | null;
  /** Its place in a batch of digests that is, or will be, anchored on chain. */
  readonly anchor: AnchorPlace | null;
}

export interface AnchorPlace {
  readonly batch: string;
  readonly index: number;
  /** Siblings from the leaf to the root, 0x hex. */
  readonly path: readonly string[];
}

export interface Step {
  readonly runId: string;
  readonly step: number;
  readonly attempt: number;
  readonly capability: string;
  readonly args: Json;
  readonly status: 'started' | 'waiting' | 'answered';
  readonly answer: HostAnswer | null;
  readonly cost: bigint;
  readonly startedAt: Date;
  readonly answeredAt: Date | null;
}

export interface RunFilter {
  readonly deploymentId?: string;
  readonly network?: string;
  readonly parentRun?: string;
  readonly status?: RunStatus;
  readonly trigger?: string;
}

export class RunStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async runs(ids: readonly string[]): Promise<ReadonlyMap<string, Run>> {
    const { rows } = await this.#pool.query<RunRow>(
      'select * from agents.runs where id = any($1::bigint[])',
      [ids],
    );
    return new Map(rows.map((row) => [row.id, toRun(row)]));
  }

  /** Newest first, below `before`. */
  async list(
    where: RunFilter,
    page: { readonly first: number; readonly before?: string },
  ): Promise<readonly Run[]> {
    const conditions: string[] = [];
    const values: unknown[] = [];
    const when = (condition: (place: string) => string, value: unknown) => {
      if (value === undefined) return;
      values.push(value);
      conditions.push(condition(`$${values.length}`));
    };
    when((place) => `deployment_id = ${place}`, where.deploymentId);
    when((place) => `network = ${place}`, where.network);
    when((place) => `parent_run = ${place}`, where.parentRun);
    when((place) => `status = ${place}`, where.status);
    when((place) => `trigger_kind = ${place}`, where.trigger);
    when((place) => `id < ${place}`, page.before);
    values.push(page.first);
    const { rows } = await this.#pool.query<RunRow>(
      `select * from agents.runs ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''} order by id desc limit $${values.length}`,
      values,
    );
    return rows.map(toRun);
  }

  async steps(runIds: readonly string[]): Promise<ReadonlyMap<string, readonly Step[]>> {
    const { rows } = await this.#pool.query<StepRow>(
      'select * from agents.steps where run_id = any($1::bigint[]) order by run_id, step',
      [runIds],
    );
    const steps = new Map<string, Step[]>();
    for (const row of rows) {
      const own = steps.get(row.run_id) ?? [];
      steps.set(row.run_id, own);
      own.push(toStep(row));
    }
    return steps;
  }

  /** Runs that a run called, by the step that called them. */
  async calledBy(runId: string): Promise<ReadonlyMap<number, string>> {
    const { rows } = await this.#pool.query<{ id: string; parent_step: number }>(
      'select id, parent_step from agents.runs where parent_run = $1 and parent_step is not null',
      [runId],
    );
    return new Map(rows.map(({ id, parent_step }) => [parent_step, id]));
  }

  /** Starts a run of the same code on the same input, seed, clock and answers: its digest must be the same. @throws AiosError RUN_NOT_FINISHED */
  async replay(run: Run, viewer: string): Promise<string> {
    if (
      !['completed', 'failed', 'killed'].includes(run.status) ||
      run.replayOf !== null ||
      run.digest === null
    ) {
      const why =
        run.replayOf !== null
          ? `is a replay itself: replay run ${run.replayOf}`
          : 'has not come to an end that can be replayed';
      throw new AiosError('RUN_NOT_FINISHED', `Run ${run.id} ${why}.`);
    }
    return inTransaction(this.#pool, async (client) => {
      const [id] = await enqueueRuns(client, [
        {
          deploymentId: run.deploymentId,
          versionId: run.versionId,
          network: run.network,
          environment: run.environment,
          trigger: { kind: 'replay' },
          input: run.input,
          seed: run.seed,
          guestTime: run.guestTime.getTime(),
          replayOf: run.id,
          viewer,
        },
      ]);
      if (id === undefined) throw new Error('a replay has no key that could be taken');
      return id;
    });
  }
}

/** Removes what ended before `before`, oldest first, at most `limit` runs with all that belongs to them; payments are kept. @returns how many */
export async function removeRuns(pool: pg.Pool, before: Date, limit = 1_000): Promise<number> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `delete from agents.runs where id in (
         select id from agents.runs where finished_at < $1 order by finished_at limit $2 for update skip locked
       ) returning id`,
      [before, limit],
    );
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return 0;
    const streams = ids.map((id) => `agents.run:${id}`);
    await client.query('delete from agents.steps where run_id = any($1::bigint[])', [ids]);
    await client.query('delete from agents.signals where run_id = any($1::bigint[])', [ids]);
    await client.query(`delete from agents.budgets where kind = 'run' and period = any($1)`, [ids]);
    await client.query('delete from platform.events where stream = any($1)', [streams]);
    await client.query('delete from platform.stream_heads where stream = any($1)', [streams]);
    return ids.length;
  });
}

interface RunRow {
  id: string;
  deployment_id: string;
  version_id: string;
  network: string;
  environment: string;
  trigger_kind: string;
  viewer: string | null;
  parent_run: string | null;
  depth: number;
  replay_of: string | null;
  input: Json;
  seed: string;
  guest_time: string;
  status: RunStatus;
  attempt: number;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  output: Json;
  error: Run['error'];
  logs: readonly LogLine[] | null;
  gas: string;
  cost: string;
  memory_bytes: string;
  wall_ms: number;
  digest: string | null;
  engine: string | null;
  anchor_batch: string | null;
  anchor_index: number | null;
  anchor_path: Buffer | null;
}

interface StepRow {
  run_id: string;
  step: number;
  attempt: number;
  capability: string;
  args: Json;
  status: Step['status'];
  answer: HostAnswer | null;
  cost: string;
  started_at: Date;
  answered_at: Date | null;
}

const toRun = (row: RunRow): Run => ({
  id: row.id,
  deploymentId: row.deployment_id,
  versionId: row.version_id,
  network: row.network,
  environment: row.environment,
  trigger: row.trigger_kind,
  viewer: row.viewer,
  parentRun: row.parent_run,
  depth: row.depth,
  replayOf: row.replay_of,
  input: row.input,
  seed: row.seed,
  guestTime: new Date(Number(row.guest_time)),
  status: row.status,
  attempt: row.attempt,
  createdAt: row.created_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  output: row.output,
  error: row.error,
  logs: row.logs ?? [],
  gas: BigInt(row.gas),
  cost: BigInt(row.cost),
  memoryBytes: BigInt(row.memory_bytes),
  wallMs: row.wall_ms,
  digest: row.digest,
  engine: row.engine,
  anchor:
    row.anchor_batch === null
      ? null
      : {
          batch: row.anchor_batch,
          index: row.anchor_index ?? 0,
          path: hashesIn(row.anchor_path ?? Buffer.alloc(0)),
        },
});

const hashesIn = (bytes: Buffer): string[] =>
  Array.from(
    { length: bytes.length / 32 },
    (_, place) => `0x${bytes.toString('hex', 32 * place, 32 * place + 32)}`,
  );

const toStep = (row: StepRow): Step => ({
  runId: row.run_id,
  step: row.step,
  attempt: row.attempt,
  capability: row.capability,
  args: row.args,
  status: row.status,
  answer: row.answer,
  cost: BigInt(row.cost),
  startedAt: row.started_at,
  answeredAt: row.answered_at,
});
