// What can be done to a network on chain, as plans of transactions, and who may speak for a network.
import { id as keccakOfText } from 'ethers';
import { AiosError } from '#node/platform/errors.ts';
import type { Viewer } from '#node/platform/operation.ts';
import type { ActionRunner } from '../actions/action-runner.ts';
import type { Action } from '../actions/mutations.ts';

export class NetworkActions {
  readonly #runner: ActionRunner;

  constructor(runner: ActionRunner) {
    this.#runner = runner;
  }

  createNetwork(input: { name: string; metadataURI?: string | null; isPublic: boolean }): Action {
    return this.#single(
      'createNetwork',
      [input.name, input.metadataURI ?? '', input.isPublic],
      `Create the network "${input.name}"`,
      'NetworkCreated',
      ({ networkId }) => `${networkId}`,
    );
  }

  addCommunity(input: { networkId: string; name: string }): Action {
    return this.#single(
      'addCommunity',
      [integer(input.networkId, 'networkId'), input.name],
      `Add the community "${input.name}" to network ${input.networkId}`,
      'CommunityAdded',
      ({ networkId, communityId }) => `${networkId}-${communityId}`,
    );
  }

  /** `communityId` is the entity's id (`networkId-communityId`) or the bare number; absent: for the whole network. */
  addEnvironment(input: { networkId: string; communityId?: string | null; name: string }): Action {
    const { networkId, communityId } = input;
    const prefix = `${networkId}-`;
    const community = communityId?.startsWith(prefix) ? communityId.slice(prefix.length) : communityId;
    return this.#single(
      'addEnvironment',
      [integer(networkId, 'networkId'), integer(community ?? '0', 'communityId'), input.name],
      `Add the environment "${input.name}" to network ${networkId}`,
      'EnvironmentAdded',
      (event) => `${event.networkId}-${event.environmentId}`,
    );
  }

  grantRole(input: { networkId: string; role: string; account: string }): Action {
    return this.#single(
      'grantRole',
      [integer(input.networkId, 'networkId'), keccakOfText(input.role), address(input.account)],
      `Grant ${input.role} in network ${input.networkId} to ${input.account}`,
      'RoleGranted',
      ({ networkId, role, account }) => `${networkId}-${role}-${account}`.toLowerCase(),
    );
  }

  /** Whether the viewer owns the network or holds ADMIN in it, asked of the chain itself. */
  async mayEdit(viewer: Viewer | null, networkId: string, knownOwner?: string): Promise<boolean> {
    if (!viewer) return false;
    const addresses = this.#runner.addressesOf(viewer);
    if (knownOwner && addresses.includes(knownOwner.toLowerCase())) return true;
    const answers = await Promise.all(
      addresses.map((own) =>
        this.#runner.read<boolean>('networkRegistry', 'isAdmin', [integer(networkId, 'networkId'), own]),
      ),
    );
    return answers.some(Boolean);
  }

  /** @throws AiosError NOT_AUTHORISED, or ERC721_NONEXISTENT_TOKEN when there is no such network. */
  async requireEditor(viewer: Viewer, networkId: string): Promise<void> {
    await this.#runner.read<string>('networkRegistry', 'ownerOf', [integer(networkId, 'networkId')]);
    if (await this.mayEdit(viewer, networkId)) return;
    throw new AiosError(
      'NOT_AUTHORISED',
      `Only the owner of network ${networkId} and its admins can change its profile, and no address of your account is one. Link the owner's address, or ask for the role ADMIN.`,
    );
  }

  #single(
    method: string,
    args: readonly unknown[],
    summary: string,
    event: string,
    entity: (args: Readonly<Record<string, unknown>>) => string,
  ): Action {
    return {
      plan: async () => this.#runner.step('networkRegistry', method, args, summary),
      entityOf: (receipt) => entity(this.#runner.event(receipt, 'networkRegistry', event).args),
    };
  }
}

/** An id that is an unsigned integer of at most 256 bits. */
export function integer(text: string, field: string): bigint {
  if (/^\d{1,78}$/.test(text)) {
    const value = BigInt(text);
    if (value < 1n << 256n) return value;
  }
  throw new AiosError('BAD_USER_INPUT', `${field} is not an id: ${JSON.stringify(text.slice(0, 80))}.`);
}

function address(text: string): string {
  if (/^0x[0-9a-f]{40}$/i.test(text)) return text.toLowerCase();
  throw new AiosError('BAD_USER_INPUT', 'account is not an address of 20 bytes as 0x hex.');
}
