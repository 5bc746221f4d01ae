// Blocks, transactions, events, receipts and ethereum.Value enums, laid out as each apiVersion of mappings expects them.
import type { BlockHeader, Call, Log, Receipt, Transaction } from '#indexer/model.ts';
import { atLeast } from '../manifest/spec-version.ts';
import { ETHEREUM_KIND, type EthereumValue, type EventWord } from './abi.ts';
import { type AscHeap, TYPE } from './asc-heap.ts';
import { DeterministicError } from './failures.ts';
import { MAX_RECURSION } from './store-values.ts';

/** What the layout of chain objects depends on. */
export interface Layout {
  /** 0.0.2: input of transactions. */
  readonly input: boolean;
  /** 0.0.6: nonce of transactions, base fee of blocks. */
  readonly fees: boolean;
  /** 0.0.7: events carry a receipt. */
  readonly receipts: boolean;
}

export function layoutOf(apiVersion: string): Layout {
  return {
    input: atLeast(apiVersion, '0.0.2'),
    fees: atLeast(apiVersion, '0.0.6'),
    receipts: atLeast(apiVersion, '0.0.7'),
  };
}

export function writeEthereumValue(heap: AscHeap, { kind, value }: EthereumValue): number {
  switch (kind) {
    case ETHEREUM_KIND.Bool:
      return heap.writeTagged(TYPE.EthereumValue, kind, value === true ? 1 : 0);
    case ETHEREUM_KIND.Int:
    case ETHEREUM_KIND.Uint:
      return heap.writeTagged(TYPE.EthereumValue, kind, heap.writeBigInt(value as bigint));
    case ETHEREUM_KIND.String:
      return heap.writeTagged(TYPE.EthereumValue, kind, heap.writeString(value as string));
    case ETHEREUM_KIND.Array:
    case ETHEREUM_KIND.FixedArray:
    case ETHEREUM_KIND.Tuple:
      return heap.writeTagged(
        TYPE.EthereumValue,
        kind,
        writeEthereumValues(heap, value as readonly EthereumValue[]),
      );
    default:
      return heap.writeTagged(TYPE.EthereumValue, kind, heap.writeBytes(value as Uint8Array));
  }
}

export function writeEthereumValues(heap: AscHeap, values: readonly EthereumValue[]): number {
  return heap.writeArray(TYPE.ArrayEthereumValue, writeAll(heap, values));
}

/** Pointers to the values, each on its own. */
export function writeAll(heap: AscHeap, values: readonly EthereumValue[]): number[] {
  return values.map((value) => writeEthereumValue(heap, value));
}

/** Integers are 256 bits wide, signed or not. */
function readWide(heap: AscHeap, pointer: number, kind: number): bigint {
  const value = heap.readBigInt(pointer);
  const fits =
    kind === ETHEREUM_KIND.Int ? BigInt.asIntN(256, value) === value : BigInt.asUintN(256, value) === value;
  if (!fits) {
    throw new DeterministicError(
      `BigInt value ${value} does not fit ${kind === ETHEREUM_KIND.Int ? 'int256' : 'uint256'}`,
    );
  }
  return value;
}

function readSized(heap: AscHeap, pointer: number, length: number, exact: boolean): Uint8Array {
  const bytes = heap.readBytes(pointer);
  if (exact ? bytes.length !== length : bytes.length > length) {
    throw new DeterministicError(
      exact
        ? `expected array of length ${length}, found length ${bytes.length}`
        : `input slice must contain a maximum of ${length} bytes, got ${bytes.length}`,
    );
  }
  return bytes;
}

/** `depth` is how many pointers were followed to the value. */
export function readEthereumValue(heap: AscHeap, pointer: number, depth = 3): EthereumValue {
  if (depth > MAX_RECURSION) throw new DeterministicError('recursion limit reached');
  const kind = heap.word(pointer, 0);
  const payload = heap.word(pointer, 8);
  switch (kind) {
    case ETHEREUM_KIND.Bool:
      return { kind, value: payload !== 0 };
    case ETHEREUM_KIND.Int:
    case ETHEREUM_KIND.Uint:
      return { kind, value: readWide(heap, payload, kind) };
    case ETHEREUM_KIND.String:
      return { kind, value: heap.readString(payload) };
    case ETHEREUM_KIND.Array:
    case ETHEREUM_KIND.FixedArray:
    case ETHEREUM_KIND.Tuple:
      return { kind, value: heap.readArray(payload).map((item) => readEthereumValue(heap, item, depth + 2)) };
    case ETHEREUM_KIND.Address:
      return { kind, value: readSized(heap, payload, 20, true) };
    case ETHEREUM_KIND.Function:
      return { kind, value: readSized(heap, payload, 24, true) };
    case ETHEREUM_KIND.FixedBytes:
      return { kind, value: readSized(heap, payload, 32, false) };
    case ETHEREUM_KIND.Bytes:
      return { kind, value: heap.readBytes(payload) };
    default:
      throw new DeterministicError(`the mapping passed an ethereum value of unknown kind ${kind}`);
  }
}

export function writeBlock(heap: AscHeap, layout: Layout, block: BlockHeader): number {
  const fields = [
    heap.writeHex(block.hash),
    heap.writeHex(block.parentHash),
    heap.writeHex(block.unclesHash),
    heap.writeHex(block.author),
    heap.writeHex(block.stateRoot),
    heap.writeHex(block.transactionsRoot),
    heap.writeHex(block.receiptsRoot),
    heap.writeSmallInt(block.number),
    heap.writeBigInt(block.gasUsed),
    heap.writeBigInt(block.gasLimit),
    heap.writeSmallInt(block.timestamp),
    heap.writeBigInt(block.difficulty),
    heap.writeBigInt(block.totalDifficulty),
    block.size === null ? 0 : heap.writeBigInt(block.size),
  ];
  if (layout.fees) fields.push(block.baseFeePerGas === null ? 0 : heap.writeBigInt(block.baseFeePerGas));
  return heap.struct(TYPE.Block, fields);
}

export function writeTransaction(heap: AscHeap, layout: Layout, transaction: Transaction): number {
  const fields = [
    heap.writeHex(transaction.hash),
    heap.writeSmallInt(transaction.index),
    heap.writeHex(transaction.from),
    transaction.to === null ? 0 : heap.writeHex(transaction.to),
    heap.writeBigInt(transaction.value),
    heap.writeBigInt(transaction.gasLimit),
    heap.writeBigInt(transaction.gasPrice),
  ];
  if (layout.input) fields.push(heap.writeHex(transaction.input));
  if (layout.fees) fields.push(heap.writeBigInt(transaction.nonce));
  return heap.struct(TYPE.Transaction, fields);
}

function writeLog(heap: AscHeap, log: Log): number {
  const topics = heap.writeArray(
    TYPE.ArrayH256,
    log.topics.map((topic) => heap.writeHex(topic)),
  );
  const removed = heap.alloc(1, TYPE.WrappedBool);
  return heap.struct(TYPE.Log, [
    heap.writeHex(log.address),
    topics,
    heap.writeHex(log.data),
    heap.writeHex(log.blockHash),
    heap.writeSmallInt(log.blockNumber),
    heap.writeHex(log.transactionHash),
    heap.writeSmallInt(log.transactionIndex),
    heap.writeSmallInt(log.logIndex),
    // transactionLogIndex and logType are not part of any node's answer.
    0,
    0,
    removed,
  ]);
}

function writeReceipt(heap: AscHeap, receipt: Receipt): number {
  return heap.struct(TYPE.TransactionReceipt, [
    heap.writeHex(receipt.transactionHash),
    heap.writeSmallInt(receipt.transactionIndex),
    heap.writeHex(receipt.blockHash),
    heap.writeSmallInt(receipt.blockNumber),
    heap.writeBigInt(receipt.cumulativeGasUsed),
    heap.writeBigInt(receipt.gasUsed),
    receipt.contractAddress === null ? 0 : heap.writeHex(receipt.contractAddress),
    heap.writeArray(
      TYPE.ArrayLog,
      receipt.logs.map((log) => writeLog(heap, log)),
    ),
    heap.writeBigInt(receipt.status),
    receipt.root === '0x' ? 0 : heap.writeHex(receipt.root),
    heap.writeHex(receipt.logsBloom),
  ]);
}

/** Parameters from pointers to their names and to their values. */
function writeParameters(heap: AscHeap, names: readonly number[], values: readonly number[]): number {
  const parameters = values.map((value, index) =>
    heap.struct(TYPE.EventParam, [names[index] as number, value]),
  );
  return heap.writeArray(TYPE.ArrayEventParam, parameters);
}

/** The argument of a call handler (apiVersion 0.0.3 and later). `block` and `transaction` are pointers. */
export function writeCall(
  heap: AscHeap,
  call: {
    readonly call: Call;
    readonly block: number;
    readonly transaction: number;
    readonly inputNames: readonly number[];
    readonly inputs: readonly EthereumValue[];
    readonly outputNames: readonly number[];
    readonly outputs: readonly EthereumValue[];
  },
): number {
  return heap.struct(TYPE.Call, [
    heap.writeHex(call.call.to),
    heap.writeHex(call.call.from),
    call.block,
    call.transaction,
    writeParameters(heap, call.inputNames, writeAll(heap, call.inputs)),
    writeParameters(heap, call.outputNames, writeAll(heap, call.outputs)),
  ]);
}

/** A parameter straight from the hex digits of its word. */
export function writeEventWord(heap: AscHeap, { type, topic, at }: EventWord, log: Log): number {
  const hex = topic < 0 ? log.data : (log.topics[topic] as string);
  const { kind } = type;
  switch (kind) {
    case ETHEREUM_KIND.Address:
      return heap.writeTagged(TYPE.EthereumValue, kind, heap.writeHexAt(hex, at + 24, 20));
    case ETHEREUM_KIND.Uint:
    case ETHEREUM_KIND.Int:
      return heap.writeTagged(TYPE.EthereumValue, kind, heap.writeWord(hex, at, kind === ETHEREUM_KIND.Int));
    case ETHEREUM_KIND.Bool:
      return heap.writeTagged(TYPE.EthereumValue, kind, /[^0]/.test(hex.slice(at, at + 64)) ? 1 : 0);
    default:
      return heap.writeTagged(TYPE.EthereumValue, kind, heap.writeHexAt(hex, at, type.size));
  }
}

/** The argument of an event handler. `block` and `transaction` are pointers; `names` and `parameters` those of names and values. */
export function writeEvent(
  heap: AscHeap,
  layout: Layout,
  event: {
    readonly log: Log;
    readonly block: number;
    readonly transaction: number;
    readonly names: readonly number[];
    readonly parameters: readonly number[];
    readonly receipt: Receipt | null;
  },
): number {
  const parameters = writeParameters(heap, event.names, event.parameters);
  const fields = [
    heap.writeHex(event.log.address),
    heap.writeSmallInt(event.log.logIndex),
    // graph-node gives the log index here too: nodes report no other.
    heap.writeSmallInt(event.log.logIndex),
    0,
    event.block,
    event.transaction,
    parameters,
  ];
  if (layout.receipts) fields.push(event.receipt === null ? 0 : writeReceipt(heap, event.receipt));
  return heap.struct(TYPE.Event, fields);
}
