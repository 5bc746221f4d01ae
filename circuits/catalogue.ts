// The circuits of the product: what each proves, how it is instantiated, and what its public signals mean, in order.
import { AiosError } from '#node/platform/errors.ts';

export type ProofSystem = 'groth16' | 'fflonk' | 'plonk';
export const proofSystems: readonly ProofSystem[] = ['groth16', 'fflonk', 'plonk'];

export interface Circuit {
  readonly id: string;
  /** What a proof says, in a sentence. */
  readonly statement: string;
  /** File in circuits/circom that has the template. */
  readonly file: string;
  /** The main component, with its arguments. */
  readonly main: string;
  /** Inputs that are public; outputs always are. */
  readonly publicInputs: readonly string[];
  /** Names of the public signals: outputs, then public inputs. The first is always the nullifier, the last what the proof is bound to. */
  readonly publicSignals: readonly string[];
  /** Shape of every input: [] a number, [n] a list, [n, m] a list of n lists. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /** Proof systems it is set up for. */
  readonly systems: readonly ProofSystem[];
  /** Seconds of CPU that compiling and setting it up takes, for progress; rough. */
  readonly setupSeconds: number;
}

const mlp = (id: string, inputs: number, hidden: number, outputs: number, setupSeconds: number): Circuit => ({
  id,
  statement: `This label and score are what the committed ${inputs}-${hidden}-${outputs} model says about the committed input.`,
  file: 'mlp.circom',
  main: `Mlp(${inputs}, ${hidden}, ${outputs}, 8)`,
  publicInputs: ['context'],
  publicSignals: ['nullifier', 'model', 'data', 'label', 'score', 'context'],
  inputs: {
    in: [inputs],
    dataSalt: [],
    hiddenWeight: [hidden, inputs],
    hiddenBias: [hidden],
    outputWeight: [outputs, hidden],
    outputBias: [outputs],
    modelSalt: [],
    context: [],
  },
  systems: ['groth16'],
  setupSeconds,
});

export const circuits: readonly Circuit[] = [
  {
    id: 'credential',
    statement:
      'The holder of a committed credential has a value between minimum and maximum, and proves it once a scope.',
    file: 'credential.circom',
    main: 'Credential(32)',
    publicInputs: ['subject'],
    publicSignals: ['nullifier', 'commitment', 'statement', 'subject'],
    inputs: {
      value: [],
      secret: [],
      salt: [],
      attribute: [],
      minimum: [],
      maximum: [],
      scope: [],
      subject: [],
    },
    systems: ['groth16', 'fflonk', 'plonk'],
    setupSeconds: 5,
  },
  {
    id: 'credit-policy',
    statement: 'This decision on the committed applicant followed the committed scorecard.',
    file: 'credit-policy.circom',
    main: 'CreditPolicy(8, 4)',
    publicInputs: ['context'],
    publicSignals: ['nullifier', 'policy', 'applicant', 'decision', 'context'],
    inputs: {
      value: [8],
      applicantSalt: [],
      bound: [8, 4],
      point: [8, 5],
      base: [],
      approveAt: [],
      reviewAt: [],
      policySalt: [],
      context: [],
    },
    systems: ['groth16'],
    setupSeconds: 10,
  },
  {
    id: 'spend-guard',
    statement:
      "This batch of payments stays within the committed policy's caps and payees, and moves the running total from one state to the next.",
    file: 'spend-guard.circom',
    main: 'SpendGuard(8, 8)',
    publicInputs: ['context'],
    publicSignals: ['nullifier', 'policy', 'batch', 'before', 'after', 'context'],
    inputs: {
      payee: [8],
      amount: [8],
      batchSalt: [],
      allowed: [8],
      paymentCap: [],
      totalCap: [],
      policySalt: [],
      sequence: [],
      spent: [],
      stateSalt: [],
      context: [],
    },
    systems: ['groth16'],
    setupSeconds: 10,
  },
  mlp('mlp-1k', 24, 32, 8, 40),
  mlp('mlp-10k', 64, 120, 16, 400),
];

/** @throws AiosError CIRCUIT_UNKNOWN */
export function circuitOf(id: string): Circuit {
  const circuit = circuits.find((candidate) => candidate.id === id);
  if (!circuit) {
    throw new AiosError(
      'CIRCUIT_UNKNOWN',
      `There is no circuit "${id}". Known circuits: ${circuits.map((known) => known.id).join(', ')}.`,
    );
  }
  return circuit;
}

/** The source that circom compiles: the template's file and the main component. */
export function mainSource(circuit: Pick<Circuit, 'file' | 'main' | 'publicInputs'>): string {
  const visible = circuit.publicInputs.length > 0 ? ` {public [${circuit.publicInputs.join(', ')}]}` : '';
  return `pragma circom 2.2.0;\ninclude "${circuit.file}";\ncomponent main${visible} = ${circuit.main};\n`;
}
