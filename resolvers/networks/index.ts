// The public door of networks: profiles, search and actions as one subgraph, with the projection that feeds the search.
import type pg from 'pg';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { Logger } from '#node/platform/log.ts';
import type { Subgraph } from '#node/platform/operation.ts';
import { createKysely } from '#node/platform/postgres/database.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import type { ActionRunner } from '../actions/action-runner.ts';
import type { DeploymentAliases } from '../events/deployment-aliases.ts';
import { EntityEvents } from '../events/entity-events.ts';
import { networksMigrations, networksSchema } from './migrations.ts';
import { NetworkActions } from './network-actions.ts';
import { ProfileStore } from './profile-store.ts';
import { createNetworksSchema } from './schema.ts';
import { NetworkSearch } from './search.ts';
import { SearchProjection } from './search-projection.ts';
import type { NetworksTables } from './tables.ts';

export interface NetworksDependencies {
  readonly pool: pg.Pool;
  readonly bus: EventBus;
  readonly aliases: DeploymentAliases;
  readonly runner: ActionRunner;
  readonly logger: Logger;
  readonly now?: () => Date;
}

export interface NetworksSubgraph extends Subgraph {
  close(): Promise<void>;
}

/** Brings the tables up to date, starts following the directory, and returns the subgraph `networks`. */
export async function createNetworksSubgraph(dependencies: NetworksDependencies): Promise<NetworksSubgraph> {
  const { pool, bus, aliases, runner, logger } = dependencies;
  await migrate(pool, networksSchema, networksMigrations);
  const db = createKysely<NetworksTables>(pool);
  const projection = new SearchProjection({ db, pool, bus, aliases, logger });
  const subgraph = createNetworksSchema({
    profiles: new ProfileStore(pool, dependencies.now ?? (() => new Date())),
    search: new NetworkSearch(pool),
    actions: new NetworkActions(runner),
    runner,
    events: new EntityEvents({ pool, bus, aliases }),
    bus,
  });
  projection.start();
  return { ...subgraph, close: () => projection.close() };
}
