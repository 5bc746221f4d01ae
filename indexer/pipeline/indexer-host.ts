// Everything that one indexer process indexes: a runner for each assigned deployment, sources shared by chain, and the controls.
// Lives in the I/O thread. Follows the assignments in PostgreSQL, so that a deployment made by any process is picked up.
import pg from 'pg';
import { PostgresChainCache } from '#indexer/store/chain-cache.ts';
import { type Deployment, DeploymentStore } from '#indexer/store/index.ts';
import { SMALL_COMMIT_SETTINGS } from '#indexer/store/writer.ts';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { type CommitSignal, commitTopic, namesTopic } from '#node/platform/events/change-feed.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import { PostgresEventBus, sendSignal } from '#node/platform/events/postgres-event-bus.ts';
import type { Logger } from '#node/platform/log.ts';
import { createPool } from '#node/platform/postgres/database.ts';
import {
  ComposedSource,
  type ComposedSourceOptions,
  type ReadSubgraph,
} from '../composed/composed-source.ts';
import { BlockStore } from '../files/block-store.ts';
import { DEFAULT_IPFS, FileFetcher, type IpfsSettings } from '../files/file-fetcher.ts';
import { bindNetwork } from '../manifest/bind-network.ts';
import { loadDeployment } from '../manifest/load-deployment.ts';
import type { LoadedSubgraph } from '../manifest/manifest.ts';
import type { EntitySchema } from '../model.ts';
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
import { ANYBODY_AFTER_MS, decideClaims } from './claims.ts';
import { type DeployRequest, type DeployResult, deploySubgraph } from './deploy.ts';
import { DeploymentRunner } from './deployment-runner.ts';
import type { Mapper } from './mapper.ts';
import { leave, lookAround } from './nodes.ts';
import { type PipelineStatus, Progress } from './progress.ts';

/** What a mapper works for. */
export interface MapperContext {
  readonly deployment: Deployment;
  readonly subgraph: LoadedSubgraph;
  readonly source: Source;
  readonly log: Logger;
  /** Schemas of the subgraphs that are data sources, by the data source's name. */
  readonly sourceSchemas?: ReadonlyMap<string, EntitySchema>;
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
  /** Chains that other processes have registered since: asked when a deployment names one that is not in `chains`. */
  readonly registeredChains?: () => Promise<Readonly<Record<string, ChainSettings>>>;
  /** How files of IPFS are found; see `FileFetcher`. */
  readonly ipfs?: Partial<IpfsSettings>;
  readonly leaseMs?: number;
  readonly onStatus?: (status: PipelineStatus) => void;
}

interface Running {
  /** Undefined while the deployment could not be loaded; it is tried again with every look at the assignments. */
  readonly runner: DeploymentRunner | undefined;
  readonly problem: PipelineStatus | undefined;
}

// Another process's death shows only in leases that expire: this long after its last word at most, and one look more. With what
// starting a runner takes, a deployment goes on well within ten seconds.
const LEASE_MS = 5_000;
const LOOK_MS = 1_000;
/** Commits at the head take a millisecond or two; more of them at once only wait for each other. */
const SMALL_COMMITS_AT_ONCE = 4;
/** How long a deployment that nobody else took is kept above the fair share. */
const KEEP_MS = 60_000;

export class IndexerHost {
  readonly #options: IndexerHostOptions;
  readonly #store: DeploymentStore;
  readonly #running = new Map<string, Running>();
  readonly #sources = new Map<string, Promise<Source>>();
  readonly #cache: PostgresChainCache;
  readonly #files: FileFetcher;
  /** Signals of commits, for subgraphs that read others; connected when there is one. */
  #bus: Promise<EventBus> | undefined;
  /** Runners told to stop whose last commit is still under way. */
  readonly #ending = new Map<string, Promise<void>>();
  readonly #elsewhere = new Map<string, PipelineStatus>();
  readonly #freeSince = new Map<string, number>();
  readonly #keptUntil = new Map<string, number>();
  #refreshing: Promise<void> | null = null;
  #refreshAgain = false;
  #timer: NodeJS.Timeout | undefined;
  #listener: pg.Client | undefined;
  #stopping = false;
  #retryAt = 0;
  readonly #smallCommits: pg.Pool;

  constructor(options: IndexerHostOptions) {
    this.#options = options;
    this.#smallCommits = createPool({
      url: options.databaseUrl,
      name: 'indexer heads',
      max: SMALL_COMMITS_AT_ONCE,
      logger: options.log,
      pipeline: true,
      settings: SMALL_COMMIT_SETTINGS,
    });
    this.#store = new DeploymentStore(options.pool, this.#smallCommits);
    this.#cache = new PostgresChainCache({ pool: options.pool, log: options.log });
    this.#files = new FileFetcher(new BlockStore(options.pool), { ...DEFAULT_IPFS, ...options.ipfs });
  }

  /** Starts what is assigned. */
  async start(): Promise<void> {
    await DeploymentStore.migrate(this.#options.pool);
    await this.#listen();
    await this.refresh();
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
  }

  /** Ends after the commits in progress. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    await this.#refreshing?.catch(() => undefined);
    this.#files.close();
    await Promise.all([...this.#running.values()].map(({ runner }) => runner?.stop()));
    await Promise.all(this.#ending.values());
    this.#running.clear();
    // The others need not wait for a lease to expire that was given back.
    await leave(this.#options.pool, this.#options.owner).catch(() => undefined);
    await notifyAssignments(this.#options.pool).catch(() => undefined);
    await this.#listener?.end().catch(() => undefined);
    await this.#bus?.then((bus) => bus.close()).catch(() => undefined);
    for (const source of this.#sources.values())
      await source.then((open) => open.close()).catch(() => undefined);
    await this.#cache.settled();
    await this.#smallCommits.end();
  }

  statuses(): PipelineStatus[] {
    return [
      ...[...this.#running.values()].flatMap(({ runner, problem }) => runner?.status ?? problem ?? []),
      ...this.#elsewhere.values(),
    ];
  }

  async deploy(request: DeployRequest): Promise<DeployResult> {
    const chains = { ...(await this.#options.registeredChains?.()), ...this.#options.chains };
    const result = await deploySubgraph(this.#options.pool, request, chains);
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
    const still = new Set(
      names.filter((record) => record !== removed).flatMap(({ current, pending }) => [current, pending]),
    );
    const gone = [removed.current, removed.pending].filter((id) => id !== null && !still.has(id)) as string[];
    for (const id of gone) await this.#store.requireUnread(id);
    await this.#store.removeName(name);
    for (const id of gone) {
      await this.#running.get(id)?.runner?.stop();
      await this.#ending.get(id);
      this.#running.delete(id);
      await this.#store.remove(id);
    }
    // What only a removed deployment read need not be indexed any longer.
    await unassignNameless(this.#options.pool);
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
    const { pool, owner, leaseMs = LEASE_MS } = this.#options;
    const assignments = new Map(
      (await listAssignments(pool)).map((assignment) => [assignment.deployment, assignment]),
    );
    const { nodes, deployments } = await lookAround(pool, owner, leaseMs);
    const now = performance.now();
    for (const { deployment, heldBy, paused, fence } of deployments) {
      this.#running.get(deployment)?.runner?.observe(paused, fence);
      if (heldBy !== null) this.#freeSince.delete(deployment);
      else if (!this.#freeSince.has(deployment)) this.#freeSince.set(deployment, now);
    }
    const claims = decideClaims({
      owner,
      nodes,
      // One whose runner is still ending here is not free yet.
      deployments: deployments.filter(({ deployment }) => !this.#ending.has(deployment)),
      running: new Set(this.#running.keys()),
      freeSince: this.#freeSince,
      keptUntil: this.#keptUntil,
      now,
    });
    for (const id of claims.stop) this.#end(id);
    for (const id of claims.beyondShare) this.#keptUntil.set(id, now + KEEP_MS);
    for (const id of claims.start) {
      const assignment = assignments.get(id);
      if (!assignment || this.#stopping) continue;
      this.#running.set(id, await this.#begin(assignment));
    }
    // What could not be loaded is tried again; another process may have deployed a better build meanwhile.
    for (const [id, { runner }] of this.#running) {
      const assignment = assignments.get(id);
      if (!runner && assignment && !claims.start.includes(id) && !this.#stopping && now >= this.#retryAt) {
        this.#running.set(id, await this.#begin(assignment));
      }
    }
    if (now >= this.#retryAt) this.#retryAt = now + ANYBODY_AFTER_MS;
    this.#elsewhere.clear();
    for (const { deployment, heldBy } of deployments) {
      if (this.#running.has(deployment) || heldBy === null || heldBy === owner) continue;
      const spec = assignments.get(deployment)?.source;
      const status = new Progress(deployment, spec?.kind === 'chain' ? spec.chain : 'recorded');
      status.enter('waiting-for-lease', `indexed by the process ${heldBy}`);
      this.#elsewhere.set(deployment, status.status());
    }
  }

  /** Stops a runner without waiting for it: its last commit may take a while, and the others are not to. */
  #end(id: string): void {
    const running = this.#running.get(id);
    this.#running.delete(id);
    this.#keptUntil.delete(id);
    if (!running?.runner) return;
    const ended = running.runner
      .stop()
      .catch((error: unknown) => this.#options.log.warn({ err: error, deployment: id }, 'a runner broke'))
      .finally(() => {
        this.#ending.delete(id);
        void this.#look();
      });
    this.#ending.set(id, ended);
  }

  async #begin({ deployment: id, source: spec, overrides }: Assignment): Promise<Running> {
    const { pool, cacheFolder, createMapper, owner, log, onStatus, leaseMs = LEASE_MS } = this.#options;
    try {
      const deployment = await this.#store.open(id);
      const folder = await buildFolder(pool, id, cacheFolder);
      const loaded = await loadDeployment(folder);
      const subgraph = bindNetwork(loaded, { network: deployment.chain, dataSources: overrides });
      const composed = await this.#composed(subgraph);
      const runner = new DeploymentRunner({
        deployment,
        subgraph,
        chain: deployment.chain,
        openSource: async () => composed?.over(await this.#source(spec)) ?? (await this.#source(spec)),
        createMapper: (source) =>
          createMapper({
            deployment,
            subgraph,
            source,
            log: log.child({ deployment: id }),
            ...(composed && { sourceSchemas: composed.schemas }),
          }),
        files: this.#files,
        owner,
        leaseMs,
        log,
        onStatus,
        onSynced: async () => {
          if ((await this.#store.promotePending()).length === 0) return;
          await sendSignal(pool, namesTopic, null);
          await unassignNameless(pool);
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

  /** What a subgraph over subgraphs reads; undefined for one on a chain. */
  async #composed(
    subgraph: LoadedSubgraph,
  ): Promise<{ readonly schemas: Map<string, EntitySchema>; over(chain: Source): Source } | undefined> {
    const schemas = new Map<string, EntitySchema>();
    const subgraphs: ReadSubgraph[] = [];
    for (const [dataSource, { name, subgraph: address, mapping }] of subgraph.dataSources.entries()) {
      if (address === undefined) continue;
      const deployment = await this.#store.open(address);
      schemas.set(name, deployment.layout.schema);
      subgraphs.push({
        dataSource,
        deployment,
        entities: (mapping.entityHandlers ?? []).map(({ entity }) => entity),
      });
    }
    if (subgraphs.length === 0) return undefined;
    const bus = await this.#commits();
    const onCommit: ComposedSourceOptions['onCommit'] = (deployments, listener) =>
      bus.onSignal(commitTopic, (payload) => {
        // Nothing is told of what was missed while the connection was lost.
        const signal = payload as CommitSignal | undefined;
        if (!signal || deployments.has(signal.deployment)) listener();
      });
    const { pool } = this.#options;
    return { schemas, over: (chain) => new ComposedSource({ pool, chain, subgraphs, onCommit }) };
  }

  #commits(): Promise<EventBus> {
    const { pool, databaseUrl: url, log: logger } = this.#options;
    this.#bus ??= PostgresEventBus.connect({ pool, url, logger });
    this.#bus.catch(() => {
      this.#bus = undefined;
    });
    return this.#bus;
  }

  #source(spec: SourceSpec): Promise<Source> {
    const key = sourceKey(spec);
    let source = this.#sources.get(key);
    if (!source) {
      source = this.#chainsFor(spec).then((chains) =>
        openSource(spec, chains, (message) => this.#options.log.debug({ source: key }, message), this.#cache),
      );
      this.#sources.set(key, source);
      source.catch(() => this.#sources.delete(key));
    }
    return source;
  }

  /** A chain that was registered after this process started is one all the same. */
  async #chainsFor(spec: SourceSpec): Promise<Readonly<Record<string, ChainSettings>>> {
    const { chains, registeredChains } = this.#options;
    if (spec.kind !== 'chain' || spec.chain in chains) return chains;
    return { ...(await registeredChains?.()), ...chains };
  }

  async #look(): Promise<void> {
    if (this.#stopping) return;
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
