// Multiples of a proving key's points, made once with the key: 2^(width · window) · P for every window of a scalar. With them a sum of
// multiples needs no doubling and one set of buckets, which halves what a proof of a small circuit costs. The points are public.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { type Curve, curves } from 'snarkjs';

/** Bits of a window. Digits are signed, so that there are 2^(width − 1) buckets. */
const width = 12;
/** Windows of a scalar below 2^254, with room for the last carry. */
const windows = 22;
const buckets = 1 << (width - 1);
const magic = 0x31_4d_50_41;
const headerBytes = 12;
/** Points brought to affine form at a time. */
const batch = 1_024;

export type GroupName = 'g1m' | 'g2m';
const affineBytes = (group: GroupName) => (group === 'g1m' ? 64 : 128);

type Raw = (...args: number[]) => number;

let opened: Promise<Curve> | undefined;

/** The WASM of snarkjs's curve, called by address, on this thread alone. Opened once a process; whatever was put into it is wiped. */
export class CurveMemory {
  readonly curve: Curve;

  private constructor(curve: Curve) {
    this.curve = curve;
  }

  /** Opens the curve ahead of its first use. */
  static async open(): Promise<void> {
    opened ??= curves.getCurveFromName('bn128', { singleThread: true });
    await opened;
  }

  /** Lends the memory to `work`, which must not wait: two at a time would share it. */
  static async use<Result>(work: (memory: CurveMemory) => Result): Promise<Result> {
    await CurveMemory.open();
    const curve = (await opened) as Curve;
    const free = curve.tm.u32[0] as number;
    try {
      return work(new CurveMemory(curve));
    } finally {
      curve.tm.u8.fill(0, free);
      curve.tm.u32[0] = free;
    }
  }

  /** snarkjs takes this curve for what `work` asks of it, instead of opening another one with threads. */
  static async lend<Result>(work: () => Promise<Result>): Promise<Result> {
    await CurveMemory.open();
    const shared = globalThis as { curve_bn128?: Curve | null };
    const before = shared.curve_bn128;
    shared.curve_bn128 ??= await opened;
    try {
      return await work();
    } finally {
      shared.curve_bn128 = before;
    }
  }

  call(name: string): Raw {
    return this.curve.tm.instance.exports[name] as Raw;
  }

  /** Room for `bytes`, which stays taken. */
  alloc(bytes: number): number {
    const { tm } = this.curve;
    const pointer = tm.alloc(bytes);
    const missing = pointer + bytes + 0x10_0000 - tm.memory.buffer.byteLength;
    if (missing > 0) {
      tm.memory.grow(Math.ceil(missing / 0x1_0000));
      tm.u8 = new Uint8Array(tm.memory.buffer);
      tm.u32 = new Uint32Array(tm.memory.buffer);
    }
    return pointer;
  }

  put(bytes: Uint8Array): number {
    const pointer = this.alloc(bytes.length);
    this.curve.tm.u8.set(bytes, pointer);
    return pointer;
  }

  get(pointer: number, bytes: number): Uint8Array {
    return this.curve.tm.u8.slice(pointer, pointer + bytes);
  }
}

/**
 * Writes the multiples of lists of affine points (as zkey files have them: Montgomery, infinity is zeros). Points at infinity are left out.
 * Layout of each list: magic, number of points, number of finite ones; their places; their multiples, window by window.
 */
export function writeMultiples(
  memory: CurveMemory,
  path: string,
  lists: readonly { readonly group: GroupName; readonly points: Uint8Array }[],
): void {
  const file = openSync(path, 'w');
  try {
    for (const { group, points } of lists) writeList(memory, file, group, points);
  } finally {
    closeSync(file);
  }
}

function writeList(memory: CurveMemory, file: number, group: GroupName, points: Uint8Array): void {
  const size = affineBytes(group);
  const jacobian = (size / 2) * 3;
  const count = points.length / size;
  const finite: number[] = [];
  for (let index = 0; index < count; index++)
    if (points.subarray(index * size, (index + 1) * size).some((byte) => byte !== 0)) finite.push(index);
  writeSync(file, new Uint8Array(Uint32Array.of(magic, count, finite.length).buffer));
  writeSync(file, new Uint8Array(Uint32Array.from(finite).buffer));
  const double = memory.call(`${group}_double`);
  const copy = memory.call(`${group}_copy`);
  const fromAffine = memory.call(`${group}_toJacobian`);
  const toAffine = memory.call(`${group}_batchToAffine`);
  const perBatch = Math.floor(batch / windows);
  const scratch = memory.alloc(perBatch * windows * jacobian);
  const base = memory.alloc(jacobian);
  const source = memory.alloc(size);
  for (let start = 0; start < finite.length; start += perBatch) {
    const some = finite.slice(start, start + perBatch);
    for (const [place, index] of some.entries()) {
      memory.curve.tm.u8.set(points.subarray(index * size, (index + 1) * size), source);
      fromAffine(source, base);
      for (let window = 0; window < windows; window++) {
        copy(base, scratch + (place * windows + window) * jacobian);
        for (let bit = 0; bit < width; bit++) double(base, base);
      }
    }
    toAffine(scratch, some.length * windows, scratch);
    writeSync(file, memory.get(scratch, some.length * windows * size));
  }
}

/** The multiples of one list of points, in the curve's memory. */
export class Multiples {
  readonly #memory: CurveMemory;
  readonly #group: GroupName;
  readonly #places: Uint32Array;
  readonly #table: number;
  readonly #buckets: number;

  private constructor(
    memory: CurveMemory,
    group: GroupName,
    places: Uint32Array,
    table: number,
    bucketsAt: number,
  ) {
    this.#memory = memory;
    this.#group = group;
    this.#places = places;
    this.#table = table;
    this.#buckets = bucketsAt;
  }

  /** Reads all lists of a file, straight into the curve's memory. */
  static read(memory: CurveMemory, path: string, groups: readonly GroupName[]): Multiples[] {
    const file = openSync(path, 'r');
    try {
      const bucketsAt = memory.alloc(buckets * 192);
      return groups.map((group) => {
        const header = new Uint32Array(headerBytes / 4);
        readSync(file, new Uint8Array(header.buffer));
        const [found, , finite = 0] = header;
        if (found !== magic) throw new Error(`${path} does not have the multiples of a proving key`);
        const places = new Uint32Array(finite);
        readSync(file, new Uint8Array(places.buffer));
        const bytes = finite * windows * affineBytes(group);
        const table = memory.alloc(bytes);
        for (let done = 0; done < bytes; ) {
          const read = readSync(file, memory.curve.tm.u8, table + done, bytes - done, null);
          if (read === 0) throw new Error(`${path} ends too early`);
          done += read;
        }
        return new Multiples(memory, group, places, table, bucketsAt);
      });
    } finally {
      closeSync(file);
    }
  }

  /** The sum of scalar · point over the list, in Jacobian form. `scalars`: 32 bytes each, little-endian, below the field's order. */
  sum(scalars: Uint8Array): Uint8Array {
    const size = affineBytes(this.#group);
    const jacobian = (size / 2) * 3;
    const add = this.#memory.call(`${this.#group}_addMixed`);
    const subtract = this.#memory.call(`${this.#group}_subMixed`);
    const zero = this.#memory.call(`${this.#group}_zero`);
    const addWhole = this.#memory.call(`${this.#group}_add`);
    for (let bucket = 0; bucket < buckets; bucket++) zero(this.#buckets + bucket * jacobian);
    const words = new DataView(scalars.buffer, scalars.byteOffset, scalars.byteLength);
    for (const [place, index] of this.#places.entries()) {
      const row = this.#table + place * windows * size;
      let carry = 0;
      for (let window = 0; window < windows; window++) {
        let digit = digitOf(words, index * 32, window) + carry;
        carry = digit > buckets ? 1 : 0;
        if (carry) digit -= 2 * buckets;
        if (digit === 0) continue;
        const bucket = this.#buckets + (Math.abs(digit) - 1) * jacobian;
        (digit > 0 ? add : subtract)(bucket, row + window * size, bucket);
      }
    }
    // Σ digit · bucket, as sums of sums from the largest digit down.
    const running = this.#memory.alloc(jacobian);
    const total = this.#memory.alloc(jacobian);
    zero(running);
    zero(total);
    for (let bucket = buckets - 1; bucket >= 0; bucket--) {
      addWhole(running, this.#buckets + bucket * jacobian, running);
      addWhole(total, running, total);
    }
    return this.#memory.get(total, jacobian);
  }
}

/** Bits `window · width` and up of a number of 256 bits. */
function digitOf(words: DataView, at: number, window: number): number {
  const bit = window * width;
  const word = bit >>> 5;
  if (word > 7) return 0;
  const low = words.getUint32(at + 4 * word, true) >>> (bit & 31);
  const taken = 32 - (bit & 31);
  const high = taken < width && word < 7 ? words.getUint32(at + 4 * word + 4, true) << taken : 0;
  return (low | high) & ((1 << width) - 1);
}
