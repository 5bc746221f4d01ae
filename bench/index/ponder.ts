// Ponder as a rival: the transfers' work in its own API, into PostgreSQL. It keeps no history.
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { packageRoot } from '#node/platform/package-root.ts';
import { freePort } from '#node/platform/ports.ts';
import { CHAIN_ID } from './chain.ts';
import { ask, BenchChild } from './child.ts';
import type { Race, Rival, Running } from './rival.ts';

const modules = join(packageRoot, 'bench/peers/node_modules');

export const ponder: Rival = {
  name: 'Ponder',
  async start({ chain, dex, databaseUrl, folder }: Race): Promise<Running> {
    if (dex) throw new Error('--dex is a load of subgraphs: Ponder runs without it');
    if (!existsSync(join(modules, 'ponder')))
      throw new Error('Ponder is not installed: run npm ci --prefix bench/peers');
    const project = join(folder, 'project');
    mkdirSync(project, { recursive: true });
    cpSync(join(packageRoot, 'bench/index/ponder'), project, { recursive: true });
    symlinkSync(modules, join(project, 'node_modules'));
    const port = await freePort();
    const child = new BenchChild(
      'Ponder',
      process.execPath,
      [join(modules, 'ponder/dist/esm/bin/ponder.js'), 'start', '--schema', 'bench', '--port', String(port)],
      {
        cwd: project,
        folder,
        env: {
          BENCH_CHAIN_ID: String(CHAIN_ID),
          BENCH_RPC_URL: chain.url,
          BENCH_TOKEN: chain.addresses[0],
          DATABASE_URL: databaseUrl,
          PONDER_TELEMETRY_DISABLED: 'true',
          CI: 'true',
        },
      },
    );
    return {
      pid: child.pid,
      arrived: () => child.until(async () => (await ask(`http://127.0.0.1:${port}/ready`)) !== undefined),
      async rows() {
        const client = new pg.Client({ connectionString: databaseUrl });
        await client.connect();
        const { rows } = await client
          .query<{ id: string; balance: string }>('select id, balance::text as balance from bench.account')
          .finally(() => client.end());
        return rows.map(({ id, balance }) => `${id} ${balance}`).sort();
      },
      notes: () => [],
      stop: () => child.stop(),
    };
  },
};
