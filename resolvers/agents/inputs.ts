// What users send to act on agents, and its way into the service's words.
import type { NewSchedule, NewTrigger } from '#node/agents/runs/deployment-store.ts';
import type { Json } from '#node/agents/runtime/runtime.ts';
import { AiosError } from '#node/platform/errors.ts';
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
}

const maxTriggers = 16;

/** Null: as they are. @throws AiosError BAD_USER_INPUT */
export function triggersOf(
  triggers: readonly TriggerFields[] | null | undefined,
): readonly NewTrigger[] | null {
  if (triggers == null) return null;
  if (triggers.length > maxTriggers)
    throw new AiosError('BAD_USER_INPUT', `At most ${maxTriggers} triggers.`);
  return triggers.map(({ subgraph, entity, where, topic }): NewTrigger => {
    const change = subgraph != null && entity != null;
    if (change === (topic != null))
      throw new AiosError('BAD_USER_INPUT', 'A trigger has subgraph and entity, or a topic of messages.');
    if (topic != null) return { kind: 'message', topic };
    if (where != null && (typeof where !== 'object' || Array.isArray(where)))
      throw new AiosError(
        'BAD_USER_INPUT',
        'where is an object of attributes and values, such as {"agent": "1"}.',
      );
    return {
      kind: 'change',
      alias: subgraph ?? '',
      entity: entity ?? '',
      filter: (where ?? {}) as Record<string, Json>,
    };
  });
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
    description: 'An event that starts a run: a change of an indexed entity, or a message.',
    fields: (t) => ({
      subgraph: t.string({ description: 'Indexed subgraph, such as market.' }),
      entity: t.string({ description: 'Entity of it, such as Sale.' }),
      where: t.field({ type: 'JSON', description: 'Attributes that must have these values.' }),
      topic: t.string({ description: 'Topic of messages within the network.' }),
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
