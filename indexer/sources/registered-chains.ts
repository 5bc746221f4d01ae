// Chains as the database knows them: what any process of the product has configured, every indexer process can index.
import type { Queryable } from '#node/platform/events/event-bus.ts';
import { type ChainRecord, loadChains } from '#node/platform/settings.ts';
import type { ChainSettings } from './open-source.ts';

const UNDEFINED_TABLE = '42P01';

/** Chains as the indexer takes them. The devnet has no finality: anvil may lose blocks that were called final. */
export function chainSettingsOf(chains: readonly ChainRecord[]): Record<string, ChainSettings> {
  return Object.fromEntries(
    chains.map((chain) => [
      chain.name,
      {
        urls: [...chain.rpcUrls],
        chainId: chain.chainId,
        finality: chain.devnet ? ('none' as const) : chain.finalityDepth,
        pollIntervalMs: chain.pollMs,
      },
    ]),
  );
}

/** Every chain that is registered now. */
export async function registeredChains(db: Queryable): Promise<Record<string, ChainSettings>> {
  try {
    return chainSettingsOf(await loadChains(db));
  } catch (error) {
    // A database that the product has not set up (the indexer alone) registers none.
    if ((error as { code?: string }).code === UNDEFINED_TABLE) return {};
    throw error;
  }
}
