// Random DAGs: as honest networks make them, and as no network ever would.
import { createHash } from 'node:crypto';
import type { BruteBlock } from './brute-force.ts';

/** Numbers in [0, 1) that follow from the seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  // mulberry32, public domain.
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const blockId = (seed: number, nth: number): string =>
  createHash('sha256').update(`${seed}/${nth}`).digest('hex');

export interface RandomDag {
  readonly seed: number;
  readonly blocks: number;
  /** Parents that a block names at most. */
  readonly parents: number;
  /** How often a parent is one of the last four blocks rather than any. */
  readonly freshness: number;
}

/** The genesis first, every block after its parents; none of a block's parents is in the past of another. */
export function randomDag({ seed, blocks, parents, freshness }: RandomDag): BruteBlock[] {
  const random = seeded(seed);
  const dag: BruteBlock[] = [{ id: blockId(seed, 0), parents: [] }];
  const pasts = new Map<string, Set<string>>([[blockId(seed, 0), new Set()]]);
  while (dag.length < blocks) {
    const chosen = new Set<string>();
    const wanted = 1 + Math.floor(random() * parents);
    for (let draw = 0; draw < wanted; draw++) {
      const back = random() < freshness ? Math.floor(random() * 4) : Math.floor(random() * dag.length);
      chosen.add((dag[Math.max(0, dag.length - 1 - back)] as BruteBlock).id);
    }
    const named = [...chosen];
    const apart = named.filter((id) => !named.some((other) => pasts.get(other)?.has(id)));
    const id = blockId(seed, dag.length);
    pasts.set(id, new Set([...apart, ...apart.flatMap((parent) => [...(pasts.get(parent) ?? [])])]));
    dag.push({ id, parents: apart });
  }
  return dag;
}

/** Blocks as a network makes them: each names all tips it has seen, which are those of all blocks but at most `delay` of the last. */
export function networkDag(options: {
  readonly seed: number;
  readonly blocks: number;
  readonly delay: number;
}): BruteBlock[] {
  const { seed, blocks, delay } = options;
  const random = seeded(seed);
  const dag: BruteBlock[] = [];
  const tips = new Set<string>();
  /** The tips after each of the last blocks. */
  const seen: (readonly string[])[] = [];
  while (dag.length < blocks) {
    const behind = Math.floor(random() * (delay + 1));
    const parents = seen.at(-1 - behind) ?? seen[0] ?? [];
    const id = blockId(seed, dag.length);
    dag.push({ id, parents });
    for (const parent of parents) tips.delete(parent);
    tips.add(id);
    seen.push([...tips]);
    if (seen.length > delay + 1) seen.shift();
  }
  return dag;
}

/** The same blocks in another order in which parents come first. */
export function shuffled(blocks: readonly BruteBlock[], random: () => number): BruteBlock[] {
  const left = [...blocks.slice(1)];
  const known = new Set([blocks[0]?.id]);
  const order = blocks.slice(0, 1);
  while (left.length > 0) {
    const ready = left.filter(({ parents }) => parents.every((parent) => known.has(parent)));
    const next = ready[Math.floor(random() * ready.length)] as BruteBlock;
    left.splice(left.indexOf(next), 1);
    known.add(next.id);
    order.push(next);
  }
  return order;
}
