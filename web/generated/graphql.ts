/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** A new community of a network. */
export type AddCommunityInput = {
  /** Address that acts: one of yours or a published devnet account; your first one when left out. */
  from?: string | null | undefined;
  /** At most 100 bytes. */
  name: string;
  /** Which network. */
  networkId: string | number;
  /** When to answer. */
  waitFor?: WaitFor | null | undefined;
};

/** A new environment of a network or of one of its communities. */
export type AddEnvironmentInput = {
  /** Which community; the whole network when left out. */
  communityId?: string | number | null | undefined;
  /** Address that acts: one of yours or a published devnet account; your first one when left out. */
  from?: string | null | undefined;
  /** At most 100 bytes. */
  name: string;
  /** Which network. */
  networkId: string | number;
  /** When to answer. */
  waitFor?: WaitFor | null | undefined;
};

/** Conditions on agent rows; those of one object must all hold. */
export type Agent_Filter = {
  /** Filter for the block changed event. */
  _change_block?: BlockChangedFilter | null | undefined;
  active?: boolean | null | undefined;
  active_in?: Array<boolean> | null | undefined;
  active_not?: boolean | null | undefined;
  active_not_in?: Array<boolean> | null | undefined;
  agentId?: string | null | undefined;
  agentId_gt?: string | null | undefined;
  agentId_gte?: string | null | undefined;
  agentId_in?: Array<string> | null | undefined;
  agentId_lt?: string | null | undefined;
  agentId_lte?: string | null | undefined;
  agentId_not?: string | null | undefined;
  agentId_not_in?: Array<string> | null | undefined;
  and?: Array<Agent_Filter | null | undefined> | null | undefined;
  createdAt?: string | null | undefined;
  createdAtBlock?: string | null | undefined;
  createdAtBlock_gt?: string | null | undefined;
  createdAtBlock_gte?: string | null | undefined;
  createdAtBlock_in?: Array<string> | null | undefined;
  createdAtBlock_lt?: string | null | undefined;
  createdAtBlock_lte?: string | null | undefined;
  createdAtBlock_not?: string | null | undefined;
  createdAtBlock_not_in?: Array<string> | null | undefined;
  createdAt_gt?: string | null | undefined;
  createdAt_gte?: string | null | undefined;
  createdAt_in?: Array<string> | null | undefined;
  createdAt_lt?: string | null | undefined;
  createdAt_lte?: string | null | undefined;
  createdAt_not?: string | null | undefined;
  createdAt_not_in?: Array<string> | null | undefined;
  createdTransaction?: string | null | undefined;
  createdTransaction_contains?: string | null | undefined;
  createdTransaction_gt?: string | null | undefined;
  createdTransaction_gte?: string | null | undefined;
  createdTransaction_in?: Array<string> | null | undefined;
  createdTransaction_lt?: string | null | undefined;
  createdTransaction_lte?: string | null | undefined;
  createdTransaction_not?: string | null | undefined;
  createdTransaction_not_contains?: string | null | undefined;
  createdTransaction_not_in?: Array<string> | null | undefined;
  creator?: string | null | undefined;
  creator_contains?: string | null | undefined;
  creator_gt?: string | null | undefined;
  creator_gte?: string | null | undefined;
  creator_in?: Array<string> | null | undefined;
  creator_lt?: string | null | undefined;
  creator_lte?: string | null | undefined;
  creator_not?: string | null | undefined;
  creator_not_contains?: string | null | undefined;
  creator_not_in?: Array<string> | null | undefined;
  id?: string | number | null | undefined;
  id_gt?: string | number | null | undefined;
  id_gte?: string | number | null | undefined;
  id_in?: Array<string | number> | null | undefined;
  id_lt?: string | number | null | undefined;
  id_lte?: string | number | null | undefined;
  id_not?: string | number | null | undefined;
  id_not_in?: Array<string | number> | null | undefined;
  licenceCount?: number | null | undefined;
  licenceCount_gt?: number | null | undefined;
  licenceCount_gte?: number | null | undefined;
  licenceCount_in?: Array<number> | null | undefined;
  licenceCount_lt?: number | null | undefined;
  licenceCount_lte?: number | null | undefined;
  licenceCount_not?: number | null | undefined;
  licenceCount_not_in?: Array<number> | null | undefined;
  licences_?: Licence_Filter | null | undefined;
  metadataCID?: string | null | undefined;
  metadataCID_contains?: string | null | undefined;
  metadataCID_contains_nocase?: string | null | undefined;
  metadataCID_ends_with?: string | null | undefined;
  metadataCID_ends_with_nocase?: string | null | undefined;
  metadataCID_gt?: string | null | undefined;
  metadataCID_gte?: string | null | undefined;
  metadataCID_in?: Array<string> | null | undefined;
  metadataCID_lt?: string | null | undefined;
  metadataCID_lte?: string | null | undefined;
  metadataCID_not?: string | null | undefined;
  metadataCID_not_contains?: string | null | undefined;
  metadataCID_not_contains_nocase?: string | null | undefined;
  metadataCID_not_ends_with?: string | null | undefined;
  metadataCID_not_ends_with_nocase?: string | null | undefined;
  metadataCID_not_in?: Array<string> | null | undefined;
  metadataCID_not_starts_with?: string | null | undefined;
  metadataCID_not_starts_with_nocase?: string | null | undefined;
  metadataCID_starts_with?: string | null | undefined;
  metadataCID_starts_with_nocase?: string | null | undefined;
  or?: Array<Agent_Filter | null | undefined> | null | undefined;
  saleCount?: number | null | undefined;
  saleCount_gt?: number | null | undefined;
  saleCount_gte?: number | null | undefined;
  saleCount_in?: Array<number> | null | undefined;
  saleCount_lt?: number | null | undefined;
  saleCount_lte?: number | null | undefined;
  saleCount_not?: number | null | undefined;
  saleCount_not_in?: Array<number> | null | undefined;
  updatedAt?: string | null | undefined;
  updatedAt_gt?: string | null | undefined;
  updatedAt_gte?: string | null | undefined;
  updatedAt_in?: Array<string> | null | undefined;
  updatedAt_lt?: string | null | undefined;
  updatedAt_lte?: string | null | undefined;
  updatedAt_not?: string | null | undefined;
  updatedAt_not_in?: Array<string> | null | undefined;
  volume?: string | null | undefined;
  volume_gt?: string | null | undefined;
  volume_gte?: string | null | undefined;
  volume_in?: Array<string> | null | undefined;
  volume_lt?: string | null | undefined;
  volume_lte?: string | null | undefined;
  volume_not?: string | null | undefined;
  volume_not_in?: Array<string> | null | undefined;
};

/** What agent rows can be ordered by; ties are ordered by id. */
export type Agent_OrderBy =
  | 'active'
  | 'agentId'
  | 'createdAt'
  | 'createdAtBlock'
  | 'createdTransaction'
  | 'creator'
  | 'id'
  | 'licenceCount'
  | 'licences'
  | 'metadataCID'
  | 'saleCount'
  | 'updatedAt'
  | 'volume';

/** Rows that changed in or after a block. */
export type BlockChangedFilter = {
  /** The first block that counts. */
  number_gte: number;
};

/** What to buy. */
export type BuyAgentInput = {
  /** Address that acts: one of yours or a published devnet account; your first one when left out. */
  from?: string | null | undefined;
  /** An active listing. */
  listingId: string | number;
  /** Refuse to pay more; its price now when left out. */
  maxPrice?: string | null | undefined;
  /** When to answer. */
  waitFor?: WaitFor | null | undefined;
};

/** What a challenge is for; an answer to one is never taken for the other. */
export type ChallengePurpose =
  /** To link an address to the account that is signed in. */
  | 'LINK'
  /** To sign in. */
  | 'SIGN_IN';

/** A new network. */
export type CreateNetworkInput = {
  /** Address that acts: one of yours or a published devnet account; your first one when left out. */
  from?: string | null | undefined;
  /** Whether it asks to be listed. */
  isPublic: boolean;
  /** At most 512 bytes. */
  metadataURI?: string | null | undefined;
  /** At most 100 bytes. */
  name: string;
  /** When to answer. */
  waitFor?: WaitFor | null | undefined;
};

/** Who wants to prove a key: one of did and address. */
export type CreateSignInChallengeInput = {
  /** An Ethereum address, 0x hex. */
  address?: string | null | undefined;
  /** A did:aios. */
  did?: string | null | undefined;
  /** What for. */
  purpose?: ChallengePurpose | null | undefined;
};

/** A role for an account. */
export type GrantRoleInput = {
  /** Address that receives it. */
  account: string;
  /** Address that acts: one of yours or a published devnet account; your first one when left out. */
  from?: string | null | undefined;
  /** Which network. */
  networkId: string | number;
  /** Which role. */
  role: NetworkRole;
  /** When to answer. */
  waitFor?: WaitFor | null | undefined;
};

/** Conditions on licence rows; those of one object must all hold. */
export type Licence_Filter = {
  /** Filter for the block changed event. */
  _change_block?: BlockChangedFilter | null | undefined;
  agent?: string | null | undefined;
  agent_?: Agent_Filter | null | undefined;
  agent_contains?: string | null | undefined;
  agent_contains_nocase?: string | null | undefined;
  agent_ends_with?: string | null | undefined;
  agent_ends_with_nocase?: string | null | undefined;
  agent_gt?: string | null | undefined;
  agent_gte?: string | null | undefined;
  agent_in?: Array<string> | null | undefined;
  agent_lt?: string | null | undefined;
  agent_lte?: string | null | undefined;
  agent_not?: string | null | undefined;
  agent_not_contains?: string | null | undefined;
  agent_not_contains_nocase?: string | null | undefined;
  agent_not_ends_with?: string | null | undefined;
  agent_not_ends_with_nocase?: string | null | undefined;
  agent_not_in?: Array<string> | null | undefined;
  agent_not_starts_with?: string | null | undefined;
  agent_not_starts_with_nocase?: string | null | undefined;
  agent_starts_with?: string | null | undefined;
  agent_starts_with_nocase?: string | null | undefined;
  and?: Array<Licence_Filter | null | undefined> | null | undefined;
  approved?: string | null | undefined;
  approved_contains?: string | null | undefined;
  approved_gt?: string | null | undefined;
  approved_gte?: string | null | undefined;
  approved_in?: Array<string> | null | undefined;
  approved_lt?: string | null | undefined;
  approved_lte?: string | null | undefined;
  approved_not?: string | null | undefined;
  approved_not_contains?: string | null | undefined;
  approved_not_in?: Array<string> | null | undefined;
  burned?: boolean | null | undefined;
  burned_in?: Array<boolean> | null | undefined;
  burned_not?: boolean | null | undefined;
  burned_not_in?: Array<boolean> | null | undefined;
  collection?: string | null | undefined;
  collection_contains?: string | null | undefined;
  collection_gt?: string | null | undefined;
  collection_gte?: string | null | undefined;
  collection_in?: Array<string> | null | undefined;
  collection_lt?: string | null | undefined;
  collection_lte?: string | null | undefined;
  collection_not?: string | null | undefined;
  collection_not_contains?: string | null | undefined;
  collection_not_in?: Array<string> | null | undefined;
  creator?: string | null | undefined;
  creator_contains?: string | null | undefined;
  creator_gt?: string | null | undefined;
  creator_gte?: string | null | undefined;
  creator_in?: Array<string> | null | undefined;
  creator_lt?: string | null | undefined;
  creator_lte?: string | null | undefined;
  creator_not?: string | null | undefined;
  creator_not_contains?: string | null | undefined;
  creator_not_in?: Array<string> | null | undefined;
  id?: string | number | null | undefined;
  id_gt?: string | number | null | undefined;
  id_gte?: string | number | null | undefined;
  id_in?: Array<string | number> | null | undefined;
  id_lt?: string | number | null | undefined;
  id_lte?: string | number | null | undefined;
  id_not?: string | number | null | undefined;
  id_not_in?: Array<string | number> | null | undefined;
  listedBy?: string | null | undefined;
  listedBy_contains?: string | null | undefined;
  listedBy_gt?: string | null | undefined;
  listedBy_gte?: string | null | undefined;
  listedBy_in?: Array<string> | null | undefined;
  listedBy_lt?: string | null | undefined;
  listedBy_lte?: string | null | undefined;
  listedBy_not?: string | null | undefined;
  listedBy_not_contains?: string | null | undefined;
  listedBy_not_in?: Array<string> | null | undefined;
  listings_?: Listing_Filter | null | undefined;
  mintedAt?: string | null | undefined;
  mintedAt_gt?: string | null | undefined;
  mintedAt_gte?: string | null | undefined;
  mintedAt_in?: Array<string> | null | undefined;
  mintedAt_lt?: string | null | undefined;
  mintedAt_lte?: string | null | undefined;
  mintedAt_not?: string | null | undefined;
  mintedAt_not_in?: Array<string> | null | undefined;
  mintedTransaction?: string | null | undefined;
  mintedTransaction_contains?: string | null | undefined;
  mintedTransaction_gt?: string | null | undefined;
  mintedTransaction_gte?: string | null | undefined;
  mintedTransaction_in?: Array<string> | null | undefined;
  mintedTransaction_lt?: string | null | undefined;
  mintedTransaction_lte?: string | null | undefined;
  mintedTransaction_not?: string | null | undefined;
  mintedTransaction_not_contains?: string | null | undefined;
  mintedTransaction_not_in?: Array<string> | null | undefined;
  or?: Array<Licence_Filter | null | undefined> | null | undefined;
  owner?: string | null | undefined;
  owner_contains?: string | null | undefined;
  owner_gt?: string | null | undefined;
  owner_gte?: string | null | undefined;
  owner_in?: Array<string> | null | undefined;
  owner_lt?: string | null | undefined;
  owner_lte?: string | null | undefined;
  owner_not?: string | null | undefined;
  owner_not_contains?: string | null | undefined;
  owner_not_in?: Array<string> | null | undefined;
  royaltyBps?: number | null | undefined;
  royaltyBps_gt?: number | null | undefined;
  royaltyBps_gte?: number | null | undefined;
  royaltyBps_in?: Array<number> | null | undefined;
  royaltyBps_lt?: number | null | undefined;
  royaltyBps_lte?: number | null | undefined;
  royaltyBps_not?: number | null | undefined;
  royaltyBps_not_in?: Array<number> | null | undefined;
  sales_?: Sale_Filter | null | undefined;
  tokenId?: string | null | undefined;
  tokenId_gt?: string | null | undefined;
  tokenId_gte?: string | null | undefined;
  tokenId_in?: Array<string> | null | undefined;
  tokenId_lt?: string | null | undefined;
  tokenId_lte?: string | null | undefined;
  tokenId_not?: string | null | undefined;
  tokenId_not_in?: Array<string> | null | undefined;
  transferCount?: number | null | undefined;
  transferCount_gt?: number | null | undefined;
  transferCount_gte?: number | null | undefined;
  transferCount_in?: Array<number> | null | undefined;
  transferCount_lt?: number | null | undefined;
  transferCount_lte?: number | null | undefined;
  transferCount_not?: number | null | undefined;
  transferCount_not_in?: Array<number> | null | undefined;
};

/** What to list: a licence you hold, a new licence to your agent, or a new agent. */
export type ListAgentInput = {
  /** An agent you registered; a licence to it is minted. */
  agentId?: string | number | null | undefined;
  /** Address that acts: one of yours or a published devnet account; your first one when left out. */
  from?: string | null | undefined;
  /** A licence you hold. */
  licenceId?: string | number | null | undefined;
  /** Metadata of a new agent, which is registered first. */
  metadataCID?: string | null | undefined;
  /** AiOS, smallest unit. */
  price: string;
  /** Royalty of a new licence, 500 to 1500 basis points; 500 when left out. */
  royaltyBps?: number | null | undefined;
  /** When to answer. */
  waitFor?: WaitFor | null | undefined;
};

/** Values of listing status. */
export type ListingStatus =
  /** Active. */
  | 'ACTIVE'
  /** Cancelled. */
  | 'CANCELLED'
  /** Sold. */
  | 'SOLD';

/** Conditions on listing rows; those of one object must all hold. */
export type Listing_Filter = {
  /** Filter for the block changed event. */
  _change_block?: BlockChangedFilter | null | undefined;
  agent?: string | null | undefined;
  agent_?: Agent_Filter | null | undefined;
  agent_contains?: string | null | undefined;
  agent_contains_nocase?: string | null | undefined;
  agent_ends_with?: string | null | undefined;
  agent_ends_with_nocase?: string | null | undefined;
  agent_gt?: string | null | undefined;
  agent_gte?: string | null | undefined;
  agent_in?: Array<string> | null | undefined;
  agent_lt?: string | null | undefined;
  agent_lte?: string | null | undefined;
  agent_not?: string | null | undefined;
  agent_not_contains?: string | null | undefined;
  agent_not_contains_nocase?: string | null | undefined;
  agent_not_ends_with?: string | null | undefined;
  agent_not_ends_with_nocase?: string | null | undefined;
  agent_not_in?: Array<string> | null | undefined;
  agent_not_starts_with?: string | null | undefined;
  agent_not_starts_with_nocase?: string | null | undefined;
  agent_starts_with?: string | null | undefined;
  agent_starts_with_nocase?: string | null | undefined;
  amount?: string | null | undefined;
  amount_gt?: string | null | undefined;
  amount_gte?: string | null | undefined;
  amount_in?: Array<string> | null | undefined;
  amount_lt?: string | null | undefined;
  amount_lte?: string | null | undefined;
  amount_not?: string | null | undefined;
  amount_not_in?: Array<string> | null | undefined;
  and?: Array<Listing_Filter | null | undefined> | null | undefined;
  closedAt?: string | null | undefined;
  closedAt_gt?: string | null | undefined;
  closedAt_gte?: string | null | undefined;
  closedAt_in?: Array<string> | null | undefined;
  closedAt_lt?: string | null | undefined;
  closedAt_lte?: string | null | undefined;
  closedAt_not?: string | null | undefined;
  closedAt_not_in?: Array<string> | null | undefined;
  collection?: string | null | undefined;
  collection_contains?: string | null | undefined;
  collection_gt?: string | null | undefined;
  collection_gte?: string | null | undefined;
  collection_in?: Array<string> | null | undefined;
  collection_lt?: string | null | undefined;
  collection_lte?: string | null | undefined;
  collection_not?: string | null | undefined;
  collection_not_contains?: string | null | undefined;
  collection_not_in?: Array<string> | null | undefined;
  createdAt?: string | null | undefined;
  createdAt_gt?: string | null | undefined;
  createdAt_gte?: string | null | undefined;
  createdAt_in?: Array<string> | null | undefined;
  createdAt_lt?: string | null | undefined;
  createdAt_lte?: string | null | undefined;
  createdAt_not?: string | null | undefined;
  createdAt_not_in?: Array<string> | null | undefined;
  createdTransaction?: string | null | undefined;
  createdTransaction_contains?: string | null | undefined;
  createdTransaction_gt?: string | null | undefined;
  createdTransaction_gte?: string | null | undefined;
  createdTransaction_in?: Array<string> | null | undefined;
  createdTransaction_lt?: string | null | undefined;
  createdTransaction_lte?: string | null | undefined;
  createdTransaction_not?: string | null | undefined;
  createdTransaction_not_contains?: string | null | undefined;
  createdTransaction_not_in?: Array<string> | null | undefined;
  id?: string | number | null | undefined;
  id_gt?: string | number | null | undefined;
  id_gte?: string | number | null | undefined;
  id_in?: Array<string | number> | null | undefined;
  id_lt?: string | number | null | undefined;
  id_lte?: string | number | null | undefined;
  id_not?: string | number | null | undefined;
  id_not_in?: Array<string | number> | null | undefined;
  licence?: string | null | undefined;
  licence_?: Licence_Filter | null | undefined;
  licence_contains?: string | null | undefined;
  licence_contains_nocase?: string | null | undefined;
  licence_ends_with?: string | null | undefined;
  licence_ends_with_nocase?: string | null | undefined;
  licence_gt?: string | null | undefined;
  licence_gte?: string | null | undefined;
  licence_in?: Array<string> | null | undefined;
  licence_lt?: string | null | undefined;
  licence_lte?: string | null | undefined;
  licence_not?: string | null | undefined;
  licence_not_contains?: string | null | undefined;
  licence_not_contains_nocase?: string | null | undefined;
  licence_not_ends_with?: string | null | undefined;
  licence_not_ends_with_nocase?: string | null | undefined;
  licence_not_in?: Array<string> | null | undefined;
  licence_not_starts_with?: string | null | undefined;
  licence_not_starts_with_nocase?: string | null | undefined;
  licence_starts_with?: string | null | undefined;
  licence_starts_with_nocase?: string | null | undefined;
  listingId?: string | null | undefined;
  listingId_gt?: string | null | undefined;
  listingId_gte?: string | null | undefined;
  listingId_in?: Array<string> | null | undefined;
  listingId_lt?: string | null | undefined;
  listingId_lte?: string | null | undefined;
  listingId_not?: string | null | undefined;
  listingId_not_in?: Array<string> | null | undefined;
  or?: Array<Listing_Filter | null | undefined> | null | undefined;
  price?: string | null | undefined;
  price_gt?: string | null | undefined;
  price_gte?: string | null | undefined;
  price_in?: Array<string> | null | undefined;
  price_lt?: string | null | undefined;
  price_lte?: string | null | undefined;
  price_not?: string | null | undefined;
  price_not_in?: Array<string> | null | undefined;
  sale?: string | null | undefined;
  sale_?: Sale_Filter | null | undefined;
  sale_contains?: string | null | undefined;
  sale_contains_nocase?: string | null | undefined;
  sale_ends_with?: string | null | undefined;
  sale_ends_with_nocase?: string | null | undefined;
  sale_gt?: string | null | undefined;
  sale_gte?: string | null | undefined;
  sale_in?: Array<string> | null | undefined;
  sale_lt?: string | null | undefined;
  sale_lte?: string | null | undefined;
  sale_not?: string | null | undefined;
  sale_not_contains?: string | null | undefined;
  sale_not_contains_nocase?: string | null | undefined;
  sale_not_ends_with?: string | null | undefined;
  sale_not_ends_with_nocase?: string | null | undefined;
  sale_not_in?: Array<string> | null | undefined;
  sale_not_starts_with?: string | null | undefined;
  sale_not_starts_with_nocase?: string | null | undefined;
  sale_starts_with?: string | null | undefined;
  sale_starts_with_nocase?: string | null | undefined;
  seller?: string | null | undefined;
  seller_contains?: string | null | undefined;
  seller_gt?: string | null | undefined;
  seller_gte?: string | null | undefined;
  seller_in?: Array<string> | null | undefined;
  seller_lt?: string | null | undefined;
  seller_lte?: string | null | undefined;
  seller_not?: string | null | undefined;
  seller_not_contains?: string | null | undefined;
  seller_not_in?: Array<string> | null | undefined;
  status?: ListingStatus | null | undefined;
  status_in?: Array<ListingStatus> | null | undefined;
  status_not?: ListingStatus | null | undefined;
  status_not_in?: Array<ListingStatus> | null | undefined;
  tokenId?: string | null | undefined;
  tokenId_gt?: string | null | undefined;
  tokenId_gte?: string | null | undefined;
  tokenId_in?: Array<string> | null | undefined;
  tokenId_lt?: string | null | undefined;
  tokenId_lte?: string | null | undefined;
  tokenId_not?: string | null | undefined;
  tokenId_not_in?: Array<string> | null | undefined;
};

/** What listing rows can be ordered by; ties are ordered by id. */
export type Listing_OrderBy =
  | 'agent'
  | 'agent__active'
  | 'agent__agentId'
  | 'agent__createdAt'
  | 'agent__createdAtBlock'
  | 'agent__createdTransaction'
  | 'agent__creator'
  | 'agent__id'
  | 'agent__licenceCount'
  | 'agent__metadataCID'
  | 'agent__saleCount'
  | 'agent__updatedAt'
  | 'agent__volume'
  | 'amount'
  | 'closedAt'
  | 'collection'
  | 'createdAt'
  | 'createdTransaction'
  | 'id'
  | 'licence'
  | 'licence__approved'
  | 'licence__burned'
  | 'licence__collection'
  | 'licence__creator'
  | 'licence__id'
  | 'licence__listedBy'
  | 'licence__mintedAt'
  | 'licence__mintedTransaction'
  | 'licence__owner'
  | 'licence__royaltyBps'
  | 'licence__tokenId'
  | 'licence__transferCount'
  | 'listingId'
  | 'price'
  | 'sale'
  | 'sale__amount'
  | 'sale__block'
  | 'sale__burned'
  | 'sale__buyback'
  | 'sale__buyer'
  | 'sale__collection'
  | 'sale__fee'
  | 'sale__id'
  | 'sale__price'
  | 'sale__proceeds'
  | 'sale__royalty'
  | 'sale__royaltyReceiver'
  | 'sale__seller'
  | 'sale__timestamp'
  | 'sale__tokenId'
  | 'sale__transaction'
  | 'sale__treasury'
  | 'seller'
  | 'status'
  | 'tokenId';

/** The roles a network knows by name. */
export type NetworkRole =
  /** Governs it as the owner does. */
  | 'ADMIN'
  /** Looks on. */
  | 'AUDITOR'
  /** Takes part. */
  | 'MEMBER'
  /** Adds and removes environments. */
  | 'OPERATOR';

/** Ascending or descending. */
export type OrderDirection =
  /** Smallest first; nulls last. */
  | 'asc'
  /** Largest first; nulls first. */
  | 'desc';

/** What keeps a session going. */
export type RefreshSessionInput = {
  /** The newest one. */
  refreshToken: string;
};

/** Conditions on sale rows; those of one object must all hold. */
export type Sale_Filter = {
  /** Filter for the block changed event. */
  _change_block?: BlockChangedFilter | null | undefined;
  agent?: string | null | undefined;
  agent_?: Agent_Filter | null | undefined;
  agent_contains?: string | null | undefined;
  agent_contains_nocase?: string | null | undefined;
  agent_ends_with?: string | null | undefined;
  agent_ends_with_nocase?: string | null | undefined;
  agent_gt?: string | null | undefined;
  agent_gte?: string | null | undefined;
  agent_in?: Array<string> | null | undefined;
  agent_lt?: string | null | undefined;
  agent_lte?: string | null | undefined;
  agent_not?: string | null | undefined;
  agent_not_contains?: string | null | undefined;
  agent_not_contains_nocase?: string | null | undefined;
  agent_not_ends_with?: string | null | undefined;
  agent_not_ends_with_nocase?: string | null | undefined;
  agent_not_in?: Array<string> | null | undefined;
  agent_not_starts_with?: string | null | undefined;
  agent_not_starts_with_nocase?: string | null | undefined;
  agent_starts_with?: string | null | undefined;
  agent_starts_with_nocase?: string | null | undefined;
  amount?: string | null | undefined;
  amount_gt?: string | null | undefined;
  amount_gte?: string | null | undefined;
  amount_in?: Array<string> | null | undefined;
  amount_lt?: string | null | undefined;
  amount_lte?: string | null | undefined;
  amount_not?: string | null | undefined;
  amount_not_in?: Array<string> | null | undefined;
  and?: Array<Sale_Filter | null | undefined> | null | undefined;
  block?: string | null | undefined;
  block_gt?: string | null | undefined;
  block_gte?: string | null | undefined;
  block_in?: Array<string> | null | undefined;
  block_lt?: string | null | undefined;
  block_lte?: string | null | undefined;
  block_not?: string | null | undefined;
  block_not_in?: Array<string> | null | undefined;
  burned?: string | null | undefined;
  burned_gt?: string | null | undefined;
  burned_gte?: string | null | undefined;
  burned_in?: Array<string> | null | undefined;
  burned_lt?: string | null | undefined;
  burned_lte?: string | null | undefined;
  burned_not?: string | null | undefined;
  burned_not_in?: Array<string> | null | undefined;
  buyback?: string | null | undefined;
  buyback_gt?: string | null | undefined;
  buyback_gte?: string | null | undefined;
  buyback_in?: Array<string> | null | undefined;
  buyback_lt?: string | null | undefined;
  buyback_lte?: string | null | undefined;
  buyback_not?: string | null | undefined;
  buyback_not_in?: Array<string> | null | undefined;
  buyer?: string | null | undefined;
  buyer_contains?: string | null | undefined;
  buyer_gt?: string | null | undefined;
  buyer_gte?: string | null | undefined;
  buyer_in?: Array<string> | null | undefined;
  buyer_lt?: string | null | undefined;
  buyer_lte?: string | null | undefined;
  buyer_not?: string | null | undefined;
  buyer_not_contains?: string | null | undefined;
  buyer_not_in?: Array<string> | null | undefined;
  collection?: string | null | undefined;
  collection_contains?: string | null | undefined;
  collection_gt?: string | null | undefined;
  collection_gte?: string | null | undefined;
  collection_in?: Array<string> | null | undefined;
  collection_lt?: string | null | undefined;
  collection_lte?: string | null | undefined;
  collection_not?: string | null | undefined;
  collection_not_contains?: string | null | undefined;
  collection_not_in?: Array<string> | null | undefined;
  fee?: string | null | undefined;
  fee_gt?: string | null | undefined;
  fee_gte?: string | null | undefined;
  fee_in?: Array<string> | null | undefined;
  fee_lt?: string | null | undefined;
  fee_lte?: string | null | undefined;
  fee_not?: string | null | undefined;
  fee_not_in?: Array<string> | null | undefined;
  id?: string | number | null | undefined;
  id_contains?: string | number | null | undefined;
  id_gt?: string | number | null | undefined;
  id_gte?: string | number | null | undefined;
  id_in?: Array<string | number> | null | undefined;
  id_lt?: string | number | null | undefined;
  id_lte?: string | number | null | undefined;
  id_not?: string | number | null | undefined;
  id_not_contains?: string | number | null | undefined;
  id_not_in?: Array<string | number> | null | undefined;
  licence?: string | null | undefined;
  licence_?: Licence_Filter | null | undefined;
  licence_contains?: string | null | undefined;
  licence_contains_nocase?: string | null | undefined;
  licence_ends_with?: string | null | undefined;
  licence_ends_with_nocase?: string | null | undefined;
  licence_gt?: string | null | undefined;
  licence_gte?: string | null | undefined;
  licence_in?: Array<string> | null | undefined;
  licence_lt?: string | null | undefined;
  licence_lte?: string | null | undefined;
  licence_not?: string | null | undefined;
  licence_not_contains?: string | null | undefined;
  licence_not_contains_nocase?: string | null | undefined;
  licence_not_ends_with?: string | null | undefined;
  licence_not_ends_with_nocase?: string | null | undefined;
  licence_not_in?: Array<string> | null | undefined;
  licence_not_starts_with?: string | null | undefined;
  licence_not_starts_with_nocase?: string | null | undefined;
  licence_starts_with?: string | null | undefined;
  licence_starts_with_nocase?: string | null | undefined;
  listing?: string | null | undefined;
  listing_?: Listing_Filter | null | undefined;
  listing_contains?: string | null | undefined;
  listing_contains_nocase?: string | null | undefined;
  listing_ends_with?: string | null | undefined;
  listing_ends_with_nocase?: string | null | undefined;
  listing_gt?: string | null | undefined;
  listing_gte?: string | null | undefined;
  listing_in?: Array<string> | null | undefined;
  listing_lt?: string | null | undefined;
  listing_lte?: string | null | undefined;
  listing_not?: string | null | undefined;
  listing_not_contains?: string | null | undefined;
  listing_not_contains_nocase?: string | null | undefined;
  listing_not_ends_with?: string | null | undefined;
  listing_not_ends_with_nocase?: string | null | undefined;
  listing_not_in?: Array<string> | null | undefined;
  listing_not_starts_with?: string | null | undefined;
  listing_not_starts_with_nocase?: string | null | undefined;
  listing_starts_with?: string | null | undefined;
  listing_starts_with_nocase?: string | null | undefined;
  or?: Array<Sale_Filter | null | undefined> | null | undefined;
  price?: string | null | undefined;
  price_gt?: string | null | undefined;
  price_gte?: string | null | undefined;
  price_in?: Array<string> | null | undefined;
  price_lt?: string | null | undefined;
  price_lte?: string | null | undefined;
  price_not?: string | null | undefined;
  price_not_in?: Array<string> | null | undefined;
  proceeds?: string | null | undefined;
  proceeds_gt?: string | null | undefined;
  proceeds_gte?: string | null | undefined;
  proceeds_in?: Array<string> | null | undefined;
  proceeds_lt?: string | null | undefined;
  proceeds_lte?: string | null | undefined;
  proceeds_not?: string | null | undefined;
  proceeds_not_in?: Array<string> | null | undefined;
  royalty?: string | null | undefined;
  royaltyReceiver?: string | null | undefined;
  royaltyReceiver_contains?: string | null | undefined;
  royaltyReceiver_gt?: string | null | undefined;
  royaltyReceiver_gte?: string | null | undefined;
  royaltyReceiver_in?: Array<string> | null | undefined;
  royaltyReceiver_lt?: string | null | undefined;
  royaltyReceiver_lte?: string | null | undefined;
  royaltyReceiver_not?: string | null | undefined;
  royaltyReceiver_not_contains?: string | null | undefined;
  royaltyReceiver_not_in?: Array<string> | null | undefined;
  royalty_gt?: string | null | undefined;
  royalty_gte?: string | null | undefined;
  royalty_in?: Array<string> | null | undefined;
  royalty_lt?: string | null | undefined;
  royalty_lte?: string | null | undefined;
  royalty_not?: string | null | undefined;
  royalty_not_in?: Array<string> | null | undefined;
  seller?: string | null | undefined;
  seller_contains?: string | null | undefined;
  seller_gt?: string | null | undefined;
  seller_gte?: string | null | undefined;
  seller_in?: Array<string> | null | undefined;
  seller_lt?: string | null | undefined;
  seller_lte?: string | null | undefined;
  seller_not?: string | null | undefined;
  seller_not_contains?: string | null | undefined;
  seller_not_in?: Array<string> | null | undefined;
  timestamp?: string | null | undefined;
  timestamp_gt?: string | null | undefined;
  timestamp_gte?: string | null | undefined;
  timestamp_in?: Array<string> | null | undefined;
  timestamp_lt?: string | null | undefined;
  timestamp_lte?: string | null | undefined;
  timestamp_not?: string | null | undefined;
  timestamp_not_in?: Array<string> | null | undefined;
  tokenId?: string | null | undefined;
  tokenId_gt?: string | null | undefined;
  tokenId_gte?: string | null | undefined;
  tokenId_in?: Array<string> | null | undefined;
  tokenId_lt?: string | null | undefined;
  tokenId_lte?: string | null | undefined;
  tokenId_not?: string | null | undefined;
  tokenId_not_in?: Array<string> | null | undefined;
  transaction?: string | null | undefined;
  transaction_contains?: string | null | undefined;
  transaction_gt?: string | null | undefined;
  transaction_gte?: string | null | undefined;
  transaction_in?: Array<string> | null | undefined;
  transaction_lt?: string | null | undefined;
  transaction_lte?: string | null | undefined;
  transaction_not?: string | null | undefined;
  transaction_not_contains?: string | null | undefined;
  transaction_not_in?: Array<string> | null | undefined;
  treasury?: string | null | undefined;
  treasury_gt?: string | null | undefined;
  treasury_gte?: string | null | undefined;
  treasury_in?: Array<string> | null | undefined;
  treasury_lt?: string | null | undefined;
  treasury_lte?: string | null | undefined;
  treasury_not?: string | null | undefined;
  treasury_not_in?: Array<string> | null | undefined;
};

/** The answer to a challenge. */
export type SignInInput = {
  /** Compared with the challenge when given. */
  address?: string | null | undefined;
  /** Which challenge. */
  challengeId: string | number;
  /** Compared with the challenge when given. */
  did?: string | null | undefined;
  /** The text that was signed; compared with the challenge when given. */
  message?: string | null | undefined;
  /** Less than everything: of "read" and "write". */
  scopes?: Array<string> | null | undefined;
  /** 0x hex: 64 bytes of ed25519, or a wallet signature. */
  signature: string;
};

/** How far a transaction has come. */
export type TransactionStatus =
  /** In a block. */
  | 'INCLUDED'
  /** In a block, and its result can be queried. */
  | 'INDEXED'
  /** In a block, but the contract refused it. */
  | 'REVERTED'
  /** Accepted for inclusion. */
  | 'SUBMITTED'
  /** Nothing was sent: it is for the user's wallet to sign, or it was refused. */
  | 'UNSIGNED';

/** What to change: a field left out stays, null clears it. */
export type UpdateNetworkProfileInput = {
  /** At most 2,000 characters. */
  description?: string | null | undefined;
  /** A CID. */
  logoCid?: string | null | undefined;
  /** Which network. */
  networkId: string | number;
  /** An http or https URL, at most 300 characters. */
  site?: string | null | undefined;
  /** At most 16 of at most 32 letters, digits and "-". */
  tags?: Array<string> | null | undefined;
};

/** Whether a network asks to be listed. Both kinds are indexed, for everybody to read. */
export type Visibility =
  /** Not listed unless asked for. */
  | 'PRIVATE'
  /** Listed. */
  | 'PUBLIC';

/** How far to follow a transaction before answering; never longer than 30 seconds. */
export type WaitFor =
  /** It is in a block. */
  | 'INCLUDED'
  /** Its result can be queried; only then is the entity in the payload set. */
  | 'INDEXED'
  /** The chain has accepted it for inclusion. */
  | 'SUBMITTED';

export type AccountPageQueryVariables = Exact<{
  address: string;
  bytes: string;
  holder: string | number;
}>;


export type AccountPageQuery = { account: { id: string, did: string | null, addresses: Array<string> } | null, holder: { id: string, balance: string, votes: string, transferCount: number } | null, networks: Array<{ id: string, name: string, owner: string, isPublic: boolean, memberCount: number, communityCount: number, environmentCount: number, createdAt: string }>, members: Array<{ id: string, roles: Array<string>, joinedAt: string, network: { id: string, name: string } }>, licences: Array<{ id: string, royaltyBps: number, mintedAt: string, agent: { id: string, metadata: { name: string | null } | null } }>, sales: Array<{ id: string, price: string, fee: string, royalty: string, proceeds: string, seller: string, buyer: string, tokenId: string, timestamp: string, transaction: string, licence: { id: string } | null, agent: { id: string, metadata: { name: string | null } | null } | null }> };

export type AgentPageQueryVariables = Exact<{
  id: string | number;
}>;


export type AgentPageQuery = { agent: { id: string, creator: string, metadataCID: string, active: boolean, licenceCount: number, saleCount: number, volume: string, createdAt: string, createdAtBlock: string, createdTransaction: string, metadata: { name: string | null, description: string | null, publisher: string | null, site: string | null, category: string | null } | null, creatorAccount: { id: string, did: string | null, addresses: Array<string> } | null, licences: Array<{ id: string, owner: string, royaltyBps: number, burned: boolean, mintedAt: string }> } | null };

export type SearchNetworksQueryVariables = Exact<{
  query?: string | null | undefined;
  tags?: Array<string> | string | null | undefined;
  visibility?: Visibility | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SearchNetworksQuery = { searchNetworks: { totalCount: number, edges: Array<{ cursor: string, score: number, network: { id: string, name: string, owner: string, isPublic: boolean, memberCount: number, communityCount: number, environmentCount: number, createdAt: string, profile: { description: string | null, tags: Array<string> } | null, metadata: { description: string | null } | null } | null }>, pageInfo: { endCursor: string | null, hasNextPage: boolean }, facets: { tags: Array<{ value: string, count: number }>, visibility: Array<{ value: Visibility, count: number }> } } };

export type DirectoryTotalsFieldsFragment = { id: string, networks: number, publicNetworks: number, communities: number, environments: number, members: number, activeGrants: number };

export type MarketTotalsFieldsFragment = { id: string, agents: number, licences: number, listings: number, activeListings: number, sales: number, volume: string, fees: string, feesBurned: string, feesBuyback: string, feesTreasury: string, royalties: string, tokenBurned: string, tokenSupply: string, holders: number };

export type AgentNameFragment = { id: string, metadata: { name: string | null } | null };

export type NetworkRowFragment = { id: string, name: string, owner: string, isPublic: boolean, memberCount: number, communityCount: number, environmentCount: number, createdAt: string };

export type SaleRowFragment = { id: string, price: string, fee: string, royalty: string, proceeds: string, seller: string, buyer: string, tokenId: string, timestamp: string, transaction: string, licence: { id: string } | null, agent: { id: string, metadata: { name: string | null } | null } | null };

export type ListingRowFragment = { id: string, tokenId: string, amount: string, price: string, seller: string, status: ListingStatus, createdAt: string, closedAt: string | null, licence: { id: string, royaltyBps: number } | null, agent: { id: string, metadata: { name: string | null } | null } | null };

export type TransactionFieldsFragment = { hash: string | null, status: TransactionStatus, unsigned: { to: string, data: string, value: string, chainId: number, summary: string, final: boolean } | null };

export type HomeQueryVariables = Exact<{
  first: number;
}>;


export type HomeQuery = { directoryTotals: { id: string, networks: number, publicNetworks: number, communities: number, environments: number, members: number, activeGrants: number } | null, marketTotals: { id: string, agents: number, licences: number, listings: number, activeListings: number, sales: number, volume: string, fees: string, feesBurned: string, feesBuyback: string, feesTreasury: string, royalties: string, tokenBurned: string, tokenSupply: string, holders: number } | null, networks: Array<{ id: string, name: string, owner: string, isPublic: boolean, memberCount: number, communityCount: number, environmentCount: number, createdAt: string }> };

export type MarketPageQueryVariables = Exact<{
  days: number;
}>;


export type MarketPageQuery = { marketTotals: { id: string, agents: number, licences: number, listings: number, activeListings: number, sales: number, volume: string, fees: string, feesBurned: string, feesBuyback: string, feesTreasury: string, royalties: string, tokenBurned: string, tokenSupply: string, holders: number } | null, marketDays: Array<{ id: string, dayStart: string, sales: number, volume: string, fees: string, burned: string, royalties: string }> };

export type FeePoliciesQueryVariables = Exact<{ [key: string]: never; }>;


export type FeePoliciesQuery = { feePolicies: Array<{ id: string, feeBps: number, burnBps: number, buybackBps: number, treasuryBps: number }> };

export type ListingsQueryVariables = Exact<{
  first: number;
  skip: number;
  where?: Listing_Filter | null | undefined;
  orderBy?: Listing_OrderBy | null | undefined;
  orderDirection?: OrderDirection | null | undefined;
}>;


export type ListingsQuery = { listings: Array<{ id: string, tokenId: string, amount: string, price: string, seller: string, status: ListingStatus, createdAt: string, closedAt: string | null, licence: { id: string, royaltyBps: number } | null, agent: { id: string, metadata: { name: string | null } | null } | null }> };

export type AgentsQueryVariables = Exact<{
  first: number;
  skip: number;
  orderBy?: Agent_OrderBy | null | undefined;
  orderDirection?: OrderDirection | null | undefined;
}>;


export type AgentsQuery = { agents: Array<{ creator: string, metadataCID: string, active: boolean, licenceCount: number, saleCount: number, volume: string, createdAt: string, id: string, metadata: { name: string | null } | null }> };

export type SalesQueryVariables = Exact<{
  first: number;
  where?: Sale_Filter | null | undefined;
}>;


export type SalesQuery = { sales: Array<{ id: string, price: string, fee: string, royalty: string, proceeds: string, seller: string, buyer: string, tokenId: string, timestamp: string, transaction: string, licence: { id: string } | null, agent: { id: string, metadata: { name: string | null } | null } | null }> };

export type SaleEventsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type SaleEventsSubscription = { saleEvents: { cursor: string, reverted: boolean, saleId: string, sale: { id: string, price: string, fee: string, royalty: string, proceeds: string, seller: string, buyer: string, tokenId: string, timestamp: string, transaction: string, licence: { id: string } | null, agent: { id: string, metadata: { name: string | null } | null } | null } | null } };

export type ListAgentMutationVariables = Exact<{
  input: ListAgentInput;
}>;


export type ListAgentMutation = { listAgent: { transaction: { hash: string | null, status: TransactionStatus, unsigned: { to: string, data: string, value: string, chainId: number, summary: string, final: boolean } | null } | null, listing: { id: string, agent: { id: string } | null } | null, error: { code: string, message: string } | null } };

export type BuyAgentMutationVariables = Exact<{
  input: BuyAgentInput;
}>;


export type BuyAgentMutation = { buyAgent: { transaction: { hash: string | null, status: TransactionStatus, unsigned: { to: string, data: string, value: string, chainId: number, summary: string, final: boolean } | null } | null, sale: { id: string, price: string, fee: string, royalty: string, proceeds: string, seller: string, buyer: string, tokenId: string, timestamp: string, transaction: string, licence: { id: string } | null, agent: { id: string, metadata: { name: string | null } | null } | null } | null, error: { code: string, message: string } | null } };

export type NetworkPageQueryVariables = Exact<{
  id: string | number;
}>;


export type NetworkPageQuery = { network: { creator: string, metadataURI: string, createdAtBlock: string, createdTransaction: string, updatedAt: string, viewerCanEdit: boolean, id: string, name: string, owner: string, isPublic: boolean, memberCount: number, communityCount: number, environmentCount: number, createdAt: string, profile: { description: string | null, site: string | null, tags: Array<string>, logoCid: string | null, updatedAt: string } | null, metadata: { description: string | null, site: string | null } | null, communities: Array<{ id: string, name: string, removed: boolean, createdAt: string }>, environments: Array<{ id: string, name: string, removed: boolean, createdAt: string, community: { id: string, name: string } | null }>, members: Array<{ id: string, address: string, roles: Array<string>, active: boolean, joinedAt: string }>, roleGrants: Array<{ id: string, roleName: string, account: string, grantedBy: string, grantedAt: string, active: boolean, revokedBy: string | null, revokedAt: string | null }> } | null };

export type NetworkTransfersQueryVariables = Exact<{
  network: string;
}>;


export type NetworkTransfersQuery = { networkTransfers: Array<{ id: string, from: string, to: string, timestamp: string, block: string, transaction: string }> };

export type ProfileFieldsFragment = { description: string | null, site: string | null, tags: Array<string>, logoCid: string | null, updatedAt: string };

export type UpdateNetworkProfileMutationVariables = Exact<{
  input: UpdateNetworkProfileInput;
}>;


export type UpdateNetworkProfileMutation = { updateNetworkProfile: { network: { id: string, viewerCanEdit: boolean, profile: { description: string | null, site: string | null, tags: Array<string>, logoCid: string | null, updatedAt: string } | null } | null, error: { code: string, message: string } | null } };

export type CreateNetworkMutationVariables = Exact<{
  input: CreateNetworkInput;
}>;


export type CreateNetworkMutation = { createNetwork: { transaction: { hash: string | null, status: TransactionStatus, unsigned: { to: string, data: string, value: string, chainId: number, summary: string, final: boolean } | null } | null, network: { id: string, name: string, owner: string, isPublic: boolean, memberCount: number, communityCount: number, environmentCount: number, createdAt: string } | null, error: { code: string, message: string } | null } };

export type AddCommunityMutationVariables = Exact<{
  input: AddCommunityInput;
}>;


export type AddCommunityMutation = { addCommunity: { transaction: { hash: string | null, status: TransactionStatus, unsigned: { to: string, data: string, value: string, chainId: number, summary: string, final: boolean } | null } | null, community: { id: string, name: string } | null, error: { code: string, message: string } | null } };

export type AddEnvironmentMutationVariables = Exact<{
  input: AddEnvironmentInput;
}>;


export type AddEnvironmentMutation = { addEnvironment: { transaction: { hash: string | null, status: TransactionStatus, unsigned: { to: string, data: string, value: string, chainId: number, summary: string, final: boolean } | null } | null, environment: { id: string, name: string } | null, error: { code: string, message: string } | null } };

export type GrantRoleMutationVariables = Exact<{
  input: GrantRoleInput;
}>;


export type GrantRoleMutation = { grantRole: { transaction: { hash: string | null, status: TransactionStatus, unsigned: { to: string, data: string, value: string, chainId: number, summary: string, final: boolean } | null } | null, roleGrant: { id: string, roleName: string } | null, error: { code: string, message: string } | null } };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { me: { did: string, scopes: Array<string>, expiresAt: string, account: { id: string, addresses: Array<string> } } | null };

export type CreateSignInChallengeMutationVariables = Exact<{
  input: CreateSignInChallengeInput;
}>;


export type CreateSignInChallengeMutation = { createSignInChallenge: { challenge: { id: string, message: string, expiresAt: string } | null, error: { code: string, message: string } | null } };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { signIn: { session: { accessToken: string, refreshToken: string, expiresAt: string, did: string } | null, error: { code: string, message: string } | null } };

export type RefreshSessionMutationVariables = Exact<{
  input: RefreshSessionInput;
}>;


export type RefreshSessionMutation = { refreshSession: { session: { accessToken: string, refreshToken: string, expiresAt: string, did: string } | null, error: { code: string, message: string } | null } };

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { signOut: { ok: boolean } };

export type StatusQueryVariables = Exact<{ [key: string]: never; }>;


export type StatusQuery = { deployments: Array<{ id: string, name: string, alias: string | null, chain: string, synced: boolean, health: string, lagBlocks: number | null, entityCount: number | null, head: { number: number, hash: string | null } | null, chainHead: { number: number } | null, error: { message: string, block: number | null, handler: string | null } | null }>, chains: Array<{ name: string, chainId: string, source: string, lagMs: number | null, head: { number: number, hash: string | null, timestamp: string | null } | null }> };

export type PlatformQueryVariables = Exact<{ [key: string]: never; }>;


export type PlatformQuery = { platform: { version: string, devnet: boolean, chainId: number, contracts: Array<{ name: string, address: string }>, devnetAccounts: Array<{ address: string, label: string }> } };

export const DirectoryTotalsFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DirectoryTotalsFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DirectoryTotals"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"networks"}},{"kind":"Field","name":{"kind":"Name","value":"publicNetworks"}},{"kind":"Field","name":{"kind":"Name","value":"communities"}},{"kind":"Field","name":{"kind":"Name","value":"environments"}},{"kind":"Field","name":{"kind":"Name","value":"members"}},{"kind":"Field","name":{"kind":"Name","value":"activeGrants"}}]}}]} as unknown as DocumentNode<DirectoryTotalsFieldsFragment, unknown>;
export const MarketTotalsFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MarketTotalsFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MarketTotals"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"agents"}},{"kind":"Field","name":{"kind":"Name","value":"licences"}},{"kind":"Field","name":{"kind":"Name","value":"listings"}},{"kind":"Field","name":{"kind":"Name","value":"activeListings"}},{"kind":"Field","name":{"kind":"Name","value":"sales"}},{"kind":"Field","name":{"kind":"Name","value":"volume"}},{"kind":"Field","name":{"kind":"Name","value":"fees"}},{"kind":"Field","name":{"kind":"Name","value":"feesBurned"}},{"kind":"Field","name":{"kind":"Name","value":"feesBuyback"}},{"kind":"Field","name":{"kind":"Name","value":"feesTreasury"}},{"kind":"Field","name":{"kind":"Name","value":"royalties"}},{"kind":"Field","name":{"kind":"Name","value":"tokenBurned"}},{"kind":"Field","name":{"kind":"Name","value":"tokenSupply"}},{"kind":"Field","name":{"kind":"Name","value":"holders"}}]}}]} as unknown as DocumentNode<MarketTotalsFieldsFragment, unknown>;
export const NetworkRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"NetworkRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Network"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"owner"}},{"kind":"Field","name":{"kind":"Name","value":"isPublic"}},{"kind":"Field","name":{"kind":"Name","value":"memberCount"}},{"kind":"Field","name":{"kind":"Name","value":"communityCount"}},{"kind":"Field","name":{"kind":"Name","value":"environmentCount"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}}]} as unknown as DocumentNode<NetworkRowFragment, unknown>;
export const AgentNameFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AgentName"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Agent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"metadata"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<AgentNameFragment, unknown>;
export const SaleRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SaleRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Sale"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"price"}},{"kind":"Field","name":{"kind":"Name","value":"fee"}},{"kind":"Field","name":{"kind":"Name","value":"royalty"}},{"kind":"Field","name":{"kind":"Name","value":"proceeds"}},{"kind":"Field","name":{"kind":"Name","value":"seller"}},{"kind":"Field","name":{"kind":"Name","value":"buyer"}},{"kind":"Field","name":{"kind":"Name","value":"tokenId"}},{"kind":"Field","name":{"kind":"Name","value":"timestamp"}},{"kind":"Field","name":{"kind":"Name","value":"transaction"}},{"kind":"Field","name":{"kind":"Name","value":"licence"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"AgentName"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AgentName"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Agent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"metadata"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<SaleRowFragment, unknown>;
export const ListingRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ListingRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Listing"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tokenId"}},{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"price"}},{"kind":"Field","name":{"kind":"Name","value":"seller"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"closedAt"}},{"kind":"Field","name":{"kind":"Name","value":"licence"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"royaltyBps"}}]}},{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"AgentName"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AgentName"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Agent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"metadata"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<ListingRowFragment, unknown>;
export const TransactionFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TransactionFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ActionTransaction"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hash"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"unsigned"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"chainId"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"final"}}]}}]}}]} as unknown as DocumentNode<TransactionFieldsFragment, unknown>;
export const ProfileFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProfileFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NetworkProfile"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"site"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"logoCid"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}}]} as unknown as DocumentNode<ProfileFieldsFragment, unknown>;
export const AccountPageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"AccountPage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"address"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"bytes"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Bytes"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"holder"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"account"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"address"},"value":{"kind":"Variable","name":{"kind":"Name","value":"address"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"did"}},{"kind":"Field","name":{"kind":"Name","value":"addresses"}}]}},{"kind":"Field","name":{"kind":"Name","value":"holder"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"holder"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"balance"}},{"kind":"Field","name":{"kind":"Name","value":"votes"}},{"kind":"Field","name":{"kind":"Name","value":"transferCount"}}]}},{"kind":"Field","name":{"kind":"Name","value":"networks"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}},{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"owner"},"value":{"kind":"Variable","name":{"kind":"Name","value":"bytes"}}}]}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"createdAt"}},{"kind":"Argument","name":{"kind":"Name","value":"orderDirection"},"value":{"kind":"EnumValue","value":"desc"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"NetworkRow"}}]}},{"kind":"Field","name":{"kind":"Name","value":"members"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}},{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"address"},"value":{"kind":"Variable","name":{"kind":"Name","value":"bytes"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"active"},"value":{"kind":"BooleanValue","value":true}}]}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"joinedAt"}},{"kind":"Argument","name":{"kind":"Name","value":"orderDirection"},"value":{"kind":"EnumValue","value":"desc"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}},{"kind":"Field","name":{"kind":"Name","value":"joinedAt"}},{"kind":"Field","name":{"kind":"Name","value":"network"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"licences"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}},{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"owner"},"value":{"kind":"Variable","name":{"kind":"Name","value":"bytes"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"burned"},"value":{"kind":"BooleanValue","value":false}}]}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"mintedAt"}},{"kind":"Argument","name":{"kind":"Name","value":"orderDirection"},"value":{"kind":"EnumValue","value":"desc"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"royaltyBps"}},{"kind":"Field","name":{"kind":"Name","value":"mintedAt"}},{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"AgentName"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"sales"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}},{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"or"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"seller"},"value":{"kind":"Variable","name":{"kind":"Name","value":"bytes"}}}]},{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"buyer"},"value":{"kind":"Variable","name":{"kind":"Name","value":"bytes"}}}]}]}}]}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"timestamp"}},{"kind":"Argument","name":{"kind":"Name","value":"orderDirection"},"value":{"kind":"EnumValue","value":"desc"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SaleRow"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AgentName"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Agent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"metadata"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"NetworkRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Network"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"owner"}},{"kind":"Field","name":{"kind":"Name","value":"isPublic"}},{"kind":"Field","name":{"kind":"Name","value":"memberCount"}},{"kind":"Field","name":{"kind":"Name","value":"communityCount"}},{"kind":"Field","name":{"kind":"Name","value":"environmentCount"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SaleRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Sale"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"price"}},{"kind":"Field","name":{"kind":"Name","value":"fee"}},{"kind":"Field","name":{"kind":"Name","value":"royalty"}},{"kind":"Field","name":{"kind":"Name","value":"proceeds"}},{"kind":"Field","name":{"kind":"Name","value":"seller"}},{"kind":"Field","name":{"kind":"Name","value":"buyer"}},{"kind":"Field","name":{"kind":"Name","value":"tokenId"}},{"kind":"Field","name":{"kind":"Name","value":"timestamp"}},{"kind":"Field","name":{"kind":"Name","value":"transaction"}},{"kind":"Field","name":{"kind":"Name","value":"licence"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"AgentName"}}]}}]}}]} as unknown as DocumentNode<AccountPageQuery, AccountPageQueryVariables>;
export const AgentPageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"AgentPage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agent"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"creator"}},{"kind":"Field","name":{"kind":"Name","value":"metadataCID"}},{"kind":"Field","name":{"kind":"Name","value":"metadata"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"publisher"}},{"kind":"Field","name":{"kind":"Name","value":"site"}},{"kind":"Field","name":{"kind":"Name","value":"category"}}]}},{"kind":"Field","name":{"kind":"Name","value":"active"}},{"kind":"Field","name":{"kind":"Name","value":"licenceCount"}},{"kind":"Field","name":{"kind":"Name","value":"saleCount"}},{"kind":"Field","name":{"kind":"Name","value":"volume"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdAtBlock"}},{"kind":"Field","name":{"kind":"Name","value":"createdTransaction"}},{"kind":"Field","name":{"kind":"Name","value":"creatorAccount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"did"}},{"kind":"Field","name":{"kind":"Name","value":"addresses"}}]}},{"kind":"Field","name":{"kind":"Name","value":"licences"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"tokenId"}},{"kind":"Argument","name":{"kind":"Name","value":"orderDirection"},"value":{"kind":"EnumValue","value":"desc"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"owner"}},{"kind":"Field","name":{"kind":"Name","value":"royaltyBps"}},{"kind":"Field","name":{"kind":"Name","value":"burned"}},{"kind":"Field","name":{"kind":"Name","value":"mintedAt"}}]}}]}}]}}]} as unknown as DocumentNode<AgentPageQuery, AgentPageQueryVariables>;
export const SearchNetworksDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SearchNetworks"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"query"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"tags"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"visibility"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Visibility"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"searchNetworks"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"query"},"value":{"kind":"Variable","name":{"kind":"Name","value":"query"}}},{"kind":"Argument","name":{"kind":"Name","value":"tags"},"value":{"kind":"Variable","name":{"kind":"Name","value":"tags"}}},{"kind":"Argument","name":{"kind":"Name","value":"visibility"},"value":{"kind":"Variable","name":{"kind":"Name","value":"visibility"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"score"}},{"kind":"Field","name":{"kind":"Name","value":"network"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"NetworkRow"}},{"kind":"Field","name":{"kind":"Name","value":"profile"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}}]}},{"kind":"Field","name":{"kind":"Name","value":"metadata"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"description"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"facets"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tags"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"visibility"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"NetworkRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Network"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"owner"}},{"kind":"Field","name":{"kind":"Name","value":"isPublic"}},{"kind":"Field","name":{"kind":"Name","value":"memberCount"}},{"kind":"Field","name":{"kind":"Name","value":"communityCount"}},{"kind":"Field","name":{"kind":"Name","value":"environmentCount"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}}]} as unknown as DocumentNode<SearchNetworksQuery, SearchNetworksQueryVariables>;
export const HomeDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Home"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"directoryTotals"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"1","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DirectoryTotalsFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"marketTotals"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"1","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MarketTotalsFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"networks"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"createdAtBlock"}},{"kind":"Argument","name":{"kind":"Name","value":"orderDirection"},"value":{"kind":"EnumValue","value":"desc"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"NetworkRow"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DirectoryTotalsFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DirectoryTotals"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"networks"}},{"kind":"Field","name":{"kind":"Name","value":"publicNetworks"}},{"kind":"Field","name":{"kind":"Name","value":"communities"}},{"kind":"Field","name":{"kind":"Name","value":"environments"}},{"kind":"Field","name":{"kind":"Name","value":"members"}},{"kind":"Field","name":{"kind":"Name","value":"activeGrants"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MarketTotalsFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MarketTotals"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"agents"}},{"kind":"Field","name":{"kind":"Name","value":"licences"}},{"kind":"Field","name":{"kind":"Name","value":"listings"}},{"kind":"Field","name":{"kind":"Name","value":"activeListings"}},{"kind":"Field","name":{"kind":"Name","value":"sales"}},{"kind":"Field","name":{"kind":"Name","value":"volume"}},{"kind":"Field","name":{"kind":"Name","value":"fees"}},{"kind":"Field","name":{"kind":"Name","value":"feesBurned"}},{"kind":"Field","name":{"kind":"Name","value":"feesBuyback"}},{"kind":"Field","name":{"kind":"Name","value":"feesTreasury"}},{"kind":"Field","name":{"kind":"Name","value":"royalties"}},{"kind":"Field","name":{"kind":"Name","value":"tokenBurned"}},{"kind":"Field","name":{"kind":"Name","value":"tokenSupply"}},{"kind":"Field","name":{"kind":"Name","value":"holders"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"NetworkRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Network"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"owner"}},{"kind":"Field","name":{"kind":"Name","value":"isPublic"}},{"kind":"Field","name":{"kind":"Name","value":"memberCount"}},{"kind":"Field","name":{"kind":"Name","value":"communityCount"}},{"kind":"Field","name":{"kind":"Name","value":"environmentCount"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}}]} as unknown as DocumentNode<HomeQuery, HomeQueryVariables>;
export const MarketPageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"MarketPage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"days"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"marketTotals"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"1","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MarketTotalsFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"marketDays"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"days"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"dayStart"}},{"kind":"Argument","name":{"kind":"Name","value":"orderDirection"},"value":{"kind":"EnumValue","value":"desc"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"dayStart"}},{"kind":"Field","name":{"kind":"Name","value":"sales"}},{"kind":"Field","name":{"kind":"Name","value":"volume"}},{"kind":"Field","name":{"kind":"Name","value":"fees"}},{"kind":"Field","name":{"kind":"Name","value":"burned"}},{"kind":"Field","name":{"kind":"Name","value":"royalties"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MarketTotalsFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MarketTotals"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"agents"}},{"kind":"Field","name":{"kind":"Name","value":"licences"}},{"kind":"Field","name":{"kind":"Name","value":"listings"}},{"kind":"Field","name":{"kind":"Name","value":"activeListings"}},{"kind":"Field","name":{"kind":"Name","value":"sales"}},{"kind":"Field","name":{"kind":"Name","value":"volume"}},{"kind":"Field","name":{"kind":"Name","value":"fees"}},{"kind":"Field","name":{"kind":"Name","value":"feesBurned"}},{"kind":"Field","name":{"kind":"Name","value":"feesBuyback"}},{"kind":"Field","name":{"kind":"Name","value":"feesTreasury"}},{"kind":"Field","name":{"kind":"Name","value":"royalties"}},{"kind":"Field","name":{"kind":"Name","value":"tokenBurned"}},{"kind":"Field","name":{"kind":"Name","value":"tokenSupply"}},{"kind":"Field","name":{"kind":"Name","value":"holders"}}]}}]} as unknown as DocumentNode<MarketPageQuery, MarketPageQueryVariables>;
export const FeePoliciesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FeePolicies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"feePolicies"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}},{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"active"},"value":{"kind":"BooleanValue","value":true}}]}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"since"}},{"kind":"Argument","name":{"kind":"Name","value":"orderDirection"},"value":{"kind":"EnumValue","value":"desc"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"feeBps"}},{"kind":"Field","name":{"kind":"Name","value":"burnBps"}},{"kind":"Field","name":{"kind":"Name","value":"buybackBps"}},{"kind":"Field","name":{"kind":"Name","value":"treasuryBps"}}]}}]}}]} as unknown as DocumentNode<FeePoliciesQuery, FeePoliciesQueryVariables>;
export const ListingsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Listings"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"skip"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Listing_filter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Listing_orderBy"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderDirection"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"OrderDirection"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"listings"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"skip"},"value":{"kind":"Variable","name":{"kind":"Name","value":"skip"}}},{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderDirection"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderDirection"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ListingRow"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AgentName"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Agent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"metadata"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ListingRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Listing"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"tokenId"}},{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"price"}},{"kind":"Field","name":{"kind":"Name","value":"seller"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"closedAt"}},{"kind":"Field","name":{"kind":"Name","value":"licence"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"royaltyBps"}}]}},{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"AgentName"}}]}}]}}]} as unknown as DocumentNode<ListingsQuery, ListingsQueryVariables>;
export const AgentsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Agents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"skip"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Agent_orderBy"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderDirection"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"OrderDirection"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"agents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"skip"},"value":{"kind":"Variable","name":{"kind":"Name","value":"skip"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderDirection"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderDirection"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"AgentName"}},{"kind":"Field","name":{"kind":"Name","value":"creator"}},{"kind":"Field","name":{"kind":"Name","value":"metadataCID"}},{"kind":"Field","name":{"kind":"Name","value":"active"}},{"kind":"Field","name":{"kind":"Name","value":"licenceCount"}},{"kind":"Field","name":{"kind":"Name","value":"saleCount"}},{"kind":"Field","name":{"kind":"Name","value":"volume"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AgentName"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Agent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"metadata"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<AgentsQuery, AgentsQueryVariables>;
export const SalesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Sales"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Sale_filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sales"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"timestamp"}},{"kind":"Argument","name":{"kind":"Name","value":"orderDirection"},"value":{"kind":"EnumValue","value":"desc"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SaleRow"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AgentName"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Agent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"metadata"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SaleRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Sale"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"price"}},{"kind":"Field","name":{"kind":"Name","value":"fee"}},{"kind":"Field","name":{"kind":"Name","value":"royalty"}},{"kind":"Field","name":{"kind":"Name","value":"proceeds"}},{"kind":"Field","name":{"kind":"Name","value":"seller"}},{"kind":"Field","name":{"kind":"Name","value":"buyer"}},{"kind":"Field","name":{"kind":"Name","value":"tokenId"}},{"kind":"Field","name":{"kind":"Name","value":"timestamp"}},{"kind":"Field","name":{"kind":"Name","value":"transaction"}},{"kind":"Field","name":{"kind":"Name","value":"licence"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"AgentName"}}]}}]}}]} as unknown as DocumentNode<SalesQuery, SalesQueryVariables>;
export const SaleEventsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"SaleEvents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"saleEvents"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"reverted"}},{"kind":"Field","name":{"kind":"Name","value":"saleId"}},{"kind":"Field","name":{"kind":"Name","value":"sale"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SaleRow"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AgentName"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Agent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"metadata"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SaleRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Sale"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"price"}},{"kind":"Field","name":{"kind":"Name","value":"fee"}},{"kind":"Field","name":{"kind":"Name","value":"royalty"}},{"kind":"Field","name":{"kind":"Name","value":"proceeds"}},{"kind":"Field","name":{"kind":"Name","value":"seller"}},{"kind":"Field","name":{"kind":"Name","value":"buyer"}},{"kind":"Field","name":{"kind":"Name","value":"tokenId"}},{"kind":"Field","name":{"kind":"Name","value":"timestamp"}},{"kind":"Field","name":{"kind":"Name","value":"transaction"}},{"kind":"Field","name":{"kind":"Name","value":"licence"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"AgentName"}}]}}]}}]} as unknown as DocumentNode<SaleEventsSubscription, SaleEventsSubscriptionVariables>;
export const ListAgentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ListAgent"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ListAgentInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"listAgent"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"transaction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"TransactionFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"listing"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TransactionFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ActionTransaction"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hash"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"unsigned"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"chainId"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"final"}}]}}]}}]} as unknown as DocumentNode<ListAgentMutation, ListAgentMutationVariables>;
export const BuyAgentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"BuyAgent"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"BuyAgentInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"buyAgent"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"transaction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"TransactionFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sale"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SaleRow"}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AgentName"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Agent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"metadata"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TransactionFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ActionTransaction"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hash"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"unsigned"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"chainId"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"final"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SaleRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Sale"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"price"}},{"kind":"Field","name":{"kind":"Name","value":"fee"}},{"kind":"Field","name":{"kind":"Name","value":"royalty"}},{"kind":"Field","name":{"kind":"Name","value":"proceeds"}},{"kind":"Field","name":{"kind":"Name","value":"seller"}},{"kind":"Field","name":{"kind":"Name","value":"buyer"}},{"kind":"Field","name":{"kind":"Name","value":"tokenId"}},{"kind":"Field","name":{"kind":"Name","value":"timestamp"}},{"kind":"Field","name":{"kind":"Name","value":"transaction"}},{"kind":"Field","name":{"kind":"Name","value":"licence"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"AgentName"}}]}}]}}]} as unknown as DocumentNode<BuyAgentMutation, BuyAgentMutationVariables>;
export const NetworkPageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"NetworkPage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"network"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"NetworkRow"}},{"kind":"Field","name":{"kind":"Name","value":"creator"}},{"kind":"Field","name":{"kind":"Name","value":"metadataURI"}},{"kind":"Field","name":{"kind":"Name","value":"createdAtBlock"}},{"kind":"Field","name":{"kind":"Name","value":"createdTransaction"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"viewerCanEdit"}},{"kind":"Field","name":{"kind":"Name","value":"profile"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProfileFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"metadata"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"site"}}]}},{"kind":"Field","name":{"kind":"Name","value":"communities"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"communityId"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"removed"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"environments"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"environmentId"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"removed"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"community"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"members"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"joinedAt"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"address"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}},{"kind":"Field","name":{"kind":"Name","value":"active"}},{"kind":"Field","name":{"kind":"Name","value":"joinedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"roleGrants"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"grantedAt"}},{"kind":"Argument","name":{"kind":"Name","value":"orderDirection"},"value":{"kind":"EnumValue","value":"desc"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"roleName"}},{"kind":"Field","name":{"kind":"Name","value":"account"}},{"kind":"Field","name":{"kind":"Name","value":"grantedBy"}},{"kind":"Field","name":{"kind":"Name","value":"grantedAt"}},{"kind":"Field","name":{"kind":"Name","value":"active"}},{"kind":"Field","name":{"kind":"Name","value":"revokedBy"}},{"kind":"Field","name":{"kind":"Name","value":"revokedAt"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"NetworkRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Network"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"owner"}},{"kind":"Field","name":{"kind":"Name","value":"isPublic"}},{"kind":"Field","name":{"kind":"Name","value":"memberCount"}},{"kind":"Field","name":{"kind":"Name","value":"communityCount"}},{"kind":"Field","name":{"kind":"Name","value":"environmentCount"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProfileFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NetworkProfile"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"site"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"logoCid"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}}]} as unknown as DocumentNode<NetworkPageQuery, NetworkPageQueryVariables>;
export const NetworkTransfersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"NetworkTransfers"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"network"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"networkTransfers"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"EnumValue","value":"timestamp"}},{"kind":"Argument","name":{"kind":"Name","value":"orderDirection"},"value":{"kind":"EnumValue","value":"desc"}},{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"network"},"value":{"kind":"Variable","name":{"kind":"Name","value":"network"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"timestamp"}},{"kind":"Field","name":{"kind":"Name","value":"block"}},{"kind":"Field","name":{"kind":"Name","value":"transaction"}}]}}]}}]} as unknown as DocumentNode<NetworkTransfersQuery, NetworkTransfersQueryVariables>;
export const UpdateNetworkProfileDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateNetworkProfile"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateNetworkProfileInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateNetworkProfile"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"network"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"viewerCanEdit"}},{"kind":"Field","name":{"kind":"Name","value":"profile"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProfileFields"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProfileFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NetworkProfile"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"site"}},{"kind":"Field","name":{"kind":"Name","value":"tags"}},{"kind":"Field","name":{"kind":"Name","value":"logoCid"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}}]}}]} as unknown as DocumentNode<UpdateNetworkProfileMutation, UpdateNetworkProfileMutationVariables>;
export const CreateNetworkDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateNetwork"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateNetworkInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createNetwork"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"transaction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"TransactionFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"network"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"NetworkRow"}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TransactionFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ActionTransaction"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hash"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"unsigned"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"chainId"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"final"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"NetworkRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Network"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"owner"}},{"kind":"Field","name":{"kind":"Name","value":"isPublic"}},{"kind":"Field","name":{"kind":"Name","value":"memberCount"}},{"kind":"Field","name":{"kind":"Name","value":"communityCount"}},{"kind":"Field","name":{"kind":"Name","value":"environmentCount"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}}]} as unknown as DocumentNode<CreateNetworkMutation, CreateNetworkMutationVariables>;
export const AddCommunityDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AddCommunity"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AddCommunityInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"addCommunity"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"transaction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"TransactionFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"community"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TransactionFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ActionTransaction"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hash"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"unsigned"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"chainId"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"final"}}]}}]}}]} as unknown as DocumentNode<AddCommunityMutation, AddCommunityMutationVariables>;
export const AddEnvironmentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AddEnvironment"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AddEnvironmentInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"addEnvironment"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"transaction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"TransactionFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TransactionFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ActionTransaction"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hash"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"unsigned"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"chainId"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"final"}}]}}]}}]} as unknown as DocumentNode<AddEnvironmentMutation, AddEnvironmentMutationVariables>;
export const GrantRoleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"GrantRole"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"GrantRoleInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"grantRole"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"transaction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"TransactionFields"}}]}},{"kind":"Field","name":{"kind":"Name","value":"roleGrant"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"roleName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TransactionFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ActionTransaction"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hash"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"unsigned"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"data"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"chainId"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"final"}}]}}]}}]} as unknown as DocumentNode<GrantRoleMutation, GrantRoleMutationVariables>;
export const MeDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Me"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"me"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"did"}},{"kind":"Field","name":{"kind":"Name","value":"scopes"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"addresses"}}]}}]}}]}}]} as unknown as DocumentNode<MeQuery, MeQueryVariables>;
export const CreateSignInChallengeDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateSignInChallenge"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateSignInChallengeInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createSignInChallenge"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"challenge"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CreateSignInChallengeMutation, CreateSignInChallengeMutationVariables>;
export const SignInDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SignIn"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SignInInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"signIn"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"refreshToken"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"did"}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<SignInMutation, SignInMutationVariables>;
export const RefreshSessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RefreshSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RefreshSessionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"refreshSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"refreshToken"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"did"}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<RefreshSessionMutation, RefreshSessionMutationVariables>;
export const SignOutDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SignOut"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"signOut"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ok"}}]}}]}}]} as unknown as DocumentNode<SignOutMutation, SignOutMutationVariables>;
export const StatusDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Status"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deployments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"alias"}},{"kind":"Field","name":{"kind":"Name","value":"chain"}},{"kind":"Field","name":{"kind":"Name","value":"synced"}},{"kind":"Field","name":{"kind":"Name","value":"health"}},{"kind":"Field","name":{"kind":"Name","value":"head"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"hash"}}]}},{"kind":"Field","name":{"kind":"Name","value":"chainHead"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"number"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lagBlocks"}},{"kind":"Field","name":{"kind":"Name","value":"entityCount"}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"block"}},{"kind":"Field","name":{"kind":"Name","value":"handler"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"chains"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"chainId"}},{"kind":"Field","name":{"kind":"Name","value":"head"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"hash"}},{"kind":"Field","name":{"kind":"Name","value":"timestamp"}}]}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"lagMs"}}]}}]}}]} as unknown as DocumentNode<StatusQuery, StatusQueryVariables>;
export const PlatformDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Platform"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"platform"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"devnet"}},{"kind":"Field","name":{"kind":"Name","value":"chainId"}},{"kind":"Field","name":{"kind":"Name","value":"contracts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"address"}}]}},{"kind":"Field","name":{"kind":"Name","value":"devnetAccounts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"address"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}}]}}]}}]} as unknown as DocumentNode<PlatformQuery, PlatformQueryVariables>;