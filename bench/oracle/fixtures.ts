// The subgraphs of the oracle: what graph-cli built of the mapping's own fixtures, for the network their manifests name.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '#node/platform/package-root.ts';

export interface Fixture {
  readonly name: string;
  /** Folder of the build. */
  readonly build: string;
  readonly network: string;
  /** Changes a copy of the build before anybody reads it. */
  adjust?(build: string): void;
}

const built = (name: string) => join(packageRoot, 'indexer/mapping/fixtures', name, 'build');

/** An ERC-20, the same with the legacy proof of indexing, timeseries with aggregations and full-text searches, an exchange with pairs from a template, and values of
 * every kind. */
export function fixtures(): readonly Fixture[] {
  return [
    { name: 'token', build: built('token'), network: 'mainnet' },
    {
      name: 'legacy',
      build: built('token'),
      network: 'mainnet',
      adjust(build) {
        const manifest = join(build, 'subgraph.yaml');
        const text = readFileSync(manifest, 'utf8');
        writeFileSync(manifest, text.replace(/^specVersion: .*/m, 'specVersion: 0.0.5'));
      },
    },
    { name: 'stats', build: built('stats'), network: 'mainnet' },
    { name: 'swaps', build: built('swaps'), network: 'mainnet' },
    { name: 'probe', build: built('probe'), network: 'devnet' },
  ];
}
