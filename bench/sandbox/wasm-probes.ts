// WebAssembly modules that try to get out, and bombs.
import { codeOf } from '#node/agents/runtime/testing/requests.ts';
import { packed, wasmAgent, wasmOf } from '#node/agents/runtime/testing/wasm-agents.ts';
import type { Probe } from './probe.ts';

const INPUT = packed('(local.get $at)', '(local.get $length)');
const DOORS =
  '(memory (export "memory") 1) (func (export "alloc") (param i32) (result i32) (i32.const 1024))';
const RUN = '(func (export "run") (param i32 i32) (result i64) (i64.const 0))';

/** Declares a function of the host that must not exist. */
const importing = (from: string, name: string, type = '(func (param i32 i32) (result i32))'): Uint8Array =>
  wasmOf(`(module (import "${from}" "${name}" ${type}) ${DOORS} ${RUN})`);

const probes: readonly [string, () => Uint8Array, Probe['ends'], Partial<Probe>?][] = [
  ['import of WASI', () => importing('wasi_snapshot_preview1', 'fd_write'), ['CODE_INVALID']],
  ['import of env', () => importing('env', 'abort'), ['CODE_INVALID']],
  ['import of an unknown function of aios', () => importing('aios', 'exec'), ['CODE_INVALID']],
  [
    'import of a memory',
    () =>
      wasmOf(
        `(module (import "aios" "call" (memory 1)) (export "memory" (memory 0)) (func (export "alloc") (param i32) (result i32) (i32.const 1024)) ${RUN})`,
      ),
    ['CODE_INVALID'],
  ],
  ['import of a global', () => importing('aios', 'log', '(global i32)'), ['CODE_INVALID']],
  [
    'import of a function by another type',
    () =>
      wasmOf(
        `(module (import "aios" "call" (func (param i64 f32) (result f64))) ${DOORS} (func (export "run") (param i32 i32) (result i64) (drop (call 0 (i64.const 1) (f32.const 1))) (i64.const 0)))`,
      ),
    ['AGENT_THREW', 'CODE_INVALID'],
  ],
  [
    'export of the name of the gas',
    () => wasmOf(`(module (global (export "aios.gas") i64 (i64.const 1)) ${DOORS} ${RUN})`),
    ['CODE_INVALID'],
  ],
  [
    'export of another kind',
    () =>
      wasmOf(
        '(module (memory (export "run") 1) (global (export "memory") i32 (i32.const 1)) (global (export "alloc") i32 (i32.const 1)))',
      ),
    ['CODE_INVALID'],
  ],
  [
    'run of another type',
    () => wasmOf(`(module ${DOORS} (func (export "run") (param i32) (result i32) (i32.const 7)))`),
    ['AGENT_THREW', 'CODE_INVALID'],
  ],
  ['endless loop', () => wasmAgent('(loop $l (br $l)) (i64.const 0)'), ['DEADLINE_EXCEEDED']],
  [
    'endless loop against gas',
    () => wasmAgent('(loop $l (br $l)) (i64.const 0)'),
    ['OUT_OF_GAS'],
    { limits: { gas: 1_000_000 } },
  ],
  [
    'endless start function',
    () => wasmOf(`(module (func $s (loop $l (br $l))) (start $s) ${DOORS} ${RUN})`),
    ['DEADLINE_EXCEEDED'],
  ],
  [
    'endless start function against gas',
    () => wasmOf(`(module (func $s (loop $l (br $l))) (start $s) ${DOORS} ${RUN})`),
    ['OUT_OF_GAS'],
    { limits: { gas: 1_000_000 } },
  ],
  [
    'endless alloc',
    () =>
      wasmOf(
        `(module (memory (export "memory") 1) (func (export "alloc") (param i32) (result i32) (loop $l (br $l)) (i32.const 0)) ${RUN})`,
      ),
    ['DEADLINE_EXCEEDED'],
  ],
  [
    'alloc that answers outside',
    () =>
      wasmOf(
        `(module (memory (export "memory") 1) (func (export "alloc") (param i32) (result i32) (i32.const -8)) ${RUN})`,
      ),
    ['AGENT_THREW'],
  ],
  [
    'recursion',
    () => wasmAgent('(call $deep) (i64.const 0)', { more: '(func $deep (call $deep) (call $deep))' }),
    ['AGENT_THREW'],
  ],
  [
    'recursion through the host',
    () =>
      wasmOf(
        `(module (import "aios" "call" (func $c (param i32 i32) (result i64))) (memory (export "memory") 1) (data (i32.const 0) "[\\"x\\",1]") (func $a (export "alloc") (param i32) (result i32) (drop (call $c (i32.const 0) (i32.const 7))) (i32.const 1024)) (func (export "run") (param i32 i32) (result i64) (i64.const 0)))`,
      ),
    ['TOO_MANY_CALLS', 'AGENT_THREW'],
  ],
  [
    'growing memory',
    () => wasmAgent(`(loop $l (br_if $l (i32.ne (memory.grow (i32.const 64)) (i32.const -1)))) ${INPUT}`),
    ['completed'],
  ],
  [
    'growing and touching memory, eight at once',
    () =>
      wasmAgent(
        `(loop $l (drop (memory.grow (i32.const 64))) (memory.fill (i32.const 65536) (i32.const 1) (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 65536))) (br $l)) (i64.const 0)`,
      ),
    ['DEADLINE_EXCEEDED', 'OUT_OF_MEMORY'],
    { times: 8, limits: { memoryBytes: 256 << 20 } },
  ],
  [
    'memory over the limit from the start',
    () =>
      wasmOf(
        `(module (memory (export "memory") 60000) (func (export "alloc") (param i32) (result i32) (i32.const 0)) ${RUN})`,
      ),
    ['CODE_INVALID'],
  ],
  [
    'bulk memory against gas',
    () =>
      wasmAgent(
        '(loop $l (memory.fill (i32.const 0) (i32.const 0) (i32.const 131072)) (memory.copy (i32.const 0) (i32.const 8) (i32.const 65536)) (br $l)) (i64.const 0)',
      ),
    ['OUT_OF_GAS'],
    { limits: { gas: 100_000_000 } },
  ],
  [
    'bulk memory outside',
    () => wasmAgent('(memory.fill (i32.const -8) (i32.const 0) (i32.const 64)) (i64.const 0)'),
    ['AGENT_THREW'],
  ],
  [
    'loads and stores outside',
    () => wasmAgent('(i64.store (i32.const -4) (i64.const 1)) (i64.load (i32.const -1))'),
    ['AGENT_THREW'],
  ],
  ['output outside', () => wasmAgent('(i64.const 0xffffff0000000400)'), ['AGENT_THREW']],
  ['output of 4 GiB', () => wasmAgent('(i64.const 0x00000000ffffffff)'), ['OUTPUT_TOO_LARGE']],
  [
    'call outside',
    () => wasmAgent('(call $call (i32.const -1) (i32.const -1))'),
    ['completed', 'AGENT_THREW'],
  ],
  [
    'log outside',
    () => wasmAgent('(call $log (i32.const -1) (i32.const -1) (i32.const -1)) (i64.const 0)'),
    ['AGENT_THREW'],
  ],
  [
    'flood of calls',
    () =>
      wasmAgent('(loop $l (drop (call $call (i32.const 1024) (i32.const 7))) (br $l)) (i64.const 0)', {
        data: '["x",1]',
      }),
    ['TOO_MANY_CALLS'],
  ],
  [
    'flood of logs',
    () =>
      wasmAgent('(loop $l (call $log (i32.const 1) (i32.const 0) (i32.const 60000)) (br $l)) (i64.const 0)'),
    ['DEADLINE_EXCEEDED'],
  ],
  [
    'calls that are no JSON',
    () =>
      wasmAgent(
        `(drop (call $call (i32.const 0) (i32.const 64))) (call $call (i32.const 1024) (i32.const 5))`,
        { data: '{"a":' },
      ),
    ['completed'],
  ],
  ['output that is no JSON', () => wasmAgent(packed('(i32.const 0)', '(i32.const 64)')), ['AGENT_THREW']],
  [
    'deep output',
    () =>
      wasmAgent(
        `(memory.fill (i32.const 2048) (i32.const 91) (i32.const 50000)) ${packed('(i32.const 2048)', '(i32.const 50000)')}`,
      ),
    ['AGENT_THREW'],
  ],
  [
    'table of ten million',
    () => wasmOf(`(module (table 9000000 funcref) ${DOORS} ${RUN})`),
    ['CODE_INVALID'],
  ],
  [
    'call through an empty table',
    () =>
      wasmOf(
        `(module (type $t (func)) (table 10 funcref) ${DOORS} (func (export "run") (param i32 i32) (result i64) (call_indirect (type $t) (i32.const 3)) (i64.const 0)))`,
      ),
    ['AGENT_THREW'],
  ],
  [
    'garbage after a magic number',
    () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 10, 255, 255, 255, 255, 15, 1, 2, 3),
    ['CODE_INVALID'],
  ],
  ['a module of 5 MB', () => new Uint8Array(5 << 20), ['CODE_INVALID']],
];

export const WASM_PROBES: readonly Probe[] = probes.map(([name, module, ends, more]) => ({
  language: 'wasm',
  name,
  code: codeOf('wasm', module()),
  ends,
  ...more,
}));
