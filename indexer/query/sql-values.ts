// Values of query arguments as SQL parameters: checked, and cast to the type of the column they meet.
import type { ScalarKind } from '#indexer/model.ts';
import type { Column } from '#indexer/store/layout.ts';
import { QueryError, valueParseError } from './errors.ts';

/** The parameters of one statement. */
export class SqlValues {
  readonly values: unknown[] = [];

  /** Adds a parameter; returns it with its cast, for example `$3::text`. */
  add(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }

  /** Adds one value for comparison with elements of `column`. */
  scalar(column: Column, value: unknown): string {
    const text = parameterText(column, value);
    if (column.field.kind === 'Timestamp') {
      return `(timestamptz 'epoch' + ${this.add(text, 'int8')} * interval '1 microsecond')`;
    }
    return this.add(text, column.elementType);
  }

  /** Adds a list of values, an array of the column's element type. */
  list(column: Column, values: readonly unknown[]): string {
    const texts = values.map((value) => (value === null ? null : parameterText(column, value)));
    if (column.field.kind === 'Timestamp') {
      return `(select coalesce(array_agg(timestamptz 'epoch' + item * interval '1 microsecond' order by place), '{}') from unnest(${this.add(texts, 'int8[]')}) with ordinality as items(item, place))::timestamptz[]`;
    }
    return this.add(texts, `${column.elementType}[]`);
  }
}

const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const HEX = /^(0x)?([0-9a-fA-F]{2})*$/;
const INT8_MAX = 2n ** 63n - 1n;

/**
 * A value as PostgreSQL's input text.
 *
 * @throws QueryError BAD_ARGUMENT in graph-node's words when it is not one of the column's kind
 */
export function parameterText(column: Pick<Column, 'field'>, value: unknown): string {
  const kind: ScalarKind = column.field.kind;
  switch (kind) {
    case 'Bytes':
      return `\\x${hexDigits(String(value))}`;
    case 'BigInt':
      return integer(kind, String(value));
    case 'Int8':
    case 'Timestamp': {
      const text = integer(kind, String(value));
      const number = BigInt(text);
      if (number > INT8_MAX || number < -INT8_MAX - 1n) throw valueParseError(kind, text);
      return text;
    }
    case 'BigDecimal': {
      const text = String(value);
      if (!DECIMAL.test(text)) throw valueParseError(kind, 'invalid decimal');
      return text;
    }
    case 'Int':
    case 'Boolean':
      return String(value);
    default:
      // U+0000 cannot be stored, so nothing equals a text that has it; the store drops it as well.
      return String(value).replaceAll('\0', '');
  }
}

function integer(kind: ScalarKind, text: string): string {
  if (!INTEGER.test(text)) throw valueParseError(kind, 'invalid digit found in string');
  // As PostgreSQL will write it, so that answers can be matched to what was asked for.
  return BigInt(text.replace('+', '')).toString();
}

function hexDigits(text: string): string {
  if (!HEX.test(text)) {
    const digits = text.replace(/^0x/, '');
    const at = digits.search(/[^0-9a-fA-F]/);
    throw valueParseError(
      'Bytes',
      at < 0 ? 'Odd number of digits' : `Invalid character '${digits[at]}' at position ${at}`,
    );
  }
  return text.replace(/^0x/, '').toLowerCase();
}

/** True when a value fits the prefix by which its column is indexed, so that the prefix alone decides. */
export function fitsPrefix(column: Column, value: unknown, size: number): boolean {
  const text = String(value);
  return column.field.kind === 'Bytes'
    ? text.replace(/^0x/, '').length / 2 < size
    : Buffer.byteLength(text) < size;
}

/** The id that a field asks for. graph-node has words of its own for what is no Int8. */
export function singleId(column: Pick<Column, 'field'>, id: unknown): string {
  if (column.field.kind === 'Int8' && !/^[+-]?\d+$/.test(String(id))) {
    throw new QueryError(
      'BAD_ARGUMENT',
      `Store error: store error: failed to convert \`${id}\` to an Int8: invalid digit found in string`,
    );
  }
  return parameterText(column, id);
}
