// Deploys the contracts, or finds them deployed: idempotent, resumable, and never satisfied with other code at the right address.
import { getBytes, keccak256, type Provider, type Signer } from 'ethers';
import { AiosError } from '#node/platform/errors.ts';
import {
  type Addresses,
  type Artifact,
  deploymentProxy,
  devnetParties,
  type Parties,
  type PlannedContract,
  planDeployment,
} from './deployment-plan.ts';

export type { Addresses, Parties } from './deployment-plan.ts';
export { devnetParties } from './deployment-plan.ts';

/** anvil's, which every devnet has. */
const devnetChainId = 31_337n;

export interface DeployOptions {
  /** Defaults to the devnet's; a real chain names its own. They are part of the addresses. */
  readonly parties?: Parties;
  /** How long to wait for a deployment transaction, in milliseconds. Default 120,000. */
  readonly timeout?: number;
  /** Told of each contract as it is found or deployed. */
  readonly onContract?: (event: { name: string; address: string; deployed: boolean }) => void;
}

/**
 * Makes sure that all contracts stand on the signer's chain and returns where. A second call sends no transaction; a call after an
 * interrupted one sends only what is missing. Any account may send: the addresses depend on the code and the parties alone.
 *
 * @throws AiosError DEPLOY_NO_PROVIDER, DEPLOY_PROXY_MISSING, DEPLOY_CODE_MISMATCH, DEPLOY_FAILED, DEPLOY_TIMEOUT
 * @example
 * const addresses = await deployContracts(new Wallet(key, new JsonRpcProvider(url)));
 */
export async function deployContracts(signer: Signer, options: DeployOptions = {}): Promise<Addresses> {
  const provider = signer.provider;
  if (!provider) {
    throw new AiosError(
      'DEPLOY_NO_PROVIDER',
      'The signer is not connected to a chain; connect it to a provider.',
    );
  }
  // Proofs under development keys can be forged by anybody: no chain but a devnet gets their verifiers.
  const { chainId } = await provider.getNetwork();
  const plan = planDeployment(options.parties ?? devnetParties, {
    developmentKeys: chainId === devnetChainId,
  });
  const missing: PlannedContract[] = [];
  const codes = await Promise.all(plan.map(({ address }) => provider.getCode(address)));
  for (const [index, contract] of plan.entries()) {
    const code = codes[index] ?? '0x';
    if (code === '0x') {
      missing.push(contract);
    } else {
      verifyCode(contract, code);
      options.onContract?.({ name: contract.artifact.name, address: contract.address, deployed: false });
    }
  }
  if (missing.length > 0) {
    if ((await provider.getCode(deploymentProxy)) === '0x') {
      throw new AiosError(
        'DEPLOY_PROXY_MISSING',
        `The chain has no deterministic deployment proxy at ${deploymentProxy}. Deploy it first with its published, pre-signed ` +
          'transaction (github.com/Arachnid/deterministic-deployment-proxy), then deploy the contracts again.',
      );
    }
    // One after the other: the marketplace's constructor calls the policy, and gas is estimated against the chain as it then stands.
    // Nonces are counted here: ethers' providers answer a repeated question from a cache for a quarter of a second.
    let nonce = await signer.getNonce('pending');
    for (const contract of missing) {
      await deployOne(signer, provider, contract, nonce++, options.timeout ?? 120_000);
      options.onContract?.({ name: contract.artifact.name, address: contract.address, deployed: true });
    }
  }
  return addressesOf(plan);
}

/** Where the contracts stand for these parties, deployed or not. */
export function plannedAddresses(parties: Parties = devnetParties): Addresses {
  return addressesOf(planDeployment(parties));
}

function addressesOf(plan: readonly PlannedContract[]): Addresses {
  return Object.fromEntries(
    plan.flatMap(({ key, address }) => (key ? [[key, address]] : [])),
  ) as unknown as Addresses;
}

async function deployOne(
  signer: Signer,
  provider: Provider,
  contract: PlannedContract,
  nonce: number,
  timeout: number,
): Promise<void> {
  const what = `${contract.artifact.name} at ${contract.address}`;
  const transaction = await signer.sendTransaction({ to: deploymentProxy, data: contract.calldata, nonce });
  const deadline = Date.now() + timeout;
  let receipt = await provider.getTransactionReceipt(transaction.hash);
  while (!receipt) {
    if (Date.now() > deadline) {
      throw new AiosError(
        'DEPLOY_TIMEOUT',
        `${what}: transaction ${transaction.hash} was not included within ${timeout} ms. Check that the chain makes blocks, then ` +
          'deploy again: what was included is found.',
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 60));
    receipt = await provider.getTransactionReceipt(transaction.hash);
  }
  // Asked at the block, not at `latest`: that question was asked a moment ago, and its answer may still be in the provider's cache.
  const code = receipt.status === 1 ? await provider.getCode(contract.address, receipt.blockNumber) : '0x';
  if (code === '0x') {
    throw new AiosError(
      'DEPLOY_FAILED',
      `${what}: transaction ${transaction.hash} was included but left no contract. Look at its trace; the chain may lack an EVM ` +
        'feature of Cancun.',
    );
  }
  verifyCode(contract, code);
}

/** Compares runtime code with the artifact, immutables left out. */
function verifyCode({ artifact, address }: PlannedContract, code: string): void {
  const actual = fingerprint(artifact, code);
  if (actual !== artifact.codeHash) {
    throw new AiosError(
      'DEPLOY_CODE_MISMATCH',
      `The code at ${address} is not ${artifact.name} as built here (hash ${actual}, expected ${artifact.codeHash}). ` +
        'On a devnet start over with --fresh; on another chain check the configured addresses and RPC.',
      { details: { address, contract: artifact.name } },
    );
  }
}

function fingerprint(artifact: Artifact, code: string): string {
  const bytes = getBytes(code);
  for (const [start, length] of artifact.immutables) bytes.fill(0, start, start + length);
  return keccak256(bytes);
}
