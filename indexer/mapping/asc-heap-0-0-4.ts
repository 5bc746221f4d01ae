// The memory of modules of apiVersion 0.0.4 and older (AssemblyScript 0.6): objects without headers, lengths in front of strings and
// buffers. https://github.com/AssemblyScript/assemblyscript/wiki/Memory-Layout-&-Management (revision 86447e8)
import { AscHeap, TYPE } from './asc-heap.ts';

/** A buffer's length and padding, which stand before its content. */
const BUFFER_HEADER = 8;
/** A string's length, which stands before its units. */
const STRING_HEADER = 4;

function powerOfTwo(size: number): number {
  return size <= 1 ? 1 : 2 ** (32 - Math.clz32(size - 1));
}

/** An {@link AscHeap} of the older layout. Class ids do not exist there: types are told apart by where they stand. */
export class AscHeap004 extends AscHeap {
  /** Null is an address like any other: those modules read and write there. */
  protected override readonly lead = 0;

  override alloc(size: number, type: number): number {
    // That allocator gives buffers the next power of two, and growing arrays rely on it.
    const room = type === TYPE.ArrayBuffer ? powerOfTwo(size + BUFFER_HEADER) : size;
    const pointer = this.take((room + 7) & ~7, 0);
    if (type === TYPE.ArrayBuffer) this.u32[pointer >>> 2] = size;
    return pointer;
  }

  // -------------------------------------------------------------- strings

  override writeString(text: string): number {
    const { pointer, units } = this.stringRoom(text.length);
    this.writeUnits(units, text);
    return pointer;
  }

  protected override stringRoom(length: number): { readonly pointer: number; readonly units: number } {
    const pointer = this.alloc(STRING_HEADER + length * 2, TYPE.String);
    this.u32[pointer >>> 2] = length;
    return { pointer, units: pointer + STRING_HEADER };
  }

  protected override unitsOf(pointer: number): readonly [address: number, length: number] {
    return [pointer + STRING_HEADER, this.word(pointer, 0)];
  }

  // -------------------------------------------------------------- bytes and arrays

  protected override typedArray(length: number): number {
    const buffer = this.alloc(length, TYPE.ArrayBuffer);
    return this.struct(TYPE.Uint8Array, [buffer, 0, length]);
  }

  protected override dataOf(pointer: number): number {
    return this.word(pointer, 0) + BUFFER_HEADER + this.word(pointer, 4);
  }

  /** A length beyond the buffer's is cut, as graph-node does: subgraphs were found that depend on it. */
  protected override lengthOf(pointer: number): number {
    const left = this.word(this.word(pointer, 0), 0) - this.word(pointer, 4);
    return Math.max(0, Math.min(this.word(pointer, 8), left));
  }

  override writeArray(type: number, items: readonly number[]): number {
    const buffer = this.alloc(items.length * 4, TYPE.ArrayBuffer);
    const base = (buffer + BUFFER_HEADER) >>> 2;
    for (let index = 0; index < items.length; index += 1) this.u32[base + index] = items[index] as number;
    return this.struct(type, [buffer, items.length]);
  }

  override readArray(pointer: number): number[] {
    const buffer = this.word(pointer, 0);
    const length = Math.min(this.word(pointer, 4), this.word(buffer, 0) >>> 2);
    const start = buffer + BUFFER_HEADER;
    this.check(start, length * 4);
    return Array.from(this.u32.subarray(start >>> 2, (start >>> 2) + length));
  }
}
