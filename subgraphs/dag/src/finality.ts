// Checkpoints: justified by one certificate, final by the next.
import { BigInt, Bytes } from '@graphprotocol/graph-ts'
import { CheckpointFinalized, CheckpointJustified } from '../generated/Finality/Finality'
import { DagBlock, DagCheckpoint } from '../generated/schema'
import { loadMinute, loadStats } from './totals'

export function handleCheckpointJustified(event: CheckpointJustified): void {
  const params = event.params
  const checkpoint = loadCheckpoint(params.epoch, params.block, params.stateRoot)
  checkpoint.justifiedAt = event.block.timestamp
  checkpoint.signedStake = params.signedStake
  checkpoint.totalStake = params.totalStake
  checkpoint.save()

  const stats = loadStats()
  if (checkpoint.epoch >= stats.justifiedEpoch) {
    stats.justifiedEpoch = checkpoint.epoch
    stats.signedStake = params.signedStake
    stats.totalStake = params.totalStake
    stats.save()
  }
}

export function handleCheckpointFinalized(event: CheckpointFinalized): void {
  const params = event.params
  const timestamp = event.block.timestamp
  const checkpoint = loadCheckpoint(params.epoch, params.block, params.stateRoot)
  checkpoint.finalizedAt = timestamp
  const stats = loadStats()
  stats.finalizedEpoch = checkpoint.epoch
  const block = DagBlock.load(params.block)
  if (block != null) {
    const seconds = timestamp.minus(block.timestamp).toI32()
    checkpoint.secondsToFinal = seconds
    stats.secondsToFinal = seconds
    stats.finalizedIndex = block.index
    stats.finalizedRound = block.round
    const minute = loadMinute(timestamp)
    minute.checkpoints += 1
    minute.secondsToFinal += seconds
    minute.save()
  }
  checkpoint.save()
  stats.save()
}

/** A chain has one checkpoint an epoch that comes so far: two would need a third of the stake to contradict itself. */
function loadCheckpoint(epoch: BigInt, block: Bytes, stateRoot: Bytes): DagCheckpoint {
  const id = epoch.toString()
  let checkpoint = DagCheckpoint.load(id)
  if (checkpoint == null) {
    checkpoint = new DagCheckpoint(id)
    checkpoint.epoch = epoch.toI32()
    checkpoint.blockId = block
    checkpoint.stateRoot = stateRoot
    const made = DagBlock.load(block)
    if (made != null) {
      checkpoint.block = block
      checkpoint.timestamp = made.timestamp
    }
  }
  return checkpoint
}
