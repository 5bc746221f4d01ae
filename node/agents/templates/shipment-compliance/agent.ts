// Shipment compliance: a sensor series against contract terms. A value holds until the next reading; where readings are further apart than
// the contract allows nothing is known, which is a breach of its own kind and never counted as an excursion. Times are seconds since 1970.

interface Range {
  readonly sensor: 'temperature' | 'humidity';
  readonly low: number;
  readonly high: number;
  readonly toleranceMinutes: number;
  readonly penaltyBps: number;
}

interface Shipment {
  readonly shipment: string;
  readonly deliveredAt?: number;
  readonly terms: {
    readonly startsAt: number;
    readonly dueAt: number;
    readonly maxGapMinutes: number;
    readonly maxShock?: number;
    readonly shockPenaltyBps?: number;
    /** Smallest unit, as text. */
    readonly price: string;
    readonly latePenaltyPerHourBps?: number;
    readonly maxPenaltyBps?: number;
    readonly ranges: readonly Range[];
  };
  readonly readings: readonly {
    readonly at: number;
    readonly temperature?: number;
    readonly humidity?: number;
    readonly shock?: number;
  }[];
}

interface Breach {
  readonly term: 'temperature' | 'humidity' | 'shock' | 'gap' | 'late';
  readonly from: number;
  readonly to: number;
  /** Furthest outside, in the sensor's unit; hours late; minutes without readings. */
  readonly worst: number;
  readonly penaltyBps: number;
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** Stretches of one sensor outside its range for longer than is tolerated. */
function excursions(range: Range, readings: Shipment['readings'], end: number, gap: number): Breach[] {
  const breaches: Breach[] = [];
  const known = readings.filter((reading) => reading[range.sensor] !== undefined);
  let from: number | undefined;
  let worst = 0;
  const close = (to: number): void => {
    if (from !== undefined && to - from > range.toleranceMinutes * 60)
      breaches.push({ term: range.sensor, from, to, worst: round(worst), penaltyBps: range.penaltyBps });
    from = undefined;
    worst = 0;
  };
  known.forEach((reading, index) => {
    const value = reading[range.sensor] ?? 0;
    const outside = value < range.low ? range.low - value : value > range.high ? value - range.high : 0;
    if (outside === 0) close(reading.at);
    else {
      from ??= reading.at;
      worst = Math.max(worst, outside);
    }
    const next = known[index + 1]?.at ?? end;
    // What is not known ends an excursion at the last moment that is.
    if (next - reading.at > gap) close(reading.at + gap);
  });
  close(Math.max(end, known.at(-1)?.at ?? end));
  return breaches;
}

export function run(input: Shipment, aios: { log(...parts: readonly unknown[]): void }) {
  const { terms } = input;
  const gap = terms.maxGapMinutes * 60;
  const end = input.deliveredAt ?? Math.max(terms.startsAt, ...input.readings.map(({ at }) => at));
  if (end < terms.startsAt) throw new RangeError('deliveredAt is before terms.startsAt: correct one of them');
  const readings = input.readings
    .filter(({ at }) => at >= terms.startsAt && at <= end)
    .sort((left, right) => left.at - right.at);
  const breaches: Breach[] = [];
  const times = [terms.startsAt, ...readings.map(({ at }) => at), end];
  for (let index = 1; index < times.length; index += 1) {
    const [from = 0, to = 0] = [times[index - 1], times[index]];
    if (to - from > gap)
      breaches.push({ term: 'gap', from, to, worst: round((to - from) / 60), penaltyBps: 0 });
  }
  for (const range of terms.ranges) breaches.push(...excursions(range, readings, end, gap));
  if (terms.maxShock !== undefined) {
    for (const { at, shock = 0 } of readings) {
      if (shock > terms.maxShock)
        breaches.push({
          term: 'shock',
          from: at,
          to: at,
          worst: round(shock - terms.maxShock),
          penaltyBps: terms.shockPenaltyBps ?? 0,
        });
    }
  }
  if (end > terms.dueAt) {
    const hours = Math.ceil((end - terms.dueAt) / 3600);
    breaches.push({
      term: 'late',
      from: terms.dueAt,
      to: end,
      worst: hours,
      penaltyBps: hours * (terms.latePenaltyPerHourBps ?? 0),
    });
  }
  breaches.sort((left, right) => left.from - right.from || (left.term < right.term ? -1 : 1));
  const owed = breaches.reduce((sum, { penaltyBps }) => sum + penaltyBps, 0);
  const penaltyBps = Math.min(owed, terms.maxPenaltyBps ?? 10_000);
  const penalty = (BigInt(terms.price) * BigInt(penaltyBps)) / 10_000n;
  const conclusive = !breaches.some(({ term }) => term === 'gap');
  aios.log(
    `${input.shipment}: ${breaches.length} breaches, penalty ${penaltyBps} bps${conclusive ? '' : ', with gaps'}`,
  );
  return { compliant: breaches.length === 0, conclusive, breaches, penaltyBps, penalty: penalty.toString() };
}
