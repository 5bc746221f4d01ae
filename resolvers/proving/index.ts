// The public door of proving: its queue, and the subgraph `proving`. Proofs are made by the role `prover`, here or elsewhere.
import type pg from 'pg';
import { JobQueue } from '#circuits/prover/job-queue.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { Subgraph } from '#node/platform/operation.ts';
import type { ActionRunner } from '../actions/action-runner.ts';
import { ProvingActions } from './proving-actions.ts';
import { createProvingSchema } from './schema.ts';

export interface ProvingDependencies {
  readonly pool: pg.Pool;
  readonly bus: EventBus;
  readonly runner: ActionRunner;
  /** NODE_ENV=production. */
  readonly production: boolean;
}

/** Brings the tables up to date and returns the subgraph. */
export async function createProvingSubgraph(options: ProvingDependencies): Promise<Subgraph> {
  const queue = await JobQueue.open(options.pool, options.bus);
  return createProvingSchema({
    queue,
    runner: options.runner,
    actions: new ProvingActions(options.runner, options.production),
  });
}
