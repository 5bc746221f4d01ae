// Stakes that were taken back but cannot be spent yet: so that whoever is at fault cannot leave before the evidence comes.
import type { AddressHex } from '../types/identifiers.ts';
import { bytesOf } from '../types/identifiers.ts';
import type { BlockContext } from './block-context.ts';
import type { Validator } from './records.ts';
import { deposit, sharesIn, withdraw, worthOf } from './staking-pool.ts';
import { epochName } from './state-keys.ts';
import type { WorldState } from './world-state.ts';

/** Released in one chain block at most, so that many at once delay nobody; the others follow in the next ones. */
const MOST_RELEASES = 256;
/** Epochs without any that one chain block passes over at most, after the chain stood still. */
const MOST_EPOCHS = 1_024;
const ADDRESS_DIGITS = 40;

/** Moves an amount that was taken out of the validator's pool among those that wait. @returns the validator with it, and the epoch of release */
export function beginUnbonding(
  context: BlockContext,
  validator: Validator,
  names: { readonly validator: AddressHex; readonly owner: AddressHex },
  amount: bigint,
): { readonly validator: Validator; readonly releaseEpoch: number } {
  const { unbonding } = context.state;
  const releaseEpoch = context.epoch + context.parameters.unbondingEpochs;
  const name = epochName(releaseEpoch) + names.validator + names.owner;
  const { pool, shares } = deposit(validator.unbonding, amount);
  const before = sharesIn(pool, unbonding.get(name));
  unbonding.set(name, { shares: before + shares, generation: pool.generation });
  return { validator: { ...validator, unbonding: pool }, releaseEpoch };
}

/** Pays out what has waited until this epoch. */
export function releaseUnbonding(context: BlockContext): void {
  const { state, epoch } = context;
  const { progress, releases } = state;
  let { releaseFrom } = progress;
  if (releases.empty) releaseFrom = Math.max(releaseFrom, epoch + 1);
  let released = 0;
  for (let passed = 0; releaseFrom <= epoch && passed < MOST_EPOCHS; passed++) {
    let name = releases.first(releaseFrom);
    for (; name !== undefined && released < MOST_RELEASES; name = releases.first(releaseFrom)) {
      release(context, name);
      released += 1;
    }
    if (name !== undefined) break;
    releaseFrom += 1;
  }
  if (releaseFrom !== progress.releaseFrom) state.setProgress({ ...progress, releaseFrom });
}

function release(context: BlockContext, name: string): void {
  const { state } = context;
  const address = name.slice(16, 16 + ADDRESS_DIGITS);
  const owner = name.slice(16 + ADDRESS_DIGITS);
  const validator = state.validators.get(address);
  const holding = state.unbonding.get(name);
  state.unbonding.set(name, undefined);
  if (!validator) return;
  const shares = sharesIn(validator.unbonding, holding);
  const amount = worthOf(validator.unbonding, shares);
  const taken = withdraw(validator.unbonding, shares, amount);
  if (!taken || amount === 0n) return;
  state.validators.set(address, { ...validator, unbonding: taken.pool });
  context.move({ unbonding: -amount });
  state.credit(bytesOf(owner), amount);
  context.emit({ kind: 'withdrawn', validator: address, owner, amount });
}

/** What one owner will have of a validator's from an epoch on. */
export function unbondingOf(
  { validators, unbonding }: WorldState,
  names: { readonly validator: AddressHex; readonly owner: AddressHex; readonly releaseEpoch: number },
): bigint {
  const validator = validators.get(names.validator);
  const holding = unbonding.get(epochName(names.releaseEpoch) + names.validator + names.owner);
  return validator ? worthOf(validator.unbonding, sharesIn(validator.unbonding, holding)) : 0n;
}
