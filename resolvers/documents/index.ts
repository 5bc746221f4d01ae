// The public door of documents: the store, and the subgraph over it.
import type pg from 'pg';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { Subgraph } from '#node/platform/operation.ts';
import { DocumentStore } from './document-store.ts';
import { createDocumentsSchema } from './schema.ts';

export { DocumentStore } from './document-store.ts';

export interface DocumentsDependencies {
  readonly pool: pg.Pool;
  readonly bus: EventBus;
}

/** Brings the table up to date and returns the subgraph `documents`. */
export async function createDocumentsSubgraph({ pool, bus }: DocumentsDependencies): Promise<Subgraph> {
  return createDocumentsSchema({ store: await DocumentStore.open(pool), bus });
}
