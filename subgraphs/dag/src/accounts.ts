// Accounts and validators, made when the chain first speaks of them: whoever is referred to must be there.
import { Address, BigInt } from '@graphprotocol/graph-ts'
import { DagAccount, DagValidator } from '../generated/schema'
import { loadStats } from './totals'

/** To be saved by whoever asked. */
export function loadAccount(address: Address, timestamp: BigInt): DagAccount {
  let account = DagAccount.load(address)
  if (account == null) {
    account = new DagAccount(address)
    account.sent = BigInt.zero()
    account.received = BigInt.zero()
    account.sentCount = 0
    account.receivedCount = 0
    account.firstSeenAt = timestamp
  }
  account.lastSeenAt = timestamp
  return account
}

/** Notes that an account was part of something. */
export function touchAccount(address: Address, timestamp: BigInt): void {
  loadAccount(address, timestamp).save()
}

/**
 * To be saved by whoever asked. A new one is counted at once: callers that hold the stats load them after this.
 * @param active what a new one is: whoever proposes or votes was active before the first event, whoever stakes is told to be by the next
 */
export function loadValidator(address: Address, active: boolean): DagValidator {
  let validator = DagValidator.load(address)
  if (validator == null) {
    validator = new DagValidator(address)
    validator.active = active
    validator.jailed = false
    validator.rewards = BigInt.zero()
    validator.commissions = BigInt.zero()
    validator.slashed = BigInt.zero()
    validator.dutiesCounted = 0
    validator.dutiesMissed = 0
    validator.blueBlocks = 0
    validator.redBlocks = 0
    validator.transactions = 0
    const stats = loadStats()
    stats.validators += 1
    if (active) stats.activeValidators += 1
    stats.save()
  }
  return validator
}
