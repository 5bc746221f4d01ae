import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EntityData } from '#indexer/model.ts';
import { AscHeap } from './asc-heap.ts';
import { readContextMap, writeContext } from './store-values.ts';

/** A heap over a bare memory with a bump allocator, as a module's `allocate` is. */
function bareHeap(): AscHeap {
  const memory = new WebAssembly.Memory({ initial: 4 });
  let end = 1024;
  return new AscHeap({
    memory,
    allocate: (size) => {
      const start = (end + 15) & ~15;
      end = start + size;
      while (end > memory.buffer.byteLength) memory.grow(4);
      return start;
    },
    id_of_type: (type) => type + 1000,
  });
}

/** Minimal little-endian two's complement, the slow way. */
function twosComplement(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 8n) {
    const byte = Number(rest & 0xffn);
    bytes.push(byte);
    if (BigInt.asIntN(8, rest) === rest) return bytes;
  }
}

const integer = fc.oneof(
  fc.bigInt({ min: -(2n ** 33n), max: 2n ** 33n }),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.bigInt({ min: -(2n ** 256n), max: 2n ** 256n }),
  fc.bigInt({ min: -(2n ** 700n), max: 2n ** 700n }),
  fc.nat(260).map((bits) => 2n ** BigInt(bits)),
  fc.nat(260).map((bits) => -(2n ** BigInt(bits))),
  fc.nat(260).map((bits) => 2n ** BigInt(bits) - 1n),
);

describe('AscHeap', () => {
  test('big integers are written in minimal bytes and read back', () => {
    const heap = bareHeap();
    fc.assert(
      fc.property(integer, (value) => {
        const pointer = heap.writeBigInt(value);
        expect([...heap.bytesView(pointer)]).toEqual(twosComplement(value));
        expect(heap.readBigInt(pointer)).toBe(value);
      }),
    );
  });

  test('a word of a log is written as the integer it stands for', () => {
    const heap = bareHeap();
    fc.assert(
      fc.property(integer, fc.boolean(), (any, signed) => {
        const value = signed ? BigInt.asIntN(256, any) : BigInt.asUintN(256, any);
        const digits = BigInt.asUintN(256, value).toString(16).padStart(64, '0');
        const pointer = heap.writeWord(`0x${digits}`, 2, signed);
        expect([...heap.bytesView(pointer)]).toEqual(twosComplement(value));
      }),
    );
  });

  test('integers with padding, as mappings make them, are read', () => {
    const heap = bareHeap();
    fc.assert(
      fc.property(integer, fc.nat(9), (value, padding) => {
        const bytes = twosComplement(value);
        const padded = [...bytes, ...new Array<number>(padding).fill(value < 0n ? 255 : 0)];
        expect(heap.readBigInt(heap.writeBytes(Uint8Array.from(padded)))).toBe(value);
      }),
    );
  });

  test('strings, bytes and arrays survive', () => {
    const heap = bareHeap();
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 600 }),
        fc.uint8Array({ maxLength: 200 }),
        (text, bytes) => {
          const string = heap.writeString(text);
          const array = heap.writeBytes(bytes);
          const list = heap.writeArray(18, [string, array]);
          expect(heap.readString(string)).toBe(text.replaceAll('\0', ''));
          expect(heap.readBytes(array)).toEqual(bytes);
          expect(heap.readString(heap.writeHexString(array))).toBe(`0x${Buffer.from(bytes).toString('hex')}`);
          expect(
            heap.readBytes(heap.writeHex(`0x${Buffer.from(bytes).toString('hex').toUpperCase()}`)),
          ).toEqual(bytes);
          expect(heap.readArray(list)).toEqual([string, array]);
        },
      ),
    );
  });

  test('objects are aligned and carry their class', () => {
    const heap = bareHeap();
    for (const size of [0, 1, 16, 100, 20_000]) {
      const pointer = heap.alloc(size, 7);
      expect(pointer % 16).toBe(0);
      expect(heap.word(pointer - 8, 0)).toBe(1007);
      expect(heap.word(pointer - 4, 0)).toBe(size);
    }
  });

  test('a context comes back with the kinds of its values', () => {
    const context = {
      big: 5n,
      int8: { digits: 5n, exp: 0, long: 'Int8' },
      when: { digits: -(2n ** 63n), exp: 0, long: 'Timestamp' },
      list: ['x', [{ digits: 1n, exp: 0, long: 'Int8' }, null]],
      flag: true,
      bytes: Uint8Array.of(1, 2),
      price: { digits: 5n, exp: -1 },
    } as unknown as EntityData;
    const heap = bareHeap();
    expect(readContextMap(heap, writeContext(heap, context))).toEqual(context);
  });

  test('pointers outside the memory are the mapping’s fault', () => {
    const heap = bareHeap();
    expect(() => heap.readString(0)).toThrow(/value that is 'null'/);
    expect(() => heap.readString(8)).toThrow(/outside its memory/);
    expect(() => heap.readBytes(0xffff_fff0)).toThrow(/outside its memory/);
    const lone = heap.writeString('\ud800');
    expect(() => heap.readString(lone)).toThrow(/not valid UTF-16/);
  });
});
