// BLS12-381 as the chain uses it: votes of many over one message, added up to one signature. Keys are 48 bytes, signatures 96.

/** Signatures of validators. The simulator has another implementation, which is fast and proves nothing. */
export interface Bls {
  /** Never throws: what is no key or no signature proves nothing. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** Whether all have signed the message. Safe only with keys whose possession was proved. */
  verifyAggregate(publicKeys: readonly Uint8Array[], message: Uint8Array, signature: Uint8Array): boolean;
  /** @throws RangeError when one of them is no signature, or there are none */
  aggregate(signatures: readonly Uint8Array[]): Uint8Array;
  /** Whether who gave this key has its secret. */
  verifyPossession(publicKey: Uint8Array, proof: Uint8Array): boolean;
}

/** A validator's secret key. */
export interface BlsSigner {
  readonly publicKey: Uint8Array;
  readonly proofOfPossession: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}
