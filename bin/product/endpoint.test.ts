// One product on its own database and devnet, used through its endpoint as clients do: joins, streams, mutations, refusals.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importJWK, SignJWT } from 'jose';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { devnetAccount } from '#node/devnet/accounts.ts';
import { ask, dataOf, post, type SignedIn, signInWithDid, transports } from './testing/client.ts';
import { cleanUp, eventually, type Product, startProduct, temporaryFolder } from './testing/product.ts';
import { cursorNow, type SaleEvent, saleQuery } from './testing/sale-stream.ts';
import { devnetUrlOf, SalesTraffic } from './testing/sales.ts';

let product: Product;
let url: string;
let anna: SignedIn;
let traffic: SalesTraffic;

beforeAll(async () => {
  product = await startProduct({ args: ['--no-demo'], dataDir: temporaryFolder() });
  url = product.url;
  anna = await signInWithDid(url, 1);
  traffic = new SalesTraffic(await devnetUrlOf(url));
}, 180_000);

afterAll(async () => {
  await product?.stop();
  await cleanUp();
}, 60_000);

const createNetwork = `mutation ($name: String!, $waitFor: WaitFor) {
  createNetwork(input: { name: $name, isPublic: true, waitFor: $waitFor }) {
    transaction { hash status }
    network { id name owner viewerCanEdit profile { tags } ownerAccount { did isDevnet } }
    error { code message }
  }
}`;

async function newNetwork(name: string): Promise<string> {
  const { createNetwork: made } = await dataOf(url, createNetwork, {
    variables: { name },
    token: anna.token,
  });
  expect(made.error).toBeNull();
  return made.network.id;
}

const profileUpdate = `mutation ($input: UpdateNetworkProfileInput!) {
  updateNetworkProfile(input: $input) { network { id profile { description tags } } error { code message } }
}`;

describe('mutations', () => {
  it('wait until what they did is indexed, and answer with the entity joined over three subgraphs', async () => {
    const { createNetwork: made } = await dataOf(url, createNetwork, {
      variables: { name: 'Vinegar Works', waitFor: 'INDEXED' },
      token: anna.token,
    });
    expect(made).toMatchObject({
      transaction: { hash: expect.stringMatching(/^0x[0-9a-f]{64}$/), status: 'INDEXED' },
      network: {
        name: 'Vinegar Works',
        viewerCanEdit: true,
        profile: null,
        ownerAccount: { did: anna.did, isDevnet: true },
      },
      error: null,
    });
  });

  it('are refused to others, as data that says why', async () => {
    const id = await newNetwork('Closed Orchard');
    const bert = await signInWithDid(url, 2);
    const { updateNetworkProfile } = await dataOf(url, profileUpdate, {
      variables: { input: { networkId: id, description: 'mine now' } },
      token: bert.token,
    });
    expect(updateNetworkProfile).toMatchObject({ network: null, error: { code: expect.any(String) } });
    const anonymous = await ask(url, profileUpdate, { variables: { input: { networkId: id } } });
    expect(anonymous.errors?.[0]?.extensions?.code).toMatch(/UNAUTHENTICATED|UNAUTHORIZED|FORBIDDEN/);
  });

  it('describe a network that a search with a typing mistake then finds', async () => {
    const id = await newNetwork('Quartzite Masons');
    const { updateNetworkProfile } = await dataOf(url, profileUpdate, {
      variables: { input: { networkId: id, description: 'Stonework and restoration', tags: ['stone'] } },
      token: anna.token,
    });
    expect(updateNetworkProfile.error).toBeNull();
    const search = `query ($words: String!) { searchNetworks(query: $words, first: 5) {
      totalCount facets { tags { value count } } edges { network { id name profile { description } } } } }`;
    await eventually(async () => {
      const { searchNetworks } = await dataOf(url, search, { variables: { words: 'quartzte masonz' } });
      return searchNetworks.edges[0]?.network.id === id;
    }, 'the network is not found');
    const { searchNetworks } = await dataOf(url, search, { variables: { words: 'restoraton' } });
    expect(searchNetworks.edges[0].network).toEqual({
      id,
      name: 'Quartzite Masons',
      profile: { description: 'Stonework and restoration' },
    });
    expect(searchNetworks.facets.tags).toContainEqual({ value: 'stone', count: 1 });
  });
});

describe('queries', () => {
  it('join an indexed list with the fields of services', async () => {
    const id = await newNetwork('Lakeside Bakers');
    const query = `query ($id: ID!) { networks(where: { id: $id }) {
      id name ownerAccount { did addresses } profile { tags } viewerCanEdit } }`;
    const signedIn = await dataOf(url, query, { variables: { id }, token: anna.token });
    expect(signedIn.networks).toEqual([
      {
        id,
        name: 'Lakeside Bakers',
        ownerAccount: { did: anna.did, addresses: [expect.stringMatching(/^0x[0-9a-f]{40}$/)] },
        profile: null,
        viewerCanEdit: true,
      },
    ]);
    const anybody = await dataOf(url, query, { variables: { id } });
    expect(anybody.networks[0].viewerCanEdit).toBe(false);
  });

  it('answer at /subgraphs/name/market as graph-node does', async () => {
    const response = await post(
      `${url}/subgraphs/name/market`,
      JSON.stringify({ query: '{ _meta { block { number } hasIndexingErrors } sales(first: 1) { id } }' }),
    );
    expect(await response.json()).toEqual({
      data: {
        _meta: { block: { number: expect.any(Number) }, hasIndexingErrors: false },
        sales: expect.any(Array),
      },
    });
    const unknown = await post(
      `${url}/subgraphs/name/nothing`,
      JSON.stringify({ query: '{ _meta { block { number } } }' }),
    );
    expect(await unknown.json()).toMatchObject({ errors: [{ message: expect.stringContaining('nothing') }] });
  });
});

describe.each(Object.entries(transports))('over %s', (name, open) => {
  it('a live query delivers what a mutation did, with the fields of another subgraph', async () => {
    const owner = new Set<string>();
    const wanted = `Live ${name}`;
    const stream = open<{ networks: { name: string; ownerAccount: { did: string } }[] }>(
      url,
      'subscription { networks(first: 1, orderBy: createdAtBlock, orderDirection: desc) { name ownerAccount { did } } }',
    );
    let created: Promise<string> | undefined;
    let found = false;
    for await (const { networks } of stream) {
      // The first delivery is the state as it is; only then the change is made, so it must arrive by itself.
      created ??= newNetwork(wanted);
      if (networks[0]?.name !== wanted) continue;
      owner.add(networks[0].ownerAccount.did);
      found = true;
      break;
    }
    await created;
    expect(found).toBe(true);
    expect([...owner]).toEqual([anna.did]);
  });

  const count = name === 'WebSocket' ? 1_000 : 150;
  it(`${count} sales arrive once each and in order, across a connection that is cut midway`, async () => {
    const arrived: string[] = [];
    let after = await cursorNow(url, open, traffic);
    let cuts = 0;
    const selling = traffic.sell(count);
    while (arrived.length < count) {
      const stream = open<SaleEvent>(url, saleQuery, { after });
      let here = 0;
      try {
        for await (const { saleEvents } of stream) {
          arrived.push(saleEvents.sale.transaction);
          after = saleEvents.cursor;
          expect(saleEvents.reverted).toBe(false);
          expect(saleEvents.sale.sellerAccount.did).toMatch(/^did:/);
          here += 1;
          if (arrived.length === count) break;
          if (cuts === 0 && here >= count / 3) {
            cuts += 1;
            stream.cut();
          }
        }
      } catch (error) {
        // The cut, and nothing else, may break a stream.
        if (cuts !== 1) throw error;
        cuts += 1;
      }
    }
    expect(cuts).toBeGreaterThan(0);
    expect(arrived).toEqual(await selling);
  }, 120_000);
});

describe('refusals', () => {
  it('a tampered token is UNAUTHENTICATED, not taken for anonymous', async () => {
    const [header, payload, signature = ''] = anna.token.split('.');
    const forged = `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    const answer = await ask(url, '{ me { did } }', { token: forged });
    expect(answer.errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    expect(answer.data ?? null).toBeNull();
  });

  it('an expired token is UNAUTHENTICATED, signed by our own key or not', async () => {
    const { databaseUrl } = JSON.parse(readFileSync(join(product.dataDir, 'running.json'), 'utf8'));
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    const { rows } = await client.query(
      'select kid, private_jwk from identity.signing_keys order by created_at desc',
    );
    await client.end();
    const [header, payload] = anna.token.split('.').map((part) => Buffer.from(part, 'base64url').toString());
    const claims = JSON.parse(payload ?? '');
    const key = await importJWK(rows[0].private_jwk, 'EdDSA');
    const sign = (exp: number) =>
      new SignJWT({ ...claims, exp }).setProtectedHeader(JSON.parse(header ?? '')).sign(key);
    const now = Math.floor(Date.now() / 1_000);
    // The same token with its time not over is accepted: it is the time that the other is refused for.
    const good = await ask(url, '{ me { did } }', { token: await sign(now + 60) });
    expect(good.data).toEqual({ me: { did: anna.did } });
    const bad = await ask(url, '{ me { did } }', { token: await sign(now - 3_600) });
    expect(bad.errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  });

  it('10,000 aliases are refused before anything runs', async () => {
    const aliases = Array.from({ length: 10_000 }, (_, index) => `a${index}: networks { id }`).join(' ');
    const answer = await ask(url, `{ ${aliases} }`);
    expect(answer.data ?? null).toBeNull();
    expect(answer.errors?.[0]?.message).toMatch(/alias|token|limit/i);
  });

  it('a body of 5 MB is answered with 413, which the client gets to see', async () => {
    const body = JSON.stringify({ query: `{ __typename } #${'x'.repeat(5_000_000)}` });
    for (const path of ['/graphql', '/subgraphs/name/market'])
      expect((await post(`${url}${path}`, body)).status, path).toBe(413);
    const small = await dataOf(url, '{ platform { devnet } }');
    expect(small).toEqual({ platform: { devnet: true } });
  });

  it('a published account may act for a user, an unpublished one may not', async () => {
    const act = (from: string) =>
      dataOf(
        url,
        `mutation ($from: String!) { createNetwork(input: { name: "From", isPublic: true, from: $from }) {
        transaction { status } error { code } } }`,
        { variables: { from }, token: anna.token },
      );
    expect((await act(devnetAccount(3).address)).createNetwork).toMatchObject({
      transaction: { status: 'INDEXED' },
      error: null,
    });
    expect((await act(devnetAccount(12).address)).createNetwork.error).toMatchObject({
      code: expect.any(String),
    });
  });
});
