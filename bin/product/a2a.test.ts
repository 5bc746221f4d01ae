// Agents for other agents: the public A2A client against the real product, in the words of 1.0 and of 0.3.
import { AgentCard, type Message, Role, type Task, TaskState } from '@a2a-js/sdk';
import {
  type Client,
  ClientFactory,
  ClientFactoryOptions,
  DefaultAgentCardResolver,
  JsonRpcTransportFactory,
} from '@a2a-js/sdk/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentsPlace, prepareAgents } from './testing/agents.ts';
import { cleanUp, type Product, startProduct, temporaryFolder } from './testing/product.ts';

let product: Product;
let place: AgentsPlace;
const ids: Record<string, string> = {};

const stock = {
  name: 'stock',
  description: 'Says how much of something there is.',
  input: { type: 'object', properties: { item: { type: 'string' } }, required: ['item'] },
  output: { type: 'object', properties: { item: { type: 'string' }, left: { type: 'integer' } } },
  health: { input: { item: 'pears' } },
};
const stockCode = `export function run(input: { item: string }, aios: any) {
  aios.log('counting ' + input.item);
  if (input.item === 'nothing') throw new Error('no such item');
  return { item: input.item, left: input.item.length };
}`;
const asking = {
  name: 'asking',
  capabilities: { approval: {} },
  input: { type: 'string' },
};
const askingCode = `export function run(input: string, aios: any) {
  const { approved, note } = aios.call('approval.ask', { question: 'Order ' + input + '?', details: { price: 3 } });
  return approved ? 'ordered: ' + note : 'left';
}`;

beforeAll(async () => {
  product = await startProduct({ args: ['--no-demo'], dataDir: temporaryFolder() });
  place = await prepareAgents(product.url);
  ids.stock = await place.deploy(stockCode, stock);
  ids.asking = await place.deploy(askingCode, asking);
}, 240_000);
afterAll(async () => {
  await product?.stop();
  await cleanUp();
}, 60_000);

/** A client that finds an agent by its card. */
async function connect(
  agent: string,
  token = place.owner.token,
  version: '1.0' | '0.3' = '1.0',
): Promise<Client> {
  const legacyCompat = { enabled: version === '0.3' };
  const fetchImpl: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token}`);
    // What a client of 0.3 does not know of.
    if (version === '0.3') headers.delete('a2a-version');
    return fetch(input, { ...init, headers });
  };
  const factory = new ClientFactory(
    ClientFactoryOptions.createFrom(ClientFactoryOptions.default, {
      transports: [new JsonRpcTransportFactory({ fetchImpl, legacyCompat })],
      cardResolver: new DefaultAgentCardResolver({ fetchImpl, legacyCompat }),
    }),
  );
  const card = await (
    await fetch(`${product.url}/a2a/${ids[agent]}/.well-known/agent-card.json`, {
      headers: version === '1.0' ? { 'a2a-version': '1.0' } : {},
    })
  ).json();
  if (version === '0.3') delete card.supportedInterfaces;
  return factory.createFromAgentCard(card);
}

const message = (content: string | object, more: Partial<Message> = {}): Message => ({
  messageId: 'm1',
  contextId: '',
  taskId: '',
  role: Role.ROLE_USER,
  parts: [
    {
      content:
        typeof content === 'string' ? { $case: 'text', value: content } : { $case: 'data', value: content },
      metadata: undefined,
      filename: '',
      mediaType: '',
    },
  ],
  metadata: undefined,
  extensions: [],
  referenceTaskIds: [],
  ...more,
});
const request = (content: string | object, more: Partial<Message> = {}) => ({
  tenant: '',
  message: message(content, more),
  configuration: undefined,
  metadata: undefined,
});
const outputOf = (task: Task) => task.artifacts[0]?.parts[0]?.content?.value;
const textOf = (said: Message | undefined) => said?.parts.map(({ content }) => content?.value).join('\n');

describe('cards', () => {
  const read = async (path: string, version?: string) => {
    const answer = await fetch(`${product.url}${path}`, {
      headers: version ? { 'a2a-version': version } : {},
    });
    return [answer.status, await answer.json()] as const;
  };

  it.each(['/.well-known/agent-card.json', '/a2a/.well-known/agent-card.json', 'stock'])(
    '%s is a card by the types of the protocol',
    async (path) => {
      const [status, card] = await read(
        path === 'stock' ? `/a2a/${ids.stock}/.well-known/agent-card.json` : path,
        '1.0',
      );
      expect(status).toBe(200);
      // Nothing is lost or made up by the protocol's own reader and writer.
      expect(AgentCard.toJSON(AgentCard.fromJSON(card))).toEqual(card);
      for (const field of ['name', 'description', 'version', 'skills', 'capabilities', 'supportedInterfaces'])
        expect(card[field]).toBeTruthy();
      expect(card.securitySchemes.bearer.httpAuthSecurityScheme.scheme).toBe('Bearer');
    },
  );

  it('of an agent says what it takes, and speaks to clients of 0.3 as well', async () => {
    const [, card] = await read(`/a2a/${ids.stock}/.well-known/agent-card.json`, '1.0');
    const url = `${product.url}/a2a/${ids.stock}`;
    expect(card).toMatchObject({
      name: 'stock',
      description: expect.stringContaining('Says how much'),
      supportedInterfaces: [
        { url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
        { url, protocolBinding: 'JSONRPC', protocolVersion: '0.3' },
      ],
      skills: [
        {
          id: `stock_${ids.stock}`,
          description: expect.stringContaining('"required":["item"]'),
          examples: ['{"item":"pears"}'],
        },
      ],
    });
    const [, legacy] = await read(`/a2a/${ids.stock}/.well-known/agent-card.json`);
    expect(legacy).toMatchObject({
      url,
      protocolVersion: '0.3',
      preferredTransport: 'JSONRPC',
      securitySchemes: { bearer: { type: 'http', scheme: 'Bearer' } },
      supportedInterfaces: card.supportedInterfaces,
    });
    expect((await read('/a2a/999999/.well-known/agent-card.json'))[0]).toBe(404);
    const [, directory] = await read('/a2a');
    expect(directory.agents.map(({ id }: { id: string }) => id)).toEqual([
      `asking_${ids.asking}`,
      `stock_${ids.stock}`,
    ]);
  });
});

describe.each(['1.0', '0.3'] as const)('a client of A2A %s', (version) => {
  it('sends a message, as data or text, and gets a task with its artifact', async () => {
    const client = await connect('stock', undefined, version);
    const task = (await client.sendMessage(request({ item: 'pears' }, { contextId: 'my own' }))) as Task;
    expect(task).toMatchObject({ contextId: 'my own', status: { state: TaskState.TASK_STATE_COMPLETED } });
    expect(outputOf(task)).toEqual({ item: 'pears', left: 5 });
    const again = await client.getTask({ tenant: '', id: task.id });
    expect(again).toMatchObject({ id: task.id, contextId: 'my own', artifacts: [{ artifactId: 'output' }] });
    expect(again.history[0]?.parts[0]?.content?.value).toEqual({ item: 'pears' });
    const text = (await client.sendMessage(request('apples'))) as Task;
    expect(outputOf(text)).toEqual({ item: 'apples', left: 6 });
    expect(text.contextId).toBe(`run-${text.id}`);
  });

  it('streams: the task, what happens, the artifact, the end', async () => {
    const client = await connect('stock', undefined, version);
    const seen: string[] = [];
    for await (const { payload } of client.sendMessageStream(request({ item: 'plums' }))) {
      if (payload?.$case === 'statusUpdate')
        seen.push(`${payload.value.status?.state} ${textOf(payload.value.status?.message) ?? ''}`);
      else seen.push(payload?.$case ?? '');
    }
    expect(seen[0]).toBe('task');
    expect(seen).toContain(`${TaskState.TASK_STATE_WORKING} info: counting plums`);
    expect(seen.slice(-2)).toEqual(['artifactUpdate', `${TaskState.TASK_STATE_COMPLETED} `]);
  });

  it('answers what the agent asks, and cancels what it does not want any more', async () => {
    const client = await connect('asking', undefined, version);
    const open = (await client.sendMessage(request('ten pears'))) as Task;
    expect(open.status).toMatchObject({ state: TaskState.TASK_STATE_INPUT_REQUIRED });
    expect(textOf(open.status?.message)).toContain('Order ten pears?');
    const answer = { taskId: open.id, contextId: open.contextId };
    await expect(client.sendMessage(request('perhaps', answer))).rejects.toThrow(/begin with yes or no/);
    const done = (await client.sendMessage(request('yes, please', answer))) as Task;
    expect(done).toMatchObject({ id: open.id, status: { state: TaskState.TASK_STATE_COMPLETED } });
    expect(outputOf(done)).toBe('ordered: yes, please');
    await expect(client.sendMessage(request('yes', answer))).rejects.toThrow(/asks for nothing/);

    const other = (await client.sendMessage(request('a ship'))) as Task;
    const cancelled = await client.cancelTask({ tenant: '', id: other.id, metadata: undefined });
    expect(cancelled.status).toMatchObject({ state: TaskState.TASK_STATE_CANCELED });
    await expect(client.cancelTask({ tenant: '', id: other.id, metadata: undefined })).rejects.toThrow(
      /ended/,
    );
  });

  it('is told what is wrong', async () => {
    const client = await connect('stock', undefined, version);
    const failed = (await client.sendMessage(request({ item: 'nothing' }))) as Task;
    expect(failed.status?.state).toBe(TaskState.TASK_STATE_FAILED);
    expect(textOf(failed.status?.message)).toMatch(/^AGENT_THREW: .*no such item/);
    await expect(client.sendMessage(request({ item: 3 }))).rejects.toThrow(
      /INPUT_INVALID.*\/item must be string/,
    );
    await expect(client.getTask({ tenant: '', id: '999999' })).rejects.toThrow(/no run 999999|RUN_UNKNOWN/);
    await expect(client.getTask({ tenant: '', id: 'x' })).rejects.toThrow(/no task/);
    // A run of another agent is no task of this one.
    const asking = await connect('asking', undefined, version);
    await expect(asking.getTask({ tenant: '', id: failed.id })).rejects.toThrow(/another agent/);
    const stranger = await connect('stock', place.seller.token, version);
    await expect(stranger.sendMessage(request({ item: 'pears' }))).rejects.toThrow(/NOT_AUTHORISED/);
  });
});

it('1.0 lists tasks, returns at once when asked to, and takes up a task that runs', async () => {
  const client = await connect('asking');
  const begun = (await client.sendMessage({
    ...request('a boat'),
    configuration: {
      acceptedOutputModes: [],
      taskPushNotificationConfig: undefined,
      returnImmediately: true,
    },
  })) as Task;
  expect([
    TaskState.TASK_STATE_SUBMITTED,
    TaskState.TASK_STATE_WORKING,
    TaskState.TASK_STATE_INPUT_REQUIRED,
  ]).toContain(begun.status?.state);
  const last: (TaskState | undefined)[] = [];
  for await (const { payload } of client.resubscribeTask({ tenant: '', id: begun.id }))
    if (payload?.$case === 'statusUpdate') last.push(payload.value.status?.state);
  expect(last.at(-1)).toBe(TaskState.TASK_STATE_INPUT_REQUIRED);
  const { tasks, nextPageToken } = await client.listTasks({
    ...{ tenant: '', contextId: '', status: TaskState.TASK_STATE_UNSPECIFIED, pageSize: 2, pageToken: '' },
    statusTimestampAfter: undefined,
  });
  expect(tasks).toHaveLength(2);
  expect(tasks[0]?.id).toBe(begun.id);
  expect(nextPageToken).not.toBe('');
});

it('the platform is an agent that finds agents', async () => {
  const post = (token: string | undefined, query: string) =>
    fetch(`${product.url}/a2a`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'a2a-version': '1.0',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 7,
        method: 'SendMessage',
        params: { message: { messageId: 'm', role: 'ROLE_USER', parts: [{ text: query }] } },
      }),
    });
  const found = await (await post(place.owner.token, 'how MUCH')).json();
  expect(found.result.message.parts[1].data.agents).toEqual([
    expect.objectContaining({
      id: `stock_${ids.stock}`,
      card: `${product.url}/a2a/${ids.stock}/.well-known/agent-card.json`,
    }),
  ]);
  const none = await (await post(place.seller.token, 'how much')).json();
  expect(none.result.message.parts[1].data.agents).toEqual([]);
  const unknown = await post(undefined, '');
  expect([unknown.status, unknown.headers.get('www-authenticate')]).toEqual([
    401,
    'Bearer realm="AiOS Studio", scope="read write"',
  ]);
});
