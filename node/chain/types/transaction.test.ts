// Every transaction comes back as it went; bytes that are none are refused as such, whatever they are, at a bounded cost.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_OPERATIONS, MAX_TRANSACTION_BYTES } from './limits.ts';
import { Malformed } from './malformed.ts';
import type { Operation } from './operation.ts';
import {
  addressOf,
  decodeTransaction,
  encodeTransaction,
  operationCount,
  signedBytes,
  signedBytesOf,
  type Transaction,
  transactionIdOf,
} from './transaction.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const amount = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n });
const transfer = fc.record({ to: bytes(20), amount });
const kind = <Kind extends string>(name: Kind) => fc.constant(name);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  transfer.map((each) => ({ kind: 'transfer' as const, ...each })),
  fc.record({
    kind: kind('multiTransfer'),
    transfers: fc.array(transfer, { minLength: 2, maxLength: 6 }),
  }),
  fc.record({ kind: kind('stake'), amount, votingKey: bytes(48), proofOfPossession: bytes(96) }),
  fc.record({ kind: kind('unstake'), amount }),
  fc.record({
    kind: fc.constantFrom('delegate' as const, 'undelegate' as const),
    validator: bytes(20),
    amount,
  }),
  fc.record({
    kind: kind('registerDid'),
    did: fc.stringMatching(/^did:[a-z0-9]{1,10}:[A-Za-z0-9._:%-]{1,80}$/),
    document: bytes(32),
  }),
  fc.record({ kind: kind('taskEscrow'), task: bytes(32), agent: bytes(20), amount, untilRound: u64 }),
  fc.record({ kind: kind('taskSettle'), task: bytes(32), amount: u64, result: bytes(32) }),
  fc.record({ kind: kind('taskRefund'), task: bytes(32) }),
);
const evidence = fc.record({
  kind: kind('evidence'),
  evidence: fc.uint8Array({ minLength: 1, maxLength: 4_096 }),
});
const transaction: fc.Arbitrary<Transaction> = fc.record({
  chainId: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  publicKey: bytes(32),
  nonce: u64,
  fee: u64,
  operations: fc.oneof(
    { weight: 9, arbitrary: fc.array(operation, { minLength: 1, maxLength: 10 }) },
    { weight: 1, arbitrary: evidence.map((each) => [each]) },
  ),
  signature: bytes(64),
});

/** Anything but Malformed is a crash. */
function decoded(encoded: Uint8Array): Transaction | undefined {
  try {
    return decodeTransaction(encoded);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

describe('transactions', () => {
  it('come back as they went, and what is signed is all but the signature', () => {
    fc.assert(
      fc.property(transaction, (each) => {
        const encoded = encodeTransaction(each);
        expect(decodeTransaction(encoded)).toEqual(each);
        expect(signedBytesOf(encoded)).toEqual(signedBytes(each));
        expect(encoded.length).toBeLessThanOrEqual(MAX_TRANSACTION_BYTES);
      }),
      { numRuns: 500 },
    );
  });

  it('have one encoding each: a byte more, less or other is another transaction or none', () => {
    fc.assert(
      fc.property(transaction, fc.nat(), fc.integer({ min: 1, max: 255 }), (each, place, by) => {
        const encoded = encodeTransaction(each);
        const changed = encoded.slice();
        const at = place % encoded.length;
        changed[at] = (changed[at] as number) ^ by;
        const other = decoded(changed);
        if (other) {
          expect(encodeTransaction(other)).toEqual(changed);
          expect(transactionIdOf(changed)).not.toEqual(transactionIdOf(encoded));
        }
        expect(decoded(encoded.subarray(0, at))).toBeUndefined();
        expect(decoded(Uint8Array.of(...encoded, by))).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('are refused as malformed, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        decoded(noise);
        decoded(Uint8Array.of(1, ...noise));
      }),
      { numRuns: 5_000 },
    );
  });

  const transfers = (count: number): Operation[] =>
    Array.from({ length: count }, () => ({ kind: 'transfer', to: new Uint8Array(20), amount: 1n }));
  const of = (more: Partial<Transaction>): Transaction => ({
    chainId: 1,
    publicKey: new Uint8Array(32),
    nonce: 0n,
    fee: 1n,
    operations: transfers(1),
    signature: new Uint8Array(64),
    ...more,
  });

  it('have as many operations as an envelope may carry, multi-transfers counted by their receivers', () => {
    const many: Operation = {
      kind: 'multiTransfer',
      transfers: Array.from({ length: MAX_OPERATIONS }, () => ({ to: new Uint8Array(20), amount: 1n })),
    };
    for (const operations of [transfers(MAX_OPERATIONS), [many]])
      expect(operationCount(decodeTransaction(encodeTransaction(of({ operations }))))).toBe(MAX_OPERATIONS);
    for (const operations of [transfers(MAX_OPERATIONS + 1), [many, ...transfers(1)], transfers(300)])
      expect(() => encodeTransaction(of({ operations }))).toThrow(
        /more than 64 operations|not from 0 to 255/,
      );
  });

  it.each<[string, Partial<Transaction>, RegExp]>([
    ['no operations', { operations: [] }, /no operations/],
    [
      'an address of 19 bytes',
      { operations: [{ kind: 'transfer', to: new Uint8Array(19), amount: 1n }] },
      /19 bytes stand where 20 must be/,
    ],
    [
      'a payment of nothing',
      { operations: [{ kind: 'transfer', to: new Uint8Array(20), amount: 0n }] },
      /an amount is zero/,
    ],
    ['more than 64 bits', { nonce: 2n ** 64n }, /no number of 64 bits/],
    ['less than nothing', { fee: -1n }, /no number of 64 bits/],
    [
      'evidence beside something else',
      { operations: [{ kind: 'evidence', evidence: new Uint8Array(9) }, ...transfers(1)] },
      /evidence stands alone/,
    ],
    [
      'evidence without end',
      { operations: [{ kind: 'evidence', evidence: new Uint8Array(5_000) }] },
      /evidence has 1 to 4096 bytes/,
    ],
    [
      'a DID that is none',
      { operations: [{ kind: 'registerDid', did: 'no did', document: new Uint8Array(32) }] },
      /did:method:identifier/,
    ],
    ['a signature too short', { signature: new Uint8Array(63) }, /64 more/],
  ])('are not made with %s', (_what, more, message) => {
    expect(() => encodeTransaction(of(more))).toThrow(message);
  });

  it('say where they are wrong', () => {
    const encoded = encodeTransaction(of({}));
    const broken = encoded.slice();
    broken[54] = 77;
    expect(() => decodeTransaction(broken)).toThrow(
      'Not a valid transaction: there is no operation 77 (byte 54).',
    );
  });
});

it('gives each public key an address of its own', () => {
  const keys = Array.from({ length: 100 }, (_, nth) => new Uint8Array(32).fill(nth));
  const addresses = keys.map((key) => Buffer.from(addressOf(key)).toString('hex'));
  expect(new Set(addresses).size).toBe(100);
  expect(addresses.every((address) => address.length === 40)).toBe(true);
});
