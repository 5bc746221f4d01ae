// A PostgreSQL of our own: made on first start, run as a child process, stopped with us, and taken over from a killed run.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { AiosError, messageOf } from '../errors.ts';
import { identityOf, isAlive } from '../lifecycle/process-identity.ts';
import type { Service, ServiceHealth } from '../lifecycle/service-group.ts';
import { freePort } from '../ports.ts';
import { findBinaries, reachableByOthers, runsAsRoot, unprivileged } from './binaries.ts';

export interface EmbeddedPostgresOptions {
  /** Folder for the cluster (`postgres/`), its credentials (`postgres.json`) and its log. */
  readonly dataDir: string;
  /** False only for throw-away clusters of tests: commits are then not flushed to disk. */
  readonly durable?: boolean;
  readonly sharedBuffersMb?: number;
  readonly maxConnections?: number;
}

interface Credentials {
  readonly password: string;
}

const startTimeoutMs = 60_000;
const stopTimeoutMs = 10_000;
const database = 'aios';
const user = 'aios';

/** The embedded database server. `url` is valid after `start`. */
export class EmbeddedPostgres implements Service {
  readonly name = 'PostgreSQL';
  readonly #options: EmbeddedPostgresOptions;
  #child: ChildProcess | undefined;
  #url: string | undefined;
  #exit: { code: number | null; signal: string | null } | undefined;
  #stopping = false;
  #onExit: ((reason: string) => void) | undefined;

  constructor(options: EmbeddedPostgresOptions) {
    this.#options = options;
  }

  /** Connection URL, password included: never log it. */
  get url(): string {
    if (!this.#url)
      throw new AiosError('POSTGRES_NOT_STARTED', 'The embedded PostgreSQL has not been started');
    return this.#url;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Called when the server ends without having been asked to. */
  set onUnexpectedExit(listener: (reason: string) => void) {
    this.#onExit = listener;
  }

  async start(report: (message: string) => void = () => {}): Promise<void> {
    const { dataDir } = this.#options;
    mkdirSync(dataDir, { recursive: true });
    const cluster = this.#clusterFolder();
    const binaries = findBinaries();
    await endOrphan(cluster);
    if (!existsSync(join(cluster, 'PG_VERSION'))) {
      report('creating the database cluster');
      this.#initialise(binaries.initdb, cluster);
    }
    const credentials = this.#credentials();
    await this.#launch(binaries.postgres, cluster, credentials);
    const major = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
    report(`version ${major}`);
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || this.#exit) return;
    this.#stopping = true;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    // SIGINT is PostgreSQL's fast shutdown: it rolls back what is open and closes connections.
    child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGQUIT'), stopTimeoutMs);
    await ended;
    clearTimeout(timer);
  }

  health(): ServiceHealth {
    return this.#exit
      ? { status: 'failed', details: { exit: this.#exit } }
      : { status: 'ok', details: { pid: this.pid } };
  }

  /** A root user's data folder may be closed to the account PostgreSQL must run as; the cluster then lives under /var/lib. */
  #clusterFolder(): string {
    const own = join(this.#options.dataDir, 'postgres');
    if (!runsAsRoot || reachableByOthers(dirname(own))) return own;
    const name = createHash('sha256').update(own).digest('hex').slice(0, 16);
    const elsewhere = join('/var/lib/aios-studio', name, 'postgres');
    mkdirSync(dirname(elsewhere), { recursive: true, mode: 0o755 });
    // `--fresh` removes the pointer with the rest of the data folder; the cluster it pointed to goes with it.
    const pointer = join(this.#options.dataDir, 'postgres.json');
    if (!existsSync(pointer)) rmSync(elsewhere, { recursive: true, force: true });
    return elsewhere;
  }

  #credentials(): Credentials {
    const file = join(this.#options.dataDir, 'postgres.json');
    try {
      const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
      if (
        typeof value === 'object' &&
        value !== null &&
        'password' in value &&
        typeof value.password === 'string'
      )
        return { password: value.password };
      throw new Error('it holds no password');
    } catch (error) {
      throw new AiosError(
        'DATA_FOLDER_CORRUPT',
        `${file} cannot be used: ${messageOf(error)}. Restore it from a backup, or start over with --fresh (chain data is indexed again).`,
      );
    }
  }

  #initialise(initdb: string, cluster: string): void {
    const file = join(this.#options.dataDir, 'postgres.json');
    const password = randomBytes(24).toString('base64url');
    // A run killed while it makes the cluster leaves only the partial folder, which the next run replaces.
    const partial = `${cluster}.new`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { mode: 0o700 });
    const passwordFile = join(partial, '..', 'postgres.pw');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (runsAsRoot) {
      chownSync(partial, unprivileged.uid, unprivileged.gid);
      chownSync(passwordFile, unprivileged.uid, unprivileged.gid);
    }
    const result = spawnSync(
      initdb,
      [
        '-D',
        partial,
        '-U',
        user,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
        '--no-sync',
      ],
      {
        encoding: 'utf8',
        cwd: '/',
        env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
        ...(runsAsRoot ? unprivileged : {}),
      },
    );
    rmSync(passwordFile, { force: true });
    if (result.status !== 0) {
      rmSync(partial, { recursive: true, force: true });
      throw new AiosError(
        'POSTGRES_INIT_FAILED',
        `The database cluster could not be created in ${cluster}: ${(result.stderr || result.error?.message || '').trim()}`,
      );
    }
    writeFileSync(file, JSON.stringify({ password }), { mode: 0o600 });
    renameSync(partial, cluster);
  }

  async #launch(postgres: string, cluster: string, credentials: Credentials): Promise<void> {
    const logFile = join(this.#options.dataDir, 'logs', 'postgres.log');
    mkdirSync(dirname(logFile), { recursive: true });
    const orphansEnd = Date.now() + startTimeoutMs;
    for (let attempt = 1; ; attempt++) {
      const port = await freePort();
      const log = openSync(logFile, 'a');
      const child = spawn(postgres, this.#arguments(cluster, port), {
        cwd: '/',
        stdio: ['ignore', log, log],
        env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
        // A Ctrl-C on the terminal must reach us alone: we stop the server, after those who use it.
        detached: true,
        ...(runsAsRoot ? unprivileged : {}),
      });
      this.#exit = undefined;
      this.#child = child;
      child.once('error', (error) => {
        this.#exit = { code: null, signal: error.message };
      });
      child.once('exit', (code, signal) => {
        this.#exit = { code, signal };
        if (!this.#stopping && this.#url)
          this.#onExit?.(
            `PostgreSQL ended by itself (${signal ?? `exit code ${code}`}); its log is ${logFile}`,
          );
      });
      const url = `postgresql://${user}:${encodeURIComponent(credentials.password)}@127.0.0.1:${port}`;
      const outcome = await this.#awaitReady(`${url}/postgres`);
      if (outcome === 'ready') {
        await ensureDatabase(`${url}/postgres`);
        this.#url = `${url}/${database}`;
        return;
      }
      // The port may have been taken between looking and listening: try others before giving up.
      const tail = tailOf(logFile);
      // A server killed with SIGKILL leaves its backends to end what they are at; until they have, its memory is theirs. And until the
      // system has taken it away, it counts as running.
      const leftBehind = /pre-existing shared memory block|lock file "postmaster.pid" already exists/;
      if (leftBehind.test(tail) && Date.now() < orphansEnd) {
        attempt = 0;
        await delay(100);
        continue;
      }
      if (attempt < 3 && /could not bind|Address already in use/.test(tail)) continue;
      await this.stop();
      throw new AiosError(
        'POSTGRES_START_FAILED',
        `PostgreSQL did not start on ${cluster}${outcome ? ` (${outcome})` : ''}. The end of ${logFile}:\n${tail}\nIf the data folder is damaged, restore it from a backup or start over with --fresh.`,
      );
    }
  }

  #arguments(cluster: string, port: number): string[] {
    const { durable = true, sharedBuffersMb = 256, maxConnections = 100 } = this.#options;
    const settings: Record<string, string | number> = {
      listen_addresses: '127.0.0.1',
      port,
      unix_socket_directories: '',
      shared_buffers: `${sharedBuffersMb}MB`,
      max_connections: maxConnections,
      max_wal_size: '4GB',
      work_mem: '16MB',
      maintenance_work_mem: '128MB',
      random_page_cost: 1.1,
      jit: 'off',
      timezone: 'UTC',
      log_timezone: 'UTC',
      ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    };
    return ['-D', cluster, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])];
  }

  async #awaitReady(url: string): Promise<string | 'ready'> {
    const deadline = Date.now() + startTimeoutMs;
    while (Date.now() < deadline) {
      if (this.#exit) return `exit code ${this.#exit.code ?? this.#exit.signal}`;
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
      client.on('error', () => {});
      try {
        await client.connect();
        // Our own child may have lost the port to another server: only its answer counts.
        const { rows } = await client.query<{ own: boolean }>('select pg_backend_pid() > 0 as own');
        if (rows[0]?.own && !this.#exit) return 'ready';
      } catch (error) {
        if ((error as { code?: string }).code === '28P01')
          return 'the password was refused: postgres.json does not belong to this cluster';
      } finally {
        await client.end().catch(() => {});
      }
      await delay(30);
    }
    return `not ready after ${startTimeoutMs / 1000} s`;
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${database}`);
  } finally {
    await client.end();
  }
}

/** A run killed with SIGKILL leaves its server behind; it holds the cluster and must end before a new one starts. */
async function endOrphan(cluster: string): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  let pid: number;
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    pid = Number(lines[0]);
    if (!Number.isInteger(pid) || pid <= 1 || lines[1] !== cluster) return;
  } catch {
    return;
  }
  const orphan = identityOf(pid);
  if (!isAlive(orphan) || !isPostgres(pid)) return;
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + stopTimeoutMs;
  while (isAlive(orphan)) {
    if (Date.now() > deadline) process.kill(pid, 'SIGQUIT');
    if (Date.now() > deadline + stopTimeoutMs) {
      throw new AiosError(
        'POSTGRES_BUSY',
        `A PostgreSQL of an earlier run (process ${pid}) still uses ${cluster} and does not end. End it, then start again.`,
      );
    }
    await delay(25);
  }
}

function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return process.platform !== 'linux';
  }
}

function tailOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
  } catch {
    return '(no log)';
  }
}
