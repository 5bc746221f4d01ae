// Runs a template as it is shipped, or many inputs in one run of the same code, which costs one start instead of hundreds.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { AiosError } from '#node/platform/errors.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { type AgentPackage, agentCodeOf, readPackage } from '../../package/agent-package.ts';
import type { AgentRuntime, Json, RunHooks, RunOutcome } from '../../runtime/runtime.ts';

export const TEMPLATES = [
  'dynamic-pricing',
  'inventory-reordering',
  'credit-scoring',
  'shipment-compliance',
  'support-triage',
] as const;

export type Template = (typeof TEMPLATES)[number];

export const templateFolder = (name: Template): string => join(packageRoot, 'node/agents/templates', name);

const packages = new Map<Template, Promise<AgentPackage>>();

/** The template as a package, read once. */
export function templatePackage(name: Template): Promise<AgentPackage> {
  const known = packages.get(name) ?? readPackage(templateFolder(name));
  packages.set(name, known);
  return known;
}

const refuse: RunHooks = {
  call: async ({ capability }) => ({
    error: { code: 'NOT_GRANTED', message: `${capability} is not granted` },
  }),
};

const requestFor = async (agent: AgentPackage, input: Json) => ({
  code: await agentCodeOf(agent),
  input,
  seed: createHash('sha256').update(agent.manifest.name).digest('hex'),
  startedAt: Date.UTC(2026, 0, 5),
  limits: agent.manifest.limits,
});

/** One run under the manifest's own limits. */
export async function runTemplate(
  runtime: AgentRuntime,
  name: Template,
  input: Json,
  hooks: RunHooks = refuse,
): Promise<RunOutcome> {
  const agent = await templatePackage(name);
  return runtime.run(await requestFor(agent, input), hooks);
}

const BATCH: Readonly<Record<'javascript' | 'python', readonly [string, string]>> = {
  javascript: [
    'batch.js',
    "import { run as one } from './agent.ts';\nexport const run = (inputs, aios) => inputs.map((input) => one(input, aios));\n",
  ],
  python: [
    'batch.py',
    'import agent\n\ndef run(inputs, aios):\n    return [agent.run(one, aios) for one in inputs]\n',
  ],
};

/** Outputs for many inputs, in order. @throws AiosError `TEMPLATE_FAILED` with the agent's own error */
export async function runBatch<Output>(
  runtime: AgentRuntime,
  name: Template,
  inputs: readonly Json[],
): Promise<Output[]> {
  const agent = await templatePackage(name);
  const request = await requestFor(agent, inputs);
  const [entry, source] = BATCH[agent.manifest.language === 'python' ? 'python' : 'javascript'];
  const outcome = await runtime.run(
    {
      ...request,
      code: { ...request.code, entry, files: new Map([...request.code.files, [entry, Buffer.from(source)]]) },
      limits: {
        ...request.limits,
        memoryBytes: 256 << 20,
        gas: 1e12,
        deadlineMs: 15 * 60_000,
        outputBytes: 8 << 20,
      },
    },
    refuse,
  );
  if (outcome.status !== 'completed')
    throw new AiosError(
      'TEMPLATE_FAILED',
      `${name}: ${outcome.error?.code}: ${outcome.error?.message} ${outcome.error?.stack ?? ''}`,
    );
  return outcome.output as unknown as Output[];
}
