// Completes the indexes that bulk loading goes without, while the deployment goes on being written and read.
import type pg from 'pg';
import { type DeferredIndex, deferredIndexes, type Layout } from './layout.ts';

/**
 * Creates every deferred index that is missing, one after the other, without blocking writers. Repeats safely: an index
 * left invalid by an earlier attempt that broke off is dropped and built again.
 */
export async function createDeferredIndexes(
  pool: pg.Pool,
  deployment: string,
  layout: Layout,
): Promise<void> {
  // CREATE INDEX CONCURRENTLY waits for other transactions and must not wait for itself in one.
  const client = await pool.connect();
  const onError = () => {};
  client.on('error', onError);
  let broken: Error | undefined;
  try {
    const { rows } = await client.query<{ name: string; valid: boolean }>(
      `select quote_ident(c.relname) as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid
       join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1`,
      [layout.namespace],
    );
    const valid = new Map(rows.map((row) => [unquoted(row.name), row.valid]));
    for (const index of deferredIndexes(layout))
      await createIndex(client, layout, index, valid.get(unquoted(index.name)));
    await client.query(
      'update indexer.deployments set indexed_at = coalesce(indexed_at, now()) where id = $1',
      [deployment],
    );
    for (const table of layout.tables.values()) await client.query(`analyze ${table.qualified}`);
  } catch (error) {
    broken = error as Error;
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

async function createIndex(
  client: pg.ClientBase,
  layout: Layout,
  index: DeferredIndex,
  valid: boolean | undefined,
): Promise<void> {
  if (valid === true) return;
  if (valid === false) await client.query(`drop index if exists "${layout.namespace}".${index.name}`);
  await client.query(index.sql({ concurrently: true }));
}

function unquoted(name: string): string {
  return name.replaceAll('"', '');
}
