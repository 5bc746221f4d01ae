// Asks nodes over their JSON-RPC, for the trials.

/** @throws Error with the node's own words, or when nobody answers */
export async function ask<Answer>(
  url: string,
  method: string,
  params: readonly unknown[] = [],
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(30_000),
  });
  const { result, error } = (await response.json()) as { result: Answer; error?: { message: string } };
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

export interface BlockHead {
  readonly number: string;
  readonly hash: string;
  readonly stateRoot: string;
  readonly transactions: readonly string[];
}

export const blockAt = (url: string, at: number | 'finalized' | 'latest'): Promise<BlockHead> =>
  ask(url, 'eth_getBlockByNumber', [typeof at === 'number' ? `0x${at.toString(16)}` : at, false]);

export const finalIndex = async (url: string): Promise<number> =>
  Number((await blockAt(url, 'finalized')).number);

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** @throws Error when it takes longer */
export async function until(what: string, seconds: number, isSo: () => Promise<boolean>): Promise<number> {
  const started = performance.now();
  for (;;) {
    try {
      if (await isSo()) return (performance.now() - started) / 1_000;
    } catch {
      // A node that is starting does not answer yet.
    }
    if (performance.now() - started > seconds * 1_000) throw new Error(`not within ${seconds} s: ${what}`);
    await wait(200);
  }
}
