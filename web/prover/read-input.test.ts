import { describe, expect, it } from 'vitest';
import { readInput } from './read-input.ts';

describe('what is written into a proof’s form', () => {
  it('is read as numbers of any size, lists with or without brackets', () => {
    expect(readInput({ name: 'a', shape: [] }, ' 42 ')).toBe('42');
    expect(readInput({ name: 'a', shape: [] }, '0xF39f')).toBe('0xF39f');
    expect(readInput({ name: 'a', shape: [3] }, '1, 2,3')).toEqual(['1', '2', '3']);
    expect(readInput({ name: 'a', shape: [2] }, '[123456789012345678901234567890, "7"]')).toEqual([
      '123456789012345678901234567890',
      '7',
    ]);
    expect(readInput({ name: 'a', shape: [2, 2] }, '[[1, 2],\n [3, 4]]')).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  it('is refused by name when it is something else', () => {
    expect(() => readInput({ name: 'age', shape: [] }, '')).toThrow('age: "" is not a whole number.');
    expect(() => readInput({ name: 'age', shape: [] }, '3.5')).toThrow('age');
    expect(() => readInput({ name: 'list', shape: [3] }, '1, 2')).toThrow(
      'list: 2 entries were given, it takes 3.',
    );
    expect(() => readInput({ name: 'grid', shape: [1, 2] }, '[[1, -2]]')).toThrow(
      'grid: "-2" is not a whole number.',
    );
  });
});
