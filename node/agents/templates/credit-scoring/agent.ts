// Credit scoring: adds integer points by scorecard.json and gives the reason codes where most points were lost. Integers only, so that the
// creditPolicy circuit computes the same from the same file.
import scorecard from './scorecard.json';

interface Application {
  readonly applicant: string;
  readonly features: { readonly [name: string]: number };
  /** Whether the decision comes with a proof that it followed the scorecard; takes as long as the provers need. */
  readonly prove?: boolean;
}

interface Proof {
  readonly signals: { readonly [name: string]: string };
}

interface Platform {
  log(...parts: readonly unknown[]): void;
  call(capability: 'prove.request', args: unknown): Proof;
}

interface Part {
  readonly feature: string;
  readonly value: number;
  readonly bin: number;
  readonly points: number;
  readonly best: number;
}

const REASONS = 4;
/** As the circuit counts them. */
const DECISIONS = ['DECLINE', 'REVIEW', 'APPROVE'];

/** A number that nobody guesses who does not know the run's seed: 4 times 48 bits. */
function salt(): string {
  let number = 0n;
  for (let part = 0; part < 4; part++)
    number = (number << 48n) | BigInt(Math.floor(Math.random() * 281474976710656));
  return number.toString();
}

/** Has it proved that this decision on these values followed the scorecard; neither values nor points are shown by the proof. */
function prove(parts: readonly Part[], decision: string, aios: Platform): Proof {
  const { features, base, approveAt, reviewAt, policySalt } = scorecard;
  const proof = aios.call('prove.request', {
    circuit: 'credit-policy',
    inputs: {
      value: parts.map(({ value }) => value),
      applicantSalt: salt(),
      bound: features.map(({ bounds }) => bounds),
      point: features.map(({ points }) => points),
      ...{ base, approveAt, reviewAt, policySalt },
    },
  });
  const proved = DECISIONS[Number(proof.signals.decision)];
  if (proved !== decision) throw new Error(`the circuit decides ${proved}, the scorecard ${decision}`);
  return proof;
}

export function run(input: Application, aios: Platform) {
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
  const answer = { decision, score, reasons: decision === 'APPROVE' ? [] : reasons, parts };
  return input.prove ? { ...answer, proof: prove(parts, decision, aios) } : answer;
}
