import { expect, test } from 'vitest';
import { rootFieldNames, toCamelCase, toPlural } from './inflector.ts';

test('plurals are those of the crate, as its own tests and published subgraphs have them', () => {
  for (const [singular, plural] of [
    ['geometry', 'geometries'],
    ['ox', 'oxen'],
    ['woman', 'women'],
    ['test', 'tests'],
    ['axis', 'axes'],
    ['knife', 'knives'],
    ['agendum', 'agenda'],
    ['elf', 'elves'],
    ['zoology', 'zoology'],
    ['foo_bar', 'foo_bars'],
    ['boxes', 'boxes'],
    ['crate', 'crates'],
  ] as const) {
    expect(toPlural(singular)).toBe(plural);
  }
});

test('root fields of well-known subgraphs', () => {
  const names = (type: string) => Object.values(rootFieldNames(type)).join(' ');
  // Uniswap v2 and v3, ENS, graph-node's integration tests.
  expect(names('UniswapDayData')).toBe('uniswapDayData uniswapDayDatas');
  expect(names('AggregatedData')).toBe('aggregatedData aggregatedDatas');
  expect(names('Factory')).toBe('factory factories');
  expect(names('Bundle')).toBe('bundle bundles');
  expect(names('LiquidityPositionSnapshot')).toBe('liquidityPositionSnapshot liquidityPositionSnapshots');
  expect(names('Stats')).toBe('stats stats_collection');
  expect(names('SongPlays')).toBe('songPlays songPlays_collection');
  expect(names('ERC20Transfer')).toBe('erc20Transfer erc20Transfers');
  expect(names('AddrChanged')).toBe('addrChanged addrChangeds');
  expect(names('DirectoryTotals')).toBe('directoryTotals directoryTotals_collection');
});

test('camel case remembers words as the crate does', () => {
  expect(toCamelCase('DAOVote')).toBe('daovote');
  expect(toCamelCase('_Meta_')).toBe('meta');
  expect(toCamelCase('my_type2b')).toBe('myType2B');
  expect(toCamelCase('userABCd')).toBe('userABCd');
});
