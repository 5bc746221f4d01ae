import { describe, expect, it } from 'vitest';
import { proposersOf } from './proposers.ts';

const electorate = (...weights: bigint[]) => ({
  validators: weights.map((weight, nth) => ({
    ...{ address: String(nth).padStart(40, '0'), weight, votingKey: new Uint8Array(48) },
  })),
  total: weights.reduce((sum, weight) => sum + weight, 0n),
});
const seed = 'ab'.repeat(32);

describe('the proposers of a round', () => {
  it('are the same for all who know the same, others in another round and after another final block', () => {
    const many = electorate(...Array.from({ length: 50 }, () => 10n));
    expect(proposersOf(many, seed, 7, 4)).toEqual(proposersOf(many, seed, 7, 4));
    expect(proposersOf(many, seed, 7, 4)).not.toEqual(proposersOf(many, seed, 8, 4));
    expect(proposersOf(many, seed, 7, 4)).not.toEqual(proposersOf(many, 'cd'.repeat(32), 7, 4));
  });

  it('are all of them, each once, when there are no more than places', () => {
    for (let round = 0; round < 50; round++)
      expect(new Set(proposersOf(electorate(1n, 5n, 1_000_000n), seed, round, 4)).size).toBe(3);
    expect(proposersOf(electorate(), seed, 1, 4)).toEqual([]);
  });

  it('are drawn in proportion to their stakes', () => {
    const rounds = 6_000;
    const unequal = electorate(50n, 30n, 15n, 5n);
    const first = [0, 0, 0, 0];
    for (let round = 0; round < rounds; round++) {
      const [address] = proposersOf(unequal, seed, round, 1);
      first[Number(address)] = (first[Number(address)] as number) + 1;
    }
    for (const [nth, share] of [0.5, 0.3, 0.15, 0.05].entries()) {
      // Four standard deviations of a binomial distribution.
      const tolerance = 4 * Math.sqrt(rounds * share * (1 - share));
      expect(Math.abs((first[nth] as number) - rounds * share)).toBeLessThan(tolerance);
    }
  });
});
