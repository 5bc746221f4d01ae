// Recorded JSON-RPC blocks in a folder (`N.json.gz` or `N.json`, `{ block, receipts }`) as a chain. Nothing is believed: every block is
// proven from its own hash before anybody sees it. Gaps between recorded blocks are allowed; what was not recorded fails by name.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { BlockPointer, Hex, Log, LogFilter, SourceBlock } from '../model.ts';
import type { RpcTransaction } from './json-rpc.ts';
import { LogMatcher } from './log-filter.ts';
import {
  type BlockRange,
  bytesOfBlock,
  type CallRequest,
  type CallResult,
  type ChainBlock,
  ReorgDetected,
  type Source,
  type SourceCapabilities,
} from './source.ts';
import { type RecordedBlock, verifyRecordedBlock } from './verify/recorded-block.ts';

export interface RecordedSourceOptions {
  readonly folder: string;
  /** Default: the well-known name of the recorded chain id. */
  readonly name?: string;
  /** Default: what the recorded transactions were signed for. Given, every recorded block must agree. */
  readonly chainId?: number;
  readonly maxBatchBytes?: number;
}

/** A recorded contract call, in `calls.json[.gz]` beside the blocks: the answer at one block, or null when it reverted. */
interface RecordedCall {
  readonly block: number;
  readonly to: Hex;
  readonly data: Hex;
  readonly result: Hex | null;
}

const unzip = promisify(gunzip);
const DEFAULT_MAX_BATCH_BYTES = 8 * 1024 * 1024;
// Proving a block costs far more than keeping it; a few stay for the reads around a batch.
const KEPT_BLOCKS = 16;

/** Names that The Graph's network registry gives to chains recordings usually come from. */
const CHAIN_NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'mainnet'],
  [10, 'optimism'],
  [100, 'gnosis'],
  [137, 'matic'],
  [8453, 'base'],
  [31337, 'devnet'],
  [42161, 'arbitrum-one'],
  [11155111, 'sepolia'],
]);

export class RecordedSource implements Source {
  readonly kind = 'recorded';
  readonly name: string;
  readonly chainId: number;
  readonly capabilities: SourceCapabilities;
  readonly #folder: string;
  readonly #files: ReadonlyMap<number, string>;
  /** Recorded heights, ascending. */
  readonly #heights: readonly number[];
  readonly #calls: ReadonlyMap<string, Hex | null>;
  readonly #maxBatchBytes: number;
  readonly #kept = new Map<number, Promise<SourceBlock>>();

  private constructor(
    options: RecordedSourceOptions,
    chainId: number,
    files: ReadonlyMap<number, string>,
    calls: ReadonlyMap<string, Hex | null>,
  ) {
    this.#folder = options.folder;
    this.#files = files;
    this.#heights = [...files.keys()].sort((a, b) => a - b);
    this.#calls = calls;
    this.#maxBatchBytes = options.maxBatchBytes ?? DEFAULT_MAX_BATCH_BYTES;
    this.chainId = chainId;
    this.name = options.name ?? CHAIN_NAMES.get(chainId) ?? `eip155-${chainId}`;
    const first = this.#heights[0] ?? 0;
    const last = this.#heights.at(-1) ?? 0;
    this.capabilities = {
      headerVerification: true,
      calls: calls.size > 0,
      traces: false,
      receipts: true,
      finality: true,
      contiguous: last - first + 1 === this.#heights.length,
    };
  }

  /**
   * Lists the folder; blocks are read and proven when they are needed.
   * @throws AiosError `RECORDING_MISSING` without a folder or a block in it.
   */
  static async open(options: RecordedSourceOptions): Promise<RecordedSource> {
    const names = await readdir(options.folder).catch((cause: unknown) => {
      throw new AiosError(
        'RECORDING_MISSING',
        `cannot read the recorded blocks in ${options.folder}: ${messageOf(cause)}; give a folder of N.json.gz files`,
        { cause },
      );
    });
    const files = new Map<number, string>();
    for (const name of names) {
      const match = /^(\d+)\.json(\.gz)?$/.exec(name);
      if (match) files.set(Number(match[1]), join(options.folder, name));
    }
    if (files.size === 0)
      throw new AiosError(
        'RECORDING_MISSING',
        `${options.folder} holds no recorded block: files are named by height, N.json or N.json.gz`,
      );
    const chainId = options.chainId ?? (await chainIdOf(files));
    return new RecordedSource(options, chainId, files, await readCalls(options.folder));
  }

  get firstBlock(): number {
    return this.#heights[0] ?? 0;
  }

  async head(): Promise<ChainBlock> {
    return pointerOf(await this.#block(this.#heights.at(-1) ?? 0));
  }

  /** A recording never changes: all of it is final. */
  finalized(): Promise<BlockPointer> {
    return this.head();
  }

  async blockPointer(number: number): Promise<ChainBlock | null> {
    return this.#files.has(number) ? pointerOf(await this.#block(number)) : null;
  }

  async *blocks(range: BlockRange, filter: LogFilter): AsyncGenerator<SourceBlock[]> {
    const matcher = new LogMatcher(filter);
    const wanted = this.#heights.filter((height) => height >= range.from && height <= range.to);
    let before: BlockPointer | null = range.after;
    let batch: SourceBlock[] = [];
    let bytes = 0;
    for (const height of wanted) {
      range.signal?.throwIfAborted();
      const block = await this.#block(height);
      if (before && before.number === height - 1 && before.hash !== block.header.parentHash) {
        if (before === range.after)
          throw new ReorgDetected(before, `the recorded block ${height} follows another`);
        throw new AiosError(
          'RECORDING_FORGED',
          `recorded blocks ${before.number} and ${height} in ${this.#folder} are of different chains: ${height} follows ` +
            `${block.header.parentHash}, recorded is ${before.hash}; record both from one node`,
        );
      }
      before = block.header;
      const matching: Log[] = block.logs.filter((log) => matcher.matches(log));
      const last = height === wanted.at(-1);
      if (matching.length === 0 && !filter.everyBlock && !last) continue;
      const shown = { ...block, logs: matching };
      batch.push(shown);
      bytes += bytesOfBlock(shown);
      if (bytes >= this.#maxBatchBytes || last) {
        yield batch;
        batch = [];
        bytes = 0;
      }
    }
  }

  async call(request: CallRequest): Promise<CallResult> {
    const answer = this.#calls.get(callKey(request.block.number, request.to, request.data));
    if (answer === undefined)
      throw new AiosError(
        'CALL_NOT_RECORDED',
        `the call of ${request.to} with ${request.data} at block ${request.block.number} is not in the recording ${this.#folder}; ` +
          'record it into calls.json.gz or index from a live node',
        { details: { ...request } },
      );
    return answer === null
      ? { reverted: true, reason: 'recorded revert' }
      : { reverted: false, data: answer };
  }

  getBalance(address: Hex, block: BlockPointer): Promise<bigint> {
    return Promise.reject(this.#stateNotRecorded('balance', address, block));
  }

  hasCode(address: Hex, block: BlockPointer): Promise<boolean> {
    return Promise.reject(this.#stateNotRecorded('code', address, block));
  }

  /** A recording has one head for ever. */
  onHead(): () => void {
    return () => undefined;
  }

  async close(): Promise<void> {
    this.#kept.clear();
  }

  #stateNotRecorded(what: string, address: Hex, block: BlockPointer): AiosError {
    return new AiosError(
      'STATE_NOT_RECORDED',
      `the ${what} of ${address} at block ${block.number} is not in the recording ${this.#folder}; index from a live node`,
    );
  }

  #block(height: number): Promise<SourceBlock> {
    const kept = this.#kept.get(height);
    if (kept) return kept;
    const loaded = this.#load(height);
    this.#kept.set(height, loaded);
    loaded.catch(() => this.#kept.delete(height));
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > KEPT_BLOCKS && oldest !== undefined) this.#kept.delete(oldest);
    return loaded;
  }

  async #load(height: number): Promise<SourceBlock> {
    const file = this.#files.get(height);
    if (!file)
      throw new AiosError('RECORDING_MISSING', `block ${height} is not in the recording ${this.#folder}`);
    const recorded = await readRecording(file);
    const block = verifyRecordedBlock(recorded, this.chainId);
    if (block.header.number !== height)
      throw new AiosError(
        'RECORDING_FORGED',
        `${file} holds block ${block.header.number}, its name says ${height}; name it by its height`,
      );
    return block;
  }
}

function pointerOf(block: SourceBlock): ChainBlock {
  const { number, hash, parentHash, timestamp } = block.header;
  return { number, hash, parentHash, timestamp };
}

async function readRecording(file: string): Promise<RecordedBlock> {
  const parsed = (await readJson(file)) as Partial<RecordedBlock> | null;
  if (!parsed || typeof parsed !== 'object' || !parsed.block || !Array.isArray(parsed.receipts))
    throw new AiosError('RECORDING_MALFORMED', `${file} is not { block, receipts }; record it again`);
  if (
    !Array.isArray(parsed.block.transactions) ||
    parsed.block.transactions.some((t) => typeof t === 'string')
  )
    throw new AiosError(
      'RECORDING_MALFORMED',
      `${file} holds transaction hashes only; record the block with full transactions`,
    );
  return parsed as RecordedBlock;
}

async function readJson(file: string): Promise<unknown> {
  try {
    const bytes = await readFile(file);
    return JSON.parse((file.endsWith('.gz') ? await unzip(bytes) : bytes).toString('utf8'));
  } catch (cause) {
    throw new AiosError('RECORDING_MALFORMED', `cannot read ${file}: ${messageOf(cause)}; record it again`, {
      cause,
    });
  }
}

/** The chain id the first signed-for transaction of a recording names. */
async function chainIdOf(files: ReadonlyMap<number, string>): Promise<number> {
  for (const file of files.values()) {
    const recorded = await readRecording(file);
    for (const transaction of recorded.block.transactions as readonly RpcTransaction[])
      if (transaction.chainId) return Number(transaction.chainId);
  }
  throw new AiosError(
    'RECORDING_MALFORMED',
    'no recorded transaction names a chain id; say which chain was recorded (chainId)',
  );
}

function callKey(block: number, to: string, data: string): string {
  return `${block} ${to.toLowerCase()} ${data.toLowerCase()}`;
}

async function readCalls(folder: string): Promise<ReadonlyMap<string, Hex | null>> {
  const file = ['calls.json.gz', 'calls.json']
    .map((name) => join(folder, name))
    .find((path) => existsSync(path));
  if (!file) return new Map();
  const calls = (await readJson(file)) as readonly RecordedCall[];
  return new Map(calls.map((call) => [callKey(call.block, call.to, call.data), call.result]));
}
