// Daily demand with a week in it: level, slow trend, weekdays, chance, some promotions. Two days in ten thousand nobody can foresee.
import { rounded, SeededRandom } from './random.ts';

export interface StockItem {
  readonly input: {
    readonly sku: string;
    readonly demand: readonly number[];
    readonly onHand: number;
    readonly onOrder: number;
    readonly leadTimeDays: number;
    readonly reviewDays: number;
    readonly serviceLevel: 0.95;
    readonly packSize: number;
  };
  /** What came after. */
  readonly future: readonly number[];
}

export function stockItem(seed: number, days = 182): StockItem {
  const random = new SeededRandom(seed);
  const level = random.between(15, 150);
  const trend = random.between(-0.15, 0.25) / 182;
  const weekdays = Array.from({ length: 7 }, () => random.between(0.6, 1.5));
  const leadTimeDays = random.whole(2, 7);
  const reviewDays = 7;
  let drift = 0;
  const all = Array.from({ length: days + leadTimeDays + reviewDays }, (_, day) => {
    drift = 0.97 * drift + random.normal(0, 0.03);
    const promotion = random.next() < 0.01 ? 1.6 : 1;
    return random.poisson(level * (1 + trend * day) * (weekdays[day % 7] ?? 1) * Math.exp(drift) * promotion);
  });
  return {
    input: {
      sku: `SKU-${seed}`,
      demand: all.slice(0, days),
      onHand: rounded(level * random.between(2, 10), 0),
      onOrder: rounded(level * random.between(0, 3), 0),
      leadTimeDays,
      reviewDays,
      serviceLevel: 0.95,
      packSize: random.pick([1, 6, 12]),
    },
    future: all.slice(days),
  };
}
