// The product as its users run it: `aios` processes from the build, in folders of their own, looked at from outside only.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf, isAlive, type ProcessIdentity } from '#node/platform/lifecycle/process-identity.ts';
import { bundledEntry, packageRoot } from '#node/platform/package-root.ts';
import { freePort, portIsFree } from '#node/platform/ports.ts';

/** A start takes seconds; a machine that is busy with everything else may take this long. */
const readyTimeoutMs = 150_000;
/** What Ctrl-C may take, by the product's promise. */
const stopTimeoutMs = 20_000;

export type Part = 'node' | 'anvil' | 'postgres';

export interface ProductOptions {
  /** What follows `aios start`; the port and the data folder are added. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A folder of `temporaryFolder()`, to start over what an earlier run left. */
  readonly dataDir: string;
  /** Where aios.config.ts is looked for; default the package. */
  readonly cwd?: string;
  readonly port?: number;
}

const folders = new Set<string>();
const running = new Set<Product>();

/** A new empty folder that other accounts may enter, as PostgreSQL's does under root. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'aios-product-'));
  chmodSync(folder, 0o755);
  folders.add(folder);
  return folder;
}

/** Ends what tests left behind, by id, and removes their folders: for `afterAll`. */
export async function cleanUp(): Promise<void> {
  for (const product of running) await product.destroy();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  folders.clear();
}

/** Only what a command needs: settings of the machine that runs the tests must not reach it. */
const environment = (extra: Readonly<Record<string, string>> = {}) => ({
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '',
  ...extra,
});

/** Starts a process and waits until it says that it is ready. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const product = await launchProduct(options);
  await product.ready();
  return product;
}

/** Starts a process without waiting for anything. */
export async function launchProduct(options: ProductOptions): Promise<Product> {
  const port = options.port ?? (await freePort());
  return new Product(options, port);
}

export class Product {
  readonly dataDir: string;
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #seen = new Map<Part, ProcessIdentity>();
  readonly #watchers = new Set<() => void>();
  #output = '';
  #exit: { readonly code: number | null; readonly signal: NodeJS.Signals | null } | undefined;

  constructor(options: ProductOptions, port: number) {
    this.dataDir = options.dataDir;
    this.port = port;
    this.#child = spawn(
      process.execPath,
      [
        bundledEntry('bin/aios.mjs'),
        'start',
        ...['--port', String(port), '--data', options.dataDir],
        ...(options.args ?? []),
      ],
      { cwd: options.cwd ?? packageRoot, env: environment(options.env), stdio: ['ignore', 'pipe', 'pipe'] },
    );
    running.add(this);
    const read = (text: string) => {
      this.#output += text;
      this.#changed();
    };
    this.#child.stdout?.setEncoding('utf8').on('data', read);
    this.#child.stderr?.setEncoding('utf8').on('data', read);
    this.#child.once('exit', (code, signal) => {
      this.#exit = { code, signal };
      this.#changed();
    });
    if (this.#child.pid !== undefined) this.#seen.set('node', identityOf(this.#child.pid));
  }

  /** All that it printed so far, standard error included. */
  get output(): string {
    return this.#output;
  }

  /** How it ended, or undefined while it runs. */
  get exit() {
    return this.#exit;
  }

  /** Address of the process's HTTP server, as it announced it. */
  get url(): string {
    const url = /^ {2}(?:endpoint|services|operations) +(http:\/\/[^/\s]+)/m.exec(this.#output)?.[1];
    if (!url) throw new Error(`the product has not announced its address:\n${this.#output}`);
    return url;
  }

  /** Resolves when the output matches; rejects when the process ends first. */
  async printed(pattern: RegExp | string, timeoutMs = readyTimeoutMs): Promise<void> {
    const matches = () =>
      typeof pattern === 'string' ? this.#output.includes(pattern) : pattern.test(this.#output);
    await this.#until(
      () => matches() || this.#exit !== undefined,
      timeoutMs,
      `it did not print ${String(pattern)}`,
    );
    if (!matches())
      throw new Error(
        `the product ended (${describe(this.#exit)}) before it printed ${String(pattern)}:\n${this.#output}`,
      );
  }

  async ready(): Promise<void> {
    await this.printed('Ctrl-C stops everything');
    const response = await fetch(`${this.url}/ready`);
    if (!response.ok) throw new Error(`/ready answers ${response.status}: ${await response.text()}`);
    this.pids();
  }

  async ended(timeoutMs = stopTimeoutMs): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    await this.#until(() => this.#exit !== undefined, timeoutMs, 'it did not end');
    if (!this.#exit) throw new Error('unreachable');
    return this.#exit;
  }

  /** The processes of its tree that run now, as far as it has come. */
  pids(): Partial<Record<Part, number>> {
    this.#note('anvil', () => JSON.parse(readFileSync(join(this.dataDir, 'devnet/anvil.json'), 'utf8')).pid);
    this.#note('postgres', () =>
      Number(readFileSync(join(this.dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n', 1)[0]),
    );
    return Object.fromEntries(
      [...this.#seen].filter(([, identity]) => isAlive(identity)).map(([part, { pid }]) => [part, pid]),
    );
  }

  /** What it says of itself, for the message of a test that fails. */
  async report(): Promise<string> {
    const health = await fetch(`http://127.0.0.1:${this.port}/health`, {
      signal: AbortSignal.timeout(5_000),
    }).then(
      (response) => response.text(),
      (error: unknown) => String(error),
    );
    let log = '';
    try {
      log = readFileSync(join(this.dataDir, 'logs/aios.log'), 'utf8')
        .trimEnd()
        .split('\n')
        .slice(-30)
        .join('\n');
    } catch {
      // It logs to standard output, or has not begun.
    }
    return `${this.#output}\n${health}\n${log}`;
  }

  /** kill -9. True when there was something to kill. */
  kill(part: Part): boolean {
    const pid = this.pids()[part];
    if (pid === undefined) return false;
    process.kill(pid, 'SIGKILL');
    return true;
  }

  /** Ctrl-C. Fails unless everything has ended in time and the port is free again. */
  async stop(): Promise<void> {
    this.pids();
    this.#child.kill('SIGINT');
    const { code } = await this.ended();
    const left = Object.keys(this.pids());
    if (code !== 0 || left.length > 0 || !(await portIsFree(this.port)))
      throw new Error(
        `after Ctrl-C: exit code ${code}, left: ${left.join(', ') || 'the port'}\n${this.#output}`,
      );
    running.delete(this);
  }

  /** Ends the whole tree at once, whatever state it is in. */
  async destroy(): Promise<void> {
    for (const part of ['node', 'anvil', 'postgres'] as const) this.kill(part);
    await this.#until(() => this.#exit !== undefined, stopTimeoutMs, 'it survived SIGKILL');
    await eventually(() => Object.keys(this.pids()).length === 0, 'the tree survived SIGKILL', stopTimeoutMs);
    running.delete(this);
  }

  #note(part: Part, read: () => number): void {
    try {
      const pid = read();
      if (Number.isInteger(pid) && pid > 1) this.#seen.set(part, identityOf(pid));
    } catch {
      // Not started yet, ended already, or elsewhere.
    }
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  #until(condition: () => boolean, timeoutMs: number, otherwise: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: Error) => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        if (error) reject(error);
        else resolve();
      };
      const look = () => {
        if (condition()) settle();
      };
      const timer = setTimeout(
        () => settle(new Error(`${otherwise} within ${timeoutMs / 1000} s:\n${this.#output}`)),
        timeoutMs,
      );
      this.#watchers.add(look);
      look();
    });
  }
}

const describe = (exit: Product['exit']) => (exit ? (exit.signal ?? `exit code ${exit.code}`) : 'running');

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `aios ARGS` to its end. */
export function runAios(
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bundledEntry('bin/aios.mjs'), ...args], {
      cwd: options.cwd ?? packageRoot,
      env: environment(options.env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), readyTimeoutMs);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
  });
}

/** Resolves once the condition holds, looking again every few milliseconds; what a condition throws counts as "not yet". */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  otherwise: string,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      if (await condition()) return;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`${otherwise} within ${timeoutMs / 1000} s`, { cause: last });
    await delay(50);
  }
}
