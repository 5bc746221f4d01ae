// The demo's script: an endless, deterministic list of what its businesses do. It knows no chain: where an action needs an id that the
// chain gives out, it says how to recognise it (a Reference), and the runner looks it up.
import { id as keccakOfText } from 'ethers';
import type { Addresses } from '#contracts/deployment-plan.ts';
import {
  type AgentPlan,
  agents as agentPlans,
  businesses,
  communityNames,
  environmentNames,
  furtherAgent,
  furtherNetwork,
  type NetworkPlan,
  networks as networkPlans,
} from './catalog.ts';
import { agentDocument, contentId, type DemoDocument, networkDocument } from './documents.ts';
import { SeededRandom } from './random.ts';

/** The bank that funds the businesses; the businesses follow it. Actors are numbered from 0. */
export const bankActor = 0;
export const actorCount = 1 + businesses.length;

/** The `occurrence`-th thing on chain (from 0) that fits a description; see bindings.ts for the descriptions. */
export interface Reference {
  readonly what: 'network' | 'community' | 'environment' | 'agent' | 'licence' | 'listing';
  readonly of: readonly Argument[];
  readonly occurrence: number;
}

/** Contracts that the businesses use. */
export type DemoContract = Exclude<keyof Addresses, 'modelRegistry' | 'proofRegistry' | 'runAnchor'>;

/** An actor's address, a contract's address. */
export type Party = { readonly actor: number } | { readonly contract: DemoContract };

export type Argument = string | number | bigint | boolean | Reference | Party;

/** One transaction of one actor. An actor's n-th step has nonce n: that is how a run finds where the last one stopped. */
export interface Step {
  readonly actor: number;
  readonly contract: DemoContract;
  readonly method: string;
  readonly args: readonly Argument[];
  /** What the step reads or changes: two steps that share a key never go into one block. */
  readonly keys: readonly string[];
}

export interface ScriptOptions {
  readonly seed?: number;
  /** Steps over which the catalogue's networks and agents appear. */
  readonly backfill: number;
  /** Told of every document a step names, again whenever the script is read again. The catalogue ends, the script does not. */
  readonly onDocument?: (cid: string, document: DemoDocument) => void;
}

const oneAios = 10n ** 18n;
/** What the bank gives a business to begin with, and again when its purse is low. */
const grant = 400_000;
const lowPurse = 60_000;

interface DemoNetwork {
  readonly plan: NetworkPlan;
  readonly reference: Reference;
  readonly key: string;
  readonly founder: number;
  isPublic: boolean;
  version: number;
  readonly communities: { readonly reference: Reference; environments: number }[];
  readonly communityCounts: Map<string, number>;
  readonly environments: { readonly reference: Reference; readonly community: number | undefined }[];
  readonly environmentCounts: Map<string, number>;
  readonly roles: { readonly role: string; readonly actor: number }[];
}

interface DemoAgent {
  readonly plan: AgentPlan;
  readonly reference: Reference;
  readonly key: string;
  readonly maker: number;
  version: number;
  active: boolean;
  licences: number;
}

interface DemoLicence {
  readonly agent: DemoAgent;
  readonly reference: Reference;
  readonly key: string;
  owner: number;
  listing: { readonly reference: Reference; readonly price: number } | undefined;
  readonly offers: Map<string, number>;
}

type Act =
  | 'createNetwork'
  | 'updateNetwork'
  | 'addCommunity'
  | 'removeCommunity'
  | 'addEnvironment'
  | 'removeEnvironment'
  | 'grantRole'
  | 'revokeRole'
  | 'registerAgent'
  | 'updateAgent'
  | 'toggleAgent'
  | 'mint'
  | 'list'
  | 'cancel'
  | 'buy'
  | 'burn'
  | 'delegate';

/** While networks and agents appear on schedule, the rest is drawn with these weights. */
const weights: Readonly<Record<Act, number>> = {
  createNetwork: 0.6,
  updateNetwork: 2,
  addCommunity: 10,
  removeCommunity: 0.7,
  addEnvironment: 12,
  removeEnvironment: 1.5,
  grantRole: 18,
  revokeRole: 3,
  registerAgent: 0.8,
  updateAgent: 2,
  toggleAgent: 0.8,
  mint: 14,
  list: 19,
  cancel: 2.5,
  buy: 17,
  burn: 0.4,
  delegate: 1,
};

/** Every step from the first on; the same for the same options, however often and from wherever it is read. */
export function* demoScript(options: ScriptOptions): Generator<Step, never> {
  const random = new SeededRandom(options.seed ?? 20260401);
  const everybody = Array.from({ length: businesses.length }, (_, index) => index + 1);
  const networks: DemoNetwork[] = [];
  const agents: DemoAgent[] = [];
  const licences: DemoLicence[] = [];
  const purse = new Map<number, number>();
  let minted = 0;
  const idOf = (document: DemoDocument): string => {
    const cid = contentId(document);
    options.onDocument?.(cid, document);
    return cid;
  };

  // Purses and approvals first; without them nobody can trade.
  let count = 0;
  for (const actor of everybody) {
    yield fund(actor);
    yield {
      actor,
      contract: 'aiosToken',
      method: 'approve',
      args: [{ contract: 'marketplace' }, (1n << 256n) - 1n],
      keys: [`allowance:${actor}`],
    };
    yield {
      actor,
      contract: 'aiNft',
      method: 'setApprovalForAll',
      args: [{ contract: 'marketplace' }, true],
      keys: [`approval:${actor}`],
    };
    count += 3;
  }

  const scheduled = Math.max(1, (options.backfill - count) * 0.9);
  const begun = count;
  for (;;) {
    const poor = everybody.find((actor) => (purse.get(actor) ?? 0) < lowPurse);
    const step = poor === undefined ? nextStep() : fund(poor);
    if (!step) continue;
    count += 1;
    yield step;
  }

  function nextStep(): Step | undefined {
    const progress = Math.min(1, (count - begun + 1) / scheduled);
    if (networks.length < Math.ceil(networkPlans.length * progress)) return act('createNetwork');
    if (agents.length < Math.ceil(agentPlans.length * progress)) return act('registerAgent');
    return act(random.weighted(weights));
  }

  function fund(actor: number): Step {
    purse.set(actor, (purse.get(actor) ?? 0) + grant);
    return {
      actor: bankActor,
      contract: 'aiosToken',
      method: 'transfer',
      args: [{ actor }, BigInt(grant) * oneAios],
      keys: [`purse:${actor}`],
    };
  }

  function act(what: Act): Step | undefined {
    switch (what) {
      case 'createNetwork':
        return createNetwork();
      case 'updateNetwork':
        return updateNetwork();
      case 'addCommunity':
        return addCommunity();
      case 'removeCommunity':
        return removeCommunity();
      case 'addEnvironment':
        return addEnvironment();
      case 'removeEnvironment':
        return removeEnvironment();
      case 'grantRole':
        return grantRole();
      case 'revokeRole':
        return revokeRole();
      case 'registerAgent':
        return registerAgent();
      case 'updateAgent':
        return updateAgent();
      case 'toggleAgent':
        return toggleAgent();
      case 'mint':
        return mint();
      case 'list':
        return list();
      case 'cancel':
        return cancel();
      case 'buy':
        return buy();
      case 'burn':
        return burn();
      case 'delegate':
        return delegate();
    }
  }

  function createNetwork(): Step {
    const plan = networkPlans[networks.length] ?? furtherNetwork(networks.length - networkPlans.length);
    const founder = plan.founder + 1;
    const key = `network:${networks.length}`;
    networks.push({
      plan,
      reference: { what: 'network', of: [{ actor: founder }, plan.name], occurrence: 0 },
      key,
      founder,
      isPublic: plan.isPublic,
      version: 1,
      communities: [],
      communityCounts: new Map(),
      environments: [],
      environmentCounts: new Map(),
      roles: [],
    });
    return {
      actor: founder,
      contract: 'networkRegistry',
      method: 'createNetwork',
      args: [plan.name, `ipfs://${idOf(networkDocument(plan))}`, plan.isPublic],
      keys: [key],
    };
  }

  function updateNetwork(): Step | undefined {
    const network = random.pick(networks);
    if (!network) return undefined;
    if (random.chance(0.2)) network.isPublic = !network.isPublic;
    network.version = network.version === 1 ? 2 : 1;
    return onNetwork(network, 'updateNetwork', [
      network.plan.name,
      `ipfs://${idOf(networkDocument(network.plan, network.version))}`,
      network.isPublic,
    ]);
  }

  function addCommunity(): Step | undefined {
    const network = random.pick(networks.filter(({ communities }) => communities.length < 6));
    const name = random.pick(communityNames);
    if (!network || !name) return undefined;
    const occurrence = network.communityCounts.get(name) ?? 0;
    if (occurrence > 0 && random.chance(0.8)) return undefined;
    network.communityCounts.set(name, occurrence + 1);
    network.communities.push({
      reference: { what: 'community', of: [network.reference, name], occurrence },
      environments: 0,
    });
    return onNetwork(network, 'addCommunity', [name]);
  }

  function removeCommunity(): Step | undefined {
    const network = random.pick(networks.filter(({ communities }) => communities.length > 3));
    const last = network?.communities[network.communities.length - 1];
    if (!network || !last || last.environments > 0) return undefined;
    network.communities.pop();
    return onNetwork(network, 'removeCommunity', [last.reference]);
  }

  function addEnvironment(): Step | undefined {
    const network = random.pick(networks.filter(({ environments }) => environments.length < 8));
    const name = random.pick(environmentNames);
    if (!network || !name) return undefined;
    const inCommunity = network.communities.length > 0 && random.chance(0.6);
    const community = inCommunity ? random.integer(0, network.communities.length - 1) : undefined;
    const serves = community === undefined ? undefined : network.communities[community];
    if (serves) serves.environments += 1;
    const occurrence = network.environmentCounts.get(name) ?? 0;
    network.environmentCounts.set(name, occurrence + 1);
    network.environments.push({
      reference: { what: 'environment', of: [network.reference, name], occurrence },
      community,
    });
    return onNetwork(network, 'addEnvironment', [serves?.reference ?? 0n, name], 'OPERATOR');
  }

  function removeEnvironment(): Step | undefined {
    const network = random.pick(networks.filter(({ environments }) => environments.length > 2));
    const environment = network?.environments.pop();
    if (!network || !environment) return undefined;
    const serves =
      environment.community === undefined ? undefined : network.communities[environment.community];
    if (serves) serves.environments -= 1;
    return onNetwork(network, 'removeEnvironment', [environment.reference], 'OPERATOR');
  }

  function grantRole(): Step | undefined {
    const network = random.pick(networks);
    const actor = random.pick(everybody);
    const role = random.weighted({ ADMIN: 1, OPERATOR: 2, MEMBER: 6, AUDITOR: 1 });
    if (!network || actor === undefined || actor === network.founder) return undefined;
    if (network.roles.some((held) => held.role === role && held.actor === actor)) return undefined;
    network.roles.push({ role, actor });
    // The new holder does not yet act in the step that makes him one.
    return onNetwork(network, 'grantRole', [keccakOfText(role), { actor }], undefined, actor);
  }

  function revokeRole(): Step | undefined {
    const network = random.pick(networks.filter(({ roles }) => roles.length > 1));
    if (!network) return undefined;
    const [held] = network.roles.splice(random.integer(0, network.roles.length - 1), 1);
    if (!held) return undefined;
    return onNetwork(
      network,
      'revokeRole',
      [keccakOfText(held.role), { actor: held.actor }],
      undefined,
      held.actor,
    );
  }

  /** An action in a network by its founder or somebody with the role for it. */
  function onNetwork(
    network: DemoNetwork,
    method: string,
    args: readonly Argument[],
    role?: 'OPERATOR',
    except?: number,
  ): Step {
    const holders = network.roles
      .filter((held) => (held.role === 'ADMIN' || held.role === role) && held.actor !== except)
      .map(({ actor }) => actor);
    const helper = random.chance(0.4) ? random.pick(holders) : undefined;
    return {
      actor: helper ?? network.founder,
      contract: 'networkRegistry',
      method,
      args: [network.reference, ...args],
      keys: [network.key],
    };
  }

  function registerAgent(): Step {
    const plan = agentPlans[agents.length] ?? furtherAgent(agents.length - agentPlans.length);
    const maker = plan.maker + 1;
    const key = `agent:${agents.length}`;
    const cid = idOf(agentDocument(plan));
    agents.push({
      plan,
      reference: { what: 'agent', of: [{ actor: maker }, cid], occurrence: 0 },
      key,
      maker,
      version: 1,
      active: true,
      licences: 0,
    });
    return { actor: maker, contract: 'agentRegistry', method: 'registerAgent', args: [cid], keys: [key] };
  }

  function updateAgent(): Step | undefined {
    const agent = random.pick(agents);
    if (!agent) return undefined;
    agent.version = agent.version === 1 ? 2 : 1;
    return onAgent(agent, 'updateAgent', idOf(agentDocument(agent.plan, agent.version)));
  }

  function toggleAgent(): Step | undefined {
    const idle = agents.filter(({ active }) => !active);
    const agent = random.pick(idle.length > 2 ? idle : agents);
    if (!agent) return undefined;
    agent.active = !agent.active;
    return onAgent(agent, agent.active ? 'reactivateAgent' : 'deactivateAgent');
  }

  function onAgent(agent: DemoAgent, method: string, ...args: Argument[]): Step {
    return {
      actor: agent.maker,
      contract: 'agentRegistry',
      method,
      args: [agent.reference, ...args],
      keys: [agent.key],
    };
  }

  function mint(): Step | undefined {
    const agent = random.pick(agents.filter(({ active }) => active));
    if (!agent) return undefined;
    // Mostly to the maker, who sells it; now and then straight to a partner.
    const owner = random.chance(0.8) ? agent.maker : (random.pick(everybody) ?? agent.maker);
    const key = `licence:${minted++}`;
    licences.push({
      agent,
      reference: { what: 'licence', of: [agent.reference], occurrence: agent.licences },
      key,
      owner,
      listing: undefined,
      offers: new Map(),
    });
    agent.licences += 1;
    return {
      actor: agent.maker,
      contract: 'aiNft',
      method: 'mint',
      args: [agent.reference, { actor: owner }, agent.plan.royaltyBps],
      keys: [agent.key, key],
    };
  }

  function list(): Step | undefined {
    const licence = random.pick(licences.filter(({ listing }) => !listing));
    if (!licence) return undefined;
    const base = licence.agent.plan.price;
    const resale = licence.owner !== licence.agent.maker;
    const price = Math.max(
      10,
      Math.round((base * (resale ? random.integer(85, 140) : random.integer(90, 115))) / 500) * 5,
    );
    const offer = `${licence.owner}:${price}`;
    const occurrence = licence.offers.get(offer) ?? 0;
    licence.offers.set(offer, occurrence + 1);
    const amount = BigInt(price) * oneAios;
    licence.listing = {
      reference: { what: 'listing', of: [{ actor: licence.owner }, licence.reference, amount], occurrence },
      price,
    };
    return {
      actor: licence.owner,
      contract: 'marketplace',
      method: 'list',
      args: [{ contract: 'aiNft' }, licence.reference, 1n, amount],
      keys: [licence.key, `approval:${licence.owner}`],
    };
  }

  function cancel(): Step | undefined {
    const licence = random.pick(licences.filter(({ listing }) => listing));
    if (!licence?.listing) return undefined;
    const { reference } = licence.listing;
    licence.listing = undefined;
    return {
      actor: licence.owner,
      contract: 'marketplace',
      method: 'cancel',
      args: [reference],
      keys: [licence.key],
    };
  }

  function buy(): Step | undefined {
    const licence = random.pick(licences.filter(({ listing }) => listing));
    const buyer = random.pick(everybody);
    if (!licence?.listing || buyer === undefined || buyer === licence.owner) return undefined;
    const { reference, price } = licence.listing;
    const seller = licence.owner;
    purse.set(buyer, (purse.get(buyer) ?? 0) - price);
    // Less than a seller ever receives, so that the model's purse is never fuller than the real one.
    purse.set(seller, (purse.get(seller) ?? 0) + Math.floor(price * 0.75));
    licence.owner = buyer;
    licence.listing = undefined;
    return {
      actor: buyer,
      contract: 'marketplace',
      method: 'buy',
      args: [reference, BigInt(price) * oneAios],
      keys: [licence.key, `allowance:${buyer}`, `purse:${buyer}`, `purse:${seller}`],
    };
  }

  function burn(): Step | undefined {
    const index = licences.findIndex(({ owner, listing, agent }) => !listing && owner !== agent.maker);
    const [licence] = index < 0 ? [] : licences.splice(index, 1);
    if (!licence) return undefined;
    return {
      actor: licence.owner,
      contract: 'aiNft',
      method: 'burn',
      args: [licence.reference],
      keys: [licence.key],
    };
  }

  function delegate(): Step | undefined {
    const actor = random.pick(everybody);
    const to = random.pick(everybody);
    if (actor === undefined || to === undefined) return undefined;
    return {
      actor,
      contract: 'aiosToken',
      method: 'delegate',
      args: [{ actor: to }],
      keys: [`purse:${actor}`],
    };
  }
}
