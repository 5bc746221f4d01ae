// Runs a scenario in the real runtime and tells every place where what came out is not what was expected.
import type { AgentPackage } from '../package/agent-package.ts';
import type { AgentRuntime, Json, RunOutcome } from '../runtime/runtime.ts';
import { requestOf, type Scenario } from './scenario.ts';
import { scenarioWorld } from './scenario-world.ts';

export interface Difference {
  /** Such as `output.forecast[3].mean`. */
  readonly path: string;
  /** Undefined where nothing was expected. */
  readonly expected?: Json;
  /** Undefined where nothing came. */
  readonly got?: Json;
  /** Instead of values, for what is wrong in itself. */
  readonly problem?: string;
}

export interface ScenarioResult {
  /** Undefined when the input was refused before it could run. */
  readonly outcome: RunOutcome | undefined;
  readonly differences: readonly Difference[];
  /** What a scenario that expects exactly this says: its new `output` or `error`, and its `calls` where it has some. */
  readonly recorded: Pick<Scenario, 'output' | 'error' | 'calls'>;
}

/** Differences told of one scenario; one mistake often makes hundreds. */
const MOST_TOLD = 20;

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const KEY = /^[A-Za-z_$][\w$]*$/;

/** Leaves in which two values differ. */
function* differences(
  path: string,
  expected: Json | undefined,
  got: Json | undefined,
): Generator<Difference> {
  if (Array.isArray(expected) && Array.isArray(got)) {
    for (let at = 0; at < Math.max(expected.length, got.length); at += 1)
      yield* differences(`${path}[${at}]`, expected[at] as Json | undefined, got[at] as Json | undefined);
  } else if (isObject(expected) && isObject(got)) {
    const own = (value: { readonly [key: string]: Json }, key: string) =>
      Object.hasOwn(value, key) ? value[key] : undefined;
    for (const key of new Set([...Object.keys(expected), ...Object.keys(got)]))
      yield* differences(
        `${path}${KEY.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`}`,
        own(expected, key),
        own(got, key),
      );
  } else if (expected !== got) {
    yield {
      path,
      ...(expected === undefined ? {} : { expected }),
      ...(got === undefined ? {} : { got }),
    };
  }
}

function* told(scenario: Scenario, agent: AgentPackage, outcome: RunOutcome): Generator<Difference> {
  const { output, error } = outcome;
  if (scenario.error) {
    if (!error) {
      yield { path: 'error', expected: scenario.error.code, got: 'completed' };
      return;
    }
    if (error.code !== scenario.error.code)
      yield { path: 'error.code', expected: scenario.error.code, got: error.code };
    if (scenario.error.message !== undefined && !error.message.includes(scenario.error.message))
      yield { path: 'error.message', expected: scenario.error.message, got: error.message };
  } else if (error) {
    yield {
      path: 'error',
      problem: `${error.code}: ${error.message}${error.stack ? `\n${error.stack}` : ''}`,
    };
  } else {
    if (scenario.output === undefined)
      yield { path: 'output', problem: 'the scenario expects nothing yet: record it with --update' };
    else yield* differences('output', scenario.output, output ?? null);
    for (const mistake of agent.output.mistakesOf(output ?? null))
      yield { path: 'output', problem: `against the manifest's schema: ${mistake}` };
  }
  if (scenario.calls) yield* differences('calls', scenario.calls as Json, callsOf(outcome) as Json);
}

const callsOf = (outcome: RunOutcome): [string, Json][] =>
  outcome.calls.map(({ call }) => [call.capability, call.args]);

/** The code that the platform refuses an input with which is not what the manifest asks for. */
const REFUSED_INPUT = 'INPUT_INVALID';

export async function runScenario(
  runtime: AgentRuntime,
  agent: AgentPackage,
  scenario: Scenario,
  signal?: AbortSignal,
): Promise<ScenarioResult> {
  const mistakes = agent.input.mistakesOf(scenario.input);
  if (mistakes.length > 0) {
    const expected = scenario.error?.code === REFUSED_INPUT;
    const problem = `${REFUSED_INPUT}: ${mistakes.join('; ')}`;
    return {
      outcome: undefined,
      differences: expected ? [] : [{ path: 'input', problem }],
      recorded: { error: { code: REFUSED_INPUT } },
    };
  }
  const world = scenarioWorld(scenario, agent.manifest.capabilities);
  const outcome = await runtime.run(await requestOf(agent, scenario), {
    call: (call) => world.call(call),
    ...(signal ? { signal } : {}),
  });
  const found: Difference[] = [...world.unanswered].map((capability) => ({
    path: 'answers',
    problem: `nothing is said about ${capability}: add {"${capability}": {"ok": …}}`,
  }));
  for (const difference of told(scenario, agent, outcome)) {
    if (found.length === MOST_TOLD) {
      found.push({ path: '…', problem: 'and more' });
      break;
    }
    found.push(difference);
  }
  return {
    outcome,
    differences: found,
    recorded: {
      ...(outcome.error ? { error: { code: outcome.error.code } } : { output: outcome.output ?? null }),
      ...(scenario.calls ? { calls: callsOf(outcome) } : {}),
    },
  };
}
