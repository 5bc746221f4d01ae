// A whole root field in one statement that answers with its JSON: no rows to take apart and put together again, no second round trip.
import { type FieldNode, type GraphQLField, getArgumentValues } from 'graphql';
import { type Table, validAt } from '#indexer/store/layout.ts';
import type { Face } from './face.ts';
import { jsonTextSql } from './json-text.ts';
import type { ChildPlan, ObjectPlan, TargetPlan } from './plan.ts';
import { type FilterContext, filterSql, pointsBack } from './sql-filter.ts';
import { type LevelContext, type ListArguments, type ListRequest, listOf } from './sql-level.ts';
import { sortKeySql } from './sql-order.ts';
import { SqlValues, singleId } from './sql-values.ts';

/** Its one row: the guard, then the JSON text (null: no such entity). */
export interface JsonStatement {
  readonly text: string;
  readonly values: unknown[];
  readonly guardAt: number;
}

/**
 * What a statement fails with where an answer needs an error beside it: an absent entity that must be there (a division by zero,
 * made for the purpose), or several behind a field that holds one. Reading level by level then says which.
 */
export const LEFT_TO_LEVELS: ReadonlySet<unknown> = new Set(['22012', '21000']);

/** True when every level is of one entity type: rows of several tables (interfaces) and buckets (aggregations) are read by levels. */
export function answersInOne(target: TargetPlan): boolean {
  return (
    target.objects.length === 1 &&
    target.objects.every(
      ({ table, children }) =>
        table.rollup === undefined && children.every((child) => answersInOne(child.target)),
    )
  );
}

export interface JsonContext extends LevelContext {
  readonly face: Face;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A list. @throws QueryError as `rootListStatement` does */
export function jsonListStatement(
  context: JsonContext,
  target: TargetPlan,
  args: ListArguments,
): JsonStatement {
  const builder = new JsonBuilder(context);
  const list = listOf(context, target.type, args);
  return builder.statement(builder.list(objectOf(target), list, () => 'true'));
}

/** One entity. */
export function jsonOneStatement(context: JsonContext, target: TargetPlan, id: unknown): JsonStatement {
  const builder = new JsonBuilder(context);
  const object = objectOf(target);
  const { table } = object;
  const wanted = builder.values.add(singleId(table.id, id), table.id.elementType);
  return builder.statement(builder.one(object, wanted));
}

class JsonBuilder {
  readonly values = new SqlValues();
  readonly #context: JsonContext;
  readonly #block: string;
  readonly #filters: FilterContext;
  #aliases = 0;

  constructor(context: JsonContext) {
    this.#context = context;
    this.#block = this.values.add(context.block, 'int4');
    const { layout, limits, touched, current } = context;
    this.#filters = { layout, values: this.values, block: this.#block, current, limits, touched };
  }

  statement(json: string): JsonStatement {
    const { guard } = this.#context;
    return {
      text: `select ${guard ? `(${guard(this.values)})` : 'true'} as guard, (${json}) as json`,
      values: this.values.values,
      guardAt: 0,
    };
  }

  /** A scalar query of a list's JSON. `link` ties an entity's row to its parent; `ids` is SQL of a set of ids to start from. */
  list(
    object: ObjectPlan,
    { first, skip, where, order }: ListRequest,
    link: (row: string) => string,
    ids?: string,
  ): string {
    const { table } = object;
    const row = this.#alias();
    this.#touch(table);
    const sort = sortKeySql(this.#filters, table, row, order);
    const conditions = [
      validAt(table, row, this.#block, this.#context.current),
      link(row),
      where === undefined ? 'true' : filterSql(this.#filters, table, row, where),
    ].filter((condition) => condition !== 'true');
    const id = `${row}.${table.id.quoted}`;
    const ordering = `${sort ? `${sort.key} ${order.direction}, ` : ''}${id} ${order.direction}`;
    const from = ids === undefined ? `${table.qualified} ${row}` : this.#lookUp(table, row, ids);
    const rows = `select ${row}.*, row_number() over (order by ${ordering}) as "n$" from ${from}${sort?.joins ?? ''} where ${conditions.join(' and ')} order by ${ordering} limit ${first} offset ${skip}`;
    return `select '[' || coalesce(string_agg(${this.#object(object, row)}, ',' order by ${row}."n$"), '') || ']' from (${rows}) ${this.#joined(object, row)}`;
  }

  /** A scalar query of the entity with an id. */
  one(object: ObjectPlan, id: string): string {
    const row = this.#alias();
    this.#touch(object.table);
    return `select ${this.#object(object, row)} from (${this.#newest(object.table, id)}) ${this.#joined(object, row)} where ${validAt(object.table, row, this.#block)}`;
  }

  #alias(): string {
    this.#aliases++;
    return `r${this.#aliases}`;
  }

  #touch(table: Table): void {
    this.#context.touched.add(table.entity.name);
  }

  /** The newest version at the block of one id: see `sql-level.ts`. */
  #newest(table: Table, id: string): string {
    const wanted = `select * from ${table.qualified} v where v.${table.id.quoted} = ${id}`;
    return table.immutable
      ? wanted
      : `${wanted} and v.vid < ((${this.#block} + 1)::int8 << 32) order by v.vid desc limit 1`;
  }

  #lookUp(table: Table, row: string, ids: string): string {
    return `${ids} as l(id) cross join lateral (${this.#newest(table, 'l.id')}) ${row}`;
  }

  #object(plan: ObjectPlan, row: string): string {
    const { fields, typename, children } = plan;
    const parts: string[] = [];
    let literal = '{';
    fields.forEach((field, index) => {
      literal += `${index === 0 ? '' : ','}"${field.key}":`;
      if (field.kind === 'typename') {
        literal += `"${typename}"`;
        return;
      }
      parts.push(`'${literal}'`);
      literal = '';
      parts.push(
        field.kind === 'column'
          ? jsonTextSql(field.column, `${row}.${field.column.quoted}`)
          : this.#child(plan, field.child, row, `${row}_${children.indexOf(field.child)}.json`),
      );
    });
    parts.push(`'${literal}}'`);
    return parts.join(' || ');
  }

  /** The row's alias with the joins that its references need. */
  #joined({ table, children }: ObjectPlan, row: string): string {
    const joins = children.map((child, index) => {
      if (child.link !== 'reference') return '';
      const held = `${row}.${(table.byField.get(child.field.name) ?? table.id).quoted}`;
      return ` left join lateral (${this.one(objectOf(child.target), held)}) as ${row}_${index}(json) on true`;
    });
    return `${row}${joins.join('')}`;
  }

  /** JSON of what a field leads to; `joined` is where a reference's has been joined. */
  #child(parent: ObjectPlan, child: ChildPlan, row: string, joined: string): string {
    const { table } = parent;
    const { field, link, target } = child;
    const object = objectOf(target);
    const id = `${row}.${table.id.quoted}`;
    if (link === 'reference') return this.#only(child, joined, id);
    if (link === 'references') {
      const held = `${row}.${(table.byField.get(field.name) ?? table.id).quoted}`;
      const list = listOf(this.#context, target.type, this.#arguments(parent, child));
      // An id that is held twice is one entity.
      return `(${this.list(object, list, () => 'true', `(select distinct unnest(${held}))`)})`;
    }
    const back = (other: string) => pointsBack(object.table, other, field.derivedFrom ?? 'id', id);
    if (field.isList) {
      const list = listOf(this.#context, target.type, this.#arguments(parent, child));
      return `(${this.list(object, list, back)})`;
    }
    const other = this.#alias();
    this.#touch(object.table);
    return this.#only(
      child,
      `(select ${this.#object(object, other)} from (select * from ${object.table.qualified} d where ${back('d')} and ${validAt(object.table, 'd', this.#block, this.#context.current)} limit 2) ${this.#joined(object, other)})`,
      id,
    );
  }

  /** One entity's JSON; where it is absent and must not be, the statement fails. */
  #only({ field }: ChildPlan, json: string, id: string): string {
    return field.nonNull
      ? `coalesce(${json}, (1 / (octet_length(${id}::text) * 0))::text)`
      : `coalesce(${json}, 'null')`;
  }

  #arguments(parent: ObjectPlan, child: ChildPlan): ListArguments {
    const { face, variables } = this.#context;
    return childArguments(face, parent, child, variables);
  }
}

function objectOf(target: TargetPlan): ObjectPlan {
  return target.objects[0] as ObjectPlan;
}

/** The coerced arguments of a list behind an entity's field. */
export function childArguments(
  face: Face,
  { typename }: ObjectPlan,
  { field, node }: { readonly field: ChildPlan['field']; readonly node: FieldNode },
  variables: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (!field.isList) return {};
  const type = face.schema.getType(typename);
  const definition =
    type !== undefined && 'getFields' in type
      ? (type.getFields()[field.name] as GraphQLField<unknown, unknown> | undefined)
      : undefined;
  return definition === undefined ? {} : getArgumentValues(definition, node, variables);
}
