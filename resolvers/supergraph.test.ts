// The service subgraphs as clients meet them: composed with the indexed ones, behind the gateway, over HTTP and SSE.
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { JsonRpcProvider } from 'ethers';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subgraphDefinitions } from '#bin/product/members.ts';
import { devnetChainId, devnetUsers } from '#node/devnet/accounts.ts';
import { AnvilDevnet } from '#node/devnet/anvil.ts';
import { prepareDevnet } from '#node/devnet/prepare.ts';
import type { EntityJson } from '#node/platform/events/change-feed.ts';
import { silentLogger } from '#node/platform/log.ts';
import { createTestPlatform, type TestPlatform } from '#node/platform/testing/platform.ts';
import { composeSupergraph } from '#schema/compose/compose-supergraph.ts';
import { createGateway, type Gateway } from '#schema/gateway/create-gateway.ts';
import { parseEventStream } from '#schema/gateway/event-stream.ts';
import { toSubgraph } from '#schema/subgraph.ts';
import { createActionRunner, openDevnetAccounts } from './actions/index.ts';
import { interfaces } from './actions/reverts.ts';
import { didOfKey } from './identity/did.ts';
import { createIdentitySubgraph, type IdentitySubgraph } from './identity/index.ts';
import { createMarketSubgraph } from './market/index.ts';
import { createNetworksSubgraph, type NetworksSubgraph } from './networks/index.ts';
import { createStatusSubgraph } from './status/index.ts';
import { FeedWriter, TestAliases } from './testing/feed.ts';

let platform: TestPlatform;
let anvil: AnvilDevnet;
let provider: JsonRpcProvider;
let identity: IdentitySubgraph;
let networks: NetworksSubgraph;
let gateway: Gateway;
let server: Server;
let url: string;
let directory: FeedWriter;
let market: FeedWriter;
const dataDir = mkdtempSync(join(tmpdir(), 'aios-supergraph-'));

/** Stands for an indexed subgraph: answers with what the feed's writer has, a field resolver for each type. */
function indexed(name: string, sdl: string, feed: FeedWriter) {
  const types = [...sdl.matchAll(/type (\w+) @key/g)].map((match) => match[1] ?? '');
  const resolvers = Object.fromEntries(
    types.map((type) => [
      type,
      { __resolveReference: ({ id }: { id: string }) => feed.entities(type).get(id) ?? null },
    ]),
  );
  const typeDefs = parse(
    `extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key"]) ${sdl}`,
  );
  return toSubgraph(buildSubgraphSchema([{ typeDefs, resolvers }]), name);
}

beforeAll(async () => {
  platform = await createTestPlatform();
  const { pool } = platform.database;
  directory = new FeedWriter(pool, 'QmDirectory');
  market = new FeedWriter(pool, 'QmMarket');
  const aliases = new TestAliases();
  aliases.set('directory', directory.deployment);
  aliases.set('market', market.deployment);
  anvil = new AnvilDevnet({ dataDir });
  await anvil.start();
  const contracts = await prepareDevnet(anvil.rpcUrl);
  provider = new JsonRpcProvider(anvil.rpcUrl, devnetChainId, { staticNetwork: true });
  const published = devnetUsers().map(({ address, index }) => ({ address, label: `account ${index}` }));
  const devnet = await openDevnetAccounts(pool, published);
  const runner = createActionRunner({
    provider,
    chainId: devnetChainId,
    contracts,
    devnet,
    // Indexes the block's new networks, as the directory's mappings would.
    waitForBlock: async (_alias, block) => {
      const logs = await provider.getLogs({
        fromBlock: block,
        toBlock: block,
        address: contracts.networkRegistry,
      });
      for (const log of logs) {
        const event = interfaces.networkRegistry.parseLog(log);
        if (event?.name !== 'NetworkCreated') continue;
        const id = String(event.args.networkId);
        const owner = String(event.args.creator).toLowerCase();
        const data = { id, name: event.args.name, owner, isPublic: event.args.isPublic };
        await directory.block([{ entity: 'Network', id, data }]);
      }
    },
  });
  const bus = platform.bus;
  identity = await createIdentitySubgraph({
    pool,
    bus,
    publicUrl: 'http://localhost:4000',
    chainId: devnetChainId,
    devnet,
  });
  networks = await createNetworksSubgraph({ pool, bus, aliases, runner, logger: silentLogger });
  const members = [
    identity,
    networks,
    createMarketSubgraph({ pool, bus, aliases, runner }),
    createStatusSubgraph({
      deployments: {
        deployments: async () => [
          {
            id: 'QmDirectory',
            name: 'directory',
            alias: 'directory',
            chain: 'devnet',
            synced: true,
            health: 'healthy',
            head: { number: 7, hash: '0x07' },
            chainHead: { number: 9, hash: '0x09' },
            entityCount: 3,
            error: null,
          },
        ],
      },
      chains: { chains: async () => [] },
      platform: {
        platform: () => ({
          version: '1',
          devnet: true,
          chainId: devnetChainId,
          contracts: [],
          devnetAccounts: published,
        }),
      },
    }),
    indexed(
      'directory',
      `type Query { networkCount: Int } scalar Bytes
       type Network @key(fields: "id") { id: ID! name: String! owner: Bytes! isPublic: Boolean! }
       type Community @key(fields: "id") { id: ID! name: String! }
       type Environment @key(fields: "id") { id: ID! name: String! }
       type RoleGrant @key(fields: "id") { id: ID! roleName: String! }`,
      directory,
    ),
    indexed(
      'market',
      `type Query { saleCount: Int } scalar Bytes scalar BigInt
       type Agent @key(fields: "id") { id: ID! creator: Bytes! }
       type Listing @key(fields: "id") { id: ID! price: BigInt! }
       type Sale @key(fields: "id") { id: ID! price: BigInt! buyer: Bytes! seller: Bytes! }`,
      market,
    ),
  ];
  const composed = composeSupergraph(members.map(({ name, sdl }) => ({ name, sdl })));
  if (!composed.ok) throw new Error(JSON.stringify(composed.problems, null, 2));
  gateway = await createGateway({
    supergraphSdl: composed.supergraphSdl,
    subgraphs: Object.fromEntries(members.map(({ name, executor }) => [name, executor])),
    authenticate: ({ authorization }) => identity.authenticate(authorization),
    logger: silentLogger,
  });
  server = createServer(gateway.listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
});

afterAll(async () => {
  await gateway?.close();
  server?.closeAllConnections();
  server?.close();
  await networks?.close();
  identity?.close();
  provider?.destroy();
  await anvil?.stop();
  await platform?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: the shape of a GraphQL answer is what the test looks at.
  readonly data: any;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

const post = (query: string, variables: object, token?: string, accept = 'application/json') =>
  fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept,
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify({ query, variables }),
  });

async function ask(query: string, variables: object = {}, token?: string): Promise<Answer> {
  return (await (await post(query, variables, token)).json()) as Answer;
}

async function signIn(
  scopes?: string[],
): Promise<{ did: string; accessToken: string; refreshToken: string }> {
  const pair = generateKeyPairSync('ed25519');
  const did = didOfKey(Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'));
  const made = await ask(
    `mutation ($input: CreateSignInChallengeInput!) { createSignInChallenge(input: $input) { challenge { id message } error { code } } }`,
    { input: { did } },
  );
  const { id, message } = made.data.createSignInChallenge.challenge;
  const signature = `0x${sign(null, Buffer.from(message), pair.privateKey).toString('hex')}`;
  const opened = await ask(
    `mutation ($input: SignInInput!) { signIn(input: $input) { session { did accessToken refreshToken expiresAt } error { code message } } }`,
    { input: { challengeId: id, signature, did, scopes } },
  );
  expect(opened.data.signIn.error).toBeNull();
  return opened.data.signIn.session;
}

const createNetwork = `mutation ($name: String!) {
  createNetwork(input: { name: $name, isPublic: true }) {
    transaction { hash status }
    network { id name viewerCanEdit profile { tags } ownerAccount { did isDevnet } }
    error { code message }
  }
}`;

it('the real members compose', async () => {
  const composed = composeSupergraph(await subgraphDefinitions());
  expect(composed.ok ? [] : composed.problems).toEqual([]);
});

describe('sessions', () => {
  it('are told by me, refreshed, and ended by signOut', async () => {
    expect((await ask('{ me { did } }')).data).toEqual({ me: null });
    const session = await signIn();
    const me = await ask(
      '{ me { did scopes expiresAt account { id addresses isDevnet } } }',
      {},
      session.accessToken,
    );
    expect(me.data.me).toMatchObject({
      did: session.did,
      scopes: ['read', 'write'],
      account: { id: session.did, isDevnet: true, addresses: [expect.stringMatching(/^0x/)] },
    });
    const refreshed = await ask(
      `mutation ($t: String!) { refreshSession(input: { refreshToken: $t }) { session { accessToken } error { code } } }`,
      { t: session.refreshToken },
    );
    const token = refreshed.data.refreshSession.session.accessToken;
    expect((await ask('mutation { signOut { ok } }', {}, token)).data.signOut).toEqual({ ok: true });
    const after = await ask('{ me { did } }', {}, token);
    expect(after.errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  });

  it('are refused when the token is bad, not taken for anonymous', async () => {
    const bad = await ask('{ platform { version } }', {}, 'x.y.z');
    expect(bad.errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    expect(bad.data ?? null).toBeNull();
  });

  it('answer refusals as data', async () => {
    const refused = await ask(
      `mutation { signIn(input: { challengeId: "nope", signature: "0x" }) { session { did } error { code message } } }`,
    );
    expect(refused.data.signIn).toMatchObject({ session: null, error: { code: 'CHALLENGE_UNKNOWN' } });
  });

  it('resolve DIDs and accounts of anybody', async () => {
    const { did } = await signIn();
    const answer = await ask(
      `query ($did: String!) { didDocument(did: $did) account(did: $did) { id } other: account(address: "0x00000000000000000000000000000000000000aa") { did } }`,
      { did },
    );
    expect(answer.data.didDocument.id).toBe(did);
    // On the devnet and on the AiOS chain.
    expect(answer.data.didDocument.alsoKnownAs).toHaveLength(2);
    expect(answer.data.other.did).toBe(
      `did:pkh:eip155:${devnetChainId}:0x00000000000000000000000000000000000000aa`,
    );
  });
});

describe('networks', () => {
  it('are created by a mutation whose payload joins three subgraphs, then described and found', async () => {
    const { accessToken, did } = await signIn();
    const created = await ask(createNetwork, { name: 'Artisan Collective' }, accessToken);
    expect(created).toMatchObject({
      data: {
        createNetwork: {
          transaction: { status: 'INDEXED' },
          network: {
            name: 'Artisan Collective',
            viewerCanEdit: true,
            profile: null,
            ownerAccount: { did, isDevnet: true },
          },
          error: null,
        },
      },
    });
    const { id } = created.data.createNetwork.network;
    const update = `mutation ($input: UpdateNetworkProfileInput!) {
      updateNetworkProfile(input: $input) { network { name profile { description tags } } error { code message } }
    }`;
    const input = { networkId: id, description: 'Hand made', tags: ['Craft'] };
    const updated = await ask(update, { input }, accessToken);
    expect(updated.data.updateNetworkProfile).toEqual({
      network: { name: 'Artisan Collective', profile: { description: 'Hand made', tags: ['craft'] } },
      error: null,
    });
    const stranger = await signIn();
    const refused = await ask(update, { input: { ...input, description: 'taken' } }, stranger.accessToken);
    expect(refused.data.updateNetworkProfile).toMatchObject({
      network: null,
      error: { code: 'NOT_AUTHORISED' },
    });
    const bad = await ask(update, { input: { networkId: id, site: 'javascript:1' } }, accessToken);
    expect(bad.data.updateNetworkProfile.error.code).toBe('INVALID_PROFILE');
    const find = () =>
      ask(
        `{ searchNetworks(query: "artisn colective") {
             totalCount edges { cursor score node { id } network { name viewerCanEdit ownerAccount { did } profile { tags } } }
             pageInfo { endCursor hasNextPage hasPreviousPage } facets { tags { value count } visibility { value count } } } }`,
        {},
        stranger.accessToken,
      );
    await expect.poll(async () => (await find()).data.searchNetworks.totalCount).toBe(1);
    expect((await find()).data.searchNetworks).toMatchObject({
      edges: [
        {
          node: { id },
          network: {
            name: 'Artisan Collective',
            viewerCanEdit: false,
            ownerAccount: { did },
            profile: { tags: ['craft'] },
          },
        },
      ],
      pageInfo: { hasNextPage: false, hasPreviousPage: false },
      facets: {
        tags: [{ value: 'craft', count: 1 }],
        visibility: [
          { value: 'PUBLIC', count: 1 },
          { value: 'PRIVATE', count: 0 },
        ],
      },
    });
  });

  it('are not created without signing in, nor with a session that may only read', async () => {
    const anonymous = await ask(createNetwork, { name: 'N' });
    expect(anonymous.errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    const { accessToken } = await signIn(['read']);
    const reader = await ask(createNetwork, { name: 'N' }, accessToken);
    expect(reader.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });
});

describe('status', () => {
  it('shows what the sources say', async () => {
    const { data } = await ask(
      '{ deployments { id lagBlocks health head { number } } platform { devnet chainId devnetAccounts { label } } chains { name } }',
    );
    expect(data.deployments).toEqual([
      { id: 'QmDirectory', lagBlocks: 2, health: 'healthy', head: { number: 7 } },
    ]);
    expect(data.platform).toMatchObject({ devnet: true, chainId: devnetChainId });
  });
});

describe('saleEvents', () => {
  it('carry fields of other subgraphs, in order and once each, across a disconnect', async () => {
    const sale = (n: number): { entity: string; id: string; data: EntityJson } => {
      const id = `0x${n.toString(16).padStart(72, '0')}`;
      const buyer = `0x${n.toString(16).padStart(40, '0')}`;
      return { entity: 'Sale', id, data: { id, price: String(n), buyer, seller: `0x${'11'.repeat(20)}` } };
    };
    const query = `subscription ($after: String) {
      saleEvents(after: $after) { cursor reverted saleId sale { price buyerAccount { did } } }
    }`;
    const listen = async (count: number, after?: string, ready: () => void = () => {}) => {
      const response = await post(query, { after }, undefined, 'text/event-stream');
      ready();
      const events: Answer['data'][] = [];
      if (!response.body) throw new Error('no stream');
      for await (const { event, data } of parseEventStream(response.body)) {
        if (event !== 'next') continue;
        events.push((JSON.parse(data) as Answer).data.saleEvents);
        if (events.length === count) break;
      }
      return events;
    };
    const total = 60;
    await market.block([sale(0)]);
    const before = listen(25, Buffer.from(`1:${market.deployment}:1`).toString('base64url'));
    for (let n = 1; n <= total; n += 3) await market.block([sale(n), sale(n + 1), sale(n + 2)]);
    const first = await before;
    const rest = await listen(total - 25, first.at(-1).cursor);
    const events = [...first, ...rest];
    expect(events.map(({ sale: { price } }) => price)).toEqual(
      Array.from({ length: total }, (_, n) => String(n + 1)),
    );
    expect(events[4].sale.buyerAccount.did).toBe(`did:pkh:eip155:${devnetChainId}:${sale(5).data.buyer}`);
    await market.revert(1);
    const [undone] = await listen(1, events.at(-1).cursor);
    expect(undone).toMatchObject({ reverted: true, sale: null, saleId: sale(total).id });
  });
});
