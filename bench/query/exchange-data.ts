// A million entities of an exchange, made by the same SQL in graph-node's tables and in ours: only the query side is compared.
import type pg from 'pg';

export const SCHEMA = `type Token @entity(immutable: false) { id: Bytes! symbol: String! name: String! decimals: Int! supply: BigInt! volume: BigDecimal! }
type Pair @entity(immutable: false) { id: Bytes! token0: Token! token1: Token! reserve0: BigDecimal! reserve1: BigDecimal! volume: BigDecimal! swapCount: BigInt! createdAt: BigInt! swaps: [Swap!]! @derivedFrom(field: "pair") positions: [Position!]! @derivedFrom(field: "pair") }
type Account @entity(immutable: false) { id: Bytes! swapCount: Int! swaps: [Swap!]! @derivedFrom(field: "account") positions: [Position!]! @derivedFrom(field: "account") }
type Position @entity(immutable: false) { id: ID! account: Account! pair: Pair! liquidity: BigDecimal! }
type Swap @entity(immutable: true) { id: Bytes! pair: Pair! account: Account! amountIn: BigDecimal! amountOut: BigDecimal! timestamp: BigInt! logIndex: Int! }
`;

/** Height of the chain that the data pretends to come from. */
export const BLOCKS = 400;

export interface Counts {
  readonly tokens: number;
  readonly pairs: number;
  readonly accounts: number;
  readonly positions: number;
  readonly swaps: number;
}

/** How many of each there are among so many entities. */
export function countsOf(entities: number): Counts {
  const share = (part: number) => Math.max(10, Math.floor(entities * part));
  return {
    tokens: share(0.003),
    pairs: share(0.007),
    accounts: share(0.09),
    positions: share(0.2),
    swaps: share(0.7),
  };
}

const id = (kind: string, number: string) => `substring(sha256(('${kind}' || (${number}))::bytea) for 20)`;

interface TableData {
  readonly table: string;
  readonly columns: string;
  readonly count: number;
  /** Column values as SQL of `g` (1 … count) and `v` (the version, from 0). */
  readonly values: string;
  readonly immutable: boolean;
  /** Versions of every seventh entity; the others have one. */
  readonly versions: number;
}

function tablesOf({ tokens, pairs, accounts, positions, swaps }: Counts): readonly TableData[] {
  const one = { immutable: false, versions: 1 };
  return [
    {
      ...one,
      table: 'token',
      columns: 'id, symbol, name, decimals, supply, volume',
      count: tokens,
      values: `${id('token', 'g')}, 'T' || g, 'Token number ' || g || ' of ' || substring(md5(g::text) for 6), 18, g::numeric * 1000000007, (g * 7919 % 100003)::numeric / 100`,
      versions: 4,
    },
    {
      ...one,
      table: 'pair',
      columns: 'id, token_0, token_1, reserve_0, reserve_1, volume, swap_count, created_at',
      count: pairs,
      values: `${id('pair', 'g')}, ${id('token', `1 + g % ${tokens}`)}, ${id('token', `1 + (g * 31 + 7) % ${tokens}`)}, (g * 104729 % 1000003 + v)::numeric / 1000, (g * 15485863 % 1000003)::numeric / 1000, ((g * 7919) % 1000003 + v)::numeric / 10, g + v, 1700000000 + g`,
      versions: 8,
    },
    {
      ...one,
      table: 'account',
      columns: 'id, swap_count',
      count: accounts,
      values: `${id('account', 'g')}, (g * 7919 % 1009 + v)::int`,
      versions: 3,
    },
    {
      ...one,
      table: '"position"',
      columns: 'id, account, pair, liquidity',
      count: positions,
      values: `'position-' || g, ${id('account', `1 + g % ${accounts}`)}, ${id('pair', `1 + (g * 31) % ${pairs}`)}, (g * 104729 % 1000003 + v)::numeric / 1000`,
      versions: 4,
    },
    {
      ...one,
      table: 'swap',
      columns: 'id, pair, account, amount_in, amount_out, "timestamp", log_index',
      count: swaps,
      values: `${id('swap', 'g')}, ${id('pair', `1 + (g * 31) % ${pairs}`)}, ${id('account', `1 + (g * 17) % ${accounts}`)}, (g * 7919 % 1000003)::numeric / 1000, (g * 104729 % 1000003)::numeric / 1000, 1700000000 + g, (g % 200)::int`,
      immutable: true,
      versions: 1,
    },
  ];
}

/** Ids by number, as GraphQL writes them, for asking for what exists. */
export async function idsOf(db: pg.ClientBase, kind: string, numbers: readonly number[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select '0x' || encode(${id(kind, 'g')}, 'hex') as id from unnest($1::int8[]) g`,
    [numbers],
  );
  return rows.map((row) => row.id);
}

/**
 * Fills the tables of a deployment. `ownVid`: its `vid` tells the block (ours); otherwise the table numbers its rows.
 */
export async function fill(
  db: pg.ClientBase,
  sgd: string,
  counts: Counts,
  { ownVid, onTable }: { readonly ownVid: boolean; readonly onTable?: (table: string) => void },
): Promise<void> {
  for (const { table, columns, count, values, immutable, versions } of tablesOf(counts)) {
    onTable?.(table);
    // Entities come into being over the first half of the chain; later versions are spread over the second.
    const start = `(1 + (g::int8 * ${BLOCKS / 2 - 1}) / ${count})::int`;
    const changed = (version: string) =>
      `(${BLOCKS / 2} + (${version}) * ${Math.floor(BLOCKS / 2 / versions) - 1} + g % 7)::int`;
    const lower = `case when v = 0 then ${immutable ? `(1 + (g::int8 * ${BLOCKS - 2}) / ${count})::int` : start} else ${changed('v')} end`;
    const last = `case when g % 7 = 0 then ${versions - 1} else 0 end`;
    const upper = `case when v = ${last} then null else ${changed('v + 1')} end`;
    const position = 'row_number() over (partition by lower_block order by g, v) - 1';
    const vid = ownVid ? ['vid, ', `(lower_block::int8 << 32) + ${position}, `] : ['', ''];
    await db.query(
      `insert into ${sgd}.${table} (${vid[0]}${immutable ? 'block$' : 'block_range'}, ${columns})
       select ${vid[1]}${immutable ? 'lower_block' : 'int4range(lower_block, upper_block)'}, ${values}
         from (select g, v, ${lower} as lower_block, ${upper} as upper_block
                 from generate_series(1::int8, ${count}) g cross join lateral generate_series(0, ${last}) v) made
        order by lower_block, g, v`,
    );
    await db.query(`analyze ${sgd}.${table}`);
  }
}
