// Licences: minted for an agent, moved, burned.
import { Address } from '@graphprotocol/graph-ts'
import { Approval, ApprovalForAll, LicenceMinted, Transfer } from '../generated/AiNFT/AiNFT'
import { Agent, Licence, LicenceOperatorApproval, LicenceTransfer } from '../generated/schema'
import { loadTotals } from './totals'

export function handleLicenceMinted(event: LicenceMinted): void {
  const licence = new Licence(event.params.tokenId.toString())
  licence.tokenId = event.params.tokenId
  licence.agent = event.params.agentId.toString()
  licence.collection = event.address
  licence.owner = event.params.to
  licence.creator = event.params.creator
  licence.royaltyBps = event.params.royaltyBps.toI32()
  licence.burned = false
  licence.mintedAt = event.block.timestamp
  licence.mintedTransaction = event.transaction.hash
  licence.transferCount = 0
  licence.save()
  countLicence(licence.agent, 1)
}

export function handleLicenceTransfer(event: Transfer): void {
  const licenceId = event.params.tokenId.toString()
  const transfer = new LicenceTransfer(event.transaction.hash.concatI32(event.logIndex.toI32()))
  transfer.licence = licenceId
  transfer.from = event.params.from
  transfer.to = event.params.to
  transfer.timestamp = event.block.timestamp
  transfer.block = event.block.number
  transfer.transaction = event.transaction.hash
  transfer.save()

  const licence = Licence.load(licenceId)
  if (licence == null) return
  licence.owner = event.params.to
  licence.approved = null
  licence.transferCount += 1
  if (event.params.to == Address.zero()) licence.burned = true
  licence.save()
  if (licence.burned) countLicence(licence.agent, -1)
}

export function handleLicenceApproval(event: Approval): void {
  const licence = Licence.load(event.params.tokenId.toString())
  if (licence == null) return
  if (event.params.approved == Address.zero()) {
    licence.approved = null
  } else {
    licence.approved = event.params.approved
  }
  licence.save()
}

export function handleLicenceApprovalForAll(event: ApprovalForAll): void {
  const approval = new LicenceOperatorApproval(event.params.owner.concat(event.params.operator))
  approval.owner = event.params.owner
  approval.operator = event.params.operator
  approval.approved = event.params.approved
  approval.updatedAt = event.block.timestamp
  approval.save()
}

function countLicence(agentId: string, change: i32): void {
  const agent = Agent.load(agentId)
  if (agent != null) {
    agent.licenceCount += change
    agent.save()
  }
  const totals = loadTotals()
  totals.licences += change
  totals.save()
}
