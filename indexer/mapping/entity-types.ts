// Entity types prepared for the mapping: fields by name, in the order mappings see them, and the checks a written value must pass.
import type {
  BigDecimal,
  EntityData,
  EntityField,
  EntityId,
  EntitySchema,
  EntityType,
  ScalarKind,
  Value,
} from '#indexer/model.ts';
import { hexOf } from '../store/codec.ts';
import { hexBytes } from './abi.ts';
import { DeterministicError } from './failures.ts';

/** Kinds of store.Value. */
export const STORE_KIND = {
  String: 0,
  Int: 1,
  BigDecimal: 2,
  Bool: 3,
  Array: 4,
  Null: 5,
  Bytes: 6,
  BigInt: 7,
  Int8: 8,
  Timestamp: 9,
} as const;

const KIND_OF_SCALAR: Readonly<Record<ScalarKind, number>> = {
  ID: STORE_KIND.String,
  String: STORE_KIND.String,
  Int: STORE_KIND.Int,
  Int8: STORE_KIND.Int8,
  Timestamp: STORE_KIND.Timestamp,
  BigInt: STORE_KIND.BigInt,
  BigDecimal: STORE_KIND.BigDecimal,
  Boolean: STORE_KIND.Bool,
  Bytes: STORE_KIND.Bytes,
};

export const KIND_NAMES = [
  'String',
  'Int',
  'BigDecimal',
  'Boolean',
  'List',
  'Null',
  'Bytes',
  'BigInt',
  'Int8',
  'Timestamp',
];

export interface PreparedField {
  readonly name: string;
  readonly field: EntityField;
  /** store.Value kind of the value, or of a list's items. */
  readonly kind: number;
  readonly isList: boolean;
  readonly derived: boolean;
  /** Values of the enum, when it is one. */
  readonly allowed: ReadonlySet<string> | null;
  /** Position in `stored`; -1 for derived fields. */
  readonly slot: number;
}

export interface PreparedType {
  readonly name: string;
  readonly type: EntityType;
  /** Index among the schema's types: a cheap key. */
  readonly index: number;
  readonly byName: ReadonlyMap<string, PreparedField>;
  /** Fields with a column, sorted by name as mappings receive them. */
  readonly stored: readonly PreparedField[];
  /** Slots that must have a value. */
  readonly required: readonly PreparedField[];
}

/** One entity type; `enums` are the schema's. */
export function prepareType(type: EntityType, index: number, enums: EntitySchema['enums']): PreparedType {
  const byName = new Map<string, PreparedField>();
  const sorted = [...type.fields].sort((a, b) => (a.name < b.name ? -1 : 1));
  let slot = 0;
  for (const field of sorted) {
    const derived = field.derivedFrom !== undefined;
    byName.set(field.name, {
      name: field.name,
      field,
      kind: KIND_OF_SCALAR[field.kind],
      isList: field.isList,
      derived,
      allowed: field.isEnum ? new Set(enums.get(field.typeName)?.values ?? []) : null,
      slot: derived ? -1 : slot,
    });
    if (!derived) slot += 1;
  }
  const stored = [...byName.values()].filter((field) => !field.derived);
  return {
    name: type.name,
    type,
    index,
    byName,
    stored,
    required: stored.filter(({ field }) => field.nonNull),
  };
}

/** All entity types of a schema, by name. */
export function prepareTypes(schema: EntitySchema): Map<string, PreparedType> {
  return new Map(
    [...schema.entities.values()].map((type, index) => [type.name, prepareType(type, index, schema.enums)]),
  );
}

const HEX_ID = /^(0x)?([0-9a-fA-F]{2})*$/;

/** The id a mapping passes as text, in the type's own kind. */
export function parseId(type: PreparedType, text: string): EntityId {
  switch (type.type.idKind) {
    case 'String':
      return text;
    case 'Bytes':
      if (!HEX_ID.test(text))
        throw new DeterministicError(`can not convert \`${text}\` to an id of ${type.name}: Bytes needed`);
      return hexBytes(text.startsWith('0x') ? text : `0x${text}`);
    default:
      if (!/^[+-]?\d+$/.test(text) || BigInt.asIntN(64, BigInt(text)) !== BigInt(text)) {
        throw new DeterministicError(`can not convert \`${text}\` to an id of ${type.name}: Int8 needed`);
      }
      return BigInt(text);
  }
}

/** The key of an id text in caches: one spelling per id. */
export function idKey(type: PreparedType, text: string): string {
  if (type.type.idKind === 'String') return text;
  if (type.type.idKind === 'Int8') return String(parseId(type, text));
  const lower = text.toLowerCase();
  return lower.startsWith('0x') ? lower : `0x${lower}`;
}

/** The key of an id as stored. */
export function keyOf(id: EntityId): string {
  if (typeof id === 'string') return id;
  return typeof id === 'bigint' ? id.toString() : `0x${hexOf(id)}`;
}

const isDecimal = (value: object): value is BigDecimal => 'digits' in value && 'exp' in value;

export function valuesEqual(left: Value | undefined, right: Value | undefined): boolean {
  if (left === right) return true;
  if (left === null || left === undefined) return right === null || right === undefined;
  if (right === null || right === undefined) return false;
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  if (left instanceof Uint8Array) {
    if (!(right instanceof Uint8Array) || left.length !== right.length) return false;
    for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
    return true;
  }
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => valuesEqual(item, right[index]))
    );
  }
  return isDecimal(left) && isDecimal(right) && left.digits === right.digits && left.exp === right.exp;
}

export function entitiesEqual(type: PreparedType, left: EntityData, right: EntityData): boolean {
  for (const { name } of type.stored) if (!valuesEqual(left[name], right[name])) return false;
  return true;
}

/** A rough count of the bytes an entity takes in memory. */
export function entitySize(data: EntityData | null): number {
  if (data === null) return 64;
  let size = 128;
  for (const name in data) size += valueSize(data[name] as Value);
  return size;
}

function valueSize(value: Value): number {
  if (typeof value === 'string') return 32 + value.length;
  if (value instanceof Uint8Array) return 96 + value.length;
  if (typeof value === 'bigint') return 40;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + valueSize(item), 48);
  return value !== null && typeof value === 'object' ? 88 : 16;
}

/** @throws DeterministicError naming entity and field when a required field has no value */
export function requireComplete(type: PreparedType, id: string, data: EntityData): void {
  for (const { name } of type.required) {
    const value = data[name];
    if (value === undefined || value === null) {
      throw new DeterministicError(
        `Entity ${type.name}[${id}]: missing value for non-nullable field \`${name}\`: set it before save()`,
      );
    }
  }
}
