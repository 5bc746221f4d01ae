// `aios start`: brings a process of the product up stage by stage, keeps it running, and takes it down again.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type pg from 'pg';
import type { IndexerService } from '#indexer/indexer-service.ts';
import { registerIndexerMetrics } from '#indexer/metrics.ts';
import { createStatusEndpoint } from '#indexer/status/status-endpoint.ts';
import { loadConfig } from '#node/platform/config/load.ts';
import type { Config, ConfigInput } from '#node/platform/config/schema.ts';
import { DataFolder } from '#node/platform/lifecycle/data-folder.ts';
import { ServiceGroup } from '#node/platform/lifecycle/service-group.ts';
import { createLogger, type Logger, type LogOptions } from '#node/platform/log.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { sharedSecret } from '#node/platform/settings.ts';
import { createIdentitySubgraph } from '#resolvers/identity/index.ts';
import { FORWARDED_MAX_HEADER_BYTES } from '#schema/gateway/forwarded-context.ts';
import { createSubgraphListener } from '#schema/gateway/subgraph-server.ts';
import { bold, cyan, dim, ProgressScreen, red, seconds } from '../cli/screen.ts';
import { untilStopped } from '../cli/until-stopped.ts';
import { ChainHeads } from '../product/chain-heads.ts';
import { createChainReader } from '../product/chain-reader.ts';
import { mainChain, registerChains } from '../product/chains.ts';
import { DatabaseService } from '../product/database.ts';
import { healthReport } from '../product/health.ts';
import { HttpServer, healthRoutes, mount, type Route, webApp } from '../product/http-server.ts';
import { Metrics } from '../product/metrics.ts';
import { type ProcessPlan, planProcess } from '../product/process-plan.ts';
import { AgentsService, registerAgentMetrics } from '../product/roles/agents.ts';
import { ContractsService, createDevnet, DemoService } from '../product/roles/devnet.ts';
import { forwardSecretName, GatewayService } from '../product/roles/gateway.ts';
import { createIndexer, HouseService } from '../product/roles/indexer.ts';
import { ProverService } from '../product/roles/prover.ts';
import { ServicesService } from '../product/roles/services.ts';
import { forgetRunning, noteRunning } from '../product/running.ts';

export interface StartOptions {
  readonly port?: string;
  readonly host?: string;
  readonly data?: string;
  readonly fresh?: boolean;
  readonly demo: boolean;
  readonly role?: string;
  readonly servicesUrl?: string;
  readonly servicesPort?: string;
  readonly log?: string;
  readonly logStdout?: boolean;
}

/** Only what the command line really said: absent options leave the file and the environment their say. */
function overridesOf(options: StartOptions): ConfigInput {
  const overrides: Record<string, unknown> = {
    port: options.port,
    host: options.host,
    dataDir: options.data,
    roles: options.role?.split(',').map((role) => role.trim()),
    servicesUrl: options.servicesUrl,
    servicesPort: options.servicesPort,
    log: { level: options.log, destination: options.logStdout ? 'stdout' : undefined },
  };
  if (!options.demo) overrides.demo = false;
  return overrides as ConfigInput;
}

const { version } = createRequire(import.meta.url)(join(packageRoot, 'package.json')) as { version: string };

/** Runs until Ctrl-C or until a part of the process tree ends by itself. */
export async function start(options: StartOptions): Promise<void> {
  const begun = performance.now();
  const config = await loadConfig({ overrides: overridesOf(options) });
  const plan = planProcess(config);
  const folder = new DataFolder(config.dataDir);
  for (const part of plan.locks) folder.lock(part);
  // From here on a first Ctrl-C stops what runs, also in the middle of the start.
  const stopped = untilStopped();
  try {
    if (options.fresh) folder.clear();
    process.stdout.write(
      `${bold('AiOS Studio')} ${dim(version)}  ${dim(plan.whole ? config.dataDir : [...plan.roles].join(', '))}\n`,
    );
    const product = new Product(config, folder, plan);
    const outcome = await Promise.race([
      product.start().then(() => 'started' as const),
      stopped.then(() => 'stopped' as const),
    ]).catch(async (error: unknown) => {
      await product.stop().catch(() => {});
      throw error;
    });
    if (outcome === 'started') {
      process.stdout.write(`${product.announcement(performance.now() - begun)}\n`);
      const reason = await Promise.race([stopped.then(() => undefined), product.broken]);
      if (reason) {
        process.stderr.write(`${red('error')} ${reason}\nStart again: nothing that was committed is lost.\n`);
        process.exitCode = 1;
      }
    }
    process.stdout.write(dim('stopping …\n'));
    await product.stop();
  } finally {
    folder.unlock();
  }
  // Whatever a library still holds open must not keep the process alive once everything has been stopped.
  process.exit();
}

class Product {
  readonly #config: Config;
  readonly #folder: DataFolder;
  readonly #plan: ProcessPlan;
  readonly #log: LogOptions;
  readonly #logger: Logger;
  readonly #group = new ServiceGroup(new ProgressScreen());
  readonly #http: HttpServer;
  readonly #metrics = new Metrics();
  #ready = false;
  #gateway: GatewayService | undefined;
  #statusHttp: HttpServer | undefined;
  /** Resolves with the reason when a part ends by itself. */
  readonly broken: Promise<string>;
  #break: (reason: string) => void = () => {};

  constructor(config: Config, folder: DataFolder, plan: ProcessPlan) {
    this.#config = config;
    this.#folder = folder;
    this.#plan = plan;
    const destination = config.log.destination ?? (plan.whole ? 'file' : 'stdout');
    this.#log = {
      level: config.log.level,
      file: destination === 'file' ? folder.file('logs', 'aios.log') : undefined,
      base: { roles: [...plan.roles].join('+') },
    };
    this.#logger = createLogger(this.#log);
    this.#http = new HttpServer({
      host: config.host,
      port: plan.port,
      logger: this.#logger,
      maxHeaderSize: FORWARDED_MAX_HEADER_BYTES,
    });
    this.broken = new Promise((resolve) => {
      this.#break = resolve;
    });
  }

  async start(): Promise<void> {
    const { roles } = this.#plan;
    const config = this.#config;
    const log = this.#log;
    const logger = this.#logger;
    await this.#http.listen();
    this.#http.routes = [this.#operations()];

    const database = new DatabaseService(config, logger);
    database.onFailure = (reason) => this.#break(reason);
    await this.#group.start(database);

    if (roles.has('devnet')) await this.#startDevnet(database, logger);

    if (roles.has('indexer')) {
      const chains = await registerChains(database.database.pool, config);
      const indexer = createIndexer({
        databaseUrl: database.database.url,
        folder: this.#folder,
        chains,
        log,
        logger,
        ipfs: config.ipfs,
      });
      await this.#group.start(indexer);
      await this.#group.start(new HouseService(indexer, mainChain(chains, config), chains));
      registerIndexerMetrics(this.#metrics.registry, () => indexer.status());
      await this.#deployConfigured(indexer);
    }

    if (roles.has('agents')) {
      const agents = new AgentsService({
        ...{ config, database, logger },
        // The gateway starts after it.
        supergraph: roles.has('gateway') ? () => this.#gateway?.executor : undefined,
      });
      await this.#group.start(agents);
      registerAgentMetrics(this.#metrics.registry, agents);
    }

    if (roles.has('prover')) {
      const chains = await registerChains(database.database.pool, config);
      await this.#group.start(
        new ProverService({ config, database, logger, chainId: mainChain(chains, config).chainId }),
      );
    }

    let services: ServicesService | undefined;
    if (roles.has('services')) {
      services = new ServicesService({ config, database, publicUrl: this.#publicUrl, version, logger });
      await this.#group.start(services);
    }
    const routes: Route[] = [this.#operations()];
    if (roles.has('gateway')) {
      const gateway = new GatewayService({
        config,
        database,
        services,
        authenticate: services ? undefined : await this.#remoteIdentity(database),
        metrics: this.#metrics,
        publicUrl: this.#publicUrl,
        version,
        logger,
      });
      await this.#group.start(gateway);
      this.#gateway = gateway;
      gateway.attach(this.#http.server);
      routes.push(
        mount(gateway.gateway.path, gateway.gateway.listener),
        gateway.operations,
        (request, response) => gateway.mcp.handle(request, response),
        (request, response) => gateway.a2a.handle(request, response),
        (request, response) => gateway.subgraphEndpoint(request, response),
        this.#statusApi(database.database.pool, ['/index-node/graphql']),
        webApp(),
      );
    } else if (services) {
      const secret = config.forwardSecret ?? (await sharedSecret(database.database.pool, forwardSecretName));
      const listener = createSubgraphListener({
        subgraphs: services.subgraphs,
        forwardingSecret: secret,
        logger,
      });
      routes.push((request, response) => {
        listener(request, response);
        return true;
      });
    }
    this.#http.routes = routes;
    if (roles.has('gateway') && config.statusPort !== undefined) {
      this.#statusHttp = new HttpServer({ host: config.host, port: config.statusPort, logger });
      await this.#statusHttp.listen();
      this.#statusHttp.routes = [this.#statusApi(database.database.pool, ['/graphql'])];
    }
    if (this.#plan.locks.length > 0)
      noteRunning(this.#folder, { url: this.#url, databaseUrl: database.database.url });
    this.#ready = true;
    logger.info({ url: this.#url }, 'ready');
  }

  /** graph-node's status API. */
  #statusApi(pool: pg.Pool, paths: readonly string[]): Route {
    return createStatusEndpoint({
      pool,
      paths,
      version: { version, commit: '' },
      chains: createChainReader(pool, new ChainHeads(pool)),
      maxBodyBytes: this.#config.limits.maxBodyBytes,
      onError: (error) => this.#logger.error({ err: error }, 'a query of the status API failed'),
    });
  }

  async stop(): Promise<void> {
    this.#ready = false;
    // Sockets first: no request may meet a service that is gone.
    await this.#gateway?.closeSockets().catch(() => {});
    await this.#statusHttp?.close();
    await this.#http.close();
    await this.#group.stop();
    if (this.#plan.locks.length > 0) forgetRunning(this.#folder);
  }

  announcement(milliseconds: number): string {
    const url = this.#url;
    const lines = this.#plan.roles.has('gateway')
      ? [
          ['endpoint', `${url}/graphql`, 'HTTP, SSE, WebSocket'],
          ['GraphiQL', `${url}/graphiql`, ''],
          ['agents', `${url}/mcp`, 'as tools (MCP)'],
          ['web app', `${url}/`, ''],
          ['operations', `${url}/health`, '/ready /metrics'],
        ]
      : [
          [
            this.#plan.roles.has('services') ? 'services' : 'operations',
            `${url}${this.#plan.roles.has('services') ? '' : '/health'}`,
            '',
          ],
        ];
    return [
      `\n  ready in ${bold(seconds(milliseconds))}\n`,
      ...lines.map(
        ([name = '', address = '', note = '']) => `  ${name.padEnd(12)}${cyan(address)}  ${dim(note)}`,
      ),
      '',
      dim('  Ctrl-C stops everything; data is kept.'),
    ].join('\n');
  }

  get #url(): string {
    const host = this.#config.host === '0.0.0.0' ? '127.0.0.1' : this.#config.host;
    return `http://${host}:${this.#http.port}`;
  }

  get #publicUrl(): string {
    const port = this.#plan.roles.has('gateway') ? this.#http.port : this.#config.port;
    return this.#config.publicUrl ?? `http://${this.#config.host}:${port}`;
  }

  #operations(): Route {
    const facts = { version, roles: [...this.#plan.roles] };
    const health = healthRoutes(
      () => healthReport(this.#group, facts),
      async () => ({ ready: this.#ready }),
    );
    return async (request, response) =>
      (await health(request, response)) || this.#metrics.route(request, response);
  }

  async #startDevnet(database: DatabaseService, logger: Logger): Promise<void> {
    const devnet = createDevnet(this.#folder.file('devnet'), this.#config.demo);
    devnet.onUnexpectedExit = (reason) => this.#break(reason);
    await this.#group.start(devnet);
    const contracts = new ContractsService(devnet, database);
    await this.#group.start(contracts);
    if (this.#config.demo) await this.#group.start(new DemoService(devnet, contracts, database, logger));
  }

  async #deployConfigured(indexer: IndexerService): Promise<void> {
    for (const { name, folder, chain } of this.#config.subgraphs) {
      await this.#group.start({
        name: `subgraph ${name}`,
        start: async (report) => {
          const { id } = await indexer.deploy({ folder, name, source: chain });
          report(id);
        },
        stop: async () => {},
      });
    }
  }

  /** A gateway whose services are elsewhere still knows who is asking: tokens are checked against the shared database. */
  async #remoteIdentity(database: DatabaseService) {
    const { pool, bus } = database.database;
    const chain = mainChain(await registerChains(pool, this.#config), this.#config);
    const identity = await createIdentitySubgraph({
      pool,
      bus,
      publicUrl: this.#publicUrl,
      chainId: chain.chainId,
      dagChainId: this.#config.chains.aios?.chainId,
    });
    return identity.authenticate;
  }
}
