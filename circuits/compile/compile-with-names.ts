// Circuits as the gate and the forger look at them: with every signal that has a name kept (`--O1`). What is proved is compiled with `--O2`,
// which only substitutes linear constraints: the solutions are the same, and what is determined in one is in the other.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Circuit, mainSource } from '../catalogue.ts';
import { type R1cs, readR1cs, readSymbols } from '../r1cs.ts';
import { type Compiled, compileCircuit } from './compile-circuit.ts';

/** What has to be known of a circuit to compile it: those of the catalogue, and fixtures. */
export type CircuitSource = Pick<Circuit, 'id' | 'file' | 'main' | 'publicInputs'>;

export interface NamedCircuit {
  readonly compiled: Compiled;
  readonly r1cs: R1cs;
  /** Name of a signal → its wire. */
  readonly wires: ReadonlyMap<string, number>;
}

/** Compiles into a folder that is gone when `work` has ended. @throws AiosError CIRCUIT_INVALID, and what `work` throws */
export async function compileWithNames<Result>(
  circuit: CircuitSource,
  include: readonly string[],
  work: (named: NamedCircuit) => Result | Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'aios-circuit-'));
  try {
    const compiled = await compileCircuit({
      source: mainSource(circuit),
      folder,
      name: circuit.id,
      optimisation: 1,
      include,
    });
    return await work({ compiled, r1cs: readR1cs(compiled.r1cs), wires: readSymbols(compiled.sym) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
