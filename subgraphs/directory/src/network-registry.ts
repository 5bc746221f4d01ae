// Every event of the NetworkRegistry becomes an entity of the directory.
import { Address, BigInt } from '@graphprotocol/graph-ts'
import {
  Approval,
  ApprovalForAll,
  CommunityAdded,
  CommunityRemoved,
  EnvironmentAdded,
  EnvironmentRemoved,
  NetworkCreated,
  NetworkUpdated,
  RoleGranted,
  RoleRevoked,
  Transfer,
} from '../generated/NetworkRegistry/NetworkRegistry'
import {
  Community,
  Environment,
  Member,
  Network,
  NetworkOperatorApproval,
  NetworkTransfer,
  RoleGrant,
} from '../generated/schema'
import { roleName } from './roles'
import { loadTotals } from './totals'

export function handleNetworkCreated(event: NetworkCreated): void {
  const network = new Network(event.params.networkId.toString())
  network.tokenId = event.params.networkId
  // The token's first Transfer came before, when there was no entity to note the owner in: it went to the creator.
  network.owner = event.params.creator
  network.creator = event.params.creator
  network.name = event.params.name
  network.metadataURI = event.params.metadataURI
  network.isPublic = event.params.isPublic
  network.communityCount = 0
  network.environmentCount = 0
  network.memberCount = 0
  network.createdAt = event.block.timestamp
  network.createdAtBlock = event.block.number
  network.createdTransaction = event.transaction.hash
  network.updatedAt = event.block.timestamp
  network.save()

  const totals = loadTotals()
  totals.networks += 1
  if (network.isPublic) totals.publicNetworks += 1
  totals.save()
}

export function handleNetworkUpdated(event: NetworkUpdated): void {
  const network = Network.load(event.params.networkId.toString())
  if (network == null) return
  if (network.isPublic != event.params.isPublic) {
    const totals = loadTotals()
    totals.publicNetworks += event.params.isPublic ? 1 : -1
    totals.save()
  }
  network.name = event.params.name
  network.metadataURI = event.params.metadataURI
  network.isPublic = event.params.isPublic
  network.updatedAt = event.block.timestamp
  network.save()
}

export function handleCommunityAdded(event: CommunityAdded): void {
  const networkId = event.params.networkId.toString()
  const community = new Community(childId(networkId, event.params.communityId))
  community.communityId = event.params.communityId
  community.network = networkId
  community.name = event.params.name
  community.removed = false
  community.createdAt = event.block.timestamp
  community.createdTransaction = event.transaction.hash
  community.save()
  countCommunity(networkId, 1, event.block.timestamp)
}

export function handleCommunityRemoved(event: CommunityRemoved): void {
  const networkId = event.params.networkId.toString()
  const community = Community.load(childId(networkId, event.params.communityId))
  if (community == null) return
  community.removed = true
  community.save()
  countCommunity(networkId, -1, event.block.timestamp)
}

export function handleEnvironmentAdded(event: EnvironmentAdded): void {
  const networkId = event.params.networkId.toString()
  const environment = new Environment(childId(networkId, event.params.environmentId))
  environment.environmentId = event.params.environmentId
  environment.network = networkId
  if (!event.params.communityId.isZero()) environment.community = childId(networkId, event.params.communityId)
  environment.name = event.params.name
  environment.removed = false
  environment.createdAt = event.block.timestamp
  environment.createdTransaction = event.transaction.hash
  environment.save()
  countEnvironment(networkId, 1, event.block.timestamp)
}

export function handleEnvironmentRemoved(event: EnvironmentRemoved): void {
  const networkId = event.params.networkId.toString()
  const environment = Environment.load(childId(networkId, event.params.environmentId))
  if (environment == null) return
  environment.removed = true
  environment.save()
  countEnvironment(networkId, -1, event.block.timestamp)
}

export function handleRoleGranted(event: RoleGranted): void {
  const networkId = event.params.networkId.toString()
  const account = event.params.account
  const memberId = networkId + '-' + account.toHexString()
  const name = roleName(event.params.role)

  let member = Member.load(memberId)
  if (member == null) {
    member = new Member(memberId)
    member.network = networkId
    member.address = account
    member.roles = []
    member.active = false
    member.joinedAt = event.block.timestamp
  }
  const becomesActive = !member.active
  const roles = member.roles
  roles.push(name)
  roles.sort()
  member.roles = roles
  member.active = true
  member.save()

  const grant = new RoleGrant(networkId + '-' + event.params.role.toHexString() + '-' + account.toHexString())
  grant.network = networkId
  grant.member = memberId
  grant.role = event.params.role
  grant.roleName = name
  grant.account = account
  grant.grantedBy = event.params.grantedBy
  grant.grantedAt = event.block.timestamp
  grant.active = true
  grant.save()

  const totals = loadTotals()
  totals.activeGrants += 1
  totals.save()
  if (becomesActive) countMember(networkId, account, 1)
}

export function handleRoleRevoked(event: RoleRevoked): void {
  const networkId = event.params.networkId.toString()
  const account = event.params.account
  const name = roleName(event.params.role)

  const grant = RoleGrant.load(
    networkId + '-' + event.params.role.toHexString() + '-' + account.toHexString(),
  )
  const member = Member.load(networkId + '-' + account.toHexString())
  if (grant == null || member == null) return
  grant.active = false
  grant.revokedBy = event.params.revokedBy
  grant.revokedAt = event.block.timestamp
  grant.save()

  const kept: string[] = []
  for (let i = 0; i < member.roles.length; i++) {
    if (member.roles[i] != name) kept.push(member.roles[i])
  }
  member.roles = kept
  member.active = kept.length > 0
  member.save()

  const totals = loadTotals()
  totals.activeGrants -= 1
  totals.save()
  if (!member.active) countMember(networkId, account, -1)
}

export function handleTransfer(event: Transfer): void {
  const networkId = event.params.tokenId.toString()
  const transfer = new NetworkTransfer(event.transaction.hash.concatI32(event.logIndex.toI32()))
  transfer.network = networkId
  transfer.from = event.params.from
  transfer.to = event.params.to
  transfer.timestamp = event.block.timestamp
  transfer.block = event.block.number
  transfer.transaction = event.transaction.hash
  transfer.save()

  const network = Network.load(networkId)
  // Creation: NetworkCreated follows in the same transaction.
  if (network == null) return
  // Members are counted without the owner: the old one may now count, the new one no longer.
  const before = Member.load(networkId + '-' + event.params.from.toHexString())
  const after = Member.load(networkId + '-' + event.params.to.toHexString())
  let change = 0
  if (event.params.from != event.params.to) {
    if (before != null && before.active) change += 1
    if (after != null && after.active) change -= 1
  }
  network.owner = event.params.to
  network.approved = null
  network.memberCount += change
  network.updatedAt = event.block.timestamp
  network.save()
  if (change != 0) {
    const totals = loadTotals()
    totals.members += change
    totals.save()
  }
}

export function handleApproval(event: Approval): void {
  const network = Network.load(event.params.tokenId.toString())
  if (network == null) return
  if (event.params.approved == Address.zero()) {
    network.approved = null
  } else {
    network.approved = event.params.approved
  }
  network.save()
}

export function handleApprovalForAll(event: ApprovalForAll): void {
  const approval = new NetworkOperatorApproval(event.params.owner.concat(event.params.operator))
  approval.owner = event.params.owner
  approval.operator = event.params.operator
  approval.approved = event.params.approved
  approval.updatedAt = event.block.timestamp
  approval.save()
}

function childId(networkId: string, child: BigInt): string {
  return networkId + '-' + child.toString()
}

function countCommunity(networkId: string, change: i32, timestamp: BigInt): void {
  const network = Network.load(networkId)
  if (network == null) return
  network.communityCount += change
  network.updatedAt = timestamp
  network.save()
  const totals = loadTotals()
  totals.communities += change
  totals.save()
}

function countEnvironment(networkId: string, change: i32, timestamp: BigInt): void {
  const network = Network.load(networkId)
  if (network == null) return
  network.environmentCount += change
  network.updatedAt = timestamp
  network.save()
  const totals = loadTotals()
  totals.environments += change
  totals.save()
}

function countMember(networkId: string, account: Address, change: i32): void {
  const network = Network.load(networkId)
  if (network == null || network.owner == account) return
  network.memberCount += change
  network.save()
  const totals = loadTotals()
  totals.members += change
  totals.save()
}
