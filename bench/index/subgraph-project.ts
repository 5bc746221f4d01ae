// The subgraphs of the race: fixtures of the mapping, committed with what graph-cli built from them.
import { join } from 'node:path';
import { packageRoot } from '#node/platform/package-root.ts';

/** The project's folder with its build in `build/`. */
export function subgraphProject(dex: boolean): string {
  return join(packageRoot, 'indexer/mapping/fixtures', dex ? 'swaps' : 'token');
}
