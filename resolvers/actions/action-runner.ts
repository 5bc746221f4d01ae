// Runs what a user does on chain: on the devnet it is signed and sent, elsewhere the user's wallet gets the transaction to sign.
import { setTimeout as delay } from 'node:timers/promises';
import { Interface, type JsonRpcProvider, parseEther, toQuantity } from 'ethers';
import type { Addresses } from '#contracts/deploy.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { Viewer } from '#node/platform/operation.ts';
import { addressOf } from '../identity/did.ts';
import type { DevnetAccounts } from './devnet-accounts.ts';
import { interfaces, revertDataOf, revertError } from './reverts.ts';
import { type Call, type Sender, TransactionSender } from './transaction-sender.ts';

export type WaitFor = 'SUBMITTED' | 'INCLUDED' | 'INDEXED';
export type TransactionStatus = 'UNSIGNED' | 'SUBMITTED' | 'INCLUDED' | 'INDEXED' | 'REVERTED';

export interface UnsignedTransaction {
  readonly to: string;
  readonly data: string;
  readonly value: bigint;
  readonly chainId: number;
  /** What it does, for the person who signs. */
  readonly summary: string;
  /** False for a preparation (an approval, a mint): once it is included, call the mutation again. */
  readonly final: boolean;
}

export interface ActionTransaction {
  readonly hash: string | null;
  readonly status: TransactionStatus;
  readonly unsigned: UnsignedTransaction | null;
}

export interface LogEntry {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly index: number;
}

export interface Receipt {
  readonly hash: string;
  /** The contract that was called, lower-case. */
  readonly to: string;
  readonly block: number;
  readonly succeeded: boolean;
  readonly logs: readonly LogEntry[];
}

/** One transaction of an action. */
export interface Step extends Call {
  readonly summary: string;
  readonly final: boolean;
}

/**
 * What to send next, given the receipts so far; the last step is `final`. A plan looks at the chain, so that a wallet's
 * user who comes back after a preparation is given the next transaction.
 */
export type Plan = (from: string, receipts: readonly Receipt[]) => Promise<Step>;

/** Resolves once the deployment under `alias` has indexed the block; rejects when the signal aborts first. */
export type WaitForBlock = (alias: string, block: number, signal: AbortSignal) => Promise<void>;

export interface ActionRunnerOptions {
  readonly provider: JsonRpcProvider;
  readonly chainId: number;
  readonly contracts: Addresses;
  /** Present on the embedded devnet; absent: nothing is signed here, ever. */
  readonly devnet?: DevnetAccounts;
  readonly waitForBlock: WaitForBlock;
  /** Bound of `waitFor`, in milliseconds. */
  readonly maxWaitMs?: number;
}

export interface ActionRequest {
  readonly viewer: Viewer;
  /** Which address acts; the viewer's own devnet address, or first linked address, when absent. */
  readonly from?: string | null;
  readonly waitFor: WaitFor;
  /** Alias of the deployment that indexes the result. */
  readonly alias: string;
  readonly plan: Plan;
  readonly signal: AbortSignal;
}

export interface ActionOutcome {
  readonly transaction: ActionTransaction;
  /** Of the final transaction, once it is included and has not reverted. */
  readonly receipt: Receipt | null;
  readonly error: AiosError | null;
}

const defaultMaxWaitMs = 30_000;
const receiptPollMs = 50;
/** A viewer's devnet address gets this much to start with, and gas whenever it runs low. */
const startingAios = parseEther('10000');
const gasMoney = parseEther('10');
const lowGas = parseEther('1');

const erc20 = new Interface([
  'function balanceOf(address) view returns (uint256)',
  'function transfer(address to, uint256 value) returns (bool)',
]);

export class ActionRunner {
  readonly contracts: Addresses;
  readonly chainId: number;
  readonly #options: ActionRunnerOptions;
  readonly #sender: TransactionSender;
  readonly #funding = new Map<string, Promise<void>>();

  constructor(options: ActionRunnerOptions) {
    this.#options = options;
    this.contracts = options.contracts;
    this.chainId = options.chainId;
    this.#sender = new TransactionSender(options.provider, options.chainId);
  }

  /**
   * Runs an action as far as `waitFor` asks, at most 30 s: the status says how far it came. What the user can put right
   * is in `error`; anything thrown is a fault of ours or of the chain's endpoint.
   */
  async run(request: ActionRequest): Promise<ActionOutcome> {
    let hash: string | null = null;
    let status: TransactionStatus = 'UNSIGNED';
    const outcome = (error: AiosError | null = null, receipt: Receipt | null = null): ActionOutcome => ({
      transaction: { hash, status, unsigned: null },
      receipt,
      error,
    });
    const deadline = AbortSignal.any([
      request.signal,
      AbortSignal.timeout(this.#options.maxWaitMs ?? defaultMaxWaitMs),
    ]);
    try {
      const sender = await this.#senderFor(request.viewer, request.from);
      const from = sender.kind === 'wallet' ? sender.wallet.address.toLowerCase() : sender.address;
      const receipts: Receipt[] = [];
      for (;;) {
        const step = await request.plan(from, receipts);
        if (sender.kind === 'user') return await this.#unsigned(from, step);
        await this.#simulate(from, step);
        hash = await this.#sender.send(sender, step);
        status = 'SUBMITTED';
        if (step.final && request.waitFor === 'SUBMITTED') return outcome();
        const receipt = await this.#receipt(hash, deadline);
        if (!receipt) return outcome();
        if (!receipt.succeeded) {
          status = 'REVERTED';
          return outcome(await this.#whyReverted(from, step, receipt.block));
        }
        receipts.push(receipt);
        if (!step.final) continue;
        status = 'INCLUDED';
        if (request.waitFor === 'INDEXED' && (await this.#indexed(request.alias, receipt.block, deadline)))
          status = 'INDEXED';
        return outcome(null, receipt);
      }
    } catch (error) {
      if (error instanceof AiosError) return outcome(error);
      const data = revertDataOf(error);
      if (data !== undefined) return outcome(revertError(data));
      throw error;
    }
  }

  /** Calls a view function. Throws the contract's refusal as a readable AiosError. */
  async read<Result>(
    contract: keyof typeof interfaces,
    method: string,
    args: readonly unknown[],
  ): Promise<Result> {
    const abi = interfaces[contract];
    const call = { to: this.contracts[contract], data: abi.encodeFunctionData(method, args) };
    try {
      const result = (await this.#options.provider.send('eth_call', [call, 'latest'])) as string;
      return abi.decodeFunctionResult(method, result)[0] as Result;
    } catch (error) {
      const data = revertDataOf(error);
      if (data !== undefined) throw revertError(data);
      throw error;
    }
  }

  /** A step that calls a contract of ours. */
  step(
    contract: keyof typeof interfaces,
    method: string,
    args: readonly unknown[],
    summary: string,
    final = true,
  ): Step {
    return {
      to: this.contracts[contract],
      data: interfaces[contract].encodeFunctionData(method, args),
      summary,
      final,
    };
  }

  /** The arguments of the first event of that name, emitted by that contract, in a receipt; with its log index. */
  event(
    receipt: Receipt,
    contract: keyof typeof interfaces,
    name: string,
  ): { readonly args: Readonly<Record<string, unknown>>; readonly logIndex: number } {
    const address = this.contracts[contract].toLowerCase();
    for (const log of receipt.logs) {
      if (log.address.toLowerCase() !== address) continue;
      const parsed = interfaces[contract].parseLog({ topics: [...log.topics], data: log.data });
      if (parsed?.name === name) return { args: parsed.args.toObject(), logIndex: log.index };
    }
    throw new Error(`transaction ${receipt.hash} emitted no ${name}`);
  }

  /** Addresses of the viewer on this chain, lower-case. */
  addressesOf(viewer: Viewer): readonly string[] {
    return viewer.accounts.flatMap((account) =>
      account.startsWith(`eip155:${this.chainId}:`) ? (addressOf(account) ?? []) : [],
    );
  }

  async #senderFor(
    viewer: Viewer,
    wanted: string | null | undefined,
  ): Promise<Sender | { readonly kind: 'user'; readonly address: string }> {
    const from = wanted?.toLowerCase();
    const { devnet } = this.#options;
    if (devnet) {
      const wallet = devnet.walletFor(viewer.did);
      if (from === undefined || from === wallet.address.toLowerCase()) {
        await this.#fund(wallet.address.toLowerCase());
        return { kind: 'wallet', wallet };
      }
      if (devnet.isDevnetAddress(from)) return { kind: 'node', address: from };
    }
    const own = this.addressesOf(viewer);
    const address = from ?? own[0];
    if (address === undefined) {
      throw new AiosError(
        'NO_ADDRESS',
        'Your account has no address on this chain. Link one with linkAccount, or sign in with a wallet.',
      );
    }
    if (!own.includes(address)) {
      throw new AiosError(
        'NOT_YOUR_ADDRESS',
        `${address} is not an address of your account. Link it with linkAccount first, or leave "from" out.`,
      );
    }
    return { kind: 'user', address };
  }

  async #unsigned(from: string, step: Step): Promise<ActionOutcome> {
    await this.#simulate(from, step);
    return {
      transaction: {
        hash: null,
        status: 'UNSIGNED',
        unsigned: {
          to: step.to.toLowerCase(),
          data: step.data,
          value: step.value ?? 0n,
          chainId: this.chainId,
          summary: step.summary,
          final: step.final,
        },
      },
      receipt: null,
      error: null,
    };
  }

  /** Refuses what would revert before anything is signed. */
  async #simulate(from: string, step: Step): Promise<void> {
    const call = { from, to: step.to, data: step.data, value: toQuantity(step.value ?? 0n) };
    await this.#options.provider.send('eth_call', [call, 'pending']);
  }

  async #receipt(hash: string, signal: AbortSignal): Promise<Receipt | null> {
    while (!signal.aborted) {
      const raw = (await this.#options.provider.send('eth_getTransactionReceipt', [
        hash,
      ])) as RawReceipt | null;
      if (raw) {
        return {
          hash,
          to: raw.to?.toLowerCase() ?? '',
          block: Number(raw.blockNumber),
          succeeded: Number(raw.status) === 1,
          logs: raw.logs.map((log) => ({ ...log, index: Number(log.logIndex) })),
        };
      }
      await delay(receiptPollMs, undefined, { signal }).catch(() => {});
    }
    return null;
  }

  async #whyReverted(from: string, step: Step, block: number): Promise<AiosError> {
    const call = { from, to: step.to, data: step.data, value: toQuantity(step.value ?? 0n) };
    try {
      await this.#options.provider.send('eth_call', [call, toQuantity(block)]);
    } catch (error) {
      return revertError(revertDataOf(error));
    }
    return new AiosError(
      'REVERTED',
      'The transaction was included but failed; it would succeed now. Another transaction came first: try again.',
    );
  }

  async #indexed(alias: string, block: number, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#options.waitForBlock(alias, block, signal);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
  }

  /** The address reserved for a DID on the devnet, with gas and a share of AiOS. Undefined where nothing is signed here. */
  async devnetAddress(did: string): Promise<string | undefined> {
    const address = this.#options.devnet?.walletFor(did).address.toLowerCase();
    if (address !== undefined) await this.#fund(address);
    return address;
  }

  /** Gives a viewer's devnet address gas, and once some AiOS, from the account that holds the supply. */
  async #fund(address: string): Promise<void> {
    const { provider } = this.#options;
    const rpc = (method: string, ...params: unknown[]) => provider.send(method, params) as Promise<string>;
    if (BigInt(await rpc('eth_getBalance', address, 'latest')) < lowGas) {
      await rpc('anvil_setBalance', address, toQuantity(gasMoney));
    }
    const known = this.#funding.get(address);
    if (known) return known;
    const funding = this.#giveAios(address);
    this.#funding.set(address, funding);
    funding.catch(() => this.#funding.delete(address));
    return funding;
  }

  async #giveAios(address: string): Promise<void> {
    const { provider, devnet } = this.#options;
    const token = this.contracts.aiosToken;
    const balance = async (of: string) => {
      const data = erc20.encodeFunctionData('balanceOf', [of]);
      return BigInt((await provider.send('eth_call', [{ to: token, data }, 'pending'])) as string);
    };
    // An address that has acted before has had its share, even if it spent all of it.
    const nonce = (await provider.send('eth_getTransactionCount', [address, 'pending'])) as string;
    if (BigInt(nonce) > 0n || (await balance(address)) > 0n) return;
    for (const { address: from } of devnet?.published ?? []) {
      if ((await balance(from)) < startingAios) continue;
      const data = erc20.encodeFunctionData('transfer', [address, startingAios]);
      try {
        const hash = await this.#sender.send({ kind: 'node', address: from }, { to: token, data });
        await this.#receipt(hash, AbortSignal.timeout(defaultMaxWaitMs));
      } catch (error) {
        // Another process gives it the same at this moment, and the node takes one of two equal transactions.
        if ((await balance(address)) === 0n) throw error;
      }
      return;
    }
  }
}

interface RawReceipt {
  readonly to: string | null;
  readonly blockNumber: string;
  readonly status: string;
  readonly logs: readonly {
    readonly address: string;
    readonly topics: readonly string[];
    readonly data: string;
    readonly logIndex: string;
  }[];
}
