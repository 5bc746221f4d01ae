// What users do with agents: each mutation answers with what it changed, or why it was refused.
import type { Deployment, Version } from '#node/agents/runs/deployment-store.ts';
import type { Run } from '#node/agents/runs/run-store.ts';
import type { Json } from '#node/agents/runtime/runtime.ts';
import { AiosError } from '#node/platform/errors.ts';
import { asData, orError } from '../user-errors.ts';
import { viewerOf } from '../viewer.ts';
import type { AgentService } from './agent-service.ts';
import type { AgentsBuilder, AgentTypes } from './agent-types.ts';
import { defineAgentInputs, scheduleOf, triggersOf } from './inputs.ts';

interface DeploymentPayload {
  readonly deployment?: Deployment;
  readonly version?: Version;
  readonly error?: AiosError;
}

interface RunPayload {
  readonly run?: Run;
  readonly error?: AiosError;
}

/** Adds the mutations. */
export function defineAgentMutations(builder: AgentsBuilder, types: AgentTypes, service: AgentService): void {
  const { AgentDeployment, AgentVersion, Run: RunType } = types;
  const inputs = defineAgentInputs(builder);
  const error = { type: AiosError, nullable: true, description: 'Set when it was refused.' } as const;
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
  const runPayload = (name: string) =>
    builder.objectRef<RunPayload>(name).implement({
      description: 'The run, or why it was refused.',
      fields: (t) => ({
        run: t.field({
          type: RunType,
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
    cancelRun: t.field({
      type: runPayload('CancelRunPayload'),
      requiresScopes,
      description:
        'Ends a run and what it called. One in the hands of a worker ends a moment later: follow it with runEvents.',
      args: { input: t.arg({ type: inputs.CancelRunInput, required: true }) },
      resolve: (_root, { input }, context) => asRun(() => service.cancel(viewerOf(context), input.runId)),
    }),
    signalRun: t.field({
      type: runPayload('SignalRunPayload'),
      requiresScopes,
      description:
        'Tells a run something that it waits for, or will: a signal that comes early is kept. For whoever operates its deployment.',
      args: { input: t.arg({ type: inputs.SignalRunInput, required: true }) },
      resolve: (_root, { input }, context) =>
        asRun(() =>
          service.signal(viewerOf(context), input.runId, input.name, (input.payload ?? null) as Json),
        ),
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
}
