// What proves that whoever names a BLS key has its secret: without that, somebody could name a key made of other validators' keys and sign for all.
import { hash as digest } from 'node:crypto';

const domain = new TextEncoder().encode('aios/possession/1\0');

/**
 * What a proof of possession signs. No chain is part of it, since the genesis file, from which a chain's id follows, holds such proofs. Votes and
 * headers are signed under other domains, so that none of their signatures is a proof.
 */
export const possessionRoot = (publicKey: Uint8Array): Uint8Array =>
  new Uint8Array(digest('sha256', Buffer.concat([domain, publicKey]), 'buffer'));
