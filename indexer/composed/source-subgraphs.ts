// Which deployments a composed subgraph reads: found by id or name when it is deployed, and held to what graph-node demands of them.
import { parse } from 'yaml';
import { AiosError } from '#node/platform/errors.ts';
import { parseEntitySchema } from '../manifest/entity-schema.ts';
import type { DataSource, LoadedSubgraph } from '../manifest/manifest.ts';
import { atLeast } from '../manifest/spec-version.ts';
import type { Overrides } from '../pipeline/assignments.ts';
import { boundId } from '../pipeline/bound-id.ts';
import type { SourceSpec } from '../sources/open-source.ts';
import type { DeploymentRecord, DeploymentStore } from '../store/index.ts';

/** Source subgraphs must know this version of the manifest. */
const SPEC_VERSION = '1.3.0';

/**
 * Finds the deployments that a subgraph's data sources name and says so in its overrides, so that the deployment's id tells them
 * apart: what stands under a name may change.
 *
 * @throws AiosError `SOURCE_SUBGRAPH_INVALID` naming the manifest's line
 */
export async function bindSourceSubgraphs(
  store: DeploymentStore,
  subgraph: LoadedSubgraph,
  source: SourceSpec,
  network: string,
  overrides: Overrides,
): Promise<Overrides> {
  if (subgraph.dataSources.every(({ subgraph: address }) => address === undefined)) return overrides;
  const records = new Map((await store.list()).map((record) => [record.id, record]));
  const names = await store.names();
  const bound: Record<string, NonNullable<Overrides[string]>> = { ...overrides };
  for (const dataSource of subgraph.dataSources) {
    const address = overrides[dataSource.name]?.address ?? dataSource.subgraph;
    if (address === undefined || address === null) continue;
    const refuse = (why: string) =>
      new AiosError(
        'SOURCE_SUBGRAPH_INVALID',
        `subgraph.yaml:${dataSource.subgraphLine ?? 1}: ${dataSource.name}: ${why}`,
      );
    const named = names.find(({ name }) => name === address);
    const record =
      records.get(address) ??
      records.get(boundId(address, source, {})) ??
      records.get(named?.pending ?? named?.current ?? '');
    if (!record)
      throw refuse(
        `there is no deployment ${address} here: deploy the source subgraph first (aios subgraph deploy NAME FOLDER), and give its id or its name`,
      );
    const problem = problemOf(record, dataSource, network);
    if (problem) throw refuse(`${address} cannot be a source: ${problem}`);
    if (record.id !== address || overrides[dataSource.name])
      bound[dataSource.name] = { ...overrides[dataSource.name], address: record.id as `0x${string}` };
  }
  return bound;
}

function problemOf(record: DeploymentRecord, dataSource: DataSource, network: string): string | null {
  if (record.chain !== network) return `it indexes ${record.chain}, not ${network}`;
  const manifest = parse(record.manifest) as {
    specVersion?: string;
    dataSources?: { kind?: string }[];
  } | null;
  const version = manifest?.specVersion ?? '0.0.0';
  if (!atLeast(version, SPEC_VERSION))
    return `its specVersion is ${version}, and a source needs ${SPEC_VERSION} or later`;
  if (manifest?.dataSources?.some(({ kind }) => kind === 'subgraph'))
    return 'it reads a subgraph itself; sources read a chain';
  const schema = parseEntitySchema(record.schema);
  for (const { entity } of dataSource.mapping.entityHandlers ?? []) {
    if (schema.interfaces.has(entity)) return `${entity} is an interface: handle the types that implement it`;
    if (schema.aggregations.has(entity)) return `${entity} is an aggregation: handle its timeseries`;
    const type = schema.entities.get(entity);
    if (!type) return `it has no entity type ${entity}: use one of ${[...schema.entities.keys()].join(', ')}`;
    if (!type.immutable && !type.timeseries)
      return `${entity} is not immutable: only @entity(immutable: true) types can be read`;
  }
  return null;
}
