// An Ethereum-like chain over its public JSON-RPC. Reads history in adaptive ranges with several requests in flight, in order, and
// the unfinalized end of the chain header by header.

import { AiosError } from '#node/platform/errors.ts';
import type { BlockPointer, Hex, LogFilter, SourceBlock } from '../model.ts';
import { BlockFetcher, checkLink, type Piece } from './block-fetcher.ts';
import { askBundle, bundlesAreFaithful, bundlesOf } from './call-bundle.ts';
import { isRevert } from './call-reverts.ts';
import { type ChainCache, cut, type KeptCall, type KeptPiece, planFrom } from './chain-cache.ts';
import { HeadFollower } from './head-follower.ts';
import { chainBlockOf, type RpcBlock } from './json-rpc.ts';
import { RpcEndpoints, type RpcEndpointsOptions, RpcError } from './rpc-endpoints.ts';
import { SharedEnd } from './shared-end.ts';
import {
  type BlockRange,
  bytesOfBlock,
  type CallRequest,
  type CallResult,
  type ChainBlock,
  ReorgDetected,
  type Source,
  type SourceCapabilities,
  type ViewRequest,
} from './source.ts';

export interface EthereumSourceOptions extends Omit<RpcEndpointsOptions, 'urls'> {
  readonly name: string;
  /** http(s) URLs take requests, in order of preference; the first ws(s) URL announces heads. */
  readonly urls: readonly string[];
  /** `tag`: the node's `finalized` block; a number: that many blocks below the head; `none`: nothing is ever final (devnets). */
  readonly finality?: 'tag' | 'none' | number;
  readonly verifyHeaders?: boolean;
  readonly pollIntervalMs?: number;
  /** Blocks of the first `eth_getLogs` below finality; it adapts from there. Short, so that the mapping has something to begin with. */
  readonly firstSpan?: number;
  readonly maxSpan?: number;
  /** Logs one range should bring. */
  readonly logsPerRange?: number;
  /** Ranges in flight at once. */
  readonly concurrency?: number;
  readonly maxBatchBytes?: number;
  /** Ask several contract calls in one request where the node can be shown to answer them alike. Default true. */
  readonly bundleCalls?: boolean;
  /** Where answers are kept for other deployments; not used on chains where nothing is final. */
  readonly cache?: ChainCache;
}

// Every header is read where the chain can still change, so those ranges stay short.
const DENSE_SPAN = 200;
// Traces cost a node far more than logs, and come in pieces of a hundred blocks.
const CALL_SPAN = 1_000;
// As graph-node: enough for what view functions do, a bound for what they should not do.
const CALL_GAS = '0x2faf080';
// Where heads are announced, an answer is as good as new until the next announcement; the limit is for sockets that are open but dead.
const KEEP_MS = { socket: 1_000, polls: 100, none: 0 };
const hex = (value: number): Hex => `0x${value.toString(16)}`;

// Final blocks stay; many readers start at the same one.
const CONFIRMED_MS = 5_000;
const NO_DATA = 'no data returned';

/** A piece on its way, from the node or (known) from the cache. */
interface Launched {
  readonly piece: Promise<Piece>;
  readonly known: boolean;
}

const resultOf = (kept: Hex | null): CallResult =>
  kept === null
    ? { reverted: true, reason: 'it reverted when it was asked before' }
    : { reverted: false, data: kept };
const dataOf = (result: CallResult): Hex | null => (result.reverted ? null : result.data);
/** An empty answer may also be that of a node without the state of that block. */
const mayBeKept = (result: CallResult): boolean => !result.reverted || result.reason !== NO_DATA;

export class EthereumSource implements Source {
  readonly kind = 'ethereum';
  readonly name: string;
  readonly chainId: number;
  readonly firstBlock = 0;
  readonly capabilities: SourceCapabilities;
  readonly #rpc: RpcEndpoints;
  readonly #end: SharedEnd;
  readonly #fetcher: BlockFetcher;
  readonly #heads: HeadFollower;
  readonly #options: Required<
    Pick<EthereumSourceOptions, 'bundleCalls' | 'concurrency' | 'finality' | 'logsPerRange' | 'maxBatchBytes'>
  >;
  #span: number;
  #maxSpan: number;
  readonly #mostSpan: number;
  #callsByHash = true;
  #faithful: Promise<boolean> | undefined;
  readonly #cache: ChainCache | undefined;
  /** The chain's name in the cache. */
  #identity: Promise<string | null> | undefined;
  /** The final block that was last found on the chain. */
  #confirmed: { readonly hash: string; readonly at: number } | undefined;

  private constructor(options: EthereumSourceOptions, rpc: RpcEndpoints, chainId: number) {
    this.name = options.name;
    this.chainId = chainId;
    this.#rpc = rpc;
    this.#end = new SharedEnd(rpc, {
      keepMs: () => KEEP_MS[this.#heads.watch],
      announced: () => this.#heads.watch === 'socket',
      readers: () => this.#heads.listeners,
    });
    this.#fetcher = new BlockFetcher(this.#end, { verifyHeaders: options.verifyHeaders ?? false });
    this.#options = {
      bundleCalls: options.bundleCalls ?? true,
      concurrency: options.concurrency ?? 4,
      finality: options.finality ?? 'tag',
      logsPerRange: options.logsPerRange ?? 4_000,
      maxBatchBytes: options.maxBatchBytes ?? 8 * 1024 * 1024,
    };
    this.#cache = this.#options.finality === 'none' ? undefined : options.cache;
    this.#span = options.firstSpan ?? 50;
    this.#mostSpan = options.maxSpan ?? 20_000;
    this.#maxSpan = this.#mostSpan;
    this.#heads = new HeadFollower({
      poll: async () => chainBlockOf(this.#present(await this.#end.freshHead(), 'latest')),
      onAnnounced: () => this.#end.forget(),
      pollIntervalMs: options.pollIntervalMs ?? 1_000,
      webSocketUrl: options.urls.find((url) => /^wss?:/.test(url)),
    });
    this.capabilities = {
      headerVerification: options.verifyHeaders ?? false,
      calls: true,
      traces: true,
      receipts: true,
      finality: this.#options.finality !== 'none',
      contiguous: true,
    };
  }

  /**
   * Connects and makes sure that the node serves the configured chain.
   * @throws AiosError `RPC_UNREACHABLE`, `RPC_WRONG_CHAIN`, `RPC_NOT_CONFIGURED`.
   */
  static async open(options: EthereumSourceOptions): Promise<EthereumSource> {
    const rpc = new RpcEndpoints({ ...options, urls: options.urls.filter((url) => !/^wss?:/.test(url)) });
    try {
      return new EthereumSource(options, rpc, await rpc.chainId());
    } catch (error) {
      rpc.close();
      throw error;
    }
  }

  /** Whether the node has traces, which call handlers and `call` block filters need. Asks it. */
  hasTraces(): Promise<boolean> {
    return this.#fetcher.hasTraces();
  }

  async head(): Promise<ChainBlock> {
    return chainBlockOf(await this.#existing('latest'));
  }

  async finalized(): Promise<BlockPointer | null> {
    const { finality } = this.#options;
    if (finality === 'none') return null;
    if (finality === 'tag') {
      const block = await this.#fetcher.header('finalized');
      return block && chainBlockOf(block);
    }
    const head = await this.head();
    return head.number < finality ? null : this.blockPointer(head.number - finality);
  }

  async blockPointer(number: number): Promise<ChainBlock | null> {
    const block = await this.#fetcher.header(hex(number));
    return block && chainBlockOf(block);
  }

  async *blocks(range: BlockRange, filter: LogFilter): AsyncGenerator<SourceBlock[]> {
    const [head, finalized] = await Promise.all([this.head(), this.finalized()]);
    const to = Math.min(range.to, head.number);
    const dense = Math.max(range.from, (finalized?.number ?? -1) + 1);
    if (range.after && range.after.number > head.number)
      throw new ReorgDetected(range.after, `the chain now ends at block ${head.number}`);
    let before = range.after;
    let next = range.from;
    const inFlight: Launched[] = [];
    const chain = next < dense && next <= to ? await this.#chainInCache() : null;
    const kept = await this.#planned(chain, filter, next, Math.min(to, dense - 1));
    const launch = () => {
      const isDense = next >= dense;
      const known = kept.pieces.shift();
      const span = isDense ? DENSE_SPAN : filter.calls?.length ? Math.min(this.#span, CALL_SPAN) : this.#span;
      const last = known?.last ?? Math.min(to, next + span - 1, isDense ? to : dense - 1);
      const piece = known
        ? this.#read(known, next, filter, kept.wider)
        : this.#fetcher.piece(next, last, filter, isDense);
      // It is awaited later, in order; until then its failure must not count as unhandled.
      piece.catch(() => undefined);
      inFlight.push({ piece, known: known !== undefined });
      next = last + 1;
    };
    while (next <= to || inFlight.length > 0) {
      range.signal?.throwIfAborted();
      while (next <= to && inFlight.length < this.#options.concurrency) launch();
      const { piece: promise, known } = inFlight.shift() as Launched;
      const piece = await promise;
      if (before) checkLink(before, piece.first);
      before = piece.last;
      if (piece.last.number < dense && !known) {
        this.#adapt(piece);
        if (chain !== null) this.#cache?.keep(chain, filter, piece);
      }
      yield* this.#bounded(piece.blocks);
    }
  }

  /** The name under which this very chain's answers are kept; null when they are not. */
  #chainInCache(): Promise<string | null> {
    if (!this.#cache) return Promise.resolve(null);
    this.#identity ??= this.blockPointer(0).then(
      (genesis) => genesis && `${this.chainId}/${genesis.hash}`,
      () => {
        this.#identity = undefined;
        return null;
      },
    );
    return this.#identity;
  }

  async #planned(chain: string | null, filter: LogFilter, from: number, to: number) {
    if (!this.#cache || chain === null || from > to) return { pieces: [], wider: false };
    const isOnChain = async ({ number, hash }: BlockPointer) => {
      const confirmed = this.#confirmed;
      if (confirmed?.hash === hash && performance.now() - confirmed.at < CONFIRMED_MS) return true;
      if ((await this.blockPointer(number))?.hash !== hash) return false;
      this.#confirmed = { hash, at: performance.now() };
      return true;
    };
    const plan = await planFrom(this.#cache, chain, filter, { from, to }, isOnChain);
    return { pieces: [...plan.pieces], wider: plan.wider };
  }

  /** A kept piece from block `from` on; asked from the node when it is gone meanwhile. */
  async #read(known: KeptPiece, from: number, filter: LogFilter, wider: boolean): Promise<Piece> {
    const piece = await this.#cache?.read(known);
    if (!piece) return this.#fetcher.piece(from, known.last, filter, false);
    if (from === piece.first.number) return cut(piece, piece.first, filter, wider);
    // Within a piece only the node can say what the block before is.
    return cut(piece, chainBlockOf(await this.#existing(hex(from))), filter, wider);
  }

  async call(request: CallRequest): Promise<CallResult> {
    const chain = await this.#chainInCache();
    if (!this.#cache || chain === null) return this.#ask(request);
    const known = (await this.#cache.calls(chain, [request])).get(0);
    if (known !== undefined) return resultOf(known);
    const result = await this.#ask(request);
    if (mayBeKept(result)) this.#cache.keepCalls(chain, [{ call: request, answer: dataOf(result) }]);
    return result;
  }

  async #ask(request: CallRequest): Promise<CallResult> {
    try {
      const data = await this.#atBlock<Hex>(request.block, (block) => [
        'eth_call',
        [{ to: request.to, data: request.data, gas: CALL_GAS }, block],
      ]);
      // As graph-node: a view function answers something, so an empty answer is a call to nothing.
      return data === '0x' ? { reverted: true, reason: NO_DATA } : { reverted: false, data };
    } catch (error) {
      if (isRevert(error)) return { reverted: true, reason: error.message };
      throw error;
    }
  }

  async calls(block: BlockPointer, requests: readonly ViewRequest[]): Promise<readonly CallResult[]> {
    const chain = await this.#chainInCache();
    const asked = requests.map(({ to, data }): KeptCall => ({ block, to, data }));
    const known = chain === null ? undefined : await this.#cache?.calls(chain, asked);
    const missing = requests.filter((_, index) => known?.get(index) === undefined);
    const answers = await this.#askAll(block, missing);
    let next = 0;
    const results = requests.map((_, index) => {
      const kept = known?.get(index);
      return kept === undefined ? (answers[next++] as CallResult) : resultOf(kept);
    });
    if (chain !== null)
      this.#cache?.keepCalls(
        chain,
        results.flatMap((result, index) =>
          known?.get(index) === undefined && mayBeKept(result)
            ? [{ call: asked[index] as KeptCall, answer: dataOf(result) }]
            : [],
        ),
      );
    return results;
  }

  async #askAll(block: BlockPointer, requests: readonly ViewRequest[]): Promise<readonly CallResult[]> {
    const answers = new Map<ViewRequest, Hex>();
    const views = requests.filter(({ view }) => view);
    if (views.length > 1 && (await this.#bundling(block)))
      await Promise.all(bundlesOf(views).map((bundle) => this.#askBundle(block, bundle, answers)));
    // What is left shares HTTP bodies: requests of one turn are sent together.
    return Promise.all(
      requests.map(async (request): Promise<CallResult> => {
        const data = answers.get(request);
        return data ? { reverted: false, data } : this.#ask({ to: request.to, data: request.data, block });
      }),
    );
  }

  /** Whether calls may be bundled; the node is put to the proof once. */
  #bundling(block: BlockPointer): Promise<boolean> {
    if (!this.#options.bundleCalls) return Promise.resolve(false);
    this.#faithful ??= bundlesAreFaithful(this.#asking(block)).catch((error: unknown) => {
      // What the node refuses it does not have; what did not arrive is tried with the next calls.
      if (!(error instanceof RpcError)) this.#faithful = undefined;
      return false;
    });
    return this.#faithful;
  }

  #asking(block: BlockPointer) {
    return (request: unknown, overrides?: unknown): Promise<Hex> =>
      this.#atBlock(block, (at) => ['eth_call', overrides ? [request, at, overrides] : [request, at]]);
  }

  async #askBundle(
    block: BlockPointer,
    bundle: readonly ViewRequest[],
    answers: Map<ViewRequest, Hex>,
  ): Promise<void> {
    try {
      const found = await askBundle(this.#asking(block), bundle);
      for (const [index, data] of found.entries()) if (data) answers.set(bundle[index] as ViewRequest, data);
    } catch (error) {
      // Old blocks do not have all the instructions, some nodes refuse the gas: the calls are then asked one by one.
      if (!(error instanceof RpcError)) throw error;
    }
  }

  async getBalance(address: Hex, block: BlockPointer): Promise<bigint> {
    return BigInt(await this.#atBlock<Hex>(block, (at) => ['eth_getBalance', [address, at]]));
  }

  async hasCode(address: Hex, block: BlockPointer): Promise<boolean> {
    return (await this.#atBlock<Hex>(block, (at) => ['eth_getCode', [address, at]])) !== '0x';
  }

  onHead(listener: (head: ChainBlock) => void): () => void {
    return this.#heads.listen(listener);
  }

  async close(): Promise<void> {
    this.#heads.stop();
    this.#rpc.close();
  }

  async #existing(tag: string): Promise<RpcBlock> {
    return this.#present(await this.#fetcher.header(tag), tag);
  }

  #present(block: RpcBlock | null, tag: string): RpcBlock {
    if (!block)
      throw new AiosError(
        'RPC_MALFORMED',
        `${this.#rpc.label} has no ${tag} block; is the node still starting?`,
      );
    return block;
  }

  /** By hash (EIP-1898), so that a reorg between two calls cannot mix two chains; by height where a node knows no better. */
  async #atBlock<T>(
    block: BlockPointer,
    request: (block: unknown) => [method: string, params: readonly unknown[]],
  ): Promise<T> {
    if (this.#callsByHash) {
      try {
        return await this.#rpc.send<T>(...request({ blockHash: block.hash }));
      } catch (error) {
        const unsupported = error instanceof RpcError && error.rpcCode === -32602;
        if (!unsupported) throw error;
        this.#callsByHash = false;
      }
    }
    return this.#rpc.send<T>(...request(hex(block.number)));
  }

  /** The next ranges follow the density just seen: they grow while they bring little, shrink in proportion when they bring much. */
  #adapt(piece: Piece): void {
    const span = piece.last.number - piece.first.number + 1;
    const { logsPerRange } = this.#options;
    // What a node refused it is likely to refuse again: the span comes back to it slowly, never to a limit that the node has named.
    if (piece.split) this.#maxSpan = Math.max(1, Math.min(this.#maxSpan, Math.floor(span / 2)));
    else if (span === this.#maxSpan) this.#maxSpan = Math.min(this.#mostSpan, Math.ceil(span * 1.1));
    if (piece.spanLimit !== null) this.#maxSpan = Math.min(this.#maxSpan, piece.spanLimit);
    if (piece.split) this.#span = this.#maxSpan;
    else if (piece.logCount > logsPerRange)
      this.#span = Math.max(1, Math.floor((span * logsPerRange) / piece.logCount));
    else if (piece.logCount < logsPerRange / 4) {
      const growth = piece.logCount < logsPerRange / 16 ? 4 : 2;
      this.#span = Math.min(this.#maxSpan, Math.max(this.#span, span * growth));
    }
  }

  *#bounded(blocks: readonly SourceBlock[]): Generator<SourceBlock[]> {
    let batch: SourceBlock[] = [];
    let bytes = 0;
    for (const block of blocks) {
      batch.push(block);
      bytes += bytesOfBlock(block);
      if (bytes < this.#options.maxBatchBytes) continue;
      yield batch;
      batch = [];
      bytes = 0;
    }
    if (batch.length > 0) yield batch;
  }
}
