// The subgraphs that are fuzzed: built fixtures, some told to prune, written as manifests of their own.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChainSettings } from '#indexer/sources/open-source.ts';
import { packageRoot } from '#node/platform/package-root.ts';
import { CHAIN_ID } from '../oracle/oracle-chain.ts';

export interface Subject {
  readonly name: string;
  readonly build: string;
  readonly network: string;
}

/** Networks that the fixtures' manifests name: all of them are the one chain. */
const NETWORKS = ['mainnet', 'devnet'];

/** An ERC-20 that prunes, an exchange with dynamic data sources, hourly and daily aggregations, and values of every kind. */
export function subjects(folder: string, history: number): Subject[] {
  return [
    copyOf(folder, 'token', 'mainnet', `\nindexerHints:\n  prune: ${history}\n`),
    copyOf(folder, 'swaps', 'mainnet', ''),
    copyOf(folder, 'stats', 'mainnet', ''),
    copyOf(folder, 'probe', 'devnet', ''),
  ];
}

function copyOf(folder: string, name: string, network: string, appended: string): Subject {
  const build = join(folder, name);
  mkdirSync(build, { recursive: true });
  cpSync(join(packageRoot, 'indexer/mapping/fixtures', name, 'build'), build, { recursive: true });
  const manifest = join(build, 'subgraph.yaml');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').trimEnd() + appended);
  return { name, build, network };
}

export function chainsAt(url: string, finality: number): Record<string, ChainSettings> {
  return Object.fromEntries(
    NETWORKS.map((network) => [
      network,
      { urls: [url], chainId: CHAIN_ID, finality, pollIntervalMs: 20, backOffMs: 20 },
    ]),
  );
}
