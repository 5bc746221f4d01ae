import { AbiCoder, ParamType } from 'ethers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeParameters,
  ETHEREUM_KIND,
  type EthereumValue,
  encodeParameters,
  parameterType,
  parseTypeName,
} from './abi.ts';

const coder = AbiCoder.defaultAbiCoder();

interface Sample {
  readonly type: string;
  readonly value: unknown;
}

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;
const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(hex);

const sample: fc.Arbitrary<Sample> = fc.letrec<{ sample: Sample; list: Sample }>((tie) => ({
  list: fc.tuple(tie('sample'), fc.nat(3), fc.boolean()).map(([item, length, fixed]) => ({
    type: `${item.type}[${fixed ? length + 1 : ''}]`,
    value: new Array(fixed ? length + 1 : length).fill(item.value),
  })),
  sample: fc.oneof(
    { maxDepth: 2 },
    bytesOf(20).map((value) => ({ type: 'address', value })),
    fc.boolean().map((value) => ({ type: 'bool', value })),
    fc.string({ unit: 'grapheme' }).map((value) => ({ type: 'string', value })),
    fc.uint8Array({ maxLength: 70 }).map((bytes) => ({ type: 'bytes', value: hex(bytes) })),
    fc
      .integer({ min: 1, max: 32 })
      .chain((size) => bytesOf(size).map((value) => ({ type: `bytes${size}`, value }))),
    fc
      .integer({ min: 1, max: 32 })
      .chain((size) =>
        fc
          .bigInt({ min: 0n, max: 2n ** BigInt(size * 8) - 1n })
          .map((value) => ({ type: `uint${size * 8}`, value })),
      ),
    fc
      .integer({ min: 1, max: 32 })
      .chain((size) =>
        fc
          .bigInt({ min: -(2n ** BigInt(size * 8 - 1)), max: 2n ** BigInt(size * 8 - 1) - 1n })
          .map((value) => ({ type: `int${size * 8}`, value })),
      ),
    tie('list'),
    fc.array(tie('sample'), { minLength: 1, maxLength: 3 }).map((items) => ({
      type: `(${items.map((item) => item.type).join(',')})`,
      value: items.map((item) => item.value),
    })),
  ),
})).sample;

/** A decoded value in the form the samples have. */
function plain({ kind, value }: EthereumValue): unknown {
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return (value as EthereumValue[]).map(plain);
  return kind === ETHEREUM_KIND.Bool ? value === true : value;
}

test('decoding and encoding agree with ethers', () => {
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 4 }), (samples) => {
      const types = samples.map(({ type }) => type);
      const values = samples.map(({ value }) => value);
      const encoded = coder.encode(types, values);
      const parsed = types.map(parseTypeName);
      expect(types.map((type) => parameterType(JSON.parse(ParamType.from(type).format('json'))))).toEqual(
        parsed,
      );
      const decoded = decodeParameters(parsed, new Uint8Array(Buffer.from(encoded.slice(2), 'hex')));
      expect(decoded.map(plain)).toEqual(values);
      expect(hex(encodeParameters(parsed, decoded))).toBe(encoded);
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 200) },
  );
});

test('cut or senseless data is refused, never read past its end', () => {
  const types = ['string[]', '(uint256,bytes)[]'].map(parseTypeName);
  const encoded = new Uint8Array(
    Buffer.from(coder.encode(['string[]', '(uint256,bytes)[]'], [['a'], [[1n, '0x02']]]).slice(2), 'hex'),
  );
  for (let length = 0; length < encoded.length - 31; length += 1) {
    expect(() => decodeParameters(types, encoded.subarray(0, length))).toThrow(/data ends|too large/);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      try {
        decodeParameters(types, bytes);
      } catch (error) {
        expect((error as Error).name).toBe('AbiDecodeError');
      }
    }),
  );
});
