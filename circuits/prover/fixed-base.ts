// Many multiples of the two generators of BN254: a table of the generator's multiples a byte of the scalar, so that a multiple costs 32
// additions and no doubling. Only a setup whose secret is known needs this, which is the development setup.
import { type Curve, curves } from 'snarkjs';

/** Points a batch: one inversion brings them all to affine form. */
const batch = 2_048;
const windows = 32;

/** Multiples of the generators in the encoding that ptau and zkey files use (affine, Montgomery, little-endian; infinity is zeros). */
export class FixedBase {
  readonly #curve: Curve;
  readonly #tables = new Map<'g1m' | 'g2m', number>();
  readonly #scratch: number;

  private constructor(curve: Curve, scratch: number) {
    this.#curve = curve;
    this.#scratch = scratch;
  }

  static async open(): Promise<FixedBase> {
    const curve = await curves.getCurveFromName('bn128', { singleThread: true });
    // Tables of 8,192 points in both groups, a batch of results, and what the batch functions allocate behind it.
    const { tm } = curve;
    tm.memory.grow(256);
    tm.u8 = new Uint8Array(tm.memory.buffer);
    tm.u32 = new Uint32Array(tm.memory.buffer);
    return new FixedBase(curve, tm.alloc(batch * 192));
  }

  /** scalar · G1 for each scalar below the field's order, 64 bytes each. */
  g1(scalars: ArrayLike<bigint | undefined>, report?: (done: number) => void): Uint8Array {
    return this.#multiples('g1m', scalars, report);
  }

  /** scalar · G2 for each, 128 bytes each. */
  g2(scalars: ArrayLike<bigint | undefined>, report?: (done: number) => void): Uint8Array {
    return this.#multiples('g2m', scalars, report);
  }

  #multiples(
    group: 'g1m' | 'g2m',
    scalars: ArrayLike<bigint | undefined>,
    report?: (done: number) => void,
  ): Uint8Array {
    const { tm } = this.#curve;
    const affine = group === 'g1m' ? 64 : 128;
    const jacobian = (affine / 2) * 3;
    const table = this.#table(group);
    const add = this.#call(`${group}_addMixed`);
    const zero = this.#call(`${group}_zero`);
    const toAffine = this.#call(`${group}_batchToAffine`);
    const result = new Uint8Array(scalars.length * affine);
    for (let start = 0; start < scalars.length; start += batch) {
      const count = Math.min(batch, scalars.length - start);
      for (let index = 0; index < count; index++) {
        const at = this.#scratch + index * jacobian;
        zero(at);
        let rest = scalars[start + index] ?? 0n;
        for (let window = 0; rest > 0n; window += 4) {
          const word = Number(rest & 0xffffffffn);
          rest >>= 32n;
          for (let byte = 0; byte < 4; byte++) {
            const digit = (word >>> (8 * byte)) & 255;
            if (digit > 0) add(at, table + ((window + byte) * 256 + digit) * affine, at);
          }
        }
      }
      toAffine(this.#scratch, count, this.#scratch);
      result.set(tm.getBuff(this.#scratch, count * affine), start * affine);
      report?.(start + count);
    }
    return result;
  }

  /** table[window][digit] = digit · 256^window · generator. */
  #table(group: 'g1m' | 'g2m'): number {
    const present = this.#tables.get(group);
    if (present !== undefined) return present;
    const { tm, G1, G2 } = this.#curve;
    const affine = group === 'g1m' ? 64 : 128;
    const jacobian = (affine / 2) * 3;
    const table = tm.alloc(windows * 256 * affine);
    const generator = tm.alloc(affine);
    tm.setBuff(generator, (group === 'g1m' ? G1 : G2).gAffine);
    const add = this.#call(`${group}_add`);
    const double = this.#call(`${group}_double`);
    const zero = this.#call(`${group}_zero`);
    const toAffine = this.#call(`${group}_batchToAffine`);
    const fromAffine = this.#call(`${group}_toJacobian`);
    const base = tm.alloc(jacobian);
    fromAffine(generator, base);
    for (let window = 0; window < windows; window++) {
      zero(this.#scratch);
      for (let digit = 1; digit < 256; digit++) {
        add(this.#scratch + (digit - 1) * jacobian, base, this.#scratch + digit * jacobian);
      }
      toAffine(this.#scratch, 256, this.#scratch);
      tm.setBuff(table + window * 256 * affine, tm.getBuff(this.#scratch, 256 * affine));
      for (let bit = 0; bit < 8; bit++) double(base, base);
    }
    this.#tables.set(group, table);
    return table;
  }

  #call(name: string): (...args: number[]) => number {
    return this.#curve.tm.instance.exports[name] as (...args: number[]) => number;
  }
}
