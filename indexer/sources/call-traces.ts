// Finds the calls of blocks in a node's traces: `trace_filter` over ranges, `trace_block`, or geth's `debug_traceBlockByHash`, whichever
// the node has. What a trace says of a transaction is checked against the block by the caller.
import { AiosError } from '#node/platform/errors.ts';
import type { Call, Hex } from '../model.ts';
import type { CallMatcher } from './call-filter.ts';
import { quantity, type RpcBlock } from './json-rpc.ts';
import { asksForLess, isMethodMissing } from './rpc-errors.ts';
import type { Requests } from './shared-end.ts';

/** A call whose transaction's fate the trace may not have shown. */
export interface TracedCall extends Omit<Call, 'transactionFailed'> {
  readonly blockHash: Hex;
  readonly blockNumber: number;
  /** Null: the trace did not hold the transaction itself, its receipt decides. */
  readonly transactionFailed: boolean | null;
}

/** Parity's trace format (`trace_*`). */
interface ParityTrace {
  readonly type: string;
  readonly action: { readonly from: Hex; readonly to?: Hex; readonly input?: Hex; readonly value?: Hex };
  readonly result?: { readonly gasUsed?: Hex; readonly output?: Hex } | null;
  readonly error?: string | null;
  readonly traceAddress: readonly number[];
  readonly blockHash: Hex;
  readonly blockNumber: number | Hex;
  /** Null for block rewards. */
  readonly transactionHash?: Hex | null;
  readonly transactionPosition?: number | null;
}

/** Geth's `callTracer`. */
interface CallFrame {
  readonly type: string;
  readonly from: Hex;
  readonly to?: Hex;
  readonly input?: Hex;
  readonly output?: Hex;
  readonly value?: Hex;
  readonly gasUsed?: Hex;
  readonly error?: string;
  readonly calls?: readonly CallFrame[];
}

type Method = 'trace_filter' | 'trace_block' | 'debug_traceBlockByHash';

// Traces are re-executions: a range that is cheap for logs can take a node minutes.
const BLOCKS_PER_TRACE = 100;
const CALLS = new Set(['CALL', 'DELEGATECALL', 'STATICCALL', 'CALLCODE']);
const hex = (value: number): Hex => `0x${value.toString(16)}`;

export class CallTraces {
  readonly #rpc: Requests;
  readonly #missing = new Set<Method>();

  constructor(rpc: Requests) {
    this.#rpc = rpc;
  }

  /** Whether the node has traces in any of the formats. Asks it. */
  async supported(latest: RpcBlock): Promise<boolean> {
    const attempts: [Method, readonly unknown[]][] = [
      ['trace_block', [latest.number]],
      ['debug_traceBlockByHash', [latest.hash, { tracer: 'callTracer' }]],
      ['trace_filter', [{ fromBlock: latest.number, toBlock: latest.number }]],
    ];
    for (const [method, params] of attempts) if ((await this.#ask(method, params)) !== undefined) return true;
    return false;
  }

  /** Matching calls of blocks that are final, by height. `numbers` are asked for one by one when the node cannot filter. */
  async ofRange(from: number, to: number, matcher: CallMatcher): Promise<Map<number, TracedCall[]>> {
    const found = new Map<number, TracedCall[]>();
    const keep = (calls: readonly TracedCall[]) => {
      for (const call of calls) {
        const known = found.get(call.blockNumber);
        if (known) known.push(call);
        else found.set(call.blockNumber, [call]);
      }
    };
    const ranges: [number, number][] = [];
    for (let start = from; start <= to; start += BLOCKS_PER_TRACE)
      ranges.push([start, Math.min(to, start + BLOCKS_PER_TRACE - 1)]);
    for (const calls of await Promise.all(ranges.map(([start, end]) => this.#filtered(start, end, matcher))))
      keep(calls);
    return found;
  }

  /**
   * Matching calls of one block, from a trace of all of it. Undefined when the trace does not hold every transaction of the block:
   * the node answered for another one, or not yet.
   */
  async ofBlock(block: RpcBlock, matcher: CallMatcher): Promise<TracedCall[] | undefined> {
    if (block.transactions.length === 0) return [];
    const traces = await this.#ask<ParityTrace[]>('trace_block', [block.number]);
    if (traces) {
      const roots = traces.filter((trace) => trace.transactionHash && trace.traceAddress.length === 0);
      return roots.length === block.transactions.length ? parityCalls(traces, matcher) : undefined;
    }
    const results = await this.#ask<{ txHash?: Hex; result?: CallFrame }[]>('debug_traceBlockByHash', [
      block.hash,
      { tracer: 'callTracer' },
    ]);
    if (!results) throw this.#none();
    if (results.length !== block.transactions.length || results.some(({ result }) => !result))
      return undefined;
    return results.flatMap(({ result }, index) => frameCalls(result as CallFrame, block, index, matcher));
  }

  async #filtered(from: number, to: number, matcher: CallMatcher): Promise<TracedCall[]> {
    const { addresses } = matcher;
    if (addresses && !this.#missing.has('trace_filter')) {
      try {
        const filter = { fromBlock: hex(from), toBlock: hex(to), toAddress: addresses };
        const traces = await this.#ask<ParityTrace[]>('trace_filter', [filter], from < to);
        if (traces) return parityCalls(traces, matcher);
      } catch (error) {
        if (from === to || !asksForLess(error)) throw error;
        const middle = Math.floor((from + to) / 2);
        const halves = [this.#filtered(from, middle, matcher), this.#filtered(middle + 1, to, matcher)];
        return (await Promise.all(halves)).flat();
      }
    }
    const heights = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    return (await Promise.all(heights.map((height) => this.#whole(height, matcher)))).flat();
  }

  async #whole(height: number, matcher: CallMatcher): Promise<TracedCall[]> {
    const block = await this.#rpc.send<RpcBlock | null>('eth_getBlockByNumber', [hex(height), false]);
    const calls = block && (await this.ofBlock(block, matcher));
    if (calls) return calls;
    throw new AiosError(
      'RPC_INCONSISTENT',
      `${this.#rpc.label} has no complete trace of block ${height}; it may still be syncing, or not keep history: use an archive node`,
    );
  }

  /** Undefined when the node does not have the method, which is then not tried again. */
  async #ask<T>(method: Method, params: readonly unknown[], splittable = false): Promise<T | undefined> {
    if (this.#missing.has(method)) return undefined;
    try {
      return ((await this.#rpc.send<T | null>(method, params, splittable)) ?? []) as T;
    } catch (error) {
      if (!isMethodMissing(error)) throw error;
      this.#missing.add(method);
      return undefined;
    }
  }

  #none(): AiosError {
    return new AiosError(
      'SOURCE_CANNOT_SERVE',
      `${this.#rpc.label} has none of trace_filter, trace_block and debug_traceBlockByHash, which call handlers need; ` +
        'give this chain the URL of a node with traces',
    );
  }
}

function parityCalls(traces: readonly ParityTrace[], matcher: CallMatcher): TracedCall[] {
  const failed = new Map<Hex, boolean>();
  for (const { transactionHash, traceAddress, error } of traces)
    if (transactionHash && traceAddress.length === 0) failed.set(transactionHash, Boolean(error));
  const calls: TracedCall[] = [];
  for (const { type, action, result, error, ...place } of traces) {
    const { transactionHash, transactionPosition } = place;
    if (type !== 'call' || error || !result || !transactionHash || !action.to || !action.input) continue;
    if (transactionPosition === null || transactionPosition === undefined) continue;
    const to = lower(action.to);
    const input = lower(action.input);
    if (!matcher.matches(to, input)) continue;
    calls.push({
      from: lower(action.from),
      to,
      value: BigInt(action.value ?? '0x0'),
      gasUsed: BigInt(result.gasUsed ?? '0x0'),
      input,
      output: lower(result.output ?? '0x'),
      blockHash: lower(place.blockHash),
      // A number in Parity's format, a quantity in some others.
      blockNumber:
        typeof place.blockNumber === 'number'
          ? place.blockNumber
          : quantity(place.blockNumber, "a trace's block number"),
      transactionHash: lower(transactionHash),
      transactionIndex: transactionPosition,
      transactionFailed: failed.get(transactionHash) ?? null,
    });
  }
  return calls;
}

function frameCalls(root: CallFrame, block: RpcBlock, index: number, matcher: CallMatcher): TracedCall[] {
  const transaction = block.transactions[index];
  const transactionHash = (typeof transaction === 'string' ? transaction : transaction?.hash) as Hex;
  const calls: TracedCall[] = [];
  const visit = (frame: CallFrame) => {
    const to = frame.to && lower(frame.to);
    const input = lower(frame.input ?? '0x');
    if (CALLS.has(frame.type) && !frame.error && to && matcher.matches(to, input))
      calls.push({
        from: lower(frame.from),
        to,
        value: BigInt(frame.value ?? '0x0'),
        gasUsed: BigInt(frame.gasUsed ?? '0x0'),
        input,
        output: lower(frame.output ?? '0x'),
        blockHash: lower(block.hash),
        blockNumber: quantity(block.number, 'a block number'),
        transactionHash: lower(transactionHash),
        transactionIndex: index,
        transactionFailed: Boolean(root.error),
      });
    for (const child of frame.calls ?? []) visit(child);
  };
  visit(root);
  return calls;
}

const lower = (value: Hex): Hex => value.toLowerCase() as Hex;
