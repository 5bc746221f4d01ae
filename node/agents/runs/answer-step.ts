// Answers steps that runs wait for: from the end of a run that was called, or from outside. The run goes on then.
import type pg from 'pg';
import type { Queryable } from '#node/platform/events/event-bus.ts';
import { sendSignal } from '#node/platform/events/postgres-event-bus.ts';
import type { HostAnswer, Json } from '../runtime/runtime.ts';
import { runsDueTopic } from './run-events.ts';

/** A run that another one called, at its end. */
export interface CalledRun {
  readonly id: string;
  readonly parentRun: string;
  readonly parentStep: number;
  /** What was reserved of the caller's budget. */
  readonly payLimit: bigint | null;
  readonly status: 'completed' | 'failed' | 'killed';
  readonly output?: Json;
  readonly error?: { readonly code: string; readonly message: string };
}

/** The caller's open step gets the answer, its budget the unspent rest, and it goes on. */
export async function answerCaller(client: pg.PoolClient, run: CalledRun): Promise<void> {
  const answer: HostAnswer =
    run.status === 'completed'
      ? { ok: { run: run.id, output: run.output ?? null } }
      : {
          error: {
            code: 'AGENT_FAILED',
            message: `Run ${run.id} of the agent that was called ended as ${run.status}: ${run.error?.code ?? ''} ${run.error?.message ?? ''}`,
          },
        };
  const { rows } = await client.query<{ cost: string }>('select cost from agents.runs where id = $1', [
    run.id,
  ]);
  const cost = rows[0]?.cost ?? '0';
  if (run.payLimit !== null && run.payLimit > 0n) {
    await client.query(
      `update agents.budgets b set reserved = greatest(b.reserved - $2, 0), spent = b.spent + $3, updated_at = now()
         from agents.runs p where p.id = $1 and b.deployment_id = p.deployment_id and b.kind = 'run' and b.period = p.id::text`,
      [run.parentRun, run.payLimit.toString(), cost],
    );
  }
  await answerStep(client, run.parentRun, run.parentStep, answer, cost);
}

/**
 * Answers a step that a run waits for and lets the run go on. The caller holds the lock on the run's place in the queue.
 * @returns false when nothing waited there
 */
export async function answerStep(
  client: Queryable,
  runId: string,
  step: number,
  answer: HostAnswer,
  cost = '0',
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update agents.steps set status = 'answered', answer = $3, failed = $4, cost = $5, answered_at = now()
      where run_id = $1 and step = $2 and status = 'waiting'`,
    [runId, step, JSON.stringify(answer), 'error' in answer, cost],
  );
  if (rowCount === 0) return false;
  // While a worker still has it, the worker sees the answer when it lets go.
  await client.query(
    'update agents.run_queue set visible_at = clock_timestamp() where run_id = $1 and owner is null',
    [runId],
  );
  await sendSignal(client, runsDueTopic, null);
  return true;
}
