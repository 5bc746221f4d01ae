// Streams of events: what happens in a run, and what agents of a network do.
import { activityStream, runStream } from '#node/agents/runs/run-events.ts';
import type { Run } from '#node/agents/runs/run-store.ts';
import type { Json } from '#node/agents/runtime/runtime.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { EventBus, StreamEvent } from '#node/platform/events/event-bus.ts';
import type { AgentService } from './agent-service.ts';
import type { AgentsBuilder, AgentTypes } from './agent-types.ts';
import { cursorOf, seqOf, streamUntil } from './streams.ts';

interface EventPayload {
  readonly kind: string;
  readonly status?: string;
  readonly [field: string]: Json | undefined;
}

/** Adds `runEvents` and `agentActivity`. */
export function defineAgentSubscriptions(
  builder: AgentsBuilder,
  types: AgentTypes,
  service: AgentService,
  bus: EventBus,
): void {
  const { AgentDeployment, Run: RunType, RunStatus } = types;
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
        type: RunType,
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
        description:
          'deployed, scheduled, paused, resumed, stopped, waiting, finished, healthy or unhealthy.',
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
}
