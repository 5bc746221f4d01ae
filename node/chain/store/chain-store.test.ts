// Both stores under one suite.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { chainStoreContract, type StoreUnderTest } from './chain-store.contract.ts';
import { LmdbStore } from './lmdb-store.ts';
import { MemoryStore } from './memory-store.ts';
import { idOf } from './testing/stores.ts';

describe('on disk', () => {
  const genesis = idOf('genesis');
  const under = (folder: string, store: LmdbStore): StoreUnderTest => ({
    store,
    async reopen() {
      await store.close();
      return under(folder, await LmdbStore.open({ folder, genesis }));
    },
    async remove() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  });
  chainStoreContract(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aios-store-'));
    return under(folder, await LmdbStore.open({ folder, genesis }));
  });
});

describe('in memory', () => {
  const under = (store: MemoryStore): StoreUnderTest => ({
    store,
    async reopen() {
      await store.close();
      return under(store.reopened());
    },
    remove: () => store.close(),
  });
  chainStoreContract(async () => under(new MemoryStore({ commits: 'at once' })));
});
