import { describe, expect, it } from 'vitest';
import { BlockDag } from '../dag/block-dag.ts';
import { networkDag, seeded } from '../dag/testing/random-dag.ts';
import type { BlockId } from '../types/identifiers.ts';
import { bestTip, type ForkView, parentsFor } from './fork-choice.ts';

/** A random DAG; a block's round is one more than its parents'. */
function dagOf(seed: number, blocks: number) {
  const made = networkDag({ seed, blocks, delay: 3 });
  const dag = new BlockDag({ k: 3, genesis: (made[0] as { id: string }).id });
  const parents = new Map<BlockId, readonly BlockId[]>();
  const rounds = new Map<BlockId, number>();
  for (const [nth, block] of made.entries()) {
    parents.set(block.id, block.parents);
    rounds.set(
      block.id,
      nth === 0 ? 0 : 1 + Math.max(...block.parents.map((id) => rounds.get(id) as number)),
    );
    if (nth > 0) dag.add(block);
  }
  const view: ForkView = {
    tips: dag.tips,
    compare: (a, b) => dag.compare(a, b),
    isAncestor: (a, b) => dag.isAncestor(a, b),
    isChainAncestor: (a, b) => dag.isChainAncestor(a, b),
    parentsOf: (id) => parents.get(id) as readonly BlockId[],
    roundOf: (id) => rounds.get(id) as number,
  };
  return { dag, view, all: made.map(({ id }) => id) };
}

describe('the fork choice', () => {
  it('is the heaviest of all blocks that have the justified one on their chain, whichever that is', () => {
    for (let seed = 0; seed < 30; seed++) {
      const { view, all } = dagOf(seed, 60);
      const random = seeded(seed);
      for (let nth = 0; nth < 20; nth++) {
        const justified = all[Math.floor(random() * all.length)] as BlockId;
        const before = 1 + view.roundOf(justified) + Math.floor(random() * 12);
        const eligible = all.filter((id) => view.isChainAncestor(justified, id) && view.roundOf(id) < before);
        const heaviest = eligible.sort(view.compare).at(-1);
        expect(bestTip(view, justified, before)).toBe(heaviest);
      }
    }
  });

  it('names parents of earlier rounds, none in the past of another, the best tip the heaviest of them', () => {
    for (let seed = 0; seed < 30; seed++) {
      const { view, all } = dagOf(seed, 60);
      const random = seeded(seed);
      for (let nth = 0; nth < 20; nth++) {
        const justified = all[Math.floor(random() * all.length)] as BlockId;
        const round = 1 + view.roundOf(justified) + Math.floor(random() * 12);
        const parents = parentsFor(view, justified, round, 8);
        const [selected] = parents;
        expect(selected).toBe(bestTip(view, justified, round));
        expect(parents.length).toBeLessThanOrEqual(8);
        for (const parent of parents) {
          expect(view.roundOf(parent)).toBeLessThan(round);
          expect(view.compare(parent, selected as BlockId)).toBeLessThanOrEqual(0);
          expect(parents.filter((other) => view.isAncestor(parent, other))).toEqual([parent]);
        }
        // Nothing that is lighter and not in the past of the parents is left out, while there is room.
        if (parents.length === 8) continue;
        const forgotten = all.filter(
          (id) =>
            view.roundOf(id) < round &&
            view.compare(id, selected as BlockId) < 0 &&
            !parents.some((parent) => view.isAncestor(id, parent)),
        );
        expect(forgotten).toEqual([]);
      }
    }
  });
});
