// BLS against another implementation, its edges, and the simulator's stand-in for it.
import { PublicKey, Signature } from '@chainsafe/blst';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { describe, expect, it } from 'vitest';
import { blsContract } from './bls.contract.ts';
import { Bls12381Signer } from './bls-signer.ts';
import { Bls12381 } from './bls12-381.ts';
import { FakeBls, FakeBlsSigner } from './testing/fake-bls.ts';

describe('by blst', () => {
  const bls = new Bls12381();
  blsContract(bls, (secret) => new Bls12381Signer(secret));

  it('agrees with noble on the suite for proved possession', () => {
    const { longSignatures, G1 } = bls12_381;
    const dst = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_';
    const signer = new Bls12381Signer(new Uint8Array(32).fill(9));
    const message = new Uint8Array(32).fill(3);
    const point = longSignatures.hash(message, dst);
    const signature = longSignatures.Signature.fromBytes(signer.sign(message));
    expect(longSignatures.verify(signature, point, G1.Point.fromBytes(signer.publicKey))).toBe(true);
    const secret = bls12_381.utils.randomSecretKey();
    expect(
      bls.verify(
        longSignatures.getPublicKey(secret).toBytes(),
        message,
        longSignatures.sign(point, secret).toBytes(),
      ),
    ).toBe(true);
  });

  it('refuses keys and signatures at infinity, outside their group, or uncompressed', () => {
    const signer = new Bls12381Signer(new Uint8Array(32).fill(1));
    const message = new Uint8Array(32).fill(7);
    const signature = signer.sign(message);
    const infinity = (length: number) => Uint8Array.from({ length }, (_, at) => (at === 0 ? 0xc0 : 0));
    // The identity key would verify the identity signature of every message.
    expect(bls.verify(infinity(48), message, infinity(96))).toBe(false);
    expect(() => bls.aggregate([signature, infinity(96)])).toThrow(RangeError);
    const { G1, G2 } = bls12_381;
    const uncompressed = G1.Point.fromBytes(signer.publicKey).toBytes(false);
    expect(bls.verify(uncompressed, message, signature)).toBe(false);
    expect(bls.verify(signer.publicKey, message, G2.Point.fromBytes(signature).toBytes(false))).toBe(false);
    // Nearly all points of the curves are in the cofactor's part of them.
    const begins = (length: number, x: number) =>
      Uint8Array.from({ length }, (_, at) => (at === 0 ? 0x80 : at === length - 1 ? x : 0));
    let onCurve = 0;
    for (let x = 0; x < 40; x++) {
      const [key, point] = [begins(48, x), begins(96, x)];
      if (isOnCurve(() => PublicKey.fromBytes(key, false))) onCurve += 1;
      if (isOnCurve(() => Signature.fromBytes(point, false))) onCurve += 1;
      expect(bls.verify(key, message, signature)).toBe(false);
      expect(bls.verify(signer.publicKey, message, point)).toBe(false);
      expect(() => bls.aggregate([signature, point])).toThrow(/no BLS signature/);
    }
    expect(onCurve).toBeGreaterThan(20);
  });

  it('remembers so many keys and no more, and no bad ones', () => {
    const small = new Bls12381({ mostKeys: 3 });
    const message = new Uint8Array(32);
    const signers = Array.from(
      { length: 6 },
      (_, nth) => new Bls12381Signer(new Uint8Array(32).fill(nth + 1)),
    );
    for (let again = 0; again < 2; again++)
      for (const signer of signers)
        expect(small.verify(signer.publicKey, message, signer.sign(message))).toBe(true);
    small.verify(new Uint8Array(48).fill(0xff), message, new Uint8Array(96));
    expect(small.rememberedKeys).toBe(3);
  });

  it('takes 32 bytes of secret', () => {
    expect(() => new Bls12381Signer(new Uint8Array(31))).toThrow(RangeError);
    // Above the group's order too.
    expect(new Bls12381Signer(new Uint8Array(32).fill(0xff)).publicKey.length).toBe(48);
  });
});

describe("the simulator's", () => {
  blsContract(new FakeBls(), (secret) => new FakeBlsSigner(secret));
});

function isOnCurve(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
