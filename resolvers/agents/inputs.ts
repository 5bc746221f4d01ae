// What users send to act on agents, and its way into the service's words.
import { parse } from 'graphql';
import type { NewSchedule, NewTrigger } from '#node/agents/runs/deployment-store.ts';
import type { Json } from '#node/agents/runtime/runtime.ts';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { OperationContext } from '#node/platform/operation.ts';
import type { Builder } from '#schema/builder.ts';

interface ScheduleFields {
  readonly cron?: string | null;
  readonly timeZone?: string | null;
  readonly everyMs?: number | null;
  readonly missed?: 'skip' | 'once' | 'all' | null;
  readonly input?: unknown;
}

/** Null: no schedule any more. @throws AiosError BAD_USER_INPUT */
export function scheduleOf({ cron, timeZone, everyMs, missed, input }: ScheduleFields): NewSchedule | null {
  if (cron != null && everyMs != null)
    throw new AiosError('BAD_USER_INPUT', 'Give cron or everyMs, not both.');
  const rest = { missed: missed ?? ('once' as const), input: (input ?? null) as Json };
  if (cron != null) return { rhythm: { cron, timeZone: timeZone ?? 'UTC' }, ...rest };
  if (everyMs != null) return { rhythm: { everyMs, anchor: new Date() }, ...rest };
  return null;
}

interface TriggerFields {
  readonly subgraph?: string | null;
  readonly entity?: string | null;
  readonly where?: unknown;
  readonly topic?: string | null;
  readonly chain?: string | null;
  readonly address?: string | null;
  readonly topics?: unknown;
  readonly confirmations?: number | null;
  readonly query?: string | null;
  readonly variables?: unknown;
}

const maxTriggers = 16;

/** Null: as they are. @throws AiosError BAD_USER_INPUT */
export function triggersOf(
  triggers: readonly TriggerFields[] | null | undefined,
): readonly NewTrigger[] | null {
  if (triggers == null) return null;
  if (triggers.length > maxTriggers)
    throw new AiosError('BAD_USER_INPUT', `At most ${maxTriggers} triggers.`);
  return triggers.map(triggerOf);
}

const isRecord = (value: unknown): value is Record<string, Json> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function triggerOf(trigger: TriggerFields): NewTrigger {
  const { subgraph, entity, where, topic, chain, query } = trigger;
  const refuse = (message: string): never => {
    throw new AiosError('BAD_USER_INPUT', message);
  };
  const kinds = [subgraph != null && entity != null, topic != null, chain != null, query != null];
  if (kinds.filter(Boolean).length !== 1)
    refuse(
      'A trigger has subgraph and entity, or a topic of messages, or a chain whose logs count, or a query.',
    );
  if (topic != null) return { kind: 'message', topic };
  if (chain != null) return logTrigger(chain, trigger);
  if (query != null) return queryTrigger(query, trigger.variables);
  if (where != null && !isRecord(where))
    refuse('where is an object of attributes and values, such as {"agent": "1"}.');
  return {
    kind: 'change',
    alias: subgraph ?? '',
    entity: entity ?? '',
    filter: isRecord(where) ? where : {},
  };
}

const maxConfirmations = 10_000;

function logTrigger(chain: string, { address, topics, confirmations }: TriggerFields): NewTrigger {
  const hash = /^0x[0-9a-fA-F]{64}$/;
  const isTopic = (topic: unknown) => topic === null || (typeof topic === 'string' && hash.test(topic));
  const listed: unknown = topics ?? [];
  if (address != null && !/^0x[0-9a-fA-F]{40}$/.test(address))
    throw new AiosError(
      'BAD_USER_INPUT',
      'address is 20 bytes in hex, such as 0x52908400098527886E0F7030069857D2E4169EE7.',
    );
  if (
    !Array.isArray(listed) ||
    listed.length > 4 ||
    !listed.every(
      (topic) => isTopic(topic) || (Array.isArray(topic) && topic.length <= 16 && topic.every(isTopic)),
    )
  )
    throw new AiosError(
      'BAD_USER_INPUT',
      'topics has at most four places: 32 bytes in hex, null for any, or a list of those that count.',
    );
  if (address == null && !listed.some((topic) => topic !== null))
    throw new AiosError(
      'BAD_USER_INPUT',
      'Give an address or a topic: a trigger on every log of a chain is refused.',
    );
  const depth = confirmations ?? 0;
  if (!Number.isInteger(depth) || depth < 0 || depth > maxConfirmations)
    throw new AiosError('BAD_USER_INPUT', `confirmations is a whole number from 0 to ${maxConfirmations}.`);
  return {
    ...{ kind: 'log', chain, address: address?.toLowerCase() ?? null },
    ...{ topics: listed as Json, confirmations: depth },
  };
}

const maxQueryCharacters = 20_000;

function queryTrigger(text: string, variables: unknown): NewTrigger {
  if (text.length > maxQueryCharacters)
    throw new AiosError('BAD_USER_INPUT', `A query has at most ${maxQueryCharacters} characters.`);
  let operations: readonly string[];
  try {
    operations = parse(text).definitions.flatMap((part) =>
      part.kind === 'OperationDefinition' ? [part.operation] : [],
    );
  } catch (error) {
    throw new AiosError('BAD_USER_INPUT', `query is no GraphQL: ${messageOf(error)}`);
  }
  if (operations.length !== 1 || operations[0] !== 'query')
    throw new AiosError(
      'BAD_USER_INPUT',
      'query is one document with one query; its answer is what is watched.',
    );
  if (variables != null && !isRecord(variables))
    throw new AiosError('BAD_USER_INPUT', 'variables is an object, such as {"id": "1"}.');
  return { kind: 'query', document: text, variables: isRecord(variables) ? variables : {} };
}

/** Defines the inputs on a builder. */
export function defineAgentInputs<Context extends OperationContext>(builder: Builder<Context>) {
  const PackageFileInput = builder.inputType('AgentFileInput', {
    description: 'A file of a package.',
    fields: (t) => ({
      path: t.string({ required: true, description: 'Relative, such as src/agent.ts.' }),
      text: t.string({ description: 'Its content as text.' }),
      base64: t.string({ description: 'Its content as bytes.' }),
    }),
  });
  const MissedTicks = builder.enumType('MissedTicks', {
    description: 'What becomes of ticks that nobody was there for.',
    values: {
      SKIP: { value: 'skip', description: 'Nothing.' },
      ONCE: { value: 'once', description: 'One run for all of them.' },
      ALL: { value: 'all', description: 'A run for each.' },
    } as const,
  });
  const TriggerInput = builder.inputType('AgentTriggerInput', {
    description:
      'An event that starts a run: a change of an indexed entity, a message, a log of a chain, or another answer to a query.',
    fields: (t) => ({
      subgraph: t.string({ description: 'Indexed subgraph, such as market.' }),
      entity: t.string({ description: 'Entity of it, such as Sale.' }),
      where: t.field({ type: 'JSON', description: 'Attributes that must have these values.' }),
      topic: t.string({ description: 'Topic of messages within the network.' }),
      chain: t.string({ description: 'Configured chain whose logs count, such as devnet.' }),
      address: t.string({ description: 'Contract whose logs count; any when left out.' }),
      topics: t.field({
        type: 'JSON',
        description: 'Of a log: up to four, each 32 bytes in hex, null for any, or a list.',
      }),
      confirmations: t.int({ description: 'Blocks that must stand on that of a log; 0 when left out.' }),
      query: t.string({ description: 'Query that is asked as the deployment; another answer starts a run.' }),
      variables: t.field({ type: 'JSON', description: 'Of the query.' }),
    }),
  });
  const deploymentId = { required: true, description: 'Which deployment.' } as const;
  return {
    DeployAgentInput: builder.inputType('DeployAgentInput', {
      description: 'What to deploy, and where.',
      fields: (t) => ({
        networkId: t.id({ required: true, description: 'Which network.' }),
        environmentId: t.id({ description: 'Which environment of it; the whole network when left out.' }),
        licenceId: t.id({
          required: true,
          description: 'Under which licence; it decides which agent this is.',
        }),
        archive: t.string({ description: 'The package as .tar.gz in base64.' }),
        files: t.field({ type: [PackageFileInput], description: 'Or its files, agent.json among them.' }),
        cid: t.string({ description: 'Refuse any other package than this.' }),
      }),
    }),
    RunAgentInput: builder.inputType('RunAgentInput', {
      description: 'What to run, on what.',
      fields: (t) => ({
        deploymentId: t.id(deploymentId),
        input: t.field({
          type: 'JSON',
          description: "As the manifest's input schema asks; null when left out.",
        }),
        maxAttempts: t.int({
          description: 'How often it is tried when what it called failed; 1 when left out, at most 10.',
        }),
      }),
    }),
    ScheduleAgentInput: builder.inputType('ScheduleAgentInput', {
      description: 'When an agent runs by itself: cron or everyMs; neither takes the schedule away.',
      fields: (t) => ({
        deploymentId: t.id(deploymentId),
        cron: t.string({ description: 'Minute, hour, day, month, weekday, such as "0 9 * * 1-5".' }),
        timeZone: t.string({ description: 'IANA name, such as Europe/Berlin; UTC when left out.' }),
        everyMs: t.int({ description: 'Milliseconds, 1,000 or more.' }),
        missed: t.field({ type: MissedTicks, description: 'ONCE when left out.' }),
        input: t.field({ type: 'JSON', description: 'What its runs are given.' }),
        triggers: t.field({
          type: [TriggerInput],
          description: 'Events that start a run; as they are when left out.',
        }),
      }),
    }),
    PauseAgentInput: builder.inputType('PauseAgentInput', {
      description: 'Which deployment to pause or resume.',
      fields: (t) => ({
        deploymentId: t.id(deploymentId),
        paused: t.boolean({ defaultValue: true, description: 'False resumes.' }),
      }),
    }),
    StopAgentInput: builder.inputType('StopAgentInput', {
      description: 'Which deployment to stop.',
      fields: (t) => ({ deploymentId: t.id(deploymentId) }),
    }),
    ReplayRunInput: builder.inputType('ReplayRunInput', {
      description: 'Which run to repeat.',
      fields: (t) => ({ runId: t.id({ required: true, description: 'Which run.' }) }),
    }),
    CancelRunInput: builder.inputType('CancelRunInput', {
      description: 'Which run to end.',
      fields: (t) => ({ runId: t.id({ required: true, description: 'Which run.' }) }),
    }),
    SignalRunInput: builder.inputType('SignalRunInput', {
      description: 'What to tell a run.',
      fields: (t) => ({
        runId: t.id({ required: true, description: 'Which run.' }),
        name: t.string({ required: true, description: 'Name of the signal, as the run waits for it.' }),
        payload: t.field({ type: 'JSON', description: 'What the run is told; null when left out.' }),
      }),
    }),
    ApproveStepInput: builder.inputType('ApproveStepInput', {
      description: 'The answer to a step that waits.',
      fields: (t) => ({
        runId: t.id({ required: true, description: 'Which run.' }),
        step: t.int({ required: true, description: 'Which step of it.' }),
        approved: t.boolean({ required: true, description: 'Yes or no.' }),
        note: t.string({ description: 'For the agent and the record, at most 2,000 characters.' }),
      }),
    }),
  };
}
