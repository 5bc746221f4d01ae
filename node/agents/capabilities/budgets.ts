// Budgets: an amount is reserved before anything is done and becomes spent when it was, or is given back. Checked and booked in one statement.
import { AiosError } from '#node/platform/errors.ts';
import type { Queryable } from '#node/platform/events/event-bus.ts';

export interface BudgetKey {
  readonly deploymentId: string;
  readonly kind: 'run' | 'day';
  /** Id of the run, or the day in UTC. */
  readonly period: string;
}

export interface BudgetLimit extends BudgetKey {
  readonly limit: bigint;
}

export const dayOf = (time: Date) => time.toISOString().slice(0, 10);

/** Reserves `amount` in every budget, or in none: the transaction ends with what is thrown. @throws AiosError BUDGET_EXCEEDED */
export async function reserve(
  client: Queryable,
  budgets: readonly BudgetLimit[],
  amount: bigint,
): Promise<void> {
  for (const { deploymentId, kind, period, limit } of budgets) {
    const { rowCount } =
      amount > limit
        ? { rowCount: 0 }
        : await client.query(
            `insert into agents.budgets as b (deployment_id, kind, period, reserved) values ($1, $2, $3, $4)
             on conflict (deployment_id, kind, period) do update set reserved = b.reserved + excluded.reserved, updated_at = now()
              where b.reserved + b.spent + excluded.reserved <= $5`,
            [deploymentId, kind, period, amount.toString(), limit.toString()],
          );
    if (rowCount === 0) {
      throw new AiosError(
        'BUDGET_EXCEEDED',
        `${amount} is more than is left of the budget of ${limit} for this ${kind} (${period}). Pay less, wait, or raise the limit in the manifest.`,
        { details: { kind, period, limit: limit.toString() } },
      );
    }
  }
}

/** What was reserved becomes spent. */
export async function settle(
  client: Queryable,
  budgets: readonly BudgetKey[],
  amount: bigint,
): Promise<void> {
  await book(client, budgets, amount, amount);
}

/** What was reserved is free again. */
export async function release(
  client: Queryable,
  budgets: readonly BudgetKey[],
  amount: bigint,
): Promise<void> {
  await book(client, budgets, amount, 0n);
}

async function book(
  client: Queryable,
  budgets: readonly BudgetKey[],
  reserved: bigint,
  spent: bigint,
): Promise<void> {
  for (const { deploymentId, kind, period } of budgets) {
    await client.query(
      `update agents.budgets set reserved = reserved - $4, spent = spent + $5, updated_at = now()
        where deployment_id = $1 and kind = $2 and period = $3`,
      [deploymentId, kind, period, reserved.toString(), spent.toString()],
    );
  }
}
