// Deployments enter and leave the supergraph of a product that is being used: nothing that runs meanwhile notices.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { builtSubgraph } from './house.ts';
import {
  type Answer,
  ask,
  dataOf,
  type SignedIn,
  signInWithDid,
  streamOverWebSocket,
} from './testing/client.ts';
import {
  cleanUp,
  eventually,
  type Product,
  runAios,
  startProduct,
  temporaryFolder,
} from './testing/product.ts';
import { cursorNow, type SaleEvent, saleQuery } from './testing/sale-stream.ts';
import { devnetUrlOf, SalesTraffic } from './testing/sales.ts';

let product: Product;
let url: string;
let anna: SignedIn;
let traffic: SalesTraffic;

const aios = (...args: readonly string[]) => runAios([...args, '--data', product.dataDir]);

/** What a command printed, when it succeeded. */
async function succeed(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await aios(...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

/** A copy of the ERC-20 subgraph's build with a schema of its own. */
function erc20(change: (schema: string) => string = (schema) => schema): string {
  const folder = join(temporaryFolder(), 'erc20');
  cpSync(builtSubgraph('erc20'), folder, { recursive: true });
  const file = join(folder, 'schema.graphql');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  return folder;
}

const compositions = () =>
  readFileSync(join(product.dataDir, 'logs/aios.log'), 'utf8').split('the supergraph has changed').length - 1;

const idUnder = async (alias: string): Promise<string> =>
  (await dataOf(url, `{ ${alias}_meta { deployment } }`))[`${alias}_meta`].deployment;

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

describe('a deployment in the supergraph', () => {
  it('is there once deployed, changed, renewed and gone, while mutations and streams go on', async () => {
    const after = await cursorNow(url, streamOverWebSocket, traffic);
    const received: string[] = [];
    const stream = streamOverWebSocket<SaleEvent>(url, saleQuery, { after });
    const reading = (async () => {
      for await (const { saleEvents } of stream) received.push(saleEvents.sale.transaction);
    })().catch(() => {});
    const sold: string[] = [];
    const refused: Answer[] = [];
    let going = true;
    const names: string[] = [];
    const load = (async () => {
      while (going) {
        const name = `Load ${names.length}`;
        const [answer, sales] = await Promise.all([
          ask(
            url,
            `mutation ($name: String!) { createNetwork(input: { name: $name, isPublic: true, waitFor: INDEXED }) {
              network { name } error { code } } }`,
            { variables: { name }, token: anna.token },
          ),
          traffic.sell(1),
        ]);
        if (answer.data?.createNetwork.network?.name === name) names.push(name);
        else refused.push(answer);
        sold.push(...sales);
      }
    })();

    // New: its data is the chain's, its names are its own.
    const line = await succeed('subgraph', 'deploy', 'tokens', erc20(), '--federate', 'my-tokens');
    expect(line).toContain('federated tokens as my-tokens: its fields are myTokens_…');
    const first = await idUnder('myTokens');
    const query = '{ myTokens_tokens { id __typename } listings(first: 1) { id } }';
    const joined = await dataOf(url, query);
    expect(joined.myTokens_tokens).toEqual([
      { id: expect.stringMatching(/^0x[0-9a-f]{40}$/), __typename: 'MyTokens_Token' },
    ]);

    // Live, as any other field of an indexed subgraph.
    const live = streamOverWebSocket(url, 'subscription { myTokens_tokens { transferCount } }');
    const counts = live[Symbol.asyncIterator]();
    const seen = [Number((await counts.next()).value.myTokens_tokens[0].transferCount)];
    while (seen.length < 4) seen.push(Number((await counts.next()).value.myTokens_tokens[0].transferCount));
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(new Set(seen).size).toBe(seen.length);

    // And in its own face, at its own address.
    const own = createClient({
      url: `${url.replace(/^http/, 'ws')}/subgraphs/name/tokens`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    const rising: number[] = [];
    for await (const { data } of own.iterate<{ tokens: { transferCount: string }[] }>({
      query: 'subscription { tokens { transferCount } }',
    })) {
      rising.push(Number(data?.tokens[0]?.transferCount));
      if (rising.length === 4) break;
    }
    expect(rising).toEqual([...new Set(rising)].sort((a, b) => a - b));
    const wrong = own.iterate({ query: 'subscription { nothing }' }).next();
    await expect(wrong).rejects.toEqual([
      expect.objectContaining({ message: expect.stringContaining('nothing') }),
    ]);
    await own.dispose();

    // A new version that clients cannot tell apart takes over without another composition.
    const before = compositions();
    await succeed('subgraph', 'deploy', 'tokens', erc20(), '--start-block', '1');
    await eventually(async () => (await idUnder('myTokens')) !== first, 'the new version did not take over');
    expect(compositions()).toBe(before);
    expect(Number((await counts.next()).value.myTokens_tokens[0].transferCount)).toBeGreaterThan(0);

    // One with another schema changes the supergraph; what it no longer has is refused by name.
    const renamed = erc20((schema) =>
      schema.replace('type Token ', 'type Minted @entity { id: ID! }\n\ntype Token '),
    );
    await succeed('subgraph', 'deploy', 'tokens', renamed);
    await eventually(
      async () => (await ask(url, '{ myTokens_minteds { id } }')).data !== undefined,
      'the new schema did not take over',
    );
    expect(compositions()).toBe(before + 1);
    expect((await dataOf(url, query)).myTokens_tokens).toHaveLength(1);

    // Out again: the deployment stays.
    expect(await succeed('subgraph', 'unfederate', 'tokens')).toContain('my-tokens');
    await eventually(
      async () => (await ask(url, query)).errors?.[0]?.message.includes('myTokens_tokens') === true,
      'it did not leave the supergraph',
    );
    await expect(
      (async () => {
        for (;;) if ((await counts.next()).done) return;
      })(),
    ).rejects.toThrow('SUPERGRAPH_CHANGED');
    const answer = await fetch(`${url}/subgraphs/name/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ tokens { id } }' }),
    });
    expect(((await answer.json()) as Answer).data.tokens).toHaveLength(1);

    going = false;
    await load;
    expect(refused).toEqual([]);
    expect(names.length).toBeGreaterThan(3);
    const { networks } = await dataOf(
      url,
      '{ networks(first: 1000, where: { name_starts_with: "Load " }) { name } }',
    );
    expect(networks.map(({ name }: { name: string }) => name).sort()).toEqual([...names].sort());
    await eventually(() => received.length >= sold.length, `the stream stopped at ${received.length}`);
    expect(received).toEqual(sold);
    stream.cut();
    await reading;
  }, 400_000);

  it('is refused an alias of the house, leaves with its name, and is there again after a start', async () => {
    const result = await aios('subgraph', 'deploy', 'two', erc20(), '--federate', 'market');
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('ALIAS_RESERVED');
    expect(await succeed('subgraph', 'list')).not.toMatch(/\btwo\b/);
    await succeed('subgraph', 'federate', 'tokens', '--alias', 'again');
    expect(await idUnder('again')).toMatch(/^Qm/);
    await product.stop();
    product = await startProduct({ args: ['--no-demo'], dataDir: product.dataDir });
    url = product.url;
    expect(await idUnder('again')).toMatch(/^Qm/);
    await succeed('subgraph', 'remove', 'tokens');
    await eventually(
      async () =>
        (await ask(url, '{ again_meta { deployment } }')).errors?.[0]?.message.includes('again_meta') ===
        true,
      'it did not leave the supergraph',
    );
  }, 180_000);
});
