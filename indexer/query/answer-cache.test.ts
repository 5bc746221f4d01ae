// Kept answers against answers read anew, over random commits and reorganisations whose signals come late.
import { parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EntityData, EntityModification } from '#indexer/model.ts';
import { createStoreDatabase, deploy, hashOf, outcome } from '#indexer/store/testing/deployments.ts';
import { type BlockPointer, ReadPoint, type SubgraphExecutor } from '#node/platform/operation.ts';
import { AnswerCache } from './answer-cache.ts';
import { graphNodeFace } from './api-schema.ts';
import { createQueryExecutor } from './executor.ts';
import type { RootPlan } from './plan.ts';
import type { Commit } from './subscribe.ts';
import { contextOf } from './testing/context.ts';

const schema = `
type Token @entity(immutable: false) { id: ID! symbol: String! holders: [Holder!]! @derivedFrom(field: "token") }
type Holder @entity(immutable: false) { id: ID! token: Token! balance: Int! }
type Other @entity(immutable: false) { id: ID! value: Int! }
`;
const DOCUMENTS = [
  '{ tokens { id symbol } }',
  '{ tokens { id holders { id balance } } }',
  '{ holder(id: "1") { balance token { symbol } } }',
  '{ tokens(where: { holders_: { balance_gt: 3 } }) { id } others { id value } }',
].map((text) => parse(text));
const ROUNDS = Number(process.env.CACHE_ROUNDS ?? 150);

let database: Awaited<ReturnType<typeof createStoreDatabase>>;
beforeAll(async () => {
  database = await createStoreDatabase();
});
afterAll(() => database.close());

/** Numbers that repeat with the seed. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('an answer is what reading anew answers, whatever commits and reorganisations came, however late their signals', async () => {
  const { deployment, lease } = await deploy(database.store, schema);
  const { layout, id } = deployment;
  const options = { pool: database.pool, deployment: id, layout, face: graphNodeFace(layout.schema) };
  let tell: (commit: Commit | undefined) => void = () => undefined;
  const cached = createQueryExecutor({
    ...options,
    commits: {
      onCommit(listener) {
        tell = listener;
        return () => undefined;
      },
    },
  });
  const fresh = createQueryExecutor(options);
  const random = randomNumbers(Number(process.env.CACHE_SEED ?? 7));
  const blocks: BlockPointer[] = [];
  const late: (Commit | undefined)[] = [];
  let fork = 0;
  let statements = 0;
  const query = database.pool.query.bind(database.pool) as (...args: unknown[]) => unknown;
  Object.assign(database.pool, {
    query: (...args: unknown[]) => {
      statements++;
      return query(...args);
    },
  });
  const count = async (
    executor: SubgraphExecutor,
    document: (typeof DOCUMENTS)[number],
    readPoint: ReadPoint,
  ) => {
    const before = statements;
    const result = await executor.execute({ document, context: { ...contextOf(database.store), readPoint } });
    return { text: JSON.stringify(result), statements: statements - before };
  };
  let reused = 0;

  for (let round = 0; round < ROUNDS; round++) {
    const action = random(10);
    if (action < 4 || blocks.length === 0) {
      const number = (blocks.at(-1)?.number ?? 0) + 1;
      const modifications: EntityModification[] = [];
      const change = (type: string, key: string, data: EntityData) =>
        modifications.push({ type, id: key, data: { id: key, ...data } });
      if (random(3) === 0) for (const key of ['1', '2']) change('Token', key, { symbol: `S${random(100)}` });
      if (random(3) === 0) change('Holder', '1', { token: String(1 + random(2)), balance: random(9) });
      if (random(2) === 0) change('Other', '1', { value: random(100) });
      const parentHash = (blocks.at(-1)?.hash ?? hashOf(0)) as `0x${string}`;
      await deployment.commitBatch(lease, [outcome(number, modifications, { fork, parentHash })]);
      blocks.push({ number, hash: hashOf(number, fork) });
      late.push({
        deployment: id,
        block: blocks.at(-1) ?? null,
        entities: modifications.map(({ type }) => type),
      });
    } else if (action === 4 && blocks.length > 4) {
      blocks.length -= 1 + random(3);
      fork++;
      const to = blocks.at(-1) ?? null;
      await deployment.revertTo(lease, to);
      late.push({ deployment: id, block: to, entities: ['Token', 'Holder', 'Other'] });
    }
    for (let waiting = random(3); waiting > 0 && late.length > 0; waiting--) tell(late.shift());
    const document = DOCUMENTS[random(DOCUMENTS.length)] as (typeof DOCUMENTS)[number];
    const readPoint = new ReadPoint(() => database.store.heads());
    await readPoint.all();
    const answer = await count(cached, document, readPoint);
    const expected = await count(fresh, document, readPoint);
    expect(answer.text, `round ${round}`).toBe(expected.text);
    if (answer.statements < expected.statements) reused++;
  }
  expect(reused).toBeGreaterThan(ROUNDS / 20);
});

test('missed signals empty it, its bytes are bounded, and an answer asked for once is not kept', () => {
  let tell: (commit: Commit | undefined) => void = () => undefined;
  const feed = {
    onCommit(listener: typeof tell) {
      tell = listener;
      return () => undefined;
    },
  };
  const cache = new AnswerCache('Qm', feed, 16_000);
  const plan = {} as RootPlan;
  const head = { number: 5, hash: '0x5' };
  const ask = (variables: Record<string, unknown>, value: unknown) => {
    const place = cache.place(plan, variables, head);
    if (!place) return undefined;
    const kept = cache.get(place);
    if (!kept) cache.put(place, () => JSON.stringify(value), ['Token']);
    return kept && JSON.parse(kept.json);
  };
  expect(ask({}, 'a')).toBeUndefined();
  expect(cache.bytes).toBe(0);
  expect(ask({}, 'a')).toBeUndefined();
  expect(ask({}, 'b')).toBe('a');
  for (let index = 0; index < 100; index++) {
    ask({ index }, 'x'.repeat(1_000));
    ask({ index }, 'x'.repeat(1_000));
  }
  expect(cache.bytes).toBeGreaterThan(10_000);
  expect(cache.bytes).toBeLessThanOrEqual(16_000);
  expect(ask({ index: 99 }, 'y')).toBe('x'.repeat(1_000));
  tell(undefined);
  expect(cache.bytes).toBe(0);
  expect(ask({ index: 99 }, 'y')).toBeUndefined();
  // Another deployment's commits are no business of this one.
  tell({ deployment: 'other', block: { number: 6, hash: '0x6' }, entities: ['Token'] });
  expect(ask({ index: 99 }, 'y')).toBe('y');
  tell({ deployment: 'Qm', block: { number: 6, hash: '0x6' }, entities: [] });
  expect(cache.place(plan, {}, head)).toBeUndefined();
});
