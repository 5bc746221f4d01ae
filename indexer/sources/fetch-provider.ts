// One JSON-RPC URL over the platform's fetch.
import { type JsonRpcPayload, JsonRpcProvider, type JsonRpcResult, type Network } from 'ethers';

/** A refusal by HTTP status, with how long the node asks to be left alone. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  readonly status: number;
  readonly retryAfterMs: number | null;

  constructor(status: number, retryAfter: string | null) {
    super(`HTTP status ${status}`);
    this.status = status;
    this.retryAfterMs = milliseconds(retryAfter);
  }
}

/** `Retry-After`: seconds, or a date. */
function milliseconds(retryAfter: string | null): number | null {
  if (retryAfter === null || retryAfter.trim() === '') return null;
  const seconds = Number(retryAfter);
  const wait = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}

/**
 * ethers' provider with its own batching, over the platform's fetch: connections are kept, and large answers are parsed natively
 * (ethers decodes bodies character by character, which costs more than all else that is done with a log).
 */
export class FetchProvider extends JsonRpcProvider {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal;

  constructor(url: string, timeoutMs: number, signal: AbortSignal, network: Network, batchSize: number) {
    const bare = new URL(url);
    const credentials = `${decodeURIComponent(bare.username)}:${decodeURIComponent(bare.password)}`;
    bare.username = '';
    bare.password = '';
    super(bare.href, network, {
      staticNetwork: network,
      batchMaxCount: batchSize,
      batchStallTime: 0,
      cacheTimeout: -1,
    });
    this.#url = bare.href;
    this.#headers = {
      'content-type': 'application/json',
      ...(credentials === ':'
        ? {}
        : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
    };
    this.#timeoutMs = timeoutMs;
    this.#signal = signal;
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: this.#headers,
      body: JSON.stringify(payload),
      signal: AbortSignal.any([this.#signal, AbortSignal.timeout(this.#timeoutMs)]),
    });
    const body = await response.text();
    // Whatever such an answer says: it tells to wait, and sometimes how long.
    if (response.status === 429 || (response.status === 503 && response.headers.has('retry-after')))
      throw new HttpRefusal(response.status, response.headers.get('retry-after'));
    let answer: unknown;
    try {
      answer = JSON.parse(body);
    } catch {
      throw response.ok ? new Error('an answer that is not JSON') : new HttpRefusal(response.status, null);
    }
    if (Array.isArray(answer)) return answer as JsonRpcResult[];
    if (!isAnswer(answer)) throw new HttpRefusal(response.status, null);
    // A whole batch refused at once (too many requests, batch too large) is answered with one error.
    const asked = Array.isArray(payload) ? payload : [payload];
    return asked.map(({ id }) => ({ ...(answer as JsonRpcResult), id }));
  }
}

function isAnswer(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('result' in value || 'error' in value);
}
