// A power cut leaves what was committed, and of what was under way whole commits in order or none.
import { expect, it } from 'vitest';
import { MemoryStore } from './memory-store.ts';

const number = (store: MemoryStore) => store.fact('n')?.[0];

it('loses what was not committed, and of commits under way whole ones from the last on', async () => {
  const survived = new Set<number | undefined>();
  for (let seed = 0; seed < 50; seed++) {
    const store = new MemoryStore();
    let resolved = 0;
    for (let n = 1; n <= 5; n++) {
      store.putFact('n', Uint8Array.of(n));
      store.putFact(`also ${n}`, Uint8Array.of(n));
      void store.commit().then(() => {
        resolved = n;
      });
      if (n <= 2) store.tick();
    }
    await Promise.resolve();
    expect([resolved, store.inFlight, number(store)]).toEqual([2, 3, 5]);
    store.putFact('n', Uint8Array.of(9));
    const left = store.crash(seed);
    const n = number(left) ?? 0;
    survived.add(n);
    for (let each = 1; each <= 5; each++) expect(left.fact(`also ${each}`) !== undefined).toBe(each <= n);
    expect(() => store.putFact('n', Uint8Array.of(1))).toThrow(/closed/);
    expect(left.inFlight).toBe(0);
  }
  expect([...survived].sort()).toEqual([2, 3, 4, 5]);
});

it('crashes alike with the same seed', () => {
  const crashed = (seed: number) => {
    const store = new MemoryStore();
    for (let n = 1; n <= 7; n++) {
      store.putFact('n', Uint8Array.of(n));
      void store.commit();
    }
    return number(store.crash(seed));
  };
  for (let seed = 0; seed < 20; seed++) expect(crashed(seed)).toBe(crashed(seed));
});
