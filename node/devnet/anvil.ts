// The EVM devnet: an anvil process of our own, its state kept in the data folder, ended with us and taken over from a killed run.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { identityOf, isAlive, readIdentity } from '#node/platform/lifecycle/process-identity.ts';
import type { Service, ServiceHealth } from '#node/platform/lifecycle/service-group.ts';
import { freePort, portHolder, portIsFree } from '#node/platform/ports.ts';
import { devnetAccountCount, devnetChainId, devnetMnemonic } from './accounts.ts';
import { resolveAnvilBinary } from './anvil-binary.ts';
import { DevnetRpc } from './rpc.ts';

export interface AnvilOptions {
  /** Folder for the chain's state, the process note and nothing else; made when missing. */
  readonly dataDir: string;
  /** A port that must be had; without it any free one. */
  readonly port?: number;
  /** How far back a new chain begins, in seconds, so that a demo can spread its history over it. Default 0. */
  readonly historySeconds?: number;
  /** Seconds between dumps of the state: what a killed process can lose. Default 10, more for a chain whose state is large. */
  readonly stateInterval?: number;
}

const startTimeoutMs = 30_000;
const stopTimeoutMs = 12_000;
/** How often a transaction that automine left behind is looked for. */
const sweepMs = 1_000;
/** How often the last good copy of the state is renewed. */
const copyMs = 60_000;

/**
 * The devnet's chain. It makes a block for every transaction, and none without; `rpcUrl` is valid after `start`.
 *
 * Blocks, transactions and logs outlive a restart; the state of blocks before the restart does not (anvil would write all of them
 * again every few seconds: 27 MB after 500 transactions), so calls at such a block are refused with BlockOutOfRangeError.
 */
export class AnvilDevnet implements Service {
  readonly name = 'EVM devnet';
  readonly #options: AnvilOptions;
  #child: ChildProcess | undefined;
  #rpcUrl: string | undefined;
  #exit: string | undefined;
  #stopping = false;
  #onExit: ((reason: string) => void) | undefined;
  #timers: NodeJS.Timeout[] = [];
  #pendingBefore = false;

  constructor(options: AnvilOptions) {
    this.#options = options;
  }

  /** HTTP and WebSocket endpoint (`ws://` on the same port). */
  get rpcUrl(): string {
    if (!this.#rpcUrl) throw new AiosError('DEVNET_NOT_STARTED', 'The devnet has not been started');
    return this.#rpcUrl;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Called when anvil ends without having been asked to. */
  set onUnexpectedExit(listener: (reason: string) => void) {
    this.#onExit = listener;
  }

  /** @throws AiosError ANVIL_MISSING, PORT_TAKEN, DEVNET_FAILED */
  async start(report: (message: string) => void = () => {}): Promise<void> {
    mkdirSync(this.#options.dataDir, { recursive: true });
    const binary = resolveAnvilBinary();
    await this.#endOrphan(report);
    let loaded = existsSync(this.#stateFile);
    let failure = await this.#launch(binary);
    if (failure?.corrupt) {
      this.#moveAside(report);
      loaded = existsSync(this.#stateFile);
      failure = await this.#launch(binary);
      if (failure?.corrupt) {
        rmSync(this.#goodFile, { force: true });
        this.#moveAside(report);
        loaded = false;
        failure = await this.#launch(binary);
      }
    }
    if (failure) throw new AiosError('DEVNET_FAILED', failure.message);
    const rpc = new DevnetRpc(this.rpcUrl);
    const head = await rpc.call<{ number: string; timestamp: string }>(
      'eth_getBlockByNumber',
      'latest',
      false,
    );
    if (loaded) {
      // A chain that stood still for hours goes on at the present time.
      const now = Math.floor(Date.now() / 1000);
      await rpc.call('evm_setTime', Math.max(now, Number(head.timestamp)));
      this.#keepGoodCopy();
    }
    this.#timers = [
      setInterval(() => void this.#sweep(rpc), sweepMs),
      setInterval(() => this.#keepGoodCopy(), copyMs),
    ];
    for (const timer of this.#timers) timer.unref();
    report(`chain ${devnetChainId} at block ${Number(head.number)}, ${this.rpcUrl}`);
  }

  /** Ends anvil, which writes its state before it goes. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    const child = this.#child;
    if (!child) return;
    this.#stopping = true;
    if (this.#exit === undefined) {
      const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
      await ended;
      clearTimeout(timer);
    }
    this.#keepGoodCopy();
    rmSync(this.#processFile, { force: true });
  }

  health(): ServiceHealth {
    return this.#exit === undefined
      ? { status: 'ok', details: { pid: this.pid, rpcUrl: this.#rpcUrl } }
      : { status: 'failed', details: { exit: this.#exit } };
  }

  get #stateFile(): string {
    return join(this.#options.dataDir, 'state.json');
  }

  get #goodFile(): string {
    return join(this.#options.dataDir, 'state.good.json');
  }

  get #processFile(): string {
    return join(this.#options.dataDir, 'anvil.json');
  }

  async #launch(binary: string): Promise<{ corrupt: boolean; message: string } | undefined> {
    const wanted = this.#options.port;
    for (let attempt = 1; ; attempt++) {
      if (wanted !== undefined && !(await portIsFree(wanted))) throw await portTaken(wanted);
      const port = wanted ?? (await freePort());
      const outcome = await this.#spawn(binary, port);
      if (outcome === undefined) return undefined;
      if (outcome.includes('Address already in use')) {
        // Somebody took the port between the look and the bind.
        if (wanted !== undefined) throw await portTaken(wanted);
        if (attempt < 5) continue;
      }
      return {
        corrupt: /--state|failed to parse json|failed to load|deserializ/i.test(outcome),
        message: `anvil ended before it was ready: ${outcome}`,
      };
    }
  }

  /**
   * When the chain's first block was made, in seconds. anvil makes that block anew at every start, keeps every one of them in its
   * state, and shows any: with another time it has another hash, and the second block's parent is gone.
   */
  #genesisTime(): number | undefined {
    const file = join(this.#options.dataDir, 'genesis.json');
    if (!existsSync(this.#stateFile)) {
      const timestamp = Math.floor(Date.now() / 1000) - (this.#options.historySeconds ?? 0);
      writeFileSync(file, JSON.stringify({ timestamp }));
      return timestamp;
    }
    try {
      const { timestamp } = JSON.parse(readFileSync(file, 'utf8')) as { timestamp: unknown };
      if (typeof timestamp === 'number') return timestamp;
    } catch {
      // A chain from before this was noted.
    }
    return undefined;
  }

  /** Starts anvil and waits until it listens; returns what it said when it ended instead. */
  #spawn(binary: string, port: number): Promise<string | undefined> {
    const state = this.#stateFile;
    const options = [
      ...['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(devnetChainId)],
      ...['--mnemonic', devnetMnemonic, '--accounts', String(devnetAccountCount)],
      ...['--state', state, '--state-interval', String(this.#options.stateInterval ?? intervalFor(state))],
      // Blocks hold transactions in the order they were sent, whatever they pay.
      ...['--order', 'fifo'],
    ];
    const genesis = this.#genesisTime();
    if (genesis !== undefined) options.push('--timestamp', String(genesis));
    const child = spawn(binary, options, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    this.#exit = undefined;
    this.#stopping = false;
    if (child.pid !== undefined) writeFileSync(this.#processFile, JSON.stringify(identityOf(child.pid)));
    return new Promise((resolve) => {
      let output = '';
      let ready = false;
      const timer = setTimeout(() => child.kill('SIGKILL'), startTimeoutMs);
      const read = (text: string) => {
        // Read for ever, or anvil stops at a full pipe; kept only until it listens.
        if (ready) return;
        output += text;
        // Said by our child after it has bound the port, so the chain behind the port is ours.
        if (output.includes(`Listening on 127.0.0.1:${port}`)) {
          ready = true;
          clearTimeout(timer);
          this.#rpcUrl = `http://127.0.0.1:${port}`;
          resolve(undefined);
        }
      };
      child.stdout?.setEncoding('utf8').on('data', read);
      child.stderr?.setEncoding('utf8').on('data', read);
      child.once('error', (error) => {
        output += messageOf(error);
      });
      child.once('close', (code, signal) => {
        clearTimeout(timer);
        // An earlier child may close its pipes after a later one was started.
        if (this.#child !== child) return;
        this.#exit = signal ? `killed by ${signal}` : `exit code ${code}`;
        if (!ready) resolve(`${output.trim().slice(-600)} (${this.#exit})`);
        else if (!this.#stopping) this.#onExit?.(this.#exit);
      });
    });
  }

  /** A state file cut off in mid-write cannot be loaded: the last good copy takes its place, or else a new chain. */
  #moveAside(report: (message: string) => void): void {
    const aside = join(this.#options.dataDir, `state.corrupt-${Date.now()}.json`);
    if (existsSync(this.#stateFile)) renameSync(this.#stateFile, aside);
    const good = existsSync(this.#goodFile);
    if (good) copyFileSync(this.#goodFile, this.#stateFile);
    report(
      `the chain's state file could not be read and is now ${aside}; ${
        good ? 'going on from the last good copy' : 'starting a new chain'
      }`,
    );
  }

  /** anvil writes its state in place, so a copy is kept of the last one that was complete. */
  #keepGoodCopy(): void {
    const state = this.#stateFile;
    try {
      if (!existsSync(state) || !isCompleteJson(state)) return;
      if (existsSync(this.#goodFile) && statSync(this.#goodFile).mtimeMs >= statSync(state).mtimeMs) return;
      copyFileSync(state, `${this.#goodFile}.new`);
      if (isCompleteJson(`${this.#goodFile}.new`)) renameSync(`${this.#goodFile}.new`, this.#goodFile);
    } catch {
      // A copy that cannot be made (a full disk) must not end the chain; the older one stays.
    }
  }

  /** Mines what automine left in the pool: several senders at once make it overlook transactions. */
  async #sweep(rpc: DevnetRpc): Promise<void> {
    try {
      const [status, automine] = await rpc.batch<{ pending: string } | boolean>([
        { method: 'txpool_status', params: [] },
        { method: 'anvil_getAutomine', params: [] },
      ]);
      const pending = automine === true && typeof status === 'object' && Number(status.pending) > 0;
      if (pending && this.#pendingBefore) await rpc.call('evm_mine');
      this.#pendingBefore = pending;
    } catch {
      // The process has ended or is busy; its end is noticed elsewhere.
    }
  }

  /** Ends the anvil of a killed run. It is asked first: then it writes its state, and nothing is lost. */
  async #endOrphan(report: (message: string) => void): Promise<void> {
    const orphan = readIdentity(this.#processFile);
    if (orphan && isAlive(orphan) && isAnvil(orphan.pid)) {
      report(`ending the anvil of a killed run (process ${orphan.pid})`);
      process.kill(orphan.pid, 'SIGTERM');
      const deadline = Date.now() + stopTimeoutMs;
      while (isAlive(orphan)) {
        if (Date.now() > deadline) process.kill(orphan.pid, 'SIGKILL');
        await delay(25);
      }
    }
    rmSync(this.#processFile, { force: true });
  }
}

/** anvil writes all of its state each time, some 8 KB a transaction: at most 2 MB of it a second. */
function intervalFor(stateFile: string): number {
  const size = existsSync(stateFile) ? statSync(stateFile).size : 0;
  return Math.max(10, Math.ceil(size / 2_000_000));
}

async function portTaken(port: number): Promise<AiosError> {
  const holder = await portHolder(port);
  return new AiosError(
    'PORT_TAKEN',
    `The devnet's port ${port} is taken${holder ? ` by ${holder}` : ''}. Stop that program, or choose another port.`,
    { details: { port } },
  );
}

/** Guards against a reused process id where the system tells no start times. */
function isAnvil(pid: number): boolean {
  if (process.platform === 'win32') return true;
  try {
    return /anvil/.test(readFileSync(`/proc/${pid}/comm`, 'utf8'));
  } catch {
    // Not Linux.
  }
  return /anvil/.test(spawnSync('ps', ['-p', String(pid), '-o', 'comm='], { encoding: 'utf8' }).stdout ?? '');
}

/** Cheap at any size: an object that was written to its end. A full check is anvil's, when it loads the file. */
function isCompleteJson(file: string): boolean {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const tail = Buffer.alloc(Math.min(64, size));
    readSync(descriptor, tail, 0, tail.length, size - tail.length);
    return tail.toString('utf8').trimEnd().endsWith('}');
  } finally {
    closeSync(descriptor);
  }
}
