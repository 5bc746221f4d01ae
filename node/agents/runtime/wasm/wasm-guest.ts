// Runs one agent that is a WebAssembly module: rewritten to count gas and to keep its memory, then called over JSON.
import { createHash } from 'node:crypto';
import { AiosError } from '#node/platform/errors.ts';
import { exportStart, START_EXPORT } from '#node/platform/wasm/export-start.ts';
import { GAS_GLOBAL, injectGas } from '#node/platform/wasm/gas.ts';
import { limitMemory, PAGE_SIZE } from '#node/platform/wasm/limit-memory.ts';
import { BORDER, type GuestHost, type GuestOutcome, type GuestRun } from '../guest.ts';
import { GuestStop } from '../guest-stop.ts';
import { nestsDeeper } from '../json-depth.ts';
import { deterministicCode } from './deterministic-code.ts';
import { limitTables } from './limit-tables.ts';

/** Counts up with every change of what is charged or how the module is called. */
export const WASM_ENGINE = 'wasm-gas/2';

/** Gas between two looks at the deadline would need code in the module; a host call is the only one. What loops is ended from outside. */
const ABI = 'export memory, alloc(i32) -> i32 and run(i32, i32) -> i64';
/** Entries a module's tables may have together. */
const TABLE_ENTRIES = 100_000;
/** Bytes of a module: compiling takes time that no gas pays for. */
const MODULE_BYTES = 4 << 20;
/** Gas of a call to the host beside its instructions, and of each byte that crosses. */
const CALL_GAS = 500n;
const BYTE_GAS = 1n;

const IMPORTS: Readonly<Record<string, string>> = { call: 'function', log: 'function' };

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly alloc: (bytes: number) => number;
  readonly run: (at: number, length: number) => bigint;
}

/** Modules compiled lately, by their instrumented bytes' source and pages. */
const compiled = new Map<string, WebAssembly.Module>();
const KEPT_MODULES = 16;

class CodeInvalid extends Error {}

function compile(bytes: Uint8Array, pages: number): WebAssembly.Module {
  if (bytes.length > MODULE_BYTES)
    throw new CodeInvalid(
      `the module has ${bytes.length} bytes, ${MODULE_BYTES} are allowed: strip and optimise it`,
    );
  const key = `${createHash('sha256').update(bytes).digest('hex')}:${pages}`;
  const known = compiled.get(key);
  if (known) return known;
  let module: WebAssembly.Module;
  try {
    const limited = limitTables(limitMemory(exportStart(bytes), pages), TABLE_ENTRIES);
    module = new WebAssembly.Module(deterministicCode(injectGas(limited, { initial: 0n })));
  } catch (error) {
    if (error instanceof AiosError || error instanceof WebAssembly.CompileError)
      throw new CodeInvalid(error.message);
    throw error;
  }
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (from !== 'aios' || IMPORTS[name] !== kind)
      throw new CodeInvalid(
        `the module imports ${kind} ${from}.${name}: only aios.call and aios.log are given`,
      );
  }
  const exported = new Map(WebAssembly.Module.exports(module).map(({ name, kind }) => [name, kind]));
  if (
    exported.get('memory') !== 'memory' ||
    exported.get('alloc') !== 'function' ||
    exported.get('run') !== 'function'
  )
    throw new CodeInvalid(`the module lacks exports: ${ABI}`);
  for (const oldest of compiled.keys()) {
    if (compiled.size < KEPT_MODULES) break;
    compiled.delete(oldest);
  }
  compiled.set(key, module);
  return module;
}

class WasmRun {
  readonly #run: GuestRun;
  readonly #host: GuestHost;
  readonly #exports: Exports;
  readonly #gas: WebAssembly.Global<'i64'>;
  readonly #start: (() => void) | undefined;

  constructor(module: WebAssembly.Module, run: GuestRun, host: GuestHost) {
    this.#run = run;
    this.#host = host;
    const instance = new WebAssembly.Instance(module, {
      aios: {
        call: (at: number, length: number) => this.#call(at, length),
        log: (level: number, at: number, length: number) => this.#log(level, at, length),
      },
    });
    this.#exports = instance.exports as unknown as Exports;
    this.#gas = instance.exports[GAS_GLOBAL] as WebAssembly.Global<'i64'>;
    this.#gas.value = BigInt(Math.min(run.limits.gas, Number.MAX_SAFE_INTEGER));
    this.#start = instance.exports[START_EXPORT] as (() => void) | undefined;
  }

  get gas(): number {
    const left = Number(this.#gas.value);
    return this.#run.limits.gas - Math.max(left, 0);
  }

  get outOfGas(): boolean {
    return this.#gas.value < 0n;
  }

  get memoryBytes(): number {
    return this.#exports.memory.buffer.byteLength;
  }

  #charge(gas: bigint): void {
    this.#gas.value -= gas;
    if (this.outOfGas) throw new GuestStop('OUT_OF_GAS', `the run spent its ${this.#run.limits.gas} gas`);
  }

  /** Copies bytes out of the guest, who names them: nothing is believed. */
  #read(at: number, length: number, what: string): Uint8Array {
    const begin = at >>> 0;
    const bytes = length >>> 0;
    if (begin + bytes > this.#exports.memory.buffer.byteLength)
      throw new WebAssembly.RuntimeError(`${what} lies outside the memory`);
    return new Uint8Array(this.#exports.memory.buffer, begin, bytes).slice();
  }

  /** Copies bytes to where the guest wants them, and answers address and length in one number. */
  #give(bytes: Uint8Array): { at: number; packed: bigint } {
    const at = this.#exports.alloc(bytes.length) >>> 0;
    if (at + bytes.length > this.#exports.memory.buffer.byteLength)
      throw new WebAssembly.RuntimeError('alloc answered an address outside the memory');
    new Uint8Array(this.#exports.memory.buffer, at, bytes.length).set(bytes);
    return { at, packed: (BigInt(at) << 32n) | BigInt(bytes.length) };
  }

  #call(at: number, length: number): bigint {
    const tooLarge = length >>> 0 > BORDER.callBytes;
    this.#charge(CALL_GAS + (tooLarge ? 0n : BigInt(length >>> 0) * BYTE_GAS));
    const request = tooLarge ? undefined : this.#read(at, length, 'the call');
    if (request === undefined || nestsDeeper(request, BORDER.jsonDepth)) {
      const message = `arguments of a call are at most ${BORDER.callBytes} bytes and ${BORDER.jsonDepth} levels deep`;
      const error = { code: tooLarge ? 'ARGS_TOO_LARGE' : 'ARGS_TOO_DEEP', message };
      return this.#give(new TextEncoder().encode(JSON.stringify({ error }))).packed;
    }
    this.#host.checkpoint(this.gas, this.memoryBytes);
    const answer = this.#host.call(request);
    this.#charge(BigInt(answer.length) * BYTE_GAS);
    return this.#give(answer).packed;
  }

  #log(level: number, at: number, length: number): void {
    const bytes = Math.min(length >>> 0, this.#run.limits.logBytes);
    this.#charge(CALL_GAS + BigInt(bytes) * BYTE_GAS);
    const text = new TextDecoder().decode(this.#read(at, bytes, 'the log line'));
    this.#host.log(level, text, this.gas);
  }

  run(): Uint8Array {
    this.#host.checkpoint(0, this.memoryBytes);
    this.#start?.();
    const { at } = this.#give(this.#run.input);
    const packed = BigInt.asUintN(64, BigInt(this.#exports.run(at, this.#run.input.length)));
    const length = Number(packed & 0xffffffffn);
    const { outputBytes } = this.#run.limits;
    if (length > outputBytes) {
      const message = `the output has ${length} bytes, ${outputBytes} are allowed: return less or store it`;
      throw new GuestStop('OUTPUT_TOO_LARGE', message);
    }
    return this.#read(Number(packed >> 32n), length, 'the output');
  }
}

function outputProblem(output: Uint8Array): string | undefined {
  if (nestsDeeper(output, BORDER.jsonDepth))
    return `the output nests deeper than ${BORDER.jsonDepth} levels: flatten it`;
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(output));
    return undefined;
  } catch {
    return 'the output is not JSON in UTF-8: run answers address << 32 | length of it';
  }
}

/** Runs the guest to its end. What stops it is an outcome; only faults of this code throw. */
export function runWasm(run: GuestRun, host: GuestHost): GuestOutcome {
  const invalid = (message: string): GuestOutcome => ({
    error: { code: 'CODE_INVALID', message },
    gas: 0,
    memoryBytes: 0,
  });
  const bytes = run.code.files.get(run.code.entry);
  if (bytes === undefined) return invalid(`the package has no file ${run.code.entry}`);
  let guest: WasmRun;
  try {
    guest = new WasmRun(compile(bytes, Math.floor(run.limits.memoryBytes / PAGE_SIZE)), run, host);
  } catch (error) {
    if (error instanceof CodeInvalid || error instanceof WebAssembly.LinkError) return invalid(error.message);
    if (error instanceof WebAssembly.RuntimeError)
      return invalid(`the module cannot be instantiated: ${error.message}`);
    if (error instanceof RangeError) {
      const message = 'the module needs more memory than its limit';
      return { error: { code: 'OUT_OF_MEMORY', message }, gas: 0, memoryBytes: 0 };
    }
    throw error;
  }
  const ended = (error: NonNullable<GuestOutcome['error']>, gas = guest.gas): GuestOutcome => ({
    error,
    gas,
    memoryBytes: guest.memoryBytes,
  });
  try {
    const output = guest.run();
    const problem = outputProblem(output);
    if (problem !== undefined) return ended({ code: 'AGENT_THREW', message: problem });
    return { output, gas: guest.gas, memoryBytes: guest.memoryBytes };
  } catch (error) {
    if (error instanceof GuestStop) return ended({ code: error.code, message: error.message });
    if (guest.outOfGas)
      return ended(
        { code: 'OUT_OF_GAS', message: `the run spent its ${run.limits.gas} gas` },
        run.limits.gas,
      );
    // How deep the machine's stack is differs between machines: all gas is taken, so that the outcome does not.
    if (error instanceof RangeError)
      return ended({ code: 'AGENT_THREW', message: 'the call stack is exhausted' }, run.limits.gas);
    if (error instanceof WebAssembly.RuntimeError || error instanceof TypeError)
      return ended({ code: 'AGENT_THREW', message: `trap: ${error.message}` });
    throw error;
  }
}
