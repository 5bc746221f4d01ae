// The supergraph as an executor: the same answers as over HTTP, and nothing that a client would be refused.
import { type ExecutionResult, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadPoint, ReadSet, type Viewer } from '#node/platform/operation.ts';
import { createSmallSupergraph } from './testing/small-supergraph.ts';
import { type RunningGateway, startGateway } from './testing/start-gateway.ts';

const anna: Viewer = { did: 'did:aios:anna', accounts: [], scopes: [], session: 's' };
const small = createSmallSupergraph();
let running: RunningGateway;
beforeAll(async () => {
  small.chain.commit([{ id: 'n1', name: 'one', size: 1 }]);
  running = await startGateway([small.directory, small.profiles, small.events], {
    headLoader: small.chain.loadHeads,
    authenticate: ({ authorization }) => (authorization ? anna : null),
    limits: { maxDepth: 5, operationTimeoutMs: 2_000 },
    rateLimit: { burst: 12, perSecond: 0.001 },
    introspection: 'authenticated',
  });
});
afterAll(() => running.close());

const execute = (
  query: string,
  { viewer = anna, signal = new AbortController().signal, ip = 'test' } = {} as {
    viewer?: Viewer | null;
    signal?: AbortSignal;
    ip?: string;
  },
) =>
  running.gateway.executor.execute({
    document: parse(query),
    context: {
      ...{ viewer, signal, ip, requestId: 'r' },
      readPoint: new ReadPoint(async () => new Map()),
      reads: new ReadSet(),
    },
  });
const codeOf = async (...args: Parameters<typeof execute>) =>
  ((await execute(...args)) as ExecutionResult).errors?.[0]?.extensions?.code;
/** Somebody new, with a full bucket. */
let strangers = 0;
const stranger = (): Viewer => ({ ...anna, did: `did:aios:stranger-${strangers++}` });

describe('Gateway.executor', () => {
  it('answers as the endpoint does, as whoever it is told, at blocks of its own', async () => {
    const query = '{ me networks { id name site } network(id: "n1") { secret } }';
    const over = await running.post({ query }, { authorization: 'Bearer anna' });
    expect(JSON.parse(JSON.stringify(await execute(query)))).toEqual(over.body);
    expect(JSON.parse(JSON.stringify(await execute('{ me }', { viewer: null })))).toEqual({
      data: { me: null },
    });
  });

  it('refuses what clients are refused', async () => {
    const viewer = stranger();
    expect(await codeOf('mutation { wipe }', { viewer })).toBe('FORBIDDEN');
    expect(await codeOf('mutation { wipe }', { viewer: null })).toBe('UNAUTHENTICATED');
    expect(small.wiped).toBe(0);
    expect(await codeOf('{ nothing }', { viewer })).toBe('GRAPHQL_VALIDATION_FAILED');
    const deep = '{ networks { peers { peers { peers { peers { peers { id } } } } } } }';
    const over = await running.post({ query: deep });
    expect(await codeOf(deep, { viewer })).toBe(over.body.errors[0].extensions.code);
    expect(await codeOf('{ __schema { queryType { name } } }', { viewer: null })).toBe(
      'INTROSPECTION_REFUSED',
    );
    expect(await codeOf('{ __schema { queryType { name } } }', { viewer })).toBeUndefined();
  });

  it('counts against the rate limit of the viewer', async () => {
    const viewer = stranger();
    for (let n = 0; n < 12; n++) expect(await codeOf('{ me }', { viewer })).toBeUndefined();
    expect(await codeOf('{ me }', { viewer })).toBe('RATE_LIMITED');
    expect(await codeOf('{ me }', { viewer: stranger() })).toBeUndefined();
  });

  it('streams, and lets go of the source when the caller does', async () => {
    const abort = new AbortController();
    const stream = await execute('subscription { networkEvents { network { id } } }', {
      viewer: stranger(),
      signal: abort.signal,
    });
    if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
    const events = stream[Symbol.asyncIterator]();
    const first = events.next();
    await expect.poll(() => small.source.listeners()).toBe(1);
    small.source.push('n1');
    expect((await first).value).toMatchObject({ data: { networkEvents: { network: { id: 'n1' } } } });
    abort.abort();
    await events.return?.();
    await expect.poll(() => small.source.listeners()).toBe(0);
    expect(await codeOf('{ me }', { viewer: stranger(), signal: AbortSignal.abort() })).toBeDefined();
  });
});
