// Checks the Ed25519 signatures of transactions, many at a time and off the main thread: the largest cost of the whole chain.

export interface TransactionSignatures {
  /**
   * Which of these encoded transactions carry the signature of the key that they name. They are decodable, which was checked before.
   * @returns one for each, in order
   */
  verify(transactions: readonly Uint8Array[]): Promise<readonly boolean[]>;
  close(): Promise<void>;
}
