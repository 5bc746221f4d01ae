// Reads a built `subgraph.yaml`: every key is checked, and what cannot run here is refused by name and line instead of ignored.
import type { EntitySchema, Hex } from '#indexer/model.ts';
import { messageOf } from '#node/platform/errors.ts';
import { readContext } from './context.ts';
import { parseDeclaredCall } from './declared-calls.ts';
import { eventOf, eventSignatures, eventTopic } from './event-abi.ts';
import { isFileTemplate, readFileTemplate } from './file-template.ts';
import { calledFunctionOf, calledFunctions, functionSelector, functionSignature } from './function-abi.ts';
import type {
  AbiItem,
  BlockHandler,
  CallHandler,
  DataSource,
  DataSourceTemplate,
  DeclaredCall,
  EventHandler,
  LoadedSubgraph,
  Mapping,
} from './manifest.ts';
import { atLeast } from './spec-version.ts';
import { checkSubgraphSources, isSubgraphSource, readSubgraphSource } from './subgraph-source.ts';
import type { YamlCursor } from './yaml-cursor.ts';

const SPEC_VERSIONS = [
  '0.0.2',
  '0.0.3',
  '0.0.4',
  '0.0.5',
  '0.0.6',
  '0.0.7',
  '0.0.8',
  '0.0.9',
  '1.0.0',
  '1.1.0',
  '1.2.0',
  '1.3.0',
  '1.4.0',
];
const API_VERSIONS = ['0.0.1', '0.0.2', '0.0.3', '0.0.4', '0.0.5', '0.0.6', '0.0.7', '0.0.8', '0.0.9'];
/** Files the manifest links, already read: relative path to content id and content. */
export interface LinkedFiles {
  abi(path: string, at: YamlCursor): readonly AbiItem[];
  module(path: string, at: YamlCursor): string;
}

export interface ParsedManifest {
  readonly specVersion: string;
  readonly apiVersion: string;
  readonly description: string | null;
  readonly repository: string | null;
  readonly features: readonly string[];
  readonly prune: number | 'never' | 'auto';
  readonly graft: LoadedSubgraph['graft'];
  readonly dataSources: readonly DataSource[];
  readonly templates: readonly DataSourceTemplate[];
}

/** The version a manifest states; undefined (with a problem reported) when it is not one we know. */
export function readSpecVersion(root: YamlCursor): string {
  const cursor = root.get('specVersion');
  const version = cursor.requiredText('the version of the manifest, such as 1.2.0');
  if (version !== '' && !SPEC_VERSIONS.includes(version)) {
    cursor.problem(`${version} is not supported: use ${SPEC_VERSIONS[0]} to ${SPEC_VERSIONS.at(-1)}`);
  }
  return version;
}

/** Reads the manifest. Problems go to the cursor's list; the result is only meaningful when there are none. */
export function parseManifest(root: YamlCursor, schema: EntitySchema, files: LinkedFiles): ParsedManifest {
  root.only([
    'specVersion',
    'features',
    'schema',
    'description',
    'repository',
    'graft',
    'dataSources',
    'templates',
    'indexerHints',
  ]);
  const specVersion = readSpecVersion(root);
  const features = root
    .get('features')
    .items()
    .map((item) => item.text() ?? '');
  if (schema.fulltext.length > 0 && !features.includes('fullTextSearch'))
    root.problem('schema.graphql uses @fulltext: add fullTextSearch to the features');
  const graft = readGraft(root, specVersion, features);

  const reader = new SourceReader(specVersion, schema, files);
  const dataSources = root
    .get('dataSources')
    .items()
    .map((item) => (isSubgraphSource(item) ? readSubgraphSource(item, reader) : reader.dataSource(item)));
  if (dataSources.length === 0)
    root.get('dataSources').problem('is missing: a subgraph needs at least one data source');
  const templates = root
    .get('templates')
    .items()
    .map((item) => (isFileTemplate(item) ? readFileTemplate(item, reader) : reader.template(item)));
  checkSubgraphSources(root);
  requireUnique(root.get('dataSources').items());
  requireUnique(root.get('templates').items());
  const network = dataSources[0]?.network ?? '';
  const apiVersions = new Set([...dataSources, ...templates].map((source) => source.mapping.apiVersion));
  // Before 0.0.5 a subgraph may mix them.
  if (apiVersions.size > 1 && [...apiVersions].some((version) => atLeast(version, '0.0.5'))) {
    root
      .get('dataSources')
      .problem(`mappings use different apiVersions (${[...apiVersions].join(', ')}): use one`);
  }
  return {
    specVersion,
    apiVersion: [...apiVersions][0] ?? '',
    description: root.get('description').text() ?? null,
    repository: root.get('repository').text() ?? null,
    features,
    prune: readPrune(root.get('indexerHints')),
    graft,
    dataSources,
    templates: templates.map((template) => (template.network === '' ? { ...template, network } : template)),
  };
}

function requireUnique(items: readonly YamlCursor[]): void {
  const seen = new Set<string>();
  for (const item of items) {
    const name = item.get('name').text() ?? '';
    if (seen.has(name)) item.problem(`the name ${name} is used twice: rename one`);
    seen.add(name);
  }
}

function readGraft(
  root: YamlCursor,
  specVersion: string,
  features: readonly string[],
): ParsedManifest['graft'] {
  const graft = root.get('graft');
  if (!graft.exists) return undefined;
  graft.only(['base', 'block']);
  const base = graft.get('base').requiredText('the id (Qm…) of the deployment to graft onto');
  const block = graft.get('block').natural();
  if (block === undefined)
    graft.get('block').problem('is missing: write the last block to take over from the base');
  if (atLeast(specVersion, '0.0.4') && !features.includes('grafting'))
    graft.problem('needs the feature: add "- grafting" to features');
  return { base, block: block ?? 0, line: graft.get('base').line };
}

function readPrune(hints: YamlCursor): number | 'never' | 'auto' {
  if (!hints.exists) return 'never';
  hints.only(['prune']);
  const prune = hints.get('prune');
  const text = prune.text() ?? 'never';
  return text === 'never' || text === 'auto' ? text : (prune.natural() ?? 'never');
}

/** What readers of every kind of data source share. */
export class SourceReader {
  readonly #specVersion: string;
  readonly #schema: EntitySchema;
  readonly #files: LinkedFiles;

  constructor(specVersion: string, schema: EntitySchema, files: LinkedFiles) {
    this.#specVersion = specVersion;
    this.#schema = schema;
    this.#files = files;
  }

  /** What every mapping has, whatever it handles. */
  mappingBase(cursor: YamlCursor): Mapping {
    const abis = new Map<string, readonly AbiItem[]>();
    for (const item of cursor.get('abis').items()) {
      item.only(['name', 'file']);
      const name = item.get('name').requiredText('the name of the ABI');
      abis.set(name, this.#files.abi(item.get('file').requiredText('the path of the ABI'), item.get('file')));
    }
    const language = cursor.get('language').text();
    if (language !== undefined && language !== 'wasm/assemblyscript')
      cursor.get('language').problem(`${language} is not supported: use wasm/assemblyscript`);
    const file = cursor.get('file');
    return {
      apiVersion: this.#apiVersion(cursor.get('apiVersion')),
      module: this.#files.module(file.requiredText('the path of the compiled mapping'), file),
      abis,
      eventHandlers: [],
      callHandlers: [],
      blockHandlers: [],
      entities: cursor
        .get('entities')
        .texts()
        .filter((name) => this.#schema.entities.has(name)),
    };
  }

  needs(cursor: YamlCursor, version: string, what: string): void {
    this.#needs(cursor, version, what);
  }

  #needs(cursor: YamlCursor, version: string, what: string): void {
    if (cursor.exists && !atLeast(this.#specVersion, version)) {
      cursor.problem(`${what} needs specVersion ${version} or later, the manifest says ${this.#specVersion}`);
    }
  }

  #kind(cursor: YamlCursor): void {
    const kind = cursor.get('kind').requiredText('ethereum');
    if (kind !== '' && kind !== 'ethereum' && kind !== 'ethereum/contract') {
      cursor
        .get('kind')
        .problem(
          kind.startsWith('file/')
            ? 'a file data source is made by a handler: write it under templates'
            : kind === 'subgraph'
              ? 'a subgraph is a data source, not a template: write it under dataSources'
              : `data sources of kind ${kind} cannot run here: use ethereum, subgraph, or file/ipfs in templates`,
        );
    }
  }

  dataSource(cursor: YamlCursor): DataSource {
    cursor.only(['kind', 'name', 'network', 'context', 'source', 'mapping']);
    this.#kind(cursor);
    const source = cursor.get('source');
    if (!source.exists) source.problem('is missing: write source: with abi and, for one contract, address');
    else source.only(['address', 'abi', 'startBlock', 'endBlock']);
    const abi = source.get('abi').requiredText('the name of one of the ABIs of the mapping');
    this.#needs(source.get('endBlock'), '0.0.9', 'endBlock');
    const startBlock = source.get('startBlock').natural() ?? 0;
    const endBlock = source.get('endBlock').natural() ?? null;
    if (endBlock !== null && endBlock < startBlock) {
      source.get('endBlock').problem(`${endBlock} is before startBlock ${startBlock}: make it later`);
    }
    return {
      name: cursor.get('name').requiredText('a name for the data source'),
      network: cursor.get('network').requiredText('the name of the network, such as mainnet'),
      address: this.#address(source.get('address')),
      abi,
      startBlock,
      endBlock,
      context: readContext(cursor.get('context')),
      mapping: this.#mapping(cursor.get('mapping'), abi, source.get('abi'), source),
    };
  }

  template(cursor: YamlCursor): DataSourceTemplate {
    cursor.only(['kind', 'name', 'network', 'context', 'source', 'mapping']);
    this.#kind(cursor);
    const source = cursor.get('source');
    if (source.exists) source.only(['abi']);
    const abi = source.get('abi').requiredText('the name of one of the ABIs of the mapping');
    return {
      name: cursor.get('name').requiredText('a name for the template'),
      // Templates run where the data sources do; old manifests do not say it again.
      network: cursor.get('network').text() ?? '',
      abi,
      mapping: this.#mapping(cursor.get('mapping'), abi, source.get('abi')),
    };
  }

  #address(cursor: YamlCursor): Hex | null {
    const text = cursor.text();
    if (text === undefined) return null;
    if (!/^(0x)?[0-9a-fA-F]{40}$/.test(text)) {
      cursor.problem(`${text} is not an address: write 0x and 40 hex digits, in quotes`);
      return null;
    }
    return `0x${text.replace(/^0x/, '').toLowerCase()}`;
  }

  /** `source` of a data source, which call and block handlers need an address in; templates get theirs when they are used. */
  #mapping(cursor: YamlCursor, abiName: string, abiAt: YamlCursor, source?: YamlCursor): Mapping {
    cursor.only([
      'kind',
      'apiVersion',
      'language',
      'file',
      'entities',
      'abis',
      'eventHandlers',
      'callHandlers',
      'blockHandlers',
    ]);
    const apiVersion = this.#apiVersion(cursor.get('apiVersion'));
    const language = cursor.get('language').text();
    if (language !== undefined && language !== 'wasm/assemblyscript') {
      cursor.get('language').problem(`${language} is not supported: use wasm/assemblyscript`);
    }
    const abis = new Map<string, readonly AbiItem[]>();
    for (const item of cursor.get('abis').items()) {
      item.only(['name', 'file']);
      const name = item.get('name').requiredText('the name of the ABI');
      abis.set(name, this.#files.abi(item.get('file').requiredLink('the path of the ABI'), item.get('file')));
    }
    if (abiName !== '' && !abis.has(abiName)) {
      abiAt.problem(
        `${abiName} is not among the ABIs of the mapping: use one of ${[...abis.keys()].join(', ') || '(none)'}`,
      );
    }
    const callHandlers = cursor
      .get('callHandlers')
      .items()
      .map((item) => this.#callHandler(item, abis.get(abiName) ?? []))
      .filter((handler) => handler !== null);
    const entities = cursor.get('entities').texts();
    const eventHandlers = cursor
      .get('eventHandlers')
      .items()
      .map((item) => this.#eventHandler(item, abis, abis.get(abiName) ?? [], apiVersion))
      .filter((handler) => handler !== null);
    const blockHandlers = cursor
      .get('blockHandlers')
      .items()
      .map((item) => this.#blockHandler(item));
    if (source && !source.get('address').exists && callHandlers.length + blockHandlers.length > 0)
      source.problem('needs an address: call and block handlers belong to one contract');
    requireCompatible(blockHandlers, cursor.get('blockHandlers'));
    if (eventHandlers.length + callHandlers.length + blockHandlers.length === 0 && cursor.exists) {
      cursor.warning('has no handlers: add eventHandlers, callHandlers or blockHandlers');
    }
    const file = cursor.get('file');
    return {
      apiVersion,
      module: this.#files.module(file.requiredLink('the path of the compiled mapping'), file),
      abis,
      eventHandlers,
      callHandlers,
      blockHandlers,
      entities: entities.filter((name) => this.#schema.entities.has(name)),
    };
  }

  #apiVersion(cursor: YamlCursor): string {
    const version = cursor.requiredText('the version of the mapping API, such as 0.0.9');
    if (version !== '' && !API_VERSIONS.includes(version)) {
      cursor.problem(`${version} is not supported: use ${API_VERSIONS[0]} to ${API_VERSIONS.at(-1)}`);
    }
    return version;
  }

  #eventHandler(
    cursor: YamlCursor,
    abis: ReadonlyMap<string, readonly AbiItem[]>,
    abi: readonly AbiItem[],
    apiVersion: string,
  ): EventHandler | null {
    cursor.only(['event', 'topic0', 'topic1', 'topic2', 'topic3', 'handler', 'receipt', 'calls']);
    const event = cursor
      .get('event')
      .requiredText('the signature of the event, such as Transfer(address,address,uint256)');
    const entry = eventOf(abi, event);
    if (entry === undefined) {
      if (event !== '') {
        cursor
          .get('event')
          .problem(
            `${event} is not an event of the ABI: use one of ${eventSignatures(abi).join(', ') || '(the ABI has none)'}`,
          );
      }
      return null;
    }
    const receipt = cursor.get('receipt').flag();
    this.#needs(cursor.get('receipt'), '0.0.5', 'receipt');
    if (receipt && !atLeast(apiVersion, '0.0.7')) {
      cursor
        .get('receipt')
        .problem(`receipts need apiVersion 0.0.7 or later, the mapping says ${apiVersion}`);
    }
    const topic0 = cursor.get('topic0');
    this.#needs(cursor.get('calls'), '1.2.0', 'calls');
    return {
      line: cursor.line,
      event,
      topic0: topic0.exists ? this.#topic(topic0) : eventTopic(event),
      ...this.#topics(cursor),
      handler: cursor.get('handler').requiredText('the name of the exported handler function'),
      receipt,
      abi: entry,
      calls: this.#calls(cursor.get('calls'), abis, entry),
    };
  }

  #calls(
    cursor: YamlCursor,
    abis: ReadonlyMap<string, readonly AbiItem[]>,
    event: AbiItem,
  ): readonly DeclaredCall[] {
    const calls: DeclaredCall[] = [];
    for (const label of cursor.keys()) {
      const at = cursor.get(label);
      try {
        const context = { specVersion: this.#specVersion, abis, event };
        calls.push(parseDeclaredCall(label, at.text() ?? '', context));
      } catch (error) {
        at.problem(messageOf(error));
      }
    }
    return calls;
  }

  #topic(cursor: YamlCursor): Hex {
    const text = cursor.text() ?? '';
    if (!/^0x[0-9a-fA-F]{1,64}$/.test(text)) {
      cursor.problem(`${text} is not a topic: write 0x and up to 64 hex digits, in quotes`);
    }
    // Shorter values (an address) stand for the 32-byte word that ends in them.
    return `0x${text.slice(2).toLowerCase().padStart(64, '0')}`;
  }

  #topics(cursor: YamlCursor): Pick<EventHandler, 'topic1' | 'topic2' | 'topic3'> {
    const filters: { topic1?: Hex[]; topic2?: Hex[]; topic3?: Hex[] } = {};
    for (const name of ['topic1', 'topic2', 'topic3'] as const) {
      this.#needs(cursor.get(name), '1.2.0', name);
      const values = cursor
        .get(name)
        .items()
        .map((item) => this.#topic(item));
      if (values.length > 0) filters[name] = values;
    }
    return filters;
  }

  #callHandler(cursor: YamlCursor, abi: readonly AbiItem[]): CallHandler | null {
    cursor.only(['function', 'handler']);
    const at = cursor.get('function');
    const signature = at.requiredText('the signature of the function, such as mint(address,uint256)');
    const entry = calledFunctionOf(abi, signature);
    if (entry === undefined) {
      const known = calledFunctions(abi).map(functionSignature).join(', ');
      if (signature !== '')
        at.problem(
          `${signature} is not a function of the ABI that changes state: use one of ${known || '(the ABI has none)'}`,
        );
      return null;
    }
    return {
      function: signature,
      selector: functionSelector(signature),
      handler: cursor.get('handler').requiredText('the name of the exported handler function'),
      abi: entry,
      line: cursor.line,
    };
  }

  #blockHandler(cursor: YamlCursor): BlockHandler {
    cursor.only(['handler', 'filter']);
    const { line } = cursor;
    const handler = cursor.get('handler').requiredText('the name of the exported handler function');
    const filter = cursor.get('filter');
    if (!filter.exists) return { handler, line, filter: { kind: 'every' } };
    filter.only(['kind', 'every']);
    const kind = filter.get('kind').requiredText('one of call, once, polling');
    if (kind === 'once' || kind === 'polling') this.#needs(filter, '0.0.8', `the block filter ${kind}`);
    if (kind === 'once' || kind === 'call') return { handler, line, filter: { kind } };
    if (kind === 'polling') {
      const every = filter.get('every').natural() ?? 0;
      if (every < 1) filter.get('every').problem('must be 1 or more: the number of blocks between two runs');
      return { handler, line, filter: { kind, every } };
    }
    filter.problem(`${kind} is not a block filter: use call, once or polling`);
    return { handler, line, filter: { kind: 'every' } };
  }
}

/** One block handler of each kind, and none beside one without a filter but `call` (graph-node's rule). */
function requireCompatible(handlers: readonly BlockHandler[], at: YamlCursor): void {
  const kinds = handlers.map(({ filter }) => filter.kind);
  const twice = kinds.find((kind, index) => kinds.indexOf(kind) !== index);
  if (twice) at.problem(`has two block handlers of the kind "${twice}": do the work of both in one`);
  if (kinds.includes('every') && (kinds.includes('once') || kinds.includes('polling')))
    at.problem('has a handler for every block beside a filtered one: call the other from it');
}
