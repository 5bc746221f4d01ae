// Aggregations and full-text search against graph-node (gnd 0.45.0): a chain of 47 blocks over three days was indexed by it, and what it
// rolled up, how its schema introspects and what it answered was recorded.
import { readFileSync } from 'node:fs';
import { getIntrospectionQuery, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BlockOutcome, EntityData, EntityId, EntityModification } from '#indexer/model.ts';
import { decodeRow } from '#indexer/store/codec.ts';
import { type Deployment, type Lease, type Table, tableFor } from '#indexer/store/index.ts';
import { createStoreDatabase, deploy, hashOf } from '#indexer/store/testing/deployments.ts';
import { type CommitSignal, commitTopic } from '#node/platform/events/change-feed.ts';
import { PostgresEventBus } from '#node/platform/events/postgres-event-bus.ts';
import { silentLogger } from '#node/platform/log.ts';
import { ReadPoint, ReadSet, type SubgraphExecutor } from '#node/platform/operation.ts';
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

describe('reading and waiting', () => {
  test('an answer says which tables it has read', async () => {
    const readBy = async (query: string): Promise<string[]> => {
      const reads = new ReadSet();
      expect(await answer(query, reads)).toContain('"data"');
      return [...(reads.entities.get(deployment.id) ?? [])].sort();
    };
    const fields = '{ timestamp sum }';
    expect(await readBy(`{ tokenStats_collection(interval: hour) ${fields} }`)).toEqual(['TokenStats_hour']);
    expect(await readBy(`{ tokenStats_collection(interval: day, current: include) ${fields} }`)).toEqual([
      'Data',
      'TokenStats_day',
    ]);
    expect(await readBy(`{ tokens { stats(interval: hour, current: include) ${fields} } }`)).toEqual([
      'Data',
      'Token',
      'TokenStats_hour',
    ]);
    expect(await readBy('{ noteSearch(text: "fox", where: { token_: { count_gt: 0 } }) { id } }')).toEqual([
      'Note',
      'Token',
    ]);
  });

  test('a live query answers when its bucket is rolled up, and again when a revert takes that back', async () => {
    const { deployment: own, lease } = await deploy(database.store, recorded.schema);
    const outcomes = outcomesOf(own.layout);
    await own.commitBatch(lease, outcomes.slice(0, 3));
    const bus = await PostgresEventBus.connect({
      pool: database.pool,
      url: database.url,
      logger: silentLogger,
    });
    try {
      const live = createQueryExecutor({
        pool: database.pool,
        deployment: own.id,
        layout: own.layout,
        face: graphNodeFace(own.layout.schema, { subscriptions: true }),
        commits: {
          // The commits' own signals: what they name is part of what is tested.
          onCommit: (listener) => bus.onSignal(commitTopic, (signal) => listener(signal as CommitSignal)),
        },
      });
      const ended = new AbortController();
      const stream = await live.execute({
        document: parse('subscription { stats_collection(interval: hour) { timestamp } }'),
        context: {
          ...contextOf(database.store, ended.signal),
          readPoint: new ReadPoint(() => database.store.heads()),
        },
      });
      if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
      const answers = stream[Symbol.asyncIterator]();
      const next = async (): Promise<number> => {
        const { value } = await answers.next();
        return (value.data.stats_collection as unknown[]).length;
      };
      const before = await next();
      await own.commitBatch(lease, outcomes.slice(3, 12));
      const after = await next();
      expect(after).toBeGreaterThan(before);
      const back = outcomes[2] as BlockOutcome;
      await own.revertTo(lease, { ...back.block, timestamp: back.timestamp });
      expect(await next()).toBe(before);
      ended.abort();
    } finally {
      await bus.close();
    }
  });
});

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

  test('a text that is no query is refused in its words', async () => {
    for (const text of ['a b', 'fox &', '(', ':*']) {
      expect(await answer(`{ noteSearch(text: ${JSON.stringify(text)}) { id } }`)).toMatch(
        /Invalid fulltext search query syntax\. Error: .*in tsquery.*Hint: Search terms with spaces need to be enclosed in single quotes/,
      );
    }
  });

  test('answers are the same, byte for byte', async () => {
    expect(recorded.answers.length).toBeGreaterThan(200);
    for (const { query, data } of recorded.answers) {
      expect(`${query}\n${await answer(query)}`).toBe(`${query}\n${JSON.stringify({ data })}`);
    }
  });
});
