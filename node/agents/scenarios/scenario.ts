// A golden scenario: what an agent is given, what the world answers, and what must come out. One JSON file each in the package's folder
// `golden`; `aios agent test` runs them.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AiosError } from '#node/platform/errors.ts';
import type { AgentPackage } from '../package/agent-package.ts';
import { agentCodeOf } from '../package/agent-package.ts';
import type { Json, RunRequest } from '../runtime/runtime.ts';

export const SCENARIO_FOLDER = 'golden';

const json: z.ZodType<Json> = z.json();
const answer = z.union(
  [
    z.strictObject({ ok: json }),
    z.strictObject({ error: z.strictObject({ code: z.string().min(1), message: z.string().default('') }) }),
  ],
  'expected { "ok": … } or { "error": { "code", "message" } }',
);

const scenarioSchema = z.strictObject({
  name: z.string().min(1).max(200),
  /** What it is there for. */
  why: z.string().max(2_000).optional(),
  input: json.default(null),
  /** Any text; decides the agent's random numbers. */
  seed: z.string().max(200).optional(),
  /** Where the agent's clock stands, RFC 3339. */
  startedAt: z.iso.datetime({ offset: true }).optional(),
  /** What the agent's storage holds when it begins. */
  storage: z.record(z.string(), json).optional(),
  /** Answers by capability: one that always comes, or a list taken in order. */
  answers: z.record(z.string(), z.union([answer, z.array(answer)])).optional(),
  /** All that the agent asks, in order, when that matters: [capability, arguments]. */
  calls: z.array(z.tuple([z.string(), json])).optional(),
  output: json.optional(),
  error: z.strictObject({ code: z.string().min(1), message: z.string().optional() }).optional(),
});

export type Scenario = z.output<typeof scenarioSchema>;

/** @throws AiosError SCENARIO_INVALID naming file, field and fix */
export function readScenario(path: string, bytes: Uint8Array): Scenario {
  const refuse = (problem: string): never => {
    throw new AiosError('SCENARIO_INVALID', `${path}: ${problem}`, { details: { path } });
  };
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return refuse(`it is no JSON (${error instanceof Error ? error.message : String(error)}): correct it`);
  }
  const parsed = scenarioSchema.safeParse(value);
  if (!parsed.success)
    return refuse(
      parsed.error.issues
        .map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`)
        .join('; '),
    );
  if (parsed.data.output !== undefined && parsed.data.error !== undefined)
    return refuse('it expects both output and error: a run has one of them, take the other away');
  return parsed.data;
}

/** The scenarios of a package, in the order of their files' names. @throws AiosError SCENARIO_INVALID */
export function scenariosOf({ files }: Pick<AgentPackage, 'files'>): ReadonlyMap<string, Scenario> {
  return new Map(
    [...files]
      .filter(([path]) => path.startsWith(`${SCENARIO_FOLDER}/`) && path.endsWith('.json'))
      .map(([path, bytes]) => [path, readScenario(path, bytes)]),
  );
}

/** What is run: the package as the platform runs it, under the manifest's own limits. */
export async function requestOf(agent: AgentPackage, scenario: Scenario): Promise<RunRequest> {
  return {
    code: await agentCodeOf(agent),
    input: scenario.input,
    seed: createHash('sha256')
      .update(scenario.seed ?? '')
      .digest('hex'),
    startedAt: Date.parse(scenario.startedAt ?? '2026-01-05T00:00:00Z'),
    limits: agent.manifest.limits,
  };
}
