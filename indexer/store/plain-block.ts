// Commits one block at the head in one statement, when all there is to it is entities: what at the head most blocks are. Guards,
// head, versions and signal are one message to PostgreSQL and one plan that it keeps, instead of two dozen.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { BlockOutcome } from '#indexer/model.ts';
import type { BatchPlan, TablePlan } from './batch-plan.ts';
import { commitNotification } from './changes.ts';
import { copyFields } from './codec.ts';
import { FORGOTTEN_TOGETHER, type Lease } from './deployments.ts';
import type { Layout } from './layout.ts';
import { joinLatest, versionColumns } from './version-rows.ts';

/** What PostgreSQL says when the guard of the statement divides by the number of rows that it found. */
const DIVISION_BY_ZERO = '22012';

/** Statements that a connection keeps for one deployment: what comes in more forms than that is planned each time. */
const KEPT_FORMS = 32;

interface Statement {
  readonly name: string | undefined;
  readonly text: string;
}

const statements = new WeakMap<Layout, Map<string, Statement>>();

/** The block, when a batch is a single one with nothing but entities and nothing to clear up. */
export function plainBlock(
  layout: Layout,
  plan: BatchPlan,
  outcomes: readonly BlockOutcome[],
): BlockOutcome | undefined {
  const [outcome, ...others] = outcomes;
  if (!outcome || others.length > 0) return undefined;
  const { createdDataSources, handledFiles, lines, failure, errors, block } = outcome;
  const more = createdDataSources.length > 0 || (handledFiles?.length ?? 0) > 0 || lines || failure || errors;
  if (more || block.number % FORGOTTEN_TOGETHER === 0 || layout.schema.aggregations.size > 0)
    return undefined;
  return plan.tables.some(({ table }) => table.hasRegion) ? undefined : outcome;
}

/**
 * Commits a plain block. False, and nothing is written, when it does not follow the stored head, when the lease is lost or when a
 * value cannot be stored: a transaction of the usual kind says which.
 *
 * @throws what a retry may mend, as a lost connection
 */
export async function commitPlainBlock(
  pool: pg.Pool,
  { layout, lease }: { readonly layout: Layout; readonly lease: Lease },
  { block, parentHash, timestamp }: BlockOutcome,
  tables: readonly TablePlan[],
  touched: ReadonlySet<string>,
): Promise<boolean> {
  const { deployment, fence } = lease;
  const notification = commitNotification(deployment, block, touched);
  const inPlace = [...tables].sort((a, b) => a.table.position - b.table.position);
  try {
    await pool.query({
      ...statementFor(layout, inPlace),
      values: [
        ...[deployment, fence, block.number, block.hash, parentHash, timestamp, ...notification],
        ...inPlace.flatMap(valuesOf),
      ],
    });
    return true;
  } catch (error) {
    const { code } = error as { code?: string };
    // Classes 22 and 23: values that cannot be stored; 54: an id longer than an index can hold.
    if (code === DIVISION_BY_ZERO || /^(22|23|54)/.test(code ?? '')) return false;
    throw error;
  }
}

/** Ids of the versions that end, then the new rows column by column; each part only when there is something in it. */
function valuesOf(plan: TablePlan): (string | null)[][] {
  const columns: (string | null)[][] = [];
  for (const row of plan.rows())
    for (const [index, field] of copyFields(row).entries()) {
      columns[index] ??= [];
      columns[index].push(field);
    }
  return plan.closings.length > 0 ? [plan.closings.map(({ id }) => id), ...columns] : columns;
}

function statementFor(layout: Layout, tables: readonly TablePlan[]): Statement {
  let known = statements.get(layout);
  if (!known) {
    known = new Map();
    statements.set(layout, known);
  }
  const form = tables
    .map(
      (plan) =>
        `${plan.table.position}${plan.closings.length > 0 ? 'c' : ''}${plan.versionCount > 0 ? 'v' : ''}`,
    )
    .join();
  let statement = known.get(form);
  if (!statement) {
    // The name follows from the text: connections are shared by whoever opened the deployment.
    const digest = createHash('sha256').update(form).digest('hex').slice(0, 24);
    const name = known.size < KEPT_FORMS ? `${layout.namespace} plain ${digest}` : undefined;
    statement = { name, text: statementText(tables) };
    if (name) known.set(form, statement);
  }
  return statement;
}

function statementText(tables: readonly TablePlan[]): string {
  let next = 9;
  const parts = tables.flatMap((plan) => {
    const { table } = plan;
    const ended =
      plan.closings.length > 0 &&
      `closed_${table.position} as (update ${table.qualified} row set block_range = int4range(lower(row.block_range), $3) ` +
        `from unnest($${next++}::${table.id.sqlType}[]) as ended(id) ` +
        `${joinLatest(table, 'vid')}where row.vid = latest.vid and upper_inf(row.block_range))`;
    const columns = versionColumns(table);
    const made =
      plan.versionCount > 0 &&
      `made_${table.position} as (insert into ${table.qualified} (${columns.map(({ quoted }) => quoted).join(', ')}) ` +
        `select ${columns.map(({ sqlType }, index) => `made.c${index}::${sqlType}`).join(', ')} ` +
        `from unnest(${columns.map(() => `$${next++}::text[]`).join(', ')}) as made(${columns.map((_, index) => `c${index}`).join(', ')}))`;
    return [ended, made].filter((part) => part !== false);
  });
  // A head that this block does not follow, and a fence that another process has raised, leave nothing to count.
  return `with held as (
      update indexer.deployments set head_number = $3, head_hash = $4, head_timestamp = $6 where id = $1 and fence = $2
        and (head_number is null or head_number < $3::int4 - 1 or (head_number = $3 - 1 and head_hash = $5))
      returning 1
    ), block as (
      insert into indexer.blocks (deployment, number, hash, parent_hash, timestamp) values ($1, $3, $4, $5, $6)
    )${parts.map((part) => `, ${part}`).join('')}
    select pg_notify($7, $8) where 1 / (select count(*) from held) = 1`;
}
