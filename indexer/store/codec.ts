// Values in and out of PostgreSQL: text for COPY and parameters, text of result rows back to `Value`s, and JSON for the change feed.
import type { BigDecimal, ContextLong, EntityData, EntityId, ScalarKind, Value } from '#indexer/model.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { Column, Table } from './layout.ts';

/** A column value that COPY's text format reads as null. */
const COPY_NULL = '\\N';

const NEEDS_COPY_ESCAPE = /[\\\n\r\t]/;
const COPY_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

const COPY_UNESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** One row of COPY's text format without its newline: the table's columns in order, tab-separated. */
export function encodeRow(table: Table, id: EntityId, data: EntityData): string {
  let row = '';
  for (const [index, column] of table.columns.entries()) {
    // By the index: the first column may be empty text.
    if (index > 0) row += '\t';
    row += encodeForCopy(column, column === table.id ? id : data[column.field.name]);
  }
  return row;
}

function encodeForCopy(column: Column, value: Value | undefined): string {
  const text = encodeValue(column, value);
  if (text === null) return COPY_NULL;
  return NEEDS_COPY_ESCAPE.test(text)
    ? text.replace(/[\\\n\r\t]/g, (char) => COPY_ESCAPES[char] ?? char)
    : text;
}

/**
 * PostgreSQL's input text of a value, null for null.
 *
 * @throws AiosError INVALID_VALUE when the value is not of the column's type.
 */
export function encodeValue(column: Column, value: Value | undefined): string | null {
  if (value === null || value === undefined) return null;
  if (!column.field.isList) return encodeScalar(column, value);
  if (!Array.isArray(value)) throw invalid(column, value);
  const quoted =
    column.field.kind !== 'BigInt' && column.field.kind !== 'Int' && column.field.kind !== 'Int8';
  let text = '{';
  for (const item of value as readonly Value[]) {
    if (text !== '{') text += ',';
    if (item === null) text += 'NULL';
    else if (quoted) text += `"${encodeScalar(column, item).replace(/["\\]/g, '\\$&')}"`;
    else text += encodeScalar(column, item);
  }
  return `${text}}`;
}

function encodeScalar(column: Column, value: Value): string {
  switch (column.field.kind) {
    case 'ID':
    case 'String':
      if (typeof value !== 'string') break;
      return withoutNull(value);
    case 'Int':
      if (typeof value === 'number') return String(value);
      break;
    case 'Int8':
    case 'BigInt':
      if (typeof value === 'bigint') return value.toString();
      break;
    case 'Timestamp':
      if (typeof value === 'bigint') return timestampText(value);
      break;
    case 'BigDecimal':
      if (isBigDecimal(value))
        return value.exp === 0 ? value.digits.toString() : `${value.digits}e${value.exp}`;
      break;
    case 'Boolean':
      if (typeof value === 'boolean') return value ? 't' : 'f';
      break;
    case 'Bytes':
      if (value instanceof Uint8Array) return `\\x${hexOf(value)}`;
      break;
  }
  throw invalid(column, value);
}

/** PostgreSQL's text and jsonb have no U+0000; graph-node drops it as well. */
function withoutNull(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text;
}

function invalid(column: Column, value: Value): AiosError {
  const shape = Array.isArray(value) ? 'a list' : value instanceof Uint8Array ? 'bytes' : typeof value;
  return new AiosError(
    'INVALID_VALUE',
    `field ${column.field.name} is ${column.field.isList ? 'a list of ' : ''}${column.field.kind} but was given ${shape}: ` +
      'rebuild the subgraph so that its mapping matches schema.graphql',
  );
}

/** The fields of a row in COPY's text format, as PostgreSQL's input texts. */
export function copyFields(row: string): (string | null)[] {
  return row
    .split('\t')
    .map((text) =>
      text === COPY_NULL ? null : text.replace(/\\(.)/g, (_, char: string) => COPY_UNESCAPES[char] ?? char),
    );
}

/** What `encodeRow` wrote, back into an entity. Null attributes are left out. */
export function decodeCopyRow(table: Table, columns: string): EntityData {
  const data: EntityData = {};
  const texts = copyFields(columns);
  table.columns.forEach((column, index) => {
    const plain = texts[index] ?? null;
    if (plain === null) return;
    const { kind, isList } = column.field;
    const decode = (item: string) =>
      kind === 'Timestamp'
        ? timestampMicros(item)
        : kind === 'BigDecimal'
          ? parseScientific(item)
          : decodeScalar(kind, item);
    data[column.field.name] = isList
      ? parseArray(plain).map((item) => (item === null ? null : decode(item)))
      : decode(plain);
  });
  return data;
}

/** An id given as text (`idText`), as the table's type has it. */
export function idOfText(table: Table, text: string): EntityId {
  if (table.entity.idKind === 'Bytes') return bytesOf(text.slice(2));
  return table.entity.idKind === 'Int8' ? BigInt(text) : text;
}

/** PostgreSQL's input text of an id given as text (`idText`). */
export function idInput(table: Table, text: string): string {
  return table.entity.idKind === 'Bytes' ? `\\x${text.slice(2)}` : text;
}

/** A row of text columns, made by `selectList`, back into an entity. Null attributes are left out. */
export function decodeRow(table: Table, row: readonly (string | null)[], offset = 0): EntityData {
  const data: EntityData = {};
  table.columns.forEach((column, index) => {
    const text = row[offset + index];
    if (text !== null && text !== undefined) data[column.field.name] = decodeValue(column, text);
  });
  return data;
}

/** The columns of a table as `decodeRow` wants them, of the row named `alias`. */
export function selectList(table: Table, alias: string): string {
  return table.columns
    .map((column) => {
      const name = `${alias}.${column.quoted}`;
      if (column.field.kind !== 'Timestamp') return name;
      if (!column.field.isList) return `(extract(epoch from ${name}) * 1000000)::int8`;
      const items = `unnest(${name}) with ordinality as items(item, place)`;
      return `case when ${name} is not null then array(select (extract(epoch from item) * 1000000)::int8 from ${items} order by place) end`;
    })
    .join(', ');
}

/** For `pg` queries: every column arrives as PostgreSQL's text, so that no precision is lost on the way. */
export const textTypes = { getTypeParser: () => (text: string) => text };

function decodeValue(column: Column, text: string): Value {
  const { kind } = column.field;
  if (!column.field.isList) return decodeScalar(kind, text);
  return parseArray(text).map((item) => (item === null ? null : decodeScalar(kind, item)));
}

function decodeScalar(kind: ScalarKind, text: string): Value {
  switch (kind) {
    case 'ID':
    case 'String':
      return text;
    case 'Int':
      return Number(text);
    case 'Int8':
    case 'Timestamp':
    case 'BigInt':
      return BigInt(text);
    case 'BigDecimal':
      return parseBigDecimal(text);
    case 'Boolean':
      return text === 't';
    case 'Bytes':
      return bytesOf(text.slice(2));
  }
}

/** The elements of a one-dimensional array in PostgreSQL's output text. */
function parseArray(text: string): (string | null)[] {
  const items: (string | null)[] = [];
  let index = 1;
  while (index < text.length - 1) {
    if (text[index] === ',') index++;
    if (text[index] === '"') {
      let item = '';
      index++;
      while (text[index] !== '"') {
        if (text[index] === '\\') index++;
        item += text[index++];
      }
      index++;
      items.push(item);
    } else {
      const start = index;
      while (index < text.length - 1 && text[index] !== ',') index++;
      const item = text.slice(start, index);
      items.push(item === 'NULL' ? null : item);
    }
  }
  return items;
}

/** A decimal number's text, normalised: no trailing decimal zeros in `digits`. */
export function parseBigDecimal(text: string): BigDecimal {
  const point = text.indexOf('.');
  let digits = point < 0 ? text : text.slice(0, point) + text.slice(point + 1);
  let exp = point < 0 ? 0 : point + 1 - text.length;
  let end = digits.length;
  while (end > 1 && digits[end - 1] === '0') end--;
  exp += digits.length - end;
  digits = digits.slice(0, end);
  const value = BigInt(digits === '-' ? '0' : digits);
  return value === 0n ? { digits: 0n, exp: 0 } : { digits: value, exp };
}

/** The number that `encodeValue` wrote as digits and exponent. */
function parseScientific(text: string): BigDecimal {
  const [digits = '0', exp = '0'] = text.split('e');
  return { digits: BigInt(digits), exp: Number(exp) };
}

/** A decimal in plain notation, as graph-node prints it. */
export function bigDecimalText({ digits, exp }: BigDecimal): string {
  if (exp >= 0) return digits.toString() + '0'.repeat(digits === 0n ? 0 : exp);
  const sign = digits < 0n ? '-' : '';
  const plain = (digits < 0n ? -digits : digits).toString().padStart(1 - exp, '0');
  return `${sign}${plain.slice(0, exp)}.${plain.slice(exp)}`;
}

/** PostgreSQL's timestamptz text of microseconds since 1970; JavaScript's dates end at 275760. */
function timestampText(micros: bigint): string {
  let millis = micros / 1000n;
  let rest = micros % 1000n;
  if (rest < 0n) {
    rest += 1000n;
    millis -= 1n;
  }
  const date = new Date(Number(millis));
  if (Number.isNaN(date.getTime())) {
    throw new AiosError(
      'INVALID_VALUE',
      `timestamp ${micros} µs is outside the years PostgreSQL and JavaScript know`,
    );
  }
  const year = date.getUTCFullYear();
  const [, monthToSeconds] = /-(\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})Z$/.exec(date.toISOString()) ?? [];
  const era = year > 0 ? '' : ' BC';
  const yearText = String(year > 0 ? year : 1 - year).padStart(4, '0');
  return `${yearText}-${monthToSeconds}${rest.toString().padStart(3, '0')}+00${era}`;
}

/** The inverse of `timestampText`. */
function timestampMicros(text: string): bigint {
  const [, year, month, day, hours, minutes, seconds, millis, micros, era] =
    /^(\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{3})(\d{3})\+00( BC)?$/.exec(text) ?? [];
  const date = new Date(0);
  date.setUTCFullYear(era ? 1 - Number(year) : Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hours), Number(minutes), Number(seconds), Number(millis));
  return BigInt(date.getTime()) * 1_000n + BigInt(micros ?? 0);
}

function isBigDecimal(value: Value): value is BigDecimal {
  return typeof value === 'object' && value !== null && 'digits' in value;
}

function isContextLong(value: Value): value is ContextLong {
  return typeof value === 'object' && value !== null && 'long' in value;
}

/** Lower-case hex without 0x. */
export function hexOf(bytes: Uint8Array): string {
  const { length } = bytes;
  // Short arrays live in V8's own heap: a Buffer over one would first have to move it out.
  if (length > SCRATCH.length) return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('hex');
  for (let index = 0; index < length; index += 1) SCRATCH[index] = bytes[index] as number;
  return SCRATCH.toString('hex', 0, length);
}

const SCRATCH = Buffer.allocUnsafeSlow(64);

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

/** An entity id as a key of a Map, and as JSON: strings as they are, Bytes as 0x hex, Int8 in decimal. */
export function idText(id: EntityId): string {
  if (typeof id === 'string') return id;
  return id instanceof Uint8Array ? `0x${hexOf(id)}` : id.toString();
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** An entity as JSON, as The Graph's query API writes its values: big numbers in decimal strings, bytes as 0x hex. */
export function entityJson(data: EntityData): { [field: string]: Json } {
  const json: { [field: string]: Json } = {};
  for (const [field, value] of Object.entries(data)) {
    if (value !== null && value !== undefined) json[field] = valueJson(value);
  }
  return json;
}

function valueJson(value: Value): Json {
  if (typeof value === 'string') return withoutNull(value);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return `0x${hexOf(value)}`;
  return isBigDecimal(value) ? bigDecimalText(value) : value.map(valueJson);
}

/** A data source's context as JSON that keeps the types of its values: `{ key: { type, data } }`. */
export function encodeContext(context: EntityData | null): Json {
  if (context === null) return null;
  return Object.fromEntries(Object.entries(context).map(([key, value]) => [key, tagged(value)]));
}

function tagged(value: Value): Json {
  if (value === null) return { type: 'Null' };
  switch (typeof value) {
    case 'string':
      return { type: 'String', data: withoutNull(value) };
    case 'number':
      return { type: 'Int', data: value };
    case 'boolean':
      return { type: 'Bool', data: value };
    case 'bigint':
      return { type: 'BigInt', data: value.toString() };
  }
  if (value instanceof Uint8Array) return { type: 'Bytes', data: `0x${hexOf(value)}` };
  if (isContextLong(value)) return { type: value.long, data: value.digits.toString() };
  if (isBigDecimal(value)) return { type: 'BigDecimal', data: bigDecimalText(value) };
  return { type: 'List', data: value.map(tagged) };
}

interface TaggedValue {
  readonly type: string;
  readonly data?: string | number | boolean | readonly TaggedValue[];
}

/** The inverse of `encodeContext`. */
export function decodeContext(json: unknown): EntityData | null {
  if (json === null) return null;
  return Object.fromEntries(
    Object.entries(json as Record<string, TaggedValue>).map(([key, value]) => [key, untagged(value)]),
  );
}

function untagged({ type, data }: TaggedValue): Value {
  if (data === undefined) return null;
  if (typeof data === 'string') {
    if (type === 'BigInt') return BigInt(data);
    if (type === 'Int8' || type === 'Timestamp') {
      const long: ContextLong = { digits: BigInt(data), exp: 0, long: type };
      return long;
    }
    if (type === 'Bytes') return bytesOf(data.slice(2));
    return type === 'BigDecimal' ? parseBigDecimal(data) : data;
  }
  return typeof data === 'object' ? data.map(untagged) : data;
}
