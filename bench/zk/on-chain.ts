// A throw-away anvil with the contracts on it, for what is to be shown of proofs on a real chain.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Contract, JsonRpcProvider, Wallet } from 'ethers';
import { devnetParties } from '#contracts/deploy.ts';
import { planDeployment } from '#contracts/deployment-plan.ts';
import { devnetAddresses } from '#contracts/generated/devnet-addresses.ts';
import { modelRegistryAbi } from '#contracts/generated/model-registry.ts';
import { proofRegistryAbi } from '#contracts/generated/proof-registry.ts';
import { developmentVerifiers } from '#contracts/generated/verifiers.ts';
import { devnetAccount } from '#node/devnet/accounts.ts';
import { AnvilDevnet } from '#node/devnet/anvil.ts';
import { prepareDevnet } from '#node/devnet/prepare.ts';

/** A verifier that stands on the chain. */
export type Verifier = (typeof developmentVerifiers)[number] & { readonly address: string };

export class ProofChain {
  readonly #folder = mkdtempSync(join(tmpdir(), 'aios-zk-chain-'));
  readonly #devnet = new AnvilDevnet({ dataDir: this.#folder, historySeconds: 0 });
  #provider: JsonRpcProvider | undefined;
  #wallet: Wallet | undefined;

  async start(): Promise<void> {
    await this.#devnet.start();
    await prepareDevnet(this.#devnet.rpcUrl);
    this.#provider = new JsonRpcProvider(this.#devnet.rpcUrl, 31_337, {
      staticNetwork: true,
      cacheTimeout: -1,
    });
    this.#wallet = new Wallet(devnetAccount(9).privateKey, this.#provider);
  }

  get wallet(): Wallet {
    if (!this.#wallet) throw new Error('the chain has not been started');
    return this.#wallet;
  }

  get registry(): Contract {
    return new Contract(devnetAddresses.proofRegistry, proofRegistryAbi, this.wallet);
  }

  get models(): Contract {
    return new Contract(devnetAddresses.modelRegistry, modelRegistryAbi, this.wallet);
  }

  verifier(circuit: string, system: string): Verifier {
    const found = developmentVerifiers.find((entry) => entry.circuit === circuit && entry.system === system);
    const planned = planDeployment(devnetParties).find(
      ({ artifact }) => artifact.name === found?.artifact.name,
    );
    if (!found || !planned)
      throw new Error(`no verifier of ${circuit} for ${system}: run npm run zk:verifiers`);
    return { ...found, address: planned.address };
  }

  async stop(): Promise<void> {
    this.#provider?.destroy();
    await this.#devnet.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
