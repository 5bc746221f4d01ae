import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BigDecimal } from '#indexer/model.ts';
import {
  dividedBy,
  formatBigDecimal,
  minus,
  normalize,
  parseBigDecimal,
  plus,
  powerOfTen,
  times,
} from './big-decimal.ts';

// Recorded from the Rust crate bigdecimal 0.1.2 with graph-node's normalisation: a, b, then a normalised, a + b, a − b, a × b, a ÷ b.
const vectors = JSON.parse(
  readFileSync(new URL('./testing/big-decimal-vectors.json', import.meta.url), 'utf8'),
) as string[][];

const parse = (text: string): BigDecimal => {
  const value = parseBigDecimal(text);
  if (value === null) throw new Error(`${text} did not parse`);
  return value;
};

describe('the recorded results of bigdecimal 0.1.2', () => {
  test('are reproduced digit for digit', () => {
    for (const [left = '', right = '', normal, sum, difference, product, quotient] of vectors) {
      const a = parse(left);
      const b = parse(right);
      const results = [a, plus(a, b), minus(a, b), times(a, b)].map(formatBigDecimal);
      results.push(b.digits === 0n ? '' : formatBigDecimal(dividedBy(a, b)));
      expect(results, `${left} and ${right}`).toEqual([normal, sum, difference, product, quotient]);
    }
    expect(vectors.length).toBe(400);
  });
});

/** Division as the crate does it, digit by digit to 100 places. */
function longDivision(left: BigDecimal, right: BigDecimal): BigDecimal {
  const negative = left.digits < 0n !== right.digits < 0n;
  let numerator = left.digits < 0n ? -left.digits : left.digits;
  const denominator = right.digits < 0n ? -right.digits : right.digits;
  let exp = left.exp - right.exp;
  while (numerator < denominator) {
    numerator *= 10n;
    exp -= 1;
  }
  let quotient = numerator / denominator;
  let remainder = (numerator % denominator) * 10n;
  while (remainder !== 0n && quotient < powerOfTen(99)) {
    quotient = quotient * 10n + remainder / denominator;
    remainder = (remainder % denominator) * 10n;
    exp -= 1;
  }
  if (remainder !== 0n && remainder / denominator >= 5n) quotient += 1n;
  return normalize(negative ? -quotient : quotient, exp);
}

test('the short division gives what the long one gives', () => {
  const decimal = fc
    .tuple(fc.bigInt({ min: -(10n ** 34n), max: 10n ** 34n }), fc.integer({ min: -40, max: 40 }))
    .map(([digits, exp]) => normalize(digits, exp));
  fc.assert(
    fc.property(decimal, decimal, (left, right) => {
      fc.pre(left.digits !== 0n && right.digits !== 0n);
      expect(dividedBy(left, right)).toEqual(longDivision(left, right));
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 500) },
  );
});

test.each([
  ['', null],
  ['.', null],
  ['1.-5', null],
  ['_1', null],
  ['0x10', null],
  ['1e', null],
  ['-.5', '-0.5'],
  ['5.', '5'],
  ['1_000', '1000'],
  ['+12.30e+2', '1230'],
  ['0e9', '0'],
  ['-0.000', '0'],
])('%j parses to %j', (text, expected) => {
  const value = parseBigDecimal(text);
  expect(value === null ? null : formatBigDecimal(value)).toBe(expected);
});
