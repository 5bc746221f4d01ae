// A real anvil for tests, with a token that needs no compiler: its only code emits one ERC-20 Transfer for every 96 bytes
// (from, to, value) it is called with.
import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { id, JsonRpcProvider, Network, zeroPadValue } from 'ethers';
import { freePort } from '#node/platform/ports.ts';
import type { Hex } from '../../model.ts';

export const TRANSFER_TOPIC = id('Transfer(address,address,uint256)') as Hex;

/** EVM assembly: for (i = 0; i < calldatasize; i += 96) log3(memory[0..32] = word(i + 64), Transfer, word(i), word(i + 32)). */
const RUNTIME = `60005b80361115604557806040013560005280602001358135${'7f'}${TRANSFER_TOPIC.slice(2)}60206000a3606001600256${'5b00'}`;
const INIT = `0x6047600c60003960476000f3${RUNTIME}`;

export interface TransferInput {
  readonly from: Hex;
  readonly to: Hex;
  readonly value: bigint;
}

export interface TestChainOptions {
  /** Default 31337. */
  readonly chainId?: number;
  readonly stateFile?: string;
}

const anvilBinary = createRequire(import.meta.url)
  .resolve(
    `@foundry-rs/anvil-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}/package.json`,
  )
  .replace(/package\.json$/, 'bin/anvil');

export class TestChain {
  readonly url: string;
  readonly webSocketUrl: string;
  readonly #process: ChildProcess;
  readonly #provider: JsonRpcProvider;
  #sender: Hex = '0x';

  private constructor(port: number, process: ChildProcess, chainId: number) {
    this.url = `http://127.0.0.1:${port}`;
    this.webSocketUrl = `ws://127.0.0.1:${port}`;
    this.#process = process;
    const network = Network.from(chainId);
    this.#provider = new JsonRpcProvider(this.url, network, { staticNetwork: network, cacheTimeout: -1 });
  }

  static async start(options: TestChainOptions = {}): Promise<TestChain> {
    const port = await freePort();
    const chainId = options.chainId ?? 31337;
    const args = ['--port', String(port), '--chain-id', String(chainId), '--no-mining', '--accounts', '2'];
    const child = spawn(anvilBinary, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) =>
        reject(new Error(`anvil ended with ${code} before it listened on ${port}`)),
      );
      child.stdout.on('data', (text: Buffer) => {
        if (text.toString().includes('Listening')) resolve();
      });
    });
    const chain = new TestChain(port, child, chainId);
    const [sender] = await chain.send<Hex[]>('eth_accounts', []);
    if (!sender) throw new Error('anvil has no account');
    chain.#sender = sender;
    return chain;
  }

  send<T>(method: string, params: readonly unknown[]): Promise<T> {
    return this.#provider.send(method, [...params]) as Promise<T>;
  }

  async deployToken(): Promise<Hex> {
    const hash = await this.#transaction(null, INIT as Hex);
    await this.mine();
    const receipt = await this.send<{ contractAddress: Hex }>('eth_getTransactionReceipt', [hash]);
    return receipt.contractAddress;
  }

  /** One transaction with these transfers; it waits for the next block. */
  transfer(token: Hex, transfers: readonly TransferInput[]): Promise<Hex> {
    const words = transfers.map(
      ({ from, to, value }) =>
        zeroPadValue(from, 32).slice(2) +
        zeroPadValue(to, 32).slice(2) +
        value.toString(16).padStart(64, '0'),
    );
    return this.#transaction(token, `0x${words.join('')}`);
  }

  async mine(blocks = 1): Promise<number> {
    await this.send('anvil_mine', [`0x${blocks.toString(16)}`]);
    return this.height();
  }

  async height(): Promise<number> {
    return Number(await this.send<Hex>('eth_blockNumber', []));
  }

  /** New blocks, with other hashes and without transactions, at the last `depth` heights. */
  reorg(depth: number): Promise<unknown> {
    return this.send('anvil_reorg', [depth, []]);
  }

  /** The chain ends `depth` blocks lower. */
  rollback(depth: number): Promise<unknown> {
    return this.send('anvil_rollback', [depth]);
  }

  async stop(): Promise<void> {
    this.#provider.destroy();
    if (this.#process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await ended;
  }

  /** Any transaction, to a contract or (null) that makes one; it waits for the next block. */
  transact(to: Hex | null, data: Hex): Promise<Hex> {
    return this.#transaction(to, data);
  }

  #transaction(to: Hex | null, data: Hex): Promise<Hex> {
    return this.send('eth_sendTransaction', [
      { from: this.#sender, ...(to ? { to } : {}), data, gas: '0x989680' },
    ]);
  }
}

/** The i-th of an endless row of distinct test addresses. */
export function testAddress(index: number): Hex {
  return `0x${(0xa0000 + index).toString(16).padStart(40, '0')}`;
}
