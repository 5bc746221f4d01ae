import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, Mempool, type MempoolLimits, type MempoolOptions } from './mempool.ts';
import { AGE_WEIGHT, priority } from './priority.ts';
import { addressOfNumber, type CandidateOptions, CHAIN_ID, candidateOf } from './testing/candidates.ts';
import { type NaiveAccount, NaiveMempool } from './testing/naive-mempool.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const RICH = 10n ** 15n;

function pool(more: Partial<MempoolOptions> = {}) {
  const clock = { now: 1_000 };
  const accounts = new Map<string, { balance: bigint; nonce: bigint }>();
  const mempool = new Mempool({
    accountOf: (address) => accounts.get(hex(address)) ?? { balance: RICH, nonce: 0n },
    now: () => clock.now,
    chainId: CHAIN_ID,
    minimumFee: 10n,
    ...more,
  });
  const add = (options: CandidateOptions) => mempool.add(candidateOf(options));
  const code = (options: CandidateOptions) => {
    const answer = add(options);
    return answer.admitted ? 'admitted' : answer.code;
  };
  const set = (sender: number, nonce: bigint, balance = RICH) =>
    accounts.set(hex(addressOfNumber(sender)), { nonce, balance });
  const take = (round: number, share?: { of: number; nth: number }) =>
    mempool.take({ round, maxBytes: 4_000_000, maxOperations: 32_768, ...(share && { share }) });
  return { mempool, clock, add, code, set, take };
}

const noncesOf = (taken: readonly { nonce: number }[]) => taken.map(({ nonce }) => nonce);

describe('the mempool', () => {
  it('takes what is next, and keeps what is not until the gap is closed', () => {
    const { code, take, mempool } = pool();
    expect(code({ sender: 1, nonce: 0, fee: 10n })).toBe('admitted');
    expect(code({ sender: 1, nonce: 2, fee: 99n })).toBe('admitted');
    expect(mempool.pendingNonce(addressOfNumber(1))).toBe(1n);
    expect(noncesOf(take(1))).toEqual([0]);
    expect(code({ sender: 1, nonce: 1, fee: 10n })).toBe('admitted');
    expect(mempool.pendingNonce(addressOfNumber(1))).toBe(3n);
    expect(noncesOf(take(2))).toEqual([1, 2]);
  });

  it('leaves what a block has taken alone, until it is executed or that block came to nothing', () => {
    const { add, take, set, mempool } = pool();
    for (const nonce of [0, 1, 2]) add({ sender: 1, nonce, fee: 10n });
    expect(noncesOf(take(1))).toEqual([0, 1, 2]);
    expect(take(2)).toEqual([]);
    set(1, 1n);
    mempool.executed([addressOfNumber(1)]);
    expect(mempool.size).toBe(2);
    expect(take(DEFAULT_LIMITS.takenRounds)).toEqual([]);
    expect(noncesOf(take(1 + DEFAULT_LIMITS.takenRounds))).toEqual([1, 2]);
  });

  it("leaves alone what is in others' blocks", () => {
    const { add, take, mempool } = pool();
    const first = candidateOf({ sender: 1, nonce: 0, fee: 10n });
    mempool.add(first);
    add({ sender: 1, nonce: 1, fee: 10n });
    mempool.included([first.id, new Uint8Array(32)], 4);
    expect(noncesOf(take(5))).toEqual([1]);
    expect(noncesOf(take(4 + DEFAULT_LIMITS.takenRounds))).toEqual([0]);
  });

  it('takes back what a reorganization has undone, to be taken at once', () => {
    const { mempool, take, set } = pool();
    const all = [0, 1, 2].map((nonce) => candidateOf({ sender: 1, nonce, fee: 10n }));
    for (const each of all) mempool.add(each);
    take(1);
    set(1, 2n);
    mempool.executed([addressOfNumber(1)]);
    expect(mempool.size).toBe(1);
    set(1, 0n);
    mempool.unexecuted(all);
    expect(mempool.size).toBe(3);
    expect(noncesOf(take(2))).toEqual([0, 1, 2]);
  });

  it.each<[string, CandidateOptions]>([
    ['WRONG_CHAIN', { sender: 1, nonce: 0, fee: 10n, chainId: 8 }],
    ['FEE_TOO_LOW', { sender: 1, nonce: 0, fee: 9n }],
    ['NONCE_TOO_LOW', { sender: 2, nonce: 4, fee: 10n }],
    ['NONCE_TOO_HIGH', { sender: 2, nonce: 5 + 64, fee: 10n }],
    ['INSUFFICIENT_BALANCE', { sender: 3, nonce: 0, fee: 10n }],
    ['INSUFFICIENT_BALANCE', { sender: 4, nonce: 0, fee: 11n, operations: 10 }],
  ])('refuses with %s', (code, options) => {
    const { code: codeOf, set } = pool();
    set(2, 5n);
    set(3, 0n, 0n);
    set(4, 0n, 109n);
    expect(codeOf(options)).toBe(code);
  });

  it('has all fees of a sender covered by its balance, which it looks at again before it refuses', () => {
    const { code, set, mempool } = pool();
    set(1, 0n, 25n);
    expect(code({ sender: 1, nonce: 0, fee: 10n })).toBe('admitted');
    expect(code({ sender: 1, nonce: 1, fee: 10n })).toBe('admitted');
    expect(code({ sender: 1, nonce: 2, fee: 10n })).toBe('INSUFFICIENT_BALANCE');
    set(1, 0n, 30n);
    expect(code({ sender: 1, nonce: 2, fee: 10n })).toBe('admitted');
    set(1, 0n, 19n);
    mempool.executed([addressOfNumber(1)]);
    expect(mempool.size).toBe(1);
  });

  it('replaces for an eighth more, in all and for each byte, unless a block has it', () => {
    const { code, take, mempool } = pool();
    code({ sender: 1, nonce: 0, fee: 80n });
    expect(code({ sender: 1, nonce: 0, fee: 89n })).toBe('REPLACEMENT_UNDERPRICED');
    // More in all, less for each operation and byte.
    expect(code({ sender: 1, nonce: 0, fee: 20n, operations: 10 })).toBe('REPLACEMENT_UNDERPRICED');
    expect(code({ sender: 1, nonce: 0, fee: 90n })).toBe('admitted');
    expect(mempool.size).toBe(1);
    take(1);
    expect(code({ sender: 1, nonce: 0, fee: 900n })).toBe('REPLACEMENT_TOO_LATE');
  });

  it('gives the proposers of a round disjoint parts that make up the whole, and in the end everything to everyone', () => {
    const parts = [0, 1, 2, 3].map(() => pool());
    for (let sender = 0; sender < 200; sender++)
      for (const { add } of parts) add({ sender, nonce: 0, fee: 10n + BigInt(sender) });
    const taken = parts.map(({ take }, nth) => take(7, { of: 4, nth }).map(({ id }) => hex(id)));
    expect(new Set(taken.flat()).size).toBe(200);
    expect(taken.flat()).toHaveLength(200);
    for (const part of taken) expect(part.length).toBeGreaterThan(20);
    const [one] = parts;
    if (!one) throw new Error('unreachable');
    one.clock.now += 3_001;
    expect(one.take(8, { of: 4, nth: 0 })).toHaveLength(200 - (taken[0]?.length ?? 0));
  });

  it('cares a little sooner for what it was given itself', () => {
    const { add, take, clock } = pool();
    for (let sender = 0; sender < 64; sender++) add({ sender, nonce: 0, fee: 10n, local: sender < 32 });
    const own = take(0, { of: 4, nth: 0 });
    clock.now += 1_001;
    const later = take(1, { of: 1_000_003, nth: 1_000_002 });
    expect(later.map(({ local }) => local)).toEqual(
      Array.from({ length: 32 - own.filter(({ local }) => local).length }, () => true),
    );
  });

  it('gives up the weakest for the stronger, tails first, and never the stronger for the weaker', () => {
    const { code, mempool, take } = pool({ limits: { transactions: 4 } });
    code({ sender: 1, nonce: 0, fee: 20n });
    code({ sender: 1, nonce: 1, fee: 500n });
    code({ sender: 2, nonce: 0, fee: 30n });
    code({ sender: 3, nonce: 1, fee: 900n });
    expect(code({ sender: 4, nonce: 1, fee: 800n })).toBe('MEMPOOL_FULL');
    // What waits behind a gap goes first, whatever it pays.
    expect(code({ sender: 4, nonce: 0, fee: 15n })).toBe('admitted');
    expect(mempool.pendingNonce(addressOfNumber(3))).toBe(0n);
    expect(code({ sender: 5, nonce: 0, fee: 15n })).toBe('MEMPOOL_FULL');
    expect(code({ sender: 5, nonce: 0, fee: 16n })).toBe('admitted');
    expect(code({ sender: 6, nonce: 0, fee: 25n })).toBe('admitted');
    // The tail of 500 stands behind one of 20: it is worth no more than that.
    expect(code({ sender: 7, nonce: 0, fee: 26n })).toBe('admitted');
    expect(take(1).map(({ transaction }) => transaction.fee)).toEqual([30n, 26n, 25n, 20n]);
  });

  it('is not filled by one sender', () => {
    const { code, mempool } = pool({ limits: { transactions: 40, perSenderWhenFull: 8 } });
    for (let nonce = 0; nonce < 40; nonce++) code({ sender: 1, nonce, fee: 10n });
    expect(code({ sender: 1, nonce: 40, fee: 900n })).toBe('MEMPOOL_FULL');
    for (let sender = 2; sender < 30; sender++) expect(code({ sender, nonce: 0, fee: 11n })).toBe('admitted');
    expect(mempool.size).toBe(40);
  });

  it('forgets what waited too long, behind a gap sooner', () => {
    const { add, clock, mempool } = pool();
    add({ sender: 1, nonce: 0, fee: 10n });
    add({ sender: 1, nonce: 2, fee: 10n });
    clock.now += DEFAULT_LIMITS.expireGapMs;
    mempool.expire();
    expect(mempool.size).toBe(1);
    clock.now += DEFAULT_LIMITS.expireMs;
    mempool.expire();
    expect(mempool.size).toBe(0);
    expect(mempool.bytes).toBe(0);
  });
});

describe('priority', () => {
  const positive = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
  it('grows with fee, stake and age; stake at most doubles it', () => {
    fc.assert(
      fc.property(positive, positive, positive, positive, (fee, stake, age, more) => {
        const here = priority(fee, stake, age);
        expect(priority(fee + more, stake, age)).toBeGreaterThanOrEqual(here);
        expect(priority(fee, stake + more, age)).toBeGreaterThanOrEqual(here);
        expect(priority(fee, stake, age + more)).toBeGreaterThanOrEqual(here);
        expect(priority(fee, stake, age)).toBeLessThanOrEqual(2 * priority(fee, 0, age));
        // Without bound: whatever is new, there is an age from which on the old one goes first.
        const rich = fee + more;
        expect(priority(fee, 0, (2 * rich) / fee / AGE_WEIGHT)).toBeGreaterThan(priority(rich, 1e9, 0));
      }),
    );
  });

  it('starves nobody: when as many as blocks can carry keep coming that pay up to ten times as much, the old one is taken none the less', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 50, max: 100 }), { minLength: 20, maxLength: 40 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 20 }),
        (fees, perRound, backlog) => {
          const { add, mempool, clock } = pool({ limits: { takenRounds: 1e9, shareRounds: 0 } });
          add({ sender: 0, nonce: 0, fee: 10n });
          let sender = 1;
          const more = (count: number) => {
            for (let nth = 0; nth < count; nth++)
              add({ sender: sender++, nonce: 0, fee: BigInt(fees[sender % fees.length] ?? 50) });
          };
          more(backlog);
          for (let round = 0; round < 2_000; round++) {
            more(perRound);
            clock.now += 1_000;
            const taken = mempool.take({ round, maxBytes: 1_000_000, maxOperations: perRound });
            expect(taken).toHaveLength(perRound);
            if (taken.some(({ transaction }) => transaction.fee === 10n)) return;
          }
          throw new Error('the old one was never taken');
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('against the rules alone', () => {
  /** As much comes as goes; or ever more, of all sizes, into a pool that is full all the time. */
  const settings = [
    { name: 'with room', adds: 10, operations: 5, more: {} },
    {
      name: 'while it is full',
      adds: 60,
      operations: 30,
      more: { transactions: 14, bytes: 4_000, perSenderWhenFull: 9 },
    },
  ];
  const most: MempoolLimits = {
    ...DEFAULT_LIMITS,
    transactions: 24,
    bytes: 5_000,
    perSender: 12,
    perSenderWhenFull: 5,
    ahead: 6,
    expireMs: 60_000,
    expireGapMs: 10_000,
  };
  const senders = 7;
  const stepOf = (adds: number, operations: number) =>
    fc.oneof(
      {
        weight: adds,
        arbitrary: fc.record({
          kind: fc.constant('add' as const),
          sender: fc.nat(senders - 1),
          ahead: fc.integer({ min: -1, max: 8 }),
          fee: fc.integer({ min: 9, max: 200 }),
          operations: fc.integer({ min: 1, max: operations }),
          local: fc.boolean(),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('take' as const),
          maxBytes: fc.integer({ min: 100, max: 3_000 }),
          maxOperations: fc.integer({ min: 1, max: 20 }),
          share: fc.option(fc.constantFrom({ of: 2, nth: 0 }, { of: 2, nth: 1 }, { of: 4, nth: 3 }), {
            nil: undefined,
          }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('execute' as const), count: fc.nat(6) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('undo' as const), count: fc.nat(4) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant('balance' as const),
          sender: fc.nat(senders - 1),
          balance: fc.integer({ min: 0, max: 3_000 }),
          tell: fc.boolean(),
        }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(4_000) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const) }) },
    );

  it.each(settings)(
    'does the same as one that sorts everything anew, whatever happens, and stays within its bounds ($name)',
    ({ adds, operations, more }) => {
      const limits = { ...most, ...more };
      const step = stepOf(adds, operations);
      fc.assert(
        fc.property(fc.array(step, { minLength: 40, maxLength: 160 }), (steps) => {
          let now = 1_000;
          let unique = 0n;
          let round = 0;
          const accounts = new Map<string, NaiveAccount>();
          for (let sender = 0; sender < senders; sender++)
            accounts.set(hex(addressOfNumber(sender)), { nonce: 3, balance: 20_000_000n });
          const numbers = new Map(
            Array.from({ length: senders }, (_, sender) => [hex(addressOfNumber(sender)), sender]),
          );
          const stakeShareOf = (sender: string) => (numbers.get(sender) === 0 ? 0.5 : 0);
          const naive = new NaiveMempool(limits, accounts, () => now, 10_000n, stakeShareOf);
          const mempool = new Mempool({
            limits,
            accountOf: (address) => {
              const account = accounts.get(hex(address));
              return account && { balance: account.balance, nonce: BigInt(account.nonce) };
            },
            now: () => now,
            chainId: CHAIN_ID,
            minimumFee: 10_000n,
            stakeOf: (address) => (stakeShareOf(hex(address)) > 0 ? 1n : 0n),
            minimumStake: 2n,
          });
          const done: ReturnType<typeof candidateOf>[] = [];
          const pending: ReturnType<typeof naive.take> = [];

          for (const each of steps) {
            switch (each.kind) {
              case 'add': {
                const address = hex(addressOfNumber(each.sender));
                const nonce = Math.max(0, naive.missing(address) + each.ahead);
                // Fees that are never the same, so that there is one order.
                unique += 1n;
                const fee = BigInt(each.fee) * 1_000n + unique;
                const { sender, operations, local } = each;
                const candidate = candidateOf({ sender, nonce, fee, operations, local });
                const answer = mempool.add(candidate);
                expect(answer.admitted ? 'admitted' : answer.code).toBe(naive.add(candidate));
                break;
              }
              case 'take': {
                round++;
                const { maxBytes, maxOperations, share } = each;
                const expected = naive.take(round, maxBytes, maxOperations, share);
                const taken = mempool.take({ round, maxBytes, maxOperations, ...(share && { share }) });
                expect(taken.map(({ id }) => hex(id))).toEqual(expected.map(({ id }) => id));
                pending.push(...expected);
                break;
              }
              case 'execute': {
                const addresses = new Set<string>();
                for (const { sender, nonce, candidate } of pending.splice(0, each.count)) {
                  const account = accounts.get(sender);
                  if (account?.nonce !== nonce) continue;
                  account.nonce++;
                  done.push(candidate);
                  addresses.add(sender);
                }
                naive.executed(addresses);
                mempool.executed([...addresses].map((address) => Buffer.from(address, 'hex')));
                break;
              }
              case 'undo': {
                const undone = done.splice(Math.max(0, done.length - each.count));
                for (const { sender } of undone) (accounts.get(hex(sender)) as NaiveAccount).nonce--;
                naive.executed(undone.map(({ sender }) => hex(sender)));
                for (const candidate of undone) {
                  const known = naive.entries.find(({ id }) => id === hex(candidate.id));
                  if (known) known.inRound = -1;
                  else naive.add(candidate);
                }
                mempool.unexecuted(undone);
                break;
              }
              case 'balance': {
                const address = addressOfNumber(each.sender);
                (accounts.get(hex(address)) as NaiveAccount).balance = BigInt(each.balance) * 1_000n;
                if (!each.tell) break;
                naive.executed([hex(address)]);
                mempool.executed([address]);
                break;
              }
              case 'wait':
                now += each.ms;
                break;
              case 'expire':
                naive.expire();
                mempool.expire();
            }
            const kept = [...mempool.transactions()];
            expect(kept.map(({ id }) => hex(id)).sort()).toEqual(naive.entries.map(({ id }) => id).sort());
            expect(mempool.size).toBeLessThanOrEqual(limits.transactions);
            expect(mempool.bytes).toBeLessThanOrEqual(limits.bytes);
            expect(mempool.bytes).toBe(kept.reduce((sum, { encoded }) => sum + encoded.length, 0));
            for (let sender = 0; sender < senders; sender++)
              expect(Number(mempool.pendingNonce(addressOfNumber(sender)))).toBe(
                naive.missing(hex(addressOfNumber(sender))),
              );
          }
        }),
        { numRuns: 120 },
      );
    },
  );
});
