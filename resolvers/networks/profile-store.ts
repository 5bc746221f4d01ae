// Where profiles are kept. A write can touch the rows of its own network only (row-level security), and renews its search entry.
import type { Kysely } from 'kysely';
import type pg from 'pg';
import { createKysely } from '#node/platform/postgres/database.ts';
import { asTenant } from '#node/platform/postgres/tenant.ts';
import { type NetworkProfile, normaliseProfile, type ProfileChange } from './profile.ts';
import { indexNetworks } from './search-index.ts';
import type { NetworksTables } from './tables.ts';

/** Profiles of whole networks; those of environments will have rows of their own. */
const wholeNetwork = '';

export class ProfileStore {
  readonly #pool: pg.Pool;
  readonly #db: Kysely<NetworksTables>;
  readonly #now: () => Date;

  constructor(pool: pg.Pool, now: () => Date) {
    this.#pool = pool;
    this.#db = createKysely<NetworksTables>(pool);
    this.#now = now;
  }

  /** The profiles of these networks, in the order asked; null where there is none. */
  async load(networkIds: readonly string[]): Promise<readonly (NetworkProfile | null)[]> {
    if (networkIds.length === 0) return [];
    // Every list of networks comes through here: one prepared statement, whatever the number of ids.
    const { rows } = await this.#pool.query<Omit<NetworksTables['networks.profiles'], 'updated_by'>>({
      name: 'networks-profiles',
      text: `select network, description, site, tags, logo_cid, updated_at from networks.profiles
              where network = any ($1::text[]) and environment = $2`,
      values: [[...new Set(networkIds)], wholeNetwork],
    });
    const byId = new Map(
      rows.map((row): [string, NetworkProfile] => [
        row.network,
        {
          description: row.description,
          site: row.site,
          tags: row.tags,
          logoCid: row.logo_cid,
          updatedAt: row.updated_at,
        },
      ]),
    );
    return networkIds.map((id) => byId.get(id) ?? null);
  }

  /**
   * Writes a change by `did`, whose right to do so the caller has checked.
   * @throws AiosError INVALID_PROFILE
   */
  async update(networkId: string, change: ProfileChange, did: string): Promise<void> {
    const normal = normaliseProfile(change);
    const columns = {
      ...(normal.description !== undefined && { description: normal.description }),
      ...(normal.site !== undefined && { site: normal.site }),
      ...(normal.tags !== undefined && { tags: [...(normal.tags ?? [])] }),
      ...(normal.logoCid !== undefined && { logo_cid: normal.logoCid }),
      updated_at: this.#now(),
      updated_by: did,
    };
    await this.#db.transaction().execute(async (transaction) => {
      await asTenant(transaction, { network: networkId }, (scoped) =>
        scoped
          .insertInto('networks.profiles')
          .values({
            network: networkId,
            environment: wholeNetwork,
            description: null,
            site: null,
            tags: [],
            logo_cid: null,
            ...columns,
          })
          .onConflict((conflict) => conflict.columns(['network', 'environment']).doUpdateSet(columns))
          .execute(),
      );
      await indexNetworks(transaction, [networkId]);
    });
  }
}
