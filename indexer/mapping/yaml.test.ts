// Expected values are what serde_yaml 0.9, with which graph-node reads YAML, makes of these documents.
import { describe, expect, test } from 'vitest';
import { formatFloat, MAX_YAML_SIZE, parseYaml, type Yaml } from './yaml.ts';

const parse = (text: string): Yaml => parseYaml(new TextEncoder().encode(text));
const number = (text: string) => ({ number: text });

describe('YAML', () => {
  test.each<[string, Yaml]>([
    ['', null],
    ['# nothing', null],
    ['~', null],
    ['NULL', null],
    ['nUll', 'nUll'],
    ['True', true],
    ['FALSE', false],
    ['yes', 'yes'],
    ['12345', number('12345')],
    ['+12', number('12')],
    ['-0', number('0')],
    ['-9223372036854775808', number('-9223372036854775808')],
    ['18446744073709551615', number('18446744073709551615')],
    ['0x1F', number('31')],
    ['-0o17', number('-15')],
    ['0b101', number('5')],
    ['007', '007'],
    ['-01', '-01'],
    ['1_000', '1_000'],
    ['12345.6789', number('12345.6789')],
    ['1.', number('1.0')],
    ['.5', number('0.5')],
    ['1e3', number('1000.0')],
    ['1e400', '1e400'],
    ['.Inf', number('.inf')],
    ['-.inf', number('-.inf')],
    ['.NaN', number('.nan')],
    ['340282366920938463463374607431768211456', number('3.402823669209385e38')],
    ['aa bb cc', 'aa bb cc'],
    ['"12"', '12'],
    ["'true'", 'true'],
    ['|\n  two\n  lines\n', 'two\nlines\n'],
    ['[1, [a], {}]', [number('1'), ['a'], { pairs: [] }]],
    [
      'b: 1\na: {c: ~}',
      {
        pairs: [
          ['b', number('1')],
          ['a', { pairs: [['c', null]] }],
        ],
      },
    ],
    ['? [1]\n: x', { pairs: [[[number('1')], 'x']] }],
    [
      '&x 1: &y [2]\nz: *y',
      {
        pairs: [
          [number('1'), [number('2')]],
          ['z', [number('2')]],
        ],
      },
    ],
    ['<<: {a: 1}', { pairs: [['<<', { pairs: [['a', number('1')]] }]] }],
    ['!AA bb cc', { tag: '!AA', value: 'bb cc' }],
    ['!n 12', { tag: '!n', value: number('12') }],
    ['!n "12"', { tag: '!n', value: '12' }],
    ['- !T {a: 1}', [{ tag: '!T', value: { pairs: [['a', number('1')]] } }]],
    ['!!str 12', '12'],
    ['!!int "12"', number('12')],
    ['!!float 1', number('1.0')],
    ['--- 1\n...\n', number('1')],
  ])('%j', (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  test.each([
    '{a: 1, - b: 2}',
    '[1',
    'a: 1\na: 2',
    '--- 1\n--- 2',
    '*nobody',
    '!!int x',
    '!!bool 1',
    '18446744073709551616',
    `${'['.repeat(200)}${']'.repeat(200)}`,
    'x'.repeat(MAX_YAML_SIZE + 1),
  ])('refuses %j', (text) => {
    expect(() => parse(text)).toThrow(SyntaxError);
  });

  test('aliases that multiply are given up', () => {
    const lines = ['l0: &l0 [x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level += 1) {
      lines.push(
        `l${level}: &l${level} [${Array(9)
          .fill(`*l${level - 1}`)
          .join(', ')}]`,
      );
    }
    expect(() => parse(lines.join('\n'))).toThrow('repetition limit');
  });

  test('floats print as the crate ryu prints them', () => {
    const cases: [number, string][] = [
      [0, '0.0'],
      [-0, '-0.0'],
      [1e15, '1000000000000000.0'],
      [1e16, '1e16'],
      [1.5e16, '1.5e16'],
      [123456789012345.6, '123456789012345.6'],
      [0.00001234, '0.00001234'],
      [0.000001234, '1.234e-6'],
      [5e-324, '5e-324'],
      [-1.7976931348623157e308, '-1.7976931348623157e308'],
    ];
    for (const [value, text] of cases) expect(formatFloat(value)).toBe(text);
  });
});
