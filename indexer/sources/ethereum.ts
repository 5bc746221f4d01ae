// An Ethereum-like chain over its public JSON-RPC. Reads history in adaptive ranges with several requests in flight, in order, and
// the unfinalized end of the chain header by header.

import { AiosError } from '#node/platform/errors.ts';
import type { BlockPointer, Hex, LogFilter, SourceBlock } from '../model.ts';
import { BlockFetcher, checkLink, type Piece } from './block-fetcher.ts';
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
} from './source.ts';

export interface EthereumSourceOptions extends Omit<RpcEndpointsOptions, 'urls'> {
  readonly name: string;
  /** http(s) URLs take requests, in order of preference; the first ws(s) URL announces heads. */
  readonly urls: readonly string[];
  /** `tag`: the node's `finalized` block; a number: that many blocks below the head; `none`: nothing is ever final (devnets). */
  readonly finality?: 'tag' | 'none' | number;
  readonly verifyHeaders?: boolean;
  readonly pollIntervalMs?: number;
  /** Blocks of the first `eth_getLogs` below finality; it adapts from there. */
  readonly firstSpan?: number;
  readonly maxSpan?: number;
  /** Logs one range should bring. */
  readonly logsPerRange?: number;
  /** Ranges in flight at once. */
  readonly concurrency?: number;
  readonly maxBatchBytes?: number;
}

// Every header is read where the chain can still change, so those ranges stay short.
const DENSE_SPAN = 200;
// Traces cost a node far more than logs, and come in pieces of a hundred blocks.
const CALL_SPAN = 1_000;
// As graph-node: enough for what view functions do, a bound for what they should not do.
const CALL_GAS = '0x2faf080';
/** What nodes call a contract call that failed by its own doing (geth, erigon, nethermind, besu, reth, anvil). */
const REVERT =
  /revert|invalid jump|invalid opcode|opcode .* not defined|stack (underflow|overflow|limit)|out of gas|outofgas|gas uint64 overflow|bad instruction|write protection|evm error/i;
// Where heads are announced, an answer is as good as new until the next announcement; the limit is for sockets that are open but dead.
const KEEP_MS = { socket: 1_000, polls: 100, none: 0 };
const hex = (value: number): Hex => `0x${value.toString(16)}`;

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
    Pick<EthereumSourceOptions, 'concurrency' | 'finality' | 'logsPerRange' | 'maxBatchBytes'>
  >;
  #span: number;
  #maxSpan: number;
  readonly #mostSpan: number;
  #callsByHash = true;

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
      concurrency: options.concurrency ?? 4,
      finality: options.finality ?? 'tag',
      logsPerRange: options.logsPerRange ?? 4_000,
      maxBatchBytes: options.maxBatchBytes ?? 8 * 1024 * 1024,
    };
    this.#span = options.firstSpan ?? 1_000;
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
    const inFlight: Promise<Piece>[] = [];
    const launch = () => {
      const isDense = next >= dense;
      const span = isDense ? DENSE_SPAN : filter.calls?.length ? Math.min(this.#span, CALL_SPAN) : this.#span;
      const last = Math.min(to, next + span - 1, isDense ? to : dense - 1);
      const piece = this.#fetcher.piece(next, last, filter, isDense);
      // It is awaited later, in order; until then its failure must not count as unhandled.
      piece.catch(() => undefined);
      inFlight.push(piece);
      next = last + 1;
    };
    while (next <= to || inFlight.length > 0) {
      range.signal?.throwIfAborted();
      while (next <= to && inFlight.length < this.#options.concurrency) launch();
      const piece = await (inFlight.shift() as Promise<Piece>);
      if (before) checkLink(before, piece.first);
      before = piece.last;
      if (piece.last.number < dense) this.#adapt(piece);
      yield* this.#bounded(piece.blocks);
    }
  }

  async call(request: CallRequest): Promise<CallResult> {
    try {
      const data = await this.#atBlock<Hex>(request.block, (block) => [
        'eth_call',
        [{ to: request.to, data: request.data, gas: CALL_GAS }, block],
      ]);
      // As graph-node: a view function answers something, so an empty answer is a call to nothing.
      return data === '0x' ? { reverted: true, reason: 'no data returned' } : { reverted: false, data };
    } catch (error) {
      if (error instanceof RpcError && (error.rpcCode === 3 || REVERT.test(error.message)))
        return { reverted: true, reason: error.message };
      throw error;
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

  /** The next ranges follow the density just seen: double while they bring little, shrink in proportion when they bring much. */
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
    else if (piece.logCount < logsPerRange / 4)
      this.#span = Math.min(this.#maxSpan, Math.max(this.#span, span * 2));
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
