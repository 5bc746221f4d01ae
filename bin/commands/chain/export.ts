// `aios chain export`: blocks as lines of JSON, for whoever wants them elsewhere.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { askNode, defaultRpcUrl } from './chain-rpc.ts';
import { numberFrom } from './folder-options.ts';

export interface ExportOptions {
  rpc?: string;
  from?: string;
  to?: string;
  out?: string;
}

export async function exportBlocks(options: ExportOptions): Promise<void> {
  const url = options.rpc ?? defaultRpcUrl;
  const final = Number(
    (await askNode<{ number: string }>(url, 'eth_getBlockByNumber', ['finalized', false])).number,
  );
  const from = numberFrom('--from', options.from, 0);
  const to = numberFrom('--to', options.to, final);
  const out = options.out === undefined ? process.stdout : createWriteStream(options.out);
  let shown = Date.now();
  for (let number = from; number <= to; number++) {
    const tag = `0x${number.toString(16)}`;
    const [block, logs] = await Promise.all([
      askNode<object | null>(url, 'eth_getBlockByNumber', [tag, true]),
      askNode<readonly object[]>(url, 'eth_getLogs', [{ fromBlock: tag, toBlock: tag }]),
    ]);
    if (!block) break;
    if (!out.write(`${JSON.stringify({ ...block, logs })}\n`)) await once(out, 'drain');
    if (options.out !== undefined && Date.now() - shown > 2_000) {
      shown = Date.now();
      process.stderr.write(`block ${number} of ${to}\n`);
    }
  }
  if (out !== process.stdout) {
    out.end();
    await once(out, 'finish');
  }
}
