// Connections to PostgreSQL: one pool a purpose, Kysely over it for service tables, plain pg where the indexer needs it.
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { AiosError, messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';

export interface PoolOptions {
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  readonly max?: number;
  readonly logger?: Logger;
  /** Milliseconds after which a statement is ended; 0 for none. */
  readonly statementTimeoutMs?: number;
  /** Statements that do not wait for each other are sent at once, and answered in order. Such a connection has no COPY and no cursors. */
  readonly pipeline?: boolean;
  /** Settings of every connection, by name; names and values are plain words. */
  readonly settings?: Readonly<Record<string, string>>;
}

export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: `aios ${options.name}`,
    // A prepared statement is planned for its values. PostgreSQL would turn to a plan for any values once that looks no
    // dearer, and it guesses badly how many versions of entities are valid at a block: 3 ms of sorting instead of 0.1.
    options: Object.entries({ plan_cache_mode: 'force_custom_plan', ...options.settings })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    max: options.max ?? 10,
    connectionTimeoutMillis: 10_000,
    statement_timeout: options.statementTimeoutMs || undefined,
    allowExitOnIdle: false,
    pipeline: options.pipeline ?? false,
  });
  // An idle connection that breaks (server restart) is replaced by the pool at the next use.
  pool.on('error', (error) =>
    options.logger?.warn({ pool: options.name, error: error.message }, 'an idle database connection broke'),
  );
  // One that breaks while it is lent out, between two statements of a transaction, tells only its own listeners, and an error
  // without any would end the process. The next statement fails, which is where it is dealt with.
  pool.on('connect', (client) =>
    client.on('error', (error) =>
      options.logger?.warn({ pool: options.name, error: error.message }, 'a database connection broke'),
    ),
  );
  return pool;
}

export function createKysely<Database>(pool: pg.Pool): Kysely<Database> {
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

/** Extensions that the product needs, with what each serves. */
const extensions: readonly (readonly [name: string, purpose: string])[] = [
  ['btree_gist', 'versioned entity tables'],
  ['pg_trgm', 'typo-tolerant search'],
];

const oldestServer = 150_000;

/**
 * Checks the server's version and makes the extensions exist.
 * @throws AiosError DATABASE_UNREACHABLE, DATABASE_TOO_OLD or EXTENSION_MISSING, each naming the fix.
 */
export async function prepareDatabase(pool: pg.Pool): Promise<void> {
  let version: number;
  try {
    const { rows } = await pool.query<{ version: string }>(
      `select current_setting('server_version_num') as version`,
    );
    version = Number(rows[0]?.version);
  } catch (error) {
    throw new AiosError(
      'DATABASE_UNREACHABLE',
      `The database could not be reached: ${messageOf(error)}. Check DATABASE_URL, or leave it out to use the embedded PostgreSQL.`,
      { cause: error },
    );
  }
  if (version < oldestServer) {
    throw new AiosError(
      'DATABASE_TOO_OLD',
      `The database is PostgreSQL ${Math.floor(version / 10_000)}; 15 or newer is needed.`,
    );
  }
  for (const [name, purpose] of extensions) {
    try {
      await pool.query(`create extension if not exists ${name}`);
    } catch (error) {
      if ((error as { code?: string }).code === '23505') continue;
      throw new AiosError(
        'EXTENSION_MISSING',
        `The database lacks the extension ${name} (${purpose}): ${messageOf(error)}. Let an administrator run: create extension ${name};`,
        { cause: error },
      );
    }
  }
}
