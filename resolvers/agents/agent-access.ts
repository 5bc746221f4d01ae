// Who may do what with an agent, asked of the chain each time: the holder of the licence, and roles of the network it was deployed in.
import { id as keccakOfText } from 'ethers';
import type { Deployment } from '#node/agents/runs/deployment-store.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { Viewer } from '#node/platform/operation.ts';
import type { ActionRunner } from '../actions/action-runner.ts';
import { integer } from '../networks/network-actions.ts';

export interface WantedPlace {
  readonly networkId: string;
  /** `networkId-environmentId` or the bare number. */
  readonly environmentId?: string | null;
  readonly licenceId: string;
}

type Where = Pick<Deployment, 'network' | 'licenceId'>;

export class AgentAccess {
  readonly #runner: ActionRunner;

  constructor(runner: ActionRunner) {
    this.#runner = runner;
  }

  /**
   * Checks that the viewer may deploy there: a first deployment needs the licence and a place in the network; later versions may also come
   * from those who operate the network.
   * @returns where it goes, with the agent of the licence
   * @throws AiosError NOT_AUTHORISED, UNKNOWN_ENVIRONMENT, or ERC721_NONEXISTENT_TOKEN when there is no such licence or network
   */
  async requireDeployer(viewer: Viewer, wanted: WantedPlace, deployed: boolean) {
    const { networkId, licenceId } = wanted;
    const licence = integer(licenceId, 'licenceId');
    const network = integer(networkId, 'networkId');
    const prefix = `${networkId}-`;
    const bare = wanted.environmentId?.startsWith(prefix)
      ? wanted.environmentId.slice(prefix.length)
      : wanted.environmentId;
    await this.#runner.read<string>('networkRegistry', 'ownerOf', [network]);
    const agentId = await this.#runner.read<bigint>('aiNft', 'agentOf', [licence]);
    if (bare) {
      const found = await this.#runner.read<{ readonly exists: boolean }>(
        'networkRegistry',
        'environmentOf',
        [network, integer(bare, 'environmentId')],
      );
      if (!found.exists)
        throw new AiosError(
          'UNKNOWN_ENVIRONMENT',
          `Environment ${bare} of network ${networkId} is not there, or was removed. Choose another.`,
        );
    }
    const where = { network: networkId, licenceId };
    const allowed = deployed
      ? await this.mayOperate(viewer, where)
      : (await this.#holds(viewer, licenceId)) &&
        (await this.#hasRole(viewer, networkId, ['OPERATOR', 'MEMBER']));
    if (!allowed) {
      throw new AiosError(
        'NOT_AUTHORISED',
        deployed
          ? `Only the holder of licence ${licenceId} and the admins and operators of network ${networkId} may deploy a version here. Link the address that is one.`
          : `To deploy an agent in network ${networkId}, an address of your account must hold licence ${licenceId} and be the network's owner, ADMIN, OPERATOR or MEMBER. Buy the licence (while it is listed the marketplace holds it), or ask for the role.`,
      );
    }
    return {
      network: networkId,
      environment: bare ? `${networkId}-${bare}` : '',
      agentId: String(agentId),
      licenceId,
    };
  }

  /** The holder of the licence, and the owner, admins and operators of the network. */
  async mayOperate(viewer: Viewer | null, where: Where): Promise<boolean> {
    if (!viewer) return false;
    const [holds, operates] = await Promise.all([
      this.#holds(viewer, where.licenceId),
      this.#hasRole(viewer, where.network, ['OPERATOR']),
    ]);
    return holds || operates;
  }

  /** Those of the deployments that the viewer may operate; each network and licence is asked for once. */
  async operatedOf<Place extends Where>(viewer: Viewer, places: readonly Place[]): Promise<readonly Place[]> {
    const once = (load: (id: string) => Promise<boolean>) => {
      const known = new Map<string, Promise<boolean>>();
      return (id: string) => {
        const answer = known.get(id) ?? load(id);
        known.set(id, answer);
        return answer;
      };
    };
    const operates = once((network) => this.#hasRole(viewer, network, ['OPERATOR']));
    // A licence that is no more has no holder.
    const holds = once((licence) => this.#holds(viewer, licence).catch(gone));
    const allowed = await Promise.all(
      places.map(async ({ network, licenceId }) => (await operates(network)) || holds(licenceId)),
    );
    return places.filter((_, index) => allowed[index]);
  }

  /** Whoever operates it, and auditors of the network. */
  async mayLook(viewer: Viewer | null, where: Where): Promise<boolean> {
    if (!viewer) return false;
    return (await this.mayOperate(viewer, where)) || this.#hasRole(viewer, where.network, ['AUDITOR']);
  }

  /** Anybody with a role in the network. */
  async mayFollow(viewer: Viewer | null, network: string): Promise<boolean> {
    return viewer !== null && this.#hasRole(viewer, network, ['OPERATOR', 'MEMBER', 'AUDITOR']);
  }

  /** @throws AiosError NOT_AUTHORISED */
  async requireOperator(viewer: Viewer, deployment: Deployment): Promise<void> {
    if (await this.mayOperate(viewer, deployment)) return;
    throw new AiosError(
      'NOT_AUTHORISED',
      `Only the holder of licence ${deployment.licenceId} and the owner, admins and operators of network ${deployment.network} may do this, and no address of your account is one. Link the address, or ask for the role OPERATOR.`,
    );
  }

  async #holds(viewer: Viewer, licenceId: string): Promise<boolean> {
    const owner = await this.#runner.read<string>('aiNft', 'ownerOf', [integer(licenceId, 'licenceId')]);
    return this.#runner.addressesOf(viewer).includes(owner.toLowerCase());
  }

  /** Whether an address of the viewer owns the network, is ADMIN, or has one of the roles. */
  async #hasRole(viewer: Viewer, networkId: string, roles: readonly string[]): Promise<boolean> {
    const network = integer(networkId, 'networkId');
    const answers = await Promise.all(
      this.#runner
        .addressesOf(viewer)
        .flatMap((address) => [
          this.#runner.read<boolean>('networkRegistry', 'isAdmin', [network, address]),
          ...roles.map((role) =>
            this.#runner.read<boolean>('networkRegistry', 'hasRole', [network, keccakOfText(role), address]),
          ),
        ]),
    );
    return answers.some(Boolean);
  }
}

function gone(error: unknown): false {
  if (error instanceof AiosError && error.code === 'ERC721_NONEXISTENT_TOKEN') return false;
  throw error;
}
