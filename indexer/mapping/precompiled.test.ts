// Modules of both layouts that were compiled elsewhere: today's tools build none of apiVersion 0.0.4. PRECOMPILED_MODULES names a folder like
// graph-node's runtime/test/wasm_test; what its own tests expect of them is expected here.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CreatedDataSource } from '#indexer/model.ts';
import { parseEntitySchema } from '../manifest/entity-schema.ts';
import { type EthereumValue, ETHEREUM_KIND as KIND } from './abi.ts';
import { type AscExports, type AscHeap, TYPE } from './asc-heap.ts';
import { EntityCache } from './entity-cache.ts';
import { prepareTypes } from './entity-types.ts';
import { readEthereumValue, writeEthereumValue } from './ethereum-values.ts';
import { DeterministicError } from './failures.ts';
import { HandlerContext } from './handler-context.ts';
import { linkImports } from './host-functions.ts';
import { createHeap, MappingModule, ModuleInstance } from './module-instance.ts';
import { readBigDecimal, readValue, writeBigDecimal } from './store-values.ts';
import { MemoryStore } from './testing/memory-store.ts';
import { header } from './testing/synthetic-chain.ts';

const folder = process.env.PRECOMPILED_MODULES ?? '';
const SCHEMA = `type User @entity { id: ID! name: String } type Thing @entity { id: String! value: String! extra: String }`;

/** A module whose exports tests call one by one. */
class Loaded {
  readonly heap: AscHeap;
  readonly store: MemoryStore;
  readonly cache: EntityCache;
  readonly types: ReturnType<typeof prepareTypes>;
  readonly #context: HandlerContext;
  readonly #exports: AscExports & Record<string, WebAssembly.ExportValue>;

  constructor(name: string, apiVersion: string) {
    const file = join(folder, `api_version_${apiVersion.replaceAll('.', '_')}`, `${name}.wasm`);
    const module = new MappingModule(new Uint8Array(readFileSync(file)), apiVersion);
    const schema = parseEntitySchema(SCHEMA);
    this.store = new MemoryStore(schema);
    this.types = prepareTypes(schema);
    this.cache = new EntityCache(this.store, { maxBytes: 1e8, before: false });
    this.#context = new HandlerContext({
      types: this.types,
      cache: this.cache,
      host: this.store,
      apiVersion,
      limits: { gas: 10n ** 10n, hostGas: 10 ** 10 },
      templates: new Map([['example template', {}]]),
    });
    const source = { apiVersion, module: '', abis: new Map(), eventHandlers: [], blockHandlers: [] };
    this.#context.beginBlock(header(12));
    this.#context.beginHandler(
      {
        name: 'example data source',
        network: 'mainnet',
        address: null,
        context: null,
        mapping: { ...source, entities: [] } as never,
      },
      'test',
    );
    const imports = linkImports(module.imports, this.#context);
    // The real thing first: an instance that starts and can be put back.
    const instance = new ModuleInstance(module, imports, this.types.values(), [], 10n ** 9n, (heap) => {
      this.#context.heap = heap;
    });
    instance.reset(0);
    this.#context.enter(instance);
    this.#exports = instance.exports as AscExports & Record<string, WebAssembly.ExportValue>;
    this.heap = instance.heap;
    expect(createHeap(module, this.#exports as never).constructor).toBe(this.heap.constructor);
  }

  get created(): readonly CreatedDataSource[] {
    return this.#context.created;
  }

  call<Result = number>(name: string, ...parameters: (number | bigint)[]): Result {
    const run = this.#exports[name] as (...all: (number | bigint)[]) => Result;
    try {
      return run(...parameters);
    } finally {
      this.heap.refresh();
    }
  }

  text(name: string, ...parameters: number[]): string {
    return this.heap.readString(this.call(name, ...parameters));
  }

  string(text: string): number {
    return this.heap.writeString(text);
  }

  bytes(text: string | readonly number[]): number {
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : Uint8Array.from(text);
    return this.heap.writeBytes(bytes);
  }
}

describe.skipIf(!existsSync(folder)).each(['0.0.4', '0.0.5'])('modules of apiVersion %s', (version) => {
  const old = version === '0.0.4';

  test('strings, arrays and bytes', () => {
    const module = new Loaded('abi_classes', version);
    const { heap } = module;
    const texts = ['1', '2', '3', '4'].map((text) => heap.writeString(text));
    const array = module.call('test_array', heap.writeArray(TYPE.ArrayString, texts));
    expect(heap.readArray(array).map((item) => heap.readString(item))).toEqual(['1', '2', '3', '4', '5']);
    const quarter = module.call('byte_array_third_quarter', module.bytes([1, 2, 3, 4]));
    expect(heap.readBytes(quarter)).toEqual(Uint8Array.of(3));
    const joined = module.call(
      'concat',
      module.bytes([42, 45, 7, 245, 45]),
      module.bytes([3, 12, 0, 1, 255]),
    );
    expect([...heap.readBytes(joined)]).toEqual([42, 45, 7, 245, 45, 3, 12, 0, 1, 255]);
    const address = module.call('test_address', heap.writeHex(`0x${'00'.repeat(20)}`));
    expect(Buffer.from(heap.readBytes(address)).toString('hex')).toBe(`01${'00'.repeat(18)}01`);
    const double = '    漢字Double_Me🇧🇷  ';
    expect(module.text('repeat_twice', module.string(double))).toBe(double.repeat(2));
    expect(heap.readBigInt(module.call('test_uint', heap.writeBigInt(0n)))).toBe(1n);
    expect(heap.readBigInt(module.call('test_uint', heap.writeBigInt(-50n)))).toBe(-49n);
    // Long strings take another way, and a byte order mark is a character.
    const long = `\ufeff${'x'.repeat(1_000)}`;
    expect(module.text('repeat_twice', module.string(long))).toBe(long.repeat(2));
  });

  test('ethereum values come back as they were', () => {
    const module = new Loaded('abi_token', version);
    const { heap } = module;
    const address: EthereumValue = { kind: KIND.Address, value: new Uint8Array(20).fill(1) };
    const bytes: EthereumValue = { kind: KIND.Bytes, value: Uint8Array.of(42, 45, 7, 245, 45) };
    const int: EthereumValue = { kind: KIND.Int, value: -(2n ** 200n) + 256n };
    const uint: EthereumValue = { kind: KIND.Uint, value: 2n ** 197n + 453452345n };
    const bool: EthereumValue = { kind: KIND.Bool, value: true };
    const string: EthereumValue = { kind: KIND.String, value: '漢字Go🇧🇷' };
    const array: EthereumValue = {
      kind: KIND.Array,
      value: [string, { kind: KIND.Array, value: [address, bytes, bool] }],
    };
    for (const [name, value] of Object.entries({ address, bytes, int, uint, bool, string, array })) {
      const inner = module.call(`token_to_${name}`, writeEthereumValue(heap, value));
      expect(readEthereumValue(heap, module.call(`token_from_${name}`, inner))).toEqual(value);
    }
  });

  test('store values', () => {
    const module = new Loaded('abi_store_value', version);
    const { heap } = module;
    const value = (name: string, ...parameters: (number | bigint)[]) =>
      readValue(heap, module.call(name, ...parameters));
    expect(value('value_null')).toBe(null);
    expect(value('value_from_string', heap.writeString('some string'))).toBe('some string');
    expect(value('value_from_int', -(2 ** 31))).toBe(-(2 ** 31));
    expect(value('value_from_int8', -(2n ** 63n))).toBe(-(2n ** 63n));
    const decimal = { digits: 314159001n, exp: -8 };
    expect(value('value_from_big_decimal', writeBigDecimal(heap, decimal))).toEqual(decimal);
    expect(value('value_from_bool', 1)).toBe(true);
    expect(value('array_from_values', heap.writeString('some string'), -7)).toEqual(['some string', -7]);
    expect(value('value_from_bytes', module.bytes([0, 2, 5]))).toEqual(Uint8Array.of(0, 2, 5));
    const big = [...new Array<number>(16).fill(0), 1];
    expect(value('value_from_bigint', module.bytes(big))).toBe(2n ** 128n);
    expect(() => value('invalid_discriminant')).toThrow(DeterministicError);
  });

  test('numbers from JSON', () => {
    const module = new Loaded('string_to_number', version);
    expect(module.call<bigint>('testToU64', module.string('9223372036850770800'))).toBe(9223372036850770800n);
    expect(module.call<bigint>('testToI64', module.string('-9223372036850770800'))).toBe(
      -9223372036850770800n,
    );
    expect(module.call('testToF64', module.string('-9223372036850770.92345034'))).toBe(
      Number('-9223372036850770.92345034'),
    );
    const digits = '-922337203685077092345034';
    expect(module.heap.readBigInt(module.call('testToBigInt', module.string(digits)))).toBe(BigInt(digits));
  });

  test('JSON and its errors', () => {
    const module = new Loaded('json_parsing', version);
    expect(module.text('handleJsonError', module.bytes('"foo"'))).toBe('OK: foo, ERROR: false');
    expect(module.text('handleJsonError', module.bytes('foo'))).toBe('ERROR: true');
    expect(module.text('handleJsonError', module.bytes(`"${'o'.repeat(10_000_000)}"`))).toBe('ERROR: true');
  });

  test('YAML and its errors', () => {
    const module = new Loaded('yaml_parsing', version);
    const handled = (text: string) => module.text('handleYaml', module.bytes(text));
    expect(handled('{a: 1, - b: 2}')).toBe('error');
    expect(handled('x'.repeat(10_000_001))).toBe('error');
    expect(handled('null')).toBe('(0) null');
    expect(handled('false')).toBe('(1) false');
    expect(handled('12345.6789')).toBe('(2) 12345.6789');
    expect(handled('"aa bb cc"')).toBe('(3) aa bb cc');
    expect(handled('- 1\n- 2\n- 3\n- 4')).toBe('(4) [(2) 1, (2) 2, (2) 3, (2) 4]');
    expect(handled('a: 1\nb: 2\nc: 3')).toBe('(5) {a: (2) 1, b: (2) 2, c: (2) 3}');
    expect(handled('!AA bb cc')).toBe('(6) !AA (3) bb cc');
    expect(handled('aa:\n  bb:\n    - cc: !DD ee')).toBe(
      '(5) {aa: (5) {bb: (4) [(5) {cc: (6) !DD (3) ee}]}}',
    );
  });

  test('keccak, hex, base58 and arithmetic', () => {
    const crypto = new Loaded('crypto', version);
    expect(Buffer.from(crypto.heap.readBytes(crypto.call('hash', crypto.bytes('eth')))).toString('hex')).toBe(
      '4f5b812789fc606be1b3b16908db13fc7a9adf7ca72641f84d75b47069d3d7f0',
    );
    const hex = new Loaded('big_int_to_hex', version);
    for (const [value, text] of [
      [0n, '0x0'],
      [1n, '0x1'],
      [2n ** 256n - 1n, `0x${'f'.repeat(64)}`],
    ] as const) {
      expect(hex.text('big_int_to_hex', hex.heap.writeBigInt(value))).toBe(text);
    }
    const decimal = new Loaded('big_int_to_string', version);
    const digits = '30145144166666665000000000000000000';
    expect(decimal.text('big_int_to_string', decimal.heap.writeBigInt(BigInt(digits)))).toBe(digits);
    const base58 = new Loaded('bytes_to_base58', version);
    const multihash = '0x12207D5A99F603F231D53A4F39D1521F98D2E8BB279CF29BEBFD0687DC98458E7F89';
    expect(base58.text('bytes_to_base58', base58.heap.writeHex(multihash))).toBe(
      'QmWmyoMoctfbAaiEs2G46gpeUmhqFRDW6KWo64y5r581Vz',
    );
    const big = new Loaded('big_int_arithmetic', version);
    for (const [name, left, right, result] of [
      ['plus', 0n, 1n, 1n],
      ['plus', 127n, 1n, 128n],
      ['minus', 5n, 10n, -5n],
      ['times', -20n, 5n, -100n],
      ['dividedBy', 5n, 2n, 2n],
      ['mod', 5n, 2n, 1n],
    ] as const) {
      const pointer = big.call(name, big.heap.writeBigInt(left), big.heap.writeBigInt(right));
      expect(big.heap.readBigInt(pointer)).toBe(result);
    }
  });

  test('an abort says where', () => {
    expect(() => new Loaded('abort', version).call('abort')).toThrow(
      old ? 'line 6, column 2, with message: not true' : 'line 4, column 3, with message: not true',
    );
  });

  test('data sources are made from templates that exist', () => {
    const module = new Loaded('data_source_create', version);
    const address = '0xc0a47dFe034B400B47bDaD5FecDa2621de6c4d95';
    const parameters = () => module.heap.writeArray(TYPE.ArrayString, [module.string(address)]);
    module.call('dataSourceCreate', module.string('example template'), parameters());
    expect(module.created).toMatchObject([{ template: 'example template', address: address.toLowerCase() }]);
    expect(() =>
      module.call('dataSourceCreate', module.string('nonexistent template'), parameters()),
    ).toThrow(
      'Failed to create data source from name `nonexistent template`: No template with this name in parent data source `example data source`. Available names: example template.',
    );
  });

  test('entities are loaded, changed and saved', () => {
    const module = new Loaded('store', version);
    module.store.entities.set('User', new Map([['steve', { id: 'steve', name: 'Steve' }]]));
    const { heap } = module;
    expect(module.call('getUser', module.string('herobrine'))).toBe(0);
    const user = module.call('getUser', module.string('steve'));
    const entries = heap.readArray(heap.word(user, 0));
    expect(
      entries.map((entry) => [heap.readString(heap.word(entry, 0)), readValue(heap, heap.word(entry, 4))]),
    ).toEqual([
      ['id', 'steve'],
      ['name', 'Steve'],
    ]);
    module.call('loadAndSetUserName', module.string('steve'), module.string('Steve-O'));
    module.call('loadAndSetUserName', module.string('herobrine'), module.string('Brine-O'));
    module.cache.commitHandler();
    expect(module.cache.commitBlock(12)).toMatchObject([
      { type: 'User', id: 'steve', data: { id: 'steve', name: 'Steve-O' } },
      { type: 'User', id: 'herobrine', data: { id: 'herobrine', name: 'Brine-O' } },
    ]);
  });

  test('names of hashes nobody has told are unknown; what was removed fails', () => {
    const ens = new Loaded('ens_name_by_hash', version);
    expect(ens.call('nameByHash', ens.string('impossible keccak hash'))).toBe(0);
    const ipfs = new Loaded('ipfs_cat', version);
    expect(() => ipfs.call('ipfsCat', ipfs.string('Qm'))).toThrow(DeterministicError);
  });

  test('endless loops and recursions end', () => {
    expect(() => new Loaded('non_terminating', version).call('loop')).toThrow(WebAssembly.RuntimeError);
    expect(() => new Loaded('non_terminating', version).call('rabbit_hole')).toThrow(
      /call stack|unreachable/i,
    );
  });

  test('decimals cross with all their digits', () => {
    const { heap } = new Loaded('abi_store_value', version);
    for (const value of [
      { digits: 0n, exp: 0 },
      { digits: -123456789012345678901234567891n, exp: 6000 },
    ]) {
      expect(readBigDecimal(heap, writeBigDecimal(heap, value))).toEqual(value);
    }
  });

  describe.skipIf(old)('since 0.0.5', () => {
    test('globals are allocated', () => new Loaded('allocate_global', version).call('assert_global_works'));

    test('reading null says so', () => {
      const module = () => new Loaded('null_ptr_read', version);
      expect(() => module().call('nullPtrRead')).toThrow("Tried to read AssemblyScript value that is 'null'");
      expect(() => module().call('safeNullPtrRead')).toThrow(
        "Failed to sum BigInts because left hand side is 'null'",
      );
    });

    test('big integers end at 435,412 bits', () => {
      const module = new Loaded('big_int_size_limit', version);
      module.call('bigIntWithLength', Math.floor(435_412 / 8));
      expect(() => module.call('bigIntWithLength', Math.floor(435_412 / 8) + 1)).toThrow(
        'BigInt is too big, total bits 435416 (max 435412)',
      );
    });

    test('what is nested too deep is refused', () => {
      const module = () => new Loaded('recursion_limit', version);
      module().call('recursionLimit', 62);
      expect(() => module().call('recursionLimit', 63)).toThrow('recursion limit reached');
    });

    test('booleans', () => {
      const module = new Loaded('boolean', version);
      expect(module.call('testReturnTrue')).toBe(1);
      expect(module.call('testReturnFalse')).toBe(0);
      for (const value of [-10, -1, 1, 9]) {
        module.call('testReceiveTrue', value);
        expect(() => module.call('testReceiveFalse', value)).toThrow();
      }
      module.call('testReceiveFalse', 0);
    });
  });
});
