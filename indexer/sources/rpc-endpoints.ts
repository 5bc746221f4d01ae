// Asks one chain over several JSON-RPC URLs: batches, time-outs, retries with back-off and jitter, fail-over to the next URL,
// and the certainty that every URL serves the configured chain. URLs may hold API keys: messages never show more than the host.
import { type JsonRpcPayload, JsonRpcProvider, type JsonRpcResult, Network } from 'ethers';
import { AiosError, messageOf } from '#node/platform/errors.ts';

export interface RpcEndpointsOptions {
  readonly urls: readonly string[];
  /** What every URL must answer to `eth_chainId`. Undefined: the first URL decides. */
  readonly chainId?: number;
  readonly requestTimeoutMs?: number;
  /** How often one request is tried before it fails (over all URLs). */
  readonly attempts?: number;
  readonly backOffMs?: number;
  readonly maxBackOffMs?: number;
  /** Requests sent in one HTTP body. Hosted nodes often cap it at 100. */
  readonly batchSize?: number;
  /** Told about every failed attempt, for logs and status. */
  readonly onRetry?: (message: string) => void;
}

/**
 * ethers' provider with its own batching, over the platform's fetch: connections are kept, and large answers are parsed natively
 * (ethers decodes bodies character by character, which costs more than all else that is done with a log).
 */
class FetchProvider extends JsonRpcProvider {
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
    let answer: unknown;
    try {
      answer = JSON.parse(body);
    } catch {
      throw new Error(response.ok ? 'an answer that is not JSON' : `HTTP status ${response.status}`);
    }
    if (Array.isArray(answer)) return answer as JsonRpcResult[];
    if (!isAnswer(answer)) throw new Error(`HTTP status ${response.status}`);
    // A whole batch refused at once (too many requests, batch too large) is answered with one error.
    const asked = Array.isArray(payload) ? payload : [payload];
    return asked.map(({ id }) => ({ ...(answer as JsonRpcResult), id }));
  }
}

function isAnswer(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('result' in value || 'error' in value);
}

interface Endpoint {
  readonly label: string;
  readonly provider: JsonRpcProvider;
  /** Set once `eth_chainId` answered as it must; forgotten after a broken connection: another chain may have taken the port. */
  checked: Promise<void> | null;
}

/** What the node itself answered as an error: the request was understood. */
export class RpcError extends AiosError {
  readonly rpcCode: number;
  readonly data: unknown;

  constructor(method: string, label: string, rpcCode: number, message: string, data: unknown) {
    super('RPC_ERROR', `${label} refused ${method}: ${message} (code ${rpcCode})`, {
      details: { method, rpcCode },
    });
    this.name = 'RpcError';
    this.rpcCode = rpcCode;
    this.data = data;
  }
}

/** Answers that speak of the node's state or quota, not of the request: worth trying again or elsewhere. */
const TRANSIENT =
  /rate|limit exceeded|too many requests|capacity|try again|timeout|timed out|temporar|overload|unavailable|header not found|unknown block|block not found|missing trie node|internal error|not synced|syncing|service/i;
/** Answers that ask for a smaller `eth_getLogs`: for the caller to split, not to retry. */
const TOO_MUCH =
  /too many|more than \d+|exceed|block range|range (is )?too|range limit|response size|result size|query returned|limited to|max results|too large/i;

/** Refusals of too many requests, as opposed to too large answers. */
const TOO_OFTEN =
  /too many requests|request (count|rate)|rate limit|per second|quota|capacity|compute units/i;

export function asksForLess(error: unknown): boolean {
  return (
    error instanceof RpcError &&
    error.rpcCode !== 429 &&
    TOO_MUCH.test(error.message) &&
    !TOO_OFTEN.test(error.message)
  );
}

export class RpcEndpoints {
  readonly #endpoints: readonly Endpoint[];
  readonly #options: Required<Omit<RpcEndpointsOptions, 'chainId' | 'onRetry' | 'urls'>>;
  readonly #onRetry: (message: string) => void;
  #chainId: number | undefined;
  #current = 0;
  #closed = false;
  readonly #abort = new AbortController();

  constructor(options: RpcEndpointsOptions) {
    if (options.urls.length === 0)
      throw new AiosError('RPC_NOT_CONFIGURED', 'no RPC URL is configured for this chain; give at least one');
    this.#chainId = options.chainId;
    this.#onRetry = options.onRetry ?? (() => undefined);
    this.#options = {
      requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
      attempts: options.attempts ?? 6,
      backOffMs: options.backOffMs ?? 200,
      maxBackOffMs: options.maxBackOffMs ?? 10_000,
      batchSize: options.batchSize ?? 100,
    };
    this.#endpoints = options.urls.map((url) => this.#endpoint(url));
  }

  /** Where requests go now, without credentials. */
  get label(): string {
    return this.#endpoint0().label;
  }

  /** How many URLs there are to fail over to. */
  get count(): number {
    return this.#endpoints.length;
  }

  /** Connects: asks a node, even when the answer is configured. */
  async chainId(): Promise<number> {
    await this.send('eth_chainId', []);
    if (this.#chainId === undefined) throw new AiosError('RPC_MALFORMED', `${this.label} named no chain id`);
    return this.#chainId;
  }

  /** Prefers the next URL from now on; for a caller that caught the present one lying. */
  failOver(): void {
    this.#current = (this.#current + 1) % this.#endpoints.length;
  }

  /**
   * Sends one request; requests sent in the same tick share an HTTP body.
   * @throws RpcError what the node answered; AiosError `RPC_UNREACHABLE` or `RPC_WRONG_CHAIN`.
   */
  async send<T>(method: string, params: readonly unknown[]): Promise<T> {
    let lastError: unknown;
    for (let attempt = 0; attempt < this.#options.attempts; attempt++) {
      if (this.#closed) throw new AiosError('SOURCE_CLOSED', `the connection to ${this.label} is closed`);
      const endpoint = this.#endpoint0();
      try {
        await this.#check(endpoint);
        return await this.#once<T>(endpoint, method, params);
      } catch (error) {
        if (error instanceof RpcError && !isTransient(error)) throw error;
        lastError = error;
        if (!(error instanceof RpcError)) endpoint.checked = null;
        // Wrong chain is a mistake in the configuration: with one URL no retry mends it.
        if (error instanceof AiosError && error.code === 'RPC_WRONG_CHAIN' && this.#endpoints.length === 1)
          throw error;
        if (this.#endpoint0() === endpoint) this.failOver();
        if (attempt + 1 === this.#options.attempts) break;
        this.#onRetry(`${method} at ${endpoint.label} failed (${messageOf(error)}); trying ${this.label}`);
        await this.#backOff(attempt);
      }
    }
    if (lastError instanceof AiosError) throw lastError;
    const labels = this.#endpoints.map((endpoint) => endpoint.label).join(', ');
    throw new AiosError(
      'RPC_UNREACHABLE',
      `no answer to ${method} from ${labels} after ${this.#options.attempts} attempts (${messageOf(lastError)}); ` +
        'check that the node runs and that the URL is right',
      { cause: lastError },
    );
  }

  close(): void {
    this.#closed = true;
    this.#abort.abort();
    for (const { provider } of this.#endpoints) provider.destroy();
  }

  #endpoint0(): Endpoint {
    const endpoint = this.#endpoints[this.#current];
    if (!endpoint) throw new RangeError('no such endpoint');
    return endpoint;
  }

  #endpoint(url: string): Endpoint {
    const label = labelOf(url);
    // The static network keeps ethers from asking for the chain id by itself, for ever, when the node is down.
    const network = Network.from(this.#chainId ?? 1);
    const { requestTimeoutMs, batchSize } = this.#options;
    const provider = new FetchProvider(url, requestTimeoutMs, this.#abort.signal, network, batchSize);
    return { label, provider, checked: null };
  }

  #check(endpoint: Endpoint): Promise<void> {
    endpoint.checked ??= this.#once<string>(endpoint, 'eth_chainId', []).then((answer) => {
      const found = Number(answer);
      this.#chainId ??= found;
      if (found !== this.#chainId)
        throw new AiosError(
          'RPC_WRONG_CHAIN',
          `${endpoint.label} serves chain id ${found}, configured is chain id ${this.#chainId}; change the URL or the chain id`,
          { details: { configured: this.#chainId, found } },
        );
    });
    return endpoint.checked;
  }

  async #once<T>(endpoint: Endpoint, method: string, params: readonly unknown[]): Promise<T> {
    try {
      return (await endpoint.provider.send(method, [...params])) as T;
    } catch (error) {
      const answered = rpcErrorOf(error);
      if (answered)
        throw new RpcError(method, endpoint.label, answered.code, answered.message, answered.data);
      throw new Error(transportMessage(error), { cause: error });
    }
  }

  async #backOff(attempt: number): Promise<void> {
    const ceiling = Math.min(this.#options.maxBackOffMs, this.#options.backOffMs * 2 ** attempt);
    const delay = ceiling * (0.5 + Math.random() / 2);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, delay);
      const signal = this.#abort.signal;
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done);
    });
  }
}

function isTransient(error: RpcError): boolean {
  // -32603 is "internal error"; -32005 "limit exceeded" covers rates as well as too large results.
  if (/revert|execution|invalid opcode|out of gas|stack/i.test(error.message)) return false;
  const passing = error.rpcCode === -32603 || error.rpcCode === 429 || TRANSIENT.test(error.message);
  return passing && !asksForLess(error);
}

/** The JSON-RPC error inside whatever ethers made of it; null when the node gave no such answer. */
function rpcErrorOf(error: unknown): { code: number; message: string; data: unknown } | null {
  if (typeof error !== 'object' || error === null) return null;
  const layers = error as { error?: unknown; info?: { error?: unknown } };
  for (const layer of [layers.error, layers.info?.error]) {
    const found = layer as { code?: unknown; message?: unknown; data?: unknown } | undefined;
    if (typeof found?.message === 'string' && typeof found.code === 'number')
      return { code: found.code, message: found.message, data: found.data };
  }
  return null;
}

/** What broke, without the request's URL. */
function transportMessage(error: unknown): string {
  let cause: unknown = error;
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause;
  if (cause instanceof Error && cause.name === 'TimeoutError') return 'timed out';
  const code = (cause as { code?: unknown }).code;
  if (typeof code === 'string' && /^[A-Z_]+$/.test(code) && code !== 'UNKNOWN_ERROR') return code;
  return messageOf(cause).split(/[({]/)[0]?.trim() ?? 'connection failed';
}

/** Scheme, host and port: keys hide in credentials, paths and queries. */
export function labelOf(url: string): string {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}`;
  } catch {
    throw new AiosError(
      'RPC_NOT_CONFIGURED',
      'an RPC URL is not a URL; it starts with http://, https://, ws:// or wss://',
    );
  }
}
