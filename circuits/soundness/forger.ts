// The adversary of the soundness tests: a prover with a witness calculator of his own. He fixes the inputs and any signals he likes,
// derives everything else from them as the constraints allow, bits and zero tests included, and hopes that every constraint holds.
// Against circuits with a hole he succeeds (the fixtures), which is what gives his failures elsewhere their meaning.
import {
  type Constraint,
  evaluate,
  inverse,
  type LinearForm,
  mod,
  type R1cs,
  scalarField,
  violations,
} from '../r1cs.ts';

export interface Forgery {
  readonly witness: readonly bigint[];
  /** Constraints that the forged witness breaks; none: the circuit accepts a lie. */
  readonly broken: readonly number[];
}

/**
 * Derives a witness around what is fixed (wire → value). Signals that nothing determines keep their value in `honest`.
 */
export function forge(r1cs: R1cs, honest: readonly bigint[], fixed: ReadonlyMap<number, bigint>): Forgery {
  const values: (bigint | undefined)[] = new Array(r1cs.wires).fill(undefined);
  values[0] = 1n;
  for (const [wire, value] of fixed) values[wire] = mod(value);
  const structure = structureOf(r1cs);
  const queue = new Set(r1cs.constraints.keys());
  const set = (wire: number, value: bigint) => {
    values[wire] = value;
    for (const user of structure.users[wire] ?? []) queue.add(user);
  };
  for (;;) {
    for (const index of queue) {
      queue.delete(index);
      const found = solve(r1cs.constraints[index] as Constraint, values, structure.bits);
      for (const [wire, value] of found) set(wire, value);
    }
    // A zero test's hint stands in a product of two unknowns: it is computed the way circom does.
    const test = structure.products.find(
      ({ a, b, c }) =>
        c.wires.length > 0 &&
        hintOf(a, b, values) !== undefined &&
        c.wires.some((wire) => values[wire] === undefined),
    );
    if (test) {
      const { wire, value } = hintOf(test.a, test.b, values) as { wire: number; value: bigint };
      set(wire, value);
      continue;
    }
    const open = values.indexOf(undefined);
    if (open < 0) break;
    set(open, honest[open] as bigint);
  }
  const witness = values as bigint[];
  return { witness, broken: violations(r1cs, witness) };
}

interface Structure {
  /** Constraints by the wires that occur in them. */
  readonly users: readonly (readonly number[] | undefined)[];
  /** Wires with w·(w − 1) = 0. */
  readonly bits: ReadonlySet<number>;
  readonly products: readonly Constraint[];
}

const structures = new WeakMap<R1cs, Structure>();

function structureOf(r1cs: R1cs): Structure {
  const present = structures.get(r1cs);
  if (present) return present;
  const users: number[][] = new Array(r1cs.wires);
  const bits = new Set<number>();
  const products: Constraint[] = [];
  for (const [index, constraint] of r1cs.constraints.entries()) {
    const { a, b, c } = constraint;
    const wires = new Set([...a.wires, ...b.wires, ...c.wires]);
    for (const wire of wires) {
      const list = users[wire];
      if (list) list.push(index);
      else users[wire] = [index];
    }
    wires.delete(0);
    if (c.wires.length === 0 && wires.size === 1) bits.add([...wires][0] as number);
    if (!isConstant(a) && !isConstant(b)) products.push(constraint);
  }
  const structure = { users, bits, products };
  structures.set(r1cs, structure);
  return structure;
}

const isConstant = (form: LinearForm) => form.wires.every((wire) => wire === 0);

/** The values that one constraint gives to wires that have none yet. */
function solve(
  { a, b, c }: Constraint,
  values: readonly (bigint | undefined)[],
  bits: ReadonlySet<number>,
): readonly (readonly [number, bigint])[] {
  const openA = open(a, values);
  const openB = open(b, values);
  const openC = open(c, values);
  if (openA.length + openB.length + openC.length === 0) return [];
  // Σ unknown = target, as a linear relation over the unknown wires, when at least one factor is known.
  let relation: Map<number, bigint>;
  let target: bigint;
  if (openA.length === 0 || openB.length === 0) {
    const [factor, form] = openA.length === 0 ? [a, b] : [b, a];
    const scale = partial(factor, values);
    relation = new Map();
    addInto(relation, form, scale, values);
    addInto(relation, c, -1n, values);
    target = mod(partial(c, values) - scale * partial(form, values));
  } else {
    return [];
  }
  const unknown = [...relation].filter(([, coefficient]) => coefficient !== 0n);
  if (unknown.length === 0) return [];
  const [only] = unknown;
  if (only && unknown.length === 1) return [[only[0], mod(target * inverse(only[1]))]];
  if (!unknown.every(([wire]) => bits.has(wire))) return [];
  return decompose(unknown, target);
}

/** Bits whose weighted sum comes as near to the target as the lowest bits can: exact when the target fits. */
function decompose(
  unknown: readonly (readonly [number, bigint])[],
  target: bigint,
): readonly (readonly [number, bigint])[] {
  for (const [, unit] of unknown) {
    const scale = inverse(unit);
    // The lowest digit's neighbour is twice as heavy; any other candidate is passed over without sorting.
    if (unknown.length > 1 && !unknown.some(([, coefficient]) => coefficient === mod(2n * unit))) continue;
    const digits = unknown
      .map(([wire, coefficient]) => ({ wire, weight: mod(coefficient * scale) }))
      .sort((left, right) => (left.weight < right.weight ? -1 : 1));
    if (digits.some(({ weight }, place) => weight !== 1n << BigInt(place))) continue;
    const value = mod(target * scale);
    return digits.map(({ wire }, place) => [wire, (value >> BigInt(place)) & 1n] as const);
  }
  return [];
}

function hintOf(
  a: LinearForm,
  b: LinearForm,
  values: readonly (bigint | undefined)[],
): { wire: number; value: bigint } | undefined {
  for (const [known, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const wire = other.wires[0];
    if (other.wires.length !== 1 || wire === undefined || values[wire] !== undefined) continue;
    if (open(known, values).length > 0) continue;
    const value = evaluate(known, values as bigint[]);
    // −x·i = y − 1 with y to become 0.
    return {
      wire,
      value: value === 0n ? 0n : inverse(mod(scalarField - value * (other.coefficients[0] as bigint))),
    };
  }
  return undefined;
}

const open = (form: LinearForm, values: readonly (bigint | undefined)[]) =>
  form.wires.filter((wire) => values[wire] === undefined);

/** The known part of a form. */
function partial(form: LinearForm, values: readonly (bigint | undefined)[]): bigint {
  let sum = 0n;
  for (const [index, wire] of form.wires.entries()) {
    const value = values[wire];
    if (value !== undefined) sum += (form.coefficients[index] as bigint) * value;
  }
  return mod(sum);
}

function addInto(
  relation: Map<number, bigint>,
  form: LinearForm,
  scale: bigint,
  values: readonly (bigint | undefined)[],
): void {
  for (const [index, wire] of form.wires.entries()) {
    if (values[wire] !== undefined) continue;
    relation.set(wire, mod((relation.get(wire) ?? 0n) + scale * (form.coefficients[index] as bigint)));
  }
}
