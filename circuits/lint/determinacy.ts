// Is every signal of a circuit determined by its inputs? A forged witness exists exactly where one is not: two assignments that agree on
// the inputs and satisfy every constraint. The rules here are sound (what they call determined is), not complete: a circuit that uses an
// idiom they do not know is refused until the idiom is added, which is the safe direction.
import { type Constraint, inverse, type LinearForm, mod, type R1cs, scalarField } from '../r1cs.ts';

export interface Determinacy {
  /** Wires that the inputs determine. */
  readonly determined: ReadonlySet<number>;
  /** Wires that are free in some case but influence nothing else: the inverse hint of a zero test. */
  readonly harmless: ReadonlySet<number>;
  /** Wires of neither kind: whoever makes the witness may choose them. */
  readonly free: readonly number[];
  /** Wires that occur in no constraint at all. */
  readonly unconstrained: readonly number[];
}

/** A linear relation Σ coefficient · variable + constant = 0; negative variables are auxiliary ones that no wire carries. */
type Relation = Map<number, bigint>;

const one = 0;

/**
 * Applies, until nothing new follows:
 *
 * 1. *Linear*: of a linear relation all but one variable are determined, and so is the last.
 * 2. *Bits*: L·(L − 1) = 0 makes the form L 0 or 1. Of a linear relation whose undetermined variables have known ranges and coefficients
 *    far enough apart (mixed radix, not wrapping around the field), each is determined: bit decomposition, quotient and remainder.
 * 3. *Product*: A·B = C with A and B determined leaves one linear relation for C; with A constant, one for B and C.
 * 4. *Zero test*: x·i = 1 − y and x·y = 0 with x determined determine y (x = 0 gives y = 1, otherwise y = 0); i is harmless if it occurs
 *    nowhere else.
 */
export function analyseDeterminacy(r1cs: R1cs): Determinacy {
  const inputsStart = 1 + r1cs.outputs;
  const inputsEnd = inputsStart + r1cs.publicInputs + r1cs.privateInputs;
  const determined = new Set<number>([one]);
  for (let wire = inputsStart; wire < inputsEnd; wire++) determined.add(wire);

  const relations: Relation[] = [];
  const products: Constraint[] = [];
  /** Upper bound (inclusive) of a variable's value as an integer. */
  const largest = new Map<number, bigint>();
  const users = new Map<number, number[]>();
  const occurrences = new Map<number, number>();
  let auxiliary = 0;

  const addRelation = (relation: Relation) => {
    const index = relations.push(relation) - 1;
    for (const variable of relation.keys()) {
      if (variable === one) continue;
      const list = users.get(variable);
      if (list) list.push(index);
      else users.set(variable, [index]);
    }
    return index;
  };

  for (const constraint of r1cs.constraints) {
    const { a, b, c } = constraint;
    for (const wire of new Set([...a.wires, ...b.wires, ...c.wires])) {
      occurrences.set(wire, (occurrences.get(wire) ?? 0) + 1);
    }
    const left = constantOf(a);
    const right = constantOf(b);
    if (left !== undefined) addRelation(combine([b, left], [c, -1n]));
    else if (right !== undefined) addRelation(combine([a, right], [c, -1n]));
    else {
      const bit = c.wires.length === 0 ? bitForm(a, b) : undefined;
      if (bit) {
        const single = singleBit(bit);
        if (single !== undefined) {
          largest.set(single, 1n);
        } else {
          // The form itself becomes a variable of two values.
          const variable = --auxiliary;
          largest.set(variable, 1n);
          const relation = new Map(bit);
          relation.set(variable, scalarField - 1n);
          addRelation(relation);
        }
      } else {
        products.push(constraint);
      }
    }
  }

  boundByRelations(relations, largest);
  const zeroTests = findZeroTests(products);
  const harmless = new Set<number>();

  const queue = new Set(relations.keys());
  const learn = (variable: number) => {
    if (determined.has(variable)) return;
    determined.add(variable);
    for (const index of users.get(variable) ?? []) queue.add(index);
  };
  const known = (form: LinearForm) => form.wires.every((wire) => determined.has(wire));

  let pending = products;
  for (let progress = true; progress; ) {
    for (const index of queue) {
      queue.delete(index);
      const relation = relations[index] as Relation;
      const unknown: number[] = [];
      for (const variable of relation.keys()) {
        if (variable !== one && !determined.has(variable)) unknown.push(variable);
      }
      if (unknown.length === 0) continue;
      if (unknown.length === 1 || mixedRadix(relation, unknown, largest))
        for (const variable of unknown) learn(variable);
    }
    progress = false;
    const left: Constraint[] = [];
    for (const constraint of pending) {
      const { a, b, c } = constraint;
      if (known(a) && known(b)) {
        const unknown = c.wires.filter((wire) => !determined.has(wire));
        if (unknown.length === 1) {
          learn(unknown[0] as number);
          progress = true;
        } else if (unknown.length > 1) {
          // The product is a determined number: a linear relation over C. Its value does not matter here.
          queue.add(addRelation(combine([c, 1n])));
          progress = true;
        }
      } else {
        left.push(constraint);
      }
    }
    pending = left;
    for (const test of zeroTests) {
      if (!test.x.every((wire) => determined.has(wire)) || test.settled) continue;
      test.settled = true;
      learn(test.y);
      if (occurrences.get(test.hint) === 1) harmless.add(test.hint);
      progress = true;
    }
    progress ||= queue.size > 0;
  }

  const free: number[] = [];
  const unconstrained: number[] = [];
  for (let wire = 1; wire < r1cs.wires; wire++) {
    if (!occurrences.has(wire)) unconstrained.push(wire);
    if (!determined.has(wire) && !harmless.has(wire)) free.push(wire);
  }
  return { determined, harmless, free, unconstrained };
}

/** A variable that a relation equates with a sum of bounded ones is bounded itself: what Num2Bits says of its input. */
function boundByRelations(relations: readonly Relation[], largest: Map<number, bigint>): void {
  for (let progress = true; progress; ) {
    progress = false;
    for (const relation of relations) {
      let target: number | undefined;
      let open = 0;
      for (const variable of relation.keys()) {
        if (variable === one || largest.has(variable)) continue;
        target = variable;
        if (++open > 1) break;
      }
      if (open !== 1 || target === undefined) continue;
      const scale = mod(-inverse(relation.get(target) as bigint));
      let reach = 0n;
      for (const [variable, coefficient] of relation) {
        if (variable === target) continue;
        reach += mod(coefficient * scale) * (variable === one ? 1n : (largest.get(variable) as bigint));
      }
      // Beyond half the field a coefficient is a negative number in disguise, and the sum no bound.
      if (reach < scalarField >> 1n) {
        largest.set(target, reach);
        progress = true;
      }
    }
  }
}

/** The value of a form that names no wire but the constant one. */
function constantOf(form: LinearForm): bigint | undefined {
  if (form.wires.length === 0) return 0n;
  return form.wires.length === 1 && form.wires[0] === one ? form.coefficients[0] : undefined;
}

function combine(...terms: readonly (readonly [LinearForm, bigint])[]): Relation {
  const relation: Relation = new Map();
  for (const [form, factor] of terms) {
    for (const [index, wire] of form.wires.entries()) {
      const sum = mod((relation.get(wire) ?? 0n) + (form.coefficients[index] as bigint) * factor);
      if (sum === 0n) relation.delete(wire);
      else relation.set(wire, sum);
    }
  }
  return relation;
}

/** L, when A·B is a multiple of L·(L − 1). */
function bitForm(a: LinearForm, b: LinearForm): Relation | undefined {
  const left = combine([a, 1n]);
  const right = combine([b, 1n]);
  // Both have the same direction apart from the constant: B = k·A + d. Then A·(k·A + d) = 0 means A ∈ {0, −d/k}.
  const pivot = [...left.keys()].find((wire) => wire !== one);
  if (pivot === undefined || !right.has(pivot)) return undefined;
  const k = mod((right.get(pivot) as bigint) * inverse(left.get(pivot) as bigint));
  const difference = combine([b, 1n], [a, -k]);
  if ([...difference.keys()].some((wire) => wire !== one)) return undefined;
  const d = difference.get(one) ?? 0n;
  if (d === 0n) return undefined;
  const scale = inverse(mod(-d * inverse(k)));
  return new Map([...left].map(([wire, coefficient]) => [wire, mod(coefficient * scale)]));
}

/** The wire w of a form w or 1 − w, which is then itself 0 or 1. */
function singleBit(form: Relation): number | undefined {
  const wires = [...form.keys()].filter((wire) => wire !== one);
  const [wire] = wires;
  if (wire === undefined || wires.length > 1) return undefined;
  const coefficient = form.get(wire);
  const constant = form.get(one) ?? 0n;
  return (coefficient === 1n && constant === 0n) || (coefficient === scalarField - 1n && constant === 1n)
    ? wire
    : undefined;
}

/**
 * Whether ranges alone determine the unknown variables of Σ cᵢ·xᵢ = determined: up to one common factor the coefficients are integers with
 * each at least the sum of what the smaller ones can make plus one, and the whole sum stays below the field's order.
 */
function mixedRadix(
  relation: Relation,
  unknown: readonly number[],
  largest: ReadonlyMap<number, bigint>,
): boolean {
  const ranges: bigint[] = [];
  for (const variable of unknown) {
    const range = largest.get(variable);
    if (range === undefined) return false;
    ranges.push(range);
  }
  const coefficients = unknown.map((variable) => relation.get(variable) as bigint);
  // The common factor is one of the coefficients: the one of the lowest digit. Powers of two make the first or the last the likely one.
  const candidates =
    coefficients.length <= 4 ? coefficients : [coefficients[0], coefficients[coefficients.length - 1]];
  const tryScale = (factor: bigint): boolean => {
    const scale = inverse(factor);
    const digits = coefficients
      .map((coefficient, index) => {
        const value = mod(coefficient * scale);
        // A negative coefficient serves as well: x ↦ largest − x turns its sign.
        const size = value > scalarField / 2n ? scalarField - value : value;
        return { size, range: ranges[index] as bigint };
      })
      .sort((left, right) => (left.size < right.size ? -1 : left.size > right.size ? 1 : 0));
    let reach = 0n;
    for (const { size, range } of digits) {
      if (size <= reach) return false;
      reach += size * range;
    }
    return reach < scalarField;
  };
  if (candidates.some((factor) => tryScale(factor as bigint))) return true;
  return coefficients.length > 4 && coefficients.length <= 300 && coefficients.slice(1, -1).some(tryScale);
}

interface ZeroTest {
  readonly x: readonly number[];
  readonly y: number;
  readonly hint: number;
  settled: boolean;
}

/** Pairs x·i = 1 − y and x·y = 0. */
function findZeroTests(products: readonly Constraint[]): ZeroTest[] {
  /** y → the forms x with x·y = 0. */
  const annihilated = new Map<number, { key: string; x: readonly number[] }[]>();
  const single = (form: LinearForm) =>
    form.wires.length === 1 && form.wires[0] !== one ? form.wires[0] : undefined;
  for (const { a, b, c } of products) {
    if (c.wires.length > 0) continue;
    for (const [form, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const y = single(other);
      if (y === undefined) continue;
      const list = annihilated.get(y) ?? [];
      list.push({ key: directionOf(form), x: form.wires.filter((wire) => wire !== one) });
      annihilated.set(y, list);
    }
  }
  const tests: ZeroTest[] = [];
  for (const { a, b, c } of products) {
    for (const [form, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const hint = single(other);
      if (hint === undefined || form.wires.includes(hint)) continue;
      // x·i = k·(1 − y) for some k ≠ 0: C has y and the constant, with opposite coefficients.
      const y = c.wires.find((wire) => wire !== one);
      if (y === undefined || c.wires.length !== 2 || !c.wires.includes(one) || y === hint) continue;
      if (mod((c.coefficients[0] as bigint) + (c.coefficients[1] as bigint)) !== 0n) continue;
      const key = directionOf(form);
      const match = annihilated.get(y)?.find((candidate) => candidate.key === key);
      if (match) tests.push({ x: match.x, y, hint, settled: false });
    }
  }
  return tests;
}

/** A form up to a factor. */
function directionOf(form: LinearForm): string {
  const terms = [...combine([form, 1n])].sort(([left], [right]) => left - right);
  const scale = terms[0] ? inverse(terms[0][1]) : 1n;
  return terms.map(([wire, coefficient]) => `${wire}:${mod(coefficient * scale)}`).join(' ');
}
