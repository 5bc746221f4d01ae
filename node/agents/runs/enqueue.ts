// Brings runs into being: many at once, inside the transaction of whatever caused them, and each cause once.
import { randomBytes } from 'node:crypto';
import type { Queryable } from '#node/platform/events/event-bus.ts';
import { appendToStreams, sendSignal } from '#node/platform/events/postgres-event-bus.ts';
import type { Json } from '../runtime/runtime.ts';
import { runEvent, runsDueTopic } from './run-events.ts';

export interface NewRun {
  readonly deploymentId: string;
  readonly versionId: string;
  readonly network: string;
  readonly environment: string;
  readonly trigger: {
    readonly kind:
      | 'manual'
      | 'schedule'
      | 'change'
      | 'message'
      | 'log'
      | 'query'
      | 'agent'
      | 'wake'
      | 'replay'
      | 'health';
    /** What makes the cause unique within the deployment; a second run with the same key is not made. */
    readonly key?: string;
  };
  readonly input: Json;
  /** DID of who asked. */
  readonly viewer?: string;
  readonly parent?: { readonly run: string; readonly step: number };
  readonly depth?: number;
  /** 32 bytes of hex; drawn when absent. */
  readonly seed?: string;
  /** Milliseconds since 1970; now when absent. */
  readonly guestTime?: number;
  readonly dueAt?: Date;
  /** Run whose answers this one is given; it acts on nothing. */
  readonly replayOf?: string;
  readonly maxAttempts?: number;
  /** Smallest unit. */
  readonly payLimit?: bigint;
}

/**
 * Inserts runs with their place in the queue and their first event.
 * @returns the ids of those that were made, by their place in `runs`; undefined where the key had fired before.
 */
export async function enqueueRuns(
  client: Queryable,
  runs: readonly NewRun[],
): Promise<readonly (string | undefined)[]> {
  if (runs.length === 0) return [];
  const now = Date.now();
  const column = <Value>(of: (run: NewRun) => Value) => runs.map(of);
  const seeds = column((run) => run.seed ?? randomBytes(32).toString('hex'));
  const { rows } = await client.query(
    `with made as (
       insert into agents.runs (deployment_id, version_id, network, environment, trigger_kind, trigger_key, viewer, parent_run,
                                parent_step, depth, input, seed, guest_time, pay_limit, max_attempts, due_at, replay_of)
       select deployment_id, version_id, network, environment, trigger_kind, trigger_key, viewer, parent_run,
              parent_step, depth, input::json, seed, guest_time, pay_limit, max_attempts, coalesce(due_at, now()), replay_of
         from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::int[],
                     $10::int[], $11::text[], $12::text[], $13::bigint[], $14::numeric[], $15::int[], $16::timestamptz[], $17::bigint[])
              as run (deployment_id, version_id, network, environment, trigger_kind, trigger_key, viewer, parent_run, parent_step,
                      depth, input, seed, guest_time, pay_limit, max_attempts, due_at, replay_of)
       on conflict (deployment_id, trigger_key) where trigger_key is not null do nothing
       returning id, deployment_id, seed, due_at
     ), queued as (
       insert into agents.run_queue (run_id, deployment_id, visible_at)
       select id, deployment_id, due_at from made
     )
     select id, seed from made`,
    [
      column((run) => run.deploymentId),
      column((run) => run.versionId),
      column((run) => run.network),
      column((run) => run.environment),
      column((run) => run.trigger.kind),
      column((run) => run.trigger.key ?? null),
      column((run) => run.viewer ?? null),
      column((run) => run.parent?.run ?? null),
      column((run) => run.parent?.step ?? null),
      column((run) => run.depth ?? 0),
      column((run) => JSON.stringify(run.input)),
      seeds,
      column((run) => run.guestTime ?? now),
      column((run) => run.payLimit?.toString() ?? null),
      column((run) => run.maxAttempts ?? 1),
      column((run) => run.dueAt ?? null),
      column((run) => run.replayOf ?? null),
    ],
  );
  const idBySeed = new Map((rows as { id: string; seed: string }[]).map(({ id, seed }) => [seed, id]));
  const ids = seeds.map((seed) => idBySeed.get(seed));
  await appendToStreams(
    client,
    ids.flatMap((id, at) =>
      id === undefined ? [] : [runEvent(id, { kind: 'queued', trigger: runs[at]?.trigger.kind ?? 'manual' })],
    ),
  );
  if (idBySeed.size > 0) await sendSignal(client, runsDueTopic, null);
  return ids;
}
