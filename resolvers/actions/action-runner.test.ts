// Actions against a real anvil with the real contracts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonRpcProvider, parseEther, Transaction, Wallet } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Addresses } from '#contracts/deploy.ts';
import { devnetChainId, devnetUsers } from '#node/devnet/accounts.ts';
import { AnvilDevnet } from '#node/devnet/anvil.ts';
import { prepareDevnet } from '#node/devnet/prepare.ts';
import type { Viewer } from '#node/platform/operation.ts';
import { createTestPlatform, type TestPlatform } from '#node/platform/testing/platform.ts';
import { MarketActions } from '../market/market-actions.ts';
import { NetworkActions } from '../networks/network-actions.ts';
import { type ActionOutcome, ActionRunner, type Plan, type WaitFor } from './action-runner.ts';
import type { DevnetAccounts } from './devnet-accounts.ts';
import { openDevnetAccounts } from './index.ts';
import { interfaces } from './reverts.ts';

let platform: TestPlatform;
let anvil: AnvilDevnet;
let provider: JsonRpcProvider;
let contracts: Addresses;
let accounts: DevnetAccounts;
const dataDir = mkdtempSync(join(tmpdir(), 'aios-actions-'));
const published = devnetUsers().map(({ address, index }) => ({ address, label: `account ${index}` }));
const first = published[0]?.address.toLowerCase() ?? '';
/** Blocks the fake indexer has been asked for. */
const waited: { alias: string; block: number }[] = [];

beforeAll(async () => {
  platform = await createTestPlatform();
  anvil = new AnvilDevnet({ dataDir });
  await anvil.start();
  contracts = await prepareDevnet(anvil.rpcUrl);
  provider = new JsonRpcProvider(anvil.rpcUrl, devnetChainId, { staticNetwork: true });
  accounts = await openDevnetAccounts(platform.database.pool, published);
});
afterAll(async () => {
  provider?.destroy();
  await anvil?.stop();
  await platform?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const makeRunner = (overrides: Partial<ConstructorParameters<typeof ActionRunner>[0]> = {}) =>
  new ActionRunner({
    provider,
    chainId: devnetChainId,
    contracts,
    devnet: accounts,
    waitForBlock: async (alias, block) => {
      waited.push({ alias, block });
    },
    ...overrides,
  });

let viewers = 0;
function newViewer(...addresses: string[]): Viewer {
  const did = `did:test:${++viewers}`;
  const own = [accounts.walletFor(did).address, ...addresses];
  return {
    did,
    accounts: own.map((address) => `eip155:${devnetChainId}:${address.toLowerCase()}`),
    scopes: ['write'],
    session: 's',
  };
}

function run(
  runner: ActionRunner,
  viewer: Viewer,
  plan: Plan,
  options: { from?: string; waitFor?: WaitFor } = {},
): Promise<ActionOutcome> {
  return runner.run({
    viewer,
    plan,
    waitFor: options.waitFor ?? 'INDEXED',
    from: options.from,
    alias: 'directory',
    signal: new AbortController().signal,
  });
}

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('on the devnet', () => {
  it('sends from the address reserved for the viewer, which is funded, and follows it to the index', async () => {
    const runner = makeRunner();
    const viewer = newViewer();
    const action = new NetworkActions(runner).createNetwork({ name: 'Bakers', isPublic: true });
    const outcome = await run(runner, viewer, action.plan);
    expect(outcome.error).toBeNull();
    expect(outcome.transaction).toMatchObject({ status: 'INDEXED', unsigned: null });
    if (!outcome.receipt) throw new Error('no receipt');
    expect(waited.at(-1)).toEqual({ alias: 'directory', block: outcome.receipt.block });
    const id = action.entityOf(outcome.receipt);
    const owner = await runner.read<string>('networkRegistry', 'ownerOf', [BigInt(id)]);
    expect(owner).toBe(accounts.walletFor(viewer.did).address);
    expect(await runner.read<bigint>('aiosToken', 'balanceOf', [owner])).toBe(parseEther('10000'));
  });

  it('goes only as far as asked, and says how far when the time is up', async () => {
    const never = makeRunner({
      maxWaitMs: 1_500,
      waitForBlock: (_alias, _block, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    const viewer = newViewer();
    const plan = () => new NetworkActions(never).createNetwork({ name: 'N', isPublic: true }).plan;
    const submitted = await run(never, viewer, plan(), { waitFor: 'SUBMITTED' });
    expect(submitted).toMatchObject({ transaction: { status: 'SUBMITTED' }, receipt: null, error: null });
    expect(submitted.transaction.hash).toMatch(/^0x[0-9a-f]{64}$/);
    const included = await run(never, viewer, plan(), { waitFor: 'INCLUDED' });
    expect(included.transaction.status).toBe('INCLUDED');
    const late = await run(never, viewer, plan());
    expect(late).toMatchObject({ transaction: { status: 'INCLUDED' }, error: null });
  });

  it('keeps the nonces apart when one account and several act at once', async () => {
    const runner = makeRunner();
    const [a, b] = [newViewer(), newViewer()];
    const actions = new NetworkActions(runner);
    const make = (viewer: Viewer, from?: string) =>
      run(runner, viewer, actions.createNetwork({ name: 'N', isPublic: true }).plan, {
        from,
        waitFor: 'INCLUDED',
      });
    const outcomes = await Promise.all([
      ...Array.from({ length: 12 }, () => make(a)),
      ...Array.from({ length: 6 }, () => make(b)),
      ...Array.from({ length: 8 }, () => make(b, first)),
    ]);
    expect(outcomes.map(({ error }) => error)).toEqual(outcomes.map(() => null));
    expect(outcomes.every(({ transaction }) => transaction.status === 'INCLUDED')).toBe(true);
    expect(new Set(outcomes.map(({ transaction }) => transaction.hash)).size).toBe(outcomes.length);
  });

  it('refuses to act from an address that is not the viewer’s, without sending anything', async () => {
    const runner = makeRunner();
    const viewer = newViewer();
    const other = accounts.walletFor('did:test:somebody-else').address;
    const plan = new NetworkActions(runner).createNetwork({ name: 'N', isPublic: true }).plan;
    for (const from of [other, Wallet.createRandom().address]) {
      const outcome = await run(runner, viewer, plan, { from });
      expect(outcome).toMatchObject({
        transaction: { hash: null, status: 'UNSIGNED', unsigned: null },
        error: code('NOT_YOUR_ADDRESS'),
      });
    }
  });

  it('gives the transaction to the wallet of an address that only the user can sign for', async () => {
    const runner = makeRunner();
    const wallet = Wallet.createRandom();
    const plan = new NetworkActions(runner).createNetwork({ name: 'N', isPublic: true }).plan;
    const outcome = await run(runner, newViewer(wallet.address), plan, { from: wallet.address });
    expect(outcome.transaction).toMatchObject({ hash: null, status: 'UNSIGNED' });
    expect(outcome.transaction.unsigned?.to).toBe(contracts.networkRegistry.toLowerCase());
  });

  it('tells the contract’s refusals in words, before anything is sent', async () => {
    const runner = makeRunner();
    const actions = new NetworkActions(runner);
    const [owner, stranger] = [newViewer(), newViewer()];
    const created = await run(runner, owner, actions.createNetwork({ name: 'N', isPublic: true }).plan);
    if (!created.receipt) throw new Error('no receipt');
    const networkId = actions.createNetwork({ name: '', isPublic: true }).entityOf(created.receipt);
    const refused = async (viewer: Viewer, plan: Plan, expected: string) => {
      const { error, transaction } = await run(runner, viewer, plan);
      expect(error).toEqual(code(expected));
      expect(transaction.hash).toBeNull();
      return error?.message;
    };
    expect(
      await refused(stranger, actions.addCommunity({ networkId, name: 'C' }).plan, 'NOT_AUTHORISED'),
    ).toContain(`network ${networkId}`);
    await refused(owner, actions.createNetwork({ name: '', isPublic: true }).plan, 'INVALID_NAME');
    await refused(
      owner,
      actions.addCommunity({ networkId: '999999', name: 'C' }).plan,
      'ERC721_NONEXISTENT_TOKEN',
    );
    await refused(
      owner,
      actions.addEnvironment({ networkId, communityId: '77', name: 'E' }).plan,
      'UNKNOWN_COMMUNITY',
    );
    const account = Wallet.createRandom().address;
    const grant = actions.grantRole({ networkId, role: 'ADMIN', account });
    const granted = await run(runner, owner, grant.plan);
    if (!granted.receipt) throw new Error('no receipt');
    expect(grant.entityOf(granted.receipt)).toMatch(
      new RegExp(`^${networkId}-0x[0-9a-f]{64}-${account.toLowerCase()}$`),
    );
    await refused(owner, grant.plan, 'ROLE_ALREADY_GRANTED');
    expect(() => actions.addCommunity({ networkId: '1; drop', name: 'C' })).toThrow(code('BAD_USER_INPUT'));
    // Communities and environments, and what their entities are called.
    const community = actions.addCommunity({ networkId, name: 'C' });
    const withCommunity = await run(runner, owner, community.plan);
    if (!withCommunity.receipt) throw new Error('no receipt');
    const communityId = community.entityOf(withCommunity.receipt);
    expect(communityId).toBe(`${networkId}-1`);
    const environment = actions.addEnvironment({ networkId, communityId, name: 'E' });
    const withEnvironment = await run(runner, owner, environment.plan);
    if (!withEnvironment.receipt) throw new Error('no receipt');
    expect(environment.entityOf(withEnvironment.receipt)).toBe(`${networkId}-1`);
  });

  it('knows who may edit a network: owner and admins, nobody else', async () => {
    const runner = makeRunner();
    const actions = new NetworkActions(runner);
    const [owner, admin, stranger] = [newViewer(), newViewer(), newViewer()];
    const create = actions.createNetwork({ name: 'N', isPublic: true });
    const created = await run(runner, owner, create.plan);
    if (!created.receipt) throw new Error('no receipt');
    const networkId = create.entityOf(created.receipt);
    expect(await actions.mayEdit(admin, networkId)).toBe(false);
    const account = accounts.walletFor(admin.did).address;
    await run(runner, owner, actions.grantRole({ networkId, role: 'ADMIN', account }).plan);
    expect(await actions.mayEdit(owner, networkId)).toBe(true);
    expect(await actions.mayEdit(admin, networkId)).toBe(true);
    expect(await actions.mayEdit(stranger, networkId)).toBe(false);
    expect(await actions.mayEdit(null, networkId)).toBe(false);
    await expect(actions.requireEditor(stranger, networkId)).rejects.toThrow(code('NOT_AUTHORISED'));
    await expect(actions.requireEditor(owner, '424242')).rejects.toThrow(code('ERC721_NONEXISTENT_TOKEN'));
    // The same address on another chain proves nothing here.
    const elsewhere = { ...owner, accounts: owner.accounts.map((own) => own.replace(/:\d+:/, ':1:')) };
    expect(await actions.mayEdit(elsewhere, networkId)).toBe(false);
  });

  it('registers, mints, approves and lists in one mutation, and buys with the approval it needs', async () => {
    const runner = makeRunner();
    const market = new MarketActions(runner);
    const [seller, buyer, poor] = [newViewer(), newViewer(), newViewer()];
    const price = parseEther('12');
    const list = market.list({ metadataCID: 'bafytest', royaltyBps: 700, price });
    const listed = await run(runner, seller, list.plan);
    expect(listed.error).toBeNull();
    if (!listed.receipt) throw new Error('no receipt');
    const listingId = list.entityOf(listed.receipt);
    const cheap = await run(runner, buyer, market.buy({ listingId, maxPrice: 1n }).plan);
    expect(cheap.error).toEqual(code('PRICE_ABOVE_MAXIMUM'));
    const own = await run(runner, seller, market.buy({ listingId }).plan);
    expect(own.error).toEqual(code('SELLER_CANNOT_BUY'));
    const buy = market.buy({ listingId });
    const bought = await run(runner, buyer, buy.plan);
    expect(bought.error).toBeNull();
    if (!bought.receipt) throw new Error('no receipt');
    const sale = buy.entityOf(bought.receipt);
    expect(sale.slice(0, 66)).toBe(bought.transaction.hash);
    const sold = bought.receipt.logs.find(
      ({ topics }) => topics[0] === interfaces.marketplace.getEvent('Sold')?.topicHash,
    );
    expect(Buffer.from(sale.slice(66), 'hex').readInt32LE()).toBe(sold?.index);
    const again = await run(runner, buyer, market.buy({ listingId }).plan);
    expect(again.error).toEqual(code('LISTING_NOT_ACTIVE'));
    const dear = market.list({ metadataCID: 'bafytest', price: parseEther('1000000') });
    const dearListed = await run(runner, seller, dear.plan);
    if (!dearListed.receipt) throw new Error('no receipt');
    const broke = await run(runner, poor, market.buy({ listingId: dear.entityOf(dearListed.receipt) }).plan);
    expect(broke.error).toEqual(code('ERC20_INSUFFICIENT_BALANCE'));
    const bad = await run(runner, seller, market.list({ metadataCID: 'x', royaltyBps: 20, price: 1n }).plan);
    expect(bad.error).toEqual(code('ROYALTY_OUT_OF_RANGE'));
  });
});

describe('on a real chain', () => {
  it('returns what the wallet has to sign, step by step, and never signs itself', async () => {
    const runner = makeRunner({ devnet: undefined });
    // Plays the user's wallet: the devnet's node signs what the runner only describes.
    const user = published[1]?.address.toLowerCase() ?? '';
    const viewer: Viewer = {
      did: 'did:test:user',
      accounts: [`eip155:1:${first}`, `eip155:${devnetChainId}:${user}`],
      scopes: [],
      session: 's',
    };
    const send = async (outcome: ActionOutcome) => {
      expect(outcome).toMatchObject({ transaction: { hash: null, status: 'UNSIGNED' }, error: null });
      const unsigned = outcome.transaction.unsigned;
      if (!unsigned) throw new Error('nothing to sign');
      expect(unsigned.chainId).toBe(devnetChainId);
      // It is a well-formed transaction for any wallet.
      expect(Transaction.from({ ...unsigned, type: 2 }).unsignedSerialized).toMatch(/^0x02/);
      const { to, data } = unsigned;
      const hash = await provider.send('eth_sendTransaction', [{ from: user, to, data }]);
      await expect
        .poll(() => provider.send('eth_getTransactionReceipt', [hash]))
        .toMatchObject({ status: '0x1' });
      return unsigned;
    };
    const licences = async () => (await runner.read<bigint>('aiNft', 'licenceCount', [])).toString();
    const agents = async () => (await runner.read<bigint>('agentRegistry', 'agentCount', [])).toString();
    const market = new MarketActions(runner);
    const list = (input: object) => run(runner, viewer, market.list({ price: 5n, ...input }).plan);
    expect((await send(await list({ metadataCID: 'bafyreal' }))).final).toBe(false);
    expect((await send(await list({ agentId: await agents() }))).final).toBe(false);
    const licenceId = await licences();
    expect((await send(await list({ licenceId }))).summary).toMatch(/Allow/);
    expect((await send(await list({ licenceId }))).final).toBe(true);
  });

  it('needs an address of the viewer on this chain', async () => {
    const runner = makeRunner({ devnet: undefined });
    const viewer: Viewer = {
      did: 'did:test:none',
      accounts: [`eip155:1:${first}`],
      scopes: [],
      session: 's',
    };
    const plan = new NetworkActions(runner).createNetwork({ name: 'N', isPublic: true }).plan;
    expect((await run(runner, viewer, plan)).error).toEqual(code('NO_ADDRESS'));
    expect((await run(runner, viewer, plan, { from: first })).error).toEqual(code('NOT_YOUR_ADDRESS'));
  });
});

describe('DevnetAccounts', () => {
  it('come from a seed that every process shares and nobody else knows', async () => {
    const [again, elsewhere] = await Promise.all([
      openDevnetAccounts(platform.database.pool, published),
      openDevnetAccounts(platform.database.pool, []),
    ]);
    expect(again.walletFor('did:x').address).toBe(accounts.walletFor('did:x').address);
    expect(elsewhere.walletFor('did:x').address).toBe(accounts.walletFor('did:x').address);
    expect(accounts.walletFor('did:y').address).not.toBe(accounts.walletFor('did:x').address);
    expect(accounts.isDevnetAddress(first.toUpperCase().replace('0X', '0x'))).toBe(true);
    expect(accounts.isDevnetAddress(await accounts.addressFor('did:x'))).toBe(false);
  });
});
