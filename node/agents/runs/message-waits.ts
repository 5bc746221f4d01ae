// Answers runs that wait for a message. Looked at again and again rather than told by who sends: a run that begins to wait while a message is
// being sent would miss it, and neither has to wait for the other's locks.
import type pg from 'pg';
import { messageOf } from '#node/platform/errors.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import { appendToStreams } from '#node/platform/events/postgres-event-bus.ts';
import type { Logger } from '#node/platform/log.ts';
import { LookAgain } from '#node/platform/look-again.ts';
import { inTransaction, type Queryable } from '#node/platform/postgres/transaction.ts';
import type { Json } from '../runtime/runtime.ts';
import { answerStep } from './answer-step.ts';
import { messageSentTopic, runEvent } from './run-events.ts';

type Where = Readonly<Record<string, Json>>;

/** A look without a signal: signals may be lost. */
const idleMs = 1_000;
/** Messages on its topic that a wait looks through; a busier topic needs one of its own. */
const mostMessages = 1_000;
const pageSize = 200;

/** The first message on the topic in the run's network since the run was made, whose body has these values. */
export async function firstMessage(
  client: Queryable,
  runId: string,
  topic: string,
  where: Where,
): Promise<Json | undefined> {
  const { rows } = await client.query<{ id: string; deployment_id: string; body: Json }>(
    `select m.id, m.deployment_id, m.body from agents.runs r join agents.messages m
         on m.network = r.network and m.topic = $2 and m.sent_at >= r.created_at
      where r.id = $1 order by m.id limit $3`,
    [runId, topic, mostMessages],
  );
  const found = rows.find(({ body }) => hasValues(body, where));
  return found && { id: found.id, topic, from: found.deployment_id, body: found.body };
}

function hasValues(body: Json, where: Where): boolean {
  const wanted = Object.entries(where);
  if (wanted.length === 0) return true;
  if (body === null || typeof body !== 'object') return false;
  return wanted.every(
    ([key, value]) =>
      Object.hasOwn(body, key) && JSON.stringify((body as Where)[key]) === JSON.stringify(value),
  );
}

export class MessageWaits {
  readonly #pool: pg.Pool;
  readonly #looking: LookAgain;

  constructor(options: { readonly pool: pg.Pool; readonly bus: EventBus; readonly logger: Logger }) {
    this.#pool = options.pool;
    this.#looking = new LookAgain({
      look: () => this.#answerAll(),
      onSignal: (wake) => options.bus.onSignal(messageSentTopic, wake),
      idleMs,
      onError: (error) =>
        options.logger.warn(
          { error: messageOf(error) },
          'waits for messages could not be looked at; trying again',
        ),
    });
  }

  start(): void {
    this.#looking.start();
  }

  close(): Promise<void> {
    return this.#looking.close();
  }

  async #answerAll(): Promise<void> {
    let after: { readonly run_id: string; readonly step: number } = { run_id: '0', step: -1 };
    for (;;) {
      // Only those for whose topic there is anything.
      const { rows } = await this.#pool.query<{
        run_id: string;
        step: number;
        topic: string;
        where: Where | null;
      }>(
        `select s.run_id, s.step, s.topic, s.args -> 'where' as where from agents.steps s join agents.runs r on r.id = s.run_id
          where s.topic is not null and s.status = 'waiting' and (s.run_id, s.step) > ($1, $2)
            and exists (select from agents.messages m where m.network = r.network and m.topic = s.topic and m.sent_at >= r.created_at)
          order by s.run_id, s.step limit $3`,
        [after.run_id, after.step, pageSize],
      );
      for (const { run_id, step, topic, where } of rows) {
        if (this.#looking.closed) return;
        const message = await firstMessage(this.#pool, run_id, topic, where ?? {});
        if (message !== undefined) await this.#answer(run_id, step, message);
      }
      const last = rows.at(-1);
      if (!last || rows.length < pageSize) return;
      after = last;
    }
  }

  async #answer(runId: string, step: number, message: Json): Promise<void> {
    await inTransaction(this.#pool, async (client) => {
      await client.query('select from agents.run_queue where run_id = $1 for update', [runId]);
      if (!(await answerStep(client, runId, step, { ok: message }))) return;
      await appendToStreams(client, [
        runEvent(runId, { kind: 'step', step, capability: 'wait.message', status: 'answered' }),
      ]);
    });
  }
}
