// Agents that are WebAssembly modules, in the real agent host.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAgentRuntime, type StartedRuntime } from './agent-runtime.ts';
import type { Json, RunHooks, RunLimits } from './runtime.ts';
import { codeOf, echo, requestOf } from './testing/requests.ts';
import { packed, wasmAgent, wasmOf } from './testing/wasm-agents.ts';

let runtime: StartedRuntime;
beforeAll(async () => {
  runtime = createAgentRuntime({ lanes: 2 });
  await runtime.start();
});
afterAll(() => runtime.close());

const run = (
  bytes: Uint8Array,
  input: Json = null,
  limits: Partial<RunLimits> = {},
  hooks: RunHooks = echo,
) => runtime.run(requestOf(codeOf('wasm', bytes), input, { memoryBytes: 4 << 20, ...limits }), hooks);

const INPUT = packed('(local.get $at)', '(local.get $length)');

test('input goes in, output comes out, calls are answered, logs are kept', async () => {
  expect(await run(wasmAgent(INPUT), { a: ['ü', 1.5] })).toMatchObject({
    status: 'completed',
    output: { a: ['ü', 1.5] },
  });
  const request = '["price",{"item":"pear"}]';
  const calling = wasmAgent(
    `(call $log (i32.const 2) (i32.const 1024) (i32.const 7))
     (call $call (i32.const 1024) (i32.const ${request.length}))`,
    { data: request },
  );
  expect(await run(calling)).toMatchObject({
    status: 'completed',
    output: { ok: { item: 'pear' } },
    calls: [
      { call: { index: 0, capability: 'price', args: { item: 'pear' } }, answer: { ok: { item: 'pear' } } },
    ],
    logs: [{ level: 'warn', text: '["price' }],
  });
});

test('gas is exact', async () => {
  const counting = wasmAgent(
    `(loop $again (local.set $i (i32.add (local.get $i) (i32.const 1))) (br_if $again (i32.lt_u (local.get $i) (i32.const 5000)))) ${INPUT}`,
  );
  const { gas, status } = await run(counting, 1);
  expect(status).toBe('completed');
  expect(gas).toBeGreaterThan(5_000);
  expect(await run(counting, 1, { gas })).toMatchObject({ status: 'completed', gas });
  expect(await run(counting, 1, { gas: gas - 1 })).toMatchObject({
    status: 'killed',
    error: { code: 'OUT_OF_GAS' },
    gas: gas - 1,
  });
});

const modules: readonly [string, string, () => Uint8Array, Partial<RunLimits>?][] = [
  ['OUT_OF_GAS', 'an endless loop', () => wasmAgent('(loop $l (br $l)) (i64.const 0)')],
  [
    'DEADLINE_EXCEEDED',
    'an endless loop with all gas',
    () => wasmAgent('(loop $l (br $l)) (i64.const 0)'),
    { gas: 1e12, deadlineMs: 300 },
  ],
  ['AGENT_THREW', 'a trap', () => wasmAgent('(unreachable)')],
  ['AGENT_THREW', 'an output outside the memory', () => wasmAgent('(i64.const 0xfffffff000000100)')],
  ['OUTPUT_TOO_LARGE', 'an output of 4 GiB', () => wasmAgent('(i64.const 0xffffffff)')],
  [
    'AGENT_THREW',
    'an output that is not JSON',
    () => wasmAgent(packed('(i32.const 1024)', '(i32.const 3)'), { data: 'no!' }),
  ],
  [
    'AGENT_THREW',
    'a call outside the memory',
    () => wasmAgent('(call $call (i32.const -16) (i32.const 32))'),
  ],
  [
    'AGENT_THREW',
    'a log outside the memory',
    () => wasmAgent('(call $log (i32.const 9) (i32.const -16) (i32.const 32)) (i64.const 0)'),
  ],
  [
    'AGENT_THREW',
    'endless recursion',
    () => wasmAgent('(call $deep) (i64.const 0)', { more: '(func $deep (call $deep) (call $deep))' }),
    { gas: 1e12 },
  ],
  [
    'CODE_INVALID',
    'an unknown import',
    () =>
      wasmOf(
        '(module (import "env" "exec" (func (param i32))) (memory (export "memory") 1) (func (export "alloc") (param i32) (result i32) (i32.const 0)) (func (export "run") (param i32 i32) (result i64) (i64.const 0)))',
      ),
  ],
  ['CODE_INVALID', 'no exports', () => wasmOf('(module)')],
  ['CODE_INVALID', 'not a module', () => new TextEncoder().encode('export const run = 1')],
  ['CODE_INVALID', 'more memory than its limit', () => wasmOf('(module (memory (export "memory") 4000))')],
  [
    'TOO_MANY_CALLS',
    'a flood of calls',
    () =>
      wasmAgent('(loop $l (drop (call $call (i32.const 1024) (i32.const 9))) (br $l)) (i64.const 0)', {
        data: '["e",null]',
      }),
    { hostCalls: 5 },
  ],
];

test.each(modules)('%s: %s', async (code, _name, module, limits = {}) => {
  const outcome = await run(module(), null, limits);
  expect(outcome.error?.code, outcome.error?.message).toBe(code);
  expect(await run(wasmAgent(INPUT), 'fine')).toMatchObject({ output: 'fine' });
});

test('memory grows to its limit and no further', async () => {
  const growing = wasmAgent(
    `(loop $l (br_if $l (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) ${INPUT}`,
  );
  expect(await run(growing, 1)).toMatchObject({ status: 'completed', memoryBytes: 4 << 20 });
});
