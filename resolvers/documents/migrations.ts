// The table of documents. A row never changes: its key is the hash of its content.
import { sql } from 'kysely';
import type { Migrations } from '#node/platform/postgres/migrate.ts';

export const documentsSchema = 'documents';

export const documentsMigrations: Migrations = {
  '001-documents': {
    async up(db) {
      await sql`create table documents.documents (
        cid text primary key,
        -- Exactly the bytes that were hashed.
        content bytea not null,
        size integer not null generated always as (octet_length(content)) stored check (size <= 65536),
        -- What lists show, taken out once, so that a list of agents does not read whole documents. json and not jsonb: jsonb
        -- refuses some of the characters that JSON allows.
        metadata json not null,
        published_at timestamptz not null default now(),
        -- DID of the viewer who published it first; null for documents that came with the product.
        published_by text
      )`.execute(db);
    },
  },
};
