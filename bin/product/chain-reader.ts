// What the status API asks the nodes of configured chains, over their public RPC.
import type pg from 'pg';
import type { ChainReader } from '#indexer/status/status-api.ts';
import { loadChains } from '#node/platform/settings.ts';
import type { ChainHeads } from './chain-heads.ts';

const timeoutMs = 2_000;

/** A reader of every chain in the database's settings; the first URL that answers counts. */
export function createChainReader(pool: pg.Pool, heads: ChainHeads): ChainReader {
  const ask = async (name: string, method: string, params: readonly unknown[]): Promise<object | null> => {
    const chain = (await loadChains(pool)).find((known) => known.name === name);
    for (const url of chain?.rpcUrls.filter((candidate) => candidate.startsWith('http')) ?? []) {
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
          signal: AbortSignal.timeout(timeoutMs),
        });
        const { result } = (await response.json()) as { result?: object | null };
        if (result !== undefined) return result;
      } catch {
        // The next endpoint may answer.
      }
    }
    return null;
  };
  return {
    head: (chain) => heads.head(chain),
    async blockHash(chain, number) {
      const block = await ask(chain, 'eth_getBlockByNumber', [`0x${number.toString(16)}`, false]);
      return (block as { hash?: string } | null)?.hash ?? null;
    },
    block: (chain, hash) => ask(chain, 'eth_getBlockByHash', [hash, true]),
  };
}
