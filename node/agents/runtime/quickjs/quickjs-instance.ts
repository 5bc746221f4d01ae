// One QuickJS heap with exactly the imports it needs: no clock, no environment, no output, no files. What the guest can reach of the
// host is the six callbacks of `QuickJsCallbacks`.
import { GLOBAL_PREFIX } from '#node/platform/wasm/export-globals.ts';
import { PAGE_SIZE } from '#node/platform/wasm/limit-memory.ts';
import { GuestStop } from '../guest-stop.ts';
import { INITIAL_PAGES, QUICKJS_EXPORTS, type QuickJsFunctions } from './quickjs-module.ts';

export interface QuickJsCallbacks {
  /** Milliseconds since 1970. */
  now(): number;
  interrupt(): void;
  /** A host function, known by its number; answers the address of a value. */
  hostFunction(id: number, argumentCount: number, argumentsAt: number): number;
  /** Source of a module of the package, or undefined. */
  loadModule(name: string): Uint8Array | undefined;
  resolveModule(from: string, requested: string): string;
}

const GROWTH_PAGES = 32;
/** Bytes of a module's name that are looked at. */
const NAME_BYTES = 1_024;
/** Bytes of the module's own stack a guest may fill before it gets a stack overflow it can catch. */
export const STACK_BYTES = 512 * 1024;

const encoder = new TextEncoder();
// Ill-formed text from a guest becomes replacement characters in messages; what crosses as JSON is decoded strictly elsewhere.
const decoder = new TextDecoder();

export class QuickJsInstance {
  readonly memory: WebAssembly.Memory;
  readonly maximumPages: number;
  /** Of the run that is under way. */
  callbacks: QuickJsCallbacks;
  readonly functions: QuickJsFunctions;
  readonly #exports: WebAssembly.Exports;
  #bytes: Uint8Array;

  /** @param maximumPages the most the heap may grow to; one step further ends the run */
  constructor(module: WebAssembly.Module, maximumPages: number, callbacks: QuickJsCallbacks) {
    this.maximumPages = maximumPages;
    this.callbacks = callbacks;
    this.memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: maximumPages });
    this.#bytes = new Uint8Array(this.memory.buffer);
    this.#exports = new WebAssembly.Instance(module, { a: this.#imports() }).exports;
    this.functions = Object.fromEntries(
      Object.entries(QUICKJS_EXPORTS).map(([name, exported]) => [name, this.#exports[exported]]),
    ) as unknown as QuickJsFunctions;
  }

  /** Runs the module's constructors; an instance restored from a snapshot has them behind it. */
  construct(): void {
    (this.#exports.u as () => void)();
  }

  /** The heap; asked for anew after every entry into the module, which may have grown it. */
  get bytes(): Uint8Array {
    if (this.#bytes.buffer !== this.memory.buffer) this.#bytes = new Uint8Array(this.memory.buffer);
    return this.#bytes;
  }

  get globals(): readonly (readonly [string, WebAssembly.Global])[] {
    return Object.entries(this.#exports).flatMap(([name, value]) =>
      name.startsWith(GLOBAL_PREFIX) ? [[name, value as WebAssembly.Global] as const] : [],
    );
  }

  /** Copies bytes and a closing zero into the heap. The address belongs to the caller. */
  place(text: Uint8Array): number {
    const address = this.functions.malloc(text.length + 1) >>> 0;
    if (address === 0) throw new GuestStop('OUT_OF_MEMORY', 'the heap is full');
    const bytes = this.bytes;
    bytes.set(text, address);
    bytes[address + text.length] = 0;
    return address;
  }

  placeText(text: string): number {
    return this.place(encoder.encode(text));
  }

  /** Address of a new string value. */
  newString(text: Uint8Array): number {
    const address = this.place(text);
    const value = this.functions.QTS_NewString(this.context, address);
    this.functions.free(address);
    return value;
  }

  /** Bytes up to the next zero. A view: copy it before the module is entered again. */
  cString(address: number): Uint8Array {
    const bytes = this.bytes;
    const end = bytes.indexOf(0, address);
    return bytes.subarray(address, end < 0 ? bytes.length : end);
  }

  /** Set once, when the heap is booted or restored. */
  context = 0;
  runtime = 0;

  argument(argumentsAt: number, index: number): number {
    return this.functions.QTS_ArgvGetJSValueConstPointer(argumentsAt, index);
  }

  /** Hands the UTF-8 bytes of a value's text to `use`, which must not keep them. */
  withText<T>(value: number, use: (text: Uint8Array) => T): T {
    const address = this.functions.QTS_GetString(this.context, value) >>> 0;
    const result = use(this.cString(address));
    this.functions.QTS_FreeCString(this.context, address);
    return result;
  }

  #imports(): Record<string, WebAssembly.ImportValue> {
    const word = (address: number, value: number) => {
      new DataView(this.memory.buffer).setInt32(address, value, true);
    };
    const crash = (what: string) => () => {
      throw new GuestStop('ENGINE_CRASHED', `QuickJS ended itself: ${what}`);
    };
    const nothing = () => 0;
    // Letters are those of the linker, in the order of the package's loader (`xa={b:…}`).
    return {
      a: this.memory,
      b: crash('assertion'),
      q: crash('abort'),
      r: crash('exit'),
      l: nothing,
      j: nothing,
      // localtime and tzset: a guest lives in UTC. struct tm: seconds … day of the year, daylight saving at 32, offset at 36.
      m: (seconds: bigint, address: number) => {
        const date = new Date(Number(seconds) * 1000);
        const year = date.getUTCFullYear();
        const fields = [
          date.getUTCSeconds(),
          date.getUTCMinutes(),
          date.getUTCHours(),
          date.getUTCDate(),
          date.getUTCMonth(),
          year - 1900,
          date.getUTCDay(),
          Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000),
          0,
          0,
        ];
        for (const [index, value] of fields.entries()) word(address + index * 4, value);
      },
      n: (timezone: number, daylight: number) => {
        word(timezone, 0);
        word(daylight, 0);
      },
      p: () => this.callbacks.now(),
      k: (wanted: number) => {
        const pages = this.memory.buffer.byteLength / PAGE_SIZE;
        const least = Math.ceil((wanted >>> 0) / PAGE_SIZE) - pages;
        try {
          // More than is asked for, as long as there is: growing takes a system call.
          this.memory.grow(Math.max(least, Math.min(GROWTH_PAGES, this.maximumPages - pages)));
        } catch {
          throw new GuestStop('OUT_OF_MEMORY', 'the run needs more memory than its limit');
        }
        return 1;
      },
      e: nothing,
      f: (count: number, size: number) => {
        word(count, 0);
        word(size, 0);
        return 0;
      },
      // fd_close and fd_seek answer "not supported"; fd_write swallows what printf of the engine would say.
      d: () => 52,
      o: () => 70,
      c: (_descriptor: number, vectors: number, count: number, written: number) => {
        const view = new DataView(this.memory.buffer);
        let total = 0;
        for (let index = 0; index < count; index += 1) total += view.getUint32(vectors + index * 8 + 4, true);
        view.setUint32(written, total, true);
        return 0;
      },
      s: (_context: number, _self: number, argumentCount: number, argumentsAt: number, id: number) =>
        this.callbacks.hostFunction(id, argumentCount, argumentsAt),
      i: () => {
        this.callbacks.interrupt();
        return 0;
      },
      // Names are cut where no path of a package is as long, before they become strings of the host.
      h: (_runtime: number, _context: number, name: number) => {
        const source = this.callbacks.loadModule(decoder.decode(this.cString(name).subarray(0, NAME_BYTES)));
        // Zero makes the engine throw "could not load module" inside the guest.
        return source === undefined ? 0 : this.place(source);
      },
      g: (_runtime: number, _context: number, from: number, requested: number) =>
        this.placeText(
          this.callbacks.resolveModule(
            decoder.decode(this.cString(from).subarray(0, NAME_BYTES)),
            decoder.decode(this.cString(requested).subarray(0, NAME_BYTES)),
          ),
        ),
      t: nothing,
    };
  }
}
