// The query API a second time, over versions in memory and without SQL: what PostgreSQL's answers are compared with.
import type {
  BigDecimal,
  BlockOutcome,
  EntityData,
  EntityField,
  EntitySchema,
  Value,
} from '#indexer/model.ts';
import { bigDecimalText, idText } from '#indexer/store/codec.ts';

/** One field of a query. */
export interface Selection {
  readonly key: string;
  readonly name: string;
  readonly args: ListArgs;
  /** Of entities: fields by entity type, as fragments narrow them; `*` for all types. */
  readonly below: readonly (Selection & { readonly on?: string })[];
}

export interface ListArgs {
  readonly id?: string;
  readonly first?: number;
  readonly skip?: number;
  readonly orderBy?: string;
  readonly orderDirection?: 'asc' | 'desc';
  readonly where?: Where;
  readonly block?: number;
}

export type Where = Readonly<Record<string, unknown>>;

interface Version {
  readonly type: string;
  readonly id: string;
  readonly from: number;
  to: number;
  readonly data: EntityData;
}

/** SQL's three truth values. */
type Truth = boolean | null;

const and = (truths: readonly Truth[]): Truth =>
  truths.includes(false) ? false : truths.includes(null) ? null : true;
const or = (truths: readonly Truth[]): Truth =>
  truths.includes(true) ? true : truths.includes(null) ? null : false;
const not = (truth: Truth): Truth => (truth === null ? null : !truth);

export class Oracle {
  readonly #schema: EntitySchema;
  readonly #versions: Version[] = [];

  constructor(schema: EntitySchema, blocks: readonly BlockOutcome[]) {
    this.#schema = schema;
    for (const { block, modifications } of blocks) {
      for (const { type, id, data } of modifications) {
        const text = idText(id);
        const open = this.#versions.find(
          (version) => version.type === type && version.id === text && version.to === Infinity,
        );
        if (open) open.to = block.number;
        if (data)
          this.#versions.push({ type, id: text, from: block.number, to: Infinity, data: { ...data, id } });
      }
    }
  }

  /** The answer to a root field. */
  root(selection: Selection, type: string, single: boolean, head: number): unknown {
    const block = selection.args.block ?? head;
    if (!single) return this.#list(this.#all(type, block), type, selection, block);
    const found = this.#all(type, block).find(({ id }) => id === selection.args.id);
    return found ? this.#object(found, selection, block) : null;
  }

  #types(type: string): readonly string[] {
    return this.#schema.interfaces.get(type)?.implementers ?? [type];
  }

  #all(type: string, block: number): Version[] {
    const types = this.#types(type);
    return this.#versions.filter(
      (version) => types.includes(version.type) && version.from <= block && block < version.to,
    );
  }

  #field(type: string, name: string): EntityField {
    const owner = this.#schema.entities.get(type) ?? this.#schema.interfaces.get(type);
    const field = owner?.fields.find((candidate) => candidate.name === name);
    if (!field) throw new Error(`no field ${type}.${name}`);
    return field;
  }

  #list(rows: Version[], type: string, selection: Selection, block: number): unknown[] {
    const { first = 100, skip = 0, orderBy, orderDirection = 'asc', where } = selection.args;
    const kept = where ? rows.filter((row) => this.#matches(row, where, block) === true) : [...rows];
    const sign = orderBy !== undefined && orderDirection === 'desc' ? -1 : 1;
    const keys = new Map(kept.map((row) => [row, orderBy ? this.#sortKey(row, type, orderBy, block) : null]));
    kept.sort((a, b) => {
      const [left, right] = [keys.get(a) ?? null, keys.get(b) ?? null];
      // Nulls count as larger than everything.
      const byKey =
        left === null || right === null
          ? Number(left === null) - Number(right === null)
          : compare(left, right);
      return sign * (byKey || compare(a.data.id as Value, b.data.id as Value));
    });
    return kept.slice(skip, skip + first).map((row) => this.#object(row, selection, block));
  }

  #sortKey(row: Version, type: string, orderBy: string, block: number): Value {
    const [name = '', child] = orderBy.split('__');
    if (child === undefined) return row.data[name] ?? null;
    const [related] = this.#related(row, this.#field(type, name), block).sort((a, b) => compare(a.id, b.id));
    return related?.data[child] ?? null;
  }

  /** The entities a field leads to. */
  #related(row: Version, field: EntityField, block: number): Version[] {
    const targets = this.#all(field.reference ?? '', block);
    if (field.derivedFrom !== undefined) {
      const back = field.derivedFrom;
      return targets.filter((target) => idsIn(target.data[back]).includes(row.id));
    }
    const ids = idsIn(row.data[field.name]);
    return targets.filter((target) => ids.includes(target.id));
  }

  #object(row: Version, selection: Selection, block: number): Record<string, unknown> {
    const answer: Record<string, unknown> = {};
    for (const below of selection.below) {
      if (below.on !== undefined && !this.#types(below.on).includes(row.type)) continue;
      if (below.name === '__typename') {
        answer[below.key] = row.type;
        continue;
      }
      const field = this.#field(row.type, below.name);
      if (field.reference === undefined) {
        answer[below.key] = formatted(row.data[field.name] ?? null);
        continue;
      }
      const related = this.#related(row, field, block);
      answer[below.key] = field.isList
        ? this.#list(related, field.reference, below, block)
        : related[0]
          ? this.#object(related[0], below, block)
          : null;
    }
    return answer;
  }

  #matches(row: Version, where: Where, block: number): Truth {
    return and(Object.entries(where).map(([key, value]) => this.#condition(row, key, value, block)));
  }

  #condition(row: Version, key: string, value: unknown, block: number): Truth {
    if (key === 'and') return and((value as Where[]).map((part) => this.#matches(row, part, block)));
    if (key === 'or') return or((value as Where[]).map((part) => this.#matches(row, part, block)));
    if (key === '_change_block') return row.from >= (value as { number_gte: number }).number_gte;
    const fields = this.#schema.entities.get(row.type)?.fields ?? [];
    if (key.endsWith('_')) {
      const field = this.#field(row.type, key.slice(0, -1));
      return this.#related(row, field, block).some(
        (related) => this.#matches(related, value as Where, block) === true,
      );
    }
    // The longest field name that begins the key; what follows is the operator.
    const field = fields
      .filter(({ name }) => key === name || key.startsWith(`${name}_`))
      .sort((a, b) => b.name.length - a.name.length)[0];
    if (!field) throw new Error(`no field for ${key}`);
    const operator = key.slice(field.name.length + 1);
    const stored = row.data[field.name] ?? null;
    if (value === null) {
      if (operator === '') return stored === null;
      if (operator === 'not') return stored !== null;
      throw new Error(`${key}: null`);
    }
    if (field.isList) {
      const wanted = (value as unknown[]).map((item) => parsed(field, item));
      return listTruth(stored as readonly Value[] | null, operator, wanted);
    }
    if (stored === null && !(operator.endsWith('in') && (value as unknown[]).length === 0)) return null;
    if (operator === 'in' || operator === 'not_in') {
      const values = (value as unknown[]).map((item) => parsed(field, item));
      // Nothing is in an empty list, and nothing outside it.
      if (values.length === 0) return false;
      const found = values.some((item) => compare(item, stored) === 0);
      return operator === 'in' ? found : !found;
    }
    return scalarTruth(stored as Value, operator, parsed(field, value));
  }
}

function idsIn(value: Value | undefined): string[] {
  if (value === null || value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((item) => idText(item as string | Uint8Array));
}

/** A filter's value, as the API takes it, in the indexer's form. */
function parsed(field: EntityField, value: unknown): Value {
  switch (field.kind) {
    case 'Bytes':
      return new Uint8Array(Buffer.from(String(value).slice(2), 'hex'));
    case 'BigInt':
    case 'Int8':
    case 'Timestamp':
      return BigInt(String(value));
    case 'BigDecimal': {
      const [whole = '', fraction = ''] = String(value).split('.');
      return { digits: BigInt(whole + fraction), exp: -fraction.length };
    }
    default:
      return value as Value;
  }
}

function listTruth(stored: readonly Value[] | null, operator: string, wanted: readonly Value[]): Truth {
  const has = (items: readonly Value[], one: Value) => items.some((item) => compare(item, one) === 0);
  const nocase = (stored ?? []).some((item) => wanted.some((one) => like(String(item), String(one), true)));
  if (operator === 'contains_nocase') return nocase;
  if (operator === 'not_contains_nocase') return !nocase;
  if (stored === null) return null;
  const equal =
    stored.length === wanted.length &&
    stored.every((item, index) => compare(item, wanted[index] as Value) === 0);
  switch (operator) {
    case '':
      return equal;
    case 'not':
      return !equal;
    case 'contains':
      return wanted.every((one) => has(stored, one));
    case 'not_contains':
      return !wanted.some((one) => has(stored, one));
    default:
      throw new Error(operator);
  }
}

function scalarTruth(stored: Value, operator: string, value: Value): Truth {
  const order = () => compare(stored, value);
  if (operator.startsWith('not_')) return not(scalarTruth(stored, operator.slice(4), value));
  switch (operator) {
    case '':
      return order() === 0;
    case 'not':
      return order() !== 0;
    case 'gt':
      return order() > 0;
    case 'gte':
      return order() >= 0;
    case 'lt':
      return order() < 0;
    case 'lte':
      return order() <= 0;
  }
  if (stored instanceof Uint8Array) return Buffer.from(stored).includes(Buffer.from(value as Uint8Array));
  const text = String(value);
  const nocase = operator.endsWith('_nocase');
  const pattern = operator.startsWith('starts_with')
    ? `${text}%`
    : operator.startsWith('ends_with')
      ? `%${text}`
      : text.startsWith('%') || text.endsWith('%')
        ? text
        : `%${text}%`;
  return like(String(stored), pattern, nocase);
}

/** SQL's LIKE; in the C locale only ASCII letters have a case. */
function like(text: string, pattern: string, nocase: boolean): boolean {
  const fold = (one: string) => (nocase ? one.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : one);
  let source = '';
  const chars = [...fold(pattern)];
  for (let index = 0; index < chars.length; index++) {
    let char = chars[index] as string;
    if (char === '%') source += '[^]*';
    else if (char === '_') source += '[^]';
    else {
      if (char === '\\') char = chars[++index] ?? '';
      source += char.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    }
  }
  return new RegExp(`^${source}$`, 'u').test(fold(text));
}

/** PostgreSQL's order: text by code points, bytes by value, false before true, numbers as numbers. */
function compare(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  if (isDecimal(a) && isDecimal(b)) {
    const exp = Math.min(a.exp, b.exp);
    return compare(a.digits * 10n ** BigInt(a.exp - exp), b.digits * 10n ** BigInt(b.exp - exp));
  }
  const [left, right] = [a as number | bigint | boolean, b as number | bigint | boolean];
  return left < right ? -1 : left > right ? 1 : 0;
}

const isDecimal = (value: Value): value is BigDecimal =>
  typeof value === 'object' && value !== null && 'digits' in value;

function formatted(value: Value): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`;
  if (isDecimal(value)) return bigDecimalText(value);
  return Array.isArray(value) ? value.map(formatted) : value;
}
