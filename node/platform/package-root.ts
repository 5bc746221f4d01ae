// Where the package stands on disk: the folder of its package.json, whether the code runs from dist/ or from source.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error('no package.json above the running code: run aios from its package');
    folder = parent;
  }
  return folder;
}

export const packageRoot = findRoot();

/** Path of a bundled entry under dist/: worker threads and child processes are started from there, in tests too. */
export function bundledEntry(name: string): string {
  return join(packageRoot, 'dist', name);
}
