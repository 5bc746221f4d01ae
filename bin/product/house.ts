// The house: the indexed subgraphs that ship with the product and stand in its supergraph under their own names.
import { join } from 'node:path';
import { packageRoot } from '#node/platform/package-root.ts';

export interface HouseSubgraph {
  /** Name of the deployment, its alias in the supergraph, and its folder under subgraphs/. */
  readonly name: string;
  /** Whether its changes feed search, event streams and triggers. */
  readonly feed: boolean;
  /** The chain it reads, when that is not the one with the contracts. Where nobody has configured it, the subgraph is there and empty. */
  readonly chain?: string;
}

export const houseSubgraphs: readonly HouseSubgraph[] = [
  { name: 'directory', feed: true },
  { name: 'market', feed: true },
  { name: 'proofs', feed: true },
  // A block has thousands of transfers, and nothing is triggered by them yet: writing each a second time would cost half as much again.
  { name: 'dag', feed: false, chain: 'aios' },
];

/** Where `npm run prepare` builds a house subgraph. */
export const builtSubgraph = (name: string) => join(packageRoot, 'dist/subgraphs', name);

/** The schema.graphql of a house subgraph, as it stands in the tree. */
export const subgraphSource = (name: string) => join(packageRoot, 'subgraphs', name);
