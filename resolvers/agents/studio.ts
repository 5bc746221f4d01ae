// What somebody needs to make an agent and keep it going: templates to start from, the files of a version, what starts a deployment
// besides people, and when a rhythm that is not set yet would tick.
import type { Trigger } from '#node/agents/runs/deployment-store.ts';
import { checkRhythm, nextTick, type Rhythm } from '#node/agents/runs/schedule.ts';
import {
  type AgentTemplate,
  agentTemplates,
  type TemplateExample,
} from '#node/agents/templates/catalogue.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { AgentService } from './agent-service.ts';
import type { AgentsBuilder, AgentTypes } from './agent-types.ts';

interface PackageFile {
  readonly path: string;
  readonly size: number;
  readonly text: string | null;
}

const maxTicks = 50;

/** Adds `agentTemplates`, `scheduleTicks`, and fields of versions and deployments. */
export function defineStudio(
  builder: AgentsBuilder,
  { AgentDeployment, AgentVersion }: AgentTypes,
  service: AgentService,
): void {
  const File = builder.objectRef<PackageFile>('AgentFile').implement({
    description: 'A file of a package.',
    fields: (t) => ({
      path: t.exposeString('path', { description: 'Relative, such as src/agent.ts.' }),
      size: t.exposeInt('size', { description: 'Bytes.' }),
      text: t.exposeString('text', { nullable: true, description: 'Its content; null when it is not text.' }),
    }),
  });
  const Example = builder.objectRef<TemplateExample>('AgentExample').implement({
    description: 'An input to try an agent on.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'What it is about.' }),
      input: t.expose('input', { type: 'JSON', nullable: true, description: 'As the agent takes it.' }),
    }),
  });
  const Template = builder.objectRef<AgentTemplate>('AgentTemplate').implement({
    description: 'An agent to start from: change its files, and deploy them as your own.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Its name, such as credit-scoring.' }),
      description: t.exposeString('description', { description: 'What it does.' }),
      language: t.exposeString('language', { description: 'javascript, python, wasm or workflow.' }),
      cid: t.exposeString('cid', { description: 'Content identifier of its files as they are.' }),
      files: t.field({
        type: [File],
        description: 'Manifest, code, and a page about it.',
        resolve: ({ files }) =>
          files.map(({ path, text }) => ({ path, text, size: Buffer.byteLength(text) })),
      }),
      examples: t.field({
        type: [Example],
        description: 'Inputs to try it on.',
        resolve: ({ examples }) => [...examples],
      }),
    }),
  });
  const TriggerType = builder.objectRef<Trigger>('AgentTrigger').implement({
    description:
      'An event that starts a run: a change of an indexed entity, a message, a log of a chain, or another answer to a query.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Decimal.' }),
      subgraph: t.exposeString('alias', { nullable: true, description: 'Indexed subgraph.' }),
      entity: t.exposeString('entity', { nullable: true, description: 'Entity of it.' }),
      where: t.expose('filter', {
        type: 'JSON',
        nullable: true,
        description: 'Attributes that must have these values.',
      }),
      topic: t.exposeString('topic', { nullable: true, description: 'Topic of messages.' }),
      chain: t.exposeString('chain', { nullable: true, description: 'Chain whose logs count.' }),
      address: t.exposeString('address', { nullable: true, description: 'Contract whose logs count.' }),
      topics: t.expose('topics', {
        type: 'JSON',
        nullable: true,
        description: 'Topics of the logs that count.',
      }),
      confirmations: t.exposeInt('confirmations', {
        nullable: true,
        description: 'Blocks that must stand on that of a log.',
      }),
      query: t.exposeString('document', { nullable: true, description: 'Query whose answer is watched.' }),
      variables: t.expose('variables', { type: 'JSON', nullable: true, description: 'Of the query.' }),
    }),
  });
  builder.objectField(AgentVersion, 'files', (t) =>
    t.field({
      type: [File],
      nullable: true,
      description: "Its package's files; null unless you hold the licence, operate the network or audit it.",
      resolve: async (version, _args, context) => {
        if (!(await service.access.mayLook(context.viewer, version))) return null;
        const content = await service.deployments.packageOf(version.id);
        return content && [...content.files].map(([path, bytes]) => fileOf(path, bytes));
      },
    }),
  );
  builder.objectField(AgentDeployment, 'triggers', (t) =>
    t.field({
      type: [TriggerType],
      description: 'Events that start a run.',
      resolve: async ({ id }) => [...(await service.deployments.triggersOf(id))],
    }),
  );
  builder.queryFields((t) => ({
    agentTemplates: t.field({
      type: [Template],
      description: 'Agents to start from, by name.',
      resolve: async () => [...(await agentTemplates())],
    }),
    scheduleTicks: t.field({
      type: ['DateTime'],
      description: 'When a schedule would tick next, from now on.',
      args: {
        cron: t.arg.string({ description: 'Minute, hour, day, month, weekday, such as "0 9 * * 1-5".' }),
        timeZone: t.arg.string({ description: 'IANA name; UTC when left out.' }),
        everyMs: t.arg.int({ description: 'Or an interval in milliseconds.' }),
        first: t.arg.int({ description: `How many; 5 when left out, at most ${maxTicks}.` }),
      },
      resolve: (_root, { cron, timeZone, everyMs, first }) => {
        if ((cron == null) === (everyMs == null))
          throw new AiosError('BAD_USER_INPUT', 'Give either cron or everyMs.');
        const now = new Date();
        const rhythm: Rhythm =
          cron != null ? { cron, timeZone: timeZone ?? 'UTC' } : { everyMs: everyMs ?? 0, anchor: now };
        checkRhythm(rhythm);
        return ticksOf(rhythm, now, Math.min(maxTicks, Math.max(1, first ?? 5)));
      },
    }),
  }));
}

function fileOf(path: string, bytes: Uint8Array): PackageFile {
  try {
    return { path, size: bytes.length, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { path, size: bytes.length, text: null };
  }
}

function ticksOf(rhythm: Rhythm, from: Date, count: number): Date[] {
  const ticks: Date[] = [];
  for (let at = nextTick(rhythm, from); at && ticks.length < count; at = nextTick(rhythm, at)) ticks.push(at);
  return ticks;
}
