// One spelling for every JSON value, so that what is equal has equal bytes: RFC 8785 (JSON Canonicalization Scheme).
import type { Json } from './runtime.ts';

/**
 * The value with keys sorted by UTF-16 code units, numbers as ECMAScript writes them, and no space. Where RFC 8785 leaves open what to do
 * with a lone surrogate, it is escaped (`\ud800`), as `JSON.stringify` does.
 *
 * @throws RangeError for a value nested thousands of levels deep, which nothing that crosses a guest's border is
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`;
  const entries = Object.entries(value as Readonly<Record<string, Json | undefined>>);
  const members: string[] = [];
  // Comparison of strings is by UTF-16 code units, as the RFC wants it.
  for (const [key, member] of entries.sort(([left], [right]) => (left < right ? -1 : 1)))
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
