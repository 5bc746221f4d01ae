import { expect, test } from 'vitest';
import { shareLoads, shareLoadsByKey } from './share-loads.ts';

/** A loader whose loads end when told to, and answer with the state at the moment they began. */
function controlled() {
  const state = { value: 0 };
  const ends: ((error?: Error) => void)[] = [];
  const load = () => {
    const seen = state.value;
    return new Promise<number>((resolve, reject) => {
      ends.push((error) => (error ? reject(error) : resolve(seen)));
    });
  };
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { state, ends, load, settled };
}

test('who comes while a load runs shares one that begins afterwards', async () => {
  const { state, ends, load, settled } = controlled();
  const shared = shareLoads(load);
  const first = shared();
  state.value = 1;
  const [second, third] = [shared(), shared()];
  expect(ends).toHaveLength(1);
  state.value = 2;
  ends[0]?.();
  expect(await first).toBe(0);
  await settled();
  expect(ends).toHaveLength(2);
  ends[1]?.();
  expect(await Promise.all([second, third])).toEqual([2, 2]);
});

test('nobody joins a load that has begun: it may have read before what they have seen', async () => {
  const { state, ends, load, settled } = controlled();
  const shared = shareLoads(load);
  shared();
  const second = shared();
  ends[0]?.();
  await settled();
  state.value = 1;
  const third = shared();
  ends[1]?.();
  expect(await second).toBe(0);
  await settled();
  ends[2]?.();
  expect(await third).toBe(1);
});

test('a failed load fails those who shared it, and no others', async () => {
  const { ends, load, settled } = controlled();
  const shared = shareLoads(load);
  const first = shared();
  const second = shared();
  ends[0]?.(new Error('broken'));
  await expect(first).rejects.toThrow('broken');
  await settled();
  ends[1]?.();
  expect(await second).toBe(0);
  const third = shared();
  ends[2]?.();
  expect(await third).toBe(0);
});

test('by key: the same question is asked once for all who wait, another by itself, and again later', async () => {
  const asked: string[] = [];
  const shared = shareLoadsByKey<string>();
  const ask = (key: string) =>
    shared(key, async () => {
      asked.push(key);
      return `${key} ${asked.length}`;
    });
  const [first, ...rest] = await Promise.all([ask('a'), ask('a'), ask('a'), ask('b')]);
  expect(first).toBe('a 1');
  expect(rest[0]).toBe(rest[1]);
  expect(asked.toSorted()).toEqual(['a', 'a', 'b']);
  await ask('a');
  expect(asked).toHaveLength(4);
});
