// Answers graph-node's index-node API from the registry, the tables of deployments and their chains' nodes.
import type pg from 'pg';
import { decodeRow, entityJson, idText, selectList, textTypes } from '#indexer/store/codec.ts';
import {
  type DeploymentRecord,
  findBlock,
  findDeployment,
  listDeployments,
  listNames,
} from '#indexer/store/deployments.ts';
import { DeploymentStore, firstVidAfter } from '#indexer/store/index.ts';
import { versionedTables } from '#indexer/store/layout.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { EntityId, Hex } from '../model.ts';
import { proofOfIndexingAt } from '../proof/read-proof.ts';
import { featuresOf, historyBlocksOf } from './manifest-features.ts';

/** What the API asks a chain's node; null for what the node does not have or a chain nobody knows. */
export interface ChainReader {
  head(chain: string): Promise<{ readonly number: number; readonly hash: string } | null>;
  blockHash(chain: string, number: number): Promise<string | null>;
  block(chain: string, hash: string): Promise<object | null>;
}

export interface StatusApiOptions {
  readonly pool: pg.Pool;
  readonly chains: ChainReader;
  /** Of the product. */
  readonly version: { readonly version: string; readonly commit: string };
}

/** Versions of the mapping API that can be indexed. */
const API_VERSIONS = ['0.0.2', '0.0.4', '0.0.5', '0.0.6', '0.0.7', '0.0.8', '0.0.9'];
/** Whose proofs may be shown. */
const NOBODY: Hex = `0x${'00'.repeat(20)}`;
const MAX_PROOFS = 10;
const MAX_ERRORS = 1_000;
/** Tables with more rows than this are estimated: counting them would cost more than it tells. */
const EXACT_UP_TO = 100_000;

interface BlockAnswer {
  readonly hash: string;
  readonly number: string;
}

/** graph-node writes hashes here without their 0x. */
const bare = (hash: string): string => hash.replace(/^0x/, '');

function blockOf(
  pointer: { readonly number: number; readonly hash: string } | null | undefined,
): BlockAnswer | null {
  return pointer ? { hash: bare(pointer.hash), number: String(pointer.number) } : null;
}

/** The root of the schema: one method a field. */
export class StatusApi {
  readonly #pool: pg.Pool;
  readonly #chains: ChainReader;
  readonly #version: StatusApiOptions['version'];

  constructor({ pool, chains, version }: StatusApiOptions) {
    this.#pool = pool;
    this.#chains = chains;
    this.#version = version;
  }

  async indexingStatuses({ subgraphs }: { subgraphs?: readonly string[] | null }) {
    const wanted = subgraphs?.length ? new Set(subgraphs) : undefined;
    const records = await listDeployments(this.#pool);
    return records.filter(({ id }) => wanted?.has(id) ?? true).map((record) => this.#status(record));
  }

  async indexingStatusesForSubgraphName({ subgraphName }: { subgraphName: string }) {
    const name = (await listNames(this.#pool)).find((known) => known.name === subgraphName);
    const ids = [name?.current, name?.pending].filter((id) => id !== null && id !== undefined);
    const records = await listDeployments(this.#pool);
    return records.filter(({ id }) => ids.includes(id)).map((record) => this.#status(record));
  }

  indexingStatusForCurrentVersion({ subgraphName }: { subgraphName: string }) {
    return this.#versionOf(subgraphName, 'current');
  }

  indexingStatusForPendingVersion({ subgraphName }: { subgraphName: string }) {
    return this.#versionOf(subgraphName, 'pending');
  }

  async #versionOf(subgraphName: string, which: 'current' | 'pending') {
    const name = (await listNames(this.#pool)).find((known) => known.name === subgraphName);
    const id = name?.[which];
    const record = id ? await findDeployment(this.#pool, id) : undefined;
    return record ? this.#status(record) : null;
  }

  proofOfIndexing(args: { subgraph: string; blockNumber: number; blockHash: string; indexer?: Hex | null }) {
    const block = { number: args.blockNumber, hash: args.blockHash };
    return proofOfIndexingAt(this.#pool, args.subgraph, block, args.indexer ?? null);
  }

  publicProofsOfIndexing({
    requests,
  }: {
    requests: readonly { readonly deployment: string; readonly blockNumber: string | number }[];
  }) {
    if (requests.length > MAX_PROOFS)
      throw new AiosError('TOO_MANY_REQUESTS', `ask for at most ${MAX_PROOFS} proofs at once`);
    return Promise.all(
      requests.map(async ({ deployment, blockNumber }) => {
        const number = Number(blockNumber);
        const hash = await this.#hashOf(deployment, number);
        const proof = hash && (await proofOfIndexingAt(this.#pool, deployment, { number, hash }, NOBODY));
        return {
          deployment,
          block: { number: String(number), hash: hash && proof ? bare(hash) : null },
          proofOfIndexing: proof ?? null,
        };
      }),
    );
  }

  async #hashOf(deployment: string, number: number): Promise<string | null> {
    const stored = await findBlock(this.#pool, deployment, { number });
    if (stored) return stored.hash;
    const record = await findDeployment(this.#pool, deployment);
    return record ? this.#chains.blockHash(record.chain, number) : null;
  }

  async subgraphFeatures({ subgraphId }: { subgraphId: string }) {
    return featuresOf(await this.#deployment(subgraphId));
  }

  /** Entities whose state changed in a block: whole new states, and ids of those that went. */
  async entityChangesInBlock({ subgraphId, blockNumber }: { subgraphId: string; blockNumber: number }) {
    const { layout } = await new DeploymentStore(this.#pool).open(subgraphId);
    const updates: { type: string; entities: object[] }[] = [];
    const deletions: { type: string; entities: string[] }[] = [];
    for (const table of [...layout.tables.values()].sort((a, b) =>
      a.entity.name < b.entity.name ? -1 : 1,
    )) {
      const { rows } = await this.#pool.query<(string | null)[]>({
        text: `select ${selectList(table, 'row')} from ${table.qualified} row where vid >= $1 and vid < $2`,
        values: [firstVidAfter(blockNumber - 1), firstVidAfter(blockNumber)],
        rowMode: 'array',
        types: textTypes,
      });
      const entities = rows.map((row) => decodeRow(table, row));
      const ids = new Set(entities.map(({ id }) => idText(id as EntityId)));
      if (entities.length > 0)
        updates.push({
          type: table.entity.name,
          entities: entities.map((entity) => entityJson(entity)).sort(byId),
        });
      if (table.immutable) continue;
      const { rows: ended } = await this.#pool.query<(string | null)[]>({
        text: `select ${selectList(table, 'row')} from ${table.qualified} row where upper(block_range) = $1`,
        values: [blockNumber],
        rowMode: 'array',
        types: textTypes,
      });
      const gone = ended
        .map((row) => idText(decodeRow(table, row).id as EntityId))
        .filter((id) => !ids.has(id))
        .sort();
      if (gone.length > 0) deletions.push({ type: table.entity.name, entities: gone });
    }
    return { updates, deletions };
  }

  blockData({ network, blockHash }: { network: string; blockHash: string }) {
    return this.#chains.block(network, `0x${bare(blockHash)}`);
  }

  async blockHashFromNumber({ network, blockNumber }: { network: string; blockNumber: number }) {
    const hash = await this.#chains.blockHash(network, blockNumber);
    return hash && bare(hash);
  }

  /** Calls are kept by what was asked, not by block: there are none to list. */
  cachedEthereumCalls(): readonly never[] {
    return [];
  }

  version() {
    return this.#version;
  }

  apiVersions() {
    return API_VERSIONS.map((version) => ({ version }));
  }

  async #deployment(id: string): Promise<DeploymentRecord> {
    const record = await findDeployment(this.#pool, id);
    if (!record) throw new AiosError('UNKNOWN_DEPLOYMENT', `there is no deployment ${id}: deploy it first`);
    return record;
  }

  /** Fields that cost a query are asked only when they are selected. */
  #status(record: DeploymentRecord) {
    const { failure } = record;
    return {
      subgraph: record.id,
      synced: record.syncedAt !== null,
      health: failure ? 'failed' : record.firstErrorBlock === null ? 'healthy' : 'unhealthy',
      fatalError: failure && {
        message: failure.message,
        block: blockOf(failure.block),
        handler: failure.handler ?? null,
        deterministic: true,
      },
      nonFatalErrors: () => this.#errors(record.id),
      chains: [
        {
          __typename: 'EthereumIndexingStatus',
          network: record.chain,
          chainHeadBlock: async () => blockOf(await this.#chains.head(record.chain)),
          earliestBlock: { hash: '0x0', number: String(record.earliestBlock) },
          latestBlock: blockOf(record.head),
          lastHealthyBlock: null,
        },
      ],
      entityCount: () => this.#count(record.id),
      node: () => this.#owner(record.id),
      paused: record.status === 'paused',
      historyBlocks: historyBlocksOf(record),
      subgraphSize: () => this.#size(record.sgd),
    };
  }

  async #errors(deployment: string) {
    const { rows } = await this.#pool.query<{
      message: string;
      handler: string;
      number: number;
      hash: string;
    }>(
      `select message, handler, block_number as number, block_hash as hash from indexer.errors
       where deployment = $1 order by block_number, id limit ${MAX_ERRORS}`,
      [deployment],
    );
    return rows.map(({ message, handler, ...block }) => ({
      message,
      handler,
      block: blockOf(block),
      deterministic: true,
    }));
  }

  async #owner(deployment: string): Promise<string | null> {
    const { rows } = await this.#pool.query<{ owner: string | null }>(
      'select lease_owner as owner from indexer.deployments where id = $1 and lease_until > now()',
      [deployment],
    );
    return rows[0]?.owner ?? null;
  }

  /** Entities that exist now; graph-node counts the state of the proof of indexing as one, and rollups not at all. */
  async #count(id: string): Promise<string> {
    const { layout } = await new DeploymentStore(this.#pool).open(id);
    const tables = versionedTables(layout).filter((table) => table.rollup === undefined);
    const counts = tables.map(async ({ qualified, immutable }) => {
      const { rows: known } = await this.#pool.query<{ estimate: number }>(
        'select reltuples::float8 as estimate from pg_class where oid = $1::regclass',
        [qualified],
      );
      const estimate = known[0]?.estimate ?? 0;
      if (estimate > EXACT_UP_TO) return Math.round(estimate);
      const { rows } = await this.#pool.query<{ count: string }>(
        `select count(*) from ${qualified} ${immutable ? '' : 'where upper_inf(block_range)'}`,
      );
      return Number(rows[0]?.count ?? 0);
    });
    return String((await Promise.all(counts)).reduce((sum, count) => sum + count, 0));
  }

  async #size(sgd: number) {
    const { rows } = await this.#pool.query<Record<string, string>>(
      `select coalesce(sum(greatest(c.reltuples, 0))::bigint, 0) as "rowEstimate",
         coalesce(sum(pg_relation_size(c.oid)), 0) as "tableSize",
         coalesce(sum(pg_indexes_size(c.oid)), 0) as "indexSize",
         coalesce(sum(case when c.reltoastrelid = 0 then 0 else pg_total_relation_size(c.reltoastrelid) end), 0) as "toastSize",
         coalesce(sum(pg_total_relation_size(c.oid)), 0) as "totalSize"
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relkind = 'r'`,
      [`sgd${sgd}`],
    );
    return rows[0];
  }
}

const byId = (left: object, right: object): number =>
  String((left as { id?: unknown }).id) < String((right as { id?: unknown }).id) ? -1 : 1;
