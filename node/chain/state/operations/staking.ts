// Stakes: of validators in themselves, and of others who delegate to them.
import { type AddressHex, hexOf } from '../../types/identifiers.ts';
import { MAX_AMOUNT } from '../../types/limits.ts';
import type { Operation } from '../../types/operation.ts';
import type { BlockContext } from '../block-context.ts';
import { ExecutionFailure, type Outcome } from '../execution-failure.ts';
import type { Validator } from '../records.ts';
import { deposit, EMPTY_POOL, type Holding, sharesIn, withdraw, worthOf } from '../staking-pool.ts';
import { beginUnbonding } from '../unbonding.ts';
import { ownStakeOf } from '../validators.ts';

type OperationOf<Kind extends Operation['kind']> = Extract<Operation, { kind: Kind }>;

/** Adds to the sender's own stake, as a new validator or as one that is known. */
export function stake(context: BlockContext, operation: OperationOf<'stake'>): Outcome {
  const { state, parameters } = context;
  const address = context.senderName;
  const known = state.validators.get(address);
  if (known?.status === 'jailed') return ExecutionFailure.validatorJailed;
  if (known && Buffer.compare(known.votingKey, operation.votingKey) !== 0)
    return ExecutionFailure.votingKeyDiffers;
  const validator = known ?? newValidator(operation.votingKey);
  const refused = known ? undefined : registrationFailure(context, operation);
  if (refused !== undefined) return refused;
  const { pool, shares } = deposit(validator.pool, operation.amount);
  if (shares === 0n) return ExecutionFailure.amountTooSmall;
  if (!context.debitSender(operation.amount)) return ExecutionFailure.insufficientBalance;
  // What costs most comes last: it is done for those alone who can pay the stake.
  if (!known) {
    if (!context.bls.verifyPossession(operation.votingKey, operation.proofOfPossession))
      return ExecutionFailure.possessionNotProved;
    state.votingKeys.set(hexOf(operation.votingKey), address);
  }
  context.move({ staked: operation.amount });
  context.emit({
    kind: 'staked',
    validator: address,
    owner: address,
    amount: operation.amount,
    pool: pool.tokens,
  });
  const staked: Validator = { ...validator, pool, ownShares: validator.ownShares + shares };
  const returns = staked.status === 'suspended' && ownStakeOf(staked) >= parameters.minimumStake;
  context.setValidator(address, returns ? { ...staked, status: 'active', counted: 0, missed: 0 } : staked);
  return undefined;
}

const newValidator = (votingKey: Uint8Array): Validator => ({
  votingKey,
  status: 'active',
  pool: EMPTY_POOL,
  ownShares: 0n,
  unbonding: EMPTY_POOL,
  counted: 0,
  missed: 0,
});

function registrationFailure(
  { state, parameters }: BlockContext,
  { amount, votingKey }: OperationOf<'stake'>,
): Outcome {
  // Each validator is an entry for ever, because its key is: it must cost something to make one.
  if (amount < parameters.minimumStake) return ExecutionFailure.stakeBelowMinimum;
  if (state.votingKeys.get(hexOf(votingKey)) !== undefined) return ExecutionFailure.votingKeyTaken;
  return undefined;
}

/** Takes back of the sender's own stake. */
export function unstake(context: BlockContext, operation: OperationOf<'unstake'>): Outcome {
  const address = context.senderName;
  const validator = context.state.validators.get(address);
  if (!validator) return ExecutionFailure.validatorUnknown;
  return leave(context, {
    address,
    validator,
    owned: validator.ownShares,
    amount: operation.amount,
    keep: (left, each) => ({ ...each, ownShares: left }),
  });
}

/** Adds to the stake with another validator, which weighs what all have staked with it. */
export function delegate(context: BlockContext, operation: OperationOf<'delegate'>): Outcome {
  const { state } = context;
  const [address, owner] = [hexOf(operation.validator), context.senderName];
  const validator = state.validators.get(address);
  if (!validator) return ExecutionFailure.validatorUnknown;
  if (address === owner) return ExecutionFailure.ownStakeDelegated;
  if (validator.status === 'jailed') return ExecutionFailure.validatorJailed;
  const { pool, shares } = deposit(validator.pool, operation.amount);
  if (shares === 0n) return ExecutionFailure.amountTooSmall;
  if (!context.debitSender(operation.amount)) return ExecutionFailure.insufficientBalance;
  const holding = state.stakes.get(address + owner);
  state.stakes.set(address + owner, {
    shares: sharesIn(pool, holding) + shares,
    generation: pool.generation,
  });
  context.move({ staked: operation.amount });
  context.emit({ kind: 'staked', validator: address, owner, amount: operation.amount, pool: pool.tokens });
  context.setValidator(address, { ...validator, pool });
  return undefined;
}

export function undelegate(context: BlockContext, operation: OperationOf<'undelegate'>): Outcome {
  const { state } = context;
  const [address, owner] = [hexOf(operation.validator), context.senderName];
  const validator = state.validators.get(address);
  if (!validator) return ExecutionFailure.validatorUnknown;
  if (address === owner) return ExecutionFailure.ownStakeDelegated;
  const { generation } = validator.pool;
  return leave(context, {
    address,
    validator,
    owned: sharesIn(validator.pool, state.stakes.get(address + owner)),
    amount: operation.amount,
    keep: (left, each) => {
      const holding: Holding | undefined = left === 0n ? undefined : { shares: left, generation };
      state.stakes.set(address + owner, holding);
      return each;
    },
  });
}

interface Leaving {
  readonly address: AddressHex;
  readonly validator: Validator;
  /** The sender's shares. */
  readonly owned: bigint;
  /** The largest amount there is stands for all that they are worth, which grows with every reward. */
  readonly amount: bigint;
  /** Notes the shares that are left to the sender. */
  readonly keep: (left: bigint, validator: Validator) => Validator;
}

function leave(context: BlockContext, { address, validator, owned, amount: wanted, keep }: Leaving): Outcome {
  const amount = wanted === MAX_AMOUNT ? worthOf(validator.pool, owned) : wanted;
  const taken = amount === 0n ? undefined : withdraw(validator.pool, owned, amount);
  if (!taken) return ExecutionFailure.stakeInsufficient;
  const owner = context.senderName;
  const without = keep(taken.left, { ...validator, pool: taken.pool });
  const waiting = beginUnbonding(context, without, { validator: address, owner }, amount);
  context.move({ staked: -amount, unbonding: amount });
  context.emit({
    kind: 'unstaked',
    validator: address,
    owner,
    amount,
    pool: taken.pool.tokens,
    releaseEpoch: waiting.releaseEpoch,
  });
  context.setValidator(address, waiting.validator);
  return undefined;
}
