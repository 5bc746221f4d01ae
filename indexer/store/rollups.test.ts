// Roll-ups against a second implementation in memory: random histories, batches, reorganisations and blocks in which nothing happened.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expressionSql, parseExpression } from '#indexer/manifest/aggregate-expression.ts';
import type { BlockOutcome, EntityModification } from '#indexer/model.ts';
import { parseBigDecimal } from './codec.ts';
import { type Deployment, type Lease, type Table, tableFor } from './index.ts';
import type { AggregationTable } from './layout.ts';
import { currentBucketSql } from './rollups.ts';
import { createStoreDatabase, deploy, hashOf } from './testing/deployments.ts';

const schema = `
type Swap @entity(timeseries: true) {
  id: Int8! timestamp: Timestamp! pair: String! side: String price: BigDecimal! amount: Int! maybe: BigInt
}
type Total @aggregation(intervals: ["hour", "day"], source: "Swap") {
  id: Int8! timestamp: Timestamp!
  volume: BigDecimal! @aggregate(fn: "sum", arg: "price * amount")
  count: Int8! @aggregate(fn: "count")
}
type PairStats @aggregation(intervals: ["hour", "day"], source: "Swap") {
  id: Int8! timestamp: Timestamp! pair: String!
  volume: BigDecimal! @aggregate(fn: "sum", arg: "price * amount")
  allVolume: BigDecimal! @aggregate(fn: "sum", arg: "price * amount", cumulative: true)
  count: Int8! @aggregate(fn: "count")
  allCount: Int8! @aggregate(fn: "count", cumulative: true)
  open: BigDecimal! @aggregate(fn: "first", arg: "price")
  close: BigDecimal! @aggregate(fn: "last", arg: "price", cumulative: true)
  firstMaybe: BigInt @aggregate(fn: "first", arg: "maybe", cumulative: true)
  lastMaybe: BigInt @aggregate(fn: "last", arg: "maybe")
  allMaybe: BigInt @aggregate(fn: "sum", arg: "maybe", cumulative: true)
  high: Int! @aggregate(fn: "max", arg: "amount", cumulative: true)
  low: Int! @aggregate(fn: "min", arg: "amount")
}
type SideStats @aggregation(intervals: ["hour"], source: "Swap") {
  id: Int8! timestamp: Timestamp! side: String
  count: Int8! @aggregate(fn: "count")
  allCount: Int8! @aggregate(fn: "count", cumulative: true)
}`;

interface Point {
  readonly id: bigint;
  readonly block: number;
  readonly time: number;
  readonly pair: string;
  readonly side: string | null;
  /** Thousandths. */
  readonly price: bigint;
  readonly amount: number;
  readonly maybe: bigint | null;
}

/** One aggregate in the model: what it makes of points, in the unit 10^exp. */
interface ModelAggregate {
  readonly cumulative: boolean;
  readonly exp: number;
  of(points: readonly Point[]): bigint | null;
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
const maybes = (points: readonly Point[]) => points.flatMap(({ maybe }) => (maybe === null ? [] : [maybe]));
const amounts = (points: readonly Point[]) => points.map(({ amount }) => amount);
const volume = (points: readonly Point[]) => sum(points.map(({ price, amount }) => price * BigInt(amount)));
const count = (points: readonly Point[]) => BigInt(points.length);

const VOLUME: ModelAggregate = { cumulative: false, exp: -3, of: volume };
const COUNT: ModelAggregate = { cumulative: false, exp: 0, of: count };
const MODEL: Readonly<
  Record<
    string,
    {
      readonly seconds: number;
      readonly dimension?: 'pair' | 'side';
      readonly aggregates: Readonly<Record<string, ModelAggregate>>;
    }
  >
> = (() => {
  const pairs = {
    volume: VOLUME,
    allVolume: { ...VOLUME, cumulative: true },
    count: COUNT,
    allCount: { ...COUNT, cumulative: true },
    open: { cumulative: false, exp: -3, of: (points: readonly Point[]) => points[0]?.price ?? null },
    close: { cumulative: true, exp: -3, of: (points: readonly Point[]) => points.at(-1)?.price ?? null },
    firstMaybe: { cumulative: true, exp: 0, of: (points: readonly Point[]) => maybes(points)[0] ?? null },
    lastMaybe: { cumulative: false, exp: 0, of: (points: readonly Point[]) => maybes(points).at(-1) ?? null },
    allMaybe: {
      cumulative: true,
      exp: 0,
      of: (points: readonly Point[]) => (maybes(points).length === 0 ? null : sum(maybes(points))),
    },
    high: {
      cumulative: true,
      exp: 0,
      of: (points: readonly Point[]) => BigInt(Math.max(...amounts(points))),
    },
    low: {
      cumulative: false,
      exp: 0,
      of: (points: readonly Point[]) => BigInt(Math.min(...amounts(points))),
    },
  };
  const total = { volume: VOLUME, count: COUNT };
  const sides = { count: COUNT, allCount: { ...COUNT, cumulative: true } };
  return {
    Total_hour: { seconds: 3_600, aggregates: total },
    Total_day: { seconds: 86_400, aggregates: total },
    PairStats_hour: { seconds: 3_600, dimension: 'pair', aggregates: pairs },
    PairStats_day: { seconds: 86_400, dimension: 'pair', aggregates: pairs },
    SideStats_hour: { seconds: 3_600, dimension: 'side', aggregates: sides },
  };
})();

/** A row as both sides write it: time of the bucket, id, dimension, values. */
type ModelRow = readonly string[];

function textOf(value: bigint | null, exp: number): string {
  if (value === null) return 'null';
  let [digits, power] = [value, exp];
  while (digits !== 0n && digits % 10n === 0n) [digits, power] = [digits / 10n, power + 1];
  return digits === 0n ? '0e0' : `${digits}e${power}`;
}

/** The rows of one table: ended buckets, or those that have not ended by `now`. */
function modelRows(
  type: string,
  points: readonly Point[],
  now: number,
  which: 'ended' | 'current',
): ModelRow[] {
  const { seconds, dimension, aggregates } = MODEL[type] as (typeof MODEL)[string];
  const startOf = (time: number) => time - (time % seconds);
  const keyOf = (point: Point) => (dimension === undefined ? '' : String(point[dimension]));
  const groups = new Map<string, Point[]>();
  for (const point of points) {
    const ended = startOf(point.time) + seconds <= now;
    if (ended !== (which === 'ended')) continue;
    const key = `${startOf(point.time)} ${keyOf(point)}`;
    const group = groups.get(key);
    if (group) group.push(point);
    else groups.set(key, [point]);
  }
  return [...groups.values()]
    .map((group): ModelRow => {
      const last = group.at(-1) as Point;
      const start = startOf(last.time);
      // Null is not the same as null: rows without a dimension do not go on from others.
      const before =
        dimension !== undefined && last[dimension] === null
          ? group
          : points.filter((point) => keyOf(point) === keyOf(last) && point.time < start + seconds);
      return [
        String(start),
        String(last.id),
        dimension === undefined ? '' : String(last[dimension]),
        ...Object.values(aggregates).map(({ cumulative, exp, of }) =>
          textOf(of(cumulative ? before : group), exp),
        ),
      ];
    })
    .sort(byText);
}

const byText = (one: ModelRow, other: ModelRow): number => (one.join() < other.join() ? -1 : 1);

let database: Awaited<ReturnType<typeof createStoreDatabase>>;

beforeAll(async () => {
  database = await createStoreDatabase();
});
afterAll(() => database.close());

async function storedRows(table: Table, from: string): Promise<ModelRow[]> {
  const dimension = MODEL[table.entity.name]?.dimension;
  const { rows } = await database.pool.query<(string | null)[]>({
    text: `select extract(epoch from r."timestamp")::int8::text, r.id::text, ${dimension ? `r.${dimension}` : "''"},
      ${Object.keys(MODEL[table.entity.name]?.aggregates ?? {})
        .map((name) => `r.${table.byField.get(name)?.quoted}::text`)
        .join(', ')} from ${from} r`,
    rowMode: 'array',
  });
  return rows
    .map((row) =>
      row.map((text, place) => {
        if (place < 3) return String(text);
        if (text === null) return 'null';
        const { digits, exp } = parseBigDecimal(text);
        return `${digits}e${exp}`;
      }),
    )
    .sort(byText);
}

// Days pass seldom and hours often; equal times and buckets without points happen, too.
const passing = fc.constantFrom(0, 12, 700, 1_800, 3_599, 3_600, 3_601, 7_200, 20_000, 86_400, 100_000);
const point = fc.record({
  pair: fc.constantFrom('a', 'b'),
  side: fc.constantFrom('buy', 'sell', null),
  price: fc.bigInt({ min: -9_999n, max: 9_999n }),
  amount: fc.integer({ min: -5, max: 9 }),
  maybe: fc.option(fc.bigInt({ min: -3n, max: 9n }), { freq: 2 }),
});
const block = fc.record({
  gap: fc.constantFrom(0, 0, 0, 3),
  passing,
  points: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 4, arbitrary: fc.array(point, { minLength: 1, maxLength: 4 }) },
  ),
});
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ commit: fc.array(block, { minLength: 1, maxLength: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ revert: fc.integer({ min: 0, max: 14 }) }) },
);

interface ChainBlock {
  readonly outcome: BlockOutcome;
  readonly points: readonly Point[];
}

function outcomeOf(number: number, time: number, fork: number, points: readonly Point[]): BlockOutcome {
  const modifications = points.map(
    ({ id, time: at, pair, side, price, amount, maybe }): EntityModification => ({
      type: 'Swap',
      id,
      data: {
        id,
        timestamp: BigInt(at) * 1_000_000n,
        pair,
        side,
        price: { digits: price, exp: -3 },
        amount,
        maybe,
      },
    }),
  );
  return {
    block: { number, hash: hashOf(number, fork) },
    parentHash: hashOf(number - 1, fork),
    timestamp: time,
    modifications,
    createdDataSources: [],
  };
}

/** Runs a script on a deployment; blocks without points are handed over only where `every` says so, or as the last of a batch. */
async function play(
  deployment: Deployment,
  lease: Lease,
  script: readonly (
    | {
        readonly commit: readonly {
          gap: number;
          passing: number;
          points: readonly Omit<Point, 'id' | 'block' | 'time'>[];
        }[];
      }
    | { readonly revert: number }
  )[],
  every: boolean,
): Promise<ChainBlock[]> {
  let chain: ChainBlock[] = [];
  let fork = 0;
  for (const one of script) {
    if ('revert' in one) {
      chain = chain.slice(0, Math.max(0, chain.length - one.revert));
      const last = chain.at(-1)?.outcome;
      await deployment.revertTo(lease, last ? { ...last.block, timestamp: last.timestamp } : null);
      fork++;
      continue;
    }
    const batch: ChainBlock[] = [];
    for (const plan of one.commit) {
      const before = (batch.at(-1) ?? chain.at(-1))?.outcome;
      // A gap keeps the parent's hash out of it: the blocks between were not handed over.
      const number = (before?.block.number ?? 0) + 2 + plan.gap;
      const time = (before?.timestamp ?? 1_699_999_000) + plan.passing;
      const points = plan.points.map((made, place) => ({
        ...made,
        id: (BigInt(number) << 32n) + BigInt(place),
        block: number,
        time,
      }));
      batch.push({ outcome: outcomeOf(number, time, fork, points), points });
    }
    const handed = batch.filter(
      ({ points }, place) => every || points.length > 0 || place === batch.length - 1,
    );
    await deployment.commitBatch(
      lease,
      handed.map(({ outcome }) => outcome),
    );
    chain.push(...batch);
  }
  return chain;
}

describe('roll-ups', () => {
  test('are what the surviving points add up to, however they came, and the current buckets are the rest', async () => {
    // STORE_RUNS=1000 for a long search; a failure prints its seed and its smallest script.
    const numRuns = Number(process.env.STORE_RUNS ?? 20);
    let buckets = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 7 }),
        fc.boolean(),
        async (script, every) => {
          const { deployment, lease } = await deploy(database.store, schema, { deferIndexes: true });
          const chain = await play(deployment, lease, script, every);
          const points = chain.flatMap((one) => one.points);
          const head = chain.at(-1)?.outcome;
          for (const type of Object.keys(MODEL)) {
            const table = tableFor(deployment.layout, type) as AggregationTable;
            const ended = modelRows(type, points, head?.timestamp ?? 0, 'ended');
            expect([type, await storedRows(table, table.qualified)]).toEqual([type, ended]);
            buckets += ended.length;
            const current = currentBucketSql(table, {
              block: String(head?.block.number ?? 0),
              points: () => 'true',
            });
            expect([type, await storedRows(table, `(${current})`)]).toEqual([
              type,
              modelRows(type, points, head?.timestamp ?? 0, 'current'),
            ]);
          }
          const fresh = await deploy(database.store, schema);
          if (chain.length > 0) {
            await fresh.deployment.commitBatch(
              fresh.lease,
              chain.map(({ outcome }) => outcome),
            );
          }
          expect(await fresh.deployment.dump()).toBe(await deployment.dump());
          await database.store.remove(deployment.id);
          await database.store.remove(fresh.deployment.id);
        },
      ),
      { numRuns },
    );
    expect(buckets).toBeGreaterThan(numRuns * 10);
  }, 240_000);

  test('belong to the first block at or after the bucket’s end', async () => {
    const { deployment, lease } = await deploy(database.store, schema);
    const commit = [
      { gap: 0, passing: 0, points: [{ pair: 'a', side: null, price: 1n, amount: 1, maybe: null }] },
      { gap: 0, passing: 4_000, points: [{ pair: 'a', side: null, price: 1n, amount: 1, maybe: null }] },
      { gap: 0, passing: 4_000, points: [] },
      { gap: 0, passing: 4_000, points: [] },
    ];
    const chain = await play(deployment, lease, [{ commit }], true);
    const { rows } = await database.pool.query<{ block$: number }>(
      `select block$ from ${tableFor(deployment.layout, 'Total_hour').qualified} order by block$`,
    );
    expect(rows.map((row) => row.block$)).toEqual([1, 2].map((place) => chain[place]?.outcome.block.number));
  });

  test('are done again by a revert to a block that was never handed over', async () => {
    const { deployment, lease } = await deploy(database.store, schema);
    const swap = { pair: 'a', side: null, price: 1n, amount: 1, maybe: null };
    const commit = [
      { gap: 0, passing: 0, points: [swap] },
      { gap: 0, passing: 4_000, points: [] },
      { gap: 0, passing: 10, points: [] },
    ];
    // Only the third block saw the hour's end; the second, which is the head now, is behind it as well.
    await play(deployment, lease, [{ commit }, { revert: 1 }], false);
    const { qualified } = tableFor(deployment.layout, 'Total_hour');
    const { rows } = await database.pool.query(`select block$ from ${qualified}`);
    expect(rows).toEqual([{ block$: 4 }]);
  });

  test('that fail on the data fail the block for good, and say whose expression it is', async () => {
    const dividing = schema.replace('"price * amount")\n  count', '"price / amount")\n  count');
    const { deployment, lease } = await deploy(database.store, dividing);
    const swap = { pair: 'a', side: null, price: 1n, amount: 0, maybe: null };
    const commit = [
      { gap: 0, passing: 0, points: [swap] },
      { gap: 0, passing: 4_000, points: [] },
    ];
    await expect(play(deployment, lease, [{ commit }], true)).rejects.toMatchObject({
      code: 'UNSTORABLE_ENTITY',
      message: expect.stringContaining('the hour of aggregation Total cannot be rolled up: division by zero'),
    });
  });

  test('with an expression that PostgreSQL refuses are refused when the deployment is made', async () => {
    const wrong = schema.replace('"price * amount")\n  count', '"power(price)")\n  count');
    await expect(deploy(database.store, wrong)).rejects.toMatchObject({
      code: 'SCHEMA_INVALID',
      message: expect.stringContaining('Total.volume: PostgreSQL refuses the argument of @aggregate'),
    });
  });
});

/** Random text of an expression over the columns a and b, without parentheses where precedence decides. */
const { text: expressionText } = fc.letrec<{ text: string; leaf: string }>((tie) => ({
  leaf: fc.constantFrom(
    'a',
    'b',
    '2',
    '3.5',
    '-b',
    '+a',
    'abs(a)',
    'coalesce(null, b)',
    'case when a > b then a end',
  ),
  text: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc
      .tuple(tie('text'), fc.constantFrom('+', '-', '*', '^', '%', '/'), tie('text'))
      .map(([left, operator, right]) => `${left} ${operator} ${right}`),
    tie('text').map((inner) => `(${inner})`),
    tie('text').map((inner) => `-(${inner})::numeric`),
    fc
      .tuple(tie('text'), fc.constantFrom('=', '<', '>=', '!='), tie('text'), fc.boolean())
      .map(
        ([left, operator, right, not]) =>
          `case when ${not ? 'not ' : ''}${left} ${operator} ${right} or b is null and a > 1 then 1 else 0 end`,
      ),
    fc.tuple(tie('text'), tie('text')).map(([left, right]) => `(${left} is not distinct from ${right})::int`),
  ),
}));

test('an expression written back from its tree means to PostgreSQL what its text means', async () => {
  const outcome = async (sql: string): Promise<string> => {
    try {
      const { rows } = await database.pool.query<{ value: string | null }>(
        `select (${sql})::text as value from (values (2::numeric, 3::int4), (-1.5, 2), (0, null), (7, -4)) as t(a, b)`,
      );
      return JSON.stringify(rows.map(({ value }) => value));
    } catch (error) {
      // Divisions by zero, overflows and the like: the same error, too.
      return `error ${(error as { code?: string }).code}`;
    }
  };
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(expressionText, async (text) => {
      const written = expressionSql(parseExpression(text), (name) => `t."${name}"`);
      const wanted = await outcome(text);
      if (wanted.startsWith('[')) answered++;
      expect(`${text}: ${await outcome(written)}`).toBe(`${text}: ${wanted}`);
    }),
    { numRuns: 300 },
  );
  expect(answered).toBeGreaterThan(100);
}, 60_000);
