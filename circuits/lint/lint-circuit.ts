// The compile gate: a circuit passes when circom's inspection has no CA01 and every signal is determined by the inputs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '#node/platform/package-root.ts';
import { type Circuit, mainSource } from '../catalogue.ts';
import { compileCircuit } from '../compile/compile-circuit.ts';
import { readR1cs, readSymbols } from '../r1cs.ts';
import { analyseDeterminacy } from './determinacy.ts';

/** Circuits that must be refused; they test the gate. */
export const refusedCircuits: readonly (Pick<Circuit, 'id' | 'file' | 'main' | 'publicInputs'> & {
  readonly why: string;
})[] = [
  {
    id: 'paper-relu',
    file: 'paper-relu.circom',
    main: 'PaperRelu()',
    publicInputs: [],
    why: 'y <-- x * (x > 0)',
  },
  {
    id: 'asserted-remainder',
    file: 'asserted-remainder.circom',
    main: 'AssertedRemainder(1000)',
    publicInputs: [],
    why: 'a remainder without a range check',
  },
  {
    id: 'unbounded-inverse',
    file: 'unbounded-inverse.circom',
    main: 'UnboundedInverse()',
    publicInputs: [],
    why: 'a division that allows zero',
  },
  {
    id: 'unused-hint',
    file: 'unused-hint.circom',
    main: 'UnusedHint(8)',
    publicInputs: [],
    why: 'bits of nothing',
  },
  {
    id: 'forgotten-signal',
    file: 'forgotten-signal.circom',
    main: 'ForgottenSignal()',
    publicInputs: [],
    why: 'CA01: a local signal in no constraint',
  },
];

/** Folder of the circuits that must be refused. */
export const fixturesFolder = join(packageRoot, 'circuits/fixtures');

export interface LintFinding {
  readonly rule: 'CA01' | 'undetermined' | 'unconstrained';
  readonly message: string;
}

export interface LintResult {
  readonly constraints: number;
  readonly signals: number;
  /** Signals that are free in a case where they influence nothing (the inverse of a zero test). */
  readonly harmless: number;
  readonly findings: readonly LintFinding[];
}

/**
 * Compiles a circuit with names kept (`--O1`) and judges it. What is proved is compiled with `--O2`, which only substitutes linear
 * constraints: the solutions are the same, and what is determined in one is in the other.
 */
export async function lintCircuit(
  circuit: Pick<Circuit, 'id' | 'file' | 'main' | 'publicInputs'>,
  include: readonly string[] = [],
): Promise<LintResult> {
  const folder = await mkdtemp(join(tmpdir(), 'aios-lint-'));
  try {
    const compiled = await compileCircuit({
      source: mainSource(circuit),
      folder,
      name: circuit.id,
      optimisation: 1,
      include,
    });
    const findings: LintFinding[] = compiled.report
      .split(/\n(?=warning|error)/)
      .filter((paragraph) => paragraph.includes('[CA01]'))
      .map((paragraph) => ({ rule: 'CA01', message: paragraph.trim().split('\n')[0] ?? '' }));
    const r1cs = readR1cs(compiled.r1cs);
    const names = new Map([...readSymbols(compiled.sym)].map(([name, wire]) => [wire, name]));
    const nameOf = (wire: number) => names.get(wire) ?? `wire ${wire}`;
    const { free, harmless, unconstrained } = analyseDeterminacy(r1cs);
    for (const wire of free) {
      findings.push({
        rule: 'undetermined',
        message: `${nameOf(wire)} is not determined by the inputs: whoever makes the witness may choose it. Constrain it.`,
      });
    }
    for (const wire of unconstrained) {
      if (free.includes(wire)) continue;
      findings.push({
        rule: 'unconstrained',
        message: `${nameOf(wire)} occurs in no constraint: a proof says nothing of it. Use it, bind it (Bind) or remove it.`,
      });
    }
    return { constraints: r1cs.constraints.length, signals: r1cs.wires, harmless: harmless.size, findings };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
