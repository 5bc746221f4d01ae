// Runs the handlers of blocks, in order, against one deployment: the mapping thread's whole work, free of threads itself.
import type {
  BlockOutcome,
  CreatedDataSource,
  DeterministicFailure,
  EntityData,
  EntityId,
  Hex,
  Receipt,
  SourceBlock,
  Transaction,
  Trigger,
} from '#indexer/model.ts';
import type { LoadedSubgraph, Mapping } from '../manifest/manifest.ts';
import { EventDecoder } from './abi.ts';
import { EntityCache } from './entity-cache.ts';
import { type PreparedType, prepareTypes } from './entity-types.ts';
import { type Layout, layoutOf, writeBlock, writeEvent, writeTransaction } from './ethereum-values.ts';
import { DeterministicError } from './failures.ts';
import { type BlockingHost, HandlerContext, type RunningSource } from './handler-context.ts';
import { linkImports } from './host-functions.ts';
import { MappingModule, ModuleInstance } from './module-instance.ts';

/** The part of a subgraph that running its handlers needs; it can be sent to another thread. */
export type MappingProgram = Pick<
  LoadedSubgraph,
  'apiVersion' | 'schema' | 'dataSources' | 'templates' | 'modules'
>;

/** The triggers that data sources created in a block have in that same block, and what they refer to. */
export interface Rescan {
  readonly triggers: readonly Trigger[];
  readonly transactions?: ReadonlyMap<Hex, Transaction>;
  readonly receipts?: ReadonlyMap<Hex, Receipt>;
}

export interface RunnerHost extends BlockingHost {
  /** `first` is the index that the first of `created` has among the data sources. */
  rescan(block: SourceBlock, created: readonly CreatedDataSource[], first: number): Rescan;
}

export interface RunnerOptions {
  readonly cacheBytes: number;
  /** Instructions a handler may execute. */
  readonly handlerGas: number;
  /** Data sources made from templates before, in the order they were made. */
  readonly created: readonly CreatedDataSource[];
  /** Report each entity's state before the block too. */
  readonly before: boolean;
}

/** 10^10 instructions are some ten seconds: far beyond an honest handler, short enough not to stall the neighbours. */
export const DEFAULT_RUNNER_OPTIONS: RunnerOptions = {
  cacheBytes: 256 * 1024 * 1024,
  handlerGas: 10_000_000_000,
  created: [],
  before: false,
};

export interface BlockTriggers {
  readonly block: SourceBlock;
  readonly triggers: readonly Trigger[];
}

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
  instance: ModuleInstance | null = null;
  block: SourceBlock | null = null;
  blockPointer = 0;
  transaction: Transaction | null = null;
  transactionPointer = 0;
  /** The module asked for its surroundings while it started: its instances serve one handler each. */
  impure = false;

  constructor(module: MappingModule) {
    this.module = module;
  }

  drop(): void {
    this.instance = null;
    this.block = null;
    this.transaction = null;
  }
}

export class BlockRunner {
  readonly #host: RunnerHost;
  readonly #options: RunnerOptions;
  readonly #types: ReadonlyMap<string, PreparedType>;
  readonly #layout: Layout;
  readonly #cache: EntityCache;
  readonly #context: HandlerContext;
  readonly #modules = new Map<string, ModuleSlot>();
  readonly #events = new Map<Mapping, Map<string, EventEntry[]>>();
  readonly #templates: ReadonlyMap<string, MappingProgram['templates'][number]>;
  readonly #sources: (RunningSource & { readonly createdAt: number })[] = [];
  readonly #strings: ReadonlySet<string>;

  constructor(program: MappingProgram, host: RunnerHost, options: Partial<RunnerOptions> = {}) {
    this.#host = host;
    this.#options = { ...DEFAULT_RUNNER_OPTIONS, ...options };
    this.#types = prepareTypes(program.schema);
    this.#layout = layoutOf(program.apiVersion);
    this.#cache = new EntityCache(host, { maxBytes: this.#options.cacheBytes, before: this.#options.before });
    this.#templates = new Map(program.templates.map((template) => [template.name, template]));
    this.#context = new HandlerContext({
      types: this.#types,
      cache: this.#cache,
      host,
      apiVersion: program.apiVersion,
      limits: { gas: BigInt(this.#options.handlerGas), hostGas: this.#options.handlerGas },
      templates: this.#templates.keys(),
    });
    for (const [id, bytes] of program.modules)
      this.#modules.set(id, new ModuleSlot(new MappingModule(bytes)));
    for (const source of program.dataSources) this.#sources.push({ ...source, createdAt: -1 });
    for (const created of this.#options.created) this.#addSource(created);
    this.#strings = new Set(
      [...program.dataSources, ...program.templates].flatMap((source) =>
        source.mapping.eventHandlers.flatMap((handler) =>
          (handler.abi.inputs ?? []).map((input) => input.name),
        ),
      ),
    );
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
      createdAt: created.createdAt,
    });
  }

  /** Says that the store now shows all blocks up to this one: their entities may leave the cache. */
  visible(block: number): void {
    this.#cache.visible(block);
  }

  prefetch(typeName: string, ids: readonly EntityId[], data: readonly (EntityData | null)[]): void {
    const type = this.#types.get(typeName);
    if (type !== undefined) this.#cache.prefetch(type, ids, data);
  }

  /** Goes back to the end of `block`: forgets cached entities and the data sources created later. */
  revertTo(block: number): void {
    this.#cache.clear();
    const keep = this.#sources.findIndex((source) => source.createdAt > block);
    if (keep !== -1) this.#sources.length = keep;
    for (const slot of this.#modules.values()) slot.drop();
  }

  /**
   * Runs one block. After a deterministic failure nothing of the block is kept and the outcome says what failed; after any other
   * error (thrown) nothing is kept either, and the block can be run again.
   */
  run({ block, triggers }: BlockTriggers): BlockOutcome {
    const { header } = block;
    const sourcesBefore = this.#sources.length;
    const created: CreatedDataSource[] = [];
    this.#context.beginBlock(header);
    let failure: DeterministicFailure | undefined;
    try {
      let current = block;
      let pending = triggers;
      let known = 0;
      while (true) {
        for (const trigger of pending) {
          failure = this.#runTrigger(current, trigger, created);
          if (failure !== undefined) break;
        }
        if (failure !== undefined || created.length === known) break;
        // Data sources born in this block see all of it, and may bear others.
        const born = created.slice(known);
        const first = this.#sources.length;
        for (const source of born) this.#addSource(source);
        known = created.length;
        const rescan = this.#host.rescan(block, born, first);
        pending = rescan.triggers;
        current = withMore(current, rescan);
      }
    } catch (error) {
      this.#cache.discardBlock();
      this.#sources.length = sourcesBefore;
      for (const slot of this.#modules.values()) slot.drop();
      throw error;
    }
    const outcome = {
      block: { number: header.number, hash: header.hash },
      parentHash: header.parentHash,
      timestamp: header.timestamp,
    };
    if (failure !== undefined) {
      this.#cache.discardBlock();
      this.#sources.length = sourcesBefore;
      return { ...outcome, modifications: [], createdDataSources: [], failure };
    }
    return { ...outcome, modifications: this.#cache.commitBlock(header.number), createdDataSources: created };
  }

  /** Runs a trigger's handler; what it did is kept unless it failed. */
  #runTrigger(
    block: SourceBlock,
    trigger: Trigger,
    created: CreatedDataSource[],
  ): DeterministicFailure | undefined {
    const source = this.#sources[trigger.dataSource];
    if (source === undefined)
      throw new Error(`trigger for data source ${trigger.dataSource}, there are ${this.#sources.length}`);
    const slot = this.#modules.get(source.mapping.module);
    if (slot === undefined) throw new Error(`data source ${source.name} has no module`);
    try {
      if (!this.#call(block, trigger, source, slot)) return undefined;
      this.#cache.commitHandler();
      created.push(...this.#newSources());
      return undefined;
    } catch (error) {
      this.#cache.discardHandler();
      // After a trap the module's own state may be anything.
      slot.drop();
      if (!(error instanceof DeterministicError)) throw error;
      return {
        message: error.message,
        handler: trigger.handler,
        block: { number: block.header.number, hash: block.header.hash },
      };
    }
  }

  /** A data source equal to one that exists already is not made again. */
  #newSources(): CreatedDataSource[] {
    return this.#context.created.filter(
      (source) =>
        !this.#sources.some(
          (known) =>
            known.name === source.template &&
            known.address === source.address &&
            known.createdAt >= 0 &&
            sameContext(known.context, source.context),
        ),
    );
  }

  /** False when the log turned out not to be the handler's event. */
  #call(block: SourceBlock, trigger: Trigger, source: RunningSource, slot: ModuleSlot): boolean {
    const gas = BigInt(this.#options.handlerGas);
    if (trigger.kind === 'block') {
      this.#context.beginHandler(source, trigger.handler);
      const instance = this.#instance(slot);
      this.#encodeBlock(slot, instance, block);
      instance.reset(BLOCK);
      slot.transaction = null;
      instance.call(trigger.handler, slot.blockPointer, gas);
      return true;
    }
    const { log } = trigger;
    const entry = this.#eventEntry(source.mapping, trigger.handler, log.topics[0]);
    const parameters = entry?.decoder.decode(log.topics, log.data) ?? null;
    if (entry === undefined || parameters === null) return false;
    this.#context.beginHandler(source, trigger.handler);
    const instance = this.#instance(slot);
    this.#encodeBlock(slot, instance, block);
    this.#encodeTransaction(slot, instance, transactionOf(block, log.transactionHash));
    instance.reset(TRANSACTION);
    const event = writeEvent(instance.heap, this.#layout, {
      log,
      block: slot.blockPointer,
      transaction: slot.transactionPointer,
      names: entry.decoder.names.map((name) => instance.internedString(name)),
      parameters,
      receipt: trigger.receipt ? (block.receipts.get(log.transactionHash) ?? null) : null,
    });
    instance.call(trigger.handler, event, gas);
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

  #encodeBlock(slot: ModuleSlot, instance: ModuleInstance, block: SourceBlock): void {
    if (slot.block?.header === block.header) {
      slot.block = block;
      return;
    }
    instance.reset(BASE);
    slot.blockPointer = writeBlock(instance.heap, this.#layout, block.header);
    instance.mark(BLOCK);
    slot.block = block;
    slot.transaction = null;
  }

  #encodeTransaction(slot: ModuleSlot, instance: ModuleInstance, transaction: Transaction): void {
    if (slot.transaction === transaction) return;
    instance.reset(BLOCK);
    slot.transactionPointer = writeTransaction(instance.heap, this.#layout, transaction);
    instance.mark(TRANSACTION);
    slot.transaction = transaction;
  }
}

function transactionOf(block: SourceBlock, hash: Hex): Transaction {
  const transaction = block.transactions.get(hash);
  if (transaction === undefined) {
    throw new Error(
      `block ${block.header.number}: the source gave a log of transaction ${hash} but not the transaction`,
    );
  }
  return transaction;
}

function withMore(block: SourceBlock, rescan: Rescan): SourceBlock {
  if (rescan.transactions === undefined && rescan.receipts === undefined) return block;
  return {
    ...block,
    transactions: new Map([...block.transactions, ...(rescan.transactions ?? [])]),
    receipts: new Map([...block.receipts, ...(rescan.receipts ?? [])]),
  };
}

function sameContext(left: EntityData | null, right: EntityData | null): boolean {
  const text = (context: EntityData | null): string =>
    JSON.stringify(context, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
  return text(left) === text(right);
}
