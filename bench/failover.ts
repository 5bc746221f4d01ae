// kill -9 of one of two processes that run 1,000 scheduled agents over one PostgreSQL: how soon everything is taken over, and whether any
// payment was made twice or any step lost.
//   npm run failover -- [--agents 1000] [--rounds 3] [--lease 2000] [--runtime in-process|javascript]
// With `--runtime javascript` guests run in the agent host, as in the product, and the service they wait for is quicker: each keeps a lane.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type pg from 'pg';
import type { Capability } from '#node/agents/capabilities/capability.ts';
import { readAnswer } from '#node/agents/capabilities/capability.ts';
import { CapabilityBroker } from '#node/agents/capabilities/capability-broker.ts';
import { parseGrants } from '#node/agents/capabilities/grants.ts';
import { standardCapabilities } from '#node/agents/capabilities/standard-capabilities.ts';
import { AgentWorker } from '#node/agents/runs/agent-worker.ts';
import { DeploymentStore } from '#node/agents/runs/deployment-store.ts';
import { agentsMigrations } from '#node/agents/runs/migrations.ts';
import { Scheduler } from '#node/agents/runs/scheduler.ts';
import { type Guest, InProcessRuntime } from '#node/agents/runs/testing/in-process-runtime.ts';
import { VersionCache } from '#node/agents/runs/version-cache.ts';
import { createAgentRuntime } from '#node/agents/runtime/agent-runtime.ts';
import { platformMigrations } from '#node/platform/events/migrations.ts';
import { PostgresEventBus } from '#node/platform/events/postgres-event-bus.ts';
import { silentLogger } from '#node/platform/log.ts';
import { createPool, prepareDatabase } from '#node/platform/postgres/database.ts';
import { EmbeddedPostgres } from '#node/platform/postgres/embedded-postgres.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';

const { values } = parseArgs({
  options: {
    agents: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    lease: { type: 'string', default: '2000' },
    everyMs: { type: 'string', default: '30000' },
    runtime: { type: 'string', default: 'in-process' },
    worker: { type: 'string' },
  },
  args: process.argv.slice(3),
});
const agents = Number(values.agents);
const rounds = Number(values.rounds);
const leaseMs = Number(values.lease);
const everyMs = Number(values.everyMs);
const inHost = values.runtime === 'javascript';

const payee = `0x${'ab'.repeat(20)}`;
const grants = parseGrants({
  storage: { bytes: 10_000 },
  pay: { token: 'AiOS', perRun: '10', perDay: '1000000', payees: [payee] },
});
/** What each run does: remembers, pays, waits as for a slow service, pays again. */
const stepsPerRun = 6;
const paymentsPerRun = 2;

const agent: Guest = async (_input, aios) => {
  const before = ((await aios.call('storage.get', { key: 'count' })) as number | null) ?? 0;
  await aios.call('storage.set', { key: 'count', value: before + 1 });
  await aios.call('pay.send', { payee, amount: '1' });
  const waited = await aios.call('storage.wait', null);
  await aios.call('pay.send', { payee, amount: '2' });
  await aios.call('storage.wait', null);
  return { before, waited };
};
/** The same for the agent host. */
const source = new TextEncoder().encode(`export const run = (_input, aios) => {
  const before = aios.call('storage.get', { key: 'count' }) ?? 0;
  aios.call('storage.set', { key: 'count', value: before + 1 });
  aios.call('pay.send', { payee: '${payee}', amount: '1' });
  const waited = aios.call('storage.wait', null);
  aios.call('pay.send', { payee: '${payee}', amount: '2' });
  aios.call('storage.wait', null);
  return { before, waited };
};`);

if (values.worker) await work(values.worker);
else await lead();

/** One process of two: until it is killed or told to end. */
async function work(url: string): Promise<void> {
  const pool = createPool({ url, name: 'failover', max: 20 });
  const bus = await PostgresEventBus.connect({ pool, url, logger: silentLogger });
  const wait: Capability = {
    name: 'storage.wait',
    async act(step) {
      await delay(inHost ? 40 + Math.random() * 40 : 700 + Math.random() * 600);
      return readAnswer(step, step.step);
    },
  };
  const broker = new CapabilityBroker({
    logger: silentLogger,
    capabilities: [
      wait,
      ...standardCapabilities({
        pool,
        pay: async ({ idempotencyKey, amount, fence }) => {
          // A ledger of its own, as a chain would be: every request is noted, the first of a key is what is paid.
          await pool.query('insert into ledger.requests (key, fence, pid) values ($1, $2, $3)', [
            idempotencyKey,
            fence,
            process.pid,
          ]);
          await pool.query('insert into ledger.paid (key, amount) values ($1, $2) on conflict do nothing', [
            idempotencyKey,
            amount.toString(),
          ]);
          return { transaction: `paid:${idempotencyKey}` };
        },
      }),
    ],
  });
  const runtime = inHost ? createAgentRuntime() : new InProcessRuntime({ agent });
  const worker = new AgentWorker({
    pool,
    leasePool: createPool({ url, name: 'failover leases', max: 2 }),
    bus,
    runtime,
    broker,
    versions: new VersionCache(async (id) => ({
      id,
      code: {
        language: 'javascript',
        entry: 'agent.js',
        files: new Map([['agent.js', source]]),
        hash: 'agent',
      },
      limits: {
        memoryBytes: 1 << 26,
        gas: 1e9,
        deadlineMs: 60_000,
        outputBytes: 1e6,
        hostCalls: 100,
        logBytes: 1e5,
      },
      grants,
    })),
    digest: () => '',
    logger: silentLogger,
    // Each has room for all: what one leaves behind the other can take at once.
    concurrency: Math.ceil(agents * 1.2),
    leaseMs,
  });
  const scheduler = new Scheduler({ pool, logger: silentLogger });
  worker.start();
  scheduler.start();
  process.stdout.write(`worker ${worker.id}\n`);
}

interface Started {
  readonly child: ChildProcess;
  readonly worker: string;
}

function startWorker(url: string): Promise<Started> {
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(import.meta.url),
      'failover',
      ...['--worker', url, '--agents', String(agents), '--lease', String(leaseMs)],
      ...['--runtime', values.runtime],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`a worker ended with ${code} before it began`)));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const worker = /^worker (\S+)/m.exec(text)?.[1];
      if (worker) resolve({ child, worker });
    });
  });
}

async function lead(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'aios-failover-'));
  chmodSync(dataDir, 0o755);
  const postgres = new EmbeddedPostgres({ dataDir });
  await postgres.start();
  const pool = createPool({ url: postgres.url, name: 'failover lead', max: 4 });
  const started: Started[] = [];
  try {
    await prepareDatabase(pool);
    await migrate(pool, 'platform', platformMigrations);
    await migrate(pool, 'agents', agentsMigrations);
    await pool.query('create schema ledger');
    await pool.query(
      'create table ledger.requests (key text not null, fence bigint not null, pid integer not null)',
    );
    await pool.query('create table ledger.paid (key text primary key, amount numeric not null)');
    await deployAll(pool);
    let survivor = await startWorker(postgres.url);
    started.push(survivor);
    const takeOvers: { readonly orphans: number; readonly ms: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const victim = await startWorker(postgres.url);
      started.push(victim);
      const round_ = await kill(pool, round % 2 === 0 ? victim : survivor);
      if (round % 2 === 1) survivor = victim;
      takeOvers.push(round_);
      console.log(
        `kill ${round + 1}: ${round_.orphans} runs in the hands of the killed process, all taken over in ${round_.ms} ms`,
      );
    }
    const report = await settle(pool);
    for (const { child } of started) child.kill('SIGKILL');
    const slowest = Math.max(...takeOvers.map(({ ms }) => ms));
    const faults = report.faults;
    console.log(
      `${report.runs} runs of ${agents} agents, ${report.steps} steps, ${report.paid} payments (${report.asked} requests: ${report.asked - report.paid} asked again under the same key), ${report.takenOver} runs were taken over`,
    );
    console.log(
      faults.length === 0
        ? `no payment twice, no payment lost, no step lost, every tick one run; slowest take-over ${slowest} ms with a lease of ${leaseMs} ms`
        : `FAULTS: ${faults.join('; ')}`,
    );
    console.log(
      `${cpus()[0]?.model}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`,
    );
    process.exitCode = faults.length > 0 || slowest > 5_000 ? 1 : 0;
  } finally {
    for (const { child } of started) child.kill('SIGKILL');
    await pool.end();
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function deployAll(pool: pg.Pool): Promise<void> {
  const store = new DeploymentStore(pool);
  const content = {
    cid: 'agent',
    language: 'javascript' as const,
    entry: 'agent.js',
    manifest: {},
    files: new Map(),
  };
  const anchor = new Date(Date.now() + 1_000);
  for (let agent = 0; agent < agents; agent++) {
    const place = { network: String(agent % 20), environment: '', agentId: '1', licenceId: String(agent) };
    const { deployment } = await store.deploy(place, content, 'did:x');
    await store.schedule(deployment, { rhythm: { everyMs, anchor }, missed: 'all', input: null });
  }
}

/** Waits until both processes are busy, kills one, and waits until nothing is in its hands any more. */
async function kill(pool: pg.Pool, { child, worker }: Started): Promise<{ orphans: number; ms: number }> {
  const inHand = async () => {
    const { rows } = await pool.query<{ n: number }>(
      'select count(*)::int as n from agents.run_queue where owner = $1',
      [worker],
    );
    return rows[0]?.n ?? 0;
  };
  const deadline = Date.now() + 90_000;
  while ((await inHand()) < agents / 5) {
    if (Date.now() > deadline) throw new Error('the process that was to be killed never got enough to do');
    await delay(20);
  }
  child.kill('SIGKILL');
  const begun = performance.now();
  const orphans = await inHand();
  while ((await inHand()) > 0) {
    if (performance.now() - begun > 60_000)
      throw new Error('the runs of the killed process are not taken over');
    await delay(10);
  }
  return { orphans, ms: Math.round(performance.now() - begun) };
}

/** Stops the schedules, lets everything end, and compares what was done with what should have been. */
async function settle(pool: pg.Pool) {
  const one = async <Row>(text: string) => (await pool.query(text)).rows[0] as Row;
  const deadline = Date.now() + 120_000;
  const none = async (what: string, text: string) => {
    for (;;) {
      const { n } = await one<{ n: number }>(`select count(*)::int as n from ${text}`);
      if (n === 0) return;
      if (Date.now() > deadline) throw new Error(`${n} ${what}`);
      await delay(50);
    }
  };
  const idle = () => none('runs do not end', 'agents.run_queue');
  // Two runs of an agent at a time would read the same count.
  await pool.query('update agents.schedules set next_at = null');
  await idle();
  // One more round by whoever is left: every agent goes on.
  await pool.query('update agents.schedules set next_at = now()');
  await none('schedules are not kept', 'agents.schedules where next_at <= now()');
  await pool.query('update agents.schedules set next_at = null');
  await idle();
  const totals = await one<{
    runs: number;
    completed: number;
    silent: number;
    steps: number;
    incomplete: number;
    paid: number;
    asked: number;
    settled: number;
    wrong_budget: number;
    wrong_count: number;
    double_ticks: number;
    gaps: number;
    taken_over: number;
  }>(`select
      (select count(*) from agents.runs)::int as runs,
      (select count(*) from agents.runs where status = 'completed')::int as completed,
      (select count(*) from agents.deployments d where not exists (select from agents.runs r where r.deployment_id = d.id))::int as silent,
      (select count(*) from agents.steps where status = 'answered' and not failed)::int as steps,
      (select count(*) from agents.runs r where (select count(*) from agents.steps s where s.run_id = r.id and s.status = 'answered') <> ${stepsPerRun})::int as incomplete,
      (select count(*) from ledger.paid)::int as paid,
      (select count(*) from ledger.requests)::int as asked,
      (select count(*) from agents.payments where status = 'settled')::int as settled,
      (select count(*) from agents.budgets b where b.kind = 'run' and (b.reserved <> 0 or b.spent <> 3))::int as wrong_budget,
      (select count(*) from agents.storage s where s.key = 'count' and s.value::text::int <> (select count(*) from agents.runs r where r.deployment_id = s.deployment_id))::int as wrong_count,
      (select count(*) from (select from agents.runs group by deployment_id, guest_time having count(*) > 1) as twice)::int as double_ticks,
      (select count(*) from (select stream from platform.events group by stream having count(*) <> max(seq)) as gap)::int as gaps,
      (select count(distinct stream) from platform.events where payload ->> 'kind' = 'started' and (payload ->> 'resumed')::bool)::int as taken_over`);
  const faults: string[] = [];
  const expect = (what: string, is: number, should: number) => {
    if (is !== should) faults.push(`${what}: ${is}, should be ${should}`);
  };
  expect('completed runs', totals.completed, totals.runs);
  expect('agents without a run', totals.silent, 0);
  expect('steps', totals.steps, totals.runs * stepsPerRun);
  expect('runs with missing steps', totals.incomplete, 0);
  expect('payments made', totals.paid, totals.runs * paymentsPerRun);
  expect('payments settled', totals.settled, totals.runs * paymentsPerRun);
  expect('runs whose budget is not exactly what they paid', totals.wrong_budget, 0);
  expect('agents that counted their runs wrongly', totals.wrong_count, 0);
  expect('ticks with two runs', totals.double_ticks, 0);
  expect('event streams with gaps', totals.gaps, 0);
  return { ...totals, takenOver: totals.taken_over, faults };
}
