// Anchored batches of run digests.
import { RunsAnchored } from '../generated/RunAnchor/RunAnchor'
import { RunBatch } from '../generated/schema'

export function handleRunsAnchored(event: RunsAnchored): void {
  const batch = new RunBatch(event.params.batch.toString())
  batch.number = event.params.batch
  batch.root = event.params.root
  batch.count = event.params.count.toI32()
  batch.submitter = event.params.submitter
  batch.timestamp = event.block.timestamp
  batch.block = event.block.number
  batch.transaction = event.transaction.hash
  batch.save()
}
