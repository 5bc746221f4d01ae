// AiOS: who holds how much, who votes for whom, what was burned.
import { Address, BigInt } from '@graphprotocol/graph-ts'
import {
  Approval,
  DelegateChanged,
  DelegateVotesChanged,
  Transfer,
} from '../generated/AiOSToken/AiOSToken'
import { Holder, TokenApproval, TokenTransfer } from '../generated/schema'
import { loadTotals } from './totals'

export function handleTokenTransfer(event: Transfer): void {
  const from = event.params.from
  const to = event.params.to
  const value = event.params.value

  const transfer = new TokenTransfer(event.transaction.hash.concatI32(event.logIndex.toI32()))
  transfer.from = from
  transfer.to = to
  transfer.value = value
  transfer.timestamp = event.block.timestamp
  transfer.block = event.block.number
  transfer.transaction = event.transaction.hash
  transfer.save()

  let newHolders = 0
  if (from == to) {
    newHolders += move(from, BigInt.zero())
  } else {
    newHolders += move(from, value.neg())
    newHolders += move(to, value)
  }

  const minted = from == Address.zero()
  const burned = to == Address.zero()
  if (newHolders == 0 && !minted && !burned) return
  const totals = loadTotals()
  totals.holders += newHolders
  if (minted) totals.tokenSupply = totals.tokenSupply.plus(value)
  if (burned) {
    totals.tokenSupply = totals.tokenSupply.minus(value)
    totals.tokenBurned = totals.tokenBurned.plus(value)
  }
  totals.save()
}

export function handleTokenApproval(event: Approval): void {
  const approval = new TokenApproval(event.transaction.hash.concatI32(event.logIndex.toI32()))
  approval.owner = event.params.owner
  approval.spender = event.params.spender
  approval.value = event.params.value
  approval.timestamp = event.block.timestamp
  approval.transaction = event.transaction.hash
  approval.save()
}

export function handleDelegateChanged(event: DelegateChanged): void {
  const holder = loadHolder(event.params.delegator)
  if (event.params.toDelegate == Address.zero()) {
    holder.delegate = null
  } else {
    holder.delegate = event.params.toDelegate
  }
  holder.save()
}

export function handleDelegateVotesChanged(event: DelegateVotesChanged): void {
  const holder = loadHolder(event.params.delegate)
  holder.votes = event.params.newVotes
  holder.save()
}

/** Adds to a balance; returns how the number of accounts with a balance changes. The zero address holds nothing. */
function move(account: Address, change: BigInt): i32 {
  if (account == Address.zero()) return 0
  const holder = loadHolder(account)
  const had = !holder.balance.isZero()
  holder.balance = holder.balance.plus(change)
  holder.transferCount += 1
  holder.save()
  const has = !holder.balance.isZero()
  return (has ? 1 : 0) - (had ? 1 : 0)
}

function loadHolder(account: Address): Holder {
  let holder = Holder.load(account)
  if (holder == null) {
    holder = new Holder(account)
    holder.address = account
    holder.balance = BigInt.zero()
    holder.votes = BigInt.zero()
    holder.transferCount = 0
  }
  return holder
}
