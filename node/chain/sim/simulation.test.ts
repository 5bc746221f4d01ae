import { describe, expect, it } from 'vitest';
import { MUTANTS, type Mutant } from './mutants.ts';
import { simulate } from './simulation.ts';

describe('the simulator', () => {
  it('finds nothing wrong where nothing goes wrong: finality is two epochs behind, payments are executed', async () => {
    const result = await simulate({ seed: 1, kinds: [], seconds: 10, calmSeconds: 10 });
    expect(result.violation).toBeUndefined();
    expect(result.finalizedEpoch).toBeGreaterThanOrEqual(8);
    expect(result.executedTransactions).toBeGreaterThan(50);
  });

  it('finds nothing wrong whatever goes wrong', async () => {
    for (let seed = 1; seed <= 3; seed++) {
      const { violation, finalizedEpoch } = await simulate({ seed });
      expect(violation?.message).toBeUndefined();
      expect(finalizedEpoch).toBeGreaterThan(20);
    }
  }, 60_000);

  it('does the same again with the same seed, bit for bit, and something else with another', async () => {
    const run = (seed: number) => simulate({ seed, seconds: 8, calmSeconds: 4 });
    const first = await run(3);
    expect((await run(3)).trace).toBe(first.trace);
    expect((await run(4)).trace).not.toBe(first.trace);
  });

  const quickOnes: readonly Mutant[] = ['wrong-order', 'mint', 'finality-follows-votes', 'deaf', 'careless'];
  it.each(quickOnes)(
    'notices a planted bug: %s',
    async (mutant) => {
      const { invariant } = MUTANTS[mutant];
      for (let seed = 1; seed <= 5; seed++) {
        const { violation } = await simulate({ seed, seconds: 12, calmSeconds: 12, mutant });
        if (violation?.invariant === invariant) return;
      }
      throw new Error(`${mutant} was not noticed by ${invariant}`);
    },
    60_000,
  );
});
