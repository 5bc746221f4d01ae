// Work that is paid for in advance, and the DIDs that accounts register.
import { BigInt } from '@graphprotocol/graph-ts'
import { DidRegistered } from '../generated/Identity/Identity'
import { DagDid, DagTask } from '../generated/schema'
import { TaskEscrowed, TaskRefunded, TaskSettled } from '../generated/Tasks/Tasks'
import { touchAccount } from './accounts'

export function handleTaskEscrowed(event: TaskEscrowed): void {
  const params = event.params
  const timestamp = event.block.timestamp
  touchAccount(params.payer, timestamp)
  touchAccount(params.agent, timestamp)
  const task = new DagTask(params.task)
  task.payer = params.payer
  task.agent = params.agent
  task.amount = params.amount
  task.untilRound = params.untilRound
  task.status = 'OPEN'
  task.createdAt = timestamp
  task.createdTransaction = event.transaction.hash
  task.save()
}

export function handleTaskSettled(event: TaskSettled): void {
  const task = DagTask.load(event.params.task)
  if (task == null) return
  task.status = 'SETTLED'
  task.paid = event.params.paid
  task.returned = event.params.returned
  task.result = event.params.result
  task.closedAt = event.block.timestamp
  task.closedTransaction = event.transaction.hash
  task.save()
  touchAccount(event.params.payer, event.block.timestamp)
  touchAccount(event.params.agent, event.block.timestamp)
}

export function handleTaskRefunded(event: TaskRefunded): void {
  const task = DagTask.load(event.params.task)
  if (task == null) return
  task.status = 'REFUNDED'
  task.paid = BigInt.zero()
  task.returned = event.params.amount
  task.closedAt = event.block.timestamp
  task.closedTransaction = event.transaction.hash
  task.save()
  touchAccount(event.params.payer, event.block.timestamp)
  touchAccount(event.params.agent, event.block.timestamp)
}

export function handleDidRegistered(event: DidRegistered): void {
  const params = event.params
  touchAccount(params.owner, event.block.timestamp)
  let did = DagDid.load(params.did)
  if (did == null) {
    did = new DagDid(params.did)
    did.registeredAt = event.block.timestamp
    did.revisions = 0
  }
  did.owner = params.owner
  did.document = params.document
  did.updatedAt = event.block.timestamp
  did.revisions += 1
  did.transaction = event.transaction.hash
  did.save()
}
