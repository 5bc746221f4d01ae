// The nodes of a workflow's run in GraphQL.
import type { AgentService, RunNode } from './agent-service.ts';
import type { AgentsBuilder, AgentTypes } from './agent-types.ts';

/** Adds `Run.nodes`. */
export function defineNodeTypes(
  builder: AgentsBuilder,
  { Run: RunType }: AgentTypes,
  service: AgentService,
): void {
  const RunNodeStatus = builder.enumType('RunNodeStatus', {
    description: 'How far a node of a workflow is.',
    values: {
      PENDING: { value: 'pending', description: 'What it needs is not done yet.' },
      RUNNING: { value: 'running', description: 'Begun: an agent runs, or something is waited for.' },
      COMPLETED: { value: 'completed', description: 'Its output is there.' },
      FAILED: { value: 'failed', description: 'It failed, and the workflow with it.' },
      SKIPPED: { value: 'skipped', description: 'What it needs was not chosen, or never came.' },
      CANCELLED: { value: 'cancelled', description: 'Let go because another node had failed.' },
      COMPENSATING: { value: 'compensating', description: 'What it did is being undone.' },
      COMPENSATED: { value: 'compensated', description: 'What it did was undone.' },
      COMPENSATION_FAILED: { value: 'compensation_failed', description: 'What it did could not be undone.' },
    } as const,
  });
  const ItemsRef = builder.objectRef<NonNullable<RunNode['items']>>('RunNodeItems').implement({
    description: 'How far a map is.',
    fields: (t) => ({
      total: t.exposeInt('total', { description: 'Items in all.' }),
      done: t.exposeInt('done', { description: 'Items that are done.' }),
    }),
  });
  const NodeErrorRef = builder.objectRef<NonNullable<RunNode['error']>>('RunNodeError').implement({
    description: 'Why a node failed, or could not be undone.',
    fields: (t) => ({
      code: t.exposeString('code', { description: 'Stable and machine-readable, such as TIMED_OUT.' }),
      message: t.exposeString('message', { description: 'What was wrong.' }),
    }),
  });
  const NodeRef = builder.objectRef<RunNode>('RunNode').implement({
    description: 'A node of a workflow in one run.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'As the workflow names it.' }),
      kind: t.exposeString('kind', {
        description: 'run, map, call, branch, signal, message, approval or delay.',
      }),
      status: t.expose('status', { type: RunNodeStatus, description: 'How far it is.' }),
      attempts: t.exposeInt('attempts', { description: 'How often it was begun.' }),
      output: t.expose('output', {
        type: 'JSON',
        nullable: true,
        description: 'What later nodes see of it.',
      }),
      chosen: t.exposeString('chosen', { nullable: true, description: 'Of a branch: the case.' }),
      error: t.expose('error', { type: NodeErrorRef, nullable: true, description: 'Why it failed.' }),
      items: t.expose('items', { type: ItemsRef, nullable: true, description: 'Of a map: how far it is.' }),
      steps: t.intList({ description: "Its steps in the run's journal.", resolve: ({ steps }) => steps }),
      runs: t.field({
        type: [RunType],
        description: 'Runs of agents that it called.',
        resolve: async ({ runs }, _args, context) =>
          (await Promise.all(runs.map((id) => context.runOf.load(id)))).filter((run) => run !== null),
      }),
      startedAt: t.expose('startedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it was begun.',
      }),
      finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    }),
  });
  builder.objectField(RunType, 'nodes', (t) =>
    t.field({
      type: [NodeRef],
      nullable: true,
      description: 'Of a workflow: its nodes, each after all that it needs. Null for other agents.',
      resolve: async (run) => {
        const nodes = await service.nodesOf(run);
        return nodes && [...nodes];
      },
    }),
  );
}
