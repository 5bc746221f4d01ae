// Decimal arithmetic as mappings expect it: the Rust crate bigdecimal 0.1.2 followed by graph-node's normalisation to 34 digits.
// Its quirks are kept on purpose (negative numbers are truncated, not rounded), or entities would differ from graph-node's.
import type { BigDecimal } from '#indexer/model.ts';

/** Significant digits of IEEE 754 decimal128, which graph-node chose as its limit. */
export const MAX_SIGNIFICANT_DIGITS = 34;
/** Range of the exponent a mapping may pass to the host. */
export const MIN_EXPONENT = -6143;
export const MAX_EXPONENT = 6144;
/** Digits to which bigdecimal 0.1.2 carries a division. */
const DIVISION_PRECISION = 100;
/** The crate's approximation of log2(10), with which it guesses digit counts. */
const LOG2_10 = 3.3219280949;

export const ZERO: BigDecimal = { digits: 0n, exp: 0 };

const powers: bigint[] = [1n];
for (let exponent = 1; exponent <= 320; exponent += 1) powers.push((powers[exponent - 1] as bigint) * 10n);

/** 10^exponent. */
export function powerOfTen(exponent: number): bigint {
  return powers[exponent] ?? 10n ** BigInt(exponent);
}

/** Decimal digits of a positive integer. */
function digitCount(value: bigint): number {
  if (value >= (powers[320] as bigint)) return value.toString().length;
  let low = 0;
  let high = 320;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value >= (powers[middle] as bigint)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function bitLength(positive: bigint): number {
  const hex = positive.toString(16);
  return hex.length * 4 - Math.clz32(Number.parseInt(hex[0] as string, 16)) + 28;
}

/** `count_decimal_digits` of the crate, which undercounts negative numbers by at most one. */
function crateDigitCount(value: bigint): number {
  if (value > 0n) return digitCount(value);
  if (value === 0n) return 1;
  return Math.floor(bitLength(-value) / LOG2_10);
}

function stripZeros(digits: bigint, exp: number): BigDecimal {
  let rest = digits;
  let exponent = exp;
  if (rest % 10n !== 0n) return { digits: rest, exp: exponent };
  for (const step of [64, 32, 16, 8, 4, 2, 1]) {
    const power = powers[step] as bigint;
    while (rest % power === 0n) {
      rest /= power;
      exponent += step;
    }
  }
  return { digits: rest, exp: exponent };
}

/** `with_prec(34)` and the removal of trailing zeros, which end every operation. */
export function normalize(digits: bigint, exp: number): BigDecimal {
  if (digits === 0n) return ZERO;
  const excess = crateDigitCount(digits) - MAX_SIGNIFICANT_DIGITS;
  if (excess <= 0) return stripZeros(digits, exp);
  const power = powerOfTen(excess);
  let quotient = digits / power;
  const remainder = digits % power;
  // Half up for positive numbers; the crate's comparison never holds for negative remainders, so those are cut off.
  if (remainder > 0n && remainder * 2n >= power) quotient += 1n;
  return stripZeros(quotient, exp + excess);
}

export function plus(left: BigDecimal, right: BigDecimal): BigDecimal {
  if (left.exp === right.exp) return normalize(left.digits + right.digits, left.exp);
  if (left.exp > right.exp) {
    return normalize(left.digits * powerOfTen(left.exp - right.exp) + right.digits, right.exp);
  }
  return normalize(left.digits + right.digits * powerOfTen(right.exp - left.exp), left.exp);
}

export function minus(left: BigDecimal, right: BigDecimal): BigDecimal {
  return plus(left, { digits: -right.digits, exp: right.exp });
}

export function times(left: BigDecimal, right: BigDecimal): BigDecimal {
  return normalize(left.digits * right.digits, left.exp + right.exp);
}

const ROUNDING_TAIL = 6;
const TAIL_POWER = 10n ** BigInt(ROUNDING_TAIL);

/** Division; the divisor must not be zero. */
export function dividedBy(left: BigDecimal, right: BigDecimal): BigDecimal {
  if (left.digits === 0n) return ZERO;
  if (right.digits === 1n && right.exp === 0) return normalize(left.digits, left.exp);
  const exp = left.exp - right.exp;
  if (left.digits === right.digits) return normalize(1n, exp);
  const negative = left.digits < 0n !== right.digits < 0n;
  const numerator = left.digits < 0n ? -left.digits : left.digits;
  const denominator = right.digits < 0n ? -right.digits : right.digits;
  if (!negative) {
    const quick = divideShort(numerator, denominator, exp);
    if (quick !== null) return quick;
  }
  return divideLong(numerator, denominator, exp, negative);
}

/** How many places the numerator must be shifted for the quotient to have exactly `wanted` digits. */
function shiftFor(numerator: bigint, denominator: bigint, wanted: number): number {
  let shift = wanted + digitCount(denominator) - digitCount(numerator);
  // The quotient has `wanted` digits or one more; which one is decided by comparing leading digits.
  const scaled =
    shift - wanted >= 0
      ? numerator * powerOfTen(shift - wanted) >= denominator
      : numerator >= denominator * powerOfTen(wanted - shift);
  if (scaled) shift -= 1;
  return shift;
}

/**
 * The quotient to 40 digits is enough when the six digits after the 34th are not all nines: only then could the crate's first
 * rounding, at 100 digits, carry into the second.
 */
function divideShort(numerator: bigint, denominator: bigint, exp: number): BigDecimal | null {
  const shift = shiftFor(numerator, denominator, MAX_SIGNIFICANT_DIGITS + ROUNDING_TAIL);
  if (shift < 0) return null;
  const quotient = (numerator * powerOfTen(shift)) / denominator;
  const tail = quotient % TAIL_POWER;
  if (tail === TAIL_POWER - 1n) return null;
  const head = quotient / TAIL_POWER + (tail * 2n >= TAIL_POWER ? 1n : 0n);
  return stripZeros(head, exp - shift + ROUNDING_TAIL);
}

function divideLong(numerator: bigint, denominator: bigint, exp: number, negative: boolean): BigDecimal {
  const shift = Math.max(0, shiftFor(numerator, denominator, DIVISION_PRECISION));
  const scaled = numerator * powerOfTen(shift);
  let quotient = scaled / denominator;
  const remainder = scaled % denominator;
  let shifted = shift;
  if (remainder === 0n) {
    // The crate stops at the last digit of an exact quotient; the digit guess for negative numbers depends on that.
    const least = leastShift(numerator, denominator);
    while (shifted > least && quotient % 10n === 0n) {
      quotient /= 10n;
      shifted -= 1;
    }
  } else if ((remainder * 10n) / denominator >= 5n) quotient += 1n;
  return normalize(negative ? -quotient : quotient, exp - shifted);
}

/** Places by which the crate shifts before its first division: until the numerator reaches the denominator. */
function leastShift(numerator: bigint, denominator: bigint): number {
  return numerator >= denominator ? 0 : shiftFor(numerator, denominator, 1);
}

export function equals(left: BigDecimal, right: BigDecimal): boolean {
  return left.digits === right.digits && left.exp === right.exp;
}

/** Plain decimal notation without an exponent, as the crate displays it. */
export function formatBigDecimal(value: BigDecimal): string {
  const sign = value.digits < 0n ? '-' : '';
  const digits = (value.digits < 0n ? -value.digits : value.digits).toString();
  const scale = -value.exp;
  if (scale <= 0) return `${sign}${digits}${'0'.repeat(-scale)}`;
  if (scale >= digits.length) return `${sign}0.${'0'.repeat(scale - digits.length)}${digits}`;
  return `${sign}${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}`;
}

const DECIMAL = /^([+-]?)(\d[\d_]*|)(?:\.([\d_]*))?(?:[eE]([+-]?\d+))?$/;

/** Parses what the crate parses (`1`, `-.5`, `1.5e-3`); null otherwise. */
export function parseBigDecimal(text: string): BigDecimal | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const [, sign, whole = '', fraction = '', exponent] = match;
  const digits = `${whole}${fraction}`;
  // num-bigint skips underscores between digits and refuses one in front.
  if (digits === '' || digits.startsWith('_')) return null;
  const exp = (exponent === undefined ? 0 : Number(exponent)) - fraction.length;
  if (!Number.isSafeInteger(exp)) return null;
  const value = BigInt(digits.replaceAll('_', ''));
  return normalize(sign === '-' ? -value : value, exp);
}
