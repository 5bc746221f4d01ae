// The members of the supergraph: indexed house subgraphs and service subgraphs, as they are composed.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEntitySchema } from '#indexer/manifest/entity-schema.ts';
import { houseNames } from '#indexer/query/face.ts';
import { supergraphSdl } from '#indexer/query/supergraph-schema.ts';
import { createAgentsSchema } from '#resolvers/agents/schema.ts';
import { createDocumentsSchema } from '#resolvers/documents/schema.ts';
import { createIdentitySchema } from '#resolvers/identity/schema.ts';
import { createMarketSchema } from '#resolvers/market/schema.ts';
import { createNetworksSchema } from '#resolvers/networks/schema.ts';
import { createProvingSchema } from '#resolvers/proving/schema.ts';
import { createStatusSubgraph } from '#resolvers/status/index.ts';
import type { SubgraphDefinition } from '#schema/compose/compose-supergraph.ts';
import { houseSubgraphs, subgraphSource } from './house.ts';

/** Stands in for services where only the shape of a subgraph is wanted; no resolver runs then. */
const unused = {} as never;

/** Every member with its SDL, sorted by name. Needs neither a database nor a chain. */
export async function subgraphDefinitions(): Promise<SubgraphDefinition[]> {
  const indexed = await Promise.all(
    houseSubgraphs.map(async ({ name }) => {
      const schema = parseEntitySchema(await readFile(join(subgraphSource(name), 'schema.graphql'), 'utf8'));
      return {
        name,
        sdl: supergraphSdl(schema, { names: houseNames(name), title: name }),
        indexed: true,
      };
    }),
  );
  const services = [
    createIdentitySchema(unused),
    createDocumentsSchema(unused),
    createNetworksSchema(unused),
    createMarketSchema(unused),
    createAgentsSchema(unused),
    createProvingSchema(unused),
    createStatusSubgraph(unused),
  ].map(({ name, sdl }) => ({
    name,
    sdl,
  }));
  return [...indexed, ...services].sort((a, b) => (a.name < b.name ? -1 : 1));
}
