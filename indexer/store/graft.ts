// Grafting: a deployment that begins with the history of another one up to a block. Entity versions are copied in bounded steps, each
// with its place in the same transaction, so that a copy that was cut off goes on where it was.
import type pg from 'pg';
import type { BlockPointer } from '#indexer/model.ts';
import { AiosError } from '#node/platform/errors.ts';
import { inTransaction, type Queryable } from '#node/platform/postgres/transaction.ts';
import { signalCommit } from './changes.ts';
import {
  type DeploymentRecord,
  findDeployment,
  type Lease,
  lockForWriting,
  moveHead,
} from './deployments.ts';
import { type Column, firstVidAfter, type Layout, type Table, versionedTables } from './layout.ts';

/** Where a deployment takes its history from, and whether it has it. */
export interface Graft {
  /** Id of the deployment whose history is taken over. */
  readonly base: string;
  /** Last block of it that is. */
  readonly block: number;
  readonly copied: boolean;
}

export interface GraftProgress {
  readonly entity: string;
  /** Versions copied of all types so far. */
  readonly rows: number;
  /** Share of all versions' places that was passed, 0 to 1. */
  readonly share: number;
}

/** Versions copied in one transaction: about a second's work, so that nothing waits long and little is lost by a kill. */
const ROWS_PER_STEP = 20_000;

export async function insertGraft(
  client: Queryable,
  deployment: string,
  graft: { readonly base: string; readonly block: number },
): Promise<void> {
  await client.query('insert into indexer.grafts (deployment, base, block) values ($1, $2, $3)', [
    deployment,
    graft.base,
    graft.block,
  ]);
}

export async function findGraft(db: Queryable, deployment: string): Promise<Graft | undefined> {
  const { rows } = await db.query<{ base: string; block: number; copied: boolean }>(
    'select base, block, copied_at is not null as copied from indexer.grafts where deployment = $1',
    [deployment],
  );
  return rows[0];
}

/** Deployments that still copy from `base`: it has to stay until they have. */
export async function graftsFrom(db: Queryable, base: string): Promise<string[]> {
  const { rows } = await db.query<{ deployment: string }>(
    'select deployment from indexer.grafts where base = $1 and copied_at is null order by deployment',
    [base],
  );
  return rows.map(({ deployment }) => deployment);
}

/** The deployment goes back to before its first block: its history is to be copied again. */
export async function forgetGraftCopy(client: Queryable, deployment: string): Promise<void> {
  await client.query('delete from indexer.graft_tables where deployment = $1', [deployment]);
  await client.query('update indexer.grafts set copied_at = null where deployment = $1', [deployment]);
}

/**
 * Why entities laid out as `source` cannot become ones laid out as `target`: one sentence each, none when they can. Types that only
 * one of the two has are no obstacle, as in graph-node.
 */
export function graftObstacles(target: Layout, source: Layout): string[] {
  const obstacles: string[] = [];
  for (const table of target.tables.values()) {
    const from = source.tables.get(table.entity.name);
    if (!from) continue;
    if (from.hasRegion && !table.hasRegion)
      obstacles.push(`files write ${table.entity.name} in the base, but no file template lists it here`);
    for (const column of table.columns) {
      const problem = columnObstacle(table, column, from, target, source);
      if (problem !== undefined) obstacles.push(problem);
    }
  }
  return obstacles;
}

function columnObstacle(
  table: Table,
  column: Column,
  from: Table,
  target: Layout,
  source: Layout,
): string | undefined {
  const name = `${table.entity.name}.${column.field.name}`;
  const other = columnNamed(from, column.name);
  const required = column.field.nonNull || column === table.id;
  if (!other) return required ? `${name} is required, but the base has no such field` : undefined;
  if (required && !(other.field.nonNull || other === from.id))
    return `${name} is required, but in the base it may be null`;
  if (column.field.isEnum || other.field.isEnum) {
    if (!column.field.isEnum || !other.field.isEnum || column.field.isList !== other.field.isList)
      return `${name} is ${typeText(column)}, but in the base it is ${typeText(other)}`;
    const values = new Set(target.schema.enums.get(column.field.typeName)?.values);
    const missing = source.schema.enums
      .get(other.field.typeName)
      ?.values.filter((value) => !values.has(value));
    return missing && missing.length > 0
      ? `the enum ${column.field.typeName} lacks ${missing.join(', ')}, which ${name} has in the base`
      : undefined;
  }
  return column.sqlType === other.sqlType
    ? undefined
    : `${name} is ${typeText(column)}, but in the base it is ${typeText(other)}`;
}

const columnNamed = (table: Table, name: string): Column | undefined =>
  table.columns.find((column) => column.name === name);

const typeText = ({ field }: Column): string => (field.isList ? `[${field.typeName}]` : field.typeName);

export interface GraftCopy {
  readonly layout: Layout;
  readonly lease: Lease;
  readonly graft: Graft;
  readonly source: { readonly record: DeploymentRecord; readonly layout: Layout };
  /** The block that becomes the head, as the chain has it. */
  readonly head: BlockPointer & { readonly parentHash: string; readonly timestamp: number };
  readonly report?: (progress: GraftProgress) => void;
  /** Versions copied in one transaction. */
  readonly rowsPerStep?: number;
  /** True to stop after the step under way. */
  readonly stopped?: () => boolean;
}

/**
 * Copies what the base had at the block, with its history, and makes the block the head. Goes on where an earlier attempt ended;
 * answers whether it is done (false: it was stopped).
 *
 * @throws AiosError LEASE_LOST; GRAFT_IMPOSSIBLE when the base no longer has the history.
 */
export async function copyGraft(pool: pg.Pool, copy: GraftCopy): Promise<boolean> {
  const { layout, graft, source, report, stopped } = copy;
  const bases = new Map(versionedTables(source.layout).map((table) => [table.entity.name, table]));
  const pairs = versionedTables(layout).flatMap((table) => {
    const from = bases.get(table.entity.name);
    return from ? [{ table, from }] : [];
  });
  const { rows: places } = await pool.query<{ entity: string }>(
    'select entity from indexer.graft_tables where deployment = $1 and next_vid >= end_vid',
    [copy.lease.deployment],
  );
  const copied = new Set(places.map(({ entity }) => entity));
  for (const [index, { table, from }] of pairs.entries()) {
    if (copied.has(table.entity.name)) continue;
    for (;;) {
      if (stopped?.()) return false;
      const { done, rows, share } = await copyStep(pool, copy, table, from);
      report?.({ entity: table.entity.name, rows, share: (index + share) / pairs.length });
      if (done) break;
    }
  }
  await finish(pool, copy, graft);
  return true;
}

/** One bounded step of one table. */
async function copyStep(
  pool: pg.Pool,
  { lease, graft, rowsPerStep = ROWS_PER_STEP }: GraftCopy,
  table: Table,
  from: Table,
): Promise<{ readonly done: boolean; readonly rows: number; readonly share: number }> {
  const { deployment } = lease;
  const end = firstVidAfter(graft.block);
  return inTransaction(pool, async (client) => {
    await client.query('set local synchronous_commit = off');
    await lockForWriting(client, lease);
    const { rows: places } = await client.query<{ next_vid: string }>(
      `insert into indexer.graft_tables (deployment, entity, next_vid, end_vid) values ($1, $2, 0, $3)
       on conflict (deployment, entity) do update set end_vid = excluded.end_vid returning next_vid`,
      [deployment, table.entity.name, end],
    );
    const next = BigInt(places[0]?.next_vid ?? 0);
    const { rows: bounds } = await client.query<{ last: string | null; count: string }>(
      `select max(vid) as last, count(*) as count from (
         select vid from ${from.qualified} where vid >= $1 and vid < $2 order by vid limit $3) step`,
      [next, end, rowsPerStep],
    );
    const last = bounds[0]?.last;
    const done = Number(bounds[0]?.count ?? 0) < rowsPerStep;
    if (last) await copyVersions(client, table, from, next, last, graft.block);
    const to = done ? end : BigInt(last ?? end) + 1n;
    const { rows: totals } = await client.query<{ total: string }>(
      `with moved as (update indexer.graft_tables set next_vid = $3, rows = rows + $4
         where deployment = $1 and entity = $2)
       select coalesce(sum(rows), 0) + $4 as total from indexer.graft_tables where deployment = $1`,
      [deployment, table.entity.name, to, Number(bounds[0]?.count ?? 0)],
    );
    return {
      done,
      rows: Number(totals[0]?.total ?? 0),
      share: done || end === 0n ? 1 : Number((to * 1000n) / end) / 1000,
    };
  });
}

/** Versions of a range of places, those that ended after the block as current ones; tables may differ in whether they are immutable. */
async function copyVersions(
  client: Queryable,
  table: Table,
  from: Table,
  first: bigint,
  last: string,
  block: number,
): Promise<void> {
  const columns = table.columns.flatMap((column) => {
    const other = columnNamed(from, column.name);
    if (!other) return [];
    const enumCast = column.field.isList ? `::text[]::${column.sqlType}` : `::text::${column.sqlType}`;
    return [{ column, value: `row.${other.quoted}${column.field.isEnum ? enumCast : ''}` }];
  });
  if (table.immutable && !from.immutable) await requireUnchanged(client, table, from, first, last);
  const reopened = `case when upper(row.block_range) > ${Number(block)} then int4range(lower(row.block_range), null) else row.block_range end`;
  const [range, value] = table.immutable
    ? ['block$', from.immutable ? 'row.block$' : 'lower(row.block_range)']
    : ['block_range', from.immutable ? 'int4range(row.block$, null)' : reopened];
  const regionTo = table.hasRegion ? 'causality_region, ' : '';
  const regionFrom = table.hasRegion ? `${from.hasRegion ? 'row.causality_region' : '0'}, ` : '';
  await client.query(
    `insert into ${table.qualified} (vid, ${range}, ${regionTo}${columns.map(({ column }) => column.quoted).join(', ')}) ` +
      `select row.vid, ${value}, ${regionFrom}${columns.map((entry) => entry.value).join(', ')} ` +
      `from ${from.qualified} row where row.vid >= $1 and row.vid <= $2 order by row.vid`,
    [first, last],
  );
}

/** Entities that were changed or removed cannot become immutable ones. */
async function requireUnchanged(
  client: Queryable,
  table: Table,
  from: Table,
  first: bigint,
  last: string,
): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    `select ${from.id.quoted}::text as id from ${from.qualified}
     where vid >= $1 and vid <= $2 and not upper_inf(block_range) limit 1`,
    [first, last],
  );
  if (rows.length > 0)
    throw new AiosError(
      'GRAFT_IMPOSSIBLE',
      `${table.entity.name} is immutable, but the base has changed ${rows[0]?.id}: declare it @entity(immutable: false)`,
    );
}

/** Data sources, errors and blocks, and the head: from here on the deployment is one that has indexed up to the block. */
async function finish(pool: pg.Pool, copy: GraftCopy, { base, block }: Graft): Promise<void> {
  const { lease, head, layout } = copy;
  const { deployment } = lease;
  await inTransaction(pool, async (client) => {
    await lockForWriting(client, lease);
    // The base may have been pruned meanwhile: what it no longer has was not copied.
    const source = await findDeployment(client, base);
    if (!source || source.earliestBlock > block) {
      throw new AiosError(
        'GRAFT_IMPOSSIBLE',
        source
          ? `the graft base ${base} was pruned to block ${source.earliestBlock} while its history up to block ${block} was copied: graft at a later block`
          : `the graft base ${base} was removed while its history was copied: deploy it again`,
      );
    }
    await client.query(
      `insert into indexer.data_sources
         (deployment, position, template, address, context, created_block, causality_region, done_at, error)
       select $1, position, template, address, context, created_block, causality_region,
         case when done_at <= $3 then done_at end, case when done_at <= $3 then error end
       from indexer.data_sources where deployment = $2 and created_block <= $3`,
      [deployment, base, block],
    );
    await client.query(
      `insert into indexer.errors (deployment, message, handler, block_number, block_hash)
       select $1, message, handler, block_number, block_hash from indexer.errors
       where deployment = $2 and block_number <= $3 order by id`,
      [deployment, base, block],
    );
    await client.query(
      `insert into indexer.blocks (deployment, number, hash, parent_hash, timestamp)
       select $1, number, hash, parent_hash, timestamp from indexer.blocks where deployment = $2 and number < $3
       union all select $1, $3, $4, $5, $6::int8`,
      [deployment, base, block, head.hash, head.parentHash, head.timestamp],
    );
    await client.query(
      `update indexer.deployments set earliest_block = greatest(earliest_block, $2),
         first_error_block = (select min(block_number) from indexer.errors where deployment = $1) where id = $1`,
      [deployment, source.earliestBlock],
    );
    await client.query('update indexer.grafts set copied_at = now() where deployment = $1', [deployment]);
    await moveHead(client, lease, { number: head.number, hash: head.hash }, head.timestamp);
    await signalCommit(client, deployment, head, new Set(layout.tables.keys()));
  });
}
