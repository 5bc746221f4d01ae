// The room's door: the versioned entity store. The pipeline writes and reverts through it, queries read its tables.
import type pg from 'pg';
import type { BlockOutcome, EntityData, EntityId, EntitySchema } from '#indexer/model.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { BlockPointer } from '#node/platform/operation.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import type { CommitListener } from './changes.ts';
import {
  acquireLease,
  type DeploymentRecord,
  findDeployment,
  insertDeployment,
  type Lease,
} from './deployments.ts';
import { createStatements, deferredIndexes, type Layout, layoutOf, relationIndexes } from './layout.ts';
import { entityVersionAt, loadEntities, loadRelated, type TypedEntity } from './reader.ts';
import { REGISTRY_SCHEMA, registryMigrations } from './registry-migrations.ts';
import { inTransaction } from './transaction.ts';
import { type CommitResult, commitBatch } from './writer.ts';
