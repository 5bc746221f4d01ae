// Runs the handlers of blocks, in order, against one deployment: the mapping thread's whole work, free of threads itself.
import type {
  BlockHeader,
  BlockOutcome,
  CreatedDataSource,
  DeterministicFailure,
  EntityData,
  EntityId,
  EntityModification,
  EntitySchema,
  HandledFile,
  Hex,
  Transaction,
  Trigger,
} from '#indexer/model.ts';
import type { CallHandler, LoadedSubgraph, Mapping } from '../manifest/manifest.ts';
import type { MappingBlock } from '../pipeline/mapper.ts';
import { BlockProof } from '../proof/block-proof.ts';
import type { ProofVersion } from '../proof/event-stream.ts';
import { AbiDecodeError, CallDecoder, EventDecoder } from './abi.ts';
import { EntityCache, type EntityReader } from './entity-cache.ts';
import { keyOf, type PreparedType, prepareTypes } from './entity-types.ts';
import {
  type Layout,
  layoutOf,
  writeAll,
  writeBlock,
  writeCall,
  writeEvent,
  writeEventWord,
  writeTransaction,
} from './ethereum-values.ts';
import { DeterministicError } from './failures.ts';
import { FileOwners } from './file-owners.ts';
import { type BlockingHost, HandlerContext, type RunningSource } from './handler-context.ts';
import { linkImports } from './host-functions.ts';
import { LINE_LIMITS, type LineLimits } from './line-buffer.ts';
import { MappingModule, ModuleInstance } from './module-instance.ts';
import { idOf, ReadAhead } from './read-ahead.ts';
import { writeEntity } from './store-values.ts';

/** The part of a subgraph that running its handlers needs; it can be sent to another thread. */
export type MappingProgram = Pick<
  LoadedSubgraph,
  'apiVersion' | 'schema' | 'dataSources' | 'templates' | 'modules'
> & {
  /** Schemas of the subgraphs that are data sources, by the data source's name. */
  readonly sourceSchemas?: ReadonlyMap<string, EntitySchema> | undefined;
};

export interface RunnerOptions {
  readonly cacheBytes: number;
  /** Instructions a handler may execute. */
  readonly handlerGas: number;
  /** Report each entity's state before the block too. */
  readonly before: boolean;
  /** Keep a proof of indexing, with this hash. */
  readonly proof: ProofVersion | null;
  /** A handler that fails deterministically loses its own changes only; the block goes on with the next one. */
  readonly nonFatalErrors: boolean;
  /** How much of what handlers log is kept. */
  readonly lines: LineLimits;
}

/** 10^10 instructions are some ten seconds: far beyond an honest handler, short enough not to stall the neighbours. */
export const DEFAULT_RUNNER_OPTIONS: RunnerOptions = {
  cacheBytes: 256 * 1024 * 1024,
  handlerGas: 10_000_000_000,
  before: false,
  proof: null,
  nonFatalErrors: false,
  lines: LINE_LIMITS,
};

const BASE = 0;
const BLOCK = 1;
const TRANSACTION = 2;

/** An event handler with what its logs need. */
interface EventEntry {
  readonly topic0: Hex;
  readonly decoder: EventDecoder;
}

/** A compiled module with its current instance and what that instance has encoded. */
class ModuleSlot {
  readonly module: MappingModule;
  readonly layout: Layout;
  instance: ModuleInstance | null = null;
  header: BlockHeader | null = null;
  blockPointer = 0;
  transaction: Transaction | null = null;
  transactionPointer = 0;
  /** The module asked for its surroundings while it started: its instances serve one handler each. */
  impure = false;
  readonly #names = new Map<EventEntry, readonly number[]>();

  constructor(module: MappingModule, apiVersion: string) {
    this.module = module;
    this.layout = layoutOf(apiVersion);
  }

  /** Pointers of the names of an event's parameters. */
  parameterNames(entry: EventEntry, instance: ModuleInstance): readonly number[] {
    let names = this.#names.get(entry);
    if (names === undefined) {
      names = entry.decoder.names.map((name) => instance.internedString(name));
      // A name that the instance was not started with stands in memory that the next handler gets empty.
      if (entry.decoder.names.every((name) => instance.isInterned(name))) this.#names.set(entry, names);
    }
    return names;
  }

  drop(): void {
    this.#names.clear();
    this.instance = null;
    this.header = null;
    this.transaction = null;
  }
}

export class BlockRunner {
  readonly #options: RunnerOptions;
  readonly #types: ReadonlyMap<string, PreparedType>;
  readonly #cache: EntityCache;
  /** What a file's handler sees: nothing but what it writes itself. */
  readonly #fileCache: EntityCache;
  readonly #fileOwners: FileOwners;
  /** Types of source subgraphs, by data source name. */
  readonly #sourceTypes: ReadonlyMap<string, ReadonlyMap<string, PreparedType>>;
  readonly #context: HandlerContext;
  readonly #modules = new Map<string, ModuleSlot>();
  readonly #events = new Map<Mapping, Map<string, EventEntry[]>>();
  readonly #calls = new Map<CallHandler, CallDecoder>();
  readonly #templates: ReadonlyMap<string, MappingProgram['templates'][number]>;
  /** Static ones first, then the dynamic ones in the order they were made: triggers name them by their index. */
  readonly #sources: (RunningSource & { readonly template: string })[] = [];
  readonly #strings: ReadonlySet<string>;
  readonly #static: number;
  readonly #readAhead = new ReadAhead();
  /** The event whose handler runs; null while something else does. */
  #running: Extract<Trigger, { kind: 'event' }> | null = null;
  /** What the dynamic data sources are, and the newest causality region among them. */
  readonly #known = new Set<string>();
  #lastRegion = 0;
  readonly #proof: BlockProof | null;

  constructor(program: MappingProgram, host: BlockingHost, options: Partial<RunnerOptions> = {}) {
    this.#options = { ...DEFAULT_RUNNER_OPTIONS, ...options };
    this.#types = prepareTypes(program.schema);
    this.#cache = new EntityCache(host, {
      maxBytes: this.#options.cacheBytes,
      before: this.#options.before,
      onMiss: (type, key) => {
        const trigger = this.#running;
        if (trigger !== null) this.#readAhead.learn(trigger.handler, trigger.log, type.name, key);
      },
    });
    const { proof } = this.#options;
    this.#proof =
      proof && new BlockProof(proof, program.dataSources[0]?.network ?? '', this.#cache, this.#types.size);
    this.#fileCache = new EntityCache(NO_ENTITIES, {
      maxBytes: this.#options.cacheBytes,
      before: this.#options.before,
    });
    this.#fileOwners = new FileOwners(host);
    this.#sourceTypes = new Map(
      [...(program.sourceSchemas ?? [])].map(([name, schema]) => [name, prepareTypes(schema)]),
    );
    this.#templates = new Map(program.templates.map((template) => [template.name, template]));
    this.#context = new HandlerContext({
      types: this.#types,
      cache: this.#cache,
      host,
      apiVersion: program.apiVersion,
      limits: { gas: BigInt(this.#options.handlerGas), hostGas: this.#options.handlerGas },
      lines: this.#options.lines,
      templates: this.#templates,
      proof: this.#proof?.events ?? null,
    });
    const versions = new Map(
      [...program.dataSources, ...program.templates].map(({ mapping }) => [
        mapping.module,
        mapping.apiVersion,
      ]),
    );
    for (const [id, bytes] of program.modules) {
      const apiVersion = versions.get(id) ?? program.apiVersion;
      this.#modules.set(id, new ModuleSlot(new MappingModule(bytes, apiVersion), apiVersion));
    }
    for (const source of program.dataSources)
      this.#sources.push({ ...source, address: addressOf(source), template: '' });
    this.#static = this.#sources.length;
    this.#strings = new Set([
      ...[...program.dataSources, ...program.templates].flatMap((source) =>
        [...source.mapping.eventHandlers, ...source.mapping.callHandlers].flatMap(({ abi }) =>
          [...(abi.inputs ?? []), ...(abi.outputs ?? [])].map(({ name }) => name ?? ''),
        ),
      ),
      ...[...this.#sourceTypes.values()].flatMap((types) =>
        [...types.values()].flatMap((type) => type.stored.map((field) => field.name)),
      ),
    ]);
    // A module that cannot be linked should fail at deployment, not at its first event.
    for (const slot of this.#modules.values()) linkImports(slot.module.imports, this.#context);
  }

  /** Rough bytes of cached entities. */
  get cacheBytes(): number {
    return this.#cache.bytes;
  }

  #addSource(created: CreatedDataSource): void {
    const template = this.#templates.get(created.template);
    if (template === undefined) throw new DeterministicError(`no template ${created.template}`);
    this.#sources.push({
      name: template.name,
      network: template.network,
      address: created.address,
      context: created.context,
      mapping: template.mapping,
      template: template.name,
      ...(created.region && { region: created.region }),
    });
    this.#known.add(identity(created));
    this.#lastRegion = Math.max(this.#lastRegion, created.region ?? 0);
  }

  /** Loads what the handlers of these blocks will probably read, as far as earlier ones tell. */
  readAhead(blocks: readonly MappingBlock[]): void {
    const wanted = new Map<string, Set<string>>();
    for (const { triggers } of blocks) {
      for (const trigger of triggers) {
        if (trigger.kind !== 'event') continue;
        for (const { type, pieces } of this.#readAhead.patterns(trigger.handler)) {
          const id = idOf(pieces, trigger.log);
          if (id === null) continue;
          const ids = wanted.get(type) ?? new Set();
          wanted.set(type, ids.add(id));
        }
      }
    }
    for (const [name, ids] of wanted) {
      const type = this.#types.get(name);
      if (type !== undefined) this.#cache.readAhead(type, ids);
    }
  }

  /** Says that the store now shows all blocks up to this one: their entities may leave the cache. */
  visible(block: number): void {
    this.#cache.visible(block);
    this.#fileOwners.visible(block);
  }

  prefetch(typeName: string, ids: readonly EntityId[], data: readonly (EntityData | null)[]): void {
    const type = this.#types.get(typeName);
    if (type !== undefined) this.#cache.prefetch(type, ids, data);
  }

  /**
   * Forgets every entity, and works with exactly these dynamic data sources from now on. `empty` says that the store holds nothing:
   * it is then not asked about entities that this runner has not made.
   */
  reset(dynamic: readonly CreatedDataSource[], empty = false): void {
    this.#cache.clear(empty);
    this.#fileOwners.clear();
    this.#proof?.reset();
    this.#context.reset();
    this.#sources.length = this.#static;
    this.#known.clear();
    this.#lastRegion = 0;
    for (const created of dynamic) this.#addSource(created);
    for (const slot of this.#modules.values()) slot.drop();
  }

  /**
   * Runs one block. Data sources it creates are known from then on: the caller runs the block again with their triggers in it.
   * After a deterministic failure nothing of this run is kept and the outcome says what failed (with `nonFatalErrors` the failed
   * handlers' changes only); after any other error (thrown) the runner must be reset.
   */
  run(block: MappingBlock): BlockOutcome {
    if (block.triggers[0]?.kind === 'file') return this.#runFiles(block);
    const { header } = block;
    const created: CreatedDataSource[] = [];
    const errors: DeterministicFailure[] = [];
    this.#context.beginBlock(header, block.answers);
    this.#cache.beginBlock(header.number);
    this.#proof?.beginBlock(header);
    const outcome = {
      block: { number: header.number, hash: header.hash },
      parentHash: header.parentHash,
      timestamp: header.timestamp,
    };
    for (const trigger of block.triggers) {
      const failure = this.#runTrigger(block, trigger, created);
      if (failure === undefined) continue;
      errors.push(failure);
      this.#proof?.failHandler();
      // Nothing of the block will stay; only its proof of indexing tells what the other handlers did.
      if (!this.#options.nonFatalErrors && this.#proof === null) break;
    }
    const [failure] = errors;
    if (failure !== undefined && !this.#options.nonFatalErrors) {
      this.#cache.discardBlock();
      this.#proof?.endBlock();
      const modifications = this.#proof === null ? [] : this.#cache.commitBlock(header.number);
      return { ...outcome, modifications, createdDataSources: [], failure, ...this.#logged() };
    }
    for (const source of created) this.#addSource(source);
    this.#proof?.endBlock();
    return {
      ...outcome,
      modifications: this.#cache.commitBlock(header.number),
      createdDataSources: created,
      ...(errors.length > 0 && { errors }),
      ...this.#logged(),
    };
  }

  #logged(): Pick<BlockOutcome, 'lines'> {
    const lines = this.#context.takeLines();
    return lines.length > 0 ? { lines } : {};
  }

  /** Files come in runs of their own, after everything else of a block: the proof of indexing does not tell of them. */
  #runFiles(block: MappingBlock): BlockOutcome {
    const { header } = block;
    this.#context.beginBlock(header);
    const created: CreatedDataSource[] = [];
    const modifications: EntityModification[] = [];
    const handledFiles: HandledFile[] = [];
    for (const trigger of block.triggers) {
      if (trigger.kind !== 'file') throw new Error('files are not run among the triggers of a block');
      const done = this.#runFile(block, trigger, created);
      modifications.push(...done.modifications);
      handledFiles.push(done.handled);
    }
    for (const source of created) this.#addSource(source);
    return {
      block: { number: header.number, hash: header.hash },
      parentHash: header.parentHash,
      timestamp: header.timestamp,
      modifications,
      createdDataSources: created,
      handledFiles,
      ...this.#logged(),
    };
  }

  /**
   * Runs a file's handler, apart from everything else: it sees no entities but its own, and when it fails nobody else is concerned.
   */
  #runFile(
    block: MappingBlock,
    trigger: Extract<Trigger, { kind: 'file' }>,
    created: CreatedDataSource[],
  ): { readonly modifications: readonly EntityModification[]; readonly handled: HandledFile } {
    const { source, slot } = this.#sourceOf(trigger);
    const region = source.region ?? 0;
    const { number } = block.header;
    this.#fileCache.clear(true);
    this.#fileCache.beginBlock(number);
    try {
      this.#context.beginHandler(source, trigger.handler, this.#fileCache);
      const instance = this.#instance(slot);
      this.#resetToStart(slot, instance);
      instance.call(
        trigger.handler,
        instance.heap.writeBytes(trigger.content),
        BigInt(this.#options.handlerGas),
      );
      this.#fileCache.commitHandler();
      const modifications = this.#fileCache
        .commitBlock(number)
        .map((modification) => ({ ...modification, region }));
      this.#requireUnowned(modifications, number);
      created.push(...this.#newSources(created));
      for (const { type, id } of modifications) this.#fileOwners.add(type, keyOf(id), region, number);
      return { modifications, handled: { region, error: null } };
    } catch (error) {
      slot.drop();
      if (!(error instanceof DeterministicError)) throw error;
      this.#context.log('error', `the file's handler failed, its entities are left out: ${error.message}`);
      return { modifications: [], handled: { region, error: error.message } };
    } finally {
      this.#fileCache.clear(true);
    }
  }

  /** @throws DeterministicError when an entity exists that the chain's handlers, or another file's, made */
  #requireUnowned(modifications: readonly EntityModification[], block: number): void {
    const byType = new Map<string, EntityId[]>();
    for (const { type, id } of modifications) byType.set(type, [...(byType.get(type) ?? []), id]);
    for (const [name, ids] of byType) {
      const type = this.#types.get(name) as PreparedType;
      const regions = this.#fileOwners.regionsOf(name, ids);
      ids.forEach((id, index) => {
        const key = keyOf(id);
        const owner = this.#cache.ownedBy(type, key, block, regions[index] ?? null);
        if (owner === null) return;
        throw new DeterministicError(
          `Entity ${name}[${key}] was made by ${owner === 0 ? "the chain's handlers" : 'the handler of another file'}: give the entities of files ids of their own`,
        );
      });
    }
  }

  #sourceOf(trigger: Trigger): { readonly source: RunningSource; readonly slot: ModuleSlot } {
    const source = this.#sources[trigger.dataSource];
    if (source === undefined)
      throw new Error(`trigger for data source ${trigger.dataSource}, there are ${this.#sources.length}`);
    const slot = this.#modules.get(source.mapping.module);
    if (slot === undefined) throw new Error(`data source ${source.name} has no module`);
    return { source, slot };
  }

  /** Runs a trigger's handler; what it did is kept unless it failed. */
  #runTrigger(
    block: MappingBlock,
    trigger: Trigger,
    created: CreatedDataSource[],
  ): DeterministicFailure | undefined {
    const { source, slot } = this.#sourceOf(trigger);
    this.#running = null;
    try {
      if (!this.#call(block, trigger, source, slot)) return undefined;
      this.#cache.commitHandler();
      if (this.#context.created.length > 0) created.push(...this.#newSources(created));
      return undefined;
    } catch (error) {
      this.#cache.discardHandler();
      // After a trap the module's own state may be anything.
      slot.drop();
      if (!(error instanceof DeterministicError)) throw error;
      this.#context.log('error', `the handler failed: ${error.message}`, trigger.handler, source.name);
      return {
        message: error.message,
        handler: trigger.handler,
        block: { number: block.header.number, hash: block.header.hash },
      };
    }
  }

  /** A data source equal to one that exists already is not made again. */
  #newSources(created: readonly CreatedDataSource[]): CreatedDataSource[] {
    if (this.#context.created.length === 0) return [];
    const known = new Set(created.map(identity));
    let region = created.reduce((most, source) => Math.max(most, source.region ?? 0), this.#lastRegion);
    const added: CreatedDataSource[] = [];
    for (const source of this.#context.created) {
      const key = identity(source);
      if (known.has(key) || this.#known.has(key)) continue;
      known.add(key);
      if (source.region) region += 1;
      added.push(source.region ? { ...source, region } : source);
    }
    return added;
  }

  /** False when the log turned out not to be the handler's event. */
  #call(block: MappingBlock, trigger: Trigger, source: RunningSource, slot: ModuleSlot): boolean {
    const gas = BigInt(this.#options.handlerGas);
    if (trigger.kind === 'block') {
      this.#context.beginHandler(source, trigger.handler);
      this.#proof?.startHandler(trigger);
      const instance = this.#instance(slot);
      this.#encodeBlock(slot, instance, block);
      instance.reset(BLOCK);
      slot.transaction = null;
      instance.call(trigger.handler, slot.blockPointer, gas);
      return true;
    }
    if (trigger.kind === 'call') return this.#callHandler(block, trigger, source, slot);
    if (trigger.kind === 'entity') {
      this.#context.beginHandler(source, trigger.handler);
      this.#proof?.startHandler(trigger);
      const instance = this.#instance(slot);
      this.#resetToStart(slot, instance);
      const type = this.#sourceTypes.get(source.name)?.get(trigger.type);
      if (type === undefined)
        throw new Error(`the source subgraph of ${source.name} has no entity type ${trigger.type}`);
      const names = Uint32Array.from(type.stored, (field) => instance.internedString(field.name));
      instance.call(trigger.handler, writeEntity(instance.heap, type, names, trigger.data), gas);
      return true;
    }
    if (trigger.kind !== 'event') throw new Error('files are not run among the triggers of a block');
    const { log } = trigger;
    const entry = this.#eventEntry(source.mapping, trigger.handler, log.topics[0]);
    if (entry === undefined) return false;
    const { decoder } = entry;
    const { words } = decoder;
    const decoded = words === null ? decoder.decode(log.topics, log.data) : null;
    if (words === null ? decoded === null : !decoder.hasWords(log.topics, log.data)) return false;
    this.#context.beginHandler(source, trigger.handler);
    this.#proof?.startHandler(trigger);
    const instance = this.#instance(slot);
    this.#encodeBlock(slot, instance, block);
    this.#encodeTransaction(slot, instance, transactionOf(block, log.transactionHash));
    instance.reset(TRANSACTION);
    this.#running = trigger;
    const { heap } = instance;
    const event = writeEvent(heap, slot.layout, {
      log,
      block: slot.blockPointer,
      transaction: slot.transactionPointer,
      names: slot.parameterNames(entry, instance),
      parameters:
        words === null ? writeAll(heap, decoded ?? []) : words.map((word) => writeEventWord(heap, word, log)),
      receipt: trigger.receipt ? (block.receipts.get(log.transactionHash) ?? null) : null,
    });
    instance.call(trigger.handler, event, gas);
    return true;
  }

  /** False when the call's arguments are not those of the function. */
  #callHandler(
    block: MappingBlock,
    { call, handler }: Extract<Trigger, { kind: 'call' }>,
    source: RunningSource,
    slot: ModuleSlot,
  ): boolean {
    const selector = call.input.slice(0, 10);
    const entry = source.mapping.callHandlers.find(
      (item) => item.handler === handler && item.selector === selector,
    );
    if (entry === undefined) throw new Error(`data source ${source.name} has no call handler ${handler}`);
    const decoder = this.#calls.get(entry) ?? new CallDecoder(entry.abi);
    this.#calls.set(entry, decoder);
    const inputs = decoder.inputs(call.input);
    if (inputs === null) return false;
    const outputs = outputsOf(decoder, entry, call.output, call.transactionHash);
    this.#context.beginHandler(source, handler);
    const instance = this.#instance(slot);
    this.#encodeBlock(slot, instance, block);
    this.#encodeTransaction(slot, instance, transactionOf(block, call.transactionHash));
    instance.reset(TRANSACTION);
    const argument = writeCall(instance.heap, {
      call,
      block: slot.blockPointer,
      transaction: slot.transactionPointer,
      inputNames: decoder.inputNames.map((name) => instance.internedString(name)),
      inputs,
      outputNames: decoder.outputNames.map((name) => instance.internedString(name)),
      outputs,
    });
    instance.call(handler, argument, BigInt(this.#options.handlerGas));
    return true;
  }

  #eventEntry(mapping: Mapping, handler: string, topic0: Hex | undefined): EventEntry | undefined {
    let handlers = this.#events.get(mapping);
    if (handlers === undefined) {
      handlers = new Map();
      for (const { handler: name, topic0: topic, abi } of mapping.eventHandlers) {
        const list = handlers.get(name) ?? [];
        list.push({ topic0: topic, decoder: new EventDecoder(abi) });
        handlers.set(name, list);
      }
      this.#events.set(mapping, handlers);
    }
    return handlers.get(handler)?.find((entry) => entry.topic0 === topic0);
  }

  #instance(slot: ModuleSlot): ModuleInstance {
    if (slot.instance !== null && (slot.instance.large || slot.impure)) slot.drop();
    if (slot.instance === null) {
      this.#context.impureStart = false;
      slot.instance = new ModuleInstance(
        slot.module,
        linkImports(slot.module.imports, this.#context),
        this.#types.values(),
        this.#strings,
        BigInt(this.#options.handlerGas),
        (heap) => {
          this.#context.heap = heap;
        },
      );
      slot.impure = this.#context.impureStart;
    }
    this.#context.enter(slot.instance);
    return slot.instance;
  }

  /** For handlers that are given nothing of the chain: what was encoded of it is forgotten. */
  #resetToStart(slot: ModuleSlot, instance: ModuleInstance): void {
    instance.reset(BASE);
    slot.header = null;
    slot.transaction = null;
  }

  #encodeBlock(slot: ModuleSlot, instance: ModuleInstance, block: MappingBlock): void {
    if (slot.header === block.header) return;
    instance.reset(BASE);
    slot.blockPointer = writeBlock(instance.heap, slot.layout, block.header);
    instance.mark(BLOCK);
    slot.header = block.header;
    slot.transaction = null;
  }

  #encodeTransaction(slot: ModuleSlot, instance: ModuleInstance, transaction: Transaction): void {
    if (slot.transaction === transaction) return;
    instance.reset(BLOCK);
    slot.transactionPointer = writeTransaction(instance.heap, slot.layout, transaction);
    instance.mark(TRANSACTION);
    slot.transaction = transaction;
  }
}

/** @throws DeterministicError when the contract's answer is not what its ABI says: the ABI in the manifest is wrong */
function outputsOf(decoder: CallDecoder, entry: CallHandler, output: Hex, transaction: Hex) {
  try {
    return decoder.outputs(output);
  } catch (error) {
    if (!(error instanceof AbiDecodeError)) throw error;
    throw new DeterministicError(
      `what ${entry.function} returned in transaction ${transaction} is not what its ABI says (${error.message}): ${output.slice(0, 140)}`,
    );
  }
}

function transactionOf(block: MappingBlock, hash: Hex): Transaction {
  const transaction = block.transactions.get(hash);
  if (transaction === undefined) {
    throw new Error(
      `block ${block.header.number}: the source gave a log or call of transaction ${hash} but not the transaction`,
    );
  }
  return transaction;
}

/** What makes two data sources of one deployment the same: template, address and context. */
function identity(source: {
  readonly template: string;
  readonly address: Hex | null;
  readonly context: EntityData | null;
}): string {
  const context = JSON.stringify(source.context, (_, value) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
  return `${source.template}/${source.address}/${context}`;
}

const NO_ENTITIES: EntityReader = {
  loadEntities: (_, ids) => ids.map(() => null),
  loadRelated: () => [],
};

/** What `dataSource.address()` tells: the contract's address, or the source subgraph's id in UTF-8. */
function addressOf({
  address,
  subgraph,
}: {
  readonly address: Hex | null;
  readonly subgraph?: string;
}): Hex | null {
  return subgraph === undefined ? address : `0x${Buffer.from(subgraph, 'utf8').toString('hex')}`;
}
