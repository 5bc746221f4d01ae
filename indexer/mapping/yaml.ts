// YAML as mappings see it: what Rust's serde_yaml 0.9 reads from a document, scalar for scalar.
import { type Document, isAlias, isMap, isScalar, isSeq, type ParsedNode, parseAllDocuments } from 'yaml';
import { type AscHeap, TYPE } from './asc-heap.ts';

export type Yaml =
  | null
  | boolean
  | string
  | { readonly number: string }
  | { readonly tag: string; readonly value: Yaml }
  | readonly Yaml[]
  | { readonly pairs: readonly (readonly [Yaml, Yaml])[] };

/** graph-node's limit of one document. */
export const MAX_YAML_SIZE = 10_000_000;
/** Nesting that serde_yaml allows. */
const MAX_DEPTH = 128;
/** serde_yaml gives up when aliases repeat more than this many times what the document holds. */
const MAX_REPETITION = 100;

const KIND = { Null: 0, Bool: 1, Number: 2, String: 3, Array: 4, Object: 5, Tagged: 6 } as const;

const MAX_U64 = 2n ** 64n - 1n;
const MIN_I64 = -(2n ** 63n);

// ---------------------------------------------------------------- scalars

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
};

const isNull = (text: string): boolean => /^(null|Null|NULL|~)$/.test(text);

/** `007` is text: YAML 1.2 has no octal numbers of that form. */
const digitsButNoNumber = (text: string): boolean => /^[+-]?0\d+$/.test(text);

function integerOf(text: string): bigint | null {
  const match = /^([+-]?)(?:0x([0-9a-fA-F]+)|0o([0-7]+)|0b([01]+)|(\d+))$/.exec(text);
  if (match === null || digitsButNoNumber(text)) return null;
  const [, sign, hex, octal, binary, decimal] = match;
  const digits =
    hex !== undefined
      ? `0x${hex}`
      : octal !== undefined
        ? `0o${octal}`
        : binary !== undefined
          ? `0b${binary}`
          : decimal;
  const value = BigInt(digits as string);
  return sign === '-' ? -value : value;
}

function integer(value: bigint): Yaml | null {
  if (value >= MIN_I64 && value <= MAX_U64) return { number: value.toString() };
  // Such numbers are 128 bits wide in Rust, which its Value type has no place for; still longer ones are read as floats.
  if (value >= -(2n ** 127n) && value < 2n ** 128n)
    throw new SyntaxError(`the integer ${value} is too large`);
  return null;
}

/** A float as the crate ryu prints it: exponents from 16 digits before and 5 zeros behind the point. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (value === 0) return `${sign}0.0`;
  const [mantissa = '', exponent = ''] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  /** Digits before the point. */
  const whole = Number(exponent) + 1;
  if (whole > 0 && whole <= 16) {
    if (digits.length <= whole) return `${sign}${digits.padEnd(whole, '0')}.0`;
    return `${sign}${digits.slice(0, whole)}.${digits.slice(whole)}`;
  }
  if (whole > -5 && whole <= 0) return `${sign}0.${'0'.repeat(-whole)}${digits}`;
  return `${sign}${digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`}e${exponent.replace('+', '')}`;
}

function floatOf(text: string): Yaml | null {
  if (/^[+-]?\.(inf|Inf|INF)$/.test(text)) return { number: text.startsWith('-') ? '-.inf' : '.inf' };
  if (/^\.(nan|NaN|NAN)$/.test(text)) return { number: '.nan' };
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? { number: formatFloat(value) } : null;
}

/** An unquoted scalar: what it looks like decides what it is. */
function plain(text: string): Yaml {
  if (text === '' || isNull(text)) return null;
  const boolean = BOOLEANS[text];
  if (boolean !== undefined) return boolean;
  const whole = integerOf(text);
  const number = whole === null ? null : integer(whole);
  if (number !== null) return number;
  const float = digitsButNoNumber(text) ? null : floatOf(text);
  return float ?? text;
}

function need<Kind>(value: Kind | null | undefined, what: string, text: string): Kind {
  if (value === null || value === undefined) throw new SyntaxError(`\`${text}\` is not ${what}`);
  return value;
}

/** A scalar of one of YAML's own tags; other tags of that kind leave it text. */
function coreTagged(tag: string, text: string): Yaml {
  switch (tag) {
    case 'tag:yaml.org,2002:bool':
      return need(BOOLEANS[text], 'a boolean', text);
    case 'tag:yaml.org,2002:int':
      return need(integer(need(integerOf(text), 'an integer', text)), 'an integer', text);
    case 'tag:yaml.org,2002:float':
      return need(floatOf(text), 'a float', text);
    case 'tag:yaml.org,2002:null':
      if (!isNull(text)) throw new SyntaxError(`\`${text}\` is not null`);
      return null;
    default:
      return text;
  }
}

// ---------------------------------------------------------------- documents

class Reader {
  readonly #document: Document.Parsed;
  #left: number;

  constructor(document: Document.Parsed, size: number) {
    this.#document = document;
    this.#left = (size + 1) * MAX_REPETITION;
  }

  read(node: ParsedNode | null, depth: number): Yaml {
    if (depth > MAX_DEPTH) throw new SyntaxError('recursion limit exceeded');
    this.#left -= 1;
    if (this.#left < 0) throw new SyntaxError('repetition limit exceeded');
    if (node === null) return null;
    if (isAlias(node)) {
      const target = node.resolve(this.#document) as ParsedNode | undefined;
      if (target === undefined) throw new SyntaxError(`unknown anchor ${node.source}`);
      return this.read(target, depth + 1);
    }
    const { tag } = node;
    const own = tag?.startsWith('!') === true && tag !== '!';
    const value = this.#untagged(node, own ? undefined : tag, depth);
    return own ? { tag: tag as string, value } : value;
  }

  #untagged(node: ParsedNode, tag: string | undefined, depth: number): Yaml {
    if (isScalar(node)) {
      const text = typeof node.source === 'string' ? node.source : String(node.value ?? '');
      if (tag !== undefined && tag !== '!') return coreTagged(tag, text);
      return node.type === 'PLAIN' && tag !== '!' ? plain(text) : text;
    }
    if (isSeq(node)) return node.items.map((item) => this.read(item as ParsedNode, depth + 1));
    if (!isMap(node)) throw new SyntaxError('unexpected YAML');
    const entries: [Yaml, Yaml][] = [];
    const keys = new Set<string>();
    for (const { key, value } of node.items) {
      const entry: [Yaml, Yaml] = [
        this.read(key as ParsedNode | null, depth + 1),
        this.read(value as ParsedNode | null, depth + 1),
      ];
      const known = JSON.stringify(entry[0]);
      if (keys.has(known)) throw new SyntaxError(`duplicate entry with key ${known}`);
      keys.add(known);
      entries.push(entry);
    }
    return { pairs: entries };
  }
}

/** @throws SyntaxError when the bytes are not one YAML document in UTF-8 */
export function parseYaml(bytes: Uint8Array): Yaml {
  if (bytes.length > MAX_YAML_SIZE)
    throw new SyntaxError(`YAML size exceeds max size of ${MAX_YAML_SIZE} bytes`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SyntaxError('YAML is not valid UTF-8');
  }
  // The schema "failsafe" leaves every scalar text, to be told apart here.
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    version: '1.2',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  if (!Array.isArray(documents) || documents.length === 0) return null;
  const [document, second] = documents;
  if (document === undefined) return null;
  if (second !== undefined) throw new SyntaxError('more than one document');
  const [error] = document.errors;
  if (error !== undefined) throw new SyntaxError(error.message);
  return new Reader(document, text.length).read(document.contents as ParsedNode | null, 0);
}

// ---------------------------------------------------------------- into the module

export function writeYaml(heap: AscHeap, value: Yaml): number {
  const tagged = (kind: number, payload: number) => heap.writeTagged(TYPE.YamlValue, kind, payload);
  if (value === null) return tagged(KIND.Null, 0);
  if (typeof value === 'boolean') return tagged(KIND.Bool, value ? 1 : 0);
  if (typeof value === 'string') return tagged(KIND.String, heap.writeString(value));
  if ('number' in value) return tagged(KIND.Number, heap.writeString(value.number));
  if ('tag' in value) {
    const fields = [heap.writeString(value.tag), writeYaml(heap, value.value)];
    return tagged(KIND.Tagged, heap.struct(TYPE.YamlTaggedValue, fields));
  }
  if ('pairs' in value) {
    const entries = value.pairs.map(([key, item]) =>
      heap.struct(TYPE.YamlEntry, [writeYaml(heap, key), writeYaml(heap, item)]),
    );
    return tagged(KIND.Object, heap.struct(TYPE.YamlMap, [heap.writeArray(TYPE.ArrayYamlEntry, entries)]));
  }
  const items = (value as readonly Yaml[]).map((item) => writeYaml(heap, item));
  return tagged(KIND.Array, heap.writeArray(TYPE.ArrayYamlValue, items));
}

/** The result of `yaml.try_fromBytes`: a value, or the flag that there was an error. */
export function writeYamlResult(heap: AscHeap, value: Yaml | undefined): number {
  if (value === undefined) {
    const error = heap.alloc(1, TYPE.WrappedBool);
    heap.u8[error] = 1;
    return heap.struct(TYPE.ResultYamlValue, [0, error]);
  }
  const wrapped = heap.struct(TYPE.WrappedYamlValue, [writeYaml(heap, value)]);
  return heap.struct(TYPE.ResultYamlValue, [wrapped, 0]);
}
