// Which ids the chain gave to what the script made: read from the contracts' events, so that a run that starts anew knows them too,
// and so that other people's networks and listings in between do no harm.
import { Interface } from 'ethers';
import type { Addresses } from '#contracts/deployment-plan.ts';
import { agentRegistryAbi } from '#contracts/generated/agent-registry.ts';
import { aiNftAbi } from '#contracts/generated/ai-nft.ts';
import { marketplaceAbi } from '#contracts/generated/marketplace.ts';
import { networkRegistryAbi } from '#contracts/generated/network-registry.ts';
import type { DevnetRpc } from '../rpc.ts';
import type { DemoContract } from './script.ts';

interface RawLog {
  readonly address: string;
  readonly topics: string[];
  readonly data: string;
}

/** Events that give out ids, what they describe, and by what the script recognises it (in the order of a Reference's `of`). */
const described: readonly {
  readonly contract: DemoContract;
  readonly abi: readonly object[];
  readonly event: string;
  readonly what: string;
  readonly id: string;
  readonly by: readonly string[];
}[] = [
  {
    contract: 'networkRegistry',
    abi: networkRegistryAbi,
    event: 'NetworkCreated',
    what: 'network',
    id: 'networkId',
    by: ['creator', 'name'],
  },
  {
    contract: 'networkRegistry',
    abi: networkRegistryAbi,
    event: 'CommunityAdded',
    what: 'community',
    id: 'communityId',
    by: ['networkId', 'name'],
  },
  {
    contract: 'networkRegistry',
    abi: networkRegistryAbi,
    event: 'EnvironmentAdded',
    what: 'environment',
    id: 'environmentId',
    by: ['networkId', 'name'],
  },
  {
    contract: 'agentRegistry',
    abi: agentRegistryAbi,
    event: 'AgentRegistered',
    what: 'agent',
    id: 'agentId',
    by: ['creator', 'metadataCID'],
  },
  {
    contract: 'aiNft',
    abi: aiNftAbi,
    event: 'LicenceMinted',
    what: 'licence',
    id: 'tokenId',
    by: ['agentId'],
  },
  {
    contract: 'marketplace',
    abi: marketplaceAbi,
    event: 'Listed',
    what: 'listing',
    id: 'listingId',
    by: ['seller', 'tokenId', 'price'],
  },
];

/** Blocks asked for at once: an answer stays small on a chain of any age. */
const blocksAtOnce = 5_000;

export class Bindings {
  readonly #rpc: DevnetRpc;
  readonly #byTopic = new Map<
    string,
    { readonly iface: Interface; readonly address: string; readonly entry: (typeof described)[number] }
  >();
  readonly #ids = new Map<string, bigint[]>();
  readonly #contracts: readonly string[];
  #next = 0;

  constructor(rpc: DevnetRpc, addresses: Addresses) {
    this.#rpc = rpc;
    for (const entry of described) {
      const iface = new Interface(entry.abi as ConstructorParameters<typeof Interface>[0]);
      const topic = iface.getEvent(entry.event)?.topicHash;
      if (topic) this.#byTopic.set(topic, { iface, address: addresses[entry.contract].toLowerCase(), entry });
    }
    this.#contracts = [...new Set([...this.#byTopic.values()].map(({ address }) => address))];
  }

  /** Reads the events since the last call; `head` is the newest block. */
  async readTo(head: number): Promise<void> {
    while (this.#next <= head) {
      const to = Math.min(head, this.#next + blocksAtOnce - 1);
      const logs = await this.#rpc.call<RawLog[]>('eth_getLogs', {
        fromBlock: `0x${this.#next.toString(16)}`,
        toBlock: `0x${to.toString(16)}`,
        address: this.#contracts,
        topics: [[...this.#byTopic.keys()]],
      });
      for (const log of logs) this.#note(log);
      this.#next = to + 1;
    }
  }

  /** The id of the `occurrence`-th thing that fits, or undefined when the chain has no such thing (yet). */
  find(what: string, by: readonly unknown[], occurrence: number): bigint | undefined {
    return this.#ids.get(describe(what, by))?.[occurrence];
  }

  #note(log: RawLog): void {
    const found = this.#byTopic.get(log.topics[0] ?? '');
    if (!found || found.address !== log.address.toLowerCase()) return;
    const { iface, entry } = found;
    const args = iface.parseLog(log)?.args;
    if (!args) return;
    const key = describe(
      entry.what,
      entry.by.map((name) => args[name]),
    );
    const ids = this.#ids.get(key);
    if (ids) ids.push(args[entry.id] as bigint);
    else this.#ids.set(key, [args[entry.id] as bigint]);
  }
}

function describe(what: string, by: readonly unknown[]): string {
  return JSON.stringify([what, ...by.map((part) => String(part).toLowerCase())]);
}
