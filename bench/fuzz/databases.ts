// Databases on a PostgreSQL server of the fuzzer's own, one for each indexer.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { platformMigrations } from '#node/platform/events/migrations.ts';
import { createPool, prepareDatabase } from '#node/platform/postgres/database.ts';
import { EmbeddedPostgres } from '#node/platform/postgres/embedded-postgres.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import type { FuzzDatabase } from './reorg-seed.ts';

/** A database of this server with the platform's tables. */
export async function createFuzzDatabase(serverUrl: string, name: string): Promise<FuzzDatabase> {
  const onServer = async (statement: string) => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await onServer(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const pool = createPool({ url: url.href, name: 'fuzz' });
  await prepareDatabase(pool);
  await migrate(pool, 'platform', platformMigrations);
  return {
    url: url.href,
    pool,
    close: async () => {
      await pool.end();
      await onServer(`drop database if exists ${name} with (force)`);
    },
  };
}

/** A server for as long as `work` takes. `durable` as the product runs it. */
export async function withServer<T>(
  durable: boolean,
  work: (server: EmbeddedPostgres, dataDir: string) => Promise<T>,
): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'aios-fuzz-postgres-'));
  chmodSync(dataDir, 0o755);
  const server = new EmbeddedPostgres({ dataDir, durable });
  await server.start();
  try {
    return await work(server, dataDir);
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
