// Who works on which run: claims with a lease and a fence. A worker that lost its lease finds its fence outdated wherever it writes.
import type pg from 'pg';
import type { HostAnswer, Json } from '../runtime/runtime.ts';

/** A run in the hands of one worker, with all that its execution needs. */
export interface ClaimedRun {
  readonly id: string;
  /** Grows with each claim: who holds an older one may not write any more. */
  readonly fence: string;
  readonly deploymentId: string;
  readonly versionId: string;
  readonly network: string;
  readonly environment: string;
  readonly viewer: string | null;
  readonly parentRun: string | null;
  readonly parentStep: number | null;
  readonly depth: number;
  readonly replayOf: string | null;
  readonly input: Json;
  readonly seed: string;
  readonly guestTime: number;
  readonly payLimit: bigint | null;
  readonly attempt: number;
  readonly maxAttempts: number;
  /** How often workers ended while they had it. */
  readonly takeovers: number;
  /** Somebody asked for its end. */
  readonly cancelled: boolean;
  /** True when it was in somebody's hands before: there may be a journal. */
  readonly resumed: boolean;
  readonly journal: readonly JournaledStep[];
}

/** What the journal knows of one call. */
export interface JournaledStep {
  readonly step: number;
  readonly capability: string;
  readonly inputHash: string;
  readonly status: 'started' | 'waiting' | 'answered';
  readonly answer: HostAnswer | null;
}

interface ClaimRow {
  id: string;
  fence: string;
  deployment_id: string;
  version_id: string;
  network: string;
  environment: string;
  viewer: string | null;
  parent_run: string | null;
  parent_step: number | null;
  depth: number;
  replay_of: string | null;
  input: Json;
  seed: string;
  guest_time: string;
  pay_limit: string | null;
  attempt: number;
  max_attempts: number;
  takeovers: number;
  cancelled: boolean;
}

export interface ClaimOptions {
  readonly owner: string;
  readonly limit: number;
  readonly leaseMs: number;
  /** Runs still in the claimer's hands: a worker late with its renewals must not take its own runs from itself. */
  readonly except: readonly string[];
}

/** Takes at most `limit` due runs for `leaseMs`. Runs that others are just taking are passed over. */
export async function claimRuns(pool: pg.Pool, options: ClaimOptions): Promise<ClaimedRun[]> {
  const { rows } = await pool.query<ClaimRow>({
    name: 'agents-claim',
    // What a worker left behind comes first: it has begun, and others may wait for it.
    text: `with orphans as (
        select run_id from agents.run_queue where owner is not null and visible_at <= now() and run_id <> all ($4::bigint[])
         order by visible_at limit $1 for update skip locked
      ), fresh as (
        select run_id from agents.run_queue where owner is null and visible_at <= now() and run_id <> all ($4::bigint[])
         order by visible_at limit greatest($1 - (select count(*) from orphans), 0) for update skip locked
      ), due as (
        select run_id from orphans union all select run_id from fresh
      ), taken as (
        update agents.run_queue q
           set visible_at = clock_timestamp() + $2 * interval '1 millisecond', fence = q.fence + 1, owner = $3,
               takeovers = q.takeovers + (q.owner is not null)::int
          from due where q.run_id = due.run_id
        returning q.run_id, q.fence, q.attempt, q.takeovers, q.cancelled
      )
      select r.id, t.fence, r.deployment_id, r.version_id, r.network, r.environment, r.viewer, r.parent_run, r.parent_step, r.depth,
             r.replay_of, r.input, r.seed, r.guest_time, r.pay_limit, t.attempt, r.max_attempts, t.takeovers, t.cancelled
        from taken t join agents.runs r on r.id = t.run_id`,
    values: [options.limit, options.leaseMs, options.owner, options.except],
  });
  const resumed = rows.filter(({ fence }) => fence !== '1').map(({ id }) => id);
  const journals = await readJournals(pool, resumed);
  return rows.map((row) => ({
    id: row.id,
    fence: row.fence,
    deploymentId: row.deployment_id,
    versionId: row.version_id,
    network: row.network,
    environment: row.environment,
    viewer: row.viewer,
    parentRun: row.parent_run,
    parentStep: row.parent_step,
    depth: row.depth,
    replayOf: row.replay_of,
    input: row.input,
    seed: row.seed,
    guestTime: Number(row.guest_time),
    payLimit: row.pay_limit === null ? null : BigInt(row.pay_limit),
    attempt: row.attempt,
    maxAttempts: row.max_attempts,
    takeovers: row.takeovers,
    cancelled: row.cancelled,
    resumed: row.fence !== '1',
    journal: journals.get(row.id) ?? [],
  }));
}

/** The journals of runs, each in the order of its steps. */
export async function readJournals(
  pool: pg.Pool,
  runs: readonly string[],
): Promise<ReadonlyMap<string, readonly JournaledStep[]>> {
  const journals = new Map<string, JournaledStep[]>();
  if (runs.length === 0) return journals;
  const { rows } = await pool.query<{
    run_id: string;
    step: number;
    capability: string;
    input_hash: string;
    status: JournaledStep['status'];
    answer: HostAnswer | null;
  }>(
    `select run_id, step, capability, input_hash, status, answer from agents.steps
      where run_id = any($1::bigint[]) order by run_id, step`,
    [runs],
  );
  for (const { run_id, step, capability, input_hash, status, answer } of rows) {
    const journal = journals.get(run_id) ?? [];
    journals.set(run_id, journal);
    journal.push({ step, capability, inputHash: input_hash, status, answer });
  }
  return journals;
}

export interface Lease {
  readonly id: string;
  readonly fence: string;
}

export interface Renewed {
  readonly cancelled: ReadonlySet<string>;
  /** Taken by another worker since. Runs that have ended are in neither set. */
  readonly lost: ReadonlySet<string>;
}

/**
 * Lengthens leases. Places that are just being written to are left for a second statement, which waits for them: behind one slow
 * transaction the leases of a thousand other runs would end.
 */
export async function renewLeases(
  pool: pg.Pool,
  options: { readonly owner: string; readonly leaseMs: number; readonly runs: readonly Lease[] },
): Promise<Renewed> {
  const renewed = await lengthen(pool, options, 'skip locked');
  const passed = options.runs.filter(({ id }) => !renewed.has(id));
  for (const [id, cancelled] of await lengthen(pool, { ...options, runs: passed }, ''))
    renewed.set(id, cancelled);
  const missing = passed.filter(({ id }) => !renewed.has(id));
  const { rows } =
    missing.length === 0
      ? { rows: [] }
      : await pool.query<{ run_id: string }>(
          `select q.run_id from agents.run_queue q
             join unnest($1::bigint[], $2::bigint[]) as held (run_id, fence) on held.run_id = q.run_id and held.fence <> q.fence`,
          leaseColumns(missing),
        );
  return {
    cancelled: new Set([...renewed].filter(([, cancelled]) => cancelled).map(([id]) => id)),
    lost: new Set(rows.map(({ run_id }) => run_id)),
  };
}

function leaseColumns(runs: readonly Lease[]): [string[], string[]] {
  return [runs.map(({ id }) => id), runs.map(({ fence }) => fence)];
}

/** @returns what was lengthened, and whether its end was asked for */
async function lengthen(
  pool: pg.Pool,
  { owner, leaseMs, runs }: Parameters<typeof renewLeases>[1],
  locked: 'skip locked' | '',
): Promise<Map<string, boolean>> {
  if (runs.length === 0) return new Map();
  const { rows } = await pool.query<{ run_id: string; cancelled: boolean }>({
    name: `agents-renew ${locked}`,
    text: `with mine as (
        select q.run_id from agents.run_queue q
          join unnest($1::bigint[], $2::bigint[]) as held (run_id, fence) on held.run_id = q.run_id and held.fence = q.fence
         where q.owner = $3 order by q.run_id for update of q ${locked}
      )
      update agents.run_queue q set visible_at = clock_timestamp() + $4 * interval '1 millisecond'
        from mine where q.run_id = mine.run_id returning q.run_id, q.cancelled`,
    values: [...leaseColumns(runs), owner, leaseMs],
  });
  return new Map(rows.map(({ run_id, cancelled }) => [run_id, cancelled]));
}

/** When the next run becomes due, in milliseconds from now; undefined when nothing waits. */
export async function nextDueIn(pool: pg.Pool): Promise<number | undefined> {
  const { rows } = await pool.query<{ wait: number | null }>(
    `select extract(epoch from least(
              (select min(visible_at) from agents.run_queue where owner is null and visible_at < 'infinity'),
              (select min(visible_at) from agents.run_queue where owner is not null)
            ) - clock_timestamp())::float8 * 1000 as wait`,
  );
  return rows[0]?.wait ?? undefined;
}
