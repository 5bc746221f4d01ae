// Names a deployment as `graph deploy` would: the IPFS id of the manifest in which every file is replaced by a link to its own id.
import { dump } from 'js-yaml';
import { contentId } from './content-id.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const isMap = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Content ids by the path under which the manifest names a file. */
export type FileIds = (path: string) => string;

function link(holder: Json | undefined, ids: FileIds): void {
  if (isMap(holder) && typeof holder.file === 'string') holder.file = { '/': `/ipfs/${ids(holder.file)}` };
}

/**
 * The manifest as `graph deploy` puts it into IPFS: every file a link to its content.
 *
 * @param manifest the built `subgraph.yaml` as plain data; it is not changed
 */
export function linkedManifest(manifest: unknown, ids: FileIds): string {
  const linked = structuredClone(manifest) as { [key: string]: Json };
  link(linked.schema, ids);
  for (const list of [linked.dataSources, linked.templates]) {
    if (!Array.isArray(list)) continue;
    for (const source of list) {
      const mapping = isMap(source) ? source.mapping : undefined;
      link(mapping, ids);
      if (isMap(mapping) && Array.isArray(mapping.abis)) for (const abi of mapping.abis) link(abi, ids);
    }
  }
  // graph-cli serialises with js-yaml and these options; another library's line breaks would give another id.
  return dump(linked, { noRefs: true, sortKeys: true });
}

/** The id of a deployment, equal to the one graph-cli prints. */
export function deploymentId(manifest: unknown, ids: FileIds): string {
  return contentId(new TextEncoder().encode(linkedManifest(manifest, ids)));
}
