// What a document says about an agent or a network, as far as it can be shown. Anybody can write a document, so nothing in it is
// trusted: what is not as expected is left out, never an error.
import { plainText } from '../plain-text.ts';

export interface Metadata {
  readonly name: string | null;
  readonly description: string | null;
  readonly publisher: string | null;
  readonly site: string | null;
  readonly category: string | null;
  readonly tags: readonly string[];
  readonly version: number | null;
}

const limits = { name: 100, description: 2_000, publisher: 100, site: 300, category: 60, tags: 16, tag: 32 };
const maxInt = 2 ** 31 - 1;

/** The facts in a document; a text that is too long is cut. */
export function metadataOf(document: Readonly<Record<string, unknown>>): Metadata {
  const { tags, version } = document;
  return {
    name: line(document.name, limits.name),
    description: text(document.description, limits.description),
    publisher: line(document.publisher, limits.publisher),
    site: url(document.site),
    category: line(document.category, limits.category),
    tags: Array.isArray(tags) ? tags.flatMap((tag) => line(tag, limits.tag) ?? []).slice(0, limits.tags) : [],
    version:
      typeof version === 'number' && Number.isInteger(version) && Math.abs(version) <= maxInt
        ? version
        : null,
  };
}

function text(value: unknown, limit: number): string | null {
  if (typeof value !== 'string') return null;
  // By code point, so that no character is cut in half.
  const clean = Array.from(plainText(value)).slice(0, limit).join('').trim();
  return clean || null;
}

function line(value: unknown, limit: number): string | null {
  return typeof value === 'string' ? text(value.replace(/\s+/g, ' '), limit) : null;
}

function url(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > limits.site || !URL.canParse(value)) return null;
  const parsed = new URL(value);
  const web = parsed.protocol === 'http:' || parsed.protocol === 'https:';
  return web && !parsed.username && !parsed.password ? parsed.href : null;
}
