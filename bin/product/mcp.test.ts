// Agents as tools: the public MCP client against the real product, whole and split.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledEntry } from '#node/platform/package-root.ts';
import { freePort } from '#node/platform/ports.ts';
import { createTestDatabase, type TestDatabase } from '#node/platform/testing/postgres.ts';
import { type AgentsPlace, prepareAgents } from './testing/agents.ts';
import { dataOf, type SignedIn, signInWithDid } from './testing/client.ts';
import { cleanUp, eventually, type Product, startProduct, temporaryFolder } from './testing/product.ts';

const clients: Client[] = [];
async function connect(base: string, token: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const transport = new StreamableHTTPClientTransport(new URL('/mcp', base), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  });
  await client.connect(transport);
  clients.push(client);
  return client;
}

const listAll = async (client: Client) => {
  const pages: { readonly name: string; readonly [key: string]: unknown }[][] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listTools({ cursor });
    pages.push(page.tools);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return pages;
};
const call = (
  client: Client,
  name: string,
  args: Record<string, unknown> = {},
  options: Parameters<Client['callTool']>[2] = {},
) => client.callTool({ name, arguments: args }, undefined, options) as Promise<CallToolResult>;

const runStatus = async (base: string, who: SignedIn, id: string) =>
  (
    await dataOf(base, 'query ($id: ID!) { run(id: $id) { status error { code } } }', {
      variables: { id },
      token: who.token,
    })
  ).run;

const adder = {
  code: `export function run(input: { a: number; b: number }, aios: any) {
    aios.log('adding');
    aios.call('storage.set', { key: 'sum', value: input.a + input.b });
    return { sum: input.a + input.b };
  }`,
  manifest: {
    name: 'adder',
    description: 'Adds two numbers.',
    capabilities: { storage: { bytes: 1_000 } },
    input: {
      type: 'object',
      properties: { a: { type: 'number' }, b: { type: 'number' } },
      required: ['a', 'b'],
      additionalProperties: false,
    },
    output: { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] },
  },
};
/** Takes and gives what is no object; the schema refers to itself. */
const doubler = {
  code: 'export const run = (list: number[]) => list.map((n) => n * 2);',
  manifest: {
    name: 'doubler',
    input: { $ref: '#/$defs/list', $defs: { list: { type: 'array', items: { type: 'number' } } } },
    output: { type: 'array', items: { type: 'number' } },
  },
};
/** Waits for somebody: it can only be cancelled. */
const waiter = {
  code: `export function run(_input: unknown, aios: any) { return aios.call('approval.ask', { question: 'Go on?' }); }`,
  manifest: { name: 'waiter', capabilities: { approval: {} } },
};
/** Asks the platform. */
const reader = {
  code: `export const run = (variables: any, aios: any) => aios.call('graphql.run', { operation: 'look', variables });`,
  manifest: {
    name: 'reader',
    capabilities: {
      graphql: {
        operations: {
          look: 'query ($id: ID!) { agentDeployment(id: $id) { version { manifest } viewerCanOperate } }',
        },
      },
    },
    input: { type: 'object', required: ['id'] },
  },
};
const thrower = {
  code: `export function run() { throw new Error('no pears left'); }`,
  manifest: { name: 'thrower' },
};

afterAll(async () => {
  for (const client of clients) await client.close().catch(() => {});
  await cleanUp();
}, 60_000);

describe('/mcp of the whole product', () => {
  let product: Product;
  let place: AgentsPlace;
  let client: Client;
  const ids: Record<string, string> = {};
  const tool = (name: string) => `${name}_${ids[name]}`;

  beforeAll(async () => {
    product = await startProduct({ args: ['--no-demo'], dataDir: temporaryFolder() });
    place = await prepareAgents(product.url);
    for (const { code, manifest } of [adder, doubler, waiter, thrower])
      ids[manifest.name] = await place.deploy(code, manifest);
    client = await connect(product.url, place.owner.token);
  }, 240_000);
  afterAll(() => product?.stop(), 60_000);

  it('lists what the caller may run, with schemas and what to expect', async () => {
    const [tools = []] = await listAll(client);
    expect(tools.map(({ name }) => name).sort()).toEqual(
      [tool('adder'), tool('doubler'), tool('thrower'), tool('waiter')].sort(),
    );
    expect(tools.find(({ name }) => name === tool('adder'))).toMatchObject({
      title: 'adder',
      description: expect.stringMatching(/^Adds two numbers\.\nWorks in Agents; version 1\.0\.0/),
      inputSchema: adder.manifest.input,
      outputSchema: adder.manifest.output,
      annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
    });
    expect(tools.find(({ name }) => name === tool('doubler'))).toMatchObject({
      inputSchema: { type: 'object', properties: { input: { $ref: '#/properties/input/$defs/list' } } },
      annotations: { readOnlyHint: true },
    });
    expect(client.getServerVersion()).toMatchObject({ name: 'aios-studio' });
    expect(client.getInstructions()).toContain('Each tool runs an agent');
    // Somebody without licence and role has none.
    const stranger = await connect(product.url, place.seller.token);
    expect((await listAll(stranger)).flat()).toEqual([]);
  });

  it('calls one, tells its progress, and answers with its output', async () => {
    const told: { readonly progress: number; readonly message?: string }[] = [];
    const result = await call(
      client,
      tool('adder'),
      { a: 2, b: 3 },
      { onprogress: (step) => told.push(step) },
    );
    expect(result.structuredContent).toEqual({ sum: 5 });
    expect(result.content).toEqual([{ type: 'text', text: '{"sum":5}' }]);
    expect(told.map(({ message }) => message)).toEqual([
      'queued',
      'started',
      'info: adding',
      'storage.set answered',
      'completed',
    ]);
    expect(told.map(({ progress }) => progress)).toEqual([1, 2, 3, 4, 5]);
    const { digest } = (
      await dataOf(product.url, 'query ($id: ID!) { run(id: $id) { digest } }', {
        variables: { id: result._meta?.['aios/run'] },
        token: place.owner.token,
      })
    ).run;
    expect(result._meta?.['aios/digest']).toBe(digest);
    // No object: carried as one attribute, checked by the client against the schema as listed.
    await client.listTools();
    const doubled = await call(client, tool('doubler'), { input: [1, 2] });
    expect(doubled.structuredContent).toEqual({ output: [2, 4] });
  });

  it('says what is wrong with a call in a way that a model can act on', async () => {
    const bad = await call(client, tool('adder'), { a: 'x', b: 1 });
    expect(bad.isError).toBe(true);
    expect(bad.content).toEqual([
      { type: 'text', text: expect.stringMatching(/^INPUT_INVALID: .*\/a must be number/) },
    ]);
    const thrown = await call(client, tool('thrower'));
    expect(thrown).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('AGENT_THREW: ') }],
      _meta: { 'aios/error': { code: 'AGENT_THREW' }, 'aios/run': expect.any(String) },
    });
    expect(JSON.stringify(thrown.content)).toContain('no pears left');
    await expect(call(client, 'adder_999999')).rejects.toThrow(/Unknown tool/);
    await expect(call(client, `other_${ids.adder}`)).rejects.toThrow(/Unknown tool/);
    const stranger = await connect(product.url, place.seller.token);
    const refused = await call(stranger, tool('adder'), { a: 1, b: 1 });
    expect(refused).toMatchObject({ isError: true, _meta: { 'aios/error': { code: 'NOT_AUTHORISED' } } });
    await expect(client.listTools({ cursor: 'nonsense' })).rejects.toThrow(/not a cursor/);
  });

  it('ends the run when the call is cancelled', async () => {
    const abort = new AbortController();
    const told: string[] = [];
    const pending = call(
      client,
      tool('waiter'),
      {},
      {
        signal: abort.signal,
        onprogress: ({ message }) => told.push(message ?? ''),
      },
    );
    pending.catch(() => {});
    await eventually(() => told.includes('approval.ask waiting'), 'the agent does not wait');
    const latest = async () =>
      (
        await dataOf(
          product.url,
          'query ($id: ID!) { agentDeployment(id: $id) { runs(first: 1) { edges { node { id } } } } }',
          { variables: { id: ids.waiter }, token: place.owner.token },
        )
      ).agentDeployment.runs.edges[0].node.id as string;
    const run = await latest();
    expect(await runStatus(product.url, place.owner, run)).toMatchObject({ status: 'WAITING' });
    abort.abort('changed my mind');
    await expect(pending).rejects.toThrow(/changed my mind/);
    await eventually(
      async () => (await runStatus(product.url, place.owner, run)).status === 'KILLED',
      'the run goes on',
    );
    expect(await runStatus(product.url, place.owner, run)).toMatchObject({ error: { code: 'CANCELLED' } });
  });

  it('a client that hangs up leaves its run alone', async () => {
    const leaving = await connect(product.url, place.owner.token);
    const told: string[] = [];
    const pending = call(
      leaving,
      tool('waiter'),
      {},
      { onprogress: ({ message }) => told.push(message ?? '') },
    );
    pending.catch(() => {});
    await eventually(() => told.includes('approval.ask waiting'), 'the agent does not wait');
    await leaving.close();
    const { agentDeployment } = await dataOf(
      product.url,
      'query ($id: ID!) { agentDeployment(id: $id) { runs(first: 1) { edges { node { id status } } } } }',
      { variables: { id: ids.waiter }, token: place.owner.token },
    );
    const run = agentDeployment.runs.edges[0].node;
    expect(run.status).toBe('WAITING');
    const { error } = await place.mutate(place.owner, 'approveStep', 'ApproveStepInput', 'run { id }', {
      runId: run.id,
      step: 0,
      approved: true,
    });
    expect(error).toBeNull();
    await eventually(
      async () => (await runStatus(product.url, place.owner, run.id)).status === 'COMPLETED',
      'the run does not go on',
    );
  });

  it('is there for clients that start a program, too', async () => {
    const errors: string[] = [];
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [bundledEntry('bin/aios.mjs'), 'agent', 'mcp'],
      env: {
        PATH: process.env.PATH ?? '',
        AIOS_URL: product.url,
        AIOS_KEY: Buffer.alloc(32, 2).toString('hex'),
      },
      stderr: 'pipe',
    });
    transport.stderr?.on('data', (chunk) => errors.push(String(chunk)));
    const program = new Client({ name: 'program', version: '1' });
    await program.connect(transport);
    clients.push(program);
    expect((await listAll(program)).flat()).toHaveLength(4);
    const told: string[] = [];
    const result = await call(
      program,
      tool('adder'),
      { a: 4, b: 5 },
      { onprogress: ({ message }) => told.push(message ?? '') },
    );
    expect(result.structuredContent).toEqual({ sum: 9 });
    expect(told).toContain('info: adding');
    await expect(call(program, 'nobody_1')).rejects.toThrow(/Unknown tool/);
    expect(errors.join('')).toContain(place.owner.did);
    const { pid } = transport;
    await program.close();
    await eventually(() => {
      try {
        process.kill(pid ?? 0, 0);
        return false;
      } catch {
        return true;
      }
    }, 'the program outlives its client');
  });

  describe('over plain HTTP', () => {
    const post = (
      body: unknown,
      headers: Record<string, string> = {},
      token: string | null = place.owner.token,
    ) =>
      fetch(`${product.url}/mcp`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };

    it('asks for a token, and for one that is good', async () => {
      const without = await post(list, {}, null);
      expect(without.status).toBe(401);
      expect(without.headers.get('www-authenticate')).toBe('Bearer realm="AiOS Studio", scope="read write"');
      expect(await without.json()).toMatchObject({ error: { message: expect.stringContaining('signIn') } });
      const bad = await post(list, {}, 'a.b.c');
      expect(bad.status).toBe(401);
      expect(bad.headers.get('www-authenticate')).toContain('error="invalid_token"');
    });

    it('lets nobody act whose token is for reading', async () => {
      const reader = await signInWithDid(product.url, 2, ['read']);
      expect((await post(list, {}, reader.token)).status).toBe(200);
      const refused = await post(
        { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool('adder'), arguments: {} } },
        {},
        reader.token,
      );
      expect(refused.status).toBe(403);
      expect(refused.headers.get('www-authenticate')).toContain('insufficient_scope');
    });

    it('refuses pages of strangers, bodies without end, batches, and what is no message', async () => {
      expect((await post(list, { origin: 'https://evil.example' })).status).toBe(403);
      expect((await post(list, { origin: product.url })).status).toBe(200);
      const large = await post({ ...list, params: { cursor: 'x'.repeat(300_000) } });
      expect(large.status).toBe(413);
      expect((await post([list, list])).status).toBe(400);
      expect(await (await post('{')).json()).toMatchObject({ error: { code: -32700 } });
      expect((await post(list, { accept: 'application/json' })).status).toBe(406);
      expect((await post(list, { 'mcp-protocol-version': '1999-01-01' })).status).toBe(400);
      const get = await fetch(`${product.url}/mcp`, {
        headers: { authorization: `Bearer ${place.owner.token}`, accept: 'text/event-stream' },
      });
      expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST, DELETE, OPTIONS']);
    });

    it('takes no session of somebody else', async () => {
      const initialize = {
        jsonrpc: '2.0',
        id: 0,
        method: 'initialize',
        params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
      };
      const session = (await post(initialize)).headers.get('mcp-session-id') ?? '';
      expect(session).toMatch(/^[0-9a-f]{32}\.[0-9a-f]{64}$/);
      expect((await post(list, { 'mcp-session-id': session })).status).toBe(200);
      expect((await post(list, { 'mcp-session-id': session }, place.seller.token)).status).toBe(404);
      expect((await post(list, { 'mcp-session-id': `${session.slice(0, -1)}x` })).status).toBe(404);
    });
  });

  it('pages through many tools', async () => {
    const { databaseUrl } = JSON.parse(readFileSync(join(product.dataDir, 'running.json'), 'utf8'));
    const before = (await listAll(client)).flat().length;
    // The same version in many environments; through mutations this would take a minute.
    const database = new pg.Client({ connectionString: databaseUrl });
    await database.connect();
    try {
      await database.query(
        `insert into agents.deployments (network, environment, agent_id, licence_id, version_id, status, owner)
         select network, network || '-' || n, agent_id, licence_id, version_id, 'active', owner
           from agents.deployments, generate_series(1, $2) n where id = $1`,
        [ids.adder, 52 - before],
      );
    } finally {
      await database.end();
    }
    const pages = await listAll(client);
    expect(pages.map(({ length }) => length)).toEqual([50, 2]);
    expect(new Set(pages.flat().map(({ name }) => name)).size).toBe(52);
  });
});

describe('/mcp of split roles', () => {
  let database: TestDatabase;
  const products: Product[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    for (const product of products.reverse()) await product.stop();
    await database?.close();
  }, 120_000);

  it('two gateways apart from services and agents: lists, calls, and cancels through the other one', async () => {
    const gatewayPort = await freePort();
    const env = {
      DATABASE_URL: database.url,
      AIOS_PUBLIC_URL: 'http://studio.example',
      AIOS_GATEWAY_URL: `http://127.0.0.1:${gatewayPort}`,
    };
    const begin = async (args: readonly string[], port?: number) => {
      const product = await startProduct({ args, env, dataDir: temporaryFolder(), port });
      products.push(product);
      return product;
    };
    await begin(['--role', 'devnet,indexer,agents', '--no-demo']);
    const servicesPort = await freePort();
    const services = await begin(
      ['--role', 'services', '--services-port', String(servicesPort)],
      servicesPort,
    );
    const gateways = [
      await begin(['--role', 'gateway', '--services-url', services.url], gatewayPort),
      await begin(['--role', 'gateway', '--services-url', services.url]),
    ] as const;
    const place = await prepareAgents(gateways[0].url);
    const addId = await place.deploy(adder.code, adder.manifest);
    const waitId = await place.deploy(waiter.code, waiter.manifest);
    const client = await connect(gateways[0].url, place.owner.token);
    expect((await listAll(client)).flat()).toHaveLength(2);
    expect((await call(client, `adder_${addId}`, { a: 20, b: 22 })).structuredContent).toEqual({ sum: 42 });

    // What agents ask of the platform goes to the gateway, in a process that is not theirs.
    const readId = await place.deploy(reader.code, reader.manifest);
    const asked = await call(client, `reader_${readId}`, { id: waitId });
    expect(asked.structuredContent).toMatchObject({
      output: {
        data: { agentDeployment: { version: { manifest: { name: 'waiter' } }, viewerCanOperate: false } },
      },
    });

    // The cancellation of a call reaches another process than the call: sessions and calls know no process.
    let session = '';
    const through = new StreamableHTTPClientTransport(new URL('/mcp', gateways[0].url), {
      requestInit: { headers: { authorization: `Bearer ${place.owner.token}` } },
      fetch: async (url, init) => {
        const other = String(init?.body ?? '').includes('notifications/cancelled');
        const answer = await fetch(other ? new URL('/mcp', gateways[1].url) : url, init);
        session = answer.headers.get('mcp-session-id') ?? session;
        return answer;
      },
    });
    const both = new Client({ name: 'both', version: '1' });
    await both.connect(through);
    clients.push(both);
    expect(session).not.toBe('');
    const abort = new AbortController();
    const told: string[] = [];
    const pending = call(
      both,
      `waiter_${waitId}`,
      {},
      {
        signal: abort.signal,
        onprogress: ({ message }) => told.push(message ?? ''),
      },
    );
    pending.catch(() => {});
    await eventually(() => told.includes('approval.ask waiting'), 'the agent does not wait');
    abort.abort();
    await eventually(async () => {
      const { agentDeployment } = await dataOf(
        gateways[1].url,
        'query ($id: ID!) { agentDeployment(id: $id) { runs(first: 1) { edges { node { status } } } } }',
        { variables: { id: waitId }, token: place.owner.token },
      );
      return agentDeployment.runs.edges[0].node.status === 'KILLED';
    }, 'the run goes on');
  }, 300_000);
});
