// Signatures on which libraries for Ed25519 disagree, made from their definitions: keys and points with parts of small order, encodings that are
// not a point's own, and numbers beyond the group's order. The cases of "Taming the many EdDSAs" (Chalkias et al., 2020) and their neighbours.
import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';

const { Point } = ed25519;
type Point = typeof Point.BASE;
const order = Point.Fn.ORDER;
const prime = Point.Fp.ORDER;

export interface Ed25519Case {
  readonly name: string;
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
  readonly publicKey: Uint8Array;
}

const littleEndian = (value: bigint): Uint8Array =>
  Uint8Array.from(Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse());

const challenge = (...parts: Uint8Array[]): bigint =>
  BigInt(
    `0x${Buffer.from(createHash('sha512').update(Buffer.concat(parts)).digest())
      .reverse()
      .toString('hex')}`,
  );

/** All eight points whose order divides eight. */
function smallPoints(): Point[] {
  const eighth = Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
  return Array.from({ length: 8 }, (_, nth) => (nth === 0 ? Point.ZERO : eighth.multiplyUnsafe(BigInt(nth))));
}

/** Every encoding of a y that has two (below 2²⁵⁵ − prime), or whose x is 0 (which has no sign), with both signs. */
function oddEncodings(): { readonly name: string; readonly bytes: Uint8Array }[] {
  const ys = [
    ...Array.from({ length: 19 }, (_, nth) => [BigInt(nth), prime + BigInt(nth)]),
    [prime - 1n],
  ].flat();
  return ys.flatMap((y) =>
    [0n, 1n].map((sign) => ({
      name: `y = ${y >= prime ? `p + ${y - prime}` : y > 2n ** 200n ? `p - ${prime - y}` : y}, sign ${sign}`,
      bytes: littleEndian(y | (sign << 255n)),
    })),
  );
}

export function ed25519Edges(): Ed25519Case[] {
  const cases: Ed25519Case[] = [];
  const [secret, nonce] = [123_456_789_123_456_789n, 987_654_321n];
  const [key, commitment] = [Point.BASE.multiply(secret), Point.BASE.multiply(nonce)];
  /** Signs as if the key were `secret` times the base, whatever its bytes are. */
  const add = (
    name: string,
    parts: {
      readonly key?: Uint8Array;
      readonly secret?: bigint;
      readonly r?: Uint8Array;
      readonly nonce?: bigint;
      readonly beyond?: bigint;
      readonly message?: string;
    },
  ) => {
    const publicKey = parts.key ?? key.toBytes();
    const r = parts.r ?? commitment.toBytes();
    const message = new TextEncoder().encode(parts.message ?? name);
    const k = challenge(r, publicKey, message);
    const s = ((parts.nonce ?? nonce) + k * (parts.secret ?? secret)) % order;
    const signature = new Uint8Array([...r, ...littleEndian(s + (parts.beyond ?? 0n))]);
    cases.push({ name, signature, message, publicKey });
  };
  add('honest', {});
  for (let times = 1n; times * order + order < 2n ** 256n; times++)
    add(`S + ${times} L`, { beyond: times * order });
  const points = smallPoints();
  // Whether the parts of small order cancel depends on the challenge modulo 8: several messages, so that all cases come up.
  for (const [a, inKey] of points.entries())
    for (const [b, inR] of points.entries())
      for (let nth = 0; nth < 8; nth++)
        add(`key + T${a}, R + T${b}, message ${nth}`, {
          key: key.add(inKey).toBytes(),
          r: commitment.add(inR).toBytes(),
          message: `message ${nth}`,
        });
  for (const [a, small] of points.entries())
    for (let nth = 0; nth < 8; nth++) {
      const message = `message ${nth}`;
      add(`key T${a}, message ${nth}`, { key: small.toBytes(), secret: 0n, message });
      add(`R T${a}, message ${nth}`, { r: small.toBytes(), nonce: 0n, message });
      add(`key T${a}, R T${nth}`, { key: small.toBytes(), secret: 0n, r: points[nth]?.toBytes(), nonce: 0n });
    }
  for (const { name, bytes } of oddEncodings()) {
    for (let nth = 0; nth < 8; nth++) {
      add(`key ${name}, message ${nth}`, { key: bytes, secret: 0n, message: `message ${nth}` });
      add(`R ${name}, message ${nth}`, { r: bytes, nonce: 0n, message: `message ${nth}` });
    }
    for (const { name: other, bytes: r } of oddEncodings())
      add(`key ${name}, R ${other}`, { key: bytes, secret: 0n, r, nonce: 0n });
  }
  return cases;
}
