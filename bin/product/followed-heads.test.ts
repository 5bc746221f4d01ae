import { expect, test } from 'vitest';
import type { CommitSignal } from '#node/platform/events/change-feed.ts';
import { FollowedHeads } from './followed-heads.ts';

const at = (number: number) => ({ number, hash: `0x${number}` });

function setUp() {
  let tell: (signal: CommitSignal | undefined) => void = () => undefined;
  const stored = new Map([['a', at(1)]]);
  const loads: (() => void)[] = [];
  const bus = {
    onSignal: (_: string, listener: (payload: unknown) => void) => {
      tell = listener;
      return () => undefined;
    },
  };
  const heads = new FollowedHeads(bus, async () => {
    const snapshot = new Map(stored);
    await new Promise<void>((resolve) => loads.push(resolve));
    return snapshot;
  });
  return { heads, stored, loads, tell: (signal: CommitSignal | undefined) => tell(signal) };
}

test('the database is asked once; signals move the heads, and what was pinned stands', async () => {
  const { heads, loads, tell } = setUp();
  const both = [heads.current(), heads.current()];
  expect(loads.length).toBe(1);
  // Told while the heads are read.
  tell({ deployment: 'a', block: at(2) });
  loads[0]?.();
  const [pinned] = await Promise.all(both);
  expect(pinned?.get('a')).toEqual(at(2));
  tell({ deployment: 'a', block: at(3) });
  tell({ deployment: 'b', block: at(9) });
  expect(pinned?.get('a')).toEqual(at(2));
  const later = await heads.current();
  expect([...later]).toEqual([
    ['a', at(3)],
    ['b', at(9)],
  ]);
  tell({ deployment: 'b', block: null });
  expect(later.has('b')).toBe(true);
  expect((await heads.current()).has('b')).toBe(false);
  expect(loads.length).toBe(1);
});

test('after missed signals the database is asked again, also when they were missed while it was being asked', async () => {
  const { heads, stored, loads, tell } = setUp();
  const first = heads.current();
  stored.set('a', at(5));
  tell(undefined);
  const second = heads.current();
  expect(loads.length).toBe(2);
  for (const load of loads) load();
  expect((await first).get('a')).toEqual(at(1));
  expect((await second).get('a')).toEqual(at(5));
  expect((await heads.current()).get('a')).toEqual(at(5));
});
