// What a node might do with its store, step by step, as it follows from the step's number: so that whoever knows how far another process got knows
// what its store must say.
import { seeded } from '../../dag/testing/random-dag.ts';
import type { ChainStore } from '../chain-store.ts';
import { hashOf, recordOf } from './stores.ts';

export const stepFact = 'step';

/** All that one commit brings to disk. */
export function writeStep(store: ChainStore, step: number): void {
  const random = seeded(step);
  const pick = (count: number) => Math.floor(random() * count);
  const final = store.folded?.index ?? -1;
  if (pick(4) === 0 && store.last !== undefined && store.last > final)
    store.unwind(Math.max(final + 1, store.last - pick(3)));
  for (let count = 1 + pick(3); count > 0; count--) {
    const record = recordOf({
      index: (store.last ?? -1) + 1,
      branch: `step ${step}`,
      transactions: pick(10) === 0 ? 9_000 : pick(50),
      changes: Array.from({ length: pick(200) }, () => ({
        key: hashOf(`key ${pick(500)}`).slice(0, 21),
        value: pick(5) === 0 ? undefined : hashOf(`value ${step}`),
      })),
    });
    store.putBlock(record.id, Buffer.alloc(pick(200_000), step));
    store.putRecord(record);
  }
  const last = store.last ?? 0;
  if (last > 4) store.fold(last - 4);
  if (last > 12) store.prune(last - 12);
  store.putFact(stepFact, new TextEncoder().encode(String(step)));
}
