// What serde_json (arbitrary precision) accepts and refuses, as graph-node's mappings see it.
import { expect, test } from 'vitest';
import { type Json, parseJson } from './json.ts';

const parse = (text: string): Json => parseJson(new TextEncoder().encode(text));
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

test.each<[string, Json]>([
  ['  null ', null],
  ['-0', { number: '-0' }],
  ['1.50E3', { number: '1.50E3' }],
  ['123456789012345678901234567890', { number: '123456789012345678901234567890' }],
  ['"\\ud83d\\ude00\\u0000"', '\u{1f600}\0'],
  [
    '{"b":1,"a":[true,{}],"b":2}',
    new Map<string, Json>([
      ['a', [true, new Map()]],
      ['b', { number: '2' }],
    ]),
  ],
])('%s', (text, expected) => {
  expect(parse(text)).toEqual(expected);
});

test.each([
  '',
  '01',
  '+1',
  '1.',
  '.5',
  '1e',
  'NaN',
  "'a'",
  '[1,]',
  '{"a":1,}',
  '{a:1}',
  '"\\x"',
  '"\n"',
  '"\\ud800"',
  '1 2',
  'nul',
  '\ufeff1',
])('refuses %j', (text) => {
  expect(() => parse(text)).toThrow(SyntaxError);
});

test('lists nest 127 deep', () => {
  expect(parse(nested(127))).toBeInstanceOf(Array);
  expect(() => parse(nested(128))).toThrow(SyntaxError);
  expect(() => parse(nested(100_000))).toThrow(SyntaxError);
});
