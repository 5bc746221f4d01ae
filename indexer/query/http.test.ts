import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStoreDatabase, deploy, outcome } from '#indexer/store/testing/deployments.ts';
import { graphNodeFace } from './api-schema.ts';
import { createQueryExecutor } from './executor.ts';
import { createSubgraphEndpoint } from './http.ts';

let database: Awaited<ReturnType<typeof createStoreDatabase>>;
let server: Server;
let base: string;
let id: string;
const failures: unknown[] = [];

beforeAll(async () => {
  database = await createStoreDatabase();
  const { deployment, lease } = await deploy(
    database.store,
    'type Cat @entity(immutable: false) { id: ID! name: String! }',
  );
  id = deployment.id;
  await database.store.assignName('pets/cats', id);
  await deployment.commitBatch(lease, [
    outcome(1, [{ type: 'Cat', id: 'tom', data: { id: 'tom', name: 'Tom' } }]),
  ]);
  const { layout } = deployment;
  const executor = createQueryExecutor({
    pool: database.pool,
    deployment: id,
    layout,
    face: graphNodeFace(layout.schema),
  });
  const endpoint = createSubgraphEndpoint({
    heads: () => database.store.heads(),
    find: async ({ by, value }) => {
      if (value === 'broken') throw new Error('secret');
      return value === (by === 'id' ? id : 'pets/cats') ? executor : undefined;
    },
    maxBodyBytes: 1_000,
    onError: (error) => failures.push(error),
  });
  server = createServer((request, response) => {
    void endpoint(request, response).then((handled) => {
      if (!handled) response.writeHead(404).end('elsewhere');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await database.close();
});

async function post(path: string, body: unknown): Promise<{ status: number; json: unknown }> {
  const response = await fetch(base + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, json: await response.json() };
}

const query = '{ cats { id name } }';
const cats = { data: { cats: [{ id: 'tom', name: 'Tom' }] } };

test('deployments answer by name and by id', async () => {
  expect(await post('/subgraphs/name/pets/cats', { query })).toEqual({ status: 200, json: cats });
  expect(await post(`/subgraphs/id/${id}/`, { query, variables: null })).toEqual({ status: 200, json: cats });
  expect(await post('/subgraphs/name/pets/dogs', { query })).toEqual({
    status: 200,
    json: { errors: [{ message: 'deployment `pets/dogs` does not exist' }] },
  });
  expect((await fetch(`${base}/elsewhere`)).status).toBe(404);
});

test('errors have graph-node’s shape: no data, a message, a location where it gives one', async () => {
  expect(await post('/subgraphs/name/pets/cats', { query: '{ cats { id tail } }' })).toEqual({
    status: 200,
    json: { errors: [{ locations: [{ line: 1, column: 13 }], message: 'Type `Cat` has no field `tail`' }] },
  });
  expect(await post('/subgraphs/name/pets/cats', { query: '{ cats {' })).toEqual({
    status: 200,
    json: {
      errors: [{ locations: [{ line: 1, column: 9 }], message: expect.stringContaining('Syntax Error') }],
    },
  });
  expect(await post('/subgraphs/name/pets/cats', { query: '{ cats(block: { number: 2 }) { id } }' })).toEqual(
    {
      status: 200,
      json: {
        errors: [
          {
            message: expect.stringContaining('data for block number 2 is therefore not yet available'),
          },
        ],
      },
    },
  );
});

test('requests that are no queries are refused with what is wrong', async () => {
  const error = async (body: unknown) => post('/subgraphs/name/pets/cats', body);
  const client = 'GraphQL server error (client error): ';
  expect(await error('[1]')).toEqual({
    status: 400,
    json: { error: `${client}Request data is not an object` },
  });
  expect(await error({})).toEqual({
    status: 400,
    json: { error: `${client}The "query" field is missing in request data` },
  });
  expect(await error({ query, variables: [1] })).toEqual({
    status: 400,
    json: { error: `${client}Invalid query variables provided` },
  });
  expect((await error({ query: `${query}${' '.repeat(1_000)}` })).status).toBe(413);
  expect((await error('{')).status).toBe(400);
});

test('faults of ours are told to the log and not to the client', async () => {
  const { status, json } = await post('/subgraphs/name/broken', { query });
  expect(status).toBe(500);
  expect(JSON.stringify(json)).not.toContain('secret');
  expect(String(failures.at(-1))).toContain('secret');
});
