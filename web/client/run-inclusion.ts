// Whether a run's digest is in an anchored batch, computed in the browser from the digest alone: nobody need be believed but the chain.
// The tree is RunAnchor's: leaves keccak256(0x00 ‖ digest), inner nodes keccak256(0x01 ‖ left ‖ right).
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';

export interface Inclusion {
  readonly root: string;
  readonly index: number;
  /** Siblings from the leaf to the root. */
  readonly proof: readonly string[];
}

const bytesOf = (hex: string): Uint8Array => hexToBytes(hex.replace(/^0x/, ''));

/** False also for what is no hex or has no such place. */
export function isIncluded(digest: string, { root, index, proof }: Inclusion): boolean {
  try {
    let node = keccak_256(concatBytes(Uint8Array.of(0), bytesOf(digest)));
    for (const [depth, sibling] of proof.entries()) {
      const other = bytesOf(sibling);
      const right = (Math.floor(index / 2 ** depth) & 1) === 1;
      node = keccak_256(concatBytes(Uint8Array.of(1), ...(right ? [other, node] : [node, other])));
    }
    return index < 2 ** proof.length && bytesToHex(node) === bytesToHex(bytesOf(root));
  } catch {
    return false;
  }
}
