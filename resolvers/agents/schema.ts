// Agents' part of the supergraph: deployments, versions and runs beside the indexed Agent and Network, what users do with them, and their
// streams of events. Types, mutations and subscriptions are in files of their own; this one puts them together.
import DataLoader from 'dataloader';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { Subgraph } from '#node/platform/operation.ts';
import { createBuilder, FEDERATION_SPEC } from '#schema/builder.ts';
import { toSubgraph } from '#schema/subgraph.ts';
import { type AgentService, idOf } from './agent-service.ts';
import { type AgentsContext, nameAgentTypes } from './agent-types.ts';
import { defineDeploymentTypes } from './deployment-types.ts';
import { defineAgentMutations } from './mutations.ts';
import { defineNodeTypes } from './node-types.ts';
import { defineRunTypes } from './run-types.ts';
import { defineStudio } from './studio.ts';
import { defineAgentSubscriptions } from './subscriptions.ts';
import { defineVersionTypes } from './version-types.ts';

export interface AgentsServices {
  readonly service: AgentService;
  readonly bus: EventBus;
}

/** The subgraph `agents` over its service. */
export function createAgentsSchema({ service, bus }: AgentsServices): Subgraph {
  const builder = createBuilder<AgentsContext>();
  builder.queryType({});
  builder.mutationType({});
  builder.subscriptionType({});
  const types = nameAgentTypes(builder);
  const { AgentDeployment, Run: RunType } = types;
  defineVersionTypes(builder, types, service);
  defineRunTypes(builder, types, service);
  defineNodeTypes(builder, types, service);
  defineDeploymentTypes(builder, types, service);

  builder.queryFields((t) => ({
    agentDeployment: t.field({
      type: AgentDeployment,
      nullable: true,
      description: 'A deployment by id.',
      args: { id: t.arg.id({ required: true, description: 'Decimal.' }) },
      resolve: (_root, { id }, context) => context.deploymentOf.load(idOf(id, 'id')),
    }),
    run: t.field({
      type: RunType,
      nullable: true,
      authenticated: true,
      description: 'A run by id; for who operates its deployment, and auditors of the network.',
      args: { id: t.arg.id({ required: true, description: 'Decimal.' }) },
      resolve: (_root, { id }, context) => service.lookedAt(context.viewer, id),
    }),
  }));
  defineStudio(builder, types, service);
  defineAgentMutations(builder, types, service);
  defineAgentSubscriptions(builder, types, service, bus);

  const { deployments, runs, anchors } = service ?? {};
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
      healthOf: loader((ids) => deployments.health(ids)),
      archiveOf: service?.archives(),
      anchorBatchOf: loader((ids) => anchors.batches(ids)),
      packageOf: loader((ids) => deployments.manifests(ids)),
    }),
  });
}
