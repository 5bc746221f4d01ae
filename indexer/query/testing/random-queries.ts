// Random queries over the gallery: selections with fragments and aliases, every filter operator, orderings, paging and blocks.
import fc from 'fast-check';
import type { EntityField, EntitySchema } from '#indexer/model.ts';
import { BYTES, DECIMALS, HEAD, INT8S, INTEGERS, SMALL, STRINGS, THINGS, TIMES } from './gallery.ts';
import type { ListArgs, Selection, Where } from './oracle.ts';

/** A query with one root field. */
export interface RandomQuery {
  readonly type: string;
  readonly single: boolean;
  readonly selection: Selection;
}

const ORDERED = ['', 'not', 'gt', 'lt', 'gte', 'lte'];
const TEXT = ['contains', 'starts_with', 'ends_with'].flatMap((name) => [
  name,
  `${name}_nocase`,
  `not_${name}`,
  `not_${name}_nocase`,
]);

const pick = <T>(values: readonly T[]) => fc.constantFrom(...values);
const decimals = DECIMALS.map(([digits, exp]) =>
  exp >= 0 ? (digits * 10n ** BigInt(exp)).toString() : decimalText(digits, -exp),
);

function decimalText(digits: bigint, places: number): string {
  const sign = digits < 0n ? '-' : '';
  const text = (digits < 0n ? -digits : digits).toString().padStart(places + 1, '0');
  return `${sign}${text.slice(0, -places)}.${text.slice(-places)}`;
}

/** Values of a field's kind, as the API takes them. */
function values(field: EntityField): fc.Arbitrary<unknown> {
  if (field.isEnum) return pick(['RED', 'GREEN', 'BLUE']);
  if (field.reference === 'User' || (field.name === 'id' && field.kind === 'ID'))
    return pick(['u0', 'u1', 'U3', 'ü5', 'nobody']);
  if (field.reference !== undefined || field.name === 'id') return pick(THINGS);
  switch (field.kind) {
    case 'Int':
      return pick(SMALL);
    case 'Int8':
      return pick(INT8S.map(String));
    case 'Timestamp':
      return pick(TIMES.map(String));
    case 'BigInt':
      return pick(INTEGERS.map(String));
    case 'BigDecimal':
      return pick(decimals);
    case 'Boolean':
      return fc.boolean();
    case 'Bytes':
      return pick(BYTES);
    default:
      // A backslash at the end of a pattern is an error, tested apart.
      return pick([...STRINGS.filter((text) => !text.includes('\\')), '%', 'a%', '_', 'B']);
  }
}

function operatorsOf(field: EntityField): readonly string[] {
  if (field.isList) {
    const text = field.kind === 'String' || field.kind === 'ID';
    return [
      '',
      'not',
      'contains',
      'not_contains',
      ...(text ? ['contains_nocase', 'not_contains_nocase'] : []),
    ];
  }
  if (field.isEnum || field.kind === 'Boolean') return ['', 'not', 'in', 'not_in'];
  if (field.reference === 'User') return [...ORDERED, 'in', 'not_in', ...TEXT];
  if (field.reference !== undefined) return [...ORDERED, 'in', 'not_in'];
  if (field.kind === 'String') return [...ORDERED, 'in', 'not_in', ...TEXT];
  if (field.kind === 'Bytes') return [...ORDERED, 'in', 'not_in', 'contains', 'not_contains'];
  return [...ORDERED, 'in', 'not_in'];
}

function fieldsOf(schema: EntitySchema, type: string): readonly EntityField[] {
  return (schema.entities.get(type) ?? schema.interfaces.get(type))?.fields ?? [];
}

function condition(schema: EntitySchema, field: EntityField, depth: number): fc.Arbitrary<Where> {
  const choices: fc.Arbitrary<Where>[] = [];
  if (field.derivedFrom === undefined) {
    for (const operator of operatorsOf(field)) {
      const key = operator === '' ? field.name : `${field.name}_${operator}`;
      const isList = field.isList || operator === 'in' || operator === 'not_in';
      const value = isList ? fc.array(values(field), { maxLength: 3 }) : values(field);
      const nullable = operator === '' || operator === 'not';
      choices.push(
        (nullable ? fc.option(value, { nil: null, freq: 6 }) : value).map((one) => ({ [key]: one })),
      );
    }
  }
  if (field.reference !== undefined && depth > 0) {
    const { reference } = field;
    choices.push(where(schema, reference, depth - 1).map((below) => ({ [`${field.name}_`]: below })));
  }
  return choices.length === 0 ? fc.constant({}) : fc.oneof(...choices);
}

function where(schema: EntitySchema, type: string, depth: number): fc.Arbitrary<Where> {
  const one = pick(fieldsOf(schema, type)).chain((field) => condition(schema, field, depth));
  const flat = fc.array(one, { maxLength: 2 }).map((parts) => Object.assign({}, ...parts) as Where);
  if (depth === 0) return flat;
  const several = fc.array(where(schema, type, depth - 1), { maxLength: 3 });
  return fc.oneof(
    { weight: 5, arbitrary: flat },
    { weight: 1, arbitrary: several.map((parts) => ({ or: parts })) },
    { weight: 1, arbitrary: fc.tuple(flat, several).map(([base, parts]) => ({ ...base, and: parts })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(flat, fc.integer({ min: 0, max: HEAD + 1 }))
        .map(([base, number_gte]) => ({ ...base, _change_block: { number_gte } })),
    },
  );
}

function orderings(schema: EntitySchema, type: string): string[] {
  return fieldsOf(schema, type).flatMap((field) => {
    if (field.isList) return [];
    const own = field.derivedFrom === undefined ? [field.name] : [];
    if (field.reference === undefined) return own;
    const below = fieldsOf(schema, field.reference).filter(
      (child) => !child.isList && child.reference === undefined,
    );
    return [...own, ...below.map((child) => `${field.name}__${child.name}`)];
  });
}

function listArgs(schema: EntitySchema, type: string): fc.Arbitrary<ListArgs> {
  return fc.record(
    {
      first: fc.integer({ min: 1, max: 4 }),
      skip: fc.integer({ min: 0, max: 2 }),
      orderBy: pick(orderings(schema, type)),
      orderDirection: pick(['asc', 'desc'] as const),
      where: where(schema, type, 2),
    },
    { requiredKeys: [] },
  );
}

type Below = Selection & { readonly on?: string };

function below(schema: EntitySchema, type: string, depth: number): fc.Arbitrary<readonly Below[]> {
  const on = (name: string): fc.Arbitrary<Below> =>
    pick(fieldsOf(schema, name).filter((field) => depth > 0 || field.reference === undefined)).chain(
      (field) =>
        selectionOf(schema, field, depth).map((selection) =>
          name === type ? selection : { ...selection, on: name },
        ),
    );
  const implementers = schema.interfaces.get(type)?.implementers ?? [];
  const field = fc.oneof(on(type), ...implementers.map(on));
  const typename: Below = { key: '__typename', name: '__typename', args: {}, below: [] };
  return fc.array(field, { minLength: 1, maxLength: 4 }).map((fields) =>
    // Keys are made unique, as fields of one key would have to agree.
    [...fields.map((one, index) => ({ ...one, key: `${one.name}_${index}` })), typename],
  );
}

function selectionOf(schema: EntitySchema, field: EntityField, depth: number): fc.Arbitrary<Selection> {
  const base = { key: field.name, name: field.name };
  if (field.reference === undefined) return fc.constant({ ...base, args: {}, below: [] });
  const { reference } = field;
  return fc.record({
    key: fc.constant(field.name),
    name: fc.constant(field.name),
    args: field.isList ? listArgs(schema, reference) : fc.constant({}),
    below: below(schema, reference, depth - 1),
  });
}

const ROOTS: Readonly<Record<string, readonly [singular: string, plural: string]>> = {
  User: ['user', 'users'],
  Item: ['item', 'items'],
  Badge: ['badge', 'badges'],
  Profile: ['profile', 'profiles'],
  Thing: ['thing', 'things'],
};

/** A random query of the gallery. */
export function randomQuery(schema: EntitySchema): fc.Arbitrary<RandomQuery> {
  const block = fc.option(fc.integer({ min: 0, max: HEAD }), { nil: undefined, freq: 2 });
  return pick(Object.keys(ROOTS)).chain((type) => {
    const [singular, plural] = ROOTS[type] as readonly [string, string];
    const ids = type === 'User' || type === 'Profile' ? ['u0', 'u1', 'nobody'] : THINGS;
    const many = fc.record({ args: listArgs(schema, type), block, below: below(schema, type, 3) });
    const one = fc.record({ id: pick(ids), block, below: below(schema, type, 3) });
    return fc.oneof(
      {
        weight: 5,
        arbitrary: many.map((made) => ({
          type,
          single: false,
          selection: {
            key: plural,
            name: plural,
            args: { ...made.args, block: made.block },
            below: made.below,
          },
        })),
      },
      {
        weight: 1,
        arbitrary: one.map((made) => ({
          type,
          single: true,
          selection: {
            key: singular,
            name: singular,
            args: { id: made.id, block: made.block },
            below: made.below,
          },
        })),
      },
    );
  });
}

/** The query as a document. */
export function printQuery({ selection }: RandomQuery): string {
  return `{ ${printSelection(selection)} }`;
}

function printSelection(selection: Below): string {
  const args = Object.entries(selection.args)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) =>
      name === 'block' ? `block: { number: ${value} }` : `${name}: ${literal(name, value)}`,
    );
  const own =
    `${selection.key}: ${selection.name}` +
    (args.length > 0 ? `(${args.join(', ')})` : '') +
    (selection.below.length > 0 ? ` { ${selection.below.map(printSelection).join(' ')} }` : '');
  return selection.on === undefined ? own : `... on ${selection.on} { ${own} }`;
}

/** Enum values are told by their names, which no other string of the gallery has. */
const ENUM_VALUES = new Set(['RED', 'GREEN', 'BLUE']);

function literal(name: string, value: unknown): string {
  if (name === 'orderBy' || name === 'orderDirection') return String(value);
  if (typeof value === 'string') return ENUM_VALUES.has(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => literal('', item)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${key}: ${literal(key === 'orderBy' ? '' : key, item)}`)
      .join(', ')} }`;
  }
  return String(value);
}
