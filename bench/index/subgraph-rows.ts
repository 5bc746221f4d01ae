// What a subgraph's tables hold, as graph-node and we lay them out alike.
import pg from 'pg';

/** Current rows of schema `sgd…`, as `Load.expected` has them. */
export async function subgraphRows(databaseUrl: string, dex: boolean): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select nspname as name from pg_namespace where nspname ~ '^sgd[0-9]+$' order by length(nspname), nspname`,
    );
    const schema = rows[0]?.name;
    if (!schema) throw new Error('the database holds no deployment');
    const { rows: found } = await client.query<{ row: string }>(
      dex
        ? `select '0x' || encode(id, 'hex') || ' ' || trunc(reserve_0 * 1e18) || ' ' || trunc(reserve_1 * 1e18) as row from ${schema}.pair where upper_inf(block_range)`
        : `select '0x' || encode(substring(id from 21), 'hex') || ' ' || balance as row from ${schema}.account where upper_inf(block_range)`,
    );
    return found.map(({ row }) => row).sort();
  } finally {
    await client.end();
  }
}
