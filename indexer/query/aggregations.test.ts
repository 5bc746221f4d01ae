// Aggregations and full-text search against graph-node (gnd 0.45.0): a chain of 47 blocks over three days was indexed by it, and what it
// rolled up, how its schema introspects and what it answered was recorded.
import { readFileSync } from 'node:fs';
import { getIntrospectionQuery, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BlockOutcome, EntityData, EntityId, EntityModification } from '#indexer/model.ts';
import { decodeRow } from '#indexer/store/codec.ts';
import { type Deployment, type Lease, type Table, tableFor } from '#indexer/store/index.ts';
import { createStoreDatabase, deploy, hashOf } from '#indexer/store/testing/deployments.ts';
import { ReadSet, type SubgraphExecutor } from '#node/platform/operation.ts';
import { graphNodeFace } from './api-schema.ts';
import { createQueryExecutor } from './executor.ts';
import { contextOf } from './testing/context.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8'));

/** Rows: block or block range, then columns in the order of the schema (aggregates last), in PostgreSQL's text, times in microseconds. */
const recorded = fixture('aggregations.json') as {
  readonly schema: string;
  readonly blocks: readonly (readonly [number: number, timestamp: number])[];
  readonly rows: Readonly<Record<string, readonly (readonly [string, ...(string | null)[]])[]>>;
  readonly aggregated: Readonly<Record<string, readonly (readonly [string, ...(string | null)[]])[]>>;
  readonly answers: readonly { readonly query: string; readonly data: unknown }[];
};

let database: Awaited<ReturnType<typeof createStoreDatabase>>;
let deployment: Deployment;
let executor: SubgraphExecutor;

/** What the recorded rows say each block did. */
function outcomesOf(layout: Deployment['layout']): BlockOutcome[] {
  const byBlock = new Map<number, EntityModification[]>();
  for (const [type, rows] of Object.entries(recorded.rows)) {
    for (const [range, ...columns] of rows) {
      const block = Number(/\d+/.exec(range)?.[0]);
      // A boolean cast to text is `true`, in a row it is `t`.
      const texts = columns.map((text) => (text === 'true' ? 't' : text));
      const data: EntityData = decodeRow(tableFor(layout, type), texts);
      const known = byBlock.get(block) ?? [];
      known.push({ type, id: data.id as EntityId, data });
      byBlock.set(block, known);
    }
  }
  return recorded.blocks.map(([number, timestamp]) => ({
    block: { number, hash: hashOf(number) },
    parentHash: hashOf(number - 1),
    timestamp,
    modifications: byBlock.get(number) ?? [],
    createdDataSources: [],
  }));
}

async function commitInBatches(to: Deployment, lease: Lease, sizes: readonly number[]): Promise<void> {
  const outcomes = outcomesOf(to.layout);
  for (let at = 0, turn = 0; at < outcomes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    await to.commitBatch(lease, outcomes.slice(at, at + size));
    at += size;
  }
}

beforeAll(async () => {
  database = await createStoreDatabase();
  const made = await deploy(database.store, recorded.schema);
  deployment = made.deployment;
  await commitInBatches(deployment, made.lease, [1, 5, 2, 13]);
  executor = createQueryExecutor({
    pool: database.pool,
    deployment: deployment.id,
    layout: deployment.layout,
    face: graphNodeFace(deployment.layout.schema),
  });
});

afterAll(() => database.close());

async function answer(query: string, reads = new ReadSet()): Promise<string> {
  const context = { ...contextOf(database.store), reads };
  return JSON.stringify(await executor.execute({ document: parse(query), context }));
}

/** The rows of a table as they were recorded. */
async function rowsOf(table: Table): Promise<unknown[]> {
  const aggregates = table.rollup?.aggregation.aggregates.map(({ field }) => field) ?? [];
  const isAggregate = (name: string) => aggregates.includes(name);
  const columns = [
    ...table.columns.filter(({ field }) => !isAggregate(field.name)),
    ...table.columns.filter(({ field }) => isAggregate(field.name)),
  ].map(({ quoted, field }) =>
    field.kind === 'Timestamp' ? `(extract(epoch from ${quoted}) * 1000000)::int8::text` : `${quoted}::text`,
  );
  const { rows } = await database.pool.query({
    text: `select block$::text, ${columns.join(', ')} from ${table.qualified} order by id`,
    rowMode: 'array',
  });
  return rows;
}

describe('against graph-node', () => {
  test('every bucket is rolled up in the same block to the same values, to the last digit', async () => {
    for (const [type, rows] of Object.entries(recorded.aggregated)) {
      expect([type, await rowsOf(tableFor(deployment.layout, type))]).toEqual([type, rows]);
    }
  });

  test('introspection is the same, byte for byte', async () => {
    const query = getIntrospectionQuery({ directiveIsRepeatable: false, specifiedByUrl: false });
    expect(await answer(query)).toBe(JSON.stringify({ data: fixture('aggregations-introspection.json') }));
  });

  test('answers are the same, byte for byte', async () => {
    expect(recorded.answers.length).toBeGreaterThan(200);
    for (const { query, data } of recorded.answers) {
      expect(`${query}\n${await answer(query)}`).toBe(`${query}\n${JSON.stringify({ data })}`);
    }
  });
});
