// JSON-RPC to the devnet, batches included. Bare on purpose: a devnet on the loopback interface needs no retries, caches or polling.
import { setTimeout as delay } from 'node:timers/promises';
import { AiosError, messageOf } from '#node/platform/errors.ts';

export interface RpcRequest {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** An error the node answered with. */
export class RpcError extends Error {
  readonly method: string;
  readonly code: number;
  readonly data: unknown;

  constructor(method: string, code: number, message: string, data?: unknown) {
    super(`${method}: ${message}`);
    this.name = 'RpcError';
    this.method = method;
    this.code = code;
    this.data = data;
  }
}

/** What is read of a receipt. */
export interface DevnetReceipt {
  /** `0x1` when the call succeeded. */
  readonly status: string;
  readonly blockNumber: string;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

export class DevnetRpc {
  readonly url: string;
  readonly #timeout: number;

  constructor(url: string, timeout = 30_000) {
    this.url = url;
    this.#timeout = timeout;
  }

  /** @throws RpcError when the node refuses, AiosError DEVNET_UNREACHABLE when it does not answer. */
  async call<T>(method: string, ...params: readonly unknown[]): Promise<T> {
    const [answer] = await this.#send([{ method, params }]);
    return resultOf(method, answer) as T;
  }

  /** Answers in the order of the requests; the first error among them is thrown. */
  async batch<T>(requests: readonly RpcRequest[]): Promise<T[]> {
    const answers = await this.#send(requests);
    return answers.map((answer, index) => resultOf(requests[index]?.method ?? '', answer) as T);
  }

  /** Like `batch`, but a refused request is its error, and the others are answered. */
  async settle<T>(requests: readonly RpcRequest[]): Promise<(T | RpcError)[]> {
    const answers = await this.#send(requests);
    return answers.map((answer, index) => {
      try {
        return resultOf(requests[index]?.method ?? '', answer) as T;
      } catch (error) {
        if (error instanceof RpcError) return error;
        throw error;
      }
    });
  }

  /**
   * The receipt of a transaction that was sent. Asked for again and again: on a chain that makes a block only when
   * something is sent, who waits for the next block may wait for ever.
   * @param timeout milliseconds
   * @throws AiosError DEVNET_NOT_INCLUDED when it is in no block by then
   */
  async receiptOf(hash: string, timeout = 60_000): Promise<DevnetReceipt> {
    const deadline = Date.now() + timeout;
    for (;;) {
      const receipt = await this.call<DevnetReceipt | null>('eth_getTransactionReceipt', hash);
      if (receipt) return receipt;
      if (Date.now() > deadline) {
        throw new AiosError(
          'DEVNET_NOT_INCLUDED',
          `The devnet at ${this.url} did not include transaction ${hash} within ${timeout} ms. Look whether it makes blocks.`,
        );
      }
      await delay(20);
    }
  }

  async #send(requests: readonly RpcRequest[]): Promise<(Answer | undefined)[]> {
    if (requests.length === 0) return [];
    const body = requests.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params }));
    let answers: Answer[];
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(this.#timeout),
      });
      const parsed: unknown = await response.json();
      answers = (Array.isArray(parsed) ? parsed : [parsed]) as Answer[];
    } catch (error) {
      throw new AiosError(
        'DEVNET_UNREACHABLE',
        `The devnet at ${this.url} did not answer: ${messageOf(error)}. Look whether its anvil process runs.`,
        { cause: error },
      );
    }
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    return requests.map((_, id) => byId.get(id));
  }
}

function resultOf(method: string, answer: Answer | undefined): unknown {
  if (!answer) throw new RpcError(method, -32603, 'no answer in the batch');
  if (answer.error) throw new RpcError(method, answer.error.code, answer.error.message, answer.error.data);
  return answer.result;
}
