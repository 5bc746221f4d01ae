// What a contract says when it refuses, in words: custom errors decoded with the generated ABIs.
import { type ErrorDescription, Interface } from 'ethers';
import { agentRegistryAbi } from '#contracts/generated/agent-registry.ts';
import { aiNftAbi } from '#contracts/generated/ai-nft.ts';
import { aiosTokenAbi } from '#contracts/generated/aios-token.ts';
import { marketplaceAbi } from '#contracts/generated/marketplace.ts';
import { modelRegistryAbi } from '#contracts/generated/model-registry.ts';
import { networkRegistryAbi } from '#contracts/generated/network-registry.ts';
import { proofRegistryAbi } from '#contracts/generated/proof-registry.ts';
import { runAnchorAbi } from '#contracts/generated/run-anchor.ts';
import { AiosError } from '#node/platform/errors.ts';

export const interfaces = {
  agentRegistry: new Interface(agentRegistryAbi),
  aiNft: new Interface(aiNftAbi),
  aiosToken: new Interface(aiosTokenAbi),
  marketplace: new Interface(marketplaceAbi),
  modelRegistry: new Interface(modelRegistryAbi),
  networkRegistry: new Interface(networkRegistryAbi),
  proofRegistry: new Interface(proofRegistryAbi),
  runAnchor: new Interface(runAnchorAbi),
} as const;

/** Readable texts of the errors people meet; others are told by name and arguments. */
const texts: Readonly<Record<string, (...args: readonly unknown[]) => string>> = {
  NotAuthorised: (network, account) =>
    `${account} neither owns network ${network} nor holds a role in it that allows this. Ask its owner for the role.`,
  InvalidName: () => 'A name has 1 to 100 bytes.',
  InvalidURI: () => 'A metadata URI has at most 512 bytes.',
  InvalidCID: () => 'The metadata CID is empty or too long.',
  InvalidRole: () => 'This is not a role.',
  InvalidAccount: () => 'The zero address cannot hold a role.',
  UnknownCommunity: (network, community) => `Network ${network} has no community ${community}.`,
  UnknownEnvironment: (network, environment) => `Network ${network} has no environment ${environment}.`,
  RoleAlreadyGranted: (network, _role, account) =>
    `${account} holds this role in network ${network} already.`,
  ERC721NonexistentToken: (token) => `There is no network or licence ${token}.`,
  UnknownAgent: (agent) => `There is no agent ${agent}.`,
  NotAgentCreator: (agent, account) =>
    `Only the creator of agent ${agent} can do this, and ${account} is not.`,
  NotCreator: (agent, account) => `Only the creator of agent ${agent} can do this, and ${account} is not.`,
  AgentNotActive: (agent) => `Agent ${agent} is deactivated.`,
  AgentInactive: (agent) => `Agent ${agent} is deactivated.`,
  RoyaltyOutOfRange: (bps) => `The royalty must be 500 to 1500 basis points (5% to 15%), not ${bps}.`,
  InvalidPrice: () => 'The price must be above zero.',
  ListingNotActive: (listing) => `Listing ${listing} was sold, cancelled, or never made.`,
  SellerCannotBuy: () => 'The seller cannot buy his own listing.',
  PriceAboveMaximum: (price, maximum) => `The listing costs ${price} now, above the maximum of ${maximum}.`,
  ERC20InsufficientBalance: (account, balance, needed) =>
    `${account} has ${balance} AiOS (smallest unit); ${needed} are needed.`,
  ERC20InsufficientAllowance: () => 'The marketplace is not allowed to take the price; approve it first.',
  ERC721InsufficientApproval: (_operator, token) => `The marketplace is not approved for licence ${token}.`,
  ProofInvalid: () =>
    'The verifying contract refuses the proof: it, its public signals or its key are not what was proved.',
  NullifierUsed: () =>
    'This statement was proved on chain already: its nullifier is used. Prove it for another scope or context.',
  ModelMismatch: (model) =>
    `The proof is not about model ${model}: its commitment or its verifying key is another.`,
  UnknownVerifyingKey: (key) =>
    `The registry does not accept proofs under key ${key}. Prove with a key that stands on this chain.`,
  UnknownModel: (model) => `There is no model ${model}.`,
  CircuitHasNoModels: () => 'Proofs of this circuit are about no model.',
  InvalidCommitment: () => 'A commitment is a number above zero and below the field order.',
  ERC721IncorrectOwner: (account, token) => `${account} does not own licence ${token}.`,
};

/**
 * The error for a refused call. `code` is the custom error's name (`NotAuthorised` → `NOT_AUTHORISED`), or REVERTED when
 * the contract gave none that we know.
 */
export function revertError(data: string | null | undefined): AiosError {
  const parsed = parse(data);
  if (!parsed) return new AiosError('REVERTED', 'The contract refused the transaction without a reason.');
  if (parsed.name === 'Error') return new AiosError('REVERTED', `The contract refused: ${parsed.args[0]}`);
  const code = parsed.name
    .replace(/^(ERC\d+)/, '$1_')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toUpperCase();
  const args = parsed.args.toArray().map(String);
  const text = texts[parsed.name]?.(...args) ?? `The contract refused: ${parsed.name}(${args.join(', ')}).`;
  return new AiosError(code, text);
}

/** Revert data inside whatever ethers threw, or undefined when it was not a revert. */
export function revertDataOf(error: unknown): string | null | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const {
    code,
    data,
    info,
    error: inner,
  } = error as {
    code?: unknown;
    data?: unknown;
    info?: { error?: unknown };
    error?: unknown;
  };
  if (typeof data === 'string' && data.startsWith('0x')) return data;
  const nested = revertDataOf(info?.error) ?? revertDataOf(inner);
  if (nested !== undefined) return nested;
  // JSON-RPC code 3 is geth's and anvil's for a revert.
  return code === 'CALL_EXCEPTION' || code === 3 ? null : undefined;
}

function parse(data: string | null | undefined): ErrorDescription | null {
  if (!data || data === '0x') return null;
  for (const contract of Object.values(interfaces)) {
    const parsed = contract.parseError(data);
    if (parsed) return parsed;
  }
  return null;
}
