// The PostgreSQL that all rivals share, each with a database of its own, laid out as graph-node demands it.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres } from '#node/platform/postgres/embedded-postgres.ts';

export class RaceDatabase {
  readonly folder = mkdtempSync(join(tmpdir(), 'aios-bench-index-'));
  readonly #server: EmbeddedPostgres;

  constructor() {
    // PostgreSQL may have to run as another user, who must be able to enter.
    chmodSync(this.folder, 0o755);
    this.#server = new EmbeddedPostgres({ dataDir: this.folder, durable: true, sharedBuffersMb: 512 });
  }

  get pid(): number {
    return this.#server.pid ?? 0;
  }

  /** Of the server, with a password: for whoever makes a database of his own. */
  get url(): string {
    return this.#server.url;
  }

  /** Starts it twice: graph-node wants a library that is only loaded at start. */
  async start(): Promise<void> {
    await this.#server.start();
    await this.#query("alter system set shared_preload_libraries = 'pg_stat_statements'");
    await this.#server.stop();
    await this.#server.start();
  }

  /** A new database; its URL. */
  async create(name: string): Promise<string> {
    await this.#query(
      `create database ${name} template template0 encoding 'UTF8' locale_provider libc lc_collate 'C' lc_ctype 'C'`,
    );
    const url = new URL(this.#server.url);
    url.pathname = `/${name}`;
    return url.href;
  }

  /** What cost most in a database, for whoever wants to know why. */
  async statements(url: string, count: number): Promise<string[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('create extension if not exists pg_stat_statements');
    const { rows } = await client.query<{ ms: string; calls: string; query: string }>(
      `select round(total_exec_time::numeric) as ms, calls, regexp_replace(left(query, 150), '\\s+', ' ', 'g') as query
       from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database())
       order by total_exec_time desc limit $1`,
      [count],
    );
    await client.end();
    return rows.map(({ ms, calls, query }) => `${ms.padStart(7)} ms ${calls.padStart(6)} × ${query}`);
  }

  async #query(text: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.#server.url });
    await client.connect();
    await client.query(text).finally(() => client.end());
  }

  async close(): Promise<void> {
    await this.#server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
