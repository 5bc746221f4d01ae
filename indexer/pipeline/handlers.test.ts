// Handlers of every kind on a real chain: which run, in which order, with what. graph-node's own order is recorded beside this file
// (`node bench/run.mjs oracle-handlers --record indexer/pipeline/fixtures/vault-steps.json`).
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#node/platform/testing/postgres.ts';
import type { ChainSettings } from '../sources/open-source.ts';
import { recordedMainnet } from '../sources/testing/recorded-mainnet.ts';
import { RpcProxy } from '../sources/testing/rpc-proxy.ts';
import { TestChain } from '../sources/testing/test-chain.ts';
import { type Indexing, startIndexing } from './testing/indexing.ts';
import { readSteps, type Step, tellVaultStory, VAULT_FOLDER } from './testing/vault-story.ts';

const recorded = JSON.parse(
  readFileSync(new URL('./fixtures/vault-steps.json', import.meta.url), 'utf8'),
) as readonly Step[];

let database: TestDatabase;
let chain: TestChain;
let indexing: Indexing;
const proxies: RpcProxy[] = [];

/** The chain through a node without some methods. */
async function without(methods: RegExp): Promise<string> {
  const proxy = new RpcProxy(chain.url);
  proxies.push(proxy);
  proxy.twist = ({ method }) =>
    methods.test(method)
      ? { error: { code: -32601, message: `the method ${method} does not exist/is not available` } }
      : undefined;
  return proxy.listen();
}

let counted: RpcProxy;
let shared: RpcProxy;

beforeAll(async () => {
  database = await createTestDatabase();
  chain = await TestChain.start();
  await tellVaultStory(chain);
  counted = new RpcProxy(chain.url);
  shared = new RpcProxy(chain.url);
  proxies.push(counted, shared);
  const settings = (url: string, more: Partial<ChainSettings> = {}): ChainSettings => ({
    urls: [url],
    chainId: 31_337,
    finality: 'none',
    pollIntervalMs: 25,
    backOffMs: 5,
    ...more,
  });
  indexing = await startIndexing(database, {
    devnet: settings(chain.url),
    filtered: settings(chain.url, { finality: 0, firstSpan: 4 }),
    blockwise: settings(await without(/^trace_filter/), { finality: 0 }),
    debugged: settings(await without(/^trace_/), { finality: 0 }),
    debugging: settings(await without(/^trace_/)),
    counted: settings(await counted.listen()),
    shared: settings(await shared.listen(), { finality: 0 }),
    traceless: settings(await without(/^(trace|debug)_/)),
  });
});

afterAll(async () => {
  await indexing.close();
  await chain.stop();
  for (const proxy of proxies) await proxy.close();
  await database.close();
});

const deployTo = (source: string, endBlock?: number) =>
  indexing.deploy({
    folder: VAULT_FOLDER,
    name: `${source.split(':')[0]}-${endBlock ?? 'as-built'}`,
    source,
    ...(endBlock !== undefined && { overrides: { Factory: { endBlock } } }),
  });

async function stepsOf(id: string): Promise<readonly Step[]> {
  const { hash } = await chain.send<{ hash: string }>('eth_getBlockByNumber', ['latest', false]);
  await indexing.reached(id, hash);
  return readSteps(await indexing.store.open(id), database.pool);
}

/** Hashes differ from chain to chain. */
const comparable = (steps: readonly Step[]) =>
  steps.map((step) => ({ ...step, detail: step.detail.replaceAll(/0x[0-9a-f]{64}/g, 'HASH') }));

describe('handlers of every kind', () => {
  it('run as in graph-node: same ones, same order, same arguments', async () => {
    const steps = await stepsOf(await deployTo('devnet'));
    expect(comparable(steps)).toEqual(comparable(recorded));
    expect(new Set(steps.map(({ handler }) => handler)).size).toBe(10);
  });

  it.each(['filtered', 'blockwise', 'debugged', 'debugging'])(
    'run the same with every way a node has to trace: %s',
    async (source) => {
      expect(comparable(await stepsOf(await deployTo(source)))).toEqual(comparable(recorded));
    },
  );

  it('are taken back with their block, and equal a fresh index afterwards', async () => {
    const id = await deployTo('devnet');
    await stepsOf(id);
    await chain.reorg(4);
    await chain.mine();
    const steps = await stepsOf(id);
    expect(steps.length).toBeLessThan(recorded.length);
    expect(steps).toEqual(await stepsOf(await deployTo('devnet', 1_000_000)));
  });
});

describe('declared calls', () => {
  it('are asked before the handlers, bundled: no handler waits for the node', async () => {
    const steps = await stepsOf(await deployTo('counted', 1_000_001));
    const handlers = steps.filter(({ handler }) => handler === 'deposited' || handler === 'placed');
    // Blocks read ahead are read again when a data source is made; then their calls are the same.
    const asked = new Set(
      counted.calls.filter(({ method }) => method === 'eth_call').map(({ params }) => JSON.stringify(params)),
    );
    // Two more for the proof that bundles may be used; reverted calls are asked again by themselves.
    const reverted = handlers.filter(({ detail }) => detail.includes('reverted')).length;
    const blocks = new Set(handlers.map(({ block }) => block)).size;
    expect(handlers.length).toBeGreaterThan(blocks);
    expect(asked.size).toBeLessThanOrEqual(2 + blocks + reverted);
  });
});

describe('a second deployment over the same blocks', () => {
  it('runs the same handlers and hardly asks the node', async () => {
    const requests = async (endBlock: number) => {
      const before = shared.calls.length;
      const steps = await stepsOf(await deployTo('shared', endBlock));
      const asked = shared.calls.slice(before).filter(({ params }) => params[0] !== 'latest');
      return { steps, asked: asked.length };
    };
    const first = await requests(1_000_002);
    const second = await requests(1_000_003);
    expect(second.steps).toEqual(first.steps);
    expect(second.asked).toBeLessThan(first.asked / 2);
  });
});

describe('a source without traces', () => {
  const refused =
    /subgraph\.yaml:\d+: Vault needs traces \(its call handler for deposit\(uint256\) does\), which the source of/;

  it('refuses at deployment, by name and line', async () => {
    await expect(deployTo('traceless')).rejects.toThrow(refused);
    await expect(deployTo('traceless')).rejects.toMatchObject({ code: 'SOURCE_CANNOT_SERVE' });
  });

  it('is a recording, too', async () => {
    const folder = recordedMainnet();
    if (!folder) return;
    await expect(deployTo(`recorded:${folder}`)).rejects.toThrow(refused);
  });
});
