// Agents' part of the supergraph: deployments, versions and runs beside the indexed Agent and Network, what users do with them, and their
// streams of events.
import DataLoader from 'dataloader';
import type { Deployment, Schedule, Version } from '#node/agents/runs/deployment-store.ts';
import { activityStream, runStream } from '#node/agents/runs/run-events.ts';
import type { Run, Step } from '#node/agents/runs/run-store.ts';
import type { Json } from '#node/agents/runtime/runtime.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { EventBus, StreamEvent } from '#node/platform/events/event-bus.ts';
import type { OperationContext, Subgraph } from '#node/platform/operation.ts';
import { createBuilder, FEDERATION_SPEC } from '#schema/builder.ts';
import { toSubgraph } from '#schema/subgraph.ts';
import { asData, orError } from '../user-errors.ts';
import { viewerOf } from '../viewer.ts';
import { type AgentService, idOf } from './agent-service.ts';
import { defineAgentInputs, scheduleOf, triggersOf } from './inputs.ts';
import { definePages } from './pages.ts';
import { cursorOf, seqOf, streamUntil } from './streams.ts';

export interface AgentsContext extends OperationContext {
  readonly deploymentOf: DataLoader<string, Deployment | null>;
  readonly versionOf: DataLoader<string, Version | null>;
  readonly runOf: DataLoader<string, Run | null>;
  readonly stepsOf: DataLoader<string, readonly Step[]>;
  readonly scheduleOf: DataLoader<string, Schedule | null>;
  readonly packageOf: DataLoader<string, { manifest: Json; language: string; size: number } | null>;
}

export interface AgentsServices {
  readonly service: AgentService;
  readonly bus: EventBus;
}

interface Reference {
  readonly id: string;
}

/** The subgraph `agents` over its service. */
export function createAgentsSchema({ service, bus }: AgentsServices): Subgraph {
  const builder = createBuilder<AgentsContext>();
  builder.queryType({});
  builder.mutationType({});
  builder.subscriptionType({});
  const inputs = defineAgentInputs(builder);
  const { connection, pageArgs, page } = definePages(builder);

  const reference = (name: string) => {
    const ref = builder.externalRef(name, builder.keyDirective(builder.selection<Reference>('id'), false));
    ref.implement({ externalFields: (t) => ({ id: t.id({ nullable: false }) }) });
    return ref;
  };
  const Licence = reference('Licence');
  const Environment = reference('Environment');

  // ------------------------------------------------------------------ versions

  const AgentVersion = builder.objectRef<Version>('AgentVersion');
  builder.objectType(AgentVersion, {
    description: 'A version of an agent as it was deployed somewhere. It never changes.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Decimal.' }),
      number: t.exposeInt('number', { description: '1, 2, 3, … at its place.' }),
      cid: t.exposeString('packageCid', { description: 'Content identifier of its package.' }),
      createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was deployed first.' }),
      createdBy: t.field({
        type: 'DID',
        description: 'Who deployed it.',
        resolve: ({ createdBy }) => createdBy,
      }),
      manifest: t.field({
        type: 'JSON',
        nullable: true,
        description: 'Its agent.json: capabilities, schemas, schedule, limits.',
        resolve: async ({ packageCid }, _args, context) =>
          (await context.packageOf.load(packageCid))?.manifest ?? null,
      }),
      language: t.string({
        nullable: true,
        description: 'javascript, python or wasm.',
        resolve: async ({ packageCid }, _args, context) =>
          (await context.packageOf.load(packageCid))?.language ?? null,
      }),
      size: t.int({
        nullable: true,
        description: 'Bytes of its files.',
        resolve: async ({ packageCid }, _args, context) =>
          (await context.packageOf.load(packageCid))?.size ?? null,
      }),
    }),
  });

  // ------------------------------------------------------------------ runs

  const RunStatus = builder.enumType('RunStatus', {
    description: 'How far a run is.',
    values: {
      QUEUED: { value: 'queued', description: 'Due, or waiting for its time or its next attempt.' },
      RUNNING: { value: 'running', description: 'In the hands of a worker.' },
      WAITING: { value: 'waiting', description: 'For an approval or for an agent it called.' },
      COMPLETED: { value: 'completed', description: 'Its output is there.' },
      FAILED: { value: 'failed', description: "The agent's own code failed." },
      KILLED: { value: 'killed', description: 'A limit or a person ended it.' },
    } as const,
  });
  const LogLineRef = builder.objectRef<Run['logs'][number]>('RunLogLine');
  builder.objectType(LogLineRef, {
    description: 'What an agent said while it ran.',
    fields: (t) => ({
      level: t.exposeString('level', { description: 'debug, info, warn or error.' }),
      text: t.exposeString('text', { description: 'What it said.' }),
      gas: t.float({ description: 'Gas spent by then.', resolve: ({ gas }) => gas }),
    }),
  });
  const RunErrorRef = builder.objectRef<NonNullable<Run['error']>>('RunError');
  builder.objectType(RunErrorRef, {
    description: 'Why a run did not complete.',
    fields: (t) => ({
      code: t.exposeString('code', { description: 'Stable and machine-readable, such as OUT_OF_GAS.' }),
      message: t.exposeString('message', { description: 'What was wrong.' }),
      stack: t.string({ nullable: true, description: "The guest's own.", resolve: ({ stack }) => stack }),
    }),
  });
  const StepRef = builder.objectRef<Step>('RunStep');
  builder.objectType(StepRef, {
    description: 'A call of an agent to the world, as the journal has it.',
    fields: (t) => ({
      step: t.exposeInt('step', { description: 'From 0, in the order of the calls.' }),
      capability: t.exposeString('capability', { description: 'What was asked for, such as pay.send.' }),
      status: t.exposeString('status', { description: 'started, waiting or answered.' }),
      args: t.expose('args', { type: 'JSON', nullable: true, description: 'With which arguments.' }),
      answer: t.expose('answer', {
        type: 'JSON',
        nullable: true,
        description: '{ok} or {error: {code, message}}.',
      }),
      cost: t.expose('cost', { type: 'BigInt', description: 'AiOS, smallest unit.' }),
      startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it was asked.' }),
      answeredAt: t.expose('answeredAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it was answered.',
      }),
    }),
  });

  const RunRef = builder.objectRef<Run>('Run');
  const AgentDeployment = builder.objectRef<Deployment>('AgentDeployment');
  builder.objectType(RunRef, {
    description: 'One execution of an agent. Shown to those who may look at its deployment.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Decimal.' }),
      deployment: t.field({
        type: AgentDeployment,
        nullable: true,
        description: 'What was run.',
        resolve: ({ deploymentId }, _args, context) => context.deploymentOf.load(deploymentId),
      }),
      version: t.field({
        type: AgentVersion,
        nullable: true,
        description: 'Which version of it.',
        resolve: ({ versionId }, _args, context) => context.versionOf.load(versionId),
      }),
      status: t.expose('status', { type: RunStatus, description: 'How far it is.' }),
      trigger: t.exposeString('trigger', {
        description: 'manual, schedule, change, message, agent, wake or replay.',
      }),
      viewer: t.expose('viewer', { type: 'DID', nullable: true, description: 'Who asked for it.' }),
      input: t.expose('input', { type: 'JSON', nullable: true, description: 'What it was given.' }),
      output: t.expose('output', {
        type: 'JSON',
        nullable: true,
        description: 'What it answered; null until it completed.',
      }),
      error: t.expose('error', {
        type: RunErrorRef,
        nullable: true,
        description: 'Why it did not complete.',
      }),
      logs: t.field({
        type: [LogLineRef],
        description: 'What it said; complete once it has ended.',
        resolve: ({ logs }) => [...logs],
      }),
      steps: t.field({
        type: [StepRef],
        description: 'Its calls, in order.',
        resolve: async ({ id, replayOf }, _args, context) => [
          ...(await context.stepsOf.load(replayOf ?? id)),
        ],
      }),
      attempt: t.exposeInt('attempt', { description: 'From 0.' }),
      depth: t.exposeInt('depth', { description: 'How many agents called each other to come here.' }),
      parent: t.field({
        type: RunRef,
        nullable: true,
        description: 'The run that called it.',
        resolve: ({ parentRun }, _args, context) =>
          parentRun === null ? null : context.runOf.load(parentRun),
      }),
      seed: t.exposeString('seed', { description: 'Where its random numbers come from, hex.' }),
      guestTime: t.expose('guestTime', { type: 'DateTime', description: "Where the agent's clock stood." }),
      createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
      startedAt: t.expose('startedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When a worker began it.',
      }),
      finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
      gas: t.expose('gas', { type: 'BigInt', description: 'In units of its engine.' }),
      cost: t.expose('cost', { type: 'BigInt', description: 'What it paid: AiOS, smallest unit.' }),
      memoryBytes: t.expose('memoryBytes', { type: 'BigInt', description: 'Most that it used.' }),
      wallMs: t.exposeFloat('wallMs', { description: 'Time of its last attempt.' }),
      digest: t.exposeString('digest', {
        nullable: true,
        description: 'SHA-256 of code, engine, input, seed, clock, answers, result and gas.',
      }),
      engine: t.exposeString('engine', {
        nullable: true,
        description: 'What ran it: name, version and hash.',
      }),
      replayOf: t.field({
        type: RunRef,
        nullable: true,
        description: 'The run that this one repeats.',
        resolve: ({ replayOf }, _args, context) => (replayOf === null ? null : context.runOf.load(replayOf)),
      }),
      digestMatches: t.boolean({
        nullable: true,
        description: 'Of a replay that has ended: whether it came to the same digest.',
        resolve: async ({ replayOf, digest }, _args, context) => {
          if (replayOf === null || digest === null) return null;
          return (await context.runOf.load(replayOf))?.digest === digest;
        },
      }),
    }),
  });
  builder.asEntity(RunRef, {
    key: builder.selection<Reference>('id'),
    resolveReference: async ({ id }, context) => {
      const run = await context.runOf.load(idOf(id, 'id'));
      if (!run) return null;
      const deployment = await context.deploymentOf.load(run.deploymentId);
      return deployment && (await service.access.mayLook(context.viewer, deployment)) ? run : null;
    },
  });

  // ------------------------------------------------------------------ deployments

  const DeploymentStatus = builder.enumType('AgentDeploymentStatus', {
    description: 'Whether a deployment runs.',
    values: {
      ACTIVE: { value: 'active', description: 'It runs when it is asked, scheduled or triggered.' },
      PAUSED: { value: 'paused', description: 'Nothing new begins until it is resumed.' },
      STOPPED: { value: 'stopped', description: 'Ended; deploy again to go on.' },
    } as const,
  });
  const ScheduleRef = builder.objectRef<Schedule>('AgentSchedule');
  builder.objectType(ScheduleRef, {
    description: 'When an agent runs by itself.',
    fields: (t) => ({
      cron: t.exposeString('cron', { nullable: true, description: 'Cron expression.' }),
      timeZone: t.exposeString('timeZone', { description: 'Time zone of the expression.' }),
      everyMs: t.float({
        nullable: true,
        description: 'Interval in milliseconds.',
        resolve: ({ everyMs }) => everyMs,
      }),
      missed: t.exposeString('missed', {
        description: 'What becomes of ticks nobody was there for: skip, once or all.',
      }),
      input: t.expose('input', { type: 'JSON', nullable: true, description: 'What its runs are given.' }),
      nextAt: t.expose('nextAt', {
        type: 'DateTime',
        nullable: true,
        description: 'Next tick; null while paused.',
      }),
    }),
  });
  const VersionConnection = connection('AgentVersion', AgentVersion);
  const RunConnection = connection('Run', RunRef);
  const DeploymentConnection = connection('AgentDeployment', AgentDeployment);

  const Agent = builder.externalRef('Agent', builder.selection<Reference>('id'), (agent): Reference => agent);
  const Network = builder.externalRef(
    'Network',
    builder.selection<Reference>('id'),
    (network): Reference => network,
  );

  builder.objectType(AgentDeployment, {
    description: 'An agent at work: in a network or one of its environments, under a licence.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Decimal.' }),
      agent: t.field({
        type: Agent,
        nullable: true,
        description: 'The agent.',
        resolve: ({ agentId }) => ({ id: agentId }),
      }),
      network: t.field({
        type: Network,
        nullable: true,
        description: 'Where it works.',
        resolve: ({ network }) => ({ id: network }),
      }),
      environment: t.field({
        type: Environment,
        nullable: true,
        description: 'The environment; null when it works for the whole network.',
        resolve: ({ environment }) => (environment === '' ? null : { id: environment }),
      }),
      licence: t.field({
        type: Licence,
        nullable: true,
        description: 'The licence it runs under.',
        resolve: ({ licenceId }) => ({ id: licenceId }),
      }),
      status: t.expose('status', { type: DeploymentStatus, description: 'Whether it runs.' }),
      version: t.field({
        type: AgentVersion,
        nullable: true,
        description: 'The active version.',
        resolve: ({ versionId }, _args, context) => context.versionOf.load(versionId),
      }),
      versions: t.field({
        type: VersionConnection,
        description: 'All versions at this place, newest first.',
        args: pageArgs(t),
        resolve: (deployment, args) =>
          page(args, (size) => service.deployments.listVersions({ place: deployment }, size)),
      }),
      schedule: t.field({
        type: ScheduleRef,
        nullable: true,
        description: 'When it runs by itself.',
        resolve: ({ id }, _args, context) => context.scheduleOf.load(id),
      }),
      owner: t.field({ type: 'DID', description: 'Who deployed it first.', resolve: ({ owner }) => owner }),
      createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was deployed first.' }),
      updatedAt: t.expose('updatedAt', {
        type: 'DateTime',
        description: 'When version or status last changed.',
      }),
      viewerCanOperate: t.boolean({
        description: 'Whether the viewer holds the licence or operates the network, on chain.',
        resolve: (deployment, _args, context) => service.access.mayOperate(context.viewer, deployment),
      }),
      runs: t.field({
        type: RunConnection,
        nullable: true,
        description: 'Its runs, newest first; for who operates it, and auditors of the network.',
        args: pageArgs(t),
        resolve: async (deployment, args, context) => {
          if (!(await service.access.mayLook(context.viewer, deployment)))
            throw new AiosError(
              'NOT_AUTHORISED',
              `Runs of deployment ${deployment.id} are shown to the licence's holder and to operators and auditors of the network.`,
            );
          return page(args, (size) => service.runs.list({ deploymentId: deployment.id }, size));
        },
      }),
    }),
  });
  builder.asEntity(AgentDeployment, {
    key: builder.selection<Reference>('id'),
    resolveReference: ({ id }, context) => context.deploymentOf.load(idOf(id, 'id')),
  });
  Agent.implement({
    description: 'Where an agent is deployed, and its versions.',
    externalFields: (t) => ({ id: t.id({ nullable: false }) }),
    fields: (t) => ({
      agentVersions: t.field({
        type: VersionConnection,
        description: 'Versions deployed anywhere, newest first.',
        args: pageArgs(t),
        resolve: ({ id }, args) =>
          page(args, (size) => service.deployments.listVersions({ agentId: id }, size)),
      }),
      deployments: t.field({
        type: DeploymentConnection,
        description: 'Where it is deployed, newest first.',
        args: pageArgs(t),
        resolve: ({ id }, args) =>
          page(args, (size) => service.deployments.listDeployments({ agentId: id }, size)),
      }),
    }),
  });
  Network.implement({
    description: 'Agents that work in a network.',
    externalFields: (t) => ({ id: t.id({ nullable: false }) }),
    fields: (t) => ({
      agentDeployments: t.field({
        type: DeploymentConnection,
        description: 'Newest first.',
        args: pageArgs(t),
        resolve: ({ id }, args) =>
          page(args, (size) => service.deployments.listDeployments({ network: id }, size)),
      }),
    }),
  });

  builder.queryFields((t) => ({
    agentDeployment: t.field({
      type: AgentDeployment,
      nullable: true,
      description: 'A deployment by id.',
      args: { id: t.arg.id({ required: true, description: 'Decimal.' }) },
      resolve: (_root, { id }, context) => context.deploymentOf.load(idOf(id, 'id')),
    }),
    run: t.field({
      type: RunRef,
      nullable: true,
      authenticated: true,
      description: 'A run by id; for who operates its deployment, and auditors of the network.',
      args: { id: t.arg.id({ required: true, description: 'Decimal.' }) },
      resolve: (_root, { id }, context) => service.lookedAt(context.viewer, id),
    }),
  }));

  // ------------------------------------------------------------------ mutations

  const error = { type: AiosError, nullable: true, description: 'Set when it was refused.' } as const;
  interface DeploymentPayload {
    readonly deployment?: Deployment;
    readonly version?: Version;
    readonly error?: AiosError;
  }
  const deploymentPayload = (name: string, withVersion = false) =>
    builder.objectRef<DeploymentPayload>(name).implement({
      description: 'The deployment as it is now, or why it was refused.',
      fields: (t) => ({
        deployment: t.field({
          type: AgentDeployment,
          nullable: true,
          description: 'The deployment.',
          resolve: (done) => done.deployment,
        }),
        ...(withVersion
          ? {
              version: t.field({
                type: AgentVersion,
                nullable: true,
                description: 'The version that is active now.',
                resolve: (done) => done.version,
              }),
            }
          : {}),
        error: t.field({ ...error, resolve: (done) => asData(done.error) }),
      }),
    });
  interface RunPayload {
    readonly run?: Run;
    readonly error?: AiosError;
  }
  const runPayload = (name: string) =>
    builder.objectRef<RunPayload>(name).implement({
      description: 'The run, or why it was refused.',
      fields: (t) => ({
        run: t.field({
          type: RunRef,
          nullable: true,
          description: 'The run. Follow it with runEvents.',
          resolve: (done) => done.run,
        }),
        error: t.field({ ...error, resolve: (done) => asData(done.error) }),
      }),
    });
  const requiresScopes = [['write']];
  const asDeployment = (work: () => Promise<Deployment>) =>
    orError(async (): Promise<DeploymentPayload> => ({ deployment: await work() }));
  const asRun = (work: () => Promise<Run>) =>
    orError(async (): Promise<RunPayload> => ({ run: await work() }));

  builder.mutationFields((t) => ({
    deployAgent: t.field({
      type: deploymentPayload('DeployAgentPayload', true),
      requiresScopes,
      description:
        'Deploys a package as the active version in a network or environment. For the holder of the licence; later versions also for operators of the network.',
      args: { input: t.arg({ type: inputs.DeployAgentInput, required: true }) },
      resolve: (_root, { input }, context) =>
        orError(async (): Promise<DeploymentPayload> => service.deploy(viewerOf(context), input, input)),
    }),
    runAgent: t.field({
      type: runPayload('RunAgentPayload'),
      requiresScopes,
      description: 'Starts a run of the active version now.',
      args: { input: t.arg({ type: inputs.RunAgentInput, required: true }) },
      resolve: (_root, { input }, context) =>
        asRun(() =>
          service.run(
            viewerOf(context),
            input.deploymentId,
            (input.input ?? null) as Json,
            input.maxAttempts ?? 1,
          ),
        ),
    }),
    scheduleAgent: t.field({
      type: deploymentPayload('ScheduleAgentPayload'),
      requiresScopes,
      description: 'Sets when an agent runs by itself, or takes that away; and which events start it.',
      args: { input: t.arg({ type: inputs.ScheduleAgentInput, required: true }) },
      resolve: (_root, { input }, context) =>
        asDeployment(() =>
          service.schedule(
            viewerOf(context),
            input.deploymentId,
            scheduleOf(input),
            triggersOf(input.triggers),
          ),
        ),
    }),
    pauseAgent: t.field({
      type: deploymentPayload('PauseAgentPayload'),
      requiresScopes,
      description: 'Keeps new runs from beginning, or lets them begin again.',
      args: { input: t.arg({ type: inputs.PauseAgentInput, required: true }) },
      resolve: (_root, { input }, context) =>
        asDeployment(() => service.pause(viewerOf(context), input.deploymentId, input.paused ?? true)),
    }),
    stopAgent: t.field({
      type: deploymentPayload('StopAgentPayload'),
      requiresScopes,
      description: 'Ends all runs of a deployment, and its schedule.',
      args: { input: t.arg({ type: inputs.StopAgentInput, required: true }) },
      resolve: (_root, { input }, context) =>
        asDeployment(() => service.stop(viewerOf(context), input.deploymentId)),
    }),
    replayRun: t.field({
      type: runPayload('ReplayRunPayload'),
      requiresScopes,
      description:
        'Runs the same code on the same input, seed, clock and answers: digestMatches says whether it came to the same.',
      args: { input: t.arg({ type: inputs.ReplayRunInput, required: true }) },
      resolve: (_root, { input }, context) => asRun(() => service.replay(viewerOf(context), input.runId)),
    }),
    approveStep: t.field({
      type: runPayload('ApproveStepPayload'),
      requiresScopes,
      description: 'Answers a step that waits for an approval.',
      args: { input: t.arg({ type: inputs.ApproveStepInput, required: true }) },
      resolve: (_root, { input }, context) =>
        asRun(() =>
          service.approve(viewerOf(context), input.runId, input.step, input.approved, input.note ?? null),
        ),
    }),
  }));

  // ------------------------------------------------------------------ streams

  interface EventPayload {
    readonly kind: string;
    readonly status?: string;
    readonly [field: string]: Json | undefined;
  }
  const RunEventRef = builder.objectRef<StreamEvent & { readonly runId: string }>('RunEvent');
  builder.objectType(RunEventRef, {
    description: 'Something that happened in a run.',
    fields: (t) => ({
      cursor: t.string({ description: 'Where to go on after it.', resolve: ({ seq }) => cursorOf(seq) }),
      at: t.expose('at', { type: 'DateTime', description: 'When it was stored.' }),
      kind: t.string({
        description: 'queued, started, log, step, retry or finished.',
        resolve: ({ payload }) => (payload as EventPayload).kind,
      }),
      data: t.field({
        type: 'JSON',
        nullable: true,
        description: 'Facts of its kind: a log line, a step with its status, the attempt, the result.',
        resolve: ({ payload }) => {
          const { kind: _kind, ...data } = payload as EventPayload;
          return data;
        },
      }),
      run: t.field({
        type: RunRef,
        nullable: true,
        description: 'The run as it is now.',
        resolve: ({ runId }, _args, context) => context.runOf.load(runId),
      }),
    }),
  });
  const ActivityRef = builder.objectRef<StreamEvent>('AgentActivity');
  builder.objectType(ActivityRef, {
    description: 'Something that agents of a network did, or that was done to them.',
    fields: (t) => ({
      cursor: t.string({ description: 'Where to go on after it.', resolve: ({ seq }) => cursorOf(seq) }),
      at: t.expose('at', { type: 'DateTime', description: 'When it was stored.' }),
      kind: t.string({
        description: 'deployed, scheduled, paused, resumed, stopped, waiting or finished.',
        resolve: ({ payload }) => (payload as EventPayload).kind,
      }),
      status: t.field({
        type: RunStatus,
        nullable: true,
        description: 'What a finished run came to.',
        resolve: ({ payload }) => ((payload as EventPayload).status as Run['status'] | undefined) ?? null,
      }),
      runId: t.id({
        nullable: true,
        description: 'Which run.',
        resolve: ({ payload }) => ((payload as EventPayload).run as string | undefined) ?? null,
      }),
      deployment: t.field({
        type: AgentDeployment,
        nullable: true,
        description: 'Whose.',
        resolve: ({ payload }, _args, context) =>
          context.deploymentOf.load(String((payload as EventPayload).deployment)),
      }),
    }),
  });
  const after = 'A cursor; everything from the beginning when left out.';
  builder.subscriptionFields((t) => ({
    runEvents: t.field({
      type: RunEventRef,
      authenticated: true,
      description: 'What happens in a run: in order, without gaps, resumable by cursor. Ends with the run.',
      args: {
        run: t.arg.id({ required: true, description: 'Which run.' }),
        after: t.arg.string({ description: after }),
      },
      subscribe: async (_root, args, context) => {
        const run = await service.lookedAt(context.viewer, args.run);
        const events = bus.subscribe(runStream(run.id), { after: seqOf(args.after), signal: context.signal });
        return streamUntil(events, ({ payload }) => (payload as EventPayload).kind === 'finished');
      },
      resolve: (event, args) => ({ ...(event as StreamEvent), runId: args.run }),
    }),
    agentActivity: t.field({
      type: ActivityRef,
      authenticated: true,
      description:
        'What agents do in a network: in order, without gaps, resumable by cursor. For everybody with a role in it.',
      args: {
        network: t.arg.id({ required: true, description: 'Which network.' }),
        after: t.arg.string({ description: 'A cursor; from now on when left out.' }),
      },
      subscribe: async (_root, args, context) => {
        if (!(await service.access.mayFollow(context.viewer, args.network)))
          throw new AiosError(
            'NOT_AUTHORISED',
            `Activity of network ${args.network} is shown to those with a role in it. Ask its owner for one.`,
          );
        const stream = activityStream(args.network);
        const from = args.after ? seqOf(args.after) : await bus.head(stream);
        return bus.subscribe(stream, { after: from, signal: context.signal });
      },
      resolve: (event) => event as StreamEvent,
    }),
  }));

  const { deployments, runs } = service ?? {};
  const loader = <Value>(load: (ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>) =>
    new DataLoader<string, Value | null>(async (ids) => {
      const found = await load(ids);
      return ids.map((id) => found.get(id) ?? null);
    });
  return toSubgraph<AgentsContext>(builder.toSubGraphSchema({ linkUrl: FEDERATION_SPEC }), 'agents', {
    context: (operation) => ({
      ...operation,
      deploymentOf: loader((ids) => deployments.deployments(ids)),
      versionOf: loader((ids) => deployments.versions(ids)),
      runOf: loader((ids) => runs.runs(ids)),
      stepsOf: new DataLoader(async (ids) => {
        const found = await runs.steps(ids);
        return ids.map((id) => found.get(id) ?? []);
      }),
      scheduleOf: loader((ids) => deployments.schedules(ids)),
      packageOf: loader((ids) => deployments.manifests(ids)),
    }),
  });
}
