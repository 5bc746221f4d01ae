// The whole pipeline on subgraphs/erc20: anvil → fetch → match → compiled mapping → PostgreSQL. Prints events a second and what each
// stage was busy with. `PIPELINE_EVENTS=90000 npx vitest bench --run indexer/pipeline`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bench } from 'vitest';
import { createStoreDatabase } from '#indexer/store/testing/deployments.ts';
import { silentLogger } from '#node/platform/log.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { IndexerService } from '../indexer-service.ts';
import { TestChain, testAddress } from '../sources/testing/test-chain.ts';

const EVENTS = Number(process.env.PIPELINE_EVENTS ?? 30_000);
const PER_BLOCK = 60;
const ACCOUNTS = 5_000;

bench(
  `index ${EVENTS} transfers`,
  async () => {
    const chain = await TestChain.start();
    const database = await createStoreDatabase();
    const cacheFolder = await mkdtemp(join(tmpdir(), 'indexer-'));
    const token = await chain.deployToken();
    for (let made = 0; made < EVENTS; made += PER_BLOCK) {
      // Three transactions a block, twenty transfers each, between accounts that come again and again.
      for (let part = 0; part < 3; part++)
        await chain.transfer(
          token,
          Array.from({ length: PER_BLOCK / 3 }, (_, index) => {
            const seed = made + part * 20 + index;
            return {
              from: testAddress((seed * 7_919) % ACCOUNTS),
              to: testAddress((seed * 104_729 + 1) % ACCOUNTS),
              value: BigInt(seed + 1),
            };
          }),
        );
      await chain.mine();
    }
    const indexer = new IndexerService({
      databaseUrl: database.url,
      chains: { devnet: { urls: [chain.url], finality: 'none' } },
      owner: 'bench',
      cacheFolder,
      log: { level: 'silent' },
      logger: silentLogger,
    });
    await indexer.start();
    const started = performance.now();
    const synced = new Promise<void>((resolve) => {
      indexer.onStatus(({ state }) => {
        if (state === 'synced') resolve();
      });
    });
    await indexer.deploy({
      folder: join(packageRoot, 'dist/subgraphs/erc20'),
      name: 'erc20',
      source: 'devnet',
    });
    await synced;
    const seconds = (performance.now() - started) / 1_000;
    const [status] = await indexer.status();
    const stages = Object.entries(status?.counters.stageMs ?? {}).map(
      ([name, ms]) => `${name} ${(ms / 1_000).toFixed(2)} s`,
    );
    process.stdout.write(
      `${status?.counters.events} events, ${status?.counters.blocks} blocks, ${status?.counters.versions} versions in ` +
        `${seconds.toFixed(2)} s: ${Math.round((status?.counters.events ?? 0) / seconds)} events/s ` +
        `(${status?.counters.commits} commits; ${stages.join(', ')})\n`,
    );
    await indexer.stop();
    await chain.stop();
    await database.close();
    await rm(cacheFolder, { recursive: true });
  },
  { iterations: 1, warmupIterations: 0, time: 0, warmupTime: 0 },
);
