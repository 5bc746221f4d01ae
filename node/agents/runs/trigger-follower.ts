// Turns changes of indexed entities into runs: each trigger remembers how far it has read the change feed, in the transaction that makes
// the runs, so that a change starts a run once, whichever process sees it.
import type pg from 'pg';
import { messageOf } from '#node/platform/errors.ts';
import { commitTopic, type EntityChange, readChanges } from '#node/platform/events/change-feed.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { Logger } from '#node/platform/log.ts';
import { LookAgain } from '#node/platform/look-again.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import type { Json } from '../runtime/runtime.ts';
import { enqueueRuns } from './enqueue.ts';

export interface TriggerFollowerOptions {
  readonly pool: pg.Pool;
  readonly bus: EventBus;
  /** The deployment of an indexed subgraph that stands under an alias now; null: none. */
  readonly feedOf: (alias: string) => Promise<string | null>;
  readonly logger: Logger;
}

interface TriggerRow {
  id: string;
  deployment_id: string;
  version_id: string;
  network: string;
  environment: string;
  alias: string;
  entity: string;
  filter: Readonly<Record<string, Json>>;
  feed: string | null;
  cursor: string;
}

const pageSize = 500;
/** A look without a signal: signals may be lost. */
const idleMs = 5_000;

export class TriggerFollower {
  readonly #options: TriggerFollowerOptions;
  readonly #looking: LookAgain;

  constructor(options: TriggerFollowerOptions) {
    this.#options = options;
    const { bus, logger } = options;
    this.#looking = new LookAgain({
      look: () => this.#followAll(),
      onSignal: (wake) => bus.onSignal(commitTopic, wake),
      idleMs,
      onError: (error) =>
        logger.warn({ error: messageOf(error) }, 'triggers could not be followed; trying again'),
    });
  }

  start(): void {
    this.#looking.start();
  }

  close(): Promise<void> {
    return this.#looking.close();
  }

  /** Reads every trigger's feed to its end. */
  follow(): Promise<void> {
    return this.#looking.now();
  }

  async #followAll(): Promise<void> {
    const { pool, feedOf } = this.#options;
    const { rows } = await pool.query<{ id: string; alias: string }>(
      `select id, alias from agents.triggers where kind = 'change' order by id`,
    );
    const feeds = new Map<string, string | null>();
    for (const { id, alias } of rows) {
      if (!feeds.has(alias)) feeds.set(alias, await feedOf(alias));
      const feed = feeds.get(alias);
      if (!feed) continue;
      while (!this.#looking.closed && (await this.#followOne(id, feed)) === pageSize) {
        // A full page: there is more.
      }
    }
  }

  /** One page of one trigger. @returns how many changes were read */
  async #followOne(id: string, feed: string): Promise<number> {
    const { pool } = this.#options;
    return inTransaction(pool, async (client) => {
      const { rows } = await client.query<TriggerRow & { status: string; head: string }>(
        `select t.*, d.version_id, d.status, coalesce((select head from platform.change_heads h where h.deployment = $2), 0) as head
           from agents.triggers t join agents.deployments d on d.id = t.deployment_id
          where t.id = $1 for update of t skip locked`,
        [id, feed],
      );
      const trigger = rows[0];
      if (!trigger) return 0;
      // A new trigger, another deployment of the subgraph, or an agent that pauses: what comes from now on counts.
      if (trigger.feed !== feed || trigger.status !== 'active') {
        if (trigger.feed !== feed || trigger.cursor !== trigger.head)
          await client.query('update agents.triggers set feed = $2, cursor = $3 where id = $1', [
            id,
            feed,
            trigger.head,
          ]);
        return 0;
      }
      const after = BigInt(trigger.cursor);
      if (BigInt(trigger.head) <= after) return 0;
      const changes = await readChanges(pool, {
        deployment: feed,
        entities: [trigger.entity],
        after,
        limit: pageSize,
      });
      await enqueueRuns(
        client,
        changes
          .filter((change) => matches(change, trigger.filter))
          .map((change) => ({
            deploymentId: trigger.deployment_id,
            versionId: trigger.version_id,
            network: trigger.network,
            environment: trigger.environment,
            trigger: { kind: 'change' as const, key: `change:${trigger.id}:${feed}:${change.seq}` },
            input: inputOf(trigger.alias, change),
          })),
      );
      // Below a full page everything up to the head was looked at.
      const last = changes.length === pageSize ? changes.at(-1)?.seq : undefined;
      await client.query('update agents.triggers set cursor = $2 where id = $1', [id, last ?? trigger.head]);
      return changes.length;
    });
  }
}

/** A change that stands (is not the undoing of one) and whose entity has the filter's values afterwards. */
export function matches(change: EntityChange, filter: Readonly<Record<string, Json>>): boolean {
  const { after, reverted } = change;
  if (reverted || !after) return false;
  return Object.entries(filter).every(
    ([attribute, value]) => JSON.stringify(after[attribute]) === JSON.stringify(value),
  );
}

function inputOf(alias: string, change: EntityChange): Json {
  return {
    trigger: 'change',
    subgraph: alias,
    entity: change.entity,
    id: change.id,
    block: { number: change.block.number, hash: change.block.hash },
    before: change.before as Json,
    after: change.after as Json,
  };
}
