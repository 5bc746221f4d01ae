// SHA-256 of many pairs of hashes at once, which is what the state's root costs.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

/** Hashes pairs of 32 bytes, 64 bytes each in a row, into as many hashes. */
export type PairHasher = (pairs: Uint8Array, into: Uint8Array) => void;

/** SHA-256, one pair after the other. */
export const sha256Pairs: PairHasher = (pairs, into) => {
  for (let pair = 0; pair * 64 < pairs.length; pair++)
    into.set(
      createHash('sha256')
        .update(pairs.subarray(pair * 64, pair * 64 + 64))
        .digest(),
      pair * 32,
    );
};

/** With the vector instructions of @chainsafe/hashtree, twenty times as fast; one by one on platforms that it has no binary for. */
export function fastPairHasher(): PairHasher {
  try {
    const { hashInto } = createRequire(import.meta.url)('@chainsafe/hashtree') as { hashInto: PairHasher };
    return (pairs, into) => {
      if (pairs.length > 0) hashInto(pairs, into);
    };
  } catch {
    return sha256Pairs;
  }
}
