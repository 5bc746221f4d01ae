// What is deployed, in which order, with which arguments, and at which address: a pure function of the code and the parties.
// Addresses come from CREATE2 through the deterministic deployment proxy, so they depend neither on the deployer's nonce nor on the
// chain, a second deployment finds the first, and one that stopped half-way is taken up where it stopped.
import { AbiCoder, concat, encodeBytes32String, getCreate2Address, id, keccak256 } from 'ethers';
import { agentRegistryArtifact } from './generated/agent-registry.ts';
import { aiNftArtifact } from './generated/ai-nft.ts';
import { aiosTokenArtifact } from './generated/aios-token.ts';
import { feePolicyArtifact } from './generated/fee-policy.ts';
import { marketplaceArtifact } from './generated/marketplace.ts';
import { modelRegistryArtifact } from './generated/model-registry.ts';
import { networkRegistryArtifact } from './generated/network-registry.ts';
import { proofRegistryArtifact } from './generated/proof-registry.ts';
import { runAnchorArtifact } from './generated/run-anchor.ts';
import { developmentVerifiers } from './generated/verifiers.ts';

/** https://github.com/Arachnid/deterministic-deployment-proxy: salt ‖ init code in, CREATE2 out. anvil has it from genesis. */
export const deploymentProxy = '0x4e59b44847b379578588920cA78FbF26c0B4956C';

const salt = id('aios-studio/1');

/** Five percent of a price; of that half is burned, a tenth buys back, the rest is the treasury's. */
export const standardFee = { feeBps: 500, burnBps: 5000, buybackBps: 1000 } as const;

/** Where each contract stands. */
export interface Addresses {
  readonly aiosToken: string;
  readonly networkRegistry: string;
  readonly agentRegistry: string;
  readonly aiNft: string;
  readonly feePolicy: string;
  readonly marketplace: string;
  readonly modelRegistry: string;
  readonly proofRegistry: string;
  readonly runAnchor: string;
}

/** Who plays which part in the economy. */
export interface Parties {
  /** Receives the whole supply and may change the marketplace's fee policy. */
  readonly owner: string;
  readonly buyback: string;
  readonly treasury: string;
}

/** Accounts 0, 1 and 2 of anvil's default mnemonic. */
export const devnetParties: Parties = {
  owner: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
  buyback: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  treasury: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
};

export interface Artifact {
  readonly name: string;
  readonly abi: readonly object[];
  readonly bytecode: string;
  readonly codeHash: string;
  readonly immutables: readonly (readonly [number, number])[];
}

export interface PlannedContract {
  /** Undefined for verifiers, which the registry alone refers to. */
  readonly key?: keyof Addresses;
  readonly artifact: Artifact;
  readonly address: string;
  /** Calldata for the deployment proxy. */
  readonly calldata: string;
}

/** How the registry's constructor takes a verifying key. */
const keySetup =
  'tuple(bytes32 keyHash, tuple(bytes32 circuit, address verifier, bytes4 selector, uint16 proofWords, uint8 publicSignals, uint8 commitmentIndex) key, string system)[]';

/**
 * The contracts in the order in which they must be deployed.
 * @param options.developmentKeys whether the registry of models knows the verifiers of the development keys. Only the devnet may have them:
 * anybody can forge proofs under them. A registry without is another contract at another address.
 */
export function planDeployment(
  parties: Parties,
  options: { readonly developmentKeys?: boolean } = {},
): PlannedContract[] {
  const plan: PlannedContract[] = [];
  const add = (
    key: keyof Addresses | undefined,
    artifact: Artifact,
    types: string[],
    values: unknown[],
  ): string => {
    const initCode = concat([artifact.bytecode, AbiCoder.defaultAbiCoder().encode(types, values)]);
    const address = getCreate2Address(deploymentProxy, salt, keccak256(initCode));
    plan.push({ key, artifact, address, calldata: concat([salt, initCode]) });
    return address;
  };
  const token = add('aiosToken', aiosTokenArtifact, ['address'], [parties.owner]);
  add('networkRegistry', networkRegistryArtifact, [], []);
  const agents = add('agentRegistry', agentRegistryArtifact, [], []);
  add('aiNft', aiNftArtifact, ['address'], [agents]);
  const policy = add(
    'feePolicy',
    feePolicyArtifact,
    ['uint16', 'uint16', 'uint16', 'address', 'address'],
    [standardFee.feeBps, standardFee.burnBps, standardFee.buybackBps, parties.buyback, parties.treasury],
  );
  add('marketplace', marketplaceArtifact, ['address', 'address', 'address'], [token, policy, parties.owner]);
  const keys = ((options.developmentKeys ?? true) ? developmentVerifiers : []).map((verifier) => [
    verifier.keyHash,
    [
      encodeBytes32String(verifier.circuit),
      add(undefined, verifier.artifact, [], []),
      verifier.selector,
      verifier.proofWords,
      verifier.publicSignals,
      verifier.commitmentIndex,
    ],
    verifier.system,
  ]);
  const models = add('modelRegistry', modelRegistryArtifact, [keySetup], [keys]);
  add('proofRegistry', proofRegistryArtifact, ['address'], [models]);
  add('runAnchor', runAnchorArtifact, [], []);
  return plan;
}
