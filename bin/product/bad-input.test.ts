// What goes wrong at the edges: each mistake is told with its fix and ends with exit code 1, and nothing is lost by it.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { within } from '#node/platform/lifecycle/service-group.ts';
import { freePort } from '#node/platform/ports.ts';
import { builtSubgraph } from './house.ts';
import { dataOf, type SignedIn, signInWithDid, streamOverWebSocket } from './testing/client.ts';
import {
  type CommandResult,
  cleanUp,
  eventually,
  launchProduct,
  type Product,
  runAios,
  startProduct,
  temporaryFolder,
} from './testing/product.ts';
import { cursorNow, type SaleEvent, saleQuery } from './testing/sale-stream.ts';
import { devnetUrlOf, SalesTraffic } from './testing/sales.ts';

afterAll(cleanUp, 60_000);

/** Exit code 1, every word on standard error, and no stack trace: it is the user's to mend. */
function expectRefusal(result: CommandResult, ...words: readonly (string | RegExp)[]): void {
  expect(result.code, result.stderr).toBe(1);
  for (const word of words) expect(result.stderr).toMatch(word);
  expect(result.stderr).not.toMatch(/^ {4}at /m);
}

describe('aios start refuses', () => {
  const start = (args: readonly string[], env: Record<string, string> = {}) =>
    runAios(['start', '--data', temporaryFolder(), ...args], { env });

  it('a part of the roles without a shared database', async () => {
    expectRefusal(await start(['--role', 'indexer']), 'ROLES_NEED_DATABASE', 'DATABASE_URL');
  });

  it('a role that does not exist, naming those that do', async () => {
    expectRefusal(
      await start(['--role', 'indexer,cook']),
      'CONFIG_INVALID',
      /gateway.*services.*indexer.*devnet/,
    );
  });

  it('a gateway that does not know where the services are', async () => {
    const env = { DATABASE_URL: 'postgresql://127.0.0.1:1/none' };
    expectRefusal(await start(['--role', 'gateway'], env), 'SERVICES_URL_MISSING', '--services-url');
  });

  it('a database that nobody serves, naming where it looked', async () => {
    const port = await freePort();
    const env = { DATABASE_URL: `postgresql://user:secret@127.0.0.1:${port}/none` };
    const result = await start(['--role', 'services'], env);
    expectRefusal(result, String(port), 'DATABASE_URL');
    expect(result.stderr).not.toContain('secret');
  });

  it('a port that is taken, naming its holder', async () => {
    const server: Server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = address && typeof address === 'object' ? address.port : 0;
    try {
      expectRefusal(
        await start(['--port', String(port)]),
        'PORT_TAKEN',
        `Port ${port}`,
        new RegExp(`process ${process.pid}\\)`),
        '--port N',
      );
    } finally {
      server.close();
    }
  });

  it('a data folder that is none', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expectRefusal(await runAios(['start', '--data', file]), 'DATA_FOLDER_UNUSABLE', '--data DIR');
  });
});

describe('a running product', () => {
  const dataDir = temporaryFolder();
  const cwd = temporaryFolder();
  let product: Product;
  let anna: SignedIn;
  let networkId: string;

  const aios = (...args: readonly string[]) => runAios([...args, '--data', dataDir], { cwd });
  const names = async () =>
    JSON.parse((await aios('subgraph', 'list', '--json')).stdout).map(
      (row: { names: string[] }) => row.names[0],
    );
  /** A copy of a built subgraph, to be spoilt. */
  const copyOf = (name: string) => {
    const folder = join(temporaryFolder(), name);
    cpSync(builtSubgraph(name), folder, { recursive: true });
    return folder;
  };
  const createNetwork = async (name: string) => {
    const { createNetwork: made } = await dataOf(
      product.url,
      `mutation ($name: String!) { createNetwork(input: { name: $name, isPublic: true }) {
        transaction { status } network { id } error { message } } }`,
      { variables: { name }, token: anna.token },
    );
    expect(made).toMatchObject({ transaction: { status: 'INDEXED' }, error: null });
    return made.network.id;
  };

  beforeAll(async () => {
    product = await startProduct({ dataDir, cwd, args: ['--no-demo'] });
    anna = await signInWithDid(product.url, 1);
    networkId = await createNetwork('Kept');
    const devnet = await devnetUrlOf(product.url);
    writeFileSync(
      join(cwd, 'aios.config.ts'),
      `export default { chains: {
        other: { rpcUrls: ['${devnet}'], chainId: 5 },
        dead: { rpcUrls: ['http://127.0.0.1:${await freePort()}'], chainId: 7 },
      } };`,
    );
  }, 180_000);

  it('holds its data folder alone', async () => {
    const result = await aios('start', '--port', String(await freePort()));
    expectRefusal(result, 'DATA_FOLDER_BUSY', /process \d+/, '--data DIR');
  });

  it.each<[string, (folder: string) => void, (string | RegExp)[]]>([
    [
      'is not YAML',
      (folder) => writeFileSync(join(folder, 'subgraph.yaml'), 'dataSources: [\n  - {'),
      [/subgraph\.yaml:\d+/],
    ],
    [
      'misses what it needs',
      (folder) =>
        writeFileSync(
          join(folder, 'subgraph.yaml'),
          'specVersion: 1.3.0\nschema:\n  file: ./schema.graphql\n',
        ),
      [/subgraph\.yaml:\d+.*dataSources/],
    ],
    [
      'names a handler for an event that its ABI does not have',
      (folder) => {
        const file = join(folder, 'subgraph.yaml');
        writeFileSync(
          file,
          readFileSync(file, 'utf8').replace('Transfer(indexed address', 'Transferred(indexed address'),
        );
      },
      [/subgraph\.yaml:\d+.*Transferred/],
    ],
    [
      'has a schema that is none',
      (folder) =>
        writeFileSync(join(folder, 'schema.graphql'), 'type Token @entity { id: ID! name: Strin! }'),
      ['schema.graphql', 'Strin'],
    ],
  ])('refuses a subgraph whose manifest %s', async (_, spoil, words) => {
    const folder = copyOf('erc20');
    spoil(folder);
    expectRefusal(await aios('subgraph', 'deploy', 'spoilt', folder, '--network', 'devnet'), ...words);
    expect(await names()).toEqual(['directory', 'market', 'proofs']);
  });

  it('refuses a mapping that is no WebAssembly, and one without its handlers', async () => {
    const spoil = (folder: string, content: Uint8Array) => {
      for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
        if (file.endsWith('.wasm')) writeFileSync(join(folder, file), content);
      return folder;
    };
    const garbage = spoil(copyOf('erc20'), Buffer.from('no module'));
    expectRefusal(
      await aios('subgraph', 'deploy', 'spoilt', garbage, '--network', 'devnet'),
      /\.wasm|mapping/i,
    );
    const empty = spoil(copyOf('erc20'), Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    expectRefusal(
      await aios('subgraph', 'deploy', 'spoilt', empty, '--network', 'devnet'),
      /handle\w+|memory|export/i,
    );
    await aios('subgraph', 'remove', 'spoilt');
    expect(await names()).toEqual(['directory', 'market', 'proofs']);
  });

  it('refuses a folder, a chain and a name that do not exist', async () => {
    expectRefusal(await aios('subgraph', 'deploy', 'x', temporaryFolder()), 'subgraph.yaml');
    expectRefusal(
      await aios('subgraph', 'deploy', 'x', builtSubgraph('erc20'), '--network', 'moon'),
      'moon',
      'devnet',
    );
    expectRefusal(await aios('subgraph', 'remove', 'nothing'), 'UNKNOWN_NAME', 'aios subgraph list');
  });

  it('refuses a chain whose id is another, and one whose endpoint does not answer', async () => {
    const deploy = (network: string) =>
      aios('subgraph', 'deploy', 'x', builtSubgraph('erc20'), '--network', network);
    expectRefusal(await deploy('other'), /chain id 31337/, /chain id 5/);
    expectRefusal(await deploy('dead'), /RPC_UNREACHABLE|no answer/, /127\.0\.0\.1/);
    expect(await names()).toEqual(['directory', 'market', 'proofs']);
  });

  it('outlives the loss of every database connection, streams and pipeline included', async () => {
    const { databaseUrl } = JSON.parse(readFileSync(join(dataDir, 'running.json'), 'utf8'));
    const client = new pg.Client({ connectionString: databaseUrl });
    client.on('error', () => {});
    await client.connect();
    const traffic = new SalesTraffic(await devnetUrlOf(product.url));
    let after = await cursorNow(product.url, streamOverWebSocket, traffic);
    const arrived: string[] = [];
    const expected: string[] = [];
    const selling = (async () => {
      for (let round = 0; round < 5; round++) {
        expected.push(...(await traffic.sell(10)));
        await client.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
        );
      }
      await client.end();
    })();
    const read = (async () => {
      while (arrived.length < 50) {
        try {
          for await (const { saleEvents } of streamOverWebSocket<SaleEvent>(product.url, saleQuery, {
            after,
          })) {
            arrived.push(saleEvents.sale.transaction);
            after = saleEvents.cursor;
            if (arrived.length === 50) break;
          }
        } catch {
          // A stream may end with its connection; its cursor goes on.
        }
      }
    })();
    await selling;
    await within(read, 60_000, 'the sales do not arrive').catch(async (error: Error) => {
      throw new Error(`${error.message}: ${arrived.length} of 50\n${await product.report()}`);
    });
    expect(arrived).toEqual(expected);
    await createNetwork('After the drop');
    await eventually(async () => {
      const health = (await (await fetch(`${product.url}/health`)).json()) as { status: string };
      return health.status === 'ok';
    }, 'the product does not become healthy again');
  }, 120_000);

  it('tells what is damaged in its database, and has lost nothing once that is mended', async () => {
    await product.stop();
    const control = join(dataDir, 'postgres/global/pg_control');
    const good = readFileSync(control);
    writeFileSync(control, Buffer.concat([good.subarray(0, 64), Buffer.alloc(good.length - 64)]));
    try {
      const failed = await launchProduct({ dataDir, cwd, args: ['--no-demo'] });
      expect(await failed.ended(60_000)).toEqual({ code: 1, signal: null });
      expect(failed.output).toMatch(/POSTGRES_START_FAILED/);
      expect(failed.output).toMatch(/control file/);
      expect(failed.output).toMatch(/--fresh/);
      expect(failed.pids()).toEqual({});
    } finally {
      writeFileSync(control, good);
    }
  }, 120_000);

  it('moves a damaged chain aside and goes on, its off-chain data kept', async () => {
    const devnet = join(dataDir, 'devnet');
    const state = join(devnet, 'state.json');
    writeFileSync(state, readFileSync(state).subarray(0, 1_000));
    // At the same address, for which her token was issued.
    product = await startProduct({ dataDir, cwd, port: product.port, args: ['--no-demo'] });
    const aside = readdirSync(devnet).filter((name) => name.startsWith('state.corrupt-'));
    expect(aside).toHaveLength(1);
    expect((await dataOf(product.url, '{ me { did } }', { token: anna.token })).me.did).toBe(anna.did);
    // From the last good copy, the network is there; from a new chain it is not, and the index says so, too.
    const { network } = await dataOf(product.url, 'query ($id: ID!) { network(id: $id) { name } }', {
      variables: { id: networkId },
    });
    expect(network).toEqual({ name: 'Kept' });
    await createNetwork('After the damage');
    await product.stop();
  }, 180_000);
});
