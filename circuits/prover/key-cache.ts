// What keeps the folder of keys within its limit: folders that were not used for longest go first; they are made again when they are wanted.
import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

/** One that was used within this time may be read by a prover right now. */
const inUseMs = 3_600_000;

/** Notes that a folder is used. */
export function touchFolder(folder: string): void {
  const now = new Date();
  utimesSync(folder, now, now);
}

/** Removes folders below `root`, least recently used first, until the rest has at most `limitBytes`; none that may be in use. @returns their names */
export function pruneFolders(root: string, limitBytes: number, now = Date.now()): string[] {
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => {
      const path = join(root, name);
      const bytes = readdirSync(path).reduce((sum, file) => sum + statSync(join(path, file)).size, 0);
      return { name, path, bytes, usedAt: statSync(path).mtimeMs };
    })
    .sort((left, right) => left.usedAt - right.usedAt);
  let total = folders.reduce((sum, { bytes }) => sum + bytes, 0);
  const removed: string[] = [];
  for (const { name, path, bytes, usedAt } of folders) {
    if (total <= limitBytes || now - usedAt < inUseMs) break;
    rmSync(path, { recursive: true, force: true });
    total -= bytes;
    removed.push(name);
  }
  return removed;
}
