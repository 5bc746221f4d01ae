import { describe, expect, it } from 'vitest';
import { Orphans } from './orphans.ts';

describe('orphans', () => {
  it('come out once their last parent is known, parents before children', () => {
    const orphans = new Orphans<string>();
    const known = new Set(['a']);
    orphans.add('d', 'd', ['b', 'c'], 10);
    orphans.add('e', 'e', ['d'], 10);
    orphans.add('c', 'c', ['b'], 10);
    const out: string[] = [];
    known.add('b');
    for (const id of orphans.released('b', (each) => known.has(each))) {
      out.push(id);
      known.add(id);
    }
    expect(out).toEqual(['c', 'd', 'e']);
    expect(orphans.size).toBe(0);
  });

  it('keep waiting behind one that was refused', () => {
    const orphans = new Orphans<string>();
    orphans.add('b', 'b', ['a'], 10);
    orphans.add('c', 'c', ['b'], 10);
    expect([...orphans.released('a', () => false)]).toEqual(['b']);
    expect(orphans.has('c')).toBe(true);
  });

  it('push out the oldest where there are too many, or they are too large', () => {
    const many = new Orphans<number>();
    for (let nth = 0; nth < 1_000; nth++) many.add(String(nth), nth, ['missing'], 1);
    expect(many.size).toBe(512);
    expect(many.has('999')).toBe(true);
    const large = new Orphans<number>();
    for (let nth = 0; nth < 100; nth++) large.add(String(nth), nth, ['missing'], 4_000_000);
    expect(large.size).toBe(16);
  });
});
