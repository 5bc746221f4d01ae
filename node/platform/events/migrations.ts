// Tables of the platform itself: event streams and the change feed.
import { sql } from 'kysely';
import type { Migrations } from '../postgres/migrate.ts';

export const platformMigrations: Migrations = {
  '001-events': {
    async up(db) {
      await sql`create table platform.stream_heads (stream text primary key, head bigint not null)`.execute(
        db,
      );
      await sql`create table platform.events (
        stream text not null,
        seq bigint not null,
        at timestamptz not null default clock_timestamp(),
        payload jsonb not null,
        primary key (stream, seq)
      )`.execute(db);
    },
  },
  '002-change-feed': {
    async up(db) {
      await sql`create table platform.change_heads (deployment text primary key, head bigint not null)`.execute(
        db,
      );
      await sql`create table platform.entity_changes (
        deployment text not null,
        seq bigint not null,
        block_number integer not null,
        block_hash bytea not null,
        entity text not null,
        entity_id text not null,
        before jsonb,
        after jsonb,
        reverted boolean not null default false,
        primary key (deployment, seq)
      )`.execute(db);
      await sql`create index entity_changes_by_entity on platform.entity_changes (deployment, entity, seq)`.execute(
        db,
      );
    },
  },
};
