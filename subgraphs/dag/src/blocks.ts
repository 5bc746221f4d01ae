// The order of the DAG: every merged block once, at the beginning of the logs of the chain block that merged it.
import { BigInt, Bytes } from '@graphprotocol/graph-ts'
import { BlockOrdered } from '../generated/Dag/Dag'
import { DagBlock } from '../generated/schema'
import { loadValidator } from './accounts'
import { loadDay, loadMinute, loadStats } from './totals'

/** What the chain's RPC counts as gas for one operation. */
const GAS_PER_OPERATION = BigInt.fromI32(20000)

export function handleBlockOrdered(event: BlockOrdered): void {
  const params = event.params
  const timestamp = event.block.timestamp
  const index = event.block.number.toI32()
  const round = params.round.toI32()
  const transactions = params.transactions.toI32()
  const onSelectedChain = params.block == params.chainBlock

  const validator = loadValidator(params.proposer, true)
  if (params.blue) validator.blueBlocks += 1
  else validator.redBlocks += 1
  validator.transactions += transactions
  validator.lastRound = round
  validator.lastBlockAt = timestamp
  validator.save()

  const stats = loadStats()
  stats.blocks += 1
  stats.transactions += transactions

  const block = new DagBlock(params.block)
  block.sequence = stats.blocks
  block.round = round
  block.blueScore = params.blueScore.toI32()
  block.blue = params.blue
  block.selectedParent = params.selectedParent
  const parents = params.parents
  const ids = new Array<Bytes>(parents.length)
  for (let i = 0; i < parents.length; i++) ids[i] = parents[i]
  block.parents = ids
  block.chainBlock = params.chainBlock
  block.onSelectedChain = onSelectedChain
  block.proposer = params.proposer
  block.transactions = transactions
  block.index = index
  block.timestamp = timestamp
  block.save()

  const minute = loadMinute(timestamp)
  const day = loadDay(timestamp)
  minute.blocks += 1
  day.blocks += 1
  day.transactions += transactions
  if (!params.blue) {
    stats.redBlocks += 1
    minute.redBlocks += 1
    day.redBlocks += 1
  }
  // The chain block itself is the last of those it merges: what concerns all of them is counted with it.
  if (onSelectedChain) {
    const operations = event.block.gasUsed.div(GAS_PER_OPERATION)
    stats.index = index
    stats.round = round
    stats.blueScore = block.blueScore
    stats.timestamp = timestamp
    stats.operations = stats.operations.plus(operations)
    minute.chainBlocks += 1
    minute.operations += operations.toI32()
    day.chainBlocks += 1
    day.operations += operations.toI32()
  }
  stats.save()
  minute.save()
  day.save()
}
