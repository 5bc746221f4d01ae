// Reads data sources of kind `subgraph`: entities that another deployment of the same database makes are what the handlers are given.
import { readContext } from './context.ts';
import type { DataSource, EntityHandler } from './manifest.ts';
import type { SourceReader } from './parse-manifest.ts';
import type { YamlCursor } from './yaml-cursor.ts';

/** As many as graph-node allows. */
const MAX_SUBGRAPH_SOURCES = 5;

export function isSubgraphSource(cursor: YamlCursor): boolean {
  return cursor.get('kind').text() === 'subgraph';
}

export function readSubgraphSource(cursor: YamlCursor, reader: SourceReader): DataSource {
  cursor.only(['kind', 'name', 'network', 'context', 'source', 'mapping']);
  reader.needs(cursor.get('kind'), '1.3.0', 'kind subgraph');
  const source = cursor.get('source');
  if (source.exists) source.only(['address', 'startBlock']);
  const mapping = cursor.get('mapping');
  mapping.only(['kind', 'apiVersion', 'language', 'file', 'entities', 'abis', 'handlers']);
  const handlers = mapping.get('handlers').items().map(entityHandler);
  if (handlers.length === 0)
    mapping
      .get('handlers')
      .problem('is missing: list handlers, each with an entity of the source and a handler');
  const seen = new Set<string>();
  mapping
    .get('handlers')
    .items()
    .forEach((item, index) => {
      const entity = handlers[index]?.entity ?? '';
      if (seen.has(entity))
        item.problem(`${entity} has a handler already: write one handler for each entity`);
      seen.add(entity);
    });
  return {
    name: cursor.get('name').requiredText('a name for the data source'),
    subgraph: source
      .get('address')
      .requiredText('the deployment id (Qm…) or the name of the source subgraph'),
    subgraphLine: source.get('address').line,
    network: cursor.get('network').requiredText('the name of the network, such as mainnet'),
    address: null,
    abi: '',
    startBlock: source.get('startBlock').natural() ?? 0,
    endBlock: null,
    context: readContext(cursor.get('context')),
    mapping: { ...reader.mappingBase(mapping), entityHandlers: handlers },
  };
}

function entityHandler(cursor: YamlCursor): EntityHandler {
  cursor.only(['handler', 'entity', 'calls']);
  return {
    entity: cursor.get('entity').requiredText('the name of an entity type of the source subgraph'),
    handler: cursor.get('handler').requiredText('the name of the exported handler function'),
  };
}

/** What a manifest with such data sources may not have besides, as graph-node rules. */
export function checkSubgraphSources(root: YamlCursor): void {
  const items = root.get('dataSources').items();
  const subgraphs = items.filter(isSubgraphSource);
  if (subgraphs.length === 0) return;
  for (const item of subgraphs.slice(MAX_SUBGRAPH_SOURCES))
    item.problem(`a subgraph can have ${MAX_SUBGRAPH_SOURCES} subgraphs as data sources: remove this one`);
  for (const item of items)
    if (!isSubgraphSource(item))
      item
        .get('kind')
        .problem(
          'a data source on a chain cannot stand beside one that is a subgraph: split the subgraph in two',
        );
  for (const item of root.get('templates').items())
    if (!(item.get('kind').text() ?? '').startsWith('file/'))
      item
        .get('kind')
        .problem('a subgraph over subgraphs sees no chain: use templates of kind file/ipfs only');
  const seen = new Set<string>();
  for (const item of subgraphs) {
    const address = item.get('source').get('address');
    const text = address.text() ?? '';
    if (seen.has(text))
      address.problem(`${text} is read by another data source already: put the handlers together`);
    seen.add(text);
  }
}
