// Who may propose and vote, and with which weight, by the validators that the state knows.
import type { Parameters } from '../types/genesis.ts';
import type { AddressHex } from '../types/identifiers.ts';
import { MAX_VALIDATORS } from '../types/limits.ts';
import type { Validator } from './records.ts';
import { worthOf } from './staking-pool.ts';

export interface Elector {
  readonly address: AddressHex;
  readonly votingKey: Uint8Array;
  /** All that is staked with it, nano-AiOS. */
  readonly weight: bigint;
}

export interface Electorate {
  /** In ascending order of addresses, which is that of a certificate's bits. */
  readonly validators: readonly Elector[];
  readonly total: bigint;
}

export const ownStakeOf = ({ pool, ownShares }: Validator): bigint => worthOf(pool, ownShares);

/** Whether it may be among those who propose and vote. */
export const isEligible = (validator: Validator, { minimumStake }: Parameters): boolean =>
  validator.status === 'active' && ownStakeOf(validator) >= minimumStake && validator.pool.tokens > 0n;

/** All who are eligible; the richest when there are more than a certificate has bits for, of equally rich ones those with lower addresses. */
export function electorateOf(
  validators: Iterable<readonly [AddressHex, Validator]>,
  parameters: Parameters,
): Electorate {
  const eligible: Elector[] = [];
  for (const [address, validator] of validators)
    if (isEligible(validator, parameters))
      eligible.push(
        Object.freeze({ address, votingKey: validator.votingKey, weight: validator.pool.tokens }),
      );
  const byAddress = (a: Elector, b: Elector) => (a.address < b.address ? -1 : 1);
  const chosen = eligible
    .sort((a, b) => (a.weight === b.weight ? byAddress(a, b) : a.weight > b.weight ? -1 : 1))
    .slice(0, MAX_VALIDATORS)
    .sort(byAddress);
  const total = chosen.reduce((sum, { weight }) => sum + weight, 0n);
  return Object.freeze({ validators: Object.freeze(chosen), total });
}
