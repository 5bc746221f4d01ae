// `orderBy` to SQL: the sort key of a row, also that of an entity one reference away, with ids to break ties.
import type { EntityField } from '#indexer/model.ts';
import { columnFor, type Layout, type Table, tableFor, validAt } from '#indexer/store/layout.ts';
import { QueryError } from './errors.ts';
import { type FilterContext, pointsBack } from './sql-filter.ts';

export interface Order {
  /** Name of the field; undefined orders by id. */
  readonly field?: EntityField;
  /** Field of the entity that `field` leads to. */
  readonly childField?: string;
  readonly direction: 'asc' | 'desc';
}

/**
 * Reads `orderBy` and `orderDirection` of a list of `type`.
 *
 * @throws QueryError BAD_ARGUMENT for a field that has no order
 */
export function parseOrder(layout: Layout, type: string, orderBy: unknown, direction: unknown): Order {
  // graph-node heeds the direction only where there is something to order by.
  if (typeof orderBy !== 'string') {
    const timestamp = layout.schema.aggregations.get(type)?.fields.find(({ name }) => name === 'timestamp');
    return timestamp ? { field: timestamp, direction: 'desc' } : { direction: 'asc' };
  }
  const parsed = direction === 'desc' ? 'desc' : 'asc';
  const { entities, interfaces, aggregations } = layout.schema;
  const fields = (entities.get(type) ?? interfaces.get(type) ?? aggregations.get(type))?.fields ?? [];
  const exact = fields.find((field) => field.name === orderBy);
  const [parentName = '', ...rest] = orderBy.split('__');
  const field = exact ?? fields.find((candidate) => candidate.name === parentName);
  if (field === undefined) {
    throw new QueryError('BAD_ARGUMENT', `Entity \`${type}\` has no attribute \`${orderBy}\``);
  }
  if (exact === undefined) return { field, childField: rest.join('__'), direction: parsed };
  if (field.isList || field.derivedFrom !== undefined) {
    throw new QueryError('BAD_ARGUMENT', `Ordering by \`${orderBy}\` is not supported for type \`${type}\``);
  }
  return field.name === 'id' ? { direction: parsed } : { field, direction: parsed };
}

/** SQL of the sort key of `row`, and of the joins it needs; undefined when rows are ordered by id alone. */
export function sortKeySql(
  { layout, block, current, touched }: FilterContext,
  table: Table,
  row: string,
  order: Order,
): { readonly key: string; readonly joins: string } | undefined {
  if (order.field === undefined) return undefined;
  // An implementer's field of that name may be derived where the interface's is not, so look at the entity's own.
  const own = table.entity.fields.find((field) => field.name === order.field?.name) ?? order.field;
  if (order.childField === undefined)
    return { key: `${row}.${columnFor(table, own.name).quoted}`, joins: '' };
  const { childField } = order;
  const type = own.reference ?? own.typeName;
  const targets = layout.schema.interfaces.get(type)?.implementers ?? [type];
  const keys: string[] = [];
  let joins = '';
  targets.forEach((name, index) => {
    const target = tableFor(layout, name);
    touched.add(name);
    const alias = `o${index}`;
    keys.push(`${alias}.${columnFor(target, childField).quoted}`);
    joins +=
      own.derivedFrom === undefined
        ? ` left join ${target.qualified} ${alias} on ${alias}.${target.id.quoted} = ${row}.${columnFor(table, own.name).quoted} and ${validAt(target, alias, block, current)}`
        : // Of several that point here the first counts: a join would repeat the row.
          ` left join lateral (select * from ${target.qualified} x where ${pointsBack(target, 'x', own.derivedFrom, `${row}.${table.id.quoted}`)} and ${validAt(target, 'x', block, current)} order by x.${target.id.quoted} limit 1) ${alias} on true`;
  });
  return { key: keys.length === 1 ? (keys[0] as string) : `coalesce(${keys.join(', ')})`, joins };
}
