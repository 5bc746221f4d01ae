// The production path on a circuit of a few constraints, over powers of our own: what it makes verifies, and what is wrong is refused.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groth16, zKey } from 'snarkjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mainSource } from '../catalogue.ts';
import { type Compiled, compileCircuit } from '../compile/compile-circuit.ts';
import { runCeremony } from './ceremony.ts';
import { writeDevelopmentGroth16Key, writeDevelopmentPowers } from './dev-setup.ts';
import { calculateWitness, witnessFile } from './witness.ts';

const folder = mkdtempSync(join(tmpdir(), 'aios-ceremony-'));
let compiled: Compiled;
let powers: { path: string; sha256: string };

beforeAll(async () => {
  compiled = await compileCircuit({
    source: mainSource({ file: 'range.circom', main: 'AtLeast(8)', publicInputs: ['b'] }),
    folder,
    name: 'at-least',
  });
  const path = join(folder, 'powers.ptau');
  await writeDevelopmentPowers(path, 6, 'full');
  powers = { path, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') };
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ceremony = (change: object = {}) =>
  runCeremony({
    circuit: 'at-least',
    system: 'groth16',
    r1cs: compiled.r1cs,
    powers,
    contributors: ['first', 'second'],
    beacon: 'ab'.repeat(32),
    folder: join(folder, 'keys'),
    ...change,
  });

it('makes a key that proves, with a transcript', async () => {
  const { zkey, keyHash } = await ceremony();
  const witness = witnessFile(await calculateWitness(compiled.wasm, { a: 9, b: 7 }));
  const { proof, publicSignals } = await groth16.prove(zkey, witness, undefined, { singleThread: true });
  expect(publicSignals).toEqual(['1', '7']);
  const key = await zKey.exportVerificationKey(zkey);
  expect(await groth16.verify(key, publicSignals, proof)).toBe(true);
  expect(await groth16.verify(key, ['0', '7'], proof)).toBe(false);
  const transcript = JSON.parse(readFileSync(join(folder, 'keys/at-least.groth16.transcript.json'), 'utf8'));
  expect(transcript).toMatchObject({ keyHash, powers: powers.sha256 });
  expect(transcript.steps).toHaveLength(3);

  // Our own generator over the same circuit: its key is of the same form, and one key does not verify the other's proofs.
  const development = join(folder, 'development.zkey');
  await writeDevelopmentGroth16Key(compiled.r1cs, development);
  const other = await groth16.prove(development, witness, undefined, { singleThread: true });
  const otherKey = await zKey.exportVerificationKey(development);
  expect(await groth16.verify(otherKey, other.publicSignals, other.proof)).toBe(true);
  expect(await groth16.verify(otherKey, publicSignals, proof)).toBe(false);
});

it('refuses foreign powers, too few contributors and a beacon that is none', async () => {
  await expect(ceremony({ powers: { ...powers, sha256: '00'.repeat(32) } })).rejects.toMatchObject({
    code: 'PTAU_FOREIGN',
  });
  await expect(ceremony({ contributors: ['alone'] })).rejects.toMatchObject({ code: 'CEREMONY_INVALID' });
  await expect(ceremony({ beacon: 'soon' })).rejects.toMatchObject({ code: 'CEREMONY_INVALID' });
  expect(existsSync(join(folder, 'keys/.at-least.groth16.0.zkey'))).toBe(false);
});
