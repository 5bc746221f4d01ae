// What indexing the chain costs: the subgraph dag over a sample chain of full blocks, through the chain's own RPC, into PostgreSQL.
//   npm run bench:index-dag -- [--rounds 120] [--transactions 300]
// Prints events per second and per CPU second of the indexer with PostgreSQL; the RPC is a process of its own and not counted.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { IndexerService } from '#indexer/indexer-service.ts';
import type { PipelineStatus } from '#indexer/pipeline/progress.ts';
import { DeploymentStore } from '#indexer/store/index.ts';
import { platformMigrations } from '#node/platform/events/migrations.ts';
import { silentLogger } from '#node/platform/log.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { freePort } from '#node/platform/ports.ts';
import { createPool, prepareDatabase } from '#node/platform/postgres/database.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { RaceDatabase } from './index/database.ts';
import { treeUse } from './index/process-tree.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '120' },
    transactions: { type: 'string', default: '300' },
  },
  args: process.argv.slice(3),
});

const port = await freePort();
const chain = spawn(
  process.execPath,
  [
    fileURLToPath(new URL('../../bench/run.mjs', import.meta.url)),
    ...['sample-chain', '--still', '--port', String(port)],
    ...['--past', values.rounds, '--transactions', values.transactions],
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
const database = new RaceDatabase();
try {
  await new Promise<void>((resolve, reject) => {
    chain.once('exit', (code) => reject(new Error(`the sample chain ended with ${code}`)));
    chain.stdout.on('data', (text: Buffer) => text.includes('is at http') && resolve());
  });
  await database.start();
  const databaseUrl = await database.create('index_dag');
  const pool = createPool({ url: databaseUrl, name: 'bench' });
  await prepareDatabase(pool);
  await migrate(pool, 'platform', platformMigrations);
  await DeploymentStore.migrate(pool);
  const cacheFolder = join(database.folder, 'builds');
  mkdirSync(cacheFolder);
  const indexer = new IndexerService({
    databaseUrl,
    chains: { aios: { urls: [`http://127.0.0.1:${port}`], chainId: 1_051, finality: 'tag' } },
    ...{ owner: 'bench', cacheFolder, log: { level: 'warn' }, logger: silentLogger },
  });
  await indexer.start();
  const own = process.cpuUsage();
  const before = { postgres: treeUse(database.pid).cpuMs, at: performance.now() };
  const synced = new Promise<PipelineStatus>((resolve, reject) => {
    indexer.onStatus((status) => {
      if (status.state === 'synced') resolve(status);
      if (status.state === 'failed') reject(new Error(`indexing failed: ${status.message}`));
    });
  });
  const { id } = await indexer.deploy({ folder: join(packageRoot, 'dist/subgraphs/dag'), name: 'dag' });
  const { counters } = await synced;
  const seconds = (performance.now() - before.at) / 1_000;
  const { user, system } = process.cpuUsage(own);
  const cpu = {
    indexer: (user + system) / 1e6,
    postgres: (treeUse(database.pid).cpuMs - before.postgres) / 1e3,
  };
  console.log(
    Object.entries(counters.stageMs)
      .map(([name, ms]) => `${name} ${(ms / 1e3).toFixed(1)} s`)
      .join(', '),
    'busy, overlapping',
  );
  const record = (await new DeploymentStore(pool).list()).find((each) => each.id === id);
  const count = async (table: string) => {
    const { rows } = await pool.query(`select count(*)::int as count from sgd${record?.sgd}.${table}`);
    return (rows[0] as { count: number }).count;
  };
  const [blocks, transfers] = [await count('dag_block'), await count('dag_transfer')];
  const events = counters.events;
  console.log(
    `${events} events (${transfers} transfers, ${blocks} blocks) in ${seconds.toFixed(1)} s: ${Math.round(events / seconds)} events/s, ` +
      `${Math.round(events / (cpu.indexer + cpu.postgres))} events/CPU-s (indexer ${cpu.indexer.toFixed(1)} s, PostgreSQL ${cpu.postgres.toFixed(1)} s)`,
  );
  await indexer.stop();
  await pool.end();
} finally {
  await database.close();
  chain.kill('SIGTERM');
}
