// The compile gate: a circuit passes when circom's inspection has no CA01 and every signal is determined by the inputs.
import { join } from 'node:path';
import { packageRoot } from '#node/platform/package-root.ts';
import { type CircuitSource, compileWithNames } from '../compile/compile-with-names.ts';
import { analyseDeterminacy } from './determinacy.ts';

/** Circuits that must be refused; they test the gate. */
export const refusedCircuits: readonly (CircuitSource & {
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

/** Compiles a circuit with names kept and judges it. */
export function lintCircuit(circuit: CircuitSource, include: readonly string[] = []): Promise<LintResult> {
  return compileWithNames(circuit, include, ({ compiled, r1cs, wires }) => {
    const findings: LintFinding[] = compiled.report
      .split(/\n(?=warning|error)/)
      .filter((paragraph) => paragraph.includes('[CA01]'))
      .map((paragraph) => ({ rule: 'CA01', message: paragraph.trim().split('\n')[0] ?? '' }));
    const names = new Map([...wires].map(([name, wire]) => [wire, name]));
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
  });
}
