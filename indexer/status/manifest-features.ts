// What `subgraphFeatures` tells of a deployment, read from its manifest and schema as they were deployed.
import { parse } from 'yaml';
import { parseEntitySchema } from '#indexer/manifest/entity-schema.ts';
import type { DeploymentRecord } from '#indexer/store/deployments.ts';

export interface ManifestFeatures {
  readonly apiVersion: string | null;
  readonly specVersion: string;
  readonly features: readonly string[];
  readonly dataSources: readonly string[];
  readonly handlers: readonly string[];
  readonly network: string | null;
}

interface Handler {
  readonly calls?: unknown;
}

interface DataSource {
  readonly kind?: string;
  readonly network?: string;
  readonly mapping?: {
    readonly apiVersion?: string;
    readonly eventHandlers?: readonly Handler[];
    readonly callHandlers?: readonly Handler[];
    readonly blockHandlers?: readonly Handler[];
  };
}

interface Manifest {
  readonly specVersion?: string;
  readonly features?: readonly string[];
  readonly dataSources?: readonly DataSource[];
  readonly templates?: readonly DataSource[];
  readonly indexerHints?: { readonly prune?: unknown };
}

function manifestOf(record: DeploymentRecord): Manifest {
  return (parse(record.manifest) ?? {}) as Manifest;
}

export function featuresOf(record: DeploymentRecord): ManifestFeatures {
  const manifest = manifestOf(record);
  const sources = [...(manifest.dataSources ?? []), ...(manifest.templates ?? [])];
  const handlers = new Set<string>();
  for (const { mapping } of sources) {
    if (mapping?.blockHandlers?.length) handlers.add('block');
    if (mapping?.callHandlers?.length) handlers.add('call');
    if (mapping?.eventHandlers?.length) handlers.add('event');
  }
  const { entities } = parseEntitySchema(record.schema);
  const types = [...entities.values()];
  const declared = sources.some(({ mapping }) => mapping?.eventHandlers?.some(({ calls }) => calls));
  const versions = new Set(sources.flatMap(({ mapping }) => mapping?.apiVersion ?? []));
  return {
    apiVersion: [...versions].sort().at(-1) ?? null,
    specVersion: manifest.specVersion ?? '0.0.1',
    features: [
      ...[...(manifest.features ?? [])].sort(),
      ...(declared ? ['declaredEthCalls'] : []),
      ...(/@aggregation\b/.test(record.schema) ? ['aggregations'] : []),
      ...(types.some(({ immutable }) => immutable) ? ['immutableEntities'] : []),
      ...(types.some(({ idKind }) => idKind === 'Bytes') ? ['bytesAsIds'] : []),
    ],
    dataSources: [...new Set(sources.flatMap(({ kind }) => kind ?? []))].sort(),
    handlers: [...handlers].sort(),
    network: manifest.dataSources?.[0]?.network ?? null,
  };
}

/** What graph-node says of a deployment that keeps its whole history. */
const ALL_HISTORY = 2_147_483_647;

/** How many blocks of history the manifest asks for. */
export function historyBlocksOf(record: DeploymentRecord): number {
  const prune = manifestOf(record).indexerHints?.prune;
  return typeof prune === 'number' && Number.isInteger(prune) ? prune : ALL_HISTORY;
}
