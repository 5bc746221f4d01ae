// A booted QuickJS heap, kept as bytes: what takes tens of milliseconds is done once a process, and every run starts from a copy.
import { createHash } from 'node:crypto';
import { AiosError } from '#node/platform/errors.ts';
import { PAGE_SIZE } from '#node/platform/wasm/limit-memory.ts';
import { PRELUDE } from './prelude.ts';
import { type QuickJsCallbacks, QuickJsInstance, STACK_BYTES } from './quickjs-instance.ts';
import { INITIAL_PAGES, QUICKJS_NAME, readQuickJsModule } from './quickjs-module.ts';

/** Numbers by which the prelude calls the host. */
export const HOST_FUNCTION = { call: 1, log: 2, done: 3 } as const;

/** Everything a worker needs to start a run; travels between threads. */
export interface QuickJsSnapshot {
  readonly module: WebAssembly.Module;
  /** Pages of 4 KiB that are not zero: page number and, at the same index, its bytes in `contents`. */
  readonly pages: readonly number[];
  readonly contents: Uint8Array;
  readonly globals: readonly (readonly [string, number | bigint])[];
  readonly runtime: number;
  readonly context: number;
  /** Address of the prelude's function. */
  readonly prelude: number;
  /** Address of the countdown that QuickJS lowers by one at every call and every backward jump. */
  readonly countdown: number;
  /** Name, version and hashes of module and prelude. */
  readonly engine: string;
}

const PAGE = 4096;
/** How much of the context's structure is searched for the countdown. */
const SEARCHED = 2048;

const encoder = new TextEncoder();

const idle: QuickJsCallbacks = {
  now: () => 0,
  interrupt: () => undefined,
  hostFunction: () => 0,
  loadModule: () => undefined,
  resolveModule: (_from, requested) => requested,
};

/** Evaluates a script in a heap that runs nothing but ours. */
function evaluate(instance: QuickJsInstance, source: string): number {
  const { functions, context } = instance;
  const code = encoder.encode(source);
  const value = functions.QTS_Eval(
    context,
    instance.place(code),
    code.length,
    instance.placeText('aios'),
    0,
    0,
  );
  if (functions.QTS_ResolveException(context, value) !== 0)
    throw new AiosError('ENGINE_INVALID', `the prelude does not evaluate in ${QUICKJS_NAME}: run npm ci`);
  return value;
}

function boot(module: WebAssembly.Module): { instance: QuickJsInstance; prelude: number } {
  const instance = new QuickJsInstance(module, INITIAL_PAGES, idle);
  instance.construct();
  const { functions } = instance;
  instance.runtime = functions.QTS_NewRuntime();
  instance.context = functions.QTS_NewContext(instance.runtime, 0);
  functions.QTS_RuntimeSetMaxStackSize(instance.runtime, STACK_BYTES);
  functions.QTS_RuntimeEnableInterruptHandler(instance.runtime);
  functions.QTS_RuntimeEnableModuleLoader(instance.runtime, 1);
  const factory = evaluate(instance, PRELUDE);
  const hosts = Object.entries(HOST_FUNCTION).map(([name, id]) =>
    functions.QTS_NewFunction(instance.context, instance.placeText(name), 2, 0, id),
  );
  const list = instance.place(new Uint8Array(Uint32Array.from(hosts).buffer));
  const prelude = functions.QTS_Call(
    instance.context,
    factory,
    functions.QTS_GetUndefined(),
    hosts.length,
    list,
  );
  if (functions.QTS_ResolveException(instance.context, prelude) !== 0)
    throw new AiosError('ENGINE_INVALID', `the prelude does not run in ${QUICKJS_NAME}: run npm ci`);
  return { instance, prelude };
}

/**
 * Finds the countdown by what it does: loops of 10 and of 110 turns lower it by amounts that differ by one or two hundred.
 * One word of the context does that, or this is another build.
 */
function findCountdown(module: WebAssembly.Module): number {
  const { instance } = boot(module);
  const words = () =>
    new Int32Array(instance.memory.buffer.slice(instance.context, instance.context + SEARCHED));
  const after = (turns: number) => {
    evaluate(instance, `for (let i = 0; i < ${turns}; i += 1);`);
    return words();
  };
  after(10);
  const first = after(10);
  const second = after(10);
  const third = after(110);
  const found: number[] = [];
  for (const [index, value] of first.entries()) {
    const short = value - (second[index] ?? 0);
    const long = (second[index] ?? 0) - (third[index] ?? 0);
    if (short > 0 && (long - short === 100 || long - short === 200)) found.push(index);
  }
  const [index] = found;
  if (index === undefined || found.length > 1)
    throw new AiosError('ENGINE_INVALID', `${QUICKJS_NAME} does not count as expected: run npm ci`);
  return instance.context + index * 4;
}

/** Pages of a memory that hold anything. */
function usedPages(bytes: Uint8Array): number[] {
  const words = new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  const used: number[] = [];
  for (let page = 0; page * PAGE < bytes.length; page += 1) {
    const end = ((page + 1) * PAGE) / 8;
    for (let at = (page * PAGE) / 8; at < end; at += 1) {
      if (words[at] === 0n) continue;
      used.push(page);
      break;
    }
  }
  return used;
}

/**
 * Boots a heap with the prelude and keeps it.
 *
 * @throws AiosError `ENGINE_INVALID` when the installed module is not the one expected
 */
export function bootQuickJs(path?: string): QuickJsSnapshot {
  const module = new WebAssembly.Module(readQuickJsModule(path));
  const countdown = findCountdown(module);
  const { instance, prelude } = boot(module);
  const bytes = instance.bytes;
  // A restored instance has its data segments in place: pages they fill are written over even where the booted heap is zero.
  const untouched = new QuickJsInstance(module, INITIAL_PAGES, idle);
  const pages = [...new Set([...usedPages(bytes), ...usedPages(untouched.bytes)])].sort((a, b) => a - b);
  const contents = new Uint8Array(new SharedArrayBuffer(pages.length * PAGE));
  for (const [index, page] of pages.entries())
    contents.set(bytes.subarray(page * PAGE, (page + 1) * PAGE), index * PAGE);
  return {
    module,
    pages,
    contents,
    globals: instance.globals.map(([name, global]) => [name, global.value as number | bigint] as const),
    runtime: instance.runtime,
    context: instance.context,
    prelude,
    countdown,
    engine: `${QUICKJS_NAME} prelude:${createHash('sha256').update(PRELUDE).digest('hex').slice(0, 16)}`,
  };
}

/** Puts an instance into the snapshot's state, every byte and every global of it. */
function reset(snapshot: QuickJsSnapshot, instance: QuickJsInstance): void {
  const bytes = instance.bytes;
  for (const [index, page] of snapshot.pages.entries())
    bytes.set(snapshot.contents.subarray(index * PAGE, (index + 1) * PAGE), page * PAGE);
  const values = new Map(snapshot.globals);
  for (const [name, global] of instance.globals) global.value = values.get(name);
  instance.runtime = snapshot.runtime;
  instance.context = snapshot.context;
}

/**
 * Heaps for runs. A heap whose run ended by itself and did not grow is cleared to its last byte and used again, which leaves the same
 * state as a new one at a third of the cost; any other is thrown away.
 */
export class QuickJsHeaps {
  readonly #snapshot: QuickJsSnapshot;
  #kept: QuickJsInstance | undefined;

  constructor(snapshot: QuickJsSnapshot) {
    this.#snapshot = snapshot;
  }

  /** An instance in the snapshot's state that may grow to `maximumPages`. */
  take(maximumPages: number, callbacks: QuickJsCallbacks): QuickJsInstance {
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept === undefined || kept.maximumPages !== maximumPages) {
      const instance = new QuickJsInstance(this.#snapshot.module, maximumPages, callbacks);
      reset(this.#snapshot, instance);
      return instance;
    }
    kept.bytes.fill(0);
    kept.callbacks = callbacks;
    reset(this.#snapshot, kept);
    return kept;
  }

  /** Gives back an instance that no code is in and that nothing stopped. */
  give(instance: QuickJsInstance): void {
    if (instance.memory.buffer.byteLength === INITIAL_PAGES * PAGE_SIZE) this.#kept = instance;
  }
}
