// Reads and writes the memory of an AssemblyScript module: its objects, strings, arrays and big integers (runtime header of 0.19).
import { bounded, MAX_BIG_INT_BITS } from './big-int.ts';
import { DeterministicError } from './failures.ts';

/** Bytes before an object's pointer: mmInfo, two words of the garbage collector, runtime id, size. */
const HEADER_SIZE = 20;
/** graph-node asks the module for at least this much at a time and cuts objects from it. */
const ARENA_SIZE = 10_000;
/** The first object's header stands here in an arena, so that objects are aligned to 16 bytes behind it. */
const ARENA_LEAD = 12;

/** Type ids that mappings translate into their own class ids by `id_of_type`. */
export const TYPE = {
  String: 0,
  ArrayBuffer: 1,
  Uint8Array: 6,
  BigDecimal: 12,
  ArrayUint8Array: 14,
  ArrayEthereumValue: 15,
  ArrayStoreValue: 16,
  ArrayJsonValue: 17,
  ArrayString: 18,
  ArrayEventParam: 19,
  ArrayJsonEntry: 20,
  ArrayStoreEntry: 21,
  EventParam: 23,
  Transaction: 24,
  Block: 25,
  Call: 26,
  WrappedBool: 28,
  WrappedJsonValue: 29,
  EthereumValue: 30,
  StoreValue: 31,
  JsonValue: 32,
  Event: 33,
  StoreEntry: 34,
  JsonEntry: 35,
  StoreMap: 36,
  JsonMap: 37,
  ResultJsonMap: 39,
  ResultJsonValue: 40,
  TransactionReceipt: 1000,
  Log: 1001,
  ArrayH256: 1002,
  ArrayLog: 1003,
  ArrayStoreMap: 1004,
  YamlValue: 5500,
  YamlTaggedValue: 5501,
  YamlEntry: 5502,
  YamlMap: 5503,
  ArrayYamlValue: 5504,
  ArrayYamlEntry: 5505,
  WrappedYamlValue: 5506,
  ResultYamlValue: 5507,
} as const;

const HEX_VALUE = new Uint8Array(128);
for (let digit = 0; digit < 16; digit += 1) {
  HEX_VALUE[digit.toString(16).charCodeAt(0)] = digit;
  HEX_VALUE[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });
const SURROGATE = /[\ud800-\udfff]/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const HEX_DIGIT = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** Up to this many bytes a loop is faster than a call. */
const SHORT_BYTES = 64;
/** Longest string put together by `fromCharCode`; a decoder is faster beyond. */
const SHORT_STRING = 256;

const asciiScratch = Buffer.allocUnsafeSlow(SHORT_STRING) as Buffer & {
  latin1Slice(start: number, end: number): string;
};

/** graph-node's words, which the answers in its forums explain. */
const NULL_READ =
  "Tried to read AssemblyScript value that is 'null'. Suggestion: look into the function that the error happened and add 'log' calls till you find where a 'null' value is being used as non-nullable. It's likely that you're calling a 'graph-ts' function (or operator) with a 'null' value when it doesn't support it.";

/** What the host needs from a module's exports to allocate in it. */
export interface AscExports {
  readonly memory: WebAssembly.Memory;
  readonly allocate: (size: number) => number;
  /** Modules of apiVersion 0.0.4 and older have no ids. */
  readonly id_of_type?: (type: number) => number;
}

export interface ArenaState {
  readonly next: number;
  readonly free: number;
}

export class AscHeap {
  readonly #exports: AscExports;
  readonly #classIds = new Map<number, number>();
  readonly #staticStrings = new Map<number, string>();
  #staticEnd = 0;
  #buffer: ArrayBuffer;
  #next = 0;
  #free = 0;
  /** Bytes that stand before every object: no pointer is below. */
  protected readonly lead: number = HEADER_SIZE;
  /** Views of the whole memory; valid until the module allocates or runs. */
  u8: Uint8Array<ArrayBuffer>;
  u16: Uint16Array<ArrayBuffer>;
  u32: Uint32Array<ArrayBuffer>;
  view: DataView;

  constructor(exports: AscExports) {
    this.#exports = exports;
    this.#buffer = exports.memory.buffer as ArrayBuffer;
    this.u8 = new Uint8Array(this.#buffer);
    this.u16 = new Uint16Array(this.#buffer);
    this.u32 = new Uint32Array(this.#buffer);
    this.view = new DataView(this.#buffer);
  }

  /** Must be called whenever the module may have grown its memory. */
  refresh(): void {
    // Growing detaches the buffer that the views are of; to ask for the memory's buffer costs more than this.
    if (this.u8.length !== 0) return;
    const buffer = this.#exports.memory.buffer as ArrayBuffer;
    if (buffer === this.#buffer) return;
    this.#buffer = buffer;
    this.u8 = new Uint8Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.view = new DataView(buffer);
  }

  get arena(): ArenaState {
    return { next: this.#next, free: this.#free };
  }

  set arena(state: ArenaState) {
    this.#next = state.next;
    this.#free = state.free;
  }

  /** Strings below this address never change between runs, so they are read once. */
  set staticEnd(address: number) {
    this.#staticEnd = address;
    this.#staticStrings.clear();
  }

  classId(type: number): number {
    let id = this.#classIds.get(type);
    if (id === undefined) {
      id = this.#exports.id_of_type?.(type) ?? 0;
      this.#classIds.set(type, id);
    }
    return id;
  }

  /** Room of the module's own, outside the arena. */
  allocate(size: number): number {
    const start = this.#exports.allocate(size) >>> 0;
    this.refresh();
    return start;
  }

  /** Cuts `total` bytes (aligned by the caller) from the arena, the first of which begins `lead` bytes into what the module gives. */
  protected take(total: number, lead: number): number {
    if (total > this.#free) {
      const wanted = Math.max(total + lead, ARENA_SIZE);
      this.#next = this.allocate(wanted) + lead;
      this.#free = wanted - lead;
    }
    const address = this.#next;
    this.#next += total;
    this.#free -= total;
    return address;
  }

  /** Room for an object of `size` bytes; its content is zero (the heap is zeroed between runs). Returns the pointer to it. */
  alloc(size: number, type: number): number {
    const classId = this.classId(type);
    const total = (HEADER_SIZE + size + 15) & ~15;
    const header = this.take(total, ARENA_LEAD) >>> 2;
    this.u32[header] = total - 4;
    this.u32[header + 3] = classId;
    this.u32[header + 4] = size;
    return (header << 2) + HEADER_SIZE;
  }

  /** An object of pointers and 32-bit integers. */
  struct(type: number, fields: readonly number[]): number {
    const pointer = this.alloc(fields.length * 4, type);
    const base = pointer >>> 2;
    for (let index = 0; index < fields.length; index += 1) this.u32[base + index] = fields[index] as number;
    return pointer;
  }

  protected check(pointer: number, size: number): void {
    if (pointer < this.lead || pointer + size > this.u8.length) {
      if (pointer === 0) throw new DeterministicError(NULL_READ);
      throw new DeterministicError(`the mapping passed a pointer outside its memory (${pointer})`);
    }
  }

  /** The word at `offset` bytes into the object at `pointer`. */
  word(pointer: number, offset: number): number {
    this.check(pointer, offset + 4);
    return this.u32[(pointer + offset) >>> 2] as number;
  }

  // ------------------------------------------------------------ strings

  writeString(text: string): number {
    const pointer = this.alloc(text.length * 2, TYPE.String);
    this.writeUnits(pointer, text);
    return pointer;
  }

  protected writeUnits(address: number, text: string): void {
    const base = address >>> 1;
    const units = this.u16;
    for (let index = 0; index < text.length; index += 1) units[base + index] = text.charCodeAt(index);
  }

  /** Where the units of a string begin, and how many there are. */
  protected unitsOf(pointer: number): readonly [address: number, length: number] {
    return [pointer, (this.u32[(pointer - 4) >>> 2] as number) >>> 1];
  }

  /** A string without null characters, which no PostgreSQL text can hold (graph-node drops them too). */
  readString(pointer: number): string {
    if (pointer < this.#staticEnd) {
      const known = this.#staticStrings.get(pointer);
      if (known !== undefined) return known;
    }
    this.check(pointer, 0);
    const [address, length] = this.unitsOf(pointer);
    this.check(address, length * 2);
    const start = address >>> 1;
    const text = length <= SHORT_STRING ? this.#shortString(start, length) : this.#anyString(start, length);
    if (pointer < this.#staticEnd) this.#staticStrings.set(pointer, text);
    return text;
  }

  /** Most strings are names, ids and numbers: plain ASCII. */
  #shortString(start: number, length: number): string {
    const { u16 } = this;
    for (let index = 0; index < length; index += 1) {
      const unit = u16[start + index] as number;
      if (unit === 0 || unit > 0x7f) return this.#anyString(start, length);
      asciiScratch[index] = unit;
    }
    return asciiScratch.latin1Slice(0, length);
  }

  #anyString(start: number, length: number): string {
    let text: string;
    if (length <= SHORT_STRING) {
      text = String.fromCharCode.apply(null, this.u16.subarray(start, start + length) as unknown as number[]);
    } else text = utf16.decode(this.u16.subarray(start, start + length));
    if (text.includes('\0')) text = text.replaceAll('\0', '');
    if (SURROGATE.test(text) && LONE_SURROGATE.test(text)) {
      throw new DeterministicError('the mapping passed a string that is not valid UTF-16');
    }
    return text;
  }

  // ------------------------------------------------------------ bytes

  /** A typed array over a new buffer of `length` zero bytes; `dataOf` tells where they are. */
  protected typedArray(length: number): number {
    const buffer = this.alloc(length, TYPE.ArrayBuffer);
    return this.struct(TYPE.Uint8Array, [buffer, buffer, length]);
  }

  /** Address of the first byte of a typed array. */
  protected dataOf(pointer: number): number {
    return this.u32[(pointer + 4) >>> 2] as number;
  }

  /** Length in bytes of a typed array. */
  protected lengthOf(pointer: number): number {
    return this.u32[(pointer + 8) >>> 2] as number;
  }

  /** Room for a string of `length` UTF-16 units, and the address of the first. */
  protected stringRoom(length: number): { readonly pointer: number; readonly units: number } {
    const pointer = this.alloc(length * 2, TYPE.String);
    return { pointer, units: pointer };
  }

  writeBytes(bytes: Uint8Array): number {
    const { length } = bytes;
    const pointer = this.typedArray(length);
    const at = this.dataOf(pointer);
    const { u8 } = this;
    if (length > SHORT_BYTES) u8.set(bytes, at);
    else for (let index = 0; index < length; index += 1) u8[at + index] = bytes[index] as number;
    return pointer;
  }

  /** The bytes of a Uint8Array as a string of 0x and hex digits, without a detour through a JavaScript string. */
  writeHexString(pointer: number): number {
    const length = this.bytesView(pointer).length;
    const { pointer: text, units } = this.stringRoom((length + 1) * 2);
    let from = this.dataOf(pointer);
    let to = units >>> 1;
    const { u8, u16 } = this;
    u16[to++] = 0x30;
    u16[to++] = 0x78;
    for (const end = from + length; from < end; from += 1) {
      const byte = u8[from] as number;
      u16[to++] = HEX_DIGIT[byte >> 4] as number;
      u16[to++] = HEX_DIGIT[byte & 15] as number;
    }
    return text;
  }

  /** Bytes given as 0x and hex digits. */
  writeHex(hex: string): number {
    const length = (hex.length - 2) >>> 1;
    const pointer = this.typedArray(length);
    let at = this.dataOf(pointer);
    const { u8 } = this;
    for (let index = 2; index < hex.length; index += 2) {
      u8[at++] =
        ((HEX_VALUE[hex.charCodeAt(index)] as number) << 4) |
        (HEX_VALUE[hex.charCodeAt(index + 1)] as number);
    }
    return pointer;
  }

  /** A view of a Uint8Array's bytes, valid until the next allocation. */
  bytesView(pointer: number): Uint8Array<ArrayBuffer> {
    this.check(pointer, 12);
    const start = this.dataOf(pointer);
    const length = this.lengthOf(pointer);
    this.check(start, length);
    return this.u8.subarray(start, start + length);
  }

  readBytes(pointer: number): Uint8Array<ArrayBuffer> {
    this.check(pointer, 12);
    const start = this.dataOf(pointer);
    const length = this.lengthOf(pointer);
    this.check(start, length);
    const { u8 } = this;
    if (length > SHORT_BYTES) return u8.slice(start, start + length);
    const bytes = new Uint8Array(length);
    for (let index = 0; index < length; index += 1) bytes[index] = u8[start + index] as number;
    return bytes;
  }

  // ------------------------------------------------------------ big integers

  /** A BigInt: little-endian two's complement in as few bytes as keep the sign. */
  writeBigInt(value: bigint): number {
    if (value >= -0x80000000n && value <= 0x7fffffffn) return this.writeSmallInt(Number(value));
    let scratch = scratchView;
    let bytes = scratchBytes;
    let words = 0;
    for (let rest = value; ; rest >>= 64n) {
      if (words * 8 === scratch.byteLength) {
        const grown = new Uint8Array(scratch.byteLength * 2);
        grown.set(bytes);
        bytes = grown;
        scratch = new DataView(grown.buffer);
      }
      // Sets the low 64 bits, whatever the sign.
      scratch.setBigUint64(words * 8, rest, true);
      words += 1;
      if (rest >= -0x8000000000000000n && rest <= 0x7fffffffffffffffn) break;
    }
    let length = words * 8;
    const fill = value < 0n ? 0xff : 0;
    while (
      length > 1 &&
      bytes[length - 1] === fill &&
      ((bytes[length - 2] as number) & 0x80) === (fill & 0x80)
    ) {
      length -= 1;
    }
    const pointer = this.typedArray(length);
    const at = this.dataOf(pointer);
    const { u8 } = this;
    for (let index = 0; index < length; index += 1) u8[at + index] = bytes[index] as number;
    return pointer;
  }

  /** A BigInt from a safe integer. */
  writeSmallInt(value: number): number {
    if (value < -0x80000000 || value > 0x7fffffff) return this.writeBigInt(BigInt(value));
    let length = 1;
    while (length < 4 && value >> (length * 8 - 1) !== 0 && value >> (length * 8 - 1) !== -1) length += 1;
    const pointer = this.typedArray(length);
    const at = this.dataOf(pointer);
    for (let index = 0; index < length; index += 1) this.u8[at + index] = value >> (index * 8);
    return pointer;
  }

  /** A BigInt from a big-endian word of 64 hex digits at `at`. */
  writeWord(hex: string, at: number, signed: boolean): number {
    const bytes = scratchBytes;
    let first = -1;
    for (let index = 0; index < 32; index += 1) {
      const byte =
        ((HEX_VALUE[hex.charCodeAt(at + index * 2)] as number) << 4) |
        (HEX_VALUE[hex.charCodeAt(at + index * 2 + 1)] as number);
      bytes[index] = byte;
      if (byte !== 0 && first < 0) first = index;
    }
    const negative = signed && ((bytes[0] as number) & 0x80) !== 0;
    if (negative) {
      first = 0;
      while (first < 31 && bytes[first] === 0xff && ((bytes[first + 1] as number) & 0x80) !== 0) first += 1;
    } else if (first < 0) first = 31;
    // A positive number whose highest bit is set needs a zero byte to show its sign.
    const length = 32 - first + (!negative && ((bytes[first] as number) & 0x80) !== 0 ? 1 : 0);
    const pointer = this.typedArray(length);
    let to = this.dataOf(pointer);
    const { u8 } = this;
    for (let index = 31; index >= first; index -= 1) u8[to++] = bytes[index] as number;
    return pointer;
  }

  /** Bytes given as hex digits at `at`. */
  writeHexAt(hex: string, at: number, length: number): number {
    const pointer = this.typedArray(length);
    let to = this.dataOf(pointer);
    const { u8 } = this;
    for (let index = at; index < at + length * 2; index += 2) {
      u8[to++] =
        ((HEX_VALUE[hex.charCodeAt(index)] as number) << 4) |
        (HEX_VALUE[hex.charCodeAt(index + 1)] as number);
    }
    return pointer;
  }

  readBigInt(pointer: number): bigint {
    this.check(pointer, 12);
    const start = this.dataOf(pointer);
    const length = this.lengthOf(pointer);
    this.check(start, length);
    const { u8, view } = this;
    if (length === 0) return 0n;
    const negative = ((u8[start + length - 1] as number) & 0x80) !== 0;
    if (length <= 4) {
      let value = negative ? -1 : 0;
      for (let index = length - 1; index >= 0; index -= 1)
        value = (value << 8) | (u8[start + index] as number);
      return BigInt(value);
    }
    // What is above the last whole word first: up to six bytes fit a double exactly, of seven the lower four come apart.
    let end = length;
    let value: bigint;
    const rest = length % 8;
    if (rest === 0) {
      end -= 8;
      value = view.getBigInt64(start + end, true);
    } else {
      let high = negative ? -1 : 0;
      for (let bytes = rest === 7 ? 3 : rest; bytes > 0; bytes -= 1) {
        end -= 1;
        high = high * 256 + (u8[start + end] as number);
      }
      value = BigInt(high);
      if (rest === 7) {
        end -= 4;
        value = (value << 32n) | BigInt(view.getUint32(start + end, true));
      }
    }
    for (; end > 0; end -= 8) value = (value << 64n) | view.getBigUint64(start + end - 8, true);
    return length * 8 < MAX_BIG_INT_BITS ? value : bounded(value);
  }

  // ------------------------------------------------------------ arrays

  /** An Array of pointers. */
  writeArray(type: number, items: readonly number[]): number {
    const length = items.length * 4;
    const buffer = this.alloc(length, TYPE.ArrayBuffer);
    const base = buffer >>> 2;
    for (let index = 0; index < items.length; index += 1) this.u32[base + index] = items[index] as number;
    return this.struct(type, [buffer, buffer, length, items.length]);
  }

  readArray(pointer: number): number[] {
    this.check(pointer, 16);
    const base = pointer >>> 2;
    const start = (this.u32[base + 1] as number) >>> 2;
    const length = this.u32[base + 3] as number;
    this.check(start << 2, length * 4);
    const items = new Array<number>(length);
    for (let index = 0; index < length; index += 1) items[index] = this.u32[start + index] as number;
    return items;
  }

  // ------------------------------------------------------------ tagged values

  /** A value of an enum such as store.Value: kind and a 64-bit payload, here a pointer, a boolean or an i32. */
  writeTagged(type: number, kind: number, payload: number): number {
    const pointer = this.alloc(16, type);
    const base = pointer >>> 2;
    this.u32[base] = kind;
    this.u32[base + 2] = payload;
    return pointer;
  }

  /** The same with an i32 as an i64 payload. */
  writeTaggedInt(type: number, kind: number, value: number): number {
    const pointer = this.writeTagged(type, kind, value);
    if (value < 0) this.u32[(pointer >>> 2) + 3] = 0xffffffff;
    return pointer;
  }

  /** The same with an i64 payload. */
  writeTaggedLong(type: number, kind: number, payload: bigint): number {
    const pointer = this.alloc(16, type);
    this.u32[pointer >>> 2] = kind;
    this.view.setBigInt64(pointer + 8, payload, true);
    return pointer;
  }

  readLong(pointer: number): bigint {
    this.check(pointer, 16);
    return this.view.getBigInt64(pointer + 8, true);
  }
}

/** Integers of up to 512 bits are written without allocating. */
const SCRATCH_WORDS = 8;
const scratchBytes = new Uint8Array(SCRATCH_WORDS * 8);
const scratchView = new DataView(scratchBytes.buffer);
