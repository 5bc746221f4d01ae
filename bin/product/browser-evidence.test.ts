// The browser checks by itself that a run is in an anchored batch, and binds proofs to runs: it must say what the platform says.
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RunTree } from '#contracts/run-tree.ts';
import { runContext } from '#node/agents/capabilities/prove.ts';
import { isIncluded } from '../../web/client/run-inclusion.ts';
import { runContext as browserContext } from '../../web/prover/credit-proof.ts';

const digests = (count: number) =>
  Array.from({ length: count }, () => `0x${randomBytes(32).toString('hex')}`);

describe('inclusion as the browser checks it', () => {
  it.each([1, 2, 3, 7, 8, 33])(
    'holds for each of %i digests, and for no other place, digest or root',
    (count) => {
      const batch = digests(count);
      const tree = new RunTree(batch);
      for (const [at, digest] of batch.entries()) {
        const { index, path: proof } = tree.proofOf(at);
        const place = { root: tree.root, index, proof };
        expect(isIncluded(digest, place)).toBe(true);
        expect(isIncluded(batch[(at + 1) % count] as string, place)).toBe(count === 1);
        expect(isIncluded(digest, { ...place, index: index + 1 })).toBe(false);
        expect(isIncluded(digest, { ...place, root: digest })).toBe(false);
        if (proof.length > 0) expect(isIncluded(digest, { ...place, proof: proof.slice(1) })).toBe(false);
      }
    },
  );

  it('is false for what is no digest', () => {
    expect(isIncluded('0xzz', { root: '0x00', index: 0, proof: [] })).toBe(false);
  });
});

it('binds a proof to a run as the platform does', () => {
  for (const seed of digests(20)) {
    expect(browserContext(seed)).toBe(runContext(seed));
    expect(browserContext(seed.slice(2))).toBe(runContext(seed.slice(2)));
  }
});
