// Pruning: versions that only blocks before the earliest one would show are deleted, in bounded steps, while indexing goes on. The
// earliest block moves first, so that no query reads what is going away.
import type pg from 'pg';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import { type Lease, leaseLost, lockForWriting } from './deployments.ts';
import { type Layout, MAX_BLOCK, type Table, versionedTables } from './layout.ts';
import { prepareSession } from './writer.ts';

/** Versions deleted in one transaction: it holds the deployment's lock, so commits wait that long, some tens of milliseconds. */
const ROWS_PER_STEP = 2_000;

/** Says that queries read nothing before `block` any more; it never goes back. @throws AiosError LEASE_LOST */
export async function raiseEarliestBlock(pool: pg.Pool, lease: Lease, block: number): Promise<void> {
  const { rowCount } = await pool.query(
    'update indexer.deployments set earliest_block = greatest(earliest_block, $3) where id = $1 and fence = $2',
    [lease.deployment, lease.fence, block],
  );
  if (rowCount !== 1) throw leaseLost(lease);
}

/**
 * Deletes some versions that ended at or before the earliest block, and answers how many; 0 when none are left. Needs the deferred
 * indexes: without them every step would scan whole tables. Immutable entities have one version each, and stay.
 *
 * @throws AiosError LEASE_LOST
 */
export async function pruneStep(
  pool: pg.Pool,
  target: { readonly layout: Layout; readonly lease: Lease },
  limit = ROWS_PER_STEP,
): Promise<number> {
  const { layout, lease } = target;
  return inTransaction(pool, async (client) => {
    await prepareSession(client);
    await lockForWriting(client, lease);
    const { rows } = await client.query<{ earliest: number }>(
      'select earliest_block as earliest from indexer.deployments where id = $1',
      [lease.deployment],
    );
    let deleted = 0;
    for (const table of versionedTables(layout)) {
      if (table.immutable) continue;
      deleted += await deleteEnded(client, table, rows[0]?.earliest ?? 0, limit - deleted);
      if (deleted >= limit) break;
    }
    return deleted;
  });
}

/** The condition is written as the partial index over closed ranges has it. */
async function deleteEnded(
  client: pg.ClientBase,
  table: Table,
  earliest: number,
  limit: number,
): Promise<number> {
  const upper = `coalesce(upper(block_range), ${MAX_BLOCK})`;
  const { rowCount } = await client.query(
    `delete from ${table.qualified} where ctid = any(array(select ctid from ${table.qualified}
       where ${upper} <= $1 and ${upper} < ${MAX_BLOCK} order by ${upper} limit $2))`,
    [earliest, limit],
  );
  return rowCount ?? 0;
}
