// A worker of the agent host: sleeps in a read of its pipe, runs what comes, one guest at a time, and answers on the same pipe. It
// never uses the event loop, so that a guest's call costs two switches between processes and nothing else.
import { readSync, writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import {
  BORDER,
  type GuestCode,
  type GuestHost,
  type GuestOutcome,
  type GuestRun,
  LOG_LEVELS,
} from '../guest.ts';
import { GuestStop } from '../guest-stop.ts';
import { runQuickJs } from '../quickjs/quickjs-guest.ts';
import { QuickJsHeaps, type QuickJsSnapshot } from '../quickjs/quickjs-snapshot.ts';
import type { RunErrorCode } from '../runtime.ts';
import { runWasm } from '../wasm/wasm-guest.ts';
import {
  FRAME,
  FRAME_HEAD,
  frame,
  headed,
  KEPT_CODES,
  type OutcomeHead,
  type RunHead,
  readHeaded,
  type StopHead,
} from './frames.ts';
import { LANE, LaneState } from './lane-state.ts';

export interface WorkerSettings {
  readonly descriptor: number;
  readonly state: SharedArrayBuffer;
  readonly quickjs: QuickJsSnapshot;
}

/** A log line costs this beside its text, so that empty ones end, too. */
const LINE_BYTES = 16;

class Pipe {
  readonly #descriptor: number;
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #start = 0;
  #end = 0;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** The next frame; its contents are valid until the next read. Undefined when the platform is gone. */
  read(): { kind: number; contents: Buffer } | undefined {
    if (!this.#fill(FRAME_HEAD)) return undefined;
    const length = this.#bytes.readUInt32LE(this.#start);
    const kind = this.#bytes[this.#start + 4] ?? 0;
    if (!this.#fill(FRAME_HEAD + length)) return undefined;
    const contents = this.#bytes.subarray(this.#start + FRAME_HEAD, this.#start + FRAME_HEAD + length);
    this.#start += FRAME_HEAD + length;
    return { kind, contents };
  }

  #fill(wanted: number): boolean {
    if (this.#start === this.#end) this.#start = this.#end = 0;
    if (this.#bytes.length - this.#start < wanted) {
      const larger = Buffer.allocUnsafe(Math.max(wanted, this.#bytes.length));
      this.#bytes.copy(larger, 0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
      this.#bytes = larger;
    }
    while (this.#end - this.#start < wanted) {
      const read = readSync(this.#descriptor, this.#bytes, this.#end, this.#bytes.length - this.#end, null);
      if (read === 0) return false;
      this.#end += read;
    }
    return true;
  }

  write(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
  }
}

/** Thrown when the platform's end of the pipe is closed. */
class PlatformGone extends Error {}

class WorkerHost implements GuestHost {
  readonly #pipe: Pipe;
  readonly #state: LaneState;
  readonly #run: GuestRun;
  #calls = 0;
  #crossed = 0;
  #logBytes = 0;
  readonly #deadline: number;
  /** Time spent waiting for answers. */
  waitedMs = 0;

  constructor(pipe: Pipe, state: LaneState, number: number, run: GuestRun) {
    this.#pipe = pipe;
    this.#state = state;
    this.#run = run;
    this.#deadline = Date.now() + run.limits.deadlineMs;
    state.begin(number, this.#deadline);
  }

  #border<T>(act: () => T): T {
    if (!this.#state.move(LANE.guest, LANE.call)) this.#state.awaitEnd();
    const result = act();
    if (!this.#state.move(LANE.call, LANE.guest)) this.#state.awaitEnd();
    return result;
  }

  call(request: Uint8Array): Uint8Array {
    const { hostCalls } = this.#run.limits;
    if (this.#calls >= hostCalls)
      throw new GuestStop('TOO_MANY_CALLS', `the run made its ${hostCalls} calls to the host`);
    this.#calls += 1;
    const began = performance.now();
    const answer = this.#border(() => {
      this.#pipe.write(frame(FRAME.call, request));
      return this.#pipe.read();
    });
    this.waitedMs += performance.now() - began;
    if (answer === undefined) throw new PlatformGone();
    this.#crossed += request.length + answer.contents.length;
    if (this.#crossed > BORDER.totalBytes)
      throw new GuestStop(
        'TOO_MANY_CALLS',
        `calls and answers of the run have more than ${BORDER.totalBytes} bytes`,
      );
    if (answer.kind === FRAME.stop) {
      const { code, message } = readHeaded<StopHead>(answer.contents).head;
      throw new GuestStop(code, message);
    }
    return answer.contents;
  }

  log(level: number, text: string, gas: number): void {
    const left = this.#run.limits.logBytes - this.#logBytes - LINE_BYTES;
    if (left < 0) return;
    let bytes = Buffer.from(text);
    if (bytes.length > left) bytes = Buffer.from(bytes.toString('utf8', 0, left).replace(/\uFFFD$/, ''));
    this.#logBytes += bytes.length + LINE_BYTES;
    const head = Buffer.allocUnsafe(9);
    head[0] = level in LOG_LEVELS ? level : 1;
    head.writeDoubleLE(gas, 1);
    this.#border(() => this.#pipe.write(frame(FRAME.log, head, bytes)));
  }

  checkpoint(gas: number, memoryBytes: number): void {
    this.#state.report(gas, memoryBytes);
    if (this.#state.cancelled) throw new GuestStop('CANCELLED', 'the run was cancelled');
    if (Date.now() >= this.#deadline)
      throw new GuestStop('DEADLINE_EXCEEDED', `the run took longer than ${this.#run.limits.deadlineMs} ms`);
  }
}

const { descriptor, state: shared, quickjs } = workerData as WorkerSettings;
const pipe = new Pipe(descriptor);
const state = new LaneState(shared);
const heaps = new QuickJsHeaps(quickjs);
const codes = new Map<string, GuestCode>();

/** Takes the code from the frame or from what is kept, and forgets as the platform does. */
function codeOf(head: RunHead, bytes: Buffer): GuestCode {
  const kept = codes.get(head.code);
  codes.delete(head.code);
  let at = 0;
  const files = new Map<string, Uint8Array>();
  for (const [path, length] of head.files ?? []) {
    files.set(path, Uint8Array.prototype.slice.call(bytes, at, at + length));
    at += length;
  }
  const code = head.files === null ? kept : { language: head.language, entry: head.entry, files };
  if (code === undefined) throw new Error('the platform named code that this worker has not');
  codes.set(head.code, code);
  for (const oldest of codes.keys()) {
    if (codes.size <= KEPT_CODES) break;
    codes.delete(oldest);
  }
  return code;
}

function execute(head: RunHead, rest: Buffer): void {
  const input = Uint8Array.prototype.slice.call(rest, 0, head.inputBytes);
  const code = codeOf(head, rest.subarray(head.inputBytes));
  const { seed, startedAt, limits } = head;
  const run: GuestRun = { code, input, seed, startedAt, limits };
  const began = performance.now();
  const host = new WorkerHost(pipe, state, head.run, run);
  let outcome: GuestOutcome;
  try {
    outcome = head.language === 'javascript' ? runQuickJs(quickjs, heaps, run, host) : runWasm(run, host);
  } catch (error) {
    if (error instanceof PlatformGone) return;
    const code: RunErrorCode = 'ENGINE_CRASHED';
    const message = error instanceof Error ? error.message : String(error);
    outcome = { error: { code, message }, ...state.used };
  }
  if (!state.move(LANE.guest, LANE.idle) && !state.move(LANE.call, LANE.idle)) state.awaitEnd();
  const { output, error, gas, memoryBytes } = outcome;
  const answer: OutcomeHead = {
    ...(error ? { error } : {}),
    outputBytes: output?.length ?? null,
    gas,
    memoryBytes,
    cpuMs: performance.now() - began - host.waitedMs,
  };
  pipe.write(frame(FRAME.outcome, ...headed(answer), output ?? new Uint8Array(0)));
}

pipe.write(frame(FRAME.ready));
for (let next = pipe.read(); next !== undefined; next = pipe.read()) {
  // An answer for a run that was ended meanwhile finds nobody.
  if (next.kind !== FRAME.run) continue;
  const { head, rest } = readHeaded<RunHead>(next.contents);
  execute(head, rest);
}
