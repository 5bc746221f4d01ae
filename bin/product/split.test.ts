// Split equals whole: the roles as three and as two processes over one database answer, byte for byte, what one process answers.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '#node/platform/ports.ts';
import { createTestDatabase, type TestDatabase } from '#node/platform/testing/postgres.ts';
import { ask, askForText, dataOf, type SignedIn, signInWithDid } from './testing/client.ts';
import { cleanUp, eventually, type Product, startProduct, temporaryFolder } from './testing/product.ts';
import { devnetUrlOf, SalesTraffic } from './testing/sales.ts';

/** Asked of every arrangement; `$block` is pinned, so that what is written meanwhile cannot show. */
const operations: Readonly<Record<string, string>> = {
  networks: `query ($block: Int!) { networks(first: 20, orderBy: id, block: { number: $block }) {
    id name owner createdAt ownerAccount { id did addresses isDevnet } profile { description tags site } viewerCanEdit } }`,
  sales: `query ($block: Int!) { sales(first: 50, orderBy: id, block: { number: $block }) {
    id price fee seller sellerAccount { did } buyerAccount { did accounts } listing { id price } agent { creatorAccount { id } } } }`,
  nested: `query ($block: Int!) { network(id: "1", block: { number: $block }) {
    name communities { name environments { name } } members { address roles } roleGrants { roleName account } } }`,
  totals: `query ($block: Int!) { directoryTotals(id: "1", block: { number: $block }) { networks publicNetworks communities }
    marketTotals(id: "1", block: { number: $block }) { __typename id } }`,
  me: '{ me { did scopes expiresAt account { id did addresses accounts isDevnet } } }',
  account: `query ($did: String!) { account(did: $did) { id addresses } didDocument(did: $did) }`,
  search: `{ searchNetworks(query: "harbor", first: 10) { totalCount pageInfo { hasNextPage endCursor }
    facets { tags { value count } visibility { value count } } edges { cursor node { id name viewerCanEdit profile { tags } } } } }`,
  platform: '{ platform { version devnet chainId contracts { name address } } }',
  unknownEntity: 'query ($block: Int!) { network(id: "999999", block: { number: $block }) { id } }',
  futureBlock: '{ networks(block: { number: 2000000000 }) { id } }',
  invalid: '{ networks { nothing } }',
  introspection: '{ __schema { queryType { name } types { name kind } } }',
};

/** The same with what only a writer gets. */
const refusedMutation = `mutation { updateNetworkProfile(input: { networkId: "1", description: "not mine" }) {
  network { id } error { code message } } }`;
const createNetwork = `mutation ($name: String!) { createNetwork(input: { name: $name, isPublic: true }) {
  transaction { hash status unsigned { to } } network { id name viewerCanEdit profile { tags } ownerAccount { did } } error { code } } }`;

let database: TestDatabase;
let shared: { readonly dataDir: string; readonly env: Readonly<Record<string, string>> };
let anna: SignedIn;
let block: number;
/** Operation → the bytes that one process answered with. */
let whole: Readonly<Record<string, string>>;
let created: unknown;

async function answers(url: string): Promise<Record<string, string>> {
  const result: Record<string, string> = {};
  const variables = { block, did: anna.did };
  for (const [name, query] of Object.entries(operations)) {
    result[`${name}, signed in`] = await askForText(url, query, { variables, token: anna.token });
    result[`${name}, anybody`] = await askForText(url, query, { variables });
  }
  result['a mutation refused to her'] = await askForText(url, refusedMutation, { token: anna.token });
  result['a mutation refused to anybody'] = await askForText(url, refusedMutation);
  result['a bad token'] = await askForText(url, '{ me { did } }', { token: 'a.b.c' });
  return result;
}

/** What it says with everything replaced that is another each time. */
async function creation(url: string, name: string) {
  const { createNetwork: made } = await dataOf(url, createNetwork, {
    variables: { name },
    token: anna.token,
  });
  return JSON.parse(
    JSON.stringify(made)
      .replace(made.transaction.hash, 'HASH')
      .replace(`"id":"${made.network?.id}"`, '"id":"ID"')
      .replace(name, 'NAME'),
  );
}

beforeAll(async () => {
  database = await createTestDatabase();
  shared = {
    dataDir: temporaryFolder(),
    // Tokens name the product's public address: the same, whichever process answers at which port.
    env: { DATABASE_URL: database.url, AIOS_PUBLIC_URL: 'http://studio.example' },
  };
  const product = await startProduct({ ...shared, args: ['--no-demo'] });
  anna = await signInWithDid(product.url, 1);
  const bert = await signInWithDid(product.url, 2);
  const devnet = new SalesTraffic(await devnetUrlOf(product.url));
  await devnet.createNetworks(['Old Mill', 'Harbour Crane', 'Harbor Lights']);
  await devnet.sell(40);
  created = await creation(product.url, 'Harbor Bakery');
  const { networks } = await dataOf(product.url, '{ networks(where: { name: "Harbor Bakery" }) { id } }');
  await dataOf(
    product.url,
    `mutation ($id: ID!) { updateNetworkProfile(input: { networkId: $id, tags: ["bread"], description: "By the harbor" }) { error { code } } }`,
    { variables: { id: networks[0].id }, token: anna.token },
  );
  await dataOf(
    product.url,
    `mutation ($id: ID!) { addCommunity(input: { networkId: $id, name: "Suppliers" }) { error { code } } }`,
    { variables: { id: networks[0].id }, token: anna.token },
  );
  await dataOf(product.url, createNetwork, { variables: { name: 'Bert Ltd' }, token: bert.token });
  block = await devnet.head();
  // What is compared must have come to rest: both deployments at the block, and the search at both of them.
  await eventually(async () => {
    const { errors } = await ask(
      product.url,
      'query ($n: Int!) { networks(first: 1, block: { number: $n }) { id } sales(first: 1, block: { number: $n }) { id } }',
      { variables: { n: block } },
    );
    const { searchNetworks } = await dataOf(
      product.url,
      '{ searchNetworks(first: 1) { totalCount facets { tags { value } } } }',
    );
    return !errors && searchNetworks.totalCount === 5 && searchNetworks.facets.tags.length === 1;
  }, 'the product does not come to rest');
  whole = await answers(product.url);
  await product.stop();
}, 300_000);

afterAll(async () => {
  await cleanUp();
  await database?.close();
}, 60_000);

it('the whole answers what is asked of the others', () => {
  const good = Object.entries(whole).filter(([, text]) => !text.includes('"errors"'));
  expect(good.map(([name]) => name)).toEqual(
    expect.arrayContaining(['networks, signed in', 'sales, anybody', 'me, signed in', 'search, signed in']),
  );
  expect(JSON.parse(whole['networks, signed in'] ?? '').data.networks).toHaveLength(5);
  expect(JSON.parse(whole['sales, anybody'] ?? '').data.sales).toHaveLength(40);
  expect(JSON.parse(whole['me, signed in'] ?? '').data.me.did).toBe(anna.did);
  expect(whole['networks, signed in']).toContain('"viewerCanEdit":true');
  expect(whole['networks, anybody']).not.toContain('"viewerCanEdit":true');
  expect(created).toMatchObject({ transaction: { status: 'INDEXED' }, network: { viewerCanEdit: true } });
});

describe('split', () => {
  let chain: Product;
  let services: Product;
  let gateway: Product;
  let both: Product;

  beforeAll(async () => {
    chain = await startProduct({ ...shared, args: ['--role', 'devnet,indexer', '--no-demo'] });
    const servicesPort = String(await freePort());
    const apart = (dataDir: string) => ({ dataDir, env: shared.env });
    // The two arrangements at once: over one database any number of processes may play a role.
    [services, both] = await Promise.all([
      startProduct({
        ...apart(temporaryFolder()),
        args: ['--role', 'services', '--services-port', servicesPort],
        port: Number(servicesPort),
      }),
      startProduct({ ...apart(temporaryFolder()), args: ['--role', 'gateway,services'] }),
    ]);
    gateway = await startProduct({
      ...apart(temporaryFolder()),
      args: ['--role', 'gateway', '--services-url', services.url],
    });
  }, 300_000);

  afterAll(async () => {
    for (const product of [gateway, both, services, chain]) await product?.stop();
  }, 120_000);

  it.each(['three processes', 'two processes'])('%s answer byte for byte as one', async (arrangement) => {
    expect(await answers((arrangement === 'three processes' ? gateway : both).url)).toEqual(whole);
  });

  it('mutations say the same', async () => {
    expect(await creation(gateway.url, 'Split Three')).toEqual(created);
    expect(await creation(both.url, 'Split Two')).toEqual(created);
  });

  it('writes through both at once arrive, and both then answer the same again', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `Concurrent ${index}`);
    const before = await answers(gateway.url);
    const [made, between] = await Promise.all([
      Promise.all(names.map((name, index) => creation(index % 2 ? gateway.url : both.url, name))),
      // Pinned blocks do not move while others write; the search and the newest block do.
      answers(gateway.url),
    ]);
    for (const each of made) expect(each).toEqual(created);
    const pinned = (all: Record<string, string>) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => !/^(search|futureBlock)/.test(name)));
    expect(pinned(between)).toEqual(pinned(before));
    const list =
      '{ networks(first: 100, orderBy: id) { id name owner viewerCanEdit ownerAccount { did } profile { tags } } }';
    const [three, two] = await Promise.all([
      askForText(gateway.url, list, { token: anna.token }),
      askForText(both.url, list, { token: anna.token }),
    ]);
    expect(three).toBe(two);
    const found = JSON.parse(three).data.networks.map(({ name }: { name: string }) => name);
    expect(found).toEqual(expect.arrayContaining(names));
  });

  it('a session that ends in one arrangement ends in the other', async () => {
    const carl = await signInWithDid(both.url, 3);
    expect((await ask(gateway.url, '{ me { did } }', { token: carl.token })).data.me.did).toBe(carl.did);
    await dataOf(both.url, 'mutation { signOut { ok } }', { token: carl.token });
    await expect
      .poll(
        async () =>
          (await ask(gateway.url, '{ me { did } }', { token: carl.token })).errors?.[0]?.extensions?.code,
        {
          timeout: 10_000,
        },
      )
      .toBe('UNAUTHENTICATED');
  });
});
