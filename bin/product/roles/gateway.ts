// The role `gateway`: the supergraph over in-process or remote subgraphs, the per-deployment endpoints and the web app.
import { readFile } from 'node:fs/promises';
import type { RequestListener, Server } from 'node:http';
import { join } from 'node:path';
import { createSubgraphEndpoint, type SubgraphEndpoint } from '#indexer/query/http.ts';
import { DeploymentStore } from '#indexer/store/index.ts';
import { A2aEndpoint } from '#node/agents/standards/a2a/a2a-endpoint.ts';
import { McpEndpoint } from '#node/agents/standards/mcp/mcp-endpoint.ts';
import type { Config } from '#node/platform/config/schema.ts';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { Service, ServiceHealth } from '#node/platform/lifecycle/service-group.ts';
import type { Logger } from '#node/platform/log.ts';
import type { SubgraphExecutor } from '#node/platform/operation.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { sharedSecret } from '#node/platform/settings.ts';
import { shareLoads } from '#node/platform/share-loads.ts';
import type { IdentitySubgraph } from '#resolvers/identity/index.ts';
import { createGateway, type Gateway } from '#schema/gateway/create-gateway.ts';
import { DEFAULT_LIMITS } from '#schema/gateway/gateway-options.ts';
import { createHttpExecutor } from '#schema/gateway/http-executor.ts';
import { MemoryDocumentStore } from '#schema/gateway/persisted-documents.ts';
import { createSubgraphListener } from '#schema/gateway/subgraph-server.ts';
import { gatewayCommitFeed } from '../commit-feeds.ts';
import type { DatabaseService } from '../database.ts';
import { DeployedSubgraphs } from '../deployed-subgraph.ts';
import { committedSubgraphs } from '../federation/committed-subgraphs.ts';
import { Federator } from '../federation/federator.ts';
import { FollowedHeads } from '../followed-heads.ts';
import { gatewayLimits, gatewayRateLimit, introspectionPolicy } from '../gateway-limits.ts';
import { houseSubgraphs, subgraphSource } from '../house.ts';
import type { Route } from '../http-server.ts';
import type { Metrics } from '../metrics.ts';
import { createSubgraphSockets, type SubgraphSockets } from '../subgraph-sockets.ts';
import type { ServicesService } from './services.ts';

/** Name of the secret by which processes over one database trust each other's forwarded viewers. */
export const forwardSecretName = 'forwarded-context';

/** Where other processes over the database run operations of the whole supergraph, with signed requests. */
export const operationsPath = '/internal/supergraph';

/** Names of the service subgraphs, for a gateway that reaches them by URL. */
export const serviceSubgraphNames = [
  'identity',
  'documents',
  'networks',
  'market-service',
  'agents',
  'proving',
  'status',
] as const;

export interface GatewayServiceOptions {
  readonly config: Config;
  readonly database: DatabaseService;
  /** The services of this process; absent when they are reached at `config.servicesUrl`. */
  readonly services: ServicesService | undefined;
  /** Who a token belongs to, when the services are elsewhere. */
  readonly authenticate?: IdentitySubgraph['authenticate'];
  readonly metrics: Metrics;
  /** How users reach this process. */
  readonly publicUrl: string;
  readonly version: string;
  readonly logger: Logger;
}

export class GatewayService implements Service {
  readonly name = 'supergraph';
  readonly #options: GatewayServiceOptions;
  #gateway: Gateway | undefined;
  #endpoint: SubgraphEndpoint | undefined;
  #deployed: DeployedSubgraphs | undefined;
  #followed: FollowedHeads | undefined;
  #federator: Federator | undefined;
  #sockets: SubgraphSockets | undefined;
  #mcp: McpEndpoint | undefined;
  #a2a: A2aEndpoint | undefined;
  #operations: RequestListener | undefined;

  constructor(options: GatewayServiceOptions) {
    this.#options = options;
  }

  get gateway(): Gateway {
    if (!this.#gateway) throw new Error('the gateway has not been started');
    return this.#gateway;
  }

  /** The supergraph for callers within the process; undefined until it stands. */
  get executor(): SubgraphExecutor | undefined {
    return this.#gateway?.executor;
  }

  /** Answers at /subgraphs/name/X and /subgraphs/id/Qm…. */
  get subgraphEndpoint(): SubgraphEndpoint {
    if (!this.#endpoint) throw new Error('the gateway has not been started');
    return this.#endpoint;
  }

  /** Answers signed requests at `operationsPath`, and says so. */
  readonly operations: Route = (request, response) => {
    if (request.url !== operationsPath) return false;
    if (!this.#operations) throw new Error('the gateway has not been started');
    this.#operations(request, response);
    return true;
  };

  /** Agents as tools of the Model Context Protocol, at /mcp. */
  get mcp(): McpEndpoint {
    if (!this.#mcp) throw new Error('the gateway has not been started');
    return this.#mcp;
  }

  /** Agents for other agents: cards and A2A endpoints, at /a2a. */
  get a2a(): A2aEndpoint {
    if (!this.#a2a) throw new Error('the gateway has not been started');
    return this.#a2a;
  }

  /** Accepts WebSockets at the endpoint and at those of deployments. */
  attach(server: Server): void {
    this.gateway.attach(server);
    this.#sockets?.attach(server);
  }

  /** Ends streams and sockets; repeats safely. */
  async closeSockets(): Promise<void> {
    await this.#mcp?.close();
    this.#a2a?.close();
    await this.#sockets?.close();
    await this.#gateway?.close();
  }

  async start(report: (message: string) => void): Promise<void> {
    const { config, database, logger, metrics } = this.#options;
    const { pool, bus } = database.database;
    const store = new DeploymentStore(pool);
    const deployed = new DeployedSubgraphs({ pool, store, bus });
    this.#deployed = deployed;
    const heads = shareLoads(() => store.heads());
    const secret = config.forwardSecret ?? (await sharedSecret(pool, forwardSecretName));

    const subgraphs: Record<string, SubgraphExecutor> = {};
    for (const { name, chain } of houseSubgraphs) {
      const optional =
        chain === undefined
          ? undefined
          : await readFile(join(subgraphSource(name), 'schema.graphql'), 'utf8');
      subgraphs[name] = deployed.house(name, optional);
    }
    const { services } = this.#options;
    if (services) {
      for (const subgraph of services.subgraphs) subgraphs[subgraph.name] = subgraph.executor;
    } else {
      for (const name of serviceSubgraphNames) {
        const url = new URL(name, config.servicesUrl?.replace(/\/?$/, '/')).href;
        subgraphs[name] = createHttpExecutor({ name, url, forwardingSecret: secret });
      }
    }
    const authenticate = services
      ? (authorization: string | undefined) => services.identity.authenticate(authorization)
      : this.#options.authenticate;
    // Listens before the feed: what the feed tells of is among these heads.
    const followed = new FollowedHeads(bus, heads);
    this.#followed = followed;
    const feed = gatewayCommitFeed(bus, () => deployed.known());
    const live = houseSubgraphs.map((house) => house.name);
    const gateway = await createGateway({
      supergraphSdl: await readSupergraph(),
      subgraphs,
      headLoader: heads,
      live: {
        subgraphs: live,
        feed,
        headLoader: followed.current,
      },
      authenticate: authenticate && (({ authorization }) => authenticate(authorization)),
      limits: gatewayLimits(config),
      rateLimit: gatewayRateLimit(config),
      introspection: introspectionPolicy(config),
      persistedDocuments: { store: new MemoryDocumentStore(), mode: 'automatic' },
      forwardingSecret: secret,
      logger,
      onOperation: metrics.onOperation,
    });
    this.#gateway = gateway;
    this.#operations = createSubgraphListener({
      subgraphs: [{ name: operationsPath.slice(1), sdl: '', executor: gateway.executor }],
      forwardingSecret: secret,
      maxBodyBytes: 4 * config.limits.maxBodyBytes,
      logger,
    });
    const { publicUrl, version } = this.#options;
    const door = {
      executor: gateway.executor,
      authenticate: async (authorization: string | undefined) =>
        (await authenticate?.(authorization)) ?? null,
      origins: config.agents.origins,
      maxBodyBytes: config.limits.maxBodyBytes,
      ...{ publicUrl, version, logger },
    };
    this.#mcp = new McpEndpoint({ ...door, bus, secret });
    this.#a2a = new A2aEndpoint(door);
    this.#endpoint = createSubgraphEndpoint({
      find: (target) => deployed.graphNode(target),
      heads: followed.current,
      maxBodyBytes: config.limits.maxBodyBytes,
      timeoutMs: config.limits.operationTimeoutMs,
      onError: (error) => logger.error({ err: error }, 'a query of a deployment failed'),
    });
    this.#sockets = createSubgraphSockets({
      find: (target) => deployed.graphNode(target, { subscriptions: true }),
      heads: followed.current,
      feed,
      bus,
      limits: { ...DEFAULT_LIMITS, ...gatewayLimits(config) },
      logger,
    });
    const members = await committedSubgraphs();
    this.#federator = new Federator({ gateway, pool, bus, deployed, members, live, logger });
    report('taking in federated deployments');
    await this.#federator.refresh();
    const { length } = this.#federator.aliases;
    report(`${Object.keys(subgraphs).length} subgraphs${length > 0 ? `, ${length} federated` : ''}`);
  }

  async stop(): Promise<void> {
    await this.#federator?.close();
    await this.closeSockets();
    this.#deployed?.close();
    this.#followed?.close();
  }

  health(): ServiceHealth {
    return {
      status: 'ok',
      details: { liveQueries: this.#gateway?.liveQueries ?? 0, federated: this.#federator?.aliases ?? [] },
    };
  }
}

async function readSupergraph(): Promise<string> {
  const file = join(packageRoot, 'schema/supergraph.graphql');
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new AiosError(
      'SUPERGRAPH_UNREADABLE',
      `${file} cannot be read (${messageOf(error)}). Restore it from version control, or run: npm run aios -- supergraph compose`,
    );
  }
}
