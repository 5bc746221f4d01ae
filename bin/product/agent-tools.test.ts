// Agents that use tools of an MCP server and a language model, both the operator's, in the real product.
import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type AgentsPlace, mutate, prepareAgents } from './testing/agents.ts';
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

async function run(deploymentId: string) {
  const { run: made, error } = await mutate(
    place.url,
    place.owner,
    ['runAgent', 'RunAgentInput', 'run { id }'],
    { deploymentId, input: null },
  );
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
