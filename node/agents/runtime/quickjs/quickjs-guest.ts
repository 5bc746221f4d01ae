// Runs one agent written in JavaScript: restores a heap, evaluates the entry as an ES module, calls its `run`, and drains its promises.
import { posix } from 'node:path';
import { PAGE_SIZE } from '#node/platform/wasm/limit-memory.ts';
import { BORDER, type GuestHost, type GuestOutcome, type GuestRun } from '../guest.ts';
import { GuestStop } from '../guest-stop.ts';
import { nestsDeeper } from '../json-depth.ts';
import { DONE, LOG_LINE, PRELUDE_OPERATION } from './prelude.ts';
import type { QuickJsInstance } from './quickjs-instance.ts';
import { HOST_FUNCTION, type QuickJsHeaps, type QuickJsSnapshot } from './quickjs-snapshot.ts';

/** QuickJS asks for an interrupt after this many steps (calls and backward jumps), and sets its countdown to it again. */
const STEPS = 10_000;
/** Gas of one promise job, whose native part takes no step of its own. */
const JOB_GAS = 1;
/** JS_EVAL_TYPE_MODULE. */
const MODULE = 1;
/** Longest message and stack of an error. */
const ERROR_TEXT = 4_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const strict = new TextDecoder('utf-8', { fatal: true });

/** Paths a request may stand for: TypeScript is written without extension or with that of its output. */
function candidates(path: string): string[] {
  return [
    path,
    ...(path.endsWith('.js') ? [`${path.slice(0, -3)}.ts`] : []),
    ...(path.endsWith('.mjs') ? [`${path.slice(0, -4)}.mts`] : []),
    `${path}.ts`,
    `${path}.js`,
    `${path}/index.ts`,
    `${path}/index.js`,
  ];
}

class QuickJsRun {
  readonly instance: QuickJsInstance;
  readonly #snapshot: QuickJsSnapshot;
  readonly #run: GuestRun;
  readonly #host: GuestHost;
  /** Gas of the countdowns that ran out, and what the present one began with. */
  #spent = 0;
  #window = 0;
  #missing: string | undefined;
  #done: { readonly kind: number; readonly json: Uint8Array } | undefined;

  constructor(snapshot: QuickJsSnapshot, heaps: QuickJsHeaps, run: GuestRun, host: GuestHost) {
    this.#snapshot = snapshot;
    this.#run = run;
    this.#host = host;
    this.instance = heaps.take(Math.floor(run.limits.memoryBytes / PAGE_SIZE), {
      now: () => run.startedAt,
      interrupt: () => this.#interrupt(),
      hostFunction: (id, count, at) => this.#hostFunction(id, count, at),
      loadModule: (name) => this.#load(name),
      resolveModule: (from, requested) => this.#resolve(from, requested),
    });
    this.#window = this.#countdown;
  }

  get memoryBytes(): number {
    return this.instance.memory.buffer.byteLength;
  }

  get gas(): number {
    return Math.min(this.#spent + this.#window - this.#countdown, this.#run.limits.gas);
  }

  get #countdown(): number {
    return new DataView(this.instance.memory.buffer).getInt32(this.#snapshot.countdown, true);
  }

  /** Notes what was spent in all, and starts a countdown that ends where the gas does. */
  #count(spent: number): void {
    this.#spent = spent;
    const remaining = this.#run.limits.gas - spent;
    this.#window = Math.min(STEPS, Math.max(remaining, 0));
    new DataView(this.instance.memory.buffer).setInt32(this.#snapshot.countdown, this.#window, true);
    if (remaining <= 0) throw new GuestStop('OUT_OF_GAS', `the run spent its ${this.#run.limits.gas} gas`);
  }

  #interrupt(): void {
    const countdown = this.#countdown;
    // Either the countdown ran out and the engine has just begun a full one, or a regular expression backtracks, which counts by itself.
    if (countdown === STEPS) this.#count(this.#spent + this.#window);
    else this.#count(this.#spent + this.#window - countdown + STEPS);
    this.#host.checkpoint(this.gas, this.memoryBytes);
  }

  #resolve(from: string, requested: string): string {
    if (!requested.startsWith('./') && !requested.startsWith('../')) return requested;
    const path = posix.join(posix.dirname(from), requested);
    return candidates(path).find((candidate) => this.#run.code.files.has(candidate)) ?? path;
  }

  #load(name: string): Uint8Array | undefined {
    const source = this.#run.code.files.get(name);
    if (source === undefined) this.#missing ??= name;
    return source;
  }

  #hostFunction(id: number, count: number, at: number): number {
    const instance = this.instance;
    if (id === HOST_FUNCTION.call && count >= 1) {
      // Answered even where the guest asked too much, so that it can do without.
      const request = instance.withText(instance.argument(at, 0), (text) => {
        if (text.length > BORDER.callBytes) return 'ARGS_TOO_LARGE';
        if (nestsDeeper(text, BORDER.jsonDepth)) return 'ARGS_TOO_DEEP';
        return text.slice();
      });
      if (typeof request !== 'string') return instance.newString(this.#host.call(request));
      const message = `arguments of a call are at most ${BORDER.callBytes} bytes and ${BORDER.jsonDepth} levels deep`;
      return instance.newString(encoder.encode(JSON.stringify({ error: { code: request, message } })));
    }
    if (id === HOST_FUNCTION.log && count >= 2) {
      const level = this.#number(instance.argument(at, 0));
      const text = instance.withText(instance.argument(at, 1), (json) =>
        // Longer than the prelude sends: whoever does is not listened to.
        json.length > LOG_LINE * 6 + 2 ? '' : decoder.decode(json),
      );
      this.#host.log(level, textOf(text), this.gas);
    }
    if (id === HOST_FUNCTION.done && count >= 2 && this.#done === undefined) {
      const kind = this.#number(instance.argument(at, 0));
      const { outputBytes } = this.#run.limits;
      const json = instance.withText(instance.argument(at, 1), (text) => {
        if (text.length > outputBytes && kind === DONE.output) {
          const message = `the output has ${text.length} bytes, ${outputBytes} are allowed: return less or store it`;
          throw new GuestStop('OUTPUT_TOO_LARGE', message);
        }
        return kind === DONE.output ? text.slice() : text.slice(0, ERROR_TEXT * 8);
      });
      this.#done = { kind, json };
    }
    return 0;
  }

  #number(value: number): number {
    return this.instance.functions.QTS_GetFloat64(this.instance.context, value);
  }

  #prelude(operation: number, ...values: readonly number[]): void {
    const { functions, context } = this.instance;
    const list = [functions.QTS_NewFloat64(context, operation), ...values];
    const at = this.instance.place(new Uint8Array(Uint32Array.from(list).buffer));
    functions.QTS_Call(context, this.#snapshot.prelude, functions.QTS_GetUndefined(), list.length, at);
  }

  /** Evaluates the entry: the module, a promise of it, or undefined when it threw. */
  #evaluate(source: Uint8Array): number | undefined {
    const instance = this.instance;
    const { functions, context } = instance;
    const name = instance.placeText(this.#run.code.entry);
    const value = functions.QTS_Eval(context, instance.place(source), source.length, name, 0, MODULE);
    const thrown = functions.QTS_ResolveException(context, value);
    if (thrown === 0) return value;
    this.#prelude(-1, thrown);
    return undefined;
  }

  #drain(): void {
    const { functions, runtime } = this.instance;
    const out = this.instance.place(new Uint8Array(8));
    while (this.#done === undefined && functions.QTS_IsJobPending(runtime) !== 0) {
      functions.QTS_FreeValuePointer(this.instance.context, functions.QTS_ExecutePendingJob(runtime, 1, out));
      this.#count(this.gas + JOB_GAS);
    }
  }

  run(): GuestOutcome {
    const source = this.#run.code.files.get(this.#run.code.entry);
    if (source === undefined) return this.#invalid(`the package has no file ${this.#run.code.entry}`);
    const instance = this.instance;
    this.#prelude(PRELUDE_OPERATION.seed, instance.newString(encoder.encode(this.#run.seed)));
    // What seeding took is ours.
    this.#count(0);
    const module = this.#evaluate(source);
    const evaluated = this.#done === undefined;
    if (module !== undefined) {
      this.#prelude(PRELUDE_OPERATION.run, module, instance.newString(this.#run.input));
      this.#drain();
    }
    return this.#outcome(evaluated);
  }

  #invalid(message: string, stack?: string): GuestOutcome {
    const error = { code: 'CODE_INVALID' as const, message, ...(stack ? { stack } : {}) };
    return { error, gas: this.gas, memoryBytes: this.memoryBytes };
  }

  #outcome(evaluated: boolean): GuestOutcome {
    const { gas, memoryBytes } = this;
    const done = this.#done;
    // A module may do without what a dynamic import did not find.
    if (this.#missing !== undefined && done?.kind !== DONE.output)
      return this.#invalid(
        `there is no module ${this.#missing} in the package: agents import their own files only, by a relative path`,
      );
    const failed = (message: string, stack?: string): GuestOutcome => ({
      error: { code: 'AGENT_THREW', message, ...(stack ? { stack } : {}) },
      gas,
      memoryBytes,
    });
    if (done === undefined) return failed('run answered a promise that nothing is left to settle');
    if (done.kind === DONE.invalid)
      return this.#invalid(
        `${this.#run.code.entry} exports no function run: write export function run(input, aios)`,
      );
    if (done.kind === DONE.threw) {
      const { name, message, stack } = describedError(done.json);
      if (!evaluated && name === 'SyntaxError') return this.#invalid(`${name}: ${message}`, stack);
      return failed(`${name}: ${message}`, stack);
    }
    if (nestsDeeper(done.json, BORDER.jsonDepth))
      return failed(`the output nests deeper than ${BORDER.jsonDepth} levels: flatten it`);
    try {
      JSON.parse(strict.decode(done.json));
    } catch {
      return failed('the output is not JSON');
    }
    return { output: done.json, gas, memoryBytes };
  }
}

/** The text of a log line, which the prelude sends as JSON so that it may hold any character. */
function textOf(json: string): string {
  try {
    const text: unknown = JSON.parse(json);
    return typeof text === 'string' ? text : '';
  } catch {
    return '';
  }
}

function describedError(json: Uint8Array): { name: string; message: string; stack: string } {
  const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, ERROR_TEXT) : '');
  try {
    const value = JSON.parse(decoder.decode(json)) as Record<string, unknown>;
    return { name: text(value.name), message: text(value.message), stack: text(value.stack) };
  } catch {
    return { name: 'Error', message: 'what was thrown is too large to be told', stack: '' };
  }
}

/** Runs the guest to its end. What stops it is an outcome; only faults of this code throw. */
export function runQuickJs(
  snapshot: QuickJsSnapshot,
  heaps: QuickJsHeaps,
  run: GuestRun,
  host: GuestHost,
): GuestOutcome {
  const guest = new QuickJsRun(snapshot, heaps, run, host);
  try {
    const outcome = guest.run();
    heaps.give(guest.instance);
    return outcome;
  } catch (error) {
    const { gas, memoryBytes } = guest;
    if (error instanceof GuestStop)
      return { error: { code: error.code, message: error.message }, gas, memoryBytes };
    if (error instanceof RangeError || error instanceof WebAssembly.RuntimeError) {
      const message = `the engine trapped and its heap was thrown away: ${error.message}`;
      return { error: { code: 'ENGINE_CRASHED', message }, gas, memoryBytes };
    }
    throw error;
  }
}
