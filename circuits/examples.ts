// Inputs that satisfy each circuit: what a key is tried with after its setup, and what tests and measurements prove. Nobody's data.
import type { CircuitInput } from './prover/witness.ts';

/** Small deterministic numbers, so that every run of a test sees the same model. */
export function sequence(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return (below) => {
    state ^= (state << 13) >>> 0;
    state ^= state >>> 17;
    state ^= (state << 5) >>> 0;
    state >>>= 0;
    return state % below;
  };
}

export const credentialExample: CircuitInput = {
  // Age in years, of a holder of 34.
  value: 34,
  secret: '123456789012345678901234567890',
  salt: '987654321098765432109876543210',
  attribute: 1,
  minimum: 18,
  maximum: 150,
  scope: 4242,
  subject: '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
};

/** The credit-scoring agent's applicant of a good standing, against the bounds and points given. */
export const creditExample: CircuitInput = {
  value: [84, 2_600, 35, 1, 30, 75, 640, 8],
  applicantSalt: '555555555555555555555',
  bound: [
    [12, 36, 72, 120],
    [100, 500, 2000, 10000],
    [20, 40, 60, 90],
    [1, 2, 4, 7],
    [25, 50, 75, 95],
    [15, 30, 60, 120],
    [200, 400, 600, 800],
    [5, 10, 20, 35],
  ],
  point: [
    [0, 20, 40, 55, 65],
    [0, 15, 30, 45, 55],
    [70, 50, 30, 12, 0],
    [80, 55, 35, 15, 0],
    [60, 45, 25, 10, 0],
    [0, 15, 30, 45, 60],
    [0, 12, 25, 40, 50],
    [60, 48, 30, 12, 0],
  ],
  base: 350,
  approveAt: 640,
  reviewAt: 580,
  policySalt: '777777777777777777777',
  context: 99,
};

export const spendExample: CircuitInput = {
  payee: [11, 22, 11, 0, 0, 0, 0, 0],
  amount: ['1000000000000000000', '2500000000000000000', '500000000000000000', 0, 0, 0, 0, 0],
  batchSalt: '31415926535',
  allowed: [11, 22, 33, 0, 0, 0, 0, 0],
  paymentCap: '3000000000000000000',
  totalCap: '10000000000000000000',
  policySalt: '27182818284',
  sequence: 3,
  spent: '4000000000000000000',
  stateSalt: '16180339887',
  context: 7,
};

/** A model of random weights and an input for it. */
export function mlpExample(inputs: number, hidden: number, outputs: number, seed = 1): CircuitInput {
  const next = sequence(seed);
  const list = (count: number, below: number, offset = 0) =>
    Array.from({ length: count }, () => next(below) + offset);
  return {
    in: list(inputs, 256),
    dataSalt: 12345,
    hiddenWeight: Array.from({ length: hidden }, () => list(inputs, 256)),
    hiddenBias: list(hidden, 2_000, 31_768),
    outputWeight: Array.from({ length: outputs }, () => list(hidden, 256)),
    outputBias: list(outputs, 2_000, 31_768),
    modelSalt: 67890,
    context: 5,
  };
}

export const examples: Readonly<Record<string, CircuitInput>> = {
  credential: credentialExample,
  'credit-policy': creditExample,
  'spend-guard': spendExample,
  'mlp-1k': mlpExample(24, 32, 8),
  'mlp-10k': mlpExample(64, 120, 16),
};
