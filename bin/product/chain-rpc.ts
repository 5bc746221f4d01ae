// JSON-RPC of the chains that this deployment knows, by their names: connected when somebody first asks.
import { JsonRpcProvider } from 'ethers';
import type pg from 'pg';
import type { ChainRpc } from '#node/agents/runs/log-triggers.ts';
import { loadChains } from '#node/platform/settings.ts';

export interface ChainConnections {
  readonly rpc: ChainRpc;
  close(): void;
}

const refreshMs = 10_000;

/** Chains may be registered by other processes later: what is not known is looked for again. */
export function chainConnections(pool: pg.Pool): ChainConnections {
  const providers = new Map<string, JsonRpcProvider>();
  let lookedAt = 0;
  let closed = false;
  const look = async () => {
    for (const { name, chainId, rpcUrls } of await loadChains(pool)) {
      const url = rpcUrls.find((candidate) => candidate.startsWith('http'));
      if (url === undefined || providers.has(name) || closed) continue;
      providers.set(name, new JsonRpcProvider(url, chainId, { staticNetwork: true, cacheTimeout: -1 }));
    }
  };
  return {
    rpc(chain) {
      const provider = providers.get(chain);
      if (provider) return (method, params) => provider.send(method, [...params]);
      if (Date.now() - lookedAt > refreshMs) {
        lookedAt = Date.now();
        // The next look of the trigger finds it.
        look().catch(() => {
          lookedAt = 0;
        });
      }
      return undefined;
    },
    close() {
      closed = true;
      for (const provider of providers.values()) provider.destroy();
      providers.clear();
    },
  };
}
