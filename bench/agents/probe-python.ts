// Runs the Python probes in the real engine and says of each how it ended; `npm run probe:sandbox` prints them beside the other languages'.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PythonEngine } from '#node/agents/runtime/python/python-engine.ts';
import type { Json, RunLimits, RunOutcome } from '#node/agents/runtime/runtime.ts';
import { codeOf, echo, requestOf } from '#node/agents/runtime/testing/requests.ts';
import { PYTHON_PROBES, type PythonProbe } from './python-probes.ts';

export interface ProbeResult {
  readonly name: string;
  readonly contained: boolean;
  readonly how: string;
  /** Milliseconds past the deadline; negative when something else ended it. */
  readonly overMs: number;
  /** Most resident memory of the guest's process, where the system tells. */
  readonly residentBytes: number;
}

const limits: RunLimits = {
  memoryBytes: 96 << 20,
  gas: 20_000_000_000,
  deadlineMs: 10_000,
  outputBytes: 1 << 20,
  hostCalls: 100,
  logBytes: 65_536,
};
const SAMPLE_MS = 50;

/** Resident bytes of the largest process that this one started. */
function largestChild(): number {
  let most = 0;
  try {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (Number(fields[1]) === process.pid) most = Math.max(most, Number(fields[21]) * 4096);
      } catch {
        // Gone meanwhile.
      }
    }
  } catch {
    // Not Linux.
  }
  return most;
}

function judge(probe: PythonProbe, outcome: RunOutcome): { contained: boolean; how: string } {
  const code = outcome.error?.code;
  if (code !== undefined)
    return {
      contained: probe.ends?.includes(code) ?? false,
      how: `${code}: ${outcome.error?.message.slice(0, 80)}`,
    };
  const output = outcome.output ?? null;
  const got = Array.isArray(output) ? output.filter((item) => (item as Json[])[1] !== null) : [];
  if (output === null) return { contained: true, how: 'refused' };
  if (Array.isArray(output) && got.length === 0)
    return { contained: true, how: `${output.length} attempts refused` };
  return { contained: false, how: `got ${JSON.stringify(got.length > 0 ? got : output).slice(0, 300)}` };
}

/** Runs every probe, calls back after each. */
export async function probePython(each: (result: ProbeResult) => void): Promise<void> {
  let connections = 0;
  const listener = createServer((_, response) => response.end('reached'));
  listener.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  const engine = new PythonEngine({ warm: 1 });
  try {
    await engine.start();
    for (const probe of PYTHON_PROBES) {
      const source = probe.source.replaceAll('%PORT%', String(port));
      const request = requestOf(codeOf('python', source), null, { ...limits, ...probe.limits });
      let residentBytes = 0;
      const sampling = setInterval(() => {
        residentBytes = Math.max(residentBytes, largestChild());
      }, SAMPLE_MS);
      const before = connections;
      const outcome = await engine.run(request, echo);
      clearInterval(sampling);
      const { contained, how } = judge(probe, outcome);
      const reached = connections - before;
      each({
        name: `python: ${probe.name}`,
        contained: contained && reached === 0,
        how: reached > 0 ? `${reached} connections reached the listener` : how,
        overMs: outcome.wallMs - request.limits.deadlineMs,
        residentBytes,
      });
    }
  } finally {
    await engine.close();
    listener.close();
  }
}
