// The gateway over HTTP: joins, one read point an operation, errors that tell clients what they may know.
import { GraphQLError } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AiosError } from '#node/platform/errors.ts';
import type { Viewer } from '#node/platform/operation.ts';
import { createSmallSupergraph } from './testing/small-supergraph.ts';
import { type RunningGateway, startGateway } from './testing/start-gateway.ts';

const anna: Viewer = { did: 'did:aios:anna', accounts: [], scopes: [], session: 's' };

describe('gateway', () => {
  const small = createSmallSupergraph();
  const { chain } = small;
  let running: RunningGateway;
  beforeAll(async () => {
    chain.commit([
      { id: 'n1', name: 'one', size: 1 },
      { id: 'n2', name: 'two', size: 2 },
    ]);
    running = await startGateway([small.directory, small.profiles, small.events], {
      headLoader: chain.loadHeads,
      authenticate: ({ authorization }) => {
        if (!authorization) return null;
        if (authorization === 'Bearer anna') return anna;
        throw new AiosError('UNAUTHENTICATED', 'the access token has expired: refresh it');
      },
      limits: { operationTimeoutMs: 300 },
    });
  });
  afterAll(() => running.close());

  it('leaves the signals of the process to whoever started it', () => {
    const names = (['SIGINT', 'SIGTERM'] as const).flatMap((signal) =>
      process.listeners(signal).map(({ name }) => name),
    );
    expect(names.join()).not.toContain('terminateHandler');
  });

  it('joins an indexed entity with a service’s fields, in both directions', async () => {
    const { body } = await running.post({ query: '{ networks { id name site } favourites { name site } }' });
    expect(body).toEqual({
      data: {
        networks: [
          { id: 'n1', name: 'one', site: 'https://n1.example' },
          { id: 'n2', name: 'two', site: 'https://n2.example' },
        ],
        favourites: [
          { name: 'one', site: 'https://n1.example' },
          { name: 'two', site: 'https://n2.example' },
        ],
      },
    });
  });

  it('asks again when the blocks it read have left the chain, and gives up when they keep leaving', async () => {
    let reorganisations = 2;
    small.beforeFetch = () => {
      if (reorganisations-- > 0)
        throw new GraphQLError('the block has left the chain', { extensions: { code: 'BLOCK_REORGED' } });
    };
    const query = '{ favourites { name } }';
    expect((await running.post({ query })).body).toEqual({
      data: { favourites: [{ name: 'one' }, { name: 'two' }] },
    });
    expect(reorganisations).toBe(-1);
    reorganisations = 3;
    expect((await running.post({ query })).body).toMatchObject({
      errors: [{ extensions: { code: 'BLOCK_REORGED' } }],
    });
    small.beforeFetch = () => {};
  });

  it('reads all fetches of one operation at one block while the head moves', async () => {
    small.fetches.length = 0;
    const pins = chain.pins;
    small.beforeFetch = () => {
      chain.commit([{ id: 'n1', name: `moved ${chain.head}`, size: chain.head }]);
    };
    const query = '{ a: networks { id name } favourites { name size } }';
    const answers = await Promise.all(Array.from({ length: 20 }, () => running.post({ query })));
    small.beforeFetch = () => {};
    expect(chain.pins - pins).toBe(20);
    const blocks = new Map<string, Set<number | undefined>>();
    for (const { requestId, block } of small.fetches)
      blocks.set(requestId, (blocks.get(requestId) ?? new Set()).add(block));
    expect(blocks.size).toBe(20);
    expect(small.fetches.length).toBe(40);
    for (const seen of blocks.values()) expect(seen.size).toBe(1);
    for (const { body } of answers) expect(body.data.a[0].name).toBe(body.data.favourites[0].name);
  });

  it('pins anew after the action of a mutation, so that its payload sees the result', async () => {
    const { body } = await running.post({ query: 'mutation { addNetwork(id: "n3") { id name site } }' });
    expect(body).toEqual({
      data: { addNetwork: { id: 'n3', name: 'name of n3', site: 'https://n3.example' } },
    });
  });

  it('hands the viewer to every subgraph, and refuses a bad token with 401', async () => {
    const query = '{ me network(id: "n1") { secret } }';
    expect((await running.post({ query }, { authorization: 'Bearer anna' })).body).toEqual({
      data: { me: anna.did, network: { secret: 'secret of n1' } },
    });
    expect((await running.post({ query })).body).toMatchObject({
      data: { me: null, network: { secret: null } },
      errors: [{ path: ['network', 'secret'], extensions: { code: 'UNAUTHENTICATED' } }],
    });
    const expired = await running.post({ query }, { authorization: 'Bearer old' });
    expect(expired.status).toBe(401);
    expect(expired.headers.get('www-authenticate')).toBe('Bearer');
    expect(expired.body.errors[0]).toMatchObject({ message: 'the access token has expired: refresh it' });
  });

  it('refuses a guarded mutation before its subgraph, or any other field, hears of it', async () => {
    const query = 'mutation { addNetwork(id: "never") { id } ...W } fragment W on Mutation { wipe }';
    const anonymous = await running.post({ query });
    expect(anonymous.status).toBe(401);
    expect(anonymous.body.data).toBeUndefined();
    const { body } = await running.post({ query }, { authorization: 'Bearer anna' });
    expect(body.errors).toMatchObject([
      {
        message: expect.stringContaining('Mutation.wipe needs the scope networks:wipe'),
        extensions: { code: 'FORBIDDEN' },
      },
    ]);
    expect(small.wiped).toBe(0);
    expect(chain.at(chain.head).has('never')).toBe(false);
  });

  it('masks internal errors, with a request id that is in the log, and shows user errors', async () => {
    const { body, headers } = await running.post({ query: '{ network(id: "n1") { broken } refused }' });
    expect(JSON.stringify(body)).not.toContain('hunter2');
    const requestId = headers.get('x-request-id');
    const masked = body.errors.find((error: { path: string[] }) => error.path.includes('broken'));
    expect(masked).toMatchObject({
      path: ['network', 'broken'],
      message: expect.stringContaining(requestId as string),
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
    });
    expect(running.logs).toContainEqual(
      expect.objectContaining({
        requestId,
        err: expect.objectContaining({ message: expect.stringContaining('hunter2') }),
      }),
    );
    expect(body.errors).toContainEqual(
      expect.objectContaining({
        message: 'only the owner may read this: sign in as the owner',
        path: ['refused'],
        extensions: { code: 'NOT_YOURS' },
      }),
    );
  });

  it('stops an operation at its time limit', async () => {
    const { body } = await running.post({ query: '{ slow }' });
    expect(body.errors[0]).toMatchObject({
      message: expect.stringContaining('operationTimeoutMs'),
      extensions: { code: 'OPERATION_TIMEOUT' },
    });
  });

  it('answers introspection together with data, in the order asked', async () => {
    const { body } = await running.post({
      query: '{ first: network(id: "n2") { name } __schema { queryType { name } } __typename }',
    });
    expect(JSON.stringify(body)).toBe(
      '{"data":{"first":{"name":"two"},"__schema":{"queryType":{"name":"Query"}},"__typename":"Query"}}',
    );
  });

  it('refuses bad variables as the client’s mistake', async () => {
    const { body } = await running.post({
      query: 'query ($first: Int!) { networks(first: $first) { id } }',
      variables: { first: 'many' },
    });
    expect(body.errors[0].message).toContain('$first');
    expect(body.errors[0].extensions?.code).not.toBe('INTERNAL_SERVER_ERROR');
  });
});
