// What every store promises: the same suite for the one on disk and the one in memory, held against the plainest one there is.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { seeded } from '../dag/testing/random-dag.ts';
import type { StateEntry } from '../state/chain-block.ts';
import type { ChainRecord, ChainStore } from './chain-store.ts';
import { contentsOf, hashOf, idOf, recordOf } from './testing/stores.ts';

export interface StoreUnderTest {
  readonly store: ChainStore;
  /** Closes it and opens it again. */
  reopen(): Promise<StoreUnderTest>;
  remove(): Promise<void>;
}

/** What a store should say, in arrays that are searched from end to end. */
class NaiveStore {
  blocks: { id: string; bytes: Uint8Array }[] = [];
  records: ChainRecord[] = [];
  facts: [string, Uint8Array][] = [];
  folded: number | undefined;
  /** Of a restored state; else all changes are in records, forgotten ones too. */
  base: readonly StateEntry[] = [];
  forgotten: ChainRecord[] = [];

  contents(asked: Parameters<typeof contentsOf>[1]): unknown {
    const { blocks, records, facts, folded, base, forgotten } = this;
    const store = {
      get last() {
        return records.at(-1)?.index;
      },
      record: (index: number) => records.find((record) => record.index === index),
      blocks: () => blocks,
      block: (id: string) => blocks.find((block) => block.id === id)?.bytes,
      indexOf: (id: string) => records.find((record) => record.id === id)?.index,
      transaction: (id: Uint8Array) => places().get(Buffer.from(id).toString('latin1')),
      fact: (name: string) => facts.findLast(([each]) => each === name)?.[1],
      folded: folded === undefined ? undefined : { index: folded, entries: () => state() },
    };
    const listed = new Map<string, { index: number; place: number }>();
    const places = () => {
      if (listed.size === 0)
        for (const { index, transactionIds } of records)
          for (let place = 0; place * 32 < transactionIds.length; place++)
            listed.set(Buffer.from(transactionIds.subarray(place * 32, place * 32 + 32)).toString('latin1'), {
              index,
              place,
            });
      return listed;
    };
    const state = (): StateEntry[] => {
      const entries = new Map<string, StateEntry>();
      const final = [...forgotten, ...records].filter(({ index }) => index <= (folded ?? -1));
      for (const entry of [...base, ...final.flatMap(({ changes }) => changes)])
        entries.set(Buffer.from(entry.key).toString('hex'), entry);
      return [...entries]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([, entry]) => (entry.value ? [entry] : []));
    };
    return contentsOf(store as unknown as ChainStore, asked);
  }
}

const nothing = { facts: [], blocks: [], transactions: [] };
const entry = (key: string, value?: string): StateEntry => ({
  key: new TextEncoder().encode(key),
  value: value === undefined ? undefined : new TextEncoder().encode(value),
});
async function* inTurn(entries: readonly StateEntry[]): AsyncGenerator<StateEntry> {
  for (const each of entries) {
    await Promise.resolve();
    yield each;
  }
}

export function chainStoreContract(open: () => Promise<StoreUnderTest>): void {
  let under: StoreUnderTest;
  let store: ChainStore;
  beforeEach(async () => {
    under = await open();
    ({ store } = under);
  });
  afterEach(() => under.remove());
  const reopen = async () => {
    under = await under.reopen();
    ({ store } = under);
  };

  it('is empty when it is new', () => {
    expect(
      contentsOf(store, { ...nothing, blocks: [idOf('x')], transactions: [idOf('x')], facts: ['x'] }),
    ).toEqual(
      new NaiveStore().contents({ ...nothing, blocks: [idOf('x')], transactions: [idOf('x')], facts: ['x'] }),
    );
  });

  it('leaves the caller its bytes, and does not change with them', async () => {
    const bytes = hashOf('block');
    store.putBlock(idOf('a'), bytes);
    store.putFact('fact', bytes);
    bytes.fill(0);
    expect(Buffer.from(store.fact('fact') as Uint8Array)).toEqual(Buffer.from(hashOf('block')));
    await store.commit();
    expect(Buffer.from(store.block(idOf('a')) as Uint8Array)).not.toEqual(Buffer.from(bytes));
    expect(bytes.length).toBe(32);
  });

  it('refuses records out of turn, and what would take back what is final', () => {
    store.putRecord(recordOf({ index: 0, branch: 'a' }));
    expect(() => store.putRecord(recordOf({ index: 2, branch: 'a' }))).toThrow(/does not follow/);
    expect(() => store.fold(1)).toThrow(/not there/);
    store.putRecord(recordOf({ index: 1, branch: 'a' }));
    store.fold(1);
    expect(() => store.unwind(1)).toThrow(/final/);
    expect(() => store.prune(2)).toThrow(/fold/);
    store.unwind(2);
    expect(store.last).toBe(1);
  });

  it('keeps blocks and values of all sizes', async () => {
    const sizes = [0, 1, 4_068, 4_069, 65_503, 65_504, 65_505, 65_509, 131_016, 2_000_000];
    const bytes = sizes.map((size) => Uint8Array.from({ length: size }, (_, at) => (at * 7) % 251));
    for (const [nth, each] of bytes.entries()) store.putBlock(idOf(String(nth)), each);
    for (const [nth, each] of bytes.entries()) store.putFact(String(nth), each);
    const changes = bytes.map((value, nth) => ({ key: hashOf(String(nth)).slice(0, nth), value }));
    store.putRecord(recordOf({ index: 0, branch: 'a', transactions: 1_000, changes }));
    store.fold(0);
    await store.commit();
    await reopen();
    for (const [nth, each] of bytes.entries()) {
      expect(Buffer.compare(store.block(idOf(String(nth))) as Uint8Array, each)).toBe(0);
      expect(Buffer.compare(store.fact(String(nth)) as Uint8Array, each)).toBe(0);
    }
    expect(store.record(0)?.changes.map(({ value }) => value?.length)).toEqual(sizes);
    expect([...(store.folded?.entries() ?? [])].map(({ value }) => value?.length).sort()).toEqual(
      [...sizes].sort(),
    );
  });

  it('replaces everything but facts by a state from elsewhere, at once', async () => {
    for (let index = 0; index < 5; index++) {
      store.putBlock(idOf(`a/${index}`), hashOf(String(index)));
      store.putRecord(recordOf({ index, branch: 'a', changes: [entry(`old ${index}`, 'x')] }));
    }
    store.putFact('kept', hashOf('kept'));
    store.fold(3);
    await store.commit();
    const record = recordOf({ index: 70, branch: 'b', changes: [entry('k', 'new')] });
    const entries = [entry('z', '1'), entry('k', 'new'), entry('b', '2')];
    await store.restore(record, inTurn(entries));
    store.putBlock(record.id, hashOf('70'));
    const naive = new NaiveStore();
    naive.base = entries;
    naive.records = [record];
    naive.folded = 70;
    naive.blocks = [{ id: record.id, bytes: hashOf('70') }];
    naive.facts = [['kept', hashOf('kept')]];
    const asked = {
      facts: ['kept'],
      blocks: [idOf('a/1'), record.id],
      transactions: [idOf('a/1/1'), idOf('b/70/2')],
    };
    expect(contentsOf(store, asked)).toEqual(naive.contents(asked));
    await store.commit();
    expect(contentsOf(store, asked)).toEqual(naive.contents(asked));
    await reopen();
    expect(contentsOf(store, asked)).toEqual(naive.contents(asked));
    const next = recordOf({ index: 71, branch: 'b', changes: [entry('b')] });
    store.putRecord(next);
    store.fold(71);
    naive.records.push(next);
    naive.folded = 71;
    expect(contentsOf(store, asked)).toEqual(naive.contents(asked));
  });

  it.each([1, 2, 3, 4])(
    'says what a plain list would after any operations, opened again at any time (seed %i)',
    async (seed) => {
      const random = seeded(seed);
      const pick = (count: number) => Math.floor(random() * count);
      const naive = new NaiveStore();
      const asked = { facts: ['a', 'b', 'c'], blocks: new Set<string>(), transactions: new Set<string>() };
      let branch = 0;
      for (let step = 0; step < 200; step++) {
        const last = naive.records.at(-1)?.index;
        const first = naive.records[0]?.index;
        switch (pick(12)) {
          case 0:
          case 1: {
            const id = idOf(`block ${seed} ${pick(60)}`);
            asked.blocks.add(id);
            store.putBlock(id, hashOf(`${step}`));
            if (!naive.blocks.some((block) => block.id === id))
              naive.blocks.push({ id, bytes: hashOf(`${step}`) });
            break;
          }
          case 2:
          case 3:
          case 4:
          case 5: {
            const changes = Array.from({ length: pick(6) }, () =>
              entry(`key ${pick(20)}`, pick(4) === 0 ? undefined : `${step}`),
            );
            const record = recordOf({
              index: last === undefined ? 0 : last + 1,
              branch: `${seed}/${branch}`,
              // Now and then enough for the index to be written.
              transactions: pick(25) === 0 ? 25_000 : pick(5),
              changes,
              merged: naive.blocks.filter(() => pick(8) === 0).map(({ id }) => id),
            });
            store.putBlock(record.id, hashOf(record.id));
            if (!naive.blocks.some((block) => block.id === record.id))
              naive.blocks.push({ id: record.id, bytes: hashOf(record.id) });
            asked.blocks.add(record.id);
            for (
              let at = 0;
              at < record.transactionIds.length;
              at += Math.max(32, record.transactionIds.length >> 2)
            )
              asked.transactions.add(
                Buffer.from(record.transactionIds.subarray(at - (at % 32), at - (at % 32) + 32)).toString(
                  'hex',
                ),
              );
            store.putRecord(record);
            naive.records.push(record);
            break;
          }
          case 6:
            if (last !== undefined && last > (naive.folded ?? -1)) {
              const from = (naive.folded ?? -1) + 1 + pick(last - (naive.folded ?? -1));
              store.unwind(from);
              naive.records = naive.records.filter(({ index }) => index < from);
              // The same transactions come again in half of the cases, as they do when the order changes.
              branch += pick(2);
            }
            break;
          case 7: {
            const name = asked.facts[pick(3)] as string;
            store.putFact(name, hashOf(`fact ${step}`));
            naive.facts.push([name, hashOf(`fact ${step}`)]);
            break;
          }
          case 8:
            if (last !== undefined) {
              const index = Math.max(naive.folded ?? 0, last - pick(4));
              store.fold(index);
              naive.folded = index;
            }
            break;
          case 9:
            if (naive.folded !== undefined && first !== undefined) {
              const below = first + pick(naive.folded - first + 1);
              store.prune(below);
              const gone = naive.records.filter(({ index }) => index < below);
              naive.forgotten.push(...gone);
              naive.records = naive.records.filter(({ index }) => index >= below);
              const merged = new Set(gone.flatMap((record) => record.merged.map(({ id }) => id)));
              naive.blocks = naive.blocks.filter(({ id }) => !merged.has(id));
            }
            break;
          case 10:
            if (pick(2) === 0) await store.commit();
            else void store.commit();
            break;
          case 11:
            if (pick(3) === 0) await reopen();
            break;
        }
        if (step % 20 === 0) expect(contentsOf(store, asked), `step ${step}`).toEqual(naive.contents(asked));
      }
      await reopen();
      expect(contentsOf(store, asked)).toEqual(naive.contents(asked));
    },
  );

  it('refuses to write once it is closed', async () => {
    await store.close();
    expect(() => store.putFact('a', new Uint8Array())).toThrow(
      expect.objectContaining({ code: 'STORE_CLOSED' }),
    );
    await expect(store.commit()).rejects.toEqual(expect.objectContaining({ code: 'STORE_CLOSED' }));
    await store.close();
  });
}
