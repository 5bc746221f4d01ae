// Keys for production: phase 2 of a Groth16 setup over public powers of tau, or a universal setup straight from them. The secret is unknown
// as long as one contributor forgot his part.
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fflonk, plonk, zKey } from 'snarkjs';
import { AiosError } from '#node/platform/errors.ts';
import type { ProofSystem } from '../catalogue.ts';
import { verificationKeyHash } from './key-store.ts';

export interface CeremonyOptions {
  readonly circuit: string;
  readonly system: ProofSystem;
  readonly r1cs: string;
  /** Public powers of tau, prepared for phase 2, and the SHA-256 that their publisher gives. */
  readonly powers: { readonly path: string; readonly sha256: string };
  /** Names of contributors; each contribution draws its randomness anew and forgets it. Two or more for Groth16. */
  readonly contributors: readonly string[];
  /** 32 bytes of public randomness nobody could know when the last contribution was made, hex. */
  readonly beacon: string;
  /** Where CIRCUIT.SYSTEM.zkey, its verification key and the transcript go. */
  readonly folder: string;
  readonly report?: (message: string) => void;
}

/** Iterations of the beacon's hash, as a power of two. */
const beaconExponent = 10;
const minimumContributors = 2;

/**
 * Makes and verifies a key; publishes the transcript beside it. A key that does not verify is not kept.
 * @throws AiosError PTAU_FOREIGN, CEREMONY_INVALID
 */
export async function runCeremony(
  options: CeremonyOptions,
): Promise<{ readonly zkey: string; readonly keyHash: string }> {
  const { circuit, system, r1cs, powers, contributors, beacon, folder } = options;
  const report = options.report ?? (() => {});
  if (!/^[0-9a-fA-F]{64}$/.test(beacon)) {
    throw new AiosError(
      'CEREMONY_INVALID',
      'The beacon is 32 bytes in hex, such as the hash of a block made after the last contribution.',
    );
  }
  if (system === 'groth16' && contributors.length < minimumContributors) {
    throw new AiosError(
      'CEREMONY_INVALID',
      `Groth16 needs ${minimumContributors} contributors or more, independent of each other: one of them must be honest.`,
    );
  }
  const actual = await sha256Of(powers.path);
  if (actual !== powers.sha256.toLowerCase()) {
    throw new AiosError(
      'PTAU_FOREIGN',
      `${powers.path} has the SHA-256 ${actual}, not ${powers.sha256}: it is another file than its publisher's. Fetch it again.`,
    );
  }
  mkdirSync(folder, { recursive: true });
  const work = join(folder, `.${circuit}.${system}`);
  const steps: { step: string; hash?: string }[] = [];
  const file = (number: number) => `${work}.${number}.zkey`;
  try {
    let number = 0;
    if (system === 'groth16') {
      report('phase 2 begins');
      await zKey.newZKey(r1cs, powers.path, file(0));
      for (const name of contributors) {
        report(`contribution of ${name}`);
        const hash = await zKey.contribute(
          file(number),
          file(number + 1),
          name,
          randomBytes(64).toString('hex'),
        );
        steps.push({ step: `contribution: ${name}`, hash: Buffer.from(hash).toString('hex') });
        number++;
      }
      report('beacon');
      const hash = await zKey.beacon(file(number), file(number + 1), 'final beacon', beacon, beaconExponent);
      steps.push({ step: `beacon: ${beacon}`, hash: Buffer.from(hash).toString('hex') });
      number++;
      report('verification of the transcript');
      if (!(await zKey.verifyFromR1cs(r1cs, powers.path, file(number)))) {
        throw new AiosError(
          'CEREMONY_INVALID',
          `The key of ${circuit} does not verify against its circuit and powers. Nothing was kept.`,
        );
      }
    } else {
      report('universal setup');
      await (system === 'plonk' ? plonk : fflonk).setup(r1cs, powers.path, file(0));
    }
    const verificationKey = await zKey.exportVerificationKey(file(number));
    const keyHash = verificationKeyHash(verificationKey);
    const zkey = join(folder, `${circuit}.${system}.zkey`);
    writeFileSync(
      join(folder, `${circuit}.${system}.verification-key.json`),
      JSON.stringify(verificationKey, null, 1),
    );
    writeFileSync(
      join(folder, `${circuit}.${system}.transcript.json`),
      JSON.stringify(
        {
          circuit,
          system,
          r1cs: await sha256Of(r1cs),
          powers: actual,
          steps,
          zkey: await sha256Of(file(number)),
          keyHash,
        },
        null,
        2,
      ),
    );
    renameSync(file(number), zkey);
    return { zkey, keyHash };
  } finally {
    for (let number = 0; number <= contributors.length + 1; number++) rmSync(file(number), { force: true });
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
