// The Merkle tree whose root RunAnchor keeps: how a batch of run digests becomes one root, and how one of them is shown to be in it.
import { concat, isHexString, keccak256, ZeroHash } from 'ethers';
import { AiosError } from '#node/platform/errors.ts';

/** Most digests in a batch, as the contract has it. */
export const maxBatch = 1 << 20;

/** What proves to `RunAnchor.verify` that a digest is at `index`. */
export interface InclusionProof {
  readonly index: number;
  /** Siblings from the leaf to the root, 32 bytes each, hex. */
  readonly path: readonly string[];
}

/** Leaves keccak256(0x00 ‖ digest), padded with zero hashes to a power of two; inner nodes keccak256(0x01 ‖ left ‖ right). */
export class RunTree {
  readonly #levels: readonly (readonly string[])[];
  readonly count: number;

  /**
   * @param digests 32 bytes each, 0x-prefixed hex, in the order in which they are anchored
   * @throws AiosError RUN_BATCH_INVALID
   */
  constructor(digests: readonly string[]) {
    if (digests.length === 0 || digests.length > maxBatch) {
      throw new AiosError(
        'RUN_BATCH_INVALID',
        `A batch has 1 to ${maxBatch} digests, not ${digests.length}: split it.`,
      );
    }
    for (const digest of digests) {
      if (!isHexString(digest, 32)) {
        throw new AiosError('RUN_BATCH_INVALID', `"${digest}" is not a digest: 32 bytes in hex with 0x.`);
      }
    }
    this.count = digests.length;
    let level = digests.map((digest) => keccak256(concat(['0x00', digest])));
    while ((level.length & (level.length - 1)) !== 0) level.push(ZeroHash);
    const levels = [level];
    while (level.length > 1) {
      const above: string[] = [];
      for (let index = 0; index < level.length; index += 2) {
        above.push(keccak256(concat(['0x01', level[index] as string, level[index + 1] as string])));
      }
      level = above;
      levels.push(level);
    }
    this.#levels = levels;
  }

  get root(): string {
    return this.#levels[this.#levels.length - 1]?.[0] as string;
  }

  /** @throws AiosError RUN_BATCH_INVALID for an index outside the batch */
  proofOf(index: number): InclusionProof {
    if (!Number.isInteger(index) || index < 0 || index >= this.count) {
      throw new AiosError('RUN_BATCH_INVALID', `There is no digest ${index} in a batch of ${this.count}.`);
    }
    const path = this.#levels.slice(0, -1).map((level, depth) => level[(index >> depth) ^ 1] as string);
    return { index, path };
  }
}
