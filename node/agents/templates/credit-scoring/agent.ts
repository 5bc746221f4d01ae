// Credit scoring: adds integer points by scorecard.json and gives the reason codes where most points were lost. Integers only, so that the
// creditPolicy circuit computes the same from the same file.
import scorecard from './scorecard.json';

interface Application {
  readonly applicant: string;
  readonly features: { readonly [name: string]: number };
}

interface Part {
  readonly feature: string;
  readonly value: number;
  readonly bin: number;
  readonly points: number;
  readonly best: number;
}

const REASONS = 4;

export function run(input: Application, aios: { log(...parts: readonly unknown[]): void }) {
  const known = new Set(scorecard.features.map(({ name }) => name));
  for (const name of Object.keys(input.features))
    if (!known.has(name))
      throw new RangeError(`${name} is no feature of this scorecard: ${[...known].join(', ')}`);
  const parts: Part[] = scorecard.features.map(({ name, max, bounds, points }) => {
    const given = input.features[name];
    if (given === undefined) throw new RangeError(`features.${name} is missing: give a whole number`);
    const value = Math.min(given, max);
    const bin = bounds.filter((bound) => bound <= value).length;
    return { feature: name, value, bin, points: points[bin] ?? 0, best: Math.max(...points) };
  });
  const score = parts.reduce((sum, { points }) => sum + points, scorecard.base);
  const decision =
    score >= scorecard.approveAt ? 'APPROVE' : score >= scorecard.reviewAt ? 'REVIEW' : 'DECLINE';
  const reasons = scorecard.features
    .map(({ reason }, index) => {
      const part = parts[index];
      return { code: reason.code, text: reason.text, lost: part ? part.best - part.points : 0 };
    })
    .filter(({ lost }) => lost > 0)
    .sort((left, right) => right.lost - left.lost || (left.code < right.code ? -1 : 1))
    .slice(0, REASONS);
  aios.log(`${input.applicant}: ${score}, ${decision}`);
  return { decision, score, reasons: decision === 'APPROVE' ? [] : reasons, parts };
}
