// Names sources in words that can be stored and typed on a command line, and opens them.
import { AiosError } from '#node/platform/errors.ts';
import type { ChainCache } from './chain-cache.ts';
import { EthereumSource, type EthereumSourceOptions } from './ethereum.ts';
import { RecordedSource } from './recorded.ts';
import type { Source, SourceCapabilities } from './source.ts';

/** Where a deployment's blocks come from: a configured chain, or a folder of recorded blocks. */
export type SourceSpec =
  | { readonly kind: 'chain'; readonly chain: string }
  | { readonly kind: 'recorded'; readonly folder: string };

/** How to reach a configured chain. */
export type ChainSettings = Omit<EthereumSourceOptions, 'cache' | 'name' | 'onRetry'>;

/** Reads `recorded:DIR` or a chain's name. */
export function parseSourceSpec(text: string): SourceSpec {
  const match = /^recorded:(.+)$/.exec(text);
  if (match?.[1]) return { kind: 'recorded', folder: match[1] };
  if (/^[a-z0-9][a-z0-9._-]*$/i.test(text)) return { kind: 'chain', chain: text };
  throw new AiosError(
    'SOURCE_UNKNOWN',
    `"${text}" names no source; give the name of a configured chain or recorded:FOLDER`,
  );
}

/** One key for one source: deployments of the same chain share its connection. */
export function sourceKey(spec: SourceSpec): string {
  return spec.kind === 'chain' ? spec.chain : `recorded:${spec.folder}`;
}

/** What every JSON-RPC chain can do, known without asking it; whether a node really has traces is asked when they are needed. */
export const ETHEREUM_CAPABILITIES: SourceCapabilities = {
  headerVerification: false,
  calls: true,
  traces: true,
  receipts: true,
  finality: true,
  contiguous: true,
};

/** @throws AiosError `SOURCE_UNKNOWN`, or what opening the source throws. */
export async function openSource(
  spec: SourceSpec,
  chains: Readonly<Record<string, ChainSettings>>,
  onRetry?: (message: string) => void,
  cache?: ChainCache,
): Promise<Source> {
  if (spec.kind === 'recorded') return RecordedSource.open({ folder: spec.folder });
  return EthereumSource.open({ ...chainSettings(spec.chain, chains), name: spec.chain, onRetry, cache });
}

export function chainSettings(chain: string, chains: Readonly<Record<string, ChainSettings>>): ChainSettings {
  const settings = chains[chain];
  if (settings) return settings;
  const known = Object.keys(chains);
  throw new AiosError(
    'SOURCE_UNKNOWN',
    `no chain "${chain}" is configured${known.length > 0 ? ` (there are ${known.join(', ')})` : ''}; add it to the chains of ` +
      'aios.config.ts, or deploy with a source that exists',
  );
}
