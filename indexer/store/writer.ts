// Commits batches of blocks: new versions by COPY, ends of old ones, data sources, head and change feed in one transaction.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { BlockOutcome, EntityData } from '#indexer/model.ts';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { appendChanges, type NewEntityChange } from '#node/platform/events/change-feed.ts';
import type { BlockPointer } from '#node/platform/operation.ts';
import { inOrder, inTransaction, type Step } from '#node/platform/postgres/transaction.ts';
import {
  type BatchPlan,
  causalityConflict,
  immutableEntity,
  planBatch,
  type TablePlan,
} from './batch-plan.ts';
import { signalCommit } from './changes.ts';
import { copyFields, decodeRow, entityJson, idText, selectList, textTypes } from './codec.ts';
import {
  insertBlocks,
  insertDataSources,
  type Lease,
  lockForWriting,
  markFilesHandled,
  moveHead,
  setFailure,
} from './deployments.ts';
import { insertErrors } from './errors.ts';
import type { Layout, Table } from './layout.ts';
import { insertLines } from './log-lines.ts';
import { commitPlainBlock, plainBlock } from './plain-block.ts';
import { rolledUpUntil, rollUp } from './rollups.ts';
import { joinLatest, versionColumns } from './version-rows.ts';

/** Blocks remembered below the head, for finding common ancestors; deeper than any chain we follow reorganises. */
export const BLOCK_RETENTION = 1_000;

export interface WriteTarget {
  readonly layout: Layout;
  readonly lease: Lease;
  readonly feed: boolean;
}

/** Where batches are written. */
export interface WritePools {
  readonly many: pg.Pool;
  /** For batches of few versions, as at the head; may have pipelined connections, which save most of the way to and fro. */
  readonly few: pg.Pool;
}

/** COPY costs more than a row or two by INSERT, and waits for the server. */
const FEW_VERSIONS = 100;

export interface CommitResult {
  readonly head: BlockPointer;
  /** Versions written. */
  readonly rows: number;
}

/**
 * Commits the outcomes of rising blocks, all or none of them. Entities get one version a block; the last block becomes the
 * head. A block may be left out when nothing happened in it, except that the batch's last one becomes the head. A last block
 * that failed becomes the head too, without changes, and the deployment fails with it, as in graph-node.
 *
 * @throws AiosError LEASE_LOST when another process has taken over; NOT_ON_HEAD when the blocks do not follow the stored head;
 * UNSTORABLE_ENTITY, IMMUTABLE_ENTITY, INVALID_VALUE for what a retry cannot mend (`isDeterministic`). Anything else
 * (connection lost, disk full) is worth a retry of the same batch: the transaction was rolled back, or, when only the answer
 * to COMMIT was lost, committed whole, and the retry finds its last block to be the head and does nothing.
 */
export async function commitBatch(
  pools: WritePools,
  target: WriteTarget,
  outcomes: readonly BlockOutcome[],
): Promise<CommitResult> {
  const last = outcomes.at(-1);
  if (!last) throw new AiosError('INVALID_BATCH', 'a batch without blocks cannot be committed');
  const { layout, lease, feed } = target;
  const plan = planBatch(layout, outcomes, feed);
  const versions = plan.tables.reduce((sum, { versionCount }) => sum + versionCount, 0);
  const few = versions <= FEW_VERSIONS;
  const touched = new Set(
    plan.tables.flatMap(({ table }) => (table === layout.proof ? [] : [table.entity.name])),
  );
  const plain = few && !feed && plainBlock(layout, plan, outcomes);
  if (plain && (await commitPlainBlock(pools.few, { layout, lease }, plain, plan.tables, touched)))
    return { head: plain.block, rows: versions };
  return inTransaction(few ? pools.few : pools.many, async (client) => {
    const [, head] = await inOrder(client, [
      () => prepareSession(client),
      () => lockForWriting(client, lease),
    ]);
    // The answer to an earlier COMMIT was lost: the fence proves that nobody else has written since.
    if (head?.number === last.block.number && head.hash === last.block.hash) return { head, rows: 0 };
    checkFollows(lease.deployment, head, outcomes);
    const stored = new Map<string, EntityData>();
    const until = await rolledUpUntil(client, layout);
    for (const table of plan.tables) if (table.table.hasRegion) await requireOwnRegion(client, table);
    const writing = plan.tables.flatMap((table): Step[] => [
      () => closeVersions(client, table, feed ? stored : undefined),
      () => (few ? insertVersions(client, table) : copyVersions(client, table)),
    ]);
    // Aggregations read what was written, and the feed wants the states before.
    if (until.size > 0 || feed) await inOrder(client, writing.splice(0));
    const rolledUp = await rollUp(
      client,
      until,
      outcomes.map(({ block, timestamp }) => ({ number: block.number, timestamp })),
    );
    const { deployment } = lease;
    const created = outcomes.flatMap((outcome) => outcome.createdDataSources);
    const handled = outcomes.flatMap(({ block, handledFiles = [] }) =>
      handledFiles.map((file) => ({ ...file, block: block.number })),
    );
    const blocks = outcomes.map(({ block, parentHash, timestamp }) => ({ ...block, parentHash, timestamp }));
    const errors = outcomes.flatMap(({ errors }) => errors ?? []);
    for (const table of rolledUp) touched.add(table.entity.name);
    // From its first error on, a deployment answers otherwise to every query.
    const failing = outcomes.some(({ errors, failure }) => errors || failure);
    const { failure } = last;
    await inOrder(client, [
      ...writing,
      () => insertDataSources(client, deployment, created),
      () => markFilesHandled(client, deployment, handled),
      () => insertBlocks(client, deployment, blocks, { since: head, retention: BLOCK_RETENTION }),
      () => moveHead(client, lease, last.block, last.timestamp),
      () => insertErrors(client, deployment, errors),
      () => insertLines(client, deployment, outcomes),
      ...(failure ? [() => setFailure(client, lease, failure)] : []),
      ...(feed ? [() => appendChanges(client, deployment, changesOf(plan, stored))] : []),
      () => signalCommit(client, deployment, last.block, failing ? 'any' : touched),
    ]);
    return { head: last.block, rows: versions };
  });
}

/**
 * Settings of every writing transaction. What a crash of PostgreSQL can lose is whole recent commits, head included, and they are
 * indexed again: waiting for the disk buys nothing. Joins with the ids of a batch must descend the indexes
 * whatever stale statistics say, as a scan of a table that grows costs more with every batch.
 */
const WRITING_SETTINGS = {
  synchronous_commit: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_seqscan: 'off',
} as const;

/** Settings of the connections for small commits: a plain block's statement costs more to plan than to run, and has but one way to run. */
export const SMALL_COMMIT_SETTINGS = { ...WRITING_SETTINGS, plan_cache_mode: 'force_generic_plan' } as const;

/** Applies them to the transaction, in which statements are planned for their values. */
export async function prepareSession(client: pg.ClientBase): Promise<void> {
  await client.query(
    `set local plan_cache_mode = force_custom_plan; ${Object.entries(WRITING_SETTINGS)
      .map(([name, value]) => `set local ${name} = ${value}`)
      .join('; ')}`,
  );
}

function checkFollows(
  deployment: string,
  head: BlockPointer | null,
  outcomes: readonly BlockOutcome[],
): void {
  const first = outcomes[0];
  if (!head || !first) return;
  const { block, parentHash } = first;
  const isNext = block.number === head.number + 1;
  if (block.number > head.number && !(isNext && parentHash !== head.hash)) return;
  throw new AiosError(
    'NOT_ON_HEAD',
    `block ${block.number} (parent ${parentHash}) does not follow the head of ${deployment}, block ${head.number} (${head.hash}): ` +
      'revert to the common ancestor first, or go on from the stored head',
    { details: { head } },
  );
}

/** @throws AiosError CAUSALITY_CONFLICT when a current version was made in another causality region */
async function requireOwnRegion(client: pg.ClientBase, { table, closings }: TablePlan): Promise<void> {
  if (closings.length === 0) return;
  const { rows } = await client.query<{ place: string }>(
    `select ended.place from unnest($1::${table.id.sqlType}[], $2::int4[]) with ordinality as ended(id, region, place) ` +
      joinLatest(table, 'block_range, causality_region') +
      'where upper_inf(latest.block_range) and latest.causality_region <> ended.region limit 1',
    [closings.map(({ id }) => id), closings.map(({ region }) => region)],
  );
  const at = closings[Number(rows[0]?.place) - 1];
  if (at) throw causalityConflict(table.entity.name, at.key, at.block);
}

/** Ends the current versions of entities that the batch touches, and keeps their states in `stored` when given. */
async function closeVersions(
  client: pg.ClientBase,
  { table, closings }: TablePlan,
  stored: Map<string, EntityData> | undefined,
): Promise<void> {
  if (closings.length === 0) return;
  const { rows } = await client.query<(string | null)[]>({
    text:
      `update ${table.qualified} row set block_range = int4range(lower(row.block_range), ended.block) ` +
      `from unnest($1::${table.id.sqlType}[], $2::int4[]) as ended(id, block) ` +
      joinLatest(table, 'vid') +
      'where row.vid = latest.vid and upper_inf(row.block_range)' +
      (stored ? ` returning ${selectList(table, 'row')}` : ''),
    values: [closings.map(({ id }) => id), closings.map(({ block }) => block)],
    rowMode: 'array',
    types: textTypes,
  });
  if (!stored) return;
  for (const row of rows) {
    const data = decodeRow(table, row);
    stored.set(storedKey(table, idText(data.id as string | Uint8Array | bigint)), data);
  }
}

function storedKey(table: Table, id: string): string {
  return `${table.position}/${id}`;
}

function target(table: Table): string {
  const columns = versionColumns(table).map(({ quoted }) => quoted);
  return `${table.qualified} (${columns.join(', ')})`;
}

async function copyVersions(client: pg.ClientBase, plan: TablePlan): Promise<void> {
  if (plan.versionCount === 0) return;
  const copy = client.query(copyFrom(`copy ${target(plan.table)} from stdin`));
  try {
    await pipeline(Readable.from(plan.copyText()), copy);
  } catch (error) {
    throw explain(error, plan.table);
  }
}

async function insertVersions(client: pg.ClientBase, plan: TablePlan): Promise<void> {
  if (plan.versionCount === 0) return;
  const values: (string | null)[] = [];
  const rows: string[] = [];
  for (const row of plan.rows()) {
    const first = values.length + 1;
    values.push(...copyFields(row));
    rows.push(`(${Array.from({ length: values.length + 1 - first }, (_, index) => `$${first + index}`)})`);
  }
  try {
    await client.query(`insert into ${target(plan.table)} values ${rows.join(', ')}`, values);
  } catch (error) {
    throw explain(error, plan.table);
  }
}

function explain(error: unknown, table: Table): unknown {
  const { code, detail } = error as { code?: string; detail?: string };
  if (code === undefined) return error;
  if (code === '23505' && table.immutable) {
    const id = /=\((.*)\) already exists/.exec(detail ?? '')?.[1] ?? '';
    return immutableEntity(table.entity.name, id);
  }
  // Class 22: data PostgreSQL cannot represent; 23502: a missing value; 54000: an id longer than an index can hold.
  if (code.startsWith('22') || code === '23502' || code === '54000') {
    return new AiosError(
      'UNSTORABLE_ENTITY',
      `an entity of type ${table.entity.name} cannot be stored: ${messageOf(error)}. Change the mapping so that its values fit`,
      { cause: error },
    );
  }
  return error;
}

const DETERMINISTIC: ReadonlySet<string> = new Set([
  'UNSTORABLE_ENTITY',
  'IMMUTABLE_ENTITY',
  'INVALID_VALUE',
  'CAUSALITY_CONFLICT',
  'UNKNOWN_ENTITY_TYPE',
]);

/** True for errors of `commitBatch` that the deployment's own code causes: the same blocks fail again however often they are tried. */
export function isDeterministic(error: unknown): boolean {
  return error instanceof AiosError && DETERMINISTIC.has(error.code);
}

function changesOf(plan: BatchPlan, stored: ReadonlyMap<string, EntityData>): NewEntityChange[] {
  const changes: NewEntityChange[] = [];
  for (const { block, table, id, before, after } of plan.changes) {
    const previous = before === undefined ? (stored.get(storedKey(table, id)) ?? null) : before;
    if (previous === null && after === null) continue;
    changes.push({
      block: { number: block.number, hash: block.hash },
      entity: table.entity.name,
      id,
      before: previous && entityJson(previous),
      after: after && entityJson(after),
      reverted: false,
    });
  }
  return changes;
}
