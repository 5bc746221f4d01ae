// Everything that one indexer process indexes: a runner for each assigned deployment, sources shared by chain, and the controls.
// Lives in the I/O thread. Follows the assignments in PostgreSQL, so that a deployment made by any process is picked up.
import pg from 'pg';
import { type Deployment, DeploymentStore } from '#indexer/store/index.ts';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import { bindNetwork } from '../manifest/bind-network.ts';
import { loadDeployment } from '../manifest/load-deployment.ts';
import type { LoadedSubgraph } from '../manifest/manifest.ts';
import { type ChainSettings, openSource, type SourceSpec, sourceKey } from '../sources/open-source.ts';
import type { Source } from '../sources/source.ts';
import {
  ASSIGNMENTS_CHANNEL,
  type Assignment,
  buildFolder,
  listAssignments,
  notifyAssignments,
  unassignNameless,
} from './assignments.ts';
import { type DeployRequest, type DeployResult, deploySubgraph } from './deploy.ts';
import { DeploymentRunner } from './deployment-runner.ts';
import type { Mapper } from './mapper.ts';
import { type PipelineStatus, Progress } from './progress.ts';

/** What a mapper works for. */
export interface MapperContext {
  readonly deployment: Deployment;
  readonly subgraph: LoadedSubgraph;
  readonly source: Source;
  readonly log: Logger;
}

export interface IndexerHostOptions {
  readonly pool: pg.Pool;
  readonly databaseUrl: string;
  readonly chains: Readonly<Record<string, ChainSettings>>;
  /** Who holds the leases; the same after a restart. */
  readonly owner: string;
  /** Folder for the unpacked builds of deployments. */
  readonly cacheFolder: string;
  readonly log: Logger;
  readonly createMapper: (context: MapperContext) => Promise<Mapper>;
  readonly onStatus?: (status: PipelineStatus) => void;
}

interface Running {
  /** Undefined while the deployment could not be loaded; it is tried again with every look at the assignments. */
  readonly runner: DeploymentRunner | undefined;
  readonly problem: PipelineStatus | undefined;
}

// Assignments are announced; looking at them now and then catches announcements lost with a connection.
const REFRESH_MS = 5_000;

export class IndexerHost {
  readonly #options: IndexerHostOptions;
  readonly #store: DeploymentStore;
  readonly #running = new Map<string, Running>();
  readonly #sources = new Map<string, Promise<Source>>();
  #refreshing: Promise<void> | null = null;
  #refreshAgain = false;
  #timer: NodeJS.Timeout | undefined;
  #listener: pg.Client | undefined;
  #stopping = false;

  constructor(options: IndexerHostOptions) {
    this.#options = options;
    this.#store = new DeploymentStore(options.pool);
  }

  /** Starts what is assigned. */
  async start(): Promise<void> {
    await DeploymentStore.migrate(this.#options.pool);
    await this.#listen();
    await this.refresh();
    this.#timer = setInterval(() => void this.#look(), REFRESH_MS);
  }

  /** Ends after the commits in progress. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    await this.#refreshing?.catch(() => undefined);
    await Promise.all([...this.#running.values()].map(({ runner }) => runner?.stop()));
    this.#running.clear();
    await this.#listener?.end().catch(() => undefined);
    for (const source of this.#sources.values())
      await source.then((open) => open.close()).catch(() => undefined);
  }

  statuses(): PipelineStatus[] {
    return [...this.#running.values()].flatMap(({ runner, problem }) => runner?.status ?? problem ?? []);
  }

  async deploy(request: DeployRequest): Promise<DeployResult> {
    const result = await deploySubgraph(this.#options.pool, request, this.#options.chains);
    await this.refresh();
    return result;
  }

  /** Removes a name; a deployment goes with its last one. Answers with what was removed. */
  async remove(name: string): Promise<string[]> {
    const names = await this.#store.names();
    const removed = names.find((record) => record.name === name);
    if (!removed)
      throw new AiosError(
        'UNKNOWN_DEPLOYMENT',
        `no deployment is named ${name}; "aios subgraph list" shows the names`,
      );
    await this.#store.removeName(name);
    const still = new Set(
      names.filter((record) => record !== removed).flatMap(({ current, pending }) => [current, pending]),
    );
    const gone = [removed.current, removed.pending].filter((id) => id !== null && !still.has(id)) as string[];
    for (const id of gone) {
      await this.#running.get(id)?.runner?.stop();
      this.#running.delete(id);
      await this.#store.remove(id);
    }
    await notifyAssignments(this.#options.pool);
    return gone;
  }

  async setPaused(deployment: string, paused: boolean): Promise<void> {
    await this.#store.setPaused(deployment, paused);
    this.#running.get(deployment)?.runner?.setPaused(paused);
  }

  /** Starts what was assigned and stops what no longer is. */
  async refresh(): Promise<void> {
    this.#refreshAgain = true;
    this.#refreshing ??= (async () => {
      while (this.#refreshAgain && !this.#stopping) {
        this.#refreshAgain = false;
        await this.#refreshOnce();
      }
    })().finally(() => {
      this.#refreshing = null;
    });
    await this.#refreshing;
  }

  async #refreshOnce(): Promise<void> {
    const assignments = await listAssignments(this.#options.pool);
    const wanted = new Set(assignments.map(({ deployment }) => deployment));
    for (const [id, { runner }] of this.#running) {
      if (wanted.has(id)) continue;
      await runner?.stop();
      this.#running.delete(id);
    }
    for (const assignment of assignments) {
      if (this.#running.get(assignment.deployment)?.runner || this.#stopping) continue;
      this.#running.set(assignment.deployment, await this.#begin(assignment));
    }
  }

  async #begin({ deployment: id, source: spec, overrides }: Assignment): Promise<Running> {
    const { pool, cacheFolder, createMapper, owner, log, onStatus } = this.#options;
    try {
      const deployment = await this.#store.open(id);
      const folder = await buildFolder(pool, id, cacheFolder);
      const loaded = await loadDeployment(folder);
      const subgraph = bindNetwork(loaded, { network: deployment.chain, dataSources: overrides });
      const runner = new DeploymentRunner({
        deployment,
        subgraph,
        chain: deployment.chain,
        openSource: () => this.#source(spec),
        createMapper: (source) =>
          createMapper({ deployment, subgraph, source, log: log.child({ deployment: id }) }),
        owner,
        log,
        onStatus,
        onSynced: async () => {
          if ((await this.#store.promotePending()).length > 0) await unassignNameless(pool);
        },
      });
      runner.start();
      return { runner, problem: undefined };
    } catch (error) {
      log.error({ err: error, deployment: id }, 'a deployment could not be started');
      const problem = new Progress(id, spec.kind === 'chain' ? spec.chain : 'recorded');
      problem.enter('failed', messageOf(error));
      return { runner: undefined, problem: problem.status() };
    }
  }

  #source(spec: SourceSpec): Promise<Source> {
    const key = sourceKey(spec);
    let source = this.#sources.get(key);
    if (!source) {
      source = openSource(spec, this.#options.chains, (message) =>
        this.#options.log.debug({ source: key }, message),
      );
      this.#sources.set(key, source);
      source.catch(() => this.#sources.delete(key));
    }
    return source;
  }

  async #look(): Promise<void> {
    try {
      if (!this.#listener) await this.#listen();
      await this.refresh();
    } catch (error) {
      this.#options.log.warn({ err: error }, 'the assignments could not be read; they are looked at again');
    }
  }

  async #listen(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#options.databaseUrl });
    const lost = () => {
      if (this.#listener === client) this.#listener = undefined;
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', () => void this.#look());
    await client.connect();
    await client.query(`listen ${ASSIGNMENTS_CHANNEL}`);
    this.#listener = client;
  }
}
