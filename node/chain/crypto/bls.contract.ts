// What both implementations of `Bls` promise: the real one, and the simulator's.
import { expect, it } from 'vitest';
import type { Bls, BlsSigner } from './bls.ts';

export function blsContract(bls: Bls, signerOf: (secret: Uint8Array) => BlsSigner): void {
  const signers = Array.from({ length: 5 }, (_, nth) => signerOf(new Uint8Array(32).fill(nth + 1)));
  const [one, two] = signers as [BlsSigner, BlsSigner, ...BlsSigner[]];
  const message = new Uint8Array(32).fill(7);
  const other = new Uint8Array(32).fill(8);

  it('verifies what the key signed, and nothing else', () => {
    const signature = one.sign(message);
    expect([one.publicKey.length, signature.length, one.proofOfPossession.length]).toEqual([48, 96, 96]);
    expect(bls.verify(one.publicKey, message, signature)).toBe(true);
    expect(bls.verify(one.publicKey, other, signature)).toBe(false);
    expect(bls.verify(two.publicKey, message, signature)).toBe(false);
    expect(signerOf(new Uint8Array(32).fill(1)).sign(message)).toEqual(signature);
  });

  it('verifies many that signed one message, in any order, and not when one is missing or too many', () => {
    const keys = signers.map(({ publicKey }) => publicKey);
    const signatures = signers.map((signer) => signer.sign(message));
    const all = bls.aggregate(signatures);
    expect(bls.verifyAggregate(keys, message, all)).toBe(true);
    expect(bls.verifyAggregate([...keys].reverse(), message, bls.aggregate([...signatures].reverse()))).toBe(
      true,
    );
    expect(bls.verifyAggregate(keys.slice(1), message, all)).toBe(false);
    expect(bls.verifyAggregate([...keys, one.publicKey], message, all)).toBe(false);
    expect(bls.verifyAggregate(keys, other, all)).toBe(false);
    expect(bls.verifyAggregate(keys, message, bls.aggregate(signatures.slice(1)))).toBe(false);
    expect(bls.verifyAggregate([], message, all)).toBe(false);
    // What was added up can be added up further, as certificates are when votes come late.
    const further = bls.aggregate([bls.aggregate(signatures.slice(0, 2)), ...signatures.slice(2)]);
    expect(further).toEqual(all);
  });

  it('has a proof of possession that is good for its key alone, and is no vote', () => {
    expect(bls.verifyPossession(one.publicKey, one.proofOfPossession)).toBe(true);
    expect(bls.verifyPossession(two.publicKey, one.proofOfPossession)).toBe(false);
    expect(bls.verifyPossession(one.publicKey, one.sign(one.publicKey))).toBe(false);
    expect(bls.verifyPossession(one.publicKey, one.sign(message))).toBe(false);
  });

  it('proves nothing by what is no key or no signature, without throwing', () => {
    const signature = one.sign(message);
    const junk = [0, 1, 47, 48, 49, 95, 96, 97, 192].flatMap((length) =>
      [0, 0xc0, 0xff].map((first) => {
        const bytes = new Uint8Array(length);
        if (length > 0) bytes[0] = first;
        return bytes;
      }),
    );
    for (const bytes of junk) {
      expect(bls.verify(bytes, message, signature)).toBe(false);
      expect(bls.verify(one.publicKey, message, bytes)).toBe(false);
      expect(bls.verifyAggregate([one.publicKey, bytes], message, signature)).toBe(false);
      expect(bls.verifyAggregate([one.publicKey], message, bytes)).toBe(false);
      expect(bls.verifyPossession(bytes, one.proofOfPossession)).toBe(false);
    }
    for (const bytes of junk.filter(({ length }) => length !== 96))
      expect(() => bls.aggregate([signature, bytes])).toThrow(RangeError);
    expect(() => bls.aggregate([])).toThrow(RangeError);
  });
}
