// The indexer processes of one database: each says regularly that it lives, and sees who else does and who holds which lease.
import type pg from 'pg';
import type { Claimable } from './claims.ts';

/** An assigned deployment as the registry has it now. */
export interface Observed extends Claimable {
  readonly paused: boolean;
  readonly fence: bigint;
}

export interface NodeView {
  /** Live processes, the asking one included. */
  readonly nodes: number;
  /** Every assigned deployment, in order of assignment. */
  readonly deployments: readonly Observed[];
}

/** Says that `owner` lives, and answers with what it shares with the others. `ttlMs` without a word counts as dead. */
export async function lookAround(pool: pg.Pool, owner: string, ttlMs: number): Promise<NodeView> {
  await pool.query(
    `insert into indexer.nodes (owner, seen_at) values ($1, clock_timestamp())
     on conflict (owner) do update set seen_at = excluded.seen_at`,
    [owner],
  );
  const { rows: nodes } = await pool.query<{ count: number }>(
    "select count(*)::int as count from indexer.nodes where seen_at > clock_timestamp() - $1 * interval '1 millisecond'",
    [ttlMs],
  );
  const { rows } = await pool.query<{
    deployment: string;
    held_by: string | null;
    paused: boolean;
    fence: string;
  }>(
    `select a.deployment, case when d.lease_until >= clock_timestamp() then d.lease_owner end as held_by,
       d.status = 'paused' as paused, d.fence
     from indexer.assignments a join indexer.deployments d on d.id = a.deployment order by a.assigned_at, a.deployment`,
  );
  return {
    nodes: nodes[0]?.count ?? 1,
    deployments: rows.map((row) => ({
      deployment: row.deployment,
      heldBy: row.held_by,
      paused: row.paused,
      fence: BigInt(row.fence),
    })),
  };
}

/** A process that stops takes itself off the list, so that the others need not wait. */
export async function leave(pool: pg.Pool, owner: string): Promise<void> {
  await pool.query(
    "delete from indexer.nodes where owner = $1 or seen_at < clock_timestamp() - interval '1 day'",
    [owner],
  );
}
