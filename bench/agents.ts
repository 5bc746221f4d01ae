// `npm run bench:agents`: what running an agent costs: a cold start, short runs a second, calls from guest to host and back, and each of
// them under the same names for every language that has an engine. CPU seconds are counted, since the machine may be busy.
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { createAgentRuntime, type StartedRuntime } from '#node/agents/runtime/agent-runtime.ts';
import type { AgentCode, RunLimits } from '#node/agents/runtime/runtime.ts';
import { codeOf, echo, requestOf } from '#node/agents/runtime/testing/requests.ts';
import { packed, wasmAgent } from '#node/agents/runtime/testing/wasm-agents.ts';
import { measurePython, type PythonRates } from './agents/python-rate.ts';

const LIMITS: RunLimits = {
  memoryBytes: 64 << 20,
  gas: 1e11,
  deadlineMs: 60_000,
  outputBytes: 64 << 10,
  hostCalls: 100_000,
  logBytes: 4_096,
};
const COLD_RUNS = 200;
const RATE_RUNS = 2_000;
const IN_FLIGHT = 8;
const CALLS = 40_000;
const PYTHON_RUNS = 20;

interface Engine {
  readonly name: 'javascript' | 'wasm';
  readonly short: AgentCode;
  readonly calling: AgentCode;
}

/** Another language adds its own here. */
const ENGINES: readonly Engine[] = [
  {
    name: 'javascript',
    short: codeOf(
      'javascript',
      'export function run(input, aios) { const { price } = aios.call("price", { sku: input.sku }); return { sku: input.sku, total: price * input.count }; }',
    ),
    calling: codeOf(
      'javascript',
      'export function run(n, aios) { for (let i = 0; i < n; i += 1) aios.call("echo", i); return n; }',
    ),
  },
  {
    name: 'wasm',
    short: codeOf(
      'wasm',
      wasmAgent('(call $call (i32.const 1024) (i32.const 14))', { data: '["price",null]' }),
    ),
    calling: codeOf(
      'wasm',
      wasmAgent(
        `(loop $l (drop (call $call (i32.const 1024) (i32.const 8))) (global.set $next (i32.const 65536)) (local.set $i (i32.add (local.get $i) (i32.const 1))) (br_if $l (i32.lt_u (local.get $i) (i32.const ${CALLS})))) ${packed('(i32.const 1032)', '(i32.const 1)')}`,
        { data: '["echo"]1' },
      ),
    ),
  },
];

/** CPU milliseconds of a process so far, where Linux tells them. */
function cpuOf(pid: number | undefined): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

const show = (name: string, value: string, goal = ''): void =>
  console.log(`  ${name.padEnd(40)}${value.padStart(14)}   ${goal}`);

async function measure(runtime: StartedRuntime, engine: Engine): Promise<void> {
  const price = { call: async () => ({ ok: { price: 3 } }) };
  const short = (turn: number) =>
    runtime.run(requestOf(engine.short, { sku: `s${turn}`, count: 2 }, LIMITS), price);
  console.log(`${engine.name} (${runtime.engineOf(engine.name)})`);
  const first = performance.now();
  await short(0);
  show('first run of this code', `${(performance.now() - first).toFixed(1)} ms`);
  for (let turn = 0; turn < 50; turn += 1) await short(turn);
  const cold: number[] = [];
  const own: number[] = [];
  for (let turn = 0; turn < COLD_RUNS; turn += 1) {
    const began = performance.now();
    const { cpuMs } = await short(turn);
    cold.push(performance.now() - began);
    own.push(cpuMs);
  }
  show(
    'cold start to outcome, p50',
    `${quantile(cold, 0.5).toFixed(2)} ms`,
    engine.name === 'javascript' ? 'goal ≤ 10 ms' : '',
  );
  show('cold start to outcome, p95', `${quantile(cold, 0.95).toFixed(2)} ms`);
  show('of it in the worker, p50', `${quantile(own, 0.5).toFixed(2)} ms`);

  const pid = runtime.hostPid;
  const before = { host: cpuOf(pid), own: process.cpuUsage(), at: performance.now() };
  let next = 0;
  let failed = 0;
  const loop = async () => {
    while (next < RATE_RUNS) {
      next += 1;
      if ((await short(next)).status !== 'completed') failed += 1;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, loop));
  const seconds = (performance.now() - before.at) / 1000;
  const mine = process.cpuUsage(before.own);
  const host = (cpuOf(pid) - before.host) / RATE_RUNS;
  const platform = (mine.user + mine.system) / 1000 / RATE_RUNS;
  show(
    `short runs a second, ${IN_FLIGHT} in flight`,
    (RATE_RUNS / seconds).toFixed(0),
    engine.name === 'javascript' ? 'goal ≥ 500 (there: with journal and leases)' : '',
  );
  show('CPU of a run: agent host', `${host.toFixed(2)} ms`);
  show(
    'CPU of a run: platform process',
    `${platform.toFixed(2)} ms`,
    `both fit ${(2000 / (host + platform)).toFixed(0)} a second on two idle cores`,
  );
  if (failed > 0) throw new Error(`${failed} of the short runs did not complete`);

  for (const lanes of [1, 2]) {
    const began = performance.now();
    const cpuBefore = { host: cpuOf(pid), own: process.cpuUsage() };
    const ends = await Promise.all(
      Array.from({ length: lanes }, () => runtime.run(requestOf(engine.calling, CALLS, LIMITS), echo)),
    );
    const rate = (CALLS * lanes) / ((performance.now() - began) / 1000);
    const cpu = process.cpuUsage(cpuBefore.own);
    const each = ((cpuOf(pid) - cpuBefore.host) * 1000 + cpu.user + cpu.system) / (CALLS * lanes);
    for (const { status, error } of ends)
      if (status !== 'completed') throw new Error(`calls ended with ${error?.message}`);
    show(
      `host calls a second, ${lanes} guest${lanes > 1 ? 's' : ''}`,
      rate.toFixed(0),
      `${each.toFixed(0)} µs of CPU each, both processes${engine.name === 'javascript' ? '; goal ≥ 20,000' : ''}`,
    );
  }
}

function showPython({ engine, ...rates }: PythonRates): void {
  console.log(`python (${engine})`);
  show('warm start to outcome, p50', `${rates.warmStartMs.p50.toFixed(1)} ms`, 'goal ≤ 50 ms');
  show('warm start to outcome, p95', `${rates.warmStartMs.p95.toFixed(1)} ms`);
  show('of it in the child, CPU, p50', `${rates.warmStartCpuMs.p50.toFixed(1)} ms`);
  show('runs a second once the pool is empty', rates.sustainedPerSecond.toFixed(2), 'a child boots for each');
  const { cpuSecondsPerRun } = rates;
  if (cpuSecondsPerRun !== undefined)
    show(
      'CPU of such a run with its boot',
      `${cpuSecondsPerRun.toFixed(2)} s`,
      `${(2 / cpuSecondsPerRun).toFixed(1)} a second fit on two idle cores`,
    );
  show(
    'host calls a second, 1 guest',
    rates.callsPerSecond.toFixed(0),
    `${(1e6 / rates.callsPerCpuSecond).toFixed(0)} µs of CPU each in the child`,
  );
}

const [cpu] = cpus();
console.log(
  `${cpu?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`,
);
const runtime = createAgentRuntime({ lanes: IN_FLIGHT, warmLanes: IN_FLIGHT });
try {
  const began = performance.now();
  await runtime.start();
  show('agent host up', `${(performance.now() - began).toFixed(0)} ms`);
  for (const engine of ENGINES) await measure(runtime, engine);
} finally {
  await runtime.close();
}
// By itself, after the others have ended: its children and theirs would only slow each other.
showPython(await measurePython(PYTHON_RUNS));
