// One proof, from inputs to a verified answer: witness, proof, self-verification, and the words that a contract takes.
import { type FullProof, fflonk, groth16, plonk } from 'snarkjs';
import { AiosError } from '#node/platform/errors.ts';
import type { Circuit, ProofSystem } from '../catalogue.ts';
import { proveWithMultiples } from './groth16-prove.ts';
import type { KeyStore, ProvingKeys } from './key-store.ts';
import { CurveMemory } from './multiples.ts';
import { type CircuitInput, calculateWitness, witnessFile, witnessNumbers } from './witness.ts';

const systems = { groth16, fflonk, plonk };

export type Stage = 'compile' | 'setup' | 'witness' | 'prove' | 'verify';

export interface ProofAnswer {
  readonly circuit: string;
  readonly system: ProofSystem;
  readonly proof: Readonly<Record<string, unknown>>;
  /** Decimal strings, in the order of the circuit's `publicSignals`. */
  readonly publicSignals: readonly string[];
  /** The proof as the verifying contract takes it: 32-byte words, hex. */
  readonly words: readonly string[];
  readonly keyHash: string;
  /** True when the key's secret is published: such a proof convinces nobody. */
  readonly development: boolean;
}

/**
 * Proves and verifies. No answer leaves that its own key does not accept.
 * @throws AiosError WITNESS_INPUT_INVALID, STATEMENT_FALSE, PROOF_SELF_CHECK_FAILED, and what KeyStore.open throws
 */
export async function prove(
  store: KeyStore,
  circuit: Circuit,
  system: ProofSystem,
  input: CircuitInput,
  report: (stage: Stage, fraction: number) => void = () => {},
  options: { readonly singleThread?: boolean } = {},
): Promise<ProofAnswer> {
  checkInput(circuit, input);
  const keys = await store.open(circuit, system, report);
  report('witness', 0);
  const witness = witnessFile(await calculateWitness(keys.wasm, input));
  report('prove', 0);
  const { proof, publicSignals } = await proofOf(system, keys, witness, options);
  report('verify', 0);
  if (!(await verifyProof(keys, system, publicSignals, proof))) {
    throw new AiosError(
      'PROOF_SELF_CHECK_FAILED',
      `The proof of ${circuit.id} did not verify under its own key. Remove the key from the data folder (proving/) and try again.`,
    );
  }
  const words = await proofWords(system, proof, publicSignals);
  report('verify', 1);
  return {
    circuit: circuit.id,
    system,
    proof,
    publicSignals,
    words,
    keyHash: keys.keyHash,
    development: keys.development,
  };
}

/** The proof of a witness file, not verified yet. */
export function proofOf(
  system: ProofSystem,
  keys: Pick<ProvingKeys, 'zkey' | 'multiples'>,
  witness: Uint8Array,
  options: { readonly singleThread?: boolean } = {},
): Promise<FullProof> {
  return keys.multiples === undefined
    ? systems[system].prove(keys.zkey, witness, undefined, options)
    : proveWithMultiples(keys.zkey, keys.multiples, witnessNumbers(witness));
}

/** Whether a proof holds under a key. A malformed proof does not. */
export async function verifyProof(
  keys: Pick<ProvingKeys, 'verificationKey'>,
  system: ProofSystem,
  publicSignals: readonly string[],
  proof: object,
): Promise<boolean> {
  try {
    return await CurveMemory.lend(() => systems[system].verify(keys.verificationKey, publicSignals, proof));
  } catch {
    return false;
  }
}

/** @throws AiosError WITNESS_INPUT_INVALID naming every input that is missing, unknown or of another shape */
export function checkInput(circuit: Circuit, input: CircuitInput): void {
  const wrong: string[] = [];
  for (const [name, shape] of Object.entries(circuit.inputs)) {
    const value = input[name];
    if (value === undefined) wrong.push(`${name} is missing`);
    else if (!hasShape(value, shape)) {
      wrong.push(
        `${name} is to be ${shape.length === 0 ? 'an integer' : `integers in the shape [${shape.join('][')}]`}`,
      );
    }
  }
  for (const name of Object.keys(input))
    if (!(name in circuit.inputs)) wrong.push(`${name} is no input of it`);
  if (wrong.length > 0) {
    throw new AiosError(
      'WITNESS_INPUT_INVALID',
      `The inputs do not fit circuit ${circuit.id}: ${wrong.join('; ')}.`,
    );
  }
}

function hasShape(value: unknown, [length, ...rest]: readonly number[]): boolean {
  if (length === undefined) {
    if (typeof value === 'string') return /^(0x[0-9a-fA-F]{1,64}|-?[0-9]{1,78})$/.test(value);
    return typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));
  }
  return Array.isArray(value) && value.length === length && value.every((element) => hasShape(element, rest));
}

/** The proof as 32-byte words in the order of the generated verifier's arguments. */
export async function proofWords(
  system: ProofSystem,
  proof: object,
  publicSignals: readonly string[],
): Promise<string[]> {
  // FFLONK's takes its arguments the other way round.
  const text =
    system === 'fflonk'
      ? await fflonk.exportSolidityCallData(publicSignals, proof)
      : await systems[system].exportSolidityCallData(proof, publicSignals);
  const words = text.match(/0x[0-9a-fA-F]+/g) ?? [];
  return words
    .slice(0, words.length - publicSignals.length)
    .map((word) => `0x${word.slice(2).toLowerCase().padStart(64, '0')}`);
}
