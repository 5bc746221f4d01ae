// Verifying keys, models and verified proofs.
import { BigInt } from '@graphprotocol/graph-ts'
import { ModelRegistered, VerifyingKeyAdded } from '../generated/ModelRegistry/ModelRegistry'
import { ProofVerified } from '../generated/ProofRegistry/ProofRegistry'
import { ProvenModel, VerifiedProof, VerifyingKey } from '../generated/schema'

export function handleVerifyingKeyAdded(event: VerifyingKeyAdded): void {
  const key = new VerifyingKey(event.params.keyHash)
  // A short string in 32 bytes, filled with zeros at its end.
  let circuit = ''
  for (let index = 0; index < event.params.circuit.length && event.params.circuit[index] != 0; index++) {
    circuit += String.fromCharCode(event.params.circuit[index])
  }
  key.circuit = circuit
  key.system = event.params.system
  key.verifier = event.params.verifier
  key.publicSignalCount = event.params.publicSignals
  key.createdAt = event.block.timestamp
  key.save()
}

export function handleModelRegistered(event: ModelRegistered): void {
  const model = new ProvenModel(event.params.modelId.toString())
  model.modelId = event.params.modelId
  model.owner = event.params.owner
  model.key = event.params.keyHash
  model.commitment = event.params.commitment
  model.metadataCID = event.params.metadataCID
  model.proofCount = 0
  model.createdAt = event.block.timestamp
  model.createdAtBlock = event.block.number
  model.createdTransaction = event.transaction.hash
  model.save()
}

export function handleProofVerified(event: ProofVerified): void {
  const proof = new VerifiedProof(event.transaction.hash.concatI32(event.logIndex.toI32()))
  proof.key = event.params.keyHash
  proof.nullifier = event.params.nullifier
  proof.context = event.params.context
  proof.publicSignals = event.params.publicSignals
  proof.submitter = event.params.submitter
  proof.timestamp = event.block.timestamp
  proof.block = event.block.number
  proof.transaction = event.transaction.hash
  if (event.params.modelId != BigInt.zero()) {
    const id = event.params.modelId.toString()
    proof.model = id
    const model = ProvenModel.load(id)
    if (model != null) {
      model.proofCount += 1
      model.save()
    }
  }
  proof.save()
}
