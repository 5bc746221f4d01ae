// One rule for Ed25519 signatures, whichever library checks them: consensus must not depend on what a machine has installed. The rule is
// libsodium's (1.0.21): RFC 8032 without the cofactor, S below the group's order, and neither the key nor R of small order or, for the key, in
// another encoding than its own. OpenSSL checks the same equation, but lets such keys and such R pass, so they are refused before it is asked.
import { createPublicKey, verify } from 'node:crypto';

export type Ed25519Verify = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) => boolean;

/** "Taming the many EdDSAs" (Chalkias et al., 2020) is about this. @throws when sodium-native has no binary for this machine */
export async function sodiumVerify(): Promise<Ed25519Verify> {
  const { default: sodium } = (await import('sodium-native')) as unknown as {
    default: typeof import('sodium-native');
  };
  return sodium.crypto_sign_verify_detached;
}

const p = 2n ** 255n - 19n;
/** One of the two y of points of order 8; the other is its negative. */
const y8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
/** The y of all points whose order divides 8; each stands for two points or one, by the sign bit. */
const smallOrders: readonly bigint[] = [0n, 1n, p - 1n, y8, p - y8];

/** By node:crypto, a third as fast. */
export const nodeVerify: Ed25519Verify = (signature, message, publicKey) => {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  const keyY = yOf(publicKey);
  if (keyY >= p || isSmall(keyY) || isSmall(yOf(signature.subarray(0, 32)) % p)) return false;
  try {
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') },
      format: 'jwk',
    });
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
};

const isSmall = (y: bigint) => smallOrders.includes(y);

function yOf(point: Uint8Array): bigint {
  let y = 0n;
  for (let at = 31; at >= 0; at--) y = (y << 8n) | BigInt((point[at] as number) & (at === 31 ? 0x7f : 0xff));
  return y;
}
