// A credit decision of a run as the input of the circuit that proves it: the features the run was given, and the scorecard that its
// version has in scorecard.json.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { PackageTexts } from '../client/agent-package.ts';

interface Feature {
  readonly name: string;
  readonly max: number;
  readonly bounds: readonly number[];
  readonly points: readonly number[];
}

interface Scorecard {
  readonly base: number;
  readonly approveAt: number;
  readonly reviewAt: number;
  readonly features: readonly Feature[];
}

const FEATURES = 8;
const BOUNDS = 4;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const areCounts = (value: unknown, length: number): boolean =>
  Array.isArray(value) && value.length === length && value.every(isCount);

/** Throws an Error that says what the circuit cannot take. */
function readScorecard(text: string | undefined): Scorecard {
  if (text === undefined)
    throw new Error(
      'This version has no scorecard.json: the circuit proves decisions of the credit-scoring template.',
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('scorecard.json is not JSON.');
  }
  if (
    !isObject(value) ||
    !isCount(value.base) ||
    !isCount(value.approveAt) ||
    !isCount(value.reviewAt) ||
    !Array.isArray(value.features)
  )
    throw new Error('scorecard.json needs base, approveAt, reviewAt and features, all of whole numbers.');
  const features = value.features as readonly unknown[];
  if (features.length !== FEATURES)
    throw new Error(`The circuit takes ${FEATURES} features; scorecard.json has ${features.length}.`);
  for (const feature of features) {
    if (
      !isObject(feature) ||
      typeof feature.name !== 'string' ||
      !isCount(feature.max) ||
      !areCounts(feature.bounds, BOUNDS) ||
      !areCounts(feature.points, BOUNDS + 1)
    )
      throw new Error(
        `Each feature of scorecard.json has a name, max, ${BOUNDS} bounds and ${BOUNDS + 1} points, whole numbers of 0 or more.`,
      );
  }
  return value as unknown as Scorecard;
}

/** A random number below the circuits' field: 31 bytes, decimal. */
export function randomSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(31));
  return bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n).toString();
}

/** What a run's proofs are bound to, as the platform computes it for `prove.request` (docs/proving.md, "Proofs of runs"). */
export function runContext(seed: string): string {
  const digest = sha256(new TextEncoder().encode(`aios-run-context/1\n${seed}`));
  return BigInt(`0x${bytesToHex(digest.subarray(0, 31))}`).toString();
}

/**
 * The input of `credit-policy` for a run: bound to the run, with fresh salts. Throws an Error that says what is missing.
 */
export function creditProofInput(
  run: { readonly seed: string; readonly input: unknown },
  files: PackageTexts,
): Readonly<Record<string, unknown>> {
  const scorecard = readScorecard(files['scorecard.json']);
  const given = isObject(run.input) && isObject(run.input.features) ? run.input.features : {};
  const value = scorecard.features.map(({ name, max }) => {
    const feature = given[name];
    if (!isCount(feature)) throw new Error(`The run’s input has no whole number features.${name}.`);
    return Math.min(feature, max);
  });
  return {
    value,
    applicantSalt: randomSecret(),
    bound: scorecard.features.map(({ bounds }) => bounds),
    point: scorecard.features.map(({ points }) => points),
    base: scorecard.base,
    approveAt: scorecard.approveAt,
    reviewAt: scorecard.reviewAt,
    policySalt: randomSecret(),
    context: runContext(run.seed),
  };
}

/** What the circuit's decision is called by the agent. */
export const DECISIONS: readonly string[] = ['DECLINE', 'REVIEW', 'APPROVE'];
