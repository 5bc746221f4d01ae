// Reads templates of kind `file/…`: data sources that wait for one file each, by its content identifier.
import type { DataSourceTemplate, LoadedSubgraph } from './manifest.ts';
import type { SourceReader } from './parse-manifest.ts';
import type { YamlCursor } from './yaml-cursor.ts';

export function isFileTemplate(cursor: YamlCursor): boolean {
  return (cursor.get('kind').text() ?? '').startsWith('file/');
}

export function readFileTemplate(cursor: YamlCursor, reader: SourceReader): DataSourceTemplate {
  cursor.only(['kind', 'name', 'network', 'source', 'mapping']);
  const kind = cursor.get('kind');
  reader.needs(kind, '0.0.7', `kind ${kind.text()}`);
  if (kind.text() !== 'file/ipfs')
    kind.problem(
      `${kind.text()} cannot run here: use file/ipfs${kind.text() === 'file/arweave' ? ', and keep the files on IPFS (Arweave is not read)' : ''}`,
    );
  if (cursor.get('source').exists)
    cursor
      .get('source')
      .problem('a file template has no source: remove it, the handler that makes it names the file');
  const mapping = cursor.get('mapping');
  mapping.only(['kind', 'apiVersion', 'language', 'file', 'entities', 'abis', 'handler']);
  const base = reader.mappingBase(mapping);
  if (base.entities.length === 0)
    mapping
      .get('entities')
      .problem('must list the entity types that the handler writes: a file handler may write no others');
  return {
    name: cursor.get('name').requiredText('a name for the template'),
    file: 'ipfs',
    network: cursor.get('network').text() ?? '',
    abi: '',
    mapping: {
      ...base,
      fileHandler: mapping.get('handler').requiredText('the name of the function that handles the file'),
    },
  };
}

/** What handlers of files may write. */
export function fileEntities({ templates }: LoadedSubgraph): string[] {
  return [...new Set(templates.filter(({ file }) => file).flatMap(({ mapping }) => mapping.entities))];
}
