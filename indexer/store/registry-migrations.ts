// The tables of the schema `indexer`: which deployments exist, how far each one is, and what it needs to go on from there.
import { sql } from 'kysely';
import type { Migrations } from '#node/platform/postgres/migrate.ts';

/** Schema that holds the registry; entities live in one schema `sgdN` a deployment. */
export const REGISTRY_SCHEMA = 'indexer';

export const registryMigrations: Migrations = {
  '001-registry': {
    async up(db) {
      await sql`
        create table indexer.deployments (
          id text collate "C" primary key,
          sgd int generated always as identity unique,
          chain text not null,
          manifest text not null,
          schema text not null,
          feed boolean not null,
          status text not null default 'syncing' check (status in ('syncing', 'synced', 'failed', 'paused')),
          failure jsonb,
          head_number int,
          head_hash text,
          head_timestamp bigint,
          synced_at timestamptz,
          indexed_at timestamptz,
          lease_owner text,
          lease_until timestamptz,
          fence bigint not null default 0,
          created_at timestamptz not null default now(),
          check ((head_number is null) = (head_hash is null))
        )`.execute(db);
      await sql`
        create table indexer.names (
          name text collate "C" primary key,
          current text collate "C" references indexer.deployments on delete set null,
          pending text collate "C" references indexer.deployments on delete set null,
          updated_at timestamptz not null default now()
        )`.execute(db);
      await sql`
        create table indexer.data_sources (
          deployment text collate "C" not null references indexer.deployments on delete cascade,
          position int not null,
          template text not null,
          address text not null,
          context jsonb,
          created_block int not null,
          primary key (deployment, position)
        )`.execute(db);
      // The chain as the deployment has seen it, as far back as a reorganisation may reach.
      await sql`
        create table indexer.blocks (
          deployment text collate "C" not null references indexer.deployments on delete cascade,
          number int not null,
          hash text not null,
          parent_hash text not null,
          timestamp bigint not null,
          primary key (deployment, number)
        )`.execute(db);
      await sql`create index blocks_hash on indexer.blocks (deployment, hash)`.execute(db);
    },
  },
  '002-assignments': {
    async up(db) {
      // Which deployments are to be indexed, and from where; every indexer process of this database follows it.
      await sql`
        create table indexer.assignments (
          deployment text collate "C" primary key references indexer.deployments on delete cascade,
          source jsonb not null,
          overrides jsonb not null,
          assigned_at timestamptz not null default now()
        )`.execute(db);
      // The build as deployed, so that any process can index it without the folder it came from.
      await sql`
        create table indexer.deployment_files (
          deployment text collate "C" not null references indexer.deployments on delete cascade,
          path text not null,
          content bytea not null,
          primary key (deployment, path)
        )`.execute(db);
    },
  },
  '010-life': {
    async up(db) {
      // The first block that queries may read, and the first in which something went wrong: both are asked with every query.
      await sql`alter table indexer.deployments
        add column earliest_block int not null default 0,
        add column first_error_block int`.execute(db);
      // Handlers that failed in blocks that were kept all the same (`nonFatalErrors`).
      await sql`
        create table indexer.errors (
          deployment text collate "C" not null references indexer.deployments on delete cascade,
          id bigint generated always as identity,
          message text not null,
          handler text not null,
          block_number int not null,
          block_hash text not null,
          primary key (deployment, id)
        )`.execute(db);
      await sql`create index errors_block on indexer.errors (deployment, block_number)`.execute(db);
      // Deployments that begin with the history of another one, and how much of it has been copied.
      await sql`
        create table indexer.grafts (
          deployment text collate "C" primary key references indexer.deployments on delete cascade,
          base text collate "C" not null,
          block int not null,
          copied_at timestamptz
        )`.execute(db);
      await sql`
        create table indexer.graft_tables (
          deployment text collate "C" not null references indexer.grafts on delete cascade,
          entity text not null,
          next_vid bigint not null,
          end_vid bigint not null,
          rows bigint not null default 0,
          primary key (deployment, entity)
        )`.execute(db);
      // Indexer processes that are alive, so that deployments can be spread over them.
      await sql`
        create table indexer.nodes (
          owner text primary key,
          seen_at timestamptz not null
        )`.execute(db);
    },
  },
  '011-life-start': {
    async up(db) {
      // Where the earliest block goes back to when a deployment starts over.
      await sql`alter table indexer.deployments add column start_block int not null default 0`.execute(db);
    },
  },
  '011-proof': {
    async up(db) {
      // Which hash the proof of indexing is made with; deployments from before have none, as their history was not hashed.
      await sql`alter table indexer.deployments add column proof text check (proof in ('fast', 'legacy'))`.execute(
        db,
      );
    },
  },
  '020-federate': {
    async up(db) {
      // Which deployments stand in the supergraph, under which alias; the prefix is what must not be taken twice.
      await sql`
        create table indexer.aliases (
          alias text collate "C" primary key,
          prefix text collate "C" not null unique,
          name text collate "C" not null references indexer.names on delete cascade,
          problem text,
          created_at timestamptz not null default now()
        )`.execute(db);
    },
  },
  '021-files': {
    async up(db) {
      // Entity types that handlers of files may write: their tables have a column for the causality region.
      await sql`alter table indexer.deployments add column file_entities text[] not null default '{}'`.execute(
        db,
      );
      // A file data source has a region of its own, and is done once its handler ran; `error` says why that went wrong.
      await sql`alter table indexer.data_sources
        add column causality_region int not null default 0,
        add column done_at int,
        add column error text`.execute(db);
      await sql`create unique index data_sources_region on indexer.data_sources (deployment, causality_region)
        where causality_region > 0`.execute(db);
      // Blocks of files by multihash, whichever identifier names them. Their content always hashes to it.
      await sql`
        create table indexer.ipfs_blocks (
          multihash bytea primary key,
          content bytea not null,
          added_at timestamptz not null default now()
        )`.execute(db);
      await sql`alter table indexer.ipfs_blocks alter column content set storage external`.execute(db);
      // Which deployments read the entities of which: a source stays as long as somebody reads it.
      await sql`
        create table indexer.deployment_sources (
          deployment text collate "C" not null references indexer.deployments on delete cascade,
          source text collate "C" not null references indexer.deployments on delete restrict,
          primary key (deployment, source)
        )`.execute(db);
      await sql`create index deployment_sources_source on indexer.deployment_sources (source)`.execute(db);
    },
  },
  '030-chain-cache': {
    async up(db) {
      // Answers of chains that every deployment can use. Unlogged: they can be asked for again.
      await sql`
        create unlogged table indexer.cached_filters (
          id int generated always as identity primary key,
          chain text not null,
          digest bytea not null,
          filter jsonb not null,
          unique (chain, digest)
        )`.execute(db);
      await sql`
        create unlogged table indexer.cached_pieces (
          filter int not null references indexer.cached_filters on delete cascade,
          first_block int not null,
          first_parent text not null,
          last_block int not null,
          last_hash text not null,
          bytes int not null,
          content bytea not null,
          used_at timestamptz not null default now(),
          primary key (filter, first_block, last_block)
        )`.execute(db);
      // It is compressed already.
      await sql`alter table indexer.cached_pieces alter column content set storage external`.execute(db);
      await sql`
        create unlogged table indexer.cached_calls (
          key bytea primary key,
          answer bytea,
          kept_at timestamptz not null default now()
        )`.execute(db);
    },
  },
  '040-log-lines': {
    async up(db) {
      // What mappings log. Positions count without gaps, so that the number of lines is the difference of the first and the last.
      // No reference to deployments: checking it costs as much as a line does.
      await sql`
        create table indexer.log_lines (
          deployment text collate "C" not null,
          position bigint not null,
          block_number int not null,
          block_hash text not null,
          place int not null,
          level text collate "C" not null check (level in ('critical', 'error', 'warning', 'info', 'debug')),
          text text not null,
          handler text not null,
          data_source text not null,
          logged_at timestamptz not null,
          primary key (deployment, position)
        )`.execute(db);
    },
  },
};
