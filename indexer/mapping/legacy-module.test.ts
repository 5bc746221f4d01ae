// A module as apiVersion 0.0.4 had them (memory.allocate, a start section, no headers), put together here byte by byte.
import { AbiCoder, keccak256, toUtf8Bytes } from 'ethers';
import { describe, expect, test } from 'vitest';
import type { Hex, Log } from '#indexer/model.ts';
import { OP } from '#node/platform/wasm/instructions.ts';
import { ByteWriter } from '#node/platform/wasm/leb128.ts';
import { writeSections } from '#node/platform/wasm/module-sections.ts';
import { parseEntitySchema } from '../manifest/entity-schema.ts';
import type { MappingBlock } from '../pipeline/mapper.ts';
import { BlockRunner, type MappingProgram } from './block-runner.ts';
import { LINE_LIMITS } from './line-buffer.ts';
import { MemoryStore } from './testing/memory-store.ts';
import { header, transaction } from './testing/synthetic-chain.ts';

const I32 = 0x7f;
const LOAD = 0x28;
const ADD = 0x6a;
const CONST = 0x41;
const INFO = 3;
const GREETING = 512;
const NUMBER = 768;
const HEAP = 1_024;

const bytes = (...parts: readonly (number | Uint8Array)[]): Uint8Array => {
  const writer = new ByteWriter();
  for (const part of parts) {
    if (typeof part === 'number') writer.byte(part);
    else writer.raw(part);
  }
  return writer.finish();
};
const leb = (value: number) => new ByteWriter().u32(value).finish();
const integer = (value: number) => bytes(CONST, new ByteWriter().s64(BigInt(value)).finish());
const list = (...items: readonly Uint8Array[]) => bytes(leb(items.length), ...items);
const name = (text: string) => new ByteWriter().name(text).finish();
const load = (offset: number) => bytes(LOAD, 2, leb(offset));
const call = (index: number) => bytes(OP.call, leb(index));
const body = (...code: readonly (number | Uint8Array)[]) => {
  const content = bytes(0, ...code, OP.end);
  return bytes(leb(content.length), content);
};
/** A static string: its length, then its units. */
const text = (value: string) => {
  const units = Buffer.from(value, 'utf16le');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(value.length);
  return Buffer.concat([length, units]);
};
const data = (at: number, content: Uint8Array) => bytes(0, integer(at), OP.end, leb(content.length), content);

const type = (parameters: number, results: number) =>
  bytes(0x60, leb(parameters), ...Array(parameters).fill(I32), leb(results), ...Array(results).fill(I32));
const imported = (module: string, field: string, kind: number) =>
  bytes(name(module), name(field), 0, leb(kind));
const exported = (field: string, kind: number, index: number) => bytes(name(field), kind, leb(index));

/** Functions: 0 log.log, 1 bigInt.fromString, 2 typeConversion.bigIntToString, 3 memory.allocate, 4 start, 5–7 handlers. */
const MODULE = writeSections([
  { id: 1, content: list(type(2, 0), type(1, 1), type(0, 0), type(1, 0)) },
  {
    id: 2,
    content: list(
      imported('index', 'log.log', 0),
      imported('numbers', 'bigInt.fromString', 1),
      imported('conversion', 'typeConversion.bigIntToString', 1),
    ),
  },
  { id: 3, content: list(leb(1), leb(2), leb(3), leb(3), leb(3)) },
  { id: 5, content: bytes(1, 0, leb(1)) },
  // The allocator's end of the heap, the number that the start function reads, and an object it makes after that.
  { id: 6, content: list(...[HEAP, 0, 0].map((value) => bytes(I32, 1, integer(value), OP.end))) },
  {
    id: 7,
    content: list(
      exported('memory', 2, 0),
      exported('memory.allocate', 0, 3),
      exported('handleText', 0, 5),
      exported('handleStart', 0, 6),
      exported('handleInput', 0, 7),
    ),
  },
  { id: 8, content: leb(4) },
  {
    id: 10,
    content: list(
      // The old end, after moving it on by the size, rounded up to 8.
      body(
        ...[OP.globalGet, 0, OP.globalGet, 0, OP.localGet, 0, ADD],
        ...[integer(7), ADD, integer(-8), 0x71, OP.globalSet, 0],
      ),
      body(
        ...[integer(NUMBER), call(1), OP.globalSet, 1, integer(8), call(3), OP.globalSet, 2],
        ...[OP.globalGet, 2, integer(GREETING), 0x36, 2, 0],
      ),
      // event.params[0].value's payload is the text.
      body(integer(INFO), OP.localGet, 0, load(24), load(0), load(8), load(4), load(8), call(0)),
      body(
        integer(INFO),
        OP.globalGet,
        1,
        call(2),
        call(0),
        integer(INFO),
        OP.globalGet,
        2,
        load(0),
        call(0),
      ),
      // What stands behind the gas price of the transaction: its input, since 0.0.2.
      body(integer(INFO), OP.localGet, 0, load(20), load(28), call(2), call(0)),
    ),
  },
  {
    id: 11,
    content: list(
      data(GREETING, text('héllo')),
      data(NUMBER, text('-170141183460469231731687303715884105729')),
    ),
  },
]);

const event = {
  type: 'event',
  name: 'Said',
  inputs: [{ name: 'what', type: 'string', indexed: false }],
};
const topic0 = keccak256(toUtf8Bytes('Said(string)')) as Hex;

function run(
  handlers: readonly string[],
  apiVersion: string,
  said = 'ab\0c',
): { logs: string[]; failure?: string } {
  const mapping = {
    apiVersion,
    module: 'legacy',
    abis: new Map(),
    eventHandlers: handlers.map((handler) => ({
      event: 'Said(string)',
      topic0,
      handler,
      receipt: false,
      abi: event,
      calls: {},
    })),
    callHandlers: [],
    blockHandlers: [],
    entities: [],
  };
  const schema = parseEntitySchema('type Thing @entity { id: ID! }');
  const program = {
    apiVersion,
    schema,
    dataSources: [
      {
        name: 'Legacy',
        network: 'test',
        address: null,
        abi: '',
        startBlock: 0,
        endBlock: null,
        context: null,
        mapping,
      },
    ],
    templates: [],
    modules: new Map([['legacy', MODULE]]),
  } as unknown as MappingProgram;
  const made = transaction(1, 0);
  const log: Log = {
    address: `0x${'11'.repeat(20)}`,
    topics: [topic0],
    data: AbiCoder.defaultAbiCoder().encode(['string'], [said]) as Hex,
    blockHash: header(1).hash,
    blockNumber: 1,
    transactionHash: made.hash,
    transactionIndex: 0,
    logIndex: 0,
  };
  const block: MappingBlock = {
    header: header(1),
    transactions: new Map([[made.hash, made]]),
    receipts: new Map(),
    triggers: handlers.map((handler) => ({ kind: 'event', dataSource: 0, handler, log, receipt: false })),
  };
  // Lines are how these mappings tell what they read: none is shortened.
  const lines = { ...LINE_LIMITS, lineBytes: 1_000_000 };
  const outcome = new BlockRunner(program, new MemoryStore(schema), { lines }).run(block);
  const logs = outcome.lines?.map(({ level, text }) => `${level}: ${text}`) ?? [];
  return { logs, ...(outcome.failure && { failure: outcome.failure.message }) };
}

describe('a module of apiVersion 0.0.4', () => {
  test('is started by its start section and keeps what that made, handler after handler', () => {
    const number = 'info: -170141183460469231731687303715884105729';
    expect(run(['handleStart', 'handleText', 'handleStart'], '0.0.4')).toEqual({
      logs: [number, 'info: héllo', 'info: abc', number, 'info: héllo'],
    });
  });

  test('reads events whose strings stand behind their length', () => {
    const long = '漢字🇧🇷'.repeat(2_000);
    expect(run(['handleText'], '0.0.4', long).logs).toEqual([`info: ${long}`]);
  });

  test('is handed the input of transactions since 0.0.2', () => {
    // 0xa9059cbb read as a little-endian integer.
    expect(run(['handleInput'], '0.0.2').logs).toEqual([`info: ${0xbb9c05a9 | 0}`]);
    expect(run(['handleInput'], '0.0.1').logs).not.toEqual([`info: ${0xbb9c05a9 | 0}`]);
  });

  test('is refused under a later version, whose allocator it lacks', () => {
    expect(run(['handleText'], '0.0.5').failure).toContain('`allocate` function not found');
  });
});
