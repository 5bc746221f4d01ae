// Aggregations in SQL: what a bucket of a timeseries adds up to, rolled up into a table an interval when block time passes the bucket's
// end, and the current bucket computed from raw points. Buckets begin at multiples of their interval since 1970, in UTC.
import type pg from 'pg';
import { expressionSql } from '#indexer/manifest/aggregate-expression.ts';
import type { Aggregate, AggregationInterval } from '#indexer/model.ts';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { type AggregationTable, type Column, columnFor, type Layout, type Table } from './layout.ts';

/** Lengths of intervals in seconds. */
export const INTERVAL_SECONDS: Readonly<Record<AggregationInterval, number>> = { hour: 3_600, day: 86_400 };

/** A block and its time, in seconds since 1970. */
export interface BlockTime {
  readonly number: number;
  readonly timestamp: number;
}

/** The tables of all aggregations, source by source as declared. */
export function aggregationTables(layout: Layout): AggregationTable[] {
  return [...layout.tables.values()].filter((table): table is AggregationTable => table.rollup !== undefined);
}

/**
 * For every aggregation table, up to when (seconds) it needs no more rows: the end of its last bucket, or the last raw point, whichever is
 * later; null when there is neither. Ask before the points of a batch are written.
 *
 * Everything that has ended before is rolled up already, and at most the bucket of that time is not: so the tables alone say where
 * to go on, after a restart or a revert, too.
 */
export async function rolledUpUntil(
  client: pg.ClientBase,
  layout: Layout,
): Promise<ReadonlyMap<AggregationTable, number | null>> {
  const tables = aggregationTables(layout);
  if (tables.length === 0) return new Map();
  const ends = tables.map(
    (table) =>
      `extract(epoch from greatest((select max(s."timestamp") from ${table.rollup.source.qualified} s), ` +
      `(select max(a."timestamp") + ${intervalSql(table)} from ${table.qualified} a)))::int8::text`,
  );
  const { rows } = await client.query<(string | null)[]>({
    text: `select ${ends.join(', ')}`,
    rowMode: 'array',
  });
  return new Map(
    tables.map((table, index) => {
      const end = rows[0]?.[index];
      return [table, end === null || end === undefined ? null : Number(end)];
    }),
  );
}

/**
 * Rolls up the buckets that end by the time of some block of `blocks` (rising); their rows belong to the first such block, so that a
 * revert below it takes them back. `until` is what `rolledUpUntil` said. Returns the tables that got rows.
 *
 * @throws AiosError UNSTORABLE_ENTITY when an expression fails on the data, as by a division by zero
 */
export async function rollUp(
  client: pg.ClientBase,
  until: ReadonlyMap<AggregationTable, number | null>,
  blocks: readonly BlockTime[],
): Promise<Table[]> {
  const written: Table[] = [];
  for (const [table, end] of until) {
    const buckets = endedBuckets(INTERVAL_SECONDS[table.rollup.interval], end, blocks);
    const [first] = buckets;
    if (first === undefined) continue;
    const values: unknown[] = [buckets.map(({ start }) => start), buckets.map(({ block }) => block)];
    if (isCumulative(table)) values.push(first.start);
    try {
      const { rowCount } = await client.query(insertSql(table), values);
      if ((rowCount ?? 0) > 0) written.push(table);
    } catch (error) {
      throw explain(error, table);
    }
  }
  return written;
}

/**
 * The buckets to roll up while block time goes from `end` through `blocks`. Points come with blocks only, so that of all the buckets
 * between two blocks just the first, that of the earlier one, can have any.
 */
function endedBuckets(
  seconds: number,
  end: number | null,
  blocks: readonly BlockTime[],
): { readonly start: number; readonly block: number }[] {
  const bucketOf = (time: number) => Math.floor(time / seconds);
  const buckets: { start: number; block: number }[] = [];
  let last = end ?? Math.min(...blocks.map(({ timestamp }) => timestamp));
  for (const { number, timestamp } of blocks) {
    if (bucketOf(last) >= bucketOf(timestamp)) continue;
    buckets.push({ start: bucketOf(last) * seconds, block: number });
    last = timestamp;
  }
  return buckets;
}

/** Asks PostgreSQL whether it takes the expressions of all aggregations: types and numbers of arguments are its own to check. */
export async function checkExpressions(client: pg.ClientBase, layout: Layout): Promise<void> {
  for (const table of aggregationTables(layout)) {
    const { aggregation, source } = table.rollup;
    for (const aggregate of aggregation.aggregates) {
      try {
        await client.query(
          `select ${aggregateSql(table, aggregate, 's')} from ${source.qualified} s where false`,
        );
      } catch (error) {
        throw new AiosError(
          'SCHEMA_INVALID',
          `schema.graphql: ${aggregation.name}.${aggregate.field}: PostgreSQL refuses the argument of @aggregate (${messageOf(error)}): correct the expression`,
          { cause: error },
        );
      }
    }
    await client.query(insertSql(table), isCumulative(table) ? [[], [], 0] : [[], []]);
  }
}

function explain(error: unknown, table: AggregationTable): unknown {
  const { code } = error as { code?: string };
  if (code === undefined || !(code.startsWith('22') || code === '23502')) return error;
  const { aggregation, interval } = table.rollup;
  return new AiosError(
    'UNSTORABLE_ENTITY',
    `the ${interval} of aggregation ${aggregation.name} cannot be rolled up: ${messageOf(error)}. Change its expressions so that they fit the data`,
    { cause: error },
  );
}

function isCumulative(table: AggregationTable): boolean {
  return table.rollup.aggregation.aggregates.some(({ cumulative }) => cumulative);
}

const intervalSql = (table: AggregationTable): string =>
  `interval '${INTERVAL_SECONDS[table.rollup.interval]} seconds'`;

const dimensionsOf = ({ rollup }: AggregationTable): Column[] =>
  rollup.aggregation.dimensions.map((name) => columnFor(rollup.source, name));

/** What a bucket's points, rows `row` of the source, make of one aggregate, in the type of its column. */
function aggregateSql(table: AggregationTable, { field, fn, arg }: Aggregate, row: string): string {
  const { sqlType } = columnFor(table, field);
  if (fn === 'count' || arg === null) return `count(*)::${sqlType}`;
  const value = expressionSql(arg, (name) => `${row}.${columnFor(table.rollup.source, name).quoted}`);
  if (fn !== 'first' && fn !== 'last') return `${fn}(${value})::${sqlType}`;
  // The first or last that is not null, by id: ids are in the order of the points.
  const direction = fn === 'first' ? 'asc' : 'desc';
  return `((array_agg(${value} order by ${row}.id ${direction}) filter (where ${value} is not null))[1])::${sqlType}`;
}

const named = (table: AggregationTable, write: (aggregate: Aggregate, column: Column) => string): string[] =>
  table.rollup.aggregation.aggregates.map((aggregate) => {
    const column = columnFor(table, aggregate.field);
    return `${write(aggregate, column)} as ${column.quoted}`;
  });

const statements = new WeakMap<Table, string>();

/**
 * Rolls up buckets: $1 their starts (seconds), $2 their blocks, $3 the first start when there are cumulative aggregates. Names with a
 * `$` cannot be those of fields.
 */
function insertSql(table: AggregationTable): string {
  let sql = statements.get(table);
  if (sql === undefined) {
    sql = makeInsertSql(table);
    statements.set(table, sql);
  }
  return sql;
}

function makeInsertSql(table: AggregationTable): string {
  const { source } = table.rollup;
  const dimensions = dimensionsOf(table).map(({ quoted }) => quoted);
  const aggregates = table.rollup.aggregation.aggregates.map(({ field }) => columnFor(table, field).quoted);
  const columns = [...dimensions, ...aggregates];
  const keys = ['b.start$', 'b.block$', ...dimensions.map((name) => `s.${name}`)].join(', ');
  const bucket =
    `select ${keys}, max(s.id) as id, ${named(table, (aggregate) => aggregateSql(table, aggregate, 's')).join(', ')} ` +
    'from (select to_timestamp(start$) as start$, block$ from unnest($1::int8[], $2::int4[]) as given(start$, block$)) b ' +
    `join ${source.qualified} s on s."timestamp" >= b.start$ and s."timestamp" < b.start$ + ${intervalSql(table)} ` +
    `group by ${keys}`;
  const cumulative = isCumulative(table);
  const parts = [`bucket as (${bucket})`, ...(cumulative ? cumulation(table) : [])];
  return (
    `with ${parts.join(', ')} insert into ${table.qualified} (vid, block$, id, "timestamp", ${columns.join(', ')}) ` +
    `select (block$::int8 << 32) + row_number() over (partition by block$ order by id) - 1, block$, id, start$, ${columns.join(', ')} ` +
    `from ${cumulative ? 'combined where block$ is not null' : 'bucket'}`
  );
}

/** Continues the rows of `bucket` from the last one of the same dimensions, and from one another, in order of time. */
function cumulation(table: AggregationTable): string[] {
  const dimensions = dimensionsOf(table);
  const list = (prefix: string) => dimensions.map(({ quoted }) => `${prefix}${quoted}, `).join('');
  const keys =
    dimensions.length === 0
      ? '(select from bucket limit 1) k'
      : `(select distinct ${dimensions.map(({ quoted }) => quoted).join(', ')} from bucket) k`;
  const previous = named(table, ({ cumulative }, { quoted, sqlType }) =>
    cumulative ? `p.${quoted}` : `null::${sqlType}`,
  ).join(', ');
  const columns = table.rollup.aggregation.aggregates
    .map(({ field }) => columnFor(table, field).quoted)
    .join(', ');
  // Null is never the same as null: rows that lack a dimension stand alone, as in graph-node.
  const lacking = dimensions.filter(({ field }) => !field.nonNull).map(({ quoted }) => `${quoted} is null`);
  const partition = [
    ...dimensions.map(({ quoted }) => quoted),
    ...(lacking.length > 0 ? [`case when ${lacking.join(' or ')} then start$ end`] : []),
  ];
  const combined = named(table, ({ cumulative, fn }, { quoted }) => {
    if (!cumulative) return quoted;
    if (fn === 'sum' || fn === 'count') return `sum(${quoted}) over w`;
    if (fn === 'min' || fn === 'max') return `${fn}(${quoted}) over w`;
    const known = `array_agg(${quoted}) filter (where ${quoted} is not null) over w`;
    return fn === 'first' ? `(${known})[1]` : `(${known})[array_length(${known}, 1)]`;
  }).join(', ');
  return [
    `previous as (select '-infinity'::timestamptz as start$, null::int4 as block$, null::int8 as id, ${list('k.')}${previous} from ${keys} ` +
      `cross join lateral (select * from ${table.qualified} a where a."timestamp" < to_timestamp($3)` +
      `${dimensions.map(({ quoted }) => ` and a.${quoted} = k.${quoted}`).join('')} order by a."timestamp" desc limit 1) p)`,
    `history as (select start$, block$, id, ${list('')}${columns} from bucket union all select start$, block$, id, ${list('')}${columns} from previous)`,
    `combined as (select start$, block$, id, ${list('')}${combined} from history ` +
      `window w as (${partition.length > 0 ? `partition by ${partition.join(', ')} ` : ''}order by start$))`,
  ];
}

/** Where the current bucket is computed. */
export interface CurrentBucketOptions {
  /** SQL of the block that is read, an int4. */
  readonly block: string;
  /** Conditions on the points, which are rows `alias` of the source; `true` when there are none. */
  points(source: Table, alias: string): string;
}

/**
 * A query for the buckets that have not ended by a block, one row for each combination of dimensions, with all columns of the
 * aggregation's table (`vid` included, so that it can stand for it).
 */
export function currentBucketSql(table: AggregationTable, { block, points }: CurrentBucketOptions): string {
  const { source, interval } = table.rollup;
  const dimensions = dimensionsOf(table);
  const keys = dimensions.map(({ quoted }) => `s.${quoted}`);
  const ended = `select max(a."timestamp") + ${intervalSql(table)} from ${table.qualified} a where a.block$ <= ${block}`;
  const selected = [
    'max(s.vid) as vid',
    'max(s.block$) as block$',
    'max(s.id) as id',
    `max(date_bin('${INTERVAL_SECONDS[interval]} seconds', s."timestamp", 'epoch'::timestamptz)) as "timestamp"`,
    ...keys,
    ...named(table, (aggregate) => aggregateSql(table, aggregate, 's')),
  ];
  const bucket =
    `select ${selected.join(', ')} from ${source.qualified} s where s."timestamp" >= coalesce((${ended}), '-infinity') ` +
    `and s.block$ <= ${block} and ${points(source, 's')}` +
    (keys.length > 0 ? ` group by ${keys.join(', ')}` : ' having count(*) > 0');
  if (!isCumulative(table)) return bucket;
  const combined = named(table, ({ cumulative, fn }, { quoted, sqlType }) => {
    const [before, now] = [`p.${quoted}`, `b.${quoted}`];
    if (!cumulative) return now;
    switch (fn) {
      case 'min':
        return `least(${before}, ${now})`;
      case 'max':
        return `greatest(${before}, ${now})`;
      case 'first':
        return `coalesce(${before}, ${now})`;
      case 'last':
        return `coalesce(${now}, ${before})`;
      default:
        return `coalesce(${before} + ${now}, ${before}, ${now})::${sqlType}`;
    }
  });
  const same = dimensions.map(({ quoted }) => ` and a.${quoted} = b.${quoted}`).join('');
  return (
    `select b.vid, b.block$, b.id, b."timestamp", ${[...dimensions.map(({ quoted }) => `b.${quoted}`), ...combined].join(', ')} ` +
    `from (${bucket}) b left join lateral (select * from ${table.qualified} a where a.block$ <= ${block}${same} ` +
    'order by a."timestamp" desc limit 1) p on true'
  );
}
