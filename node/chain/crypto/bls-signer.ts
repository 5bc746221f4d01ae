// A validator's secret key, which signs what the signing journal let through.
import { SecretKey } from '@chainsafe/blst';
import type { BlsSigner } from './bls.ts';
import { possessionRoot } from './possession.ts';

export const SECRET_BYTES = 32;

export class Bls12381Signer implements BlsSigner {
  readonly #key: SecretKey;
  readonly publicKey: Uint8Array;
  readonly proofOfPossession: Uint8Array;

  /**
   * @param secret 32 random bytes, from which the key is derived (KeyGen of draft-irtf-cfrg-bls-signature): any will do
   * @throws RangeError when there are more or fewer
   */
  constructor(secret: Uint8Array) {
    if (secret.length !== SECRET_BYTES)
      throw new RangeError(`a secret has ${SECRET_BYTES} bytes, this one ${secret.length}`);
    this.#key = SecretKey.fromKeygen(secret);
    this.publicKey = this.#key.toPublicKey().toBytes();
    this.proofOfPossession = this.sign(possessionRoot(this.publicKey));
  }

  sign(message: Uint8Array): Uint8Array {
    return this.#key.sign(message).toBytes();
  }
}
