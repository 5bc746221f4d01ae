// What a form needs of JSON Schema: fields to fill in, a value to begin with, and mistakes told while somebody types. The platform checks
// every input again with the whole of JSON Schema 2020-12; keywords that are not known here are left to it.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly Json[];
  readonly const?: Json;
  readonly default?: Json;
  readonly properties?: { readonly [name: string]: JsonSchema };
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** How a property is filled in: by a field of its own, or as JSON when it is a list or an object. */
export type FieldKind = 'text' | 'number' | 'integer' | 'boolean' | 'choice' | 'json';

export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

const isObject = (value: unknown): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function typesOf({ type }: JsonSchema): readonly string[] {
  return type === undefined ? [] : typeof type === 'string' ? [type] : type;
}

function kindOf(schema: JsonSchema): FieldKind {
  if (schema.enum) return 'choice';
  const [first, ...others] = typesOf(schema).filter((type) => type !== 'null');
  if (others.length > 0) return 'json';
  if (first === 'string') return 'text';
  if (first === 'number' || first === 'integer' || first === 'boolean') return first;
  return 'json';
}

/** The fields of a schema that is an object with properties; null when it is anything else, to be written as JSON. */
export function fieldsOf(schema: JsonSchema): readonly Field[] | null {
  if (!schema.properties || (schema.type !== undefined && schema.type !== 'object')) return null;
  const required = new Set(schema.required);
  return Object.entries(schema.properties).map(([name, property]) => ({
    name,
    kind: kindOf(property),
    required: required.has(name),
    schema: property,
  }));
}

/** A value to begin with: what the schema says as default, else the least that has its shape. */
export function sampleOf(schema: JsonSchema): Json {
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0] ?? null;
  switch (typesOf(schema)[0] ?? (schema.properties ? 'object' : undefined)) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).flatMap((name) => {
          const property = schema.properties?.[name];
          return property ? [[name, sampleOf(property)]] : [];
        }),
      );
    case 'array':
      return Array.from({ length: Math.min(schema.minItems ?? 0, 16) }, () => sampleOf(schema.items ?? {}));
    case 'string':
      return '';
    case 'integer':
    case 'number':
      return Math.max(
        schema.minimum ?? 0,
        schema.exclusiveMinimum === undefined ? 0 : schema.exclusiveMinimum + 1,
      );
    case 'boolean':
      return false;
    default:
      return null;
  }
}

function matchesType(type: string, value: Json): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

const nameOf = (type: string) =>
  type === 'integer'
    ? 'a whole number'
    : type === 'object'
      ? 'an object'
      : type === 'array'
        ? 'a list'
        : type === 'string'
          ? 'text'
          : type === 'boolean'
            ? 'true or false'
            : type === 'null'
              ? 'null'
              : 'a number';

/** At most `most` mistakes of a value, each with its place; empty when none is seen. */
export function mistakesOf(schema: JsonSchema, value: Json, most = 5): readonly string[] {
  const found: string[] = [];
  check(schema, value, '', found, most);
  return found;
}

function check(schema: JsonSchema, value: Json, at: string, found: string[], most: number): void {
  if (found.length >= most) return;
  const say = (what: string) => found.push(`${at || 'the input'} ${what}`);
  const types = typesOf(schema);
  if (types.length > 0 && !types.some((type) => matchesType(type, value))) {
    say(`must be ${types.map(nameOf).join(' or ')}`);
    return;
  }
  const same = (other: Json) => JSON.stringify(other) === JSON.stringify(value);
  if (schema.enum && !schema.enum.some(same))
    say(`must be one of ${schema.enum.map((one) => JSON.stringify(one)).join(', ')}`);
  if (schema.const !== undefined && !same(schema.const)) say(`must be ${JSON.stringify(schema.const)}`);
  if (typeof value === 'number') checkNumber(schema, value, say);
  else if (typeof value === 'string') checkText(schema, value, say);
  else if (Array.isArray(value)) {
    const items = value as readonly Json[];
    if (schema.minItems !== undefined && items.length < schema.minItems)
      say(`must have at least ${schema.minItems} items`);
    if (schema.maxItems !== undefined && items.length > schema.maxItems)
      say(`must have at most ${schema.maxItems} items`);
    if (schema.items) {
      for (const [index, item] of items.entries()) check(schema.items, item, `${at}[${index}]`, found, most);
    }
  } else if (isObject(value)) checkObject(schema, value, at, found, most);
}

function checkNumber(schema: JsonSchema, value: number, say: (what: string) => void): void {
  if (schema.minimum !== undefined && value < schema.minimum) say(`must be ${schema.minimum} or more`);
  if (schema.maximum !== undefined && value > schema.maximum) say(`must be ${schema.maximum} or less`);
  if (schema.exclusiveMinimum !== undefined && value <= schema.exclusiveMinimum)
    say(`must be more than ${schema.exclusiveMinimum}`);
  if (schema.exclusiveMaximum !== undefined && value >= schema.exclusiveMaximum)
    say(`must be less than ${schema.exclusiveMaximum}`);
}

function checkText(schema: JsonSchema, value: string, say: (what: string) => void): void {
  const length = [...value].length;
  if (schema.minLength !== undefined && length < schema.minLength)
    say(schema.minLength === 1 ? 'must not be empty' : `must have at least ${schema.minLength} characters`);
  if (schema.maxLength !== undefined && length > schema.maxLength)
    say(`must have at most ${schema.maxLength} characters`);
  // A pattern is a stranger's regular expression: only short texts are put to it here.
  if (schema.pattern !== undefined && length <= 200 && !patternOf(schema.pattern)?.test(value))
    say(`must match ${schema.pattern}`);
}

function patternOf(source: string): RegExp | null {
  try {
    return new RegExp(source, 'u');
  } catch {
    return /(?:)/;
  }
}

function checkObject(
  schema: JsonSchema,
  value: { readonly [key: string]: Json },
  at: string,
  found: string[],
  most: number,
): void {
  const inside = (name: string) => (at ? `${at}.${name}` : name);
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name) && found.length < most) found.push(`${inside(name)} is missing`);
  }
  for (const [name, item] of Object.entries(value)) {
    const property = schema.properties?.[name];
    if (property) check(property, item, inside(name), found, most);
    else if (schema.additionalProperties === false) {
      if (found.length < most) found.push(`${inside(name)} is not known: leave it out`);
    } else if (isObject(schema.additionalProperties))
      check(schema.additionalProperties as JsonSchema, item, inside(name), found, most);
  }
}
