// Casper's promise, tried: whatever votes are made, two checkpoints that contradict each other become final only when a third of the stake
// has contradicted itself; and as long as two thirds are honest and hear each other, there is something final soon.
import { describe, expect, it } from 'vitest';
import { seeded } from '../dag/testing/random-dag.ts';
import type { Checkpoint, Vote } from '../types/vote.ts';
import { Casper } from './casper.ts';
import { contradictionOf } from './contradiction.ts';

/** A tree of checkpoints: the parent of each, by block. */
type Tree = ReadonlyMap<string, { readonly parent: string | undefined; readonly checkpoint: Checkpoint }>;

const genesis: Checkpoint = { epoch: 0, block: 'g' };

/** One or two blocks an epoch, each after one of the epoch before or a fork that skips epochs. */
function treeOf(random: () => number, epochs: number): Tree {
  const tree = new Map<string, { parent: string | undefined; checkpoint: Checkpoint }>([
    ['g', { parent: undefined, checkpoint: genesis }],
  ]);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const before = [...tree.values()].filter(
      ({ checkpoint }) => checkpoint.epoch < epoch && checkpoint.epoch >= epoch - 3,
    );
    for (let nth = 0; nth < 1 + Math.floor(random() * 2); nth++) {
      const parent = before[Math.floor(random() * before.length)]?.checkpoint.block;
      tree.set(`${epoch}.${nth}`, { parent, checkpoint: { epoch, block: `${epoch}.${nth}` } });
    }
  }
  return tree;
}

function isAncestor(tree: Tree, ancestor: string, block: string): boolean {
  for (let each: string | undefined = block; each !== undefined; each = tree.get(each)?.parent)
    if (each === ancestor) return true;
  return false;
}

const stakes = new Map([
  ['a', 10n],
  ['b', 7n],
  ['c', 5n],
  ['d', 9n],
]);
const total = 31n;

/** All that votes make final, counted on its own: no order of arrival, no shortcuts. */
function finalOf(votes: readonly Vote[]): Checkpoint[] {
  const links = new Map<string, { source: Checkpoint; target: Checkpoint; voters: Set<string> }>();
  for (const { source, target, validator, stateRoot } of votes) {
    const key = `${source.epoch},${source.block},${target.epoch},${target.block},${stateRoot}`;
    const link = links.get(key) ?? { source, target, voters: new Set<string>() };
    links.set(key, link);
    link.voters.add(validator);
  }
  const strong = [...links.values()].filter(
    ({ voters }) =>
      [...voters].reduce((sum, voter) => sum + (stakes.get(voter) ?? 0n), 0n) * 3n >= total * 2n,
  );
  const justified = new Set(['g']);
  for (let before = -1; before !== justified.size; ) {
    before = justified.size;
    for (const { source, target } of strong) if (justified.has(source.block)) justified.add(target.block);
  }
  return strong
    .filter(({ source, target }) => justified.has(source.block) && target.epoch === source.epoch + 1)
    .map(({ source }) => source);
}

describe('Casper', () => {
  it('makes final what the definition says, in any order of votes; and conflicts only with a third at fault', () => {
    let conflicts = 0;
    for (let seed = 0; seed < 3_000; seed++) {
      const random = seeded(seed);
      const tree = treeOf(random, 5);
      const checkpoints = [...tree.values()].map(({ checkpoint }) => checkpoint);
      const firstLiar = 'abcde'[Math.floor(random() * 5)] as string;
      const votes: Vote[] = [];
      for (let draw = 0; draw < 60; draw++) {
        const target = checkpoints[Math.floor(random() * checkpoints.length)] as Checkpoint;
        const above = tree.get(tree.get(target.block)?.parent ?? 'g')?.checkpoint as Checkpoint;
        const source =
          random() < 0.7 ? above : (checkpoints[Math.floor(random() * checkpoints.length)] as Checkpoint);
        if (target.epoch <= source.epoch || !isAncestor(tree, source.block, target.block)) continue;
        // Some are always honest, others vote for anything.
        for (const validator of stakes.keys()) {
          if (random() < 0.3) continue;
          const vote = { validator, source, target, stateRoot: '0' };
          const honest = validator < firstLiar;
          if (honest && votes.some((other) => contradictionOf(other, vote))) continue;
          votes.push(vote);
        }
      }
      const final = finalOf(votes);
      const conflict = final.some((a) =>
        final.some((b) => !isAncestor(tree, a.block, b.block) && !isAncestor(tree, b.block, a.block)),
      );
      if (conflict) {
        conflicts += 1;
        const guilty = [...stakes].filter(([validator]) =>
          votes.some((a) => a.validator === validator && votes.some((b) => contradictionOf(a, b))),
        );
        const stake = guilty.reduce((sum, [, each]) => sum + each, 0n);
        expect(stake * 3n, `seed ${seed}`).toBeGreaterThanOrEqual(total);
      }
      const casper = new Casper({
        genesis,
        stakesFor: () => stakes,
        isChainAncestor: (a, b) => isAncestor(tree, a, b),
      });
      let stopped = false;
      let waiting = votes.toSorted(() => random() - 0.5);
      for (let before = -1; before !== waiting.length && !stopped; ) {
        before = waiting.length;
        waiting = waiting.filter((vote) => {
          try {
            casper.add(vote);
            return false;
          } catch (error) {
            const { code } = error as { code: string };
            if (code === 'FINALITY_CONFLICT') stopped = true;
            else expect(code).toBe('SOURCE_NOT_JUSTIFIED');
            return true;
          }
        });
      }
      // It stops at a conflict, if it sees one before the later of the two.
      if (stopped) expect(conflict).toBe(true);
      if (!conflict) {
        const last = Math.max(0, ...final.map(({ epoch }) => epoch));
        expect(casper.finalized.epoch, `seed ${seed}`).toBe(last);
      }
    }
    expect(conflicts).toBeGreaterThan(20);
  });

  const chain = new Map(
    Array.from({ length: 12 }, (_, epoch) => [
      epoch === 0 ? 'g' : `${epoch}.0`,
      {
        parent: epoch === 0 ? undefined : epoch === 1 ? 'g' : `${epoch - 1}.0`,
        checkpoint: epoch === 0 ? genesis : { epoch, block: `${epoch}.0` },
      },
    ]),
  );
  const at = (epoch: number): Checkpoint => (epoch === 0 ? genesis : { epoch, block: `${epoch}.0` });
  const casperOf = () =>
    new Casper({ genesis, stakesFor: () => stakes, isChainAncestor: (a, b) => isAncestor(chain, a, b) });
  const vote = (validator: string, from: number, to: number, stateRoot = '0'): Vote => ({
    validator,
    source: at(from),
    target: at(to),
    stateRoot,
  });

  it('is final one epoch after it is justified, with two thirds and not with less', () => {
    const casper = casperOf();
    // 10 + 5 of 31 are less, 10 + 5 + 9 are more.
    casper.add(vote('a', 0, 1));
    casper.add(vote('c', 0, 1));
    expect(casper.add(vote('c', 0, 1))).toEqual({ justified: undefined, finalized: undefined });
    expect(casper.justified).toEqual(genesis);
    expect(casper.add(vote('d', 0, 1)).justified).toEqual(at(1));
    for (const validator of ['a', 'c']) casper.add(vote(validator, 1, 2));
    expect(casper.finalized).toEqual(genesis);
    expect(casper.add(vote('d', 1, 2))).toEqual({ justified: at(2), finalized: at(1) });
    // An epoch is left out: justified, and nothing final.
    for (const validator of ['a', 'c', 'd']) casper.add(vote(validator, 2, 4));
    expect([casper.justified, casper.finalized]).toEqual([at(4), at(1)]);
  });

  it('does not add up votes for different states', () => {
    const casper = casperOf();
    casper.add(vote('a', 0, 1, 'one'));
    casper.add(vote('b', 0, 1, 'one'));
    casper.add(vote('c', 0, 1, 'two'));
    expect(casper.add(vote('d', 0, 1, 'two')).justified).toBeUndefined();
    expect(casper.justified).toEqual(genesis);
  });

  it.each([
    ['a target before its source', vote('a', 3, 2), 'VOTE_INVALID'],
    ['a stranger', vote('x', 0, 1), 'VOTE_INVALID'],
    [
      'a target on another chain',
      { ...vote('a', 0, 1), source: { epoch: 0, block: 'other' } },
      'VOTE_INVALID',
    ],
    ['a source that is not justified', vote('a', 1, 2), 'SOURCE_NOT_JUSTIFIED'],
  ])('refuses %s', (_what, bad, code) => {
    expect(() => casperOf().add(bad)).toThrow(expect.objectContaining({ code }));
  });
});

describe('votes contradict each other', () => {
  const of = (from: number, to: number, stateRoot = '0'): Vote => ({
    validator: 'a',
    source: { epoch: from, block: `${from}` },
    target: { epoch: to, block: `${to}` },
    stateRoot,
  });
  it.each([
    ['the same', of(1, 2), of(1, 2), undefined],
    ['one after the other', of(1, 2), of(2, 3), undefined],
    ['from the same source', of(1, 2), of(1, 3), undefined],
    ['two for one epoch', of(1, 3), of(2, 3), 'DOUBLE_VOTE'],
    ['two states', of(1, 2), of(1, 2, '1'), 'DOUBLE_VOTE'],
    ['one around the other', of(1, 4), of(2, 3), 'SURROUND_VOTE'],
    ['one within the other', of(2, 3), of(1, 4), 'SURROUND_VOTE'],
    ['another validator', of(1, 4), { ...of(2, 3), validator: 'b' }, undefined],
  ] as const)('%s', (_what, a, b, expected) => {
    expect(contradictionOf(a, b)).toBe(expected);
  });
});
