// What a validator at fault loses: everything for contradicting itself, a little for being away too long.
import { type AddressHex, bytesOf } from '../types/identifiers.ts';
import type { BlockContext } from './block-context.ts';
import { cut } from './staking-pool.ts';
import type { SlashReason } from './system-event.ts';

/** Of what was taken, the part for who brought the evidence: one in so many. More would pay validators for reporting themselves. */
const REPORTER_PART = 100n;
const NOBODY = '00'.repeat(20);
const NO_EVIDENCE = new Uint8Array(32);

export interface Offence {
  readonly validator: AddressHex;
  readonly reason: Exclude<SlashReason, 'DOWNTIME'>;
  readonly reporter: AddressHex;
  /** Hash of it. */
  readonly evidence: Uint8Array;
}

/** Takes all that is staked and unbonding with a validator, and jails it for ever. */
export function slashAll(context: BlockContext, { validator: address, ...offence }: Offence): void {
  const { state } = context;
  const validator = state.validators.get(address);
  if (!validator) return;
  const staked = cut(validator.pool, validator.pool.tokens);
  const unbonding = cut(validator.unbonding, validator.unbonding.tokens);
  const amount = staked.taken + unbonding.taken;
  const reward = amount / REPORTER_PART;
  context.move({ staked: -staked.taken, unbonding: -unbonding.taken, burned: amount - reward });
  state.credit(bytesOf(offence.reporter), reward);
  context.emit({ kind: 'slashed', validator: address, amount, ...offence });
  context.setValidator(address, {
    ...validator,
    status: 'jailed',
    pool: staked.pool,
    ownShares: 0n,
    unbonding: unbonding.pool,
  });
}

/** Cuts the stakes with a validator that was away too long; it is out until its owner stakes again, and counting begins anew. */
export function slashDowntime(context: BlockContext, address: AddressHex): void {
  const validator = context.state.validators.get(address);
  if (!validator) return;
  const { tokens } = validator.pool;
  const { pool, taken } = cut(
    validator.pool,
    (tokens * BigInt(context.parameters.downtimeCutPerMille)) / 1_000n,
  );
  context.move({ staked: -taken, burned: taken });
  context.emit({
    kind: 'slashed',
    validator: address,
    reason: 'DOWNTIME',
    amount: taken,
    reporter: NOBODY,
    evidence: NO_EVIDENCE,
  });
  context.setValidator(address, {
    ...validator,
    status: 'suspended',
    pool,
    ownShares: pool.generation === validator.pool.generation ? validator.ownShares : 0n,
    counted: 0,
    missed: 0,
  });
}
