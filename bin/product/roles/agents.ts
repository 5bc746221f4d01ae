// The role `agents`: runs what is due, in agent hosts that hold neither keys nor the database.
import { JsonRpcProvider } from 'ethers';
import type pg from 'pg';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { JobQueue } from '#circuits/prover/job-queue.ts';
import { DeploymentStore } from '#indexer/store/index.ts';
import { CapabilityBroker } from '#node/agents/capabilities/capability-broker.ts';
import type { OperationExecutor } from '#node/agents/capabilities/graphql.ts';
import { standardCapabilities } from '#node/agents/capabilities/standard-capabilities.ts';
import { supergraphOperations } from '#node/agents/capabilities/supergraph-operations.ts';
import { agentsMigrations, agentsSchema } from '#node/agents/runs/migrations.ts';
import { RunningAgents } from '#node/agents/runs/run-agents.ts';
import { createAgentRuntime, type StartedRuntime } from '#node/agents/runtime/agent-runtime.ts';
import type { Config } from '#node/platform/config/schema.ts';
import type { Service, ServiceHealth } from '#node/platform/lifecycle/service-group.ts';
import type { Logger } from '#node/platform/log.ts';
import type { SubgraphExecutor } from '#node/platform/operation.ts';
import { createPool } from '#node/platform/postgres/database.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { sharedSecret } from '#node/platform/settings.ts';
import { createActionRunner, openDevnetAccounts } from '#resolvers/actions/index.ts';
import { createRunAnchorer } from '#resolvers/agents/anchoring/index.ts';
import type { RunAnchorer } from '#resolvers/agents/anchoring/run-anchorer.ts';
import { RunProofs } from '#resolvers/agents/run-proofs.ts';
import { type TokenPaymentsOptions, tokenPayments } from '#resolvers/agents/token-payments.ts';
import { proofsAlias } from '#resolvers/proving/schema.ts';
import { createHttpExecutor } from '#schema/gateway/http-executor.ts';
import { type ChainConnections, chainConnections } from '../chain-rpc.ts';
import { contractsOf, mainChain, registerChains } from '../chains.ts';
import type { DatabaseService } from '../database.ts';
import { DeployedSubgraphs } from '../deployed-subgraph.ts';
import { forwardSecretName, operationsPath } from './gateway.ts';
import { publishedAccounts } from './services.ts';

/** What acts for agents on the embedded devnet. */
type DevnetActions = Pick<TokenPaymentsOptions, 'pool' | 'provider' | 'runner' | 'accounts'>;

export interface AgentsServiceOptions {
  readonly config: Config;
  readonly database: DatabaseService;
  readonly logger: Logger;
  /** The supergraph of this process, undefined until it stands; absent when another process has it. */
  readonly supergraph?: () => SubgraphExecutor | undefined;
}

export class AgentsService implements Service {
  readonly name = 'agents';
  readonly #options: AgentsServiceOptions;
  #runtime: StartedRuntime | undefined;
  #agents: RunningAgents | undefined;
  #pools: pg.Pool[] = [];
  #anchorer: RunAnchorer | undefined;
  #proofs: RunProofs | undefined;
  #deployed: DeployedSubgraphs | undefined;
  #provider: JsonRpcProvider | undefined;
  #chains: ChainConnections | undefined;
  /** Set by the metrics. */
  onRun: ((status: string, wallMs: number) => void) | undefined;
  onCall: ((capability: string, outcome: string) => void) | undefined;

  constructor(options: AgentsServiceOptions) {
    this.#options = options;
  }

  get status() {
    return this.#agents?.status ?? { running: 0, executed: 0, takenOver: 0, lost: 0 };
  }

  async start(report: (message: string) => void): Promise<void> {
    const { config, database, logger } = this.#options;
    const { bus, url } = database.database;
    await migrate(database.database.pool, agentsSchema, agentsMigrations);
    // Pools of their own: a thousand runs must not keep queries of users waiting, nor their own leases.
    const pool = createPool({ url, name: 'agents', max: 12, logger });
    const leasePool = createPool({ url, name: 'agents leases', max: 2, logger });
    this.#pools = [pool, leasePool];
    const deployed = new DeployedSubgraphs({ pool, store: new DeploymentStore(pool), bus });
    this.#deployed = deployed;
    // The host itself starts with the first run.
    const runtime = createAgentRuntime();
    this.#runtime = runtime;
    const { concurrency, leaseMs, retentionDays, privateHosts, mcpServers, llm } = config.agents;
    const devnet = await this.#openDevnet(pool);
    const execute = await this.#operations(pool, devnet);
    const chains = chainConnections(pool);
    this.#chains = chains;
    const proofs = new RunProofs({ pool, queue: await JobQueue.open(pool, bus), logger });
    const broker = new CapabilityBroker({
      capabilities: standardCapabilities({
        pool,
        http: { privateHosts },
        mcp: { privateHosts, servers: mcpServers },
        llm,
        pay: devnet && tokenPayments(devnet),
        graphql: execute,
        prove: proofs.request,
      }),
      logger,
      onCall: (capability, outcome) => this.onCall?.(capability, outcome),
    });
    const agents = new RunningAgents({
      ...{ pool, leasePool, bus, runtime, broker, logger, concurrency, leaseMs, retentionDays },
      feedOf: async (alias) => (await deployed.idOf(alias)) ?? null,
      chains: chains.rpc,
      execute,
      onEnd: (_run, end) =>
        this.onRun?.(
          end.kind === 'finished' ? end.status : end.kind,
          end.kind === 'finished' ? end.wallMs : 0,
        ),
    });
    agents.start();
    this.#agents = agents;
    proofs.start();
    this.#proofs = proofs;
    if (devnet) {
      this.#anchorer = createRunAnchorer({
        ...{ ...devnet, bus, logger },
        feed: async () => (await deployed.idOf(proofsAlias)) ?? null,
        most: config.agents.anchorBatch,
        afterMs: config.agents.anchorMs,
      });
      this.#anchorer.start();
    }
    report(`${concurrency} runs at a time`);
  }

  /** Where nothing is signed for users nothing is signed for their agents: what acts on the chain is there on the embedded devnet only. */
  async #openDevnet(pool: pg.Pool): Promise<DevnetActions | undefined> {
    const { config } = this.#options;
    const chains = await registerChains(pool, config);
    if (!chains.some(({ devnet }) => devnet)) return undefined;
    const chain = mainChain(chains, config);
    if (!chain.devnet) return undefined;
    const url = chain.rpcUrls.find((candidate) => candidate.startsWith('http')) ?? chain.rpcUrls[0];
    const provider = new JsonRpcProvider(url, chain.chainId, { staticNetwork: true });
    this.#provider = provider;
    const accounts = await openDevnetAccounts(pool, publishedAccounts());
    const runner = createActionRunner({
      provider,
      chainId: chain.chainId,
      contracts: contractsOf(chain),
      devnet: accounts,
      waitForBlock: async () => {},
    });
    return { pool, provider, runner, accounts };
  }

  /** Operations of agents go through the gateway: of this process, or of the one that the configuration names. */
  async #operations(pool: pg.Pool, devnet: DevnetActions | undefined): Promise<OperationExecutor> {
    const { config, supergraph } = this.#options;
    const base = config.gatewayUrl ?? config.publicUrl;
    let executor = supergraph;
    if (!executor && base) {
      const forwardingSecret = config.forwardSecret ?? (await sharedSecret(pool, forwardSecretName));
      const url = new URL(operationsPath, base).href;
      const remote = createHttpExecutor({ name: 'supergraph', url, forwardingSecret });
      executor = () => remote;
    }
    return supergraphOperations({
      executor: executor ?? (() => undefined),
      absent: executor
        ? 'The supergraph is not up yet: try again in a moment.'
        : 'This process knows no gateway. Let the operator set gatewayUrl (AIOS_GATEWAY_URL).',
      // As for users: an address of its own where the devnet signs for everybody, none elsewhere.
      accountsOf: async (did) =>
        devnet ? [`eip155:${devnet.runner.chainId}:${await devnet.accounts.addressFor(did)}`] : [],
    });
  }

  async stop(): Promise<void> {
    await this.#anchorer?.close();
    await this.#proofs?.close();
    await this.#agents?.close();
    await this.#runtime?.close();
    this.#deployed?.close();
    this.#provider?.destroy();
    this.#chains?.close();
    for (const pool of this.#pools.splice(0)) await pool.end();
  }

  health(): ServiceHealth {
    return { status: 'ok', details: { ...this.status, hostPid: this.#runtime?.hostPid ?? null } };
  }
}

/** Runs by their end, their time, calls by capability, and what is in hand. */
export function registerAgentMetrics(registry: Registry, agents: AgentsService): void {
  const registers = [registry];
  const runs = new Counter({
    name: 'aios_agent_runs_total',
    help: 'Runs that left a worker of this process',
    labelNames: ['end'],
    registers,
  });
  const seconds = new Histogram({
    name: 'aios_agent_run_seconds',
    help: 'Wall time of runs that ended',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
    registers,
  });
  const calls = new Counter({
    name: 'aios_agent_calls_total',
    help: 'Calls of agents',
    labelNames: ['capability', 'outcome'],
    registers,
  });
  agents.onRun = (end, wallMs) => {
    runs.inc({ end });
    if (wallMs > 0) seconds.observe(wallMs / 1_000);
  };
  agents.onCall = (capability, outcome) => calls.inc({ capability, outcome });
  new Gauge({
    name: 'aios_agent_runs_in_hand',
    help: 'Runs that this process executes now',
    registers,
    collect() {
      this.set(agents.status.running);
    },
  });
}
