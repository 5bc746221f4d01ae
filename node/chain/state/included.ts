// Which transactions are part of the chain.
import { TransactionStatus } from './chain-block.ts';

/** Whether a transaction with this status was executed or failed; skipped ones are no part of the chain. */
export const isIncluded = (status: number): boolean =>
  status === TransactionStatus.executed || status >= TransactionStatus.failed;
