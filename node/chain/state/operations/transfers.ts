// Payments from the sender's account to others. Their events follow from the transaction and are not recorded.
import type { Transfer } from '../../types/operation.ts';
import type { BlockContext } from '../block-context.ts';
import { ExecutionFailure, type Outcome } from '../execution-failure.ts';

export function transfer(
  { state: { accounts }, senderSlot }: BlockContext,
  { to, amount }: Transfer,
): Outcome {
  const balance = accounts.balance(senderSlot);
  if (balance < amount) return ExecutionFailure.insufficientBalance;
  accounts.setBalance(senderSlot, balance - amount);
  // Looked up after the payment, which may be to oneself.
  const slot = accounts.open(to);
  accounts.setBalance(slot, accounts.balance(slot) + amount);
  return undefined;
}

export function multiTransfer(context: BlockContext, transfers: readonly Transfer[]): Outcome {
  for (const each of transfers) {
    const failure = transfer(context, each);
    if (failure !== undefined) return failure;
  }
  return undefined;
}
