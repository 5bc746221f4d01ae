// Signals: what somebody outside tells one run, by a name. A signal that comes before the run waits for it is kept; each is taken once.
import type pg from 'pg';
import { AiosError } from '#node/platform/errors.ts';
import { appendToStreams } from '#node/platform/events/postgres-event-bus.ts';
import { inTransaction } from '#node/platform/postgres/transaction.ts';
import type { Json } from '../runtime/runtime.ts';
import { answerStep } from './answer-step.ts';
import { runEvent } from './run-events.ts';

export interface Signal {
  readonly name: string;
  readonly payload: Json;
  /** DID of who sent it. */
  readonly by: string;
}

export const SIGNAL_LIMITS = { bytes: 256 << 10, untaken: 100 } as const;
const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/;

const answerOf = ({ payload, by }: Pick<Signal, 'payload' | 'by'>): Json => ({ payload, by });

/** The oldest signal of this name that no step has taken, now taken by this one. The caller holds the lock on the run's place in the queue. */
export async function takeSignal(
  client: pg.PoolClient,
  runId: string,
  name: string,
  step: number,
): Promise<Json | undefined> {
  const { rows } = await client.query<{ payload: Json; sent_by: string }>(
    `update agents.signals set taken_by = $3 where id = (
       select id from agents.signals where run_id = $1 and name = $2 and taken_by is null order by id limit 1
     ) returning payload, sent_by`,
    [runId, name, step],
  );
  const taken = rows[0];
  return taken && answerOf({ payload: taken.payload, by: taken.sent_by });
}

/**
 * Tells a run something. The step that has waited longest for this name is answered; else the signal is kept for the next that does.
 * @throws AiosError RUN_OVER, SIGNAL_INVALID, TOO_MANY_SIGNALS
 */
export async function signalRun(pool: pg.Pool, runId: string, { name, payload, by }: Signal): Promise<void> {
  if (!namePattern.test(name))
    throw new AiosError('SIGNAL_INVALID', 'name: give 1 to 64 letters, digits, ".", "_" or "-".');
  const text = JSON.stringify(payload);
  if (Buffer.byteLength(text) > SIGNAL_LIMITS.bytes)
    throw new AiosError(
      'SIGNAL_INVALID',
      `payload: at most ${SIGNAL_LIMITS.bytes} bytes. Send where to read it.`,
    );
  await inTransaction(pool, async (client) => {
    const place = await client.query('select from agents.run_queue where run_id = $1 for update', [runId]);
    if (place.rowCount === 0)
      throw new AiosError(
        'RUN_OVER',
        `Run ${runId} has ended: there is nothing left that could be signalled.`,
      );
    const { rows } = await client.query<{ step: number }>(
      `select step from agents.steps where run_id = $1 and status = 'waiting' and capability = 'wait.signal' and args ->> 'name' = $2
        order by step limit 1`,
      [runId, name],
    );
    const step = rows[0]?.step;
    if (step === undefined) {
      const { rows: kept } = await client.query<{ count: string }>(
        'select count(*) from agents.signals where run_id = $1 and taken_by is null',
        [runId],
      );
      if (Number(kept[0]?.count) >= SIGNAL_LIMITS.untaken)
        throw new AiosError(
          'TOO_MANY_SIGNALS',
          `Run ${runId} has not taken its last ${SIGNAL_LIMITS.untaken} signals. Wait until it does.`,
        );
    }
    await client.query(
      'insert into agents.signals (run_id, name, payload, sent_by, taken_by) values ($1, $2, $3, $4, $5)',
      [runId, name, text, by, step ?? null],
    );
    if (step === undefined) return;
    await answerStep(client, runId, step, { ok: answerOf({ payload, by }) });
    await appendToStreams(client, [
      runEvent(runId, { kind: 'step', step, capability: 'wait.signal', status: 'answered' }),
    ]);
  });
}
