// Businesses that ask for credit. One hidden quality moves their figures and their chance to default; neither is seen by the scorecard.
import { SeededRandom } from './random.ts';

export interface Applicant {
  readonly input: { readonly applicant: string; readonly features: Readonly<Record<string, number>> };
  readonly defaulted: boolean;
}

export function applicant(seed: number): Applicant {
  const random = new SeededRandom(seed);
  const quality = random.normal();
  const whole = (value: number, most: number): number => Math.max(0, Math.min(most, Math.round(value)));
  const features = {
    monthsTrading: whole(Math.exp(3.6 + 0.5 * quality + random.normal(0, 0.8)), 1200),
    annualRevenue: whole(Math.exp(6.5 + 0.6 * quality + random.normal(0, 1.3)), 10_000_000),
    debtToRevenue: whole(Math.exp(3.6 - 0.4 * quality + random.normal(0, 0.6)), 1000),
    latePayments: random.poisson(Math.exp(0.4 - 0.8 * quality)),
    utilisation: whole(55 - 15 * quality + random.normal(0, 22), 200),
    cashRunway: whole(Math.exp(3.7 + 0.5 * quality + random.normal(0, 0.7)), 3650),
    reputation: whole(520 + 130 * quality + random.normal(0, 170), 1000),
    requestedShare: whole(Math.exp(2.5 + random.normal(0, 0.7)), 1000),
  };
  const risk =
    -2.1 - 1.3 * quality + 0.02 * (features.requestedShare - 12) + 0.006 * (features.debtToRevenue - 40);
  return {
    input: { applicant: `business ${seed}`, features },
    defaulted: random.next() < 1 / (1 + Math.exp(-risk)),
  };
}
