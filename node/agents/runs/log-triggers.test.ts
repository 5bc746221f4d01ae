// Logs of a real anvil start runs: once each, over reorganisations, and not before they are as deep as was asked.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestChain, TRANSFER_TOPIC, testAddress } from '#indexer/sources/testing/test-chain.ts';
import { silentLogger } from '#node/platform/log.ts';
import { DeploymentStore, type NewTrigger } from './deployment-store.ts';
import { LogTriggers } from './log-triggers.ts';
import { QueryTriggers } from './query-triggers.ts';
import { type AgentsDatabase, createAgentsDatabase } from './testing/agents-database.ts';

let db: AgentsDatabase;
let chain: TestChain;
let store: DeploymentStore;
beforeAll(async () => {
  [db, chain] = await Promise.all([createAgentsDatabase(), TestChain.start()]);
  store = new DeploymentStore(db.database.pool);
}, 60_000);
afterAll(async () => {
  await chain.stop();
  await db.close();
});

const triggered = async (licenceId: string, trigger: NewTrigger) => {
  const content = {
    cid: 'c',
    language: 'javascript' as const,
    entry: 'agent.js',
    manifest: {},
    files: new Map(),
  };
  const { deployment } = await store.deploy({ network: '7', agentId: '1', licenceId }, content, 'did:x');
  await store.setTriggers(deployment, [trigger]);
  return deployment;
};
const inputs = async (deploymentId: string) =>
  (
    await db.database.pool.query('select input from agents.runs where deployment_id = $1 order by id', [
      deploymentId,
    ])
  ).rows.map(({ input }) => input);

it('starts a run for each log, once', async () => {
  const follow = () => {
    const followers = [1, 2, 3].map(
      () =>
        new LogTriggers({
          pool: db.database.pool,
          chains: (name) => (name === 'test' ? (method, params) => chain.send(method, params) : undefined),
          logger: silentLogger,
        }),
    );
    return Promise.all(followers.map((follower) => follower.follow())).then(() => followers[0]?.follow());
  };
  const token = await chain.deployToken();
  const other = await chain.deployToken();
  const send = async (at: typeof token, ...values: bigint[]) => {
    await chain.transfer(
      at,
      values.map((value) => ({ from: testAddress(1), to: testAddress(2), value })),
    );
    await chain.mine();
  };
  await send(token, 1n);
  const shallow = await triggered('logs', {
    kind: 'log',
    chain: 'test',
    address: token,
    topics: [TRANSFER_TOPIC],
  });
  const deep = await triggered('deep', {
    kind: 'log',
    chain: 'test',
    address: token,
    topics: [],
    confirmations: 3,
  });
  const absent = await triggered('absent', { kind: 'log', chain: 'nowhere', address: token, topics: [] });
  await follow();
  expect(await inputs(shallow.id)).toEqual([]);
  // Two in one transaction, one of another contract.
  await send(token, 2n, 3n);
  await send(other, 4n);
  await follow();
  const values = async (id: string) => (await inputs(id)).map(({ data }) => BigInt(data));
  expect(await values(shallow.id)).toEqual([2n, 3n]);
  expect((await inputs(shallow.id))[0]).toMatchObject({
    trigger: 'log',
    chain: 'test',
    address: token.toLowerCase(),
    block: { hash: expect.any(String) },
  });
  expect(await values(deep.id)).toEqual([]);
  // The blocks leave the chain; what was sent in them is sent again in others, beside something new.
  const lost = (await inputs(shallow.id))[0].transaction;
  const raw = await chain.send<{ from: string; to: string; input: string; nonce: string; gas: string }>(
    'eth_getTransactionByHash',
    [lost],
  );
  await chain.send('anvil_reorg', [
    2,
    [[{ from: raw.from, to: raw.to, data: raw.input, nonce: raw.nonce, gas: raw.gas }, 0]],
  ]);
  await chain.mine();
  await send(token, 5n);
  await follow();
  expect(await values(shallow.id)).toContain(5n);
  const seen = (await inputs(shallow.id)).map(({ transaction, data }) => `${transaction}:${data}`);
  expect(new Set(seen).size).toBe(seen.length);
  // The deep one never saw what left the chain, and sees each of what stands once.
  await chain.mine(4);
  await follow();
  const standing = await chain.send<{ data: string }[]>('eth_getLogs', [
    { address: token, fromBlock: '0x0', toBlock: 'latest' },
  ]);
  expect(await values(deep.id)).toEqual(
    standing.map(({ data }) => BigInt(data)).filter((value) => value !== 1n),
  );
  // A chain that ends lower than what was read, and grows again.
  await chain.rollback(3);
  await follow();
  await chain.mine(2);
  await send(token, 6n);
  await follow();
  expect((await values(shallow.id)).filter((value) => value === 6n)).toEqual([6n]);
  await store.pause(shallow);
  await send(token, 7n);
  await follow();
  await store.resume(shallow);
  await send(token, 8n);
  await follow();
  const last = (await values(shallow.id)).slice(-1);
  expect(last).toEqual([8n]);
  expect(await values(shallow.id)).not.toContain(7n);
  expect(await inputs(absent.id)).toEqual([]);
}, 60_000);

it('starts a run when the answer to a query changes, with both answers', async () => {
  let left = 3;
  let asked = 0;
  const deployment = await triggered('query', {
    kind: 'query',
    document: '{ stock { left } }',
    variables: { sku: 'PEAR' },
  });
  const followers = [1, 2, 3].map(
    () =>
      new QueryTriggers({
        pool: db.database.pool,
        bus: db.bus,
        logger: silentLogger,
        execute: async ({ viewer, variables }) => {
          asked += 1;
          expect([viewer, variables]).toEqual([`did:aios:agent:${deployment.id}`, { sku: 'PEAR' }]);
          return left < 0 ? { errors: [{ message: 'away' }] } : { data: { stock: { left } } };
        },
      }),
  );
  const follow = () => Promise.all(followers.map((follower) => follower.follow()));
  await follow();
  await follow();
  expect(asked).toBeGreaterThan(1);
  expect(await inputs(deployment.id)).toEqual([]);
  for (const next of [2, 2, -1, 2, 3]) {
    left = next;
    await follow();
  }
  const answer = (count: number) => ({ stock: { left: count } });
  expect(await inputs(deployment.id)).toEqual([
    { trigger: 'query', before: answer(3), data: answer(2) },
    { trigger: 'query', before: answer(2), data: answer(3) },
  ]);
});
