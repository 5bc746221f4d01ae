import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { parseEntitySchema } from '#indexer/manifest/entity-schema.ts';
import { ReadPoint, ReadSet, type SubgraphRequest } from '#node/platform/operation.ts';
import { createEmptyExecutor } from './empty-executor.ts';
import { houseNames } from './face.ts';
import { supergraphFace } from './supergraph-schema.ts';

const schema = parseEntitySchema('type Stone @entity(immutable: true) { id: Bytes! weight: BigInt! }');
const executor = createEmptyExecutor(
  supergraphFace(schema, { names: houseNames('quarry'), title: 'quarry' }),
);
const stop = new AbortController();
const ask = (query: string, variables: Record<string, unknown> = {}) =>
  executor.execute({
    document: parse(query),
    variables,
    context: {
      ...{ viewer: null, requestId: 'test', ip: '', reads: new ReadSet(), signal: stop.signal },
      readPoint: new ReadPoint(async () => new Map()),
    },
  } satisfies SubgraphRequest);

it('has no rows, knows no entity and no block', async () => {
  const answer = await ask(
    `query ($all: [_Any!]!) {
      stones(first: 3, where: { weight_gt: "2" }) { id } stone(id: "0x00") { weight } quarryMeta { block { number } }
      _entities(representations: $all) { ... on Stone { weight } }
    }`,
    {
      all: [
        { __typename: 'Stone', id: '0x00' },
        { __typename: 'Stone', id: '0x01' },
      ],
    },
  );
  expect(answer).toEqual({ data: { stones: [], stone: null, quarryMeta: null, _entities: [null, null] } });
});

it('answers a live query once, until nobody listens', async () => {
  const answers = (await ask('subscription { stones { id } }')) as AsyncIterable<unknown>;
  const iterator = answers[Symbol.asyncIterator]();
  expect((await iterator.next()).value).toEqual({ data: { stones: [] } });
  const next = iterator.next();
  stop.abort();
  expect(await next).toEqual({ done: true, value: undefined });
});
