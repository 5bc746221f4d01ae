// An account of the simulator: nobody there looks at signatures of transactions.
import { hash as digest } from 'node:crypto';
import type { TransactionSigner } from '../engine/reporter.ts';
import type { Address } from '../types/operation.ts';
import { addressOf, encodeTransaction, type UnsignedTransaction } from '../types/transaction.ts';

export class FakeAccount implements TransactionSigner {
  readonly publicKey: Uint8Array;
  readonly address: Address;
  #signed = 0;

  constructor(name: string) {
    this.publicKey = new Uint8Array(digest('sha256', name, 'buffer'));
    this.address = addressOf(this.publicKey);
  }

  /** Another signature each time, so that no two transactions are alike. */
  sign(transaction: Omit<UnsignedTransaction, 'publicKey'>): Uint8Array {
    const signature = new Uint8Array(digest('sha512', `${this.#signed++}`, 'buffer'));
    return encodeTransaction({ ...transaction, publicKey: this.publicKey, signature });
  }
}
