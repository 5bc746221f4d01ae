// Where the fees of a chain block go. The paper has two splits that contradict each other; this is the first, 20/30/50.
import type { BlockContext } from './block-context.ts';

const BURNED_PER_CENT = 20n;
const STAKERS_PER_CENT = 30n;

/** Burns a part, sets one aside for those who vote, and gives the rest, with what does not divide, to the treasury. */
export function splitFees(context: BlockContext, fees: bigint): void {
  if (fees === 0n) return;
  const burned = (fees * BURNED_PER_CENT) / 100n;
  const stakers = (fees * STAKERS_PER_CENT) / 100n;
  const treasury = fees - burned - stakers;
  context.move({ burned, stakersFees: stakers, treasury });
  context.emit({ kind: 'feesSplit', burned, stakers, treasury });
}
