// `aios agent` as its users type it, and the client it is made of, against the real product: init, test, deploy, run, logs, replay.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AiosClient, didSigner, type RecordedRun, type RunEvent } from '#node/agents/client/index.ts';
import { createAgentRuntime } from '#node/agents/runtime/agent-runtime.ts';
import { replayHere } from '../commands/agent/local-replay.ts';
import { mutations, type SignedIn, signInWithDid } from './testing/client.ts';
import {
  cleanUp,
  eventually,
  type Product,
  runAios,
  startProduct,
  temporaryFolder,
} from './testing/product.ts';

let product: Product;
let url: string;
let licence: string;
let network: string;
let client: AiosClient;
const folder = mkdtempSync(join(tmpdir(), 'aios-agent-'));
const keyOf = (seed: number) => Buffer.alloc(32, seed).toString('hex');

const aios = (...args: readonly string[]) =>
  runAios(['agent', ...args], { cwd: folder, env: { AIOS_URL: url, AIOS_KEY: keyOf(2) } });
async function answerOf<Answer>(...args: readonly string[]): Promise<Answer> {
  const { code, stdout, stderr } = await aios(...args, '--json');
  if (code !== 0) throw new Error(`aios agent ${args.join(' ')}: ${stderr}${stdout}`);
  return JSON.parse(stdout) as Answer;
}

beforeAll(async () => {
  product = await startProduct({ args: ['--no-demo'], dataDir: temporaryFolder() });
  url = product.url;
  const anna: SignedIn = await signInWithDid(url, 1);
  const bert: SignedIn = await signInWithDid(url, 2);
  const mutate = mutations(() => url);
  const { listing } = await mutate(anna, 'listAgent', 'ListAgentInput', 'listing { id licence { id } }', {
    metadataCID: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
    price: '1000',
  });
  await mutate(bert, 'buyAgent', 'BuyAgentInput', 'sale { id }', { listingId: listing.id });
  const made = await mutate(bert, 'createNetwork', 'CreateNetworkInput', 'network { id }', {
    name: 'Commands',
    isPublic: true,
  });
  licence = listing.licence.id;
  network = made.network.id;
  client = await AiosClient.connect(url, { signer: didSigner(keyOf(2)) });
}, 240_000);

afterAll(async () => {
  await product?.stop();
  await cleanUp();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

it('goes from init to a replay on this machine', { timeout: 240_000 }, async () => {
  expect((await aios('init', 'greeter')).stdout).toContain('aios agent test greeter');
  expect((await aios('init', 'greeter')).stderr).toContain('FOLDER_EXISTS');
  expect(readdirSync(folder)).toEqual(['greeter']);
  const tested = await answerOf<{ scenarios: { equal: boolean }[]; cid: string }>('test', 'greeter');
  expect(tested.scenarios.map(({ equal }) => equal)).toEqual([true, true, true]);

  const where = await aios('deploy', 'greeter');
  expect(where.stderr).toContain('PLACE_MISSING');
  expect(where.stderr).toContain(`You hold licences: ${licence} (agent`);
  expect(where.stderr).toContain(`You own networks: ${network} (Commands)`);
  const place = ['--licence', licence, '--network', network];
  const deployed = await answerOf<{ deployment: string; cid: string }>('deploy', 'greeter', ...place);
  expect(deployed.cid).toBe(tested.cid);

  const refused = await aios('run', deployed.deployment, '--input', '{}');
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('INPUT_INVALID') });
  const followed = await aios('run', deployed.deployment, '--input', '@greeter/input.json', '--follow');
  expect(followed.code).toBe(0);
  expect(followed.stdout).toMatch(
    /queued .*manual\n.*started .*\n.*storage\.get.*\n.*storage\.set.*\n(?:.*\n)*.*finished .*completed/,
  );
  expect(followed.stdout).toContain('"greeting": "Hello Ada"');
  const second = await answerOf<{ id: string; output: unknown; digest: string }>(
    'run',
    deployed.deployment,
    '--input',
    '{"name": "Ada"}',
  );
  expect(second.output).toEqual({ greeting: 'Welcome back Ada', visits: 2 });

  const { stdout } = await aios('logs', second.id, '--json');
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
  expect(events.at(0)?.kind).toBe('queued');
  expect(events.at(-1)).toMatchObject({ kind: 'finished', data: { status: 'completed' } });
  const rest = await aios('logs', second.id, '--json', '--after', events[1]?.cursor ?? '');
  expect(rest.stdout.trim().split('\n')).toHaveLength(events.length - 2);

  const verdict = { equal: true, recorded: second.digest, computed: second.digest };
  expect(await answerOf('replay', second.id)).toMatchObject(verdict);
  expect(await answerOf('replay', second.id, '--local')).toMatchObject(verdict);
});

it('notices on this machine what was changed in a recording, and where', { timeout: 120_000 }, async () => {
  const runs = await client.ask<{ agentDeployment: { runs: { edges: { node: { id: string } }[] } } }>(
    'query { agentDeployment(id: "1") { runs(first: 20) { edges { node { id trigger } } } } }',
  );
  const ids = runs.agentDeployment.runs.edges.map(({ node }) => node.id);
  const recording = await client.recording(ids.at(-1) ?? '');
  const runtime = createAgentRuntime({ lanes: 1 });
  const parted = async (change: Partial<RecordedRun>) => {
    const { equal, parted: where } = await replayHere(runtime, { ...recording, ...change });
    return equal ? 'equal' : where;
  };
  try {
    expect(await parted({})).toBe('equal');
    expect(await parted({ input: { name: 'Adb' } })).toMatch(
      /^call 0: the guest asks storage\.get \{"key":"Adb"\}, the log has/,
    );
    const [first, ...others] = recording.steps;
    if (!first) throw new Error('the run asked nothing');
    expect(await parted({ steps: [{ ...first, answer: { ok: 6 } }, ...others] })).toMatch(
      /^call 1: .*"value":7/,
    );
    expect(
      await parted({ output: { greeting: 'Hello Eve', visits: 1 }, digest: `0x${'0'.repeat(64)}` }),
    ).toContain('output: recorded');
    expect(await parted({ steps: [first] })).toMatch(/^call 1: .*the log has no more calls/);
    expect(await parted({ seed: 'f'.repeat(64) })).toContain('everything that was recorded is the same');
    const archive = Buffer.from(recording.version?.archive ?? '', 'base64');
    archive[archive.length - 20] = (archive.at(-20) ?? 0) ^ 1;
    const version = {
      ...recording.version,
      number: 1,
      cid: recording.version?.cid ?? '',
      archive: archive.toString('base64'),
    };
    await expect(parted({ version })).rejects.toMatchObject({ code: expect.stringMatching(/^PACKAGE_/) });
    await expect(parted({ engine: 'another' })).rejects.toMatchObject({ code: 'REPLAY_ENGINE' });
  } finally {
    await runtime.close();
  }
});

/** Stands between a client and the product, and cuts all connections when asked. */
function unreliable(port: number): Promise<{ server: Server; port: number; cut(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
    near.pipe(far).pipe(near);
  });
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve({ server, port: (server.address() as AddressInfo).port, cut }),
    ),
  );
}

it('follows a run without a gap over a connection that is cut again and again', {
  timeout: 120_000,
}, async () => {
  const steps = 60;
  writeFileSync(
    join(folder, 'greeter/agent.ts'),
    `export function run(input: { name: string }, aios: any) {
       for (let i = 0; i < ${steps}; i += 1) { aios.log('line ' + i); aios.call('storage.set', { key: 'k' + i, value: i }); }
       const { approved } = aios.call('approval.ask', { question: 'Enough?' });
       return { greeting: approved ? 'yes' : 'no', visits: 0 }; }`,
  );
  const manifest = readFileSync(join(folder, 'greeter/agent.json'), 'utf8');
  writeFileSync(
    join(folder, 'greeter/agent.json'),
    manifest.replace('"storage"', '"approval": {}, "storage"'),
  );
  const { deployment } = await answerOf<{ deployment: string }>(
    'deploy',
    'greeter',
    '--licence',
    licence,
    '--network',
    network,
  );
  const proxy = await unreliable(Number(new URL(url).port));
  try {
    const near = await AiosClient.connect(`http://127.0.0.1:${proxy.port}`, { signer: didSigner(keyOf(2)) });
    const run = await near.run(deployment, { name: 'x' });
    let lost = 0;
    const seen: RunEvent[] = [];
    const onReconnect = () => {
      lost += 1;
    };
    const following = (async () => {
      for await (const event of near.events(run.id, { onReconnect })) {
        seen.push(event);
        if (seen.length % 40 === 0) proxy.cut();
        if (event.data?.capability === 'approval.ask' && event.data.status === 'waiting') {
          for (const times of [2, 3]) {
            proxy.cut();
            await eventually(() => lost >= times, 'the connection was not cut');
          }
          await client.approve(run.id, steps, true);
        }
      }
    })();
    await following;
    const whole: RunEvent[] = [];
    for await (const event of client.events(run.id)) whole.push(event);
    expect(seen.map(({ cursor }) => cursor)).toEqual(whole.map(({ cursor }) => cursor));
    expect(seen.filter(({ kind }) => kind === 'log')).toHaveLength(steps);
    expect((await client.ended(run.id)).output).toEqual({ greeting: 'yes', visits: 0 });
  } finally {
    proxy.server.close();
    proxy.cut();
  }
});

it('refuses clearly who nobody is, and what nobody may', async () => {
  const as = (env: Record<string, string>, ...args: readonly string[]) =>
    runAios(['agent', ...args], { cwd: folder, env: { AIOS_URL: url, ...env } });
  expect((await as({}, 'run', '1')).stderr).toContain('NOT_SIGNED_IN');
  expect((await as({ AIOS_KEY: 'abc' }, 'run', '1')).stderr).toContain('KEY_INVALID');
  expect((await as({ AIOS_TOKEN: 'abc' }, 'run', '1')).stderr).toContain('UNAUTHENTICATED');
  expect((await as({ AIOS_KEY: keyOf(9) }, 'run', '1', '--input', '{"name": "x"}')).stderr).toContain(
    'NOT_AUTHORISED',
  );
  expect((await as({ AIOS_KEY: keyOf(9) }, 'logs', '1')).stderr).toContain('RUN_UNKNOWN');
  expect((await as({ AIOS_KEY: keyOf(2), AIOS_URL: 'http://127.0.0.1:1' }, 'logs', '1')).stderr).toContain(
    'NOT_REACHABLE',
  );
  expect((await as({}, 'run', '1', '--account', '3', '--input', '{x')).stderr).toContain('INPUT_UNREADABLE');
  // The archive is code: who may not look at runs does not get it.
  const stranger = await AiosClient.connect(url, { signer: didSigner(keyOf(9)) });
  const { agentDeployment } = await stranger.ask<{ agentDeployment: { version: object } }>(
    'query { agentDeployment(id: "1") { version { cid archive } } }',
  );
  expect(agentDeployment.version).toEqual({ cid: expect.stringMatching(/^baf/), archive: null });
});
