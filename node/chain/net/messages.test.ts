import { BitArray } from '@chainsafe/ssz';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexOf } from '../types/identifiers.ts';
import { MAX_VALIDATORS } from '../types/limits.ts';
import { Malformed } from '../types/malformed.ts';
import type { Certificate } from '../types/vote.ts';
import {
  decodeAfterQuestion,
  decodeBlocksQuestion,
  decodeCertificates,
  decodeCertificatesQuestion,
  decodeSnapshotQuestion,
  decodeStatus,
  decodeTransactions,
  encodeAfterQuestion,
  encodeBlocksQuestion,
  encodeCertificates,
  encodeCertificatesQuestion,
  encodeSnapshotQuestion,
  encodeStatus,
  encodeTransactions,
  LIMITS,
  MAX_BLOCKS_ASKED,
  MAX_CERTIFICATES_ANSWERED,
  MAX_LOCATOR,
  MAX_TIPS,
} from './messages.ts';
import { MAX_MESSAGE_BYTES, MAX_PART_BYTES } from './network.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const id = bytes(32).map(hexOf);
const ids = (maxLength: number) => fc.uniqueArray(id, { maxLength });
const number = fc.maxSafeNat();
const checkpoint = fc.record({ epoch: number, block: id });
const status = fc.record({
  genesis: id,
  finalized: checkpoint,
  tips: ids(MAX_TIPS),
  blueScore: number,
  oldestBlueScore: number,
});
const certificate: fc.Arbitrary<Certificate> = fc.record({
  source: checkpoint,
  target: checkpoint,
  stateRoot: id,
  signers: fc.array(fc.boolean(), { maxLength: 40 }).map((bits) => BitArray.fromBoolArray(bits)),
  signature: bytes(96),
});
const certificates = fc
  .uniqueArray(certificate, { maxLength: 8, selector: ({ target }) => target.epoch })
  .map((all) => all.sort((a, b) => a.target.epoch - b.target.epoch));
const snapshot = fc.record({
  checkpoint: fc.option(
    id.filter((each) => !/^0*$/.test(each)),
    { nil: undefined },
  ),
  part: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
});
const transactions = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), {
  minLength: 1,
  maxLength: 9,
});

interface Form<Value> {
  readonly name: string;
  readonly value: fc.Arbitrary<Value>;
  readonly encode: (value: Value) => Uint8Array;
  readonly decode: (encoded: Uint8Array) => Value;
}
const form = <Value>(each: Form<Value>) => each as Form<unknown>;
const forms = [
  form({ name: 'status', value: status, encode: encodeStatus, decode: decodeStatus }),
  form({
    name: 'blocks',
    value: ids(MAX_BLOCKS_ASKED) as fc.Arbitrary<readonly string[]>,
    encode: encodeBlocksQuestion,
    decode: decodeBlocksQuestion,
  }),
  form({
    name: 'after',
    value: ids(MAX_LOCATOR) as fc.Arbitrary<readonly string[]>,
    encode: encodeAfterQuestion,
    decode: decodeAfterQuestion,
  }),
  form({
    name: 'certificates?',
    value: number,
    encode: encodeCertificatesQuestion,
    decode: decodeCertificatesQuestion,
  }),
  form({
    name: 'certificates',
    value: certificates as fc.Arbitrary<readonly Certificate[]>,
    encode: encodeCertificates,
    decode: decodeCertificates,
  }),
  form({ name: 'snapshot', value: snapshot, encode: encodeSnapshotQuestion, decode: decodeSnapshotQuestion }),
  form({
    name: 'transactions',
    value: transactions as fc.Arbitrary<readonly Uint8Array[]>,
    encode: encodeTransactions,
    decode: decodeTransactions,
  }),
];

/** Anything but Malformed is a crash. */
function decoded<Value>(decode: (encoded: Uint8Array) => Value, encoded: Uint8Array): Value | undefined {
  try {
    return decode(encoded);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

describe.each(forms)('the form $name', ({ value, encode, decode, name }) => {
  it('comes back as it went, and has one encoding each', () => {
    fc.assert(
      fc.property(value, fc.nat(), fc.integer({ min: 1, max: 255 }), (each, place, by) => {
        const encoded = encode(each);
        expect(decode(encoded)).toEqual(each);
        const changed = encoded.slice();
        const at = place % encoded.length;
        changed[at] = (changed[at] as number) ^ by;
        const other = decoded(decode, changed);
        if (other !== undefined) expect(encode(other)).toEqual(changed);
        // Transactions in a row may be fewer of them.
        if (name !== 'transactions') expect(decoded(decode, encoded.subarray(0, at))).toBeUndefined();
        if (name !== 'transactions') expect(decoded(decode, Uint8Array.of(...encoded, by))).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  it('refuses noise as malformed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (noise) => {
        const some = decoded(decode, noise);
        if (some !== undefined) expect(encode(some)).toEqual(noise);
      }),
      { numRuns: 2_000 },
    );
  });
});

const idOf = (nth: number) => nth.toString(16).padStart(64, '0');
const many = (count: number) => Array.from({ length: count }, (_, nth) => idOf(nth));

describe('limits', () => {
  it('hold what may be said, and no more', () => {
    const most = (tips: number) => ({
      genesis: idOf(1),
      finalized: { epoch: Number.MAX_SAFE_INTEGER, block: idOf(2) },
      tips: many(tips),
      blueScore: Number.MAX_SAFE_INTEGER,
      oldestBlueScore: 0,
    });
    expect(encodeStatus(most(MAX_TIPS)).length).toBe(LIMITS.status.asked);
    expect(LIMITS.status.part).toBe(LIMITS.status.asked);
    expect(encodeBlocksQuestion(many(MAX_BLOCKS_ASKED)).length).toBe(LIMITS.blocks.asked);
    expect(encodeAfterQuestion(many(MAX_LOCATOR)).length).toBe(LIMITS.after.asked);
    expect(encodeCertificatesQuestion(1).length).toBe(LIMITS.certificates.asked);
    expect(encodeSnapshotQuestion({ checkpoint: undefined, part: 0 }).length).toBe(LIMITS.snapshot.asked);
    for (const { part } of Object.values(LIMITS)) expect(part).toBeLessThanOrEqual(MAX_PART_BYTES);
    expect(() => encodeStatus(most(MAX_TIPS + 1))).toThrow(Malformed);
    expect(() => encodeBlocksQuestion(many(MAX_BLOCKS_ASKED + 1))).toThrow(Malformed);
    expect(() => encodeAfterQuestion(many(MAX_LOCATOR + 1))).toThrow(Malformed);
  });

  it('hold as many certificates of the largest kind as are answered at once', () => {
    const all = Array.from({ length: MAX_CERTIFICATES_ANSWERED }, (_, epoch) => ({
      source: { epoch, block: idOf(1) },
      target: { epoch: epoch + 1, block: idOf(2) },
      stateRoot: idOf(3),
      signers: BitArray.fromBitLen(MAX_VALIDATORS),
      signature: new Uint8Array(96),
    }));
    const encoded = encodeCertificates(all);
    expect(encoded.length).toBeLessThanOrEqual(LIMITS.certificates.part);
    expect(decodeCertificates(encoded)).toHaveLength(all.length);
    expect(() => encodeCertificates([...all, ...all])).toThrow(Malformed);
    expect(() => decodeCertificates(encodeCertificates([...all].reverse()))).toThrow(/epoch 511 follows/);
  });

  it('refuse an id twice, numbers beyond counting, and messages without or with too much', () => {
    const twice = encodeBlocksQuestion(many(2));
    twice.copyWithin(33, 1, 33);
    expect(() => decodeBlocksQuestion(twice)).toThrow('an id stands there twice');
    expect(() => decodeCertificatesQuestion(new Uint8Array(8).fill(255))).toThrow('too large');
    expect(() => decodeTransactions(new Uint8Array())).toThrow(Malformed);
    expect(() => decodeTransactions(new Uint8Array(2))).toThrow('a transaction has 0 bytes');
    expect(() => decodeTransactions(new Uint8Array(MAX_MESSAGE_BYTES + 1))).toThrow(Malformed);
    const eight = new Uint8Array(8_000);
    expect(encodeTransactions(Array(8).fill(eight)).length).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    expect(() => encodeTransactions(Array(9).fill(eight))).toThrow(Malformed);
  });
});
