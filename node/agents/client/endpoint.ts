// The GraphQL endpoint over HTTP, as any runtime with `fetch` reaches it: one operation, its data or an error that names the fix.
import { AiosError, messageOf } from '#node/platform/errors.ts';

export type Fetch = typeof globalThis.fetch;

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: unknown };
  }[];
}

/** Milliseconds for one answer; the endpoint itself gives up after 30 seconds. */
const ANSWER_MS = 60_000;

export class Endpoint {
  /** Where operations are sent, such as `http://127.0.0.1:4000/graphql`. */
  readonly url: string;
  readonly #fetch: Fetch;

  /** @param url of the product or of its endpoint. @throws AiosError ENDPOINT_INVALID */
  constructor(url: string, fetch: Fetch = globalThis.fetch) {
    let parsed: URL;
    try {
      parsed = new URL(url);
    } catch {
      throw new AiosError(
        'ENDPOINT_INVALID',
        `${url} is no address: give one such as http://127.0.0.1:4000.`,
      );
    }
    if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')
      throw new AiosError(
        'ENDPOINT_INVALID',
        `${url} is not of http or https: give one such as http://127.0.0.1:4000.`,
      );
    if (parsed.pathname === '/') parsed.pathname = '/graphql';
    this.url = parsed.href;
    this.#fetch = fetch;
  }

  /** The same endpoint for streams. */
  get webSocketUrl(): string {
    return this.url.replace(/^http/, 'ws');
  }

  /**
   * `data` of the answer.
   * @throws AiosError NOT_REACHABLE when nothing answers, BAD_ANSWER when what answers is no GraphQL, or the endpoint's own error
   */
  async ask<Data>(
    query: string,
    variables: Readonly<Record<string, unknown>>,
    token?: string,
  ): Promise<Data> {
    let response: Response;
    let text: string;
    try {
      response = await this.#fetch(this.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json',
          'x-graphql-csrf': '1',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      text = await response.text();
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw new AiosError(
        'NOT_REACHABLE',
        `Nothing answers at ${this.url} (${messageOf(cause) || messageOf(error)}). Start the product, or give its address.`,
        { cause: error },
      );
    }
    let answer: Answer;
    try {
      answer = JSON.parse(text) as Answer;
    } catch {
      throw new AiosError(
        'BAD_ANSWER',
        `${this.url} answered ${response.status} with something that is no GraphQL. Give the address of the endpoint, which ends in /graphql.`,
      );
    }
    const [error] = answer.errors ?? [];
    if (error) {
      const { code } = error.extensions ?? {};
      throw new AiosError(typeof code === 'string' ? code : 'REQUEST_FAILED', error.message);
    }
    if (answer.data === undefined || answer.data === null)
      throw new AiosError('BAD_ANSWER', `${this.url} answered ${response.status} without data.`);
    return answer.data as Data;
  }
}
