import { type ExecutionResult, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { EntityData } from '#indexer/model.ts';
import type { Deployment, Lease } from '#indexer/store/index.ts';
import { createStoreDatabase, deploy, hashOf, outcome } from '#indexer/store/testing/deployments.ts';
import { type OperationContext, ReadPoint, type SubgraphExecutor } from '#node/platform/operation.ts';
import { graphNodeFace } from './api-schema.ts';
import { createQueryExecutor } from './executor.ts';
import { aliasNames } from './face.ts';
import type { Commit } from './subscribe.ts';
import { supergraphFace } from './supergraph-schema.ts';
import { contextOf } from './testing/context.ts';

const schema = `
type Token @entity(immutable: false) {
  id: Bytes!
  symbol: String!
  supply: BigInt!
  holders: [Holder!]! @derivedFrom(field: "token")
  note: Note @derivedFrom(field: "token")
}
type Holder @entity(immutable: false) { id: ID! token: Token! balance: BigDecimal! }
type Note @entity(immutable: true) { id: Int8! token: Token! text: String! }
`;

let database: Awaited<ReturnType<typeof createStoreDatabase>>;
beforeAll(async () => {
  database = await createStoreDatabase();
});
afterAll(() => database.close());

const token = (id: number, data: Partial<EntityData> = {}) => ({
  type: 'Token',
  id: new Uint8Array([id]),
  data: { id: new Uint8Array([id]), symbol: `T${id}`, supply: 1n, ...data } as EntityData,
});
const holder = (id: string, tokenId: number, balance: bigint) => ({
  type: 'Holder',
  id,
  data: { id, token: new Uint8Array([tokenId]), balance: { digits: balance, exp: 0 } } as EntityData,
});

interface Bench {
  readonly deployment: Deployment;
  readonly lease: Lease;
  readonly commits: (commit: Commit | undefined) => void;
  run(
    query: string,
    variables?: Record<string, unknown>,
    context?: OperationContext,
  ): Promise<ExecutionResult>;
  readonly executor: SubgraphExecutor;
}

async function bench(face: 'graph-node' | 'supergraph' = 'graph-node'): Promise<Bench> {
  const { deployment, lease } = await deploy(database.store, schema);
  const listeners = new Set<(commit: Commit | undefined) => void>();
  const { layout, id } = deployment;
  const executor = createQueryExecutor({
    pool: database.pool,
    deployment: id,
    layout,
    face:
      face === 'graph-node'
        ? graphNodeFace(layout.schema, { subscriptions: true })
        : supergraphFace(layout.schema, { names: aliasNames('my-tokens'), title: 'my-tokens' }),
    commits: {
      onCommit: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  });
  return {
    deployment,
    lease,
    executor,
    commits: (commit) => {
      for (const listener of listeners) listener(commit);
    },
    run: async (query, variables, context = contextOf(database.store)) => {
      const result = await executor.execute({ document: parse(query), variables, context });
      if (Symbol.asyncIterator in result) throw new Error('a stream');
      return result;
    },
  };
}

const messages = (result: ExecutionResult) => result.errors?.map(({ message }) => message);

test('the same statement asked for by many at once runs once, and each gets an answer of its own', async () => {
  const { deployment, lease, run } = await bench();
  await deployment.commitBatch(lease, [outcome(1, [token(1), token(2), holder('a', 1, 5n)])]);
  const context = contextOf(database.store);
  await context.readPoint.all();
  const query = vi.spyOn(database.pool, 'query');
  try {
    const lists = '{ tokens { id holders { balance } } }';
    const answers = await Promise.all(Array.from({ length: 10 }, () => run(lists, {}, context)));
    expect(query).toHaveBeenCalledTimes(1);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(new Set(answers.map(({ data }) => data?.tokens)).size).toBe(10);
    await Promise.all([run('{ tokens(first: 1) { id } }', {}, context), run(lists, {}, context)]);
    expect(query).toHaveBeenCalledTimes(3);
  } finally {
    query.mockRestore();
  }
});

describe('blocks', () => {
  test('nothing is answered before the first block', async () => {
    const { run, deployment } = await bench();
    expect(messages(await run('{ tokens { id } }'))).toEqual([
      `Subgraph \`${deployment.id}\` has not started syncing yet. Wait for it to ingest a few blocks before querying it`,
    ]);
  });

  test('number, hash and number_gte choose the version; beyond the head is graph-node’s error', async () => {
    const { run, deployment, lease } = await bench();
    await deployment.commitBatch(lease, [outcome(1, [token(1)]), outcome(2, [token(1, { supply: 2n })])]);
    const result = await run(
      `query($hash: Bytes!) {
        now: token(id: "0x01") { supply }
        one: token(id: "0x01", block: { number: 1 }) { supply }
        zero: token(id: "0x01", block: { number: 0 }) { supply }
        byHash: token(id: "0x01", block: { hash: $hash }) { supply }
        least: token(id: "0x01", block: { number_gte: 2 }) { supply }
        _meta { block { hash number timestamp parentHash } deployment hasIndexingErrors }
        old: _meta(block: { number: 1 }) { block { hash number timestamp } }
      }`,
      { hash: hashOf(1) },
    );
    expect(result).toEqual({
      data: {
        now: { supply: '2' },
        one: { supply: '1' },
        zero: null,
        byHash: { supply: '1' },
        least: { supply: '2' },
        _meta: {
          block: { hash: hashOf(2), number: 2, timestamp: 1_700_000_002, parentHash: hashOf(1) },
          deployment: deployment.id,
          hasIndexingErrors: false,
        },
        // graph-node knows no hash for a block that is asked for by number.
        old: { block: { hash: null, number: 1, timestamp: null } },
      },
    });
    const early = `subgraph ${deployment.id} has only indexed up to block number 2 and data for block number 3 is therefore not yet available`;
    expect(messages(await run('{ tokens(block: { number: 3 }) { id } }'))).toEqual([
      `Failed to decode \`block.number\` value: \`${early}\``,
    ]);
    expect(messages(await run('{ tokens(block: { number_gte: 3 }) { id } }'))).toEqual([
      `Failed to decode \`block.number_gte\` value: \`${early}\``,
    ]);
    expect(messages(await run(`{ tokens(block: { hash: "${hashOf(9)}" }) { id } }`))).toEqual([
      'Failed to decode `block.hash` value: `no block with that hash found`',
    ]);
  });

  test('an operation stays at its read point while commits go on, and number_gte reads past it', async () => {
    const { run, deployment, lease } = await bench();
    await deployment.commitBatch(lease, [outcome(1, [token(1), holder('a', 1, 1n)])]);
    const context = contextOf(database.store);
    await context.readPoint.at(deployment.id);
    await deployment.commitBatch(lease, [outcome(2, [token(1, { supply: 5n }), holder('b', 1, 2n)])]);
    const query = '{ tokens { supply holders { id } } }';
    expect((await run(query, {}, context)).data).toEqual({
      tokens: [{ supply: '1', holders: [{ id: 'a' }] }],
    });
    expect(
      (await run('{ tokens(block: { number_gte: 2 }) { supply holders { id } } }', {}, context)).data,
    ).toEqual({ tokens: [{ supply: '5', holders: [{ id: 'a' }, { id: 'b' }] }] });
    expect((await run(query)).data).toEqual({
      tokens: [{ supply: '5', holders: [{ id: 'a' }, { id: 'b' }] }],
    });
  });

  test('a read point that a reorganisation replaced is a retryable error, with rows and without', async () => {
    const { run, deployment, lease } = await bench();
    await deployment.commitBatch(lease, [outcome(1, [token(1)]), outcome(2, [token(2)])]);
    const context = contextOf(database.store);
    await context.readPoint.at(deployment.id);
    const reorged = async (query: string) => {
      const result = await run(query, {}, context);
      expect(result.data).toBeUndefined();
      expect(result.errors?.[0]?.extensions).toEqual({ code: 'BLOCK_REORGED', retryable: true });
    };
    await deployment.revertTo(lease, { number: 1, hash: hashOf(1) });
    // Shorter than the pinned block, as long, and longer: it is never found again.
    await reorged('{ tokens { id } }');
    await deployment.commitBatch(lease, [outcome(2, [token(3)], { fork: 1, parentHash: hashOf(1) })]);
    await reorged('{ tokens { id } }');
    await reorged('{ token(id: "0x09") { id } }');
    await deployment.commitBatch(lease, [outcome(3, [token(4)], { fork: 1 })]);
    await reorged('{ tokens { id } }');
    context.readPoint.renew();
    expect((await run('{ tokens { id } }', {}, context)).data).toEqual({
      tokens: [{ id: '0x01' }, { id: '0x03' }, { id: '0x04' }],
    });
  });

  test('answers are whole while blocks are committed and reverted around them', async () => {
    const { run, deployment, lease } = await bench();
    // In every block of every fork the token's supply is the number of its holders.
    let fork = 0;
    const forks = [0];
    const grow = (number: number) => {
      forks[number] = fork;
      return outcome(number, [token(1, { supply: BigInt(number) }), holder(`h${number}`, 1, 1n)], {
        fork,
        parentHash: hashOf(number - 1, forks[number - 1]),
      });
    };
    await deployment.commitBatch(lease, [grow(1)]);
    let writing = true;
    const writer = (async () => {
      for (let round = 0, number = 2; round < 40; round++) {
        if (round % 7 === 6) {
          number -= 3;
          fork++;
          await deployment.revertTo(lease, {
            number: number - 1,
            hash: hashOf(number - 1, forks[number - 1]),
          });
        }
        await deployment.commitBatch(lease, [grow(number++)]);
      }
      writing = false;
    })();
    let answers = 0;
    while (writing) {
      const { data, errors } = await run(
        '{ tokens { supply holders(first: 1000) { id token { supply } } } }',
      );
      if (errors) {
        expect(errors[0]?.extensions.code).toBe('BLOCK_REORGED');
        continue;
      }
      const [only] = (data?.tokens ?? []) as { supply: string; holders: { token: { supply: string } }[] }[];
      expect(only?.holders.length).toBe(Number(only?.supply));
      expect(new Set(only?.holders.map((one) => one.token.supply))).toEqual(new Set([only?.supply]));
      answers++;
    }
    await writer;
    expect(answers).toBeGreaterThan(0);
  });
});

describe('documents', () => {
  test('fragments, aliases, variables, @skip and @include', async () => {
    const { run, deployment, lease } = await bench();
    await deployment.commitBatch(lease, [
      outcome(1, [token(1), token(2), holder('a', 1, 15n), holder('b', 2, 2n), holder('c', 2, 3n)]),
    ]);
    const query = `query Q($first: Int!, $where: Holder_filter, $with: Boolean!) {
      ...Roots
      again: tokens(first: 1, orderBy: symbol, orderDirection: desc) { id @skip(if: $with) symbol }
    }
    fragment Roots on Query { list: holders(first: $first, where: $where) { ...Row token @include(if: $with) { ...T } } }
    fragment Row on Holder { key: id __typename balance }
    fragment T on Token { symbol ... { holders(first: 1) { id } } ... on Token { id } }`;
    const variables = { first: 2, where: { balance_gt: '2.5' }, with: true };
    expect(await run(query, variables)).toEqual({
      data: {
        list: [
          {
            key: 'a',
            __typename: 'Holder',
            balance: '15',
            token: { symbol: 'T1', holders: [{ id: 'a' }], id: '0x01' },
          },
          {
            key: 'c',
            __typename: 'Holder',
            balance: '3',
            token: { symbol: 'T2', holders: [{ id: 'b' }], id: '0x02' },
          },
        ],
        again: [{ symbol: 'T2' }],
      },
    });
    const without = await run(query, { ...variables, with: false });
    expect(Object.keys(Object(without.data?.list)[0])).toEqual(['key', '__typename', 'balance']);
    expect(without.data?.again).toEqual([{ id: '0x02', symbol: 'T2' }]);
  });

  test('what was read is reported, in filters and orderings too', async () => {
    const { run, deployment, lease } = await bench();
    await deployment.commitBatch(lease, [outcome(1, [token(1)])]);
    const context = contextOf(database.store);
    await run('{ holders(where: { token_: { note_: { text: "x" } } }) { id } }', {}, context);
    expect([...(context.reads.entities.get(deployment.id) ?? [])].sort()).toEqual([
      'Holder',
      'Note',
      'Token',
    ]);
    await run('{ _meta { block { number } } }', {}, context);
    expect(context.reads.entities.get(deployment.id)).toContain('*');
  });

  test('bad arguments are refused in graph-node’s words', async () => {
    const { run, deployment, lease } = await bench();
    await deployment.commitBatch(lease, [outcome(1, [token(1)])]);
    const refused = async (query: string) => messages(await run(query))?.[0];
    expect(await refused('{ tokens(first: 1001) { id } }')).toBe(
      'The `first` argument must be between 0 and 1000, but is 1001',
    );
    expect(await refused('{ tokens(first: 0) { id } }')).toBe(
      'The `first` argument must be between 0 and 1000, but is 0',
    );
    expect(await refused('{ tokens { holders(skip: -1) { id } } }')).toBe(
      'The `skip` argument must be between 0 and 4294967295, but is -1',
    );
    expect(await refused('{ token(id: "xyz") { id } }')).toMatch(/^Failed to decode `Bytes` value/);
    expect(await refused('{ tokens(where: { supply: "ten" }) { id } }')).toBe(
      'Failed to decode `BigInt` value: `invalid digit found in string`',
    );
    expect(await refused('{ tokens(where: { supply_gt: null }) { id } }')).toMatch(/unsupported filter `>`/);
    expect(await refused('{ tokens(where: { symbol: "a", or: [{ symbol: "b" }] }) { id } }')).toMatch(
      /^Cannot mix column filters with 'or' operator at the same level. Found column filter\(s\) 'symbol' alongside/,
    );
    expect(await refused('{ tokens(where: { symbol_ends_with: "\\\\" }) { id } }')).toMatch(/^Store error: /);
    expect(await refused('{ tokenz { id } }')).toBe('Type `Query` has no field `tokenz`');
    expect(await refused('query A { tokens { id } } query B { tokens { id } }')).toBe(
      'Operation name required',
    );
  });

  test('filters are bounded in depth and width', async () => {
    const { run, deployment, lease } = await bench();
    await deployment.commitBatch(lease, [outcome(1, [token(1)])]);
    const deep = (levels: number): string =>
      levels === 0 ? '{ symbol: "a" }' : `{ and: [${deep(levels - 1)}] }`;
    expect((await run(`{ tokens(where: ${deep(9)}) { id } }`)).errors).toBeUndefined();
    expect((await run(`{ tokens(where: ${deep(10)}) { id } }`)).errors?.[0]?.extensions.code).toBe(
      'QUERY_TOO_LARGE',
    );
    const wide = `{ or: [${'{ symbol: "a" } '.repeat(300)}] }`;
    expect((await run(`{ tokens(where: ${wide}) { id } }`)).errors?.[0]?.extensions.code).toBe(
      'QUERY_TOO_LARGE',
    );
    const children = '{ holders_: { token_: { holders_: { token_: { symbol: "a" } } } } }';
    expect((await run(`{ tokens(where: ${children}) { id } }`)).errors?.[0]?.extensions.code).toBe(
      'QUERY_TOO_LARGE',
    );
  });

  test('a reference to nothing and two answers to a single field are errors', async () => {
    const { run, deployment, lease } = await bench();
    const note = (id: bigint) => ({
      type: 'Note',
      id,
      data: { id, token: new Uint8Array([1]), text: 'x' } as EntityData,
    });
    await deployment.commitBatch(lease, [outcome(1, [token(1), holder('a', 7, 1n), note(1n)])]);
    const missing = await run('{ holders { id token { id } } }');
    expect(missing.data).toBeUndefined();
    expect(messages(missing)).toEqual(['Null value resolved for non-null field `token`']);
    expect((await run('{ tokens { note { text } } }')).data).toEqual({ tokens: [{ note: { text: 'x' } }] });
    await deployment.commitBatch(lease, [outcome(2, [note(2n)])]);
    expect(messages(await run('{ tokens { note { text } } }'))).toEqual([
      'Ambiguous result for derived field `note`: Multiple `Note` entities refer back via `token`',
    ]);
    expect((await run('{ notes { id } note(id: "2") { id } }')).data).toEqual({
      notes: [{ id: '1' }, { id: '2' }],
      note: { id: '2' },
    });
  });
});

describe('the supergraph face', () => {
  test('_entities answers representations in their order, one statement a type, at the read point', async () => {
    const { executor, deployment, lease } = await bench('supergraph');
    await deployment.commitBatch(lease, [outcome(1, [token(1), token(2), holder('a', 1, 1n)])]);
    const document = parse(`query($representations: [_Any!]!) {
      _entities(representations: $representations) {
        __typename
        ... on MyTokens_Token { symbol holders { id } }
        ... on MyTokens_Holder { balance }
      }
      _service { sdl }
      myTokens_meta { block { number } }
    }`);
    const type = 'MyTokens_Token';
    const representations = [
      { __typename: type, id: '0x02' },
      { __typename: 'MyTokens_Holder', id: 'a' },
      { __typename: type, id: '0x01' },
      { __typename: type, id: 'no hex' },
      { __typename: type, id: '0x01' },
      { __typename: type, id: '0x77' },
    ];
    const result = (await executor.execute({
      document,
      variables: { representations },
      context: contextOf(database.store),
    })) as ExecutionResult;
    expect(result.errors).toBeUndefined();
    const one = { __typename: type, symbol: 'T1', holders: [{ id: 'a' }] };
    expect(result.data?._entities).toEqual([
      { __typename: type, symbol: 'T2', holders: [] },
      { __typename: 'MyTokens_Holder', balance: '1' },
      one,
      null,
      one,
      null,
    ]);
    expect(JSON.stringify(result.data?._service)).toContain('type MyTokens_Token @key');
    expect(result.data?.myTokens_meta).toEqual({ block: { number: 1 } });
  });
});

describe('subscriptions', () => {
  test('answer now and after commits that touch what they read', async () => {
    const { executor, deployment, lease, commits } = await bench();
    await deployment.commitBatch(lease, [outcome(1, [token(1)])]);
    const ended = new AbortController();
    const context = {
      ...contextOf(database.store, ended.signal),
      readPoint: new ReadPoint(() => database.store.heads()),
    };
    const stream = await executor.execute({
      document: parse('subscription { tokens { symbol supply } }'),
      context,
    });
    if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
    const events = stream[Symbol.asyncIterator]();
    expect((await events.next()).value).toEqual({ data: { tokens: [{ symbol: 'T1', supply: '1' }] } });
    await deployment.commitBatch(lease, [outcome(2, [holder('a', 1, 1n)])]);
    commits({ deployment: deployment.id, block: null, entities: ['Holder'] });
    await deployment.commitBatch(lease, [outcome(3, [token(1, { supply: 3n })])]);
    commits({ deployment: deployment.id, block: null, entities: ['Token'] });
    expect((await events.next()).value).toEqual({ data: { tokens: [{ symbol: 'T1', supply: '3' }] } });
    ended.abort();
    expect((await events.next()).done).toBe(true);
  });
});

describe('indexing errors', () => {
  test('show from their block on, are denied by default, and go with a reorg', async () => {
    const { deployment, lease, run } = await bench();
    const wrong = { message: 'boom', handler: 'handleX', block: { number: 2, hash: hashOf(2) } };
    await deployment.commitBatch(lease, [
      outcome(1, [token(1)]),
      { ...outcome(2, [token(2)]), errors: [wrong] },
      outcome(3, [token(3)]),
    ]);
    const meta = '_meta { hasIndexingErrors }';
    const error = [expect.objectContaining({ message: 'indexing_error' })];
    expect(await run('{ tokens { symbol } }')).toEqual({ errors: error });
    expect(await run('{ tokens(where: { symbol: "none" }) { symbol } }')).toEqual({ errors: error });
    expect(await run(`{ ${meta} }`)).toEqual({ data: { _meta: { hasIndexingErrors: true } } });
    expect(await run(`{ ${meta} tokens { symbol } }`)).toEqual({
      data: { _meta: { hasIndexingErrors: true } },
      errors: error,
    });
    expect(await run('{ tokens(subgraphError: allow) { symbol } }')).toEqual({
      data: { tokens: [{ symbol: 'T1' }, { symbol: 'T2' }, { symbol: 'T3' }] },
      errors: error,
    });
    // `_meta` has no such argument, and what does not allow denies.
    expect(await run(`{ tokens(subgraphError: allow) { symbol } ${meta} }`)).toEqual({
      data: { _meta: { hasIndexingErrors: true } },
      errors: error,
    });
    expect(
      await run(
        '{ _meta(block: { number: 1 }) { hasIndexingErrors } tokens(block: { number: 1 }) { symbol } }',
      ),
    ).toEqual({ data: { _meta: { hasIndexingErrors: false }, tokens: [{ symbol: 'T1' }] } });
    expect(await run('{ old: tokens(block: { number: 1 }) { symbol } tokens { symbol } }')).toEqual({
      data: { old: [{ symbol: 'T1' }] },
      errors: error,
    });
    await deployment.revertTo(lease, { number: 1, hash: hashOf(1) });
    expect(await run(`{ ${meta} tokens { symbol } }`)).toEqual({
      data: { _meta: { hasIndexingErrors: false }, tokens: [{ symbol: 'T1' }] },
    });
  });

  test('of a failed deployment are those of its last block', async () => {
    const { deployment, lease, run } = await bench();
    const failure = { message: 'boom', handler: 'handleX', block: { number: 2, hash: hashOf(2) } };
    await deployment.commitBatch(lease, [outcome(1, [token(1)]), { ...outcome(2, []), failure }]);
    expect(await run('{ _meta { hasIndexingErrors block { number } } }')).toEqual({
      data: { _meta: { hasIndexingErrors: true, block: { number: 2 } } },
    });
    expect(await run('{ tokens(block: { number: 1 }) { symbol } }')).toEqual({
      data: { tokens: [{ symbol: 'T1' }] },
    });
    expect((await run('{ tokens { symbol } }')).errors?.[0]?.message).toBe('indexing_error');
  });
});

test('a block whose history was pruned is refused in words of graph-node, and the others answer', async () => {
  const { deployment, lease, run } = await bench();
  for (let number = 1; number <= 5; number++)
    await deployment.commitBatch(lease, [outcome(number, [token(1, { symbol: `at ${number}` })])]);
  await deployment.createDeferredIndexes();
  await deployment.raiseEarliestBlock(lease, 3);
  const refused = {
    errors: [
      expect.objectContaining({
        message:
          `Failed to decode \`block.number\` value: \`subgraph ${deployment.id} only has data starting at block number 3 ` +
          'and data for block number 2 is therefore not available`',
      }),
    ],
  };
  const hash = `block: { hash: "${hashOf(2)}" }`;
  for (const pruned of [false, true]) {
    if (pruned) {
      expect(await deployment.pruneStep(lease, 1)).toBe(1);
      expect(await deployment.pruneStep(lease)).toBe(1);
      expect(await deployment.pruneStep(lease)).toBe(0);
    }
    expect(await run('{ tokens(block: { number: 2 }) { symbol } }')).toEqual(refused);
    expect(await run(`{ tokens(${hash}) { symbol } }`)).toEqual(refused);
    expect(await run('{ tokens(block: { number: 2 }, where: { symbol: "x" }) { symbol } }')).toEqual(refused);
    expect(await run('{ _meta(block: { number: 2 }) { hasIndexingErrors } }')).toEqual(refused);
    expect(await run('{ tokens(block: { number: 3 }) { symbol } }')).toEqual({
      data: { tokens: [{ symbol: 'at 3' }] },
    });
    expect(await run('{ tokens { symbol } }')).toEqual({ data: { tokens: [{ symbol: 'at 5' }] } });
  }
});
