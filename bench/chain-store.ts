// What it costs to keep the chain on disk: blocks of 15,000 transactions with their records, folded as they become final, over accounts of several
// numbers. `npm run bench:chain-store`.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { ChainRecord } from '#node/chain/store/chain-store.ts';
import { LmdbStore } from '#node/chain/store/lmdb-store.ts';

const transactions = 15_000;
const transactionBytes = 147;
const commits = Number(process.argv[3] ?? 40);
const kept = 8;

/** Fast, and the same in every run. */
let state = 1n;
function random(bytes: Uint8Array): Uint8Array {
  const words = new BigUint64Array(bytes.length >>> 3);
  for (let nth = 0; nth < words.length; nth++) {
    state = BigInt.asUintN(64, state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n);
    words[nth] = state ^ (state >> 29n);
  }
  bytes.set(new Uint8Array(words.buffer));
  return bytes;
}
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

async function measure(accounts: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'aios-bench-store-'));
  const store = await LmdbStore.open({ folder, genesis: '00'.repeat(32) });
  const keys = Array.from({ length: accounts }, (_, nth) => {
    const key = new Uint8Array(21);
    random(key.subarray(5));
    new DataView(key.buffer).setUint32(1, Math.imul(nth, 0x9e3779b1));
    return key;
  });
  const genesis = record(0, []);
  await store.restore(
    genesis,
    (async function* () {
      for (const key of keys) yield { key, value: random(new Uint8Array(40)) };
    })(),
  );
  await store.commit();
  let [main, inBetween] = [0, 0];
  const [cpuBefore, began] = [cpu(), performance.now()];
  for (let index = 1; index <= commits; index++) {
    // What the bench itself makes does not count.
    const making = cpu();
    const changes = Array.from({ length: transactions * 2 }, () => ({
      key: keys[Math.floor(Math.random() * accounts)] as Uint8Array,
      value: random(new Uint8Array(40)),
    }));
    const block = random(new Uint8Array(transactions * transactionBytes));
    const made = record(index, changes);
    inBetween += cpu() - making;
    const from = performance.now();
    store.putBlock(made.id, block);
    store.putRecord(made);
    if (index > 2) store.fold(index - 2);
    if (index > kept) store.prune(index - kept);
    const done = store.commit();
    main += performance.now() - from;
    await done;
  }
  const count = commits * transactions;
  const all = (cpu() - cpuBefore - inBetween) / count;
  const took = ((performance.now() - began) * 1_000) / count;
  console.log(
    `${accounts.toLocaleString('en')} accounts: ${all.toFixed(2)} µs CPU of all threads a transaction (goal <= 8), main thread ${((main * 1_000) / count).toFixed(2)} (goal <= 2), ${took.toFixed(2)} µs on the clock with what the bench makes; ${(statSync(join(folder, 'chain.mdb')).size / 2 ** 20).toFixed(0)} MB for ${kept} of ${commits} records`,
  );
  const last = store.record(commits) as ChainRecord;
  const ids = Array.from({ length: 1_000 }, (_, nth) => last.transactionIds.slice(nth * 32, nth * 32 + 32));
  const older = (store.record(commits - kept + 1) as ChainRecord).transactionIds.slice(0, 32);
  rate('indexOf', 200_000, () => store.indexOf(last.id));
  rate('a recent transaction', 200_000, (nth) => store.transaction(ids[nth % 1_000] as Uint8Array));
  rate('an older transaction', 20_000, () => store.transaction(older));
  rate('a fact', 200_000, () => store.fact('none'));
  rate(`a block of ${(transactions * transactionBytes) >> 10} KB`, 200, () => store.block(last.id));
  await store.close();
  rmSync(folder, { recursive: true });
  return all;
}

function record(index: number, changes: ChainRecord['changes']): ChainRecord {
  const id = hexOf(random(new Uint8Array(32)));
  return {
    index,
    id,
    stateRoot: random(new Uint8Array(32)),
    merged: [{ id, blue: true }],
    receipts: new Uint8Array(transactions),
    changes,
    transactionIds: random(new Uint8Array(transactions * 32)),
  };
}

function rate(what: string, times: number, act: (nth: number) => unknown): void {
  const from = performance.now();
  for (let nth = 0; nth < times; nth++) act(nth);
  console.log(
    `  reads of ${what}: ${Math.round((times * 1_000) / (performance.now() - from)).toLocaleString('en')} per second`,
  );
}

const costs: number[] = [];
for (const accounts of [10_000, 100_000, 1_000_000]) costs.push(await measure(accounts));
console.log(`dearest over cheapest: ${(Math.max(...costs) / Math.min(...costs)).toFixed(2)} (goal <= 1.5)`);
console.log(
  `${cpus()[0]?.model}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`,
);
