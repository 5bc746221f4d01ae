// `where` to SQL: the same rows as graph-node finds, in conditions that its indexes serve.
import type { EntityField } from '#indexer/model.ts';
import {
  BYTES_PREFIX_SIZE,
  type Column,
  columnFor,
  type Layout,
  STRING_PREFIX_SIZE,
  type Table,
  tableFor,
  validAt,
} from '#indexer/store/layout.ts';
import { mixedOr, QueryError, unsupportedFilter } from './errors.ts';
import {
  aggregationFilterArguments,
  type FilterArgument,
  type FilterOperator,
  filterArguments,
} from './filter-operators.ts';
import { fitsPrefix, type SqlValues } from './sql-values.ts';

/** A coerced `where` argument. */
export type WhereInput = Readonly<Record<string, unknown>>;

/** Bounds on one `where`: deeper or wider ones are refused before PostgreSQL has to plan them. */
export interface FilterLimits {
  /** Objects inside objects, `and`, `or` and child filters together. */
  readonly maxDepth: number;
  /** Child filters inside child filters; graph-node allows one. */
  readonly maxChildDepth: number;
  /** Conditions in all. */
  readonly maxConditions: number;
}

export const defaultFilterLimits: FilterLimits = { maxDepth: 10, maxChildDepth: 3, maxConditions: 250 };

export interface FilterContext {
  readonly layout: Layout;
  readonly values: SqlValues;
  /** SQL of the block that is read, an int4. */
  readonly block: string;
  /** No later block is stored. */
  readonly current: boolean;
  readonly limits: FilterLimits;
  /** Collects the entity types that are looked at. */
  readonly touched: Set<string>;
}

/**
 * The condition that rows of `table`, called `row`, satisfy `where`.
 *
 * @throws QueryError BAD_ARGUMENT, QUERY_TOO_LARGE
 */
export function filterSql(context: FilterContext, table: Table, row: string, where: WhereInput): string {
  return new FilterCompiler(context).object(table, row, where, 1, 0);
}

const argumentsByTable = new WeakMap<Table, ReadonlyMap<string, FilterArgument>>();

function argumentsOf(table: Table): ReadonlyMap<string, FilterArgument> {
  let known = argumentsByTable.get(table);
  if (known === undefined) {
    known = new Map(
      (table.rollup
        ? aggregationFilterArguments(table.rollup.aggregation)
        : table.entity.fields.flatMap((field) => filterArguments(field))
      ).map((argument) => [argument.name, argument] as const),
    );
    argumentsByTable.set(table, known);
  }
  return known;
}

class FilterCompiler {
  readonly #context: FilterContext;
  #conditions = 0;
  #aliases = 0;

  constructor(context: FilterContext) {
    this.#context = context;
  }

  object(table: Table, row: string, where: WhereInput, depth: number, childDepth: number): string {
    const { limits } = this.#context;
    if (depth > limits.maxDepth) {
      throw new QueryError(
        'QUERY_TOO_LARGE',
        `The \`where\` argument is nested deeper than ${limits.maxDepth} levels: write it flatter`,
      );
    }
    const keys = Object.keys(where);
    if (where.or !== undefined) {
      const columns = keys.filter((key) => key !== 'or' && key !== 'and' && key !== '_change_block');
      if (columns.length > 0) throw mixedOr(columns);
    }
    return all(keys.map((key) => this.#condition(table, row, key, where[key], depth, childDepth)));
  }

  #condition(
    table: Table,
    row: string,
    key: string,
    value: unknown,
    depth: number,
    childDepth: number,
  ): string {
    this.#conditions++;
    if (this.#conditions > this.#context.limits.maxConditions) {
      throw new QueryError(
        'QUERY_TOO_LARGE',
        `The \`where\` argument has more than ${this.#context.limits.maxConditions} conditions: use the \`_in\` operators, or several queries`,
      );
    }
    if (key === 'and' || key === 'or') {
      if (!Array.isArray(value)) throw notAnObject();
      const parts = value.map((item) => this.object(table, row, objectOf(item), depth + 1, childDepth));
      return key === 'and' ? all(parts) : any(parts);
    }
    if (key === '_change_block') {
      const since = this.#context.values.add(objectOf(value).number_gte, 'int4');
      return table.immutable ? `${row}.block$ >= ${since}` : `lower(${row}.block_range) >= ${since}`;
    }
    const argument = argumentsOf(table).get(key);
    if (argument === undefined) {
      throw new QueryError('BAD_ARGUMENT', `Entity \`${table.entity.name}\` has no attribute \`${key}\``);
    }
    if (argument.kind === 'child') {
      if (childDepth >= this.#context.limits.maxChildDepth) {
        throw new QueryError(
          'QUERY_TOO_LARGE',
          `Child filter nesting not supported by value \`${argument.field.name}\`: \`more than ${this.#context.limits.maxChildDepth} levels\``,
        );
      }
      return this.#child(table, row, argument.field, objectOf(value), depth + 1, childDepth + 1);
    }
    const column = columnFor(table, argument.field.name);
    return column.field.isList
      ? this.#list(column, row, argument.operator, value)
      : this.#scalar(column, row, argument.operator, value, column === table.id);
  }

  /** Rows for which an entity exists that they refer to, or that refers to them, and that satisfies `where`. */
  #child(
    table: Table,
    row: string,
    field: EntityField,
    where: WhereInput,
    depth: number,
    childDepth: number,
  ): string {
    const { layout, block, current, touched } = this.#context;
    const type = field.reference ?? field.typeName;
    // Which interval would be meant? graph-node answers in the same words.
    if (layout.schema.aggregations.has(type)) throw notAnObject();
    const targets = layout.schema.interfaces.get(type)?.implementers ?? [type];
    return any(
      targets.map((name) => {
        const target = tableFor(layout, name);
        touched.add(name);
        this.#aliases++;
        const alias = `f${this.#aliases}`;
        const conditions = [
          linkSql(table, row, field, target, alias),
          validAt(target, alias, block, current),
          this.object(target, alias, where, depth, childDepth),
        ];
        return `exists (select 1 from ${target.qualified} ${alias} where ${all(conditions)})`;
      }),
    );
  }

  #scalar(column: Column, row: string, operator: FilterOperator, value: unknown, isId: boolean): string {
    const { values } = this.#context;
    const name = `${row}.${column.quoted}`;
    switch (operator) {
      case '':
        if (value === null) return `${name} is null`;
        return this.#compare(column, name, '=', value, isId);
      case 'not':
        if (value === null) return `${name} is not null`;
        return `${name} != ${values.scalar(column, value)}`;
      case 'gt':
      case 'gte':
      case 'lt':
      case 'lte':
        if (value === null) throw unsupportedFilter(COMPARISONS[operator], 'null');
        return this.#compare(column, name, COMPARISONS[operator], value, isId);
      case 'in':
      case 'not_in':
        return this.#oneOf(column, name, value, operator === 'not_in', isId);
      default:
        return this.#pattern(column, name, operator, value);
    }
  }

  /** Long text and bytes are indexed by a prefix; where the value is shorter than it, comparing prefixes is the whole truth. */
  #compare(column: Column, name: string, comparison: string, value: unknown, isId: boolean): string {
    const { values } = this.#context;
    const prefix = isId ? undefined : prefixOf(column);
    const parameter = values.scalar(column, value);
    if (prefix === undefined) return `${name} ${comparison} ${parameter}`;
    if (fitsPrefix(column, value, prefix.size)) return `${prefix.of(name)} ${comparison} ${parameter}`;
    const equal = `(${prefix.of(name)} = ${prefix.of(parameter)} and ${name} ${comparison} ${parameter})`;
    if (comparison === '=') return equal;
    return `(${prefix.of(name)} ${comparison.slice(0, 1)} ${prefix.of(parameter)} or ${equal})`;
  }

  #oneOf(column: Column, name: string, value: unknown, negated: boolean, isId: boolean): string {
    if (!Array.isArray(value)) {
      throw new QueryError(
        'BAD_ARGUMENT',
        `Non-list value passed to \`${negated ? '_not_in' : '_in'}\` filter`,
      );
    }
    // As in graph-node, nothing is in an empty list, and nothing is outside it either.
    if (value.length === 0) return 'false';
    const list = this.#context.values.list(column, value);
    if (negated) return `${name} != all(${list})`;
    const prefix = isId ? undefined : prefixOf(column);
    const short = prefix !== undefined && value.every((item) => fitsPrefix(column, item, prefix.size));
    return `${short && prefix ? prefix.of(name) : name} = any(${list})`;
  }

  #pattern(column: Column, name: string, operator: FilterOperator, value: unknown): string {
    const negated = operator.startsWith('not_');
    const bare = negated ? operator.slice(4) : operator;
    if (value === null) throw unsupportedFilter(operator, 'null');
    if (column.field.kind === 'Bytes') {
      const position = `position(${this.#context.values.scalar(column, value)} in ${name})`;
      return `${position} ${negated ? '=' : '>'} 0`;
    }
    const like = `${negated ? 'not ' : ''}${bare.endsWith('_nocase') ? 'ilike' : 'like'}`;
    return `${name} ${like} ${this.#context.values.add(likePattern(bare, String(value)), 'text')}`;
  }

  #list(column: Column, row: string, operator: FilterOperator, value: unknown): string {
    const name = `${row}.${column.quoted}`;
    if (value === null) {
      if (operator === '') return `${name} is null`;
      if (operator === 'not') return `${name} is not null`;
      throw unsupportedFilter(operator, 'null');
    }
    const list = this.#context.values.list(column, Array.isArray(value) ? value : [value]);
    switch (operator) {
      case '':
        return `${name} = ${list}`;
      case 'not':
        return `${name} != ${list}`;
      case 'contains':
        return `${name} @> ${list}`;
      case 'not_contains':
        return `not ${name} && ${list}`;
      case 'contains_nocase':
      case 'not_contains_nocase': {
        const found = `exists (select 1 from unnest(${name}) as item where item ilike any(${list}))`;
        return operator === 'contains_nocase' ? found : `not ${found}`;
      }
      default:
        throw unsupportedFilter(operator, String(value));
    }
  }
}

const COMPARISONS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** The pattern of LIKE. graph-node leaves `%` and `_` of the value alone, and adds none to one that has its own at an end. */
function likePattern(operator: string, value: string): string {
  const text = value.replaceAll('\0', '');
  if (operator.startsWith('starts_with')) return `${text}%`;
  if (operator.startsWith('ends_with')) return `%${text}`;
  return text.startsWith('%') || text.endsWith('%') ? text : `%${text}%`;
}

/** How a column's index cuts its values; undefined for columns that are indexed whole. */
function prefixOf(column: Column): { readonly size: number; of(sql: string): string } | undefined {
  if (column.field.reference !== undefined || column.field.isEnum) return undefined;
  if (column.elementType === 'text') {
    return { size: STRING_PREFIX_SIZE, of: (sql) => `left(${sql}, ${STRING_PREFIX_SIZE})` };
  }
  if (column.elementType === 'bytea') {
    return { size: BYTES_PREFIX_SIZE, of: (sql) => `substring(${sql}, 1, ${BYTES_PREFIX_SIZE})` };
  }
  return undefined;
}

/** The condition that `target` is what `field` of `row` leads to. */
export function linkSql(
  table: Table,
  row: string,
  field: EntityField,
  target: Table,
  targetRow: string,
): string {
  if (field.derivedFrom === undefined) {
    const column = columnFor(table, field.name);
    const ours = `${row}.${column.quoted}`;
    return `${targetRow}.${target.id.quoted} = ${field.isList ? `any(${ours})` : ours}`;
  }
  return pointsBack(target, targetRow, field.derivedFrom, `${row}.${table.id.quoted}`);
}

/** The condition that `field` of a row holds the id `id`. */
export function pointsBack(target: Table, row: string, field: string, id: string): string {
  const column = columnFor(target, field);
  return column.field.isList ? `${row}.${column.quoted} @> array[${id}]` : `${row}.${column.quoted} = ${id}`;
}

function all(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'true' : `(${conditions.join(' and ')})`;
}

function any(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'false' : `(${conditions.join(' or ')})`;
}

function objectOf(value: unknown): WhereInput {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notAnObject();
  return value as WhereInput;
}

const notAnObject = (): QueryError => new QueryError('BAD_ARGUMENT', 'Filter must by an object');
