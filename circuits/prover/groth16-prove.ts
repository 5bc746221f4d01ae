// Groth16's prover over snarkjs's curve, for keys whose points' multiples are at hand: the steps of snarkjs's `groth16.prove`, on one thread,
// with one call into the WASM where snarkjs makes one for each coefficient. What it makes is verified by snarkjs before it leaves.
import { readFileSync } from 'node:fs';
import type { FullProof } from 'snarkjs';
import { CurveMemory, type GroupName, Multiples, writeMultiples } from './multiples.ts';

/** Sections of a zkey with points, in the order of the file of multiples: A, B in both groups, C, H. */
const pointSections: readonly { readonly section: number; readonly group: GroupName }[] = [
  { section: 5, group: 'g1m' },
  { section: 6, group: 'g1m' },
  { section: 7, group: 'g2m' },
  { section: 8, group: 'g1m' },
  { section: 9, group: 'g1m' },
];
const field = 32;

/** Computes the multiples of a key's points and writes them. */
export function writeKeyMultiples(zkey: string, path: string): Promise<void> {
  const sections = readSections(readFileSync(zkey));
  return CurveMemory.use((memory) =>
    writeMultiples(
      memory,
      path,
      pointSections.map(({ section, group }) => ({ group, points: sectionOf(sections, section) })),
    ),
  );
}

/**
 * @param witness the numbers of a wtns file: 32 bytes each, little-endian
 * @returns a proof of the shape that snarkjs makes
 */
export function proveWithMultiples(zkey: string, multiples: string, witness: Uint8Array): Promise<FullProof> {
  return CurveMemory.use((memory) => proveIn(memory, zkey, multiples, witness));
}

function proveIn(memory: CurveMemory, zkey: string, multiples: string, witness: Uint8Array): FullProof {
  const { curve } = memory;
  const { G1, G2, Fr } = curve;
  const sections = readSections(readFileSync(zkey));
  const key = headerOf(sectionOf(sections, 2));
  if (witness.length !== key.wires * field)
    throw new Error(`the witness has ${witness.length / field} numbers, the key ${key.wires}`);
  const quotient = quotientOf(memory, key.domain, sectionOf(sections, 4), witness, key.wires);
  const [a, b1, b2, c, h] = Multiples.read(
    memory,
    multiples,
    pointSections.map(({ group }) => group),
  ) as [Multiples, Multiples, Multiples, Multiples, Multiples];

  // Groth 2016, section 3.2, with r and s chosen for this proof alone.
  const r = Fr.random();
  const s = Fr.random();
  const sumA = G1.add(G1.add(a.sum(witness), key.alpha1), G1.timesFr(key.delta1, r));
  const sumB2 = G2.add(G2.add(b2.sum(witness), key.beta2), G2.timesFr(key.delta2, s));
  const sumB1 = G1.add(G1.add(b1.sum(witness), key.beta1), G1.timesFr(key.delta1, s));
  let sumC = G1.add(c.sum(witness.subarray((key.publicCount + 1) * field)), h.sum(quotient));
  sumC = G1.add(sumC, G1.timesFr(sumA, s));
  sumC = G1.add(sumC, G1.timesFr(sumB1, r));
  sumC = G1.add(sumC, G1.timesFr(key.delta1, Fr.neg(Fr.mul(r, s))));
  return {
    proof: {
      pi_a: decimal(G1.toObject(G1.toAffine(sumA))),
      pi_b: decimal(G2.toObject(G2.toAffine(sumB2))),
      pi_c: decimal(G1.toObject(G1.toAffine(sumC))),
      protocol: 'groth16',
      curve: curve.name,
    },
    publicSignals: Array.from({ length: key.publicCount }, (_, index) =>
      numberAt(witness, (index + 1) * field).toString(),
    ),
  };
}

/** The values of (A·B − C) on the odd half of the doubled domain, as snarkjs's keys have H: 32 bytes each, little-endian. */
function quotientOf(
  memory: CurveMemory,
  domain: number,
  coefficients: Uint8Array,
  witness: Uint8Array,
  wires: number,
): Uint8Array {
  const { Fr } = memory.curve;
  const bytes = domain * field;
  const stored = memory.put(coefficients.subarray(4));
  const given = memory.put(witness);
  const first = memory.put(Fr.e(1));
  const step = memory.put(Fr.w[Math.log2(domain) + 1] as Uint8Array);
  const values = [memory.alloc(bytes), memory.alloc(bytes), memory.alloc(bytes)] as const;
  // Entries of matrix, constraint, wire and value.
  const count = (coefficients.length - 4) / (12 + field);
  memory.call('qap_buildABC')(stored, count, given, ...values, 0, domain, 0, wires);
  for (const pointer of values) {
    memory.call('frm_ifft')(pointer, domain);
    memory.call('frm_batchApplyKey')(pointer, domain, first, step, pointer);
    memory.call('frm_fft')(pointer, domain);
  }
  const [left, right, product] = values;
  memory.call('qap_joinABC')(left, right, product, domain, left);
  memory.call('frm_batchFromMontgomery')(left, domain, left);
  return memory.get(left, bytes);
}

interface KeyHeader {
  readonly wires: number;
  readonly publicCount: number;
  readonly domain: number;
  readonly alpha1: Uint8Array;
  readonly beta1: Uint8Array;
  readonly beta2: Uint8Array;
  readonly delta1: Uint8Array;
  readonly delta2: Uint8Array;
}

/** Section 2 of a Groth16 zkey: the fields' orders with their sizes, three counts, six points. */
function headerOf(section: Uint8Array): KeyHeader {
  const view = new DataView(section.buffer, section.byteOffset);
  let at = 2 * (4 + field);
  const count = () => {
    at += 4;
    return view.getUint32(at - 4, true);
  };
  const point = (size: number) => {
    at += size;
    return section.slice(at - size, at);
  };
  const [wires, publicCount, domain] = [count(), count(), count()];
  const [alpha1, beta1, beta2] = [point(64), point(64), point(128)];
  point(128);
  return { wires, publicCount, domain, alpha1, beta1, beta2, delta1: point(64), delta2: point(128) };
}

/** iden3's binary files: magic, version, number of sections, then each with its type and length. */
function readSections(file: Buffer): ReadonlyMap<number, Uint8Array> {
  const sections = new Map<number, Uint8Array>();
  for (let at = 12; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at + 4));
    sections.set(file.readUInt32LE(at), file.subarray(at + 12, at + 12 + length));
    at += 12 + length;
  }
  return sections;
}

function sectionOf(sections: ReadonlyMap<number, Uint8Array>, type: number): Uint8Array {
  const section = sections.get(type);
  if (!section) throw new Error(`the proving key has no section ${type}`);
  return section;
}

function numberAt(bytes: Uint8Array, at: number): bigint {
  let value = 0n;
  for (let index = field - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[at + index] ?? 0);
  return value;
}

type Decimal = string | readonly Decimal[];
type Whole = bigint | readonly Whole[];

const decimal = (value: Whole): Decimal =>
  typeof value === 'bigint' ? value.toString() : value.map(decimal);
