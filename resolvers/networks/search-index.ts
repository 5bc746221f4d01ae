// The search index's rows: made from what the chain says of a network (change feed) and what it says of itself (profile).
import { type Kysely, sql } from 'kysely';
import { fold, toTsvector } from './search-text.ts';
import type { NetworksTables } from './tables.ts';

/** A network as its deployment's change feed carries it; the part that is searched. */
export interface IndexedNetwork {
  readonly id: string;
  readonly name: string;
  readonly isPublic: boolean;
}

interface Row extends IndexedNetwork {
  readonly deployment: string;
}

/** Writes (or renews) the entries of networks of one deployment. */
export async function putNetworks(
  db: Kysely<NetworksTables>,
  deployment: string,
  networks: readonly IndexedNetwork[],
): Promise<void> {
  await lockEntries(
    db,
    networks.map(({ id }) => id),
  );
  await write(
    db,
    networks.map((network) => ({ ...network, deployment })),
  );
}

export async function removeNetworks(
  db: Kysely<NetworksTables>,
  deployment: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await db
    .deleteFrom('networks.search')
    .where('deployment', '=', deployment)
    .where('network_id', 'in', [...ids])
    .execute();
}

/** Renews the entries of networks whose profile has changed, in every deployment that has them. */
export async function indexNetworks(db: Kysely<NetworksTables>, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await lockEntries(db, ids);
  const rows = await db
    .selectFrom('networks.search')
    .select(['deployment', 'network_id', 'name', 'is_public'])
    .where('network_id', 'in', [...ids])
    .forUpdate()
    .execute();
  await write(
    db,
    rows.map((row) => ({
      deployment: row.deployment,
      id: row.network_id,
      name: row.name,
      isPublic: row.is_public,
    })),
  );
}

/** Locks that share the networks among them: a page of a thousand takes no more than these. */
const LOCKS = 64;

/**
 * Until the transaction ends, nobody else makes the entries of these networks. An entry is made of a network and its profile; who writes
 * one of the two while another transaction makes the entry of the other would leave an entry that has only half.
 */
async function lockEntries(db: Kysely<NetworksTables>, ids: readonly string[]): Promise<void> {
  // In one order, so that two that lock several do not wait for each other.
  await sql`
    select pg_advisory_xact_lock(hashtext('networks.search'), place) from (
      select distinct mod(hashtext(id) & 2147483647, ${LOCKS}::int) as place from unnest(${[...ids]}::text[]) id order by place
    ) places`.execute(db);
}

async function write(db: Kysely<NetworksTables>, networks: readonly Row[]): Promise<void> {
  if (networks.length === 0) return;
  const profiles = new Map(
    (
      await db
        .selectFrom('networks.profiles')
        .select(['network', 'description', 'tags'])
        .where(
          'network',
          'in',
          networks.map((network) => network.id),
        )
        .where('environment', '=', '')
        .execute()
    ).map((row) => [row.network, row]),
  );
  const rows = networks.map((network) => {
    const profile = profiles.get(network.id);
    const tags = profile?.tags ?? [];
    return {
      deployment: network.deployment,
      network_id: network.id,
      token_id: network.id,
      name: network.name,
      folded_name: fold(network.name).trim(),
      is_public: network.isPublic,
      tags,
      document: toTsvector({ name: network.name, tags, description: profile?.description ?? null }),
    };
  });
  await sql`
    with item as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as item (
        deployment text, network_id text, token_id numeric, name text, folded_name text, is_public boolean,
        tags text[], document text)
    ), entry as (
      insert into networks.search as s
        (deployment, network_id, token_id, name, folded_name, is_public, tags, document)
      select deployment, network_id, token_id, name, folded_name, is_public, tags, document::tsvector from item
      on conflict (deployment, network_id) do update set
        name = excluded.name, folded_name = excluded.folded_name, is_public = excluded.is_public,
        tags = excluded.tags, document = excluded.document
      where (s.name, s.is_public, s.tags, s.document)
        is distinct from (excluded.name, excluded.is_public, excluded.tags, excluded.document)
    )
    insert into networks.words (word)
    select distinct word from item, unnest(tsvector_to_array(document::tsvector)) word order by word
    on conflict do nothing`.execute(db);
}
