// JavaScript in the real agent host: what a guest gets, how it is bounded, and that nothing of one run is seen by the next.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AiosError } from '#node/platform/errors.ts';
import { createAgentRuntime, type StartedRuntime } from './agent-runtime.ts';
import { QUICKJS_EXPORTS, quickJsModulePath } from './quickjs/quickjs-module.ts';
import type { Json, LogLine, RunHooks, RunLimits, RunOutcome } from './runtime.ts';
import { codeOf, echo, requestOf } from './testing/requests.ts';

let runtime: StartedRuntime;
beforeAll(async () => {
  runtime = createAgentRuntime({ lanes: 4 });
  await runtime.start();
});
afterAll(() => runtime.close());

const run = (
  source: string | Record<string, string>,
  input: Json = null,
  limits: Partial<RunLimits> = {},
  hooks: RunHooks = echo,
): Promise<RunOutcome> => runtime.run(requestOf(codeOf('javascript', source), input, limits), hooks);

test('a guest gets its input, the capabilities it calls, and answers JSON', async () => {
  const outcome = await run(
    'export async function run(input, aios) { await null; aios.log("saw", input); return { got: aios.call("echo", { deep: [input] }) }; }',
    { name: 'Zoë 🦉 \u0000 end' },
  );
  expect(outcome).toMatchObject({
    status: 'completed',
    output: { got: { deep: [{ name: 'Zoë 🦉 \u0000 end' }] } },
    calls: [
      {
        call: { index: 0, capability: 'echo', args: { deep: [{ name: 'Zoë 🦉 \u0000 end' }] } },
        answer: { ok: { deep: [{ name: 'Zoë 🦉 \u0000 end' }] } },
      },
    ],
    logs: [{ level: 'info', text: `saw ${JSON.stringify({ name: 'Zoë 🦉 \u0000 end' })}` }],
  });
  expect(outcome.engine).toMatch(/^quickjs-wasmfile\/\S+:[0-9a-f]{16} stack:1MiB prelude:[0-9a-f]{16}/);
});

test('modules of the package are found with the extensions TypeScript is written with, others are not', async () => {
  const files = {
    'agent.ts':
      'import { one } from "./lib/one.js"; import two from "./two"; export const run = () => one + two;',
    'lib/one.ts': 'export { one } from "../deeper/index.js";',
    'deeper/index.js': 'export const one = 1;',
    'two/index.ts': 'export default 2;',
  };
  expect(await run(files)).toMatchObject({ status: 'completed', output: 3 });
  for (const specifier of [
    'node:fs',
    'fs',
    '../../../etc/passwd',
    '/etc/passwd',
    'https://example.org/x.js',
    './gone.js',
  ]) {
    const outcome = await run(`import "${specifier}"; export const run = () => 1;`);
    expect(outcome.error, specifier).toMatchObject({ code: 'CODE_INVALID' });
    expect(outcome.error?.message).toContain('in the package');
  }
});

test('time, chance and gas are those of the request, to the last digit', async () => {
  const source =
    'export const run = () => ({ now: Date.now(), text: new Date().toString(), local: new Date(2026, 6, 1).getTime(), r: [Math.random(), Math.random()], work: [3, 1, 2].sort() });';
  const [first, second] = await Promise.all([run(source), run(source)]);
  expect(first).toMatchObject({ status: 'completed' });
  expect(first?.output).toEqual({
    now: Date.UTC(2026, 0, 2, 3, 4, 5),
    text: 'Fri Jan 02 2026 03:04:05 GMT+0000',
    local: Date.UTC(2026, 6, 1),
    // Recorded: another number here means that recorded runs no longer replay.
    r: [0.01768378835505169, 0.5802011666140774],
    work: [1, 2, 3],
  });
  expect(second?.output).toEqual(first?.output);
  expect(second?.gas).toBe(first?.gas);
  const other = await runtime.run(
    { ...requestOf(codeOf('javascript', source)), seed: '00'.repeat(32) },
    echo,
  );
  expect(other.output).not.toEqual(first?.output);
});

test('gas is exact: one unit less than was spent is not enough', async () => {
  const source =
    'export const run = (n) => { let sum = 0; for (let i = 0; i < n; i += 1) sum += i; return sum; };';
  const { gas } = await run(source, 123_456);
  expect(gas).toBeGreaterThan(123_456);
  expect(await run(source, 123_456, { gas: gas + 1 })).toMatchObject({ status: 'completed', gas });
  expect(await run(source, 123_456, { gas: gas - 1 })).toMatchObject({
    status: 'killed',
    error: { code: 'OUT_OF_GAS' },
    gas: gas - 1,
  });
});

const failing: readonly [string, string, string, Partial<RunLimits>?][] = [
  ['AGENT_THREW', 'failed', 'export const run = () => { throw new TypeError("no such item"); };'],
  ['AGENT_THREW', 'failed', 'export const run = () => new Promise(() => {});'],
  [
    'AGENT_THREW',
    'failed',
    'export const run = () => { const round = {}; round.round = round; return round; };',
  ],
  ['AGENT_THREW', 'failed', 'throw 7;'],
  ['CODE_INVALID', 'failed', 'export const run = ;'],
  ['CODE_INVALID', 'failed', 'export const start = () => 1;'],
  ['OUT_OF_GAS', 'killed', 'export const run = () => { for (;;); };', { gas: 1_000_000 }],
  [
    'OUT_OF_GAS',
    'killed',
    'export const run = () => { try { for (;;); } finally { for (;;); } };',
    { gas: 1_000_000 },
  ],
  [
    'OUT_OF_GAS',
    'killed',
    'export const run = () => { const flood = () => Promise.resolve().then(flood); flood(); return new Promise(() => {}); };',
    { gas: 100_000 },
  ],
  [
    'OUT_OF_MEMORY',
    'killed',
    'export const run = () => { const all = []; for (;;) { try { all.push(new Uint8Array(1e6)); } catch {} } };',
  ],
  ['DEADLINE_EXCEEDED', 'killed', 'export const run = () => { for (;;); };', { gas: 1e12, deadlineMs: 300 }],
  [
    'DEADLINE_EXCEEDED',
    'killed',
    'export const run = () => { const all = []; for (let i = 0; i < 1e6; i += 1) all.push(String((i * 7919) % 1e6)); for (;;) all.sort(); };',
    { gas: 1e12, deadlineMs: 800, memoryBytes: 256 << 20 },
  ],
  ['OUTPUT_TOO_LARGE', 'killed', 'export const run = () => "x".repeat(100_000);'],
  [
    'TOO_MANY_CALLS',
    'killed',
    'export const run = (_, aios) => { for (;;) aios.call("echo"); };',
    { hostCalls: 20 },
  ],
];

test.each(failing)('%s (%s) of %s', async (code, status, source, limits = {}) => {
  const began = performance.now();
  const outcome = await run(source, null, limits);
  expect(outcome).toMatchObject({ status, error: { code } });
  expect(performance.now() - began).toBeLessThan((limits.deadlineMs ?? 2_000) + 1_000);
  // Whatever happened, the next run finds a clean world.
  expect(await run('export const run = () => Object.keys(globalThis).length;')).toMatchObject({ output: 0 });
});

test('what the guest threw is told with the place in its own file', async () => {
  const outcome = await run(
    'export function run() {\n  return helper();\n}\nfunction helper() {\n  throw new RangeError("too far");\n}',
  );
  expect(outcome.error).toMatchObject({ code: 'AGENT_THREW', message: 'RangeError: too far' });
  expect(outcome.error?.stack).toContain('helper (agent.js:5');
});

test('a refused call is an AiosCallError that the guest can handle', async () => {
  const outcome = await run(
    'export const run = (_, aios) => { try { aios.call("pay", 5); } catch (error) { return [error instanceof AiosCallError, error.name, error.code, error.message]; } };',
    null,
    {},
    { call: async () => ({ error: { code: 'CAPABILITY_NOT_GRANTED', message: 'add pay to agent.json' } }) },
  );
  expect(outcome.output).toEqual([true, 'AiosCallError', 'CAPABILITY_NOT_GRANTED', 'add pay to agent.json']);
});

test('a host that throws tells a guest its typed errors only', async () => {
  const source =
    'export const run = (_, aios) => { try { aios.call("x"); } catch (error) { return error.code + " " + error.message; } };';
  const throwing = (error: Error): RunHooks => ({ call: () => Promise.reject(error) });
  expect(await run(source, null, {}, throwing(new Error('password is hunter2')))).toMatchObject({
    output: 'HOST_FAILED the host could not answer',
  });
  expect(await run(source, null, {}, throwing(new AiosError('NO_FUNDS', 'top up')))).toMatchObject({
    output: 'NO_FUNDS top up',
  });
});

test('hooks that throw at once harm nobody', async () => {
  const source =
    'export const run = (_, aios) => { aios.log("x"); try { aios.call("x"); } catch (error) { return error.code; } };';
  const broken = (): never => {
    throw new Error('broken hook');
  };
  expect(await run(source, null, {}, { call: broken, log: broken })).toMatchObject({ output: 'HOST_FAILED' });
});

test('one run leaves nothing for the next, in globals, prototypes and memory', async () => {
  const poison =
    'Array.prototype.map = () => "poisoned"; globalThis.left = 1; Object.prototype.toJSON = () => 7; Math.random = () => 4; export const run = () => 1;';
  for (let turn = 0; turn < 4; turn += 1) await run(poison);
  const outcomes = await Promise.all(
    [1, 2, 3, 4].map(() =>
      run('export const run = () => [[1].map((x) => x + 1), typeof left, Math.random() < 1];'),
    ),
  );
  for (const { output } of outcomes) expect(output).toEqual([[2], 'undefined', true]);
});

test('logs are cut at their limit and cannot be flooded with empty lines', async () => {
  const lines: LogLine[] = [];
  const outcome = await run(
    'export const run = (_, aios) => { for (let i = 0; i < 5000; i += 1) aios.log(""); aios.log("x".repeat(1e6)); return 1; };',
    null,
    { logBytes: 1_600 },
    { ...echo, log: (line) => lines.push(line) },
  );
  expect(outcome).toMatchObject({ status: 'completed' });
  expect(lines).toHaveLength(100);
  expect(outcome.logs).toEqual(lines);
  const gas = lines.map((line) => line.gas);
  expect([...gas].sort((a, b) => a - b)).toEqual(gas);
});

test('cancelling ends a run that computes, one that waits for an answer, and one that waits for a lane', async () => {
  const ended = async (source: string, call: RunHooks['call']) => {
    const controller = new AbortController();
    const running = run(
      source,
      null,
      { gas: 1e12, deadlineMs: 60_000 },
      {
        call: (asked, signal) => {
          setTimeout(() => controller.abort(), 10);
          return call(asked, signal);
        },
        signal: controller.signal,
      },
    );
    return running;
  };
  let aborted = false;
  const waiting = await ended('export const run = (_, aios) => aios.call("wait");', (_call, signal) => {
    signal.addEventListener('abort', () => {
      aborted = true;
    });
    return new Promise(() => undefined);
  });
  expect(waiting).toMatchObject({ status: 'killed', error: { code: 'CANCELLED' } });
  expect(aborted).toBe(true);
  const computing = await ended(
    'export const run = (_, aios) => { aios.call("go"); for (;;); };',
    async () => ({ ok: null }),
  );
  expect(computing).toMatchObject({ status: 'killed', error: { code: 'CANCELLED' } });
  const gone = AbortSignal.abort();
  const queued = await run('export const run = () => 1;', null, {}, { ...echo, signal: gone });
  expect(queued).toMatchObject({ status: 'killed', error: { code: 'CANCELLED' }, calls: [] });
});

test('a host that never answers is given up at the deadline', async () => {
  const outcome = await run(
    'export const run = (_, aios) => aios.call("never");',
    null,
    { deadlineMs: 200 },
    {
      call: () => new Promise(() => undefined),
    },
  );
  expect(outcome).toMatchObject({ status: 'killed', error: { code: 'DEADLINE_EXCEEDED' } });
});

test('the process is started again when it dies, and says so for the runs it took along', async () => {
  const own = createAgentRuntime({ lanes: 1, warmLanes: 1 });
  try {
    const first = await own.run(requestOf(codeOf('javascript', 'export const run = () => 1;')), echo);
    expect(first.status).toBe('completed');
    const lost = own.run(
      requestOf(codeOf('javascript', 'export const run = (_, aios) => aios.call("die");')),
      {
        call: async () => {
          process.kill(own.hostPid ?? 0, 'SIGKILL');
          return new Promise(() => undefined);
        },
      },
    );
    const waiting = own.run(requestOf(codeOf('javascript', 'export const run = () => 2;')), echo);
    expect(await lost).toMatchObject({ status: 'failed', error: { code: 'ENGINE_CRASHED' } });
    expect(await waiting).toMatchObject({ status: 'completed', output: 2 });
  } finally {
    await own.close();
  }
});

test('requests that cannot be run are refused with the field', async () => {
  const request = requestOf(codeOf('javascript', 'export const run = () => 1;'));
  const refused = (change: object) => runtime.run({ ...request, ...change }, echo);
  await expect(refused({ seed: 'abc' })).rejects.toThrow(/^seed: /);
  await expect(refused({ startedAt: 1.5 })).rejects.toThrow(/^startedAt: /);
  await expect(refused({ limits: { ...request.limits, memoryBytes: 1 << 20 } })).rejects.toThrow(
    /memoryBytes/,
  );
  await expect(refused({ limits: { ...request.limits, gas: Number.NaN } })).rejects.toThrow(/limits.gas/);
});

test("the engine's exports have the names that its own loader gives them", () => {
  const loader = createRequire(import.meta.url).resolve(
    '@jitl/quickjs-wasmfile-release-sync/emscripten-module',
  );
  const text = readFileSync(join(dirname(loader), 'emscripten-module.mjs'), 'utf8');
  const names = new Map([...text.matchAll(/d\._(\w+)=b\.([\w$]+)/g)].map(([, name, short]) => [name, short]));
  for (const [name, short] of Object.entries(QUICKJS_EXPORTS)) expect(names.get(name), name).toBe(short);
  expect(readFileSync(quickJsModulePath()).length).toBeGreaterThan(0);
});
