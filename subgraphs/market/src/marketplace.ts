// Listings, sales and the terms under which they happen.
import { Address, Bytes } from '@graphprotocol/graph-ts'
import {
  Cancelled,
  FeePolicyChanged,
  Listed,
  OwnershipTransferred,
  OwnershipTransferStarted,
  Sold,
} from '../generated/Marketplace/Marketplace'
import { Agent, FeePolicy, Licence, Listing, Marketplace, Sale } from '../generated/schema'
import { loadDay, loadTotals } from './totals'

export function handleListed(event: Listed): void {
  const listing = new Listing(event.params.listingId.toString())
  listing.listingId = event.params.listingId
  listing.collection = event.params.collection
  listing.tokenId = event.params.tokenId
  listing.amount = event.params.amount
  listing.seller = event.params.seller
  listing.price = event.params.price
  listing.status = 'ACTIVE'
  listing.createdAt = event.block.timestamp
  listing.createdTransaction = event.transaction.hash
  // Token ids of other collections may coincide with a licence's.
  const licence = Licence.load(event.params.tokenId.toString())
  if (licence != null && licence.collection == event.params.collection) {
    listing.licence = licence.id
    listing.agent = licence.agent
    licence.listedBy = event.params.seller
    licence.save()
  }
  listing.save()

  const totals = loadTotals()
  totals.listings += 1
  totals.activeListings += 1
  totals.save()
  const day = loadDay(event.block.timestamp)
  day.listings += 1
  day.save()
}

export function handleCancelled(event: Cancelled): void {
  const listing = Listing.load(event.params.listingId.toString())
  if (listing == null) return
  listing.status = 'CANCELLED'
  listing.closedAt = event.block.timestamp
  listing.save()
  endListing(listing)

  const totals = loadTotals()
  totals.activeListings -= 1
  totals.save()
}

export function handleSold(event: Sold): void {
  const listing = Listing.load(event.params.listingId.toString())
  if (listing == null) return
  const params = event.params

  const sale = new Sale(event.transaction.hash.concatI32(event.logIndex.toI32()))
  sale.listing = listing.id
  sale.licence = listing.licence
  sale.agent = listing.agent
  sale.collection = listing.collection
  sale.tokenId = listing.tokenId
  sale.amount = listing.amount
  sale.seller = params.seller
  sale.buyer = params.buyer
  sale.price = params.price
  sale.fee = params.fee
  sale.burned = params.burned
  sale.buyback = params.buyback
  sale.treasury = params.treasury
  sale.royalty = params.royalty
  sale.royaltyReceiver = params.royaltyReceiver
  sale.proceeds = params.proceeds
  sale.timestamp = event.block.timestamp
  sale.block = event.block.number
  sale.transaction = event.transaction.hash
  sale.save()

  listing.status = 'SOLD'
  listing.closedAt = event.block.timestamp
  listing.sale = sale.id
  listing.save()
  endListing(listing)

  const agentId = listing.agent
  if (agentId !== null) {
    const agent = Agent.load(agentId)
    if (agent != null) {
      agent.saleCount += 1
      agent.volume = agent.volume.plus(params.price)
      agent.save()
    }
  }

  const totals = loadTotals()
  totals.activeListings -= 1
  totals.sales += 1
  totals.volume = totals.volume.plus(params.price)
  totals.fees = totals.fees.plus(params.fee)
  totals.feesBurned = totals.feesBurned.plus(params.burned)
  totals.feesBuyback = totals.feesBuyback.plus(params.buyback)
  totals.feesTreasury = totals.feesTreasury.plus(params.treasury)
  totals.royalties = totals.royalties.plus(params.royalty)
  totals.save()

  const day = loadDay(event.block.timestamp)
  day.sales += 1
  day.volume = day.volume.plus(params.price)
  day.fees = day.fees.plus(params.fee)
  day.burned = day.burned.plus(params.burned)
  day.royalties = day.royalties.plus(params.royalty)
  day.save()
}

export function handleFeePolicyChanged(event: FeePolicyChanged): void {
  const marketplace = loadMarketplace(event.address)
  const previousId = marketplace.feePolicy
  if (previousId !== null) {
    const previous = FeePolicy.load(previousId)
    if (previous != null) {
      previous.active = false
      previous.save()
    }
  }
  const policy = new FeePolicy(event.params.policy)
  policy.feeBps = event.params.feeBps
  policy.burnBps = event.params.burnBps
  policy.buybackBps = event.params.buybackBps
  policy.treasuryBps = event.params.treasuryBps
  policy.buybackAccount = event.params.buybackAccount
  policy.treasuryAccount = event.params.treasuryAccount
  policy.since = event.block.timestamp
  policy.active = true
  policy.save()
  marketplace.feePolicy = policy.id
  marketplace.save()
}

export function handleOwnershipTransferStarted(event: OwnershipTransferStarted): void {
  const marketplace = loadMarketplace(event.address)
  marketplace.pendingOwner = event.params.newOwner
  marketplace.save()
}

export function handleOwnershipTransferred(event: OwnershipTransferred): void {
  const marketplace = loadMarketplace(event.address)
  marketplace.owner = event.params.newOwner
  marketplace.pendingOwner = null
  marketplace.save()
}

function endListing(listing: Listing): void {
  const licenceId = listing.licence
  if (licenceId === null) return
  const licence = Licence.load(licenceId)
  if (licence == null) return
  licence.listedBy = null
  licence.save()
}

function loadMarketplace(address: Address): Marketplace {
  let marketplace = Marketplace.load(address)
  if (marketplace == null) {
    marketplace = new Marketplace(address)
    marketplace.owner = Bytes.empty()
  }
  return marketplace
}
