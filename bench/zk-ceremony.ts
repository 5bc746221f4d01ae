// `npm run zk:ceremony -- --circuit credential --system groth16 --contributor NAME --contributor NAME --beacon HEX --out FOLDER`: a key for
// production, over the public powers of tau that PTAU_PATH and PTAU_SHA256 name.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { circuitOf, mainSource, type ProofSystem, proofSystems } from '#circuits/catalogue.ts';
import { compileCircuit } from '#circuits/compile/compile-circuit.ts';
import { runCeremony } from '#circuits/prover/ceremony.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    circuit: { type: 'string' },
    system: { type: 'string', default: 'groth16' },
    contributor: { type: 'string', multiple: true, default: [] },
    beacon: { type: 'string', default: '' },
    out: { type: 'string', default: 'proving-keys' },
  },
});
const { PTAU_PATH, PTAU_SHA256 } = process.env;
if (!values.circuit || !PTAU_PATH || !PTAU_SHA256 || !proofSystems.includes(values.system as ProofSystem)) {
  console.error(
    'Give --circuit (and --system groth16, fflonk or plonk), and set PTAU_PATH and PTAU_SHA256: the public powers of tau, prepared for phase 2, and the hash their publisher gives.',
  );
  process.exit(2);
}
const system = values.system as ProofSystem;
const circuit = circuitOf(values.circuit);
const folder = mkdtempSync(join(tmpdir(), 'aios-ceremony-'));
try {
  // As the key store compiles it: a key fits one r1cs only.
  const { r1cs } = await compileCircuit({
    source: mainSource(circuit),
    folder,
    name: circuit.id,
    optimisation: system === 'groth16' ? 2 : 1,
  });
  const { zkey, keyHash } = await runCeremony({
    circuit: circuit.id,
    system,
    r1cs,
    powers: { path: PTAU_PATH, sha256: PTAU_SHA256 },
    contributors: values.contributor,
    beacon: values.beacon,
    folder: values.out,
    report: (message) => process.stdout.write(`${message}\n`),
  });
  process.stdout.write(`${zkey}\nverifying key ${keyHash}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
