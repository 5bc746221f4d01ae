// Transfers and what fees became. A block has thousands of transfers: each writes itself, its two accounts and the day, and nothing else.
import { FeesSplit, Transfer } from '../generated/Payments/Payments'
import { DagTransfer } from '../generated/schema'
import { loadAccount } from './accounts'
import { loadDay, loadStats, loadTransferDay } from './totals'

export function handleTransfer(event: Transfer): void {
  const amount = event.params.amount
  const timestamp = event.block.timestamp

  const transfer = new DagTransfer(event.block.hash.concatI32(event.logIndex.toI32()))
  transfer.from = event.params.from
  transfer.to = event.params.to
  transfer.amount = amount
  transfer.timestamp = timestamp
  transfer.block = event.block.number.toI32()
  transfer.transaction = event.transaction.hash
  transfer.save()

  const sender = loadAccount(event.params.from, timestamp)
  sender.sent = sender.sent.plus(amount)
  sender.sentCount += 1
  sender.save()
  // Loaded after the sender was saved: they may be the same.
  const receiver = loadAccount(event.params.to, timestamp)
  receiver.received = receiver.received.plus(amount)
  receiver.receivedCount += 1
  receiver.save()

  const day = loadTransferDay(timestamp)
  day.transfers += 1
  day.volume = day.volume.plus(amount)
  day.save()
}

export function handleFeesSplit(event: FeesSplit): void {
  const params = event.params
  const stats = loadStats()
  stats.feesBurned = stats.feesBurned.plus(params.burned)
  stats.feesStakers = stats.feesStakers.plus(params.stakers)
  stats.feesTreasury = stats.feesTreasury.plus(params.treasury)
  stats.save()
  const day = loadDay(event.block.timestamp)
  day.feesBurned = day.feesBurned.plus(params.burned)
  day.feesStakers = day.feesStakers.plus(params.stakers)
  day.feesTreasury = day.feesTreasury.plus(params.treasury)
  day.save()
}
