// The layout against what graph-node lays out for the same schema, and against names that PostgreSQL would cut or confuse.
import { describe, expect, it } from 'vitest';
import { parseEntitySchema } from '#indexer/manifest/entity-schema.ts';
import { createStatements, deferredIndexes, layoutOf, relationIndexes } from './layout.ts';

const layout = (sdl: string, sgd = 7) => layoutOf(parseEntitySchema(sdl), sgd);

describe('a layout', () => {
  const pool = layout(/* GraphQL */ `
    enum Side { SELL BUY }
    type Token @entity(immutable: false) { id: Bytes! symbol: String! pools: [PoolDay!]! @derivedFrom(field: "token0") }
    type PoolDay @entity(immutable: false) {
      id: ID! token0: Token! totalValueLockedUSD: BigDecimal! side: Side fees: [BigInt!] blockTime: Timestamp
    }
    type Swap @entity(immutable: true) { id: Int8! pool: PoolDay! sender: Bytes! count: Int! }
  `);

  it('names and types columns as graph-node does', () => {
    const columns = [...pool.tables.values()].map(({ qualified, columns }) => [
      qualified,
      ...columns.map(({ name, sqlType }) => `${name} ${sqlType}`),
    ]);
    expect(columns).toEqual([
      ['"sgd7"."token"', 'id bytea', 'symbol text'],
      [
        '"sgd7"."pool_day"',
        'id text',
        'token_0 bytea',
        'total_value_locked_usd numeric',
        'side "sgd7"."side"',
        'fees numeric[]',
        'block_time timestamptz',
      ],
      ['"sgd7"."swap"', 'id int8', 'pool text', 'sender bytea', 'count int4'],
    ]);
    expect(createStatements(pool)[1]).toBe(`create type "sgd7"."side" as enum ('BUY', 'SELL')`);
  });

  it('indexes attributes as graph-node does, and what is current by itself', () => {
    const indexes = deferredIndexes(pool).map(({ sql }) => sql({ concurrently: false }).split(' using ')[1]);
    const closed = 'coalesce(upper(block_range), 2147483647)';
    expect(indexes).toEqual([
      'btree ("id") where upper_inf(block_range)',
      `btree (${closed}) where ${closed} < 2147483647`,
      'btree (left("symbol", 256))',
      'btree ("id") where upper_inf(block_range)',
      `btree (${closed}) where ${closed} < 2147483647`,
      'gist ("token_0", block_range)',
      'btree ("token_0") where upper_inf(block_range)',
      'btree ("total_value_locked_usd")',
      'btree ("side")',
      'btree ("block_time")',
      'btree (block$)',
      'btree ("pool", block$)',
      'btree (substring("sender", 1, 64))',
      'btree ("count")',
    ]);
    expect(relationIndexes(pool).map(({ name }) => name)).toEqual(['"attr_1_1_pool_day_current"']);
  });

  it('gives every index a name of its own that PostgreSQL does not cut', () => {
    const long = 'A'.repeat(70);
    const { tables } = layout(
      `type ${long}b @entity(immutable: false) { id: ID! ${long}c: Int ${long}d: Int }`,
    );
    const names = deferredIndexes({ ...pool, tables }).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(63 + 2);
  });
});
