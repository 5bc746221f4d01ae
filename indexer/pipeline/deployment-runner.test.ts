// The pipeline on a real chain and a real PostgreSQL: whatever the chain does, the entities are those of a fresh index of it.
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Deployment, DeploymentStore } from '#indexer/store/index.ts';
import { createStoreDatabase } from '#indexer/store/testing/deployments.ts';
import type { TestDatabase } from '#node/platform/testing/postgres.ts';
import type { Hex } from '../model.ts';
import { EthereumSource, type EthereumSourceOptions } from '../sources/ethereum.ts';
import { RpcProxy } from '../sources/testing/rpc-proxy.ts';
import { TestChain, testAddress } from '../sources/testing/test-chain.ts';
import { rewindDeployment } from './rewind.ts';
import { type Running, type RunOptions, run } from './testing/running.ts';

let database: TestDatabase & { readonly store: DeploymentStore };
let store: DeploymentStore;
let chain: TestChain;
let token: Hex;
const sources: EthereumSource[] = [];
const started: Running[] = [];

beforeAll(async () => {
  database = await createStoreDatabase();
  store = database.store;
  chain = await TestChain.start();
  token = await chain.deployToken();
  await transfers(30);
});

afterEach(async () => {
  await Promise.all(started.splice(0).map(({ runner }) => runner.stop()));
  for (const source of sources.splice(0)) await source.close();
});

afterAll(async () => {
  await chain.stop();
  await database.close();
});

async function open(options: Partial<EthereumSourceOptions> = {}): Promise<EthereumSource> {
  const source = await EthereumSource.open({
    name: 'devnet',
    urls: [chain.url],
    finality: 'none',
    pollIntervalMs: 20,
    attempts: 2,
    backOffMs: 5,
    ...options,
  });
  sources.push(source);
  return source;
}

async function start(options: Partial<RunOptions> = {}): Promise<Running> {
  const running = await run({ store, source: await open(), token, ...options });
  started.push(running);
  return running;
}

/** One block for each transfer. */
async function transfers(count: number, of: Hex = token): Promise<void> {
  for (let index = 0; index < count; index++) {
    await chain.transfer(of, [
      { from: testAddress(index % 5), to: testAddress((index * 3) % 7), value: BigInt(1 + index) },
    ]);
    await chain.mine();
  }
}

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('what was waited for did not come');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function freshDump(options: Partial<RunOptions> = {}): Promise<string> {
  const fresh = await start(options);
  await fresh.atHead();
  await fresh.runner.stop();
  return fresh.deployment.dump();
}

describe('indexing', () => {
  it('reaches the head in large batches, then follows it block by block', async () => {
    const { deployment, runner, atHead, until } = await start();
    await atHead();
    await until((status) => status.state === 'synced');
    const before = runner.status.counters;
    expect(before).toMatchObject({ events: 30, reorgs: 0 });
    expect(before.commits).toBeLessThan(5);
    expect(before.stageMs.fetch).toBeGreaterThan(0);
    expect(await deployment.record()).toMatchObject({ status: 'synced', indexedAt: expect.any(Date) });
    for (let block = 0; block < 3; block++) {
      await transfers(1);
      await atHead();
    }
    expect(runner.status.counters.commits - before.commits).toBe(3);
    expect(runner.status.lag).toBe(0);
    expect(await deployment.dump()).toBe(await freshDump());
  });

  it('stands still behind the end of its last data source, in sync', async () => {
    const { deployment, until } = await start({ endBlock: 20 });
    await until((status) => status.state === 'synced');
    await transfers(2);
    const { head, status } = await deployment.record();
    expect({ head: head?.number, status }).toEqual({ head: 20, status: 'synced' });
  });

  it('runs block handlers for every block', async () => {
    const { deployment, atHead } = await start({ countBlocks: true, startBlock: 5 });
    await atHead();
    const total = await deployment.loadEntities('Total', ['all']);
    expect(total.get('all')?.blocks).toBe((await chain.height()) - 4);
  });

  it('sees everything of contracts announced on the way, from their first block on', async () => {
    const factory = await chain.deployToken();
    const children: Hex[] = [];
    for (let index = 0; index < 3; index++) children.push(await chain.deployToken());
    for (const child of children) {
      // Before it is announced it is nobody's business; after, in the same block, it is.
      await transfers(1, child);
      await chain.transfer(child, [{ from: testAddress(1), to: testAddress(2), value: 7n }]);
      await chain.transfer(factory, [{ from: testAddress(1), to: child, value: 1n }]);
      await chain.transfer(child, [{ from: testAddress(1), to: testAddress(3), value: 9n }]);
      await chain.mine();
      await transfers(2, child);
    }
    const { deployment, atHead } = await start({ token: factory, factory });
    await atHead();
    expect(await deployment.dataSources()).toMatchObject(
      children.map((child, position) => ({ position, address: child, template: 'Child' })),
    );
    const dump = await deployment.dump();
    const count = (of: Hex) =>
      dump.split('\n').filter((line) => line.includes(`"\\\\x${of.slice(2)}"`) && line.includes('"\\\\x'))
        .length;
    for (const child of children) expect(count(child)).toBeGreaterThanOrEqual(4);
    expect(dump).toBe(await freshDump({ token: factory, factory, runner: { batchVersions: 1 } }));
  });
});

describe('reorgs', () => {
  it.each([1, 2, 7, 20])('of depth %i leave the tables of a fresh index', async (depth) => {
    await transfers(22);
    const { deployment, runner, atHead, until } = await start();
    await atHead();
    await until((status) => status.state === 'synced');
    await chain.reorg(depth);
    await atHead();
    expect(runner.status.counters).toMatchObject({ reorgs: 1, revertedBlocks: expect.any(Number) });
    expect(runner.status.counters.revertedBlocks).toBeGreaterThanOrEqual(depth);
    expect(await deployment.dump()).toBe(await freshDump());
    await chain.rollback(depth);
    await atHead();
    expect(await deployment.dump()).toBe(await freshDump());
    await transfers(1);
    await atHead();
    expect(await deployment.dump()).toBe(await freshDump());
  });

  it('while nobody was looking are noticed at the start', async () => {
    const first = await start();
    await first.atHead();
    await first.runner.stop();
    await chain.rollback(5);
    const second = await start({ deployment: first.deployment });
    await second.atHead();
    expect(await second.deployment.dump()).toBe(await freshDump());
  });

  it('at random leave the tables of a fresh index', { timeout: 300_000 }, async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constant('transfers' as const),
          count: fc.integer({ min: 1, max: 4 }),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constant('reorg' as const), count: fc.integer({ min: 1, max: 20 }) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          do: fc.constant('rollback' as const),
          count: fc.integer({ min: 1, max: 20 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), count: fc.constant(0) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), count: fc.constant(0) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        await transfers(21);
        let running = await start();
        for (const { do: action, count } of steps) {
          if (action === 'transfers') await transfers(count);
          if (action === 'reorg') await chain.reorg(count);
          if (action === 'rollback') await chain.rollback(Math.min(count, (await chain.height()) - 3));
          if (action === 'wait') await running.atHead();
          if (action === 'restart') {
            await running.runner.stop();
            running = await start({ deployment: running.deployment });
          }
        }
        await running.atHead();
        expect(await running.deployment.dump()).toBe(await freshDump());
        await running.runner.stop();
      }),
      { numRuns: Number(process.env.REORG_RUNS ?? 5), seed: Number(process.env.REORG_SEED ?? 7) },
    );
  });
});

describe('failures', () => {
  it('of a handler stop the deployment at its block, and a reorg that removes the block heals it', async () => {
    await transfers(3);
    await chain.transfer(token, [{ from: testAddress(1), to: testAddress(2), value: 666n }]);
    await chain.mine();
    const failedAt = await chain.height();
    const { deployment, until, atHead } = await start({ poison: 666n });
    const status = await until(({ state }) => state === 'failed');
    expect(status.message).toMatch(/poison/);
    expect(await deployment.record()).toMatchObject({
      status: 'failed',
      failure: { handler: 'handleTransfer', block: { number: failedAt } },
      // As in graph-node, the block that failed is the head, without changes.
      head: { number: failedAt },
      firstErrorBlock: failedAt,
    });
    await transfers(1);
    await until(({ chainHead }) => chainHead?.number === failedAt + 1);
    expect((await deployment.record()).head?.number).toBe(failedAt);
    await chain.reorg(2);
    await atHead();
    expect(await deployment.record()).toMatchObject({ failure: null, firstErrorBlock: null });
    expect(await deployment.dump()).toBe(await freshDump());
  });

  it('that are not fatal cost a handler its changes, are recorded, and go with their block', async () => {
    await transfers(2);
    const { deployment, atHead, until } = await start({ poison: 667n, nonFatal: true });
    await atHead();
    await chain.transfer(token, [
      { from: testAddress(1), to: testAddress(2), value: 5n },
      { from: testAddress(1), to: testAddress(2), value: 667n },
      { from: testAddress(1), to: testAddress(2), value: 6n },
    ]);
    await chain.mine();
    const block = await chain.height();
    await transfers(1);
    await atHead();
    await until(({ state }) => state === 'synced');
    expect(await deployment.record()).toMatchObject({ failure: null, firstErrorBlock: block });
    expect(await deployment.errors()).toMatchObject([
      { message: 'value 667 is poison', handler: 'handleTransfer', block: { number: block } },
    ]);
    const dump = await deployment.dump();
    expect(dump).toBe(await freshDump({ poison: 667n, nonFatal: true }));
    expect(dump.match(new RegExp(`"667", "${block}"`))).toBeNull();
    expect(dump.match(new RegExp(`"[56]", "${block}"`, 'g'))).toHaveLength(2);
    await chain.reorg(2);
    await atHead();
    expect(await deployment.record()).toMatchObject({ firstErrorBlock: null });
    expect(await deployment.errors()).toEqual([]);
  });

  it('of the node are retried for as long as they last, and shown', async () => {
    const proxy = new RpcProxy(chain.url);
    const source = await open({ urls: [await proxy.listen()] });
    proxy.outages = Number.MAX_SAFE_INTEGER;
    const { deployment, until, atHead } = await start({ source });
    const status = await until(({ counters }) => counters.retries >= 3);
    expect(status.state).toBe('retrying');
    expect(status.message).toMatch(/no answer to eth_getBlockByNumber from http:\/\/127/);
    proxy.outages = 0;
    await atHead();
    expect(await deployment.dump()).toBe(await freshDump());
    await started.pop()?.runner.stop();
    await proxy.close();
  });

  it('of the database connection lose nothing', async () => {
    const { deployment, until, atHead } = await start({ runner: { batchVersions: 1 } });
    await atHead();
    await transfers(10);
    await database.pool.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await transfers(3);
    await atHead();
    await until(({ state }) => state === 'synced');
    expect(await deployment.dump()).toBe(await freshDump());
  });
});

describe('what handlers log', () => {
  const linesOf = async ({ id }: Deployment) => {
    const { rows } = await database.pool.query<{ line: string }>(
      `select format('%s %s/%s %s', block_number, block_hash, place, text) as line
       from indexer.log_lines where deployment = $1 order by position`,
      [id],
    );
    return rows.map(({ line }) => line);
  };

  it('is kept with its block: no reorg and no restart loses, doubles or leaves a line', async () => {
    await transfers(5);
    const first = await start({ logging: 'also' });
    await first.atHead();
    await transfers(4);
    await first.atHead();
    const before = await linesOf(first.deployment);
    await chain.reorg(3);
    await first.atHead();
    await transfers(2);
    await first.atHead();
    await first.runner.stop();
    const after = await linesOf(first.deployment);
    expect(after.filter((line) => before.includes(line))).toHaveLength(before.length - 3);
    const { atHead } = await start({ logging: 'also', deployment: first.deployment });
    await transfers(1);
    await atHead();
    const fresh = await start({ logging: 'also' });
    await fresh.atHead();
    const lines = await linesOf(fresh.deployment);
    expect(lines.length).toBe(before.length);
    expect(await linesOf(first.deployment)).toEqual(lines);
    expect(lines.slice(0, after.length)).toEqual(after);
    const alone = await start({ logging: 'only' });
    await alone.atHead();
    expect(await linesOf(alone.deployment)).toEqual(lines);
  });

  it('stands when its block failed, and goes with it', async () => {
    await chain.transfer(token, [
      { from: testAddress(1), to: testAddress(2), value: 7n },
      { from: testAddress(1), to: testAddress(2), value: 668n },
    ]);
    await chain.mine();
    const height = await chain.height();
    const { deployment, until, atHead } = await start({ logging: 'also', poison: 668n });
    await until(({ state }) => state === 'failed');
    const atFailure = async () =>
      (await linesOf(deployment))
        .filter((line) => line.startsWith(`${height} `))
        .map((line) => line.slice(-3));
    expect(await atFailure()).toEqual(['f 7', '668']);
    await chain.reorg(1);
    await chain.mine();
    await atHead();
    expect(await atFailure()).toEqual([]);
  });
});

describe('grafting', () => {
  it('takes the history of the base over, goes on from there, and equals an index from the start', async () => {
    const factory = await chain.deployToken();
    const child = await chain.deployToken();
    await chain.transfer(factory, [{ from: testAddress(1), to: child, value: 1n }]);
    await chain.mine();
    await transfers(4, child);
    const base = await start({ factory });
    await base.atHead();
    const block = (await chain.height()) - 2;
    const deployment = await store.create({
      id: 'QmGrafted',
      chain: 'devnet',
      manifest: '',
      schema: base.deployment.layout.schema.sdl,
      feed: false,
      deferIndexes: true,
      graft: { base: base.deployment.id, block },
    });
    const grafted = await start({ factory, deployment });
    await grafted.atHead();
    expect(grafted.runner.status.counters.events).toBe(2);
    expect(await deployment.dump()).toBe(await base.deployment.dump());
    // Back to before the block that it was grafted at, and further than any block it remembers.
    for (const depth of [5, (await chain.height()) - 1]) {
      await chain.reorg(depth);
      await transfers(2, child);
      await base.atHead();
      await grafted.atHead();
      expect(await deployment.dump()).toBe(await base.deployment.dump());
    }
  });
});

describe('pruning', () => {
  it('removes history in the background, and what is left is that of a fresh index, through reorgs', async () => {
    const { deployment, runner, atHead, until } = await start({ countBlocks: true, prune: 10 });
    await atHead();
    await until(({ state }) => state === 'synced');
    for (const depth of [0, 4, 7, 0]) {
      if (depth > 0) await chain.reorg(depth);
      await transfers(14);
      await atHead();
      await eventually(async () => {
        const { earliestBlock } = await deployment.record();
        return earliestBlock >= (await chain.height()) - 14 && (await ended(deployment, earliestBlock)) === 0;
      });
      const { earliestBlock: from } = await deployment.record();
      expect(from).toBeLessThanOrEqual((await chain.height()) - 10);
      const fresh = await start({ countBlocks: true });
      await fresh.atHead();
      expect(await deployment.dump()).toBe(await fresh.deployment.dump({ from }));
      await fresh.runner.stop();
    }
    // Further back than the history that is kept: everything is indexed anew.
    await chain.reorg(30);
    await transfers(1);
    await atHead();
    // Else it may prune more between the two looks at it.
    await runner.stop();
    const { earliestBlock } = await deployment.record();
    const again = await start({ countBlocks: true });
    await again.atHead();
    expect(await deployment.dump({ from: earliestBlock })).toBe(
      await again.deployment.dump({ from: earliestBlock }),
    );
  });

  /** Versions that only blocks before `earliest` show. */
  async function ended(deployment: Deployment, earliest: number): Promise<number> {
    const [all, kept] = await Promise.all([deployment.dump(), deployment.dump({ from: earliest })]);
    return all.split('\n').length - kept.split('\n').length;
  }
});

describe('rewinding', () => {
  it('by any process takes a running deployment back, and it comes to the same again', async () => {
    await transfers(6);
    const { deployment, runner, atHead } = await start({ countBlocks: true, runner: { leaseMs: 300 } });
    await atHead();
    const before = await deployment.dump();
    const head = await chain.height();
    const rewind = (to: number | 'start') => rewindDeployment(database.pool, deployment.id, to, () => open());
    for (const to of [head - 5, 3, 'start'] as const) {
      const events = runner.status.counters.events;
      const { from, deleted } = await rewind(to);
      expect(from?.number).toBe(head);
      expect(deleted).toBeGreaterThan(0);
      await eventually(async () => runner.status.counters.events > events);
      await atHead();
      expect(await deployment.dump()).toBe(before);
    }
    await expect(rewind(head)).rejects.toMatchObject({ code: 'REWIND_IMPOSSIBLE' });
    // A reorganisation right after finds its way from a head that was never stored.
    await runner.stop();
    await rewind(head - 4);
    await chain.reorg(2);
    const again = await start({ countBlocks: true, deployment });
    await again.atHead();
    expect(await deployment.dump()).toBe(await freshDump({ countBlocks: true }));
  });
});

describe('leases', () => {
  it('let one of two processes write, and hand over when it stops', async () => {
    const first = await start({ runner: { owner: 'a', leaseMs: 400 } });
    await first.atHead();
    const second = await start({ deployment: first.deployment, runner: { owner: 'b', leaseMs: 400 } });
    await second.until(({ state }) => state === 'waiting-for-lease');
    await transfers(2);
    await first.atHead();
    await first.runner.stop();
    await transfers(2);
    await second.atHead();
    expect(second.runner.status.counters.events).toBe(2);
    expect(await second.deployment.dump()).toBe(await freshDump());
  });

  it('that are lost stop the loser before it writes anything', async () => {
    const first = await start({ runner: { owner: 'a', leaseMs: 60_000 } });
    await first.atHead();
    // What a process meets after it was suspended for longer than its lease.
    await database.pool.query(
      "update indexer.deployments set fence = fence + 1, lease_owner = 'thief', lease_until = now() + interval '1 hour' where id = $1",
      [first.deployment.id],
    );
    await transfers(1);
    const status = await first.until(({ state }) => state === 'waiting-for-lease');
    expect(status.head?.number).toBe((await chain.height()) - 1);
  });
});

describe('pausing', () => {
  it('stops and resumes', async () => {
    const { deployment, runner, until, atHead } = await start();
    await atHead();
    await store.setPaused(deployment.id, true);
    runner.setPaused(true);
    await until(({ state }) => state === 'paused');
    const head = await chain.height();
    await transfers(2);
    await store.setPaused(deployment.id, false);
    expect(runner.status.head?.number).toBe(head);
    runner.setPaused(false);
    await atHead();
  });
});
