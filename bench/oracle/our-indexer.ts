// Ourselves as graph-node is asked: the indexer on its own database, and graph-node's endpoints over HTTP.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { IndexerService } from '#indexer/indexer-service.ts';
import { graphNodeFace } from '#indexer/query/api-schema.ts';
import { createQueryExecutor, type TextExecutor } from '#indexer/query/executor.ts';
import { createSubgraphEndpoint } from '#indexer/query/http.ts';
import type { ChainSettings } from '#indexer/sources/open-source.ts';
import type { ChainReader } from '#indexer/status/status-api.ts';
import { createStatusEndpoint } from '#indexer/status/status-endpoint.ts';
import { type Deployment, DeploymentStore } from '#indexer/store/index.ts';
import { platformMigrations } from '#node/platform/events/migrations.ts';
import { silentLogger } from '#node/platform/log.ts';
import { createPool, prepareDatabase } from '#node/platform/postgres/database.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';

export class OurIndexer {
  readonly pool: pg.Pool;
  readonly store: DeploymentStore;
  readonly #indexer: IndexerService;
  readonly #folder: string;
  readonly #server: Server;
  readonly #executors = new Map<string, Promise<TextExecutor>>();

  private constructor(pool: pg.Pool, indexer: IndexerService, folder: string, rpcUrl: string) {
    this.pool = pool;
    this.store = new DeploymentStore(pool);
    this.#indexer = indexer;
    this.#folder = folder;
    const endpoint = createSubgraphEndpoint({
      heads: () => this.store.heads(),
      find: ({ value }) => this.#executor(value),
      onError: (error) => console.error(error),
    });
    const status = createStatusEndpoint({
      pool,
      chains: readerOf(rpcUrl),
      version: { version: 'oracle', commit: '' },
      paths: ['/index-node/graphql'],
      onError: (error) => console.error(error),
    });
    this.#server = createServer((request, response) => {
      void endpoint(request, response)
        .then((handled) => handled || status(request, response))
        .then((handled) => {
          if (!handled) response.writeHead(404).end();
        });
    });
  }

  static async start(
    databaseUrl: string,
    chains: Readonly<Record<string, ChainSettings>>,
  ): Promise<OurIndexer> {
    const pool = createPool({ url: databaseUrl, name: 'oracle' });
    await prepareDatabase(pool);
    await migrate(pool, 'platform', platformMigrations);
    await DeploymentStore.migrate(pool);
    const folder = mkdtempSync(join(tmpdir(), 'aios-oracle-'));
    const indexer = new IndexerService({
      ...{ databaseUrl, chains, owner: 'oracle', cacheFolder: folder },
      ...{ log: { level: 'warn' }, logger: silentLogger },
    });
    await indexer.start();
    const [chain] = Object.values(chains);
    const ours = new OurIndexer(pool, indexer, folder, chain?.urls[0] ?? '');
    await new Promise<void>((resolve) => ours.#server.listen(0, '127.0.0.1', resolve));
    return ours;
  }

  async deploy(build: string, name: string, network: string): Promise<Deployment> {
    const { id } = await this.#indexer.deploy({ folder: build, name, source: network });
    return this.store.open(id);
  }

  #executor(id: string): Promise<TextExecutor> {
    let executor = this.#executors.get(id);
    executor ??= this.store.open(id).then(({ layout }) =>
      createQueryExecutor({
        ...{ pool: this.pool, deployment: id, layout },
        face: graphNodeFace(layout.schema),
      }),
    );
    this.#executors.set(id, executor);
    return executor;
  }

  /** The text of an answer, as it went. */
  async queryText(
    deployment: string,
    query: string,
    variables?: Readonly<Record<string, unknown>>,
  ): Promise<string> {
    const { port } = this.#server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/subgraphs/id/${deployment}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return response.text();
  }

  /** Asks the status API. */
  async status(query: string): Promise<unknown> {
    const { port } = this.#server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/index-node/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return response.json();
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await this.#indexer.stop();
    await this.pool.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function readerOf(rpcUrl: string): ChainReader {
  const block = async (method: string, params: readonly unknown[]) => {
    const response = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    return ((await response.json()) as { result: { number: string; hash: string } | null }).result;
  };
  return {
    async head() {
      const found = await block('eth_getBlockByNumber', ['latest', false]);
      return found && { number: Number(found.number), hash: found.hash };
    },
    async blockHash(_, number) {
      return (await block('eth_getBlockByNumber', [`0x${number.toString(16)}`, false]))?.hash ?? null;
    },
    block: (_, hash) => block('eth_getBlockByHash', [hash, true]),
  };
}
