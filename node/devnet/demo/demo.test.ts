// The demo on a real anvil: its history is fast, whole and the same every time, whatever interrupts it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Interface, Wallet } from 'ethers';
import { afterEach, expect, it } from 'vitest';
import { aiNftAbi } from '#contracts/generated/ai-nft.ts';
import { devnetAddresses as addresses } from '#contracts/generated/devnet-addresses.ts';
import { marketplaceAbi } from '#contracts/generated/marketplace.ts';
import { networkRegistryAbi } from '#contracts/generated/network-registry.ts';
import { devnetAccount } from '../accounts.ts';
import { AnvilDevnet } from '../anvil.ts';
import { prepareDevnet } from '../prepare.ts';
import { DevnetRpc } from '../rpc.ts';
import { demoDocuments } from './documents.ts';
import { runDemo } from './run.ts';
import { demoScript } from './script.ts';

const running: AnvilDevnet[] = [];
const folders: string[] = [];

async function devnet(historySeconds = 30 * 86_400): Promise<DevnetRpc> {
  const dataDir = mkdtempSync(join(tmpdir(), 'devnet-'));
  folders.push(dataDir);
  const chain = new AnvilDevnet({ dataDir, historySeconds });
  await chain.start();
  running.push(chain);
  await prepareDevnet(chain.rpcUrl);
  return new DevnetRpc(chain.rpcUrl);
}

afterEach(async () => {
  for (const chain of running.splice(0)) await chain.stop();
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

interface RawLog {
  address: string;
  topics: string[];
  data: string;
  blockNumber: string;
}

/** What the contracts said from first to last, without when they said it. */
async function history(rpc: DevnetRpc): Promise<string[]> {
  const logs = await rpc.call<RawLog[]>('eth_getLogs', { fromBlock: '0x0', toBlock: 'latest' });
  return logs.map(({ address, topics, data }) => [address, ...topics, data].join());
}

async function countOf(
  rpc: DevnetRpc,
  address: string,
  abi: readonly object[],
  method: string,
): Promise<number> {
  const face = new Interface(abi as ConstructorParameters<typeof Interface>[0]);
  return Number(
    await rpc.call<string>('eth_call', { to: address, data: face.encodeFunctionData(method) }, 'latest'),
  );
}

it('back-fills 500 transactions over 30 days, all of them successful', async () => {
  const rpc = await devnet();
  const begun = performance.now();
  const done: number[] = [];
  await runDemo({
    rpcUrl: rpc.url,
    addresses,
    pace: { perMinute: 0 },
    onProgress: (progress) => done.push(progress.done),
  });
  const seconds = (performance.now() - begun) / 1000;
  console.info(`500 transactions in ${seconds.toFixed(1)} s`);
  expect(done.at(-1)).toBe(500);
  // Some 4 s of CPU; the bound is for machines that are busy with other tests.
  expect(seconds).toBeLessThan(60);

  expect(
    await countOf(rpc, addresses.networkRegistry, networkRegistryAbi, 'networkCount'),
  ).toBeGreaterThanOrEqual(25);
  expect(await countOf(rpc, addresses.aiNft, aiNftAbi, 'licenceCount')).toBeGreaterThanOrEqual(30);
  expect(await countOf(rpc, addresses.marketplace, marketplaceAbi, 'listingCount')).toBeGreaterThanOrEqual(
    30,
  );

  const head = Number(await rpc.call('eth_blockNumber'));
  const blocks = await rpc.batch<{
    timestamp: string;
    transactions: { hash: string; from: string; input: string }[];
  }>(
    Array.from({ length: head + 1 }, (_, number) => ({
      method: 'eth_getBlockByNumber',
      params: [`0x${number.toString(16)}`, true],
    })),
  );
  const times = blocks.map(({ timestamp }) => Number(timestamp));
  expect(times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0))).toBe(true);
  const now = Date.now() / 1000;
  expect(now - (times.at(-1) ?? 0)).toBeLessThan(2 * 86_400);
  expect(times.at(-1)).toBeLessThanOrEqual(now + 1);
  const demo = new Set(
    Array.from({ length: 25 }, (_, index) => devnetAccount(10 + index).address.toLowerCase()),
  );
  const sent = blocks.flatMap(({ transactions }) => transactions).filter(({ from }) => demo.has(from));
  expect(sent.length).toBe(500);
  // No step had to be replaced by an empty transaction: the script's idea of the world is the chain's.
  expect(sent.filter(({ input }) => input === '0x')).toEqual([]);
  const receipts = await rpc.batch<{ status: string }>(
    sent.map(({ hash }) => ({ method: 'eth_getTransactionReceipt', params: [hash] })),
  );
  expect(receipts.filter(({ status }) => status !== '0x1')).toEqual([]);
});

it('comes to the same history when interrupted, and when blocks are lost', async () => {
  const pace = { backfill: 260, perMinute: 0 };
  const reference = await devnet();
  await runDemo({ rpcUrl: reference.url, addresses, pace });
  const expected = await history(reference);

  const rpc = await devnet();
  const play = (stopAt: number) => {
    const abort = new AbortController();
    return runDemo({
      rpcUrl: rpc.url,
      addresses,
      pace,
      signal: abort.signal,
      onProgress: ({ done }) => {
        if (done >= stopAt) abort.abort();
      },
    });
  };
  await play(90);
  await play(91);
  await rpc.call('anvil_rollback', 7);
  await play(200);
  await rpc.call('anvil_reorg', 5, []);
  await play(1000);
  expect(await history(rpc)).toEqual(expected);
});

it('goes on past what a user has changed, and live', async () => {
  const rpc = await devnet();
  const pace = { backfill: 300, perMinute: 0 };
  await runDemo({ rpcUrl: rpc.url, addresses, pace });

  // A user buys every licence that stands for sale, and makes a network of the same name as others may have.
  const market = new Interface(marketplaceAbi);
  const user = devnetAccount(3);
  const send = (to: string, data: string) =>
    rpc.call<string>('eth_sendTransaction', { from: user.address, to, data });
  const erc20 = new Interface(['function approve(address,uint256)']);
  await send(addresses.aiosToken, erc20.encodeFunctionData('approve', [addresses.marketplace, 1n << 255n]));
  const registry = new Interface(networkRegistryAbi);
  await send(
    addresses.networkRegistry,
    registry.encodeFunctionData('createNetwork', ['Halden Port Community', '', true]),
  );
  const listings = await countOf(rpc, addresses.marketplace, marketplaceAbi, 'listingCount');
  let bought = 0;
  for (let id = 1; id <= listings; id++) {
    const data = market.encodeFunctionData('buy', [id, 1n << 200n]);
    const [possible] = await rpc.settle([
      { method: 'eth_call', params: [{ from: user.address, to: addresses.marketplace, data }, 'latest'] },
    ]);
    if (possible instanceof Error) continue;
    await send(addresses.marketplace, data);
    bought += 1;
  }
  expect(bought).toBeGreaterThan(0);

  const abort = new AbortController();
  const phases = new Set<string>();
  let done = 0;
  await runDemo({
    rpcUrl: rpc.url,
    addresses,
    pace: { backfill: 300, perMinute: 3_000 },
    signal: abort.signal,
    onProgress: (progress) => {
      phases.add(progress.phase);
      done = progress.done;
      if (done >= 360) abort.abort();
    },
  });
  expect([...phases]).toEqual(['live']);
  expect(done).toBe(360);
});

it('the script is endless, deterministic and its documents have distinct ids', () => {
  const told = new Set<unknown>();
  const read = () => {
    const script = demoScript({ backfill: 500, onDocument: (cid) => told.add(cid) });
    return Array.from({ length: 5_000 }, () => script.next().value);
  };
  const steps = read();
  expect(read()).toEqual(steps);
  expect(new Set(steps.map(({ method }) => method)).size).toBeGreaterThanOrEqual(17);
  const created = steps
    .filter(({ method }) => method === 'createNetwork')
    .map(({ actor, args }) => `${actor} ${args[0]}`);
  expect(new Set(created).size).toBe(created.length);
  expect(demoDocuments().size).toBe(150);
  // Nothing on the chain names a document that was not told of, beyond the catalogue too.
  const references = steps.flatMap(({ method, args }) =>
    /^(create|update)Network$|^(register|update)Agent$/.test(method)
      ? args.filter((arg) => /bafkrei/.test(String(arg))).map((arg) => String(arg).replace('ipfs://', ''))
      : [],
  );
  expect(references.length).toBeGreaterThan(150);
  expect(references.filter((cid) => !told.has(cid))).toEqual([]);
  expect(references.some((cid) => !demoDocuments().has(cid))).toBe(true);
  for (const cid of demoDocuments().keys()) expect(cid).toMatch(/^bafkrei[a-z2-7]{52}$/);
});

it('says so when the contracts are not there', async () => {
  const rpc = await devnet();
  await expect(
    runDemo({ rpcUrl: rpc.url, addresses: { ...addresses, marketplace: Wallet.createRandom().address } }),
  ).rejects.toMatchObject({ code: 'DEMO_WRONG_CHAIN' });
});
