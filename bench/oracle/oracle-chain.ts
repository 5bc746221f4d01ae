// A chain whose blocks say whatever is wanted: emitters at chosen addresses, blocks mined on order, reorganisations of two kinds.
import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Hex } from '#indexer/model.ts';
import { freePort } from '#node/platform/ports.ts';
import { emitterCode } from '../index/emitter.ts';

const anvilPackage = createRequire(import.meta.url).resolve(
  `@foundry-rs/anvil-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}/package.json`,
);
export const CHAIN_ID = 31_337;
const SENDER: Hex = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';

/** A transaction: the emitter's address and what it is to emit. */
export interface Emission {
  readonly emitter: Hex;
  readonly data: Hex;
}

export interface ChainHead {
  readonly number: number;
  readonly hash: Hex;
}

export class OracleChain {
  readonly url: string;
  readonly #process: ChildProcess;
  #nextId = 1;

  private constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.url = url;
  }

  static async start(emitters: readonly Hex[]): Promise<OracleChain> {
    const port = await freePort();
    const child = spawn(
      join(anvilPackage, '../bin/anvil'),
      [
        ...['--port', String(port), '--chain-id', String(CHAIN_ID), '--no-mining', '--accounts', '1'],
        ...['--disable-block-gas-limit', '--base-fee', '0', '--gas-price', '0', '--timestamp', '1700000000'],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`anvil ended with ${code} before it listened`)));
      child.stdout.on('data', (text: Buffer) => {
        if (text.includes('Listening')) resolve();
      });
    });
    const chain = new OracleChain(child, `http://127.0.0.1:${port}`);
    const hash = await chain.send<Hex>('eth_sendTransaction', [
      { from: SENDER, data: emitterCode(), gas: '0x989680' },
    ]);
    await chain.mine();
    const receipt = await chain.send<{ contractAddress: Hex }>('eth_getTransactionReceipt', [hash]);
    const code = await chain.send<Hex>('eth_getCode', [receipt.contractAddress, 'latest']);
    for (const address of emitters) await chain.send('anvil_setCode', [address, code]);
    return chain;
  }

  async send<T>(method: string, params: readonly unknown[]): Promise<T> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: this.#nextId++, method, params }),
    });
    const { result, error } = (await response.json()) as { result: T; error?: { message: string } };
    if (error) throw new Error(`anvil refused ${method}: ${error.message}`);
    return result;
  }

  /** One block with these transactions, `seconds` after the last. */
  async mine(emissions: readonly Emission[] = [], seconds = 7): Promise<void> {
    for (const { emitter, data } of emissions)
      await this.send('eth_sendTransaction', [{ from: SENDER, to: emitter, data, gas: '0x1c9c380' }]);
    await this.send('evm_increaseTime', [seconds]);
    await this.send('anvil_mine', ['0x1']);
  }

  /** The last `depth` blocks are others now, and empty. */
  replaceLast(depth: number): Promise<void> {
    return this.send('anvil_reorg', [depth, []]);
  }

  /** The chain ends `depth` blocks lower. */
  dropLast(depth: number): Promise<void> {
    return this.send('anvil_rollback', [depth]);
  }

  async head(): Promise<ChainHead> {
    const { number, hash } = await this.send<{ number: Hex; hash: Hex }>('eth_getBlockByNumber', [
      'latest',
      false,
    ]);
    return { number: Number(number), hash };
  }

  async hashOf(number: number): Promise<Hex> {
    const block = await this.send<{ hash: Hex }>('eth_getBlockByNumber', [`0x${number.toString(16)}`, false]);
    return block.hash;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await ended;
  }
}
