// What the running handler is about: its data source, its block, and the store and chain that its host functions reach.
import { keccak_256 } from '@noble/hashes/sha3.js';
import type {
  BlockHeader,
  CreatedDataSource,
  EntityData,
  EntityId,
  Hex,
  LoggedLine,
  LogLevel,
  Value,
} from '#indexer/model.ts';
import { parseContentPath, showContentPath } from '../files/content-path.ts';
import { selectorType } from '../manifest/event-abi.ts';
import type { AbiItem, Mapping } from '../manifest/manifest.ts';
import { atLeast } from '../manifest/spec-version.ts';
import { callKey } from '../pipeline/mapper.ts';
import type { EventStream } from '../proof/event-stream.ts';
import { hexOf as digitsOf } from '../store/codec.ts';
import {
  AbiDecodeError,
  type AbiType,
  decodeParameters,
  type EthereumValue,
  encodeParameters,
  fits,
  parameterType,
} from './abi.ts';
import type { AscHeap } from './asc-heap.ts';
import { TYPE } from './asc-heap.ts';
import type { EntityCache, EntityReader } from './entity-cache.ts';
import { idKey, keyOf, type PreparedType, parseId } from './entity-types.ts';
import { readEthereumValue } from './ethereum-values.ts';
import { DeterministicError } from './failures.ts';
import { writeCallResult, writeWrappedBool } from './host-functions.ts';
import { LineBuffer, type LineLimits } from './line-buffer.ts';
import type { ModuleInstance } from './module-instance.ts';
import { readEntity, writeEntity } from './store-values.ts';

/** Everything outside the module that a handler may ask for. Each call blocks the mapping thread until it is answered. */
export interface BlockingHost extends EntityReader {
  /** eth_call at the block; null when it reverted. */
  call(block: BlockHeader, to: Hex, data: Hex): Hex | null;
  getBalance(block: BlockHeader, address: Hex): bigint;
  hasCode(block: BlockHeader, address: Hex): boolean;
  /** The causality regions that the current versions of entities belong to; null where there is none. */
  regionsOf(type: string, ids: readonly EntityId[]): readonly (number | null)[];
}

/** A data source or an instance of a template. */
export interface RunningSource {
  readonly name: string;
  readonly network: string;
  readonly address: Hex | null;
  readonly context: EntityData | null;
  readonly mapping: Mapping;
  /** Causality region of a file data source; absent or 0: the chain's. */
  readonly region?: number;
}

interface ContractFunction {
  readonly selector: Uint8Array;
  readonly inputs: readonly AbiType[];
  readonly outputs: readonly AbiType[];
}

/** A handler's host work may cost this much; its module's instructions are limited apart from it. */
export interface Limits {
  readonly gas: bigint;
  readonly hostGas: number;
}

const hexOf = (bytes: Uint8Array): Hex => `0x${digitsOf(bytes)}`;

/** The context of one deployment's handlers; its fields are set before each of them runs. */
export class HandlerContext {
  readonly #types: ReadonlyMap<string, PreparedType>;
  readonly #chainCache: EntityCache;
  readonly #host: BlockingHost;
  readonly #strict: boolean;
  readonly #balances: boolean;
  readonly #limits: Limits;
  readonly #templates: ReadonlyMap<string, { readonly file?: string }>;
  readonly #proof: EventStream | null;
  readonly #functions = new Map<readonly AbiItem[], Map<string, ContractFunction | null>>();
  #answers: ReadonlyMap<string, Hex | null> | undefined;
  #hostGas = 0;
  readonly #lines: LineBuffer;
  #sequence = 0;
  #lastBlock: Hex | null = null;
  #created: CreatedDataSource[] = [];
  #cache: EntityCache;

  /** The heap of the module that runs: while it starts there is no instance yet. */
  heap!: AscHeap;
  /** Set while a module starts, when it asks for anything but pure functions: what it then knows holds for one handler only. */
  impureStart = false;
  instance!: ModuleInstance;
  source!: RunningSource;
  block!: BlockHeader;
  handler = '';

  constructor(options: {
    readonly types: ReadonlyMap<string, PreparedType>;
    readonly cache: EntityCache;
    readonly host: BlockingHost;
    readonly apiVersion: string;
    readonly limits: Limits;
    readonly lines?: LineLimits;
    readonly templates: ReadonlyMap<string, { readonly file?: string }>;
    /** Told of every entity that is set or removed. */
    readonly proof?: EventStream | null;
  }) {
    this.#types = options.types;
    this.#chainCache = options.cache;
    this.#cache = options.cache;
    this.#host = options.host;
    this.#strict = atLeast(options.apiVersion, '0.0.8');
    this.#balances = atLeast(options.apiVersion, '0.0.9');
    this.#limits = options.limits;
    this.#lines = new LineBuffer(options.lines);
    this.#templates = options.templates;
    this.#proof = options.proof ?? null;
  }

  beginBlock(block: BlockHeader, answers?: ReadonlyMap<string, Hex | null>): void {
    this.#answers = answers;
    // A block that is run again for new data sources goes on counting.
    const again = this.#lastBlock === block.hash;
    if (!again) this.#sequence = 0;
    this.#lines.begin(again);
    this.#lastBlock = block.hash;
    this.block = block;
  }

  /** What was run so far did not happen: a block that comes again counts from the start. */
  reset(): void {
    this.#lastBlock = null;
  }

  /**
   * Before the handler's module may have to be started. `cache` holds the entities that the handler sees: for a file's handler one
   * of its own, as it must neither see nor change what the chain's handlers or another file's made.
   */
  beginHandler(source: RunningSource, handler: string, cache = this.#chainCache): void {
    this.#cache = cache;
    this.source = source;
    this.handler = handler;
    this.#hostGas = 0;
    this.#created = [];
  }

  /** The module that runs from here on. */
  enter(instance: ModuleInstance): void {
    this.instance = instance;
    this.heap = instance.heap;
  }

  /** Data sources the handler created. */
  get created(): readonly CreatedDataSource[] {
    return this.#created;
  }

  charge(cost: number): void {
    this.#hostGas += cost;
    if (this.#hostGas > this.#limits.hostGas) {
      throw new DeterministicError('handler ran out of gas: it calls host functions too often');
    }
  }

  log(level: LogLevel, text: string, handler = this.handler, dataSource = this.source.name): void {
    this.#lines.add(level, text, handler, dataSource);
  }

  /** What was logged since the block began. */
  takeLines(): readonly LoggedLine[] {
    return this.#lines.take();
  }

  // -------------------------------------------------------------- store

  #type(name: string, verb: string): PreparedType {
    const type = this.#types.get(name);
    if (type === undefined)
      throw new DeterministicError(
        `Cannot ${verb} entity of type \`${name}\`. The type must be an @entity type`,
      );
    return type;
  }

  storeGet(typeName: string, text: string, inBlock: boolean): number {
    const type = this.#type(typeName, 'get');
    const key = idKey(type, text);
    const data = inBlock ? this.#cache.getInBlock(type, key, this.block.number) : this.#cache.get(type, key);
    return data === null ? 0 : writeEntity(this.heap, type, this.instance.names(type), data);
  }

  /** A file's handler writes the types that its template lists. */
  #requireAccess(type: PreparedType): void {
    const { region, mapping, name } = this.source;
    if (!region || mapping.entities.includes(type.name)) return;
    throw new DeterministicError(
      `entity type \`${type.name}\` is not on the 'entities' list for data source \`${name}\`. Hint: Add \`${type.name}\` to the 'entities' list, which currently is: \`${mapping.entities.join(', ')}\`.`,
    );
  }

  #requireChain(name: string): void {
    if (this.source.region)
      throw new DeterministicError(`${name} is not there for file data sources: a file belongs to no block`);
  }

  storeSet(typeName: string, text: string, pointer: number): void {
    const type = this.#type(typeName, 'set');
    this.#requireAccess(type);
    const slots = readEntity(this.heap, type, pointer, this.#strict);
    const idSlot = type.byName.get('id')?.slot ?? 0;
    let idText = text;
    if (text === 'auto' || type.type.timeseries) {
      if (this.source.region)
        throw new DeterministicError('Autogenerated IDs are only supported for onchain data sources');
      idText = this.#nextId(type);
      slots[idSlot] = undefined;
    }
    const key = idKey(type, idText);
    const given = slots[idSlot] as EntityId | null | undefined;
    const id = given ?? parseId(type, idText);
    slots[idSlot] = id;
    if (given !== undefined && given !== null && keyOf(given) !== key) {
      throw new DeterministicError(
        `Value of ${type.name} attribute 'id' conflicts with ID passed to \`store.set()\`: ${keyOf(given)} != ${key}`,
      );
    }
    if (type.type.timeseries) {
      const timestamp = type.byName.get('timestamp');
      if (timestamp !== undefined) slots[timestamp.slot] = BigInt(this.block.timestamp) * 1_000_000n;
    }
    // Before the checks of the whole entity: what fails them counts as told, too. Of files nothing is told: when one is found is no
    // fact of the chain.
    if (!this.source.region) this.#proof?.setEntity(type, keyOf(id), slots);
    this.#cache.set(type, key, id, idText, slots);
  }

  /** The id of an entity saved as "auto": block number and a sequence within the block. */
  #nextId(type: PreparedType): string {
    const sequence = this.#sequence;
    this.#sequence += 1;
    const { number } = this.block;
    if (type.type.idKind === 'Int8') return ((BigInt(number) << 32n) + BigInt(sequence)).toString();
    if (type.type.idKind === 'Bytes') {
      return `0x${number.toString(16).padStart(8, '0')}${sequence.toString(16).padStart(8, '0')}`;
    }
    throw new DeterministicError(
      `Entity ${type.name}: String does not support generating ids: use Bytes or Int8`,
    );
  }

  storeRemove(typeName: string, text: string): void {
    if (!this.source.region) this.#proof?.removeEntity(typeName, text);
    const type = this.#type(typeName, 'remove');
    this.#requireAccess(type);
    this.#cache.remove(type, idKey(type, text), parseId(type, text), text);
  }

  storeLoadRelated(typeName: string, text: string, fieldName: string): number {
    const owner = this.#type(typeName, 'get');
    const field = owner.byName.get(fieldName)?.field;
    const target = field?.reference === undefined ? undefined : this.#types.get(field.reference);
    if (field?.derivedFrom === undefined || target === undefined) {
      const reason =
        field === undefined
          ? 'unknown field'
          : field.derivedFrom === undefined
            ? 'field is not derived'
            : 'field is derived from an interface, not an entity';
      throw new DeterministicError(`Entity ${typeName}[${text}]: ${reason} \`${fieldName}\``);
    }
    const found = this.#cache.related(owner, fieldName, target, field.derivedFrom, parseId(owner, text));
    const names = this.instance.names(target);
    const items = found.map((data: EntityData) => writeEntity(this.heap, target, names, data));
    return this.heap.writeArray(TYPE.ArrayStoreMap, items);
  }

  // -------------------------------------------------------------- chain

  /** `signature` is null before apiVersion 0.0.4, whose modules do not pass it: the first of that name is meant. */
  #contractFunction(
    abi: readonly AbiItem[],
    name: string,
    signature: string | null,
  ): ContractFunction | null {
    let known = this.#functions.get(abi);
    if (known === undefined) {
      known = new Map();
      this.#functions.set(abi, known);
    }
    const key = signature ?? name;
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    const item = abi.find((entry) => {
      if (entry.type !== 'function' || entry.name !== name) return false;
      if (signature === null) return true;
      const inputs = (entry.inputs ?? []).map(selectorType).join(',');
      const outputs = (entry.outputs ?? []).map(selectorType).join(',');
      return `${name}(${inputs})${outputs === '' ? '' : `:(${outputs})`}` === signature;
    });
    const selectorText = `${name}(${(item?.inputs ?? []).map(selectorType).join(',')})`;
    const found =
      item === undefined
        ? null
        : {
            selector: keccak_256(new TextEncoder().encode(selectorText)).subarray(0, 4),
            inputs: (item.inputs ?? []).map(parameterType),
            outputs: (item.outputs ?? []).map(parameterType),
          };
    known.set(key, found);
    return found;
  }

  /** `ethereum.call(SmartContractCall)`: the values returned, or 0 when the call reverted or answered something else. */
  ethereumCall(pointer: number): number {
    this.#requireChain('ethereum.call');
    const { heap } = this;
    const contract = heap.readString(heap.word(pointer, 0));
    const address = hexOf(heap.readBytes(heap.word(pointer, 4)));
    const name = heap.readString(heap.word(pointer, 8));
    const signed = atLeast(this.source.mapping.apiVersion, '0.0.4');
    const signature = signed ? heap.readString(heap.word(pointer, 12)) : null;
    const values = heap
      .readArray(heap.word(pointer, signed ? 16 : 12))
      .map((item) => readEthereumValue(heap, item));
    const abi = this.source.mapping.abis.get(contract);
    if (abi === undefined) {
      throw new DeterministicError(
        `Could not find ABI for contract "${contract}", try adding it to the 'abis' section of the subgraph manifest`,
      );
    }
    const callee = this.#contractFunction(abi, name, signature);
    if (callee === null) {
      throw new DeterministicError(
        `Unknown function "${contract}::${name}" with signature "${signature}" called from WASM runtime`,
      );
    }
    if (
      values.length !== callee.inputs.length ||
      !callee.inputs.every((type, index) => fits(type, values[index] as EthereumValue))
    ) {
      throw new DeterministicError(
        `The arguments passed to "${contract}::${name}" do not fit its signature "${signature}"`,
      );
    }
    const data = `${hexOf(callee.selector)}${hexOf(encodeParameters(callee.inputs, values)).slice(2)}` as Hex;
    const known = this.#answers?.get(callKey(address, data));
    const answer = known === undefined ? this.#host.call(this.block, address, data) : known;
    return writeCallResult(heap, answer === null ? null : this.#decodeAnswer(callee.outputs, answer));
  }

  /** An answer that does not fit, an empty one included, counts as a revert. */
  #decodeAnswer(outputs: readonly AbiType[], answer: Hex): EthereumValue[] | null {
    if (answer === '0x') return null;
    try {
      return decodeParameters(outputs, new Uint8Array(Buffer.from(answer.slice(2), 'hex')));
    } catch (error) {
      if (error instanceof AbiDecodeError) return null;
      throw error;
    }
  }

  #requireBalances(name: string): void {
    this.#requireChain(`ethereum.${name}`);
    if (!this.#balances)
      throw new DeterministicError(`ethereum.${name} call is not supported before API version 0.0.9`);
  }

  getBalance(address: Uint8Array): number {
    this.#requireBalances('getBalance');
    return this.heap.writeBigInt(this.#host.getBalance(this.block, hexOf(address)));
  }

  hasCode(address: Uint8Array): number {
    this.#requireBalances('hasCode');
    return writeWrappedBool(this.heap, this.#host.hasCode(this.block, hexOf(address)));
  }

  // -------------------------------------------------------------- data sources

  createDataSource(
    template: string,
    parameters: readonly string[],
    context: Record<string, Value> | null,
  ): void {
    const made = this.#templates.get(template);
    if (made === undefined) {
      throw new DeterministicError(
        `Failed to create data source from name \`${template}\`: No template with this name in parent data source \`${this.source.name}\`. Available names: ${[...this.#templates.keys()].join(', ')}.`,
      );
    }
    if (made.file !== undefined) {
      this.#createFileSource(template, parameters, context);
      return;
    }
    if (this.source.region)
      throw new DeterministicError(
        'Attempted to create on-chain data source in offchain data source handler. This is not yet supported.',
      );
    const [address = ''] = parameters;
    if (!/^(0x)?[0-9a-fA-F]{40}$/.test(address)) {
      throw new DeterministicError(
        `Failed to create data source from template \`${template}\`: \`${address}\` is not an address`,
      );
    }
    this.#created.push({
      template,
      address: `0x${address.replace(/^0x/, '').toLowerCase()}`,
      context,
      createdAt: this.block.number,
    });
  }

  /** A path that is none is passed over with a word in the log, as graph-node does: contracts hold all kinds of text. */
  #createFileSource(
    template: string,
    parameters: readonly string[],
    context: Record<string, Value> | null,
  ): void {
    const [text] = parameters;
    if (text === undefined)
      throw new DeterministicError(
        `Failed to create data source from template \`${template}\`: source parameter is missing`,
      );
    const path = parseContentPath(text);
    if (path === null) {
      this.log('warning', `no file data source is made of \`${text.slice(0, 200)}\`: it is not an IPFS path`);
      return;
    }
    this.#created.push({
      template,
      address: `0x${Buffer.from(showContentPath(path), 'utf8').toString('hex')}`,
      region: -1,
      context,
      createdAt: this.block.number,
    });
  }
}
