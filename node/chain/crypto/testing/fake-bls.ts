// Signatures for the simulator: a microsecond instead of a millisecond, of the right lengths, the same in every run. They prove nothing: whoever
// knows a public key can sign.
import { hash as digest } from 'node:crypto';
import type { Bls, BlsSigner } from '../bls.ts';
import { possessionRoot } from '../possession.ts';

const KEY_BYTES = 48;
const SIGNATURE_BYTES = 96;
const utf8 = new TextEncoder();

export class FakeBls implements Bls {
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    return isKey(publicKey) && same(signatureOf(publicKey, message), signature);
  }

  verifyAggregate(publicKeys: readonly Uint8Array[], message: Uint8Array, signature: Uint8Array): boolean {
    if (publicKeys.length === 0 || !publicKeys.every(isKey)) return false;
    return same(sum(publicKeys.map((key) => signatureOf(key, message))), signature);
  }

  aggregate(signatures: readonly Uint8Array[]): Uint8Array {
    if (signatures.length === 0) throw new RangeError('there are no signatures to aggregate');
    for (const [nth, { length }] of signatures.entries())
      if (length !== SIGNATURE_BYTES)
        throw new RangeError(`number ${nth} of ${signatures.length} is no BLS signature`);
    return sum(signatures);
  }

  verifyPossession(publicKey: Uint8Array, proof: Uint8Array): boolean {
    return this.verify(publicKey, possessionRoot(publicKey), proof);
  }
}

export class FakeBlsSigner implements BlsSigner {
  readonly publicKey: Uint8Array;
  readonly proofOfPossession: Uint8Array;

  /** @param secret of any length, or a name */
  constructor(secret: Uint8Array | string) {
    const hash = digest('sha256', typeof secret === 'string' ? utf8.encode(secret) : secret, 'buffer');
    this.publicKey = new Uint8Array(KEY_BYTES);
    this.publicKey.set(hash);
    this.publicKey.set(marker, 32);
    this.proofOfPossession = this.sign(possessionRoot(this.publicKey));
  }

  sign(message: Uint8Array): Uint8Array {
    return signatureOf(this.publicKey, message);
  }
}

/** So that bytes which are no key are none here either. */
const marker = utf8.encode('fake for testing');

const isKey = (key: Uint8Array) => key.length === KEY_BYTES && same(key.subarray(32), marker);

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

function signatureOf(publicKey: Uint8Array, message: Uint8Array): Uint8Array {
  const hash = digest('sha256', Buffer.concat([publicKey, message]), 'buffer');
  const signature = new Uint8Array(SIGNATURE_BYTES);
  for (let at = 0; at < SIGNATURE_BYTES; at += hash.length) signature.set(hash, at);
  return signature;
}

/** Sums of 32-bit words, which as BLS's do not depend on the order, and count who stands twice twice. */
function sum(signatures: readonly Uint8Array[]): Uint8Array {
  const total = new Uint8Array(SIGNATURE_BYTES);
  const into = new DataView(total.buffer);
  for (const signature of signatures) {
    const from = new DataView(signature.buffer, signature.byteOffset, SIGNATURE_BYTES);
    for (let at = 0; at < SIGNATURE_BYTES; at += 4)
      into.setUint32(at, into.getUint32(at) + from.getUint32(at));
  }
  return total;
}
