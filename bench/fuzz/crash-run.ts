// One run of the crash fuzzer: an indexer process and its PostgreSQL are killed with -9 again and again while a random chain goes on.
// Whatever was killed is started again, and nothing else is done; in the end every table is that of a fresh index.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { deploySubgraph } from '#indexer/pipeline/deploy.ts';
import { IndexerHost } from '#indexer/pipeline/indexer-host.ts';
import type { IndexerSettings } from '#indexer/pipeline/messages.ts';
import { createWasmMapper } from '#indexer/pipeline/wasm-mapper.ts';
import { DeploymentStore } from '#indexer/store/index.ts';
import { silentLogger } from '#node/platform/log.ts';
import { bundledEntry, packageRoot } from '#node/platform/package-root.ts';
import { EmbeddedPostgres } from '#node/platform/postgres/embedded-postgres.ts';
import { Random } from '../oracle/random.ts';
import { ChainStory } from './chain-story.ts';
import { firstDifference, reach } from './compare.ts';
import { createFuzzDatabase, withServer } from './databases.ts';
import { Relay } from './relay.ts';
import { chainsAt, subjects } from './subjects.ts';

export interface CrashReport {
  readonly blocks: number;
  readonly reorgs: number;
  readonly lines: number;
  readonly difference: string | undefined;
}

const FINALITY = 12;
const HISTORY = 16;
/** The longest that anything runs undisturbed. */
const LONGEST_PEACE_MS = 1_500;
/** After as many kills the indexer is left in peace until it has caught up: work is to be lost at every stage of it. */
const PEACE_EVERY = 8;

export async function fuzzCrash(
  seed: number,
  kills: number,
  report: (line: string) => void,
): Promise<CrashReport> {
  const random = new Random(seed);
  const folder = mkdtempSync(join(tmpdir(), 'aios-fuzz-'));
  const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  return withServer(true, async (firstServer, dataDir) => {
    let server = firstServer;
    try {
      const story = await ChainStory.begin(random, FINALITY);
      closers.push(() => story.chain.stop());
      const relay = await Relay.start(portOf(server));
      closers.push(() => relay.close());
      const serverUrl = new URL(server.url);
      serverUrl.port = String(relay.port);
      const database = await createFuzzDatabase(serverUrl.href, 'lived');
      closers.push(() => database.close());
      await DeploymentStore.migrate(database.pool);
      const chains = chainsAt(story.chain.url, FINALITY);
      const wanted = subjects(join(folder, 'subjects'), HISTORY);
      const ids: string[] = [];
      for (const { build, name, network } of wanted) {
        const deployed = await deploySubgraph(
          database.pool,
          { folder: build, name, source: network },
          chains,
        );
        ids.push(deployed.id);
      }
      const settings: IndexerSettings = {
        databaseUrl: database.url,
        chains,
        owner: 'crash',
        cacheFolder: join(folder, 'builds'),
        log: { level: 'silent' },
      };
      const indexer = new IndexerProcess(settings);
      closers.push(() => indexer.kill());
      const store = new DeploymentStore(database.pool);

      for (let kill = 1; kill <= kills; kill++) {
        await story.step();
        await delay(random.below(LONGEST_PEACE_MS));
        const victim = random.chance(0.3) ? 'PostgreSQL' : 'indexer';
        if (victim === 'indexer') {
          await indexer.kill();
          indexer.launch();
        } else {
          relay.target = null;
          await killed(server);
          server = new EmbeddedPostgres({ dataDir });
          await server.start();
          relay.target = portOf(server);
        }
        const { number } = await story.chain.head();
        report(`kill ${kill}: ${victim}, the chain at block ${number}`);
        if (kill % PEACE_EVERY === 0 && (await story.isHighest()))
          await reach(store, ids, await story.chain.head());
      }
      await story.end();
      const head = await story.chain.head();
      await reach(store, ids, head, () => `the indexer ended by itself ${indexer.endings} times`);
      await indexer.kill();

      const witness = await createFuzzDatabase(serverUrl.href, 'fresh');
      closers.push(() => witness.close());
      const host = new IndexerHost({
        ...settings,
        ...{ pool: witness.pool, databaseUrl: witness.url, owner: 'fresh', log: silentLogger },
        createMapper: createWasmMapper,
      });
      closers.push(() => host.stop());
      await host.start();
      for (const { build, name, network } of wanted)
        await host.deploy({ folder: build, name, source: network });
      const fresh = new DeploymentStore(witness.pool);
      await reach(fresh, ids, head);
      await host.stop();

      let lines = 0;
      let difference: string | undefined;
      for (const [position, id] of ids.entries()) {
        const [survivor, other] = await Promise.all([store.open(id), fresh.open(id)]);
        const records = await Promise.all([survivor.record(), other.record()]);
        const from = Math.max(...records.map(({ earliestBlock }) => earliestBlock));
        const mine = await survivor.dump({ from });
        lines += mine.split('\n').length;
        const found = firstDifference(mine, await other.dump({ from }));
        if (found) difference ??= `${wanted[position]?.name}: ${found}`;
      }
      return { blocks: head.number, reorgs: story.reorgs, lines, difference };
    } finally {
      // What went wrong is what the work threw, not what cannot be tidied up after it.
      for (const close of closers.reverse()) await Promise.resolve(close()).catch(() => undefined);
      if (server !== firstServer) await server.stop();
    }
  });
}

/** The whole indexer in a process of its own, started again whenever it ends. */
class IndexerProcess {
  readonly #settings: IndexerSettings;
  #child: ChildProcess | undefined;
  #stopped = false;
  /** How often it ended without having been killed. */
  endings = 0;

  constructor(settings: IndexerSettings) {
    this.#settings = settings;
    this.launch();
  }

  launch(): void {
    this.#stopped = false;
    const child = fork(join(packageRoot, 'indexer/pipeline/testing/indexer-process.mjs'), [
      bundledEntry('indexer-io.mjs'),
      JSON.stringify(this.#settings),
    ]);
    this.#child = child;
    const again = () => {
      if (this.#child !== child || this.#stopped) return;
      this.endings++;
      setTimeout(() => {
        if (this.#child === child && !this.#stopped) this.launch();
      }, 250);
    };
    child.once('exit', again);
    // A process whose I/O thread could not start is of no use: whatever runs it starts it again.
    child.on('message', (message: { kind?: string }) => {
      if (message.kind === 'unable') child.kill('SIGKILL');
    });
  }

  async kill(): Promise<void> {
    this.#stopped = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
}

function portOf(server: EmbeddedPostgres): number {
  return Number(new URL(server.url).port);
}

async function killed(server: EmbeddedPostgres): Promise<void> {
  const { pid } = server;
  if (pid === undefined) return;
  const ended = new Promise<void>((resolve) => {
    server.onUnexpectedExit = () => resolve();
  });
  process.kill(pid, 'SIGKILL');
  await ended;
}
