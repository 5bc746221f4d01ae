// Chains as this process reaches them: those of the configuration, and the devnet that some process over the database runs.
import type pg from 'pg';
import type { Addresses } from '#contracts/deploy.ts';
import { devnetAddresses } from '#contracts/generated/devnet-addresses.ts';
import type { Config } from '#node/platform/config/schema.ts';
import { AiosError } from '#node/platform/errors.ts';
import { type ChainRecord, loadChains, saveChain } from '#node/platform/settings.ts';

/** Writes the configured chains to the database and returns all that are known. */
export async function registerChains(pool: pg.Pool, config: Config): Promise<ChainRecord[]> {
  for (const [name, chain] of Object.entries(config.chains)) {
    await saveChain(pool, {
      name,
      chainId: chain.chainId,
      rpcUrls: chain.rpcUrls,
      finalityDepth: chain.finalityDepth,
      pollMs: chain.pollMs,
      devnet: false,
      contracts: chain.contracts,
    });
  }
  return loadChains(pool);
}

/** The chain on which the product's own contracts stand: a configured one before the devnet. @throws AiosError NO_MAIN_CHAIN */
export function mainChain(chains: readonly ChainRecord[], config: Config): ChainRecord {
  const carries = (chain: ChainRecord) => Object.keys(chain.contracts).length > 0;
  const main =
    chains.find((chain) => chain.name in config.chains && carries(chain)) ??
    chains.find((chain) => chain.devnet);
  if (!main) {
    throw new AiosError(
      'NO_MAIN_CHAIN',
      'No chain carries the contracts: run a process with the role devnet first, or configure a chain with its contracts in aios.config.ts (chains.NAME.contracts).',
    );
  }
  return main;
}

/** Where the contracts stand on the main chain. @throws AiosError CONTRACTS_MISSING naming those that the configuration lacks */
export function contractsOf(chain: ChainRecord): Addresses {
  const wanted = Object.keys(devnetAddresses) as (keyof Addresses)[];
  const missing = wanted.filter((name) => !chain.contracts[name]);
  if (missing.length > 0) {
    throw new AiosError(
      'CONTRACTS_MISSING',
      `Chain ${chain.name} lacks the addresses of ${missing.join(', ')}. Add them to chains.${chain.name}.contracts in aios.config.ts.`,
    );
  }
  return Object.fromEntries(wanted.map((name) => [name, chain.contracts[name] ?? ''])) as Record<
    keyof Addresses,
    string
  >;
}
