// The types of the agents subgraph by name, before any has fields: they lead to each other.
import type DataLoader from 'dataloader';
import type { Deployment, Schedule, Version } from '#node/agents/runs/deployment-store.ts';
import type { Health } from '#node/agents/runs/health-probes.ts';
import type { Run, Step } from '#node/agents/runs/run-store.ts';
import type { Json } from '#node/agents/runtime/runtime.ts';
import type { OperationContext } from '#node/platform/operation.ts';
import type { Builder } from '#schema/builder.ts';
import { extensionOf, referenceTo } from '#schema/references.ts';
import type { AnchorBatch } from './anchoring/anchor-batches.ts';
import { definePages } from './pages.ts';

/** What resolvers of the agents subgraph see: the operation, and what it has loaded. */
export interface AgentsContext extends OperationContext {
  readonly deploymentOf: DataLoader<string, Deployment | null>;
  readonly versionOf: DataLoader<string, Version | null>;
  readonly runOf: DataLoader<string, Run | null>;
  readonly stepsOf: DataLoader<string, readonly Step[]>;
  readonly scheduleOf: DataLoader<string, Schedule | null>;
  readonly healthOf: DataLoader<string, Health | null>;
  readonly anchorBatchOf: DataLoader<string, AnchorBatch | null>;
  readonly packageOf: DataLoader<string, { manifest: Json; language: string; size: number } | null>;
  /** The package of a version as base64 of its archive; null when it is gone. */
  readonly archiveOf: (version: Version) => Promise<string | null>;
}

export type AgentsBuilder = Builder<AgentsContext>;

/** Names the types; the files beside give them fields. */
export function nameAgentTypes(builder: AgentsBuilder) {
  return {
    ...definePages(builder),
    AgentVersion: builder.objectRef<Version>('AgentVersion'),
    AgentDeployment: builder.objectRef<Deployment>('AgentDeployment'),
    Run: builder.objectRef<Run>('Run'),
    RunError: builder.objectRef<NonNullable<Run['error']>>('RunError'),
    RunStatus: builder.enumType('RunStatus', {
      description: 'How far a run is.',
      values: {
        QUEUED: { value: 'queued', description: 'Due, or waiting for its time or its next attempt.' },
        RUNNING: { value: 'running', description: 'In the hands of a worker.' },
        WAITING: {
          value: 'waiting',
          description: 'For an approval, a signal, a message, a time, or an agent it called.',
        },
        COMPLETED: { value: 'completed', description: 'Its output is there.' },
        FAILED: { value: 'failed', description: "The agent's own code failed." },
        KILLED: { value: 'killed', description: 'A limit or a person ended it.' },
      } as const,
    }),
    Agent: extensionOf(builder, 'Agent'),
    Network: extensionOf(builder, 'Network'),
    Licence: referenceTo(builder, 'Licence'),
    Environment: referenceTo(builder, 'Environment'),
    RunBatch: referenceTo(builder, 'RunBatch'),
  };
}

export type AgentTypes = ReturnType<typeof nameAgentTypes>;
