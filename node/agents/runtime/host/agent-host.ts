// The platform's side of the agent host: spawns the process, hands runs to its lanes, answers guests' calls, starts it again when it dies.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { type Logger, silentLogger } from '#node/platform/log.ts';
import { bundledEntry } from '#node/platform/package-root.ts';
import { BORDER, LOG_LEVELS } from '../guest.ts';
import { nestsDeeper } from '../json-depth.ts';
import { quickJsModulePath } from '../quickjs/quickjs-module.ts';
import type {
  AgentCode,
  HostAnswer,
  HostCall,
  Json,
  LogLine,
  RunError,
  RunHooks,
  RunOutcome,
  RunRequest,
} from '../runtime.ts';
import {
  FRAME,
  FrameReader,
  frame,
  headed,
  KEPT_CODES,
  type OutcomeHead,
  type RunHead,
  readHeaded,
  type StopHead,
} from './frames.ts';
import type { FromHost, ToHost } from './host-messages.ts';

export interface AgentHostOptions {
  readonly logger?: Logger;
  /** Runs at a time. A guest that waits for an answer keeps its lane, so this is more than there are processors. */
  readonly lanes?: number;
  /** Lanes that are started before the first run. */
  readonly warmLanes?: number;
  /** Bytes of resident memory above which the process ends its largest run. */
  readonly memoryBytes?: number;
}

type Engines = Extract<FromHost, { kind: 'ready' }>['engines'];

interface Job {
  readonly number: number;
  readonly request: RunRequest;
  readonly hooks: RunHooks;
  readonly resolve: (outcome: RunOutcome) => void;
  readonly calls: { call: HostCall; answer: HostAnswer }[];
  readonly logs: LogLine[];
  readonly over: AbortController;
  /** Performance time at which a lane took it. */
  began: number;
  /** A call waits for its answer. */
  calling: boolean;
  deadline: NodeJS.Timeout | undefined;
  unlisten: () => void;
}

interface Lane {
  readonly index: number;
  readonly socket: Socket;
  state: 'absent' | 'starting' | 'idle' | 'busy';
  job: Job | undefined;
  /** Codes that the worker has, least recently used first. */
  codes: Set<string>;
}

/** Runs that have just begun at a time, and for how long a run has just begun. */
const AT_ONCE = availableParallelism() + 1;
const YOUNG_MS = 25;

const DEFAULTS = { lanes: 16, warmLanes: 2, memoryBytes: 1536 << 20 } as const;
/** JavaScript heap of the process's main thread, in MiB; guests live elsewhere. */
const HEAP_MB = 96;
const START_MS = 60_000;
const RESTART_MS = { first: 100, most: 10_000 };
/** A lane that says nothing this long after its run's deadline takes the process with it. */
const SILENCE_MS = 10_000;
/** The guest ends itself at its deadline; a call it waits in is answered a moment later. */
const CALL_GRACE_MS = 20;

const KILLED: ReadonlySet<string> = new Set([
  'OUT_OF_MEMORY',
  'OUT_OF_GAS',
  'DEADLINE_EXCEEDED',
  'OUTPUT_TOO_LARGE',
  'TOO_MANY_CALLS',
  'CANCELLED',
]);

/** Flags that take from the process what Node would let it do. Guests never reach its JavaScript; this is for the day one does. */
function confinement(): string[] {
  const permission =
    Number(process.versions.node.split('.')[0]) >= 24 ? '--permission' : '--experimental-permission';
  const readable = [dirname(bundledEntry('agent-host.mjs')), quickJsModulePath()];
  return [permission, '--allow-worker', ...readable.map((path) => `--allow-fs-read=${path}`)];
}

const codeKeys = new WeakMap<AgentCode, string>();

/** Names the files by what they are, whatever the package's own name says. */
function codeKey(code: AgentCode): string {
  const known = codeKeys.get(code);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(JSON.stringify([code.language, code.entry]));
  for (const [path, bytes] of code.files) hash.update(JSON.stringify([path, bytes.length])).update(bytes);
  const key = hash.digest('base64');
  codeKeys.set(code, key);
  return key;
}

/** One child process and the runs in it. */
export class AgentHost {
  readonly #options: Required<Omit<AgentHostOptions, 'logger'>>;
  readonly #logger: Logger;
  readonly #queue: Job[] = [];
  #lanes: Lane[] = [];
  #child: ChildProcess | undefined;
  #engines: Engines | undefined;
  #started: Promise<void> | undefined;
  #laneReady: (() => void) | undefined;
  #closed = false;
  #restarts = 0;
  #restartTimer: NodeJS.Timeout | undefined;
  #assignTimer: NodeJS.Timeout | undefined;
  #nextRun = 1;

  constructor(options: AgentHostOptions = {}) {
    this.#options = {
      lanes: options.lanes ?? DEFAULTS.lanes,
      warmLanes: Math.min(options.warmLanes ?? DEFAULTS.warmLanes, options.lanes ?? DEFAULTS.lanes),
      memoryBytes: options.memoryBytes ?? DEFAULTS.memoryBytes,
    };
    this.#logger = options.logger ?? silentLogger;
  }

  /** @throws AiosError `ENGINE_INVALID` or `AGENT_HOST_FAILED` when the process does not come up */
  start(): Promise<void> {
    this.#started ??= this.#spawn().catch((error: unknown) => {
      // Whoever asks next tries again.
      this.#started = undefined;
      throw error;
    });
    return this.#started;
  }

  /** Names of the engines; known once started. */
  get engines(): Engines {
    return this.#engines ?? { javascript: '', wasm: '' };
  }

  /** Of the process that is running now; for tests and probes. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async run(request: RunRequest, hooks: RunHooks): Promise<RunOutcome> {
    if (this.#closed) throw new AiosError('AGENT_HOST_CLOSED', 'the agent runtime was closed');
    await this.start();
    return new Promise((resolve) => {
      const job: Job = {
        number: this.#nextRun++ & 0x7fffffff,
        request,
        hooks,
        resolve,
        calls: [],
        logs: [],
        over: new AbortController(),
        began: performance.now(),
        calling: false,
        deadline: undefined,
        unlisten: () => undefined,
      };
      const cancel = () => this.#cancel(job);
      hooks.signal?.addEventListener('abort', cancel, { once: true });
      job.unlisten = () => hooks.signal?.removeEventListener('abort', cancel);
      this.#queue.push(job);
      if (hooks.signal?.aborted) cancel();
      this.#assign();
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#restartTimer);
    clearTimeout(this.#assignTimer);
    const error: RunError = { code: 'CANCELLED', message: 'the agent runtime was closed' };
    for (const job of this.#queue.splice(0)) this.#finish(job, { error, gas: 0, memoryBytes: 0, cpuMs: 0 });
    for (const { job } of this.#lanes)
      if (job) this.#finish(job, { error, gas: 0, memoryBytes: 0, cpuMs: 0 });
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  #spawn(): Promise<void> {
    const { lanes, memoryBytes, warmLanes } = this.#options;
    const child = spawn(
      process.execPath,
      [
        ...confinement(),
        '--no-warnings',
        '--no-addons',
        '--disallow-code-generation-from-strings',
        // WebAssembly is compiled at once, by the quick compiler and in the background by the other. With V8's default, which changes
        // between them while code runs, threads in some loops (memory.grow, long memory.fill) could not be ended.
        '--no-wasm-dynamic-tiering',
        '--no-wasm-lazy-compilation',
        `--max-old-space-size=${HEAP_MB}`,
        bundledEntry('agent-host.mjs'),
        String(memoryBytes),
        quickJsModulePath(),
      ],
      { env: {}, stdio: ['ignore', 'ignore', 'pipe', 'ipc', ...new Array<'pipe'>(lanes).fill('pipe')] },
    );
    this.#child = child;
    let complaint = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2_000);
    });
    this.#lanes = Array.from({ length: lanes }, (_, index) => this.#laneOf(child, index));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), START_MS);
      child.on('message', (message: FromHost) => {
        if (message.kind === 'ready') {
          clearTimeout(timer);
          this.#engines = message.engines;
          for (const lane of this.#lanes.slice(0, warmLanes)) this.#startLane(lane);
          this.#assign();
          // Whoever waits wants to run something: that takes a lane.
          if (warmLanes === 0) resolve();
          else this.#laneReady = resolve;
        } else if (message.kind === 'unable') reject(new AiosError(message.code, message.message));
        else this.#ended(message);
      });
      child.once('error', (error) => reject(new AiosError('AGENT_HOST_FAILED', messageOf(error))));
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        const how = `the agent host ended (${signal ?? code})${complaint ? `: ${complaint.trim()}` : ''}`;
        reject(new AiosError('AGENT_HOST_FAILED', how));
        this.#died(child, how);
      });
    });
  }

  #laneOf(child: ChildProcess, index: number): Lane {
    const lane: Lane = {
      index,
      socket: child.stdio[4 + index] as Socket,
      state: 'absent',
      job: undefined,
      codes: new Set(),
    };
    const reader = new FrameReader((kind, contents) => this.#receive(lane, kind, contents));
    lane.socket.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (error) {
        // The process says what it never should: nothing it says is believed any more.
        this.#logger.error({ err: error, lane: index }, 'the agent host broke its protocol: it is ended');
        child.kill('SIGKILL');
      }
    });
    // The process's end is told by its exit.
    lane.socket.on('error', () => undefined);
    return lane;
  }

  #tell(message: ToHost): void {
    if (this.#child?.connected) this.#child.send(message);
  }

  #startLane(lane: Lane): void {
    lane.state = 'starting';
    this.#tell({ kind: 'start-lane', lane: lane.index });
  }

  /**
   * Gives lanes their runs. Short runs follow each other on few lanes, whose heaps stay in the processors' caches; a run that takes longer,
   * waiting or computing, does not keep others from beginning.
   */
  #assign(): void {
    clearTimeout(this.#assignTimer);
    const now = performance.now();
    const young = this.#lanes.flatMap(({ job }) => (job && now - job.began < YOUNG_MS ? [job.began] : []));
    while (this.#queue.length > 0 && young.length < AT_ONCE) {
      const idle = this.#lanes.find(({ state }) => state === 'idle');
      if (!idle) break;
      const job = this.#queue.shift();
      if (job) this.#begin(idle, job);
      young.push(now);
    }
    if (this.#queue.length === 0) return;
    if (young.length >= AT_ONCE) {
      this.#assignTimer = setTimeout(() => this.#assign(), Math.min(...young) + YOUNG_MS - now);
      return;
    }
    let coming = this.#lanes.filter(({ state }) => state === 'starting').length;
    for (const lane of this.#lanes) {
      if (coming >= this.#queue.length || this.#engines === undefined) break;
      if (lane.state !== 'absent') continue;
      this.#startLane(lane);
      coming += 1;
    }
  }

  #begin(lane: Lane, job: Job): void {
    const { code, input, seed, startedAt, limits } = job.request;
    lane.state = 'busy';
    lane.job = job;
    job.began = performance.now();
    job.deadline = setTimeout(() => this.#pastDeadline(lane, job), limits.deadlineMs + CALL_GRACE_MS);
    const key = codeKey(code);
    const known = lane.codes.delete(key);
    lane.codes.add(key);
    for (const oldest of lane.codes) {
      if (lane.codes.size <= KEPT_CODES) break;
      lane.codes.delete(oldest);
    }
    const files = known ? [] : [...code.files];
    const inputBytes = Buffer.from(JSON.stringify(input));
    const head: RunHead = {
      run: job.number,
      language: code.language === 'wasm' ? 'wasm' : 'javascript',
      entry: code.entry,
      code: key,
      files: known ? null : files.map(([path, bytes]) => [path, bytes.length] as const),
      inputBytes: inputBytes.length,
      seed,
      startedAt,
      limits,
    };
    lane.socket.write(frame(FRAME.run, ...headed(head), inputBytes, ...files.map(([, bytes]) => bytes)));
  }

  #receive(lane: Lane, kind: number, contents: Buffer): void {
    const { job } = lane;
    if (kind === FRAME.ready) {
      lane.state = 'idle';
      lane.codes = new Set();
      this.#laneReady?.();
      this.#assign();
    } else if (job === undefined) return;
    else if (kind === FRAME.call) this.#call(lane, job, contents);
    else if (kind === FRAME.log) {
      const level = LOG_LEVELS[contents[0] ?? 1] ?? 'info';
      const line: LogLine = { level, text: contents.toString('utf8', 9), gas: contents.readDoubleLE(1) };
      job.logs.push(line);
      try {
        job.hooks.log?.(line);
      } catch (error) {
        this.#logger.error({ err: error }, 'a listener to logs broke');
      }
    } else if (kind === FRAME.outcome) {
      const { head, rest } = readHeaded<OutcomeHead>(contents);
      const output = head.outputBytes === null ? {} : { output: JSON.parse(rest.toString('utf8')) as Json };
      lane.job = undefined;
      lane.state = 'idle';
      this.#restarts = 0;
      this.#finish(job, { ...head, ...output });
      this.#assign();
    }
  }

  #call(lane: Lane, job: Job, contents: Buffer): void {
    let capability: unknown;
    let args: Json = null;
    try {
      [capability, args] = JSON.parse(contents.toString('utf8')) as [unknown, Json];
    } catch {
      capability = undefined;
    }
    const index = job.calls.length;
    job.calling = true;
    const answered = (given: HostAnswer): void => {
      if (lane.job !== job || !job.calling) return;
      job.calling = false;
      const { answer, bytes } = encodeAnswer(given);
      job.calls.push({ call, answer });
      lane.socket.write(frame(FRAME.answer, bytes));
    };
    const call: HostCall = { index, capability: typeof capability === 'string' ? capability : '', args };
    if (typeof capability !== 'string') {
      answered({
        error: { code: 'ARGS_INVALID', message: 'a call is the JSON of ["capability", arguments]' },
      });
      return;
    }
    if (job.over.signal.aborted) {
      this.#stop(lane, job);
      return;
    }
    const asked = async () => job.hooks.call(call, job.over.signal);
    asked().then(answered, (error: unknown) => {
      // What is not a typed error may hold what no guest should read.
      const known = error instanceof AiosError;
      if (!known) this.#logger.error({ err: error, capability: call.capability }, 'a host call broke');
      const message = known ? messageOf(error) : 'the host could not answer';
      answered({ error: { code: known ? error.code : 'HOST_FAILED', message } });
    });
  }

  /** Ends a run that waits in a call. */
  #stop(lane: Lane, job: Job): void {
    job.calling = false;
    const cancelled = job.hooks.signal?.aborted === true;
    const head: StopHead = cancelled
      ? { code: 'CANCELLED', message: 'the run was cancelled' }
      : {
          code: 'DEADLINE_EXCEEDED',
          message: `the run took longer than ${job.request.limits.deadlineMs} ms`,
        };
    lane.socket.write(frame(FRAME.stop, ...headed(head)));
  }

  #pastDeadline(lane: Lane, job: Job): void {
    job.over.abort();
    if (job.calling) this.#stop(lane, job);
    job.deadline = setTimeout(() => {
      this.#logger.error({ lane: lane.index }, 'a lane of the agent host says nothing: the process is ended');
      this.#child?.kill('SIGKILL');
    }, SILENCE_MS);
  }

  #cancel(job: Job): void {
    const queued = this.#queue.indexOf(job);
    if (queued >= 0) {
      this.#queue.splice(queued, 1);
      const error: RunError = { code: 'CANCELLED', message: 'the run was cancelled' };
      this.#finish(job, { error, gas: 0, memoryBytes: 0, cpuMs: 0 });
      return;
    }
    const lane = this.#lanes.find((candidate) => candidate.job === job);
    if (!lane) return;
    job.over.abort();
    if (job.calling) this.#stop(lane, job);
    this.#tell({ kind: 'cancel', lane: lane.index, run: job.number });
  }

  #ended(message: Extract<FromHost, { kind: 'ended' }>): void {
    const lane = this.#lanes[message.lane];
    if (!lane) return;
    const { job } = lane;
    lane.job = undefined;
    lane.state = 'starting';
    const { code, gas, memoryBytes } = message;
    if (job) {
      const cpuMs = performance.now() - job.began;
      this.#finish(job, { error: { code, message: message.message }, gas, memoryBytes, cpuMs });
    }
  }

  #died(child: ChildProcess, how: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    const error: RunError = { code: 'ENGINE_CRASHED', message: how };
    const lost = this.#lanes.flatMap(({ job }) => (job ? [job] : []));
    this.#lanes = [];
    for (const job of lost) this.#finish(job, { error, gas: 0, memoryBytes: 0, cpuMs: 0 });
    if (this.#closed || this.#engines === undefined) return;
    this.#logger.error(how);
    const wait = Math.min(RESTART_MS.most, RESTART_MS.first * 2 ** this.#restarts++);
    const again = () => {
      this.#spawn().catch((failure: unknown) =>
        this.#logger.error({ err: failure }, 'the agent host does not start'),
      );
    };
    this.#restartTimer = setTimeout(again, wait);
  }

  #finish(job: Job, end: Pick<RunOutcome, 'error' | 'output' | 'gas' | 'memoryBytes' | 'cpuMs'>): void {
    clearTimeout(job.deadline);
    job.unlisten();
    job.over.abort();
    const { error, output, gas, memoryBytes, cpuMs } = end;
    const { language } = job.request.code;
    job.resolve({
      status: error === undefined ? 'completed' : KILLED.has(error.code) ? 'killed' : 'failed',
      ...(output === undefined ? {} : { output }),
      ...(error === undefined ? {} : { error }),
      gas,
      memoryBytes,
      cpuMs,
      wallMs: performance.now() - job.began,
      calls: job.calls,
      logs: job.logs,
      engine: language === 'wasm' ? this.engines.wasm : this.engines.javascript,
    });
  }
}

/** The answer as it is logged and as it travels: the same value, or the reason why it cannot. */
function encodeAnswer(given: HostAnswer): { answer: HostAnswer; bytes: Uint8Array } {
  const answer: HostAnswer = 'error' in given ? { error: given.error } : { ok: given.ok ?? null };
  const bytes = Buffer.from(JSON.stringify(answer));
  const tooLarge = bytes.length > BORDER.answerBytes;
  if (!tooLarge && !nestsDeeper(bytes, BORDER.jsonDepth)) return { answer, bytes };
  const message = tooLarge
    ? `the answer has ${bytes.length} bytes, ${BORDER.answerBytes} are allowed: ask for less`
    : `the answer nests deeper than ${BORDER.jsonDepth} levels: ask for a part`;
  const code = tooLarge ? 'ANSWER_TOO_LARGE' : 'ANSWER_TOO_DEEP';
  const refusal: HostAnswer = { error: { code, message } };
  return { answer: refusal, bytes: Buffer.from(JSON.stringify(refusal)) };
}
