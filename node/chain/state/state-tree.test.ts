// The tree against its definition, over random histories; and proofs that say nothing but the truth.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { seeded } from '../dag/testing/random-dag.ts';
import { type StateChange, StateTree, verifyStateProof } from './state-tree.ts';

const sha = (...parts: Uint8Array[]) =>
  Uint8Array.from(createHash('sha256').update(Buffer.concat(parts)).digest());
const keyOf = (nth: number) => sha(Buffer.from(`account ${nth}`));
const someValue = (nth: number) => sha(Buffer.from(`value ${nth}`));

/** The definition: nothing, one account's leaf, or the hash of both halves. */
function rootOf(accounts: readonly (readonly [Uint8Array, Uint8Array])[], depth = 0): Uint8Array {
  const [first] = accounts;
  if (first === undefined) return new Uint8Array(32);
  if (accounts.length === 1) return sha(first[0], first[1]);
  const bit = (key: Uint8Array) => ((key[depth >>> 3] as number) >>> (7 - (depth % 8))) & 1;
  const half = (side: number) =>
    rootOf(
      accounts.filter(([key]) => bit(key) === side),
      depth + 1,
    );
  return sha(half(0), half(1));
}

/** Keys that share many bits, so that branches run deep. */
const closeKey = (nth: number) => {
  const key = Buffer.alloc(32);
  key[31] = nth;
  return key;
};

describe('the state tree', () => {
  it.each([
    ['keys as they are', keyOf],
    ['keys that differ in their last bits alone', closeKey],
  ])('has the root of its definition after any history: %s', (_what, key) => {
    for (let seed = 0; seed < 4; seed++) {
      const random = seeded(seed);
      const tree = new StateTree();
      const accounts = new Map<number, Uint8Array>();
      for (let round = 0; round < 15; round++) {
        const changes: StateChange[] = [];
        for (let draw = Math.floor(random() * 30); draw > 0; draw--) {
          const nth = Math.floor(random() * 60);
          const removed = random() < 0.4;
          const value = someValue(Math.floor(random() * 1e6));
          changes.push({ key: key(nth), valueHash: removed ? undefined : value });
          if (removed) accounts.delete(nth);
          else accounts.set(nth, value);
        }
        tree.update(changes);
        const all = [...accounts].map(([nth, value]) => [key(nth), value] as const);
        expect(Buffer.from(tree.root).toString('hex'), `seed ${seed}`).toBe(
          Buffer.from(rootOf(all)).toString('hex'),
        );
        expect(tree.accounts).toBe(accounts.size);
        for (let nth = 0; nth < 60; nth++)
          expect(verifyStateProof(tree.root, key(nth), tree.proof(key(nth)))).toEqual(
            accounts.get(nth) ?? null,
          );
      }
    }
  });

  it('has the same root whatever the order and the batches', () => {
    const random = seeded(5);
    const changes = Array.from({ length: 500 }, (_, nth) => ({ key: keyOf(nth), valueHash: someValue(nth) }));
    const roots = Array.from({ length: 5 }, () => {
      const tree = new StateTree();
      const shuffled = changes.toSorted(() => random() - 0.5);
      while (shuffled.length > 0) tree.update(shuffled.splice(0, 1 + Math.floor(random() * 100)));
      return Buffer.from(tree.root).toString('hex');
    });
    expect(new Set(roots).size).toBe(1);
  });

  it('proves nothing that is not so', () => {
    const tree = new StateTree();
    tree.update(Array.from({ length: 64 }, (_, nth) => ({ key: keyOf(nth), valueHash: someValue(nth) })));
    const { root } = tree;
    const proof = tree.proof(keyOf(3));
    const { leaf, siblings } = proof;
    if (!leaf) throw new Error('there is an account');
    const truth = someValue(3);
    expect(verifyStateProof(root, keyOf(3), proof)).toEqual(truth);
    const absent = tree.proof(keyOf(1_000));
    const forged = [
      { ...proof, leaf: { ...leaf, valueHash: someValue(4) } },
      { ...proof, leaf: undefined },
      { ...proof, leaf: { ...leaf, key: keyOf(4) } },
      { leaf, siblings: siblings.slice(1) },
      { leaf, siblings: [...siblings, new Uint8Array(32)] },
      { leaf, siblings: siblings.toReversed() },
      absent,
      // A branch passed off as a leaf.
      { leaf: { key: siblings[0] as Uint8Array, valueHash: truth }, siblings: [] },
    ];
    for (const each of forged) expect(verifyStateProof(root, keyOf(3), each)).toBeUndefined();
    expect(verifyStateProof(root, keyOf(1_000), absent)).toBeNull();
    expect(verifyStateProof(root, keyOf(1_000), proof)).toBeUndefined();
  });
});
