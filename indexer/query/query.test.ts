import fc from 'fast-check';
import { parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStoreDatabase, deploy } from '#indexer/store/testing/deployments.ts';
import type { SubgraphExecutor } from '#node/platform/operation.ts';
import { graphNodeFace } from './api-schema.ts';
import { createQueryExecutor } from './executor.ts';
import { contextOf } from './testing/context.ts';
import { gallerySchema, HEAD, history } from './testing/gallery.ts';
import { Oracle } from './testing/oracle.ts';
import { printQuery, randomQuery } from './testing/random-queries.ts';

/** Longer runs: QUERY_RUNS=2000. */
const RUNS = Number(process.env.QUERY_RUNS ?? 150);
const HISTORIES = 3;

let database: Awaited<ReturnType<typeof createStoreDatabase>>;
const galleries: { readonly executor: SubgraphExecutor; readonly oracle: Oracle }[] = [];

beforeAll(async () => {
  database = await createStoreDatabase();
  for (const blocks of fc.sample(history, { numRuns: HISTORIES, seed: 7 })) {
    const { deployment, lease } = await deploy(database.store, gallerySchema);
    await deployment.commitBatch(lease, blocks.slice(0, 3));
    for (const block of blocks.slice(3)) await deployment.commitBatch(lease, [block]);
    const { layout } = deployment;
    const face = graphNodeFace(layout.schema);
    galleries.push({
      executor: createQueryExecutor({ pool: database.pool, deployment: deployment.id, layout, face }),
      oracle: new Oracle(layout.schema, blocks),
    });
  }
});

afterAll(() => database.close());

test('answers are those of a second implementation in memory', async () => {
  const schema = (await database.store.open('QmTest1')).layout.schema;
  await fc.assert(
    fc.asyncProperty(fc.nat(HISTORIES - 1), randomQuery(schema), async (index, query) => {
      const { executor, oracle } = galleries[index] as (typeof galleries)[number];
      const text = printQuery(query);
      const result = await executor.execute({ document: parse(text), context: contextOf(database.store) });
      const expected = oracle.root(query.selection, query.type, query.single, HEAD);
      expect({ text, ...result }).toEqual({ text, data: { [query.selection.key]: expected } });
    }),
    { numRuns: RUNS },
  );
});
