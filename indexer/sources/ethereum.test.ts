// What a live source does when its node limits, lags, lies, serves another chain or is not there.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AiosError } from '#node/platform/errors.ts';
import { freePort } from '#node/platform/ports.ts';
import type { Hex } from '../model.ts';
import { EthereumSource, type EthereumSourceOptions } from './ethereum.ts';
import type { RpcBlock, RpcLog, RpcReceipt } from './json-rpc.ts';
import { RpcProxy } from './testing/rpc-proxy.ts';
import { collect, transfersOf } from './testing/source-contract.ts';
import { TestChain, testAddress } from './testing/test-chain.ts';

let chain: TestChain;
let proxy: RpcProxy;
let proxyUrl: string;
let token: Hex;
let last: number;
const opened: EthereumSource[] = [];

beforeAll(async () => {
  chain = await TestChain.start();
  token = await chain.deployToken();
  for (let block = 0; block < 30; block++) {
    await chain.transfer(token, [{ from: testAddress(1), to: testAddress(block), value: 1n }]);
    last = await chain.mine();
  }
  proxy = new RpcProxy(chain.url);
  proxyUrl = await proxy.listen();
});

afterEach(async () => {
  proxy.twist = () => undefined;
  proxy.outages = 0;
  proxy.calls.length = 0;
  for (const source of opened.splice(0)) await source.close();
});

afterAll(async () => {
  await proxy.close();
  await chain.stop();
});

async function open(options: Partial<EthereumSourceOptions> = {}): Promise<EthereumSource> {
  const source = await EthereumSource.open({
    name: 'devnet',
    chainId: 31337,
    urls: [proxyUrl],
    finality: 'none',
    attempts: 3,
    backOffMs: 5,
    ...options,
  });
  opened.push(source);
  return source;
}

const everything = () => ({ after: null, from: 0, to: last });
const count = async (source: EthereumSource) =>
  (await collect(source.blocks(everything(), transfersOf(token)))).flatMap((block) => block.logs).length;

async function failure(promise: Promise<unknown>): Promise<AiosError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AiosError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('limits', () => {
  it('halves ranges that the node calls too large, and loses nothing', async () => {
    proxy.twist = ({ method, params }) => {
      const filter = params[0] as { fromBlock: string; toBlock: string };
      if (method === 'eth_getLogs' && Number(filter.toBlock) - Number(filter.fromBlock) >= 4)
        return { error: { code: -32005, message: 'query returned more than 4 results' } };
      return undefined;
    };
    expect(await count(await open())).toBe(30);
    expect(await count(await open({ finality: 1, firstSpan: 16 }))).toBe(30);
  });

  it('never asks for logs above the head', async () => {
    const source = await open();
    await collect(source.blocks({ after: null, from: 0, to: last + 500 }, transfersOf(token)));
    const asked = proxy.calls.filter((call) => call.method === 'eth_getLogs');
    expect(asked.length).toBeGreaterThan(0);
    for (const { params } of asked)
      expect(Number((params[0] as { toBlock: string }).toBlock)).toBeLessThanOrEqual(last);
  });

  it('fetches headers below finality only where something matched', async () => {
    const source = await open({ finality: 1 });
    const rare = {
      ...transfersOf(token),
      entries: [
        { ...transfersOf(token).entries[0], topic2: [`0x${testAddress(7).slice(2).padStart(64, '0')}`] },
      ],
    } as ReturnType<typeof transfersOf>;
    const blocks = await collect(source.blocks({ after: null, from: 0, to: last - 1 }, rare));
    expect(blocks.flatMap((block) => block.logs)).toHaveLength(1);
    const headers = proxy.calls.filter(
      (call) => call.method === 'eth_getBlockByNumber' && String(call.params[0]).startsWith('0x'),
    );
    expect(headers.length).toBeLessThanOrEqual(4);
  });
});

describe('a node that lies about logs', () => {
  const height = () => last - 10;
  const logsTwist = (change: (logs: RpcLog[]) => RpcLog[]) => {
    proxy.twist = ({ method }, { result }) =>
      method === 'eth_getLogs' && result ? { result: change(result as RpcLog[]) } : undefined;
  };
  const at = (log: RpcLog) => Number(log.blockNumber) === height();

  it.each<[string, (log: RpcLog) => RpcLog[], RegExp]>([
    [
      'names another block hash',
      (log) => [{ ...log, blockHash: `0x${'cd'.repeat(32)}` }],
      /block hash 0xcdcd/,
    ],
    [
      'invents a sender',
      (log) => [{ ...log, topics: [log.topics[0] as Hex, `0x${'ee'.repeat(32)}`, log.topics[2] as Hex] }],
      /log bloom/,
    ],
    [
      'names a transaction that is not there',
      (log) => [{ ...log, transactionHash: `0x${'cd'.repeat(32)}` }],
      /names transaction/,
    ],
    ['leaves one out', () => [], /left out 1 matching/],
    ['says that it was removed', (log) => [{ ...log, removed: true }], /removed/],
    ['answers outside the range', (log) => [{ ...log, blockNumber: '0xffff' }], /one of block 65535/],
  ])('is refused when it %s', async (_, change, message) => {
    logsTwist((logs) => logs.flatMap((log) => (at(log) ? change(log) : [log])));
    const error = await failure(count(await open()));
    expect(error.code).toBe('RPC_INCONSISTENT');
    expect(error.message).toMatch(message);
    expect(error.message).toContain('127.0.0.1');
  });

  it('is refused when it leaves logs out and forges the receipts to match', async () => {
    proxy.twist = ({ method }, { result }) => {
      if (method === 'eth_getLogs') return { result: (result as RpcLog[]).filter((log) => !at(log)) };
      if (method === 'eth_getBlockReceipts')
        return { result: (result as RpcReceipt[]).map((receipt) => ({ ...receipt, logs: [] })) };
      return undefined;
    };
    expect((await failure(count(await open()))).message).toMatch(/receipts hash to 0x/);
  });

  it('is refused when it forges a header, where headers are verified', async () => {
    proxy.twist = ({ method, params }, { result }) =>
      method === 'eth_getBlockByNumber' && Number(params[0]) === height()
        ? { result: { ...(result as RpcBlock), timestamp: '0x1' } }
        : undefined;
    expect(await count(await open())).toBe(30);
    expect((await failure(count(await open({ verifyHeaders: true })))).message).toMatch(/does not hash/);
  });

  it('is believed again when it was only lagging', async () => {
    let lies = 2;
    logsTwist((logs) => (lies-- > 0 ? logs.filter((log) => !at(log)) : logs));
    expect(await count(await open())).toBe(30);
  });

  it('gives way to an honest one', async () => {
    logsTwist((logs) => logs.filter((log) => !at(log)));
    expect(await count(await open({ urls: [proxyUrl, chain.url] }))).toBe(30);
  });
});

describe('connections', () => {
  it('names the configured and the found chain id', async () => {
    const error = await failure(open({ chainId: 1 }));
    expect(error.code).toBe('RPC_WRONG_CHAIN');
    expect(error.message).toMatch(/serves chain id 31337, configured is chain id 1\b/);
  });

  it('names an unreachable node without its key, after retries', async () => {
    const port = await freePort();
    const retries: string[] = [];
    const error = await failure(
      open({
        urls: [`http://user:hunter2@127.0.0.1:${port}/v2/topsecret?key=abc`],
        onRetry: (m) => retries.push(m),
      }),
    );
    expect(error.code).toBe('RPC_UNREACHABLE');
    expect(error.message).toContain(`http://127.0.0.1:${port}`);
    expect(retries.length).toBe(2);
    for (const text of [error.message, ...retries]) expect(text).not.toMatch(/hunter2|topsecret|abc/);
  });

  it('fails over to the next URL and tries again after an outage', async () => {
    const dead = await freePort();
    expect(await count(await open({ urls: [`http://127.0.0.1:${dead}`, proxyUrl] }))).toBe(30);
    const source = await open({ attempts: 6 });
    proxy.outages = 4;
    expect(await count(source)).toBe(30);
    expect(proxy.outages).toBe(0);
  });

  it('retries answers that speak of quota or load', async () => {
    let refusals = 2;
    proxy.twist = ({ method }) =>
      method === 'eth_getBlockByNumber' && refusals-- > 0
        ? { error: { code: 429, message: 'Too many requests, try again' } }
        : undefined;
    expect(await count(await open())).toBe(30);
  });

  it('answers calls at a block, and tells a revert from a broken node', async () => {
    const source = await open();
    const block = await source.head();
    const answer = await source.call({ to: token, data: '0x', block });
    expect(answer).toEqual({ reverted: true, reason: 'no data returned' });
    proxy.twist = ({ method }) =>
      method === 'eth_call' ? { error: { code: 3, message: 'execution reverted: no' } } : undefined;
    expect(await source.call({ to: token, data: '0x', block })).toMatchObject({ reverted: true });
    proxy.twist = ({ method }) =>
      method === 'eth_call' ? { error: { code: -32000, message: 'header not found' } } : undefined;
    expect((await failure(source.call({ to: token, data: '0x', block }))).code).toBe('RPC_ERROR');
    expect(await source.hasCode(token, block)).toBe(true);
    expect(await source.hasCode(testAddress(1), block)).toBe(false);
    expect(await source.getBalance(testAddress(1), block)).toBe(0n);
  });
});
