// The r1cs file format (iden3, version 1): constraints as three sparse linear forms over the wires, wire 0 being the constant one.
import { readFileSync } from 'node:fs';
import { AiosError } from '#node/platform/errors.ts';

/** Wires and coefficients, alternating only in the file; here two arrays of one length. */
export interface LinearForm {
  readonly wires: readonly number[];
  readonly coefficients: readonly bigint[];
}

export interface Constraint {
  readonly a: LinearForm;
  readonly b: LinearForm;
  readonly c: LinearForm;
}

export interface R1cs {
  readonly prime: bigint;
  readonly wires: number;
  readonly outputs: number;
  readonly publicInputs: number;
  readonly privateInputs: number;
  readonly constraints: readonly Constraint[];
}

/** Order of BN254's scalar field, over which all circuits are defined. */
export const scalarField = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** @throws AiosError R1CS_INVALID */
export function readR1cs(path: string): R1cs {
  const file = readFileSync(path);
  const invalid = (why: string) =>
    new AiosError(
      'R1CS_INVALID',
      `${path} is not an r1cs file that can be used: ${why}. Compile the circuit again.`,
    );
  if (file.toString('latin1', 0, 4) !== 'r1cs' || file.readUInt32LE(4) !== 1) throw invalid('unknown format');
  const sections = new Map<number, { start: number; size: number }>();
  let at = 12;
  for (let index = file.readUInt32LE(8); index > 0; index--) {
    const size = Number(file.readBigUInt64LE(at + 4));
    sections.set(file.readUInt32LE(at), { start: at + 12, size });
    at += 12 + size;
  }
  const header = sections.get(1);
  const body = sections.get(2);
  if (!header || !body || at !== file.length) throw invalid('it is cut short');
  at = header.start;
  const width = file.readUInt32LE(at);
  const prime = number(file, at + 4, width);
  if (prime !== scalarField) throw invalid('it is not over the scalar field of BN254');
  at += 4 + width;
  const word = (place: number) => file.readUInt32LE(at + 4 * place);
  const shape = { prime, wires: word(0), outputs: word(1), publicInputs: word(2), privateInputs: word(3) };
  const count = file.readUInt32LE(at + 24);
  at = body.start;
  const form = (): LinearForm => {
    const length = file.readUInt32LE(at);
    at += 4;
    const wires: number[] = [];
    const coefficients: bigint[] = [];
    for (let index = 0; index < length; index++) {
      wires.push(file.readUInt32LE(at));
      coefficients.push(number(file, at + 4, width));
      at += 4 + width;
    }
    return { wires, coefficients };
  };
  const constraints: Constraint[] = [];
  for (let index = 0; index < count; index++) constraints.push({ a: form(), b: form(), c: form() });
  return { ...shape, constraints };
}

function number(file: Buffer, at: number, width: number): bigint {
  let value = 0n;
  for (let place = width - 8; place >= 0; place -= 8)
    value = (value << 64n) | file.readBigUInt64LE(at + place);
  return value;
}

/** x modulo the field's order, never negative. */
export function mod(x: bigint): bigint {
  const rest = x % scalarField;
  return rest < 0n ? rest + scalarField : rest;
}

/** 1 / x. @throws RangeError for zero */
export function inverse(x: bigint): bigint {
  let [a, b, u, v] = [mod(x), scalarField, 1n, 0n];
  if (a === 0n) throw new RangeError('zero has no inverse');
  while (a !== 1n) {
    const quotient = b / a;
    [b, a, v, u] = [a, b - quotient * a, u, v - quotient * u];
  }
  return mod(u);
}

/** Value of a linear form under a witness. */
export function evaluate(form: LinearForm, witness: readonly bigint[]): bigint {
  let sum = 0n;
  for (const [index, wire] of form.wires.entries()) {
    sum += (form.coefficients[index] as bigint) * (witness[wire] as bigint);
  }
  return mod(sum);
}

/** Indices of the constraints that a witness does not satisfy. */
export function violations(r1cs: R1cs, witness: readonly bigint[]): number[] {
  const broken: number[] = [];
  for (const [index, { a, b, c }] of r1cs.constraints.entries()) {
    if (mod(evaluate(a, witness) * evaluate(b, witness)) !== evaluate(c, witness)) broken.push(index);
  }
  return broken;
}

/** Signal name → wire, from circom's symbols; signals that were optimised away have no wire and are left out. */
export function readSymbols(path: string): Map<string, number> {
  const symbols = new Map<string, number>();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [, wire, , name] = line.split(',');
    if (name !== undefined && wire !== undefined && wire !== '-1') symbols.set(name, Number(wire));
  }
  return symbols;
}
