// A client of the endpoint as any other would be: queries over HTTP, streams over WebSocket and SSE, sign-in with a key of its own.
import { ed25519 } from '@noble/curves/ed25519.js';
import { encodeBase58 } from 'ethers';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: the shape of a GraphQL answer is what the tests look at.
  readonly data?: any;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

export interface AskOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly token?: string;
}

export function post(url: string, body: string, token?: string): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body,
  });
}

/** The answer as the bytes that came. */
export async function askForText(base: string, query: string, options: AskOptions = {}): Promise<string> {
  const body = JSON.stringify({ query, variables: options.variables ?? {} });
  return (await post(`${base}/graphql`, body, options.token)).text();
}

export async function ask(base: string, query: string, options: AskOptions = {}): Promise<Answer> {
  return JSON.parse(await askForText(base, query, options)) as Answer;
}

/** `data` of an answer without errors. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export async function dataOf(base: string, query: string, options: AskOptions = {}): Promise<any> {
  const answer = await ask(base, query, options);
  if (answer.errors) throw new Error(`${query}\n${JSON.stringify(answer.errors)}`);
  return answer.data;
}

export interface SignedIn {
  readonly did: string;
  readonly token: string;
}

/** Signs in with a DID key. `seed` decides which; `scopes`: less than everything. */
export async function signInWithDid(
  base: string,
  seed: number,
  scopes?: readonly string[],
): Promise<SignedIn> {
  const secret = new Uint8Array(32).fill(seed);
  const did = `did:aios:${encodeBase58(ed25519.getPublicKey(secret))}`;
  const { createSignInChallenge } = await dataOf(
    base,
    'mutation ($did: String!) { createSignInChallenge(input: { did: $did }) { challenge { id message } error { code } } }',
    { variables: { did } },
  );
  const { id, message } = createSignInChallenge.challenge;
  const signature = `0x${Buffer.from(ed25519.sign(new TextEncoder().encode(message), secret)).toString('hex')}`;
  const { signIn } = await dataOf(
    base,
    `mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken did } error { code message } } }`,
    { variables: { input: { challengeId: id, signature, did, scopes } } },
  );
  if (signIn.error) throw new Error(`sign-in was refused: ${signIn.error.message}`);
  return { did, token: signIn.session.accessToken };
}

/** Sends mutations that take one `input` and answer with fields and `error`. */
export const mutations =
  (base: () => string) =>
  async (who: SignedIn, name: string, type: string, fields: string, input: object) => {
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} error { code message } } }`;
    return (await dataOf(base(), query, { variables: { input }, token: who.token }))[name];
  };

export interface Stream<Event> extends AsyncIterable<Event> {
  /** Cuts the connection, as a network that fails does: nothing is said to the server. */
  cut(): void;
}

type Result = { readonly data?: unknown; readonly errors?: unknown };

/** A subscription over WebSocket (graphql-transport-ws). Never reconnects by itself. */
export function streamOverWebSocket<Event = Answer['data']>(
  base: string,
  query: string,
  variables: Record<string, unknown> = {},
): Stream<Event> {
  let socket: WebSocket | undefined;
  const client = createWsClient({
    url: `${base.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocol: string) {
        super(address, protocol);
        socket = this;
      }
    },
    retryAttempts: 0,
    lazy: true,
  });
  return {
    cut: () => socket?.terminate(),
    [Symbol.asyncIterator]: () => unwrapped<Event>(client.iterate({ query, variables })),
  };
}

/** A subscription over SSE (graphql-sse, distinct connections). Never reconnects by itself. */
export function streamOverSse<Event = Answer['data']>(
  base: string,
  query: string,
  variables: Record<string, unknown> = {},
): Stream<Event> {
  const abort = new AbortController();
  const client = createSseClient({
    url: `${base}/graphql`,
    retryAttempts: 0,
    fetchFn: (input: string, init: RequestInit) =>
      fetch(input, {
        ...init,
        signal: AbortSignal.any([abort.signal, ...(init.signal ? [init.signal] : [])]),
      }),
  });
  return {
    cut: () => abort.abort(),
    [Symbol.asyncIterator]: () => unwrapped<Event>(client.iterate({ query, variables })),
  };
}

async function* unwrapped<Event>(results: AsyncIterable<Result>): AsyncGenerator<Event> {
  for await (const result of results) {
    if (result.errors) throw new Error(JSON.stringify(result.errors));
    yield result.data as Event;
  }
}

export const transports = { WebSocket: streamOverWebSocket, SSE: streamOverSse } as const;
