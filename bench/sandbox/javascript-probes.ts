// Guests in JavaScript that try to get out, and bombs.
import { codeOf } from '#node/agents/runtime/testing/requests.ts';
import type { Probe } from './probe.ts';

/** The guest tries each expression in turn and escapes by the first that yields something a guest must not have. */
const reach = (expressions: string): string => `export function run(input, aios) {
  const tries = ${expressions};
  for (const attempt of tries) {
    try { const got = attempt(input, aios); if (got !== undefined && got !== null && got !== false) return 'ESCAPED'; } catch (error) { if (error instanceof AiosCallError) throw error; }
  }
  return 'contained';
}`;

const escapes: Readonly<Record<string, string>> = {
  'globals of Node': reach(
    "['process', 'require', 'module', 'global', 'Buffer', 'Worker', 'fetch', 'XMLHttpRequest', 'WebSocket', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'structuredClone', 'WebAssembly', 'importScripts', 'navigator', 'performance', 'Deno', 'Bun', 'os', 'std', 'bjson', 'print', 'scriptArgs'].map((name) => () => globalThis[name])",
  ),
  'Function constructor': reach(
    "[() => Function('return typeof process === \"undefined\" ? undefined : process')(), () => (function () {}).constructor('return this.process')(), () => (async () => {}).constructor('return typeof require === \"function\" || undefined')() instanceof Promise && undefined, () => (function* () {}).constructor('return globalThis.process')().next().value, () => (0, eval)('this.process'), () => new Function('return import.meta')()]",
  ),
  'constructors of what the host hands in': reach(
    "[(input) => input.constructor.constructor('return this.process')(), (_, aios) => aios.constructor.constructor('return this.process')(), (_, aios) => aios.call.constructor('return this.process')(), (_, aios) => aios.log.constructor.prototype.constructor('return this.require')(), (_, aios) => aios.__proto__.constructor.constructor('return globalThis.process')(), () => { try { aios.call('x', { toJSON() { throw Error } }); } catch (e) { return e.constructor.constructor('return this.process')(); } }]",
  ),
  'callers and stacks': reach(
    "[() => (function f() { return f.caller && f.caller.arguments; })(), () => { Error.prepareStackTrace = (_, frames) => frames; const stack = new Error().stack; return typeof stack !== 'string' && stack[0].getThis && stack[0].getThis().process; }, () => Error.captureStackTrace && Error.captureStackTrace({}) && undefined, () => /\\/(work|home|usr|node_modules)\\//.test(new Error().stack) || undefined]",
  ),
  'prototypes of the prelude': `export function run(input, aios) {
    const stolen = [];
    for (const [target, key] of [[Array.prototype, 'push'], [Function.prototype, 'call'], [Function.prototype, 'apply'], [Reflect, 'apply'], [JSON, 'parse'], [JSON, 'stringify'], [Promise.prototype, 'then'], [Object, 'freeze'], [String.prototype, 'charCodeAt']]) {
      const real = target[key];
      try { target[key] = function (...args) { for (const arg of args) if (typeof arg === 'function' && /host/.test(arg.name)) stolen.push(arg); return Reflect.ownKeys({}) && real.apply ? real.apply(this, args) : undefined; }; } catch {}
    }
    Object.defineProperty(Object.prototype, 'error', { get() { return undefined; }, configurable: true });
    try { aios.call('x', 1); aios.log('y'); } catch {}
    try { aios.call = () => 1; } catch {}
    return stolen.length > 0 ? 'ESCAPED' : 'contained';
  }`,
  'forged host functions': `export function run(input, aios) {
    const names = ['call', 'log', 'done', 'hostCall', 'hostLog', 'hostDone', '__host', 'aios_call'];
    for (const name of names) if (typeof globalThis[name] === 'function') return 'ESCAPED';
    return 'contained';
  }`,
  'import of built-ins': `export async function run(input) {
    for (const name of ['fs', 'node:fs', 'net', 'node:net', 'child_process', 'node:process', 'os', 'std', 'http', 'worker_threads', 'vm', 'module', 'qjs:std', 'qjs:os', 'file://' + input.file, input.file, '../../../../../../..' + input.file, 'data:text/javascript,export default 1', 'http://127.0.0.1:' + input.port + '/x.js']) {
      try { const got = await import(name); if (got) return 'ESCAPED'; } catch {}
    }
    return 'contained';
  }`,
  'import as JSON or text': `export async function run(input) {
    for (const type of ['json', 'text', 'bytes', 'json5']) {
      try { const got = await import(input.file, { with: { type } }); if (got) return 'ESCAPED'; } catch {}
    }
    return 'contained';
  }`,
  'import.meta': `export function run(input) { const meta = import.meta; return meta.url && /^(file|http)/.test(meta.url) ? 'ESCAPED' : Object.keys(meta).length; }`,
  'reading and writing files': `export function run(input, aios) {
    const found = [];
    for (const name of ['fs', 'std', 'os', 'Deno', 'FileReader', 'open', 'read', 'load', 'loadFile', 'readFile', 'readFileSync', 'writeFile']) {
      const value = globalThis[name];
      if (value === undefined) continue;
      found.push(name);
      try { value(input.file); value(input.created, 'x'); value.readFileSync?.(input.file); } catch {}
    }
    return found.length > 0 ? 'ESCAPED' : 'contained';
  }`,
  'network by every door': `export async function run(input) {
    const url = 'http://127.0.0.1:' + input.port + '/';
    for (const attempt of [() => fetch(url), () => new WebSocket(url.replace('http', 'ws')), () => new XMLHttpRequest().open('GET', url, false), () => navigator.sendBeacon(url), () => new EventSource(url), () => new Image().src = url, () => import(url), () => os.connect('127.0.0.1', input.port), () => new Worker(url), () => importScripts(url)]) {
      try { await attempt(); return 'ESCAPED'; } catch {}
    }
    return 'contained';
  }`,
  'time that passes': `export function run() {
    const first = Date.now();
    for (let i = 0; i < 300000; i += 1);
    const clocks = [Date.now(), new Date().getTime(), Date.parse(new Date().toISOString())];
    return clocks.some((clock) => clock !== first) || new Date().getTimezoneOffset() !== 0 ? 'ESCAPED' : 'contained';
  }`,
  'shared memory and atomics': reach(
    "[() => typeof Atomics !== 'undefined' && Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0, 50) === 'timed-out', () => new SharedArrayBuffer(16, { maxByteLength: 2 ** 40 }).growable && undefined]",
  ),
  'weak references and finalizers': `export async function run() {
    const seen = [];
    const registry = new FinalizationRegistry((held) => seen.push(held));
    for (let i = 0; i < 1000; i += 1) { const ref = new WeakRef({ i }); registry.register({ i }, i); if (i > 990) seen.push(ref.deref() === undefined); }
    for (let i = 0; i < 10; i += 1) await null;
    return seen.length < 5000 ? 'contained' : 'ESCAPED';
  }`,
  'typed arrays beyond their end': `export function run() {
    const reads = [];
    for (const View of [Uint8Array, Int32Array, Float64Array, BigInt64Array]) {
      const view = new View(8);
      reads.push(view[1e6], view[-1], view.at(-9), view.subarray(4, 1e9).length > 4);
      try { new View(view.buffer, 8 * 1024); reads.push('got'); } catch {}
      try { new DataView(view.buffer).getInt32(1e6); reads.push('got'); } catch {}
    }
    const buffer = new ArrayBuffer(8);
    const view = new Uint8Array(buffer);
    try { buffer.transfer(1 << 20); } catch {}
    view.fill(1); view.set([1, 2, 3].concat([]), 0 * 1);
    return reads.some((value) => value !== undefined && value !== false) ? 'ESCAPED' : 'contained';
  }`,
  'sort that changes its array': `export function run() {
    const array = Array.from({ length: 1000 }, (_, i) => ({ i }));
    array.sort((a, b) => { array.length = 0; array.push({ i: -1 }); return a.i - b.i; });
    const typed = new Float64Array(1000).map((_, i) => 1000 - i);
    typed.sort((a, b) => { try { typed.buffer.transfer?.(8); } catch {} return a - b; });
    return 'contained';
  }`,
  'output by toJSON, getters and proxies': `export function run(input) {
    return new Proxy({ a: 1 }, { ownKeys: () => ['a', 'toJSON', '__proto__'], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }), get: (_, key) => key === 'toJSON' ? () => ({ ['__proto__']: { polluted: true }, constructor: { prototype: { polluted: true } } }) : 1 });
  }`,
  'a thenable that never ends and one that lies': `export function then(resolve) { resolve({ run: () => ({ then(done) { done('contained'); done('ESCAPED'); } }) }); }
  export function run() { return 'contained'; }`,
  'errors that bite who reads them': `export function run() {
    const error = new Error('x');
    Object.defineProperty(error, 'message', { get() { throw new Error('in message'); } });
    Object.defineProperty(error, 'name', { get() { return { toString() { throw 1; } }; } });
    Object.defineProperty(error, 'stack', { get() { throw 2; } });
    throw error;
  }`,
  'a capability with a name of the host': `export function run(input, aios) {
    const told = [];
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', '\\u0000', '../x', 'x'.repeat(1000)]) { try { told.push(typeof aios.call(name, { ['__proto__']: { admin: true } })); } catch (error) { told.push(error.code); } }
    return ({}).admin ? 'ESCAPED' : 'contained';
  }`,
  'lone surrogates, zeros and controls in every string': `export function run(input, aios) {
    const odd = '\\ud800 \\u0000 \\udfff \\u2028 \\uffff';
    aios.log(odd); const back = aios.call(odd, { [odd]: odd });
    return { [odd]: odd, same: JSON.stringify(back) === JSON.stringify({ [odd]: odd }) };
  }`,
};

const bombs: readonly [string, string, Probe['ends'], Partial<Probe>?][] = [
  ['endless loop', 'for (;;);', ['DEADLINE_EXCEEDED']],
  ['endless loop against gas', 'for (;;);', ['OUT_OF_GAS'], { limits: { gas: 1_000_000 } }],
  [
    'loop that catches and loops in finally',
    'for (;;) { try { for (;;); } catch {} finally { for (;;); } }',
    ['DEADLINE_EXCEEDED'],
  ],
  [
    'generator without end',
    'function* forever() { for (;;) yield 1; } let n = 0; for (const x of forever()) n += x;',
    ['DEADLINE_EXCEEDED'],
  ],
  [
    'async generators without end',
    'const g = async function* () { for (;;) yield 1; }; return (async () => { for await (const x of g()); })();',
    ['DEADLINE_EXCEEDED'],
  ],
  ['recursion without end', 'const deep = (n) => 1 + deep(n + 1); return deep(0);', ['AGENT_THREW']],
  [
    'recursion that catches and goes on',
    'const deep = () => { try { deep(); } catch { deep(); } }; deep();',
    ['DEADLINE_EXCEEDED', 'AGENT_THREW', 'completed'],
  ],
  [
    'recursion by getters, proxies and toString',
    "const o = {}; Object.defineProperty(o, 'x', { get() { return this.x; } }); const p = new Proxy({}, { get: (t, k, r) => r[k] }); const s = { toString() { return '' + s; } }; for (const f of [() => o.x, () => p.y, () => '' + s]) { try { f(); } catch {} } return 1;",
    ['completed'],
  ],
  [
    'recursion in JSON, sort, replace and bind',
    "let f = () => 1; for (let i = 0; i < 1e5; i += 1) f = f.bind(null); const tries = [() => f(), () => JSON.stringify({ toJSON() { return JSON.stringify(this); } }), () => 'x'.replace(/x/, function again() { return 'x'.replace(/x/, again); }), () => [2, 1].sort(function again() { return [2, 1].sort(again)[0]; })]; for (const t of tries) { try { t(); } catch {} } return 1;",
    ['completed', 'DEADLINE_EXCEEDED', 'OUT_OF_MEMORY', 'AGENT_THREW'],
  ],
  [
    'deeply nested source',
    "try { (0, eval)('('.repeat(1e5) + ')'.repeat(1e5)); } catch {} try { (0, eval)('[' .repeat(1e5)); } catch {} try { new RegExp('(' .repeat(1e5) + ')'.repeat(1e5)); } catch {} return 1;",
    ['completed'],
  ],
  [
    'deep JSON in',
    "const s = '['.repeat(5e6) + ']'.repeat(5e6); try { JSON.parse(s); } catch {} return 1;",
    ['completed'],
  ],
  ['deep JSON out', 'let a = []; for (let i = 0; i < 2000; i += 1) a = [a]; return a;', ['AGENT_THREW']],
  [
    'very deep JSON out',
    'let a = []; for (let i = 0; i < 300000; i += 1) a = [a]; return a;',
    ['AGENT_THREW', 'DEADLINE_EXCEEDED'],
  ],
  [
    'deep arguments of a call',
    "let a = []; for (let i = 0; i < 1000; i += 1) a = [a]; try { aios.call('x', a); } catch (error) { return error.code; }",
    ['completed'],
  ],
  [
    'deep structure freed',
    'let a = {}; for (let i = 0; i < 1e6; i += 1) a = { a }; a = null; return 1;',
    ['completed', 'OUT_OF_MEMORY', 'DEADLINE_EXCEEDED'],
  ],
  [
    'regular expression that backtracks',
    "return /^(a+)+$/.test('a'.repeat(50) + 'b');",
    ['DEADLINE_EXCEEDED'],
  ],
  [
    'regular expression against gas',
    "return /^(a|a)*$/.test('a'.repeat(50) + 'b');",
    ['OUT_OF_GAS'],
    { limits: { gas: 50_000_000, deadlineMs: 20_000 } },
  ],
  [
    'regular expression of many groups',
    "return new RegExp('(.*)'.repeat(200) + 'x').test('a'.repeat(2000));",
    ['DEADLINE_EXCEEDED', 'AGENT_THREW'],
  ],
  [
    'native sort of a huge array',
    'const a = []; for (let i = 0; i < 1e6; i += 1) a.push(String((i * 7919) % 1e6)); for (;;) a.sort();',
    ['DEADLINE_EXCEEDED', 'OUT_OF_MEMORY'],
  ],
  [
    'native split and join',
    "for (;;) 'a,'.repeat(1e6).split(',').join(';');",
    ['DEADLINE_EXCEEDED', 'OUT_OF_MEMORY'],
  ],
  [
    'native search',
    "const s = 'a'.repeat(1e6); for (;;) s.indexOf('a'.repeat(5e5) + 'b');",
    ['DEADLINE_EXCEEDED'],
  ],
  [
    'native fill of typed arrays',
    'const a = new Float64Array(4e6); for (;;) a.fill(1).reverse().sort();',
    ['DEADLINE_EXCEEDED'],
  ],
  [
    'big integers',
    'let x = 3n; for (;;) x = x ** 7n;',
    ['DEADLINE_EXCEEDED', 'OUT_OF_MEMORY', 'AGENT_THREW'],
  ],
  [
    'big integer to text',
    'return (7n ** 3000000n).toString().length;',
    ['DEADLINE_EXCEEDED', 'OUT_OF_MEMORY', 'AGENT_THREW', 'completed'],
  ],
  [
    'array of a thousand million',
    'const a = new Array(1e9).fill(0); return a.length;',
    ['OUT_OF_MEMORY', 'DEADLINE_EXCEEDED', 'AGENT_THREW'],
  ],
  [
    'sparse array walked',
    'const a = []; a[4294967294] = 1; a.forEach(() => {}); a.sort(); return a.indexOf(2);',
    ['DEADLINE_EXCEEDED', 'completed', 'OUT_OF_MEMORY', 'AGENT_THREW'],
  ],
  ['strings that double', "let s = 'x'; for (;;) s += s;", ['OUT_OF_MEMORY', 'AGENT_THREW']],
  [
    'strings padded and repeated',
    "const all = []; for (;;) { try { all.push('x'.repeat(2 ** 28), 'x'.padEnd(2 ** 29, 'ab')); } catch {} }",
    ['OUT_OF_MEMORY', 'DEADLINE_EXCEEDED'],
  ],
  ['arrays', 'const all = []; for (;;) all.push(new Array(1000).fill({}));', ['OUT_OF_MEMORY']],
  [
    'typed arrays',
    'const all = []; for (;;) { try { all.push(new Uint8Array(1 << 24)); } catch {} }',
    ['OUT_OF_MEMORY', 'DEADLINE_EXCEEDED'],
  ],
  [
    'resizable buffers',
    'const all = []; for (;;) { try { const b = new ArrayBuffer(8, { maxByteLength: 1 << 30 }); b.resize(1 << 30); all.push(b); } catch (error) { if (!(error instanceof RangeError)) throw error; } }',
    ['OUT_OF_MEMORY', 'DEADLINE_EXCEEDED', 'AGENT_THREW'],
  ],
  [
    'maps, sets and symbols',
    'const m = new Map(); for (let i = 0; ; i += 1) m.set({}, Symbol(i));',
    ['OUT_OF_MEMORY', 'DEADLINE_EXCEEDED'],
  ],
  [
    'closures and classes',
    'const all = []; for (let i = 0; ; i += 1) all.push(class { #x = i; get() { return this.#x; } });',
    ['OUT_OF_MEMORY', 'DEADLINE_EXCEEDED'],
  ],
  [
    'atoms: names of properties',
    "const o = {}; for (let i = 0; ; i += 1) o['p' + i] = i;",
    ['OUT_OF_MEMORY', 'DEADLINE_EXCEEDED'],
  ],
  [
    'code made of text',
    "let s = ''; for (let i = 0; i < 2e5; i += 1) s += 'function f' + i + '(){};'; for (;;) (0, eval)(s);",
    ['OUT_OF_MEMORY', 'DEADLINE_EXCEEDED', 'AGENT_THREW'],
  ],
  [
    'promises that fork',
    'const fork = async () => { await null; fork(); fork(); }; fork(); return new Promise(() => {});',
    ['OUT_OF_MEMORY', 'DEADLINE_EXCEEDED'],
  ],
  [
    'microtasks without end',
    'const flood = () => Promise.resolve().then(flood); flood(); return new Promise(() => {});',
    ['DEADLINE_EXCEEDED'],
  ],
  [
    'microtasks of native code',
    'const loop = { then(resolve) { resolve(loop); } }; return Promise.resolve(loop);',
    ['DEADLINE_EXCEEDED'],
  ],
  ['promise that never settles', 'return new Promise(() => {});', ['AGENT_THREW']],
  ['output of 50 MB', "return 'x'.repeat(5e7);", ['OUTPUT_TOO_LARGE', 'OUT_OF_MEMORY']],
  ['output of many small values', 'return new Array(1e6).fill(null);', ['OUTPUT_TOO_LARGE']],
  [
    'output that is unrolled by toJSON',
    'const a = { toJSON: () => [a, a] }; return a;',
    ['AGENT_THREW', 'DEADLINE_EXCEEDED', 'OUT_OF_MEMORY'],
  ],
  [
    'output that laughs a thousand million times',
    "let a = 'lol'; for (let i = 0; i < 30; i += 1) a = [a, a]; return a;",
    ['OUTPUT_TOO_LARGE', 'OUT_OF_MEMORY', 'DEADLINE_EXCEEDED'],
  ],
  ['error of 50 MB', "throw new Error('x'.repeat(5e7));", ['AGENT_THREW', 'OUT_OF_MEMORY']],
  ['flood of calls', "for (;;) try { aios.call('x', 1); } catch {}", ['TOO_MANY_CALLS']],
  [
    'calls of a megabyte',
    "const x = 'x'.repeat(1e6); for (;;) aios.call('x', x);",
    ['TOO_MANY_CALLS', 'DEADLINE_EXCEEDED', 'OUT_OF_MEMORY'],
  ],
  [
    'a call of 60 MB',
    "try { aios.call('x', 'x'.repeat(6e7)); } catch (error) { return error.code; }",
    ['completed', 'OUT_OF_MEMORY'],
  ],
  ['flood of logs', "for (let i = 0; ; i += 1) aios.log('line', i);", ['DEADLINE_EXCEEDED']],
  ['a log line of 50 MB', "aios.log('x'.repeat(5e7)); return 1;", ['completed', 'OUT_OF_MEMORY']],
  [
    'a log line of 128 MB in much memory',
    "aios.log('x'.repeat(1 << 27)); return 1;",
    ['completed', 'OUT_OF_MEMORY'],
    { limits: { memoryBytes: 512 << 20 } },
  ],
  [
    'an import of a name of 100 MB',
    "return import('./' + 'x'.repeat(1e8)).catch(() => 1);",
    ['completed', 'OUT_OF_MEMORY', 'AGENT_THREW', 'CODE_INVALID'],
    { limits: { memoryBytes: 512 << 20 } },
  ],
  [
    'an error of 128 MB in much memory',
    "throw new Error('x'.repeat(1 << 27));",
    ['AGENT_THREW', 'OUT_OF_MEMORY'],
    { limits: { memoryBytes: 512 << 20 } },
  ],
  [
    'endless loop before run',
    '',
    ['DEADLINE_EXCEEDED'],
    { code: codeOf('javascript', 'for (;;); export const run = 1;') },
  ],
  [
    'module that imports itself',
    '',
    ['completed', 'AGENT_THREW'],
    {
      code: codeOf(
        'javascript',
        "import * as self from './agent.js'; export const run = () => Object.keys(self).length;",
      ),
    },
  ],
  [
    '500 modules in a row',
    '',
    ['completed'],
    {
      code: codeOf(
        'javascript',
        Object.fromEntries(
          Array.from({ length: 500 }, (_, i) => [
            `m${i}.js`,
            i === 499 ? 'export const run = () => 1;' : `export { run } from './m${i + 1}.js';`,
          ]),
        ),
      ),
    },
  ],
  [
    'eight memory bombs at once',
    'const all = []; for (;;) all.push(new Uint8Array(1 << 20).fill(1));',
    ['OUT_OF_MEMORY', 'DEADLINE_EXCEEDED'],
    { times: 8, limits: { memoryBytes: 256 << 20, deadlineMs: 4_000 } },
  ],
];

export const JAVASCRIPT_PROBES: readonly Probe[] = [
  ...Object.entries(escapes).map(
    ([name, source]): Probe => ({
      language: 'javascript',
      name,
      code: codeOf('javascript', source),
      ends: ['completed', 'AGENT_THREW', 'CODE_INVALID'],
    }),
  ),
  ...bombs.map(
    ([name, body, ends, more]): Probe => ({
      language: 'javascript',
      name,
      code: codeOf('javascript', `export function run(input, aios) { ${body} }`),
      ends,
      ...more,
    }),
  ),
];
