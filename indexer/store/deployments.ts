// The registry: which deployments exist, under which names, how far each is, and which process may write to it.
import type { EntityData, HandledFile, Hex } from '#indexer/model.ts';
import type { ProofVersion } from '#indexer/proof/event-stream.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { BlockPointer } from '#node/platform/operation.ts';
import type { Queryable } from '#node/platform/postgres/transaction.ts';
import { decodeContext, encodeContext } from './codec.ts';

/** `syncing` until the chain's head was first reached, then `synced`; `failed` on a deterministic failure; `paused` by an operator. */
export type DeploymentStatus = 'syncing' | 'synced' | 'failed' | 'paused';

/** Why a deployment stands still. */
export interface DeploymentFailure {
  readonly message: string;
  readonly handler?: string;
  readonly block?: BlockPointer;
}

/** One row of the registry. */
export interface DeploymentRecord {
  /** Content id, `Qm…`. */
  readonly id: string;
  /** Number of the schema that holds its entities: `sgd1`. */
  readonly sgd: number;
  readonly chain: string;
  /** Manifest as deployed, YAML. */
  readonly manifest: string;
  /** schema.graphql as deployed. */
  readonly schema: string;
  /** True when its changes go to the change feed. */
  readonly feed: boolean;
  /** Entity types that handlers of files may write. */
  readonly fileEntities: readonly string[];
  /** The hash of its proof of indexing; null for a deployment from before proofs were made. */
  readonly proof: ProofVersion | null;
  readonly status: DeploymentStatus;
  readonly failure: DeploymentFailure | null;
  /** Last block whose entities are committed; null before the first. */
  readonly head: BlockPointer | null;
  /** Seconds, of the head block. */
  readonly headTimestamp: number | null;
  readonly syncedAt: Date | null;
  /** When the indexes left out for bulk loading were completed; null while they are missing. */
  readonly indexedAt: Date | null;
  readonly createdAt: Date;
  /** First block that queries may read: what came before is pruned, or before the start block. */
  readonly earliestBlock: number;
  /** First block in which something went wrong; null while all is well. */
  readonly firstErrorBlock: number | null;
}

/** The right to write to a deployment, held by one process at a time. */
export interface Lease {
  readonly deployment: string;
  readonly owner: string;
  /** Grows with every change of owner; a write that carries an old one fails with LEASE_LOST. */
  readonly fence: bigint;
}

/** A block the deployment has processed, for finding the common ancestor after a reorganisation. */
export interface StoredBlock extends BlockPointer {
  readonly parentHash: string;
  /** Seconds. */
  readonly timestamp: number;
}

/** A data source that a handler made, as it was committed. */
export interface StoredDataSource {
  /** 0 for the first one that the deployment made, in order of creation. */
  readonly position: number;
  readonly template: string;
  readonly address: Hex;
  readonly context: EntityData | null;
  readonly createdAt: number;
  /** A file data source's causality region; 0 for contracts. */
  readonly region: number;
  /** Block in which a file was handled; null while it is waited for. */
  readonly doneAt: number | null;
}

/** A name and what it stands for: `pending` replaces `current` once it has caught up. */
export interface NameRecord {
  readonly name: string;
  readonly current: string | null;
  readonly pending: string | null;
}

interface DeploymentRow {
  id: string;
  sgd: number;
  chain: string;
  manifest: string;
  schema: string;
  feed: boolean;
  file_entities: string[];
  proof: ProofVersion | null;
  status: DeploymentStatus;
  failure: DeploymentFailure | null;
  head_number: number | null;
  head_hash: string | null;
  head_timestamp: string | null;
  synced_at: Date | null;
  indexed_at: Date | null;
  created_at: Date;
  earliest_block: number;
  first_error_block: number | null;
}

function recordOf(row: DeploymentRow): DeploymentRecord {
  const { head_number: number, head_hash: hash } = row;
  return {
    id: row.id,
    sgd: row.sgd,
    chain: row.chain,
    manifest: row.manifest,
    schema: row.schema,
    feed: row.feed,
    fileEntities: row.file_entities,
    proof: row.proof,
    status: row.status,
    failure: row.failure,
    head: number === null || hash === null ? null : { number, hash },
    headTimestamp: row.head_timestamp === null ? null : Number(row.head_timestamp),
    syncedAt: row.synced_at,
    indexedAt: row.indexed_at,
    createdAt: row.created_at,
    earliestBlock: row.earliest_block,
    firstErrorBlock: row.first_error_block,
  };
}

/** Every deployment, oldest first. */
export async function listDeployments(db: Queryable): Promise<DeploymentRecord[]> {
  const { rows } = await db.query<DeploymentRow>('select * from indexer.deployments order by sgd');
  return rows.map(recordOf);
}

/** One deployment, or undefined. */
export async function findDeployment(db: Queryable, id: string): Promise<DeploymentRecord | undefined> {
  const { rows } = await db.query<DeploymentRow>('select * from indexer.deployments where id = $1', [id]);
  return rows[0] && recordOf(rows[0]);
}

/** Adds a deployment to the registry; returns undefined when it is there already. */
export async function insertDeployment(
  db: Queryable,
  deployment: {
    id: string;
    chain: string;
    manifest: string;
    schema: string;
    feed: boolean;
    fileEntities?: readonly string[];
    earliestBlock?: number;
    proof?: ProofVersion;
  },
): Promise<DeploymentRecord | undefined> {
  const { id, chain, manifest, schema, feed, proof, earliestBlock = 0, fileEntities = [] } = deployment;
  const { rows } = await db.query<DeploymentRow>(
    `insert into indexer.deployments (id, chain, manifest, schema, feed, proof, earliest_block, start_block, file_entities)
     values ($1, $2, $3, $4, $5, $6, $7, $7, $8) on conflict do nothing returning *`,
    [id, chain, manifest, schema, feed, proof ?? null, earliestBlock, fileEntities],
  );
  return rows[0] && recordOf(rows[0]);
}

/** Says whose entities a deployment reads. */
export async function insertSources(
  db: Queryable,
  deployment: string,
  sources: readonly string[],
): Promise<void> {
  if (sources.length === 0) return;
  await db.query(
    'insert into indexer.deployment_sources (deployment, source) select $1, unnest($2::text[]) on conflict do nothing',
    [deployment, sources],
  );
}

/** Who reads the entities of a deployment: names, or ids where a deployment has none. */
export async function loadReaders(db: Queryable, deployment: string): Promise<string[]> {
  const { rows } = await db.query<{ reader: string }>(
    `select distinct coalesce(n.name, s.deployment) as reader from indexer.deployment_sources s
     left join indexer.names n on s.deployment in (n.current, n.pending) where s.source = $1 order by reader`,
    [deployment],
  );
  return rows.map(({ reader }) => reader);
}

/** @throws AiosError DEPLOYMENT_IN_USE naming the readers */
export function requireUnread(deployment: string, readers: readonly string[]): void {
  if (readers.length === 0) return;
  throw new AiosError(
    'DEPLOYMENT_IN_USE',
    `${deployment} cannot be removed: it is the data source of ${readers.join(', ')}. Remove ${readers.length === 1 ? 'that' : 'those'} first`,
    { details: { readers } },
  );
}

/** Heads of all deployments that have one, in one consistent read: what `ReadPoint` pins. */
export async function loadHeads(db: Queryable): Promise<ReadonlyMap<string, BlockPointer>> {
  // Every operation begins with it: prepared once a connection.
  const { rows } = await db.query<{ id: string; head_number: number; head_hash: string }>({
    name: 'indexer-heads',
    text: 'select id, head_number, head_hash from indexer.deployments where head_number is not null',
  });
  return new Map(rows.map((row) => [row.id, { number: row.head_number, hash: row.head_hash }]));
}

/** What every name stands for. */
export async function listNames(db: Queryable): Promise<NameRecord[]> {
  const { rows } = await db.query<NameRecord>(
    'select name, current, pending from indexer.names order by name',
  );
  return rows;
}

/**
 * Gives `name` to a deployment. The first deployment under a name is current at once; a later one is pending
 * until `promotePending` finds it synced, so that readers never see a half-filled one.
 */
export async function assignName(db: Queryable, name: string, deployment: string): Promise<NameRecord> {
  const { rows } = await db.query<NameRecord>(
    `insert into indexer.names as n (name, current) values ($1, $2)
     on conflict (name) do update set
       current = coalesce(n.current, excluded.current),
       pending = case when n.current is null or n.current = excluded.current then null else excluded.current end,
       updated_at = now()
     returning name, current, pending`,
    [name, deployment],
  );
  return rows[0] as NameRecord;
}

/** Takes a name away. The deployment stays. */
export async function removeName(db: Queryable, name: string): Promise<void> {
  await db.query('delete from indexer.names where name = $1', [name]);
}

/** Makes pending deployments that have synced the current ones of their names; returns the names that changed. */
export async function promotePending(db: Queryable): Promise<NameRecord[]> {
  const { rows } = await db.query<NameRecord>(
    `update indexer.names n set current = pending, pending = null, updated_at = now()
     from indexer.deployments d where d.id = n.pending and d.synced_at is not null
     returning n.name, n.current, n.pending`,
  );
  return rows;
}

/**
 * Takes the lease on a deployment for `owner` when it is free, expired or already this owner's. Each call but a renewal by the
 * same owner raises the fence. Returns undefined while somebody else holds it.
 */
export async function acquireLease(
  db: Queryable,
  deployment: string,
  owner: string,
  ttlMs: number,
): Promise<Lease | undefined> {
  const { rows } = await db.query<{ fence: string }>(
    `update indexer.deployments set
       fence = fence + 1, lease_owner = $2, lease_until = clock_timestamp() + $3 * interval '1 millisecond'
     where id = $1 and (lease_owner is null or lease_owner = $2 or lease_until < clock_timestamp())
     returning fence`,
    [deployment, owner, ttlMs],
  );
  return rows[0] && { deployment, owner, fence: BigInt(rows[0].fence) };
}

/** Takes the lease whoever holds it: for an operator's command. The holder finds its writes refused. */
export async function seizeLease(
  db: Queryable,
  deployment: string,
  owner: string,
  ttlMs: number,
): Promise<Lease> {
  const { rows } = await db.query<{ fence: string }>(
    `update indexer.deployments set
       fence = fence + 1, lease_owner = $2, lease_until = clock_timestamp() + $3 * interval '1 millisecond'
     where id = $1 returning fence`,
    [deployment, owner, ttlMs],
  );
  const [row] = rows;
  if (!row) throw new AiosError('UNKNOWN_DEPLOYMENT', `there is no deployment ${deployment} any more`);
  return { deployment, owner, fence: BigInt(row.fence) };
}

/** Who holds a lease that has not expired; null when nobody does. */
export async function leaseHolder(db: Queryable, deployment: string): Promise<string | null> {
  const { rows } = await db.query<{ owner: string | null }>(
    'select lease_owner as owner from indexer.deployments where id = $1 and lease_until >= clock_timestamp()',
    [deployment],
  );
  return rows[0]?.owner ?? null;
}

/** Keeps a lease. @throws AiosError LEASE_LOST when another process has taken it. */
export async function renewLease(db: Queryable, lease: Lease, ttlMs: number): Promise<void> {
  const { rowCount } = await db.query(
    `update indexer.deployments set lease_until = clock_timestamp() + $3 * interval '1 millisecond'
     where id = $1 and fence = $2`,
    [lease.deployment, lease.fence, ttlMs],
  );
  if (rowCount !== 1) throw leaseLost(lease);
}

/** Gives a lease back, so that another process need not wait for it to expire. */
export async function releaseLease(db: Queryable, lease: Lease): Promise<void> {
  await db.query(
    'update indexer.deployments set lease_owner = null, lease_until = null where id = $1 and fence = $2',
    [lease.deployment, lease.fence],
  );
}

export function leaseLost(lease: Lease): AiosError {
  return new AiosError(
    'LEASE_LOST',
    `${lease.owner} no longer holds the lease on ${lease.deployment}: another process indexes it now. Stop writing, and acquire the lease again`,
    { details: { deployment: lease.deployment, fence: lease.fence.toString() } },
  );
}

/**
 * Locks the deployment's row until the transaction ends and returns its head. Every transaction that writes to a
 * deployment starts here: from then on nobody else can take the lease.
 *
 * @throws AiosError LEASE_LOST
 */
export async function lockForWriting(client: Queryable, lease: Lease): Promise<BlockPointer | null> {
  const { rows } = await client.query<{ head_number: number | null; head_hash: string | null }>({
    name: 'lock-deployment',
    text: 'select head_number, head_hash from indexer.deployments where id = $1 and fence = $2 for no key update',
    values: [lease.deployment, lease.fence],
  });
  const row = rows[0];
  if (!row) throw leaseLost(lease);
  return row.head_number === null || row.head_hash === null
    ? null
    : { number: row.head_number, hash: row.head_hash };
}

/** Moves the head. @throws AiosError LEASE_LOST */
export async function moveHead(
  client: Queryable,
  lease: Lease,
  head: BlockPointer | null,
  timestamp: number | null,
): Promise<void> {
  const { rowCount } = await client.query({
    name: 'move-head',
    text: 'update indexer.deployments set head_number = $3, head_hash = $4, head_timestamp = $5 where id = $1 and fence = $2',
    values: [lease.deployment, lease.fence, head?.number ?? null, head?.hash ?? null, timestamp],
  });
  if (rowCount !== 1) throw leaseLost(lease);
}

/** SQL: the first block in which something went wrong, given the failure that stops the deployment. */
const FIRST_ERROR = (failure: string) =>
  `least((select min(block_number) from indexer.errors e where e.deployment = $1), (${failure}->'block'->>'number')::int)`;

/** Records a deterministic failure, or clears it (`null`) to let the deployment go on. @throws AiosError LEASE_LOST */
export async function setFailure(
  db: Queryable,
  lease: Lease,
  failure: DeploymentFailure | null,
): Promise<void> {
  const { rowCount } = await db.query(
    `update indexer.deployments set failure = $3::jsonb, status = case
       when $3::jsonb is not null then 'failed' when synced_at is not null then 'synced' else 'syncing' end,
       first_error_block = ${FIRST_ERROR('$3::jsonb')}
     where id = $1 and fence = $2`,
    [lease.deployment, lease.fence, failure === null ? null : JSON.stringify(failure)],
  );
  if (rowCount !== 1) throw leaseLost(lease);
}

/** Forgets a failure in a block that a revert undoes: the block that takes its place may do better. */
export async function clearFailureAfter(client: Queryable, lease: Lease, block: number): Promise<void> {
  await client.query(
    `update indexer.deployments set failure = null, status = case
       when status <> 'failed' then status when synced_at is not null then 'synced' else 'syncing' end,
       first_error_block = ${FIRST_ERROR('null::jsonb')}
     where id = $1 and fence = $2 and (failure->'block'->>'number')::int > $3`,
    [lease.deployment, lease.fence, block],
  );
}

/** Says that the deployment has reached the chain's head. @throws AiosError LEASE_LOST */
export async function setSynced(db: Queryable, lease: Lease): Promise<void> {
  const { rowCount } = await db.query(
    `update indexer.deployments set synced_at = coalesce(synced_at, now()),
       status = case status when 'syncing' then 'synced' else status end
     where id = $1 and fence = $2`,
    [lease.deployment, lease.fence],
  );
  if (rowCount !== 1) throw leaseLost(lease);
}

/** Stops or resumes a deployment on an operator's word; the pipeline follows at its next look. */
export async function setPaused(db: Queryable, deployment: string, paused: boolean): Promise<void> {
  await db.query(
    `update indexer.deployments set status = case
       when $2 then 'paused' when failure is not null then 'failed' when synced_at is not null then 'synced' else 'syncing' end
     where id = $1`,
    [deployment, paused],
  );
}

/** The dynamic data sources of a deployment in the order of their creation. */
export async function loadDataSources(db: Queryable, deployment: string): Promise<StoredDataSource[]> {
  const { rows } = await db.query<{
    position: number;
    template: string;
    address: Hex;
    context: unknown;
    created_block: number;
    causality_region: number;
    done_at: number | null;
  }>(
    `select position, template, address, context, created_block, causality_region, done_at from indexer.data_sources
     where deployment = $1 order by position`,
    [deployment],
  );
  return rows.map((row) => ({
    position: row.position,
    template: row.template,
    address: row.address,
    context: decodeContext(row.context),
    createdAt: row.created_block,
    region: row.causality_region,
    doneAt: row.done_at,
  }));
}

/** Appends data sources. The caller holds the deployment's lock, so positions stay gapless. */
export async function insertDataSources(
  client: Queryable,
  deployment: string,
  sources: readonly {
    template: string;
    address: Hex;
    context: EntityData | null;
    createdAt: number;
    region?: number;
  }[],
): Promise<void> {
  if (sources.length === 0) return;
  await client.query(
    `insert into indexer.data_sources (deployment, position, template, address, context, created_block, causality_region)
     select $1, (select coalesce(max(position) + 1, 0) from indexer.data_sources where deployment = $1) + place - 1,
       template, address, context, created_block, causality_region
     from unnest($2::text[], $3::text[], $4::jsonb[], $5::int4[], $6::int4[]) with ordinality
       as sources(template, address, context, created_block, causality_region, place)`,
    [
      deployment,
      sources.map((source) => source.template),
      sources.map((source) => source.address),
      sources.map((source) =>
        source.context === null ? null : JSON.stringify(encodeContext(source.context)),
      ),
      sources.map((source) => source.createdAt),
      sources.map((source) => source.region ?? 0),
    ],
  );
}

/** Says which file data sources are done, and at which block. */
export async function markFilesHandled(
  client: Queryable,
  deployment: string,
  handled: readonly (HandledFile & { readonly block: number })[],
): Promise<void> {
  if (handled.length === 0) return;
  await client.query(
    `update indexer.data_sources d set done_at = h.block, error = h.error
     from unnest($2::int4[], $3::int4[], $4::text[]) as h(region, block, error)
     where d.deployment = $1 and d.causality_region = h.region`,
    [
      deployment,
      handled.map(({ region }) => region),
      handled.map(({ block }) => block),
      handled.map(({ error }) => error),
    ],
  );
}

/** Forgets data sources made after `block`; files that were handled after it are waited for again. */
export async function revertDataSources(client: Queryable, deployment: string, block: number): Promise<void> {
  await client.query('delete from indexer.data_sources where deployment = $1 and created_block > $2', [
    deployment,
    block,
  ]);
  await client.query(
    'update indexer.data_sources set done_at = null, error = null where deployment = $1 and done_at > $2',
    [deployment, block],
  );
}

/** The most recent stored blocks, newest first. */
export async function loadRecentBlocks(
  db: Queryable,
  deployment: string,
  limit: number,
): Promise<StoredBlock[]> {
  const { rows } = await db.query<BlockRow>(
    `select number, hash, parent_hash, timestamp from indexer.blocks where deployment = $1 order by number desc limit $2`,
    [deployment, limit],
  );
  return rows.map(blockOf);
}

/** A stored block by number or hash. Blocks older than the retention, and such without triggers, are not stored. */
export async function findBlock(
  db: Queryable,
  deployment: string,
  by: { readonly number: number } | { readonly hash: string },
): Promise<StoredBlock | undefined> {
  const [column, value] = 'number' in by ? (['number', by.number] as const) : (['hash', by.hash] as const);
  const { rows } = await db.query<BlockRow>(
    `select number, hash, parent_hash, timestamp from indexer.blocks where deployment = $1 and ${column} = $2`,
    [deployment, value],
  );
  return rows[0] && blockOf(rows[0]);
}

interface BlockRow {
  number: number;
  hash: string;
  parent_hash: string;
  timestamp: string;
}

function blockOf(row: BlockRow): StoredBlock {
  return {
    number: row.number,
    hash: row.hash,
    parentHash: row.parent_hash,
    timestamp: Number(row.timestamp),
  };
}

/** Old blocks are forgotten this many at a time: one a block would be as much work as the block itself. */
export const FORGOTTEN_TOGETHER = 100;

/**
 * Stores processed blocks, which follow the head `since`, and forgets those more than `retention` blocks below the newest, and up
 * to a hundred later than they could be.
 */
export async function insertBlocks(
  client: Queryable,
  deployment: string,
  blocks: readonly StoredBlock[],
  { since, retention }: { readonly since: BlockPointer | null; readonly retention: number },
): Promise<void> {
  const newest = blocks.at(-1);
  if (!newest) return;
  const kept = blocks.filter((block) => block.number > newest.number - retention);
  const stored = client.query({
    name: 'insert-blocks',
    text: `insert into indexer.blocks (deployment, number, hash, parent_hash, timestamp)
     select $1, * from unnest($2::int4[], $3::text[], $4::text[], $5::int8[])`,
    values: [
      deployment,
      kept.map((block) => block.number),
      kept.map((block) => block.hash),
      kept.map((block) => block.parentHash),
      kept.map((block) => block.timestamp),
    ],
  });
  const hundred = ({ number }: BlockPointer) => Math.floor(number / FORGOTTEN_TOGETHER);
  if (since && hundred(since) === hundred(newest)) return void (await stored);
  const forgotten = client.query('delete from indexer.blocks where deployment = $1 and number <= $2', [
    deployment,
    newest.number - retention,
  ]);
  await Promise.all([stored, forgotten]);
}
