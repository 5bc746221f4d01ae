// Tables of networks: off-chain profiles (protected per network), and the search index, a projection of the change feed.
import { sql } from 'kysely';
import type { Migrations } from '#node/platform/postgres/migrate.ts';
import { protectTenantTable } from '#node/platform/postgres/tenant.ts';

export const networksSchema = 'networks';

export const networksMigrations: Migrations = {
  '001-profiles': {
    async up(db) {
      await sql`create table networks.profiles (
        network text not null,
        environment text not null default '',
        description text,
        site text,
        tags text[] not null default '{}',
        logo_cid text,
        updated_at timestamptz not null,
        -- DID of the viewer who wrote it last.
        updated_by text not null,
        primary key (network, environment)
      )`.execute(db);
      await protectTenantTable(db, networksSchema, 'profiles');
    },
  },
  '002-search': {
    async up(db) {
      // Which deployment stands behind the index, and how far its change feed has been applied.
      await sql`create table networks.projections (
        deployment text primary key,
        seq bigint not null,
        active boolean not null
      )`.execute(db);
      await sql`create unique index one_active_projection on networks.projections (active) where active`.execute(
        db,
      );
      await sql`create table networks.search (
        deployment text not null,
        network_id text not null,
        -- The id as a number, for ordering.
        token_id numeric not null,
        name text not null,
        folded_name text not null,
        is_public boolean not null,
        tags text[] not null,
        document tsvector not null,
        primary key (deployment, network_id)
      )`.execute(db);
      await sql`create index search_by_document on networks.search using gin (document)`.execute(db);
      await sql`create index search_by_tags on networks.search using gin (tags)`.execute(db);
      await sql`create index search_by_token on networks.search (deployment, is_public, token_id desc)`.execute(
        db,
      );
      // Every word of any document, once: a misspelt word of a query is looked up here, so that the index itself is
      // searched exactly. Words that no document has any more do no harm.
      await sql`create table networks.words (word text primary key)`.execute(db);
      await sql`create index words_by_trigram on networks.words using gin (word gin_trgm_ops)`.execute(db);
      await sql`create index words_by_prefix on networks.words (word text_pattern_ops)`.execute(db);
      // How many networks have a tag (and, under the empty tag, how many there are): what a search without words shows.
      await sql`create table networks.facets (
        deployment text not null,
        is_public boolean not null,
        tag text not null,
        count bigint not null,
        primary key (deployment, is_public, tag)
      )`.execute(db);
      await sql`create function networks.count_facets() returns trigger language plpgsql as $$
      begin
        if tg_op <> 'INSERT' then
          update networks.facets set count = count - 1
           where deployment = old.deployment and is_public = old.is_public and tag = any (array_append(old.tags, ''));
        end if;
        if tg_op <> 'DELETE' then
          insert into networks.facets as f (deployment, is_public, tag, count)
          select new.deployment, new.is_public, tag, 1 from unnest(array_append(new.tags, '')) tag order by tag
          on conflict (deployment, is_public, tag) do update set count = f.count + 1;
        end if;
        return null;
      end $$`.execute(db);
      await sql`create trigger facets_follow_search after insert or update or delete on networks.search
        for each row execute function networks.count_facets()`.execute(db);
    },
  },
};
