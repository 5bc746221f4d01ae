// The limit of integers that mappings compute with: what PostgreSQL's numeric can hold.
import { DeterministicError } from './failures.ts';

/** 131,072 decimal digits, and the sign. */
export const MAX_BIG_INT_BITS = 435_412;
const LIMIT = 1n << BigInt(MAX_BIG_INT_BITS - 1);
/** A constant, because negating this number anew would copy 54 KB at every operation. */
const NEGATIVE_LIMIT = -LIMIT;

/** Bits of a number's absolute value. */
function bitLength(value: bigint): number {
  const hex = (value < 0n ? -value : value).toString(16);
  return hex === '0' ? 0 : (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex[0] as string, 16)));
}

/** @throws DeterministicError when the number is too long */
export function bounded(value: bigint): bigint {
  if (value >= LIMIT || value <= NEGATIVE_LIMIT) {
    const bits = bitLength(value) + 1;
    throw new DeterministicError(`BigInt is too big, total bits ${bits} (max ${MAX_BIG_INT_BITS})`);
  }
  return value;
}

/** The same for a power that is better not computed. */
export function boundedPower(base: bigint, exponent: bigint): bigint {
  const bits = bitLength(base);
  // A power has at least (bits - 1) × exponent bits and one.
  if (bits > 0 && BigInt(bits - 1) * exponent >= BigInt(MAX_BIG_INT_BITS)) {
    const total = BigInt(bits - 1) * exponent + 2n;
    throw new DeterministicError(`BigInt is too big, total bits ${total} or more (max ${MAX_BIG_INT_BITS})`);
  }
  return bounded(base ** exponent);
}
