// What a disk may do to a store: a process that is killed at any moment, bytes that change, files that are cut off or are somebody else's.
import { spawn } from 'node:child_process';
import { cp, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bundledEntry, packageRoot } from '#node/platform/package-root.ts';
import { seeded } from '../dag/testing/random-dag.ts';
import { LmdbStore } from './lmdb-store.ts';
import { MemoryStore } from './memory-store.ts';
import { newMeta, STORE_FORMAT, type StoreMeta, writeMeta } from './store-meta.ts';
import { openTables } from './tables.ts';
import { contentsOf, idOf, recordOf } from './testing/stores.ts';
import { stepFact, writeStep } from './testing/write-step.ts';

const genesis = idOf('genesis');
const withCode = (code: string) => expect.objectContaining({ code });
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aios-store-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function writingProcess(): Promise<string> {
  const outfile = bundledEntry('testing/chain-store-writing-process.mjs');
  await build({
    absWorkingDir: packageRoot,
    entryPoints: ['node/chain/store/testing/writing-process.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  return outfile;
}

/** All that is in a store, of what the steps may have put there. */
const everything = (store: LmdbStore | MemoryStore, oracle: MemoryStore) => {
  const records = Array.from({ length: (oracle.last ?? -1) + 1 }, (_, index) => oracle.record(index));
  const transactions = records.flatMap((record) =>
    record ? [0, 1, 8_999].map((nth) => record.transactionIds.subarray(nth * 32, nth * 32 + 32)) : [],
  );
  return contentsOf(store, {
    facts: [stepFact],
    blocks: [...oracle.blocks()].map(({ id }) => id),
    transactions: transactions
      .filter(({ length }) => length > 0)
      .map((id) => Buffer.from(id).toString('hex')),
  });
};

it('has all that a commit had, and nothing of later ones, when its process is killed at any moment', async () => {
  const entry = await writingProcess();
  const oracle = new MemoryStore({ commits: 'at once' });
  const random = seeded(1);
  let steps = -1;
  let inFlight = 0;
  const began = performance.now();
  let kills = 0;
  // Twenty, or as many as a busy machine manages in twelve seconds.
  for (; kills < 20 && (kills < 6 || performance.now() - began < 12_000); kills++) {
    const child = spawn(process.execPath, [entry, folder, genesis], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (data: Buffer) => {
        // From its first commit on, so that every kill meets a process at work.
        if (said === '') setTimeout(() => child.kill('SIGKILL'), random() * 40);
        said += data.toString('utf8');
      });
      child.once('error', reject);
      child.once('exit', (code, signal) =>
        signal === 'SIGKILL' ? resolve() : reject(new Error(`it ended by itself with ${code}`)),
      );
    });
    const resolved = Number(said.trimEnd().split('\n').at(-1));
    const store = await LmdbStore.open({ folder, genesis });
    const onDisk = Number(new TextDecoder().decode(store.fact(stepFact)));
    // The last one may be on disk without having said so; no other.
    expect([resolved, resolved + 1]).toContain(onDisk);
    if (onDisk > resolved) inFlight += 1;
    while (steps < onDisk) writeStep(oracle, ++steps);
    expect(everything(store, oracle)).toEqual(everything(oracle, oracle));
    await store.close();
  }
  expect(steps).toBeGreaterThan(kills);
  expect(inFlight).toBeLessThanOrEqual(kills);
}, 120_000);

/** A store with something of everything, closed. */
async function filled(): Promise<MemoryStore> {
  const oracle = new MemoryStore({ commits: 'at once' });
  const store = await LmdbStore.open({ folder, genesis });
  for (let step = 0; step < 30; step++) {
    writeStep(store, step);
    writeStep(oracle, step);
    await store.commit();
  }
  await store.close();
  return oracle;
}

it('refuses the store of another chain', async () => {
  await filled();
  await expect(LmdbStore.open({ folder, genesis: idOf('another') })).rejects.toEqual(
    withCode('STORE_FOREIGN'),
  );
  await expect(LmdbStore.open({ folder, genesis: idOf('another') })).rejects.toThrow(
    /--resync.*signing journal/,
  );
});

it('refuses a newer format', async () => {
  await (await LmdbStore.open({ folder, genesis })).close();
  const tables = openTables(folder, false);
  const meta = { ...newMeta(genesis), format: STORE_FORMAT + 1, more: 'things' };
  tables.root.transactionSync(() => writeMeta(tables, meta as unknown as StoreMeta));
  await tables.root.close();
  await expect(LmdbStore.open({ folder, genesis })).rejects.toEqual(withCode('STORE_FORMAT'));
});

it('writes nothing more once a write has failed, and has what was committed before', async () => {
  const entry = await writingProcess();
  // 20 MB a file, and an error rather than a signal for what goes beyond.
  const limited = `trap '' XFSZ; ulimit -f 20480; exec "$0" "$@"`;
  const child = spawn('sh', ['-c', limited, process.execPath, entry, folder, genesis], { stdio: 'pipe' });
  let [said, complained] = ['', ''];
  child.stdout.on('data', (data: Buffer) => {
    said += data.toString('utf8');
  });
  child.stderr.on('data', (data: Buffer) => {
    complained += data.toString('utf8');
  });
  await new Promise((resolve) => child.once('close', resolve));
  expect(complained).toMatch(/STORE_FAILED/);
  const store = await LmdbStore.open({ folder, genesis });
  const steps = Number(said.trimEnd().split('\n').at(-1));
  expect(new TextDecoder().decode(store.fact(stepFact))).toBe(String(steps));
  const oracle = new MemoryStore({ commits: 'at once' });
  for (let step = 0; step <= steps; step++) writeStep(oracle, step);
  expect(everything(store, oracle)).toEqual(everything(oracle, oracle));
  await store.close();
});

it('finds every changed byte that it reads, and says how to go on', async () => {
  const oracle = await filled();
  const file = join(folder, 'chain.mdb');
  const whole = await readFile(file);
  const random = seeded(5);
  const whatWas = everything(oracle, oracle);
  // In values, not in the database's own pages: LMDB trusts those.
  const needles = [...oracle.blocks()]
    .slice(-6)
    .flatMap(({ bytes }) => (bytes.length > 4_096 ? [bytes] : []));
  const last = oracle.record(oracle.last ?? 0);
  if (last) needles.push(last.stateRoot, last.transactionIds.subarray(0, 32));
  let found = 0;
  for (const needle of needles) {
    const at = whole.lastIndexOf(needle.subarray(0, 32));
    if (at < 0) continue;
    const changed = Buffer.from(whole);
    const byte = at + Math.floor(random() * Math.min(needle.length, 32));
    changed[byte] = (changed[byte] as number) ^ (1 << Math.floor(random() * 8));
    await writeFile(file, changed);
    try {
      const store = await LmdbStore.open({ folder, genesis });
      try {
        // What was removed lies there still, and nobody reads it.
        expect(everything(store, oracle)).toEqual(whatWas);
      } finally {
        await store.close();
      }
    } catch (error) {
      expect(error).toEqual(withCode('STORE_CORRUPT'));
      expect((error as Error).message).toMatch(/--resync.*signing journal/);
      found += 1;
    }
  }
  expect(found).toBeGreaterThan(2);
});

it('refuses a file that was cut off or is none of its own', async () => {
  await filled();
  const file = join(folder, 'chain.mdb');
  const { size } = await stat(file);
  const kept = `${folder}-kept`;
  await cp(file, kept);
  try {
    for (const length of [100, 4_096, 8_192, 5 * 4_096]) {
      await cp(kept, file);
      await truncate(file, Math.min(length, size));
      await expect(LmdbStore.open({ folder, genesis }), `${length} bytes`).rejects.toEqual(
        withCode('STORE_CORRUPT'),
      );
    }
    await writeFile(file, Buffer.alloc(20_000, 7));
    await expect(LmdbStore.open({ folder, genesis })).rejects.toEqual(withCode('STORE_CORRUPT'));
    const empty = await open(file, 'w');
    await empty.close();
    const store = await LmdbStore.open({ folder, genesis });
    expect(store.last).toBeUndefined();
    await store.close();
  } finally {
    await rm(kept);
  }
});

it('keeps what was read whole while the state is folded further', async () => {
  const store = await LmdbStore.open({ folder, genesis });
  const changes = (value: number) =>
    Array.from({ length: 70_000 }, (_, nth) => ({
      key: Uint8Array.of(nth >> 16, (nth >> 8) & 255, nth & 255),
      value: Uint8Array.of(value),
    }));
  store.putRecord(recordOf({ index: 0, branch: 'a', changes: changes(0) }));
  store.fold(0);
  await store.commit();
  const reading = store.folded?.entries()[Symbol.iterator]();
  const values = [reading?.next().value?.value?.[0]];
  for (let index = 1; index < 5; index++) {
    store.putRecord(recordOf({ index, branch: 'a', changes: changes(index) }));
    store.fold(index);
    store.prune(index);
    await store.commit();
  }
  for (let next = reading?.next(); next && !next.done; next = reading?.next())
    values.push(next.value.value?.[0]);
  expect(values.length).toBe(70_000);
  expect(new Set(values)).toEqual(new Set([0]));
  expect(new Set([...(store.folded?.entries() ?? [])].map(({ value }) => value?.[0]))).toEqual(new Set([4]));
  await store.close();
});
