// An agent by mutations alone: a licence is bought, code deployed under it, run in the real runtime, watched over a subscription, replayed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ask, dataOf, mutations, type SignedIn, signInWithDid } from './testing/client.ts';
import { cleanUp, eventually, type Product, startProduct, temporaryFolder } from './testing/product.ts';

let product: Product;
let url: string;
let anna: SignedIn;
let bert: SignedIn;
let networkId: string;
let licenceId: string;
let agentId: string;

const mutate = mutations(() => url);

beforeAll(async () => {
  product = await startProduct({ args: ['--no-demo'], dataDir: temporaryFolder() });
  url = product.url;
  anna = await signInWithDid(url, 1);
  bert = await signInWithDid(url, 2);
  const listed = await mutate(
    anna,
    'listAgent',
    'ListAgentInput',
    'listing { id licence { id agent { id } } }',
    {
      metadataCID: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
      price: '1000',
    },
  );
  licenceId = listed.listing.licence.id;
  agentId = listed.listing.licence.agent.id;
  const bought = await mutate(bert, 'buyAgent', 'BuyAgentInput', 'sale { id }', {
    listingId: listed.listing.id,
  });
  expect(bought.error).toBeNull();
  const made = await mutate(bert, 'createNetwork', 'CreateNetworkInput', 'network { id }', {
    name: 'Agents',
    isPublic: true,
  });
  networkId = made.network.id;
}, 240_000);

afterAll(async () => {
  await product?.stop();
  await cleanUp();
}, 60_000);

const manifest = (more: object = {}) => ({
  name: 'counter',
  version: '1.0.0',
  language: 'javascript',
  entry: 'agent.ts',
  capabilities: { storage: { bytes: 10_000 }, approval: {} },
  input: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
  ...more,
});
const code = `
export function run(input: { n: number; ask?: boolean }, aios: any) {
  const before = aios.call('storage.get', { key: 'sum' }) ?? 0;
  aios.log('adding ' + input.n);
  if (input.ask) { const { approved } = aios.call('approval.ask', { question: 'Add?' }); if (!approved) throw new Error('not approved'); }
  aios.call('storage.set', { key: 'sum', value: before + input.n });
  return { sum: before + input.n, dice: Math.random() };
}`;
const files = (text = code, more: object = {}) => [
  { path: 'agent.json', text: JSON.stringify(manifest(more)) },
  { path: 'agent.ts', text },
];
const deploy = (who: SignedIn, input: object) =>
  mutate(
    who,
    'deployAgent',
    'DeployAgentInput',
    'deployment { id status agent { id creator } network { name } } version { id number cid }',
    {
      networkId,
      licenceId,
      ...input,
    },
  );

/** A subscription of somebody who is signed in, until it ends by itself or enough came. */
async function watch(
  who: SignedIn,
  query: string,
  variables: Record<string, unknown>,
  most = 100,
): Promise<Record<string, unknown>[]> {
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${who.token}` },
    retryAttempts: 0,
  });
  const seen: Record<string, unknown>[] = [];
  try {
    for await (const { data, errors } of client.iterate<Record<string, unknown>>({ query, variables })) {
      if (errors) throw new Error(JSON.stringify(errors));
      if (data) seen.push(Object.values(data)[0] as Record<string, unknown>);
      if (seen.length === most) break;
    }
  } finally {
    await client.dispose();
  }
  return seen;
}

const runEvents =
  'subscription ($run: ID!, $after: String) { runEvents(run: $run, after: $after) { cursor kind data run { status } } }';
const runOf = async (who: SignedIn, id: string) =>
  (
    await dataOf(
      url,
      `query ($id: ID!) { run(id: $id) { id status output digest digestMatches attempt gas error { code } logs { text }
         steps { capability status answer } deployment { id agent { creator } } version { number } } }`,
      { variables: { id }, token: who.token },
    )
  ).run;

describe('an agent', () => {
  it('is deployed only by the holder of the licence, and only if its package is sound', async () => {
    expect((await deploy(anna, { files: files() })).error.code).toBe('NOT_AUTHORISED');
    expect((await deploy(bert, { files: files('export function run( {') })).error.code).toBe('CODE_INVALID');
    expect((await deploy(bert, { files: files(code, { capabilities: { fly: {} } }) })).error).toMatchObject({
      code: 'MANIFEST_INVALID',
      message: expect.stringContaining('fly'),
    });
    const { network } = await dataOf(
      url,
      'query ($id: ID!) { network(id: $id) { agentDeployments { edges { node { id } } } } }',
      {
        variables: { id: networkId },
      },
    );
    expect(network.agentDeployments.edges).toEqual([]);
  });

  it('is deployed, run, watched, resumed after an approval, and replayed to the same digest', async () => {
    const { deployment, version, error } = await deploy(bert, { files: files() });
    expect(error).toBeNull();
    expect(deployment).toMatchObject({
      status: 'ACTIVE',
      agent: { id: agentId },
      network: { name: 'Agents' },
    });
    expect(version).toMatchObject({ number: 1, cid: expect.stringMatching(/^baf/) });

    const refused = await mutate(bert, 'runAgent', 'RunAgentInput', 'run { id }', {
      deploymentId: deployment.id,
      input: { n: 'x' },
    });
    expect(refused.error.code).toBe('INPUT_INVALID');

    const { run } = await mutate(bert, 'runAgent', 'RunAgentInput', 'run { id status }', {
      deploymentId: deployment.id,
      input: { n: 5, ask: true },
    });
    const events = watch(bert, runEvents, { run: run.id });
    await eventually(
      async () => (await runOf(bert, run.id)).status === 'WAITING',
      'the run does not wait for its approval',
    );
    const approved = await mutate(bert, 'approveStep', 'ApproveStepInput', 'run { id }', {
      runId: run.id,
      step: 1,
      approved: true,
    });
    expect(approved.error).toBeNull();
    const seen = await events;
    expect(seen.map(({ kind }) => kind)).toEqual([
      ...['queued', 'started', 'step', 'log', 'step'],
      ...['step', 'started', 'step', 'finished'],
    ]);
    expect(seen.at(-1)).toMatchObject({ data: { status: 'completed' }, run: { status: 'COMPLETED' } });
    // Resumed in the middle: what follows, without a gap.
    const rest = await watch(bert, runEvents, { run: run.id, after: seen[3]?.cursor });
    expect(rest.map(({ cursor }) => cursor)).toEqual(seen.slice(4).map(({ cursor }) => cursor));

    const done = await runOf(bert, run.id);
    expect(done).toMatchObject({
      status: 'COMPLETED',
      output: { sum: 5 },
      logs: [{ text: 'adding 5' }],
      steps: [
        { capability: 'storage.get' },
        { capability: 'approval.ask' },
        { capability: 'storage.set', answer: { ok: null } },
      ],
      digest: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      deployment: { id: deployment.id },
    });

    const { run: replay } = await mutate(bert, 'replayRun', 'ReplayRunInput', 'run { id }', {
      runId: run.id,
    });
    await watch(bert, runEvents, { run: replay.id });
    expect(await runOf(bert, replay.id)).toMatchObject({
      status: 'COMPLETED',
      digest: done.digest,
      digestMatches: true,
      output: done.output,
    });

    const stranger = await ask(url, 'query ($id: ID!) { run(id: $id) { output } }', {
      variables: { id: run.id },
      token: anna.token,
    });
    expect(stranger.errors?.[0]?.extensions?.code).toBe('RUN_UNKNOWN');
  });

  it('pays on chain from an address of its own, within its budget', async () => {
    const payee = `0x${'77'.repeat(20)}`;
    const paying = `export function run(input: { n: number }, aios: any) {
      const { transaction } = aios.call('pay.send', { payee: '${payee}', amount: '3' });
      try { aios.call('pay.send', { payee: '${payee}', amount: '3' }); } catch (error: any) { return { transaction, next: error.code }; }
    }`;
    const pay = { token: 'AiOS', perRun: '5', perDay: '100', payees: [payee] };
    const { deployment, error } = await deploy(bert, { files: files(paying, { capabilities: { pay } }) });
    expect(error).toBeNull();
    const { run } = await mutate(bert, 'runAgent', 'RunAgentInput', 'run { id }', {
      deploymentId: deployment.id,
      input: { n: 1 },
    });
    await watch(bert, runEvents, { run: run.id });
    const { output } = await runOf(bert, run.id);
    expect(output).toEqual({
      transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      next: 'BUDGET_EXCEEDED',
    });
    await eventually(async () => {
      const { holder } = await dataOf(url, 'query ($id: ID!) { holder(id: $id) { balance } }', {
        variables: { id: payee },
      });
      return holder?.balance === '3';
    }, 'the payment is not indexed');
  });

  it('are run by any process of the role, over the same database', async () => {
    const { databaseUrl } = JSON.parse(readFileSync(join(product.dataDir, 'running.json'), 'utf8'));
    const second = await startProduct({
      args: ['--role', 'agents'],
      env: { DATABASE_URL: databaseUrl },
      dataDir: temporaryFolder(),
    });
    const executed = async (base: string) =>
      (await (await fetch(`${base}/health`)).json()).services.agents.details.executed as number;
    const { deployment } = await deploy(bert, { files: files() });
    for (let n = 0; (await executed(second.url)) === 0; n++) {
      expect(n).toBeLessThan(40);
      const { run } = await mutate(bert, 'runAgent', 'RunAgentInput', 'run { id }', {
        deploymentId: deployment.id,
        input: { n: 1 },
      });
      await watch(bert, runEvents, { run: run.id });
      expect((await runOf(bert, run.id)).status).toBe('COMPLETED');
    }
    await second.stop();
  });

  it('runs by itself on a schedule, pauses, gets a second version, and stops', async () => {
    const { deployment, version } = await deploy(bert, { files: files(`${code}\n// better`) });
    expect(version.number).toBe(4);
    const scheduled = await mutate(
      bert,
      'scheduleAgent',
      'ScheduleAgentInput',
      'deployment { schedule { everyMs nextAt } }',
      {
        deploymentId: deployment.id,
        everyMs: 1_000,
        input: { n: 1 },
      },
    );
    expect(scheduled).toMatchObject({ error: null, deployment: { schedule: { everyMs: 1_000 } } });
    const activity = await watch(
      bert,
      'subscription ($network: ID!) { agentActivity(network: $network) { kind status deployment { id } } }',
      { network: networkId },
      2,
    );
    expect(activity).toEqual(
      Array(2).fill({ kind: 'finished', status: 'COMPLETED', deployment: { id: deployment.id } }),
    );
    const paused = await mutate(
      bert,
      'pauseAgent',
      'PauseAgentInput',
      'deployment { status schedule { nextAt } }',
      { deploymentId: deployment.id },
    );
    expect(paused.deployment).toEqual({ status: 'PAUSED', schedule: { nextAt: null } });
    const denied = await mutate(bert, 'runAgent', 'RunAgentInput', 'run { id }', {
      deploymentId: deployment.id,
      input: { n: 1 },
    });
    expect(denied.error.code).toBe('DEPLOYMENT_NOT_ACTIVE');
    const stopped = await mutate(
      bert,
      'stopAgent',
      'StopAgentInput',
      'deployment { status schedule { nextAt } }',
      { deploymentId: deployment.id },
    );
    expect(stopped.deployment).toEqual({ status: 'STOPPED', schedule: null });
    const { agent } = await dataOf(
      url,
      `query ($id: ID!) { agent(id: $id) { agentVersions(first: 1) { edges { node { number manifest } } pageInfo { hasNextPage endCursor } }
         deployments { edges { node { id status runs(first: 2) { edges { node { trigger } } pageInfo { hasNextPage } } } } } } }`,
      { variables: { id: agentId }, token: bert.token },
    );
    expect(agent).toMatchObject({
      agentVersions: {
        edges: [{ node: { number: 4, manifest: { name: 'counter' } } }],
        pageInfo: { hasNextPage: true },
      },
      deployments: {
        edges: [{ node: { status: 'STOPPED', runs: { edges: [{ node: { trigger: 'schedule' } }, {}] } } }],
      },
    });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/aios_agent_runs_total\{end="completed"\} [1-9]/);
  });
});
