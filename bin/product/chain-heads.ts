// Newest blocks of the chains, asked of the chains themselves and remembered for a moment; for status pages in any process.
import type pg from 'pg';
import { loadChains } from '#node/platform/settings.ts';
import type { ChainStatus } from '#resolvers/status/index.ts';

interface Answer {
  readonly status: ChainStatus;
  readonly at: number;
}

const freshMs = 1_000;
const timeoutMs = 2_000;

export class ChainHeads {
  readonly #pool: pg.Pool;
  readonly #answers = new Map<string, Promise<Answer>>();
  readonly #heard = new Map<string, { head: NonNullable<ChainStatus['head']>; at: number }>();

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async chains(): Promise<ChainStatus[]> {
    const chains = await loadChains(this.#pool);
    return Promise.all(
      chains.map(async (chain) => {
        const known = await this.#answers.get(chain.name);
        if (known && Date.now() - known.at < freshMs) return known.status;
        const asking = this.#ask(chain.name, chain.chainId, chain.rpcUrls);
        this.#answers.set(chain.name, asking);
        return (await asking).status;
      }),
    );
  }

  async head(chain: string): Promise<ChainStatus['head']> {
    return (await this.chains()).find((status) => status.name === chain)?.head ?? null;
  }

  async #ask(name: string, chainId: number, urls: readonly string[]): Promise<Answer> {
    for (const url of urls.filter((candidate) => candidate.startsWith('http'))) {
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            jsonrpc: '2.0',
            id: 1,
            method: 'eth_getBlockByNumber',
            params: ['latest', false],
          }),
          signal: AbortSignal.timeout(timeoutMs),
        });
        const { result } = (await response.json()) as {
          result?: { number: string; hash: string; timestamp: string };
        };
        if (!result) continue;
        this.#heard.set(name, {
          head: {
            number: Number(result.number),
            hash: result.hash,
            timestamp: new Date(Number(result.timestamp) * 1_000),
          },
          at: Date.now(),
        });
        break;
      } catch {
        // The next endpoint may answer; if none does, the age of what was heard last says so.
      }
    }
    const heard = this.#heard.get(name);
    const now = Date.now();
    return {
      at: now,
      status: {
        name,
        chainId: String(chainId),
        head: heard?.head ?? null,
        source: 'ethereum',
        lagMs: heard ? now - heard.at : null,
      },
    };
  }
}
