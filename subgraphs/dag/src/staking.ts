// Validators, what is staked with them, what they earn and what is cut.
import { Address, BigInt, Bytes } from '@graphprotocol/graph-ts'
import {
  DutiesCounted,
  Rewarded,
  Slashed,
  Staked,
  Unstaked,
  ValidatorChanged,
  Withdrawn,
} from '../generated/Staking/Staking'
import { DagSlash, DagStake, DagUnbonding } from '../generated/schema'
import { loadValidator, touchAccount } from './accounts'
import { loadDay, loadStats } from './totals'

export function handleStaked(event: Staked): void {
  const params = event.params
  const validator = loadValidator(params.validator, false)
  validator.pool = params.pool
  validator.save()
  touchAccount(params.owner, event.block.timestamp)
  const stake = loadStake(params.validator, params.owner, event.block.timestamp)
  stake.staked = stake.staked.plus(params.amount)
  stake.save()
}

export function handleUnstaked(event: Unstaked): void {
  const params = event.params
  const timestamp = event.block.timestamp
  const validator = loadValidator(params.validator, true)
  validator.pool = params.pool
  validator.save()
  touchAccount(params.owner, timestamp)
  const stake = loadStake(params.validator, params.owner, timestamp)
  stake.unstaked = stake.unstaked.plus(params.amount)

  // As the chain keeps it: what one owner takes out of one validator in one epoch comes back together.
  const id =
    params.validator.toHexString() + '-' + params.owner.toHexString() + '-' + params.releaseEpoch.toString()
  let unbonding = DagUnbonding.load(id)
  if (unbonding == null) {
    unbonding = new DagUnbonding(id)
    unbonding.validator = params.validator
    unbonding.owner = params.owner
    unbonding.amount = BigInt.zero()
    unbonding.releaseEpoch = params.releaseEpoch.toI32()
    unbonding.startedAt = timestamp
    unbonding.transaction = event.transaction.hash
    const waiting = stake.unbonding
    waiting.push(id)
    stake.unbonding = waiting
  }
  unbonding.amount = unbonding.amount.plus(params.amount)
  unbonding.save()
  stake.save()
}

export function handleWithdrawn(event: Withdrawn): void {
  const params = event.params
  touchAccount(params.owner, event.block.timestamp)
  const stake = loadStake(params.validator, params.owner, event.block.timestamp)
  stake.withdrawn = stake.withdrawn.plus(params.amount)
  // Released epoch by epoch: the oldest that waits is the one that comes.
  const waiting = stake.unbonding
  if (waiting.length > 0) {
    const unbonding = DagUnbonding.load(waiting[0])
    if (unbonding != null) {
      unbonding.withdrawn = params.amount
      unbonding.withdrawnAt = event.block.timestamp
      unbonding.save()
    }
    stake.unbonding = waiting.slice(1)
  }
  stake.save()
}

export function handleValidatorChanged(event: ValidatorChanged): void {
  const validator = loadValidator(event.params.validator, false)
  if (validator.active != event.params.active) {
    const stats = loadStats()
    stats.activeValidators += event.params.active ? 1 : -1
    stats.save()
  }
  validator.active = event.params.active
  validator.save()
}

export function handleRewarded(event: Rewarded): void {
  const amount = event.params.amount
  const validator = loadValidator(event.params.validator, true)
  validator.rewards = validator.rewards.plus(amount)
  validator.commissions = validator.commissions.plus(event.params.commission)
  const pool = validator.pool
  if (pool !== null) validator.pool = pool.plus(amount)
  validator.save()
  const stats = loadStats()
  stats.rewards = stats.rewards.plus(amount)
  stats.save()
  const day = loadDay(event.block.timestamp)
  day.rewards = day.rewards.plus(amount)
  day.save()
}

export function handleSlashed(event: Slashed): void {
  const params = event.params
  const amount = params.amount
  const downtime = params.reason == 'DOWNTIME'
  const validator = loadValidator(params.validator, true)
  validator.slashed = validator.slashed.plus(amount)
  const pool = validator.pool
  if (!downtime) {
    // The amount holds what was on its way out, too: all of both is gone.
    validator.jailed = true
    validator.pool = BigInt.zero()
  } else if (pool !== null) {
    validator.pool = pool.minus(amount)
  }
  validator.save()

  const slash = new DagSlash(event.block.hash.concatI32(event.logIndex.toI32()))
  slash.validator = params.validator
  slash.reason = params.reason
  slash.amount = amount
  if (!downtime) slash.reporter = params.reporter
  slash.evidence = params.evidence
  slash.timestamp = event.block.timestamp
  slash.block = event.block.number.toI32()
  slash.transaction = event.transaction.hash
  slash.save()

  const stats = loadStats()
  stats.slashed = stats.slashed.plus(amount)
  stats.save()
  const day = loadDay(event.block.timestamp)
  day.slashed = day.slashed.plus(amount)
  day.save()
}

export function handleDutiesCounted(event: DutiesCounted): void {
  const validator = loadValidator(event.params.validator, true)
  validator.dutiesCounted += 1
  if (!event.params.voted) {
    validator.dutiesMissed += 1
    validator.lastMissedEpoch = event.params.epoch.toI32()
  }
  validator.save()
}

function loadStake(validator: Address, owner: Address, timestamp: BigInt): DagStake {
  const id: Bytes = validator.concat(owner)
  let stake = DagStake.load(id)
  if (stake == null) {
    stake = new DagStake(id)
    stake.validator = validator
    stake.owner = owner
    stake.own = validator == owner
    stake.staked = BigInt.zero()
    stake.unstaked = BigInt.zero()
    stake.withdrawn = BigInt.zero()
    stake.unbonding = []
  }
  stake.updatedAt = timestamp
  return stake
}
