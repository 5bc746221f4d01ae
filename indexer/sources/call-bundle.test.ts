// Calls in bundles against the same calls one by one, on a real node: equal answers, or none from the bundle.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Hex } from '../model.ts';
import { tellVaultStory, VAULT, vaultCall } from '../pipeline/testing/vault-story.ts';
import { EthereumSource } from './ethereum.ts';
import type { ViewRequest } from './source.ts';
import { RpcProxy } from './testing/rpc-proxy.ts';
import { TestChain, testAddress } from './testing/test-chain.ts';

let chain: TestChain;
let proxy: RpcProxy;
let url: string;
let requests: readonly ViewRequest[];
const opened: EthereumSource[] = [];

const view = (to: Hex, data: Hex): ViewRequest => ({ to, data, view: true });

beforeAll(async () => {
  chain = await TestChain.start();
  const children = await tellVaultStory(chain);
  proxy = new RpcProxy(chain.url);
  url = await proxy.listen();
  requests = [
    ...[VAULT, ...children].flatMap((vault) => [
      view(vault, vaultCall('total')),
      view(vault, vaultCall('asker')),
      view(vault, vaultCall('sharesOf', testAddress(1))),
      view(vault, vaultCall('quote', testAddress(2), 1n << 255n)), // overflows: reverts
      view(vault, vaultCall('quote', testAddress(2), 7)),
      view(vault, vaultCall('quote', `0x${'0'.repeat(40)}`, 7)), // requires a token: reverts
    ]),
    view(testAddress(9), vaultCall('total')), // nothing there
    view(VAULT, '0x'), // no function
    view(VAULT, '0xdeadbeef'),
    // Declared as a view by a wrong ABI, and it writes: a bundle must not believe it, nor let the next see it.
    view(VAULT, vaultCall('bump')),
    view(VAULT, vaultCall('total')),
    { ...view(VAULT, vaultCall('bump')), view: false },
    ...Array.from({ length: 120 }, (_, index) => view(VAULT, vaultCall('quote', testAddress(index), index))),
  ];
});

afterAll(async () => {
  for (const source of opened) await source.close();
  await proxy.close();
  await chain.stop();
});

async function open(bundleCalls = true): Promise<EthereumSource> {
  proxy.calls.length = 0;
  const source = await EthereumSource.open({
    name: 'devnet',
    chainId: 31_337,
    urls: [url],
    finality: 'none',
    backOffMs: 5,
    bundleCalls,
  });
  opened.push(source);
  return source;
}

const asked = () => proxy.calls.filter(({ method }) => method === 'eth_call').length;
const shown = (results: readonly unknown[]) =>
  results.map((result) => (result as { data?: Hex }).data ?? 'reverted');

async function oneByOne(source: EthereumSource, block: { number: number; hash: Hex }) {
  return Promise.all(requests.map(({ to, data }) => source.call({ to, data, block })));
}

it('answers as direct calls do, in a fraction of the requests', async () => {
  const source = await open();
  const head = await source.head();
  const early = await source.blockPointer(3);
  if (!early) throw new Error('no block 3');
  for (const block of [head, early]) {
    const results = await source.calls(block, requests);
    const bundled = asked();
    expect(shown(results)).toEqual(shown(await oneByOne(source, block)));
    expect(shown(results).filter((data) => data === 'reverted').length).toBeGreaterThan(5);
    expect(bundled).toBeLessThan(requests.length / 4);
    proxy.calls.length = 0;
  }
});

it('shows contracts the sender of a direct call', async () => {
  const source = await open();
  const head = await source.head();
  const [asker] = await source.calls(head, [
    view(VAULT, vaultCall('asker')),
    view(VAULT, vaultCall('total')),
  ]);
  expect(asker).toEqual({ reverted: false, data: `0x${'0'.repeat(192)}` });
});

it('asks one by one where a node has no state overrides, or answers a bundle differently', async () => {
  for (const twist of [
    { error: { code: -32602, message: 'too many arguments, want at most 2' } },
    { result: `0x01${(192).toString(16).padStart(8, '0')}${'11'.repeat(192)}` },
  ]) {
    proxy.twist = ({ method, params }) => (method === 'eth_call' && params.length > 2 ? twist : undefined);
    const source = await open();
    const head = await source.head();
    expect(shown(await source.calls(head, requests))).toEqual(shown(await oneByOne(source, head)));
    proxy.calls.length = 0;
    await source.calls(head, requests);
    expect(proxy.calls.every(({ params }) => params.length === 2)).toBe(true);
  }
  proxy.twist = () => undefined;
});

it('asks again by itself what a refused bundle held', async () => {
  const source = await open();
  const head = await source.head();
  await source.calls(head, requests.slice(0, 2));
  proxy.twist = ({ method, params }) =>
    method === 'eth_call' && params.length > 2
      ? { error: { code: -32000, message: 'gas required exceeds allowance' } }
      : undefined;
  expect(shown(await source.calls(head, requests))).toEqual(shown(await oneByOne(source, head)));
  proxy.twist = () => undefined;
});
