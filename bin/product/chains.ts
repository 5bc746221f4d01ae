// Chains as this process reaches them: those of the configuration, and the devnet that some process over the database runs.
import type pg from 'pg';
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

/** The chain on which the product's own contracts stand. @throws AiosError NO_MAIN_CHAIN */
export function mainChain(chains: readonly ChainRecord[]): ChainRecord {
  const main =
    chains.find((chain) => chain.devnet) ?? chains.find((chain) => Object.keys(chain.contracts).length > 0);
  if (!main) {
    throw new AiosError(
      'NO_MAIN_CHAIN',
      'No chain carries the contracts: run a process with the role devnet first, or configure a chain with its contracts in aios.config.ts (chains.NAME.contracts).',
    );
  }
  return main;
}
