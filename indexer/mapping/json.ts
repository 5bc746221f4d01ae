// JSON as mappings see it: numbers keep their digits as text, objects are sorted by key (serde_json with arbitrary precision).
import { type AscHeap, TYPE } from './asc-heap.ts';

/** A number is kept as the text it was written as. */
export type Json =
  | null
  | boolean
  | { readonly number: string }
  | string
  | readonly Json[]
  | ReadonlyMap<string, Json>;

/** Lists and objects within each other at which serde_json gives up. */
const MAX_DEPTH = 128;
const LONE_SURROGATE = /\p{Surrogate}/u;
/** graph-node's limit of one document. */
export const MAX_JSON_SIZE = 10_000_000;

const KIND = { Null: 0, Bool: 1, Number: 2, String: 3, Array: 4, Object: 5 } as const;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
/** What JSON.parse then still refuses: raw control characters and unknown escapes. */
const STRING = /"(?:[^"\\]|\\.)*"/y;

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    const value = this.#value(0);
    this.#match(SPACE);
    if (this.#at < this.#text.length) this.#fail();
    return value;
  }

  #fail(): never {
    throw new SyntaxError(`unexpected JSON at character ${this.#at}`);
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return null;
    this.#at = pattern.lastIndex;
    return found[0];
  }

  /** Passes over a character if it comes next. */
  #take(char: string): boolean {
    this.#match(SPACE);
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #word(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #string(): string {
    const token = this.#match(STRING);
    if (token === null) this.#fail();
    const text = JSON.parse(token) as string;
    // Half of a pair is no character, and Rust's strings hold none.
    if (LONE_SURROGATE.test(text)) this.#fail();
    return text;
  }

  #value(depth: number): Json {
    if (depth === MAX_DEPTH) this.#fail();
    if (this.#take('[')) return this.#array(depth);
    if (this.#take('{')) return this.#object(depth);
    if (this.#text[this.#at] === '"') return this.#string();
    if (this.#word('null')) return null;
    if (this.#word('true')) return true;
    if (this.#word('false')) return false;
    const number = this.#match(NUMBER);
    return number === null ? this.#fail() : { number };
  }

  #array(depth: number): Json {
    if (depth + 1 === MAX_DEPTH) this.#fail();
    const items: Json[] = [];
    if (this.#take(']')) return items;
    do items.push(this.#value(depth + 1));
    while (this.#take(','));
    return this.#take(']') ? items : this.#fail();
  }

  #object(depth: number): Json {
    if (depth + 1 === MAX_DEPTH) this.#fail();
    const entries = new Map<string, Json>();
    if (this.#take('}')) return entries;
    do {
      this.#match(SPACE);
      const key = this.#string();
      if (!this.#take(':')) this.#fail();
      entries.set(key, this.#value(depth + 1));
    } while (this.#take(','));
    if (!this.#take('}')) this.#fail();
    return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** @throws SyntaxError when the bytes are no JSON document in UTF-8 */
export function parseJson(bytes: Uint8Array): Json {
  if (bytes.length > MAX_JSON_SIZE) throw new SyntaxError(`JSON size exceeds max size of ${MAX_JSON_SIZE}`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SyntaxError('JSON is not valid UTF-8');
  }
  return new Parser(text).document();
}

export function writeJson(heap: AscHeap, value: Json): number {
  if (value === null) return heap.writeTagged(TYPE.JsonValue, KIND.Null, 0);
  if (typeof value === 'boolean') return heap.writeTagged(TYPE.JsonValue, KIND.Bool, value ? 1 : 0);
  if (typeof value === 'string')
    return heap.writeTagged(TYPE.JsonValue, KIND.String, heap.writeString(value));
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<string, Json>)].map(([key, item]) =>
      heap.struct(TYPE.JsonEntry, [heap.writeString(key), writeJson(heap, item)]),
    );
    const map = heap.struct(TYPE.JsonMap, [heap.writeArray(TYPE.ArrayJsonEntry, entries)]);
    return heap.writeTagged(TYPE.JsonValue, KIND.Object, map);
  }
  if ('number' in value)
    return heap.writeTagged(TYPE.JsonValue, KIND.Number, heap.writeString(value.number as string));
  const items = (value as readonly Json[]).map((item) => writeJson(heap, item));
  return heap.writeTagged(TYPE.JsonValue, KIND.Array, heap.writeArray(TYPE.ArrayJsonValue, items));
}

/** The result of `json.try_fromBytes`: a value, or the flag that there was an error. */
export function writeJsonResult(heap: AscHeap, value: Json | undefined): number {
  if (value === undefined) {
    const error = heap.alloc(1, TYPE.WrappedBool);
    heap.u8[error] = 1;
    return heap.struct(TYPE.ResultJsonValue, [0, error]);
  }
  const wrapped = heap.struct(TYPE.WrappedJsonValue, [writeJson(heap, value)]);
  return heap.struct(TYPE.ResultJsonValue, [wrapped, 0]);
}
