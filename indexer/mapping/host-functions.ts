// The functions a mapping may call, by the names graph-ts imports them under. Modules link them whatever namespace they import from.
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { BigDecimal } from '#indexer/model.ts';
import { AiosError } from '#node/platform/errors.ts';
import { base58 } from '../files/base58.ts';
import { decodeParameters, encodeParameters, parseTypeName, typeOfValue } from './abi.ts';
import { type AscHeap, TYPE } from './asc-heap.ts';
import {
  dividedBy,
  equals,
  formatBigDecimal,
  minus,
  normalize,
  parseBigDecimal,
  plus,
  times,
} from './big-decimal.ts';
import { bounded, boundedPower } from './big-int.ts';
import { readEthereumValue, writeEthereumValue, writeEthereumValues } from './ethereum-values.ts';
import { DeterministicError } from './failures.ts';
import type { HandlerContext } from './handler-context.ts';
import { type Json, parseJson, writeJson, writeJsonResult } from './json.ts';
import { readBigDecimal, readContextMap, writeBigDecimal, writeContext } from './store-values.ts';
import { parseYaml, writeYaml, writeYamlResult, type Yaml } from './yaml.ts';

/** A byte order mark is a character like any other. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Functions whose answer depends on nothing but their arguments. */
const PURE =
  /^(abort|gas|bigInt\..*|bigDecimal\..*|typeConversion\..*|crypto\..*|json\..*|yaml\..*|ethereum\.(en|de)code)$/;

/** Host work costs what about as many instructions of the module would. */
const COST = { cheap: 100, store: 2_000, chain: 100_000, document: 100 } as const;

type HostFunction = (
  heap: AscHeap,
  context: HandlerContext,
  ...parameters: number[]
) => number | bigint | undefined;

function byte(value: number, what: string): bigint {
  if (value >>> 0 > 255) throw new DeterministicError(`${what} must be from 0 to 255, not ${value >>> 0}`);
  return BigInt(value);
}

const removed =
  (name: string): HostFunction =>
  () => {
    throw new DeterministicError(`\`${name}\` has been removed.`);
  };

/** graph-node fails these unless an operator allowed results that differ between nodes; we never do. */
const notDeterministic =
  (name: string): HostFunction =>
  () => {
    throw new DeterministicError(
      `\`${name}\` is deprecated: what IPFS answers differs between nodes. Index the data on chain instead`,
    );
  };

const bigIntOperation =
  (operation: (left: bigint, right: bigint, context: HandlerContext) => bigint): HostFunction =>
  (heap, context, left, right) =>
    heap.writeBigInt(operation(heap.readBigInt(left as number), heap.readBigInt(right as number), context));

const decimalOperation =
  (operation: (left: BigDecimal, right: BigDecimal) => BigDecimal): HostFunction =>
  (heap, _, left, right) =>
    writeBigDecimal(
      heap,
      operation(readBigDecimal(heap, left as number), readBigDecimal(heap, right as number)),
    );

function divideDecimals(left: BigDecimal, right: BigDecimal): BigDecimal {
  if (right.digits === 0n) {
    throw new DeterministicError(`attempted to divide BigDecimal \`${formatBigDecimal(left)}\` by zero`);
  }
  return dividedBy(left, right);
}

function parseBigInt(text: string, what: string): bigint {
  if (!/^[+-]?\d[\d_]*$/.test(text)) throw new DeterministicError(`${what}: \`${text}\``);
  return bounded(BigInt(text.replaceAll('_', '').replace(/^\+/, '')));
}

/** Long products and powers cost the square of their size. */
function chargeDigits(context: HandlerContext, left: bigint, right: bigint): void {
  if (left < 1n << 512n && right < 1n << 512n) return;
  context.charge((left.toString(16).length * right.toString(16).length) / 64);
}

function integerText(heap: AscHeap, pointer: number, low: bigint, high: bigint, type: string): bigint {
  const text = heap.readString(pointer);
  const value = /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : null;
  if (value === null || value < low || value > high) {
    throw new DeterministicError(`JSON \`${text}\` cannot be parsed as ${type}`);
  }
  return value;
}

function jsonOrNothing(heap: AscHeap, pointer: number): Json | undefined {
  try {
    return parseJson(heap.bytesView(pointer));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function yamlOrError(heap: AscHeap, context: HandlerContext, pointer: number): Yaml | SyntaxError {
  const bytes = heap.bytesView(pointer);
  context.charge(bytes.length * COST.document);
  try {
    return parseYaml(bytes);
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}

const FUNCTIONS: Readonly<Record<string, readonly [cost: number, run: HostFunction]>> = {
  abort: [
    COST.cheap,
    (heap, _, message, file, line, column) => {
      const text = message === 0 ? 'no message' : `message: ${heap.readString(message as number)}`;
      const place =
        file === 0
          ? 'an unknown location'
          : `${heap.readString(file as number)}, line ${line}, column ${column}`;
      throw new DeterministicError(`Mapping aborted at ${place}, with ${text}`);
    },
  ],
  gas: [COST.cheap, () => undefined],

  // ---- store
  'store.get': [
    COST.store,
    (heap, context, type, id) =>
      context.storeGet(heap.readString(type as number), heap.readString(id as number), false),
  ],
  'store.get_in_block': [
    COST.store,
    (heap, context, type, id) =>
      context.storeGet(heap.readString(type as number), heap.readString(id as number), true),
  ],
  'store.set': [
    COST.store,
    (heap, context, type, id, data) => {
      context.storeSet(heap.readString(type as number), heap.readString(id as number), data as number);
      return undefined;
    },
  ],
  'store.remove': [
    COST.store,
    (heap, context, type, id) => {
      context.storeRemove(heap.readString(type as number), heap.readString(id as number));
      return undefined;
    },
  ],
  'store.loadRelated': [
    COST.store,
    (heap, context, type, id, field) =>
      context.storeLoadRelated(
        heap.readString(type as number),
        heap.readString(id as number),
        heap.readString(field as number),
      ),
  ],

  // ---- chain
  'ethereum.call': [COST.chain, (_, context, call) => context.ethereumCall(call as number)],
  'ethereum.getBalance': [
    COST.chain,
    (heap, context, address) => context.getBalance(heap.readBytes(address as number)),
  ],
  'ethereum.hasCode': [
    COST.chain,
    (heap, context, address) => context.hasCode(heap.readBytes(address as number)),
  ],
  'ethereum.encode': [
    COST.cheap,
    (heap, _, pointer) => {
      const value = readEthereumValue(heap, pointer as number);
      return heap.writeBytes(encodeParameters([typeOfValue(value)], [value]));
    },
  ],
  'ethereum.decode': [
    COST.cheap,
    (heap, context, types, data) => {
      try {
        const [value] = decodeParameters(
          [parseTypeName(heap.readString(types as number))],
          heap.readBytes(data as number),
        );
        return value === undefined ? 0 : writeEthereumValue(heap, value);
      } catch (error) {
        if ((error as Error).name !== 'AbiDecodeError') throw error;
        context.log('warning', `ethereum.decode failed: ${(error as Error).message}`);
        return 0;
      }
    },
  ],

  // ---- conversions
  'typeConversion.bytesToString': [
    COST.cheap,
    (heap, _, bytes) => heap.writeString(utf8.decode(heap.bytesView(bytes as number)).replace(/\0+$/, '')),
  ],
  'typeConversion.bytesToHex': [COST.cheap, (heap, _, bytes) => heap.writeHexString(bytes as number)],
  'typeConversion.bigIntToString': [
    COST.cheap,
    (heap, _, value) => heap.writeString(heap.readBigInt(value as number).toString()),
  ],
  'typeConversion.bigIntToHex': [
    COST.cheap,
    (heap, _, pointer) => {
      const value = heap.readBigInt(pointer as number);
      return heap.writeString(`0x${(value < 0n ? -value : value).toString(16)}`);
    },
  ],
  'typeConversion.stringToH160': [
    COST.cheap,
    (heap, _, pointer) => {
      const text = heap.readString(pointer as number);
      if (!/^(0x)?[0-9a-fA-F]{40}$/.test(text)) {
        throw new DeterministicError(`Failed to convert string to Address: '${text}'`);
      }
      return heap.writeHex(`0x${text.replace(/^0x/, '')}`);
    },
  ],
  'typeConversion.bytesToBase58': [
    COST.cheap,
    (heap, _, bytes) => heap.writeString(base58(heap.readBytes(bytes as number))),
  ],

  // ---- JSON and IPFS
  'json.fromBytes': [
    COST.cheap,
    (heap, _, bytes) => {
      const json = jsonOrNothing(heap, bytes as number);
      if (json === undefined) throw new DeterministicError('Failed to parse JSON from byte array');
      return writeJson(heap, json);
    },
  ],
  'json.try_fromBytes': [
    COST.cheap,
    (heap, _, bytes) => writeJsonResult(heap, jsonOrNothing(heap, bytes as number)),
  ],
  'json.toI64': [
    COST.cheap,
    (heap, _, text) => integerText(heap, text as number, -(2n ** 63n), 2n ** 63n - 1n, 'i64'),
  ],
  'json.toU64': [
    COST.cheap,
    (heap, _, text) => BigInt.asIntN(64, integerText(heap, text as number, 0n, 2n ** 64n - 1n, 'u64')),
  ],
  'json.toF64': [
    COST.cheap,
    (heap, _, pointer) => {
      const text = heap.readString(pointer as number);
      if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) {
        throw new DeterministicError(`JSON \`${text}\` cannot be parsed as f64`);
      }
      return Number(text);
    },
  ],
  'json.toBigInt': [
    COST.cheap,
    (heap, _, text) =>
      heap.writeBigInt(parseBigInt(heap.readString(text as number), 'JSON is not a decimal string')),
  ],
  'yaml.fromBytes': [
    COST.cheap,
    (heap, context, bytes) => {
      const yaml = yamlOrError(heap, context, bytes as number);
      if (yaml instanceof SyntaxError)
        throw new DeterministicError(`failed to parse YAML from bytes: ${yaml.message}`);
      return writeYaml(heap, yaml);
    },
  ],
  'yaml.try_fromBytes': [
    COST.cheap,
    (heap, context, bytes) => {
      const yaml = yamlOrError(heap, context, bytes as number);
      return writeYamlResult(heap, yaml instanceof SyntaxError ? undefined : yaml);
    },
  ],
  'ipfs.cat': [COST.cheap, notDeterministic('ipfs.cat')],
  'ipfs.map': [COST.cheap, notDeterministic('ipfs.map')],
  'ipfs.getBlock': [COST.cheap, notDeterministic('ipfs.getBlock')],

  // ---- numbers
  'crypto.keccak256': [
    COST.cheap,
    (heap, _, bytes) => heap.writeBytes(keccak_256(heap.readBytes(bytes as number))),
  ],
  'bigInt.plus': [COST.cheap, bigIntOperation((left, right) => bounded(left + right))],
  'bigInt.minus': [COST.cheap, bigIntOperation((left, right) => bounded(left - right))],
  'bigInt.times': [
    COST.cheap,
    bigIntOperation((left, right, context) => {
      chargeDigits(context, left, right);
      return bounded(left * right);
    }),
  ],
  'bigInt.dividedBy': [
    COST.cheap,
    bigIntOperation((left, right, context) => {
      if (right === 0n) throw new DeterministicError(`attempted to divide BigInt \`${left}\` by zero`);
      chargeDigits(context, left, right);
      return left / right;
    }),
  ],
  'bigInt.dividedByDecimal': [
    COST.cheap,
    (heap, _, left, right) =>
      writeBigDecimal(
        heap,
        divideDecimals(normalize(heap.readBigInt(left as number), 0), readBigDecimal(heap, right as number)),
      ),
  ],
  'bigInt.mod': [
    COST.cheap,
    bigIntOperation((left, right, context) => {
      if (right === 0n) {
        throw new DeterministicError(
          `attempted to calculate the remainder of \`${left}\` with a divisor of zero`,
        );
      }
      chargeDigits(context, left, right);
      return left % right;
    }),
  ],
  'bigInt.pow': [
    COST.cheap,
    (heap, context, base, exponent) => {
      const value = heap.readBigInt(base as number);
      const power = byte(exponent as number, 'the exponent of bigInt.pow');
      context.charge(value.toString(16).length * Number(power));
      return heap.writeBigInt(boundedPower(value, power));
    },
  ],
  'bigInt.fromString': [
    COST.cheap,
    (heap, _, text) =>
      heap.writeBigInt(parseBigInt(heap.readString(text as number), 'string is not a BigInt')),
  ],
  'bigInt.bitOr': [COST.cheap, bigIntOperation((left, right) => left | right)],
  'bigInt.bitAnd': [COST.cheap, bigIntOperation((left, right) => left & right)],
  'bigInt.leftShift': [
    COST.cheap,
    (heap, _, value, bits) =>
      heap.writeBigInt(
        bounded(heap.readBigInt(value as number) << byte(bits as number, 'the bits of bigInt.leftShift')),
      ),
  ],
  'bigInt.rightShift': [
    COST.cheap,
    (heap, _, value, bits) =>
      heap.writeBigInt(
        heap.readBigInt(value as number) >> byte(bits as number, 'the bits of bigInt.rightShift'),
      ),
  ],
  'bigDecimal.toString': [
    COST.cheap,
    (heap, _, value) => heap.writeString(formatBigDecimal(readBigDecimal(heap, value as number))),
  ],
  'bigDecimal.fromString': [
    COST.cheap,
    (heap, _, pointer) => {
      const text = heap.readString(pointer as number);
      const value = parseBigDecimal(text);
      if (value === null) throw new DeterministicError(`string is not a BigDecimal: '${text}'`);
      return writeBigDecimal(heap, value);
    },
  ],
  'bigDecimal.plus': [COST.cheap, decimalOperation(plus)],
  'bigDecimal.minus': [COST.cheap, decimalOperation(minus)],
  'bigDecimal.times': [COST.cheap, decimalOperation(times)],
  'bigDecimal.dividedBy': [COST.cheap, decimalOperation(divideDecimals)],
  'bigDecimal.equals': [
    COST.cheap,
    (heap, _, left, right) =>
      equals(readBigDecimal(heap, left as number), readBigDecimal(heap, right as number)) ? 1 : 0,
  ],

  // ---- data sources, names, logs
  'dataSource.create': [
    COST.store,
    (heap, context, name, parameters) => {
      const texts = heap.readArray(parameters as number).map((pointer) => heap.readString(pointer));
      context.createDataSource(heap.readString(name as number), texts, null);
      return undefined;
    },
  ],
  'dataSource.createWithContext': [
    COST.store,
    (heap, context, name, parameters, map) => {
      const texts = heap.readArray(parameters as number).map((pointer) => heap.readString(pointer));
      context.createDataSource(heap.readString(name as number), texts, readContextMap(heap, map as number));
      return undefined;
    },
  ],
  'dataSource.address': [COST.cheap, (heap, context) => heap.writeHex(context.source.address ?? '0x')],
  'dataSource.network': [COST.cheap, (heap, context) => heap.writeString(context.source.network)],
  'dataSource.context': [COST.cheap, (heap, context) => writeContext(heap, context.source.context)],
  'ens.nameByHash': [COST.cheap, () => 0],
  'log.log': [
    COST.cheap,
    (heap, context, level, message) => {
      const text = heap.readString(message as number);
      const levels = ['critical', 'error', 'warning', 'info', 'debug'] as const;
      context.log(levels[level as number] ?? 'debug', text);
      if (level === 0)
        throw new DeterministicError(`Critical error logged in mapping with log message: ${text}`);
      return undefined;
    },
  ],
  'arweave.transactionData': [COST.cheap, removed('arweave.transactionData')],
  'box.profile': [COST.cheap, removed('box.profile')],
};

/** Writes the answer of an eth_call, 0 for a call that reverted. */
export function writeCallResult(
  heap: AscHeap,
  values: Parameters<typeof writeEthereumValues>[1] | null,
): number {
  return values === null ? 0 : writeEthereumValues(heap, values);
}

export function writeWrappedBool(heap: AscHeap, value: boolean): number {
  const pointer = heap.alloc(1, TYPE.WrappedBool);
  heap.u8[pointer] = value ? 1 : 0;
  return pointer;
}

/**
 * The import object of a module.
 *
 * @param context gives the running handler and its module's heap
 * @throws AiosError `MAPPING_IMPORT` naming functions that do not exist
 */
export function linkImports(
  imports: readonly WebAssembly.ModuleImportDescriptor[],
  context: HandlerContext,
): WebAssembly.Imports {
  const linked: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  const unknown: string[] = [];
  for (const { module, name, kind } of imports) {
    const entry = kind === 'function' ? FUNCTIONS[name] : undefined;
    if (entry === undefined) {
      unknown.push(`${module}.${name}`);
      continue;
    }
    const [cost, run] = entry;
    linked[module] ??= {};
    const pure = PURE.test(name);
    linked[module][name] = (a: number, b: number, c: number, d: number) => {
      const { heap } = context;
      heap.refresh();
      context.charge(cost);
      if (!pure) context.impureStart = true;
      return run(heap, context, a, b, c, d);
    };
  }
  if (unknown.length > 0) {
    throw new AiosError(
      'MAPPING_IMPORT',
      `the mapping imports functions that do not exist here: ${unknown.join(', ')}. Build it with a current graph-ts, without Math.random or Date`,
    );
  }
  return linked;
}
