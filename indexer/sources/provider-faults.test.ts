// A source against providers that limit, slow down and refuse: everything arrives once, and they are not pestered.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Hex } from '../model.ts';
import { EthereumSource, type EthereumSourceOptions } from './ethereum.ts';
import { RpcProxy } from './testing/rpc-proxy.ts';
import { collect, transfersOf } from './testing/source-contract.ts';
import { TestChain, testAddress } from './testing/test-chain.ts';

let chain: TestChain;
let token: Hex;
let last: number;
const opened: EthereumSource[] = [];
const proxies: RpcProxy[] = [];

beforeAll(async () => {
  chain = await TestChain.start();
  token = await chain.deployToken();
  for (let block = 0; block < 40; block++) {
    await chain.transfer(token, [{ from: testAddress(1), to: testAddress(block), value: 1n }]);
    last = await chain.mine();
  }
});

afterEach(async () => {
  for (const source of opened.splice(0)) await source.close();
  for (const proxy of proxies.splice(0)) await proxy.close();
});

afterAll(() => chain.stop());

async function provider(): Promise<{ proxy: RpcProxy; url: string }> {
  const proxy = new RpcProxy(chain.url);
  proxies.push(proxy);
  return { proxy, url: await proxy.listen() };
}

async function open(urls: readonly string[], options: Partial<EthereumSourceOptions> = {}) {
  const source = await EthereumSource.open({
    name: 'devnet',
    chainId: 31_337,
    urls,
    finality: 1,
    firstSpan: 8,
    attempts: 3,
    backOffMs: 5,
    ...options,
  });
  opened.push(source);
  return source;
}

async function count(source: EthereumSource): Promise<number> {
  const found = await collect(source.blocks({ after: null, from: 0, to: last }, transfersOf(token)));
  return found.flatMap((block) => block.logs).length;
}

describe('rate limits', () => {
  it('rests as long as the node asks by Retry-After, and then gets everything', async () => {
    const { proxy, url } = await provider();
    const source = await open([url]);
    let refusals = 0;
    proxy.bodies.length = 0;
    proxy.refuse = () => (refusals++ === 0 ? { status: 429, headers: { 'retry-after': '1' } } : undefined);
    expect(await count(source)).toBe(40);
    const [first, second] = proxy.bodies;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(900);
  });

  it('waits out a limit that lasts longer than its attempts', async () => {
    const { proxy, url } = await provider();
    const source = await open([url], { attempts: 2, maxBackOffMs: 20 });
    let refusals = 0;
    proxy.twist = () =>
      refusals++ < 8
        ? {
            result: undefined,
            error: { code: -32005, message: 'daily request count exceeded, request rate limited' },
          }
        : undefined;
    expect((await source.head()).number).toBe(last);
  });

  it('goes to the next URL meanwhile', async () => {
    const [busy, free] = [await provider(), await provider()];
    const source = await open([busy.url, free.url]);
    busy.proxy.refuse = () => ({ status: 429, headers: { 'retry-after': '30' } });
    busy.proxy.bodies.length = 0;
    expect(await count(source)).toBe(40);
    expect(busy.proxy.bodies.length).toBeLessThanOrEqual(4);
  });
});

describe('limits of size', () => {
  it('keeps to a range that the provider named', async () => {
    const { proxy, url } = await provider();
    const source = await open([url], { firstSpan: 32 });
    proxy.twist = ({ method, params }) => {
      const { fromBlock, toBlock } = (params[0] ?? {}) as { fromBlock: Hex; toBlock: Hex };
      return method === 'eth_getLogs' && Number(toBlock) - Number(fromBlock) + 1 > 5
        ? { result: undefined, error: { code: -32614, message: 'eth_getLogs is limited to a 5 range' } }
        : undefined;
    };
    expect(await count(source)).toBe(40);
    proxy.calls.length = 0;
    expect(await count(source)).toBe(40);
    const spans = proxy.calls
      .filter(({ method }) => method === 'eth_getLogs')
      .map(({ params }) => params[0] as { fromBlock: Hex; toBlock: Hex })
      .map(({ fromBlock, toBlock }) => Number(toBlock) - Number(fromBlock) + 1);
    expect(Math.max(...spans)).toBeLessThanOrEqual(5);
    expect(spans.length).toBeLessThanOrEqual(Math.ceil((last + 1) / 5) + 1);
  });

  it('splits a range that is never answered', async () => {
    const { proxy, url } = await provider();
    const source = await open([url], { firstSpan: 32, requestTimeoutMs: 1_000 });
    proxy.swallow = (calls) =>
      calls.some(({ method, params }) => {
        const { fromBlock, toBlock } = (params[0] ?? {}) as { fromBlock: Hex; toBlock: Hex };
        return method === 'eth_getLogs' && Number(toBlock) - Number(fromBlock) + 1 > 10;
      });
    expect(await count(source)).toBe(40);
  });

  it('sends smaller batches to a node that takes no more', async () => {
    const { proxy, url } = await provider();
    const source = await open([url], { firstSpan: 64 });
    proxy.refuse = (calls) => (calls.length > 6 ? { status: 413 } : undefined);
    expect(await count(source)).toBe(40);
    proxy.bodies.length = 0;
    expect(await count(source)).toBe(40);
    expect(Math.max(...proxy.bodies.map((body) => body.count))).toBeLessThanOrEqual(6);
  });
});

it('asks another URL for a method that one does not have, once', async () => {
  const [poor, rich] = [await provider(), await provider()];
  const source = await open([poor.url, rich.url]);
  poor.proxy.twist = ({ method }) =>
    /^trace_/.test(method)
      ? {
          result: undefined,
          error: { code: -32601, message: `the method ${method} does not exist/is not available` },
        }
      : undefined;
  const filter = { ...transfersOf(token), calls: [{ address: token, selector: null }] };
  const found = await collect(source.blocks({ after: null, from: 0, to: last }, filter));
  expect(found.flatMap(({ calls }) => calls ?? []).length).toBe(40);
  expect(poor.proxy.calls.filter(({ method }) => method === 'trace_filter').length).toBeLessThanOrEqual(5);
  expect(poor.proxy.calls.some(({ method }) => method === 'eth_getLogs')).toBe(true);
});
