// Migrations: each service owns one PostgreSQL schema and its own list; whoever comes first applies them, under a lock.
import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import type pg from 'pg';
import { AiosError, messageOf } from '../errors.ts';
import { createKysely } from './database.ts';

/** Migrations by name; names sort in the order of application, such as `001-accounts`. */
export type Migrations = Readonly<Record<string, Migration>>;

/** Any number serves, as long as every process of the product uses the same. */
const lockKey = 4_159_265_358n;

/**
 * Brings `schema` up to date. Safe to call from many processes at once.
 * @throws AiosError MIGRATION_FAILED naming the schema and the migration; nothing of a failed one stays.
 */
export async function migrate(pool: pg.Pool, schema: string, migrations: Migrations): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    const db = createKysely<unknown>(pool);
    await sql`create schema if not exists ${sql.id(schema)}`.execute(db);
    const migrator = new Migrator({
      db: db.withSchema(schema) as Kysely<unknown>,
      provider: { getMigrations: async () => ({ ...migrations }) },
      migrationTableSchema: schema,
    });
    const { error, results } = await migrator.migrateToLatest();
    if (error) {
      const failed = results?.find((result) => result.status === 'Error')?.migrationName;
      throw new AiosError(
        'MIGRATION_FAILED',
        `Migration ${failed ?? '(unknown)'} of schema ${schema} failed: ${messageOf(error)}. The schema is as before; report this with the log.`,
        { cause: error },
      );
    }
  } finally {
    await client.query('select pg_advisory_unlock($1)', [lockKey]).catch(() => {});
    client.release();
  }
}
