// Asks a node over its JSON-RPC, for the commands that look into a running one.
import { AiosError, messageOf } from '#node/platform/errors.ts';

export const defaultRpcUrl = 'http://127.0.0.1:8645';

/** @throws AiosError NOT_RUNNING when nobody answers; CHAIN_RPC_FAILED with the node's own words */
export async function askNode<Answer>(
  url: string,
  method: string,
  params: readonly unknown[] = [],
): Promise<Answer> {
  let answer: { result?: Answer; error?: { message: string } };
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(30_000),
    });
    answer = (await response.json()) as typeof answer;
  } catch (error) {
    throw new AiosError(
      'NOT_RUNNING',
      `No node answers at ${url} (${messageOf(error)}). Start one with "aios chain start" or "aios chain devnet", or name its address with --rpc.`,
    );
  }
  if (answer.error) throw new AiosError('CHAIN_RPC_FAILED', `${method}: ${answer.error.message}`);
  return answer.result as Answer;
}
