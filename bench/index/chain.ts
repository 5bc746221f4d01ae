// The chain that all rivals index: made once by anvil, kept as its state file in the system's temporary folder, loaded again by
// the next run.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { getCreateAddress } from 'ethers';
import type { Hex } from '#indexer/model.ts';
import { freePort } from '#node/platform/ports.ts';
import { emitterCode } from './emitter.ts';
import { LOAD_VERSION, type Load } from './load.ts';

const anvilPackage = createRequire(import.meta.url).resolve(
  `@foundry-rs/anvil-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}/package.json`,
);
const { version: anvilVersion } = createRequire(import.meta.url)(anvilPackage) as { version: string };

/** Empty blocks behind the last event, so that what each rival takes for final holds all of them. */
export const TAIL_BLOCKS = 120;
export const CHAIN_ID = 31_337;
const SENDER: Hex = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const CALLS_PER_REQUEST = 50;

/** What is kept beside the state file. */
interface ChainRecord {
  readonly addresses: readonly Hex[];
  readonly head: number;
  readonly expected: readonly string[];
}

export class BenchChain {
  readonly url: string;
  readonly pid: number;
  readonly addresses: readonly Hex[];
  /** Height of the last block. */
  readonly head: number;
  /** What every rival must arrive at. */
  readonly expected: readonly string[];
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, url: string, { addresses, head, expected }: ChainRecord) {
    this.#process = process;
    this.pid = process.pid ?? 0;
    this.url = url;
    this.addresses = addresses;
    this.head = head;
    this.expected = expected;
  }

  /** Loads the chain of a load, after making it if it is not there. `report` hears of what takes long. */
  static async start(load: Load, report: (text: string) => void): Promise<BenchChain> {
    const folder = join(tmpdir(), 'aios-bench-chains');
    mkdirSync(folder, { recursive: true });
    const key = createHash('sha256').update(`${load.name} ${LOAD_VERSION} ${anvilVersion}`).digest('hex');
    const stem = join(folder, `${load.name}-${key.slice(0, 12)}`);
    if (!existsSync(`${stem}.json`)) await makeChain(load, stem, report);
    const record = JSON.parse(readFileSync(`${stem}.json`, 'utf8')) as ChainRecord;
    report(`loading the chain of ${load.events} events`);
    const { child, url } = await startAnvil(['--load-state', `${stem}.state`]);
    return new BenchChain(child, url, record);
  }

  async stop(): Promise<void> {
    await end(this.#process);
  }
}

async function startAnvil(options: readonly string[]): Promise<{ child: ChildProcess; url: string }> {
  const port = await freePort();
  const child = spawn(
    join(anvilPackage, '../bin/anvil'),
    [
      ...['--port', String(port), '--chain-id', String(CHAIN_ID), '--no-mining', '--accounts', '1'],
      ...['--disable-block-gas-limit', '--base-fee', '0', '--gas-price', '0', '--timestamp', '1700000000'],
      ...options,
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
  return { child, url: `http://127.0.0.1:${port}` };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await ended;
}

async function send<T>(
  url: string,
  requests: readonly (readonly [string, readonly unknown[]])[],
): Promise<T[]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(requests.map(([method, params], id) => ({ jsonrpc: '2.0', id, method, params }))),
  });
  const answers = (await response.json()) as { id: number; result: T; error?: { message: string } }[];
  return answers
    .sort((a, b) => a.id - b.id)
    .map(({ result, error }) => {
      if (error) throw new Error(`anvil refused: ${error.message}`);
      return result;
    });
}

async function makeChain(load: Load, stem: string, report: (text: string) => void): Promise<void> {
  const { child, url } = await startAnvil(['--dump-state', `${stem}.new`]);
  try {
    await send(url, [['anvil_setBlockTimestampInterval', [12]]]);
    let nonce = 0;
    const transaction = (to: Hex | undefined, data: Hex) =>
      [
        'eth_sendTransaction',
        [
          {
            from: SENDER,
            ...(to && { to }),
            data,
            gas: '0xf00000',
            gasPrice: '0x0',
            nonce: `0x${(nonce++).toString(16)}`,
          },
        ],
      ] as const;
    const addresses = Array.from(
      { length: load.emitters },
      (_, index) => getCreateAddress({ from: SENDER, nonce: index }).toLowerCase() as Hex,
    );
    const code = emitterCode();
    await send(
      url,
      addresses.map(() => transaction(undefined, code)),
    );
    await send(url, [['anvil_mine', ['0x1']]]);
    let blocks = 1;
    let told = Date.now();
    for (const calls of load.blocks(addresses)) {
      const requests = calls.map(({ emitter, data }) => transaction(addresses[emitter], data));
      for (let at = 0; at < requests.length; at += CALLS_PER_REQUEST)
        await send(url, requests.slice(at, at + CALLS_PER_REQUEST));
      await send(url, [['anvil_mine', ['0x1']]]);
      blocks++;
      if (Date.now() - told < 2_000) continue;
      told = Date.now();
      report(`making the chain of ${load.events} events: block ${blocks}`);
    }
    await send(url, [['anvil_mine', [`0x${TAIL_BLOCKS.toString(16)}`]]]);
    const [height] = await send<Hex>(url, [['eth_blockNumber', []]]);
    const head = Number(height);
    if (head !== blocks + TAIL_BLOCKS)
      throw new Error(`the chain ends at block ${head}, not ${blocks + TAIL_BLOCKS}`);
    const [receipt] = await send<{ status: Hex } | null>(url, [
      ['eth_getTransactionReceipt', [await lastHash(url, blocks)]],
    ]);
    if (receipt?.status !== '0x1') throw new Error('the last transaction of the chain failed');
    writeFileSync(
      `${stem}.record`,
      JSON.stringify({ addresses, head, expected: load.expected(addresses) } satisfies ChainRecord),
    );
  } finally {
    report('saving the chain');
    await end(child);
  }
  while (!existsSync(`${stem}.new`)) await delay(20);
  renameSync(`${stem}.new`, `${stem}.state`);
  renameSync(`${stem}.record`, `${stem}.json`);
}

async function lastHash(url: string, block: number): Promise<Hex> {
  const [found] = await send<{ transactions: Hex[] }>(url, [
    ['eth_getBlockByNumber', [`0x${block.toString(16)}`, false]],
  ]);
  return found?.transactions.at(-1) as Hex;
}
