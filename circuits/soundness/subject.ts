// A circuit as the adversary sees it: its constraints with named signals, and an honest witness to start from.
import { AiosError } from '#node/platform/errors.ts';
import { type CircuitSource, compileWithNames } from '../compile/compile-with-names.ts';
import { type CircuitInput, calculateWitness, type InputValue } from '../prover/witness.ts';
import { type R1cs, violations } from '../r1cs.ts';
import { type Forgery, forge } from './forger.ts';

export class Subject {
  readonly r1cs: R1cs;
  readonly honest: readonly bigint[];
  readonly #wires: ReadonlyMap<string, number>;
  readonly #input: CircuitInput;

  private constructor(
    r1cs: R1cs,
    honest: readonly bigint[],
    wires: ReadonlyMap<string, number>,
    input: CircuitInput,
  ) {
    this.r1cs = r1cs;
    this.honest = honest;
    this.#wires = wires;
    this.#input = input;
  }

  /** Compiles with names kept and makes an honest witness. @throws AiosError WITNESS_DISHONEST when it breaks a constraint */
  static open(
    circuit: CircuitSource,
    input: CircuitInput,
    include: readonly string[] = [],
  ): Promise<Subject> {
    return compileWithNames(circuit, include, async ({ compiled, r1cs, wires }) => {
      const honest = await calculateWitness(compiled.wasm, input);
      const broken = violations(r1cs, honest);
      if (broken.length > 0) {
        throw new AiosError(
          'WITNESS_DISHONEST',
          `${circuit.id}: the calculator's witness breaks ${broken.length} constraints.`,
        );
      }
      const subject = new Subject(r1cs, honest, wires, input);
      // A forger who breaks constraints without lying would see every lie refused.
      const idle = subject.forge({}).broken.length;
      if (idle > 0) {
        throw new AiosError(
          'FORGER_INCAPABLE',
          `${circuit.id}: without a lie the forger breaks ${idle} constraints; teach it the idiom.`,
        );
      }
      return subject;
    });
  }

  /** Value of a signal in a witness. */
  value(name: string, witness: readonly bigint[] = this.honest): bigint {
    return witness[this.wire(name)] as bigint;
  }

  wire(name: string): number {
    const wire = this.#wires.get(`main.${name}`);
    if (wire === undefined)
      throw new AiosError('SIGNAL_UNKNOWN', `The circuit has no signal ${name} that kept its wire.`);
    return wire;
  }

  get signals(): ReadonlyMap<string, number> {
    return this.#wires;
  }

  /** A two-dimensional input of the honest witness. */
  list(name: string): bigint[][] {
    return (this.#input[name] as readonly (readonly InputValue[])[]).map((row) =>
      row.map((value) => BigInt(value as string | number | bigint)),
    );
  }

  /** A forged witness: the inputs (with `inputs` changed) and the `signals` are fixed, the rest follows. */
  forge(forged: { inputs?: CircuitInput; signals?: Readonly<Record<string, bigint>> }): Forgery {
    const fixed = this.#inputs({ ...this.#input, ...forged.inputs });
    for (const [name, value] of Object.entries(forged.signals ?? {})) fixed.set(this.wire(name), value);
    return forge(this.r1cs, this.honest, fixed);
  }

  /** The same by wire. */
  forgeWire(wire: number, value: bigint): Forgery {
    const fixed = this.#inputs(this.#input);
    fixed.set(wire, value);
    return forge(this.r1cs, this.honest, fixed);
  }

  #inputs(input: CircuitInput): Map<number, bigint> {
    const fixed = new Map<number, bigint>();
    const visit = (name: string, value: InputValue) => {
      if (Array.isArray(value))
        for (const [index, element] of value.entries()) visit(`${name}[${index}]`, element);
      else {
        // An input that no constraint mentions has no wire: nothing stands in the adversary's way there.
        const wire = this.#wires.get(`main.${name}`);
        if (wire !== undefined) fixed.set(wire, BigInt(value as string | number | bigint));
      }
    };
    for (const [name, value] of Object.entries(input)) visit(name, value);
    return fixed;
  }
}
