// Stored receipts are read as they were written, and bytes that are none are refused without harm. Those of real chain blocks are in
// ledger.property.test.ts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeReceipts, encodeReceipts, eventsOf, type Receipts } from './receipts.ts';
import { person, sha, transactionOf } from './testing/ledger-world.ts';

const [alice, bob] = [person('alice'), person('bob')];
const id = Buffer.from(sha('id')).toString('hex');

const example: Receipts = {
  statuses: [Uint8Array.of(0, 1, 16), new Uint8Array(), Uint8Array.of(0)],
  events: [
    { from: 'begin', event: { kind: 'dutiesCounted', epoch: 2 ** 40, validator: alice.hex, voted: false } },
    { from: 'begin', event: { kind: 'checkpointFinalized', epoch: 3, block: id, stateRoot: id } },
    {
      from: { merged: 0, transaction: 0, operation: 1 },
      event: { kind: 'didRegistered', owner: bob.hex, did: 'did:web:example', document: sha('document') },
    },
    { from: 'end', event: { kind: 'feesSplit', burned: 2n ** 64n - 1n, stakers: 0n, treasury: 1n } },
  ],
};

describe('receipts', () => {
  it('are read as they were written', () => {
    expect(decodeReceipts(encodeReceipts(example))).toEqual(example);
    const none: Receipts = { statuses: [], events: [] };
    expect(decodeReceipts(encodeReceipts(none))).toEqual(none);
  });

  it('refuse bytes that are none with MALFORMED alone; those that are read have one form', () => {
    const good = encodeReceipts(example);
    const read = (bytes: Uint8Array) => {
      try {
        expect(encodeReceipts(decodeReceipts(bytes))).toEqual(bytes);
        return true;
      } catch (error) {
        expect(error).toMatchObject({ code: 'MALFORMED' });
        return false;
      }
    };
    expect(read(good)).toBe(true);
    for (let length = 0; length < good.length; length++) expect(read(good.slice(0, length))).toBe(false);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 }), (changes) => {
        const bytes = Uint8Array.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        read(bytes);
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void read(bytes)),
      { numRuns: 2_000 },
    );
  });

  it('tell all events in the order of what was done, transfers of executed transactions among them', () => {
    const transfer = { kind: 'transfer', to: bob.address, amount: 5n } as const;
    const twice = {
      kind: 'multiTransfer',
      transfers: [
        { to: bob.address, amount: 1n },
        { to: alice.address, amount: 2n },
      ],
    } as const;
    const did = { kind: 'registerDid', did: 'did:web:example', document: sha('document') } as const;
    const executed = transactionOf(alice, 0n, [transfer, did, twice]);
    const skipped = transactionOf(alice, 0n, [transfer]);
    const merged = [
      { transactions: [executed, skipped, skipped] },
      { transactions: [] },
      { transactions: [transactionOf(bob, 0n, [transfer])] },
    ];
    const told = eventsOf(merged, example).map(({ event }) =>
      event.kind === 'transfer'
        ? `${event.from === alice.hex ? 'alice' : 'bob'} ${event.amount}`
        : event.kind,
    );
    expect(told).toEqual([
      'dutiesCounted',
      'checkpointFinalized',
      'alice 5',
      'didRegistered',
      'alice 1',
      'alice 2',
      'bob 5',
      'feesSplit',
    ]);
  });
});
