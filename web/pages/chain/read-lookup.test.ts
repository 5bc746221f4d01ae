import { expect, it } from 'vitest';
import { readLookup } from './read-lookup.ts';

it('tells ids apart by their length, with and without 0x', () => {
  const hash = 'AB'.repeat(32);
  expect(readLookup(` 0x${hash} `)).toEqual({ kind: 'hash', id: `0x${hash.toLowerCase()}` });
  expect(readLookup(hash)).toEqual({ kind: 'hash', id: `0x${hash.toLowerCase()}` });
  expect(readLookup('12'.repeat(20))).toEqual({ kind: 'address', id: `0x${'12'.repeat(20)}` });
  expect(readLookup('1,234')).toEqual({ kind: 'index', index: 1234 });
  expect(readLookup('did:aios:abc')).toEqual({ kind: 'did', id: 'did:aios:abc' });
  for (const text of ['', '0x12', 'block', '99999999999', '0xzz'])
    expect(readLookup(text).kind).toBe('unclear');
});
