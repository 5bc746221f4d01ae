// `npm run probe:sandbox [-- --only=TEXT]`: runs guests that try to get out, and bombs, in the runtime as it is in production; prints what
// became of each and fails when one was not contained.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgentRuntime } from '#node/agents/runtime/agent-runtime.ts';
import type { Json, RunOutcome } from '#node/agents/runtime/runtime.ts';
import { codeOf, requestOf } from '#node/agents/runtime/testing/requests.ts';
import { BORDER_PROBES } from './sandbox/border-probes.ts';
import { JAVASCRIPT_PROBES } from './sandbox/javascript-probes.ts';
import { LATE_MS, PROBE_LIMITS, type Probe, type ProbeTargets } from './sandbox/probe.ts';
import { environmentOf, residentBelow } from './sandbox/processes.ts';
import { PYTHON_PROBES } from './sandbox/python-probes.ts';
import { WASM_PROBES } from './sandbox/wasm-probes.ts';

const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length) ?? '';
/** Cap of the agent host: its process may never be seen above it. */
const CAP = 1024 << 20;
const SAMPLE_MS = 20;

/** Another language adds its own here. */
const probes: readonly Probe[] = [
  ...JAVASCRIPT_PROBES,
  ...WASM_PROBES,
  ...PYTHON_PROBES,
  ...BORDER_PROBES,
].filter(({ language, name }) => `${language}: ${name}`.includes(only));

const secret = `secret-${randomBytes(16).toString('hex')}`;
process.env.AIOS_PROBE_SECRET = secret;
const folder = await mkdtemp(join(tmpdir(), 'aios-probe-'));
const file = join(folder, 'secret.txt');
await writeFile(file, secret);
let connections = 0;
const listener = createServer((socket) => {
  connections += 1;
  socket.destroy();
});
await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
const targets: ProbeTargets = {
  port: (listener.address() as AddressInfo).port,
  file,
  created: join(folder, 'created.txt'),
};

const runtime = createAgentRuntime({ lanes: 8, memoryBytes: CAP });
await runtime.start();
const firstPid = runtime.hostPid;
let peak = 0;
let probePeak = 0;
let besides = false;
const sampler = setInterval(() => {
  const resident = residentBelow(process.pid) ?? 0;
  // The cap is the agent host's; Python runs beside it, in processes of its own.
  if (!besides) peak = Math.max(peak, resident);
  probePeak = Math.max(probePeak, resident);
}, SAMPLE_MS);

function problemsOf(probe: Probe, outcome: RunOutcome, tookMs: number): string[] {
  const { deadlineMs } = { ...PROBE_LIMITS, ...probe.limits };
  const problems: string[] = [];
  const end = outcome.error?.code ?? 'completed';
  // On a busy machine the deadline may come before the limit that the probe is about: it holds all the same.
  if (!probe.ends.includes(end) && end !== 'DEADLINE_EXCEEDED')
    problems.push(`ended with ${end}, not ${probe.ends.join(' or ')}`);
  if (outcome.output === 'ESCAPED')
    problems.push('says it escaped', ...outcome.logs.map(({ text }) => text.trimEnd()));
  const told = JSON.stringify([outcome.output ?? null, outcome.error ?? null, outcome.logs, outcome.calls]);
  if (told.includes(secret)) problems.push('knows the secret');
  if (tookMs > deadlineMs + LATE_MS)
    problems.push(`took ${tookMs.toFixed(0)} ms with a deadline of ${deadlineMs}`);
  if (connections > 0) problems.push('reached the network');
  if (existsSync(targets.created)) problems.push('made a file');
  if (Object.hasOwn(Object.prototype, 'polluted')) problems.push('changed a prototype of the host');
  return problems;
}

const health = codeOf(
  'javascript',
  'export const run = () => [typeof left, [1].map((x) => x + 1), Object.keys(globalThis).length];',
);

async function check(probe: Probe): Promise<string[]> {
  connections = 0;
  besides ||= probe.language === 'python';
  probePeak = 0;
  const began = performance.now();
  const runs = Array.from({ length: probe.times ?? 1 }, async () => {
    const request = requestOf(probe.code, { ...targets } as Json, { ...PROBE_LIMITS, ...probe.limits });
    const outcome = await runtime.run(request, { call: async ({ args }) => ({ ok: args }) });
    return { outcome, tookMs: outcome.wallMs };
  });
  const ends = await Promise.all(runs);
  const problems = ends.flatMap(({ outcome, tookMs }) => problemsOf(probe, outcome, tookMs));
  if ((await readFile(file, 'utf8')) !== secret) problems.push('changed a file');
  const after = await runtime.run(requestOf(health), { call: async () => ({ ok: null }) });
  if (JSON.stringify(after.output) !== '["undefined",[2],0]')
    problems.push('left something for the next run');
  if (runtime.hostPid !== firstPid) problems.push('ended the agent host');
  const codes = [...new Set(ends.map(({ outcome }) => outcome.error?.code ?? 'completed'))].join(', ');
  const verdict = problems.length === 0 ? 'contained' : 'NOT CONTAINED';
  const memory = probePeak > 0 ? `${(probePeak / 2 ** 20).toFixed(0)} MB` : '';
  console.log(
    `${verdict.padEnd(14)}${probe.language.padEnd(11)}${probe.name.padEnd(52)}${codes.padEnd(20)}${(performance.now() - began).toFixed(0).padStart(6)} ms ${memory.padStart(8)}${problems.map((problem) => `\n${' '.repeat(14)}${problem}`).join('')}`,
  );
  return problems;
}

let failed = 0;
try {
  for (const probe of probes) if ((await check(probe)).length > 0) failed += 1;
  const environment = environmentOf(runtime.hostPid ?? 0);
  const inherited = (environment ?? '')
    .split('\0')
    .filter((entry) => entry && !entry.startsWith('NODE_CHANNEL_'));
  if (inherited.length > 0) {
    failed += 1;
    console.log(
      `NOT CONTAINED the agent host has an environment: ${inherited.map((entry) => entry.split('=')[0]).join(', ')}`,
    );
  }
  if (peak > CAP) {
    failed += 1;
    console.log('NOT CONTAINED the agent host went above its memory');
  }
  console.log(
    `${probes.length - failed} of ${probes.length} contained; the agent host's memory peaked at ${(peak / 2 ** 20).toFixed(0)} MB of ${CAP >> 20} MB${environment === undefined ? ' (not measured here)' : ''}`,
  );
} finally {
  clearInterval(sampler);
  await runtime.close();
  listener.close();
  await rm(folder, { recursive: true, force: true });
}
process.exit(failed > 0 ? 1 : 0);
