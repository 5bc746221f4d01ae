// The product under measurement: its own PostgreSQL, and one process of it with the roles gateway and services.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { packageRoot } from '#node/platform/package-root.ts';
import { freePort } from '#node/platform/ports.ts';
import { EmbeddedPostgres } from '#node/platform/postgres/embedded-postgres.ts';
import { cpuMsOf, cpuMsOfAll } from './process-cpu.ts';

/** A database of its own in a folder of its own, removed by `close`. */
export class BenchDatabase {
  readonly folder = mkdtempSync(join(tmpdir(), 'aios-bench-query-'));
  readonly #server: EmbeddedPostgres;

  constructor() {
    // PostgreSQL may have to run as another user, who must be able to enter.
    chmodSync(this.folder, 0o755);
    this.#server = new EmbeddedPostgres({ dataDir: this.folder, durable: false });
  }

  start(): Promise<void> {
    return this.#server.start();
  }

  get url(): string {
    return this.#server.url;
  }

  async close(): Promise<void> {
    await this.#server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface CpuTime {
  /** Milliseconds of the product's process. */
  readonly node: number;
  /** Milliseconds of the PostgreSQL backends that serve it. */
  readonly postgres: number;
}

export const since = (before: CpuTime, after: CpuTime): CpuTime => ({
  node: after.node - before.node,
  postgres: after.postgres - before.postgres,
});

/** The backends of one application, by the name it gave when it connected. */
export async function backendsOf(pool: pg.Pool, application: string): Promise<number[]> {
  const { rows } = await pool.query<{ pid: number }>(
    'select pid from pg_stat_activity where application_name like $1',
    [application],
  );
  return rows.map(({ pid }) => pid);
}

/** Node's own options in `npm start`: what is measured is what people run. */
function startOptions(): string[] {
  const { scripts } = createRequire(import.meta.url)(join(packageRoot, 'package.json')) as {
    scripts: { start: string };
  };
  const words = scripts.start.split(' ');
  return words.slice(1, words.indexOf('dist/bin/aios.mjs'));
}

export class Product {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #pool: pg.Pool;

  private constructor(child: ChildProcess, port: number, pool: pg.Pool) {
    this.#child = child;
    this.port = port;
    this.#pool = pool;
  }

  /** Starts it and waits until it says that it is ready. `profileFolder` receives a .cpuprofile when it ends. */
  static async start(options: {
    readonly database: BenchDatabase;
    readonly pool: pg.Pool;
    readonly profileFolder?: string;
  }): Promise<Product> {
    const entry = join(packageRoot, 'dist/bin/aios.mjs');
    if (!existsSync(entry)) throw new Error(`${entry} is missing: run npm run prepare first`);
    const port = await freePort();
    const { database, pool, profileFolder } = options;
    const child = spawn(
      process.execPath,
      [
        ...startOptions(),
        ...(profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`] : []),
        entry,
        ...['start', '--role', 'gateway,services', '--no-demo', '--log', 'warn', '--log-stdout'],
        ...['--port', String(port), '--data', join(database.folder, 'product')],
      ],
      {
        // Limits that stop one client from doing what this one is for.
        env: { ...process.env, DATABASE_URL: database.url, AIOS_RATE_PER_MINUTE: '0' },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let said = '';
    await new Promise<void>((resolve, reject) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        said += chunk;
        if (said.includes('ready in')) resolve();
      });
      child.once('exit', (code) => reject(new Error(`the product ended with ${code}:\n${said}`)));
    });
    return new Product(child, port, pool);
  }

  /** CPU time so far. */
  async cpu(): Promise<CpuTime> {
    const backends = [
      ...(await backendsOf(this.#pool, 'aios gateway%')),
      ...(await backendsOf(this.#pool, 'aios listen')),
    ];
    return { node: cpuMsOf(this.#child.pid ?? 0), postgres: cpuMsOfAll(backends) };
  }

  /** Asks one operation. @throws Error when the answer has errors */
  async ask(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const answer = (await response.json()) as { data?: unknown; errors?: unknown };
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    return answer.data;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.kill('SIGTERM');
    await ended;
  }
}
