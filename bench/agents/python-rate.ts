// What a Python run costs: warm starts from the pool, the rate that lasts once the pool is empty, processor time, host calls.
import { readFileSync } from 'node:fs';
import { PythonEngine } from '#node/agents/runtime/python/python-engine.ts';
import { codeOf, echo, requestOf } from '#node/agents/runtime/testing/requests.ts';

export interface PythonRates {
  readonly engine: string;
  readonly warmStartMs: { readonly p50: number; readonly p95: number };
  readonly warmStartCpuMs: { readonly p50: number };
  readonly sustainedPerSecond: number;
  /** Of child processes, for one run with its boot; undefined where the system does not tell. */
  readonly cpuSecondsPerRun: number | undefined;
  readonly callsPerSecond: number;
  readonly callsPerCpuSecond: number;
}

const limits = {
  memoryBytes: 96 << 20,
  gas: 1e12,
  deadlineMs: 60_000,
  hostCalls: 100_000,
  outputBytes: 1 << 20,
};
const short = requestOf(
  codeOf(
    'python',
    'def run(input, aios):\n    return {"answer": aios.call("echo", input), "sum": sum(range(100))}',
  ),
  { question: 1 },
  limits,
);
const calling = requestOf(
  codeOf(
    'python',
    'def run(input, aios):\n    for i in range(input):\n        aios.call("echo", i)\n    return input',
  ),
  20_000,
  limits,
);

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** @param runs warm starts to time, and runs of the sustained part */
export async function measurePython(runs: number): Promise<PythonRates> {
  const engine = new PythonEngine({ warm: 2 });
  try {
    await engine.start();
    const walls: number[] = [];
    const cpus: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      // Only full pools are timed here: nothing boots beside the run.
      while (engine.warm < 2) await new Promise((resolve) => setTimeout(resolve, 10));
      const start = performance.now();
      const outcome = await engine.run(short, echo);
      walls.push(performance.now() - start);
      cpus.push(outcome.cpuMs);
      if (outcome.status !== 'completed') throw new Error(outcome.error?.message);
    }
    const began = performance.now();
    const cpuBefore = childCpuSeconds();
    await Promise.all(Array.from({ length: runs }, () => engine.run(short, echo)));
    const seconds = (performance.now() - began) / 1000;
    const cpuAfter = childCpuSeconds();
    const calls = await engine.run(calling, echo);
    if (calls.status !== 'completed') throw new Error(calls.error?.message);
    return {
      engine: engine.engine,
      warmStartMs: { p50: percentile(walls, 0.5), p95: percentile(walls, 0.95) },
      warmStartCpuMs: { p50: percentile(cpus, 0.5) },
      sustainedPerSecond: runs / seconds,
      cpuSecondsPerRun:
        cpuBefore === undefined || cpuAfter === undefined ? undefined : (cpuAfter - cpuBefore) / runs,
      callsPerSecond: (20_000 * 1000) / calls.wallMs,
      callsPerCpuSecond: (20_000 * 1000) / calls.cpuMs,
    };
  } finally {
    await engine.close();
  }
}

/** Processor time of ended children of this process. */
function childCpuSeconds(): number | undefined {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return undefined;
  }
}
