// Plays the demo's script on a devnet: first its history, in blocks spread over time, then a few transactions a minute.
// Nothing is remembered between runs: an actor's nonce says how many of his steps stand on the chain, so a run goes on where the
// last one stopped, sends again what the chain has lost, and never does anything twice.

import { setTimeout as delay } from 'node:timers/promises';
import { Interface, Wallet } from 'ethers';
import type { Addresses } from '#contracts/deployment-plan.ts';
import { agentRegistryAbi } from '#contracts/generated/agent-registry.ts';
import { aiNftAbi } from '#contracts/generated/ai-nft.ts';
import { aiosTokenAbi } from '#contracts/generated/aios-token.ts';
import { feePolicyAbi } from '#contracts/generated/fee-policy.ts';
import { marketplaceAbi } from '#contracts/generated/marketplace.ts';
import { networkRegistryAbi } from '#contracts/generated/network-registry.ts';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { devnetAccount, devnetRoles } from '../accounts.ts';
import { DevnetRpc } from '../rpc.ts';
import { Bindings } from './bindings.ts';
import type { DemoDocument } from './documents.ts';
import { SeededRandom } from './random.ts';
import { type Argument, actorCount, bankActor, type DemoContract, demoScript, type Step } from './script.ts';

export interface DemoPace {
  /** Transactions of the history. Default 500. */
  readonly backfill?: number;
  /** Transactions a minute after it; 0 ends the demo with its history. Default 4. */
  readonly perMinute?: number;
}

export interface DemoProgress {
  readonly phase: 'backfill' | 'live' | 'waiting';
  /** Steps of the script that stand on the chain. */
  readonly done: number;
  /** Steps of the history. */
  readonly total: number;
  /** In `waiting`: why. */
  readonly message?: string;
}

export interface DemoOptions {
  readonly rpcUrl: string;
  readonly addresses: Addresses;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DemoProgress) => void;
  /** Told of every document that a transaction names, before it is sent; of some more than once. */
  readonly onDocument?: (cid: string, document: DemoDocument) => void;
  readonly pace?: DemoPace;
  readonly seed?: number;
}

/** Steps in one block of the history, at most. */
const blockSteps = 8;
const bankFunds = 400_000_000n * 10n ** 18n;
/** Far above what anvil asks; an account has 10,000 ether, which pays for millions of transactions. */
const maxFeePerGas = 20_000_000_000n;
const retryMs = 2_000;

const interfaces: Readonly<Record<DemoContract, Interface>> = {
  aiosToken: new Interface(aiosTokenAbi),
  networkRegistry: new Interface(networkRegistryAbi),
  agentRegistry: new Interface(agentRegistryAbi),
  aiNft: new Interface(aiNftAbi),
  feePolicy: new Interface(feePolicyAbi),
  marketplace: new Interface(marketplaceAbi),
};

/**
 * Runs until the signal aborts, or to the end of the history with `perMinute: 0`. A chain that does not answer is waited for.
 * @throws AiosError DEMO_WRONG_CHAIN when the contracts do not stand there
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const demo = new Demo(options);
  const { signal } = options;
  while (!signal?.aborted) {
    try {
      await demo.run();
      return;
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof AiosError && error.code === 'DEMO_WRONG_CHAIN') throw error;
      demo.report('waiting', messageOf(error));
      await delay(retryMs, undefined, { signal }).catch(() => {});
    }
  }
}

class Demo {
  readonly #options: DemoOptions;
  readonly #rpc: DevnetRpc;
  readonly #wallets = Array.from(
    { length: actorCount },
    (_, actor) => new Wallet(devnetAccount(devnetRoles.firstDemoAccount + actor).privateKey),
  );
  readonly #backfill: number;
  readonly #perMinute: number;
  readonly #pacing: SeededRandom;
  #bindings: Bindings;
  #chainId = 0;
  /** Next nonce of each actor, as it should be on the chain. */
  #nonces: number[] = [];
  #done = 0;

  constructor(options: DemoOptions) {
    this.#options = options;
    this.#rpc = new DevnetRpc(options.rpcUrl);
    this.#backfill = options.pace?.backfill ?? 500;
    this.#perMinute = options.pace?.perMinute ?? 4;
    this.#pacing = new SeededRandom(options.seed ?? 1);
    this.#bindings = new Bindings(this.#rpc, options.addresses);
  }

  report(phase: DemoProgress['phase'], message?: string): void {
    this.#options.onProgress?.({ phase, done: this.#done, total: this.#backfill, message });
  }

  async run(): Promise<void> {
    const { addresses } = this.#options;
    this.#chainId = Number(await this.#rpc.call<string>('eth_chainId'));
    const code = await this.#rpc.call<string>('eth_getCode', addresses.marketplace, 'latest');
    if (code === '0x') {
      throw new AiosError(
        'DEMO_WRONG_CHAIN',
        `There is no marketplace at ${addresses.marketplace} on ${this.#rpc.url}. Deploy the contracts before the demo starts.`,
      );
    }
    // A demo killed in its history may have left the chain without automatic blocks.
    await this.#rpc.call('evm_setAutomine', true);
    // The script is read from its beginning whenever what stands on the chain is not what was sent.
    while (!this.#aborted) {
      await this.#fundBank();
      this.#bindings = new Bindings(this.#rpc, addresses);
      await this.#bindings.readTo(await this.#head());
      this.#nonces = await this.#chainNonces();
      const steps = this.#openSteps();
      if (this.#done < this.#backfill && !(await this.#playHistory(steps))) continue;
      if (this.#perMinute <= 0) return;
      await this.#playLive(steps);
    }
  }

  get #aborted(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  /** Steps that do not stand on the chain, in order, without end. */
  #openSteps(): Generator<Step> {
    const standing = [...this.#nonces];
    const left = () => standing.some((count) => count > 0);
    const script = demoScript({
      seed: this.#options.seed,
      backfill: this.#backfill,
      onDocument: this.#options.onDocument,
    });
    const skipped: Step[] = [];
    this.#done = 0;
    while (left()) {
      const step = script.next().value;
      const count = standing[step.actor] ?? 0;
      if (count > 0) {
        standing[step.actor] = count - 1;
        this.#done += 1;
      } else {
        skipped.push(step);
      }
    }
    return (function* () {
      yield* skipped;
      yield* script;
    })();
  }

  /** Back-fills blocks with timestamps up to the present. False when the chain is not as it should be afterwards. */
  async #playHistory(steps: Generator<Step>): Promise<boolean> {
    const rpc = this.#rpc;
    const latest = await rpc.call<{ timestamp: string }>('eth_getBlockByNumber', 'latest', false);
    let clock = Number(latest.timestamp);
    this.report('backfill');
    await rpc.call('evm_setAutomine', false);
    try {
      let carried: Step | undefined;
      while (this.#done < this.#backfill && !this.#aborted) {
        const wanted = Math.min(this.#pacing.integer(2, blockSteps), this.#backfill - this.#done);
        const batch: Step[] = [];
        const keys = new Set<string>();
        while (batch.length < wanted) {
          const step = carried ?? (steps.next().value as Step);
          carried = undefined;
          if (step.keys.some((key) => keys.has(key))) {
            // It needs what this block does: it waits for the next.
            carried = step;
            break;
          }
          for (const key of step.keys) keys.add(key);
          batch.push(step);
        }
        const now = Math.floor(Date.now() / 1000);
        const share = batch.length / Math.max(batch.length, this.#backfill - this.#done + 1);
        const stride = Math.max(1, Math.floor((now - clock) * share * (0.4 + 1.2 * this.#pacing.next())));
        clock = Math.max(clock + 1, Math.min(now, clock + stride));
        const transactions = await this.#sign(batch);
        const requests = transactions.map((raw) => ({ method: 'eth_sendRawTransaction', params: [raw] }));
        await rpc.batch([
          ...requests,
          { method: 'evm_setNextBlockTimestamp', params: [clock] },
          { method: 'evm_mine', params: [] },
        ]);
        await this.#bindings.readTo(await this.#head());
        this.#done += batch.length;
        this.report('backfill');
      }
    } finally {
      await rpc.call('evm_setAutomine', true).catch(() => {});
    }
    const now = Math.floor(Date.now() / 1000);
    if (clock < now) await rpc.call('evm_setTime', now);
    return this.#asExpected();
  }

  /** One step every few seconds, until the signal aborts or the chain turns out to be another than expected. */
  async #playLive(steps: Generator<Step>): Promise<void> {
    this.report('live');
    const { signal } = this.#options;
    while (!this.#aborted) {
      const pause = (60_000 / this.#perMinute) * (0.5 + this.#pacing.next());
      await delay(pause, undefined, { signal }).catch(() => {});
      if (this.#aborted || !(await this.#asExpected())) return;
      await this.#bindings.readTo(await this.#head());
      const step = steps.next().value as Step;
      const [raw] = await this.#sign([step]);
      await this.#rpc.call('eth_sendRawTransaction', raw);
      await this.#included();
      this.#done += 1;
      this.report('live');
    }
  }

  /** Waits until the last transaction sent is in a block; a chain that makes none for long is looked at again by the next tick. */
  async #included(): Promise<void> {
    const deadline = Date.now() + 15_000;
    while (!(await this.#asExpected())) {
      if (this.#aborted) return;
      if (Date.now() > deadline) throw new Error('a transaction of the demo was not included within 15 s');
      await delay(50);
    }
  }

  /** Signs the steps with the actors' next nonces. A step that could not succeed (somebody else bought the licence first) becomes an
   *  empty transaction: the nonce must count it all the same. */
  async #sign(steps: readonly Step[]): Promise<string[]> {
    const calls = steps.map((step) => this.#callOf(step));
    const estimates = await this.#rpc.settle<string>(
      calls.map((call) => ({
        method: 'eth_estimateGas',
        params: [{ from: call.from, to: call.to ?? call.from, data: call.data }, 'latest'],
      })),
    );
    return Promise.all(
      steps.map((step, index) => {
        const wallet = this.#wallets[step.actor];
        const call = calls[index];
        const estimate = estimates[index];
        if (!wallet || !call) throw new Error(`the demo has no actor ${step.actor}`);
        const nonce = this.#nonces[step.actor] ?? 0;
        this.#nonces[step.actor] = nonce + 1;
        const succeeds = call.to !== undefined && typeof estimate === 'string';
        return wallet.signTransaction({
          type: 2,
          chainId: this.#chainId,
          nonce,
          to: succeeds ? call.to : call.from,
          data: succeeds ? call.data : '0x',
          // A storage slot that was set between the estimate and the block costs more.
          gasLimit: succeeds ? (BigInt(estimate) * 3n) / 2n : 21_000n,
          maxFeePerGas,
          maxPriorityFeePerGas: 1_000_000_000n,
        });
      }),
    );
  }

  /** `to` is undefined when the step refers to something that the chain does not have. */
  #callOf(step: Step): { from: string; to: string | undefined; data: string } {
    const from = this.#address(step.actor);
    const args: unknown[] = [];
    for (const argument of step.args) {
      const value = this.#valueOf(argument);
      if (value === undefined) return { from, to: undefined, data: '0x' };
      args.push(value);
    }
    return {
      from,
      to: this.#options.addresses[step.contract],
      data: interfaces[step.contract].encodeFunctionData(step.method, args),
    };
  }

  #valueOf(argument: Argument): unknown {
    if (typeof argument !== 'object') return argument;
    if ('actor' in argument) return this.#address(argument.actor);
    if ('contract' in argument) return this.#options.addresses[argument.contract];
    const by = argument.of.map((part) => this.#valueOf(part));
    if (by.some((part) => part === undefined)) return undefined;
    return this.#bindings.find(argument.what, by, argument.occurrence);
  }

  #address(actor: number): string {
    const wallet = this.#wallets[actor];
    if (!wallet) throw new Error(`the demo has no actor ${actor}`);
    return wallet.address;
  }

  async #asExpected(): Promise<boolean> {
    const nonces = await this.#chainNonces();
    return nonces.every((nonce, actor) => nonce === this.#nonces[actor]);
  }

  async #chainNonces(): Promise<number[]> {
    const counts = await this.#rpc.batch<string>(
      this.#wallets.map(({ address }) => ({
        method: 'eth_getTransactionCount',
        params: [address, 'latest'],
      })),
    );
    return counts.map(Number);
  }

  async #head(): Promise<number> {
    return Number(await this.#rpc.call<string>('eth_blockNumber'));
  }

  /** The owner of the supply gives the demo's bank its funds, once. */
  async #fundBank(): Promise<void> {
    const { addresses } = this.#options;
    const bank = this.#address(bankActor);
    const balanceOf = interfaces.aiosToken.encodeFunctionData('balanceOf', [bank]);
    const [nonce, balance] = await this.#rpc.batch<string>([
      { method: 'eth_getTransactionCount', params: [bank, 'latest'] },
      { method: 'eth_call', params: [{ to: addresses.aiosToken, data: balanceOf }, 'latest'] },
    ]);
    if (Number(nonce) > 0 || BigInt(balance ?? '0x0') > 0n) return;
    const owner = new Wallet(devnetAccount(devnetRoles.owner).privateKey);
    const ownerNonce = await this.#rpc.call<string>('eth_getTransactionCount', owner.address, 'pending');
    const raw = await owner.signTransaction({
      type: 2,
      chainId: this.#chainId,
      nonce: Number(ownerNonce),
      to: addresses.aiosToken,
      data: interfaces.aiosToken.encodeFunctionData('transfer', [bank, bankFunds]),
      gasLimit: 150_000n,
      maxFeePerGas,
      maxPriorityFeePerGas: 1_000_000_000n,
    });
    const hash = await this.#rpc.call<string>('eth_sendRawTransaction', raw);
    await this.#rpc.receiptOf(hash);
  }
}
