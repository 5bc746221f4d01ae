// Entities and contexts across the WASM boundary: store.Value enums and TypedMaps of them.
import type { BigDecimal, ContextLong, EntityData, Value } from '#indexer/model.ts';
import { type AscHeap, TYPE } from './asc-heap.ts';
import { MAX_EXPONENT, MIN_EXPONENT, normalize } from './big-decimal.ts';
import { KIND_NAMES, type PreparedField, type PreparedType, STORE_KIND } from './entity-types.ts';
import { DeterministicError } from './failures.ts';

/** Pointers that graph-node follows into one value. */
export const MAX_RECURSION = 128;

export function readBigDecimal(heap: AscHeap, pointer: number): BigDecimal {
  const digits = heap.readBigInt(heap.word(pointer, 0));
  const exponent = heap.readBigInt(heap.word(pointer, 4));
  const value = normalize(digits, Number(exponent));
  if (value.exp < MIN_EXPONENT || value.exp > MAX_EXPONENT) {
    throw new DeterministicError(
      `big decimal exponent \`${value.exp}\` is outside the \`${MIN_EXPONENT}\` to \`${MAX_EXPONENT}\` range`,
    );
  }
  return value;
}

export function writeBigDecimal(heap: AscHeap, value: BigDecimal): number {
  const digits = heap.writeBigInt(value.digits);
  return heap.struct(TYPE.BigDecimal, [digits, heap.writeSmallInt(value.exp)]);
}

/** The value of an enum of a known kind, lists excluded. */
function readScalar(heap: AscHeap, pointer: number, kind: number): Value {
  switch (kind) {
    case STORE_KIND.String:
      return heap.readString(heap.word(pointer, 8));
    case STORE_KIND.Int:
      return heap.word(pointer, 8) | 0;
    case STORE_KIND.BigDecimal:
      return readBigDecimal(heap, heap.word(pointer, 8));
    case STORE_KIND.Bool:
      return heap.word(pointer, 8) !== 0;
    case STORE_KIND.Null:
      return null;
    case STORE_KIND.Bytes:
      return heap.readBytes(heap.word(pointer, 8));
    case STORE_KIND.BigInt:
      return heap.readBigInt(heap.word(pointer, 8));
    case STORE_KIND.Int8:
    case STORE_KIND.Timestamp:
      return heap.readLong(pointer);
    default:
      throw new DeterministicError(`the mapping passed a store value of unknown kind ${kind}`);
  }
}

/** A value whatever its kind. `depth` is how many pointers were followed to it. */
export function readValue(heap: AscHeap, pointer: number, depth = 4): Value {
  if (depth > MAX_RECURSION) throw new DeterministicError('recursion limit reached');
  const kind = heap.word(pointer, 0);
  if (kind !== STORE_KIND.Array) return readScalar(heap, pointer, kind);
  return heap.readArray(heap.word(pointer, 8)).map((item) => readValue(heap, item, depth + 2));
}

function mismatch(type: PreparedType, field: PreparedField, kind: number): never {
  const wanted = field.isList ? `[${KIND_NAMES[field.kind]}]` : KIND_NAMES[field.kind];
  throw new DeterministicError(
    `Entity ${type.name}: the value for field \`${field.name}\` must have type ${wanted} but has type ${KIND_NAMES[kind]}`,
  );
}

function checkEnum(type: PreparedType, field: PreparedField, value: Value): void {
  if (field.allowed === null || typeof value !== 'string' || field.allowed.has(value)) return;
  throw new DeterministicError(
    `Entity ${type.name}: \`${value}\` is not a value of the enum ${field.field.typeName} (field \`${field.name}\`)`,
  );
}

function readField(heap: AscHeap, type: PreparedType, field: PreparedField, pointer: number): Value {
  const kind = heap.word(pointer, 0);
  if (kind === STORE_KIND.Null) return null;
  if (!field.isList) {
    if (kind !== field.kind) mismatch(type, field, kind);
    const value = readScalar(heap, pointer, kind);
    if (field.allowed !== null) checkEnum(type, field, value);
    return value;
  }
  if (kind !== STORE_KIND.Array) mismatch(type, field, kind);
  return heap.readArray(heap.word(pointer, 8)).map((item) => {
    const itemKind = heap.word(item, 0);
    if (itemKind === STORE_KIND.Null) return null;
    if (itemKind !== field.kind) mismatch(type, field, itemKind);
    const value = readScalar(heap, item, itemKind);
    if (field.allowed !== null) checkEnum(type, field, value);
    return value;
  });
}

/**
 * What a mapping wrote into an entity, by slot of the type's stored fields; `undefined` where it wrote nothing.
 *
 * @param strict refuse fields the schema does not have (apiVersion 0.0.8 and later); otherwise they are left out
 * @throws DeterministicError for a wrong kind, an undeclared field, a derived field
 */
export function readEntity(
  heap: AscHeap,
  type: PreparedType,
  pointer: number,
  strict: boolean,
): (Value | undefined)[] {
  const slots = new Array<Value | undefined>(type.stored.length).fill(undefined);
  const entries = heap.readArray(heap.word(pointer, 0));
  let undeclared: string[] | null = null;
  for (const entry of entries) {
    const name = heap.readString(heap.word(entry, 0));
    const field = type.byName.get(name);
    if (field === undefined) {
      undeclared ??= [];
      undeclared.push(name);
      // graph-node reads it before it drops it, so what cannot be read fails.
      readValue(heap, heap.word(entry, 4));
    } else if (field.derived) {
      throw new DeterministicError(`Entity ${type.name}: field \`${name}\` is derived and can not be set`);
    } else slots[field.slot] = readField(heap, type, field, heap.word(entry, 4));
  }
  if (strict && undeclared !== null) {
    throw new DeterministicError(
      `Attempted to set undefined fields [${undeclared.sort().join(', ')}] for the entity type \`${type.name}\`. Make sure those fields are defined in the schema.`,
    );
  }
  return slots;
}

function writeScalar(heap: AscHeap, kind: number, value: Value): number {
  switch (kind) {
    case STORE_KIND.String:
      return heap.writeTagged(TYPE.StoreValue, kind, heap.writeString(value as string));
    case STORE_KIND.Int:
      return heap.writeTaggedInt(TYPE.StoreValue, kind, value as number);
    case STORE_KIND.BigDecimal:
      return heap.writeTagged(TYPE.StoreValue, kind, writeBigDecimal(heap, value as BigDecimal));
    case STORE_KIND.Bool:
      return heap.writeTagged(TYPE.StoreValue, kind, value === true ? 1 : 0);
    case STORE_KIND.Bytes:
      return heap.writeTagged(TYPE.StoreValue, kind, heap.writeBytes(value as Uint8Array));
    case STORE_KIND.BigInt:
      return heap.writeTagged(TYPE.StoreValue, kind, heap.writeBigInt(value as bigint));
    case STORE_KIND.Int8:
    case STORE_KIND.Timestamp:
      return heap.writeTaggedLong(TYPE.StoreValue, kind, value as bigint);
    default:
      return heap.writeTagged(TYPE.StoreValue, STORE_KIND.Null, 0);
  }
}

function writeField(heap: AscHeap, field: PreparedField, value: Value): number {
  if (!field.isList) return writeScalar(heap, field.kind, value);
  const items = (value as readonly Value[]).map((item) =>
    item === null
      ? heap.writeTagged(TYPE.StoreValue, STORE_KIND.Null, 0)
      : writeScalar(heap, field.kind, item),
  );
  return heap.writeTagged(TYPE.StoreValue, STORE_KIND.Array, heap.writeArray(TYPE.ArrayStoreValue, items));
}

/** An entity as a TypedMap, sorted by field name. `names` holds the pointers of the type's field names, by slot. */
export function writeEntity(heap: AscHeap, type: PreparedType, names: Uint32Array, data: EntityData): number {
  const entries: number[] = [];
  for (const field of type.stored) {
    const value = data[field.name];
    if (value === undefined || value === null) continue;
    const pointer = writeField(heap, field, value);
    entries.push(heap.struct(TYPE.StoreEntry, [names[field.slot] as number, pointer]));
  }
  return heap.struct(TYPE.StoreMap, [heap.writeArray(TYPE.ArrayStoreEntry, entries)]);
}

function isContextLong(value: Value): value is ContextLong {
  return typeof value === 'object' && value !== null && 'long' in value;
}

/** The kind a context value is handed out as. */
function kindOf(value: Value): number {
  if (value === null) return STORE_KIND.Null;
  if (Array.isArray(value)) return STORE_KIND.Array;
  if (value instanceof Uint8Array) return STORE_KIND.Bytes;
  switch (typeof value) {
    case 'string':
      return STORE_KIND.String;
    case 'number':
      return STORE_KIND.Int;
    case 'bigint':
      return STORE_KIND.BigInt;
    case 'boolean':
      return STORE_KIND.Bool;
    default:
      return STORE_KIND.BigDecimal;
  }
}

function writeValue(heap: AscHeap, value: Value): number {
  if (isContextLong(value)) return writeScalar(heap, STORE_KIND[value.long], value.digits);
  if (!Array.isArray(value)) return writeScalar(heap, kindOf(value), value);
  const items = (value as readonly Value[]).map((item) => writeValue(heap, item));
  return heap.writeTagged(TYPE.StoreValue, STORE_KIND.Array, heap.writeArray(TYPE.ArrayStoreValue, items));
}

/** A data source's context; null is an empty one, as in graph-node. */
export function writeContext(heap: AscHeap, context: EntityData | null): number {
  const entries = Object.entries(context ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => heap.struct(TYPE.StoreEntry, [heap.writeString(name), writeValue(heap, value)]));
  return heap.struct(TYPE.StoreMap, [heap.writeArray(TYPE.ArrayStoreEntry, entries)]);
}

/** A value whose kind must outlive it. */
function readContextValue(heap: AscHeap, pointer: number, depth: number): Value {
  if (depth > MAX_RECURSION) throw new DeterministicError('recursion limit reached');
  const kind = heap.word(pointer, 0);
  if (kind === STORE_KIND.Int8 || kind === STORE_KIND.Timestamp) {
    const long: ContextLong = {
      digits: heap.readLong(pointer),
      exp: 0,
      long: kind === STORE_KIND.Int8 ? 'Int8' : 'Timestamp',
    };
    return long;
  }
  if (kind !== STORE_KIND.Array) return readScalar(heap, pointer, kind);
  return heap.readArray(heap.word(pointer, 8)).map((item) => readContextValue(heap, item, depth + 2));
}

/** The context passed to `createWithContext`. */
export function readContextMap(heap: AscHeap, pointer: number): EntityData {
  const context: EntityData = {};
  for (const entry of heap.readArray(heap.word(pointer, 0))) {
    const name = heap.readString(heap.word(entry, 0));
    const value = heap.word(entry, 4);
    context[name] = readContextValue(heap, value, 4);
  }
  return context;
}
