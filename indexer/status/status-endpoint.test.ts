import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROOF_TYPE } from '#indexer/proof/proof-entity.ts';
import { createEventStream } from '#indexer/proof/proof-of-indexing.ts';
import { createStoreDatabase, deploy, hashOf, outcome } from '#indexer/store/testing/deployments.ts';
import { createStatusEndpoint } from './status-endpoint.ts';

const MANIFEST = `
specVersion: 1.2.0
features: [nonFatalErrors]
dataSources:
  - kind: ethereum
    network: test
    mapping: { apiVersion: 0.0.9, eventHandlers: [{ handler: a }] }
templates:
  - kind: ethereum
    network: test
    mapping: { apiVersion: 0.0.9, blockHandlers: [{ handler: b }] }
`;

let database: Awaited<ReturnType<typeof createStoreDatabase>>;
let server: Server;
let id: string;

beforeAll(async () => {
  database = await createStoreDatabase();
  const { deployment, lease } = await deploy(
    database.store,
    'type Cat @entity(immutable: false) { id: ID! name: String! }\ntype Birth @entity(immutable: true) { id: Bytes! }',
    { manifest: MANIFEST, proof: 'fast' },
  );
  id = deployment.id;
  const stream = createEventStream('fast');
  const digest = (block: number, previous: Uint8Array | null) => {
    stream.beginBlock(block);
    stream.startHandler();
    stream.removeEntity('Cat', 'nobody');
    return stream.pause(previous);
  };
  const first = digest(1, null);
  const region = 'ethereum/test';
  const proof = (state: Uint8Array) => ({
    type: PROOF_TYPE,
    id: region,
    data: { id: region, digest: state },
  });
  const cat = (name: string) => ({ type: 'Cat', id: 'tom', data: { id: 'tom', name } });
  await deployment.commitBatch(lease, [
    outcome(1, [cat('Tom'), proof(first)]),
    outcome(2, [cat('Thomas'), proof(digest(2, first))]),
    outcome(3, [{ type: 'Cat', id: 'tom', data: null }]),
  ]);
  await database.store.assignName('pets/cats', id);
  const endpoint = createStatusEndpoint({
    pool: database.pool,
    paths: ['/index-node/graphql'],
    version: { version: '1.2.3', commit: 'c0ffee' },
    chains: {
      head: async () => ({ number: 9, hash: hashOf(9) }),
      blockHash: async (_, number) => hashOf(number),
      block: async () => ({ number: '0x1' }),
    },
  });
  server = createServer((request, response) => {
    void endpoint(request, response).then((handled) => {
      if (!handled) response.writeHead(404).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await database.close();
});

async function ask(query: string, path = '/index-node/graphql'): Promise<Record<string, unknown>> {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const answer = (await response.json()) as { data?: Record<string, unknown> };
  return answer.data ?? (answer as Record<string, unknown>);
}

test('status is that of the registry, in graph-node’s spelling', async () => {
  const fields = `subgraph synced health fatalError { message } nonFatalErrors { message } paused entityCount historyBlocks
    chains { __typename network chainHeadBlock { number hash } earliestBlock { number hash } latestBlock { number hash } }`;
  const expected = {
    ...{ subgraph: id, synced: false, health: 'healthy', fatalError: null, nonFatalErrors: [] },
    ...{ paused: false, entityCount: '1', historyBlocks: 2147483647 },
    chains: [
      {
        ...{ __typename: 'EthereumIndexingStatus', network: 'test' },
        chainHeadBlock: { number: '9', hash: hashOf(9).slice(2) },
        earliestBlock: { number: '0', hash: '0x0' },
        latestBlock: { number: '3', hash: hashOf(3).slice(2) },
      },
    ],
  };
  expect(await ask(`{ indexingStatuses(subgraphs: ["${id}"]) { ${fields} } }`)).toEqual({
    indexingStatuses: [expected],
  });
  expect(await ask(`{ indexingStatusForCurrentVersion(subgraphName: "pets/cats") { ${fields} } }`)).toEqual({
    indexingStatusForCurrentVersion: expected,
  });
  expect(await ask('{ indexingStatusForPendingVersion(subgraphName: "pets/cats") { subgraph } }')).toEqual({
    indexingStatusForPendingVersion: null,
  });
  expect(await ask('{ indexingStatuses { subgraph } }', '/elsewhere')).toEqual({});
});

test('a proof of indexing is that of its block, as long as the deployment has come that far', async () => {
  const proof = async (block: number, indexer = '') =>
    (
      await ask(
        `{ proofOfIndexing(subgraph: "${id}", blockNumber: ${block}, blockHash: "${hashOf(block)}"${indexer}) }`,
      )
    ).proofOfIndexing;
  const all = [
    await proof(0),
    await proof(1),
    await proof(2),
    await proof(3),
    await proof(3, ', indexer: "0x01"'),
  ];
  expect(new Set(all).size).toBe(5);
  for (const found of all) expect(found).toMatch(/^0x[0-9a-f]{64}$/);
  expect(await proof(4)).toBe(null);
  const zero = `, indexer: "0x${'00'.repeat(20)}"`;
  const requests = `[{ deployment: "${id}", blockNumber: "2" }]`;
  expect(
    await ask(`{ publicProofsOfIndexing(requests: ${requests}) { block { number hash } proofOfIndexing } }`),
  ).toEqual({
    publicProofsOfIndexing: [
      { block: { number: '2', hash: hashOf(2).slice(2) }, proofOfIndexing: await proof(2, zero) },
    ],
  });
});

test('what a block changed, what a deployment uses, what there is', async () => {
  const changes = async (block: number) =>
    (
      await ask(
        `{ entityChangesInBlock(subgraphId: "${id}", blockNumber: ${block}) { updates { type entities } deletions { type entities } } }`,
      )
    ).entityChangesInBlock;
  expect(await changes(2)).toEqual({
    updates: [{ type: 'Cat', entities: [{ id: 'tom', name: 'Thomas' }] }],
    deletions: [],
  });
  expect(await changes(3)).toEqual({ updates: [], deletions: [{ type: 'Cat', entities: ['tom'] }] });
  expect(
    await ask(
      `{ subgraphFeatures(subgraphId: "${id}") { apiVersion specVersion features dataSources handlers network } version { version } }`,
    ),
  ).toEqual({
    subgraphFeatures: {
      ...{ apiVersion: '0.0.9', specVersion: '1.2.0', network: 'test', dataSources: ['ethereum'] },
      ...{ features: ['nonFatalErrors', 'immutableEntities', 'bytesAsIds'], handlers: ['block', 'event'] },
    },
    version: { version: '1.2.3' },
  });
  expect(await ask('{ blockHashFromNumber(network: "test", blockNumber: 5) }')).toEqual({
    blockHashFromNumber: hashOf(5).slice(2),
  });
});
