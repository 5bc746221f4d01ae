// The end of a chain, read once for all deployments that follow it: when a block is announced they all ask for the same things.

import type { Log } from '../model.ts';
import type { RpcBlock, RpcLog } from './json-rpc.ts';
import { decodeLog } from './json-rpc.ts';

/** What the readers of a chain need of its RPC. */
export interface Requests {
  readonly label: string;
  failOver(): void;
  send<T>(method: string, params: readonly unknown[], splittable?: boolean): Promise<T>;
}

interface Kept {
  readonly answer: Promise<unknown>;
  readonly at: number;
}

/** Blocks below the head whose answers are kept. */
const DEPTH = 16;
/** From so many readers on, all logs of a block are read once rather than each reader's own. */
const READERS_WORTH_ALL_LOGS = 4;
/** A range that is read whole: longer ones are a catch-up, and each reader asks for its own logs. */
const MOST_BLOCKS_OF_ALL_LOGS = 4;

export interface SharedEndOptions {
  /** Milliseconds that an answer may be kept now; 0 when nobody watches the head. */
  readonly keepMs: () => number;
  /** Whether the node announces heads now; where it does not, everybody asks for the head himself. */
  readonly announced: () => boolean;
  /** How many follow the chain's head now. */
  readonly readers: () => number;
}

/**
 * Passes requests on, and keeps answers about the last blocks until another head is seen. Whoever watches the head calls
 * `forget` as soon as a new one may exist, so that nothing from before an announcement is answered after it.
 */
export class SharedEnd implements Requests {
  readonly #rpc: Requests;
  readonly #options: SharedEndOptions;
  #kept = new Map<string, Kept>();
  #head: { readonly number: number; readonly hash: string } | undefined;

  constructor(rpc: Requests, options: SharedEndOptions) {
    this.#rpc = rpc;
    this.#options = options;
  }

  get label(): string {
    return this.#rpc.label;
  }

  /** Two answers did not fit together: none of them is kept. */
  failOver(): void {
    this.forget();
    this.#rpc.failOver();
  }

  forget(): void {
    this.#kept = new Map();
  }

  /** Reads the head anew, for whoever watches it. */
  async freshHead(): Promise<RpcBlock | null> {
    const at = performance.now();
    const block = await this.#rpc.send<RpcBlock | null>('eth_getBlockByNumber', ['latest', false]);
    if (!block) return null;
    const head = { number: Number(block.number), hash: block.hash };
    if (head.hash !== this.#head?.hash) this.forget();
    this.#head = head;
    this.#kept.set(keyOf('eth_getBlockByNumber', ['latest', false]), { answer: Promise.resolve(block), at });
    return block;
  }

  /** Whether the logs of these blocks are better read as a whole, for everybody. */
  sharesLogs(from: number, to: number): boolean {
    return (
      this.#options.readers() >= READERS_WORTH_ALL_LOGS &&
      this.#options.keepMs() > 0 &&
      to - from < MOST_BLOCKS_OF_ALL_LOGS &&
      this.#isNearHead(from)
    );
  }

  send<T>(method: string, params: readonly unknown[], splittable?: boolean): Promise<T> {
    const keepMs = this.#options.keepMs();
    if (keepMs === 0 || !this.#covers(method, params)) return this.#rpc.send<T>(method, params, splittable);
    if (params[0] === 'latest' && !this.#options.announced()) return this.freshHead() as Promise<T>;
    const key = keyOf(method, params);
    const known = this.#kept.get(key);
    if (known && performance.now() - known.at < keepMs) return known.answer as Promise<T>;
    const kept = this.#kept;
    const answer = this.#rpc.send<T>(method, params, splittable);
    kept.set(key, { answer, at: performance.now() });
    const drop = () => {
      if (kept.get(key)?.answer === answer) kept.delete(key);
    };
    // What is not there yet, or could not be read, is asked for again.
    answer.then((found) => {
      if (found === null) drop();
    }, drop);
    return answer;
  }

  #isNearHead(height: number): boolean {
    return this.#head !== undefined && height > this.#head.number - DEPTH;
  }

  #covers(method: string, [first]: readonly unknown[]): boolean {
    switch (method) {
      case 'eth_getBlockByNumber':
      case 'eth_getBlockReceipts':
        return first === 'latest' || first === 'finalized' || this.#isNearHead(Number(first));
      case 'eth_getLogs':
        return this.#isNearHead(Number((first as { fromBlock: string }).fromBlock));
      default:
        return false;
    }
  }
}

const keyOf = (method: string, params: readonly unknown[]): string => `${method}${JSON.stringify(params)}`;

const decoded = new WeakMap<RpcLog, Log>();

/** Decodes a log once, however many readers share it. */
export function decodeSharedLog(log: RpcLog): Log {
  let known = decoded.get(log);
  if (!known) {
    known = decodeLog(log);
    decoded.set(log, known);
  }
  return known;
}
