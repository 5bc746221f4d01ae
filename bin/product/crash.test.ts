// kill -9 of any process of the tree at any moment, then a plain start: it goes on by itself, and in the end every table is
// what a fresh index of the surviving chain makes. AIOS_CRASH_ROUNDS and AIOS_CRASH_SEED make longer and other runs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, it } from 'vitest';
import { DeploymentStore } from '#indexer/store/index.ts';
import { SeededRandom } from '#node/devnet/demo/random.ts';
import { silentLogger } from '#node/platform/log.ts';
import { loadChains, saveChain } from '#node/platform/settings.ts';
import { createTestDatabase } from '#node/platform/testing/postgres.ts';
import { openDatabase } from './database.ts';
import { houseSubgraphs } from './house.ts';
import { dataOf } from './testing/client.ts';
import {
  cleanUp,
  eventually,
  launchProduct,
  type Part,
  type Product,
  startProduct,
  temporaryFolder,
} from './testing/product.ts';
import { devnetUrlOf, SalesTraffic } from './testing/sales.ts';

const rounds = Number(process.env.AIOS_CRASH_ROUNDS ?? 3);
const seed = Number(process.env.AIOS_CRASH_SEED ?? 1);

const parts: readonly Part[] = ['node', 'anvil', 'postgres'];
/** Stages of a start after whose end a process may be killed; the next one is then under way. */
const stages = ['database', 'EVM devnet', 'contracts', 'demo businesses', 'indexer', 'house subgraphs'];

afterAll(cleanUp, 60_000);

/** Kills at some moment of a start: after a stage, or in the middle of the demo's history. */
async function killWhileStarting(product: Product, part: Part, random: SeededRandom): Promise<string> {
  const stage = stages[random.integer(0, stages.length - 1)] ?? '';
  if (stage === 'contracts' && !/demo businesses/.test(product.output)) {
    await product.printed(/✓ contracts/);
    const base = `http://127.0.0.1:${product.port}`;
    const traffic = new SalesTraffic(await devnetUrlOf(base));
    const blocks = random.integer(10, 90);
    await eventually(
      async () => product.output.includes('✓ demo') || (await traffic.head()) > blocks,
      'the demo makes no blocks',
    );
    product.kill(part);
    return `while the demo's history is written, after ${blocks} blocks`;
  }
  await product.printed(`✓ ${stage}`);
  if (!product.kill(part)) product.kill('node');
  return `after the stage ${stage}`;
}

/** Kills while sales and networks are being made, at no particular point of a block. */
async function killWhileRunning(product: Product, part: Part, random: SeededRandom): Promise<string> {
  await product.ready();
  const traffic = new SalesTraffic(await devnetUrlOf(product.url));
  const before = await traffic.head();
  const blocks = random.integer(2, 12);
  let over = false;
  const selling = (async () => {
    for (let step = 0; !over; step++) {
      await traffic.sell(random.integer(1, 20));
      await traffic.createNetworks([`Traffic ${step}`, `Trade ${step}`]);
    }
  })().catch(() => {});
  await eventually(async () => (await traffic.head()) > before + blocks, 'the traffic makes no blocks');
  product.kill(part);
  over = true;
  await selling;
  return `${blocks} blocks into the traffic`;
}

it(`continues after ${rounds} kills (seed ${seed}) and ends as a fresh index of the chain`, async () => {
  const random = new SeededRandom(seed);
  const dataDir = temporaryFolder();
  const story: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const part = parts[(seed + round) % parts.length] ?? 'node';
    const product = await launchProduct({ dataDir });
    const starting = round === 0 || random.next() < 0.3;
    const when = await (starting ? killWhileStarting : killWhileRunning)(product, part, random);
    story.push(`${part} ${when}`);
    // Whichever process was killed, the command must not linger without it.
    const { code, signal } = await product.ended(60_000);
    expect(signal ?? code, `${story.join('; ')}\n${product.output}`).toSatisfy(
      (end) => end === 'SIGKILL' || end === 1,
    );
  }

  // No demo this time: the chain must stand still while the two are compared.
  const product = await startProduct({ dataDir, args: ['--no-demo'] });
  const rpcUrl = await devnetUrlOf(product.url);
  const traffic = new SalesTraffic(rpcUrl);
  await traffic.sell(3);
  await traffic.createNetworks(['The last one']);
  const { databaseUrl } = JSON.parse(readFileSync(join(dataDir, 'running.json'), 'utf8'));
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  pool.on('error', () => {});
  const fresh = await createTestDatabase();
  try {
    const opened = await openDatabase(fresh.url, 'fresh', silentLogger);
    for (const chain of await loadChains(pool)) await saveChain(opened.pool, chain);
    await opened.close();
    const indexer = await startProduct({
      dataDir: temporaryFolder(),
      args: ['--role', 'indexer'],
      env: { DATABASE_URL: fresh.url },
    });
    for (const { name } of houseSubgraphs.filter(({ chain }) => chain === undefined)) {
      const [survivor, witness] = await dumpsAtHead(name, traffic, [
        [pool, product],
        [fresh.pool, indexer],
      ]);
      expect(
        survivor === witness ? 'equal' : firstDifference(survivor, witness),
        `${name}: ${story.join('; ')}`,
      ).toBe('equal');
      // Nobody asks for a proof here: of that subgraph there are only the names of its tables.
      if (name !== 'proofs') expect(survivor.split('\n').length).toBeGreaterThan(20);
    }
    await indexer.stop();

    // What was told to those who listen adds up to what is.
    const { rows: told } = await pool.query(
      `select c.entity_id as id, c.reverted, c.before is null as new from platform.entity_changes c join indexer.names n on n.current = c.deployment
       where n.name = 'market' and c.entity = 'Sale' order by c.seq`,
    );
    const standing = new Set<string>();
    for (const { id, reverted } of told) reverted ? standing.delete(id) : standing.add(id);
    const [sales, networks] = await Promise.all([
      idsOf(product.url, 'sales'),
      idsOf(product.url, 'networks'),
    ]);
    expect([...standing].sort()).toEqual(sales.sort());
    await eventually(async () => {
      const { searchNetworks } = await dataOf(
        product.url,
        '{ searchNetworks(first: 1) { facets { visibility { count } } } }',
      );
      const counts: { count: number }[] = searchNetworks.facets.visibility;
      return counts.reduce((sum, { count }) => sum + count, 0) === networks.length;
    }, 'the search does not hold what the directory holds');
  } finally {
    await pool.end();
    await fresh.close();
  }
  await product.stop();
}, 600_000);

/** Ids of all entities, page by page. */
async function idsOf(url: string, field: 'sales' | 'networks'): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const page = await dataOf(
      url,
      `query ($skip: Int!) { ${field}(first: 1000, skip: $skip, orderBy: id) { id } }`,
      { variables: { skip: ids.length } },
    );
    if (page[field].length === 0) return ids;
    ids.push(...page[field].map(({ id }: { id: string }) => id));
  }
}

/**
 * The dumps of a deployment in two databases, both at the chain's head. The devnet may mine once more what it overlooked, so that
 * the head to wait for is asked for anew each time.
 */
async function dumpsAtHead(
  name: string,
  traffic: SalesTraffic,
  indexers: readonly (readonly [pg.Pool, Product])[],
): Promise<[string, string]> {
  const deployments = await Promise.all(
    indexers.map(async ([pool]) => {
      const store = new DeploymentStore(pool);
      const id = (await store.names()).find((record) => record.name === name)?.current;
      if (!id) throw new Error(`nothing stands under ${name}`);
      return { store, deployment: await store.open(id) };
    }),
  );
  let dumps: string[] = [];
  let seen = '';
  await eventually(async () => {
    const head = await traffic.head();
    const heads = await Promise.all(
      deployments.map(async ({ store, deployment }) => (await store.heads()).get(deployment.id)?.number),
    );
    seen = `the chain is at block ${head}, they are at ${heads.join(' and ')}`;
    if (heads.some((number) => number !== head)) return false;
    dumps = await Promise.all(deployments.map(({ deployment }) => deployment.dump()));
    return (await traffic.head()) === head;
  }, `${name} does not reach the head`).catch(async (error: Error) => {
    const reports = await Promise.all(indexers.map(([, product]) => product.report()));
    throw new Error(`${error.message}: ${seen}\n${reports.join('\n')}`);
  });
  return dumps as [string, string];
}

function firstDifference(left: string, right: string): string {
  const [mine, other] = [left.split('\n'), right.split('\n')];
  const at = mine.findIndex((line, index) => line !== other[index]);
  return `line ${at}\n  survivor ${mine[at]}\n  fresh    ${other[at]}`;
}
