// The house subgraphs against the chain itself: the demo's history run through their compiled mappings says what the contracts say.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Contract, id, JsonRpcProvider } from 'ethers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { agentRegistryAbi } from '#contracts/generated/agent-registry.ts';
import { aiNftAbi } from '#contracts/generated/ai-nft.ts';
import { aiosTokenAbi } from '#contracts/generated/aios-token.ts';
import { devnetAddresses as addresses } from '#contracts/generated/devnet-addresses.ts';
import { marketplaceAbi } from '#contracts/generated/marketplace.ts';
import { networkRegistryAbi } from '#contracts/generated/network-registry.ts';
import { loadDeployment } from '#indexer/manifest/load-deployment.ts';
import { BlockRunner } from '#indexer/mapping/block-runner.ts';
import { MemoryStore } from '#indexer/mapping/testing/memory-store.ts';
import type { BlockHeader, EntityData, Hex, Log, Transaction, Trigger } from '#indexer/model.ts';
import { devnetAccount } from '#node/devnet/accounts.ts';
import { AnvilDevnet } from '#node/devnet/anvil.ts';
import { runDemo } from '#node/devnet/demo/run.ts';
import { prepareDevnet } from '#node/devnet/prepare.ts';
import { DevnetRpc } from '#node/devnet/rpc.ts';
import { packageRoot } from '#node/platform/package-root.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'devnet-'));
const devnet = new AnvilDevnet({ dataDir, historySeconds: 30 * 86_400 });
let provider: JsonRpcProvider;
let blocks: { header: BlockHeader; logs: Log[]; transactions: Map<Hex, Transaction> }[];

interface RawBlock {
  readonly [field: string]: string;
}

beforeAll(async () => {
  await devnet.start();
  await prepareDevnet(devnet.rpcUrl);
  await runDemo({ rpcUrl: devnet.rpcUrl, addresses, pace: { backfill: 700, perMinute: 0 } });
  const rpc = new DevnetRpc(devnet.rpcUrl);
  provider = new JsonRpcProvider(devnet.rpcUrl, 31337, { staticNetwork: true, cacheTimeout: -1 });
  // What the demo never does: a network changes hands to one of its members, its old owner being a member too.
  const registry = new Contract(addresses.networkRegistry, networkRegistryAbi, provider);
  const owner: string = await registry.getFunction('ownerOf')(1);
  const heir = devnetAccount(9).address;
  const act = async (method: string, ...args: unknown[]) => {
    const hash = await rpc.call<string>('eth_sendTransaction', {
      from: owner,
      to: addresses.networkRegistry,
      data: registry.interface.encodeFunctionData(method, args),
    });
    const { status } = await rpc.receiptOf(hash);
    expect(status, method).toBe('0x1');
  };
  await rpc.call('anvil_impersonateAccount', owner);
  for (const account of [owner, heir]) await act('grantRole', 1, id('MEMBER'), account);
  await act('grantRole', 1, id('Custom role'), heir);
  await act('approve', heir, 1);
  await act('setApprovalForAll', devnetAccount(8).address, true);
  await act('transferFrom', owner, heir, 1);
  blocks = await readBlocks(rpc);
}, 180_000);

afterAll(async () => {
  provider?.destroy();
  await devnet.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function readBlocks(rpc: DevnetRpc): Promise<typeof blocks> {
  const head = Number(await rpc.call('eth_blockNumber'));
  const logs = await rpc.call<Record<string, never>[]>('eth_getLogs', {
    fromBlock: '0x0',
    toBlock: 'latest',
  });
  const raw = await rpc.batch<RawBlock & { transactions: RawBlock[] }>(
    Array.from({ length: head + 1 }, (_, number) => ({
      method: 'eth_getBlockByNumber',
      params: [`0x${number.toString(16)}`, true],
    })),
  );
  return raw.map((block) => ({
    header: {
      ...(block as unknown as BlockHeader),
      unclesHash: block.sha3Uncles as Hex,
      author: block.miner as Hex,
      number: Number(block.number),
      timestamp: Number(block.timestamp),
      gasUsed: BigInt(block.gasUsed ?? 0),
      gasLimit: BigInt(block.gasLimit ?? 0),
      difficulty: 0n,
      totalDifficulty: 0n,
      size: null,
      baseFeePerGas: BigInt(block.baseFeePerGas ?? 0),
    },
    logs: logs
      .filter(({ blockHash }) => blockHash === block.hash)
      .map((log) => ({
        ...(log as unknown as Log),
        logIndex: Number(log.logIndex),
        blockNumber: Number(log.blockNumber),
        transactionIndex: Number(log.transactionIndex),
      })),
    transactions: new Map(
      block.transactions.map((transaction) => [
        transaction.hash as Hex,
        {
          hash: transaction.hash as Hex,
          from: transaction.from as Hex,
          to: transaction.to as Hex,
          input: transaction.input as Hex,
          index: Number(transaction.transactionIndex),
          value: BigInt(transaction.value ?? 0),
          gasLimit: BigInt(transaction.gas ?? 0),
          gasPrice: BigInt(transaction.gasPrice ?? 0),
          nonce: BigInt(transaction.nonce ?? 0),
        },
      ]),
    ),
  }));
}

/** The entities of a house subgraph after the whole chain. */
async function indexed(name: string): Promise<MemoryStore> {
  const subgraph = await loadDeployment(join(packageRoot, 'dist/subgraphs', name));
  const store = new MemoryStore(subgraph.schema);
  const runner = new BlockRunner(subgraph, store);
  for (const block of blocks) {
    const triggers = block.logs.flatMap((log) =>
      subgraph.dataSources.flatMap(({ address, mapping }, dataSource): Trigger[] =>
        address !== null && address.toLowerCase() !== log.address
          ? []
          : mapping.eventHandlers
              .filter(({ topic0 }) => topic0 === log.topics[0])
              .map(({ handler }) => ({ kind: 'event', dataSource, handler, log, receipt: false })),
      ),
    );
    if (triggers.length === 0) continue;
    const outcome = runner.run({ ...block, triggers, receipts: new Map() });
    expect(outcome.failure).toBeUndefined();
    store.apply(outcome);
  }
  return store;
}

const contract = (address: string, abi: readonly object[]) => new Contract(address, abi as never, provider);
const hex = (value: unknown) => `0x${Buffer.from(value as Uint8Array).toString('hex')}`;
const sum = (entities: EntityData[], field: string) =>
  entities.reduce((total, entity) => total + BigInt(entity[field] as bigint | number), 0n);
const lower = (address: unknown) => String(address).toLowerCase();

it('directory says what the NetworkRegistry says', { timeout: 120_000 }, async () => {
  const store = await indexed('directory');
  const registry = contract(addresses.networkRegistry, networkRegistryAbi);
  const networks = store.all('Network');
  expect(networks.length).toBe(Number(await registry.getFunction('networkCount')()));
  expect(await registry.getFunction('ownerOf')(1)).toBe(devnetAccount(9).address);
  const accounts = [9, ...Array.from({ length: 25 }, (_, index) => 10 + index)].map(
    (index) => devnetAccount(index).address,
  );
  const roles = ['ADMIN', 'OPERATOR', 'MEMBER', 'AUDITOR', 'Custom role'];
  for (const network of networks) {
    const number = network.tokenId as bigint;
    const [owner, onChain] = await Promise.all([
      registry.getFunction('ownerOf')(number),
      registry.getFunction('networkOf')(number),
    ]);
    expect(hex(network.owner)).toBe(lower(owner));
    expect(network).toMatchObject({
      name: onChain.name,
      metadataURI: onChain.metadataURI,
      isPublic: onChain.isPublic,
    });
    expect(network.approved ?? null).toBeNull();
    // Every account in every role, for some of the networks: it is a call for each.
    const asked = number <= 10n ? accounts : [];
    let members = 0;
    for (const account of asked) {
      const held = await Promise.all(
        roles.map((role) => registry.getFunction('hasRole')(number, id(role), account)),
      );
      const names = roles
        .filter((_, index) => held[index])
        .map((role) => (role === 'Custom role' ? id(role) : role));
      const member = store.all('Member').find(({ id: key }) => key === `${number}-${lower(account)}`);
      expect(member?.roles ?? []).toEqual(names.sort());
      if (names.length > 0 && lower(account) !== lower(owner)) members += 1;
    }
    if (number <= 10n) expect(network.memberCount).toBe(members);
    const live = (type: string) =>
      store.all(type).filter((child) => child.network === network.id && !child.removed);
    expect(network.communityCount).toBe(live('Community').length);
    expect(network.environmentCount).toBe(live('Environment').length);
    for (const community of live('Community')) {
      expect((await registry.getFunction('communityOf')(number, community.communityId)).name).toBe(
        community.name,
      );
    }
    for (const environment of live('Environment')) {
      const there = await registry.getFunction('environmentOf')(number, environment.environmentId);
      expect(there.name).toBe(environment.name);
      const serves = there.communityId === 0n ? null : `${number}-${there.communityId}`;
      expect(environment.community ?? null).toBe(serves);
    }
  }
  expect(store.all('Environment').some(({ removed }) => removed)).toBe(true);
  const [totals] = store.all('DirectoryTotals');
  expect(totals).toMatchObject({
    networks: networks.length,
    publicNetworks: networks.filter(({ isPublic }) => isPublic).length,
    communities: Number(sum(networks, 'communityCount')),
    environments: Number(sum(networks, 'environmentCount')),
    members: Number(sum(networks, 'memberCount')),
    activeGrants: store.all('RoleGrant').filter(({ active }) => active).length,
  });
  expect(store.all('NetworkOperatorApproval')).toHaveLength(1);
});

it('market says what token, agents, licences and marketplace say', { timeout: 120_000 }, async () => {
  const store = await indexed('market');
  const token = contract(addresses.aiosToken, aiosTokenAbi);
  const licences = contract(addresses.aiNft, aiNftAbi);
  const market = contract(addresses.marketplace, marketplaceAbi);
  const agents = contract(addresses.agentRegistry, agentRegistryAbi);
  const holders = store.all('Holder');
  for (const holder of holders) {
    const [balance, votes] = await Promise.all([
      token.getFunction('balanceOf')(hex(holder.id)),
      token.getFunction('getVotes')(hex(holder.id)),
    ]);
    expect([holder.balance, holder.votes]).toEqual([balance, votes]);
  }
  for (const agent of store.all('Agent')) {
    const onChain = await agents.getFunction('agentOf')(agent.agentId);
    expect([hex(agent.creator), agent.active, agent.metadataCID]).toEqual([
      lower(onChain.creator),
      onChain.active,
      onChain.metadataCID,
    ]);
  }
  for (const licence of store.all('Licence').filter(({ burned }) => !burned)) {
    const [owner, royalty] = await Promise.all([
      licences.getFunction('ownerOf')(licence.tokenId),
      licences.getFunction('royaltyInfo')(licence.tokenId, 10_000),
    ]);
    expect([hex(licence.owner), BigInt(licence.royaltyBps as number)]).toEqual([lower(owner), royalty[1]]);
    expect(licence.listedBy ? addresses.marketplace.toLowerCase() : 'not listed').toBe(
      hex(licence.owner) === addresses.marketplace.toLowerCase() ? hex(licence.owner) : 'not listed',
    );
  }
  const listings = store.all('Listing');
  for (const listing of listings) {
    const active = await market
      .getFunction('listingOf')(listing.listingId)
      .then(
        () => true,
        () => false,
      );
    expect(listing.status === 'ACTIVE').toBe(active);
    expect(listing.licence).toBe(String(listing.tokenId));
  }
  const sales = store.all('Sale');
  expect(sales.length).toBeGreaterThan(10);
  for (const sale of sales) {
    const of = (field: string) => sale[field] as bigint;
    expect(of('fee') + of('royalty') + of('proceeds')).toBe(of('price'));
    expect(of('burned') + of('buyback') + of('treasury')).toBe(of('fee'));
  }
  const [totals] = store.all('MarketTotals');
  const days = store.all('MarketDay');
  expect(days.length).toBeGreaterThan(5);
  expect(totals).toMatchObject({
    agents: Number(await agents.getFunction('agentCount')()),
    licences: store.all('Licence').filter(({ burned }) => !burned).length,
    listings: Number(await market.getFunction('listingCount')()),
    activeListings: listings.filter(({ status }) => status === 'ACTIVE').length,
    sales: sales.length,
    volume: sum(sales, 'price'),
    fees: sum(sales, 'fee'),
    feesBuyback: await token.getFunction('balanceOf')(devnetAccount(1).address),
    feesTreasury: await token.getFunction('balanceOf')(devnetAccount(2).address),
    royalties: sum(days, 'royalties'),
    tokenBurned: await token.getFunction('totalBurned')(),
    tokenSupply: await token.getFunction('totalSupply')(),
    holders: holders.filter(({ balance }) => balance !== 0n).length,
  });
  expect([sum(days, 'volume'), sum(days, 'sales'), sum(store.all('Agent'), 'volume')]).toEqual([
    totals?.volume,
    BigInt(sales.length),
    totals?.volume,
  ]);
  expect(store.all('FeePolicy')).toMatchObject([
    { feeBps: 500, burnBps: 5000, buybackBps: 1000, active: true },
  ]);
  expect(hex(store.all('Marketplace')[0]?.owner)).toBe(lower(devnetAccount(0).address));
});

it('erc20 takes every ERC-20 transfer and no ERC-721 one', async () => {
  const store = await indexed('erc20');
  // The in-memory host answers no calls: a token without a name is a token all the same.
  expect(store.all('Token')).toHaveLength(1);
  const token = contract(addresses.aiosToken, aiosTokenAbi);
  for (const balance of store.all('TokenBalance')) {
    expect(balance.balance).toBe(await token.getFunction('balanceOf')(hex(balance.account)));
  }
  const [seen] = store.all('Token');
  expect([seen?.netMinted, seen?.transferCount, seen?.name ?? null]).toEqual([
    await token.getFunction('totalSupply')(),
    BigInt(store.all('Transfer').length),
    null,
  ]);
});
