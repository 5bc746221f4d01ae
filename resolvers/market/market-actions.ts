// Listing and buying on the marketplace, as plans of transactions: what has to be approved or minted first is found on the chain.
import { concat, toBeArray } from 'ethers';
import { AiosError } from '#node/platform/errors.ts';
import type { ActionRunner, Plan, Receipt } from '../actions/action-runner.ts';
import type { Action } from '../actions/mutations.ts';
import { integer } from '../networks/network-actions.ts';

export interface ListInput {
  /** A licence to list; absent: one is minted. */
  readonly licenceId?: string | null;
  /** The agent to mint a licence of; absent: a new one is registered. */
  readonly agentId?: string | null;
  readonly metadataCID?: string | null;
  readonly royaltyBps?: number | null;
  /** AiOS, smallest unit. */
  readonly price: bigint;
}

export interface BuyInput {
  readonly listingId: string;
  /** Refuse to pay more; the price at the time of asking when absent. */
  readonly maxPrice?: bigint | null;
}

/** The lowest royalty the licence contract accepts, 5%. */
const defaultRoyaltyBps = 500;

export class MarketActions {
  readonly #runner: ActionRunner;

  constructor(runner: ActionRunner) {
    this.#runner = runner;
  }

  /** register → mint → approve → list, from wherever the input and the chain say it stands. */
  list(input: ListInput): Action {
    const runner = this.#runner;
    const { contracts } = runner;
    const plan: Plan = async (from, receipts) => {
      const tokenId = this.#licence(input, receipts);
      if (tokenId === undefined) {
        const agentId = this.#agent(input, receipts);
        if (agentId === undefined) {
          if (!input.metadataCID) {
            throw new AiosError(
              'BAD_USER_INPUT',
              'Give licenceId, agentId or metadataCID: what is to be listed?',
            );
          }
          return runner.step(
            'agentRegistry',
            'registerAgent',
            [input.metadataCID],
            'Register the agent',
            false,
          );
        }
        const royalty = input.royaltyBps ?? defaultRoyaltyBps;
        if (!Number.isInteger(royalty) || royalty < 0) {
          throw new AiosError('BAD_USER_INPUT', 'royaltyBps is a whole number of basis points, 500 to 1500.');
        }
        return runner.step(
          'aiNft',
          'mint',
          [agentId, from, royalty],
          `Mint a licence to agent ${agentId}`,
          false,
        );
      }
      const [approved, forAll] = await Promise.all([
        runner.read<string>('aiNft', 'getApproved', [tokenId]),
        runner.read<boolean>('aiNft', 'isApprovedForAll', [from, contracts.marketplace]),
      ]);
      if (!forAll && approved.toLowerCase() !== contracts.marketplace.toLowerCase()) {
        const summary = `Allow the marketplace to take licence ${tokenId}`;
        return runner.step('aiNft', 'approve', [contracts.marketplace, tokenId], summary, false);
      }
      return runner.step(
        'marketplace',
        'list',
        [contracts.aiNft, tokenId, 1n, input.price],
        `List licence ${tokenId} for ${input.price} AiOS (smallest unit)`,
      );
    };
    return {
      plan,
      entityOf: (receipt) => `${runner.event(receipt, 'marketplace', 'Listed').args.listingId}`,
    };
  }

  /** approve → buy. */
  buy(input: BuyInput): Action {
    const runner = this.#runner;
    const marketplace = runner.contracts.marketplace;
    const listingId = integer(input.listingId, 'listingId');
    let agreed = input.maxPrice ?? undefined;
    const plan: Plan = async (from) => {
      const listing = await runner.read<{ readonly price: bigint }>('marketplace', 'listingOf', [listingId]);
      // What the buyer saw first is what he agreed to; the price cannot rise between approval and purchase.
      agreed ??= listing.price;
      const allowance = await runner.read<bigint>('aiosToken', 'allowance', [from, marketplace]);
      if (allowance < listing.price && listing.price <= agreed) {
        const summary = `Allow the marketplace to take ${listing.price} AiOS (smallest unit)`;
        return runner.step('aiosToken', 'approve', [marketplace, listing.price], summary, false);
      }
      return runner.step('marketplace', 'buy', [listingId, agreed], `Buy listing ${listingId}`);
    };
    return {
      plan,
      entityOf: (receipt) => eventId(receipt.hash, runner.event(receipt, 'marketplace', 'Sold').logIndex),
    };
  }

  #licence(input: ListInput, receipts: readonly Receipt[]): bigint | undefined {
    if (input.licenceId) return integer(input.licenceId, 'licenceId');
    return this.#fromEvent(receipts, 'aiNft', 'LicenceMinted', 'tokenId');
  }

  #agent(input: ListInput, receipts: readonly Receipt[]): bigint | undefined {
    if (input.agentId) return integer(input.agentId, 'agentId');
    return this.#fromEvent(receipts, 'agentRegistry', 'AgentRegistered', 'agentId');
  }

  #fromEvent(
    receipts: readonly Receipt[],
    contract: 'aiNft' | 'agentRegistry',
    name: string,
    field: string,
  ): bigint | undefined {
    const address = this.#runner.contracts[contract].toLowerCase();
    const receipt = receipts.find(({ to }) => to === address);
    return receipt && (this.#runner.event(receipt, contract, name).args[field] as bigint);
  }
}

/** The id that the mappings give an event's entity: transaction hash, then the log index as four bytes, little-endian. */
export function eventId(hash: string, logIndex: number): string {
  const index = new Uint8Array(4);
  index.set(toBeArray(logIndex).reverse());
  return concat([hash, index]);
}
