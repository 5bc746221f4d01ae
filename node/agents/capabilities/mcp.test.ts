// Tools of other people's MCP servers: a real one made with the public SDK, and ones that stall, break off, talk nonsense and never stop.
import type { ServerResponse } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { StepContext } from '../runs/broker.ts';
import type { Json } from '../runtime/runtime.ts';
import { type GrantsInput, parseGrants } from './grants.ts';
import { type McpOptions, mcpCapabilities } from './mcp.ts';
import { serversPerTest } from './testing/servers-per-test.ts';
import { stepOf } from './testing/test-step.ts';

const serve = serversPerTest();

/** A shop: searching changes nothing, ordering does. Tells what it was asked. */
async function shop(): Promise<{ readonly port: number; readonly asked: string[] }> {
  const asked: string[] = [];
  const port = await serve(async (request, response) => {
    const server = new McpServer({ name: 'shop', version: '1' });
    server.registerTool(
      'search',
      {
        description: 'Finds things.',
        inputSchema: { words: z.string() },
        outputSchema: { found: z.array(z.string()) },
      },
      async ({ words }) => {
        asked.push(`search ${words} ${request.headers.authorization ?? '-'}`);
        const found = words === 'everything' ? Array(1_000).fill('a pear') : [words];
        return { content: [{ type: 'text', text: found.join() }], structuredContent: { found } };
      },
    );
    server.registerTool('order', { inputSchema: { item: z.string() } }, async ({ item }, { _meta }) => {
      asked.push(`order ${item} ${_meta?.['aios/idempotencyKey']}`);
      if (item === 'nothing') return { content: [{ type: 'text', text: 'sold out' }], isError: true };
      return { content: [{ type: 'text', text: `ordered ${item}` }] };
    });
    server.registerTool('secret', {}, async () => ({ content: [] }));
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    response.once('close', () => void server.close());
    await server.connect(transport);
    await transport.handleRequest(request, response);
  });
  return { port, asked };
}

type McpGrantInput = NonNullable<GrantsInput['mcp']>;

function ask(
  capability: 'mcp.call' | 'mcp.tools',
  args: Readonly<Record<string, Json>>,
  port: number,
  more: Partial<McpGrantInput> = {},
  options: McpOptions = { privateHosts: [`shop.test:${port}`] },
  step: Partial<StepContext> = {},
) {
  const act = mcpCapabilities({
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    ...options,
  }).find(({ name }) => name === capability);
  const told = stepOf(
    capability,
    { server: 'shop', ...args },
    {
      mcp: {
        servers: [{ name: 'shop', url: `http://shop.test:${port}/mcp` }],
        tools: ['order'],
        reads: ['shop/search'],
        timeoutMs: 2_000,
        ...more,
      },
    },
  );
  return { answer: Promise.resolve(act?.act({ ...told, ...step })), log: told.log };
}
const search = (words = 'pear') => ({ tool: 'search', arguments: { words } });
const order = (item = 'pear') => ({ tool: 'order', arguments: { item } });

describe('mcp', () => {
  it('lists the tools that are granted, with their schemas as data', async () => {
    const { port } = await shop();
    const { answer, log } = ask('mcp.tools', {}, port);
    expect(await answer).toEqual({
      ok: [
        {
          name: 'search',
          title: null,
          description: 'Finds things.',
          inputSchema: expect.objectContaining({ type: 'object', required: ['words'] }),
          outputSchema: expect.objectContaining({ required: ['found'] }),
        },
        expect.objectContaining({ name: 'order', outputSchema: null }),
      ],
    });
    expect(log).toEqual(['answered']);
  });

  it('reads without an effect, and acts as one, with the key of the step', async () => {
    const { port, asked } = await shop();
    const read = ask('mcp.call', search(), port);
    expect(await read.answer).toEqual({
      ok: { content: [{ type: 'text', text: 'pear' }], structured: { found: ['pear'] }, isError: false },
    });
    expect(read.log).toEqual(['answered']);
    const acted = ask('mcp.call', order(), port);
    expect(await acted.answer).toMatchObject({
      ok: { content: [{ text: 'ordered pear' }], structured: null },
    });
    expect(acted.log).toEqual(['begin', 'answered']);
    expect(await ask('mcp.call', order('nothing'), port).answer).toMatchObject({
      ok: { isError: true, content: [{ text: 'sold out' }] },
    });
    expect(asked).toEqual(['search pear -', 'order pear 1/0', 'order nothing 1/0']);
  });

  it('keeps to the servers and tools of the manifest, and to public addresses', async () => {
    const { port, asked } = await shop();
    const code = (...rest: Parameters<typeof ask>) => expect(ask(...rest).answer).rejects;
    await code('mcp.call', { ...search(), server: 'other' }, port).toMatchObject({
      code: 'SERVER_NOT_ALLOWED',
    });
    await code('mcp.call', { tool: 'secret' }, port).toMatchObject({ code: 'TOOL_NOT_ALLOWED' });
    await code('mcp.call', { ...search(), arguments: [1] }, port).toMatchObject({
      code: 'ARGUMENTS_INVALID',
    });
    await code('mcp.call', search(), port, {}, {}).toMatchObject({ code: 'ADDRESS_NOT_ALLOWED' });
    const literal = { servers: [{ name: 'shop', url: `http://127.0.0.1:${port}/mcp` }] };
    await code('mcp.call', order(), port, literal, {}).toMatchObject({ code: 'ADDRESS_NOT_ALLOWED' });
    await code('mcp.call', search(), port, { servers: ['shop'] }).toMatchObject({
      code: 'MCP_NOT_CONFIGURED',
    });
    await code('mcp.call', search(), 1).toMatchObject({ code: 'MCP_UNREACHABLE' });
    await code('mcp.call', order(), 1).toMatchObject({ code: 'MCP_UNREACHABLE' });
    expect(asked).toEqual([]);
    for (const url of ['ftp://a.test/', 'http://a:b@a.test/', 'http://a.test/#x'])
      expect(() => parseGrants({ mcp: { servers: [{ name: 'a', url }] } })).toThrow(
        /capabilities\.mcp\.servers/,
      );
    expect(() => parseGrants({ mcp: { servers: ['a', { name: 'a', url: 'http://a.test' }] } })).toThrow(
      /same name/,
    );
  });

  it('reaches a server of the operator, with its key, which no guest sees', async () => {
    const { port, asked } = await shop();
    const options = {
      servers: { shop: { url: `http://127.0.0.1:${port}/mcp`, headers: { authorization: 'Bearer key' } } },
    };
    await ask('mcp.call', search(), port, { servers: ['shop'] }, options).answer;
    expect(asked).toEqual(['search pear Bearer key']);
  });

  it('bounds what is answered', async () => {
    const { port } = await shop();
    await expect(ask('mcp.call', search('everything'), port, { bytes: 5_000 }).answer).rejects.toMatchObject({
      code: 'RESPONSE_TOO_LARGE',
    });
  });

  it('is never done once more when nobody knows whether it was', async () => {
    const { port, asked } = await shop();
    const inDoubt = { inDoubt: true };
    await expect(ask('mcp.call', order(), port, {}, undefined, inDoubt).answer).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
    });
    expect(asked).toEqual([]);
    expect(await ask('mcp.call', search(), port, {}, undefined, inDoubt).answer).toHaveProperty('ok');
  });

  /** Initializes as it should, and answers a call as the case says. */
  const misbehaving = (onCall: (response: ServerResponse, id: unknown) => void, onStart = false) =>
    serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const { id, method } = body === '' ? { id: undefined, method: '' } : JSON.parse(body);
        const json = (result: object) =>
          response
            .writeHead(200, { 'content-type': 'application/json' })
            .end(JSON.stringify({ jsonrpc: '2.0', id, result }));
        if (onStart || method === 'tools/call') onCall(response, id);
        else if (method === 'initialize')
          json({
            protocolVersion: '2025-06-18',
            capabilities: { tools: {} },
            serverInfo: { name: 'x', version: '1' },
          });
        else response.writeHead(202).end();
      });
    });
  const sse = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });
  const json = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'application/json' });
  const cases: readonly (readonly [
    what: string,
    code: string,
    (response: ServerResponse, id: unknown) => void,
  ])[] = [
    ['stalls', 'MCP_TIMEOUT', () => {}],
    ['stalls in a stream', 'MCP_TIMEOUT', (response) => void sse(response).write(': \n\n')],
    ['ends a stream without a word', 'MCP_BROKEN', (response) => void sse(response).end()],
    ['breaks off', 'MCP_BROKEN', (response) => void response.destroy()],
    ['answers no JSON', 'MCP_MALFORMED', (response) => void json(response).end('{"jsonrpc":')],
    [
      'answers a page',
      'MCP_MALFORMED',
      (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    ],
    [
      'answers what is no result',
      'MCP_MALFORMED',
      (response, id) =>
        void json(response).end(JSON.stringify({ jsonrpc: '2.0', id, result: { content: 7 } })),
    ],
    [
      'answers too deep',
      'MCP_MALFORMED',
      (response, id) =>
        void json(response).end(
          `{"jsonrpc":"2.0","id":${id},"result":{"content":[],"structuredContent":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}}`,
        ),
    ],
    [
      'never stops talking',
      'RESPONSE_TOO_LARGE',
      (response) => {
        sse(response);
        const talk = () => {
          while (!response.destroyed && response.write(`data: ${'x'.repeat(10_000)}`));
        };
        response.on('drain', talk);
        talk();
      },
    ],
    [
      'notifies for ever',
      'RESPONSE_TOO_LARGE',
      (response) => {
        sse(response);
        const note = `data: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'x'.repeat(5_000) } })}\n\n`;
        const talk = () => {
          while (!response.destroyed && response.write(note));
        };
        response.on('drain', talk);
        talk();
      },
    ],
    ['refuses', 'MCP_REFUSED', (response) => void response.writeHead(403).end()],
    ['wants a token', 'MCP_REFUSED', (response) => void response.writeHead(401).end()],
    [
      'redirects',
      'MCP_REFUSED',
      (response) => void response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
    ],
    ['fails', 'MCP_FAILED', (response) => void response.writeHead(502).end('no')],
    [
      'knows no such tool',
      'MCP_REFUSED',
      (response, id) =>
        void json(response).end(
          JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32602, message: 'no such tool' } }),
        ),
    ],
  ];
  it.each(cases)('a server that %s: %s', async (_what, code, answer) => {
    const port = await misbehaving(answer);
    const limits = { timeoutMs: 700, bytes: 200_000 };
    await expect(ask('mcp.call', search(), port, limits).answer).rejects.toMatchObject({ code });
    // What may have been done is told as such, what was refused is not.
    await expect(ask('mcp.call', order(), port, limits).answer).rejects.toMatchObject({
      code: code === 'MCP_REFUSED' ? code : 'OUTCOME_UNKNOWN',
    });
    // From the first word on it is the same, and nothing was done then.
    const silent = await misbehaving(answer, true);
    if (!['knows no such tool', 'answers what is no result', 'answers too deep'].includes(_what))
      await expect(ask('mcp.call', order(), silent, limits).answer).rejects.toMatchObject({ code });
  });

  it('ends with its run', async () => {
    const port = await misbehaving(() => {});
    const over = new AbortController();
    const { answer } = ask('mcp.call', search(), port, {}, undefined, { signal: over.signal });
    setImmediate(() => over.abort());
    await expect(answer).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
