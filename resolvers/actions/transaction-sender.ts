// Sends transactions of devnet accounts, one at a time per account: two that take the same nonce would lose one of them.

import { setTimeout as delay } from 'node:timers/promises';
import { type JsonRpcProvider, toQuantity, type Wallet } from 'ethers';
import { messageOf } from '#node/platform/errors.ts';

export interface Call {
  readonly to: string;
  readonly data: string;
  readonly value?: bigint;
}

/** Who sends: an address the node signs for, or a wallet of ours. */
export type Sender =
  | { readonly kind: 'node'; readonly address: string }
  | { readonly kind: 'wallet'; readonly wallet: Wallet };

/** Other programs send from the published accounts too; a nonce they took first is not an error of ours. */
const attempts = 6;
const nonceTaken = /nonce|already (known|imported)|replacement/i;

export class TransactionSender {
  readonly #provider: JsonRpcProvider;
  readonly #chainId: number;
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(provider: JsonRpcProvider, chainId: number) {
    this.#provider = provider;
    this.#chainId = chainId;
  }

  /** Broadcasts a call and returns the transaction's hash. Calls of one account keep their order. */
  send(sender: Sender, call: Call): Promise<string> {
    const address = (sender.kind === 'node' ? sender.address : sender.wallet.address).toLowerCase();
    const before = this.#queues.get(address) ?? Promise.resolve();
    const sent = before.then(() => this.#sendNow(sender, address, call));
    const settled = sent.catch(() => {});
    this.#queues.set(address, settled);
    void settled.then(() => {
      if (this.#queues.get(address) === settled) this.#queues.delete(address);
    });
    return sent;
  }

  async #sendNow(sender: Sender, address: string, call: Call): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#broadcast(sender, address, call);
      } catch (error) {
        if (attempt === attempts || !nonceTaken.test(messageOf(error))) throw error;
        await delay(20 * attempt);
      }
    }
  }

  async #broadcast(sender: Sender, address: string, call: Call): Promise<string> {
    const transaction = { from: address, to: call.to, data: call.data, value: toQuantity(call.value ?? 0n) };
    // Sent raw: the provider would answer repeated questions from a short-lived cache, and a nonce must be fresh.
    const rpc = (method: string, ...params: unknown[]) =>
      this.#provider.send(method, params) as Promise<string>;
    const estimated = BigInt(await rpc('eth_estimateGas', transaction, 'pending'));
    // Storage may change between estimate and execution.
    const gas = (estimated * 12n) / 10n + 10_000n;
    if (sender.kind === 'node') return rpc('eth_sendTransaction', { ...transaction, gas: toQuantity(gas) });
    const [nonce, gasPrice] = await Promise.all([
      rpc('eth_getTransactionCount', address, 'pending'),
      rpc('eth_gasPrice'),
    ]);
    const signed = await sender.wallet.signTransaction({
      type: 2,
      chainId: this.#chainId,
      nonce: Number(nonce),
      to: call.to,
      data: call.data,
      value: call.value ?? 0n,
      gasLimit: gas,
      maxFeePerGas: BigInt(gasPrice) * 2n,
      maxPriorityFeePerGas: 0n,
    });
    return rpc('eth_sendRawTransaction', signed);
  }
}
