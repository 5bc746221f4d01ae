// One warm child as its host sees it: waits until it is ready, runs one request in it, and kills it at its limits.
import { readFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type {
  HostAnswer,
  HostCall,
  Json,
  LogLine,
  RunError,
  RunHooks,
  RunOutcome,
  RunRequest,
} from '../runtime.ts';
import { type Jailed, startJailed } from './jail.ts';
import { ANSWER_BYTES, type ChildFrame, encodeFrame, FrameReader, type StartFrame } from './protocol.ts';

/** A child that has not booted by then is ill; an idle machine takes one second. */
const BOOT_MS = 120_000;
/** Resident memory of the process beside the guest's: compiled code and the interpreter's JavaScript. */
const PROCESS_BYTES = 512 << 20;
const WATCH_MS = 100;
/** Ticks a second of /proc/PID/stat: fixed by the kernel's interface. */
const CLOCK_TICKS = 100;

/** What a limit or the host ended; all other failures are the agent's own. */
const KILLS: ReadonlySet<RunError['code']> = new Set([
  'OUT_OF_MEMORY',
  'OUT_OF_GAS',
  'DEADLINE_EXCEEDED',
  'OUTPUT_TOO_LARGE',
  'TOO_MANY_CALLS',
  'CANCELLED',
]);

/** How much less than the platform a child counts while it boots for later. */
const BACKGROUND = 10;
/** Whether a process that was made to count less may count as before again: not everybody may undo that. Found out with the first child. */
let restorable: boolean | undefined;

type Done = Extract<ChildFrame, { type: 'done' }>;

/** Processor time and resident bytes of a process, where the system tells them without a process more. */
function readProcess(pid: number): { cpuMs: number; residentBytes: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { cpuMs: (ticks * 1000) / CLOCK_TICKS, residentBytes: Number(fields[21]) * 4096 };
  } catch {
    return undefined;
  }
}

export class PythonChild {
  readonly #jailed: Jailed;
  readonly #reader = new FrameReader();
  readonly #exited: Promise<void>;
  #onFrame: (frame: ChildFrame) => void = () => undefined;
  #onEnd: (message: string) => void = () => undefined;
  #ended: string | undefined;
  /** What it counted before it was put into the background. */
  #priority: number | undefined;

  constructor(folder: string) {
    this.#jailed = startJailed(folder, 'serve');
    const { process: child, socket } = this.#jailed;
    const end = (message: string): void => {
      if (this.#ended !== undefined) return;
      this.#ended = message;
      this.#onEnd(message);
    };
    this.#exited = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        end(`exit ${signal ?? code}${this.#jailed.stderr() ? `: ${this.#jailed.stderr().trim()}` : ''}`);
        resolve();
      });
      child.once('error', (error) => {
        end(messageOf(error));
        resolve();
      });
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const frame of this.#reader.push(chunk)) {
          this.#onFrame(JSON.parse(frame.toString('utf8')) as ChildFrame);
        }
      } catch (error) {
        this.kill();
        end(`it broke the protocol: ${messageOf(error)}`);
      }
    });
  }

  get alive(): boolean {
    return this.#ended === undefined;
  }

  /** Calls back once when the process ends. */
  onExit(listener: () => void): void {
    void this.#exited.then(listener);
  }

  /** @throws AiosError `PYTHON_ENGINE_CRASHED` when the child does not come up */
  ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        clearTimeout(timer);
        reject(
          new AiosError(
            'PYTHON_ENGINE_CRASHED',
            `a Python child did not start (${why}): free memory, or lower the number of warm children`,
          ),
        );
      };
      const timer = setTimeout(() => {
        this.kill();
        fail(`not ready after ${BOOT_MS} ms`);
      }, BOOT_MS);
      this.#onFrame = (frame) => {
        if (frame.type !== 'ready') return;
        clearTimeout(timer);
        resolve();
      };
      this.#onEnd = fail;
      if (this.#ended !== undefined) fail(this.#ended);
    });
  }

  /** Lets the process count less than others, where that can be undone. */
  background(): void {
    const { pid } = this.#jailed.process;
    if (pid === undefined || restorable === false) return;
    try {
      const before = getPriority(pid);
      setPriority(pid, Math.min(19, before + BACKGROUND));
      if (restorable === undefined) {
        restorable = false;
        setPriority(pid, before);
        restorable = true;
        setPriority(pid, Math.min(19, before + BACKGROUND));
      }
      this.#priority = before;
    } catch {
      // It has ended, or this system lets nobody do so.
    }
  }

  /** Lets it count as before again. */
  foreground(): void {
    const { pid } = this.#jailed.process;
    if (pid === undefined || this.#priority === undefined) return;
    try {
      setPriority(pid, this.#priority);
    } catch {
      // It has ended.
    }
    this.#priority = undefined;
  }

  kill(): void {
    this.#jailed.process.kill('SIGKILL');
  }

  /** Runs the one request this child is for; the process is gone, or going, when it resolves. */
  run(request: RunRequest, hooks: RunHooks, engine: string): Promise<RunOutcome> {
    const { limits } = request;
    const started = performance.now();
    const pid = this.#jailed.process.pid ?? 0;
    const cpuAtStart = readProcess(pid)?.cpuMs ?? 0;
    const calls: { call: HostCall; answer: HostAnswer }[] = [];
    const logs: LogLine[] = [];
    let logBytes = 0;
    const over = new AbortController();

    return new Promise((resolve) => {
      let finished = false;
      const finish = (done: Partial<Done> & { error?: RunError; output?: string }): void => {
        if (finished) return;
        finished = true;
        clearTimeout(deadline);
        clearInterval(watch);
        hooks.signal?.removeEventListener('abort', cancel);
        const seen = done.cpuMs ?? Math.max(0, (readProcess(pid)?.cpuMs ?? 0) - cpuAtStart);
        this.kill();
        over.abort();
        const wallMs = performance.now() - started;
        const judged = judge(done, limits.outputBytes);
        resolve({
          ...judged,
          gas: done.gas ?? logs.at(-1)?.gas ?? 0,
          memoryBytes: done.memoryBytes ?? 0,
          cpuMs: seen,
          wallMs,
          calls,
          logs,
          engine,
        });
      };
      const stop = (code: RunError['code'], message: string): void => finish({ error: { code, message } });
      const cancel = (): void => stop('CANCELLED', 'the run was cancelled');
      const deadline = setTimeout(
        () =>
          stop('DEADLINE_EXCEEDED', `the agent ran longer than limits.deadlineMs (${limits.deadlineMs} ms)`),
        limits.deadlineMs,
      );
      const watch = setInterval(() => {
        const process = readProcess(pid);
        if (process && process.residentBytes > limits.memoryBytes + PROCESS_BYTES)
          stop('OUT_OF_MEMORY', `the agent's process took ${process.residentBytes} bytes: use less memory`);
      }, WATCH_MS);
      hooks.signal?.addEventListener('abort', cancel, { once: true });
      if (hooks.signal?.aborted) return cancel();

      const answerCall = async (text: string): Promise<void> => {
        let parsed: unknown;
        try {
          parsed = JSON.parse(text);
        } catch {
          return stop('ENGINE_CRASHED', 'the interpreter sent a call that is no JSON');
        }
        if (!Array.isArray(parsed) || typeof parsed[0] !== 'string')
          return stop('ENGINE_CRASHED', 'the interpreter sent a call without a capability');
        if (calls.length >= limits.hostCalls)
          return stop(
            'TOO_MANY_CALLS',
            `the agent made more than ${limits.hostCalls} calls: raise limits.hostCalls`,
          );
        const call: HostCall = {
          index: calls.length,
          capability: parsed[0],
          args: (parsed[1] ?? null) as Json,
        };
        let answer: HostAnswer;
        try {
          answer = await hooks.call(call, over.signal);
        } catch (error) {
          answer = { error: { code: 'CALL_FAILED', message: messageOf(error) } };
        }
        if (finished) return;
        let frame = encodeFrame(JSON.stringify(answer));
        if (frame.length > ANSWER_BYTES) {
          answer = {
            error: {
              code: 'ANSWER_TOO_LARGE',
              message: `an answer has at most ${ANSWER_BYTES} bytes: ask for less`,
            },
          };
          frame = encodeFrame(JSON.stringify(answer));
        }
        calls.push({ call, answer });
        this.#jailed.socket.write(frame);
      };
      this.#onFrame = (frame) => {
        if (finished) return;
        if (frame.type === 'done') finish(frame);
        else if (frame.type === 'call') void answerCall(frame.request);
        else if (frame.type === 'log') {
          const room = limits.logBytes - logBytes;
          if (room <= 0) return;
          const text = cut(frame.text, room);
          logBytes += Buffer.byteLength(text);
          const line: LogLine = { level: frame.level, text, gas: frame.gas };
          logs.push(line);
          hooks.log?.(line);
        }
      };
      this.#onEnd = (why) =>
        /heap out of memory|allocation failed/i.test(why)
          ? stop(
              'OUT_OF_MEMORY',
              "the agent's objects outside the interpreter took too much memory: use less",
            )
          : stop('ENGINE_CRASHED', `the Python process ended before the agent did (${why.slice(0, 300)})`);
      if (this.#ended !== undefined) return this.#onEnd(this.#ended);
      const start: StartFrame = {
        entry: request.code.entry,
        files: [...request.code.files].map(([name, content]) => [
          name,
          Buffer.from(content).toString('base64'),
        ]),
        input: request.input,
        seed: request.seed,
        startedAt: request.startedAt,
        gas: limits.gas,
        memoryBytes: limits.memoryBytes,
        outputBytes: limits.outputBytes,
        hostCalls: limits.hostCalls,
      };
      this.#jailed.socket.write(encodeFrame(JSON.stringify(start)));
    });
  }
}

/** At most `bytes` of UTF-8, cut between characters. */
function cut(text: string, bytes: number): string {
  const encoded = Buffer.from(text, 'utf8');
  if (encoded.length <= bytes) return text;
  let end = bytes;
  while (end > 0 && ((encoded[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return encoded.subarray(0, end).toString('utf8');
}

/** Status, output and error of what a child said: its word counts only as far as it can be checked. */
function judge(
  done: { readonly output?: string; readonly error?: RunError },
  outputBytes: number,
): Pick<RunOutcome, 'status' | 'output' | 'error'> {
  if (done.error) return { status: KILLS.has(done.error.code) ? 'killed' : 'failed', error: done.error };
  const text = done.output ?? '';
  const bytes = Buffer.byteLength(text);
  if (bytes > outputBytes) {
    const message = `the output has ${bytes} bytes, limits.outputBytes allows ${outputBytes}`;
    return { status: 'killed', error: { code: 'OUTPUT_TOO_LARGE', message } };
  }
  try {
    return { status: 'completed', output: JSON.parse(text) as Json };
  } catch {
    return { status: 'failed', error: { code: 'AGENT_THREW', message: 'the output is no JSON' } };
  }
}
