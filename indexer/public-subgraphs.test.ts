// Public subgraphs on recorded mainnet blocks: every build in the folder that PUBLIC_SUBGRAPHS names is deployed as it is and indexed to
// the last block. Nothing of them is part of this project, so without that folder there is nothing to run.
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLogger } from '#node/platform/log.ts';
import type { TestDatabase } from '#node/platform/testing/postgres.ts';
import { IndexerService } from './indexer-service.ts';
import type { PipelineStatus } from './pipeline/progress.ts';
import { recordedMainnet } from './sources/testing/recorded-mainnet.ts';
import type { DeploymentStore } from './store/index.ts';
import { createStoreDatabase } from './store/testing/deployments.ts';

const folder = process.env.PUBLIC_SUBGRAPHS ?? '';
const only = process.env.PUBLIC_ONLY;
const mainnet = recordedMainnet() ?? '';
const builds = folder
  ? (await readdir(folder)).filter(
      (name) => existsSync(join(folder, name, 'subgraph.yaml')) && (!only || only.split(',').includes(name)),
    )
  : [];

describe.skipIf(builds.length === 0 || !mainnet)('public subgraphs', () => {
  let database: TestDatabase & { readonly store: DeploymentStore };
  let cacheFolder: string;
  let indexer: IndexerService;

  beforeAll(async () => {
    database = await createStoreDatabase();
    cacheFolder = await mkdtemp(join(tmpdir(), 'indexer-'));
    indexer = new IndexerService({
      databaseUrl: database.url,
      chains: {},
      owner: 'test',
      cacheFolder,
      log: { level: 'silent' },
      logger: silentLogger,
    });
    await indexer.start();
  });

  afterAll(async () => {
    await indexer.stop();
    await database.close();
    await rm(cacheFolder, { recursive: true, force: true });
  });

  test.each(builds)('%s', { timeout: 120_000 }, async (name) => {
    const { id } = await indexer.deploy({
      folder: join(folder, name),
      name,
      source: `recorded:${mainnet}`,
    });
    const status = await settled(indexer, id);
    const deployment = await database.store.open(id);
    const dump = await deployment.dump();
    const rows = dump.split('\n').length;
    console.log(
      `${name}: ${status.state} at ${status.head?.number}, ${status.counters.events} events, ${rows} lines of dump${
        status.message ? `: ${status.message}` : ''
      }`,
    );
    if (process.env.PUBLIC_DUMP) console.log(dump);
    expect(status).toMatchObject({ state: 'synced', message: null });
  });
});

/** The status in which nothing more happens: every block done, or one that failed or is tried again and again. */
function settled(indexer: IndexerService, deployment: string): Promise<PipelineStatus> {
  return new Promise((resolve, reject) => {
    const check = (status: PipelineStatus) => {
      if (status.deployment !== deployment) return;
      if (!['synced', 'failed', 'retrying'].includes(status.state)) return;
      stop();
      resolve(status);
    };
    const stop = indexer.onStatus(check);
    indexer.status().then((statuses) => statuses.forEach(check), reject);
  });
}
