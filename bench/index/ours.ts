// Ourselves in the race: one process with the indexer as the product runs it, started by forking the benchmark's own bundle.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { IndexerService } from '#indexer/indexer-service.ts';
import type { PipelineStatus } from '#indexer/pipeline/progress.ts';
import { DeploymentStore } from '#indexer/store/index.ts';
import { platformMigrations } from '#node/platform/events/migrations.ts';
import { silentLogger } from '#node/platform/log.ts';
import { createPool, prepareDatabase } from '#node/platform/postgres/database.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { CHAIN_ID } from './chain.ts';
import { cpuByThread } from './process-tree.ts';
import type { Race, Rival, Running } from './rival.ts';
import { subgraphRows } from './subgraph-rows.ts';

interface Order {
  readonly databaseUrl: string;
  readonly rpcUrl: string;
  readonly project: string;
  readonly folder: string;
}

/** Node's options in `npm start`. */
const NODE_OPTIONS = ['--max-semi-space-size=64'];

export const ours: Rival = {
  name: 'AiOS',
  async start({ chain, project, databaseUrl, folder, dex, profile }: Race): Promise<Running> {
    const order: Order = { databaseUrl, rpcUrl: chain.url, project, folder };
    const child = fork(fileURLToPath(import.meta.url), ['indexer', JSON.stringify(order)], {
      execArgv: [...NODE_OPTIONS, ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [])],
    });
    let last: PipelineStatus | undefined;
    const synced = new Promise<void>((resolve, reject) => {
      child.on('message', (status: PipelineStatus) => {
        last = status;
        if (status.state === 'synced') resolve();
        if (status.state === 'failed') reject(new Error(`indexing failed: ${status.message}`));
      });
      child.once('exit', (code) => reject(new Error(`the indexer ended with ${code}`)));
    });
    let threads = new Map<string, number>();
    return {
      pid: child.pid ?? 0,
      async arrived() {
        await synced;
        threads = cpuByThread(child.pid ?? 0);
      },
      rows: () => subgraphRows(databaseUrl, dex),
      notes: () => (last ? notesOf(last, threads) : []),
      stop: () => end(child),
    };
  },
};

function notesOf({ counters }: PipelineStatus, threads: ReadonlyMap<string, number>): string[] {
  const stages = Object.entries(counters.stageMs);
  const total = stages.reduce((sum, [, ms]) => sum + ms, 0);
  const shares = stages.map(
    ([name, ms]) => `${name} ${(ms / 1_000).toFixed(2)} s (${Math.round((100 * ms) / total)} %)`,
  );
  const busiest = [...threads].filter(([, ms]) => ms >= 100).sort(([, a], [, b]) => b - a);
  return [
    `${counters.versions} versions in ${counters.commits} commits; retries ${counters.retries}`,
    `stages busy, overlapping: ${shares.join(', ')}`,
    `threads, CPU: ${busiest.map(([name, ms]) => `${name.split('#')[0]} ${(ms / 1_000).toFixed(2)} s`).join(', ')}`,
  ];
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.send('stop');
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(timer);
}

/** The forked process: indexes, reports each status to its parent, and ends when told to. */
export async function indexAsChild(json: string): Promise<void> {
  const order = JSON.parse(json) as Order;
  const pool = createPool({ url: order.databaseUrl, name: 'bench' });
  await prepareDatabase(pool);
  await migrate(pool, 'platform', platformMigrations);
  await DeploymentStore.migrate(pool);
  await pool.end();
  const indexer = new IndexerService({
    databaseUrl: order.databaseUrl,
    chains: { mainnet: { urls: [order.rpcUrl], chainId: CHAIN_ID, finality: 64 } },
    owner: 'bench',
    cacheFolder: order.folder,
    log: { level: 'warn' },
    logger: silentLogger,
  });
  indexer.onStatus((status) => process.send?.(status));
  await indexer.start();
  await indexer.deploy({ folder: order.project, name: 'bench', source: 'mainnet' });
  await new Promise<void>((resolve) => {
    process.once('message', () => resolve());
    process.once('disconnect', () => resolve());
  });
  await indexer.stop();
  process.exit(0);
}
