// `aios chain status`: what a running node says of itself. Exit code 0 when it follows the chain, 1 when not or when nobody answers.
import { green, red, table } from '../../cli/screen.ts';
import { askNode, defaultRpcUrl } from './chain-rpc.ts';

interface Block {
  readonly number: string;
  readonly hash: string;
  readonly timestamp: string;
}

export async function status(options: { rpc?: string; json?: boolean }): Promise<void> {
  const url = options.rpc ?? defaultRpcUrl;
  const block = (tag: string) => askNode<Block>(url, 'eth_getBlockByNumber', [tag, false]);
  const [latest, safe, finalized, validators, peers, chain] = await Promise.all([
    block('latest'),
    block('safe'),
    block('finalized'),
    askNode<readonly Record<string, unknown>[]>(url, 'aios_getValidators'),
    askNode<readonly unknown[]>(url, 'aios_peers'),
    askNode<Record<string, unknown>>(url, 'aios_status'),
  ]);
  const behind = Math.round(Date.now() / 1_000 - Number(finalized.timestamp));
  const isHealthy = behind <= 30;
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ healthy: isHealthy, latest, safe, finalized, peers, validators, chain }, null, 2)}\n`,
    );
  else {
    const rows = Object.entries({ latest, safe, finalized }).map(([tag, { number, hash, timestamp }]) => [
      tag,
      String(Number(number)),
      hash,
      `${Math.round(Date.now() / 1_000 - Number(timestamp))} s ago`,
    ]);
    process.stdout.write(
      `${isHealthy ? green('final blocks keep coming') : red(`nothing final for ${behind} s`)}\n` +
        `${table(['block', 'number', 'hash', 'made'], rows)}\n` +
        `${peers.length} peers, ${validators.length} validators\n`,
    );
  }
  if (!isHealthy) process.exitCode = 1;
}
