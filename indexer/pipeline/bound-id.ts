// The id of a build that is bound to another network, source or address than its manifest says: the build's and the binding's.
import { contentId } from '../manifest/content-id.ts';
import type { SourceSpec } from '../sources/open-source.ts';
import type { Overrides } from './assignments.ts';

export function boundId(subgraph: string, source: SourceSpec, overrides: Overrides): string {
  const binding = JSON.stringify({
    subgraph,
    source: source.kind === 'chain' ? source.chain : `recorded:${source.folder}`,
    overrides: Object.entries(overrides)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { address, startBlock, endBlock }]) => [
        name,
        address?.toLowerCase() ?? address,
        startBlock,
        endBlock,
      ]),
  });
  return contentId(new TextEncoder().encode(binding));
}
