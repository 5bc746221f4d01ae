// Products whose demand is known: constant elasticity, weekdays, chance. The agent sees only prices and sales.
import { rounded, SeededRandom } from './random.ts';

export interface PricedProduct {
  readonly input: {
    readonly product: string;
    readonly price: number;
    readonly unitCost: number;
    readonly floor: number;
    readonly ceiling: number;
    readonly maxDailyChange: number;
    readonly history: readonly { readonly price: number; readonly units: number; readonly weekday: number }[];
  };
  readonly truth: { readonly elasticity: number; readonly scale: number; readonly bestPrice: number };
}

export function pricedProduct(seed: number, days = 180): PricedProduct {
  const random = new SeededRandom(seed);
  const elasticity = -random.between(1.4, 3.5);
  const unitCost = rounded(random.between(4, 40));
  const bestPrice = (unitCost * elasticity) / (elasticity + 1);
  const base = bestPrice * random.between(0.75, 1.35);
  const scale = random.between(20, 120) / base ** elasticity;
  const weekdays = Array.from({ length: 7 }, () => random.between(0.7, 1.4));
  let price = base;
  const history = Array.from({ length: days }, (_, day) => {
    if (day % 7 === 0) price = base * random.between(0.85, 1.15);
    const paid = rounded(price);
    const mean = scale * paid ** elasticity * (weekdays[day % 7] ?? 1) * Math.exp(random.normal(0, 0.1));
    return { price: paid, units: random.poisson(mean), weekday: day % 7 };
  });
  const now = history.at(-1)?.price ?? rounded(base);
  return {
    input: {
      product: `product ${seed}`,
      price: now,
      unitCost,
      floor: rounded(unitCost * 1.05),
      ceiling: rounded(base * 1.6),
      maxDailyChange: 0.05,
      history,
    },
    truth: { elasticity, scale, bestPrice },
  };
}

/** Expected profit of a day at a price. */
export const profitAt = ({ truth, input }: PricedProduct, price: number): number =>
  truth.scale * price ** truth.elasticity * (price - input.unitCost);
