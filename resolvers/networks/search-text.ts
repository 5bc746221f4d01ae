// How text becomes words, for documents and queries alike. PostgreSQL's own parser depends on the server's locale and
// splits numbers, URLs and hyphens its own way; here both sides surely agree.

/** Words of a query that count; more would only make it slower. */
const maxTerms = 8;
const maxWordLength = 40;
/** PostgreSQL keeps at most this many positions of one word. */
const maxPosition = 16_383;

/** Lower case, without accents, compatibility forms unified. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}

/** The words of a text, folded, in order. */
export function words(text: string): readonly string[] {
  return (fold(text).match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.slice(0, maxWordLength));
}

/** The distinct words of a query. The last one may be unfinished. */
export function queryTerms(query: string): readonly string[] {
  return [...new Set(words(query))].slice(0, maxTerms);
}

export interface SearchDocument {
  readonly name: string;
  readonly tags: readonly string[];
  readonly description: string | null;
}

/** A document in tsvector's own notation: name weighs A, tags B, description C. */
export function toTsvector(document: SearchDocument): string {
  const positions = new Map<string, string[]>();
  let position = 0;
  const add = (text: string, weight: 'A' | 'B' | 'C') => {
    for (const word of words(text)) {
      position = Math.min(position + 1, maxPosition);
      const known = positions.get(word);
      if (known) known.push(`${position}${weight}`);
      else positions.set(word, [`${position}${weight}`]);
    }
  };
  add(document.name, 'A');
  for (const tag of document.tags) add(tag, 'B');
  add(document.description ?? '', 'C');
  return [...positions].map(([word, at]) => `'${word}':${at.slice(0, 255).join(',')}`).join(' ');
}

/** What one term of a query may match. */
export interface TermMatch {
  /** The term as typed matches as a prefix, unless it matches nothing at all and was corrected. */
  readonly term: string;
  readonly corrections: readonly string[];
}

/** Terms in tsquery's own notation: every term must match, by prefix or by one of its corrections. */
export function toTsquery(terms: readonly TermMatch[]): string {
  return terms
    .map(({ term, corrections }) => {
      if (corrections.length === 0) return `'${term}':*`;
      return `(${corrections.map((word) => `'${word}'`).join('|')})`;
    })
    .join(' & ');
}

/**
 * The number of edits between two words, a swap of neighbours counting as one (optimal string alignment), or
 * `limit + 1` when there are more than `limit`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return Math.min(previous[b.length] ?? 0, limit + 1);
}

/** How many typing mistakes a word of this length may have. */
export function toleratedEdits(word: string): number {
  if (word.length <= 2) return 0;
  return word.length <= 5 ? 1 : 2;
}

/** The words that differ from this one by two neighbouring letters swapped. */
export function swaps(word: string): readonly string[] {
  return Array.from(
    { length: Math.max(word.length - 1, 0) },
    (_, at) => word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2),
  );
}
