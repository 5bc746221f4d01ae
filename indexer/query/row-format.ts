// PostgreSQL's output text of a column to the value that the API answers with.
import type { ScalarKind } from '#indexer/model.ts';
import { parseBigDecimal } from '#indexer/store/codec.ts';
import type { Column } from '#indexer/store/layout.ts';
import { formatBigDecimal, MAX_SIGNIFICANT_DIGITS, normalize } from '../mapping/big-decimal.ts';

/** Turns a column's text into JSON; the choice is made once a column, not once a value. */
export type Formatter = (text: string) => unknown;

const SCALARS: Readonly<Record<ScalarKind, Formatter>> = {
  ID: (text) => text,
  String: (text) => text,
  Int: Number,
  Int8: (text) => text,
  Timestamp: (text) => text,
  BigInt: (text) => text,
  BigDecimal: plainDecimal,
  Boolean: (text) => text === 't' || text === 'true',
  Bytes: (text) => `0x${text.slice(2)}`,
};

const formatters = new WeakMap<Column, Formatter>();

/** How values of a column are written: big numbers in plain decimal strings, bytes as 0x hex, lists as lists of those. */
export function formatterOf(column: Column): Formatter {
  const known = formatters.get(column);
  if (known) return known;
  const { kind, isList } = column.field;
  const scalar = SCALARS[kind];
  const made: Formatter = !isList
    ? scalar
    : kind === 'BigDecimal' || kind === 'Bytes'
      ? (text) => (JSON.parse(text) as (string | null)[]).map((item) => (item === null ? null : scalar(item)))
      : (text) => JSON.parse(text);
  formatters.set(column, made);
  return made;
}

/** numeric keeps the scale it was written with; graph-node's normalised decimals have no trailing zeros. */
function plainDecimal(text: string): string {
  // Sums of an aggregation can be longer than any decimal of graph-node's.
  if (text.length > MAX_SIGNIFICANT_DIGITS) {
    const { digits, exp } = parseBigDecimal(text);
    return formatBigDecimal(normalize(digits, exp));
  }
  if (!text.includes('.')) return text;
  const trimmed = text.replace(/\.?0+$/, '');
  return trimmed === '' || trimmed === '-' || trimmed === '-0' ? '0' : trimmed;
}
