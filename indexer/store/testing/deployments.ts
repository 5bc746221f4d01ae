// Deployments and blocks for this room's tests.
import type { BlockOutcome, CreatedDataSource, EntityModification, Hex } from '#indexer/model.ts';
import { platformMigrations } from '#node/platform/events/migrations.ts';
import { createPool } from '#node/platform/postgres/database.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { createTestDatabase, type TestDatabase } from '#node/platform/testing/postgres.ts';
import { type Deployment, DeploymentStore, type Lease, type NewDeployment } from '../index.ts';
import { SMALL_COMMIT_SETTINGS } from '../writer.ts';

/** A database with the tables of the platform and the registry. */
export async function createStoreDatabase(): Promise<TestDatabase & { readonly store: DeploymentStore }> {
  const database = await createTestDatabase();
  await migrate(database.pool, 'platform', platformMigrations);
  await DeploymentStore.migrate(database.pool);
  const small = createPool({
    url: database.url,
    name: 'test heads',
    pipeline: true,
    settings: SMALL_COMMIT_SETTINGS,
  });
  return {
    ...database,
    store: new DeploymentStore(database.pool, small),
    close: async () => {
      await small.end();
      await database.close();
    },
  };
}

let made = 0;

/** A new deployment of `schema` and the lease on it. */
export async function deploy(
  store: DeploymentStore,
  schema: string,
  options: Partial<NewDeployment> = {},
): Promise<{ readonly deployment: Deployment; readonly lease: Lease }> {
  const id = options.id ?? `QmTest${++made}`;
  const deployment = await store.create({ id, chain: 'test', manifest: '', schema, feed: false, ...options });
  const lease = await deployment.acquireLease('test', 600_000);
  if (!lease) throw new Error('the lease of a new deployment is taken');
  return { deployment, lease };
}

/** Hash of a test block; `fork` tells chains apart. */
export function hashOf(number: number, fork = 0): Hex {
  return `0x${fork.toString(16).padStart(8, '0')}${number.toString(16).padStart(56, '0')}`;
}

/** A block with what it did. */
export function outcome(
  number: number,
  modifications: readonly EntityModification[],
  options: { fork?: number; parentHash?: Hex; createdDataSources?: readonly CreatedDataSource[] } = {},
): BlockOutcome {
  const { fork = 0, parentHash = hashOf(number - 1, fork), createdDataSources = [] } = options;
  return {
    block: { number, hash: hashOf(number, fork) },
    parentHash,
    timestamp: 1_700_000_000 + number,
    modifications,
    createdDataSources,
  };
}
