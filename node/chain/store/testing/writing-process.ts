// Writes to a store until it is killed, and says after each commit how far it is. Started by a test: folder, genesis.
import { writeSync } from 'node:fs';
import { LmdbStore } from '../lmdb-store.ts';
import { stepFact, writeStep } from './write-step.ts';

const [folder = '', genesis = ''] = process.argv.slice(2);
const store = await LmdbStore.open({ folder, genesis });
const found = store.fact(stepFact);
for (let step = found ? Number(new TextDecoder().decode(found)) + 1 : 0; ; step++) {
  writeStep(store, step);
  await store.commit();
  writeSync(1, `${step}\n`);
}
