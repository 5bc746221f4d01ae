// Turns ticks into runs: any number of processes look, each tick becomes one run. The row's lock keeps two from the same tick, and the
// run's key would refuse the second.
import type pg from 'pg';
import { messageOf } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import type { Json } from '../runtime/runtime.ts';
import { enqueueRuns, type NewRun } from './enqueue.ts';
import { dueTicks, type Rhythm } from './schedule.ts';
import type { MissedTicks } from './tables.ts';

export interface SchedulerOptions {
  readonly pool: pg.Pool;
  readonly logger: Logger;
  /** Schedules handled in one transaction. */
  readonly batch?: number;
  /** Longest sleep: a schedule that another process has just set is seen within this. */
  readonly maxIdleMs?: number;
}

interface DueRow {
  deployment_id: string;
  version_id: string;
  network: string;
  environment: string;
  cron: string | null;
  time_zone: string;
  every_ms: string | null;
  anchor: Date;
  missed: MissedTicks;
  input: Json;
  next_at: Date;
}

const defaults = { batch: 200, maxIdleMs: 1_000 } as const;

export function rhythmOf(row: {
  readonly cron: string | null;
  readonly time_zone: string;
  readonly every_ms: string | null;
  readonly anchor: Date;
}): Rhythm {
  return row.cron === null
    ? { everyMs: Number(row.every_ms), anchor: row.anchor }
    : { cron: row.cron, timeZone: row.time_zone };
}

export class Scheduler {
  readonly #pool: pg.Pool;
  readonly #logger: Logger;
  readonly #batch: number;
  readonly #maxIdleMs: number;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #closed = false;

  constructor(options: SchedulerOptions) {
    this.#pool = options.pool;
    this.#logger = options.logger;
    this.#batch = options.batch ?? defaults.batch;
    this.#maxIdleMs = options.maxIdleMs ?? defaults.maxIdleMs;
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
    let wait = 0;
    try {
      while (!this.#closed && (await this.tick()) === this.#batch) {
        // More than one batch was due.
      }
      wait = await this.#untilNext();
    } catch (error) {
      this.#logger.warn({ error: messageOf(error) }, 'the scheduler could not look; trying again');
      wait = this.#maxIdleMs;
    }
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#working = this.#work();
    }, wait);
  }

  /** Handles what is due now, at most one batch. @returns how many schedules that were */
  async tick(): Promise<number> {
    return inTransaction(this.#pool, async (client) => {
      const { rows } = await client.query<DueRow>(
        `select s.deployment_id, d.version_id, s.network, s.environment, s.cron, s.time_zone, s.every_ms, s.anchor, s.missed, s.input, s.next_at
           from agents.schedules s join agents.deployments d on d.id = s.deployment_id
          where s.next_at <= clock_timestamp() order by s.next_at limit $1 for update of s skip locked`,
        [this.#batch],
      );
      if (rows.length === 0) return 0;
      const now = new Date();
      const runs: NewRun[] = [];
      const next: (Date | null)[] = [];
      for (const row of rows) {
        // The database's clock may be ahead of ours: what it calls due is due.
        const time = row.next_at > now ? row.next_at : now;
        const due = dueTicks(rhythmOf(row), row.missed, row.next_at, time);
        next.push(due.next);
        for (const tick of due.run) {
          runs.push({
            deploymentId: row.deployment_id,
            versionId: row.version_id,
            network: row.network,
            environment: row.environment,
            trigger: { kind: 'schedule', key: `schedule:${tick.getTime()}` },
            input: row.input,
            // The guest's clock stands at its tick, however late the run begins.
            guestTime: tick.getTime(),
          });
        }
      }
      await enqueueRuns(client, runs);
      await client.query(
        `update agents.schedules s set next_at = n.next_at
           from unnest($1::bigint[], $2::timestamptz[]) as n (deployment_id, next_at) where s.deployment_id = n.deployment_id`,
        [rows.map(({ deployment_id }) => deployment_id), next],
      );
      return rows.length;
    });
  }

  async #untilNext(): Promise<number> {
    const { rows } = await this.#pool.query<{ wait: number | null }>(
      `select extract(epoch from min(next_at) - clock_timestamp())::float8 * 1000 as wait from agents.schedules where next_at is not null`,
    );
    return Math.min(this.#maxIdleMs, Math.max(5, rows[0]?.wait ?? this.#maxIdleMs));
  }
}
