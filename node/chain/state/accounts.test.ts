// The packed accounts against a plain map: many that come and go, so that slots and places of the table are used again.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { seeded } from '../dag/testing/random-dag.ts';
import { hexOf } from '../types/identifiers.ts';
import { Accounts } from './accounts.ts';
import { LeafChanges } from './leaf-changes.ts';

const addressOf = (nth: number) =>
  new Uint8Array(createHash('sha256').update(`account ${nth}`).digest().subarray(0, 20));

describe('accounts', () => {
  it('are what a map says, through growth, removal and use of slots again', () => {
    const random = seeded(3);
    const accounts = new Accounts();
    const expected = new Map<number, { balance: bigint; nonce: bigint }>();
    for (let block = 0; block < 60; block++) {
      // Grows over thousands, shrinks to few, grows again.
      const removing = Math.floor(block / 15) % 2 === 1 ? 0.8 : 0.2;
      const touched = new Set<number>();
      for (let draw = 0; draw < 600; draw++) {
        const nth = Math.floor(random() * 5_000);
        touched.add(nth);
        const [balance, nonce] =
          random() < removing
            ? [0n, 0n]
            : [BigInt(Math.floor(random() * 3)), BigInt(Math.floor(random() * 3))];
        accounts.set(addressOf(nth), balance, nonce);
        if (balance === 0n && nonce === 0n) expected.delete(nth);
        else expected.set(nth, { balance, nonce });
      }
      let changes = 0;
      const { count } = accounts.commit(new LeafChanges(), () => {
        changes += 1;
      });
      expect(count).toBe(changes);
      expect(changes).toBeLessThanOrEqual(touched.size);
      expect(accounts.size).toBe(expected.size);
      for (let nth = 0; nth < 5_000; nth += block % 10 === 9 ? 1 : 37)
        expect(accounts.get(addressOf(nth))).toEqual(expected.get(nth) ?? { balance: 0n, nonce: 0n });
    }
    const listed = [...accounts.entries()].map(({ key }) => hexOf(key.subarray(1))).sort();
    expect(listed).toEqual([...expected.keys()].map((nth) => hexOf(addressOf(nth))).sort());
  });

  it('take back balances, not fees', () => {
    const accounts = new Accounts();
    accounts.set(addressOf(1), 100n, 0n);
    accounts.commit(new LeafChanges(), () => undefined);
    const slot = accounts.open(addressOf(1));
    accounts.pay(slot, 10n);
    accounts.setBalance(slot, 50n);
    accounts.setBalance(accounts.open(addressOf(2)), 40n);
    accounts.setBalance(slot, 20n);
    accounts.rollback();
    const changed: string[] = [];
    accounts.commit(new LeafChanges(), (key) => changed.push(hexOf(key.subarray(1))));
    expect(accounts.get(addressOf(1))).toEqual({ balance: 90n, nonce: 1n });
    // Who was opened and got nothing is no account and no change.
    expect([accounts.size, accounts.find(addressOf(2)), changed]).toEqual([1, -1, [hexOf(addressOf(1))]]);
  });
});
