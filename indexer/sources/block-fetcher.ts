// Fetches one piece of a chain over JSON-RPC: its matching logs, the headers and transactions they need, all checked against each
// other, so that a node that lags, is being reorganised or lies is noticed before a mapping sees its answer.
import { AiosError } from '#node/platform/errors.ts';
import type { Call, Hex, Log, LogFilter, Receipt, SourceBlock, Transaction } from '../model.ts';
import { Bloom } from './bloom.ts';
import { CallMatcher } from './call-filter.ts';
import { CallTraces, type TracedCall } from './call-traces.ts';
import {
  chainBlockOf,
  decodeHeader,
  decodeLog,
  decodeReceipt,
  decodeTransaction,
  type RpcBlock,
  type RpcLog,
  type RpcReceipt,
  type RpcTransaction,
} from './json-rpc.ts';
import { LogMatcher, type LogQuery, logQueries } from './log-filter.ts';
import { asksForLess, isMethodMissing, proposesRange, RpcTimeout, spanHint } from './rpc-errors.ts';
import { decodeSharedLog, type SharedEnd } from './shared-end.ts';
import { type ChainBlock, ReorgDetected } from './source.ts';
import { headerHash } from './verify/block-header.ts';
import { receiptsRoot } from './verify/receipt.ts';

/** A fetched piece: its first and last block link it to its neighbours. */
export interface Piece {
  readonly first: ChainBlock;
  readonly last: ChainBlock;
  /** Matching blocks, and always the last one. */
  readonly blocks: SourceBlock[];
  /** Logs the node sent, before exact matching; steers the size of the next piece. */
  readonly logCount: number;
  /** The node refused the range as too large and was asked in parts. */
  readonly split: boolean;
  /** Blocks a range may have at this node, where it has said so. */
  readonly spanLimit: number | null;
}

export interface BlockFetcherOptions {
  /** Recompute block hashes from headers (Ethereum's header format only). */
  readonly verifyHeaders: boolean;
}

/** Two answers of one node that do not fit together. Reorgs and lagging replicas cause it too, so it is asked again first. */
class Inconsistent extends AiosError {
  constructor(label: string, what: string) {
    super(
      'RPC_INCONSISTENT',
      `${label} gives answers that contradict each other: ${what}; nothing was indexed from it. Use another RPC URL if this stays`,
    );
    this.name = 'Inconsistent';
  }
}

interface MatchedLogs {
  readonly logs: readonly Log[];
  readonly sent: number;
  readonly split: boolean;
}

const INCONSISTENT_ATTEMPTS = 5;
const hex = (value: number): Hex => `0x${value.toString(16)}`;

export class BlockFetcher {
  readonly #rpc: SharedEnd;
  readonly #options: BlockFetcherOptions;
  /** Moving average, to decide between whole blocks and single transactions. */
  #transactionsPerBlock = 1;
  #blockReceipts = true;
  readonly #traces: CallTraces;
  /** What the node named as the longest range it takes. */
  #spanLimit: number | null = null;

  constructor(rpc: SharedEnd, options: BlockFetcherOptions) {
    this.#rpc = rpc;
    this.#options = options;
    this.#traces = new CallTraces(rpc);
  }

  /** Whether the node has traces, and so calls. Asks it. */
  async hasTraces(): Promise<boolean> {
    const latest = await this.header('latest');
    return latest !== null && this.#traces.supported(latest);
  }

  header(tag: string): Promise<RpcBlock | null> {
    return this.#rpc.send<RpcBlock | null>('eth_getBlockByNumber', [tag, false]);
  }

  /**
   * Blocks `from` to `to`. `dense` reads every header and so checks the whole hash chain and every bloom; sparse reads only
   * what matched, which is what history below finality needs.
   */
  async piece(from: number, to: number, filter: LogFilter, dense: boolean): Promise<Piece> {
    for (let attempt = 1; ; attempt++) {
      try {
        return dense || filter.everyBlock
          ? await this.#dense(from, to, filter, dense)
          : await this.#sparse(from, to, filter);
      } catch (error) {
        if (!(error instanceof Inconsistent) || attempt === INCONSISTENT_ATTEMPTS) throw error;
        this.#rpc.failOver();
        await new Promise((resolve) => setTimeout(resolve, 25 * 2 ** attempt));
      }
    }
  }

  async #dense(from: number, to: number, filter: LogFilter, mayChange: boolean): Promise<Piece> {
    const heights = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const whole = this.#transactionsPerBlock <= 8;
    const [raw, headers] = await Promise.all([
      this.#logs(from, to, filter),
      this.#headers(heights, () => whole),
    ]);
    let before: ChainBlock | null = null;
    for (const header of headers.values()) {
      const block = chainBlockOf(header);
      if (before && block.parentHash !== before.hash)
        throw new Inconsistent(
          this.#rpc.label,
          `block ${block.number} names ${block.parentHash} as its parent, block ${before.number} is ${before.hash}`,
        );
      before = block;
    }
    const calls = mayChange ? await this.#callsOf(headers, filter) : await this.#calls(from, to, filter);
    return this.#assemble(from, to, filter, raw, calls, headers);
  }

  async #sparse(from: number, to: number, filter: LogFilter): Promise<Piece> {
    const [raw, calls] = await Promise.all([this.#logs(from, to, filter), this.#calls(from, to, filter)]);
    const matched = new Map<number, Set<Hex>>();
    for (const log of raw.logs) {
      const transactions = matched.get(log.blockNumber);
      if (transactions) transactions.add(log.transactionHash);
      else matched.set(log.blockNumber, new Set([log.transactionHash]));
    }
    for (const [height, found] of calls) {
      const transactions = matched.get(height) ?? new Set();
      for (const call of found) transactions.add(call.transactionHash);
      matched.set(height, transactions);
    }
    const heights = [...new Set([from, ...matched.keys(), to])].sort((a, b) => a - b);
    const headers = await this.#headers(heights, (height) =>
      this.#worthWhole(matched.get(height)?.size ?? 0),
    );
    return this.#assemble(from, to, filter, raw, calls, headers);
  }

  async #calls(from: number, to: number, filter: LogFilter): Promise<Map<number, TracedCall[]>> {
    if (!filter.calls?.length) return new Map();
    return this.#traces.ofRange(from, to, new CallMatcher(filter.calls));
  }

  /** Calls of blocks that may still be replaced: from traces that are known to be of these very blocks, and whole. */
  async #callsOf(
    headers: ReadonlyMap<number, RpcBlock>,
    filter: LogFilter,
  ): Promise<Map<number, TracedCall[]>> {
    const found = new Map<number, TracedCall[]>();
    if (!filter.calls?.length) return found;
    const matcher = new CallMatcher(filter.calls);
    await Promise.all(
      [...headers].map(async ([height, header]) => {
        const calls = await this.#traces.ofBlock(header, matcher);
        if (!calls)
          throw new Inconsistent(this.#rpc.label, `the trace of block ${height} leaves transactions out`);
        if (calls.length > 0) found.set(height, calls);
      }),
    );
    return found;
  }

  /** Whether `needed` transactions are cheaper as part of their block than one by one. */
  #worthWhole(needed: number): boolean {
    return needed > 0 && this.#transactionsPerBlock <= 2 + 4 * needed;
  }

  async #headers(
    heights: readonly number[],
    whole: (height: number) => boolean,
  ): Promise<Map<number, RpcBlock>> {
    const blocks = await Promise.all(
      heights.map((height) =>
        this.#rpc.send<RpcBlock | null>('eth_getBlockByNumber', [hex(height), whole(height)]),
      ),
    );
    const headers = new Map<number, RpcBlock>();
    for (const [index, height] of heights.entries()) {
      const block = blocks[index];
      if (!block || Number(block.number) !== height)
        throw new Inconsistent(
          this.#rpc.label,
          `block ${height} is below the head but the node has ${block ? `sent ${block.number} for it` : 'no such block'}`,
        );
      if (this.#options.verifyHeaders && headerHash(block) !== block.hash.toLowerCase())
        throw new Inconsistent(
          this.#rpc.label,
          `the header of block ${height} does not hash to ${block.hash}`,
        );
      this.#transactionsPerBlock += (block.transactions.length - this.#transactionsPerBlock) / 16;
      headers.set(height, block);
    }
    return headers;
  }

  async #logs(from: number, to: number, filter: LogFilter): Promise<MatchedLogs> {
    const matcher = new LogMatcher(filter);
    const queries =
      this.#rpc.sharesLogs(from, to) && filter.entries.length > 0 ? [{ topics: [] }] : logQueries(filter);
    let split = false;
    const onSplit = () => {
      split = true;
    };
    const answers = await Promise.all(queries.map((query) => this.#getLogs(query, from, to, onSplit)));
    const byPlace = new Map<string, Log>();
    let sent = 0;
    for (const log of answers.flat()) {
      sent++;
      if (log.removed)
        throw new Inconsistent(this.#rpc.label, `a removed log of block ${log.blockNumber} was sent`);
      const decoded = decodeSharedLog(log);
      if (decoded.blockNumber < from || decoded.blockNumber > to)
        throw new Inconsistent(
          this.#rpc.label,
          `asked for logs of blocks ${from} to ${to}, one of block ${decoded.blockNumber} was sent`,
        );
      if (matcher.matches(decoded)) byPlace.set(`${decoded.blockNumber}/${decoded.logIndex}`, decoded);
    }
    const logs = [...byPlace.values()].sort(
      (a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex,
    );
    return { logs, sent, split };
  }

  /** Asks for smaller ranges for as long as the node says the answer is too large; of the size it names, or halves. */
  async #getLogs(query: LogQuery, from: number, to: number, onSplit: () => void): Promise<RpcLog[]> {
    const limit = this.#spanLimit;
    if (limit !== null && to - from + 1 > limit) return this.#inParts(query, from, to, limit, onSplit);
    try {
      return await this.#rpc.send<RpcLog[]>(
        'eth_getLogs',
        [{ ...query, fromBlock: hex(from), toBlock: hex(to) }],
        from < to,
      );
    } catch (error) {
      if (!asksForLess(error) || from === to) throw error;
      onSplit();
      const named = spanHint(error);
      const span = to - from + 1;
      // A range proposed for this very answer says little about the next; a limit in words holds for all of them.
      if (named !== null && named < span && !proposesRange(error)) this.#spanLimit = named;
      const part =
        named !== null && named < span && !(error instanceof RpcTimeout) ? named : Math.ceil(span / 2);
      return this.#inParts(query, from, to, part, onSplit);
    }
  }

  async #inParts(
    query: LogQuery,
    from: number,
    to: number,
    span: number,
    onSplit: () => void,
  ): Promise<RpcLog[]> {
    const parts: Promise<RpcLog[]>[] = [];
    for (let start = from; start <= to; start += span)
      parts.push(this.#getLogs(query, start, Math.min(to, start + span - 1), onSplit));
    return (await Promise.all(parts)).flat();
  }

  async #assemble(
    from: number,
    to: number,
    filter: LogFilter,
    raw: MatchedLogs,
    traced: ReadonlyMap<number, readonly TracedCall[]>,
    headers: ReadonlyMap<number, RpcBlock>,
  ): Promise<Piece> {
    const byBlock = new Map<number, Log[]>();
    for (const log of raw.logs) {
      const logs = byBlock.get(log.blockNumber);
      if (logs) logs.push(log);
      else byBlock.set(log.blockNumber, [log]);
    }
    const matcher = new LogMatcher(filter);
    const blocks = await Promise.all(
      [...headers].map(async ([height, header]): Promise<SourceBlock | null> => {
        const logs = byBlock.get(height) ?? [];
        if (logs.length > 0) this.#checkLogs(header, logs);
        else await this.#checkNothingOmitted(header, matcher);
        const found = traced.get(height) ?? [];
        this.#checkCalls(header, found);
        if (logs.length === 0 && found.length === 0 && height !== to && !filter.everyBlock) return null;
        const [transactions, receipts, calls] = await Promise.all([
          this.#transactions(header, [...logs, ...found]),
          filter.receipts ? this.#receipts(header, logs) : new Map<Hex, Receipt>(),
          this.#withFates(header, found),
        ]);
        const block = { header: decodeHeader(header), logs, transactions, receipts };
        return filter.calls?.length ? { ...block, calls } : block;
      }),
    );
    const first = headers.get(from);
    const last = headers.get(to);
    if (!first || !last) throw new RangeError(`piece ${from} to ${to} without its ends`);
    return {
      first: chainBlockOf(first),
      last: chainBlockOf(last),
      blocks: blocks.filter((block) => block !== null),
      logCount: raw.sent,
      split: raw.split,
      spanLimit: this.#spanLimit,
    };
  }

  #checkCalls(header: RpcBlock, calls: readonly TracedCall[]): void {
    for (const call of calls) {
      const transaction = header.transactions[call.transactionIndex];
      const hash = typeof transaction === 'string' ? transaction : transaction?.hash;
      if (call.blockHash === header.hash.toLowerCase() && hash?.toLowerCase() === call.transactionHash)
        continue;
      throw new Inconsistent(
        this.#rpc.label,
        `a trace names transaction ${call.transactionHash} of block ${call.blockHash}, which is not at ${call.transactionIndex} in block ${Number(header.number)} (${header.hash})`,
      );
    }
  }

  /** What became of the calls' transactions; a receipt is asked for only where the traces did not show it. */
  async #withFates(header: RpcBlock, calls: readonly TracedCall[]): Promise<readonly Call[]> {
    const unknown = new Set(
      calls.filter((call) => call.transactionFailed === null).map((call) => call.transactionHash),
    );
    const failed = new Set<Hex>();
    if (unknown.size > 0) {
      const receipts = this.#worthWhole(unknown.size)
        ? await this.#allReceipts(header)
        : await this.#receiptsOf(header, [...unknown]);
      // Before Byzantium receipts carried a state root and failures were not recorded: graph-node takes them as successful.
      for (const { transactionHash, status } of receipts)
        if (status !== undefined && BigInt(status) === 0n) failed.add(transactionHash.toLowerCase() as Hex);
    }
    return calls.map(({ blockHash: _, blockNumber: __, ...call }) => ({
      ...call,
      transactionFailed: call.transactionFailed ?? failed.has(call.transactionHash),
    }));
  }

  #checkLogs(header: RpcBlock, logs: readonly Log[]): void {
    const number = Number(header.number);
    const hash = header.hash.toLowerCase();
    const bloom = new Bloom(header.logsBloom);
    for (const log of logs) {
      const lie = (what: string) =>
        new Inconsistent(this.#rpc.label, `log ${log.logIndex} of block ${number} ${what}`);
      if (log.blockHash !== hash)
        throw lie(`is said to be of block hash ${log.blockHash}, the header is ${hash}`);
      const transaction = header.transactions[log.transactionIndex];
      const transactionHash = typeof transaction === 'string' ? transaction : transaction?.hash;
      if (transactionHash?.toLowerCase() !== log.transactionHash)
        throw lie(
          `names transaction ${log.transactionHash}, which is not at ${log.transactionIndex} in the block`,
        );
      if (![log.address, ...log.topics].every((item) => bloom.mayContain(item)))
        throw lie("is not in the header's log bloom");
    }
  }

  /** A bloom never says "no" wrongly. Where it says "maybe" and no log came, the receipts decide, proven by their root. */
  async #checkNothingOmitted(header: RpcBlock, matcher: LogMatcher): Promise<void> {
    if (!matcher.mayMatch(new Bloom(header.logsBloom))) return;
    const number = Number(header.number);
    const receipts = await this.#allReceipts(header);
    const provable = receipts.every((receipt) => Number(receipt.type ?? '0x0') <= 4);
    const root = provable
      ? receiptsRoot(
          receipts.map((receipt) => ({
            type: Number(receipt.type ?? '0x0'),
            status: receipt.root ?? receipt.status ?? '0x0',
            cumulativeGasUsed: BigInt(receipt.cumulativeGasUsed),
            logsBloom: receipt.logsBloom,
            logs: receipt.logs,
          })),
        )
      : header.receiptsRoot.toLowerCase();
    if (root !== header.receiptsRoot.toLowerCase())
      throw new Inconsistent(
        this.#rpc.label,
        `the log bloom of block ${number} promises logs that were not sent, and its receipts hash to ${root} instead of ${header.receiptsRoot}`,
      );
    const omitted = receipts
      .flatMap((receipt) => receipt.logs.map(decodeLog))
      .filter((log) => matcher.matches(log));
    if (omitted.length > 0)
      throw new Inconsistent(
        this.#rpc.label,
        `eth_getLogs left out ${omitted.length} matching logs of block ${number} that its receipts hold`,
      );
  }

  async #transactions(
    header: RpcBlock,
    of: readonly { readonly transactionHash: Hex }[],
  ): Promise<Map<Hex, Transaction>> {
    const found = new Map<Hex, Transaction>();
    const whole = header.transactions.filter((entry): entry is RpcTransaction => typeof entry !== 'string');
    if (whole.length > 0 || of.length === 0) {
      for (const transaction of whole) {
        const decoded = decodeTransaction(transaction);
        found.set(decoded.hash, decoded);
      }
      return found;
    }
    const hashes = [...new Set(of.map(({ transactionHash }) => transactionHash))];
    const answers = await Promise.all(
      hashes.map((hash) => this.#rpc.send<RpcTransaction | null>('eth_getTransactionByHash', [hash])),
    );
    for (const [index, answer] of answers.entries()) {
      if (!answer || answer.hash.toLowerCase() !== hashes[index] || answer.blockHash !== header.hash)
        throw new Inconsistent(
          this.#rpc.label,
          `transaction ${hashes[index]} has a log or a call in block ${Number(header.number)} but is not in it`,
        );
      const decoded = decodeTransaction(answer);
      found.set(decoded.hash, decoded);
    }
    return found;
  }

  async #receipts(header: RpcBlock, logs: readonly Log[]): Promise<Map<Hex, Receipt>> {
    const wanted = new Set(logs.map((log) => log.transactionHash));
    if (wanted.size === 0) return new Map();
    const receipts = this.#worthWhole(wanted.size)
      ? await this.#allReceipts(header)
      : await this.#receiptsOf(header, [...wanted]);
    const found = new Map<Hex, Receipt>();
    for (const receipt of receipts)
      if (wanted.has(receipt.transactionHash.toLowerCase() as Hex))
        found.set(receipt.transactionHash.toLowerCase() as Hex, decodeReceipt(receipt));
    return found;
  }

  async #allReceipts(header: RpcBlock): Promise<readonly RpcReceipt[]> {
    const hashes = header.transactions.map((entry) => (typeof entry === 'string' ? entry : entry.hash));
    if (hashes.length === 0) return [];
    if (this.#blockReceipts) {
      try {
        const receipts = await this.#rpc.send<readonly RpcReceipt[] | null>('eth_getBlockReceipts', [
          header.number,
        ]);
        if (receipts && receipts.length === hashes.length && receipts[0]?.blockHash === header.hash)
          return receipts;
        throw new Inconsistent(
          this.#rpc.label,
          `the receipts of block ${Number(header.number)} are of another block`,
        );
      } catch (error) {
        if (!isMethodMissing(error)) throw error;
        this.#blockReceipts = false;
      }
    }
    return this.#receiptsOf(header, hashes);
  }

  async #receiptsOf(header: RpcBlock, hashes: readonly Hex[]): Promise<readonly RpcReceipt[]> {
    const receipts = await Promise.all(
      hashes.map((hash) => this.#rpc.send<RpcReceipt | null>('eth_getTransactionReceipt', [hash])),
    );
    return receipts.map((receipt, index) => {
      if (!receipt || receipt.blockHash !== header.hash)
        throw new Inconsistent(
          this.#rpc.label,
          `the receipt of ${hashes[index]} is not of block ${Number(header.number)} (${header.hash})`,
        );
      return receipt;
    });
  }
}

/** @throws ReorgDetected unless `next` stands right on `before`. */
export function checkLink(
  before: { readonly number: number; readonly hash: string },
  next: ChainBlock,
): void {
  if (next.number === before.number + 1 && next.parentHash !== before.hash)
    throw new ReorgDetected(before, `block ${next.number} now follows ${next.parentHash}`);
}
