// What every test of a service needs: a database of its own with the platform's tables, an event bus, and a clock it can move.

import { platformMigrations } from '#node/platform/events/migrations.ts';
import { PostgresEventBus } from '#node/platform/events/postgres-event-bus.ts';
import { silentLogger } from '#node/platform/log.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { createTestDatabase, type TestDatabase } from '#node/platform/testing/postgres.ts';

export interface TestPlatform {
  readonly database: TestDatabase;
  readonly bus: PostgresEventBus;
  close(): Promise<void>;
}

export async function createTestPlatform(): Promise<TestPlatform> {
  const database = await createTestDatabase();
  await migrate(database.pool, 'platform', platformMigrations);
  const bus = await PostgresEventBus.connect({
    pool: database.pool,
    url: database.url,
    logger: silentLogger,
  });
  return {
    database,
    bus,
    close: async () => {
      await bus.close();
      await database.close();
    },
  };
}

/** A clock that stands still until it is moved. */
export class TestClock {
  #time = new Date('2026-03-01T12:00:00.000Z').getTime();
  readonly now = (): Date => new Date(this.#time);

  advance(milliseconds: number): void {
    this.#time += milliseconds;
  }
}
