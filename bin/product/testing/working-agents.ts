// Somebody who may deploy agents: a network of his own and a licence that he bought, made by mutations alone; and what he does with them.
import { dataOf, type SignedIn, signInWithDid } from './client.ts';
import { eventually } from './product.ts';

/** A document's content identifier; which one does not matter here. */
const metadataCID = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';

export interface RunState {
  readonly id: string;
  readonly status: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is what the tests look at.
  readonly [field: string]: any;
}

/** The base address changes when a product is started again. */
export class WorkingAgents {
  creator: SignedIn;
  user: SignedIn;
  readonly agentId: string;
  readonly networkId: string;
  readonly #licenceId: string;
  readonly #url: () => string;

  private constructor(
    url: () => string,
    made: { creator: SignedIn; user: SignedIn; agentId: string; networkId: string; licenceId: string },
  ) {
    this.#url = url;
    this.creator = made.creator;
    this.user = made.user;
    this.agentId = made.agentId;
    this.networkId = made.networkId;
    this.#licenceId = made.licenceId;
  }

  static async create(url: () => string): Promise<WorkingAgents> {
    const creator = await signInWithDid(url(), 1);
    const user = await signInWithDid(url(), 2);
    const { listing } = await mutate(
      url(),
      creator,
      'listAgent',
      'ListAgentInput',
      'listing { id licence { id agent { id } } }',
      { metadataCID, price: '1000' },
    );
    await mutate(url(), user, 'buyAgent', 'BuyAgentInput', 'sale { id }', { listingId: listing.id });
    const { network } = await mutate(url(), user, 'createNetwork', 'CreateNetworkInput', 'network { id }', {
      name: 'Agents',
      isPublic: true,
    });
    const { id: licenceId, agent } = listing.licence;
    return new WorkingAgents(url, { creator, user, agentId: agent.id, networkId: network.id, licenceId });
  }

  /** Sessions are bound to the address that changed. */
  async signInAgain(): Promise<void> {
    this.creator = await signInWithDid(this.#url(), 1);
    this.user = await signInWithDid(this.#url(), 2);
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above.
  mutate(name: string, type: string, fields: string, input: object, who = this.user): Promise<any> {
    return mutate(this.#url(), who, name, type, fields, input);
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above.
  query(query: string, variables: Readonly<Record<string, unknown>>, who = this.user): Promise<any> {
    return dataOf(this.#url(), query, { variables, token: who.token });
  }

  /** Deploys and returns the deployment's id. @throws when it is refused */
  async deploy(files: readonly { readonly path: string; readonly text: string }[]): Promise<string> {
    const { networkId } = this;
    const { deployment, error } = await this.mutate('deployAgent', 'DeployAgentInput', 'deployment { id }', {
      networkId,
      licenceId: this.#licenceId,
      files,
    });
    if (error) throw new Error(`${error.code}: ${error.message}`);
    return deployment.id;
  }

  /** Starts a run and returns its id. @throws when it is refused */
  async start(deploymentId: string, input: unknown): Promise<string> {
    const { run, error } = await this.mutate('runAgent', 'RunAgentInput', 'run { id }', {
      deploymentId,
      input,
    });
    if (error) throw new Error(`${error.code}: ${error.message}`);
    return run.id;
  }

  /** The run once it is as wanted. */
  async until(
    id: string,
    fields: string,
    wanted: (run: RunState) => boolean,
    timeoutMs = 60_000,
  ): Promise<RunState> {
    let run: RunState | undefined;
    try {
      await eventually(
        async () => {
          run = (await this.query(`query ($id: ID!) { run(id: $id) { id status ${fields} } }`, { id })).run;
          return run !== undefined && wanted(run);
        },
        `run ${id} did not become what it should`,
        timeoutMs,
      );
    } catch (error) {
      throw new Error(`${(error as Error).message}: ${JSON.stringify(run)}`, { cause: error });
    }
    return run as RunState;
  }
}

const mutate = async (
  url: string,
  who: SignedIn,
  name: string,
  type: string,
  fields: string,
  input: object,
) =>
  (
    await dataOf(
      url,
      `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} error { code message } } }`,
      {
        variables: { input },
        token: who.token,
      },
    )
  )[name];
