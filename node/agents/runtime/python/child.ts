// The jailed process that runs one Python agent: boots the interpreter from its snapshot, gives away what a process can do, and serves one
// run. Everything it needs later is held in variables of this module, where a guest that got hold of JavaScript objects cannot reach.
// Built as one file into the jail's folder; it must import nothing but Node's own modules.
import { Buffer } from 'node:buffer';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as nodeModule from 'node:module';
import * as path from 'node:path';
import * as url from 'node:url';
import type { PyodideAPI } from 'pyodide';
import type { RunError } from '../runtime.ts';
import type { ChildFrame, StartFrame } from './protocol.ts';

const HOST_FD = 3;
/** Kept in sync with protocol.ts, whose Buffer code must not be pulled into the jail. */
const CALL_BYTES = 1 << 20;
/** Bytes of files a guest may write: they live outside the interpreter's memory. */
const FILE_BYTES = 32 << 20;
/** The clock while the interpreter boots: the snapshot must not know when it was made. */
const BOOT_TIME = 1_700_000_000_000;
const NO_SPACE = 51;
const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

// Taken before any guest runs: a guest that changes a prototype changes nothing in here.
const { readSync, writeSync, readFileSync } = fs;
const { createHash } = crypto;
const { parse, stringify } = JSON;
const { apply } = Reflect;
const { min } = Math;
const cpuUsage = process.cpuUsage.bind(process);
const exit = (process as unknown as { reallyExit(code: number): never }).reallyExit.bind(process);
const fromBase64 = (text: string): Uint8Array => Buffer.from(text, 'base64');
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8');
const encode = encoder.encode.bind(encoder);
const decode = decoder.decode.bind(decoder) as (bytes: Uint8Array) => string;
const globalGetter = Object.getOwnPropertyDescriptor(WebAssembly.Global.prototype, 'value');
const memoryGetter = Object.getOwnPropertyDescriptor(WebAssembly.Memory.prototype, 'buffer');
const nodeVersion = process.version;
const folder = path.dirname(url.fileURLToPath(import.meta.url));

let now = BOOT_TIME;
let randomKey: Uint8Array = new Uint8Array(32);
let randomBlock = 0;
let memoryLimit = 256 << 20;
let filesWritten = 0;
let gas: WebAssembly.Global | undefined;
let memory: WebAssembly.Memory | undefined;

function sendAll(bytes: Uint8Array): void {
  for (let sent = 0; sent < bytes.length; ) {
    try {
      sent += writeSync(HOST_FD, bytes, sent, bytes.length - sent);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') exit(3);
    }
  }
}

function send(frame: ChildFrame): void {
  const body = encode(stringify(frame));
  const bytes = new Uint8Array(4 + body.length);
  new DataView(bytes.buffer).setUint32(0, body.length, true);
  bytes.set(body, 4);
  sendAll(bytes);
}

function readExactly(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let got = 0; got < length; ) {
    try {
      const count = readSync(HOST_FD, bytes, got, length - got, null);
      // The host is gone.
      if (count === 0) exit(0);
      got += count;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') exit(3);
    }
  }
  return bytes;
}

function receive(): Uint8Array {
  const head = readExactly(4);
  return readExactly(new DataView(head.buffer).getUint32(0, true));
}

/** The guest's source of entropy: SHA-256 of the seed and a counter. */
function fillRandom<View extends ArrayBufferView>(view: View): View {
  const out = new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);
  for (let at = 0; at < out.length; at += 32) {
    const block = createHash('sha256').update(randomKey).update(`${randomBlock}`).digest();
    randomBlock += 1;
    for (let index = 0; index < 32 && at + index < out.length; index += 1) {
      out[at + index] = block[index] ?? 0;
    }
  }
  return view;
}

/** What the interpreter's own JavaScript may load: nothing that reaches outside, and of the file system the reading of its own files. */
function allowedModules(): Record<string, object> {
  const own = (name: unknown): string => {
    const file = path.resolve(String(name).replace(/^file:\/\//, ''));
    if (path.dirname(file) !== folder) throw new Error(`${file} is outside the jail`);
    return file;
  };
  const read = (name: unknown, options?: object): unknown => readFileSync(own(name), options as undefined);
  const files = {
    constants: fs.constants,
    readFileSync: read,
    readFile: async (name: unknown, options?: object) => read(name, options),
  };
  const modules: Record<string, object> = {
    fs: files,
    'fs/promises': files,
    crypto: { randomFillSync: fillRandom },
    path: { ...path },
    url: { fileURLToPath: url.fileURLToPath, pathToFileURL: url.pathToFileURL },
    // Asked for when it boots, and nothing of them is there.
    tty: { isatty: () => false },
    vm: {},
    ws: {},
    child_process: { spawnSync: () => ({ status: 127, signal: null }) },
  };
  modules.module = {
    createRequire: () => (name: string) => {
      const found = modules[name.replace(/^node:/, '')];
      if (!found) throw new Error(`${name} is not in the jail`);
      return found;
    },
  };
  for (const module of Object.values(modules)) Object.assign(module, { default: module });
  return modules;
}

/** Fixes every clock, and hides what would tell one machine from another. */
function steadyWorld(): void {
  const RealDate = Date;
  class SteadyDate extends RealDate {
    constructor(...args: readonly number[]) {
      if (args.length === 0) super(now);
      else super(...(args as [number]));
    }
    static override now(): number {
      return now;
    }
  }
  process.env.TZ = 'UTC';
  // The interpreter writes it into its memory, and what a run spends depends on that.
  Object.defineProperty(process, 'version', { configurable: true, value: 'v20.0.0' });
  // The permission model refuses it, and the interpreter's file system wants the constants that it gave.
  Object.defineProperty(process, 'binding', {
    configurable: true,
    value: (name: string): object => (name === 'constants' ? { fs: { ...fs.constants } } : {}),
  });
  globalThis.Date = SteadyDate as unknown as DateConstructor;
  performance.now = () => 0;
  // Optional abilities of newer engines would lead the interpreter along other paths.
  for (const name of ['Suspending', 'Suspender', 'SuspendError', 'promising', 'Function']) {
    Reflect.deleteProperty(WebAssembly, name);
  }
  for (const name of ['navigator', 'Bun', 'Deno']) Reflect.deleteProperty(globalThis, name);
  globalThis.crypto.getRandomValues = fillRandom as typeof globalThis.crypto.getRandomValues;
}

/** Caps the interpreter's memory and keeps its gas counter out of its own reach. */
function watchWasm(): void {
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function cappedGrow(pages: number): number {
    if (this.buffer.byteLength + pages * 65_536 > memoryLimit) throw new RangeError('memory limit');
    return apply(grow, this, [pages]);
  };
  const instantiate = WebAssembly.instantiate;
  const watched = async (source: BufferSource, imports?: WebAssembly.Imports) => {
    const result = (await instantiate(source, imports)) as WebAssembly.WebAssemblyInstantiatedSource;
    const all = result.instance?.exports;
    if (!(all?.['aios.gas'] instanceof WebAssembly.Global)) return result;
    gas = all['aios.gas'];
    memory = all.memory as WebAssembly.Memory;
    const { 'aios.gas': _, ...exports } = all;
    return { instance: { exports }, module: result.module };
  };
  Object.assign(WebAssembly, { instantiate: watched });
  Reflect.deleteProperty(WebAssembly, 'instantiateStreaming');
}

/** Takes away what a process can do. Only called once the interpreter stands. */
function disarm(): void {
  const keep = new Set(
    (
      'Object Function Array Number Boolean String Symbol BigInt Error TypeError RangeError SyntaxError ReferenceError EvalError URIError ' +
      'AggregateError Date Promise RegExp Math JSON Reflect Proxy Map Set WeakMap WeakSet WeakRef FinalizationRegistry ArrayBuffer DataView ' +
      'Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array ' +
      'BigUint64Array Atomics WebAssembly Iterator globalThis Infinity NaN undefined parseInt parseFloat isNaN isFinite decodeURI ' +
      'decodeURIComponent encodeURI encodeURIComponent TextEncoder TextDecoder performance crypto eval'
    ).split(' '),
  );
  const process_ = process;
  for (const name of ['binding', '_linkedBinding', 'dlopen', 'getBuiltinModule', 'kill', 'mainModule']) {
    Object.defineProperty(process_, name, { value: undefined, configurable: false });
  }
  // Node's own code keeps what it needs; a module that a guest could still name denies itself.
  const loader = nodeModule as unknown as {
    default: { _load: unknown; registerHooks?(hooks: object): void };
  };
  const denied = (name: unknown): never => {
    throw new Error(`${String(name)} is not in the jail`);
  };
  loader.default._load = denied;
  loader.default.registerHooks?.({ resolve: denied, load: denied });
  for (const name of Reflect.ownKeys(globalThis)) {
    if (typeof name === 'string' && keep.has(name)) continue;
    if (!Reflect.deleteProperty(globalThis, name)) {
      try {
        (globalThis as Record<PropertyKey, unknown>)[name] = undefined;
      } catch {
        // Neither deletable nor writable: a constant of the engine.
      }
    }
  }
  const quiet = (): void => undefined;
  globalThis.console = { log: quiet, error: quiet, warn: quiet, info: quiet, debug: quiet } as Console;
  const constructors = [...keep].map((name) => (globalThis as Record<string, unknown>)[name]);
  const hidden = [
    Object.getPrototypeOf(Uint8Array),
    async () => undefined,
    function* empty() {},
    async function* empty() {},
  ].map((value) => (typeof value === 'function' ? value : undefined));
  for (const value of [
    ...constructors,
    ...hidden,
    WebAssembly.Memory,
    WebAssembly.Global,
    WebAssembly.Table,
  ]) {
    if (typeof value !== 'function' && typeof value !== 'object') continue;
    if (value === null || value === globalThis) continue;
    const { prototype } = value as { prototype?: object };
    if (prototype) Object.freeze(prototype);
    Object.freeze(Object.getPrototypeOf(value));
    Object.freeze(value);
  }
}

function assertJailed(): void {
  let generates = true;
  try {
    new Function('1');
  } catch {
    generates = false;
  }
  const permission = (
    process as unknown as { permission?: { has(scope: string, reference?: string): boolean } }
  ).permission;
  if (generates) throw new Error('code generation from strings is on: the jail is open');
  if (!permission || permission.has('child') || permission.has('worker') || permission.has('fs.write', '/'))
    throw new Error('the permission model is off: the jail is open');
  if (permission.has('fs.read', '/etc/passwd')) throw new Error('files can be read: the jail is open');
  if (Object.keys(process.env).some((name) => name !== 'TZ'))
    throw new Error('the environment is not empty: the jail is open');
}

type Interpreter = PyodideAPI & {
  makeMemorySnapshot(): Uint8Array;
  readonly _module: { readonly FS: EmscriptenFileSystem };
};

interface MemoryFile {
  readonly usedBytes: number;
}

interface MemoryFileStream {
  write(
    stream: { readonly node: MemoryFile },
    buffer: unknown,
    offset: number,
    length: number,
    position: number,
    canOwn?: boolean,
  ): unknown;
}

interface EmscriptenFileSystem {
  readonly ErrnoError: new (errno: number) => Error;
  readonly filesystems: {
    readonly MEMFS: {
      expandFileStorage(node: MemoryFile, capacity: number): unknown;
      resizeFileStorage(node: MemoryFile, size: number): unknown;
      readonly ops_table: { readonly file: { readonly stream: MemoryFileStream } };
    };
  };
  mkdirTree(path: string): void;
  writeFile(path: string, content: Uint8Array): void;
  makedev(major: number, minor: number): number;
  registerDevice(device: number, operations: object): void;
  mkdev(path: string, device: number): void;
}

async function boot(snapshot: Uint8Array | undefined): Promise<Interpreter> {
  const modules = allowedModules();
  Object.defineProperty(globalThis, '__aiosImport', {
    configurable: true,
    value: async (name: string): Promise<object> => {
      const found = modules[name.replace(/^node:/, '')];
      if (!found) throw new Error(`${name} is not in the jail`);
      return found;
    },
  });
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all([
    import(url.pathToFileURL(path.join(folder, 'pyodide.mjs')).href),
    import(url.pathToFileURL(path.join(folder, 'pyodide.asm.mjs')).href),
  ]);
  return (await loadPyodide({
    indexURL: `${folder}/`,
    createPyodideModule,
    jsglobals: Object.create(null),
    env: { PYTHONHASHSEED: '0', HOME: '/home/agent', LANG: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' },
    _sysExecutable: '/python',
    lockFileContents: parse(readFileSync(path.join(folder, 'pyodide-lock.json'), 'utf8')),
    packageBaseUrl: 'file:///nowhere/',
    stdin: () => null,
    stdout: () => undefined,
    stderr: () => undefined,
    ...(snapshot ? { _loadSnapshot: snapshot } : { _makeSnapshot: true }),
  })) as Interpreter;
}

/** Makes the memory that every run starts from: the interpreter with the runner and what it imports. */
async function makeSnapshot(): Promise<void> {
  const interpreter = await boot(undefined);
  const text = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  interpreter.runPython(
    `import sys, types\n` +
      `sys.dont_write_bytecode = True\n` +
      `runner = types.ModuleType("runner")\n` +
      `exec(compile(${stringify(text('runner.py'))}, "<runner>", "exec"), runner.__dict__)\n` +
      `aios = runner.make_aios(${stringify(text('aios.py'))})\n`,
  );
  const bytes = interpreter.makeMemorySnapshot();
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, bytes.length, true);
  sendAll(head);
  sendAll(bytes);
}

async function serve(): Promise<void> {
  const interpreter = await boot(readFileSync(path.join(folder, 'snapshot.bin')));
  const files = interpreter._module.FS;
  const { ErrnoError } = files;
  const memoryFiles = files.filesystems.MEMFS;
  const { expandFileStorage: expand, resizeFileStorage: resize } = memoryFiles;
  // The operations that files of memory share; each holds this object.
  const shared = memoryFiles.ops_table.file.stream;
  const writeFile = shared.write;
  /** Counts what files grow by, and never gives back: it bounds the work as well as the memory. */
  const grow = (node: MemoryFile, size: number): void => {
    filesWritten += Math.max(0, size - node.usedBytes);
    if (filesWritten > FILE_BYTES) throw new ErrnoError(NO_SPACE);
  };
  memoryFiles.expandFileStorage = (node, capacity) => {
    if (capacity > FILE_BYTES) throw new ErrnoError(NO_SPACE);
    return apply(expand, memoryFiles, [node, capacity]);
  };
  memoryFiles.resizeFileStorage = (node, size) => {
    grow(node, size);
    return apply(resize, memoryFiles, [node, size]);
  };
  shared.write = (stream, buffer, offset, length, position, canOwn) => {
    grow(stream.node, position + length);
    return apply(writeFile, shared, [stream, buffer, offset, length, position, canOwn]);
  };
  if (!gas || !memory || !globalGetter?.get || !memoryGetter?.get)
    throw new Error('the interpreter has no gas counter');
  const counter = gas;
  const pages = memory;
  const { get: readGlobal } = globalGetter;
  const { get: readBuffer } = memoryGetter;

  let request: StartFrame | undefined;
  let answer: Uint8Array = new Uint8Array(0);
  let answerAt = 0;
  let calls = 0;
  let rehearsed = false;
  let cpuStart = cpuUsage();
  const gasLeft = (): number => Number(apply(readGlobal, counter, []) as bigint);
  const gasUsed = (): number => {
    const limit = request?.gas ?? 0;
    const used = limit - gasLeft();
    return min(used, limit);
  };
  function done(result: { output?: string; error?: RunError }): never {
    const cpu = cpuUsage(cpuStart);
    send({
      type: 'done',
      ...result,
      gas: gasUsed(),
      memoryBytes: (apply(readBuffer, pages, []) as ArrayBuffer).byteLength,
      cpuMs: (cpu.user + cpu.system) / 1000,
    });
    return exit(0);
  }
  function stop(code: RunError['code'], message: string): never {
    return done({ error: { code, message } });
  }
  const give = (bytes: Uint8Array): void => {
    answer = new Uint8Array(4 + bytes.length);
    new DataView(answer.buffer).setUint32(0, bytes.length, true);
    answer.set(bytes, 4);
    answerAt = 0;
  };

  /** Waits for the request and makes the world it asks for. */
  const begin = (): void => {
    send({ type: 'ready', node: nodeVersion });
    request = parse(decode(receive())) as StartFrame;
    cpuStart = cpuUsage();
    now = request.startedAt;
    memoryLimit = request.memoryBytes;
    randomKey = encode(request.seed);
    randomBlock = 0;
    const size = (apply(readBuffer, pages, []) as ArrayBuffer).byteLength;
    if (size > memoryLimit)
      stop('OUT_OF_MEMORY', `the Python interpreter alone takes ${size} bytes: raise limits.memoryBytes`);
    for (const [name, content] of request.files) writeAgentFile(name, fromBase64(content));
    filesWritten = 0;
    give(encode(stringify({ entry: request.entry, input: request.input, seed: request.seed })));
    counter.value = BigInt(request.gas);
  };

  /** One message of the runner: a letter and what belongs to it. */
  const act = (bytes: Uint8Array): void => {
    const body = (from: number): string => decode(bytes.subarray(from));
    if (bytes[0] === 0x53) {
      // S
      if (request) stop('ENGINE_CRASHED', 'the interpreter asked for a second request');
      if (rehearsed) {
        begin();
        return;
      }
      rehearsed = true;
      give(
        encode(stringify({ entry: 'rehearsal.py', input: { list: [1, 2.5, 'x', null, true] }, seed: '00' })),
      );
      return;
    }
    if (!request) {
      if (bytes[0] === 0x43) give(encode('{"ok":null}'));
      return;
    }
    switch (bytes[0]) {
      case 0x43: // C
        if (calls >= request.hostCalls)
          stop(
            'TOO_MANY_CALLS',
            `the agent made more than ${request.hostCalls} calls: raise limits.hostCalls`,
          );
        calls += 1;
        if (bytes.length > CALL_BYTES) {
          give(
            encode(
              stringify({
                error: {
                  code: 'CALL_TOO_LARGE',
                  message: `a call takes at most ${CALL_BYTES} bytes of arguments`,
                },
              }),
            ),
          );
          return;
        }
        send({ type: 'call', request: body(1) });
        give(receive());
        return;
      case 0x4c: // L
        send({
          type: 'log',
          level: LEVELS[(bytes[1] ?? 0x31) - 0x30] ?? 'info',
          text: body(2),
          gas: gasUsed(),
        });
        return;
      case 0x4f: // O
        if (bytes.length - 1 > request.outputBytes)
          stop(
            'OUTPUT_TOO_LARGE',
            `the output has ${bytes.length - 1} bytes, limits.outputBytes allows ${request.outputBytes}`,
          );
        done({ output: body(1) });
        return;
      case 0x45: {
        const error = parse(body(1)) as RunError & { stack: string | null };
        done({
          error: {
            code: error.code,
            message: error.message,
            ...(error.stack === null ? {} : { stack: error.stack }),
          },
        });
        return;
      }
      default:
    }
  };

  const writeAgentFile = (name: string, content: Uint8Array): void => {
    const file = `/agent/${name}`;
    files.mkdirTree(file.slice(0, file.lastIndexOf('/')));
    files.writeFile(file, content);
  };
  writeAgentFile('rehearsal.py', readFileSync(path.join(folder, 'rehearsal.py')));
  const device = files.makedev(64, 0);
  files.registerDevice(device, {
    open: () => undefined,
    close: () => undefined,
    write: (_stream: unknown, buffer: Int8Array, offset: number, length: number): number => {
      act(new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length).slice());
      return length;
    },
    read: (_stream: unknown, buffer: Int8Array, offset: number, length: number): number => {
      const count = Math.min(length, answer.length - answerAt);
      new Uint8Array(buffer.buffer, buffer.byteOffset + offset, count).set(
        answer.subarray(answerAt, answerAt + count),
      );
      answerAt += count;
      return count;
    },
  });
  files.mkdev('/dev/aios', device);

  // The runner begins at once and rehearses; what it asks for next is the request, for which the process then waits.
  assertJailed();
  disarm();
  try {
    interpreter.runPython('runner.main(aios)');
  } catch (error) {
    if (gasLeft() < 0) stop('OUT_OF_GAS', `the agent used all of its ${request?.gas} gas: raise limits.gas`);
    const message = error instanceof Error ? error.message : `${error}`;
    // How deep is too deep differs between machines: such an end is a fault, not a result that others could reproduce.
    stop('ENGINE_CRASHED', `the interpreter stopped: ${message.slice(0, 500)}`);
  }
  stop('ENGINE_CRASHED', 'the agent left its interpreter without an output');
}

steadyWorld();
watchWasm();
if (process.argv[2] === 'snapshot') await makeSnapshot();
else await serve();
