import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAgo, formatAmount, formatBps, formatCompact, parseAmount, plural, shorten } from './format.ts';

const token = 10n ** 18n;

describe('formatAmount', () => {
  it.each([
    ['0', '0.00'],
    [`${1234567n * token}`, '1,234,567.00'],
    [`${token / 2n}`, '0.50'],
    [`${token - 1n}`, '0.99'],
    [`${-3n * token}`, '−3.00'],
  ])('%s is written %s', (value, text) => expect(formatAmount(value)).toBe(text));

  it('written in full it reads back as the same amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 30n }), (value) => {
        expect(parseAmount(formatAmount(value, Number.POSITIVE_INFINITY))).toBe(value.toString());
      }),
    );
  });

  it('never shows more than there is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), (value) => {
        const shown = parseAmount(formatAmount(value)) ?? '0';
        expect(value - BigInt(shown)).toBeGreaterThanOrEqual(0n);
        expect(value - BigInt(shown)).toBeLessThan(token / 100n);
      }),
    );
  });
});

describe('formatCompact', () => {
  it.each([
    [9_999_999n, '9,999,999'],
    [10_000_000n, '10M'],
    [999_993_331n, '999.99M'],
    [1_000_000_000n, '1B'],
  ])('%s tokens are written %s', (tokens, text) => expect(formatCompact(tokens * token)).toBe(text));
});

describe('parseAmount', () => {
  it.each(['', '0', '-1', '1e3', 'abc', '1.2.3', `0.${'0'.repeat(18)}1`])('refuses %j', (text) => {
    expect(parseAmount(text)).toBeNull();
  });
});

describe('times, shares and names', () => {
  it.each([
    [0, 'now'],
    [59, '59 s ago'],
    [60, '1 min ago'],
    [3599, '59 min ago'],
    [86_399, '23 h ago'],
    [40 * 86_400, '1 mo ago'],
    [800 * 86_400, '2 y ago'],
    [-90, 'in 1 min'],
  ])('%i seconds are %s', (seconds, text) =>
    expect(formatAgo(1000_000_000, 1000_000_000 + seconds)).toBe(text),
  );

  it('shortens the middle only of what is long', () => {
    expect(shorten('0x1234567890abcdef')).toBe('0x1234…cdef');
    expect(shorten('0x12345678')).toBe('0x12345678');
  });

  it('writes basis points and plurals', () => {
    expect(formatBps(750)).toBe('7.5%');
    expect(plural(1, 'community', 'communities')).toBe('1 community');
    expect(plural(1200, 'sale')).toBe('1,200 sales');
  });
});
