// Values of columns as JSON text made by PostgreSQL: byte for byte what `row-format.ts` and JSON.stringify would write.
import type { Column } from '#indexer/store/layout.ts';

/** SQL of the JSON text of a column's value, `null` included. */
export function jsonTextSql(column: Column, value: string): string {
  const { kind, isList, isEnum } = column.field;
  if (isList) return `coalesce(${listSql(column, value)}, 'null')`;
  switch (kind) {
    case 'Int':
    case 'Boolean':
      return `coalesce(${value}::text, 'null')`;
    case 'ID':
    case 'String':
      return `coalesce(to_json(${value}${isEnum ? '::text' : ''})::text, 'null')`;
    default:
      return `coalesce('"' || ${bareSql(column, value)} || '"', 'null')`;
  }
}

/** Text that needs no escapes, for between two quotation marks. */
function bareSql({ field: { kind } }: Column, value: string): string {
  switch (kind) {
    case 'Bytes':
      return `'0x' || encode(${value}, 'hex')`;
    case 'BigDecimal':
      return `trim_scale(${value})::text`;
    case 'Timestamp':
      return `(extract(epoch from ${value}) * 1000000)::int8::text`;
    default:
      return `${value}::text`;
  }
}

function listSql(column: Column, value: string): string {
  const { kind, isEnum } = column.field;
  if (kind === 'Int' || kind === 'Boolean') return `to_json(${value})::text`;
  if (kind === 'ID' || kind === 'String' || kind === 'BigInt' || kind === 'Int8') {
    return `to_json(${value}${isEnum || kind === 'BigInt' || kind === 'Int8' ? '::text[]' : ''})::text`;
  }
  const items = `select string_agg(coalesce('"' || ${bareSql(column, 'item')} || '"', 'null'), ',' order by place) from unnest(${value}) with ordinality as items(item, place)`;
  return `case when ${value} is null then null else '[' || coalesce((${items}), '') || ']' end`;
}
