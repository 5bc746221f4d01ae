// Rows of versions in SQL: the columns that one is written with, and how the latest of an entity is found.
import type { Table } from './layout.ts';

/** Columns of a version's row, as `TablePlan.rows` has them. */
export function versionColumns(table: Table): { readonly quoted: string; readonly sqlType: string }[] {
  return [
    { quoted: 'vid', sqlType: 'int8' },
    table.immutable ? { quoted: 'block$', sqlType: 'int4' } : { quoted: 'block_range', sqlType: 'int4range' },
    ...(table.hasRegion ? [{ quoted: 'causality_region', sqlType: 'int4' }] : []),
    ...table.columns,
  ];
}

/** Joins to each row of `ended` the latest version of the entity with its id, as `latest` with these columns. */
export function joinLatest(table: Table, columns: string): string {
  return (
    `cross join lateral (select ${columns} from ${table.qualified} version where version.${table.id.quoted} = ended.id ` +
    'order by vid desc limit 1) latest '
  );
}
