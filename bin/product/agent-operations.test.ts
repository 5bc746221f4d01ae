// Agents that use the platform's own GraphQL: in the process of the gateway, and in a process of their own.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '#node/platform/ports.ts';
import { createTestDatabase, type TestDatabase } from '#node/platform/testing/postgres.ts';
import { type AgentsPlace, mutate, prepareAgents } from './testing/agents.ts';
import { dataOf } from './testing/client.ts';
import { cleanUp, eventually, type Product, startProduct, temporaryFolder } from './testing/product.ts';

const operations = {
  listing: 'query ($id: ID!) { listing(id: $id) { id price seller } }',
  mayOperate: 'query ($id: ID!) { agentDeployment(id: $id) { viewerCanOperate } }',
  runsOf: 'query ($id: ID!) { agentDeployment(id: $id) { runs { edges { node { id } } } } }',
  expensive: `{ networks(first: 1000) { agentDeployments(first: 100) { edges { node { runs(first: 100) { edges { node { id } } } } } } } }`,
  wrong: '{ listings { nothing } }',
};
const create = `mutation ($name: String!) { createNetwork(input: { name: $name, isPublic: true }) {
  network { id owner } error { code } } }`;
const code = `export function run(input: any, aios: any) {
  try { return aios.call('graphql.run', input); } catch (error: any) { return { refused: error.code, message: error.message }; }
}`;

afterAll(cleanUp, 60_000);

describe.each(['in the gateway’s process', 'in a process of its own'])('an agent %s', (arrangement) => {
  let database: TestDatabase | undefined;
  const products: Product[] = [];
  let place: AgentsPlace;
  let reader: string;
  let writer: string;

  beforeAll(async () => {
    const whole = arrangement === 'in the gateway’s process';
    if (whole) {
      products.push(await startProduct({ args: ['--no-demo'], dataDir: temporaryFolder() }));
    } else {
      database = await createTestDatabase();
      const port = await freePort();
      const env = { DATABASE_URL: database.url, AIOS_GATEWAY_URL: `http://127.0.0.1:${port}` };
      const roles = (args: readonly string[], at?: number) =>
        startProduct({ args: ['--role', ...args], env, dataDir: temporaryFolder(), port: at });
      products.push(await roles(['devnet,indexer,services,gateway', '--no-demo'], port));
      products.push(await roles(['agents']));
    }
    place = await prepareAgents(products[0]?.url ?? '');
    reader = await place.deploy(code, { name: 'reader', capabilities: { graphql: { operations } } });
    writer = await place.deploy(code, {
      name: 'writer',
      capabilities: { graphql: { operations: { create }, mutations: true } },
    });
  }, 240_000);
  afterAll(async () => {
    for (const product of products.reverse()) await product.stop();
    await database?.close();
  }, 60_000);

  const run = async (deploymentId: string, operation: string, variables: object = {}) => {
    const { run: made, error } = await mutate(
      place.url,
      place.owner,
      ['runAgent', 'RunAgentInput', 'run { id }'],
      { deploymentId, input: { operation, variables } },
    );
    expect(error).toBeNull();
    const look = async () =>
      (
        await dataOf(place.url, 'query ($id: ID!) { run(id: $id) { status output error { message } } }', {
          variables: { id: made.id },
          token: place.owner.token,
        })
      ).run;
    await eventually(
      async () => !['QUEUED', 'RUNNING'].includes((await look()).status),
      'the run does not end',
    );
    const { status, output, error: failed } = await look();
    expect([status, failed]).toEqual(['COMPLETED', null]);
    return output;
  };

  it('reads a listing as anybody may', async () => {
    const { listings } = await dataOf(place.url, '{ listings(first: 1) { id price seller } }');
    const [listing] = listings;
    expect(listing.price).toBe('1000');
    expect(await run(reader, 'listing', { id: listing.id })).toEqual({ data: { listing } });
  });

  it('is nobody but itself: what its owner may, it may not', async () => {
    expect(await run(reader, 'mayOperate', { id: reader })).toEqual({
      data: { agentDeployment: { viewerCanOperate: false } },
    });
    expect(await run(reader, 'runsOf', { id: reader })).toMatchObject({
      data: { agentDeployment: { runs: null } },
      errors: [expect.stringContaining('are shown to')],
    });
  });

  it('is refused what its manifest does not name, what costs too much, and what the schema does not know', async () => {
    expect(await run(reader, 'create', { name: 'x' })).toMatchObject({ refused: 'OPERATION_NOT_ALLOWED' });
    expect(await run(reader, 'expensive')).toMatchObject({
      refused: 'LIMIT_EXCEEDED',
      message: expect.stringContaining('maxCost'),
    });
    expect(await run(reader, 'wrong')).toMatchObject({ refused: 'GRAPHQL_VALIDATION_FAILED' });
    await expect(
      place.deploy(code, { name: 'sly', capabilities: { graphql: { operations: { create } } } }),
    ).rejects.toThrow(/create is a mutation/);
  });

  it('acts from its own address where mutations are granted', async () => {
    const made = await run(writer, 'create', { name: 'Made by an agent' });
    const { network, error } = made.data.createNetwork;
    expect(error).toBeNull();
    const { owner } = (
      await dataOf(place.url, 'query ($id: ID!) { network(id: $id) { owner } }', {
        variables: { id: network.id },
      })
    ).network;
    expect(owner).toBe(network.owner);
    const { me } = await dataOf(place.url, '{ me { account { addresses } } }', { token: place.owner.token });
    expect(me.account.addresses).not.toContain(owner);
  });
});
