// Transactions to fill a mempool with. Their signatures are empty: who fills it has checked them.
import { hash as digest } from 'node:crypto';
import { encodeTransaction, type Transaction, transactionIdOf } from '../../types/transaction.ts';
import type { Candidate } from '../pooled-transaction.ts';

export const CHAIN_ID = 7;

export const addressOfNumber = (number: number): Uint8Array =>
  new Uint8Array(digest('sha256', `sender ${number}`, 'buffer')).slice(12);

export interface CandidateOptions {
  readonly sender: number;
  readonly nonce: number;
  readonly fee: bigint;
  readonly operations?: number;
  readonly local?: boolean;
  readonly chainId?: number;
}

export function candidateOf({
  sender,
  nonce,
  fee,
  operations = 1,
  local = false,
  chainId = CHAIN_ID,
}: CandidateOptions): Candidate {
  const to = new Uint8Array(20).fill(9);
  const transaction: Transaction = {
    chainId,
    publicKey: new Uint8Array(32).fill(sender),
    nonce: BigInt(nonce),
    fee,
    operations: Array.from({ length: operations }, () => ({ kind: 'transfer', to, amount: 1n })),
    signature: new Uint8Array(64),
  };
  const encoded = encodeTransaction(transaction);
  return {
    // The key says too little of who it is from 256 senders on.
    id: new Uint8Array(
      digest('sha256', Buffer.concat([Buffer.from(`${sender} `), transactionIdOf(encoded)]), 'buffer'),
    ),
    sender: addressOfNumber(sender),
    transaction,
    encoded,
    local,
  };
}
