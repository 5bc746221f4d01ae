// One seed of the reorganisation fuzzer: deployments live through a random chain, and in the end have what a fresh index of it has.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { IndexerHost } from '#indexer/pipeline/indexer-host.ts';
import { createWasmMapper } from '#indexer/pipeline/wasm-mapper.ts';
import { DeploymentStore } from '#indexer/store/index.ts';
import { silentLogger } from '#node/platform/log.ts';
import { Random } from '../oracle/random.ts';
import { ChainStory } from './chain-story.ts';
import { firstDifference, reach } from './compare.ts';
import { chainsAt, type Subject, subjects } from './subjects.ts';

/** A database with the platform's tables. */
export interface FuzzDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

export interface ReorgReport {
  readonly blocks: number;
  readonly reorgs: number;
  readonly deepest: number;
  readonly finality: number;
  /** Earliest block of the deployment that prunes. */
  readonly prunedTo: number;
  /** Lines of the compared dumps, proofs of indexing included. */
  readonly lines: number;
  readonly difference: string | undefined;
}

const STEPS = 14;

class Indexing {
  readonly host: IndexerHost;
  readonly store: DeploymentStore;
  readonly ids: string[] = [];

  constructor(database: FuzzDatabase, url: string, finality: number, folder: string, owner: string) {
    this.store = new DeploymentStore(database.pool);
    this.host = new IndexerHost({
      pool: database.pool,
      databaseUrl: database.url,
      chains: chainsAt(url, finality),
      owner,
      cacheFolder: join(folder, owner),
      log: silentLogger,
      createMapper: createWasmMapper,
    });
  }

  async deploy(wanted: readonly Subject[]): Promise<void> {
    await this.host.start();
    for (const { build, name, network } of wanted)
      this.ids.push((await this.host.deploy({ folder: build, name, source: network })).id);
  }

  describe(): string {
    return JSON.stringify(this.host.statuses().map(({ state, message }) => ({ state, message })));
  }
}

export async function fuzzReorg(
  seed: number,
  createDatabase: () => Promise<FuzzDatabase>,
): Promise<ReorgReport> {
  const random = new Random(seed);
  const finality = 2 + random.below(14);
  const history = finality + 1 + random.below(8);
  const folder = mkdtempSync(join(tmpdir(), 'aios-fuzz-'));
  const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const story = await ChainStory.begin(random, finality);
    closers.push(() => story.chain.stop());
    const wanted = subjects(join(folder, 'subjects'), history);
    const index = async (owner: string): Promise<Indexing> => {
      const database = await createDatabase();
      closers.push(() => database.close());
      const indexing = new Indexing(database, story.chain.url, finality, folder, owner);
      closers.push(() => indexing.host.stop());
      await indexing.deploy(wanted);
      return indexing;
    };
    const lived = await index('lived');
    for (let step = 0; step < STEPS; step++) {
      await story.step();
      // Otherwise the chain goes on while the indexers are still at it.
      if (random.chance(0.5) && (await story.isHighest()))
        await reach(lived.store, lived.ids, await story.chain.head(), () => lived.describe());
    }
    await story.end();
    const head = await story.chain.head();
    await reach(lived.store, lived.ids, head, () => lived.describe());
    const fresh = await index('fresh');
    await reach(fresh.store, fresh.ids, head, () => fresh.describe());
    // Pruning goes on beside indexing: it is done when both have stopped.
    await Promise.all([lived.host.stop(), fresh.host.stop()]);

    let lines = 0;
    let prunedTo = 0;
    let difference: string | undefined;
    for (const [position, id] of lived.ids.entries()) {
      const [survivor, witness] = await Promise.all([lived.store.open(id), fresh.store.open(id)]);
      const [one, other] = await Promise.all([survivor.record(), witness.record()]);
      const from = Math.max(one.earliestBlock, other.earliestBlock);
      prunedTo = Math.max(prunedTo, one.earliestBlock);
      const mine = await survivor.dump({ from });
      lines += mine.split('\n').length;
      const found = firstDifference(mine, await witness.dump({ from }));
      if (found) difference ??= `${wanted[position]?.name}: ${found}`;
    }
    return {
      blocks: head.number,
      ...{ reorgs: story.reorgs, deepest: story.deepest, finality, prunedTo, lines, difference },
    };
  } finally {
    // What went wrong is what the work threw, not what cannot be tidied up after it.
    for (const close of closers.reverse()) await Promise.resolve(close()).catch(() => undefined);
  }
}
