// Recorded from graph-node itself (gnd 0.45.0): the gallery's schema, a mapping that filled it over six blocks, and what it answered.
import { readFileSync } from 'node:fs';
import { getIntrospectionQuery, parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStoreDatabase, deploy, outcome } from '#indexer/store/testing/deployments.ts';
import type { SubgraphExecutor } from '#node/platform/operation.ts';
import { graphNodeFace } from './api-schema.ts';
import { createQueryExecutor } from './executor.ts';
import { contextOf } from './testing/context.ts';
import { gallerySchema } from './testing/gallery.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8'));

/** Rows by entity type: block (of immutable types) or block range, then the columns, in PostgreSQL's text. */
const recorded = fixture('graph-node-answers.json') as {
  readonly rows: Readonly<Record<string, readonly (readonly [string, ...(string | null)[]])[]>>;
  readonly answers: readonly { readonly query: string; readonly data: unknown }[];
};

let database: Awaited<ReturnType<typeof createStoreDatabase>>;
let executor: SubgraphExecutor;

beforeAll(async () => {
  database = await createStoreDatabase();
  const { deployment, lease } = await deploy(database.store, gallerySchema);
  for (let block = 1; block <= 6; block++) await deployment.commitBatch(lease, [outcome(block, [])]);
  const { layout, id } = deployment;
  for (const table of layout.tables.values()) {
    const [range, type] = table.immutable ? ['block$', 'int4'] : ['block_range', 'int4range'];
    const columns = table.columns.map((column) => column.quoted).join(', ');
    const values = table.columns.map((column, index) => `$${index + 3}::text::${column.sqlType}`).join(', ');
    for (const [position, row] of (recorded.rows[table.entity.name] ?? []).entries()) {
      const block = BigInt(/\d+/.exec(row[0])?.[0] ?? 0);
      await database.pool.query(
        `insert into ${table.qualified} (vid, ${range}, ${columns}) values ($1, $2::text::${type}, ${values})`,
        [(block << 32n) + BigInt(position), ...row],
      );
    }
  }
  const face = graphNodeFace(layout.schema);
  executor = createQueryExecutor({ pool: database.pool, deployment: id, layout, face });
});

afterAll(() => database.close());

async function answer(query: string): Promise<string> {
  const result = await executor.execute({ document: parse(query), context: contextOf(database.store) });
  return JSON.stringify(result);
}

test('introspection is graph-node’s, byte for byte', async () => {
  const query = getIntrospectionQuery({ directiveIsRepeatable: false, specifiedByUrl: false });
  expect(await answer(query)).toBe(JSON.stringify({ data: fixture('graph-node-introspection.json') }));
});

test('answers are graph-node’s, byte for byte', async () => {
  expect(recorded.answers.length).toBeGreaterThan(100);
  for (const { query, data } of recorded.answers) {
    expect(`${query}\n${await answer(query)}`).toBe(`${query}\n${JSON.stringify({ data })}`);
  }
});
