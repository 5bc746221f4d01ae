// Keeps the search index equal to the directory: applies the change feed in order, each page in one transaction with the cursor.
import { type Kysely, sql } from 'kysely';
import type pg from 'pg';
import { AiosError } from '#node/platform/errors.ts';
import {
  type CommitSignal,
  commitTopic,
  type EntityChange,
  readChanges,
} from '#node/platform/events/change-feed.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { Logger } from '#node/platform/log.ts';
import type { DeploymentAliases } from '../events/deployment-aliases.ts';
import { putNetworks, removeNetworks } from './search-index.ts';
import type { NetworksTables } from './tables.ts';

export const directoryAlias = 'directory';
const pageSize = 1_000;
/** After an error the projection tries again by itself, also when no commit wakes it. */
const retryMs = 2_000;

export interface SearchProjectionOptions {
  readonly db: Kysely<NetworksTables>;
  readonly pool: pg.Pool;
  readonly bus: EventBus;
  readonly aliases: DeploymentAliases;
  readonly logger: Logger;
}

/**
 * Follows the deployment that stands under `directory`. When another one takes its place, that one is indexed beside it
 * and takes over once it has caught up, so that search never shows half of a rebuild. Any number of processes may run it.
 */
export class SearchProjection {
  readonly #options: SearchProjectionOptions;
  /** The deployment that stands under the alias. */
  #followed: string | null = null;
  #running = false;
  #again = false;
  #closed = false;
  #work: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #stops: (() => void)[] = [];

  constructor(options: SearchProjectionOptions) {
    this.#options = options;
  }

  /** Starts following; `close` ends it. */
  start(): void {
    const wake = () => this.#wake();
    // Without a payload, signals may have been missed.
    const onCommit = (payload: unknown) => {
      const commit = payload as CommitSignal | undefined;
      if (!commit || commit.deployment === this.#followed) wake();
    };
    this.#stops = [this.#options.bus.onSignal(commitTopic, onCommit), this.#options.aliases.onChange(wake)];
    wake();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#stops) stop();
    clearTimeout(this.#retry);
    await this.#work;
  }

  /** Applies everything the feed holds now. Returns the number of changes applied. */
  async catchUp(): Promise<number> {
    const { aliases } = this.#options;
    const deployment = await aliases.current(directoryAlias);
    this.#followed = deployment;
    if (deployment === null) return 0;
    let applied = 0;
    for (;;) {
      const page = await this.#applyPage(deployment);
      applied += page;
      if (page < pageSize) break;
    }
    await this.#activate(deployment);
    return applied;
  }

  #wake(): void {
    if (this.#closed) return;
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    this.#work = this.#run();
  }

  async #run(): Promise<void> {
    try {
      while (this.#again && !this.#closed) {
        this.#again = false;
        await this.catchUp();
      }
    } catch (error) {
      this.#options.logger.error(
        { error },
        'the search index could not follow the directory; it tries again',
      );
      if (!this.#closed) this.#retry = setTimeout(() => this.#wake(), retryMs);
    } finally {
      this.#running = false;
    }
  }

  /** One page, in one transaction with its cursor. Returns how many changes it had. */
  async #applyPage(deployment: string): Promise<number> {
    const { db, pool } = this.#options;
    return db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('networks.projections')
        .values({ deployment, seq: '0', active: false })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      // Other processes wait here, then find the page applied.
      const { seq } = await transaction
        .selectFrom('networks.projections')
        .select('seq')
        .where('deployment', '=', deployment)
        .forUpdate()
        .executeTakeFirstOrThrow();
      const changes = await readChanges(pool, { deployment, after: BigInt(seq), limit: pageSize });
      const first = changes[0];
      const last = changes.at(-1);
      if (!first || !last) return 0;
      if (first.seq !== BigInt(seq) + 1n) {
        throw new AiosError(
          'CHANGE_FEED_TRIMMED',
          `The change feed of ${deployment} starts at ${first.seq}, the search index needs ${BigInt(seq) + 1n}. Deploy the directory again to rebuild it.`,
        );
      }
      const { put, remove } = netEffect(changes);
      await removeNetworks(transaction, deployment, remove);
      await putNetworks(transaction, deployment, put);
      await transaction
        .updateTable('networks.projections')
        .set({ seq: String(last.seq) })
        .where('deployment', '=', deployment)
        .execute();
      return changes.length;
    });
  }

  /** Makes a deployment that has caught up the one that is searched, and forgets the others. */
  async #activate(deployment: string): Promise<void> {
    const { db } = this.#options;
    const active = await db
      .selectFrom('networks.projections')
      .select('deployment')
      .where('active', '=', true)
      .executeTakeFirst();
    if (active?.deployment === deployment) return;
    await db.transaction().execute(async (transaction) => {
      await sql`lock table networks.projections in exclusive mode`.execute(transaction);
      for (const table of ['search', 'facets', 'projections']) {
        await sql`delete from ${sql.id('networks', table)} where deployment <> ${deployment}`.execute(
          transaction,
        );
      }
      await transaction
        .insertInto('networks.projections')
        .values({ deployment, seq: '0', active: true })
        .onConflict((conflict) => conflict.column('deployment').doUpdateSet({ active: true }))
        .execute();
    });
  }
}

/** What a run of changes comes to: the last state of every network. A reverted change carries the state it restores. */
function netEffect(changes: readonly EntityChange[]) {
  const last = new Map<string, EntityChange>();
  for (const change of changes) if (change.entity === 'Network') last.set(change.id, change);
  const put = [];
  const remove = [];
  for (const [id, { after }] of last) {
    if (after) put.push({ id, name: String(after.name ?? ''), isPublic: after.isPublic === true });
    else remove.push(id);
  }
  return { put, remove };
}
