// Batches of run digests as the database has them: which runs are in which batch, and what of it is indexed from the chain. A batch is
// stored whole before anything is sent; what is known of its transaction comes from the subgraph of proofs alone.
import type pg from 'pg';
import { RunTree } from '#contracts/run-tree.ts';
import { type EntityChange, readChanges } from '#node/platform/events/change-feed.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';

export interface AnchorBatch {
  readonly id: string;
  readonly root: string;
  readonly count: number;
  /** The contract that keeps it. */
  readonly contract: string;
  /** What is indexed of it; null before that, and when its block has left the chain. */
  readonly indexed: {
    /** Number and id of its `RunBatch`. */
    readonly number: string;
    readonly block: bigint;
    readonly transaction: string;
  } | null;
}

interface Row {
  readonly id: string;
  readonly root: string;
  readonly count: number;
  readonly contract: string;
  readonly number: string | null;
  readonly block: string | null;
  readonly transaction_hash: string | null;
}

/** The key under which a batch's transaction is stored. */
export const anchorKey = (batch: string) => `anchor/${batch}`;

/**
 * Runs whose digest is to be anchored: those that ended in a way that running again must come to (`isReproducible`), and that are no
 * replays, whose digest is their original's. The words are those of the index `runs_to_anchor`.
 */
export const toAnchor = `digest is not null and anchor_batch is null
  and replay_of is null and coalesce(error->>'code', '') not in ('DEADLINE_EXCEEDED', 'CANCELLED', 'ENGINE_CRASHED')`;

const pageSize = 500;
const entity = 'RunBatch';

export class AnchorBatches {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async batches(ids: readonly string[]): Promise<ReadonlyMap<string, AnchorBatch>> {
    const { rows } = await this.#pool.query<Row>(
      'select * from agents.anchor_batches where id = any($1::bigint[])',
      [ids],
    );
    return new Map(rows.map((row) => [row.id, batchOf(row)]));
  }

  /** Batches that are not indexed, oldest first. */
  async unindexed(limit: number): Promise<readonly AnchorBatch[]> {
    const { rows } = await this.#pool.query<Row>(
      'select * from agents.anchor_batches where number is null order by id limit $1',
      [limit],
    );
    return rows.map(batchOf);
  }

  /**
   * Makes a batch of the runs that ended first, when there are `most` of them or one has waited for `afterMs`. One process at a time.
   * @returns how many runs it has; 0 when there was nothing to do, or another process is doing it
   */
  async collect(options: {
    readonly most: number;
    readonly afterMs: number;
    readonly contract: string;
  }): Promise<number> {
    return inTransaction(this.#pool, async (client) => {
      const { rows: lock } = await client.query<{ mine: boolean }>(
        `select pg_try_advisory_xact_lock(hashtextextended('agents.anchor', 9)) as mine`,
      );
      if (!lock[0]?.mine) return 0;
      const { rows } = await client.query<{ id: string; digest: string; due: boolean }>(
        `select id, digest, finished_at <= now() - $2 * interval '1 millisecond' as due from agents.runs
          where ${toAnchor} order by finished_at, id limit $1`,
        [options.most, options.afterMs],
      );
      if (rows.length === 0 || (rows.length < options.most && !rows[0]?.due)) return 0;
      const tree = new RunTree(rows.map(({ digest }) => digest));
      const { rows: made } = await client.query<{ id: string }>(
        'insert into agents.anchor_batches (root, count, contract) values ($1, $2, $3) returning id',
        [tree.root, tree.count, options.contract.toLowerCase()],
      );
      await client.query(
        `update agents.runs r set anchor_batch = $1, anchor_index = leaf.index, anchor_path = leaf.path
           from unnest($2::bigint[], $3::int[], $4::bytea[]) as leaf (id, index, path) where r.id = leaf.id`,
        [
          made[0]?.id,
          rows.map(({ id }) => id),
          rows.map((_, index) => index),
          rows.map((_, index) => pathBytes(tree.proofOf(index).path)),
        ],
      );
      return rows.length;
    });
  }

  /** Reads the change feed of the subgraph of proofs to its end. `feed` is the deployment that stands for it now. */
  async project(feed: string): Promise<void> {
    for (;;) {
      const read = await inTransaction(this.#pool, async (client) => {
        const { rows } = await client.query<{ feed: string | null; cursor: string; head: string }>(
          `select feed, cursor, coalesce((select head from platform.change_heads h where h.deployment = $1), 0) as head
             from agents.anchor_feed for update`,
          [feed],
        );
        const state = rows[0];
        if (!state) return 0;
        const another = state.feed !== feed;
        // Another deployment may have indexed another history: only what it says counts, all of it in this transaction.
        if (another)
          await client.query(
            'update agents.anchor_batches set number = null, block = null, transaction_hash = null where number is not null',
          );
        let after = another ? 0n : BigInt(state.cursor);
        if (!another && BigInt(state.head) <= after) return 0;
        let changes: readonly EntityChange[];
        do {
          changes = await readChanges(this.#pool, {
            deployment: feed,
            entities: [entity],
            after,
            limit: pageSize,
          });
          for (const change of changes) await apply(client, change);
          // Below a full page everything up to the head was looked at.
          after =
            changes.length === pageSize ? (changes.at(-1) as EntityChange).seq : maximum(after, state.head);
        } while (another && changes.length === pageSize);
        await client.query('update agents.anchor_feed set feed = $1, cursor = $2', [feed, after]);
        return changes.length;
      });
      if (read < pageSize) return;
    }
  }
}

/** A batch is ours when the transaction that we signed for it brought it; anybody may anchor the same root. */
async function apply(client: pg.PoolClient, { id, after }: EntityChange): Promise<void> {
  await client.query(
    'update agents.anchor_batches set number = null, block = null, transaction_hash = null where number = $1',
    [id],
  );
  if (after === null) return;
  await client.query(
    `update agents.anchor_batches b set number = $1, block = $2, transaction_hash = $3
       from agents.transfers t where t.hash = $3 and t.key = $4 || b.id and b.root = $5`,
    [id, String(after.block), String(after.transaction), anchorKey(''), String(after.root)],
  );
}

const maximum = (left: bigint, right: string): bigint => (BigInt(right) > left ? BigInt(right) : left);

const pathBytes = (path: readonly string[]): Buffer =>
  Buffer.from(path.map((hash) => hash.slice(2)).join(''), 'hex');

const batchOf = (row: Row): AnchorBatch => ({
  id: row.id,
  root: row.root,
  count: row.count,
  contract: row.contract,
  indexed:
    row.number === null
      ? null
      : { number: row.number, block: BigInt(row.block ?? 0), transaction: row.transaction_hash ?? '' },
});
