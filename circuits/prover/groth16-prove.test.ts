// Our prover against snarkjs: under the same key both make proofs that snarkjs verifies, also for witnesses whose digits lie at the edges.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { curves, groth16 } from 'snarkjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { circuitOf } from '../catalogue.ts';
import { credentialExample, sequence } from '../examples.ts';
import { scalarField } from '../r1cs.ts';
import { proveWithMultiples } from './groth16-prove.ts';
import { KeyStore, type ProvingKeys } from './key-store.ts';
import { CurveMemory, Multiples, writeMultiples } from './multiples.ts';
import { calculateWitness, witnessFile, witnessNumbers } from './witness.ts';

const folder = mkdtempSync(join(tmpdir(), 'aios-groth16-'));
let keys: ProvingKeys & { readonly multiples: string };

beforeAll(async () => {
  const store = new KeyStore({ folder, use: { production: false, chainId: 31_337 } });
  const opened = await store.open(circuitOf('credential'), 'groth16');
  if (opened.multiples === undefined) throw new Error('a small key has no multiples');
  keys = { ...opened, multiples: opened.multiples };
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('makes proofs that snarkjs verifies, with the public signals that snarkjs gives', async () => {
  for (const age of [18, 34, 150]) {
    const witness = witnessFile(await calculateWitness(keys.wasm, { ...credentialExample, value: age }));
    const mine = await proveWithMultiples(keys.zkey, keys.multiples, witnessNumbers(witness));
    const theirs = await groth16.prove(keys.zkey, witness, undefined, { singleThread: true });
    expect(mine.publicSignals).toEqual(theirs.publicSignals);
    expect(Object.keys(mine.proof)).toEqual(Object.keys(theirs.proof));
    expect(await groth16.verify(keys.verificationKey, mine.publicSignals, mine.proof)).toBe(true);
    // Blinded anew each time.
    const again = await proveWithMultiples(keys.zkey, keys.multiples, witnessNumbers(witness));
    expect(again.proof).not.toEqual(mine.proof);
    const other = mine.publicSignals.map((signal, index) => (index === 1 ? '1' : signal));
    expect(await groth16.verify(keys.verificationKey, other, mine.proof)).toBe(false);
  }
}, 60_000);

it('makes no valid proof of a witness that breaks a constraint', async () => {
  const witness = witnessFile(await calculateWitness(keys.wasm, credentialExample));
  const forged = new Uint8Array(witness);
  witnessNumbers(forged)[32 * 40] = (witnessNumbers(forged)[32 * 40] as number) ^ 1;
  const { proof, publicSignals } = await proveWithMultiples(
    keys.zkey,
    keys.multiples,
    witnessNumbers(forged),
  );
  expect(await groth16.verify(keys.verificationKey, publicSignals, proof)).toBe(false);
}, 60_000);

it('sums multiples as the curve itself does, for scalars at the edges and at random', async () => {
  const next = sequence(7);
  const random = () => {
    let value = 0n;
    for (let part = 0; part < 16; part++) value = (value << 16n) | BigInt(next(65_536));
    return value % scalarField;
  };
  const edges = [0n, 1n, 2n, scalarField - 1n, 2_047n, 2_048n, 2_049n, 4_095n, 4_096n];
  const scalars = [...edges, ...edges.map((edge) => (edge << 240n) % scalarField), random(), random()];
  const curve = await curves.getCurveFromName('bn128', { singleThread: true });
  const bytesOf = (value: bigint) =>
    Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * index)) & 255n));
  const { Fr } = curve;
  for (const group of ['G1', 'G2'] as const) {
    const points = curve[group];
    const { gAffine } = points;
    const size = gAffine.length;
    const list = scalars.map((_, index) =>
      // The last but one is the point at infinity.
      index === scalars.length - 2
        ? new Uint8Array(size)
        : points.toAffine(points.timesFr(gAffine, Fr.e(BigInt(index + 3)))),
    );
    let expected = points.timesFr(gAffine, Fr.e(0));
    for (const [index, point] of list.entries())
      expected = points.add(expected, points.timesFr(point, Fr.e(scalars[index] as bigint)));
    const path = join(folder, `${group}.bin`);
    const name = group === 'G1' ? 'g1m' : 'g2m';
    const sum = await CurveMemory.use((memory) => {
      writeMultiples(memory, path, [{ group: name, points: Buffer.concat(list) }]);
      return Multiples.read(memory, path, [name])[0]?.sum(Buffer.concat(scalars.map(bytesOf)));
    });
    const shown = (point: Uint8Array) => points.toObject(points.toAffine(point));
    expect(shown(sum as Uint8Array)).toEqual(shown(expected));
  }
}, 60_000);
