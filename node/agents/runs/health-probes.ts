// Whether deployments work: each with a probe in its manifest is run on the probe's input at its interval, and what came of it is kept.
import type pg from 'pg';
import { messageOf } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import { inTransaction, type Queryable } from '#node/platform/postgres/transaction.ts';
import type { Json } from '../runtime/runtime.ts';
import { enqueueRuns } from './enqueue.ts';
import { tellNetwork } from './run-events.ts';
import type { HealthStatus } from './tables.ts';

/** What a manifest says under `health`. */
export interface Probe {
  readonly input: Json;
  readonly everyMs: number;
}

export interface Health {
  readonly status: HealthStatus;
  readonly checkedAt: Date | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Id of the run that was the last probe. */
  readonly run: string | null;
}

const batch = 100;
const idleMs = 1_000;

/** Sets what a deployment is probed with, from now on; null: it is not. */
export async function setProbe(
  client: Queryable,
  deployment: { readonly id: string; readonly network: string },
  probe: Probe | null,
): Promise<void> {
  if (!probe) {
    await client.query('delete from agents.health where deployment_id = $1', [deployment.id]);
    return;
  }
  await client.query(
    `insert into agents.health (deployment_id, network, input, every_ms, next_at) values ($1, $2, $3, $4, now())
     on conflict (deployment_id) do update set input = excluded.input, every_ms = excluded.every_ms, next_at = excluded.next_at,
       status = 'unknown', run_id = null, checked_at = null, checked_run = null, error = null`,
    [deployment.id, deployment.network, JSON.stringify(probe.input), probe.everyMs],
  );
}

export async function healthOf(
  pool: pg.Pool,
  deploymentIds: readonly string[],
): Promise<ReadonlyMap<string, Health>> {
  const { rows } = await pool.query<{
    deployment_id: string;
    status: HealthStatus;
    checked_at: Date | null;
    error: Health['error'];
    checked_run: string | null;
  }>(
    'select deployment_id, status, checked_at, error, checked_run from agents.health where deployment_id = any($1::bigint[])',
    [deploymentIds],
  );
  return new Map(
    rows.map(({ deployment_id, status, checked_at, error, checked_run }) => [
      deployment_id,
      { status, checkedAt: checked_at, error, run: checked_run },
    ]),
  );
}

/** Begins probes that are due and notes what became of them; any number of processes share the work. */
export class HealthProbes {
  readonly #pool: pg.Pool;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #closed = false;

  constructor(options: { readonly pool: pg.Pool; readonly logger: Logger }) {
    this.#pool = options.pool;
    this.#logger = options.logger;
  }

  start(): void {
    this.#working = this.#work();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#working;
  }

  async #work(): Promise<void> {
    try {
      await this.note();
      await this.begin();
    } catch (error) {
      this.#logger.warn({ error: messageOf(error) }, 'health could not be probed; trying again');
    }
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#working = this.#work();
    }, idleMs);
  }

  /** Notes the outcome of probes that have ended, or that are late. */
  async note(): Promise<void> {
    await inTransaction(this.#pool, async (client) => {
      const { rows } = await client.query<{
        deployment_id: string;
        network: string;
        before: HealthStatus;
        run_id: string;
        run_status: string | null;
        finished_at: Date | null;
        run_error: Health['error'];
      }>(
        `select h.deployment_id, h.network, h.status as before, h.run_id, r.status as run_status, r.finished_at, r.error as run_error
           from agents.health h left join agents.runs r on r.id = h.run_id
          where h.run_id is not null and h.checked_run is distinct from h.run_id
            and (r.id is null or r.finished_at is not null or h.next_at <= now())
          order by h.deployment_id limit $1 for update of h skip locked`,
        [batch],
      );
      for (const row of rows) {
        const late = row.run_status !== null && row.finished_at === null;
        const status: HealthStatus = row.run_status === 'completed' ? 'healthy' : 'unhealthy';
        const error = late
          ? { code: 'PROBE_LATE', message: `Run ${row.run_id} has not ended when the next probe was due.` }
          : (row.run_error ??
            (row.run_status === null
              ? { code: 'RUN_UNKNOWN', message: `Run ${row.run_id} is gone.` }
              : null));
        await client.query(
          `update agents.health set status = $2, checked_at = coalesce($3, clock_timestamp()), error = $4,
                  checked_run = case when $5 then checked_run else run_id end where deployment_id = $1`,
          [row.deployment_id, status, row.finished_at, error && JSON.stringify(error), late],
        );
        if (status !== row.before)
          await tellNetwork(client, { id: row.deployment_id, network: row.network }, status, {
            run: row.run_id,
          });
      }
    });
  }

  /** Begins what is due; not beside a probe that has not ended. */
  async begin(): Promise<void> {
    await inTransaction(this.#pool, async (client) => {
      const { rows } = await client.query<{
        deployment_id: string;
        version_id: string;
        network: string;
        environment: string;
        input: Json;
        next_at: Date;
        busy: boolean;
      }>(
        `select h.deployment_id, d.version_id, d.network, d.environment, h.input, h.next_at,
                exists (select from agents.run_queue q where q.run_id = h.run_id) as busy
           from agents.health h join agents.deployments d on d.id = h.deployment_id
          where h.next_at <= now() and d.status = 'active' order by h.next_at limit $1 for update of h skip locked`,
        [batch],
      );
      const due = rows.filter(({ busy }) => !busy);
      const ids = await enqueueRuns(
        client,
        due.map((row) => ({
          deploymentId: row.deployment_id,
          versionId: row.version_id,
          network: row.network,
          environment: row.environment,
          trigger: { kind: 'health' as const, key: `health:${row.next_at.getTime()}` },
          input: row.input,
        })),
      );
      const begun = new Map(due.map((row, at) => [row.deployment_id, ids[at] ?? null]));
      await client.query(
        `update agents.health h set run_id = coalesce(n.run_id, h.run_id), next_at = clock_timestamp() + h.every_ms * interval '1 millisecond'
           from unnest($1::bigint[], $2::bigint[]) as n (deployment_id, run_id) where h.deployment_id = n.deployment_id`,
        [rows.map((row) => row.deployment_id), rows.map((row) => begun.get(row.deployment_id) ?? null)],
      );
    });
  }
}
