// One running AssemblyScript module. It is started once and put back into an earlier state before each handler: the same isolation
// as a new instance per handler, at a fraction of its cost.
import { exportMutableGlobals, GLOBAL_PREFIX } from '#node/platform/wasm/export-globals.ts';
import { exportStart, START_EXPORT } from '#node/platform/wasm/export-start.ts';
import { GAS_GLOBAL, injectGas } from '#node/platform/wasm/gas.ts';
import { limitMemory } from '#node/platform/wasm/limit-memory.ts';
import { atLeast } from '../manifest/spec-version.ts';
import { type ArenaState, type AscExports, AscHeap } from './asc-heap.ts';
import { AscHeap004 } from './asc-heap-0-0-4.ts';
import type { PreparedType } from './entity-types.ts';
import { DeterministicError } from './failures.ts';

/** 2 GiB would fit WebAssembly; a handler that needs more than this much is broken. */
const MAX_MEMORY_PAGES = 16_384;
/** An instance whose memory grew beyond this is replaced, so that one greedy handler does not slow every reset. */
const LARGE_MEMORY = 32 * 1024 * 1024;

/** A mapping module made ready: metered, resettable, compiled. Compile once per deployment. */
export class MappingModule {
  readonly module: WebAssembly.Module;
  readonly imports: readonly WebAssembly.ModuleImportDescriptor[];
  /** Objects as AssemblyScript 0.6 laid them out: apiVersion 0.0.4 and older. */
  readonly legacy: boolean;

  constructor(bytes: Uint8Array, apiVersion: string) {
    const rewritten = injectGas(limitMemory(exportMutableGlobals(exportStart(bytes)), MAX_MEMORY_PAGES));
    this.module = new WebAssembly.Module(rewritten);
    this.imports = WebAssembly.Module.imports(this.module);
    this.legacy = !atLeast(apiVersion, '0.0.5');
  }
}

/** State to go back to: all memory below `end`, everything above it zero. */
interface Mark {
  readonly globals: readonly (number | bigint)[];
  readonly arena: ArenaState;
  /** Memory since the mark below, which begins at `start`. */
  readonly start: number;
  readonly bytes: Uint8Array;
}

type Exports = AscExports & Record<string, WebAssembly.ExportValue>;

/** @throws DeterministicError naming what a module that no tool of its apiVersion built does not export */
export function createHeap(module: MappingModule, exports: Exports): AscHeap {
  const names = module.legacy ? ['memory.allocate'] : ['allocate', 'id_of_type'];
  for (const name of names) {
    if (typeof exports[name] !== 'function') throw new DeterministicError(`\`${name}\` function not found`);
  }
  if (!module.legacy) return new AscHeap(exports);
  const allocate = exports['memory.allocate'] as unknown as AscExports['allocate'];
  return new AscHeap004({ memory: exports.memory, allocate });
}

export class ModuleInstance {
  readonly heap: AscHeap;
  readonly exports: Exports;
  readonly #gas: WebAssembly.Global;
  readonly #globals: readonly WebAssembly.Global[];
  /** The stub allocator's end of the used heap; null when it could not be told, then the whole memory counts as used. */
  readonly #heapEnd: WebAssembly.Global | null;
  readonly #names = new Map<number, Uint32Array>();
  readonly #strings = new Map<string, number>();
  readonly #marks: Mark[] = [];

  /**
   * Instantiates and starts the module and takes its first mark.
   *
   * @param imports functions by the import's own names
   * @param attach is handed the heap before the module starts, since its start may call host functions
   * @param strings texts that handlers will be handed often; their pointers are given by {@link internedString}
   * @throws DeterministicError when the module's start traps
   */
  constructor(
    module: MappingModule,
    imports: WebAssembly.Imports,
    types: Iterable<PreparedType>,
    strings: Iterable<string>,
    startGas: bigint,
    attach: (heap: AscHeap) => void,
  ) {
    const instance = new WebAssembly.Instance(module.module, imports);
    this.exports = instance.exports as Exports;
    this.#gas = this.exports[GAS_GLOBAL] as WebAssembly.Global;
    this.#globals = Object.entries(this.exports)
      .filter(([name]) => name.startsWith(GLOBAL_PREFIX))
      .map(([, value]) => value as WebAssembly.Global);
    this.heap = createHeap(module, this.exports);
    attach(this.heap);
    this.#gas.value = startGas;
    try {
      (this.exports[START_EXPORT] as (() => void) | undefined)?.();
      if (!module.legacy) (this.exports._start as (() => void) | undefined)?.();
    } catch (error) {
      throw this.#translate(error);
    }
    this.heap.refresh();
    // What host functions wrote during the start stands below what the module allocated after it: a mark must hold both.
    this.heap.arena = { next: 0, free: 0 };
    this.#heapEnd = this.#findHeapEnd();
    for (const type of types) this.#intern(type);
    for (const text of strings) this.#strings.set(text, this.heap.writeString(text));
    // The module may have allocated behind an arena that host functions got while it started: from here on, the host's
    // objects begin where all of that ends.
    const end = this.#usedEnd();
    this.heap.arena = { next: end, free: 0 };
    this.#mark(0, end);
    this.heap.staticEnd = end;
  }

  #usedEnd(): number {
    return this.#heapEnd === null ? this.heap.u8.length : (this.#heapEnd.value as number) >>> 0;
  }

  /** The global that an allocation moves is the allocator's. */
  #findHeapEnd(): WebAssembly.Global | null {
    const before = this.#globals.map((global) => global.value as number | bigint);
    this.heap.allocate(16);
    const moved = this.#globals.filter((global, index) => global.value !== before[index]);
    return moved.length === 1 && typeof moved[0]?.value === 'number'
      ? (moved[0] as WebAssembly.Global)
      : null;
  }

  #intern(type: PreparedType): void {
    this.#names.set(
      type.index,
      Uint32Array.from(type.stored, (field) => this.heap.writeString(field.name)),
    );
  }

  /** Pointers of the names of a type's stored fields. */
  names(type: PreparedType): Uint32Array {
    return this.#names.get(type.index) as Uint32Array;
  }

  internedString(text: string): number {
    return this.#strings.get(text) ?? this.heap.writeString(text);
  }

  isInterned(text: string): boolean {
    return this.#strings.has(text);
  }

  get large(): boolean {
    return this.heap.u8.length > LARGE_MEMORY;
  }

  // -------------------------------------------------------------- marks

  #mark(start: number, end: number): void {
    this.#marks.push({
      globals: this.#globals.map((global) => global.value as number | bigint),
      arena: this.heap.arena,
      start,
      bytes: this.heap.u8.slice(start, end),
    });
  }

  /** Makes the present state the one that `reset(level)` goes back to; level 0 is the state after start. */
  mark(level: number): void {
    this.#marks.length = level;
    if (this.#heapEnd === null) {
      this.#mark(0, this.heap.u8.length);
      return;
    }
    const below = this.#marks[level - 1] as Mark;
    // Only the host has allocated since: what follows the arena's used part was never touched, it is zero.
    this.#mark(below.start + below.bytes.length, this.heap.arena.next);
  }

  /** Goes back to the state of a mark and forgets those above it. */
  reset(level: number): void {
    this.heap.refresh();
    const { heap } = this;
    const used = this.#usedEnd();
    this.#marks.length = level + 1;
    const top = this.#marks[level] as Mark;
    for (const mark of this.#marks) heap.u8.set(mark.bytes, mark.start);
    const end = top.start + top.bytes.length;
    // Allocations are rounded up to 16 bytes and the allocator writes a header in front of the next one.
    heap.u8.fill(0, end, Math.min(heap.u8.length, Math.max(end, used + 16)));
    for (let index = 0; index < this.#globals.length; index += 1) {
      (this.#globals[index] as WebAssembly.Global).value = top.globals[index];
    }
    heap.arena = top.arena;
  }

  // -------------------------------------------------------------- calls

  /**
   * Runs an exported handler. Errors of host functions pass through as they are.
   *
   * @throws DeterministicError when the module traps or spends its gas
   */
  call(handler: string, argument: number, gas: bigint): void {
    const run = this.exports[handler];
    if (typeof run !== 'function')
      throw new DeterministicError(`handler ${handler} is not exported by the module`);
    this.#gas.value = gas;
    try {
      (run as (pointer: number) => void)(argument);
    } catch (error) {
      throw this.#translate(error);
    } finally {
      this.heap.refresh();
    }
  }

  #translate(error: unknown): unknown {
    if (error instanceof WebAssembly.RuntimeError) {
      if ((this.#gas.value as bigint) < 0n)
        return new DeterministicError('handler ran out of gas: it loops or does too much');
      return new DeterministicError(`WebAssembly trap: ${error.message}`);
    }
    // V8 reports an exhausted stack as a RangeError; only endless recursion gets there.
    if (error instanceof RangeError && /call stack/i.test(error.message)) {
      return new DeterministicError('handler ran out of stack: it recurses without end');
    }
    return error;
  }
}
