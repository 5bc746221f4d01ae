// Two indexer processes over one database: each deployment in exactly one of them, and with the other within ten seconds of a kill -9.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundledEntry, packageRoot } from '#node/platform/package-root.ts';
import type { TestDatabase } from '#node/platform/testing/postgres.ts';
import { deploySubgraph } from './pipeline/deploy.ts';
import type { IndexerSettings, ThreadMessage } from './pipeline/messages.ts';
import { TestChain, testAddress } from './sources/testing/test-chain.ts';
import type { DeploymentStore } from './store/index.ts';
import { createStoreDatabase } from './store/testing/deployments.ts';

let database: TestDatabase & { readonly store: DeploymentStore };
let folder: string;
let chain: TestChain;
const children: ChildProcess[] = [];

beforeAll(async () => {
  database = await createStoreDatabase();
  folder = await mkdtemp(join(tmpdir(), 'takeover-'));
  chain = await TestChain.start();
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await chain.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

function launch(owner: string): { readonly child: ChildProcess; readonly ready: Promise<void> } {
  const settings: IndexerSettings = {
    databaseUrl: database.url,
    chains: { devnet: { urls: [chain.url], chainId: 31337, finality: 'none', pollIntervalMs: 25 } },
    owner,
    cacheFolder: join(folder, owner),
    log: { level: 'silent' },
  };
  const child = fork(join(packageRoot, 'indexer/pipeline/testing/indexer-process.mjs'), [
    bundledEntry('indexer-io.mjs'),
    JSON.stringify(settings),
  ]);
  children.push(child);
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message: ThreadMessage) => {
      if (message.kind === 'ready') resolve();
      if (message.kind === 'unable') reject(new Error(message.error.message));
    });
  });
  return { child, ready };
}

async function owners(): Promise<Record<string, number>> {
  const { rows } = await database.pool.query<{ owner: string; count: number }>(
    'select lease_owner as owner, count(*)::int from indexer.deployments where lease_until > clock_timestamp() group by 1',
  );
  return Object.fromEntries(rows.map(({ owner, count }) => [owner, count]));
}

async function eventually(what: string, condition: () => Promise<boolean>, timeoutMs = 60_000) {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline)
      throw new Error(`${what}: not within ${timeoutMs} ms; leases: ${JSON.stringify(await owners())}`);
    await delay(25);
  }
}

it('spreads deployments over processes, and takes them over within 10 s of a kill -9', {
  timeout: 180_000,
}, async () => {
  const token = await chain.deployToken();
  const ids: string[] = [];
  for (let index = 0; index < 4; index++) {
    const { id } = await deploySubgraph(
      database.pool,
      {
        folder: join(packageRoot, 'dist/subgraphs/erc20'),
        name: `erc20-${index}`,
        source: 'devnet',
        overrides: { ERC20: { endBlock: 1_000_000_000 + index } },
      },
      { devnet: { urls: [chain.url], finality: 'none' } },
    );
    ids.push(id);
  }
  const transfer = async () => {
    await chain.transfer(token, [{ from: testAddress(0), to: testAddress(1), value: 5n }]);
    await chain.mine();
    const height = await chain.height();
    return async () => {
      const heads = await database.store.heads();
      return ids.every((id) => heads.get(id)?.number === height);
    };
  };
  const first = launch('first');
  await first.ready;
  await eventually('the only process takes all', async () => (await owners()).first === 4);
  const second = launch('second');
  await second.ready;
  await eventually('two processes share', async () => {
    const { first: one, second: other } = await owners();
    return one === 2 && other === 2;
  });
  await eventually('both index', await transfer());

  first.child.kill('SIGKILL');
  const killed = performance.now();
  await eventually('the survivor goes on with all', await transfer(), 10_000);
  expect(performance.now() - killed).toBeLessThan(10_000);
  expect(await owners()).toEqual({ second: 4 });
});
