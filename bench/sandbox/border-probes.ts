// Guests of the second round, by attackers who have read the pages on the sandbox: what crosses the border, re-entrance, ends of runs, and
// features of the languages that the first round left out.
import type { RunErrorCode, RunLimits } from '#node/agents/runtime/runtime.ts';
import { codeOf } from '#node/agents/runtime/testing/requests.ts';
import { wasmAgent, wasmOf } from '#node/agents/runtime/testing/wasm-agents.ts';
import type { Probe } from './probe.ts';
import { pythonProbes } from './python-probes.ts';

type Ends = Probe['ends'];
const CPU: readonly RunErrorCode[] = ['OUT_OF_GAS', 'DEADLINE_EXCEEDED'];
const MEMORY: readonly RunErrorCode[] = ['OUT_OF_MEMORY'];
const WELL: Ends = ['completed'];

const run = (body: string): string => `export function run(input, aios) { ${body} }`;

const javascript: readonly (readonly [string, string, Ends, Partial<RunLimits>?])[] = [
  [
    '__proto__ in arguments, answers, logs and output',
    run(`const evil = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "list": [{"__proto__": {"polluted": 2}}]}');
      const back = aios.call('x', evil);
      aios.log(evil, JSON.stringify(back));
      if ({}.polluted || [].polluted || back.polluted) return 'ESCAPED';
      return Object.hasOwn(back, '__proto__') && JSON.stringify(back) === JSON.stringify(evil) ? evil : 'ESCAPED';`),
    WELL,
  ],
  [
    'Object.prototype made a thenable, a setter and an index',
    run(`for (const key of ['then', 'ok', 'error', 'code', 'message', 'output', 'toJSON', '0', 'length'])
        try { Object.defineProperty(Object.prototype, key, { configurable: true, get() { return undefined; }, set(value) { this['x' + key] = value; } }); } catch {}
      const answer = aios.call('x', [1]);
      return Array.isArray(answer) ? 1 : 2;`),
    [...WELL, 'AGENT_THREW', 'ENGINE_CRASHED'],
  ],
  [
    'species, holes and proxies as arguments',
    run(`class Evil extends Array { static get [Symbol.species]() { return function () { return aios; }; } }
      const all = [Evil.from([1, 2]).map((x) => x), new Proxy([1, 2, 3], { get: (t, k) => (k === 'length' ? 4 : t[k]) }), new Proxy({}, { ownKeys: () => ['a'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }) }), [, 1, , 2], Object.create(null)];
      for (const one of all) aios.call('x', one);
      const { proxy, revoke } = Proxy.revocable({}, {}); revoke();
      try { aios.call('x', proxy); } catch (error) { return error instanceof TypeError; }`),
    [...WELL, 'AGENT_THREW'],
  ],
  [
    'calls within calls, sorts and replacements',
    run(`const inner = { toJSON() { return aios.call('inner', [1, 2, 3]); } };
      const a = aios.call('outer', { inner });
      const b = [3, 1, 2].sort((x, y) => aios.call('compare', x - y));
      const c = 'abc'.replace(/./g, (x) => aios.call('replace', x));
      return JSON.stringify([a, b, c]) === '[{"inner":[1,2,3]},[1,2,3],"abc"]' ? 'contained' : 'ESCAPED';`),
    WELL,
  ],
  [
    'calls within calls, without end',
    run(`const again = { toJSON() { return aios.call('x', again); } }; aios.call('x', again);`),
    ['AGENT_THREW', 'TOO_MANY_CALLS', ...CPU, ...MEMORY],
  ],
  [
    'calls while the output is read, and after the end',
    run(`Promise.resolve().then(() => { for (;;) aios.call('late', 1); });
      return { toJSON() { for (let i = 0; i < 5; i += 1) aios.call('reading', i); return 1; } };`),
    [...WELL, 'TOO_MANY_CALLS', 'AGENT_THREW'],
  ],
  [
    'a rejection with an error of getters',
    `export async function run() { throw new Proxy(new Error('x'), { get(target, key) { if (key === 'message') for (;;); return 'y'.repeat(1e6); } }); }`,
    ['AGENT_THREW', ...CPU, ...MEMORY],
  ],
  [
    'async generators that return and throw into each other',
    `export async function run() { const g = (async function* () { try { yield 1; } finally { for (;;) yield 2; } })();
      for await (const x of g) { let n = 0; for (;;) { n += (await g.return(1)).value; if (n < 0) break; } } }`,
    [...CPU, ...MEMORY],
  ],
  [
    'a big integer shifted by a thousand million',
    run('return String(1n << 1000000000n).length;'),
    ['AGENT_THREW', ...CPU, ...MEMORY],
  ],
  [
    'a big integer parsed from a long text',
    run("for (;;) BigInt('9'.repeat(5e6));"),
    ['AGENT_THREW', ...CPU, ...MEMORY],
  ],
  [
    'look-behinds, back references and unicode sets that backtrack',
    run(
      `const s = 'a'.repeat(40) + '!'; for (const r of [/(?<=(a|aa)+)b/, /^(a|a?)+$/, /(?:(a*)*\\1)*b/, /([a-z]+)*\\d/iu]) r.test(s); for (;;) /^(?:(?:a|aa)+)+$/.test(s);`,
    ),
    CPU,
  ],
  [
    'texts normalised again and again',
    run("let s = '\\ufdfa'; for (;;) s = s.normalize('NFKD') + s;"),
    [...CPU, ...MEMORY],
  ],
  [
    'a million log lines',
    run("for (let i = 0; i < 1e6; i += 1) aios.log('line ' + i); return 1;"),
    [...WELL, ...CPU],
    { deadlineMs: 5_000 },
  ],
  [
    'logs of every shape',
    run(`const round = {}; round.round = round; for (const x of [round, Symbol('x'), 1n, () => 1, new Proxy({}, { get() { throw 1; } }), { toString() { throw 2; } }, Object.create(null), new Error('e'), -0, NaN, [undefined]]) try { aios.log(x); console.error(x); } catch {}
      return 1;`),
    WELL,
  ],
  [
    'levels of logs that are names of the host',
    run(
      "for (const level of ['__proto__', 'constructor', 'toString', 9, -1, null, {}]) { try { aios.log[level]?.('x'); } catch {} try { console[level]?.('x'); } catch {} } return 1;",
    ),
    WELL,
  ],
  [
    'capabilities that are names of the host',
    run(
      "for (const name of ['__proto__', 'constructor', 'hasOwnProperty.call', '', '.', '\\u0000', 'x'.repeat(1e5), 'toString']) try { aios.call(name, null); } catch {} return 1;",
    ),
    [...WELL, 'AGENT_THREW'],
  ],
  [
    'the name then exported, and run that is no function',
    "export const then = (resolve) => resolve({ run: () => 'its own' }); export const run = { call: 1 };",
    [...WELL, 'CODE_INVALID', 'AGENT_THREW'],
  ],
  [
    'await before run, without end',
    'await new Promise(() => {}); export function run() {}',
    ['CODE_INVALID', 'AGENT_THREW', ...CPU],
  ],
  [
    'Array.fromAsync, iterators without end',
    run('return Array.from({ [Symbol.iterator]: () => ({ next: () => ({ value: 1 }) }) }).length;'),
    [...CPU, ...MEMORY],
  ],
];

const DOORS =
  '(memory (export "memory") 1) (func (export "alloc") (param i32) (result i32) (i32.const 1024))';
const RUN = '(func (export "run") (param i32 i32) (result i64) (i64.const 0))';
const module = (text: string) => () => wasmOf(`(module ${text})`);
/** A module by its sections, for what no tool would write. */
const sections = (...parts: readonly (readonly [number, readonly number[]])[]): Uint8Array =>
  Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...parts.flatMap(([id, body]) => [id, body.length, ...body]),
  ]);

const SPLAT = [0x41, 1, 0xfd, 0x11];
const exported = (name: string, kind: number, index: number): number[] => [
  name.length,
  ...Buffer.from(name),
  kind,
  index,
];

/** An agent whose `run` has this body; function 0 is `alloc`, 1 is `run`. */
const handmade = (
  body: readonly number[],
  {
    memory = [1, 0, 1],
    tags,
    global,
  }: {
    readonly memory?: readonly number[];
    readonly tags?: readonly number[];
    readonly global?: readonly number[];
  } = {},
): Uint8Array =>
  sections(
    [1, [3, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 2, 0x7f, 0x7f, 1, 0x7e]],
    [3, [2, 1, 2]],
    [5, memory],
    ...(tags ? ([[13, tags]] as const) : []),
    ...(global ? ([[6, global]] as const) : []),
    [
      7,
      [
        global ? 4 : 3,
        ...exported('memory', 2, 0),
        ...exported('alloc', 0, 0),
        ...exported('run', 0, 1),
        ...(global ? exported('a', 3, 0) : []),
      ],
    ],
    [10, [2, 5, 0, 0x41, 0x80, 8, 0x0b, body.length + 1, 0, ...body]],
  );

const wasm: readonly (readonly [string, () => Uint8Array, Ends, Partial<RunLimits>?])[] = [
  [
    'trap in the start function',
    module(`(func $s (unreachable)) (start $s) ${DOORS} ${RUN}`),
    ['AGENT_THREW'],
  ],
  [
    'start function that calls the host',
    module(
      `(import "aios" "call" (func $c (param i32 i32) (result i64))) ${DOORS} (func $s (drop (call $c (i32.const 0) (i32.const 8)))) (start $s) ${RUN}`,
    ),
    [...WELL, 'AGENT_THREW'],
  ],
  [
    'table.grow without end',
    module(
      `(table $t 1 funcref) ${DOORS} (func (export "run") (param i32 i32) (result i64) (loop $l (drop (table.grow $t (ref.null func) (i32.const 1000))) (br $l)) (i64.const 0))`,
    ),
    [...CPU, 'OUT_OF_MEMORY', 'CODE_INVALID'],
  ],
  ['tail calls without end', () => handmade([0x20, 0, 0x20, 1, 0x12, 1, 0x0b]), [...CPU, 'CODE_INVALID']],
  ['two memories', () => sections([5, [2, 0, 1, 0, 1]]), ['CODE_INVALID']],
  [
    'a memory of 64 bits',
    () => handmade([0x42, 0, 0x0b], { memory: [1, 4, 1] }),
    ['CODE_INVALID', 'AGENT_THREW'],
  ],
  [
    'a shared memory, waited on',
    // memory.atomic.wait32 of address 0 for 0, without end
    () =>
      handmade([0x41, 0, 0x41, 0, 0x42, 0x7f, 0xfe, 1, 2, 0, 0x1a, 0x42, 0, 0x0b], { memory: [1, 3, 1, 1] }),
    ['CODE_INVALID', 'AGENT_THREW', ...CPU],
  ],
  [
    'exceptions that catch what stops a guest',
    // try (drop (run 0 0)) catch_all end, without end
    () => handmade([0x06, 0x40, 0x20, 0, 0x20, 1, 0x10, 1, 0x1a, 0x19, 0x0b, 0x42, 0, 0x0b]),
    ['CODE_INVALID'],
  ],
  ['exceptions thrown to the host', () => handmade([0x08, 0, 0x0b], { tags: [1, 0, 0] }), ['CODE_INVALID']],
  [
    'exported mutable globals',
    () => handmade([0x42, 0, 0x0b], { global: [1, 0x7e, 1, 0x42, 1, 0x0b] }),
    [...WELL, 'CODE_INVALID', 'AGENT_THREW'],
  ],
  [
    'data outside',
    module(`${DOORS} (data (i32.const 65530) "0123456789") ${RUN}`),
    ['AGENT_THREW', 'CODE_INVALID'],
  ],
  [
    'fifty thousand locals in every frame',
    () => {
      // One function of type () → (), of 50,000 locals, that calls itself; memory, alloc and run beside it are missing on purpose.
      const body = [1, 0xd0, 0x86, 3, 0x7e, 0x10, 0, 0x0b];
      return sections([1, [1, 0x60, 0, 0]], [3, [1, 0]], [8, [0]], [10, [1, body.length, ...body]]);
    },
    ['AGENT_THREW', 'CODE_INVALID', ...MEMORY],
  ],
  [
    'four thousand million locals',
    () => {
      const body = [1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7e, 0x0b];
      return sections([1, [1, 0x60, 0, 0]], [3, [1, 0]], [10, [1, body.length, ...body]]);
    },
    ['CODE_INVALID'],
  ],
  ['a section longer than the module', () => sections([1, [0xff, 0xff, 0xff, 0xff, 0x0f]]), ['CODE_INVALID']],
  [
    'a br_table of sixty thousand',
    () => wasmAgent(`(block $b (br_table ${'$b '.repeat(60_000)} (local.get $at))) (i64.const 0)`),
    [...WELL, 'CODE_INVALID', 'AGENT_THREW'],
  ],
  [
    'relaxed SIMD, which answers differently on other processors',
    // i64x2.extract_lane 0 (f32x4.relaxed_madd (i32x4.splat 1) (i32x4.splat 1) (i32x4.splat 1))
    () => handmade([...SPLAT, ...SPLAT, ...SPLAT, 0xfd, 0x85, 0x02, 0xfd, 0x1d, 0, 0x0b]),
    ['CODE_INVALID'],
  ],
  [
    'the bits of a NaN',
    // 0/0 has another sign on other processors: seen through the memory it must be the canonical one.
    () =>
      wasmAgent(
        `(f64.store (i32.const 2048) (f64.div (f64.const 0) (f64.const 0)))
        (if (i64.ne (i64.load (i32.const 2048)) (i64.const 0x7ff8000000000000)) (then (i64.store (i32.const 2048) (i64.const 0x4445504143534522)) (i32.store8 (i32.const 2056) (i32.const 0x22)) (return (i64.const 0x0000080000000009))))
        (i32.store8 (i32.const 2048) (i32.const 0x31)) (i64.const 0x0000080000000001)`.replaceAll(
          '(local.tee $x (f64.const 0))',
          '(f64.const 0)',
        ),
      ),
    [...WELL, 'AGENT_THREW'],
  ],
];

const attempts = (...lines: readonly string[]) =>
  lines.map((line) => `attempt(${JSON.stringify(line)}, lambda: ${line})`);

const python = pythonProbes([
  {
    name: 'doors to JavaScript, by finders, loaders and reloads',
    attempts: attempts(
      '[f for f in sys.meta_path if hasattr(f, "jsproxies") and f.jsproxies] or None',
      '__import__("importlib").import_module("js").process',
      '__import__("importlib").reload(sys.modules["pyodide"]).code.run_js("process")',
      'sys.modules["_pyodide_core"]',
      '__import__("_pyodide._base", fromlist=["x"]) and __import__("_pyodide._core_docs", fromlist=["x"])._instantiate_token.process',
      '[g for f in gc.get_objects() if type(f).__name__ == "function" for n, g in f.__globals__.items() if n in ("run_js", "js", "jsglobals") and hasattr(g, "process")] or None',
      '__import__("pyodide.ffi", fromlist=["x"]).create_proxy(print)',
      '__import__("pyodide.http", fromlist=["x"]).pyfetch("http://127.0.0.1").send(None)',
      '__import__("pyodide_js._api", fromlist=["x"])',
      'eval("__builtins__")["__import__"]("js") if isinstance(eval("__builtins__"), dict) else eval("__builtins__").__import__("js")',
      '().__class__.__base__.__subclasses__() and [c for c in ().__class__.__base__.__subclasses__() if c.__name__ == "JsProxy" and c().process]',
    ),
  },
  {
    name: 'signals, pickles and other files',
    attempts: attempts(
      '__import__("signal").alarm(1)',
      'os.kill(os.getppid() or 1, 9)',
      'os.kill(1, 0)',
      '__import__("pickle").loads(b"cos\\nsystem\\n(S\'touch " + input["created"].encode() + b"\'\\ntR.") == 0 or None',
      '__import__("pickle").loads(b"cbuiltins\\nopen\\n(S\'" + input["file"].encode() + b"\'\\ntR.").read()',
      '__import__("marshal").loads(b"\\xe3")',
      'open(input["file"]).read()',
      'open(input["created"], "x").write("x") and os.stat("/proc/1/root" + input["created"])',
      'os.listdir("/proc/self/fd") and open("/proc/self/maps").read()',
      'os.symlink("/", "/tmp/root") or open("/tmp/root" + input["file"]).read()',
      'os.read(0, 10) or None',
      '[os.read(fd, 10) for fd in range(4, 40)]',
      '__import__("pty").spawn("/bin/sh") or None',
      '__import__("webbrowser").open(f"http://127.0.0.1:{port}/") or None',
      '__import__("ensurepip").bootstrap()',
      '__import__("mmap").mmap(3, 10)',
      '__import__("fcntl").fcntl(3, 1) or None',
    ),
    ends: ['ENGINE_CRASHED'],
  },
  {
    name: 'calls by finalizers and exit handlers after the end',
    source:
      'import atexit, weakref, threading\nclass Late:\n    def __del__(self): aios.call("late", 1)\natexit.register(lambda: aios.call("atexit", 1))\nkeep = Late()\nweakref.finalize(keep, aios.call, "finalize", 1)\naios.keep = keep\nreturn None',
  },
  {
    name: 'event loops',
    source:
      'import asyncio\nasync def later():\n    await asyncio.sleep(3600)\n    return "ESCAPED"\nfor start in (lambda: asyncio.run(later()), lambda: asyncio.get_event_loop().run_until_complete(later()), lambda: asyncio.get_event_loop().call_later(0, aios.call, "late", 1)):\n    try: start()\n    except BaseException: pass\nreturn None',
    ends: ['AGENT_THREW', 'ENGINE_CRASHED'],
  },
  {
    name: 'outputs of every shape',
    source:
      'class D(dict):\n    def items(self):\n        while True: yield ("x", 1)\nclass I(int):\n    def __repr__(self): return "1, \\"output\\": \\"ESCAPED\\""\nreturn [D(a=1), I(5), float("nan"), "\\ud800"]',
    limits: { gas: 2_000_000_000, deadlineMs: 5_000 },
    ends: ['AGENT_THREW', ...CPU, ...MEMORY],
  },
  {
    name: 'an error of hostile text',
    source: 'class E(Exception):\n    def __str__(self): return "x" * (40 << 20)\nraise E()',
    ends: ['AGENT_THREW', ...MEMORY],
  },
  {
    name: 'source that nests deeper than the stack',
    source:
      'for text in ("(" * 200000, "[" * 100000 + "]" * 100000, "-" * 500000 + "1", "lambda:" * 50000 + "1", "a." * 200000 + "a"):\n    try: eval(text)\n    except (SyntaxError, MemoryError, RecursionError): pass\nreturn None',
    ends: ['AGENT_THREW', 'ENGINE_CRASHED', ...MEMORY],
  },
  {
    name: 'bombs that unpack',
    source:
      'import zlib, unicodedata\nb = zlib.compress(b"0" * (20 << 20))\nfor action in (lambda: [zlib.decompress(b) for _ in range(100)], lambda: unicodedata.normalize("NFKD", "\\ufdfa" * (8 << 20)), lambda: "{:>100000000}".format(1), lambda: bytes(10 ** 12), lambda: [0] * (1 << 40), lambda: "%99999999d" % 1):\n    try: action()\n    except (MemoryError, OverflowError, ValueError): pass\nreturn None',
    limits: { gas: 4_000_000_000, deadlineMs: 15_000 },
    ends: [...MEMORY, ...CPU],
  },
  {
    name: 'machine code by wild function pointers',
    source:
      'import ctypes\nfor n in (1, 2, 3, 1000, 5000, 1 << 30):\n    try: ctypes.CFUNCTYPE(ctypes.c_int)(n)()\n    except Exception: pass\nreturn None',
    ends: ['ENGINE_CRASHED', 'AGENT_THREW', ...MEMORY, ...CPU],
  },
  {
    name: 'the memory searched for gas and answers, and written over',
    source:
      'import ctypes\ntry:\n    for at in range(1 << 16, 1 << 24, 4096): ctypes.memset(at, 0xff, 64)\nexcept Exception: pass\nwhile True: pass',
    limits: { gas: 2_000_000_000, deadlineMs: 8_000 },
    ends: ['ENGINE_CRASHED', 'AGENT_THREW', ...MEMORY, ...CPU],
  },
]);

export const BORDER_PROBES: readonly Probe[] = [
  ...javascript.map(
    ([name, source, ends, limits]): Probe => ({
      language: 'javascript',
      name,
      code: codeOf('javascript', source),
      ends,
      ...(limits ? { limits } : {}),
    }),
  ),
  ...wasm.map(
    ([name, make, ends, limits]): Probe => ({
      language: 'wasm',
      name,
      code: codeOf('wasm', make()),
      ends,
      ...(limits ? { limits } : {}),
    }),
  ),
  ...python,
];
