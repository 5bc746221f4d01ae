// Where the recorded mainnet blocks stand that tests read: beside the project, or where RECORDED_BLOCKS says.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '#node/platform/package-root.ts';

const folder = process.env.RECORDED_BLOCKS ?? join(packageRoot, '../shared/data/ethereum-mainnet');

/** The folder, or null (and a printed notice) when it is not there. */
export function recordedMainnet(): string | null {
  if (existsSync(folder)) return folder;
  console.warn(`skipped: the recorded mainnet blocks are not at ${folder}`);
  return null;
}
