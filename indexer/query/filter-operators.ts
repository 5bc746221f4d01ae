// The operators of `where`: which a field has, in graph-node's order, and how an argument's name is taken apart again.
import type { Aggregation, EntityField, EntitySchema } from '#indexer/model.ts';

/** Suffixes of filter arguments; the empty one is equality. */
export type FilterOperator =
  | ''
  | 'not'
  | 'gt'
  | 'lt'
  | 'gte'
  | 'lte'
  | 'in'
  | 'not_in'
  | 'contains'
  | 'contains_nocase'
  | 'not_contains'
  | 'not_contains_nocase'
  | 'starts_with'
  | 'starts_with_nocase'
  | 'not_starts_with'
  | 'not_starts_with_nocase'
  | 'ends_with'
  | 'ends_with_nocase'
  | 'not_ends_with'
  | 'not_ends_with_nocase';

const ORDERED: readonly FilterOperator[] = ['', 'not', 'gt', 'lt', 'gte', 'lte', 'in', 'not_in'];
const EQUALITY: readonly FilterOperator[] = ['', 'not', 'in', 'not_in'];
const BYTES: readonly FilterOperator[] = [...ORDERED, 'contains', 'not_contains'];
const STRING: readonly FilterOperator[] = [
  ...ORDERED,
  'contains',
  'contains_nocase',
  'not_contains',
  'not_contains_nocase',
  'starts_with',
  'starts_with_nocase',
  'not_starts_with',
  'not_starts_with_nocase',
  'ends_with',
  'ends_with_nocase',
  'not_ends_with',
  'not_ends_with_nocase',
];
const LIST: readonly FilterOperator[] = ['', 'not', 'contains', 'not_contains'];
const LIST_NOCASE: readonly FilterOperator[] = [
  '',
  'not',
  'contains',
  'contains_nocase',
  'not_contains',
  'not_contains_nocase',
];

/** Aggregations are filtered by their dimensions, in fewer ways. */
const AGGREGATION_ORDERED: readonly FilterOperator[] = ['', 'gt', 'lt', 'gte', 'lte', 'in'];
const AGGREGATION_NUMBERS: ReadonlySet<string> = new Set([
  'BigInt',
  'BigDecimal',
  'Int',
  'Int8',
  'Timestamp',
]);

const SCALAR_OPERATORS: Readonly<Record<string, readonly FilterOperator[]>> = {
  Boolean: EQUALITY,
  Bytes: BYTES,
  ID: ORDERED,
  BigInt: ORDERED,
  BigDecimal: ORDERED,
  Int: ORDERED,
  Int8: ORDERED,
  Timestamp: ORDERED,
  String: STRING,
};

/** One argument of a `_filter` input, apart from `_change_block`, `and` and `or`. */
export type FilterArgument =
  | {
      readonly kind: 'operator';
      readonly name: string;
      readonly field: EntityField;
      readonly operator: FilterOperator;
      /** Scalar or enum of one value. */
      readonly scalar: string;
      readonly isList: boolean;
    }
  | { readonly kind: 'child'; readonly name: string; readonly field: EntityField; readonly type: string };

/**
 * The arguments that `where` has for one field. A reference is filtered by the id it holds and, with a trailing `_`, by the
 * entity it refers to; a derived field only by the latter.
 */
export function filterArguments(field: EntityField, aggregated = false): FilterArgument[] {
  const found: FilterArgument[] = [];
  const scalar = filterScalar(field);
  if (field.derivedFrom === undefined) {
    const operators = aggregated ? aggregationOperators(field, scalar) : operatorsOf(field, scalar);
    for (const operator of operators) {
      const isList = field.isList || operator === 'in' || operator === 'not_in';
      const name = operator === '' ? field.name : `${field.name}_${operator}`;
      found.push({ kind: 'operator', name, field, operator, scalar, isList });
    }
  }
  if (field.reference !== undefined) {
    found.push({ kind: 'child', name: `${field.name}_`, field, type: field.reference });
  }
  return found;
}

/** The arguments that `where` has for an aggregation: `id`, `timestamp` and dimensions. */
export function aggregationFilterArguments(aggregation: Aggregation): FilterArgument[] {
  return aggregation.fields
    .filter(({ name }) => !aggregation.aggregates.some(({ field }) => field === name))
    .flatMap((field) => filterArguments(field, true));
}

/** The fields of an aggregation in graph-node's order of `orderBy`: aggregates come last. */
export function aggregationOrderFields({ fields, aggregates }: Aggregation): EntityField[] {
  const isAggregate = ({ name }: EntityField) => aggregates.some(({ field }) => field === name);
  return [...fields.filter((field) => !isAggregate(field)), ...fields.filter(isAggregate)];
}

function aggregationOperators(field: EntityField, scalar: string): readonly FilterOperator[] {
  if (field.isList) return operatorsOf(field, scalar);
  return AGGREGATION_NUMBERS.has(scalar) && !field.isEnum ? AGGREGATION_ORDERED : [''];
}

function operatorsOf(field: EntityField, scalar: string): readonly FilterOperator[] {
  if (field.isList) {
    // Case means something for text only: lists of String, and of references by text ids.
    const nocase = field.reference === undefined ? field.typeName === 'String' : field.kind === 'String';
    return nocase && !field.isEnum ? LIST_NOCASE : LIST;
  }
  return field.isEnum ? EQUALITY : (SCALAR_OPERATORS[scalar] ?? ['', 'not']);
}

/** Type of one value of a field in filters: ids of referenced entities are strings, Int8 ids `Int`, as graph-node has them. */
function filterScalar(field: EntityField): string {
  if (field.reference === undefined) return field.typeName;
  return field.kind === 'Int8' ? 'Int' : 'String';
}

/** Values of `orderBy` for a list of fields: each field, and one level below each single reference `field__child`. */
export function orderByValues(schema: EntitySchema, fields: readonly EntityField[]): string[] {
  return fields.flatMap((field) => {
    if (field.reference === undefined || field.isList) return [field.name];
    const target = schema.entities.get(field.reference) ?? schema.interfaces.get(field.reference);
    const below = (target?.fields ?? []).filter((child) => !child.isList && child.reference === undefined);
    return [field.name, ...below.map((child) => `${field.name}__${child.name}`)];
  });
}
