// The builder's promises: SDL that composes, access enforced in the subgraph itself, scalars that refuse nonsense.
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AiosError } from '#node/platform/errors.ts';
import { type OperationContext, ReadPoint, ReadSet, type Viewer } from '#node/platform/operation.ts';
import { createBuilder, FEDERATION_SPEC } from './builder.ts';
import { toSubgraph } from './subgraph.ts';

const anna: Viewer = { did: 'did:aios:anna', accounts: [], scopes: ['notes:read'], session: 's1' };

function operation(viewer: Viewer | null): OperationContext {
  return {
    viewer,
    readPoint: new ReadPoint(async () => new Map()),
    reads: new ReadSet(),
    signal: new AbortController().signal,
    requestId: 'r',
    ip: '127.0.0.1',
  };
}

function notes() {
  const builder = createBuilder<OperationContext>();
  const Secret = builder.objectRef<{ text: string }>('Secret').implement({
    authenticated: true,
    fields: (t) => ({ text: t.exposeString('text') }),
  });
  builder.queryType({
    fields: (t) => ({
      open: t.string({ resolve: () => 'open' }),
      own: t.string({ nullable: true, authenticated: true, resolve: () => 'own' }),
      scoped: t.string({
        nullable: true,
        requiresScopes: [['notes:read', 'notes:admin'], ['notes:read']],
        resolve: () => 'scoped',
      }),
      admin: t.string({ nullable: true, requiresScopes: [['notes:admin']], resolve: () => 'admin' }),
      byType: t.field({ type: Secret, nullable: true, resolve: () => ({ text: 'x' }) }),
      owned: t.string({ nullable: true, authScopes: { authenticated: true }, resolve: () => 'owned' }),
      echo: t.field({
        type: 'BigInt',
        nullable: true,
        args: {
          at: t.arg({ type: 'Address' }),
          amount: t.arg({ type: 'BigInt', validate: z.bigint().min(1n) }),
        },
        resolve: (_root, { amount }) => amount,
      }),
    }),
  });
  builder.mutationType({
    fields: (t) => ({
      fail: t.string({
        errors: { types: [AiosError], directResult: false },
        resolve: () => {
          throw new AiosError('TAKEN', 'name is taken: choose another');
        },
      }),
    }),
  });
  builder.subscriptionType({
    fields: (t) => ({
      ticks: t.int({
        authenticated: true,
        subscribe: async function* () {
          yield 1;
          yield 2;
        },
        resolve: (event) => event as number,
      }),
    }),
  });
  return toSubgraph(builder.toSubGraphSchema({ linkUrl: FEDERATION_SPEC }), 'notes');
}

describe('builder', () => {
  const subgraph = notes();
  const run = (query: string, viewer: Viewer | null, variables = {}) =>
    subgraph.executor.execute({ document: parse(query), variables, context: operation(viewer) });

  it('prints the access directives into the SDL, and imports them', () => {
    expect(subgraph.sdl).toContain('own: String @authenticated');
    expect(subgraph.sdl).toContain('admin: String @requiresScopes(scopes: [["notes:admin"]])');
    expect(subgraph.sdl).toMatch(
      /@link\(url: "https:\/\/specs.apollo.dev\/federation\/v2.6".*@authenticated/s,
    );
    expect(subgraph.sdl).toContain('open: String!');
    expect(subgraph.sdl).toMatch(/type UserError\s+@shareable/);
  });

  it('enforces them without any gateway in front', async () => {
    const query = '{ open own scoped admin byType { text } owned }';
    const anonymous = await run(query, null);
    expect(anonymous).toMatchObject({
      data: { open: 'open', own: null, scoped: null, admin: null, byType: null, owned: null },
    });
    const codes = ('errors' in anonymous ? anonymous.errors : [])?.map(
      (error) => (error.originalError as AiosError).code,
    );
    expect(codes).toEqual(Array(5).fill('UNAUTHENTICATED'));

    expect(await run(query, anna)).toMatchObject({
      data: { own: 'own', scoped: 'scoped', admin: null, byType: { text: 'x' }, owned: 'owned' },
      errors: [{ path: ['admin'], originalError: { code: 'FORBIDDEN' } }],
    });
  });

  it('refuses a subscription before its first event', async () => {
    expect(await run('subscription { ticks }', null)).toMatchObject({
      errors: [{ originalError: { code: 'UNAUTHENTICATED' } }],
    });
    const stream = await run('subscription { ticks }', anna);
    const seen: unknown[] = [];
    for await (const event of stream as AsyncIterable<{ data: unknown }>) seen.push(event.data);
    expect(seen).toEqual([{ ticks: 1 }, { ticks: 2 }]);
  });

  it('keeps amounts exact, lowers addresses, and refuses a wrong checksum by name', async () => {
    const query = 'query ($at: Address, $amount: BigInt) { echo(at: $at, amount: $amount) }';
    const wide = (2n ** 200n).toString();
    const right = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'; // from EIP-55
    expect(await run(query, null, { at: right, amount: wide })).toEqual({ data: { echo: wide } });
    expect(await run(query, null, { at: right.replace('aA', 'AA'), amount: '1' })).toMatchObject({
      errors: [{ message: expect.stringContaining('checksum') }],
    });
    expect(await run(query, null, { amount: '0' })).toMatchObject({
      errors: [{ originalError: { code: 'BAD_USER_INPUT' } }],
    });
    expect(await run(query, null, { amount: '1.5' })).toMatchObject({
      errors: [{ message: expect.stringContaining('decimal integer') }],
    });
  });

  it('turns user errors into typed results', async () => {
    expect(await run('mutation { fail { __typename ... on UserError { code message } } }', null)).toEqual({
      data: { fail: { __typename: 'UserError', code: 'TAKEN', message: 'name is taken: choose another' } },
    });
  });
});
