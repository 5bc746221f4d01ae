// Traffic on the devnet: two of its accounts sell one licence to each other, as often as asked, many sales in a block.
import { Interface, Wallet } from 'ethers';
import { plannedAddresses } from '#contracts/deploy.ts';
import { agentRegistryAbi } from '#contracts/generated/agent-registry.ts';
import { aiNftAbi } from '#contracts/generated/ai-nft.ts';
import { aiosTokenAbi } from '#contracts/generated/aios-token.ts';
import { marketplaceAbi } from '#contracts/generated/marketplace.ts';
import { networkRegistryAbi } from '#contracts/generated/network-registry.ts';
import { devnetAccount, devnetChainId } from '#node/devnet/accounts.ts';
import { DevnetRpc } from '#node/devnet/rpc.ts';

const token = new Interface(aiosTokenAbi);
const registry = new Interface(agentRegistryAbi);
const licences = new Interface(aiNftAbi);
const marketplace = new Interface(marketplaceAbi);
const networks = new Interface(networkRegistryAbi);

/** Two accounts among the devnet's users. The product signs for accounts of its own, so their nonces are ours alone. */
const traders = [8, 9].map((index) => new Wallet(devnetAccount(index).privateKey));
const price = 10n ** 15n;
const gasLimit = 400_000n;
/** Far below anvil's block of 30 million gas. */
const salesPerBlock = 30;

interface Call {
  readonly from: number;
  readonly to: string;
  readonly data: string;
}

/** Where the devnet of a product is, as its /health says. */
export async function devnetUrlOf(productUrl: string): Promise<string> {
  const health = (await (await fetch(`${productUrl}/health`)).json()) as {
    services: Record<string, { details?: { rpcUrl?: string } }>;
  };
  const url = health.services['EVM devnet']?.details?.rpcUrl;
  if (!url) throw new Error(`the product at ${productUrl} runs no devnet`);
  return url;
}

/** Reads everything from the chain before it acts, so that it goes on whatever a killed chain has forgotten. */
export class SalesTraffic {
  readonly #rpc: DevnetRpc;
  readonly #addresses = plannedAddresses();
  #licence: bigint | undefined;

  constructor(rpcUrl: string) {
    this.#rpc = new DevnetRpc(rpcUrl);
  }

  /** Makes `count` sales and returns the hashes of their transactions in the order of the chain. */
  async sell(count: number): Promise<string[]> {
    const hashes: string[] = [];
    while (hashes.length < count) {
      let seller = await this.#holder();
      const first = Number(await this.#read(marketplace, this.#addresses.marketplace, 'listingCount')) + 1;
      const size = Math.min(salesPerBlock, count - hashes.length);
      const calls: Call[] = [];
      for (let sale = 0; sale < size; sale++) {
        calls.push(
          this.#call(seller, 'list', [this.#addresses.aiNft, this.#licence, 1n, price]),
          this.#call(1 - seller, 'buy', [first + sale, price]),
        );
        seller = 1 - seller;
      }
      const sent = await this.#mine(calls);
      const purchases = sent.filter((_, index) => index % 2 === 1);
      const receipts = await this.#receipts(purchases);
      // Somebody else's listing in between takes the number that was counted on: the rest of the block came to nothing.
      hashes.push(...purchases.filter((_, index) => receipts[index]?.status === '0x1'));
    }
    return hashes;
  }

  /** Creates networks, all in one block. */
  async createNetworks(names: readonly string[]): Promise<void> {
    await this.#mine(
      names.map((name) => ({
        from: 0,
        to: this.#addresses.networkRegistry,
        data: networks.encodeFunctionData('createNetwork', [name, '', true]),
      })),
    );
  }

  async head(): Promise<number> {
    return Number(await this.#rpc.call<string>('eth_blockNumber'));
  }

  /** Which of the two holds the licence; a licence is made when neither does. */
  async #holder(): Promise<number> {
    if (this.#licence !== undefined) {
      const owner = await this.#read(licences, this.#addresses.aiNft, 'ownerOf', this.#licence).catch(
        () => '',
      );
      const holder = traders.findIndex(({ address }) => address === owner);
      if (holder >= 0) return holder;
    }
    const { agentRegistry, aiNft, aiosToken, marketplace: market } = this.#addresses;
    const approvals = traders.flatMap((_, from) => [
      { from, to: aiNft, data: licences.encodeFunctionData('setApprovalForAll', [market, true]) },
      { from, to: aiosToken, data: token.encodeFunctionData('approve', [market, 2n ** 255n]) },
    ]);
    const [registration] = await this.#mine([
      { from: 0, to: agentRegistry, data: registry.encodeFunctionData('registerAgent', ['bafytraffic']) },
      ...approvals,
    ]);
    const agent = await this.#idFrom(registration, registry, 'AgentRegistered');
    const [minting] = await this.#mine([
      { from: 0, to: aiNft, data: licences.encodeFunctionData('mint', [agent, traders[0]?.address, 500]) },
    ]);
    this.#licence = await this.#idFrom(minting, licences, 'LicenceMinted');
    return 0;
  }

  #call(from: number, method: 'list' | 'buy', args: readonly unknown[]): Call {
    return {
      from,
      to: this.#addresses.marketplace,
      data: marketplace.encodeFunctionData(method, args),
    };
  }

  async #read(
    contract: Interface,
    to: string,
    method: string,
    ...args: readonly unknown[]
  ): Promise<unknown> {
    const data = contract.encodeFunctionData(method, args);
    const result = await this.#rpc.call<string>('eth_call', { to, data }, 'latest');
    return contract.decodeFunctionResult(method, result)[0];
  }

  /** Sends all of them and mines one block. Returns their hashes. */
  async #mine(calls: readonly Call[]): Promise<string[]> {
    const counts = await this.#rpc.batch<string>(
      traders.map(({ address }) => ({ method: 'eth_getTransactionCount', params: [address, 'latest'] })),
    );
    const nonces = counts.map(Number);
    const transactions = await Promise.all(
      calls.map(({ from, to, data }) => {
        const wallet = traders[from];
        const nonce = nonces[from];
        if (!wallet || nonce === undefined) throw new Error(`there is no trader ${from}`);
        nonces[from] = nonce + 1;
        return wallet.signTransaction({
          type: 2,
          chainId: devnetChainId,
          nonce,
          to,
          data,
          gasLimit,
          maxFeePerGas: 20_000_000_000n,
          maxPriorityFeePerGas: 1_000_000_000n,
        });
      }),
    );
    await this.#rpc.call('evm_setAutomine', false);
    try {
      const hashes = await this.#rpc.batch<string>(
        transactions.map((raw) => ({ method: 'eth_sendRawTransaction', params: [raw] })),
      );
      await this.#rpc.call('evm_mine');
      return hashes;
    } finally {
      await this.#rpc.call('evm_setAutomine', true).catch(() => {});
    }
  }

  #receipts(hashes: readonly string[]): Promise<(Receipt | null)[]> {
    return this.#rpc.batch(hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] })));
  }

  async #idFrom(hash: string | undefined, contract: Interface, event: string): Promise<bigint> {
    const [receipt] = await this.#receipts(hash ? [hash] : []);
    for (const log of receipt?.logs ?? []) {
      const parsed = contract.parseLog(log);
      if (parsed?.name === event) return parsed.args[0] as bigint;
    }
    throw new Error(`the traffic's transaction ${hash} left no ${event}: status ${receipt?.status}`);
  }
}

interface Receipt {
  readonly status: string;
  readonly logs: readonly { readonly topics: string[]; readonly data: string }[];
}
