// The ledger's rules, one after the other.
import { encodeBase58 } from 'ethers';
import { describe, expect, it } from 'vitest';
import { seeded } from '../dag/testing/random-dag.ts';
import { encodeEvidence } from '../types/evidence.ts';
import { blockIdOf, HEADER_VERSION, headerSigningRoot, type SignedHeader } from '../types/header.ts';
import { hexOf } from '../types/identifiers.ts';
import { MAX_AMOUNT } from '../types/limits.ts';
import type { Operation } from '../types/operation.ts';
import { type Link, linkSigningRoot, type SignedVote } from '../types/vote.ts';
import { verifyAccountProof } from './account-proof.ts';
import { base58 } from './base58.ts';
import { type CheckedCertificate, TransactionStatus } from './chain-block.ts';
import { ExecutionFailure, failureOf } from './execution-failure.ts';
import type { Ledger } from './ledger.ts';
import {
  AIOS,
  blockNamed,
  CHAIN_ID,
  certificateOf,
  chainBlock,
  ledgerOf,
  type Person,
  people,
  sha,
  stakeOperation,
  transactionOf,
} from './testing/ledger-world.ts';

const [alice, bob, carol] = people(3) as [Person, Person, Person];
const validators = people(4, 'validator') as [Person, Person, Person, Person];
const [first, second, third, fourth] = validators;
const stake = 20_000n * AIOS;
const ledgerWith = (parameters: Record<string, unknown> = {}, reserve?: bigint) =>
  ledgerOf({
    parameters,
    ...(reserve !== undefined && { reserve }),
    accounts: [
      [alice, 100_000n * AIOS],
      [bob, 100_000n * AIOS],
      ...validators.map((each) => [each, 100n * AIOS] as const),
    ],
    validators: validators.map((each) => [each, stake] as const),
  });

/** Runs one transaction in a chain block of its own. */
function runner(ledger: Ledger) {
  let round = 0;
  return {
    at: (next: number) => {
      round = next;
    },
    run: (sender: Person, ...operations: Operation[]) => {
      const { nonce } = ledger.account(sender.address);
      const result = ledger.execute(chainBlock(++round, [transactionOf(sender, nonce, operations)]));
      return {
        status: result.statuses[0]?.[0] ?? -1,
        events: result.events.map(({ event }) => event),
        result,
      };
    },
    pass: (next: number, certificates: readonly CheckedCertificate[] = []) => {
      round = next;
      const result = ledger.execute(chainBlock(round, [], certificates));
      return result.events.map(({ event }) => event);
    },
  };
}

const transferTo = ({ address: to }: Person, amount: bigint): Operation => ({ kind: 'transfer', to, amount });
const checkpoint = (epoch: number) => ({ epoch, block: blockNamed(`checkpoint ${epoch}`) });

describe('transactions', () => {
  it('moves amounts, takes fees and splits them, and counts', () => {
    const ledger = ledgerWith();
    const { events, status } = runner(ledger).run(alice, transferTo(carol, 5n), transferTo(bob, 7n));
    expect(status).toBe(TransactionStatus.executed);
    expect(ledger.account(alice.address)).toEqual({ balance: 100_000n * AIOS - 2_012n, nonce: 1n });
    expect(ledger.account(carol.address)).toEqual({ balance: 5n, nonce: 0n });
    expect(events).toEqual([{ kind: 'feesSplit', burned: 400n, stakers: 600n, treasury: 1_000n }]);
    const { burned, treasury, stakersFees } = ledger.supply();
    expect([burned, stakersFees, treasury]).toEqual([400n, 600n, 1_000n]);
  });

  it.each([
    ['chain', { chainId: CHAIN_ID + 1 }, 0n, TransactionStatus.skippedChain],
    ['fee', { fee: 999n }, 0n, TransactionStatus.skippedFee],
    ['nonce', {}, 1n, TransactionStatus.skippedNonce],
    ['balance', { fee: 100_000n * AIOS }, 0n, TransactionStatus.skippedBalance],
  ])('skips a wrong %s without a trace', (_what, options, nonce, status) => {
    const ledger = ledgerWith();
    ledger.execute(chainBlock(0, []));
    const before = hexOf(ledger.root);
    const transfers = [transferTo(bob, 1n), transferTo(bob, 1n)];
    const result = ledger.execute(chainBlock(1, [transactionOf(alice, nonce, transfers, options)]));
    expect([...(result.statuses[0] ?? [])]).toEqual([status]);
    expect([result.changes, result.events]).toEqual([[], []]);
    expect(hexOf(ledger.root)).toBe(before);
  });

  it('does all operations or none, but for the fee', () => {
    const ledger = ledgerWith();
    const { status, events } = runner(ledger).run(
      alice,
      transferTo(carol, 5n),
      { kind: 'taskEscrow', task: sha('t'), agent: bob.address, amount: 1n, untilRound: 9n },
      transferTo(bob, 200_000n * AIOS),
    );
    expect(status).toBe(ExecutionFailure.insufficientBalance);
    expect(ledger.account(carol.address)).toEqual({ balance: 0n, nonce: 0n });
    expect(ledger.account(alice.address)).toEqual({ balance: 100_000n * AIOS - 3_000n, nonce: 1n });
    expect(ledger.task(sha('t'))).toBeUndefined();
    expect(events.map(({ kind }) => kind)).toEqual(['feesSplit']);
  });

  it('proves accounts, and that there are none', () => {
    const ledger = ledgerWith();
    const proof = ledger.proof(alice.address);
    const account = ledger.account(alice.address);
    expect(verifyAccountProof(ledger.root, alice.address, account, proof)).toBe(true);
    expect(verifyAccountProof(ledger.root, alice.address, { ...account, nonce: 1n }, proof)).toBe(false);
    expect(verifyAccountProof(ledger.root, alice.address, undefined, proof)).toBe(false);
    const none = ledger.proof(carol.address);
    expect(verifyAccountProof(ledger.root, carol.address, undefined, none)).toBe(true);
    expect(verifyAccountProof(ledger.root, carol.address, { balance: 1n, nonce: 0n }, none)).toBe(false);
    expect(verifyAccountProof(ledger.root, alice.address, undefined, none)).toBe(false);
  });
});

const linkOf = (source: number, target: number) => ({
  source: checkpoint(source),
  target: checkpoint(target),
});
const hexes = (of: readonly Person[]) => of.map(({ hex }) => hex).sort();

describe('finality and duties', () => {
  it('makes checkpoints final in whatever order their certificates come, once each', () => {
    const orders = [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
    ];
    for (const order of orders) {
      const ledger = ledgerWith();
      const { pass } = runner(ledger);
      const certificates = order.map((nth) => certificateOf(linkOf(nth, nth + 1), hexes(validators)));
      const events = pass(6, [...certificates, ...certificates]);
      expect(
        events
          .filter(({ kind }) => kind === 'checkpointFinalized')
          .map((each) => 'epoch' in each && each.epoch),
      ).toEqual(expect.arrayContaining([1, 2]));
      expect(events.filter(({ kind }) => kind === 'checkpointFinalized')).toHaveLength(2);
      expect(events.filter(({ kind }) => kind === 'checkpointJustified')).toHaveLength(3);
      expect(ledger.finality()).toEqual({ justified: checkpoint(3), finalized: checkpoint(2) });
    }
    expect(ledgerWith().finality().finalized).toEqual({ epoch: 0, block: ledgerWith().genesisId });
  });

  it('cuts and suspends who misses too many, as soon as that is certain, until it stakes again', () => {
    const ledger = ledgerWith({ dutyEpochs: 100, missedPerMille: 50 });
    const { run, pass, at } = runner(ledger);
    const away = hexes(validators.filter((each) => each !== fourth));
    let cut: number | undefined;
    for (let epoch = 1; epoch < 14 && cut === undefined; epoch++) {
      const events = pass(
        epoch * 2,
        epoch < 2 ? [] : [certificateOf(linkOf(epoch - 2, epoch - 1), away, [fourth.hex])],
      );
      if (events.some(({ kind }) => kind === 'slashed')) cut = epoch;
    }
    // Five misses of a hundred are tolerated; the sixth epoch's books are closed in epoch 10.
    expect(cut).toBe(10);
    const suspended = ledger.validators().find(({ address }) => address === fourth.hex);
    expect(suspended).toMatchObject({ active: false, jailed: false, pool: (stake * 99n) / 100n, missed: 0 });
    expect(ledger.electorate().validators.map(({ address }) => address)).toEqual(away);
    at(40);
    expect(run(fourth, stakeOperation(fourth, 1n)).status).toBe(TransactionStatus.executed);
    expect(ledger.electorate().validators).toHaveLength(4);
  });

  it('pays five to fifteen per cent a year from the reserve, and nothing when it is empty', () => {
    for (const reserve of [1_000_000n * AIOS, 0n]) {
      const ledger = ledgerWith({}, reserve);
      const { pass } = runner(ledger);
      pass(4, [certificateOf(linkOf(0, 1), hexes([first, second, third]), [fourth.hex])]);
      const rewards = pass(10).filter(({ kind }) => kind === 'rewarded');
      if (reserve === 0n) {
        expect(rewards).toEqual([]);
        continue;
      }
      // 80,000 of 280,400 are staked: the base of 7% times 30% of what circulates, over what is staked, is 7.36%.
      const amount = (stake * 73_605_000n * 2_000n) / (1_000_000_000n * 31_536_000_000n);
      expect(rewards).toHaveLength(3);
      for (const each of rewards)
        if ('amount' in each) expect(Number(each.amount)).toBeCloseTo(Number(amount), -1);
      expect(ledger.supply().reserve).toBe(
        reserve - rewards.reduce((sum, each) => sum + ('amount' in each ? each.amount : 0n), 0n),
      );
    }
  });
});

describe('stakes', () => {
  it('stays within reach of evidence while it waits to be released, and is released after', () => {
    const ledger = ledgerWith({ unbondingEpochs: 20, evidenceEpochs: 10 });
    const { run, pass } = runner(ledger);
    expect(run(alice, { kind: 'delegate', validator: first.address, amount: 50n * AIOS }).status).toBe(0);
    expect(run(bob, { kind: 'delegate', validator: second.address, amount: 50n * AIOS }).status).toBe(0);
    expect(run(alice, { kind: 'undelegate', validator: first.address, amount: MAX_AMOUNT }).status).toBe(0);
    expect(run(bob, { kind: 'undelegate', validator: second.address, amount: 20n * AIOS }).status).toBe(0);
    const evidence = doubleVote(ledger, first);
    expect(run(carol, { kind: 'evidence', evidence }).status).toBe(TransactionStatus.skippedBalance);
    expect(run(bob, { kind: 'evidence', evidence }).events).toContainEqual(
      expect.objectContaining({ kind: 'slashed', reason: 'DOUBLE_VOTE', amount: stake + 50n * AIOS }),
    );
    expect(run(bob, { kind: 'evidence', evidence }).status).toBe(ExecutionFailure.evidenceNothingLeft);
    expect(run(first, stakeOperation(first, stake)).status).toBe(ExecutionFailure.validatorJailed);
    const withdrawn = pass(60).filter(({ kind }) => kind === 'withdrawn');
    expect(withdrawn).toEqual([
      { kind: 'withdrawn', validator: second.hex, owner: bob.hex, amount: 20n * AIOS },
    ]);
    expect(ledger.stakeOf(second.hex, bob.hex)).toBe(30n * AIOS);
  });

  it('releases many at once over several blocks', () => {
    const crowd = people(300, 'crowd');
    const ledger = ledgerOf({
      parameters: { unbondingEpochs: 5, evidenceEpochs: 2 },
      accounts: crowd.map((each) => [each, 10n * AIOS] as const),
      validators: [[first, stake]],
    });
    const both = crowd.map((each) =>
      transactionOf(each, 0n, [
        { kind: 'delegate', validator: first.address, amount: AIOS },
        { kind: 'undelegate', validator: first.address, amount: AIOS },
      ]),
    );
    ledger.execute(chainBlock(1, both));
    const { pass } = runner(ledger);
    const counts = [9, 10, 11, 12].map(
      (round) => pass(round).filter(({ kind }) => kind === 'withdrawn').length,
    );
    expect(counts).toEqual([0, 256, 44, 0]);
    expect(ledger.supply().unbonding).toBe(0n);
  });
});

function signedVote(ledger: Ledger, by: Person, link: Link): SignedVote {
  return { ...link, validator: by.hex, signature: by.signer.sign(linkSigningRoot(ledger.genesisId, link)) };
}

function doubleVote(ledger: Ledger, by: Person): Uint8Array {
  const [one, other] = ['one', 'other'].map((root) =>
    signedVote(ledger, by, { ...linkOf(0, 1), stateRoot: hexOf(sha(root)) }),
  ) as [SignedVote, SignedVote];
  return encodeEvidence({ kind: 'votes', first: one, second: other });
}

describe('evidence', () => {
  it('never touches honest stake, whatever bytes it has', () => {
    const ledger = ledgerWith();
    const { run, pass } = runner(ledger);
    const certificates = [0, 1, 2].map((nth) => certificateOf(linkOf(nth, nth + 1), hexes(validators)));
    pass(8, certificates);
    const { stateRoot } = certificates[0] as CheckedCertificate;
    // All that honest validators sign: one vote an epoch, one block a round.
    const votes = [0, 1, 2].map((nth) =>
      signedVote(ledger, first, {
        ...linkOf(nth, nth + 1),
        stateRoot: hexOf(sha(`root ${checkpoint(nth + 1).block}`)),
      }),
    ) as [SignedVote, SignedVote, SignedVote];
    expect(votes[0].stateRoot).toBe(stateRoot);
    const header = (round: number): SignedHeader => {
      const unsigned = {
        version: HEADER_VERSION,
        chainId: CHAIN_ID,
        parents: [blockNamed('parent')],
        timestamp: 1_000_000 + round * 1_000,
        proposer: first.hex,
        finalized: checkpoint(0),
        stateRoot,
        bodyRoot: stateRoot,
      };
      const message = headerSigningRoot(ledger.genesisId, blockIdOf(unsigned));
      return { ...unsigned, signature: first.signer.sign(message) };
    };
    const honest = [
      encodeEvidence({ kind: 'votes', first: votes[0], second: votes[1] }),
      encodeEvidence({ kind: 'votes', first: votes[1], second: votes[1] }),
      encodeEvidence({ kind: 'blocks', first: header(3), second: header(4) }),
      encodeEvidence({ kind: 'blocks', first: header(3), second: header(3) }),
      encodeEvidence({ kind: 'wrongRoot', vote: votes[0] }),
      // With another's name or signature on it.
      encodeEvidence({ kind: 'votes', first: votes[0], second: { ...votes[0], stateRoot: hexOf(sha('x')) } }),
      encodeEvidence({ kind: 'wrongRoot', vote: { ...votes[0], stateRoot: hexOf(sha('x')) } }),
    ];
    const before = ledger.validators();
    const random = seeded(9);
    const draw = (below: number) => Math.floor(random() * below);
    for (let nth = 0; nth < 4_000; nth++) {
      const bytes = Uint8Array.from(honest[draw(honest.length)] as Uint8Array);
      // Changes, or parts of one in the place of another's.
      for (let change = draw(4); change > 0; change--)
        if (random() < 0.5) bytes[draw(bytes.length)] = draw(256);
        else {
          const other = honest[draw(honest.length)] as Uint8Array;
          const from = draw(other.length);
          bytes.set(
            other.subarray(from, from + Math.min(32, bytes.length)),
            draw(Math.max(1, bytes.length - 32)),
          );
        }
      const evidence = random() < 0.1 ? bytes.slice(0, draw(bytes.length)) : bytes;
      expect(run(alice, { kind: 'evidence', evidence }).status).toBeGreaterThanOrEqual(
        TransactionStatus.failed,
      );
    }
    // Rewards for what they voted come meanwhile; nothing is taken.
    for (const [nth, { pool, jailed, active }] of ledger.validators().entries()) {
      expect([jailed, active]).toEqual([false, true]);
      expect(pool).toBeGreaterThanOrEqual(before[nth]?.pool ?? 0n);
    }
  });

  it('takes everything for a wrong root of a final checkpoint, and of no other', () => {
    const ledger = ledgerWith();
    const { run, pass } = runner(ledger);
    pass(
      8,
      [0, 1].map((nth) => certificateOf(linkOf(nth, nth + 1), hexes(validators))),
    );
    const wrong = (epoch: number) =>
      encodeEvidence({
        kind: 'wrongRoot',
        vote: signedVote(ledger, second, { ...linkOf(epoch - 1, epoch), stateRoot: hexOf(sha('lie')) }),
      });
    // Justified, not final.
    expect(run(alice, { kind: 'evidence', evidence: wrong(2) }).status).toBe(
      ExecutionFailure.evidenceProvesNothing,
    );
    const before = ledger.account(alice.address).balance;
    const { events } = run(alice, { kind: 'evidence', evidence: wrong(1) });
    const [slashed, changed] = events.slice(events.findIndex(({ kind }) => kind === 'slashed'));
    expect(slashed).toMatchObject({ kind: 'slashed', reason: 'WRONG_ROOT', reporter: alice.hex });
    const amount = slashed && 'amount' in slashed ? slashed.amount : 0n;
    expect(amount).toBeGreaterThanOrEqual(stake);
    expect(changed).toEqual({ kind: 'validatorChanged', validator: second.hex, active: false });
    expect(ledger.account(alice.address).balance).toBe(before - 1_000n + amount / 100n);
    expect(ledger.stakeOf(third.hex, third.hex)).toBeGreaterThanOrEqual(stake);
  });
});

describe('DIDs of the chain itself', () => {
  it('name keys as everybody writes base58', () => {
    for (const bytes of [sha('a'), new Uint8Array(32), Uint8Array.of(0, 0, 1), new Uint8Array()])
      expect(base58(bytes)).toBe(
        bytes.length === 0 ? '' : bytes.every((byte) => byte === 0) ? '1'.repeat(32) : padded58(bytes),
      );
  });
});

/** ethers' drops zeros at the beginning in some versions: they are ones. */
function padded58(bytes: Uint8Array): string {
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return '1'.repeat(zeros) + encodeBase58(bytes.subarray(zeros));
}

describe('reasons', () => {
  it('has a text for each, and no number twice', () => {
    const numbers = Object.values(ExecutionFailure);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const number of numbers) expect(failureOf(number)?.text).toMatch(/\.$/);
    expect(failureOf(0)).toBeUndefined();
  });
});
