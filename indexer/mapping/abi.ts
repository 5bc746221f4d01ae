// Solidity's contract ABI (v2) to and from the ethereum.Value enums of mappings. https://docs.soliditylang.org/en/latest/abi-spec.html
import type { AbiItem, AbiParameter } from '../manifest/manifest.ts';

/** Kinds of ethereum.Value. */
export const ETHEREUM_KIND = {
  Address: 0,
  FixedBytes: 1,
  Bytes: 2,
  Int: 3,
  Uint: 4,
  Bool: 5,
  String: 6,
  FixedArray: 7,
  Array: 8,
  Tuple: 9,
  Function: 10,
} as const;

/** Address, bytes and function: Uint8Array. Integers: bigint. Arrays and tuples: their items. */
export interface EthereumValue {
  readonly kind: number;
  readonly value: Uint8Array | bigint | boolean | string | readonly EthereumValue[];
}

export interface AbiType {
  readonly kind: number;
  /** Bits of an integer, bytes of bytesN, items of a fixed array. */
  readonly size: number;
  /** Item types: one for arrays, each for tuples. */
  readonly items: readonly AbiType[];
  readonly dynamic: boolean;
  /** Words of the head. */
  readonly words: number;
}

/** Data that does not fit its type; for logs this means another event of the same signature. */
export class AbiDecodeError extends Error {
  override readonly name = 'AbiDecodeError';
}

const leaf = (kind: number, size: number, dynamic = false): AbiType => ({
  kind,
  size,
  items: [],
  dynamic,
  words: 1,
});

export function tupleType(items: readonly AbiType[]): AbiType {
  const dynamic = items.some((item) => item.dynamic);
  const words = dynamic ? 1 : items.reduce((sum, item) => sum + item.words, 0);
  return { kind: ETHEREUM_KIND.Tuple, size: items.length, items, dynamic, words };
}

function arrayType(item: AbiType, length: string): AbiType {
  if (length === '') return { kind: ETHEREUM_KIND.Array, size: 0, items: [item], dynamic: true, words: 1 };
  const size = Number(length);
  const { dynamic } = item;
  return {
    kind: ETHEREUM_KIND.FixedArray,
    size,
    items: [item],
    dynamic,
    words: dynamic ? 1 : size * item.words,
  };
}

function elementary(name: string): AbiType {
  if (name === 'address') return leaf(ETHEREUM_KIND.Address, 20);
  if (name === 'bool') return leaf(ETHEREUM_KIND.Bool, 1);
  if (name === 'string') return leaf(ETHEREUM_KIND.String, 0, true);
  if (name === 'bytes') return leaf(ETHEREUM_KIND.Bytes, 0, true);
  if (name === 'function') return leaf(ETHEREUM_KIND.Function, 24);
  const match = /^(u?int|bytes)(\d*)$/.exec(name);
  if (match === null) throw new AbiDecodeError(`unknown type ${name}`);
  const [, base, digits] = match;
  if (base === 'bytes') return leaf(ETHEREUM_KIND.FixedBytes, Number(digits));
  return leaf(base === 'int' ? ETHEREUM_KIND.Int : ETHEREUM_KIND.Uint, digits === '' ? 256 : Number(digits));
}

/** Splits at commas that stand in no parentheses. */
function splitTypes(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < list.length; index += 1) {
    const char = list[index];
    if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    else if (char === ',' && depth === 0) {
      parts.push(list.slice(start, index));
      start = index + 1;
    }
  }
  if (list.length > 0) parts.push(list.slice(start));
  return parts;
}

/** A type as `ethereum.decode` names it: `uint256`, `(address,bytes32[])[2]`. @throws AbiDecodeError */
export function parseTypeName(text: string): AbiType {
  const name = text.replaceAll(' ', '');
  const array = /^(.*)\[(\d*)\]$/.exec(name);
  if (array !== null) return arrayType(parseTypeName(array[1] as string), array[2] as string);
  const tuple = /^(?:tuple)?\((.*)\)$/.exec(name);
  if (tuple !== null) return tupleType(splitTypes(tuple[1] as string).map(parseTypeName));
  return elementary(name);
}

/** The type of a parameter in a JSON ABI. */
export function parameterType(parameter: AbiParameter): AbiType {
  const array = /^(.*)\[(\d*)\]$/.exec(parameter.type);
  if (array !== null) {
    return arrayType(parameterType({ ...parameter, type: array[1] as string }), array[2] as string);
  }
  if (parameter.type === 'tuple') return tupleType((parameter.components ?? []).map(parameterType));
  return elementary(parameter.type);
}

// ---------------------------------------------------------------- decoding

/** A byte order mark is a character like any other. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Nesting and item counts beyond this are an attack on the decoder, not data. */
const MAX_ITEMS = 1_000_000;

class Decoder {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #items = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #need(at: number, length: number): void {
    if (at + length > this.#bytes.length) throw new AbiDecodeError(`data ends at byte ${this.#bytes.length}`);
  }

  /** An offset or length: a word that must be a small number. */
  #count(at: number): number {
    this.#need(at, 32);
    for (let word = 0; word < 28; word += 4) {
      if (this.#view.getUint32(at + word) !== 0) throw new AbiDecodeError('offset or length is too large');
    }
    return this.#view.getUint32(at + 28);
  }

  #uint(at: number): bigint {
    let value = this.#view.getBigUint64(at);
    for (let word = 8; word < 32; word += 8) {
      const next = this.#view.getBigUint64(at + word);
      value = value === 0n ? next : (value << 64n) | next;
    }
    return value;
  }

  /** Values of a sequence whose heads begin at `base`. */
  sequence(types: readonly AbiType[], base: number): EthereumValue[] {
    let head = base;
    return types.map((type) => {
      const at = type.dynamic ? base + this.#count(head) : head;
      const value = this.#value(type, at);
      head += type.words * 32;
      return value;
    });
  }

  #value(type: AbiType, at: number): EthereumValue {
    const { kind } = type;
    switch (kind) {
      case ETHEREUM_KIND.Address:
        this.#need(at, 32);
        return { kind, value: this.#bytes.slice(at + 12, at + 32) };
      case ETHEREUM_KIND.FixedBytes:
      case ETHEREUM_KIND.Function:
        this.#need(at, 32);
        return { kind, value: this.#bytes.slice(at, at + type.size) };
      case ETHEREUM_KIND.Uint:
        this.#need(at, 32);
        return { kind, value: this.#uint(at) };
      case ETHEREUM_KIND.Int:
        this.#need(at, 32);
        return { kind, value: BigInt.asIntN(256, this.#uint(at)) };
      case ETHEREUM_KIND.Bool:
        this.#need(at, 32);
        return { kind, value: this.#uint(at) !== 0n };
      case ETHEREUM_KIND.Bytes:
      case ETHEREUM_KIND.String: {
        const length = this.#count(at);
        this.#need(at + 32, length);
        const bytes = this.#bytes.slice(at + 32, at + 32 + length);
        return { kind, value: kind === ETHEREUM_KIND.Bytes ? bytes : utf8.decode(bytes) };
      }
      case ETHEREUM_KIND.Tuple:
        return { kind, value: this.sequence(type.items, at) };
      default: {
        const dynamic = kind === ETHEREUM_KIND.Array;
        const length = dynamic ? this.#count(at) : type.size;
        this.#items += length;
        if (this.#items > MAX_ITEMS) throw new AbiDecodeError('too many items');
        const item = type.items[0] as AbiType;
        const base = dynamic ? at + 32 : at;
        // Empty tuples take no room, everything else must be there before a list of that length is made.
        this.#need(base, length * item.words * 32);
        return { kind, value: this.sequence(new Array<AbiType>(length).fill(item), base) };
      }
    }
  }
}

/** Decodes a parameter list. Bytes after it are ignored. @throws AbiDecodeError */
export function decodeParameters(types: readonly AbiType[], data: Uint8Array): EthereumValue[] {
  return new Decoder(data).sequence(types, 0);
}

// ---------------------------------------------------------------- encoding

function word(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  let rest = value;
  for (let at = 24; at >= 0; at -= 8, rest >>= 64n) view.setBigUint64(at, BigInt.asUintN(64, rest));
  return bytes;
}

function padded(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / 32) * 32);
  out.set(bytes);
  return out;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function encodeSequence(types: readonly AbiType[], values: readonly EthereumValue[]): Uint8Array {
  const headSize = types.reduce((sum, type) => sum + type.words * 32, 0);
  const heads: Uint8Array[] = [];
  const tails: Uint8Array[] = [];
  let offset = headSize;
  types.forEach((type, index) => {
    const encoded = encodeValue(type, values[index] as EthereumValue);
    if (type.dynamic) {
      heads.push(word(BigInt(offset)));
      tails.push(encoded);
      offset += encoded.length;
    } else heads.push(encoded);
  });
  return concat([...heads, ...tails]);
}

function encodeValue(type: AbiType, { value }: EthereumValue): Uint8Array {
  switch (type.kind) {
    case ETHEREUM_KIND.Address: {
      const out = new Uint8Array(32);
      out.set((value as Uint8Array).subarray(0, 20), 12);
      return out;
    }
    case ETHEREUM_KIND.FixedBytes:
    case ETHEREUM_KIND.Function:
      return padded((value as Uint8Array).length === 0 ? new Uint8Array(32) : (value as Uint8Array));
    case ETHEREUM_KIND.Int:
    case ETHEREUM_KIND.Uint:
      return word(value as bigint);
    case ETHEREUM_KIND.Bool:
      return word(value === true ? 1n : 0n);
    case ETHEREUM_KIND.Bytes:
    case ETHEREUM_KIND.String: {
      const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : (value as Uint8Array);
      return concat([word(BigInt(bytes.length)), padded(bytes)]);
    }
    case ETHEREUM_KIND.Tuple:
      return encodeSequence(type.items, value as readonly EthereumValue[]);
    default: {
      const items = value as readonly EthereumValue[];
      const body = encodeSequence(new Array<AbiType>(items.length).fill(type.items[0] as AbiType), items);
      return type.kind === ETHEREUM_KIND.Array ? concat([word(BigInt(items.length)), body]) : body;
    }
  }
}

export function encodeParameters(types: readonly AbiType[], values: readonly EthereumValue[]): Uint8Array {
  return encodeSequence(types, values);
}

/** The type a value would be encoded as when nothing else says it. */
export function typeOfValue({ kind, value }: EthereumValue): AbiType {
  switch (kind) {
    case ETHEREUM_KIND.Bytes:
    case ETHEREUM_KIND.String:
      return leaf(kind, 0, true);
    case ETHEREUM_KIND.Tuple:
      return tupleType((value as readonly EthereumValue[]).map(typeOfValue));
    case ETHEREUM_KIND.Array:
    case ETHEREUM_KIND.FixedArray: {
      const items = value as readonly EthereumValue[];
      const first = items[0];
      const item = first === undefined ? leaf(ETHEREUM_KIND.Uint, 256) : typeOfValue(first);
      return arrayType(item, kind === ETHEREUM_KIND.Array ? '' : String(items.length));
    }
    default:
      return leaf(kind, 32);
  }
}

/** Whether a value may stand for a parameter of this type. */
export function fits(type: AbiType, { kind, value }: EthereumValue): boolean {
  if (type.kind === ETHEREUM_KIND.FixedBytes && kind === ETHEREUM_KIND.FixedBytes) {
    return (value as Uint8Array).length <= type.size;
  }
  if (type.kind !== kind) return false;
  if (kind === ETHEREUM_KIND.Int || kind === ETHEREUM_KIND.Uint) {
    const number = value as bigint;
    return kind === ETHEREUM_KIND.Int
      ? BigInt.asIntN(type.size, number) === number
      : number >= 0n && BigInt.asUintN(type.size, number) === number;
  }
  if (!Array.isArray(value)) return true;
  if (kind === ETHEREUM_KIND.Array) return value.every((item) => fits(type.items[0] as AbiType, item));
  if (value.length !== type.size) return false;
  return value.every((item, index) =>
    fits(type.items[kind === ETHEREUM_KIND.Tuple ? index : 0] as AbiType, item),
  );
}

// ---------------------------------------------------------------- events

const ZERO_WORD = leaf(ETHEREUM_KIND.FixedBytes, 32);

/** A parameter that is one word of a log. */
export interface EventWord {
  readonly type: AbiType;
  /** Index of its topic; -1 when it is in the data. */
  readonly topic: number;
  /** Its first hex digit there. */
  readonly at: number;
}

/** Decodes the logs of one event of an ABI. */
export class EventDecoder {
  readonly names: readonly string[];
  readonly #indexed: readonly boolean[];
  readonly #topicTypes: readonly AbiType[];
  readonly #dataTypes: readonly AbiType[];
  readonly #topics: number;
  readonly #words: readonly EventWord[] | null;

  constructor(event: AbiItem) {
    const inputs = event.inputs ?? [];
    this.names = inputs.map((input) => input.name);
    this.#indexed = inputs.map((input) => input.indexed === true);
    this.#topicTypes = inputs
      .filter((input) => input.indexed)
      .map((input) => {
        const type = parameterType(input);
        // Of anything longer than a word only the hash is in the topic.
        return type.words > 1 || type.dynamic || type.items.length > 0 ? ZERO_WORD : type;
      });
    this.#dataTypes = inputs.filter((input) => !input.indexed).map(parameterType);
    this.#topics = this.#topicTypes.length + (event.anonymous ? 0 : 1);
    let topic = event.anonymous ? 0 : 1;
    let datum = 0;
    const words = this.#indexed.map((indexed) => {
      const type = (
        indexed ? this.#topicTypes[topic - (event.anonymous ? 0 : 1)] : this.#dataTypes[datum]
      ) as AbiType;
      return indexed ? { type, topic: topic++, at: 2 } : { type, topic: -1, at: 2 + 64 * datum++ };
    });
    this.#words = words.every(({ type }) => !type.dynamic && type.items.length === 0) ? words : null;
  }

  /**
   * Where each parameter's word is, in the ABI's order, when all of them are single words: such logs need no decoding. Null for
   * other events.
   */
  get words(): readonly EventWord[] | null {
    return this.#words;
  }

  /** Whether a log's words are all there. */
  hasWords(topics: readonly string[], data: string): boolean {
    if (topics.length !== this.#topics || data.length < 2 + 64 * this.#dataTypes.length) return false;
    for (const topic of topics) if (topic.length !== 66) return false;
    return true;
  }

  /** The parameters in the ABI's order; null when the log belongs to another event of the same signature. */
  decode(topics: readonly string[], data: string): EthereumValue[] | null {
    if (topics.length !== this.#topics) return null;
    try {
      const first = this.#topics - this.#topicTypes.length;
      const fromTopics = this.#topicTypes.map(
        (type, index) =>
          decodeParameters([type], hexBytes(topics[first + index] as string))[0] as EthereumValue,
      );
      const fromData = decodeParameters(this.#dataTypes, hexBytes(data));
      let topic = 0;
      let datum = 0;
      return this.#indexed.map(
        (indexed) => (indexed ? fromTopics[topic++] : fromData[datum++]) as EthereumValue,
      );
    } catch (error) {
      if (error instanceof AbiDecodeError) return null;
      throw error;
    }
  }
}

/** Decodes the calls of one function of an ABI. */
export class CallDecoder {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly #inputs: readonly AbiType[];
  readonly #outputs: readonly AbiType[];

  constructor(item: AbiItem) {
    this.inputNames = (item.inputs ?? []).map((input) => input.name ?? '');
    this.outputNames = (item.outputs ?? []).map((output) => output.name ?? '');
    this.#inputs = (item.inputs ?? []).map(parameterType);
    this.#outputs = (item.outputs ?? []).map(parameterType);
  }

  /** The arguments behind the selector; null when they are not such ones (graph-node then passes the call over). */
  inputs(input: string): EthereumValue[] | null {
    try {
      return decodeParameters(this.#inputs, hexBytes(`0x${input.slice(10)}`));
    } catch (error) {
      if (error instanceof AbiDecodeError) return null;
      throw error;
    }
  }

  /** @throws AbiDecodeError when the contract answered something else than its ABI says */
  outputs(output: string): EthereumValue[] {
    return decodeParameters(this.#outputs, hexBytes(output));
  }
}

/** Bytes of 0x and hex digits. */
export function hexBytes(hex: string): Uint8Array {
  const bytes = new Uint8Array((hex.length - 2) >>> 1);
  for (let index = 0, at = 2; index < bytes.length; index += 1, at += 2) {
    bytes[index] = (digit(hex.charCodeAt(at)) << 4) | digit(hex.charCodeAt(at + 1));
  }
  return bytes;
}

/** The value of a hex digit: letters have their low bits one behind. */
const digit = (code: number): number => (code <= 0x39 ? code - 0x30 : (code & 15) + 9);
