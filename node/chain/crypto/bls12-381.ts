// BLS12-381 by blst, as Ethereum's validators use it: keys in G1, signatures in G2, hashed to the curve with the suite for proved possession.
import {
  aggregateSignatures,
  fastAggregateVerify,
  PUBLIC_KEY_LENGTH_COMPRESSED,
  PublicKey,
  SIGNATURE_LENGTH_COMPRESSED,
  Signature,
  verify,
} from '@chainsafe/blst';
import { hexOf } from '../types/identifiers.ts';
import { MAX_VALIDATORS } from '../types/limits.ts';
import type { Bls } from './bls.ts';
import { possessionRoot } from './possession.ts';

/** Keys of all who may vote, of those who come and go, and room to spare: 144 bytes of curve point each. */
const mostKeys = 4 * MAX_VALIDATORS;

export interface Bls12381Options {
  /** How many checked keys are remembered. */
  readonly mostKeys?: number;
}

export class Bls12381 implements Bls {
  /** Keys that were decompressed and found in their group, which costs as much as a tenth of a signature; least recently used first. */
  readonly #keys = new Map<string, PublicKey>();
  readonly #mostKeys: number;

  constructor(options: Bls12381Options = {}) {
    this.#mostKeys = options.mostKeys ?? mostKeys;
  }

  get rememberedKeys(): number {
    return this.#keys.size;
  }

  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    const key = this.#key(publicKey);
    const point = key && pointOf(signature);
    return point !== undefined && verify(message, key as PublicKey, point);
  }

  verifyAggregate(publicKeys: readonly Uint8Array[], message: Uint8Array, signature: Uint8Array): boolean {
    const keys: PublicKey[] = [];
    for (const publicKey of publicKeys) {
      const key = this.#key(publicKey);
      if (!key) return false;
      keys.push(key);
    }
    const point = keys.length === 0 ? undefined : pointOf(signature);
    return point !== undefined && fastAggregateVerify(message, keys, point);
  }

  aggregate(signatures: readonly Uint8Array[]): Uint8Array {
    if (signatures.length === 0) throw new RangeError('there are no signatures to aggregate');
    const points = signatures.map((signature, nth) => {
      const point = pointOf(signature);
      if (!point) throw new RangeError(`number ${nth} of ${signatures.length} is no BLS signature`);
      return point;
    });
    return aggregateSignatures(points).toBytes();
  }

  verifyPossession(publicKey: Uint8Array, proof: Uint8Array): boolean {
    return this.verify(publicKey, possessionRoot(publicKey), proof);
  }

  #key(publicKey: Uint8Array): PublicKey | undefined {
    // blst would read the uncompressed form as well; a key has one name alone.
    if (publicKey.length !== PUBLIC_KEY_LENGTH_COMPRESSED) return undefined;
    const name = hexOf(publicKey);
    let key = this.#keys.get(name);
    if (key) this.#keys.delete(name);
    else {
      try {
        key = PublicKey.fromBytes(publicKey, true);
      } catch {
        return undefined;
      }
      if (this.#keys.size >= this.#mostKeys) {
        const [oldest] = this.#keys.keys();
        if (oldest !== undefined) this.#keys.delete(oldest);
      }
    }
    this.#keys.set(name, key);
    return key;
  }
}

/** Undefined for what is no point of the group, and for the point at infinity, which would be a signature by nobody. */
function pointOf(signature: Uint8Array): Signature | undefined {
  if (signature.length !== SIGNATURE_LENGTH_COMPRESSED) return undefined;
  try {
    return Signature.fromBytes(signature, true, true);
  } catch {
    return undefined;
  }
}
