// The development setup: keys whose secret everybody can compute from this file. They make proofs that look right and prove nothing to
// anybody who does not trust whoever ran them; hence DEV-INSECURE in every name, and the refusals in setup-policy.ts.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { inverse, mod, readR1cs, scalarField } from '../r1cs.ts';
import { lagrangeAt } from './domain.ts';
import { FixedBase } from './fixed-base.ts';

export type SetupProgress = (done: number, of: number) => void;

/** The published "secret" of a setup. */
function trapdoor(name: string): bigint {
  const digest = createHash('sha512').update(`aios-studio DEV-INSECURE ${name}`).digest('hex');
  return mod(BigInt(`0x${digest}`));
}

/** Order of the base field, for headers. */
const baseField = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/**
 * Writes a Groth16 proving key (zkey, as snarkjs reads it) for the circuit. The same circuit gives the same key on every machine.
 * Formulas: Groth 2016, section 3.2; H in the odd half of the doubled domain, as snarkjs's prover expects it.
 */
export async function writeDevelopmentGroth16Key(
  r1csPath: string,
  zkeyPath: string,
  report: SetupProgress = () => {},
): Promise<void> {
  const r1cs = readR1cs(r1csPath);
  const points = await FixedBase.open();
  const publicCount = r1cs.outputs + r1cs.publicInputs;
  const log = Math.floor(Math.log2(r1cs.constraints.length + publicCount)) + 1;
  const domain = 1 << log;
  const [tau, alpha, beta, delta] = ['tau', 'alpha', 'beta', 'delta'].map(trapdoor) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const overDelta = inverse(delta);

  const at = lagrangeAt(tau, log);
  const a: bigint[] = new Array(r1cs.wires).fill(0n);
  const b: bigint[] = new Array(r1cs.wires).fill(0n);
  const c: bigint[] = new Array(r1cs.wires).fill(0n);
  const coefficients: (readonly [matrix: number, constraint: number, wire: number, value: bigint])[] = [];
  for (const [index, constraint] of r1cs.constraints.entries()) {
    const value = at[index] as bigint;
    for (const [matrix, form, sums] of [
      [0, constraint.a, a],
      [1, constraint.b, b],
      [2, constraint.c, c],
    ] as const) {
      for (const [place, wire] of form.wires.entries()) {
        const coefficient = form.coefficients[place] as bigint;
        sums[wire] = ((sums[wire] as bigint) + coefficient * value) % scalarField;
        if (matrix < 2) coefficients.push([matrix, index, wire, coefficient]);
      }
    }
  }
  // One more row for the constant and each public signal keeps the public inputs independent: without it they could be shifted.
  for (let wire = 0; wire <= publicCount; wire++) {
    const row = r1cs.constraints.length + wire;
    a[wire] = ((a[wire] as bigint) + (at[row] as bigint)) % scalarField;
    coefficients.push([0, row, wire, 1n]);
  }
  const combined = a.map((value, wire) =>
    mod(beta * value + alpha * (b[wire] as bigint) + (c[wire] as bigint)),
  );

  const total = 4 * r1cs.wires + domain;
  let before = 0;
  const step = (count: number) => (done: number) => {
    report(before + done, total);
    if (done === count) before += count;
  };
  const doubled = lagrangeAt(tau, log + 1);
  const odd: bigint[] = new Array(domain);
  for (let index = 0; index < domain; index++)
    odd[index] = mod((doubled[2 * index + 1] as bigint) * overDelta);

  const header = Buffer.concat([
    word(32),
    number(baseField),
    word(32),
    number(scalarField),
    word(r1cs.wires),
    word(publicCount),
    word(domain),
    points.g1([alpha]),
    points.g1([beta]),
    points.g2([beta]),
    points.g2([1n]),
    points.g1([delta]),
    points.g2([delta]),
  ]);
  // Coefficients are stored times R² (R = 2^256): the prover multiplies them in Montgomery form twice.
  const montgomery = mod((1n << 256n) * (1n << 256n));
  const matrix = Buffer.alloc(4 + coefficients.length * 44);
  matrix.writeUInt32LE(coefficients.length, 0);
  for (const [index, [which, constraint, wire, value]] of coefficients.entries()) {
    const place = 4 + index * 44;
    matrix.writeUInt32LE(which, place);
    matrix.writeUInt32LE(constraint, place + 4);
    matrix.writeUInt32LE(wire, place + 8);
    matrix.set(number(mod(value * montgomery)), place + 12);
  }
  const circuitHash = createHash('sha512')
    .update(`DEV-INSECURE ${r1cs.constraints.length} ${r1cs.wires}`)
    .digest();
  writeSections(zkeyPath, 'zkey', 1, [
    [1, word(1)],
    [2, header],
    [3, points.g1(combined.slice(0, publicCount + 1))],
    [4, matrix],
    [5, points.g1(a, step(r1cs.wires))],
    [6, points.g1(b, step(r1cs.wires))],
    [7, points.g2(b, step(r1cs.wires))],
    [
      8,
      points.g1(
        combined.slice(publicCount + 1).map((value) => (value * overDelta) % scalarField),
        step(r1cs.wires - publicCount - 1),
      ),
    ],
    [9, points.g1(odd, step(domain))],
    [10, Buffer.concat([circuitHash, word(0)])],
  ]);
}

/**
 * Writes powers of tau up to 2^log, prepared for phase 2, with the published secret. `universal` leaves out what only Groth16 needs.
 * PLONK reads the Lagrange section: without it setup and proving succeed and verification fails.
 */
export async function writeDevelopmentPowers(
  path: string,
  log: number,
  kind: 'universal' | 'full',
  report: SetupProgress = () => {},
): Promise<void> {
  const points = await FixedBase.open();
  const [tau, alpha, beta] = ['tau', 'alpha', 'beta'].map(trapdoor) as [bigint, bigint, bigint];
  const size = 1 << log;
  const powers: bigint[] = new Array(2 * size - 1);
  for (let index = 0, value = 1n; index < powers.length; index++, value = (value * tau) % scalarField)
    powers[index] = value;
  const times = (factor: bigint, values: readonly bigint[]) =>
    values.map((value) => (value * factor) % scalarField);
  /** The Lagrange polynomials of every domain up to 2^most, one after the other. */
  const levels = (most: number) => {
    const values: bigint[] = [];
    for (let level = 0; level <= most; level++)
      for (const value of lagrangeAt(tau, level)) values.push(value);
    return values;
  };
  const full = kind === 'full';
  const work = full ? 11 * size : 6 * size;
  let before = 0;
  const g1 = (values: readonly bigint[]) => {
    const result = points.g1(values, (done) => report(before + done, work));
    before += values.length;
    return result;
  };
  const lagrange = levels(log);
  writeSections(path, 'ptau', 1, [
    [1, Buffer.concat([word(32), number(baseField), word(log), word(log)])],
    [2, g1(powers)],
    [3, points.g2(powers.slice(0, full ? size : 2))],
    ...(full
      ? ([
          [4, g1(times(alpha, powers.slice(0, size)))],
          [5, g1(times(beta, powers.slice(0, size)))],
          [6, points.g2([beta])],
          [7, word(0)],
        ] as const)
      : []),
    [12, g1(full ? [...lagrange, ...lagrangeAt(tau, log + 1)] : lagrange)],
    ...(full
      ? ([
          [13, points.g2(lagrange)],
          [14, g1(times(alpha, lagrange))],
          [15, g1(times(beta, lagrange))],
        ] as const)
      : []),
  ]);
}

function writeSections(
  path: string,
  type: string,
  version: number,
  sections: readonly (readonly [id: number, content: Uint8Array])[],
): void {
  const head = Buffer.concat([Buffer.from(type, 'latin1'), word(version), word(sections.length)]);
  const parts: Uint8Array[] = [head];
  for (const [id, content] of sections) {
    const lead = Buffer.alloc(12);
    lead.writeUInt32LE(id, 0);
    lead.writeBigUInt64LE(BigInt(content.byteLength), 4);
    parts.push(lead, content);
  }
  writeFileSync(path, Buffer.concat(parts));
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}

function number(value: bigint): Buffer {
  const bytes = Buffer.alloc(32);
  for (let index = 0; index < 4; index++) {
    bytes.writeBigUInt64LE((value >> BigInt(64 * index)) & 0xffffffffffffffffn, 8 * index);
  }
  return bytes;
}
