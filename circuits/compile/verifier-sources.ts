// What the committed verifiers were made from: a hash of each circuit's sources and compiler, and of each file. Whether they still are is
// seen in milliseconds, where making them again takes minutes (`npm run zk:verifiers -- --check`).
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '#node/platform/package-root.ts';
import { type Circuit, circuits, mainSource } from '../catalogue.ts';
import { sourceHash } from './compile-circuit.ts';

export const verifierSources = 'sources.json';
const folder = join(packageRoot, 'contracts/src/verifiers');
/** The setup that the development keys come from. */
const setup = ['dev-setup.ts', 'domain.ts', 'fixed-base.ts'];

/** Circuits whose verifiers stand on the devnet; mlp-10k's would differ from mlp-1k's in its constants only. */
export const hasVerifier = ({ id }: Circuit): boolean => id !== 'mlp-10k';

/** The list as it is to be committed. */
export function verifierSourceList(): string {
  const hash = createHash('sha256');
  for (const file of setup) hash.update(readFileSync(join(packageRoot, 'circuits/prover', file)));
  const made = {
    circuits: Object.fromEntries(
      circuits.filter(hasVerifier).map((circuit) => [circuit.id, sourceHash(mainSource(circuit))]),
    ),
    setup: hash.digest('hex'),
    files: Object.fromEntries(
      readdirSync(folder)
        .filter((file) => file !== verifierSources)
        .sort()
        .map((file) => [
          file,
          createHash('sha256')
            .update(readFileSync(join(folder, file)))
            .digest('hex'),
        ]),
    ),
  };
  return `${JSON.stringify(made, null, 2)}\n`;
}

/** What is wrong with the committed verifiers; undefined when they were made from these sources. */
export function verifierDrift(): string | undefined {
  const path = join(folder, verifierSources);
  if (existsSync(path) && readFileSync(path, 'utf8') === verifierSourceList()) return undefined;
  return 'The verifiers in contracts/src/verifiers were not made from these circuits: run npm run zk:verifiers and node contracts/generate.mjs, and commit.';
}
