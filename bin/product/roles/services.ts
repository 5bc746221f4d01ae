// The role `services`: the service subgraphs in this process, for its own gateway or for one elsewhere.
import { JsonRpcProvider } from 'ethers';
import { DeploymentStore } from '#indexer/store/index.ts';
import { devnetAccount, devnetRoles, devnetUsers } from '#node/devnet/accounts.ts';
import type { Config } from '#node/platform/config/schema.ts';
import { namesTopic } from '#node/platform/events/change-feed.ts';
import type { Service } from '#node/platform/lifecycle/service-group.ts';
import type { Logger } from '#node/platform/log.ts';
import type { Subgraph } from '#node/platform/operation.ts';
import { createActionRunner, openDevnetAccounts } from '#resolvers/actions/index.ts';
import { createAgentsSubgraph } from '#resolvers/agents/index.ts';
import { createDocumentsSubgraph } from '#resolvers/documents/index.ts';
import { createIdentitySubgraph, type IdentitySubgraph } from '#resolvers/identity/index.ts';
import { createMarketSubgraph } from '#resolvers/market/index.ts';
import { createNetworksSubgraph } from '#resolvers/networks/index.ts';
import { createProvingSubgraph } from '#resolvers/proving/index.ts';
import { createStatusSubgraph } from '#resolvers/status/index.ts';
import { ChainHeads } from '../chain-heads.ts';
import { contractsOf, mainChain, registerChains } from '../chains.ts';
import type { DatabaseService } from '../database.ts';
import { DeployedSubgraphs } from '../deployed-subgraph.ts';
import { DeploymentStatuses } from '../deployment-statuses.ts';
import { waitForBlock } from '../wait-for-block.ts';

/** Milliseconds between looks at a transaction's receipt and at the pool of the devnet. */
const pollMs = 100;

/** Runs identity, documents, networks, market-service, agents, proving and status. */
export class ServicesService implements Service {
  readonly name = 'services';
  readonly #config: Config;
  readonly #database: DatabaseService;
  readonly #publicUrl: string;
  readonly #version: string;
  readonly #logger: Logger;
  #identity: IdentitySubgraph | undefined;
  #subgraphs: readonly Subgraph[] = [];
  #closers: (() => void | Promise<void>)[] = [];

  constructor(options: {
    config: Config;
    database: DatabaseService;
    publicUrl: string;
    version: string;
    logger: Logger;
  }) {
    this.#config = options.config;
    this.#database = options.database;
    this.#publicUrl = options.publicUrl;
    this.#version = options.version;
    this.#logger = options.logger;
  }

  get subgraphs(): readonly Subgraph[] {
    return this.#subgraphs;
  }

  get identity(): IdentitySubgraph {
    if (!this.#identity) throw new Error('the services have not been started');
    return this.#identity;
  }

  async start(report: (message: string) => void): Promise<void> {
    const { pool, bus } = this.#database.database;
    const chains = await registerChains(pool, this.#config);
    const chain = mainChain(chains, this.#config);
    const url = chain.rpcUrls.find((candidate) => candidate.startsWith('http')) ?? chain.rpcUrls[0];
    const provider = new JsonRpcProvider(url, chain.chainId, {
      staticNetwork: true,
      polling: true,
      pollingInterval: pollMs,
    });
    this.#closers.push(() => provider.destroy());

    const store = new DeploymentStore(pool);
    const deployed = new DeployedSubgraphs({ pool, store, bus });
    this.#closers.push(() => deployed.close());
    const aliases = {
      current: async (alias: string) => (await deployed.idOf(alias)) ?? null,
      onChange: (listener: () => void) => bus.onSignal(namesTopic, listener),
    };
    const published = chain.devnet ? publishedAccounts() : [];
    const devnet = chain.devnet ? await openDevnetAccounts(pool, published) : undefined;
    const runner = createActionRunner({
      provider,
      chainId: chain.chainId,
      contracts: contractsOf(chain),
      devnet,
      waitForBlock: waitForBlock(store, deployed, bus),
    });
    const identity = await createIdentitySubgraph({
      pool,
      bus,
      publicUrl: this.#publicUrl,
      chainId: chain.chainId,
      dagChainId: this.#config.chains.aios?.chainId,
      devnet,
      wallets: provider,
    });
    this.#identity = identity;
    this.#closers.push(() => identity.close());
    const documents = await createDocumentsSubgraph({ pool, bus });
    const networks = await createNetworksSubgraph({ pool, bus, aliases, runner, logger: this.#logger });
    this.#closers.push(() => networks.close());
    const market = createMarketSubgraph({ pool, bus, aliases, runner });
    const agents = await createAgentsSubgraph({ pool, bus, runner });
    const proving = await createProvingSubgraph({ pool, bus, runner, production: this.#config.production });
    const heads = new ChainHeads(pool);
    const status = createStatusSubgraph({
      chains: heads,
      deployments: new DeploymentStatuses(pool, store, heads),
      platform: {
        platform: () => ({
          version: this.#version,
          devnet: chain.devnet,
          chainId: chain.chainId,
          contracts: Object.entries(chain.contracts).map(([name, address]) => ({ name, address })),
          devnetAccounts: published.map(({ address, label }) => ({ address: address.toLowerCase(), label })),
        }),
      },
    });
    this.#subgraphs = [identity, documents, networks, market, agents, proving, status];
    report(this.#subgraphs.map((subgraph) => subgraph.name).join(', '));
  }

  async stop(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }
}

/** Accounts whose keys everybody knows. The owner holds the supply of a devnet without demo, so new users are funded from it at last. */
export function publishedAccounts(): { address: string; label: string }[] {
  const users = devnetUsers().map(({ index, address }) => ({ address, label: `Devnet account ${index}` }));
  return [...users, { address: devnetAccount(devnetRoles.owner).address, label: 'Devnet owner' }];
}
