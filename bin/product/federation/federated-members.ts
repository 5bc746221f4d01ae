// A federated deployment as a member of the supergraph.
import { parseEntitySchema } from '#indexer/manifest/entity-schema.ts';
import { aliasNames } from '#indexer/query/face.ts';
import { supergraphSdl } from '#indexer/query/supergraph-schema.ts';
import type { SubgraphDefinition } from '#schema/compose/compose-supergraph.ts';

/** Takes milliseconds for schemas of ordinary size. @throws AiosError of the schema */
export function federatedMember(alias: string, schema: string): SubgraphDefinition {
  const sdl = supergraphSdl(parseEntitySchema(schema), { names: aliasNames(alias), title: alias });
  return { name: alias, sdl, indexed: true };
}
