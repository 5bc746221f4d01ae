// A sender's key: signs transactions, in wallets, benches and tests.
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { Address } from '../types/operation.ts';
import {
  addressOf,
  encodeTransaction,
  SIGNATURE_BYTES,
  signedBytes,
  type UnsignedTransaction,
} from '../types/transaction.ts';
import { SECRET_BYTES } from './bls-signer.ts';

/** PKCS #8 before the 32 bytes of an Ed25519 key (RFC 8410). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

export class Ed25519Signer {
  readonly #key: KeyObject;
  readonly publicKey: Uint8Array;
  readonly address: Address;

  /** @param secret 32 random bytes (the seed of RFC 8032) @throws RangeError when there are more or fewer */
  constructor(secret: Uint8Array) {
    if (secret.length !== SECRET_BYTES)
      throw new RangeError(`a secret has ${SECRET_BYTES} bytes, this one ${secret.length}`);
    this.#key = createPrivateKey({ key: Buffer.concat([pkcs8, secret]), format: 'der', type: 'pkcs8' });
    const { x = '' } = createPublicKey(this.#key).export({ format: 'jwk' });
    this.publicKey = Uint8Array.from(Buffer.from(x, 'base64url'));
    this.address = addressOf(this.publicKey);
  }

  /** The encoded transaction. @throws Malformed when nobody would read it */
  sign(transaction: Omit<UnsignedTransaction, 'publicKey'>): Uint8Array {
    const unsigned = { ...transaction, publicKey: this.publicKey };
    return encodeTransaction({ ...unsigned, signature: this.signBytes(signedBytes(unsigned)) });
  }

  /** @returns 64 bytes */
  signBytes(message: Uint8Array): Uint8Array {
    const signature = sign(null, message, this.#key);
    return new Uint8Array(signature.buffer, signature.byteOffset, SIGNATURE_BYTES).slice();
  }
}
