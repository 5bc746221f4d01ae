// The one row of where the chain stands, and its rows by minute and by day.
import { BigInt } from '@graphprotocol/graph-ts'
import { DagDay, DagMinute, DagStats, DagTransferDay } from '../generated/schema'

const SECONDS_PER_MINUTE: i32 = 60
const SECONDS_PER_DAY: i32 = 86400

export function loadStats(): DagStats {
  let stats = DagStats.load('1')
  if (stats == null) {
    stats = new DagStats('1')
    stats.blocks = 0
    stats.redBlocks = 0
    stats.transactions = 0
    stats.operations = BigInt.zero()
    stats.index = 0
    stats.round = 0
    stats.blueScore = 0
    stats.timestamp = BigInt.zero()
    stats.justifiedEpoch = 0
    stats.finalizedEpoch = 0
    stats.finalizedIndex = 0
    stats.finalizedRound = 0
    stats.signedStake = BigInt.zero()
    stats.totalStake = BigInt.zero()
    stats.validators = 0
    stats.activeValidators = 0
    stats.feesBurned = BigInt.zero()
    stats.feesStakers = BigInt.zero()
    stats.feesTreasury = BigInt.zero()
    stats.rewards = BigInt.zero()
    stats.slashed = BigInt.zero()
  }
  return stats
}

/** The minute of a moment in seconds. */
export function loadMinute(timestamp: BigInt): DagMinute {
  const number = timestamp.toI64() / SECONDS_PER_MINUTE
  const id = number.toString()
  let minute = DagMinute.load(id)
  if (minute == null) {
    minute = new DagMinute(id)
    minute.start = BigInt.fromI64(number * SECONDS_PER_MINUTE)
    minute.chainBlocks = 0
    minute.blocks = 0
    minute.redBlocks = 0
    minute.operations = 0
    minute.checkpoints = 0
    minute.secondsToFinal = 0
  }
  return minute
}

/** The UTC day of a moment in seconds. */
export function loadDay(timestamp: BigInt): DagDay {
  const number = timestamp.toI64() / SECONDS_PER_DAY
  const id = number.toString()
  let day = DagDay.load(id)
  if (day == null) {
    day = new DagDay(id)
    day.dayStart = BigInt.fromI64(number * SECONDS_PER_DAY)
    day.chainBlocks = 0
    day.blocks = 0
    day.redBlocks = 0
    day.transactions = 0
    day.operations = 0
    day.feesBurned = BigInt.zero()
    day.feesStakers = BigInt.zero()
    day.feesTreasury = BigInt.zero()
    day.rewards = BigInt.zero()
    day.slashed = BigInt.zero()
  }
  return day
}

export function loadTransferDay(timestamp: BigInt): DagTransferDay {
  const number = timestamp.toI64() / SECONDS_PER_DAY
  const id = number.toString()
  let day = DagTransferDay.load(id)
  if (day == null) {
    day = new DagTransferDay(id)
    day.dayStart = BigInt.fromI64(number * SECONDS_PER_DAY)
    day.transfers = 0
    day.volume = BigInt.zero()
  }
  return day
}
