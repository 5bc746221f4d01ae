// The whole content of a deployment in one canonical text, for proving two of them equal.

import type { Queryable } from '#node/platform/postgres/transaction.ts';
import { type Layout, MAX_BLOCK, versionedTables } from './layout.ts';

export interface DumpOptions {
  /** Leave out versions that ended at or before this block: what pruning to it leaves. */
  readonly from?: number;
}

/**
 * Every version of every entity, every dynamic data source and the head. Free of what may differ between equal
 * deployments (vid, schema number, timestamps of writing) and ordered, so that equality of strings is equality of content.
 */
export async function dumpDeployment(
  db: Queryable,
  deployment: string,
  layout: Layout,
  { from = -1 }: DumpOptions = {},
): Promise<string> {
  const lines: string[] = [];
  for (const table of versionedTables(layout)) {
    // Which block a bucket was rolled up in depends on which blocks without events were looked at.
    const range = table.rollup
      ? "'(,)'::int4range"
      : table.immutable
        ? 'int4range(row.block$, null)'
        : 'row.block_range';
    const columns = table.columns.map((column) => `row.${column.quoted}::text`).join(', ');
    const { rows } = await db.query<{ line: string }>(
      `select jsonb_build_array(${range}::text, ${columns})::text as line from ${table.qualified} row
       ${table.immutable ? '' : `where coalesce(upper(row.block_range), ${MAX_BLOCK}) > ${Number(from)}`}
       order by row.${table.id.quoted}, lower(${range})`,
    );
    lines.push(`# ${table.entity.name}: ${table.columns.map((column) => column.name).join(', ')}`);
    for (const { line } of rows) lines.push(line);
  }
  const { rows: sources } = await db.query<{ line: string }>(
    `select (jsonb_build_array(position, template, address, context, created_block) ||
       case when causality_region > 0 then jsonb_build_array(causality_region) else '[]' end)::text as line
     from indexer.data_sources where deployment = $1 order by position`,
    [deployment],
  );
  lines.push('# data sources', ...sources.map(({ line }) => line));
  const { rows: heads } = await db.query<{ line: string }>(
    'select jsonb_build_array(head_number, head_hash)::text as line from indexer.deployments where id = $1',
    [deployment],
  );
  const { rows: errors } = await db.query<{ line: string }>(
    `select jsonb_build_array(block_number, block_hash, handler, message)::text as line from indexer.errors
     where deployment = $1 order by block_number, id`,
    [deployment],
  );
  if (errors.length > 0) lines.push('# errors', ...errors.map(({ line }) => line));
  lines.push('# head', ...heads.map(({ line }) => line));
  return `${lines.join('\n')}\n`;
}
