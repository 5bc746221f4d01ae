// What tests of agents in the product do over and over: somebody buys a licence, has a network, and deploys code under it.
import { mutations, type SignedIn, signInWithDid } from './client.ts';

export interface AgentsPlace {
  readonly url: string;
  /** Listed the agents. */
  readonly seller: SignedIn;
  /** Bought the licences and owns the network. */
  readonly owner: SignedIn;
  readonly networkId: string;
  /** Sends a mutation of one `input`. */
  readonly mutate: ReturnType<typeof mutations>;
  /** Buys the licence of another agent. @returns its id */
  licence(): Promise<string>;
  /** Deploys JavaScript under a licence of its own. @returns the deployment's id */
  deploy(code: string, manifest?: object): Promise<string>;
}

const metadataCID = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';

export async function prepareAgents(url: string): Promise<AgentsPlace> {
  const seller = await signInWithDid(url, 1);
  const owner = await signInWithDid(url, 2);
  const mutate = mutations(() => url);
  const accepted: typeof mutate = async (who, name, ...rest) => {
    const payload = await mutate(who, name, ...rest);
    if (payload.error) throw new Error(`${name} was refused: ${payload.error.message}`);
    return payload;
  };
  const { network } = await accepted(owner, 'createNetwork', 'CreateNetworkInput', 'network { id }', {
    name: 'Agents',
    isPublic: true,
  });
  const licence = async () => {
    const { listing } = await accepted(
      seller,
      'listAgent',
      'ListAgentInput',
      'listing { id licence { id } }',
      { metadataCID, price: '1000' },
    );
    await accepted(owner, 'buyAgent', 'BuyAgentInput', 'sale { id }', { listingId: listing.id });
    return listing.licence.id as string;
  };
  return {
    ...{ url, seller, owner, mutate, licence },
    networkId: network.id,
    async deploy(code, manifest = {}) {
      const agent = {
        name: 'agent',
        version: '1.0.0',
        language: 'javascript',
        entry: 'agent.ts',
        ...manifest,
      };
      const { deployment } = await accepted(owner, 'deployAgent', 'DeployAgentInput', 'deployment { id }', {
        networkId: network.id,
        licenceId: await licence(),
        files: [
          { path: 'agent.json', text: JSON.stringify(agent) },
          { path: 'agent.ts', text: code },
        ],
      });
      return deployment.id as string;
    },
  };
}
