// One run of the oracle: starts everything, drives the chain, compares, and reports.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Deployment } from '#indexer/store/index.ts';
import { RaceDatabase } from '../index/database.ts';
import { GraphNode, gndBinary } from '../rivals/graph-node.ts';
import { compareProofs } from './compare-proofs.ts';
import { compareQueries } from './compare-queries.ts';
import { compareStatus } from './compare-status.ts';
import { Difference } from './difference.ts';
import { type Fixture, fixtures } from './fixtures.ts';
import { CHAIN_ID, OracleChain } from './oracle-chain.ts';
import { OurIndexer } from './our-indexer.ts';
import { Random } from './random.ts';
import { EMITTERS, prelude, Traffic } from './traffic.ts';

export interface OracleOptions {
  readonly seed: number;
  readonly queries: number;
  /** Blocks between one reorganisation and the next. */
  readonly blocks: number;
  /** A fixture's name; all without. */
  readonly only: string;
  /** Print every query that differs instead of ending at the first. */
  readonly all: boolean;
}

/** One subgraph, indexed twice. */
export interface Pair {
  readonly fixture: Fixture;
  readonly theirs: GraphNode;
  /** The deployment's id there: gnd in its dev mode makes one up from the path of the manifest. */
  readonly theirId: string;
  readonly ours: OurIndexer;
  readonly deployment: Deployment;
}

const REORGS = 4;
const MAX_REORG = 6;
const REACH_TIMEOUT = 240_000;

/** @returns the exit code */
export async function runOracle(options: OracleOptions): Promise<number> {
  const { seed, only } = options;
  const random = new Random(seed);
  const chosen = fixtures().filter(({ name }) => name.includes(only));
  const folder = mkdtempSync(join(tmpdir(), 'aios-oracle-builds-'));
  const database = new RaceDatabase();
  const stops: (() => Promise<void>)[] = [];
  try {
    gndBinary();
    await database.start();
    const chain = await OracleChain.start(EMITTERS);
    stops.push(() => chain.stop());
    const traffic = new Traffic(random);
    for (const emissions of prelude()) await chain.mine(emissions);
    for (let index = 0; index < options.blocks; index++) await chain.mine(traffic.block(), traffic.seconds());
    // After a reorganisation graph-node rolls up the bucket behind the last one it has, and would miss one after a gap: so there is none.
    for (const seconds of [3_600, 3_600, ...Array.from({ length: 8 }, () => 7)])
      await chain.mine(traffic.busy(), seconds);

    const networks = [...new Set(chosen.map(({ network }) => network))];
    const settings = { urls: [chain.url], chainId: CHAIN_ID, finality: 'none', pollMs: 200 } as const;
    const ours = await OurIndexer.start(
      await database.create('ours'),
      Object.fromEntries(networks.map((network) => [network, settings])),
    );
    stops.push(() => ours.stop());
    const pairs = await Promise.all(
      chosen.map(async (fixture): Promise<Pair> => {
        const build = join(folder, fixture.name);
        cpSync(fixture.build, build, { recursive: true });
        fixture.adjust?.(build);
        const deployment = await ours.deploy(build, fixture.name, fixture.network);
        const theirs = await GraphNode.start({
          ...{ build, network: fixture.network, rpcUrl: chain.url, postgresUrl: database.url },
          databaseName: `theirs_${fixture.name}`,
          env: {
            ETHEREUM_REORG_THRESHOLD: '50',
            ETHEREUM_POLLING_INTERVAL: '200',
            GRAPH_ALLOW_NON_DETERMINISTIC_FULLTEXT_SEARCH: 'true',
          },
        });
        stops.push(() => theirs.stop());
        return { fixture, theirs, theirId: await idOf(theirs), ours, deployment };
      }),
    );
    await settle(chain, pairs);
    for (let reorg = 0; reorg < REORGS; reorg++) {
      const depth = 1 + random.below(MAX_REORG);
      if (random.chance(0.5)) await chain.replaceLast(depth);
      else await chain.dropLast(depth);
      for (let index = 0; index < depth + 2 + random.below(6); index++) await chain.mine(traffic.block());
      await settle(chain, pairs);
      console.log(`reorganisation of ${depth} blocks: both stand at block ${(await chain.head()).number}`);
    }
    for (const pair of pairs) await compareProofs(pair, chain, random);
    for (const pair of pairs) await compareStatus(pair, chain, random);
    const coverage = await compareQueries(pairs, chain, random, options);
    console.log(coverage.print());
    if (coverage.differences > 0) return 1;
    return 0;
  } catch (error) {
    if (!(error instanceof Difference)) throw error;
    console.error(error.message);
    return 1;
  } finally {
    for (const stop of stops.reverse()) await stop().catch((error: unknown) => console.error(error));
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits until both stand on the very head of the chain, in every subgraph. */
async function settle(chain: OracleChain, pairs: readonly Pair[]): Promise<void> {
  const { number, hash } = await chain.head();
  const deadline = Date.now() + REACH_TIMEOUT;
  for (const { fixture, theirs, deployment } of pairs) {
    for (;;) {
      const [their, our] = await Promise.all([theirHead(theirs), deployment.record()]);
      if (their === hash && our.head?.hash === hash) break;
      if (our.failure) throw new Difference(`${fixture.name}: we failed: ${our.failure.message}`);
      if (Date.now() > deadline)
        throw new Error(
          `${fixture.name}: block ${number} (${hash}) was not reached within ${REACH_TIMEOUT / 1_000} s; graph-node is at ${their}, we at ${our.head?.number} ${our.head?.hash}`,
        );
      await delay(100);
    }
  }
}

async function idOf(node: GraphNode): Promise<string> {
  const { data } = await node.status('{ indexingStatuses { subgraph } }');
  const [known] = (data as { indexingStatuses: readonly { readonly subgraph: string }[] }).indexingStatuses;
  if (!known) throw new Error('graph-node has no deployment');
  return known.subgraph;
}

async function theirHead(node: GraphNode): Promise<string | undefined> {
  const { data } = await node.status(
    '{ indexingStatuses { fatalError { message } chains { latestBlock { hash } } } }',
  );
  const [status] = (
    data as {
      indexingStatuses: readonly {
        readonly fatalError: { readonly message: string } | null;
        readonly chains: readonly { readonly latestBlock: { readonly hash: string } | null }[];
      }[];
    }
  ).indexingStatuses;
  if (status?.fatalError) throw new Difference(`graph-node failed: ${status.fatalError.message}`);
  const found = status?.chains[0]?.latestBlock?.hash;
  return found === undefined || found.startsWith('0x') ? found : `0x${found}`;
}
