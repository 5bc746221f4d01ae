// Asks one chain over several JSON-RPC URLs: batches, time-outs, retries with back-off and jitter, fail-over to the next URL,
// rests where a node asks for them, and the certainty that every URL serves the configured chain. URLs may hold API keys: messages never
// show more than the host.
import { setMaxListeners } from 'node:events';
import { type JsonRpcProvider, Network } from 'ethers';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { FetchProvider, HttpRefusal } from './fetch-provider.ts';
import {
  isBatchRefusal,
  isMethodMissing,
  isRateLimit,
  isTimeout,
  isTransient,
  RpcError,
  RpcTimeout,
  rpcErrorOf,
} from './rpc-errors.ts';

export { asksForLess, RpcError } from './rpc-errors.ts';

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

interface Endpoint {
  readonly url: string;
  readonly label: string;
  provider: JsonRpcProvider;
  batchSize: number;
  /** Nothing is sent before (`performance.now()`): the node asked for a rest. */
  restUntil: number;
  /** Rests in a row, for nodes that do not say how long. */
  rests: number;
  /** Methods the node does not have. */
  readonly missing: Set<string>;
  /** Set once `eth_chainId` answered as it must; forgotten after a broken connection: another chain may have taken the port. */
  checked: Promise<void> | null;
}

/** How often a request waits for a node that asks for rests, before they count as failures. */
const MOST_RESTS = 20;
const LONGEST_REST_MS = 60_000;

export class RpcEndpoints {
  readonly #endpoints: readonly Endpoint[];
  readonly #options: Required<Omit<RpcEndpointsOptions, 'chainId' | 'onRetry' | 'urls'>>;
  readonly #onRetry: (message: string) => void;
  #chainId: number | undefined;
  #current = 0;
  #closed = false;
  readonly #abort = new AbortController();
  readonly #inFlight = new Map<string, Promise<unknown>>();
  readonly #retired: JsonRpcProvider[] = [];

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
    // Every request at rest listens for the end.
    setMaxListeners(0, this.#abort.signal);
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
   * Sends one request; requests sent in the same tick share an HTTP body, and equal ones in flight share an answer.
   * `splittable`: a range that can be asked for in parts; a time-out then fails at once instead of being tried again.
   * @throws RpcError what the node answered; RpcTimeout; AiosError `RPC_UNREACHABLE` or `RPC_WRONG_CHAIN`.
   */
  send<T>(method: string, params: readonly unknown[], splittable = false): Promise<T> {
    // What changes under one name has to be asked anew: an answer on its way may be older than the question.
    if (params.some((param) => param === 'latest' || param === 'finalized'))
      return this.#send<T>(method, params, splittable);
    const key = `${method}${JSON.stringify(params)}`;
    const shared = this.#inFlight.get(key);
    if (shared) return shared as Promise<T>;
    const answer = this.#send<T>(method, params, splittable).finally(() => this.#inFlight.delete(key));
    this.#inFlight.set(key, answer);
    return answer;
  }

  async #send<T>(method: string, params: readonly unknown[], splittable: boolean): Promise<T> {
    let lastError: unknown;
    let rests = 0;
    for (let attempt = 0; attempt < this.#options.attempts; ) {
      if (this.#closed) throw new AiosError('SOURCE_CLOSED', `the connection to ${this.label} is closed`);
      const endpoint = await this.#ready(method);
      try {
        await this.#check(endpoint);
        const answer = await this.#once<T>(endpoint, method, params);
        endpoint.rests = 0;
        return answer;
      } catch (error) {
        lastError = error;
        if (isMethodMissing(error)) {
          endpoint.missing.add(method);
          if (this.#endpoints.some(({ missing }) => !missing.has(method))) continue;
        }
        if (error instanceof RpcError && !isTransient(error)) throw error;
        if (splittable && isTimeout(error)) throw new RpcTimeout(method, endpoint.label);
        if (isBatchRefusal(error) && this.#smallerBatches(endpoint)) continue;
        if (!(error instanceof RpcError)) endpoint.checked = null;
        // Wrong chain is a mistake in the configuration: with one URL no retry mends it.
        if (error instanceof AiosError && error.code === 'RPC_WRONG_CHAIN' && this.#endpoints.length === 1)
          throw error;
        if (this.#endpoint0() === endpoint) this.failOver();
        const limited = isRateLimit(error);
        if (limited) this.#rest(endpoint, error);
        // A node that is busy will answer: it is given longer than one that is broken.
        if (limited && rests < MOST_RESTS) rests++;
        else attempt++;
        if (attempt === this.#options.attempts) break;
        this.#onRetry(`${method} at ${endpoint.label} failed (${messageOf(error)}); trying ${this.label}`);
        if (!limited) await this.#pause(this.#delay(attempt - 1));
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

  /** The preferred URL that has the method and is not at rest; waits while all of them are. */
  async #ready(method: string): Promise<Endpoint> {
    for (;;) {
      const count = this.#endpoints.length;
      const inTurn = Array.from(
        { length: count },
        (_, index) => this.#endpoints[(this.#current + index) % count] as Endpoint,
      );
      const having = inTurn.filter(({ missing }) => !missing.has(method));
      const able = having.length > 0 ? having : inTurn;
      const now = performance.now();
      const free = able.find(({ restUntil }) => restUntil <= now);
      if (free || this.#closed) return free ?? (able[0] as Endpoint);
      await this.#pause(Math.min(...able.map(({ restUntil }) => restUntil)) - now);
    }
  }

  #rest(endpoint: Endpoint, error: unknown): void {
    const asked = error instanceof HttpRefusal ? error.retryAfterMs : null;
    const rest = Math.min(asked ?? this.#delay(endpoint.rests), LONGEST_REST_MS);
    if (endpoint.restUntil <= performance.now()) endpoint.rests++;
    endpoint.restUntil = Math.max(endpoint.restUntil, performance.now() + rest);
  }

  /** Halves what is sent to the node in one body. False when one request alone is refused. */
  #smallerBatches(endpoint: Endpoint): boolean {
    if (endpoint.batchSize === 1) return false;
    endpoint.batchSize = Math.max(1, Math.floor(endpoint.batchSize / 2));
    // Requests in the old provider are answered by it; it is destroyed with the others in the end.
    this.#retired.push(endpoint.provider);
    endpoint.provider = this.#provider(endpoint.url, endpoint.batchSize);
    return true;
  }

  close(): void {
    this.#closed = true;
    this.#abort.abort();
    for (const { provider } of this.#endpoints) provider.destroy();
    for (const provider of this.#retired) provider.destroy();
  }

  #endpoint0(): Endpoint {
    const endpoint = this.#endpoints[this.#current];
    if (!endpoint) throw new RangeError('no such endpoint');
    return endpoint;
  }

  #endpoint(url: string): Endpoint {
    const { batchSize } = this.#options;
    const provider = this.#provider(url, batchSize);
    const state = { checked: null, batchSize, restUntil: 0, rests: 0, missing: new Set<string>() };
    return { url, label: labelOf(url), provider, ...state };
  }

  #provider(url: string, batchSize: number): FetchProvider {
    // The static network keeps ethers from asking for the chain id by itself, for ever, when the node is down.
    const network = Network.from(this.#chainId ?? 1);
    return new FetchProvider(url, this.#options.requestTimeoutMs, this.#abort.signal, network, batchSize);
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
      if (error instanceof HttpRefusal) throw error;
      throw new Error(transportMessage(error), { cause: error });
    }
  }

  #delay(attempt: number): number {
    const ceiling = Math.min(this.#options.maxBackOffMs, this.#options.backOffMs * 2 ** attempt);
    return ceiling * (0.5 + Math.random() / 2);
  }

  /** Ends early when the connection is closed. */
  async #pause(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, milliseconds);
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
