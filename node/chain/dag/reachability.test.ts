// Reachability against sets, on DAGs that make the intervals run out: long chains, deep forks, stars, attackers' chains.
import { describe, expect, it } from 'vitest';
import { NO_BLOCK } from './interval-tree.ts';
import { Reachability } from './reachability.ts';
import { seeded } from './testing/random-dag.ts';

/** Adds blocks to a tree and keeps every block's ancestors beside it. */
class Tree {
  readonly reach = new Reachability();
  readonly parents: number[] = [];

  add(parent: number): number {
    this.parents.push(parent);
    return this.reach.add(parent, []);
  }

  /** Compares all relations of some blocks with those of the tree. */
  check(random: () => number, draws: number): void {
    for (let draw = 0; draw < draws; draw++) {
      const block = Math.floor(random() * this.parents.length);
      const above = new Set<number>();
      for (let each = block; each !== NO_BLOCK; each = this.parents[each] as number) above.add(each);
      for (let other = 0; other < this.parents.length; other++)
        if (this.reach.isAncestor(other, block) !== above.has(other))
          throw new Error(`is ${other} above ${block}? ${above.has(other)}`);
    }
  }
}

describe('reachability', () => {
  it.each([
    ['a chain', () => (size: number) => size - 1],
    ['a star', () => () => 0],
    ['a chain with a star at its beginning', () => (size: number) => (size < 2_000 ? size - 1 : 5)],
    [
      'forks near the tip',
      (random: () => number) => (size: number) => Math.max(0, size - 1 - Math.floor(random() * 6)),
    ],
    ['forks anywhere', (random: () => number) => (size: number) => Math.floor(random() * size)],
    [
      'deep forks beside a chain that grows',
      (random: () => number) => {
        let tip = 0;
        return (size: number) => {
          if (random() < 0.5) {
            const parent = tip;
            tip = size;
            return parent;
          }
          return Math.floor(random() * size * 0.5);
        };
      },
    ],
    ['two chains of the same length', () => (size: number) => Math.max(0, size - 2)],
  ])('stands: %s', (_what, shape) => {
    for (let seed = 0; seed < 3; seed++) {
      const random = seeded(seed);
      const parentOf = shape(random);
      const tree = new Tree();
      tree.add(NO_BLOCK);
      const height = [0];
      let tip = 0;
      for (let size = 1; size < 3_000; size++) {
        const parent = parentOf(size);
        height.push((height[parent] as number) + 1);
        const block = tree.add(parent);
        if ((height[block] as number) > (height[tip] as number)) tip = block;
        tree.reach.tree.follow(tip);
        if (size % 500 === 0) tree.check(random, 3);
      }
      tree.check(random, 20);
    }
  });

  it.each([
    ['a long chain', () => (_size: number, tips: readonly number[]) => tips[0] as number],
    [
      "an attacker's chain as long as ours, with forks on both",
      (random: () => number) => (size: number, tips: readonly number[]) => {
        if (size < 1_000) return tips[0] as number;
        const side = size === 1_000 ? 0 : size % 2;
        if (size === 1_001) return 300;
        const tip = tips[side] as number;
        return random() < 0.3 ? tip - 2 * Math.floor(random() * 3) : tip;
      },
    ],
  ])('renumbers few blocks for each that is added: %s', (_what, shape) => {
    const parentOf = shape(seeded(3));
    const tree = new Tree();
    const height = [0];
    const tips = [tree.add(NO_BLOCK), 0];
    const total = 20_000;
    for (let size = 1; size < total; size++) {
      const parent = parentOf(size, tips);
      const block = tree.add(parent);
      height.push((height[parent] as number) + 1);
      const side = size > 1_000 ? size % 2 : 0;
      if (size === 1_001 || (height[block] as number) > (height[tips[side] as number] as number))
        tips[side] = block;
      tree.reach.tree.follow(tips[0] as number);
    }
    expect(tree.reach.tree.moved / total).toBeLessThan(15);
    tree.check(seeded(4), 5);
  });
});
