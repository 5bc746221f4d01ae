// Every limit refuses by its name, fast, and only beyond it.
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import fc from 'fast-check';
import { buildSchema, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AiosError } from '#node/platform/errors.ts';
import type { Viewer } from '#node/platform/operation.ts';
import { costFunction } from './limits/cost.ts';
import { RateLimiter } from './limits/rate-limiter.ts';
import { structureOf } from './limits/structure.ts';
import { MemoryDocumentStore } from './persisted-documents.ts';
import { createSmallSupergraph } from './testing/small-supergraph.ts';
import { type RunningGateway, startGateway } from './testing/start-gateway.ts';

describe('limits of the gateway', () => {
  const small = createSmallSupergraph();
  let running: RunningGateway;
  beforeAll(async () => {
    small.chain.commit([{ id: 'n1', name: 'one', size: 1 }]);
    running = await startGateway([small.directory, small.profiles], { headLoader: small.chain.loadHeads });
  });
  afterAll(() => running.close());

  const refused = async (query: string, variables?: object) => {
    const { status, body } = await running.post({ query, variables });
    expect([200, 400]).toContain(status); // 200 for what does not even parse, as GraphQL over HTTP has it
    expect(body.data).toBeUndefined();
    return body.errors[0] as { message: string; extensions: { code: string; limit: string } };
  };

  it('refuses 10,000 aliases within 150 ms of CPU time, naming the limit', async () => {
    const aliases = Array.from({ length: 10_000 }, (_, index) => `a${index}: __typename`).join(' ');
    const before = process.cpuUsage();
    const error = await refused(`{ ${aliases} }`);
    const { user, system } = process.cpuUsage(before);
    expect(error).toMatchObject({
      message: expect.stringContaining('maxTokens exceeded'),
      extensions: { code: 'LIMIT_EXCEEDED', limit: 'maxTokens' },
    });
    expect((user + system) / 1000).toBeLessThan(150);
    // Beyond tokens: fewer, but still more than anybody needs.
    const fewer = Array.from({ length: 1_000 }, (_, index) => `a${index}: __typename`).join(' ');
    expect(await refused(`{ ${fewer} }`)).toMatchObject({
      message:
        'maxAliases exceeded: the operation has 1000 aliases, at most 100 allowed; split it into several',
    });
  });

  it('counts aliases through nested fragments without expanding them', async () => {
    const fragments = Array.from(
      { length: 40 },
      (_, level) =>
        `fragment F${level} on Network { a${level}: name ...F${level + 1} b${level}: name ...F${level + 1} }`,
    ).join('\n');
    const bomb = `{ networks(first: 1) { ...F0 } } ${fragments} fragment F40 on Network { id }`;
    expect(await refused(bomb)).toMatchObject({ extensions: { limit: 'maxAliases' } });
  });

  it('refuses lists that are too long or multiply too far, variables and defaults included', async () => {
    expect(await refused('{ networks(first: 1001) { id } }')).toMatchObject({
      message: expect.stringContaining('a list of 1001 (Query.networks)'),
      extensions: { limit: 'maxListSize' },
    });
    const query = 'query ($n: Int = 1001) { networks(first: $n) { id } }';
    expect((await refused(query)).extensions.limit).toBe('maxListSize');
    expect((await running.post({ query, variables: { n: 1000 } })).body.data.networks).toHaveLength(1);
  });

  it('refuses a body over 256 KB with 413, announced or not', async () => {
    const big = JSON.stringify({ query: '{ me }', variables: { x: 'y'.repeat(300_000) } });
    const { status, body } = await running.post({ query: '{ me }', variables: { x: 'y'.repeat(300_000) } });
    expect(status).toBe(413);
    expect(body.errors[0]).toMatchObject({
      message: expect.stringContaining('maxBodyBytes'),
      extensions: { code: 'BODY_TOO_LARGE', allowed: 262_144 },
    });
    const chunked = await new Promise<number | undefined>((resolve, reject) => {
      const post = request(
        running.url,
        { method: 'POST', headers: { 'content-type': 'application/json' } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      post.on('error', reject);
      for (let at = 0; at < big.length; at += 50_000) post.write(big.slice(at, at + 50_000));
      post.end();
    });
    expect(chunked).toBe(413);
  });

  it('lets those who have signed in send what is larger, and nobody else', async () => {
    const known = await startGateway([small.directory, small.profiles], {
      headLoader: small.chain.loadHeads,
      authenticate: ({ authorization }) => {
        if (authorization !== 'anna') throw new AiosError('UNAUTHENTICATED', 'sign in again');
        return { did: 'did:key:anna', accounts: [], session: 's', scopes: [] };
      },
    });
    try {
      const send = (size: number, headers: Record<string, string>) =>
        known.post({ query: '{ __typename }', variables: { x: 'y'.repeat(size) } }, headers);
      expect((await send(2_000_000, { authorization: 'anna' })).status).toBe(200);
      expect((await send(2_000_000, {})).status).toBe(413);
      const stranger = await send(2_000_000, { authorization: 'somebody' });
      expect(stranger.status).toBe(401);
      expect(stranger.body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
      expect((await send(13_000_000, { authorization: 'anna' })).status).toBe(413);
    } finally {
      await known.close();
    }
  });

  it('refuses batches, media types of forms, and requests of foreign pages', async () => {
    const send = (init: RequestInit, query = '') => fetch(`${running.url}${query}`, init);
    const batch = await send({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '[{"query":"{ me }"}]',
    });
    expect(batch.status).toBe(400);
    expect(await batch.text()).toContain('batching is off');
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const form = await send({ method: 'POST', headers: { 'content-type': type }, body: 'query={me}' });
      expect(form.status).toBe(415);
      expect(await form.text()).toContain('application/json');
    }
    const get = (headers: Record<string, string>) => send({ headers }, '?query={me}');
    expect((await get({})).status).toBe(200); // curl
    expect((await get({ 'sec-fetch-site': 'same-origin' })).status).toBe(200); // GraphiQL
    expect((await get({ 'sec-fetch-site': 'cross-site', 'apollo-require-preflight': '1' })).status).toBe(200);
    expect((await get({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await get({ origin: 'https://evil.example' })).status).toBe(403);
    const mutation = await send({}, `?query=${encodeURIComponent('mutation{addNetwork(id:"x"){id}}')}`);
    expect(mutation.status).toBe(405);
  });

  it('refuses deep operations but lets GraphiQL introspect', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    const full = await running.post({ query: getIntrospectionQuery({ inputValueDeprecation: true }) });
    expect(full.body.data.__schema.types.length).toBeGreaterThan(5);
    const deep = structureOf(parse(`{ ${'a { '.repeat(20)} b ${'} '.repeat(20)} }`));
    expect(deep.depth).toBe(21);
  });
});

describe('policies', () => {
  const small = createSmallSupergraph();
  const members = [small.directory, small.profiles];

  it('limits each client by its own bucket, with Retry-After', async () => {
    const viewer = (did: string): Viewer => ({ did, accounts: [], scopes: [], session: '' });
    const running = await startGateway(members, {
      rateLimit: { burst: 3, perSecond: 0.5 },
      authenticate: ({ authorization }) => (authorization ? viewer(authorization) : null),
    });
    const ask = (who: string) => running.post({ query: '{ me }' }, { authorization: who });
    for (let turn = 0; turn < 3; turn++) expect((await ask('anna')).status).toBe(200);
    const limited = await ask('anna');
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(limited.body.errors[0].extensions.code).toBe('RATE_LIMITED');
    expect((await ask('bert')).status).toBe(200);
    await running.close();
  });

  it('lets a bucket refill, and makes costly operations pay (model)', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ wait: fc.integer({ min: 0, max: 3_000 }), cost: fc.integer({ min: 0, max: 5 }) }),
        ),
        (steps) => {
          let now = 0;
          const limiter = new RateLimiter({ burst: 5, perSecond: 2 }, () => now);
          let tokens = 5;
          for (const { wait, cost } of steps) {
            now += wait;
            tokens = Math.min(5, tokens + (wait / 1000) * 2);
            let admitted = true;
            try {
              limiter.take('a');
              limiter.charge('a', cost);
            } catch {
              admitted = false;
            }
            expect(admitted).toBe(tokens >= 1);
            if (admitted) tokens -= 1 + cost;
          }
        },
      ),
    );
  });

  it('knows documents by hash: automatic, and trusted only', async () => {
    const query = '{ me }';
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const store = new MemoryDocumentStore();
    const automatic = await startGateway(members, { persistedDocuments: { mode: 'automatic', store } });
    const miss = await automatic.post({ extensions });
    expect(miss.body.errors[0]).toMatchObject({
      message: 'PersistedQueryNotFound',
      extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
    });
    expect((await automatic.post({ query: '{ x: me }', extensions })).body.errors[0].extensions.code).toBe(
      'PERSISTED_QUERY_HASH_MISMATCH',
    );
    expect((await automatic.post({ query, extensions })).body).toEqual({ data: { me: null } });
    expect((await automatic.post({ extensions })).body).toEqual({ data: { me: null } });
    expect((await automatic.post({ documentId: sha256Hash })).body).toEqual({ data: { me: null } });
    await automatic.close();

    const trusted = await startGateway(members, { persistedDocuments: { mode: 'trusted', store } });
    expect((await trusted.post({ documentId: `sha256:${sha256Hash}` })).body).toEqual({ data: { me: null } });
    expect((await trusted.post({ query: '{ __typename }' })).body.errors[0].extensions.code).toBe(
      'PERSISTED_QUERY_ONLY',
    );
    const other = createHash('sha256').update('{ __typename }').digest('hex');
    expect(
      (
        await trusted.post({
          query: '{ __typename }',
          extensions: { persistedQuery: { version: 1, sha256Hash: other } },
        })
      ).body.errors[0].extensions.code,
    ).toBe('PERSISTED_QUERY_NOT_FOUND');
    await trusted.close();
  });

  it('shows the schema to whom the policy says', async () => {
    const query = '{ __schema { queryType { name } } }';
    const off = await startGateway(members, { introspection: 'off' });
    expect((await off.post({ query })).body.errors[0].extensions.code).toBe('INTROSPECTION_REFUSED');
    expect((await off.post({ query: '{ __typename }' })).body).toEqual({ data: { __typename: 'Query' } });
    await off.close();
    const members_ = await startGateway(members, {
      introspection: 'authenticated',
      authenticate: ({ authorization }) =>
        authorization ? { did: 'did:x:y', accounts: [], scopes: [], session: '' } : null,
    });
    expect((await members_.post({ query })).body.errors[0].message).toContain('signed-in');
    expect((await members_.post({ query }, { authorization: 'x' })).body.data.__schema.queryType.name).toBe(
      'Query',
    );
    await members_.close();
  });
});

describe('cost', () => {
  const schema = buildSchema(`
    type Query { list(first: Int = 10): [Item!]! one: Item connection(first: Int): Connection plain: [Item!]! }
    type Item { id: ID! items(first: Int = 10): [Item!]! one: Item }
    type Connection { edges: [Edge!]! } type Edge { node: Item }`);
  const cost = (query: string, variables = {}) =>
    costFunction(schema, parse(query), undefined)(variables).cost;

  it('multiplies list sizes down the tree', () => {
    expect(cost('{ one { id } }')).toBe(1);
    expect(cost('{ list { id } }')).toBe(10);
    expect(cost('{ list(first: 3) { one { id } items(first: 4) { id } } }')).toBe(3 * (1 + 1 + 4));
    expect(cost('query ($n: Int) { list(first: $n) { id } }', { n: 7 })).toBe(7);
    expect(cost('query ($n: Int = 9) { list(first: $n) { id } }')).toBe(9);
    expect(cost('{ plain { id } }')).toBe(10);
    expect(cost('{ connection(first: 5) { edges { node { id } } } }')).toBe(5 * (1 + 1 * (1 + 1)));
  });

  it('gives fragments the cost of what they stand for', () => {
    const inline = '{ list(first: 3) { items(first: 2) { one { id } } items(first: 2) { one { id } } } }';
    const spread = `{ list(first: 3) { ...A ...A } }
      fragment A on Item { items(first: 2) { ...B } } fragment B on Item { one { id } }`;
    expect(cost(spread)).toBe(cost(inline));
  });
});
