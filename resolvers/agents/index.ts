// The public door of agents: their tables, and the subgraph `agents`. Runs are executed by the role `agents`, here or elsewhere.
import type pg from 'pg';
import { agentsMigrations, agentsSchema } from '#node/agents/runs/migrations.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { Subgraph } from '#node/platform/operation.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import type { ActionRunner } from '../actions/action-runner.ts';
import { AgentAccess } from './agent-access.ts';
import { AgentService } from './agent-service.ts';
import { createAgentsSchema } from './schema.ts';

export interface AgentsDependencies {
  readonly pool: pg.Pool;
  readonly bus: EventBus;
  readonly runner: ActionRunner;
}

/** Brings the tables up to date and returns the subgraph. */
export async function createAgentsSubgraph({ pool, bus, runner }: AgentsDependencies): Promise<Subgraph> {
  await migrate(pool, agentsSchema, agentsMigrations);
  return createAgentsSchema({ service: new AgentService(pool, new AgentAccess(runner)), bus });
}
