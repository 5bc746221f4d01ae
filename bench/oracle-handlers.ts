// Every kind of handler against graph-node: the same subgraph on the same chain, and which handlers ran, in which order, with what.
//   node bench/run.mjs oracle-handlers [--record FILE]
// Exits with 1 at the first difference and prints it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startIndexing } from '#indexer/pipeline/testing/indexing.ts';
import { readSteps, tellVaultStory, VAULT_FOLDER } from '#indexer/pipeline/testing/vault-story.ts';
import { TestChain } from '#indexer/sources/testing/test-chain.ts';
import { silentLogger } from '#node/platform/log.ts';
import { createPool, prepareDatabase } from '#node/platform/postgres/database.ts';
import { RaceDatabase } from './index/database.ts';
import { GraphNode } from './rivals/graph-node.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { record: { type: 'string' }, log: { type: 'boolean' } },
});
const STEPS = '{ steps(first: 1000, orderBy: id) { source handler block detail } }';

const database = new RaceDatabase();
await database.start();
const url = await database.create('ours');
const pool = createPool({ url, name: 'oracle', max: 10, logger: silentLogger });
await prepareDatabase(pool);
const chain = await TestChain.start();
const indexing = await startIndexing(
  { pool, url },
  { devnet: { urls: [chain.url], chainId: 31_337, finality: 'none', pollIntervalMs: 50 } },
);
let node: GraphNode | undefined;
try {
  await tellVaultStory(chain);
  const head = await chain.send<{ hash: string; number: string }>('eth_getBlockByNumber', ['latest', false]);
  const id = await indexing.deploy({ folder: VAULT_FOLDER, name: 'vault', source: 'devnet' });
  await indexing.reached(id, head.hash);
  const ours = await readSteps(await indexing.store.open(id), pool);
  node = await GraphNode.start({
    build: join(VAULT_FOLDER, 'build'),
    network: 'devnet',
    rpcUrl: chain.url,
    postgresUrl: url,
    ...(values.log && { onLog: (text) => process.stderr.write(text), env: { GRAPH_LOG: 'info' } }),
  });
  await node.reached(Number(head.number) - 1);
  const answer = await node.query(STEPS);
  const theirs = (answer.data as { steps: typeof ours }).steps;
  if (values.record) await writeFile(values.record, `${JSON.stringify(theirs, null, 1)}\n`);
  const length = Math.max(ours.length, theirs.length);
  for (let index = 0; index < length; index++) {
    const [mine, other] = [JSON.stringify(ours[index]), JSON.stringify(theirs[index])];
    if (mine === other) continue;
    process.exitCode = 1;
    console.log(`step ${index + 1} of ${ours.length} differs (graph-node has ${theirs.length}):`);
    for (let near = Math.max(0, index - 3); near < Math.min(length, index + 6); near++)
      console.log(
        `  ${near + 1} ours       ${JSON.stringify(ours[near])}\n    graph-node ${JSON.stringify(theirs[near])}`,
      );
    break;
  }
  const kinds = new Set(theirs.map(({ handler }) => handler));
  if (!process.exitCode)
    console.log(`${theirs.length} handler runs equal, in order (${[...kinds].sort().join(', ')})`);
} finally {
  await node?.stop();
  await indexing.close();
  await chain.stop();
  await pool.end();
  await database.close();
}
