// What agents reach in the real product: the platform's own GraphQL, and tools of an MCP server and a language model of the operator's.
import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AgentsPlace, prepareAgents } from './testing/agents.ts';
import { dataOf } from './testing/client.ts';
import { cleanUp, eventually, type Product, startProduct, temporaryFolder } from './testing/product.ts';

const servers: Server[] = [];
const calls: string[] = [];
let product: Product;
let place: AgentsPlace;
let stallingPort: number;

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  const toolsPort = await serve(async (request, response) => {
    const server = new McpServer({ name: 'warehouse', version: '1' });
    server.registerTool('order', { inputSchema: { item: z.string() } }, async ({ item }, { _meta }) => {
      calls.push(`${item} ${_meta?.['aios/idempotencyKey']} ${request.headers.authorization}`);
      return { content: [{ type: 'text', text: `ordered ${item}` }] };
    });
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    response.once('close', () => void server.close());
    await server.connect(transport);
    await transport.handleRequest(request, response);
  });
  stallingPort = await serve(() => {});
  const modelPort = await serve((_request, response) => {
    const chunk = (delta: object, finish: string | null = null) =>
      `data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'tiny', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const content of ['pe', 'ar', 's']) response.write(chunk({ content }));
    response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`);
  });
  const cwd = temporaryFolder();
  writeFileSync(
    join(cwd, 'aios.config.ts'),
    `export default { agents: {
      privateHosts: ['127.0.0.1:${stallingPort}'],
      mcpServers: { warehouse: { url: 'http://127.0.0.1:${toolsPort}/mcp', headers: { authorization: 'Bearer operator' } } },
      llm: { url: 'http://127.0.0.1:${modelPort}/v1' },
    } };`,
  );
  product = await startProduct({ cwd, args: ['--no-demo'], dataDir: temporaryFolder() });
  place = await prepareAgents(product.url);
}, 240_000);

afterAll(async () => {
  await product?.stop();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await cleanUp();
}, 60_000);

async function run(deploymentId: string, input: object | null = null) {
  const { run: made, error } = await place.mutate(place.owner, 'runAgent', 'RunAgentInput', 'run { id }', {
    deploymentId,
    input,
  });
  expect(error).toBeNull();
  const look = async () =>
    (
      await dataOf(
        place.url,
        'query ($id: ID!) { run(id: $id) { id status output error { message } steps { capability status } } }',
        { variables: { id: made.id }, token: place.owner.token },
      )
    ).run;
  await eventually(
    async () => !['QUEUED', 'RUNNING'].includes((await look()).status),
    'the run does not end',
  );
  return look();
}

it('asks a model what to order, and orders it by a tool, once', async () => {
  const id = await place.deploy(
    `export function run(_input: unknown, aios: any) {
      const { text } = aios.call('llm.chat', { model: 'tiny', messages: [{ role: 'user', content: 'What is missing?' }] });
      const tools = aios.call('mcp.tools', { server: 'warehouse' }).map((tool: any) => tool.name);
      const { content } = aios.call('mcp.call', { server: 'warehouse', tool: 'order', arguments: { item: text } });
      return { tools, said: content[0].text };
    }`,
    {
      name: 'orderer',
      capabilities: { llm: { models: ['tiny'] }, mcp: { servers: ['warehouse'], tools: ['order'] } },
    },
  );
  const done = await run(id);
  expect(done).toMatchObject({
    status: 'COMPLETED',
    output: { tools: ['order'], said: 'ordered pears' },
    steps: ['llm.chat', 'mcp.tools', 'mcp.call'].map((capability) => ({ capability, status: 'answered' })),
  });
  expect(calls).toEqual([`pears ${done.id}/2 Bearer operator`]);
});

it('is told in time that a server stalls, and that another is not configured', async () => {
  const id = await place.deploy(
    `export function run(_input: unknown, aios: any) {
      const tried = (server: string) => {
        try { return aios.call('mcp.call', { server, tool: 'order' }); } catch (error: any) { return error.code; }
      };
      return ['stalling', 'nobody', 'warehouse'].map(tried);
    }`,
    {
      name: 'impatient',
      capabilities: {
        mcp: {
          servers: [{ name: 'stalling', url: `http://127.0.0.1:${stallingPort}/mcp` }, 'nobody'],
          tools: ['order'],
          timeoutMs: 500,
        },
      },
    },
  );
  expect(await run(id)).toMatchObject({
    output: ['MCP_TIMEOUT', 'MCP_NOT_CONFIGURED', 'SERVER_NOT_ALLOWED'],
  });
});

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

describe('an agent in GraphQL', () => {
  let reader: string;
  let writer: string;
  beforeAll(async () => {
    reader = await place.deploy(code, { name: 'reader', capabilities: { graphql: { operations } } });
    writer = await place.deploy(code, {
      name: 'writer',
      capabilities: { graphql: { operations: { create }, mutations: true } },
    });
  }, 60_000);
  const ask = async (deploymentId: string, operation: string, variables: object = {}) => {
    const { status, output, error } = await run(deploymentId, { operation, variables });
    expect([status, error]).toEqual(['COMPLETED', null]);
    return output;
  };

  it('reads a listing as anybody may', async () => {
    const { listings } = await dataOf(place.url, '{ listings(first: 1) { id price seller } }');
    const [listing] = listings;
    expect(listing.price).toBe('1000');
    expect(await ask(reader, 'listing', { id: listing.id })).toEqual({ data: { listing } });
  });

  it('is nobody but itself: what its owner may, it may not', async () => {
    expect(await ask(reader, 'mayOperate', { id: reader })).toEqual({
      data: { agentDeployment: { viewerCanOperate: false } },
    });
    expect(await ask(reader, 'runsOf', { id: reader })).toMatchObject({
      data: { agentDeployment: { runs: null } },
      errors: [expect.stringContaining('are shown to')],
    });
  });

  it('is refused what its manifest does not name, what costs too much, and what the schema does not know', async () => {
    expect(await ask(reader, 'create', { name: 'x' })).toMatchObject({ refused: 'OPERATION_NOT_ALLOWED' });
    expect(await ask(reader, 'expensive')).toMatchObject({
      refused: 'LIMIT_EXCEEDED',
      message: expect.stringContaining('maxCost'),
    });
    expect(await ask(reader, 'wrong')).toMatchObject({ refused: 'GRAPHQL_VALIDATION_FAILED' });
    await expect(
      place.deploy(code, { name: 'sly', capabilities: { graphql: { operations: { create } } } }),
    ).rejects.toThrow(/create is a mutation/);
  });

  it('acts from its own address where mutations are granted', async () => {
    const made = await ask(writer, 'create', { name: 'Made by an agent' });
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
