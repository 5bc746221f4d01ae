// Reads what nodes and providers answer instead of a result: whether to ask again, ask elsewhere, ask less often, or ask for less.
import { AiosError } from '#node/platform/errors.ts';
import { HttpRefusal } from './fetch-provider.ts';

/** What the node itself answered as an error: the request was understood. */
export class RpcError extends AiosError {
  readonly rpcCode: number;
  /** The node's own words. */
  readonly answer: string;
  readonly data: unknown;

  constructor(method: string, label: string, rpcCode: number, message: string, data: unknown) {
    super('RPC_ERROR', `${label} refused ${method}: ${message} (code ${rpcCode})`, {
      details: { method, rpcCode },
    });
    this.name = 'RpcError';
    this.rpcCode = rpcCode;
    this.answer = message;
    this.data = data;
  }
}

/** A request over a range of blocks that no node answered in time: a smaller one may be answered. */
export class RpcTimeout extends AiosError {
  constructor(method: string, label: string) {
    super('RPC_TIMEOUT', `${label} did not answer ${method} in time; a smaller range is asked for`);
    this.name = 'RpcTimeout';
  }
}

/** Answers that speak of the node's state or quota, not of the request: worth trying again or elsewhere. */
const TRANSIENT =
  /rate|limit exceeded|too many requests|capacity|try again|timeout|timed out|temporar|overload|unavailable|header not found|unknown block|block not found|missing trie node|internal error|not synced|syncing|service/i;
/** Answers that ask for a smaller range: for the caller to split, not to retry. */
const TOO_MUCH =
  /too many|more than \d+|exceed|block range|range (is )?too|range limit|response size|result size|query returned|limited to|max results|too large/i;
/** Refusals of too many requests, as opposed to too large answers. */
const TOO_OFTEN =
  /too many requests|request (count|rate)|rate limit|per second|quota|capacity|compute units|throttl|slow down/i;
const TIMED_OUT = /timed? ?out|deadline exceeded|took too long/i;
const BATCH_TOO_LARGE = /batch/i;
const METHOD_MISSING =
  /method .*(not (found|supported|available|exist|enabled|allowed|whitelisted|permitted)|unsupported|disabled)|unknown method|(namespace|module) .*(disabled|not (enabled|available))/i;
const EXECUTION = /revert|execution|invalid opcode|out of gas|stack/i;

/** Whether a smaller range may be answered where this one was not. */
export function asksForLess(error: unknown): boolean {
  if (error instanceof RpcTimeout) return true;
  return (
    error instanceof RpcError &&
    error.rpcCode !== 429 &&
    TOO_MUCH.test(error.answer) &&
    !TOO_OFTEN.test(error.answer)
  );
}

/** Whether the answer proposes a range by its blocks: for this request, that is, where a limit in words holds for all. */
export function proposesRange(error: unknown): boolean {
  return error instanceof RpcError && /\[\s*0x[0-9a-f]+\s*,/i.test(error.answer);
}

/** How many blocks a refused range may have at most, where the answer names a limit or proposes a range; null when it does not. */
export function spanHint(error: unknown): number | null {
  if (!(error instanceof RpcError)) return null;
  const text = error.answer;
  // Alchemy, Infura: "this block range should work: [0x1f, 0x2e]".
  const proposed = /\[\s*(0x[0-9a-f]+)\s*,\s*(0x[0-9a-f]+)\s*\]/i.exec(text);
  if (proposed) {
    const span = Number(proposed[2]) - Number(proposed[1]) + 1;
    return Number.isSafeInteger(span) && span > 0 ? span : null;
  }
  // QuickNode "limited to a 10,000 range", Ankr "block range is too wide, max 1000", BSC "exceed maximum block range: 5000",
  // Alchemy "up to a 2K block range".
  if (!/range|blocks/i.test(text)) return null;
  const limit =
    /(?:limited to|up to|max(?:imum)?(?: (?:is|of|allowed|block range))*|at most|range:?)\D{0,24}?(\d[\d,]*)\s*(k\b)?(.{0,12})/i.exec(
      text,
    );
  if (!limit?.[1] || /result|log|item|byte|kb|mb/i.test(limit[3] ?? '')) return null;
  const span = Number(limit[1].replaceAll(',', '')) * (limit[2] ? 1_000 : 1);
  return Number.isSafeInteger(span) && span > 0 ? span : null;
}

/** Whether the node asks to be asked less often. */
export function isRateLimit(error: unknown): boolean {
  if (error instanceof HttpRefusal) return error.status === 429 || error.retryAfterMs !== null;
  if (!(error instanceof RpcError)) return false;
  // -32005 "limit exceeded" covers rates as well as too large results.
  return (
    error.rpcCode === 429 || TOO_OFTEN.test(error.answer) || (error.rpcCode === -32005 && !asksForLess(error))
  );
}

/** Whether the node lacks the method, rather than something the request names. */
export function isMethodMissing(error: unknown): boolean {
  return error instanceof RpcError && (error.rpcCode === -32601 || METHOD_MISSING.test(error.answer));
}

/** Whether the node takes no batch of this size. */
export function isBatchRefusal(error: unknown): boolean {
  if (error instanceof HttpRefusal) return error.status === 413;
  return error instanceof RpcError && BATCH_TOO_LARGE.test(error.answer) && !EXECUTION.test(error.answer);
}

export function isTimeout(error: unknown): boolean {
  if (error instanceof RpcError) return TIMED_OUT.test(error.answer);
  return error instanceof Error && error.message === 'timed out';
}

/** Whether the same request may be answered later, or elsewhere. */
export function isTransient(error: RpcError): boolean {
  if (EXECUTION.test(error.answer) && !TIMED_OUT.test(error.answer)) return false;
  const passing =
    error.rpcCode === -32603 ||
    error.rpcCode === 429 ||
    TRANSIENT.test(error.answer) ||
    isRateLimit(error) ||
    isBatchRefusal(error);
  return passing && !asksForLess(error);
}

/** The JSON-RPC error inside whatever ethers made of it; null when the node gave no such answer. */
export function rpcErrorOf(error: unknown): { code: number; message: string; data: unknown } | null {
  if (typeof error !== 'object' || error === null) return null;
  const layers = error as { error?: unknown; info?: { error?: unknown } };
  for (const layer of [layers.error, layers.info?.error]) {
    const found = layer as { code?: unknown; message?: unknown; data?: unknown } | undefined;
    if (typeof found?.message === 'string' && typeof found.code === 'number')
      return { code: found.code, message: found.message, data: found.data };
  }
  return null;
}
