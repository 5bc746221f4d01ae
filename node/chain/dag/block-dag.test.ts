// GHOSTDAG against its definition on sets, in every order of arrival; and what a DAG refuses.
import { describe, expect, it } from 'vitest';
import { BlockDag } from './block-dag.ts';
import { type BruteBlock, bruteForce } from './testing/brute-force.ts';
import { blockId, networkDag, randomDag, seeded, shuffled } from './testing/random-dag.ts';

function dagOf(blocks: readonly BruteBlock[], k: number): BlockDag {
  const [genesis, ...others] = blocks as [BruteBlock, ...BruteBlock[]];
  const dag = new BlockDag({ k, genesis: genesis.id });
  for (const block of others) dag.add(block);
  return dag;
}

describe('GHOSTDAG', () => {
  const shapes = [
    { blocks: 60, parents: 1, freshness: 0.5 },
    { blocks: 60, parents: 3, freshness: 0.9 },
    { blocks: 60, parents: 4, freshness: 0.6 },
    { blocks: 40, parents: 8, freshness: 0 },
  ];
  for (const k of [0, 1, 2, 3, 5])
    it(`agrees with the definition, k = ${k}`, () => {
      for (const shape of shapes)
        for (let seed = 0; seed < 8; seed++) {
          const blocks = randomDag({ ...shape, seed });
          const expected = bruteForce(blocks, k);
          const dag = dagOf(blocks, k);
          for (const { id } of blocks) {
            const { selectedParent, blueWork, blues, reds } = dag.order(id);
            const {
              past: _past,
              blueSet: _blueSet,
              ...wanted
            } = expected.get(id) as never as Record<string, unknown>;
            expect({ selectedParent, blueWork, blues, reds }, `seed ${seed}`).toEqual(wanted);
          }
          for (const a of blocks)
            for (const b of blocks)
              expect(dag.isAncestor(a.id, b.id)).toBe(
                a.id === b.id || (expected.get(b.id)?.past.has(a.id) ?? false),
              );
        }
    });

  it('says the same of every block in whatever order blocks arrive', () => {
    for (let seed = 0; seed < 10; seed++) {
      const blocks = randomDag({ seed, blocks: 120, parents: 4, freshness: 0.8 });
      const orders = (arrival: readonly BruteBlock[]) => {
        const dag = dagOf(arrival, 3);
        return {
          of: blocks.map(({ id }) => [dag.order(id), dag.mergeset(id)]),
          chain: [...dag.chain(dag.heaviest)],
          tips: [...dag.tips].sort(),
        };
      };
      const first = orders(blocks);
      const random = seeded(seed + 1_000);
      for (let again = 0; again < 4; again++) expect(orders(shuffled(blocks, random))).toEqual(first);
    }
  });

  it('orders every block after all of its past', () => {
    const blocks = randomDag({ seed: 7, blocks: 150, parents: 5, freshness: 0.7 });
    const dag = dagOf(blocks, 3);
    const order = [...dag.chain(dag.heaviest)].reverse().flatMap((id) => [...dag.mergeset(id), id]);
    const place = new Map(order.map((id, nth) => [id, nth]));
    expect(place.size).toBe(order.length);
    for (const { id, parents } of blocks)
      for (const parent of parents)
        if (place.has(id)) expect(place.get(parent)).toBeLessThan(place.get(id) as number);
  });
});

describe('pruning', () => {
  const limits = { maxParents: 8, maxMergeset: 64, mergeDepth: 20 };

  it('changes nothing of what is said of the blocks that are kept, and of those that come', () => {
    for (let seed = 0; seed < 6; seed++) {
      const blocks = networkDag({ seed, blocks: 600, delay: 5 });
      const random = seeded(seed);
      const genesis = blocks[0]?.id as string;
      const whole = new BlockDag({ k: 3, genesis, limits });
      let pruned = new BlockDag({ k: 3, genesis, limits });
      let oldest = genesis;
      for (const block of blocks.slice(1)) {
        const answer = outcome(() => whole.add(block));
        expect(outcome(() => pruned.add(block))).toEqual(answer);
        if (random() > 0.02) continue;
        const chain = [...pruned.chain(pruned.heaviest)];
        const deep = chain.find(
          (id) => whole.order(id).blueScore + 40 < whole.order(whole.heaviest).blueScore,
        );
        if (deep === undefined) continue;
        oldest = deep;
        pruned = pruned.prunedAt(deep);
      }
      expect(oldest).not.toBe(genesis);
      const kept = blocks.filter(({ id }) => pruned.has(id) && id !== oldest);
      expect(kept.length).toBeLessThan(300);
      expect(pruned.size).toBe(
        blocks.filter(({ id }) => whole.has(id) && whole.isAncestor(oldest, id)).length,
      );
      expect([pruned.heaviest, [...pruned.tips].sort()]).toEqual([whole.heaviest, [...whole.tips].sort()]);
      for (const a of kept)
        for (const b of kept) expect(pruned.isAncestor(a.id, b.id)).toBe(whole.isAncestor(a.id, b.id));
    }
  });

  it('refuses to forget what blocks to come may merge', () => {
    const blocks = networkDag({ seed: 1, blocks: 100, delay: 3 });
    const dag = new BlockDag({ k: 3, genesis: blocks[0]?.id as string, limits });
    for (const block of blocks.slice(1)) dag.add(block);
    expect(() => dag.prunedAt(dag.heaviest)).toThrow(/may still merge/);
  });

  it('refuses to merge what is too old', () => {
    const id = (nth: number) => blockId(5, nth);
    const dag = new BlockDag({ k: 3, genesis: id(0), limits });
    for (let nth = 1; nth <= 30; nth++) dag.add({ id: id(nth), parents: [id(nth - 1)] });
    dag.add({ id: id(100), parents: [id(12)] });
    dag.add({ id: id(101), parents: [id(5)] });
    expect(dag.add({ id: id(31), parents: [id(30), id(100)] })).toMatchObject({
      blues: [id(30)],
      reds: [id(100)],
    });
    expect(() => dag.add({ id: id(32), parents: [id(30), id(101)] })).toThrow(/too old to be merged/);
  });
});

/** What comes of it: the result, or the code of the refusal. */
function outcome(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('a DAG refuses', () => {
  const limits = { maxParents: 3, maxMergeset: 4, mergeDepth: 1_000 };
  const id = (nth: number) => blockId(0, nth);
  const star = () => {
    const dag = new BlockDag({ k: 3, genesis: id(0), limits });
    for (let nth = 1; nth <= 6; nth++) dag.add({ id: id(nth), parents: [id(0)] });
    return dag;
  };
  it.each([
    ['what it has', { id: id(1), parents: [id(0)] }, /known already/],
    ['no parents', { id: id(9), parents: [] }, /no parents/],
    ['a parent it does not know', { id: id(9), parents: [id(8)] }, /Fetch it before/],
    ['a parent twice', { id: id(9), parents: [id(1), id(1)] }, /twice/],
    ['parents in the past of another', { id: id(9), parents: [id(0), id(1)] }, /past of another/],
    ['too many parents', { id: id(9), parents: [1, 2, 3, 4].map(id) }, /4 parents, more than 3/],
    ['what is no hash', { id: 'ABC', parents: [id(1)] }, /64 hexadecimal digits/],
    ['work that is none', { id: id(9), parents: [id(1)], work: 0 }, /no positive integer/],
  ])('%s', (_what, block, message) => {
    const dag = star();
    const before = dag.size;
    expect(() => dag.add(block)).toThrow(message);
    expect([dag.size, dag.tips.length]).toEqual([before, 6]);
  });

  it('a mergeset that is too large', () => {
    const dag = star();
    dag.add({ id: id(7), parents: [1, 2, 3].map(id) });
    dag.add({ id: id(8), parents: [4, 5, 6].map(id) });
    expect(() => dag.add({ id: id(9), parents: [id(7), id(8)] })).not.toThrow();
    const small = new BlockDag({ k: 3, genesis: id(0), limits: { ...limits, maxMergeset: 1 } });
    for (let nth = 1; nth <= 3; nth++) small.add({ id: id(nth), parents: [id(0)] });
    expect(() => small.add({ id: id(9), parents: [1, 2, 3].map(id) })).toThrow(/merges more than 1/);
  });
});
