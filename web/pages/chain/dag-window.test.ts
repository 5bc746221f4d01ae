import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { continueWindow, type DagNode, layoutDag, neighbourOf } from './dag-window.ts';

const node = (
  sequence: number,
  options: Partial<DagNode> & { by?: string; from?: string[] } = {},
): DagNode => {
  const { by = 'a', from = [], ...rest } = options;
  return {
    id: `${sequence}`,
    sequence,
    round: sequence,
    blueScore: sequence,
    blue: true,
    onSelectedChain: true,
    transactions: 0,
    index: sequence,
    timestamp: '0',
    parents: from.map((id) => ({ id })),
    selectedParent: from[0] === undefined ? null : { id: from[0] },
    proposer: { id: by },
    ...rest,
  } as DagNode;
};
const run = (first: number, last: number, id = '') =>
  Array.from({ length: last - first + 1 }, (_, nth) => node(first + nth, { id: `${first + nth}${id}` }));
const ids = (nodes: readonly DagNode[] | null) => nodes?.map(({ id }) => id);

describe('the window', () => {
  it('is the same as one read anew, wherever the tail begins', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 40 }),
        (head, size, grown) => {
          const limit = 30;
          const known = run(Math.max(1, head - limit + 1), head);
          const end = head + grown;
          const tail = run(Math.max(1, end - size + 1), end).reverse();
          const next = continueWindow(known, tail, limit);
          const missing = end - size + 1 > head + 1;
          if (missing) expect(next).toBeNull();
          else expect(ids(next)?.slice(-size)).toEqual(ids(run(Math.max(1, end - size + 1), end)));
          if (next)
            expect(
              next.every((each, nth) => nth === 0 || each.sequence === (next[nth - 1]?.sequence ?? 0) + 1),
            ).toBe(true);
        },
      ),
    );
  });

  it('drops what a reorganization took away', () => {
    expect(ids(continueWindow(run(1, 10), [node(9, { id: 'other' })], 30))).toEqual([
      ...(ids(run(1, 8)) as string[]),
      'other',
    ]);
  });
});

describe('the layout', () => {
  it('gives each proposer a lane, each round a column, and draws only between blocks that are there', () => {
    const layout = layoutDag([
      node(5, { round: 7, by: 'b' }),
      node(6, { round: 8, by: 'a', from: ['5', '4'] }),
      node(7, { round: 8, by: 'b', from: ['5'], onSelectedChain: false }),
    ]);
    expect(layout.places.map(({ column, lane }) => [column, lane])).toEqual([
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    expect(layout.edges.map(({ id, selected }) => [id, selected])).toEqual([
      ['6-5', true],
      ['7-5', false],
    ]);
    expect([layout.lanes, layout.firstRound, layout.lastRound]).toEqual([2, 7, 8]);
  });

  it('puts the blocks of a round below each other where proposers are too many', () => {
    const nodes = Array.from({ length: 12 }, (_, nth) =>
      node(nth + 1, { round: Math.floor(nth / 3), by: `p${nth}` }),
    );
    const { places, lanes } = layoutDag(nodes);
    expect(new Set(places.map(({ column, lane }) => `${column}/${lane}`)).size).toBe(12);
    expect(lanes).toBe(3);
  });

  it('leads from block to block by arrows', () => {
    const { places } = layoutDag([
      node(1, { round: 1, by: 'a' }),
      node(2, { round: 2, by: 'a' }),
      node(3, { round: 2, by: 'b' }),
    ]);
    const at = (id: string) => places.find((place) => place.node.id === id) as (typeof places)[number];
    expect(neighbourOf(places, at('1'), 'right')?.node.id).toBe('2');
    expect(neighbourOf(places, at('2'), 'down')?.node.id).toBe('3');
    expect(neighbourOf(places, at('3'), 'left')?.node.id).toBe('1');
    expect(neighbourOf(places, at('1'), 'down')).toBeUndefined();
    expect(neighbourOf(places, at('2'), 'right')).toBeUndefined();
  });
});
