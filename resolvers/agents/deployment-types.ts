// Deployments in GraphQL, and what agents and networks of the directory gain by them.
import type { Schedule } from '#node/agents/runs/deployment-store.ts';
import type { Health } from '#node/agents/runs/health-probes.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { Reference } from '#schema/references.ts';
import { viewerOf } from '../viewer.ts';
import { type AgentService, idOf } from './agent-service.ts';
import type { AgentsBuilder, AgentTypes } from './agent-types.ts';
import { pageSizeOf } from './pages.ts';

interface Price {
  readonly token: string;
  readonly amount: string;
}

/** Gives `AgentDeployment` its fields, and `Agent` and `Network` theirs. */
export function defineDeploymentTypes(
  builder: AgentsBuilder,
  types: AgentTypes,
  service: AgentService,
): void {
  const { Agent, AgentDeployment, AgentVersion, connection, Environment, Licence, Network, page, pageArgs } =
    types;
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
  const HealthStatus = builder.enumType('AgentHealthStatus', {
    description: 'Whether a deployment works.',
    values: {
      UNKNOWN: { value: 'unknown', description: 'No probe has ended yet.' },
      HEALTHY: { value: 'healthy', description: 'Its last probe completed.' },
      UNHEALTHY: { value: 'unhealthy', description: 'Its last probe failed, or has not ended in time.' },
    } as const,
  });
  const HealthRef = builder.objectRef<Health>('AgentHealth').implement({
    description: "What a deployment's probe came to: a run on the input that its manifest gives for it.",
    fields: (t) => ({
      status: t.expose('status', { type: HealthStatus, description: 'Whether it works.' }),
      checkedAt: t.expose('checkedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When the last probe ended.',
      }),
      error: t.field({
        type: types.RunError,
        nullable: true,
        description: 'Why it does not work.',
        resolve: ({ error }) => error,
      }),
      run: t.field({
        type: types.Run,
        nullable: true,
        description: 'The last probe; for those who may look at runs.',
        resolve: async ({ run }, _args, context) => {
          const found = run === null ? null : await context.runOf.load(run);
          const deployment = found && (await context.deploymentOf.load(found.deploymentId));
          return deployment && (await service.access.mayLook(context.viewer, deployment)) ? found : null;
        },
      }),
    }),
  });
  const PriceRef = builder.objectRef<Price>('AgentPrice').implement({
    description: 'What a manifest asks for a run.',
    fields: (t) => ({
      token: t.exposeString('token', { description: 'Which token.' }),
      amount: t.field({
        type: 'BigInt',
        description: 'Smallest unit.',
        resolve: ({ amount }) => BigInt(amount),
      }),
    }),
  });
  const VersionConnection = connection('AgentVersion', AgentVersion);
  const RunConnection = connection('Run', types.Run);
  const DeploymentConnection = connection('AgentDeployment', AgentDeployment);

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
      price: t.field({
        type: PriceRef,
        nullable: true,
        description: 'What its manifest asks for a run. Shown, and not charged yet.',
        resolve: async ({ versionId }, _args, context) => {
          const version = await context.versionOf.load(versionId);
          const content = version && (await context.packageOf.load(version.packageCid));
          return (content?.manifest as { readonly price?: Price } | undefined)?.price ?? null;
        },
      }),
      health: t.field({
        type: HealthRef,
        nullable: true,
        description: 'What its probe came to last; null when its manifest has none.',
        resolve: ({ id }, _args, context) => context.healthOf.load(id),
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
        args: {
          ...pageArgs(t),
          status: t.arg({ type: types.RunStatus, description: 'Only those that are that far.' }),
          trigger: t.arg.string({ description: 'Only those started by this, such as schedule.' }),
        },
        resolve: async (deployment, { status, trigger, ...args }, context) => {
          if (!(await service.access.mayLook(context.viewer, deployment)))
            throw new AiosError(
              'NOT_AUTHORISED',
              `Runs of deployment ${deployment.id} are shown to the licence's holder and to operators and auditors of the network.`,
            );
          const where = {
            deploymentId: deployment.id,
            status: status ?? undefined,
            trigger: trigger ?? undefined,
          };
          return page(args, (size) => service.runs.list(where, size));
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
    agentDeployments: t.field({
      type: DeploymentConnection,
      description: 'Active deployments of all networks, newest first.',
      args: {
        ...pageArgs(t),
        runnable: t.arg.boolean({
          description: 'Those alone that the viewer may run. A page may then be short and yet not the last.',
        }),
      },
      resolve: (_root, { runnable, ...args }, context) =>
        runnable
          ? service.runnable(viewerOf(context), pageSizeOf(args))
          : page(args, (size) => service.deployments.listDeployments({ status: 'active' }, size)),
    }),
  }));
}
