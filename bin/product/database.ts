// The database of one process tree: embedded or DATABASE_URL, migrated, with the event bus over it.
import type pg from 'pg';
import { DeploymentStore } from '#indexer/store/index.ts';
import type { Config } from '#node/platform/config/schema.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import { platformMigrations } from '#node/platform/events/migrations.ts';
import { PostgresEventBus } from '#node/platform/events/postgres-event-bus.ts';
import type { Service, ServiceHealth } from '#node/platform/lifecycle/service-group.ts';
import type { Logger } from '#node/platform/log.ts';
import { createPool, prepareDatabase } from '#node/platform/postgres/database.ts';
import { EmbeddedPostgres } from '#node/platform/postgres/embedded-postgres.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { settingsMigrations } from '#node/platform/settings.ts';

export interface Database {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly bus: EventBus;
}

/** Opens pool and bus over a database that runs, and brings the platform's and the indexer's schemas up to date. */
export async function openDatabase(
  url: string,
  name: string,
  logger: Logger,
): Promise<Database & { close(): Promise<void> }> {
  const pool = createPool({ url, name, logger, max: 20 });
  try {
    await prepareDatabase(pool);
    await migrate(pool, 'platform', { ...platformMigrations, ...settingsMigrations });
    await DeploymentStore.migrate(pool);
    const bus = await PostgresEventBus.connect({ pool, url, logger });
    return {
      url,
      pool,
      bus,
      close: async () => {
        await bus.close();
        await pool.end();
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** The service that every other one needs. */
export class DatabaseService implements Service {
  readonly name = 'database';
  readonly #config: Config;
  readonly #logger: Logger;
  #embedded: EmbeddedPostgres | undefined;
  #database: (Database & { close(): Promise<void> }) | undefined;
  /** Told when the embedded server ends without having been asked to. */
  onFailure: ((reason: string) => void) | undefined;

  constructor(config: Config, logger: Logger) {
    this.#config = config;
    this.#logger = logger;
  }

  get database(): Database {
    if (!this.#database) throw new Error('the database has not been started');
    return this.#database;
  }

  async start(report: (message: string) => void): Promise<void> {
    let url = this.#config.databaseUrl;
    if (!url) {
      this.#embedded = new EmbeddedPostgres({ dataDir: this.#config.dataDir });
      this.#embedded.onUnexpectedExit = (reason) => this.onFailure?.(reason);
      await this.#embedded.start(report);
      url = this.#embedded.url;
    }
    try {
      this.#database = await openDatabase(url, this.#config.roles.join('+'), this.#logger);
    } catch (error) {
      await this.#embedded?.stop();
      throw error;
    }
    report(this.#embedded ? 'embedded PostgreSQL' : new URL(url).host);
  }

  async stop(): Promise<void> {
    await this.#database?.close();
    await this.#embedded?.stop();
  }

  async health(): Promise<ServiceHealth> {
    const begun = performance.now();
    await this.database.pool.query('select 1');
    return {
      status: 'ok',
      details: {
        kind: this.#embedded ? 'embedded' : 'external',
        milliseconds: Math.round(performance.now() - begun),
      },
    };
  }
}
