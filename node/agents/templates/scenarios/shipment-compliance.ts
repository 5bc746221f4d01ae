// Cooled shipments with breaches put in on purpose, so that what the agent finds can be compared with what happened.
import { rounded, SeededRandom } from './random.ts';

export interface CooledShipment {
  readonly input: {
    readonly shipment: string;
    readonly deliveredAt: number;
    readonly terms: {
      readonly startsAt: number;
      readonly dueAt: number;
      readonly maxGapMinutes: number;
      readonly maxShock: number;
      readonly shockPenaltyBps: number;
      readonly price: string;
      readonly latePenaltyPerHourBps: number;
      readonly maxPenaltyBps: number;
      readonly ranges: readonly {
        readonly sensor: 'temperature' | 'humidity';
        readonly low: number;
        readonly high: number;
        readonly toleranceMinutes: number;
        readonly penaltyBps: number;
      }[];
    };
    readonly readings: readonly { at: number; temperature: number; humidity: number; shock: number }[];
  };
  /** Terms broken, in the order of the alphabet, each as often as it was. */
  readonly broken: readonly string[];
}

const STEP = 600;
const START = 1_767_225_600;

export function cooledShipment(seed: number): CooledShipment {
  const random = new SeededRandom(seed);
  const steps = random.whole(72, 400);
  const phase = random.between(0, 6);
  let readings = Array.from({ length: steps }, (_, index) => ({
    at: START + index * STEP,
    temperature: rounded(5 + 1.2 * Math.sin(index / 20 + phase) + random.normal(0, 0.25)),
    humidity: rounded(60 + 6 * Math.sin(index / 35 + phase) + random.normal(0, 1.5)),
    shock: rounded(Math.abs(random.normal(0, 0.6))),
  }));
  const broken: string[] = [];
  // Each in a part of the journey of its own, so that none hides another.
  const place = (part: number, length: number): number =>
    Math.floor((steps * part) / 5) + 2 + random.whole(0, Math.max(0, Math.floor(steps / 5) - length - 5));
  if (random.next() < 0.4) {
    const at = place(0, 6);
    for (let index = at; index < at + 6; index += 1)
      readings[index] = {
        ...(readings[index] as (typeof readings)[0]),
        temperature: rounded(10 + random.between(0, 6)),
      };
    broken.push('temperature');
  }
  if (random.next() < 0.4) {
    // Within the tolerance: no breach.
    const at = place(1, 2);
    readings[at] = { ...(readings[at] as (typeof readings)[0]), temperature: 9.5 };
  }
  if (random.next() < 0.3) {
    const at = place(2, 1);
    readings[at] = { ...(readings[at] as (typeof readings)[0]), shock: rounded(random.between(6, 12)) };
    broken.push('shock');
  }
  let gap: [number, number] | undefined;
  if (random.next() < 0.3) {
    const at = place(3, 8);
    gap = [START + at * STEP, START + (at + 7) * STEP];
    broken.push('gap');
  }
  if (gap) {
    const [from, to] = gap;
    readings = readings.filter(({ at }) => at <= from || at >= to);
  }
  const last = START + (steps - 1) * STEP;
  const late = random.next() < 0.3;
  const dueAt = late ? last - random.whole(1, 9) * 3600 : last + 3600;
  if (late) broken.push('late');
  return {
    input: {
      shipment: `shipment ${seed}`,
      deliveredAt: last,
      terms: {
        startsAt: START,
        dueAt,
        maxGapMinutes: 45,
        maxShock: 5,
        shockPenaltyBps: 150,
        price: '250000000000',
        latePenaltyPerHourBps: 50,
        maxPenaltyBps: 3_000,
        ranges: [
          { sensor: 'temperature', low: 2, high: 8, toleranceMinutes: 30, penaltyBps: 500 },
          { sensor: 'humidity', low: 40, high: 80, toleranceMinutes: 120, penaltyBps: 200 },
        ],
      },
      readings,
    },
    broken: broken.sort(),
  };
}
