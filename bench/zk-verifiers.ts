// `npm run zk:verifiers`: writes the Solidity verifiers of the development keys into contracts/src/verifiers. `-- --check` writes nothing and
// fails when one differs: a circuit was changed without its verifier. Run `node contracts/generate.mjs` after it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zKey } from 'snarkjs';
import { circuits, type ProofSystem } from '#circuits/catalogue.ts';
import { hasVerifier, verifierSourceList, verifierSources } from '#circuits/compile/verifier-sources.ts';
import { KeyStore } from '#circuits/prover/key-store.ts';
import { packageRoot } from '#node/platform/package-root.ts';

const check = process.argv.includes('--check');
const only = process.argv.filter((argument) => argument.includes(':'));
const folder = join(packageRoot, 'contracts/src/verifiers');
const store = new KeyStore({ folder: join(tmpdir(), 'aios-zk-keys'), use: { production: false } });
const snarkjs = join(dirname(createRequire(import.meta.url).resolve('snarkjs')), '..');
const templates = Object.fromEntries(
  (['groth16', 'fflonk', 'plonk'] as const).map((system) => [
    system,
    readFileSync(join(snarkjs, `templates/verifier_${system}.sol.ejs`), 'utf8'),
  ]),
);
const say = (text: string) => process.stdout.write(`${text}\n`);

const wanted = circuits
  .filter(hasVerifier)
  .flatMap((circuit) => circuit.systems.map((system) => ({ circuit, system })))
  .filter(({ circuit, system }) => only.length === 0 || only.includes(`${circuit.id}:${system}`));

const pascal = (text: string) =>
  text
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
const proofWords: Record<ProofSystem, number> = { groth16: 8, fflonk: 24, plonk: 24 };

let drifted = false;
function emit(path: string, content: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === content) return;
  drifted = true;
  if (check) say(`differs: ${path.slice(packageRoot.length + 1)}`);
  else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    say(`wrote ${path.slice(packageRoot.length + 1)}`);
  }
}

const listPath = join(folder, 'verifiers.json');
const entries: Record<string, object> = existsSync(listPath)
  ? Object.fromEntries(
      (JSON.parse(readFileSync(listPath, 'utf8')) as { name: string }[]).map((entry) => [entry.name, entry]),
    )
  : {};
for (const { circuit, system } of wanted) {
  const begun = performance.now();
  const keys = await store.open(circuit, system);
  const name = `${pascal(circuit.id)}${pascal(system)}DevInsecure`;
  const source = await zKey.exportSolidityVerifier(keys.zkey, templates);
  emit(
    join(folder, `${name}.sol`),
    source
      .replace(
        /contract \w+/,
        `// DEV-INSECURE: the secret of this key's setup is published. For the devnet only.\ncontract ${name}`,
      )
      .replace(/[ \t]+$/gm, ''),
  );
  const commitment = circuit.publicSignals.findIndex((signal) => signal === 'policy' || signal === 'model');
  entries[name] = {
    name,
    circuit: circuit.id,
    system,
    keyHash: keys.keyHash,
    publicSignals: circuit.publicSignals.length,
    proofWords: proofWords[system],
    commitmentIndex: commitment < 0 ? 255 : commitment,
  };
  say(`${name}: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}
const order = circuits.flatMap(({ id, systems }) =>
  systems.map((system) => `${pascal(id)}${pascal(system)}DevInsecure`),
);
emit(
  listPath,
  `${JSON.stringify(
    order.filter((name) => name in entries).map((name) => entries[name]),
    null,
    2,
  )}\n`,
);
emit(join(folder, verifierSources), verifierSourceList());
if (check && drifted) {
  say(
    'The committed verifiers are not those of the circuits: run npm run zk:verifiers and node contracts/generate.mjs, and commit.',
  );
  process.exitCode = 1;
}
process.exit();
