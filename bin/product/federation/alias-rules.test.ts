// Aliases whose names could be somebody else's are refused, by name.
import { describe, expect, it } from 'vitest';
import { aliasPrefix } from '#indexer/query/face.ts';
import { checkAlias } from './alias-rules.ts';

const members = ['directory', 'market', 'market-service'];
const taken = [{ alias: 'first-one', prefix: aliasPrefix('first-one').field, name: 'one' }];
const check = (alias: string, name = 'two') => checkAlias(alias, name, taken, members);

describe('checkAlias', () => {
  it('answers with the prefix of the names', () => {
    expect(check('my-pairs')).toBe('myPairs');
    expect(check('Uniswap_v2')).toBe('uniswapV2');
  });

  it('lets a name keep its own alias', () => {
    expect(check('first-one', 'one')).toBe('firstOne');
  });

  it.each([
    ['market', 'ALIAS_RESERVED'],
    ['Market_Service', 'ALIAS_RESERVED'],
    ['marketService', 'ALIAS_RESERVED'],
    ['Query', 'ALIAS_RESERVED'],
    ['block', 'ALIAS_RESERVED'],
    ['join', 'ALIAS_RESERVED'],
    ['first-one', 'ALIAS_TAKEN'],
    ['first_one', 'ALIAS_TAKEN'],
    ['FIRST-ONE', 'ALIAS_TAKEN'],
    ['0x', 'ALIAS_INVALID'],
    ['a/b', 'ALIAS_INVALID'],
    ['', 'ALIAS_INVALID'],
    ['a'.repeat(64), 'ALIAS_INVALID'],
  ])('refuses "%s"', (alias, code) => {
    expect(() => check(alias)).toThrow(expect.objectContaining({ code }));
  });
});
