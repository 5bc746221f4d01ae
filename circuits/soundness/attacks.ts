// What a dishonest prover would try, circuit by circuit. Each attack names a lie; the r1cs must refuse every one.
import type { CircuitInput } from '../prover/witness.ts';
import { mod } from '../r1cs.ts';
import type { Forgery } from './forger.ts';
import type { Subject } from './subject.ts';

export interface Attack {
  readonly lie: string;
  readonly attempt: (subject: Subject) => Forgery;
}

const input =
  (inputs: CircuitInput, signals: Readonly<Record<string, bigint>> = {}): Attack['attempt'] =>
  (subject) =>
    subject.forge({ inputs, signals });

/** Fixes signals relative to the honest witness. */
const shifted =
  (
    changes: Readonly<Record<string, (honest: bigint) => bigint>>,
    inputs: CircuitInput = {},
  ): Attack['attempt'] =>
  (subject) =>
    subject.forge({
      inputs,
      signals: Object.fromEntries(
        Object.entries(changes).map(([name, change]) => [name, mod(change(subject.value(name)))]),
      ),
    });

/** Keeps public signals as they were while the inputs behind them change. */
const keeping =
  (names: readonly string[], inputs: CircuitInput): Attack['attempt'] =>
  (subject) =>
    subject.forge({ inputs, signals: Object.fromEntries(names.map((name) => [name, subject.value(name)])) });

const plus = (amount: bigint) => (honest: bigint) => honest + amount;
const flip = (honest: bigint) => 1n - honest;

const credential: readonly Attack[] = [
  { lie: 'range: a value below the minimum', attempt: input({ value: 17 }) },
  { lie: 'range: a value above the maximum', attempt: input({ value: 151 }) },
  { lie: 'range: minus one as a value', attempt: input({ value: mod(-1n), minimum: 0 }) },
  { lie: 'range: a value beyond 32 bits', attempt: input({ value: 1n << 40n, maximum: (1n << 40n) + 1n }) },
  { lie: 'range: a negative minimum', attempt: input({ value: 5, minimum: mod(-5n) }) },
  {
    lie: 'range: a bit that is 2',
    attempt: shifted({
      'valueRange.decomposition.out[0]': plus(2n),
      'valueRange.decomposition.out[1]': plus(-1n),
    }),
  },
  { lie: 'nullifier: another number', attempt: shifted({ nullifier: plus(1n) }) },
  { lie: 'nullifier: kept while the scope changes', attempt: keeping(['nullifier'], { scope: 4243 }) },
  { lie: 'nullifier: kept while the secret changes', attempt: keeping(['nullifier'], { secret: 5 }) },
  { lie: "commitment: somebody else's", attempt: keeping(['commitment'], { value: 40 }) },
  { lie: 'commitment: kept while the secret changes', attempt: keeping(['commitment'], { secret: 5 }) },
  {
    lie: 'statement: says another minimum than was checked',
    attempt: keeping(['statement'], { minimum: 1 }),
  },
];

const poor = { value: [3, 50, 95, 9, 99, 5, 100, 60] };

const creditPolicy: readonly Attack[] = [
  { lie: 'decision: approved although the score says decline', attempt: input(poor, { decision: 2n }) },
  { lie: 'decision: 3', attempt: shifted({ decision: plus(1n) }) },
  {
    lie: 'policy: a bound counted as reached',
    attempt: input(poor, { 'scored[0].reached[0].out': 1n }),
  },
  { lie: 'policy: points invented', attempt: shifted({ 'scored[0].step[0]': plus(1_000n) }, poor) },
  {
    lie: 'policy: a lower threshold under the same commitment',
    attempt: keeping(['policy'], { approveAt: 1, reviewAt: 1 }),
  },
  { lie: 'policy: more base points under the same commitment', attempt: keeping(['policy'], { base: 999 }) },
  {
    lie: 'policy: a value carried over from one packed field to the next',
    attempt: (subject) =>
      keeping(['policy'], {
        point: subject.list('point').map((row, index) => (index === 0 ? carry(row, 65_536n) : row)),
      })(subject),
  },
  { lie: 'range: minus one as a value', attempt: input({ value: [mod(-1n), 50, 95, 9, 99, 5, 100, 60] }) },
  {
    lie: 'policy: bounds that do not ascend',
    attempt: input({ bound: [[120, 36, 72, 12], ...Array.from({ length: 7 }, () => [1, 2, 3, 4])] }),
  },
  { lie: 'policy: review above approve', attempt: input({ approveAt: 600, reviewAt: 10_000 }) },
  {
    lie: "applicant: somebody else's values",
    attempt: keeping(['applicant'], { value: [84, 9_999, 35, 1, 30, 75, 640, 8] }),
  },
  { lie: 'nullifier: another number', attempt: shifted({ nullifier: plus(1n) }) },
  { lie: 'nullifier: kept in another context', attempt: keeping(['nullifier'], { context: 100 }) },
];

const ether = (amount: string) => `${amount}000000000000000000`;

const spendGuard: readonly Attack[] = [
  { lie: 'caps: a payment above the cap', attempt: input({ amount: [ether('4'), 0, 0, 0, 0, 0, 0, 0] }) },
  { lie: 'caps: payments that exceed the total', attempt: input({ spent: ether('9') }) },
  {
    lie: 'caps: a negative amount that makes room',
    attempt: input({ amount: [ether('3'), mod(-BigInt(ether('3'))), ether('3'), 0, 0, 0, 0, 0] }),
  },
  {
    lie: 'caps: an amount beyond 88 bits',
    attempt: input({ amount: [1n << 90n, 0, 0, 0, 0, 0, 0, 0], paymentCap: 1n << 91n }),
  },
  { lie: 'payee: not on the list', attempt: input({ payee: [44, 22, 11, 0, 0, 0, 0, 0] }) },
  { lie: 'payee: money to nobody', attempt: input({ payee: [0, 22, 11, 0, 0, 0, 0, 0] }) },
  {
    lie: 'payee: the product forced to zero',
    attempt: input({ payee: [44, 22, 11, 0, 0, 0, 0, 0] }, { 'payment[0].product[4]': 0n }),
  },
  {
    lie: 'payee: added to the list under the same policy',
    attempt: keeping(['policy'], {
      payee: [44, 22, 11, 0, 0, 0, 0, 0],
      allowed: [11, 22, 44, 0, 0, 0, 0, 0],
    }),
  },
  {
    lie: 'policy: a higher cap under the same commitment',
    attempt: keeping(['policy'], { paymentCap: ether('9') }),
  },
  { lie: 'state: less spent before than the state says', attempt: keeping(['before'], { spent: 0 }) },
  {
    lie: 'state: the next state forgets the batch',
    attempt: keeping(['after'], { amount: [1, 1, 1, 0, 0, 0, 0, 0] }),
  },
  { lie: 'state: an older sequence', attempt: keeping(['before'], { sequence: 2 }) },
  {
    lie: 'batch: other amounts under the same commitment',
    attempt: keeping(['batch'], { amount: [1, 1, 1, 0, 0, 0, 0, 0] }),
  },
  {
    lie: 'batch: an amount carried into the payee',
    attempt: keeping(['batch'], { payee: [11n + (1n << 160n), 22, 11, 0, 0, 0, 0, 0] }),
  },
  { lie: 'nullifier: another number', attempt: shifted({ nullifier: plus(1n) }) },
];

/** One more in the second number for 2^bits less in the first: the packed sum stays. */
function carry(row: readonly bigint[], radix: bigint): bigint[] {
  return row.map((value, index) => (index === 0 ? value + radix : index === 1 ? value - 1n : value));
}

/** Attacks on the neuron whose sum has the wanted sign. */
function neuron(
  negative: boolean,
  signals: (subject: Subject, row: number) => Record<string, bigint>,
): Attack['attempt'] {
  return (subject) => {
    for (let row = 0; ; row++) {
      if ((subject.value(sign(row)) === 0n) === negative)
        return subject.forge({ signals: signals(subject, row) });
    }
  };
}

const sign = (row: number) => `activation[${row}].sign.nonNegative`;
const bit = (row: number, index: number) => `activation[${row}].sign.low[${index}]`;

const mlp: readonly Attack[] = [
  {
    lie: 'ReLU: a negative sum called positive',
    attempt: neuron(true, (_subject, row) => ({ [sign(row)]: 1n })),
  },
  {
    lie: 'ReLU: a positive sum called negative',
    attempt: neuron(false, (_subject, row) => ({ [sign(row)]: 0n })),
  },
  {
    lie: 'ReLU: another activation',
    attempt: neuron(true, (_subject, row) => ({ [`activation[${row}].out`]: 5n })),
  },
  {
    lie: 'remainder: as large as the divisor, the quotient one less',
    attempt: neuron(false, (subject, row) => ({
      [bit(row, 8)]: subject.value(bit(row, 8)) - 1n,
      [bit(row, 0)]: subject.value(bit(row, 0)) + 256n,
    })),
  },
  {
    lie: 'remainder: a flipped bit',
    attempt: neuron(false, (subject, row) => ({ [bit(row, 0)]: flip(subject.value(bit(row, 0))) })),
  },
  {
    lie: 'quotient: a flipped bit',
    attempt: neuron(false, (subject, row) => ({ [bit(row, 9)]: flip(subject.value(bit(row, 9))) })),
  },
  {
    lie: 'saturation: forced off',
    attempt: neuron(false, (subject, row) => ({
      [`activation[${row}].saturated`]: subject.value(`activation[${row}].saturated`) - 1n,
    })),
  },
  {
    lie: 'weights: two that pack to the same element',
    attempt: (subject) =>
      keeping(['model'], {
        hiddenWeight: subject
          .list('hiddenWeight')
          .map((row, index) => (index === 0 ? carry(row, 256n) : row)),
      })(subject),
  },
  {
    lie: 'model: other weights under the same commitment',
    attempt: (subject) =>
      keeping(['model'], {
        outputWeight: subject.list('outputWeight').map((row) => row.map((weight) => 255n - weight)),
      })(subject),
  },
  {
    lie: 'label: another class',
    attempt: shifted({ label: (honest) => (honest === 0n ? 1n : honest - 1n) }),
  },
  { lie: 'score: one more', attempt: shifted({ score: plus(1n) }) },
  { lie: 'nullifier: another number', attempt: shifted({ nullifier: plus(1n) }) },
];

/** Attacks by circuit id; those of a small perceptron go for every size. */
export const attacks: Readonly<Record<string, readonly Attack[]>> = {
  credential,
  'credit-policy': creditPolicy,
  'spend-guard': spendGuard,
  mlp,
};

/** Lies that the unsound fixtures accept: without them a forger that never succeeds would prove nothing. */
export const acceptedLies: Readonly<
  Record<string, { readonly input: CircuitInput; readonly signals: Record<string, bigint> }>
> = {
  'paper-relu': { input: { x: -3 }, signals: { y: 1_000_000n } },
  'asserted-remainder': { input: { in: 123_456 }, signals: { quotient: 7n } },
  'unbounded-inverse': { input: { numerator: 0, in: 0 }, signals: { quotient: 42n } },
  'unused-hint': { input: { in: 200 }, signals: { top: 0n } },
};
