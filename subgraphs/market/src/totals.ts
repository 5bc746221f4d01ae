// The one row of totals over the whole market, and one row a day.
import { BigInt } from '@graphprotocol/graph-ts'
import { MarketDay, MarketTotals } from '../generated/schema'

const SECONDS_PER_DAY: i32 = 86400

export function loadTotals(): MarketTotals {
  let totals = MarketTotals.load('1')
  if (totals == null) {
    totals = new MarketTotals('1')
    totals.agents = 0
    totals.licences = 0
    totals.listings = 0
    totals.activeListings = 0
    totals.sales = 0
    totals.volume = BigInt.zero()
    totals.fees = BigInt.zero()
    totals.feesBurned = BigInt.zero()
    totals.feesBuyback = BigInt.zero()
    totals.feesTreasury = BigInt.zero()
    totals.royalties = BigInt.zero()
    totals.tokenBurned = BigInt.zero()
    totals.tokenSupply = BigInt.zero()
    totals.holders = 0
  }
  return totals
}

/** The UTC day of a moment in seconds. */
export function loadDay(timestamp: BigInt): MarketDay {
  const number = timestamp.toI64() / SECONDS_PER_DAY
  const id = number.toString()
  let day = MarketDay.load(id)
  if (day == null) {
    day = new MarketDay(id)
    day.dayStart = BigInt.fromI64(number * SECONDS_PER_DAY)
    day.sales = 0
    day.listings = 0
    day.volume = BigInt.zero()
    day.fees = BigInt.zero()
    day.burned = BigInt.zero()
    day.royalties = BigInt.zero()
  }
  return day
}
