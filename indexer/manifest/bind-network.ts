// Binds a built subgraph to a network, as `graph deploy --network` does from networks.json, without building it again.
import type { Hex } from '#indexer/model.ts';
import { AiosError } from '#node/platform/errors.ts';
import type { DataSource, LoadedSubgraph } from './manifest.ts';

export interface NetworkBinding {
  readonly network: string;
  /** By data source name. `address: null` means any contract. */
  readonly dataSources?: Readonly<
    Record<
      string,
      { readonly address?: Hex | null; readonly startBlock?: number; readonly endBlock?: number | null }
    >
  >;
}

/**
 * The subgraph with another network name and, per data source, another address, start or end block. The deployment id stays: it
 * names what was built, and the binding belongs to where it runs.
 *
 * @throws AiosError `DATA_SOURCE_UNKNOWN` when the binding names a data source the subgraph does not have
 */
export function bindNetwork(subgraph: LoadedSubgraph, binding: NetworkBinding): LoadedSubgraph {
  const names = subgraph.dataSources.map((source) => source.name);
  const overrides = binding.dataSources ?? {};
  for (const name of Object.keys(overrides)) {
    if (names.includes(name)) continue;
    throw new AiosError(
      'DATA_SOURCE_UNKNOWN',
      `the subgraph has no data source ${name}: bind one of ${names.join(', ')}`,
    );
  }
  const bind = (source: DataSource): DataSource => {
    const override = overrides[source.name] ?? {};
    return {
      ...source,
      network: binding.network,
      ...(override.address && source.subgraph !== undefined && { subgraph: override.address }),
      ...(override.address !== undefined &&
        source.subgraph === undefined && {
          address: override.address === null ? null : (override.address.toLowerCase() as Hex),
        }),
      ...(override.startBlock !== undefined && { startBlock: override.startBlock }),
      ...(override.endBlock !== undefined && { endBlock: override.endBlock }),
    };
  };
  return {
    ...subgraph,
    dataSources: subgraph.dataSources.map(bind),
    templates: subgraph.templates.map((template) => ({ ...template, network: binding.network })),
  };
}
