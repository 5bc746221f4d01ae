// Payments: reserved in the budgets together with the step's beginning, sent under the idempotency key run/step, settled or released with
// the answer. Each of the three writes is checked against the run's fence, so that a worker that was taken over cannot begin to pay.

import type pg from 'pg';
import { z } from 'zod';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { StepContext } from '../runs/broker.ts';
import { type BudgetKey, type BudgetLimit, dayOf, release, reserve, settle } from './budgets.ts';
import { type Capability, checkedArgs, grantOf, refusal } from './capability.ts';

export interface TokenTransfer {
  /** The same for every try of the same payment. */
  readonly idempotencyKey: string;
  readonly deploymentId: string;
  readonly token: string;
  readonly payee: string;
  /** Smallest unit. */
  readonly amount: bigint;
  /** Grows with each worker that takes the run: of two with the same key the larger one counts. */
  readonly fence: bigint;
}

/**
 * Sends tokens. A key that was sent before must answer with what was sent then, not send again: that is what makes a payment whose
 * sender died between sending and noting it happen once.
 * @throws AiosError PAYMENT_REFUSED when it certainly was not sent and will not be; anything else leaves it open
 */
export type PaymentExecutor = (
  transfer: TokenTransfer,
  signal: AbortSignal,
) => Promise<{ readonly transaction: string }>;

const payArgs = z.strictObject({
  payee: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/, 'expected an address')
    .transform((text) => text.toLowerCase()),
  amount: z
    .string()
    .regex(/^[1-9]\d{0,59}$/, 'expected a positive decimal integer as text, in the smallest unit'),
});

export interface PayOptions {
  readonly pool: pg.Pool;
  readonly execute: PaymentExecutor;
  readonly now?: () => Date;
}

interface PaymentRow {
  status: 'reserved' | 'settled' | 'released';
  payee: string;
  amount: string;
  token: string;
  budgets: readonly BudgetKey[];
  fence: string;
}

export function payCapability(options: PayOptions): Capability {
  const now = options.now ?? (() => new Date());
  return {
    name: 'pay.send',
    async act(step) {
      const { payee, amount: text } = checkedArgs(step, payArgs);
      const amount = BigInt(text);
      const grant = grantOf(step, 'pay');
      if (!grant.payees.includes(payee)) {
        throw new AiosError(
          'PAYEE_NOT_ALLOWED',
          `${payee} is not among the payees of the manifest. Add it to capabilities.pay.payees and deploy a new version.`,
        );
      }
      const { run } = step;
      const perRun = run.payLimit !== null && run.payLimit < grant.perRun ? run.payLimit : grant.perRun;
      const budgets: readonly BudgetLimit[] = [
        { deploymentId: run.deploymentId, kind: 'run', period: run.id, limit: perRun },
        { deploymentId: run.deploymentId, kind: 'day', period: dayOf(now()), limit: grant.perDay },
      ];
      const booked = await reservePayment(step, { token: grant.token, payee, amount, budgets });
      let transaction: string;
      try {
        const { token } = grant;
        const sent = await options.execute(
          {
            idempotencyKey: step.key,
            deploymentId: run.deploymentId,
            token,
            payee,
            amount,
            fence: BigInt(run.fence),
          },
          step.signal,
        );
        transaction = sent.transaction;
      } catch (error) {
        if (error instanceof AiosError && error.code === 'PAYMENT_REFUSED') {
          return step.commit(async (client) => {
            await client.query(`update agents.payments set status = 'released', error = $2 where key = $1`, [
              step.key,
              error.message,
            ]);
            await release(client, booked, amount);
            return { answer: refusal(error) };
          });
        }
        // Nobody knows whether it was sent: the reservation stays, and the next worker asks again with the same key.
        throw new AiosError('PAYMENT_OPEN', `Payment ${step.key} is open: ${messageOf(error)}`, {
          cause: error,
        });
      }
      return step.commit(async (client) => {
        const { rowCount } = await client.query(
          `update agents.payments set status = 'settled', transaction_hash = $2, settled_at = now() where key = $1 and status = 'reserved'`,
          [step.key, transaction],
        );
        if (rowCount) await settle(client, booked, amount);
        return { answer: { ok: { transaction, payee, amount: text } }, cost: amount };
      });
    },
  };
}

/** Books the intent with the step, once; a later worker finds it and takes it over. @returns the budgets it was booked in */
async function reservePayment(
  step: StepContext,
  payment: {
    readonly token: string;
    readonly payee: string;
    readonly amount: bigint;
    readonly budgets: readonly BudgetLimit[];
  },
): Promise<readonly BudgetKey[]> {
  let booked: readonly BudgetKey[] = [];
  await step.prepare(async (client) => {
    const { rows } = await client.query<PaymentRow>(
      'select * from agents.payments where key = $1 for update',
      [step.key],
    );
    const known = rows[0];
    if (known && known.status !== 'released') {
      booked = known.budgets;
      await client.query('update agents.payments set fence = $2 where key = $1', [step.key, step.run.fence]);
      return;
    }
    await reserve(client, payment.budgets, payment.amount);
    booked = payment.budgets.map(({ deploymentId, kind, period }) => ({ deploymentId, kind, period }));
    await client.query(
      `insert into agents.payments (key, run_id, step, fence, deployment_id, network, environment, token, payee, amount, status, budgets)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'reserved', $11)
       on conflict (key) do update set status = 'reserved', fence = excluded.fence, payee = excluded.payee, amount = excluded.amount,
          budgets = excluded.budgets, error = null, reserved_at = now()`,
      [
        step.key,
        step.run.id,
        step.step,
        step.run.fence,
        step.run.deploymentId,
        step.run.network,
        step.run.environment,
        payment.token,
        payment.payee,
        payment.amount.toString(),
        JSON.stringify(booked),
      ],
    );
  });
  return booked;
}
