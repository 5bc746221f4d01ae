// Finds the handlers of a block's logs and calls, in graph-node's order: `once` block handlers; by transaction its events in log order and
// then its calls (for one of them: data sources in order of creation, in each the first handler that fits); then block handlers with the
// filter `call`, then the others.
import type {
  BlockHandler,
  DataSource,
  EventHandler,
  LoadedSubgraph,
  Mapping,
} from '#indexer/manifest/manifest.ts';
import type { AwaitedFile } from '../../files/file-monitor.ts';
import type {
  BlockPointer,
  CreatedDataSource,
  Hex,
  Log,
  LogFilter,
  SourceBlock,
  Trigger,
} from '../../model.ts';
import { laterTopicsMatch } from '../../sources/log-filter.ts';
import { CallCandidates, callFilterOf, type WantedCall } from './call-candidates.ts';
import type { Stage } from './stage.ts';

/** A data source that looks for triggers: from the manifest or made by a handler. `index` is what triggers call it by. */
interface ActiveSource {
  readonly index: number;
  readonly address: Hex | null;
  readonly startBlock: number;
  readonly endBlock: number;
  readonly mapping: Mapping;
}

interface Candidate {
  readonly source: ActiveSource;
  readonly handler: EventHandler;
  /** How many topics a log must have for the event's ABI to fit: Transfer of ERC-20 and ERC-721 share their first topic. */
  readonly topics: number;
}

/** A stretch of the chain in which the same logs are wanted. */
export interface Segment {
  readonly to: number;
  readonly filter: LogFilter;
}

// A factory that makes contracts all the time would restart the fetch at each: from here on the templates' events are asked for
// of any contract, and sorted out here.
export const WIDE_AFTER = 20;

export class MatchStage implements Stage {
  readonly name = 'match';
  readonly #subgraph: LoadedSubgraph;
  readonly #static: readonly ActiveSource[];
  #dynamic: CreatedDataSource[] = [];
  /** Of the dynamic ones, those on the chain. */
  #contracts = 0;
  #active: readonly ActiveSource[] = [];
  /** topic0 → candidates in the order of their data sources; of any address, and by address. */
  #anyAddress = new Map<Hex, Candidate[]>();
  #byAddress = new Map<Hex, Map<Hex, Candidate[]>>();
  #blockSources: readonly ActiveSource[] = [];
  #calls = new CallCandidates<ActiveSource>([]);

  constructor(subgraph: LoadedSubgraph) {
    this.#subgraph = subgraph;
    this.#static = subgraph.dataSources.map((source, index) => activeOf(source, index));
    this.#index();
  }

  /** Height of the first block that anything can happen in. */
  get startBlock(): number {
    return Math.min(...this.#static.map((source) => source.startBlock));
  }

  /** The block behind which nothing can happen: every data source of the manifest has ended, and none was made. Null: there is none. */
  get endBlock(): number | null {
    const end = Math.max(...this.#static.map((source) => source.endBlock));
    return this.#dynamic.length === 0 && end < Number.MAX_SAFE_INTEGER ? end : null;
  }

  get dynamic(): readonly CreatedDataSource[] {
    return this.#dynamic;
  }

  /** True when new data sources do not change what is fetched. */
  get wide(): boolean {
    return this.#contracts >= WIDE_AFTER;
  }

  /** The mapping of the data source that triggers call by this index. */
  mappingOf(dataSource: number): Mapping | undefined {
    const there = this.#active[dataSource];
    const found =
      there?.index === dataSource ? there : this.#active.find(({ index }) => index === dataSource);
    return found?.mapping;
  }

  load(dynamic: readonly CreatedDataSource[]): void {
    this.#dynamic = [...dynamic];
    this.#index();
  }

  add(created: readonly CreatedDataSource[]): void {
    this.#dynamic.push(...created);
    // Files have no logs: a subgraph may make one of them with every event.
    if (created.some(isOnChain)) this.#index();
  }

  /** Dynamic data sources, from position `first` on, that wait for a file. */
  files(first = 0): AwaitedFile[] {
    const files: AwaitedFile[] = [];
    for (let position = first; position < this.#dynamic.length; position += 1) {
      const created = this.#dynamic[position] as CreatedDataSource & { readonly doneAt?: number | null };
      const handler = created.region
        ? this.#subgraph.templates.find(({ name }) => name === created.template)?.mapping.fileHandler
        : undefined;
      if (handler === undefined || (created.doneAt ?? null) !== null) continue;
      const path = Buffer.from(created.address.slice(2), 'hex').toString('utf8');
      files.push({ dataSource: this.#static.length + position, handler, path });
    }
    return files;
  }

  async unwind(to: BlockPointer | null): Promise<void> {
    this.load(this.#dynamic.filter((source) => to !== null && source.createdAt <= to.number));
  }

  /** What to fetch from `from` on, up to where that changes (a data source starts or ends), at most `limit`. */
  segment(from: number, limit: number): Segment {
    let to = limit;
    for (const { startBlock, endBlock, mapping } of this.#active) {
      if (startBlock > from) to = Math.min(to, startBlock - 1);
      if (endBlock >= from) to = Math.min(to, endBlock);
      // A `once` handler needs its block even when nothing else happens in it: as a segment by itself it is sure to be served.
      if (startBlock === from && mapping.blockHandlers.some(isOnce)) to = from;
    }
    return { to, filter: this.#filter(from, to) };
  }

  /** What the data sources from position `first` (of the dynamic ones) on want of the block they were made in. */
  filterOfNew(first: number): LogFilter {
    return filterOf(
      this.#active.filter((source) => source.index >= this.#static.length + first),
      [],
    );
  }

  /** The block's triggers, of all data sources or of the dynamic ones from position `first` on. */
  triggers(block: SourceBlock, first?: number): Trigger[] {
    const from = first === undefined ? 0 : this.#static.length + first;
    const { number } = block.header;
    const triggers: Trigger[] = [];
    for (const source of this.#blockSources)
      if (source.index >= from && source.startBlock === number)
        for (const { handler, filter } of source.mapping.blockHandlers)
          if (filter.kind === 'once') triggers.push({ kind: 'block', dataSource: source.index, handler });
    for (const { dataSource, type, data } of first === undefined ? (block.entities ?? []) : []) {
      const source = this.#static[dataSource];
      const handler = source?.mapping.entityHandlers?.find(({ entity }) => entity === type)?.handler;
      if (source && handler !== undefined && isActive(source, number))
        triggers.push({ kind: 'entity', dataSource, handler, type, data });
    }
    this.#matchTransactions(block, from, triggers);
    const calls = block.calls ?? [];
    for (const called of this.#calls.called(calls, from))
      for (const source of called)
        if (isActive(source, number))
          for (const { handler, filter } of source.mapping.blockHandlers)
            if (filter.kind === 'call') triggers.push({ kind: 'block', dataSource: source.index, handler });
    for (const source of this.#blockSources)
      if (source.index >= from && isActive(source, number))
        for (const { handler, filter } of source.mapping.blockHandlers)
          if (
            filter.kind === 'every' ||
            (filter.kind === 'polling' && (number - source.startBlock) % filter.every === 0)
          )
            triggers.push({ kind: 'block', dataSource: source.index, handler });
    return triggers;
  }

  #matchTransactions({ header, logs, calls }: SourceBlock, from: number, triggers: Trigger[]): void {
    const { number } = header;
    const wanted = calls && !this.#calls.empty ? this.#calls.wanted(calls, from) : [];
    let next = 0;
    const callsBefore = (transaction: number) => {
      for (let item = wanted[next]; item && item.call.transactionIndex < transaction; item = wanted[++next])
        pushCalls(item, number, triggers);
    };
    for (const log of logs) {
      callsBefore(log.transactionIndex);
      this.#matchLog(log, number, from, triggers);
    }
    callsBefore(Number.POSITIVE_INFINITY);
  }

  #matchLog(log: Log, number: number, from: number, triggers: Trigger[]): void {
    const topic0 = log.topics[0];
    if (topic0 === undefined) return;
    const any = this.#anyAddress.get(topic0);
    const own = this.#byAddress.get(log.address)?.get(topic0);
    const candidates =
      any && own ? [...any, ...own].sort((a, b) => a.source.index - b.source.index) : (any ?? own);
    let handled = -1;
    for (const { source, handler, topics } of candidates ?? []) {
      if (source.index < from || source.index === handled || !isActive(source, number)) continue;
      if (log.topics.length !== topics || !laterTopicsMatch(handler, log.topics)) continue;
      handled = source.index;
      triggers.push({
        kind: 'event',
        dataSource: source.index,
        handler: handler.handler,
        log,
        receipt: handler.receipt,
      });
    }
  }

  #index(): void {
    this.#active = [
      ...this.#static,
      ...this.#dynamic.flatMap((created, position): ActiveSource[] => {
        const template = isOnChain(created)
          ? this.#subgraph.templates.find(({ name }) => name === created.template)
          : undefined;
        return template
          ? [
              {
                index: this.#static.length + position,
                address: created.address,
                startBlock: created.createdAt,
                endBlock: Number.MAX_SAFE_INTEGER,
                mapping: template.mapping,
              },
            ]
          : [];
      }),
    ];
    this.#contracts = this.#active.length - this.#static.length;
    this.#anyAddress = new Map();
    this.#byAddress = new Map();
    for (const source of this.#active) {
      const byTopic = source.address === null ? this.#anyAddress : topicsOf(this.#byAddress, source.address);
      for (const handler of source.mapping.eventHandlers) {
        const indexed = (handler.abi.inputs ?? []).filter((input) => input.indexed).length;
        const candidate = { source, handler, topics: indexed + 1 };
        const known = byTopic.get(handler.topic0);
        if (known) known.push(candidate);
        else byTopic.set(handler.topic0, [candidate]);
      }
    }
    this.#calls = new CallCandidates(this.#active);
    this.#blockSources = this.#active.filter((source) => source.mapping.blockHandlers.length > 0);
  }

  #filter(from: number, to: number): LogFilter {
    const active = this.#active.filter((source) => source.startBlock <= to && source.endBlock >= from);
    if (!this.wide) return filterOf(active, []);
    const manifest = active.filter((source) => source.index < this.#static.length);
    const templates = this.#subgraph.templates.map((template) => template.mapping);
    return { ...filterOf(manifest, templates), everyBlock: wantsEveryBlock(active) };
  }
}

function activeOf(source: DataSource, index: number): ActiveSource {
  const { address, startBlock, endBlock, mapping } = source;
  return { index, address, startBlock, endBlock: endBlock ?? Number.MAX_SAFE_INTEGER, mapping };
}

/** Not a file's data source: it may have triggers in blocks. */
export function isOnChain({ region = 0 }: CreatedDataSource): boolean {
  return region === 0;
}

function isActive(source: ActiveSource, number: number): boolean {
  return number >= source.startBlock && number <= source.endBlock;
}

function pushCalls({ call, handlers }: WantedCall<ActiveSource>, number: number, triggers: Trigger[]): void {
  for (const { source, handler } of handlers)
    if (isActive(source, number))
      triggers.push({ kind: 'call', dataSource: source.index, handler: handler.handler, call });
}

function isOnce(handler: BlockHandler): boolean {
  return handler.filter.kind === 'once';
}

function topicsOf(byAddress: Map<Hex, Map<Hex, Candidate[]>>, address: Hex): Map<Hex, Candidate[]> {
  let byTopic = byAddress.get(address);
  if (!byTopic) {
    byTopic = new Map();
    byAddress.set(address, byTopic);
  }
  return byTopic;
}

/** The logs that some data sources want, and some mappings of any contract. */
function filterOf(sources: readonly ActiveSource[], anyContract: readonly Mapping[]): LogFilter {
  const wanted = [
    ...sources.map(({ address, mapping }) => ({ address, mapping })),
    ...anyContract.map((mapping) => ({ address: null, mapping })),
  ];
  const entries = wanted.flatMap(({ address, mapping }) =>
    mapping.eventHandlers.map(({ topic0, topic1, topic2, topic3 }) => ({
      address,
      topic0,
      topic1,
      topic2,
      topic3,
    })),
  );
  const calls = callFilterOf(wanted);
  return {
    entries,
    ...(calls && { calls }),
    receipts: wanted.some(({ mapping }) => mapping.eventHandlers.some((handler) => handler.receipt)),
    everyBlock: wantsEveryBlock(sources),
  };
}

function wantsEveryBlock(sources: readonly ActiveSource[]): boolean {
  return sources.some(({ mapping }) =>
    mapping.blockHandlers.some(({ filter }) => filter.kind === 'every' || filter.kind === 'polling'),
  );
}
