// A whole indexer in this thread (its mapping threads apart), for tests and oracles that deploy built subgraphs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { DeploymentStore } from '#indexer/store/index.ts';
import { silentLogger } from '#node/platform/log.ts';
import type { ChainSettings } from '../../sources/open-source.ts';
import type { DeployRequest } from '../deploy.ts';
import { IndexerHost } from '../indexer-host.ts';
import type { PipelineStatus } from '../progress.ts';
import { createWasmMapper } from '../wasm-mapper.ts';

export interface Indexing {
  readonly host: IndexerHost;
  readonly store: DeploymentStore;
  /** Deploys, and answers with the deployment's id. */
  deploy(request: DeployRequest): Promise<string>;
  /** The first status of a deployment that meets the condition. @throws when it fails before */
  until(deployment: string, condition: (status: PipelineStatus) => boolean): Promise<PipelineStatus>;
  /** Until a deployment stands on the block of this hash. */
  reached(deployment: string, hash: string): Promise<void>;
  close(): Promise<void>;
}

export async function startIndexing(
  database: { readonly pool: pg.Pool; readonly url: string },
  chains: Readonly<Record<string, ChainSettings>>,
): Promise<Indexing> {
  const cacheFolder = await mkdtemp(join(tmpdir(), 'indexing-'));
  const watchers = new Set<(status: PipelineStatus) => void>();
  const host = new IndexerHost({
    pool: database.pool,
    databaseUrl: database.url,
    chains,
    owner: 'test',
    cacheFolder,
    log: silentLogger,
    createMapper: createWasmMapper,
    onStatus: (status) => {
      for (const watcher of watchers) watcher(status);
    },
  });
  await host.start();
  const store = new DeploymentStore(database.pool);
  const until: Indexing['until'] = (deployment, condition) =>
    new Promise((resolve, reject) => {
      const watcher = (status: PipelineStatus) => {
        if (status.deployment !== deployment) return;
        if (condition(status)) resolve(status);
        else if (status.state === 'failed') reject(new Error(status.message ?? 'the deployment failed'));
        else return;
        watchers.delete(watcher);
      };
      watchers.add(watcher);
      for (const status of host.statuses()) watcher(status);
    });
  return {
    host,
    store,
    deploy: async (request) => (await host.deploy(request)).id,
    until,
    reached: async (deployment, hash) => {
      await until(deployment, ({ head }) => head?.hash === hash);
    },
    close: async () => {
      await host.stop();
      await rm(cacheFolder, { recursive: true, force: true });
    },
  };
}
