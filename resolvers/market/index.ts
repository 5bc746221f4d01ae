// The public door of the market's service side: actions on the marketplace and the stream of sales.
import type pg from 'pg';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { Subgraph } from '#node/platform/operation.ts';
import type { ActionRunner } from '../actions/action-runner.ts';
import type { DeploymentAliases } from '../events/deployment-aliases.ts';
import { EntityEvents } from '../events/entity-events.ts';
import { MarketActions } from './market-actions.ts';
import { createMarketSchema } from './schema.ts';

export interface MarketDependencies {
  readonly pool: pg.Pool;
  readonly bus: EventBus;
  readonly aliases: DeploymentAliases;
  readonly runner: ActionRunner;
}

/** The subgraph `market-service`. It has no tables: events are read from the change feed, the rest is the chain's. */
export function createMarketSubgraph({ pool, bus, aliases, runner }: MarketDependencies): Subgraph {
  return createMarketSchema({
    actions: new MarketActions(runner),
    runner,
    events: new EntityEvents({ pool, bus, aliases }),
  });
}
