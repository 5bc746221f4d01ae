// Following a stream over a server that drops its connections at any event: what arrives is what was sent, once, in order.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { buildSchema, GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { eventStream } from './event-stream.ts';

const schema = buildSchema(`type Query { none: Int }
  type Event { cursor: String! }
  type Subscription { runEvents(run: ID!, after: String): Event! }`);
const document =
  'subscription ($run: ID!, $after: String) { runEvents(run: $run, after: $after) { cursor } }';

interface Plan {
  readonly events: number;
  /** How many events each connection lives for. */
  readonly lives: readonly number[];
}

let plan: Plan = { events: 0, lives: [] };
let connections = 0;
let tokens = 0;
const http = createServer();
const sockets = new WebSocketServer({ server: http, path: '/graphql' });
const source = () => ({
  url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`,
  session: { did: 'did:aios:x', token: async () => `t${++tokens}` },
  webSocket: undefined,
});

beforeAll(async () => {
  useServer(
    {
      schema,
      subscribe: async ({ variableValues, contextValue }) => {
        const { run, after } = variableValues as { run: string; after: string | null };
        if (run === 'refused')
          return { errors: [new GraphQLError('not yours', { extensions: { code: 'RUN_UNKNOWN' } })] };
        const life = plan.lives[connections++] ?? Number.POSITIVE_INFINITY;
        const { socket } = (contextValue as { extra: { socket: { terminate(): void } } }).extra;
        return (async function* () {
          let sent = 0;
          for (let at = after ? Number(after) + 1 : 1; at <= plan.events; at += 1) {
            if (sent++ >= life) {
              socket.terminate();
              return;
            }
            yield { data: { runEvents: { cursor: String(at) } } };
          }
        })();
      },
      context: (context) => context,
    },
    sockets,
  );
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  for (const socket of sockets.clients) socket.terminate();
  http.close();
});

async function all(options: Parameters<typeof eventStream>[3] = {}, run = '1'): Promise<string[]> {
  const seen: string[] = [];
  for await (const { cursor } of eventStream(source(), document, { run }, options)) seen.push(cursor);
  return seen;
}

test('nothing is lost and nothing comes twice, wherever connections break', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 30 }),
      fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }),
      fc.integer({ min: 0, max: 5 }),
      async (events, lives, after) => {
        plan = { events, lives };
        connections = 0;
        const expected = Array.from({ length: Math.max(0, events - after) }, (_, at) =>
          String(at + after + 1),
        );
        expect(await all(after === 0 ? {} : { after: String(after) })).toEqual(expected);
      },
    ),
    { numRuns: 25 },
  );
});

test('each connection signs in with a token of its own, and losses are told', async () => {
  plan = { events: 5, lives: [2, 2] };
  connections = 0;
  tokens = 0;
  let lost = 0;
  const onReconnect = () => {
    lost += 1;
  };
  expect(await all({ onReconnect })).toEqual(['1', '2', '3', '4', '5']);
  expect([tokens, lost]).toEqual([3, 2]);
});

test('a refusal is an error with its code, a server that was never there another, and a signal ends without one', async () => {
  await expect(all({}, 'refused')).rejects.toMatchObject({ code: 'RUN_UNKNOWN', message: 'not yours' });
  const nowhere = { ...source(), url: 'ws://127.0.0.1:1/graphql' };
  await expect(eventStream(nowhere, document, { run: '1' }, {}).next()).rejects.toMatchObject({
    code: 'NOT_REACHABLE',
  });
  plan = { events: 9, lives: [] };
  const over = new AbortController();
  const stream = eventStream<{ cursor: string }>(source(), document, { run: '1' }, { signal: over.signal });
  expect((await stream.next()).value).toEqual({ cursor: '1' });
  over.abort();
  expect((await stream.next()).done).toBe(true);
});
