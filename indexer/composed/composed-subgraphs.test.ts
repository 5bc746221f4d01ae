// Subgraphs over subgraphs from end to end: two deployments of compiled handlers on a real chain and a real PostgreSQL, one reading the other.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '#node/platform/log.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import type { TestDatabase } from '#node/platform/testing/postgres.ts';
import { IndexerService } from '../indexer-service.ts';
import type { Hex } from '../model.ts';
import type { DeployResult } from '../pipeline/deploy.ts';
import { TestChain, testAddress } from '../sources/testing/test-chain.ts';
import type { DeploymentStore } from '../store/index.ts';
import { createStoreDatabase } from '../store/testing/deployments.ts';

const fixtures = join(packageRoot, 'indexer/mapping/fixtures');
let database: TestDatabase & { readonly store: DeploymentStore };
let folder: string;
let chain: TestChain;
let token: Hex;
let indexer: IndexerService;
let run = 0;

beforeAll(async () => {
  database = await createStoreDatabase();
  folder = mkdtempSync(join(tmpdir(), 'composed-'));
  chain = await TestChain.start();
  token = await chain.deployToken();
  indexer = new IndexerService({
    databaseUrl: database.url,
    chains: { devnet: { urls: [chain.url], chainId: 31337, finality: 'none', pollIntervalMs: 25 } },
    owner: 'composed',
    cacheFolder: join(folder, 'builds'),
    log: { level: 'silent' },
    logger: silentLogger,
  });
  await indexer.start();
});

afterEach(async () => {
  const names = (await database.store.names()).map(({ name }) => name);
  for (const name of names.filter((text) => text.startsWith('composed'))) await indexer.remove(name);
  for (const name of names.filter((text) => !text.startsWith('composed'))) await indexer.remove(name);
});

afterAll(async () => {
  await indexer.stop();
  await chain.stop();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

async function orders(blocks: number, each = 2): Promise<void> {
  for (let block = 0; block < blocks; block += 1) {
    const transfers = Array.from({ length: each }, (_, index) => ({
      from: testAddress(0x20) as Hex,
      to: testAddress(index),
      value: BigInt(1_000 + block),
    }));
    await chain.transfer(token, transfers);
    await chain.mine();
  }
}

async function deploySource(name = `source-${++run}`): Promise<DeployResult> {
  const overrides = { Token: { address: token, startBlock: (await chain.height()) + 1 } };
  return indexer.deploy({ folder: join(fixtures, 'files'), name, source: 'devnet', overrides });
}

/** The composed fixture, with another manifest. */
function composed(change: (manifest: string) => string): string {
  const copy = mkdtempSync(join(folder, 'manifest-'));
  cpSync(join(fixtures, 'composed/build'), copy, { recursive: true });
  const file = join(copy, 'subgraph.yaml');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  return copy;
}

const over = (source: string) => composed((text) => text.replace(/address: .*/, `address: ${source}`));

async function headHash(): Promise<Hex> {
  return (await chain.send<{ hash: Hex }>('eth_getBlockByNumber', ['latest', false])).hash;
}

async function atHead(...deployments: string[]): Promise<void> {
  for (;;) {
    const hash = await headHash();
    const records = await Promise.all(
      deployments.map(async (id) => (await database.store.open(id)).record()),
    );
    const failed = records.find(({ failure }) => failure);
    if (failed) throw new Error(failed.failure?.message);
    if (records.every((record) => record.head?.hash === hash) && hash === (await headHash())) return;
    await delay(10);
  }
}

const schemaOf = async (id: string): Promise<string> =>
  `sgd${(await (await database.store.open(id)).record()).sgd}`;

/** Ids of orders in the source, in the order they were made, and what the composed subgraph has of them. */
async function both(
  source: string,
  reader: string,
): Promise<{ orders: string[]; seen: string[]; tally: unknown }> {
  const [from, to] = [await schemaOf(source), await schemaOf(reader)];
  const ids = async (sql: string) =>
    (await database.pool.query<{ id: Buffer }>(sql)).rows.map(({ id }) => id.toString('hex'));
  const { rows } = await database.pool.query(
    `select orders, encode(last, 'hex') as last, sequence from "${to}".tally where upper_inf(block_range)`,
  );
  return {
    orders: await ids(`select id from "${from}"."order" order by vid`),
    seen: await ids(`select id from "${to}".seen order by vid`),
    tally: rows[0],
  };
}

async function agree(source: string, reader: string): Promise<void> {
  const { orders: made, seen, tally } = await both(source, reader);
  expect(seen).toEqual(made);
  expect(tally).toMatchObject({
    orders: made.length,
    last: made.at(-1),
    sequence: 'os'.repeat(made.length).slice(-64),
  });
}

describe('a composed subgraph', () => {
  it('is given every entity of its source in the order they were made, while it catches up and at the head', async () => {
    const source = await deploySource();
    await orders(40, 3);
    const reader = await indexer.deploy({ folder: over(source.id), name: 'composed', source: 'devnet' });
    await atHead(source.id, reader.id);
    await agree(source.id, reader.id);
    await orders(5);
    await atHead(source.id, reader.id);
    await agree(source.id, reader.id);
    const { rows } = await database.pool.query(
      `select distinct source from "${await schemaOf(reader.id)}".seen`,
    );
    expect(rows).toEqual([{ source: source.id }]);
    expect((await (await database.store.open(reader.id)).record()).syncedAt).not.toBeNull();
  });

  it('follows reorganisations and rewinds of its source, and is never ahead of it', async () => {
    const source = await deploySource('followed');
    await orders(12);
    const reader = await indexer.deploy({ folder: over('followed'), name: 'composed-b', source: 'devnet' });
    await atHead(source.id, reader.id);
    for (const depth of [1, 5]) {
      await chain.reorg(depth);
      await orders(2);
      await atHead(source.id, reader.id);
      await agree(source.id, reader.id);
    }
    // The source stops: its reader waits with it.
    await indexer.setPaused(source.id, true);
    const stopped = (await (await database.store.open(source.id)).record()).head?.number ?? 0;
    await orders(3);
    await delay(0);
    const ahead = (await (await database.store.open(reader.id)).record()).head?.number ?? 0;
    expect(ahead).toBeLessThanOrEqual(stopped);
    await indexer.setPaused(source.id, false);
    await atHead(source.id, reader.id);
    await agree(source.id, reader.id);
  });

  it('is refused by line when its source does not fit', async () => {
    const source = await deploySource('fitting');
    const refused = async (change: (text: string) => string): Promise<string> => {
      const error = await indexer
        .deploy({ folder: composed(change), name: 'composed-c', source: 'devnet' })
        .then(
          () => new Error('it was deployed'),
          (thrown: Error) => thrown,
        );
      return error.message;
    };
    const at = (text: string) => text.replace(/address: .*/, `address: ${source.id}`);
    expect(await refused((text) => text.replace(/address: .*/, 'address: QmNobody'))).toMatch(
      /subgraph\.yaml:\d+: Orders: there is no deployment QmNobody here/,
    );
    expect(await refused((text) => at(text).replace('entity: Stamp', 'entity: Probe'))).toContain(
      'Probe is not immutable',
    );
    expect(await refused((text) => at(text).replace('entity: Stamp', 'entity: Nothing'))).toContain(
      'no entity type Nothing',
    );
    expect(await refused((text) => at(text).replace('entity: Stamp', 'entity: Order'))).toMatch(
      /:\d+: .*Order has a handler already/,
    );
    expect(await refused((text) => at(text).replace('1.3.0', '1.2.0'))).toMatch(
      /:\d+: .*kind subgraph needs specVersion 1\.3\.0/,
    );
  });

  it('keeps its source: that cannot be removed while it is read', async () => {
    const source = await deploySource('kept');
    const reader = await indexer.deploy({ folder: over(source.id), name: 'composed-d', source: 'devnet' });
    await expect(indexer.remove('kept')).rejects.toThrow(/is the data source of composed-d/);
    expect((await database.store.names()).some(({ name }) => name === 'kept')).toBe(true);
    await orders(2);
    await atHead(source.id, reader.id);
    await indexer.remove('composed-d');
    expect(await indexer.remove('kept')).toEqual([source.id]);
  });
});
