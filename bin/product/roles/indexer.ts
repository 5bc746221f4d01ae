// The role `indexer`: runs every assigned deployment, and puts the house's own subgraphs among them.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { IndexerService } from '#indexer/indexer-service.ts';
import { loadDeployment } from '#indexer/manifest/load-deployment.ts';
import type { Hex } from '#indexer/model.ts';
import type { PipelineStatus } from '#indexer/pipeline/progress.ts';
import { chainSettingsOf } from '#indexer/sources/registered-chains.ts';
import type { Config } from '#node/platform/config/schema.ts';
import type { DataFolder } from '#node/platform/lifecycle/data-folder.ts';
import type { Service } from '#node/platform/lifecycle/service-group.ts';
import type { Logger, LogOptions } from '#node/platform/log.ts';
import type { ChainRecord } from '#node/platform/settings.ts';
import { contractsOf } from '../chains.ts';
import { builtSubgraph, houseSubgraphs } from '../house.ts';

export function createIndexer(options: {
  readonly databaseUrl: string;
  readonly folder: DataFolder;
  readonly chains: readonly ChainRecord[];
  readonly log: LogOptions;
  readonly logger: Logger;
  /** Where files come from, as configured. */
  readonly ipfs?: Config['ipfs'];
}): IndexerService {
  return new IndexerService({
    databaseUrl: options.databaseUrl,
    chains: chainSettingsOf(options.chains),
    owner: nodeId(options.folder),
    cacheFolder: options.folder.file('indexer', 'builds'),
    log: options.log,
    logger: options.logger,
    ...(options.ipfs && { ipfs: options.ipfs }),
  });
}

/** Who this node is in leases: the same after a restart, so that a killed run does not block its successor. */
function nodeId(folder: DataFolder): string {
  const file = folder.file('indexer', 'node-id');
  try {
    return readFileSync(file, 'utf8');
  } catch {
    const id = randomUUID();
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, id);
    return id;
  }
}

/** How long the start waits for the house to catch up before it goes on without. */
const catchUpMs = 30_000;

/** Deploys the house subgraphs (nothing happens when they stand) and waits until they have caught up with the chain. */
export class HouseService implements Service {
  readonly name = 'house subgraphs';
  readonly #indexer: IndexerService;
  readonly #chain: ChainRecord;
  readonly #chains: readonly ChainRecord[];

  /** @param chain the one with the contracts @param chains all that are known */
  constructor(indexer: IndexerService, chain: ChainRecord, chains: readonly ChainRecord[]) {
    this.#indexer = indexer;
    this.#chain = chain;
    this.#chains = chains;
  }

  async start(report: (message: string) => void): Promise<void> {
    const waiting = new Set<string>();
    for (const { name, feed, chain } of houseSubgraphs) {
      const folder = builtSubgraph(name);
      if (chain !== undefined) {
        // The product does not wait for a chain that it can do without: whether its node runs shows in the status.
        if (this.#chains.some((known) => known.name === chain))
          await this.#indexer.deploy({ folder, name, source: chain, feed });
        continue;
      }
      const overrides = await bindings(folder, this.#chain);
      const { id } = await this.#indexer.deploy({ folder, name, source: this.#chain.name, overrides, feed });
      waiting.add(id);
    }
    const deadline = Date.now() + catchUpMs;
    let last: readonly PipelineStatus[] = [];
    while (waiting.size > 0 && Date.now() < deadline) {
      last = (await this.#indexer.status()).filter((status) => waiting.has(status.deployment));
      for (const status of last) {
        // One that another process indexes is that process's to wait for.
        if (['synced', 'failed', 'waiting-for-lease', 'paused'].includes(status.state))
          waiting.delete(status.deployment);
      }
      const behind = last.find((status) => status.state !== 'synced');
      if (behind) report(`block ${behind.head?.number ?? 0} of ${behind.chainHead?.number ?? '?'}`);
      if (waiting.size > 0) await delay(50);
    }
    const statuses = await this.#indexer.status();
    const heads = statuses.map((status) => status.head?.number ?? 0);
    report(waiting.size > 0 ? 'still catching up' : `at block ${Math.max(0, ...heads)}`);
  }

  async stop(): Promise<void> {}
}

/** Manifests carry the devnet's addresses; on another chain each data source is bound to the contract of its name there. */
async function bindings(
  folder: string,
  chain: ChainRecord,
): Promise<Record<string, { address: Hex }> | undefined> {
  if (chain.devnet) return undefined;
  const contracts = Object.entries(contractsOf(chain));
  const { dataSources } = await loadDeployment(folder);
  return Object.fromEntries(
    dataSources.flatMap(({ name }) =>
      contracts
        .filter(([contract]) => contract.toLowerCase() === name.toLowerCase())
        .map(([, address]) => [name, { address: address.toLowerCase() as Hex }]),
    ),
  );
}
