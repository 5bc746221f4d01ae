// Deployments as the status page shows them: the registry's rows, beside the heads of their chains.
import type pg from 'pg';
import type { DeploymentRecord, DeploymentStore } from '#indexer/store/index.ts';
import type { DeploymentStatus } from '#resolvers/status/index.ts';
import type { ChainHeads } from './chain-heads.ts';
import { houseSubgraphs } from './house.ts';

const countsForMs = 15_000;
/** Above this many rows an estimate serves: counting them all would cost more than it tells. */
const exactUpTo = 200_000;

export class DeploymentStatuses {
  readonly #pool: pg.Pool;
  readonly #store: DeploymentStore;
  readonly #chains: ChainHeads;
  readonly #counts = new Map<string, { count: Promise<number | null>; until: number }>();

  constructor(pool: pg.Pool, store: DeploymentStore, chains: ChainHeads) {
    this.#pool = pool;
    this.#store = store;
    this.#chains = chains;
  }

  async deployments(): Promise<DeploymentStatus[]> {
    const [records, names, chains] = await Promise.all([
      this.#store.list(),
      this.#store.names(),
      this.#chains.chains(),
    ]);
    const heads = new Map(chains.map((chain) => [chain.name, chain.head]));
    const aliases = new Set(houseSubgraphs.map((house) => house.name));
    const statuses = records.flatMap((record) =>
      names
        .filter((name) => name.current === record.id || name.pending === record.id)
        .map(
          async (name): Promise<DeploymentStatus> => ({
            id: record.id,
            name: name.name,
            alias: aliases.has(name.name) ? name.name : null,
            chain: record.chain,
            synced: record.syncedAt !== null,
            health: record.status === 'failed' ? 'failed' : 'healthy',
            head: record.head,
            chainHead: heads.get(record.chain) ?? null,
            entityCount: await this.#count(record),
            error: record.failure && {
              message: record.failure.message,
              block: record.failure.block?.number ?? null,
              handler: record.failure.handler ?? null,
            },
          }),
        ),
    );
    return Promise.all(statuses);
  }

  #count(record: DeploymentRecord): Promise<number | null> {
    const known = this.#counts.get(record.id);
    if (known && known.until > Date.now()) return known.count;
    const count = this.#countNow(`sgd${record.sgd}`).catch(() => null);
    this.#counts.set(record.id, { count, until: Date.now() + countsForMs });
    return count;
  }

  async #countNow(schema: string): Promise<number> {
    const { rows: tables } = await this.#pool.query<{ name: string; versioned: boolean; estimate: string }>(
      `select c.relname as name, c.reltuples::bigint as estimate,
              exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'block_range') as versioned
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = $1 and c.relkind = 'r' and c.relname <> 'poi2$'`,
      [schema],
    );
    const counts = tables.map(async ({ name, versioned, estimate }) => {
      if (Number(estimate) > exactUpTo) return Number(estimate);
      const where = versioned ? 'where upper_inf(block_range)' : '';
      const { rows } = await this.#pool.query<{ count: string }>(
        `select count(*) from "${schema}"."${name}" ${where}`,
      );
      return Number(rows[0]?.count);
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }
}
