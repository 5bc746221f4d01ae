// A subgraph in another process: the same answers, the same blocks, the same viewer, and nobody can forge them.
import { createServer, type Server } from 'node:http';
import { createClient } from 'graphql-ws';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  type OperationContext,
  ReadPoint,
  ReadSet,
  type Subgraph,
  type Viewer,
} from '#node/platform/operation.ts';
import { formatEvent, parseEventStream } from './event-stream.ts';
import {
  FORWARDED_CONTEXT_HEADER,
  FORWARDED_MAX_HEADER_BYTES,
  signForwardedContext,
  verifyForwardedContext,
} from './forwarded-context.ts';
import { createSubgraphListener } from './subgraph-server.ts';
import { createSmallSupergraph } from './testing/small-supergraph.ts';
import { listen, type RunningGateway, startGateway, stop } from './testing/start-gateway.ts';

const secret = 'a secret of both';
const anna: Viewer = { did: 'did:aios:anna', accounts: ['eip155:1:0xab'], scopes: ['a'], session: 's' };
const logger = pino({ level: 'silent' });

function context(heads = 1): OperationContext {
  const pinned = new Map(
    Array.from(
      { length: heads },
      (_, index) => [`Qm${index}`, { number: index, hash: `0x${index}` }] as const,
    ),
  );
  return {
    viewer: anna,
    readPoint: new ReadPoint(async () => pinned, pinned),
    reads: new ReadSet(),
    signal: new AbortController().signal,
    requestId: 'r1',
    ip: '10.0.0.1',
  };
}

describe('forwarded context', () => {
  const { signal } = new AbortController();

  it('carries viewer, read point and request id, and fits the header at 300 deployments', async () => {
    const header = await signForwardedContext(context(300), 'body', secret);
    expect(header.length).toBeLessThan(FORWARDED_MAX_HEADER_BYTES);
    const seen = verifyForwardedContext(header, 'body', secret, signal);
    expect(seen).toMatchObject({ viewer: anna, requestId: 'r1', ip: '10.0.0.1' });
    expect(await seen.readPoint.at('Qm7')).toEqual({ number: 7, hash: '0x7' });
  });

  it('refuses every change to header, body or secret', async () => {
    const header = await signForwardedContext(context(), 'body', secret);
    const verify = (value: string | undefined, body = 'body', key = secret) =>
      verifyForwardedContext(value, body, key, signal);
    expect(() => verify(undefined)).toThrow('missing');
    expect(() => verify(header, 'other body')).toThrow('another body');
    expect(() => verify(header, 'body', 'other secret')).toThrow('signature');
    for (let at = 0; at < header.length - 1; at += 7) {
      // The last character of base64url carries unused bits, so it is left out.
      const changed = `${header.slice(0, at)}${header[at] === 'A' ? 'B' : 'A'}${header.slice(at + 1)}`;
      expect(() => verify(changed), `character ${at}`).toThrow();
    }
  });
});

describe('event stream', () => {
  it('parses events whatever the chunks, and keeps line breaks', async () => {
    const text = `:\n\n${formatEvent('next', 'é{"a":1}\nb')}${formatEvent('next', '{}')}${formatEvent('complete', '')}`;
    const bytes = new TextEncoder().encode(text);
    for (let size = 1; size < 12; size++) {
      async function* chunks() {
        for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
      }
      const events: unknown[] = [];
      for await (const event of parseEventStream(chunks())) events.push(event);
      expect(events).toEqual([
        { event: 'next', data: 'é{"a":1}\nb' },
        { event: 'next', data: '{}' },
        { event: 'complete', data: '' },
      ]);
    }
  });
});

describe('split deployment', () => {
  const small = createSmallSupergraph();
  const { chain } = small;
  let services: Server;
  let servicesUrl: string;
  let whole: RunningGateway;
  let split: RunningGateway;

  beforeAll(async () => {
    chain.commit([{ id: 'n1', name: 'one', size: 1 }]);
    services = createServer(
      { maxHeaderSize: FORWARDED_MAX_HEADER_BYTES },
      createSubgraphListener({
        subgraphs: [small.directory, small.profiles, small.events],
        forwardingSecret: secret,
        logger,
      }),
    );
    servicesUrl = `http://127.0.0.1:${await listen(services)}`;
    const remote = (subgraph: Subgraph) => ({ ...subgraph, url: `${servicesUrl}/${subgraph.name}` });
    const options = {
      headLoader: chain.loadHeads,
      live: { subgraphs: ['directory'], feed: chain.feed },
      authenticate: ({ authorization }: { authorization: string | undefined }) =>
        authorization ? anna : null,
    };
    whole = await startGateway([small.directory, small.profiles, small.events], options);
    split = await startGateway([remote(small.directory), remote(small.profiles), remote(small.events)], {
      ...options,
      forwardingSecret: secret,
    });
  });
  afterAll(async () => {
    await split.close();
    await whole.close();
    await stop(services);
  });

  it('answers a set of operations byte for byte as one process does', async () => {
    const operations = [
      { query: '{ networks { id name size site secret } me favourites { id } }' },
      { query: '{ refused network(id: "n1") { fragile } }' },
      {
        query: 'query ($id: ID!) { network(id: $id) { id site } missing: network(id: "no") { id } }',
        variables: { id: 'n1' },
      },
      { query: 'mutation { addNetwork(id: "same") { id name size site } }' },
      { query: '{ nonsense }' },
    ];
    for (const authorization of ['', 'Bearer anna']) {
      for (const operation of operations) {
        const headers: Record<string, string> = authorization ? { authorization } : {};
        const [one, other] = [await whole.post(operation, headers), await split.post(operation, headers)];
        expect(JSON.stringify(other.body)).toBe(JSON.stringify(one.body));
        expect(other.status).toBe(one.status);
      }
    }
  });

  it('reads all remote fetches of one operation at one block', async () => {
    small.fetches.length = 0;
    small.beforeFetch = () => void chain.commit([{ id: 'n1', name: `moved ${chain.head}`, size: 1 }]);
    const { body } = await split.post({ query: '{ networks { id name } favourites { name } }' });
    small.beforeFetch = () => {};
    expect(new Set(small.fetches.map(({ block }) => block)).size).toBe(1);
    expect(body.data.networks[0].name).toBe(body.data.favourites[0].name);
  });

  it('streams events and live queries from the other process', async () => {
    const client = createClient({ url: split.wsUrl, webSocketImpl: WebSocket });
    const live = client.iterate<{ networks: { id: string; name: string }[] }>({
      query: 'subscription { networks(first: 1) { id name } }',
    });
    expect((await live.next()).value).toMatchObject({ data: { networks: [{ id: 'n1' }] } });
    small.fetches.length = 0;
    // What the other process has read came back with its answer: somebody else's commit wakes nothing.
    chain.feed.publish({ deployment: 'QmOther', block: 1, entities: ['Other'] });
    for (let trip = 0; trip < 5; trip++) await split.post({ query: '{ eventCount }' });
    expect(small.fetches).toHaveLength(0);
    chain.commit([{ id: 'n1', name: 'pushed', size: 1 }]);
    expect((await live.next()).value).toEqual({ data: { networks: [{ id: 'n1', name: 'pushed' }] } });
    expect(small.fetches).toHaveLength(1);
    await live.return?.();

    const events = client.iterate<{ networkEvents: { network: { id: string; name: string; site: string } } }>(
      {
        query: 'subscription { networkEvents { network { id name site } } }',
      },
    );
    const first = events.next();
    const knock = setInterval(() => small.source.push('n1'), 20);
    expect((await first).value).toEqual({
      data: { networkEvents: { network: { id: 'n1', name: 'pushed', site: 'https://n1.example' } } },
    });
    clearInterval(knock);
    await events.return?.();
    await client.dispose();
  });

  it('serves nobody without a signature', async () => {
    const ask = (headers: Record<string, string>) =>
      fetch(`${servicesUrl}/profiles`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{"query":"{ me }"}',
      });
    expect((await ask({})).status).toBe(401);
    const stolen = await signForwardedContext(context(), '{"query":"{ other }"}', secret);
    expect((await ask({ [FORWARDED_CONTEXT_HEADER]: stolen })).status).toBe(401);
    const good = await signForwardedContext(context(), '{"query":"{ me }"}', secret);
    expect(await (await ask({ [FORWARDED_CONTEXT_HEADER]: good })).json()).toEqual({
      data: { me: anna.did },
    });
    expect((await fetch(`${servicesUrl}/nobody`)).status).toBe(404);
  });

  it('says which subgraph is down, and answers the rest', async () => {
    const broken = await startGateway(
      [small.directory, { ...small.profiles, url: 'http://127.0.0.1:9/profiles' }],
      {
        headLoader: chain.loadHeads,
      },
    );
    const { body } = await broken.post({ query: '{ network(id: "n1") { id } me }' });
    expect(body.data).toEqual({ network: { id: 'n1' }, me: null });
    expect(body.errors[0]).toMatchObject({
      message: expect.stringContaining('the subgraph "profiles" did not answer'),
      extensions: { code: 'SUBGRAPH_UNREACHABLE' },
    });
    await broken.close();
  });
});
