// Turns changes of an answer into runs: a trigger's document is asked again, as its deployment, when something was committed; another answer
// than the last one starts a run with both. Like a live query it may skip intermediate answers, and never tells the same one twice in a row.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { messageOf } from '#node/platform/errors.ts';
import { commitTopic, serviceChangeTopic } from '#node/platform/events/change-feed.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { Logger } from '#node/platform/log.ts';
import { LookAgain } from '#node/platform/look-again.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import { agentDid, type OperationExecutor } from '../capabilities/graphql.ts';
import { canonicalJson } from '../runtime/canonical-json.ts';
import type { Json } from '../runtime/runtime.ts';
import { enqueueRuns } from './enqueue.ts';

export interface QueryTriggersOptions {
  readonly pool: pg.Pool;
  readonly bus: EventBus;
  readonly execute: OperationExecutor;
  readonly logger: Logger;
}

interface TriggerRow {
  readonly id: string;
  readonly deployment_id: string;
  readonly version_id: string;
  readonly network: string;
  readonly environment: string;
  readonly status: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, Json>> | null;
  readonly answer: Json;
  readonly answer_hash: string | null;
  readonly cursor: string;
}

/** A look without a signal: signals may be lost. */
const idleMs = 15_000;
/** Commits come many at a time: they are looked at together. */
const gatherMs = 300;
const timeoutMs = 20_000;
/** Of an answer: it is kept, and given to runs twice. */
const mostBytes = 256 << 10;

export class QueryTriggers {
  readonly #options: QueryTriggersOptions;
  readonly #looking: LookAgain;

  constructor(options: QueryTriggersOptions) {
    this.#options = options;
    const { bus, logger } = options;
    this.#looking = new LookAgain({
      look: () => this.#askAll(),
      onSignal: (wake) => {
        const stops = [bus.onSignal(commitTopic, wake), bus.onSignal(serviceChangeTopic, wake)];
        return () => {
          for (const stop of stops) stop();
        };
      },
      ...{ idleMs, gatherMs },
      onError: (error) =>
        logger.warn({ error: messageOf(error) }, 'triggers on queries could not be looked at; trying again'),
    });
  }

  start(): void {
    this.#looking.start();
  }

  close(): Promise<void> {
    return this.#looking.close();
  }

  /** Asks every trigger's query. */
  follow(): Promise<void> {
    return this.#looking.now();
  }

  async #askAll(): Promise<void> {
    const { pool, logger } = this.#options;
    const { rows } = await pool.query<{ id: string }>(
      `select t.id from agents.triggers t join agents.deployments d on d.id = t.deployment_id
        where t.kind = 'query' and d.status = 'active' order by t.id`,
    );
    for (const { id } of rows) {
      if (this.#looking.closed) return;
      await this.#ask(id).catch((error: unknown) =>
        logger.warn(
          { error: messageOf(error), trigger: id },
          "a trigger's query could not be asked; trying again",
        ),
      );
    }
  }

  async #ask(id: string): Promise<void> {
    const { pool, execute, logger } = this.#options;
    // Locked while it is asked: of two processes one asks, so that no answer is overtaken by an older one.
    await inTransaction(pool, async (client) => {
      const { rows } = await client.query<TriggerRow>(
        `select t.*, d.version_id, d.status from agents.triggers t join agents.deployments d on d.id = t.deployment_id
          where t.id = $1 for update of t skip locked`,
        [id],
      );
      const trigger = rows[0];
      if (trigger?.status !== 'active') return;
      const { data, errors } = await execute({
        viewer: agentDid(trigger.deployment_id),
        document: trigger.document,
        variables: trigger.variables ?? {},
        mutations: false,
        idempotencyKey: `trigger:${id}`,
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (data === undefined || data === null) {
        logger.warn(
          { error: errors?.[0]?.message, trigger: id },
          "a trigger's query has no answer; trying again",
        );
        return;
      }
      const text = canonicalJson(data);
      if (Buffer.byteLength(text) > mostBytes) {
        logger.warn(
          { trigger: id },
          `a trigger's answer has more than ${mostBytes} bytes: ask for less; no run is started`,
        );
        return;
      }
      const hash = createHash('sha256').update(text).digest('base64url');
      if (hash === trigger.answer_hash) return;
      const nth = BigInt(trigger.cursor) + 1n;
      // The first answer is what later ones are compared with.
      if (trigger.answer_hash !== null)
        await enqueueRuns(client, [
          {
            deploymentId: trigger.deployment_id,
            versionId: trigger.version_id,
            network: trigger.network,
            environment: trigger.environment,
            trigger: { kind: 'query', key: `query:${id}:${nth}` },
            input: { trigger: 'query', before: trigger.answer, data },
          },
        ]);
      await client.query(
        'update agents.triggers set cursor = $2, answer = $3, answer_hash = $4 where id = $1',
        [id, nth.toString(), text, hash],
      );
    });
  }
}
