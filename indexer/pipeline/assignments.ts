// Which deployments are to be indexed and from where: rows in PostgreSQL that every indexer process follows.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type pg from 'pg';
import { AiosError } from '#node/platform/errors.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import type { NetworkBinding } from '../manifest/bind-network.ts';
import type { SourceSpec } from '../sources/open-source.ts';

export type Overrides = NonNullable<NetworkBinding['dataSources']>;

export interface Assignment {
  readonly deployment: string;
  readonly source: SourceSpec;
  readonly overrides: Overrides;
}

/** A file of a build: path inside its folder, and content. */
export interface BuildFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/** NOTIFY channel that tells indexer processes to look at the assignments again. */
export const ASSIGNMENTS_CHANNEL = 'aios_indexer_assignments';

/** Repeats safely; answers whether it was new. */
export async function saveAssignment(
  pool: pg.Pool,
  assignment: Assignment,
  files: readonly BuildFile[],
): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      'insert into indexer.assignments (deployment, source, overrides) values ($1, $2, $3) on conflict do nothing',
      [assignment.deployment, JSON.stringify(assignment.source), JSON.stringify(assignment.overrides)],
    );
    for (const file of files)
      await client.query(
        'insert into indexer.deployment_files (deployment, path, content) values ($1, $2, $3) on conflict do nothing',
        [assignment.deployment, file.path, Buffer.from(file.content)],
      );
    await client.query('select pg_notify($1, $2)', [ASSIGNMENTS_CHANNEL, assignment.deployment]);
    return rowCount === 1;
  });
}

export async function listAssignments(pool: pg.Pool): Promise<Assignment[]> {
  const { rows } = await pool.query<Assignment>(
    'select deployment, source, overrides from indexer.assignments order by assigned_at, deployment',
  );
  return rows;
}

/** Stops indexing what no name stands for and nobody reads any more. The data stays until the deployment is removed. */
export async function unassignNameless(pool: pg.Pool): Promise<void> {
  await pool.query(
    `with gone as (
       delete from indexer.assignments a
       where not exists (select from indexer.names n where a.deployment in (n.current, n.pending))
         and not exists (select from indexer.deployment_sources s where s.source = a.deployment) returning deployment
     ) select pg_notify($1, deployment) from gone`,
    [ASSIGNMENTS_CHANNEL],
  );
}

export async function notifyAssignments(pool: pg.Pool): Promise<void> {
  await pool.query("select pg_notify($1, '')", [ASSIGNMENTS_CHANNEL]);
}

/** Writes a deployment's files below `cacheFolder` unless they are there, and answers with their folder. */
export async function buildFolder(pool: pg.Pool, deployment: string, cacheFolder: string): Promise<string> {
  const folder = join(cacheFolder, deployment);
  const { rows } = await pool.query<BuildFile>(
    'select path, content from indexer.deployment_files where deployment = $1',
    [deployment],
  );
  if (rows.length === 0)
    throw new AiosError(
      'DEPLOYMENT_FILES_MISSING',
      `the files of ${deployment} are not in the database; deploy its build again`,
    );
  // Written aside and moved, so that a process that is killed here leaves no half build behind.
  const aside = `${folder}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  for (const { path, content } of rows) {
    const file = join(aside, path);
    if (!file.startsWith(aside + sep))
      throw new AiosError('DEPLOYMENT_FILES_INVALID', `${path} leaves its folder`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  await rm(folder, { recursive: true, force: true });
  await rename(aside, folder).catch(async (error: NodeJS.ErrnoException) => {
    // Another process was faster; its files are the same.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    await rm(aside, { recursive: true, force: true });
  });
  return folder;
}
