// Records blocks of a running node into a folder, in the format the recorded source reads.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export async function recordBlocks(
  send: (method: string, params: readonly unknown[]) => Promise<unknown>,
  heights: readonly number[],
  folder: string,
): Promise<void> {
  for (const height of heights) {
    const tag = `0x${height.toString(16)}`;
    const [block, receipts] = await Promise.all([
      send('eth_getBlockByNumber', [tag, true]),
      send('eth_getBlockReceipts', [tag]),
    ]);
    await writeFile(join(folder, `${height}.json.gz`), gzipSync(JSON.stringify({ block, receipts })));
  }
}
