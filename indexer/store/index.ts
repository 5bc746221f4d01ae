// The room's door: the versioned entity store. The pipeline writes and reverts through it, queries read its tables.
import type pg from 'pg';
import { parseEntitySchema } from '#indexer/manifest/entity-schema.ts';
import type { BlockOutcome, DeterministicFailure, EntityData, EntityId } from '#indexer/model.ts';
import type { ProofVersion } from '#indexer/proof/event-stream.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { BlockPointer } from '#node/platform/operation.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import {
  acquireLease,
  assignName,
  type DeploymentFailure,
  type DeploymentRecord,
  findBlock,
  findDeployment,
  insertDeployment,
  insertSources,
  type Lease,
  leaseHolder,
  listDeployments,
  listNames,
  loadDataSources,
  loadHeads,
  loadReaders,
  loadRecentBlocks,
  type NameRecord,
  promotePending,
  releaseLease,
  removeName,
  renewLease,
  requireUnread,
  type StoredBlock,
  type StoredDataSource,
  seizeLease,
  setFailure,
  setPaused,
  setSynced,
} from './deployments.ts';
import { type DumpOptions, dumpDeployment } from './dump.ts';
import { listErrors } from './errors.ts';
import { copyGraft, findGraft, type Graft, type GraftCopy, graftsFrom, insertGraft } from './graft.ts';
import { createDeferredIndexes } from './indexes.ts';
import {
  createStatements,
  deferredIndexes,
  type Layout,
  layoutOf,
  relationIndexes,
  rollupIndexes,
} from './layout.ts';
import { deleteLines } from './log-lines.ts';
import { pruneStep, raiseEarliestBlock } from './prune.ts';
import { entityVersionAt, loadEntities, loadRegions, loadRelated, type TypedEntity } from './reader.ts';
import { REGISTRY_SCHEMA, registryMigrations } from './registry-migrations.ts';
import { type RevertPoint, type RevertResult, revertTo } from './reverter.ts';
import { checkExpressions } from './rollups.ts';
import { type CommitResult, commitBatch, type WritePools } from './writer.ts';

export { idText } from './codec.ts';
export type {
  DeploymentFailure,
  DeploymentRecord,
  DeploymentStatus,
  Lease,
  NameRecord,
  StoredBlock,
  StoredDataSource,
} from './deployments.ts';
export { type Graft, type GraftProgress, graftObstacles } from './graft.ts';
export {
  type AggregationTable,
  aggregatedTypeName,
  type Column,
  columnFor,
  firstVidAfter,
  type Layout,
  layoutOf,
  MAX_BLOCK,
  quoteIdentifier,
  type Table,
  tableFor,
  validAt,
} from './layout.ts';
export type { TypedEntity } from './reader.ts';
export type { RevertPoint, RevertResult } from './reverter.ts';
export { type CommitResult, isDeterministic } from './writer.ts';

export interface NewDeployment {
  /** Content id, `Qm…`. */
  readonly id: string;
  readonly chain: string;
  /** Manifest, YAML. */
  readonly manifest: string;
  /** schema.graphql. */
  readonly schema: string;
  /** True to write every change to the change feed: search, event streams and triggers live on it. */
  readonly feed: boolean;
  /** Entity types that handlers of files may write. */
  readonly fileEntities?: readonly string[];
  /** Deployments whose entities this one reads. */
  readonly sources?: readonly string[];
  /** The hash of its proof of indexing (`proofVersionOf`); without, none is kept. */
  readonly proof?: ProofVersion;
  /**
   * True to leave the indexes that only queries need for later (`Deployment.createDeferredIndexes`), when much history is
   * to be loaded first. With `relations`, those behind derived fields are made at once: for mappings that use `store.loadRelated`.
   */
  readonly deferIndexes?: boolean | 'relations';
  /** The deployment whose history up to a block this one begins with; `Deployment.copyGraft` copies it. */
  readonly graft?: { readonly base: string; readonly block: number };
  /** First block that queries may read; default 0. */
  readonly earliestBlock?: number;
}

/**
 * All deployments of one database.
 *
 * ```ts
 * await DeploymentStore.migrate(pool);
 * const store = new DeploymentStore(pool);
 * const deployment = await store.create({ id, chain: 'devnet', manifest, schema, feed: true });
 * const lease = await deployment.acquireLease(owner, 30_000);
 * if (lease) await deployment.commitBatch(lease, outcomes);
 * ```
 */
export class DeploymentStore {
  readonly #pool: pg.Pool;
  readonly #small: pg.Pool;

  /** `small`: a pool for small commits, where connections are pipelined. */
  constructor(pool: pg.Pool, small: pg.Pool = pool) {
    this.#pool = pool;
    this.#small = small;
  }

  /** Brings the registry's schema up to date; the platform's migrations (change feed) come first. */
  static async migrate(pool: pg.Pool): Promise<void> {
    await migrate(pool, REGISTRY_SCHEMA, registryMigrations);
  }

  /**
   * Makes a deployment with its schema and tables, or opens it when it exists: its id says what it is, so both are the same.
   *
   * @throws AiosError SCHEMA_INVALID
   */
  async create(wanted: NewDeployment): Promise<Deployment> {
    const schema = parseEntitySchema(wanted.schema);
    const created = await inTransaction(this.#pool, async (client) => {
      const record = await insertDeployment(client, wanted);
      if (!record) return undefined;
      await insertSources(client, wanted.id, wanted.sources ?? []);
      if (wanted.graft) await insertGraft(client, wanted.id, wanted.graft);
      const layout = layoutFor(record, schema);
      for (const statement of createStatements(layout)) await client.query(statement);
      await checkExpressions(client, layout);
      const atOnce = wanted.deferIndexes
        ? wanted.deferIndexes === 'relations'
          ? [...relationIndexes(layout), ...rollupIndexes(layout)]
          : rollupIndexes(layout)
        : deferredIndexes(layout);
      for (const index of atOnce) await client.query(index.sql({ concurrently: false }));
      if (!wanted.deferIndexes) {
        await client.query('update indexer.deployments set indexed_at = now() where id = $1', [wanted.id]);
      }
      return new Deployment({ many: this.#pool, few: this.#small }, record, layout);
    });
    return created ?? this.open(wanted.id);
  }

  /** Opens an existing deployment. @throws AiosError UNKNOWN_DEPLOYMENT */
  async open(id: string): Promise<Deployment> {
    const record = await findDeployment(this.#pool, id);
    if (!record) {
      throw new AiosError(
        'UNKNOWN_DEPLOYMENT',
        `there is no deployment ${id}: "aios subgraph deploy" makes one`,
      );
    }
    return new Deployment({ many: this.#pool, few: this.#small }, record, layoutFor(record));
  }

  /** @throws AiosError DEPLOYMENT_IN_USE while other deployments read the entities of this one, naming them */
  async requireUnread(id: string): Promise<void> {
    requireUnread(id, await loadReaders(this.#pool, id));
  }

  /**
   * Removes a deployment with all its entities. Its names stand for nothing afterwards; what the change feed told stays told.
   *
   * @throws AiosError DEPLOYMENT_IN_USE while other deployments read its entities
   */
  async remove(id: string): Promise<void> {
    await inTransaction(this.#pool, async (client) => {
      const record = await findDeployment(client, id);
      if (!record) return;
      requireUnread(id, await loadReaders(client, id));
      const copying = await graftsFrom(client, id);
      if (copying.length > 0)
        throw new AiosError(
          'GRAFT_BASE_NEEDED',
          `${id} is the graft base of ${copying.join(', ')}, which has not copied its history yet: wait until it has, or remove that first`,
        );
      await client.query('delete from indexer.deployments where id = $1', [id]);
      await deleteLines(client, id);
      await client.query(`drop schema if exists "sgd${record.sgd}" cascade`);
    });
  }

  /** Every deployment, oldest first, as it is now. */
  list(): Promise<DeploymentRecord[]> {
    return listDeployments(this.#pool);
  }

  /** Heads of all deployments in one consistent read: the loader of a `ReadPoint`. */
  heads(): Promise<ReadonlyMap<string, BlockPointer>> {
    return loadHeads(this.#pool);
  }

  names(): Promise<NameRecord[]> {
    return listNames(this.#pool);
  }

  /** Gives a name to a deployment: at once when the name is new, otherwise once it has synced (`promotePending`). */
  assignName(name: string, deployment: string): Promise<NameRecord> {
    return assignName(this.#pool, name, deployment);
  }

  removeName(name: string): Promise<void> {
    return removeName(this.#pool, name);
  }

  /** Lets synced pending deployments take over their names; returns the names that changed. */
  promotePending(): Promise<NameRecord[]> {
    return promotePending(this.#pool);
  }

  setPaused(deployment: string, paused: boolean): Promise<void> {
    return setPaused(this.#pool, deployment, paused);
  }
}

function layoutFor(record: DeploymentRecord, schema = parseEntitySchema(record.schema)): Layout {
  return layoutOf(schema, record.sgd, {
    proof: record.proof !== null,
    fileEntities: record.fileEntities,
  });
}

/** One deployment: reads need nothing, writes need the lease. Holds no state but the layout; make as many as you like. */
export class Deployment {
  readonly #pool: pg.Pool;
  readonly #pools: WritePools;
  readonly id: string;
  readonly feed: boolean;
  readonly proof: ProofVersion | null;
  readonly chain: string;
  readonly manifest: string;
  readonly layout: Layout;

  /** @internal Use `DeploymentStore.create` or `open`. */
  constructor(pools: WritePools, record: DeploymentRecord, layout: Layout) {
    this.#pool = pools.many;
    this.#pools = pools;
    this.id = record.id;
    this.feed = record.feed;
    this.proof = record.proof;
    this.chain = record.chain;
    this.manifest = record.manifest;
    this.layout = layout;
  }

  /** The registry's row as it is now. @throws AiosError UNKNOWN_DEPLOYMENT once it was removed. */
  async record(): Promise<DeploymentRecord> {
    const record = await findDeployment(this.#pool, this.id);
    if (!record)
      throw new AiosError('UNKNOWN_DEPLOYMENT', `deployment ${this.id} was removed: deploy it again`);
    return record;
  }

  /** Takes the right to write for `ttlMs`; undefined while another owner has it. */
  acquireLease(owner: string, ttlMs: number): Promise<Lease | undefined> {
    return acquireLease(this.#pool, this.id, owner, ttlMs);
  }

  /** Takes the right to write from whoever has it; see `rewindDeployment`. */
  seizeLease(owner: string, ttlMs: number): Promise<Lease> {
    return seizeLease(this.#pool, this.id, owner, ttlMs);
  }

  /** Which process indexes it now; null when none does. */
  leaseHolder(): Promise<string | null> {
    return leaseHolder(this.#pool, this.id);
  }

  /** @throws AiosError LEASE_LOST */
  renewLease(lease: Lease, ttlMs: number): Promise<void> {
    return renewLease(this.#pool, lease, ttlMs);
  }

  releaseLease(lease: Lease): Promise<void> {
    return releaseLease(this.#pool, lease);
  }

  /** See `commitBatch` in writer.ts: all or nothing; `isDeterministic(error)` tells what a retry cannot mend. */
  commitBatch(lease: Lease, outcomes: readonly BlockOutcome[]): Promise<CommitResult> {
    return commitBatch(this.#pools, this.#target(lease), outcomes);
  }

  /** See `revertTo` in reverter.ts: `block` becomes the head; null reverts everything. */
  revertTo(lease: Lease, block: RevertPoint | null): Promise<RevertResult> {
    return revertTo(this.#pool, this.#target(lease), block);
  }

  #target(lease: Lease) {
    return { layout: this.layout, lease, feed: this.feed };
  }

  /** See prune.ts: what queries read begins here from now on. @throws AiosError LEASE_LOST */
  raiseEarliestBlock(lease: Lease, block: number): Promise<void> {
    return raiseEarliestBlock(this.#pool, lease, block);
  }

  /** See prune.ts: deletes some versions from before the earliest block; answers how many. @throws AiosError LEASE_LOST */
  pruneStep(lease: Lease, limit?: number): Promise<number> {
    return pruneStep(this.#pool, { layout: this.layout, lease }, limit);
  }

  /** Records a deterministic failure; null clears it. @throws AiosError LEASE_LOST */
  setFailure(lease: Lease, failure: DeploymentFailure | null): Promise<void> {
    return setFailure(this.#pool, lease, failure);
  }

  /** Says that the chain's head was reached; the first time counts. @throws AiosError LEASE_LOST */
  setSynced(lease: Lease): Promise<void> {
    return setSynced(this.#pool, lease);
  }

  /** Completes the indexes left out by `deferIndexes`, while writing and reading go on. Repeats safely. */
  createDeferredIndexes(): Promise<void> {
    return createDeferredIndexes(this.#pool, this.id, this.layout);
  }

  /** Current versions of entities by `idText(id)`; absent ones are left out. */
  loadEntities(type: string, ids: readonly EntityId[]): Promise<Map<string, EntityData>> {
    return loadEntities(this.#pool, this.layout, type, ids);
  }

  /** Current entities behind the `@derivedFrom` field `type.field` of entity `id`, ordered by id. */
  loadRelated(type: string, field: string, id: EntityId): Promise<TypedEntity[]> {
    return loadRelated(this.#pool, this.layout, type, field, id);
  }

  /** The causality regions of current entities by `idText(id)`: 0 for those of the chain's handlers. */
  regionsOf(type: string, ids: readonly EntityId[]): Promise<Map<string, number>> {
    return loadRegions(this.#pool, this.layout, type, ids);
  }

  /** The version of an entity valid at a block. */
  entityVersionAt(type: string, id: EntityId, block: number): Promise<EntityData | undefined> {
    return entityVersionAt(this.#pool, this.layout, type, id, block);
  }

  /** Where its history comes from; undefined for one that begins by itself. */
  graft(): Promise<Graft | undefined> {
    return findGraft(this.#pool, this.id);
  }

  /**
   * Copies the history of the graft's base, in steps, and makes its block the head; see `copyGraft` in graft.ts.
   *
   * @throws AiosError LEASE_LOST, GRAFT_IMPOSSIBLE
   */
  async copyGraft(
    lease: Lease,
    graft: Graft,
    options: Pick<GraftCopy, 'head' | 'report' | 'stopped' | 'rowsPerStep'>,
  ): Promise<boolean> {
    const record = await findDeployment(this.#pool, graft.base);
    if (!record)
      throw new AiosError(
        'GRAFT_IMPOSSIBLE',
        `the graft base ${graft.base} is not deployed here any more: deploy it again, under any name`,
      );
    const source = { record, layout: layoutFor(record) };
    return copyGraft(this.#pool, { ...options, layout: this.layout, lease, graft, source });
  }

  /** Handlers that failed in blocks that stand all the same, oldest first. */
  errors(limit = 100): Promise<DeterministicFailure[]> {
    return listErrors(this.#pool, this.id, limit);
  }

  /** Dynamic data sources in order of creation. */
  dataSources(): Promise<StoredDataSource[]> {
    return loadDataSources(this.#pool, this.id);
  }

  /** Processed blocks, newest first: where to look for the common ancestor. */
  recentBlocks(limit: number): Promise<StoredBlock[]> {
    return loadRecentBlocks(this.#pool, this.id, limit);
  }

  /** A processed block by number or hash, while it is remembered. */
  findBlock(by: { readonly number: number } | { readonly hash: string }): Promise<StoredBlock | undefined> {
    return findBlock(this.#pool, this.id, by);
  }

  /** The whole content in canonical text: equal strings are equal deployments. */
  dump(options?: DumpOptions): Promise<string> {
    return dumpDeployment(this.#pool, this.id, this.layout, options);
  }
}
