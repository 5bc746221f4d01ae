// Both libraries decide alike, on what honest senders sign and on everything that is known to divide libraries.

import { createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Ed25519Signer } from './ed25519-signer.ts';
import { nodeVerify, sodiumVerify } from './ed25519-verify.ts';
import { ed25519Edges } from './testing/ed25519-edges.ts';

const sodium = await sodiumVerify();

it('decides alike on the inputs that divide libraries', () => {
  const edges = ed25519Edges();
  const accepted: string[] = [];
  let dividing = 0;
  for (const { name, signature, message, publicKey } of edges) {
    const bySodium = sodium(signature, message, publicKey);
    expect(nodeVerify(signature, message, publicKey), name).toBe(bySodium);
    if (bySodium) accepted.push(name);
    const x = Buffer.from(publicKey).toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    if (verify(null, message, key, signature) !== bySodium) dividing += 1;
  }
  // OpenSSL alone would decide otherwise, so that the cases are no idle ones.
  expect(dividing).toBeGreaterThan(50);
  expect(accepted).toContain('honest');
  expect(accepted.some((name) => name.startsWith('key + T1'))).toBe(true);
  expect(accepted.filter((name) => /^(S \+|key T|R T|key y|R y)/.test(name))).toEqual([]);
});

it('decides alike on signatures, keys and messages of which a bit was changed', () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  const secret = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(secret, bytes, fc.nat(), fc.constantFrom(0, 1, 2, 99), (seed, message, bit, where) => {
      const signer = new Ed25519Signer(seed);
      const parts: [Uint8Array, Uint8Array, Uint8Array] = [
        signer.signBytes(message),
        message.slice(),
        signer.publicKey.slice(),
      ];
      const changed = parts.at(where);
      if (changed && changed.length > 0) {
        const at = Math.floor(bit / 8) % changed.length;
        changed[at] = (changed[at] as number) ^ (1 << (bit % 8));
      }
      const good = sodium(...parts);
      expect(good).toBe(changed === undefined || changed.length === 0);
      expect(nodeVerify(...parts)).toBe(good);
    }),
    { numRuns: 300 },
  );
});
