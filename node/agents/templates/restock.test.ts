// The workflow template: its golden scenarios, and its values against the schemas of the agents that it is made for.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '#node/platform/package-root.ts';
import { agentCodeOf, readPackage } from '../package/agent-package.ts';
import type { HostAnswer, HostCall, Json } from '../runtime/runtime.ts';
import { requestOf } from '../runtime/testing/requests.ts';
import { checkWorkflowTypes } from '../workflow/type-check.ts';
import { WorkflowEngine, workflowOf } from '../workflow/workflow-engine.ts';

interface Golden {
  readonly name: string;
  readonly input: Json;
  readonly answers: Readonly<Record<string, Json>>;
  readonly asked?: string;
  readonly told: readonly Json[];
  readonly output: Json;
}

const folder = (name: string) => join(packageRoot, 'node/agents/templates', name);
const goldens = readdirSync(join(folder('restock'), 'golden')).map(
  (file) => JSON.parse(readFileSync(join(folder('restock'), 'golden', file), 'utf8')) as Golden,
);

describe('restock', () => {
  it.each(goldens)('$name', async ({ input, answers, asked, told, output }) => {
    const agent = await readPackage(folder('restock'));
    expect(agent.input.mistakesOf(input)).toEqual([]);
    const names = new Map([...workflowOf(await agentCodeOf(agent)).agents].map(([name, id]) => [id, name]));
    const [messages, questions]: [Json[], Json[]] = [[], []];
    const opened = new Map<number, HostAnswer>();
    const act = ({ index, capability, args }: HostCall): HostAnswer => {
      if (capability === 'agent.call') {
        const { deployment } = args as { deployment: string };
        opened.set(index, { ok: { run: '1', output: answers[names.get(deployment) ?? ''] ?? null } });
      } else if (capability === 'approval.ask') {
        questions.push((args as { question: string }).question);
        opened.set(index, { ok: { approved: true, by: 'did:boss', note: null } });
      } else if (capability === 'message.send') {
        messages.push(args);
        return { ok: { id: '7', listeners: 0 } };
      } else if (capability === 'wait.any') {
        const { steps } = args as { steps: number[] };
        return {
          ok: steps.flatMap((step) => (opened.has(step) ? [{ step, answer: opened.get(step) as Json }] : [])),
        };
      }
      return { ok: null };
    };
    const engine = new WorkflowEngine();
    const outcome = await engine.run(requestOf(await agentCodeOf(agent), input), {
      call: async (call) => act(call),
    });
    expect(outcome).toMatchObject({ status: 'completed', output });
    expect(messages).toEqual(told);
    expect(questions).toEqual(asked === undefined ? [] : [asked]);
    expect(agent.output.mistakesOf(outcome.output ?? null)).toEqual([]);
  });

  it('gives the agents what their schemas ask for', async () => {
    const agent = await readPackage(folder('restock'));
    const [inventory, pricing] = await Promise.all(
      ['inventory-reordering', 'dynamic-pricing'].map((name) => readPackage(folder(name))),
    );
    if (!inventory || !pricing) throw new Error('the templates are not there');
    const types = new Map([
      ['1', inventory.manifest],
      ['2', pricing.manifest],
    ]);
    const workflow = workflowOf(await agentCodeOf(agent));
    expect(() => checkWorkflowTypes(workflow, agent.manifest, types)).not.toThrow();
  });
});
