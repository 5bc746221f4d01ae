// Proving keys and witness calculators in the data folder: compiled and set up on first use, found again by what they were made from.
// Building blocks its thread for seconds to minutes: it belongs into the prover's worker processes.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fflonk, plonk, zKey } from 'snarkjs';
import { AiosError } from '#node/platform/errors.ts';
import { type Circuit, mainSource, type ProofSystem } from '../catalogue.ts';
import { compileCircuit, sourceHash } from '../compile/compile-circuit.ts';
import { examples } from '../examples.ts';
import { writeDevelopmentGroth16Key, writeDevelopmentPowers } from './dev-setup.ts';
import { writeKeyMultiples } from './groth16-prove.ts';
import { pruneFolders, touchFolder } from './key-cache.ts';
import { proofOf, verifyProof } from './prove.ts';
import { assertDevelopmentKeysAllowed, type KeyUse } from './setup-policy.ts';
import { calculateWitness, witnessFile } from './witness.ts';

export interface ProvingKeys {
  readonly wasm: string;
  readonly r1cs: string;
  readonly zkey: string;
  /** Multiples of its points, which halve the cost of a proof; only of keys that are small. */
  readonly multiples?: string;
  readonly verificationKey: Readonly<Record<string, unknown>>;
  /** SHA-256 of the verification key, 0x hex: what contracts and clients know it by. */
  readonly keyHash: string;
  /** True when the secret of its setup is published. */
  readonly development: boolean;
}

export interface KeyStoreOptions {
  /** Folder of the cache; made when missing. */
  readonly folder: string;
  /** Folder with keys of a ceremony, CIRCUIT.SYSTEM.zkey each; these win over development keys. */
  readonly ceremonyKeys?: string;
  readonly use: KeyUse;
  /** Bytes that the folder may have: what was not used for longest is removed when something new is made. No limit when left out. */
  readonly limitBytes?: number;
}

export type StageReport = (stage: 'compile' | 'setup', fraction: number) => void;

const systems = { fflonk, plonk };

const multiplesFile = 'multiples.bin';
/** Bytes of a key whose multiples are kept: they take about ten times as much, and a second of setup for each half megabyte. */
const mostForMultiples = 6 << 20;

export class KeyStore {
  readonly #options: KeyStoreOptions;

  constructor(options: KeyStoreOptions) {
    this.#options = options;
  }

  /**
   * The keys of a circuit in a proof system. A key that was just made is tried: its example is proved and verified, because a setup with a
   * mistake can succeed silently.
   * @throws AiosError SYSTEM_UNSUPPORTED, DEVELOPMENT_KEYS_REFUSED, CEREMONY_KEY_FOREIGN, SETUP_UNSOUND
   */
  async open(circuit: Circuit, system: ProofSystem, report: StageReport = () => {}): Promise<ProvingKeys> {
    if (!circuit.systems.includes(system)) {
      throw new AiosError(
        'SYSTEM_UNSUPPORTED',
        `Circuit ${circuit.id} is not set up for ${system}: use ${circuit.systems.join(' or ')}.`,
      );
    }
    const ceremony =
      this.#options.ceremonyKeys && join(this.#options.ceremonyKeys, `${circuit.id}.${system}.zkey`);
    const production = ceremony !== undefined && ceremony !== '' && existsSync(ceremony);
    if (!production) assertDevelopmentKeysAllowed(this.#options.use);

    const source = mainSource(circuit);
    // The universal systems turn every term of a linear form into a gate of its own, so substituting forms into each other costs them more
    // than it saves.
    const optimisation = system === 'groth16' ? 2 : 1;
    const compiledFolder = join(
      this.#options.folder,
      `${circuit.id}-O${optimisation}-${sourceHash(source).slice(0, 16)}`,
    );
    const r1cs = join(compiledFolder, `${circuit.id}.r1cs`);
    const wasm = join(compiledFolder, `${circuit.id}.wasm`);
    if (!existsSync(r1cs)) {
      report('compile', 0);
      await this.#build(compiledFolder, async (folder) => {
        await compileCircuit({ source, folder, name: circuit.id, optimisation });
      });
      report('compile', 1);
    }
    const r1csHash = createHash('sha256').update(readFileSync(r1cs)).digest('hex').slice(0, 16);
    const keyFolder = join(
      this.#options.folder,
      `${circuit.id}-${system}-${r1csHash}-${production ? 'ceremony' : 'DEV-INSECURE'}`,
    );
    const name = production ? `${circuit.id}.zkey` : `${circuit.id}.DEV-INSECURE.zkey`;
    if (!existsSync(join(keyFolder, 'verification-key.json'))) {
      report('setup', 0);
      await this.#build(keyFolder, async (folder) => {
        const zkey = join(folder, name);
        if (production) copyFileSync(ceremony, zkey);
        else
          await developmentKey(system, r1cs, zkey, folder, (done, of) => report('setup', (done / of) * 0.9));
        const verificationKey = await zKey.exportVerificationKey(zkey);
        const multiples = await keyMultiples(system, zkey, join(folder, multiplesFile));
        report('setup', 0.97);
        await this.#tryOut(circuit, system, { wasm, zkey, multiples, verificationKey }, production);
        writeFileSync(join(folder, 'verification-key.json'), JSON.stringify(verificationKey));
      });
      report('setup', 1);
    }
    for (const used of [compiledFolder, keyFolder]) touchFolder(used);
    const verificationKey = JSON.parse(
      readFileSync(join(keyFolder, 'verification-key.json'), 'utf8'),
    ) as Record<string, unknown>;
    const multiples = join(keyFolder, multiplesFile);
    return {
      wasm,
      r1cs,
      zkey: join(keyFolder, name),
      ...(existsSync(multiples) ? { multiples } : {}),
      verificationKey,
      keyHash: verificationKeyHash(verificationKey),
      development: !production,
    };
  }

  /** Builds a folder beside its place and moves it there whole: an interrupted build leaves nothing that could be taken for a result. */
  async #build(place: string, make: (folder: string) => Promise<void>): Promise<void> {
    mkdirSync(this.#options.folder, { recursive: true });
    const folder = mkdtempSync(join(this.#options.folder, '.building-'));
    try {
      await make(folder);
      try {
        renameSync(folder, place);
      } catch (error) {
        // Another process was faster; what it made is the same.
        if (!existsSync(place)) throw error;
      }
      const { limitBytes } = this.#options;
      if (limitBytes !== undefined) pruneFolders(this.#options.folder, limitBytes);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async #tryOut(
    circuit: Circuit,
    system: ProofSystem,
    keys: { wasm: string; zkey: string; multiples?: string; verificationKey: Record<string, unknown> },
    production: boolean,
  ): Promise<void> {
    const example = examples[circuit.id];
    if (!example)
      throw new AiosError('CIRCUIT_UNKNOWN', `Circuit ${circuit.id} has no example to try its key with.`);
    const witness = witnessFile(await calculateWitness(keys.wasm, example));
    const valid = await proofOf(system, keys, witness, { singleThread: true })
      .then(({ proof, publicSignals }) => verifyProof(keys, system, publicSignals, proof))
      .catch(() => false);
    if (valid) return;
    throw production
      ? new AiosError(
          'CEREMONY_KEY_FOREIGN',
          `The key given for ${circuit.id} (${system}) does not prove its example: it was made for another circuit or another version of it.`,
        )
      : new AiosError(
          'SETUP_UNSOUND',
          `The new key of ${circuit.id} (${system}) does not verify its example. Nothing was kept.`,
        );
  }
}

async function keyMultiples(system: ProofSystem, zkey: string, path: string): Promise<string | undefined> {
  if (system !== 'groth16' || statSync(zkey).size > mostForMultiples) return undefined;
  await writeKeyMultiples(zkey, path);
  return path;
}

async function developmentKey(
  system: ProofSystem,
  r1cs: string,
  zkey: string,
  folder: string,
  report: (done: number, of: number) => void,
): Promise<void> {
  if (system === 'groth16') return writeDevelopmentGroth16Key(r1cs, zkey, report);
  const powers = join(folder, 'DEV-INSECURE.ptau');
  // The domain is only known once the circuit has been turned into gates, so a setup that finds the powers too few says so, and is repeated.
  for (let log = 13; ; log++) {
    await writeDevelopmentPowers(powers, log, 'universal', report);
    const said: string[] = [];
    const note = (message: string) => void said.push(message);
    const failed = await systems[system]
      .setup(r1cs, powers, zkey, { debug: note, info: note, warn: note, error: note })
      .then((result) => (result === -1 ? 'too few powers' : undefined))
      .catch((error: unknown) => String(error));
    rmSync(powers, { force: true });
    if (failed === undefined && existsSync(zkey)) return;
    if (log >= 18)
      throw new AiosError(
        'SETUP_UNSOUND',
        `The ${system} setup failed: ${failed}; ${said.slice(-2).join('; ')}`,
      );
  }
}

/** SHA-256 over the key's JSON with sorted names. */
export function verificationKeyHash(key: unknown): string {
  return `0x${createHash('sha256').update(canonical(key)).digest('hex')}`;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
    return `{${entries.map(([name, part]) => `${JSON.stringify(name)}:${canonical(part)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
