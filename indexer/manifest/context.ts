// Reads a data source's `context` from the manifest into the values that `dataSource.context()` hands to a mapping.
import type { ContextLong, EntityData, Value } from '#indexer/model.ts';
import { parseBigDecimal } from '../mapping/big-decimal.ts';
import type { YamlCursor } from './yaml-cursor.ts';

function long(kind: ContextLong['long'], text: string): ContextLong | undefined {
  if (!/^-?\d+$/.test(text)) return undefined;
  const digits = BigInt(text);
  return BigInt.asIntN(64, digits) === digits ? { digits, exp: 0, long: kind } : undefined;
}

const READERS: Readonly<Record<string, (text: string, raw: unknown) => Value | undefined>> = {
  Bool: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  String: (text) => text,
  Int: (text) => (/^-?\d+$/.test(text) && Math.abs(Number(text)) < 2 ** 31 ? Number(text) : undefined),
  BigInt: (text) => (/^-?\d+$/.test(text) ? BigInt(text) : undefined),
  Int8: (text) => long('Int8', text),
  // Microseconds since 1970.
  Timestamp: (text) => long('Timestamp', text),
  BigDecimal: (text) => parseBigDecimal(text) ?? undefined,
  Bytes: (text) =>
    /^(0x)?([0-9a-f]{2})*$/i.test(text) ? Buffer.from(text.replace(/^0x/, ''), 'hex') : undefined,
};

/** Values of one context, by name. */
export function readContext(cursor: YamlCursor): EntityData | null {
  if (!cursor.exists) return null;
  const context: EntityData = {};
  for (const key of cursor.keys()) {
    const entry = cursor.get(key);
    const value = readValue(entry);
    if (value !== undefined) context[key] = value;
  }
  return context;
}

function readValue(entry: YamlCursor): Value | undefined {
  const type = entry.get('type').requiredText(`one of ${[...Object.keys(READERS), 'List'].join(', ')}`);
  const data = entry.get('data');
  if (type === 'List') {
    return data.items().map((item) => readValue(item) ?? null);
  }
  const read = READERS[type];
  const text = data.text();
  const value = read === undefined || text === undefined ? undefined : read(text, data.value());
  if (value === undefined) entry.problem(`data must be a value of type ${type}`);
  return value instanceof Uint8Array ? new Uint8Array(value) : value;
}
