// What a second deployment over the same blocks asks the node, after a first one has read them: both index the ERC-20 subgraph.
//   node bench/run.mjs second-deployment [--blocks 2000]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startIndexing } from '#indexer/pipeline/testing/indexing.ts';
import { RpcProxy } from '#indexer/sources/testing/rpc-proxy.ts';
import { TestChain, testAddress } from '#indexer/sources/testing/test-chain.ts';
import { silentLogger } from '#node/platform/log.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { createPool, prepareDatabase } from '#node/platform/postgres/database.ts';
import { RaceDatabase } from './index/database.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { blocks: { type: 'string', default: '2000' } },
});
const FINALITY = 64;
const TRANSFERS = 5;

const database = new RaceDatabase();
await database.start();
const url = await database.create('ours');
const pool = createPool({ url, name: 'bench', max: 10, logger: silentLogger });
await prepareDatabase(pool);
const chain = await TestChain.start();
const proxy = new RpcProxy(chain.url);
const indexing = await startIndexing(
  { pool, url },
  { devnet: { urls: [await proxy.listen()], chainId: 31_337, finality: FINALITY, pollIntervalMs: 1_000 } },
);
try {
  const token = await chain.deployToken();
  for (let block = 0; block < Number(values.blocks); block++) {
    const transfers = Array.from({ length: TRANSFERS }, (_, index) => ({
      from: testAddress(block % 50),
      to: testAddress((block + index) % 70),
      value: BigInt(block + 1),
    }));
    await chain.transfer(token, transfers);
    await chain.mine();
  }
  const head = await chain.send<{ hash: string }>('eth_getBlockByNumber', ['latest', false]);
  const cpu = () => process.cpuUsage().user + process.cpuUsage().system;
  for (const [index, name] of ['first', 'second'].entries()) {
    proxy.calls.length = 0;
    proxy.bodies.length = 0;
    const before = cpu();
    const id = await indexing.deploy({
      folder: join(packageRoot, 'dist/subgraphs/erc20'),
      name,
      source: 'devnet',
      overrides: { ERC20: { endBlock: 1_000_000_000 + index } },
    });
    await indexing.reached(id, head.hash);
    const methods = new Map<string, number>();
    for (const { method } of proxy.calls) methods.set(method, (methods.get(method) ?? 0) + 1);
    const shown = [...methods].map(([method, count]) => `${method} ${count}`).join(', ');
    const seconds = ((cpu() - before) / 1e6).toFixed(1);
    console.log(
      `${name} deployment: ${proxy.calls.length} requests in ${proxy.bodies.length} bodies, ${seconds} CPU-s (${shown})`,
    );
  }
  console.log(
    `${values.blocks} blocks of ${TRANSFERS} transfers; the last ${FINALITY} are not final and are asked for by both`,
  );
} finally {
  await indexing.close();
  await proxy.close();
  await chain.stop();
  await pool.end();
  await database.close();
}
