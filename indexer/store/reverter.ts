// Undoes blocks after a reorganisation: versions made after a block vanish, those that ended after it live again.
import type pg from 'pg';
import type { EntityData, EntityId } from '#indexer/model.ts';
import { AiosError } from '#node/platform/errors.ts';
import { appendChanges, type NewEntityChange } from '#node/platform/events/change-feed.ts';
import type { BlockPointer } from '#node/platform/operation.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import { signalCommit } from './changes.ts';
import { decodeRow, entityJson, idText, selectList, textTypes } from './codec.ts';
import { clearFailureAfter, lockForWriting, moveHead, revertDataSources } from './deployments.ts';
import { deleteErrorsAfter } from './errors.ts';
import { forgetGraftCopy } from './graft.ts';
import { firstVidAfter, MAX_BLOCK, type Table, versionedTables } from './layout.ts';
import { deleteLinesAfter } from './log-lines.ts';
import { rolledUpUntil, rollUp } from './rollups.ts';
import { prepareSession, type WriteTarget } from './writer.ts';

export interface RevertResult {
  /** The head before; null when there was nothing to revert. */
  readonly from: BlockPointer | null;
  /** Versions deleted and versions reopened. */
  readonly deleted: number;
  readonly reopened: number;
}

/** A block to go back to. Its timestamp (seconds) is needed only when nothing happened in it, so that it was never stored. */
export type RevertPoint = BlockPointer & { readonly timestamp?: number; readonly parentHash?: string };

/**
 * Takes the deployment back to `block`, which becomes its head; null takes it back to before its first block. Reverting to
 * the head is harmless. Afterwards every table is as if the later blocks had never been written.
 *
 * A deterministic failure in an undone block is forgotten. Deployments with a feed append the inverse of each undone change, newest block first, `before` and `after` swapped.
 *
 * @throws AiosError LEASE_LOST; REVERT_ABOVE_HEAD when `block` is above the head; NOT_AN_ANCESTOR when the block stored under that
 * number has another hash.
 */
export async function revertTo(
  pool: pg.Pool,
  target: WriteTarget,
  block: RevertPoint | null,
): Promise<RevertResult> {
  const { layout, lease, feed } = target;
  const number = block?.number ?? -1;
  return inTransaction(pool, async (client) => {
    await prepareSession(client);
    const from = await lockForWriting(client, lease);
    if (!from && !block) return { from, deleted: 0, reopened: 0 };
    const timestamp = await checkAncestor(client, lease.deployment, from, block);
    const touched = new Set<string>();
    const undone: NewEntityChange[] = [];
    let deleted = 0;
    let reopened = 0;
    for (const table of versionedTables(layout)) {
      const told = table !== layout.proof;
      // Aggregations follow from their points and are not in the feed.
      if (feed && told && !table.rollup)
        undone.push(...(await undoneChanges(client, lease.deployment, table, number)));
      const removed = await client.query(`delete from ${table.qualified} where vid >= $1`, [
        firstVidAfter(number),
      ]);
      const revived = table.immutable ? 0 : await reopen(client, table, number);
      deleted += removed.rowCount ?? 0;
      reopened += revived;
      if (told && (removed.rowCount ?? 0) + revived > 0) touched.add(table.entity.name);
    }
    if (block && timestamp !== null) {
      // Where nothing happened in the block that is now the head, a later one, now gone, may have seen the bucket's end first.
      const until = await rolledUpUntil(client, layout);
      for (const table of await rollUp(client, until, [{ number, timestamp }]))
        touched.add(table.entity.name);
    }
    await revertDataSources(client, lease.deployment, number);
    if (undone.length > 0) {
      undone.sort((one, other) => other.block.number - one.block.number);
      await appendChanges(client, lease.deployment, undone);
    }
    await client.query('delete from indexer.blocks where deployment = $1 and number > $2', [
      lease.deployment,
      number,
    ]);
    if (block?.parentHash !== undefined) await rememberHead(client, lease.deployment, block, timestamp);
    await moveHead(client, lease, block, timestamp);
    if (!block) await startOver(client, lease.deployment);
    await deleteErrorsAfter(client, lease.deployment, number);
    await deleteLinesAfter(client, lease.deployment, number);
    await clearFailureAfter(client, lease, number);
    await signalCommit(client, lease.deployment, block, touched);
    return { from, deleted, reopened };
  });
}

/** What pruning and grafting have made of a deployment holds no longer when nothing is left of it. */
async function startOver(client: pg.ClientBase, deployment: string): Promise<void> {
  await forgetGraftCopy(client, deployment);
  await client.query('update indexer.deployments set earliest_block = start_block where id = $1', [
    deployment,
  ]);
}

/** A head that was never stored, as nothing happened in it: the next reorganisation is to find it among the remembered blocks. */
async function rememberHead(
  client: pg.ClientBase,
  deployment: string,
  block: RevertPoint,
  timestamp: number | null,
): Promise<void> {
  await client.query(
    `insert into indexer.blocks (deployment, number, hash, parent_hash, timestamp) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [deployment, block.number, block.hash, block.parentHash, timestamp ?? 0],
  );
}

async function checkAncestor(
  client: pg.ClientBase,
  deployment: string,
  head: BlockPointer | null,
  block: RevertPoint | null,
): Promise<number | null> {
  if (!block) return null;
  if (!head || block.number > head.number) {
    throw new AiosError(
      'REVERT_ABOVE_HEAD',
      `${deployment} stands at ${head ? `block ${head.number}` : 'no block'} and cannot be reverted to block ${block.number}: commit blocks instead`,
    );
  }
  const { rows } = await client.query<{ hash: string; timestamp: string }>(
    'select hash, timestamp from indexer.blocks where deployment = $1 and number = $2',
    [deployment, block.number],
  );
  const [stored] = rows;
  if (stored && stored.hash !== block.hash) {
    throw new AiosError(
      'NOT_AN_ANCESTOR',
      `${deployment} has ${stored.hash} as block ${block.number}, not ${block.hash}: revert to a block that both chains share`,
    );
  }
  return stored ? Number(stored.timestamp) : (block.timestamp ?? null);
}

/** Versions that ended after `block` are current again. The condition is written as the partial index over closed ranges has it. */
async function reopen(client: pg.ClientBase, table: Table, block: number): Promise<number> {
  const upper = `coalesce(upper(block_range), ${MAX_BLOCK})`;
  const { rowCount } = await client.query(
    `update ${table.qualified} set block_range = int4range(lower(block_range), null) where ${upper} > $1 and ${upper} < ${MAX_BLOCK}`,
    [block],
  );
  return rowCount ?? 0;
}

interface Version {
  readonly lower: number;
  readonly upper: number;
  readonly data: EntityData;
}

/** The inverse of every change that `table` saw after `block`. */
async function undoneChanges(
  client: pg.ClientBase,
  deployment: string,
  table: Table,
  block: number,
): Promise<NewEntityChange[]> {
  const upper = table.immutable ? String(MAX_BLOCK) : `coalesce(upper(row.block_range), ${MAX_BLOCK})`;
  const lower = table.immutable ? 'row.block$' : 'lower(row.block_range)';
  const closed = table.immutable ? '' : ` or (${upper} > $2 and ${upper} < ${MAX_BLOCK})`;
  const { rows } = await client.query<(string | null)[]>({
    text: `select ${lower}, ${upper}, ${selectList(table, 'row')} from ${table.qualified} row where vid >= $1${closed} order by vid`,
    values: table.immutable ? [firstVidAfter(block)] : [firstVidAfter(block), block],
    rowMode: 'array',
    types: textTypes,
  });
  const histories = new Map<string, Version[]>();
  for (const row of rows) {
    const data = decodeRow(table, row, 2);
    const id = idText(data.id as EntityId);
    const version = { lower: Number(row[0]), upper: Number(row[1]), data };
    const history = histories.get(id);
    if (history) history.push(version);
    else histories.set(id, [version]);
  }
  const hashes = await blockHashes(client, deployment, block);
  const changes: NewEntityChange[] = [];
  const undo = (at: number, id: string, before: EntityData | null, after: EntityData | null) =>
    changes.push({
      block: { number: at, hash: hashes.get(at) ?? '0x' },
      entity: table.entity.name,
      id,
      before: before && entityJson(before),
      after: after && entityJson(after),
      reverted: true,
    });
  for (const [id, history] of histories) {
    for (let index = history.length - 1; index >= 0; index--) {
      const version = history[index] as Version;
      const next = history[index + 1];
      // Ended without a successor: the entity was removed in that block.
      if (version.upper < MAX_BLOCK && next?.lower !== version.upper)
        undo(version.upper, id, null, version.data);
      if (version.lower <= block) continue;
      const earlier = history[index - 1];
      undo(version.lower, id, version.data, earlier?.upper === version.lower ? earlier.data : null);
    }
  }
  return changes;
}

async function blockHashes(
  client: pg.ClientBase,
  deployment: string,
  after: number,
): Promise<Map<number, string>> {
  const { rows } = await client.query<{ number: number; hash: string }>(
    'select number, hash from indexer.blocks where deployment = $1 and number > $2',
    [deployment, after],
  );
  return new Map(rows.map((row) => [row.number, row.hash]));
}
