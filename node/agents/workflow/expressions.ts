// Values of a workflow that depend on earlier ones: JSON in which "${path}" stands for a value and { "$op": … } for an operation. There is
// no code in it: every expression ends, what it refers to is known before anything runs, and each step of it is counted.
import { AiosError } from '#node/platform/errors.ts';
import type { Json } from '../runtime/runtime.ts';

/** Where a value comes from. `path` are the steps from there. */
export interface Reference {
  readonly root: 'input' | 'nodes' | 'item' | 'index' | 'output';
  /** Of `nodes`: which. */
  readonly node?: string;
  readonly path: readonly (string | number)[];
  /** As it was written. */
  readonly text: string;
}

export type Expression =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'reference'; readonly reference: Reference }
  | { readonly kind: 'text'; readonly parts: readonly (string | Reference)[] }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string, Expression])[] }
  | { readonly kind: 'operation'; readonly operator: Operator; readonly operands: readonly Expression[] };

/** What references are looked up in. */
export interface Scope {
  readonly input: Json;
  readonly nodes: ReadonlyMap<string, Json>;
  readonly item?: Json;
  readonly index?: number;
  readonly output?: Json;
}

/** Least and most operands. */
const OPERATORS = {
  eq: [2, 2],
  ne: [2, 2],
  lt: [2, 2],
  le: [2, 2],
  gt: [2, 2],
  ge: [2, 2],
  in: [2, 2],
  and: [1, 32],
  or: [1, 32],
  not: [1, 1],
  first: [1, 32],
  length: [1, 1],
  sum: [1, 32],
  product: [1, 32],
} as const satisfies Record<string, readonly [number, number]>;
export type Operator = keyof typeof OPERATORS;

const ROOTS = new Set(['input', 'nodes', 'item', 'index', 'output']);
const SEGMENT = /^(?:\.([A-Za-z_][A-Za-z0-9_-]*)|\[(\d{1,6})\]|\[("(?:[^"\\]|\\.)*")\])/;
const HOLE = /\$\$\{|\$\{([^}]*)\}/g;
/** Expressions in expressions. */
const MOST_DEPTH = 32;
/** Characters that one evaluation may build. */
export const MOST_VALUE_BYTES = 1 << 20;

function refuse(field: string, message: string): never {
  throw new AiosError('WORKFLOW_INVALID', `${field}: ${message}`, { details: { field } });
}

function parseReference(field: string, text: string): Reference {
  const trimmed = text.trim();
  const root = /^[a-z]+/.exec(trimmed)?.[0] ?? '';
  if (!ROOTS.has(root))
    refuse(
      field,
      `\${${text.slice(0, 80)}} begins with none of ${[...ROOTS].join(', ')}: write something like \${input.sku} or \${nodes.price.amount}`,
    );
  const path: (string | number)[] = [];
  let rest = trimmed.slice(root.length);
  while (rest !== '') {
    const segment = SEGMENT.exec(rest);
    if (!segment)
      refuse(
        field,
        `\${${text.slice(0, 80)}}: ${JSON.stringify(rest.slice(0, 20))} is no step of a path: use .name, [0] or ["any name"]`,
      );
    const [whole, name, index, quoted] = segment;
    path.push(name ?? (index === undefined ? (JSON.parse(quoted ?? '""') as string) : Number(index)));
    rest = rest.slice(whole.length);
  }
  if (root !== 'nodes') return { root: root as Reference['root'], path, text: trimmed };
  const [node, ...below] = path;
  if (typeof node !== 'string')
    refuse(field, `\${${text.slice(0, 80)}} names no node: write \${nodes.NAME} or \${nodes.NAME.field}`);
  return { root, node, path: below, text: trimmed };
}

function parseText(field: string, text: string): Expression {
  const parts: (string | Reference)[] = [];
  let from = 0;
  for (const match of text.matchAll(HOLE)) {
    const before = text.slice(from, match.index);
    from = match.index + match[0].length;
    if (before) parts.push(before);
    // `$${` is how `${` itself is written.
    parts.push(match[1] === undefined ? '${' : parseReference(field, match[1]));
  }
  if (from < text.length) parts.push(text.slice(from));
  if (parts.every((part) => typeof part === 'string')) return { kind: 'literal', value: parts.join('') };
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'object') return { kind: 'reference', reference: only };
  return { kind: 'text', parts };
}

/** @throws AiosError WORKFLOW_INVALID naming the field and the fix */
export function parseExpression(field: string, value: Json, depth = 0): Expression {
  if (depth > MOST_DEPTH) refuse(field, `it nests deeper than ${MOST_DEPTH} levels: flatten it`);
  if (typeof value === 'string') return parseText(field, value);
  if (value === null || typeof value !== 'object') return { kind: 'literal', value };
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item, at) =>
      parseExpression(`${field}[${at}]`, item, depth + 1),
    );
    return { kind: 'array', items };
  }
  const entries = Object.entries(value as Readonly<Record<string, Json>>);
  const operation = entries.find(([key]) => key.startsWith('$'));
  if (!operation) {
    return {
      kind: 'object',
      entries: entries.map(([key, item]) => [key, parseExpression(`${field}.${key}`, item, depth + 1)]),
    };
  }
  const [key, operand] = operation;
  if (entries.length > 1)
    refuse(`${field}.${key}`, 'an operation stands alone in its object: move the other keys away');
  const operator = key.slice(1);
  if (operator === 'literal') return { kind: 'literal', value: operand };
  if (!Object.hasOwn(OPERATORS, operator))
    refuse(
      `${field}.${key}`,
      `there is no such operation. There are: ${[...Object.keys(OPERATORS), 'literal'].map((name) => `$${name}`).join(', ')}; a value with this key goes into { "$literal": … }`,
    );
  const [least, most] = OPERATORS[operator as Operator];
  const operands = Array.isArray(operand) && most > 1 ? (operand as readonly Json[]) : [operand];
  if (operands.length < least || operands.length > most)
    refuse(
      `${field}.${key}`,
      `it takes ${least === most ? least : `${least} to ${most}`} values in an array, not ${operands.length}`,
    );
  return {
    kind: 'operation',
    operator: operator as Operator,
    operands: operands.map((item, at) => parseExpression(`${field}.${key}[${at}]`, item, depth + 1)),
  };
}

/** All that an expression refers to. */
export function referencesOf(expression: Expression): readonly Reference[] {
  switch (expression.kind) {
    case 'literal':
      return [];
    case 'reference':
      return [expression.reference];
    case 'text':
      return expression.parts.filter((part): part is Reference => typeof part === 'object');
    case 'array':
      return expression.items.flatMap(referencesOf);
    case 'object':
      return expression.entries.flatMap(([, value]) => referencesOf(value));
    case 'operation':
      return expression.operands.flatMap(referencesOf);
  }
}

/** Evaluates within a budget of steps, which the caller reads afterwards. */
export class Evaluation {
  readonly #scope: Scope;
  readonly #field: string;
  #bytes = 0;
  /** Parts of expressions looked at. */
  steps = 0;

  constructor(field: string, scope: Scope) {
    this.#field = field;
    this.#scope = scope;
  }

  /** @throws AiosError EXPRESSION_FAILED naming the field */
  value(expression: Expression): Json {
    this.steps += 1;
    switch (expression.kind) {
      case 'literal':
        return this.#built(expression.value);
      case 'reference':
        return this.#built(this.#look(expression.reference));
      case 'text': {
        const texts = expression.parts.map((part) => {
          if (typeof part === 'string') return part;
          const value = this.#look(part);
          return typeof value === 'string' ? value : JSON.stringify(value);
        });
        return this.#built(texts.join(''));
      }
      case 'array':
        return expression.items.map((item) => this.value(item));
      case 'object':
        return Object.fromEntries(expression.entries.map(([key, value]) => [key, this.value(value)]));
      case 'operation':
        return this.#operate(expression.operator, expression.operands);
    }
  }

  /** A value that must be true or false. */
  condition(expression: Expression): boolean {
    return this.#boolean(this.value(expression), 'a condition');
  }

  #look({ root, node, path }: Reference): Json {
    const { input, nodes, item, index, output } = this.#scope;
    let value: Json | undefined =
      root === 'nodes' ? nodes.get(node ?? '') : { input, item, index, output }[root];
    for (const step of path) {
      this.steps += 1;
      if (value === null || typeof value !== 'object') return null;
      // An array's length is no value of it, whatever JavaScript says.
      const there = Object.hasOwn(value, step) && (typeof step === 'number' || !Array.isArray(value));
      value = there ? (value as Readonly<Record<string, Json>>)[step] : undefined;
    }
    return value ?? null;
  }

  /** A reference costs nothing until it is written out, often: what is written out is counted here. */
  #built(value: Json): Json {
    this.#bytes += jsonSize(value, MOST_VALUE_BYTES - this.#bytes);
    if (this.#bytes > MOST_VALUE_BYTES)
      this.#fail(`it becomes larger than ${MOST_VALUE_BYTES} bytes: refer to less`);
    return value;
  }

  #operate(operator: Operator, operands: readonly Expression[]): Json {
    const at = (index: number): Json => this.value(operands[index] as Expression);
    switch (operator) {
      case 'eq':
        return sameJson(at(0), at(1));
      case 'ne':
        return !sameJson(at(0), at(1));
      case 'lt':
      case 'le':
      case 'gt':
      case 'ge':
        return this.#compare(operator, at(0), at(1));
      case 'in': {
        const sought = at(0);
        const list = at(1);
        if (!Array.isArray(list)) this.#fail('$in looks in an array');
        return (list as readonly Json[]).some((item) => sameJson(item, sought));
      }
      case 'and':
        return operands.every((operand) => this.#boolean(this.value(operand), '$and'));
      case 'or':
        return operands.some((operand) => this.#boolean(this.value(operand), '$or'));
      case 'not':
        return !this.#boolean(at(0), '$not');
      case 'first': {
        for (const operand of operands) {
          const value = this.value(operand);
          if (value !== null) return value;
        }
        return null;
      }
      case 'length': {
        const value = at(0);
        if (typeof value !== 'string' && !Array.isArray(value))
          this.#fail('$length counts a text or an array');
        return (value as string | readonly Json[]).length;
      }
      case 'sum':
        return this.#numbers(operands, '$sum').reduce((sum, number) => sum + number, 0);
      case 'product':
        return this.#numbers(operands, '$product').reduce((product, number) => product * number, 1);
    }
  }

  #compare(operator: 'lt' | 'le' | 'gt' | 'ge', left: Json, right: Json): boolean {
    const comparable =
      (typeof left === 'number' && typeof right === 'number') ||
      (typeof left === 'string' && typeof right === 'string');
    if (!comparable)
      this.#fail(`$${operator} compares two numbers or two texts, not ${kindOf(left)} and ${kindOf(right)}`);
    const [a, b] = [left as number, right as number];
    return { lt: a < b, le: a <= b, gt: a > b, ge: a >= b }[operator];
  }

  #numbers(operands: readonly Expression[], name: string): readonly number[] {
    // One operand may be a list of them all.
    const values = operands
      .map((operand) => this.value(operand))
      .flatMap((value) => (Array.isArray(value) ? (value as readonly Json[]) : [value]));
    this.steps += values.length;
    return values.map((value) => {
      if (typeof value !== 'number') this.#fail(`${name} takes numbers, not ${kindOf(value)}`);
      return value;
    });
  }

  #boolean(value: Json, name: string): boolean {
    if (typeof value !== 'boolean') this.#fail(`${name} is true or false, not ${kindOf(value)}`);
    return value;
  }

  #fail(message: string): never {
    throw new AiosError('EXPRESSION_FAILED', `${this.#field}: ${message}`, {
      details: { field: this.#field },
    });
  }
}

export function kindOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** About how many bytes a value has as JSON; stops counting beyond `most`. */
export function jsonSize(value: Json, most: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (value === null || typeof value !== 'object') return 8;
  let size = 2;
  for (const [key, item] of Object.entries(value)) {
    size += (Array.isArray(value) ? 1 : key.length + 4) + jsonSize(item as Json, most - size);
    if (size > most) break;
  }
  return size;
}

/** Equal as JSON: the order of keys does not matter. */
export function sameJson(left: Json, right: Json): boolean {
  if (left === right) return true;
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const [a, b] = [left as Readonly<Record<string, Json>>, right as Readonly<Record<string, Json>>];
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key] as Json, b[key] as Json))
  );
}
