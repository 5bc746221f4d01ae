// Tables of identity: accounts and their addresses, challenges, sessions, and the keys that sign access tokens.
import { sql } from 'kysely';
import type { Migrations } from '#node/platform/postgres/migrate.ts';

export const identitySchema = 'identity';

export const identityMigrations: Migrations = {
  '001-accounts': {
    async up(db) {
      await sql`create table identity.accounts (
        id text primary key,
        created_at timestamptz not null default now()
      )`.execute(db);
      await sql`create table identity.addresses (
        caip10 text primary key,
        account_id text not null references identity.accounts (id),
        -- 'proven' by a signature of the address, or 'devnet': a key that the embedded devnet keeps for the account.
        kind text not null check (kind in ('proven', 'devnet')),
        linked_at timestamptz not null default now()
      )`.execute(db);
      await sql`create index addresses_by_account on identity.addresses (account_id, linked_at)`.execute(db);
    },
  },
  '002-sessions': {
    async up(db) {
      await sql`create table identity.challenges (
        id text primary key,
        purpose text not null check (purpose in ('sign-in', 'link')),
        subject text not null,
        -- Who asked to link; null for sign-in.
        account_id text references identity.accounts (id),
        domain text not null,
        message text not null,
        ip text not null,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        used_at timestamptz
      )`.execute(db);
      await sql`create index challenges_by_ip on identity.challenges (ip, created_at)`.execute(db);
      await sql`create index challenges_by_expiry on identity.challenges (expires_at)`.execute(db);
      await sql`create table identity.sessions (
        id text primary key,
        account_id text not null references identity.accounts (id),
        scopes text[] not null,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        revoked_at timestamptz,
        revoked_reason text
      )`.execute(db);
      await sql`create index sessions_by_account on identity.sessions (account_id)`.execute(db);
      await sql`create table identity.refresh_tokens (
        -- SHA-256 of the token: a stolen table signs nobody in.
        hash bytea primary key,
        session_id text not null references identity.sessions (id),
        created_at timestamptz not null,
        used_at timestamptz
      )`.execute(db);
      await sql`create table identity.signing_keys (
        kid text primary key,
        public_jwk jsonb not null,
        private_jwk jsonb not null,
        created_at timestamptz not null
      )`.execute(db);
    },
  },
};
