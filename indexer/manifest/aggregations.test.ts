import { describe, expect, test } from 'vitest';
import { AiosError } from '#node/platform/errors.ts';
import { expressionSql } from './aggregate-expression.ts';
import { parseEntitySchema } from './entity-schema.ts';

const TOKEN = 'type Token @entity(immutable: false) { id: Bytes! name: String! tags: [String!]! }';
const DATA = `type Data @entity(timeseries: true) {
  id: Int8! timestamp: Timestamp! token: Token! price: BigDecimal! amount: BigInt! small: Int! label: String!
}`;

/** The problems of a schema whose first line begins with `head`; the types it refers to come behind it. */
function problemsOf(head: string, specVersion = '1.1.0'): string {
  try {
    parseEntitySchema(`${head}\n${TOKEN}\n${head.includes('type Data ') ? '' : DATA}`, { specVersion });
  } catch (error) {
    expect(error).toBeInstanceOf(AiosError);
    return (error as AiosError).message;
  }
  return 'no problem';
}

const stats = (fields: string, marker = 'intervals: ["hour", "day"], source: "Data"') =>
  `type Stats @aggregation(${marker}) {\n id: Int8!\n timestamp: Timestamp!\n ${fields}\n}`;
const SUM = 'sum: BigDecimal! @aggregate(fn: "sum", arg: "price")';

describe('aggregations', () => {
  test('are read with intervals, dimensions and aggregates', () => {
    const schema = parseEntitySchema(
      `${stats(
        `token: Token!\n total: BigDecimal! @aggregate(fn: "sum", arg: "price * amount", cumulative: true)
         count: Int8! @aggregate(fn: "count")\n last: Token! @aggregate(fn: last, arg: "token")`,
        'intervals: ["day", "hour", "day"], source: "Data"',
      )}\n${TOKEN}\n${DATA}`,
    );
    const aggregation = schema.aggregations.get('Stats');
    expect(aggregation).toMatchObject({
      source: 'Data',
      intervals: ['hour', 'day'],
      dimensions: ['token'],
      aggregates: [
        { field: 'total', fn: 'sum', cumulative: true },
        { field: 'count', fn: 'count', arg: null, cumulative: false },
        { field: 'last', fn: 'last', cumulative: false },
      ],
    });
    expect([...schema.entities.keys()]).toEqual(['Token', 'Data']);
  });

  test('may be referred to by derived fields', () => {
    const holder = 'type Coin @entity { id: Bytes! stats: [CoinStats!]! @derivedFrom(field: "coin") }';
    const point = 'type Data @entity(timeseries: true) { id: Int8! timestamp: Timestamp! coin: Coin! }';
    const made =
      'type CoinStats @aggregation(intervals: ["hour"], source: "Data") { id: Int8! timestamp: Timestamp! coin: Coin! n: Int8! @aggregate(fn: "count") }';
    expect(problemsOf(`${holder}\n${point}\n${made}`)).toBe('no problem');
  });

  test.each([
    [stats(SUM, 'source: "Data"'), 'schema.graphql:1: aggregation Stats needs a list of intervals'],
    [stats(SUM, 'intervals: [], source: "Data"'), 'needs a list of intervals'],
    [stats(SUM, 'intervals: "hour", source: "Data"'), 'needs a list of intervals'],
    [stats(SUM, 'intervals: ["fortnight"], source: "Data"'), 'the interval fortnight is not supported'],
    [stats(SUM, 'intervals: ["hour"]'), 'source: "name of a timeseries"'],
    [stats(SUM, 'intervals: ["hour"], source: Data'), 'source: "name of a timeseries"'],
    [stats(SUM, 'intervals: ["hour"], source: "Dada"'), 'there is no timeseries Dada'],
    [stats(SUM, 'intervals: ["hour"], source: "Token"'), 'its source Token is not a timeseries'],
    [stats('token: Token!'), 'has no @aggregate field'],
    [
      stats(`other: Token!\n ${SUM}`),
      'schema.graphql:4: Stats.other is a dimension, but Data stores no field other',
    ],
    [stats(`small: Int8!\n ${SUM}`), 'Stats.small has the type Int8, but in the source Data it is Int'],
    [
      stats('x: BigDecimal! @aggregate(arg: "price")'),
      'schema.graphql:4: Stats.x: @aggregate needs a function',
    ],
    [stats('x: BigDecimal! @aggregate(fn: "avg", arg: "price")'), 'the function avg is unknown'],
    [stats('x: BigDecimal! @aggregate(fn: "max")'), 'Stats.x: max needs an argument'],
    [stats('x: BigDecimal! @aggregate(fn: "max", arg: 7)'), 'Stats.x: max needs an argument'],
    [stats('x: BigDecimal! @aggregate(fn: "max", arg: "prize")'), 'Data stores no field prize'],
    [stats('x: BigDecimal! @aggregate(fn: "max", arg: "token")'), 'token is no number in Data'],
    [
      stats('x: BigInt! @aggregate(fn: "max", arg: "price")'),
      'price is of type BigDecimal, which is wider than BigInt',
    ],
    [
      stats('x: Int! @aggregate(fn: "sum", arg: "small + amount")'),
      'amount is of type BigInt, which is wider',
    ],
    [stats('x: String! @aggregate(fn: "max", arg: "price")'), 'max makes numbers'],
    [
      stats('x: Boolean! @aggregate(fn: "first", arg: "price")'),
      'first keeps numbers, Bytes, String and references',
    ],
    [stats('x: Bytes! @aggregate(fn: "first", arg: "token")'), 'token is of type Token, but x of type Bytes'],
    [
      stats('x: BigDecimal! @aggregate(fn: "sum", arg: "price", cumulative: "maybe")'),
      'cumulative must be true or false',
    ],
    [stats('x: BigDecimal! @aggregate(fn: "sum", arg: "random()")'), 'Function random is not supported'],
    [
      stats('x: BigDecimal! @aggregate(fn: "sum", arg: "greatest(price,")'),
      'an expression is expected, but the text ends',
    ],
    [stats(`tokens: [Token!]! @derivedFrom(field: "x")\n ${SUM}`), 'cannot have the derived field tokens'],
    [stats(SUM).replace('id: Int8!', 'id: Bytes!'), 'aggregation Stats must have id: Int8!'],
    [stats(SUM).replace('id: Int8!', ''), 'aggregation Stats must have id: Int8!'],
    [stats(SUM).replace('timestamp: Timestamp!', 'timestamp: Int8!'), 'needs a field timestamp: Timestamp!'],
    [stats(SUM).replace('timestamp: Timestamp!', ''), 'needs a field timestamp: Timestamp!'],
    [
      `${stats(SUM)} type Stats_hour @entity { id: ID! }`,
      'the table stats_hour of aggregation Stats is that of Stats_hour',
    ],
    [
      `type Data @entity(timeseries: true, immutable: false) { id: Int8! timestamp: Timestamp! }`,
      'cannot be mutable',
    ],
    [`type Data @entity(timeseries: true) { id: Bytes! timestamp: Timestamp! }`, 'must have id: Int8!'],
    [`type Data @entity(timeseries: true) { id: Int8! }`, 'needs a field timestamp: Timestamp!'],
  ])('%j is refused', (sdl, message) => {
    expect(problemsOf(sdl)).toContain(message);
  });

  test('need specVersion 1.1.0', () => {
    expect(problemsOf(stats(SUM), '1.0.0')).toContain('aggregation Stats needs specVersion 1.1.0 or later');
  });
});

/** SQL of an expression with its fields in brackets. */
function sqlOf(arg: string): string {
  const schema = parseEntitySchema(
    `${stats(`x: BigDecimal! @aggregate(fn: "sum", arg: ${JSON.stringify(arg)})`)}\n${TOKEN}\n${DATA}`,
  );
  const expression = schema.aggregations.get('Stats')?.aggregates[0]?.arg;
  return expression ? expressionSql(expression, (field) => `[${field}]`) : '';
}

describe('expressions', () => {
  test.each([
    ['price', '[price]'],
    ['"price" * 2 + small', '(([price] * 2) + [small])'],
    ['price - small - 1', '(([price] - [small]) - 1)'],
    ['-price ^ 2 ^ small', '(((- [price]) ^ 2) ^ [small])'],
    ['GREATEST(price, 0)', 'greatest([price], 0)'],
    [
      'case when price > 0 and not small = 1 then price else null end',
      '(case when (([price] > 0) and (not ([small] = 1))) then [price] else null end)',
    ],
    ['case small when 1 then price end', '(case [small] when 1 then [price] end)'],
    ['(price/7)::int4', '(([price] / 7))::int4'],
    ['cast(price as numeric(10, 2))', '([price])::numeric(10, 2)'],
    [
      'coalesce(price is not distinct from amount or price is null, false)::int',
      '(coalesce((([price] is not distinct from [amount]) or ([price] is null)), false))::int4',
    ],
    ["case when 'it''s' = 'a' then 1 else 1e3 end", "(case when ('it''s' = 'a') then 1 else 1e3 end)"],
  ])('%j is read and written back', (arg, sql) => {
    expect(sqlOf(arg)).toBe(sql);
  });

  test.each([
    ['(select 1)', 'is not supported here'],
    ['price; drop table x', '`;` is not supported'],
    ['price -- 1', 'comments are not supported'],
    ['price /* 1 */', '`*` is not supported here'],
    ['price in (1, 2)', '`in` is not supported'],
    ['price between 1 and 2', '`between` is not supported'],
    ["label || 'a'", '`||` is not supported'],
    ['data.price', '`.` is not supported'],
    ['price::regclass', 'a cast to `regclass` is not supported'],
    ['pg_sleep(1)', 'Function pg_sleep is not supported'],
    ['sum(price)', 'Function sum is not supported'],
    ['price price', 'an operator is expected before `price`'],
    ['price = small = 1', 'comparisons cannot be chained'],
    ["price + 'open", 'cannot read the expression from'],
    ['$1', 'cannot read the expression from `$1`'],
    ['price @ 1', '`@` is not supported'],
    ['case price end', 'needs at least one'],
    ['', 'an expression is expected'],
    [`${'('.repeat(60)}price${')'.repeat(60)}`, 'nested deeper'],
  ])('%j is refused', (arg, message) => {
    const made = stats(`x: BigDecimal! @aggregate(fn: "sum", arg: ${JSON.stringify(arg)})`);
    expect(problemsOf(made)).toContain(message);
  });
});

const search = (args: string) => `type _Schema_\n @fulltext(${args})`;
const INCLUDE = 'include: [{ entity: "Token", fields: [{ name: "name" }] }]';

describe('full-text searches', () => {
  test('are read with PostgreSQL’s name of the language', () => {
    const sdl = `${search(`name: "tokenSearch", language: pt, algorithm: proximityRank, ${INCLUDE}`)}\n${TOKEN}`;
    expect(parseEntitySchema(sdl).fulltext).toEqual([
      {
        name: 'tokenSearch',
        language: 'portuguese',
        algorithm: 'proximityRank',
        entity: 'Token',
        fields: ['name'],
      },
    ]);
  });

  test.each([
    [search(`language: en, algorithm: rank, ${INCLUDE}`), 'schema.graphql:2: @fulltext needs a name'],
    [search(`name: "s", algorithm: rank, ${INCLUDE}`), 'there is no language'],
    [search(`name: "s", language: xx, algorithm: rank, ${INCLUDE}`), 'the language xx is unknown'],
    [search(`name: "s", language: en, ${INCLUDE}`), 'there is no algorithm'],
    [search(`name: "s", language: en, algorithm: best, ${INCLUDE}`), 'the algorithm best is unknown'],
    [search('name: "s", language: en, algorithm: rank'), 'includes nothing'],
    [search('name: "s", language: en, algorithm: rank, include: []'), 'includes nothing'],
    [
      search('name: "s", language: en, algorithm: rank, include: ["Token"]'),
      'an item of include is not understood',
    ],
    [
      search(`name: "s", language: en, algorithm: rank, ${INCLUDE.replace('Token', 'Coin')}`),
      'there is no entity type Coin',
    ],
    [
      search(`name: "s", language: en, algorithm: rank, ${INCLUDE.replace('"name"', '"tags"')}`),
      'Token.tags is not a String field',
    ],
    [
      search(`name: "s", language: en, algorithm: rank, ${INCLUDE.replace('"name"', '"nope"')}`),
      'Token.nope is not a String field',
    ],
    [
      search(`name: "name", language: en, algorithm: rank, ${INCLUDE}`),
      'a field of that name exists already',
    ],
    [
      search(`name: "tokens", language: en, algorithm: rank, ${INCLUDE}`),
      'a field of that name exists already',
    ],
    [
      `${search(`name: "s", language: en, algorithm: rank, ${INCLUDE}`)} @fulltext(name: "s", language: en, algorithm: rank, ${INCLUDE})`,
      'is declared twice',
    ],
    [`${search(`name: "s", language: en, algorithm: rank, ${INCLUDE}`)} @other`, 'remove @other'],
    [`${search(`name: "s", language: en, algorithm: rank, ${INCLUDE}`)} { id: ID! }`, 'remove its fields'],
  ])('%j is refused', (sdl, message) => {
    expect(problemsOf(sdl)).toContain(message);
  });
});
