import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { createClient } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { cursorOf, eventStreamLink } from './event-stream-link.ts';

// graphql-ws loads GraphQL as CommonJS under Node; a schema of the other module kind is a stranger to it.
const { buildSchema } = createRequire(import.meta.url)('graphql') as typeof import('graphql');

const COUNT = 1000;
const schema = buildSchema(`
  type Query { a: Int }
  type Event { cursor: String! value: Int! }
  type Subscription { events(after: String): Event! }
`);

/** A stream of COUNT numbers that resumes after a cursor; every socket is cut once, at number `cutAt`. */
function startServer(cutAt: number): Promise<{ url: string; server: Server; sockets: WebSocketServer }> {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  let cut = false;
  const subscription = async function* ({ after }: { after?: string }) {
    for (let value = Number(after ?? 0) + 1; value <= COUNT; value += 1) {
      if (value === cutAt && !cut) {
        cut = true;
        for (const socket of sockets.clients) socket.terminate();
        return;
      }
      yield { events: { cursor: String(value), value } };
    }
  };
  // biome-ignore lint/correctness/useHookAtTopLevel: graphql-ws names its server so; it is no hook
  useServer({ schema, roots: { subscription: { events: subscription } } }, sockets);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, server, sockets });
    });
  });
}

describe('eventStreamLink', () => {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  it('delivers a thousand events once each and in order across a forced disconnect', async () => {
    const { url, server, sockets } = await startServer(437);
    closers.push(
      () => server.close(),
      () => sockets.close(),
    );
    const socket = createClient({
      url,
      webSocketImpl: WebSocket,
      retryAttempts: 5,
      retryWait: async () => undefined,
      shouldRetry: () => true,
    });
    closers.push(() => socket.dispose());
    const client = new ApolloClient({ link: eventStreamLink(socket), cache: new InMemoryCache() });
    const received: number[] = [];
    await new Promise<void>((resolve, reject) => {
      client
        .subscribe<{ events: { cursor: string; value: number } }>({
          query: gql`subscription ($after: String) { events(after: $after) { cursor value } }`,
          variables: {},
          fetchPolicy: 'no-cache',
        })
        .subscribe({
          next: ({ data, error }) => {
            if (error) reject(error);
            if (data) received.push(data.events.value);
          },
          complete: resolve,
          error: reject,
        });
    });
    expect(received).toEqual(Array.from({ length: COUNT }, (_, index) => index + 1));
  });
});

describe('cursorOf', () => {
  it('finds the cursor of an event, and none in a live query', () => {
    expect(cursorOf({ saleEvents: { cursor: '7', sale: null } })).toBe('7');
    expect(cursorOf({ networks: [{ id: '1' }] })).toBeUndefined();
    expect(cursorOf(null)).toBeUndefined();
  });
});
