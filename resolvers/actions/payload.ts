// From the outcome of an action to its payload: the entity appears when it can be read, by reference only.
import type { AiosError } from '#node/platform/errors.ts';
import type { OperationContext } from '#node/platform/operation.ts';
import type { ActionOutcome, ActionTransaction, Receipt } from './action-runner.ts';

export interface ActionPayload {
  readonly transaction: ActionTransaction | null;
  readonly error: AiosError | null;
  /** Id of the indexed entity that came of it; null until it is indexed. */
  readonly entityId: string | null;
}

/** `entityOf` finds the id in the receipt. The rest of the operation then reads at the newest block, which has it. */
export function toPayload(
  context: OperationContext,
  outcome: ActionOutcome,
  entityOf: (receipt: Receipt) => string,
): ActionPayload {
  const indexed = outcome.transaction.status === 'INDEXED' && outcome.receipt !== null;
  if (indexed) context.readPoint.renew();
  return {
    transaction: outcome.transaction,
    error: outcome.error,
    entityId: indexed && outcome.receipt ? entityOf(outcome.receipt) : null,
  };
}
