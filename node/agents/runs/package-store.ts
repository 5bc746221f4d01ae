// Packages by their content: stored once, however many versions are made of them.
import type pg from 'pg';
import type { Json, Language } from '../runtime/runtime.ts';
import type { StoredPackage } from './deployment-records.ts';

/** What a version is made of; null when there is none. */
export async function packageOf(pool: pg.Pool, versionId: string): Promise<StoredPackage | null> {
  const { rows } = await pool.query<{
    cid: string;
    language: Language;
    entry: string;
    manifest: Json;
  }>(
    `select p.cid, p.language, p.entry, p.manifest from agents.versions v join agents.packages p on p.cid = v.package_cid where v.id = $1`,
    [versionId],
  );
  const row = rows[0];
  if (!row) return null;
  const files = await pool.query<{ path: string; content: Buffer }>(
    'select path, content from agents.package_files where cid = $1 order by path',
    [row.cid],
  );
  return { ...row, files: new Map(files.rows.map(({ path, content }) => [path, new Uint8Array(content)])) };
}

export async function manifestsOf(
  pool: pg.Pool,
  cids: readonly string[],
): Promise<ReadonlyMap<string, { manifest: Json; language: Language; size: number }>> {
  const { rows } = await pool.query<{
    cid: string;
    manifest: Json;
    language: Language;
    size: number;
  }>('select cid, manifest, language, size from agents.packages where cid = any($1)', [cids]);
  return new Map(rows.map(({ cid, ...rest }) => [cid, rest]));
}

/** Stores a package, unless it is there. */
export async function putPackage(
  client: pg.PoolClient,
  content: StoredPackage,
  viewer: string,
): Promise<void> {
  const size = [...content.files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  const { rowCount } = await client.query(
    `insert into agents.packages (cid, language, entry, manifest, size, published_by) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [content.cid, content.language, content.entry, JSON.stringify(content.manifest), size, viewer],
  );
  if (rowCount === 0) return;
  await client.query(
    'insert into agents.package_files (cid, path, content) select $1, path, content from unnest($2::text[], $3::bytea[]) as file (path, content)',
    [content.cid, [...content.files.keys()], [...content.files.values()].map((bytes) => Buffer.from(bytes))],
  );
}
