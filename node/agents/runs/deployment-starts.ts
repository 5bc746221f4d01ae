// What starts runs of a deployment besides people: its schedule, and its triggers.
import type pg from 'pg';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import type { Json } from '../runtime/runtime.ts';
import type { Deployment } from './deployment-records.ts';
import { tellNetwork } from './run-events.ts';
import { checkRhythm, nextTick, type Rhythm } from './schedule.ts';
import type { MissedTicks, TriggerKind } from './tables.ts';

export interface NewSchedule {
  readonly rhythm: Rhythm;
  readonly missed: MissedTicks;
  readonly input: Json;
}

export interface Schedule {
  readonly cron: string | null;
  readonly timeZone: string;
  readonly everyMs: number | null;
  readonly missed: MissedTicks;
  readonly input: Json;
  readonly nextAt: Date | null;
}

export interface NewTrigger {
  readonly kind: TriggerKind;
  readonly alias?: string;
  readonly entity?: string;
  /** Attributes that must have these values. */
  readonly filter?: Readonly<Record<string, Json>>;
  readonly topic?: string;
  /** Of a log: name of a configured chain, whose logs, and which topics; null stands for any. */
  readonly chain?: string;
  readonly address?: string | null;
  readonly topics?: Json;
  /** Blocks that must stand on that of the log. */
  readonly confirmations?: number;
  /** Of a query: what is asked as the deployment. */
  readonly document?: string;
  readonly variables?: Readonly<Record<string, Json>>;
}

/** What starts runs of a deployment, as it is kept. */
export interface Trigger {
  readonly id: string;
  readonly kind: TriggerKind;
  readonly alias: string | null;
  readonly entity: string | null;
  readonly filter: Json;
  readonly topic: string | null;
  readonly chain: string | null;
  readonly address: string | null;
  readonly topics: Json;
  readonly confirmations: number | null;
  readonly document: string | null;
  readonly variables: Json;
}

/** A schedule as the table has it. */
export interface ScheduleRow {
  deployment_id: string;
  cron: string | null;
  time_zone: string;
  every_ms: string | null;
  anchor: Date;
  missed: MissedTicks;
  input: Json;
  next_at: Date | null;
}

/** Sets the schedule, or takes it away. @throws AiosError SCHEDULE_INVALID */
export async function setSchedule(
  pool: pg.Pool,
  deployment: Deployment,
  schedule: NewSchedule | null,
): Promise<void> {
  if (schedule) checkRhythm(schedule.rhythm);
  await inTransaction(pool, async (client) => {
    if (!schedule) {
      await client.query('delete from agents.schedules where deployment_id = $1', [deployment.id]);
    } else {
      const { rhythm } = schedule;
      const next = deployment.status === 'active' ? nextTick(rhythm, new Date()) : null;
      await client.query(
        `insert into agents.schedules (deployment_id, network, environment, cron, time_zone, every_ms, anchor, missed, input, next_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (deployment_id) do update set cron = excluded.cron, time_zone = excluded.time_zone, every_ms = excluded.every_ms,
           anchor = excluded.anchor, missed = excluded.missed, input = excluded.input, next_at = excluded.next_at`,
        [
          deployment.id,
          deployment.network,
          deployment.environment,
          'cron' in rhythm ? rhythm.cron : null,
          'cron' in rhythm ? rhythm.timeZone : 'UTC',
          'everyMs' in rhythm ? rhythm.everyMs : null,
          'everyMs' in rhythm ? rhythm.anchor : new Date(),
          schedule.missed,
          JSON.stringify(schedule.input),
          next,
        ],
      );
    }
    await tellNetwork(client, deployment, 'scheduled');
  });
}

export async function schedulesOf(
  pool: pg.Pool,
  deploymentIds: readonly string[],
): Promise<ReadonlyMap<string, Schedule>> {
  const { rows } = await pool.query<ScheduleRow>(
    'select * from agents.schedules where deployment_id = any($1::bigint[])',
    [deploymentIds],
  );
  return new Map(
    rows.map((row) => [
      row.deployment_id,
      {
        cron: row.cron,
        timeZone: row.time_zone,
        everyMs: row.every_ms === null ? null : Number(row.every_ms),
        missed: row.missed,
        input: row.input,
        nextAt: row.next_at,
      },
    ]),
  );
}

/** What starts runs of a deployment besides its schedule. */
export async function triggersOf(pool: pg.Pool, deploymentId: string): Promise<readonly Trigger[]> {
  const { rows } = await pool.query<Trigger>(
    'select id, kind, alias, entity, filter, topic, chain, address, topics, confirmations, document, variables from agents.triggers where deployment_id = $1 order by id',
    [deploymentId],
  );
  return rows;
}

/** Replaces what starts runs of a deployment besides its schedule. Changes count from where their feed stands now. */
export async function setTriggers(
  pool: pg.Pool,
  deployment: Deployment,
  triggers: readonly NewTrigger[],
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query('delete from agents.triggers where deployment_id = $1', [deployment.id]);
    for (const trigger of triggers) {
      const json = (value: Json | undefined) =>
        value === undefined || value === null ? null : JSON.stringify(value);
      await client.query(
        `insert into agents.triggers (deployment_id, network, environment, kind, alias, entity, filter, topic, chain, address, topics,
                                      confirmations, document, variables)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
        [
          ...[deployment.id, deployment.network, deployment.environment, trigger.kind],
          ...[
            trigger.alias ?? null,
            trigger.entity ?? null,
            JSON.stringify(trigger.filter ?? {}),
            trigger.topic ?? null,
          ],
          ...[
            trigger.chain ?? null,
            trigger.address ?? null,
            json(trigger.topics),
            trigger.confirmations ?? null,
          ],
          ...[trigger.document ?? null, json(trigger.variables)],
        ],
      );
    }
  });
}
