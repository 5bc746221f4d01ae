// How many short runs one worker keeps a second, with leases, journal and events on, over a durable PostgreSQL of its own.
//   npm run bench:runs -- [runs] [calls per run] [concurrency] [in-process|javascript]
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentWorker } from '#node/agents/runs/agent-worker.ts';
import { enqueueRuns } from '#node/agents/runs/enqueue.ts';
import { agentsMigrations } from '#node/agents/runs/migrations.ts';
import { type Guest, InProcessRuntime } from '#node/agents/runs/testing/in-process-runtime.ts';
import { echoBroker } from '#node/agents/runs/testing/no-capabilities.ts';
import { VersionCache } from '#node/agents/runs/version-cache.ts';
import { createAgentRuntime } from '#node/agents/runtime/agent-runtime.ts';
import type { AgentRuntime } from '#node/agents/runtime/runtime.ts';
import { platformMigrations } from '#node/platform/events/migrations.ts';
import { PostgresEventBus } from '#node/platform/events/postgres-event-bus.ts';
import { silentLogger } from '#node/platform/log.ts';
import { createPool, prepareDatabase } from '#node/platform/postgres/database.ts';
import { EmbeddedPostgres } from '#node/platform/postgres/embedded-postgres.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';

const runs = Number(process.argv[3] ?? 5_000);
const calls = Number(process.argv[4] ?? 2);
const concurrency = Number(process.argv[5] ?? 64);
const engine = process.argv[6] ?? 'in-process';

/** CPU seconds that a process and its children have used so far. */
function cpuSecondsOf(server: number | undefined): number {
  let ticks = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      if (Number(pid) === server) for (const at of [11, 12, 13, 14]) ticks += Number(fields[at]);
      if (Number(fields[1]) === server) ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It has just ended.
    }
  }
  return ticks / 100;
}

const dataDir = mkdtempSync(join(tmpdir(), 'aios-agent-runs-'));
chmodSync(dataDir, 0o755);
const postgres = new EmbeddedPostgres({ dataDir });
await postgres.start();
const pool = createPool({ url: postgres.url, name: 'agent-runs', max: 8 });
await prepareDatabase(pool);
await migrate(pool, 'platform', platformMigrations);
await migrate(pool, 'agents', agentsMigrations);
const bus = await PostgresEventBus.connect({ pool, url: postgres.url, logger: silentLogger });
const guests = {
  short: async (input, aios) => {
    for (let call = 0; call < calls; call++) await aios.call('echo', { call });
    return input;
  },
} satisfies Readonly<Record<string, Guest>>;
const host = engine === 'javascript' ? createAgentRuntime() : undefined;
await host?.start();
const runtime: AgentRuntime = host ?? new InProcessRuntime(guests);
const script = `export function run(input, aios) { for (let call = 0; call < ${calls}; call++) aios.call('echo', { call }); return input; }`;
const versions = new VersionCache(async (id) => ({
  id,
  code: {
    language: 'javascript',
    entry: 'agent.js',
    files: new Map([['agent.js', new TextEncoder().encode(script)]]),
    hash: 'short',
  },
  limits: {
    memoryBytes: 1 << 26,
    gas: 1e9,
    deadlineMs: 10_000,
    outputBytes: 1e6,
    hostCalls: 1e3,
    logBytes: 1e5,
  },
  grants: {},
}));
let begun = 0;
for (let made = 0; made < runs; made += 500) {
  await inTransaction(pool, (client) =>
    enqueueRuns(
      client,
      Array.from({ length: Math.min(500, runs - made) }, (_, n) => ({
        deploymentId: String(1 + ((made + n) % 50)),
        versionId: '1',
        network: String(1 + ((made + n) % 5)),
        environment: '',
        trigger: { kind: 'manual' as const },
        input: { n: made + n },
      })),
    ),
  );
}
const server = Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n', 1)[0]);
const cpuBefore = {
  own: process.cpuUsage(),
  server: cpuSecondsOf(server),
  host: cpuSecondsOf(host?.hostPid),
};
let ended = 0;
let finish: () => void = () => {};
const all = new Promise<void>((resolve) => {
  finish = resolve;
});
const worker = new AgentWorker({
  pool,
  bus,
  runtime,
  broker: echoBroker,
  versions,
  digest: () => '',
  logger: silentLogger,
  concurrency,
  onEnd: () => {
    ended += 1;
    if (ended === runs) finish();
  },
});
begun = performance.now();
worker.start();
await all;
const seconds = (performance.now() - begun) / 1_000;
const own = process.cpuUsage(cpuBefore.own);
const ownSeconds = (own.user + own.system) / 1e6;
const serverSeconds = cpuSecondsOf(server) - cpuBefore.server;
const hostSeconds = host ? cpuSecondsOf(host.hostPid) - cpuBefore.host : 0;
await worker.close();
const { rows } = await pool.query(
  `select (select count(*) from agents.runs where status = 'completed')::int as runs, (select count(*) from agents.steps)::int as steps,
          (select count(*) from platform.events)::int as events, (select count(*) from agents.run_queue)::int as queued`,
);
console.log(JSON.stringify(rows[0]));
console.log(
  `${engine}: ${runs} runs with ${calls} calls, ${concurrency} at a time: ${(runs / seconds).toFixed(0)} runs/s; CPU ${(((ownSeconds + serverSeconds + hostSeconds) * 1e3) / runs).toFixed(2)} ms a run (worker ${((ownSeconds * 1e3) / runs).toFixed(2)}, agent host ${((hostSeconds * 1e3) / runs).toFixed(2)}, PostgreSQL ${((serverSeconds * 1e3) / runs).toFixed(2)}): ${((2 * runs) / (ownSeconds + serverSeconds + hostSeconds)).toFixed(0)} runs/s on two free cores`,
);
console.log(
  `${cpus()[0]?.model}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`,
);
await runtime.close();
await bus.close();
await pool.end();
await postgres.stop();
rmSync(dataDir, { recursive: true, force: true });
