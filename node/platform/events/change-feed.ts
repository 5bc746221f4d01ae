// The change feed: what each commit of a deployment did to each entity. Search, event streams and triggers are projections of it.
import type pg from 'pg';
import type { BlockPointer } from '../operation.ts';
import { shareLoadsByKey } from '../share-loads.ts';
import type { EventBus, Queryable } from './event-bus.ts';
import { abortable, follow } from './follow.ts';

/** An entity as the feed carries it: attribute → JSON value. Bytes are 0x hex; BigInt and BigDecimal are strings. */
export type EntityJson = Readonly<Record<string, unknown>>;

export interface NewEntityChange {
  readonly block: BlockPointer;
  readonly entity: string;
  readonly id: string;
  /** Null when the change creates the entity. */
  readonly before: EntityJson | null;
  /** Null when the change removes it. */
  readonly after: EntityJson | null;
  /** True when the change undoes an earlier one because its block left the chain. */
  readonly reverted: boolean;
}

export interface EntityChange extends NewEntityChange {
  readonly deployment: string;
  /** 1, 2, 3, … without gaps within a deployment, in the order of commit. */
  readonly seq: bigint;
}

/** Signal sent on every commit of a deployment, feed or not. `block` is the new head; null once all is reverted. */
export interface CommitSignal {
  readonly deployment: string;
  readonly block: BlockPointer | null;
  /** Entity types that changed; absent when there are too many to name. */
  readonly entities?: readonly string[];
}

export const commitTopic = 'commit';

/** Signal that a name of a deployment, or an alias in the supergraph, was given, moved or taken away. */
export const namesTopic = 'deployment-names';

/** Signal by which a service says that something of its own changed; readers report what they read as topics in their `ReadSet`. */
export interface ServiceChange {
  readonly topics: readonly string[];
}

export const serviceChangeTopic = 'service-change';

/** Appends to the feed inside the transaction that writes the entities. One writer a deployment (its lease) is assumed. */
export async function appendChanges(
  client: Queryable,
  deployment: string,
  changes: readonly NewEntityChange[],
): Promise<void> {
  if (changes.length === 0) return;
  await client.query(
    `with head as (
       insert into platform.change_heads as h (deployment, head) values ($1, $2)
       on conflict (deployment) do update set head = h.head + $2 returning head
     )
     insert into platform.entity_changes (deployment, seq, block_number, block_hash, entity, entity_id, before, after, reverted)
     select $1, head.head - $2 + item.ordinality, item.block_number, decode(item.block_hash, 'hex'), item.entity, item.entity_id,
            item.before::jsonb, item.after::jsonb, item.reverted
       from head, unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::boolean[])
            with ordinality as item (block_number, block_hash, entity, entity_id, before, after, reverted, ordinality)`,
    [
      deployment,
      changes.length,
      changes.map((change) => change.block.number),
      changes.map((change) => change.block.hash.slice(2)),
      changes.map((change) => change.entity),
      changes.map((change) => change.id),
      changes.map((change) => change.before && JSON.stringify(change.before)),
      changes.map((change) => change.after && JSON.stringify(change.after)),
      changes.map((change) => change.reverted),
    ],
  );
}

export interface ReadChangesOptions {
  readonly deployment: string;
  /** Only changes of these entity types; all when absent. */
  readonly entities?: readonly string[];
  readonly after: bigint;
  readonly limit: number;
}

interface ChangeRow {
  seq: string;
  block_number: number;
  block_hash: Buffer;
  entity: string;
  entity_id: string;
  before: EntityJson | null;
  after: EntityJson | null;
  reverted: boolean;
}

/** A page of the feed, in order. */
export async function readChanges(
  pool: pg.Pool,
  options: ReadChangesOptions,
): Promise<readonly EntityChange[]> {
  const { rows } = await pool.query<ChangeRow>({
    name: 'read-changes',
    text: `select seq, block_number, block_hash, entity, entity_id, before, after, reverted from platform.entity_changes
            where deployment = $1 and seq > $2 and ($3::text[] is null or entity = any($3)) order by seq limit $4`,
    values: [options.deployment, options.after, options.entities ?? null, options.limit],
  });
  return rows.map((row) => ({
    deployment: options.deployment,
    seq: BigInt(row.seq),
    block: { number: row.block_number, hash: `0x${row.block_hash.toString('hex')}` },
    entity: row.entity,
    id: row.entity_id,
    before: row.before,
    after: row.after,
    reverted: row.reverted,
  }));
}

const tails = new WeakMap<pg.Pool, ReturnType<typeof shareLoadsByKey<readonly EntityChange[]>>>();

/** `readChanges`, read once for all followers that stand at the same place: a commit wakes them all together. */
function readShared(pool: pg.Pool, options: ReadChangesOptions): Promise<readonly EntityChange[]> {
  let share = tails.get(pool);
  if (!share) {
    share = shareLoadsByKey();
    tails.set(pool, share);
  }
  const { deployment, entities, after, limit } = options;
  return share(JSON.stringify([deployment, entities, String(after), limit]), () =>
    readChanges(pool, options),
  );
}

/** The number of a deployment's newest change; 0 when there is none. */
export async function changeHead(pool: pg.Pool, deployment: string): Promise<bigint> {
  const { rows } = await pool.query<{ head: string }>(
    'select head from platform.change_heads where deployment = $1',
    [deployment],
  );
  return BigInt(rows[0]?.head ?? 0);
}

/** Every change after `after`, once each and in order, then each new one as it commits, until aborted. */
export function followChanges(
  source: { readonly pool: pg.Pool; readonly bus: EventBus },
  options: Omit<ReadChangesOptions, 'limit'> & { readonly signal?: AbortSignal },
): AsyncIterableIterator<EntityChange> {
  let after = options.after;
  return abortable(options.signal, (signal) =>
    follow({
      readPage: async () => {
        const page = await readShared(source.pool, { ...options, after, limit: 500 });
        after = page.at(-1)?.seq ?? after;
        return page;
      },
      onWake: (wake) =>
        source.bus.onSignal(commitTopic, (payload) => {
          const commit = payload as CommitSignal | undefined;
          if (commit === undefined || commit.deployment === options.deployment) wake();
        }),
      signal,
    }),
  );
}

/** Removes changes that no projection needs any more: those up to and including `upTo`. */
export async function trimChanges(client: Queryable, deployment: string, upTo: bigint): Promise<void> {
  await client.query('delete from platform.entity_changes where deployment = $1 and seq <= $2', [
    deployment,
    upTo,
  ]);
}
