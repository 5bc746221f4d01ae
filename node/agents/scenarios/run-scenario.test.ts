// Golden scenarios: each kind of difference is found and named, the world answers as the platform would, and recording makes them pass.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageOf } from '../package/agent-package.ts';
import { createAgentRuntime, type StartedRuntime } from '../runtime/agent-runtime.ts';
import { runScenario } from './run-scenario.ts';
import { readScenario, scenariosOf } from './scenario.ts';

let runtime: StartedRuntime;
beforeAll(() => {
  runtime = createAgentRuntime({ lanes: 1 });
});
afterAll(() => runtime.close());

const encode = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const manifest = {
  name: 'tested',
  version: '1.0.0',
  language: 'javascript',
  entry: 'agent.js',
  capabilities: { storage: { bytes: 1000 }, message: { topics: ['a'] } },
  input: { type: 'object' },
  output: { type: 'object', properties: { n: { type: 'integer' } } },
};
const agentOf = (body: string) =>
  packageOf(
    new Map([
      ['agent.js', encode(`export function run(input, aios) { ${body} }`)],
      ['agent.json', encode(manifest)],
    ]),
  );
const scenario = (value: object) => readScenario('golden/a.json', encode({ name: 'a', ...value }));
const told = async (body: string, value: object) => {
  const { differences } = await runScenario(runtime, agentOf(body), scenario(value));
  return differences.map(({ path, expected, got, problem }) => problem ?? [path, expected, got]);
};

test('tells each leaf in which an output differs', async () => {
  const body = 'return { n: 1, list: [1, { deep: "x" }], "odd key": null, more: 2 }';
  const output = { n: 1, list: [1, { deep: 'y' }, 3], 'odd key': 0, gone: true };
  expect(await told(body, { input: {}, output })).toEqual([
    ['output.list[1].deep', 'y', 'x'],
    ['output.list[2]', 3, undefined],
    ['output["odd key"]', 0, null],
    ['output.gone', true, undefined],
    ['output.more', undefined, 2],
  ]);
  expect(await told('return { n: "text" }', { input: {}, output: { n: 'text' } })).toEqual([
    expect.stringContaining("against the manifest's schema"),
  ]);
});

test('expects errors, refused inputs, and calls in order', async () => {
  expect(
    await told('throw new Error("no such thing")', {
      input: {},
      error: { code: 'AGENT_THREW', message: 'no such' },
    }),
  ).toEqual([]);
  expect(await told('return {}', { input: {}, error: { code: 'AGENT_THREW' } })).toEqual([
    ['error', 'AGENT_THREW', 'completed'],
  ]);
  expect(await told('throw new Error("why")', { input: {}, output: {} })).toEqual([
    expect.stringContaining('AGENT_THREW: Error: why'),
  ]);
  expect(await told('return {}', { input: 5, error: { code: 'INPUT_INVALID' } })).toEqual([]);
  expect(await told('return {}', { input: 5, output: {} })).toEqual([
    expect.stringMatching(/^INPUT_INVALID/),
  ]);
  const calls = [['storage.set', { key: 'k', value: 2 }]];
  expect(
    await told('aios.call("storage.set", { key: "k", value: 1 }); return {}', {
      input: {},
      output: {},
      calls,
    }),
  ).toEqual([['calls[0][1].value', 2, 1]]);
});

test('answers as the platform would: grants, storage, what the scenario says, and nothing else', async () => {
  const ask = `const tell = (name, args) => { try { return aios.call(name, args) } catch (error) { return error.code } };`;
  const body = `${ask} return { a: tell('pay.send', {}), b: tell('storage.get', { key: 'x' }), c: tell('storage.list', {}),
    d: [tell('message.send', {}), tell('message.send', {}), tell('message.send', {})] }`;
  const value = {
    input: {},
    storage: { x: [1] },
    answers: { 'message.send': [{ ok: 'first' }, { error: { code: 'BUSY' } }] },
    output: {
      a: 'CAPABILITY_NOT_GRANTED',
      b: [1],
      c: [{ key: 'x', bytes: 3 }],
      d: ['first', 'BUSY', 'SCENARIO_UNANSWERED'],
    },
  };
  expect(await told(body, value)).toEqual([expect.stringContaining('nothing is said about message.send')]);
});

test('what is recorded is what passes; two runs are the same, other seeds are not', async () => {
  const agent = agentOf(
    'aios.call("storage.set", { key: "a", value: Math.random() }); return { n: 1, at: Date.now() }',
  );
  const open = scenario({ input: {}, calls: [] });
  const first = await runScenario(runtime, agent, open);
  expect(first.differences.length).toBeGreaterThan(0);
  const closed = { ...open, ...first.recorded };
  expect((await runScenario(runtime, agent, closed)).differences).toEqual([]);
  const { differences } = await runScenario(runtime, agent, {
    ...closed,
    seed: 'another',
    startedAt: '2026-02-01T00:00:00Z',
  });
  expect(differences.map(({ path }) => path)).toEqual(['output.at', 'calls[0][1].value']);
});

test('refuses what is no scenario, naming file and field', () => {
  const refusal = (value: unknown) => {
    try {
      readScenario('golden/x.json', encode(value));
    } catch (error) {
      return (error as Error).message;
    }
    return 'accepted';
  };
  expect(refusal('{')).toMatch(/^golden\/x\.json: it is no JSON/);
  expect(refusal({ input: 1 })).toContain('golden/x.json: name:');
  expect(refusal({ name: 'x', outputs: 1 })).toContain('outputs');
  expect(refusal({ name: 'x', output: 1, error: { code: 'X' } })).toContain('one of them');
  expect(refusal({ name: 'x', answers: { 'llm.chat': { text: 'x' } } })).toContain('answers.llm.chat');
  expect(scenariosOf(agentOf('return 1'))).toEqual(new Map());
});
