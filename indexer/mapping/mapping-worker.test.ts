import { join } from 'node:path';
import { id } from 'ethers';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Hex } from '#indexer/model.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { loadDeployment } from '../manifest/load-deployment.ts';
import type { LoadedSubgraph } from '../manifest/manifest.ts';
import type { MappingBlock } from '../pipeline/mapper.ts';
import { BlockRunner } from './block-runner.ts';
import { type MappingHost, MappingWorker, type MappingWorkerOptions } from './mapping-worker.ts';
import { MemoryStore } from './testing/memory-store.ts';
import { commandBlock } from './testing/probe.ts';
import { hash, transferBlock, triggersFor, word } from './testing/synthetic-chain.ts';

let token: LoadedSubgraph;
beforeAll(async () => {
  token = await loadDeployment(join(packageRoot, 'indexer/mapping/fixtures/token'));
});

const open: MappingWorker[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((worker) => worker.close()));
});

/** Answers from a memory store, each after a turn of the event loop. */
function hostOver(store: MemoryStore): MappingHost {
  const later = <T>(answer: () => T): Promise<T> =>
    new Promise((resolve) => {
      setImmediate(() => resolve(answer()));
    });
  return {
    loadEntities: (type, ids) => later(() => store.loadEntities(type, ids)),
    loadRelated: (type, field, id) => later(() => store.loadRelated(type, field, id)),
    call: async () => null,
    getBalance: async () => 0n,
    hasCode: async () => false,
  };
}

async function start(host: MappingHost, options?: MappingWorkerOptions): Promise<MappingWorker> {
  const worker = await MappingWorker.start(token, host, options);
  open.push(worker);
  return worker;
}

const blockOf = (number: number, count = 3): MappingBlock => {
  const block = transferBlock(
    number,
    Array.from({ length: count }, (_, index) => ({
      token: index % 2,
      from: (number * 3 + index) % 7,
      to: (number * 5 + index + 1) % 7,
      value: BigInt(number * 10 + index),
    })),
  );
  return { ...block, triggers: triggersFor(block, 'handleTransfer') };
};

describe('MappingWorker', () => {
  test('a thread with an asynchronous store does what a runner with a synchronous one does', async () => {
    const blocks = Array.from({ length: 20 }, (_, number) => blockOf(number + 1));
    const expected = new MemoryStore(token.schema);
    const runner = new BlockRunner(token, expected);
    for (const block of blocks) expected.apply(runner.run(block));

    const store = new MemoryStore(token.schema);
    const worker = await start(hostOver(store), { cacheBytes: 5_000 });
    for (let first = 0; first < blocks.length; first += 5) {
      const outcomes = await worker.run(blocks.slice(first, first + 5));
      expect(outcomes).toHaveLength(5);
      for (const outcome of outcomes) store.apply(outcome);
      worker.committed((outcomes.at(-1) as (typeof outcomes)[number]).block);
    }
    for (const type of ['Token', 'Account', 'Transfer']) {
      expect(store.entities.get(type)).toEqual(expected.entities.get(type));
    }
  });

  test('mapping may run ahead of writing: what is not committed is not asked for', async () => {
    const store = new MemoryStore(token.schema);
    const worker = await start(hostOver(store), { cacheBytes: 1 });
    const outcomes = [];
    for (let number = 1; number <= 10; number += 1) outcomes.push(...(await worker.run([blockOf(number)])));
    const expected = new MemoryStore(token.schema);
    const runner = new BlockRunner(token, expected);
    for (let number = 1; number <= 10; number += 1) expected.apply(runner.run(blockOf(number)));
    for (const outcome of outcomes) store.apply(outcome);
    expect(store.entities.get('Account')).toEqual(expected.entities.get('Account'));
  });

  test('a host that fails rejects the run, and the same blocks run after a reset', async () => {
    const store = new MemoryStore(token.schema);
    let broken = true;
    const good = hostOver(store);
    const worker = await start({
      ...good,
      loadEntities: (type, ids) =>
        broken ? Promise.reject(new Error('connection lost')) : good.loadEntities(type, ids),
    });
    await expect(worker.run([blockOf(1)])).rejects.toMatchObject({
      code: 'MAPPING_HOST_UNAVAILABLE',
      message: expect.stringContaining('connection lost'),
    });
    broken = false;
    await worker.reset(null, []);
    const [outcome] = await worker.run([blockOf(1)]);
    expect(outcome?.failure).toBeUndefined();
    expect(outcome?.modifications.length).toBeGreaterThan(3);
  });

  test('what handlers log comes with their block, and is told to the host in order', async () => {
    const probe = await loadDeployment(join(packageRoot, 'indexer/mapping/fixtures/probe'));
    const told: string[] = [];
    const worker = await MappingWorker.start(probe, {
      ...hostOver(new MemoryStore(probe.schema)),
      log: ({ level, text, handler }, block) => told.push(`${block.number} ${handler} ${level}: ${text}`),
    });
    open.push(worker);
    const outcomes = await worker.run([
      commandBlock([['log', 1n]], { number: 1 }),
      commandBlock([['ignored']], { number: 2 }),
      commandBlock(
        [
          ['log', 2n],
          ['log', 3n],
        ],
        { number: 3 },
      ),
    ]);
    expect(outcomes.map(({ lines }) => lines?.map(({ text }) => text))).toEqual([
      ['hello 1'],
      undefined,
      ['hello 2', 'hello 3'],
    ]);
    expect(told).toEqual([1, 2, 3].map((n) => `${n === 1 ? 1 : 3} handleCommand info: hello ${n}`));
  });

  test('closing wakes a thread that waits for an answer', async () => {
    const store = new MemoryStore(token.schema);
    let asked = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const worker = await start({
      ...hostOver(store),
      loadEntities: () => {
        asked();
        return new Promise(() => undefined);
      },
    });
    const run = worker.run([blockOf(1)]);
    const failed = expect(run).rejects.toMatchObject({ code: expect.stringMatching(/^MAPPING_/) });
    await waiting;
    await worker.close();
    await failed;
    await expect(worker.run([blockOf(2)])).rejects.toMatchObject({ code: 'MAPPING_CLOSED' });
  });

  test('entities handed over before a run are not asked for', async () => {
    const store = new MemoryStore(token.schema);
    const runner = new BlockRunner(token, store);
    store.apply(runner.run(blockOf(1)));
    store.requests.length = 0;
    const worker = await start(hostOver(store));
    for (const type of ['Token', 'Account']) {
      const known = store.all(type);
      worker.prefetch(
        type,
        known.map((data) => data.id as Uint8Array),
        known,
      );
    }
    await worker.run([blockOf(1)]);
    expect(store.requests).toEqual([]);
  });
});

test('a run behind one that made data sources is not begun before that has been dealt with', async () => {
  const swaps = await loadDeployment(join(packageRoot, 'indexer/mapping/fixtures/swaps'));
  const worker = await MappingWorker.start(swaps, {
    loadEntities: async (_, ids) => ids.map(() => null),
    loadRelated: async () => [],
    call: async () => null,
    getBalance: async () => 0n,
    hasCode: async () => false,
  });
  try {
    await worker.reset(null, []);
    const created = (number: number): MappingBlock => {
      const block = transferBlock(number, [{ token: 1, from: 5, to: 6, value: 1n }]);
      const [log] = block.logs;
      if (!log) throw new Error('the block has a log');
      const topics = [id('PairCreated(address,address,address,uint256)') as Hex, hash(5), hash(6)];
      const announced = { ...log, topics, data: `${hash(100 + number)}${word(1)}` as Hex };
      const trigger = { kind: 'event', dataSource: 0, handler: 'handlePairCreated', receipt: false } as const;
      return { ...block, triggers: [{ ...trigger, log: announced }] };
    };
    const [first, second] = await Promise.all([worker.run([created(1)]), worker.run([created(2)])]);
    expect(first).toMatchObject([{ block: { number: 1 }, createdDataSources: [{ template: 'Pair' }] }]);
    expect(second).toEqual([]);
    expect(await worker.run([created(2)])).toEqual([]);
    worker.proceed();
    expect(await worker.run([created(2)])).toMatchObject([{ block: { number: 2 } }]);
  } finally {
    await worker.close();
  }
});
