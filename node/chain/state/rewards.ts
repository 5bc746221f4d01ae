// What validators and those who delegate to them get for an epoch: a yearly rate from the reserve, and the fees set aside for them. Nothing is
// minted: when the reserve is empty, the fees are left.
import type { AddressHex } from '../types/identifiers.ts';
import type { BlockContext } from './block-context.ts';
import type { Totals } from './records.ts';
import { deposit, gain } from './staking-pool.ts';

/** 365 days. */
const YEAR_MS = 31_536_000_000n;
/** Rates are in billionths: what an epoch of a year's thousandths needs. */
const BILLION = 1_000_000_000n;
const A_PER_MILLE = 1_000_000n;

/** All that somebody has or may have back: neither burned, nor the treasury's, nor the reserve's. */
export const circulatingOf = ({ supply, reserve, treasury, burned }: Totals): bigint =>
  supply - reserve - treasury - burned;

/** The yearly rate, in billionths: the base when the target is staked, more when less is. */
export function yearlyRate(
  totals: Totals,
  parameters: Pick<
    BlockContext['parameters'],
    'rewardPerMille' | 'rewardLeastPerMille' | 'rewardMostPerMille' | 'stakedTargetPerMille'
  >,
): bigint {
  const [base, target] = [BigInt(parameters.rewardPerMille), BigInt(parameters.stakedTargetPerMille)];
  const least = BigInt(parameters.rewardLeastPerMille) * A_PER_MILLE;
  const most = BigInt(parameters.rewardMostPerMille) * A_PER_MILLE;
  if (totals.staked === 0n) return most;
  const rate = (base * target * 1_000n * circulatingOf(totals)) / totals.staked;
  return rate < least ? least : rate > most ? most : rate;
}

/** Pays those who voted in an epoch. @param voters in ascending order, which decides who gets the last of the reserve */
export function payRewards(context: BlockContext, epoch: number, voters: readonly AddressHex[]): void {
  const { state, parameters } = context;
  const totals = state.totals;
  const rate = yearlyRate(totals, parameters);
  const epochMs = BigInt(parameters.roundMs * parameters.roundsPerEpoch);
  let weights = 0n;
  for (const voter of voters) weights += state.validators.get(voter)?.pool.tokens ?? 0n;
  let [fromReserve, fromFees] = [0n, 0n];
  for (const voter of voters) {
    const validator = state.validators.get(voter);
    if (!validator || validator.pool.tokens === 0n) continue;
    const { tokens } = validator.pool;
    const earned = (tokens * rate * epochMs) / (BILLION * YEAR_MS);
    const left = totals.reserve - fromReserve;
    const reward = earned < left ? earned : left;
    const fees = (totals.stakersFees * tokens) / weights;
    const amount = reward + fees;
    if (amount === 0n) continue;
    fromReserve += reward;
    fromFees += fees;
    const commission = (amount * BigInt(parameters.commissionPerMille)) / 1_000n;
    // The owner's shares are bought at the price before the rest raises it for all.
    const kept = deposit(validator.pool, commission);
    context.setValidator(voter, {
      ...validator,
      pool: gain(kept.pool, amount - commission),
      ownShares: validator.ownShares + kept.shares,
    });
    context.emit({ kind: 'rewarded', validator: voter, epoch, amount, commission });
  }
  if (fromReserve + fromFees > 0n)
    context.move({ reserve: -fromReserve, stakersFees: -fromFees, staked: fromReserve + fromFees });
}
