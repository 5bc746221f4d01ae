// What actions keep: the seed from which every account's own devnet address comes.
import { sql } from 'kysely';
import type { Migrations } from '#node/platform/postgres/migrate.ts';

export const actionsSchema = 'actions';

export const actionsMigrations: Migrations = {
  '001-devnet-seed': {
    async up(db) {
      // One row. It guards devnet money only, but a seed that all know would let anybody act as anybody.
      await sql`create table actions.devnet_seed (
        singleton boolean primary key default true check (singleton),
        seed bytea not null
      )`.execute(db);
    },
  },
};
