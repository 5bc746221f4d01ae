// The ledger against the naive one on random chain blocks of everything that people, validators and cheats may do; and that what was executed
// can be taken back, done again from its changes, and taken up from what is stored.
import { describe, expect, it } from 'vitest';
import { seeded } from '../dag/testing/random-dag.ts';
import { encodeEvidence } from '../types/evidence.ts';
import { blockIdOf, HEADER_VERSION, headerSigningRoot, type SignedHeader } from '../types/header.ts';
import { bytesOf, hexOf } from '../types/identifiers.ts';
import { MAX_AMOUNT } from '../types/limits.ts';
import type { Operation } from '../types/operation.ts';
import { type Link, linkSigningRoot } from '../types/vote.ts';
import { base58 } from './base58.ts';
import type { ChainBlock, CheckedCertificate, CheckedTransaction, StateEntry } from './chain-block.ts';
import { ExecutionFailure, failureOf } from './execution-failure.ts';
import { Ledger, type Undo } from './ledger.ts';
import { decodeReceipts, encodeReceipts, eventsOf } from './receipts.ts';
import type { SystemEvent } from './system-event.ts';
import {
  blockNamed,
  bls,
  CHAIN_ID,
  certificateOf,
  chainBlock,
  genesisOf,
  type Person,
  people,
  sha,
  transactionOf,
} from './testing/ledger-world.ts';
import { type KnownEvidence, NaiveLedger } from './testing/naive-ledger.ts';

const users = people(5);
const validators = people(4, 'validator');
const candidates = people(3, 'candidate');
const everybody = [...users, ...validators, ...candidates];

function worldOf(random: () => number) {
  const pick = <Each>(of: readonly Each[]): Each => of[Math.floor(random() * of.length)] as Each;
  const below = (most: number) => Math.floor(random() * most);
  const genesis = genesisOf({
    parameters: {
      // Epochs of more than an hour, so that rewards are worth something.
      roundMs: 60_000,
      roundsPerEpoch: 64,
      minimumFee: '10',
      minimumStake: '100000',
      unbondingEpochs: 9,
      evidenceEpochs: 6,
      dutyEpochs: 12,
      missedPerMille: pick([100, 250]),
      downtimeCutPerMille: pick([10, 300, 999, 1_000]),
      rewardLeastPerMille: 50,
      rewardMostPerMille: 1_000,
      rewardPerMille: pick([70, 900]),
    },
    reserve: BigInt(pick([0, 2_000, 1_000_000])),
    accounts: everybody.map((each) => [each, BigInt(below(1_000_000))] as const),
    validators: validators.map((each) => [each, BigInt(100_000 + below(300_000))] as const),
  });
  const ledger = Ledger.atGenesis(genesis, { bls });
  const known = new Map<string, KnownEvidence>();
  const naive = new NaiveLedger(genesis, known, (key, proof) =>
    bls.verifyPossession(bytesOf(key), bytesOf(proof)),
  );
  const amount = () => BigInt(pick([1, below(50), below(5_000), below(150_000), below(600_000)]) + 1);
  const tasks = Array.from({ length: 6 }, (_, nth) => sha(`task ${nth}`));
  const dids = ['did:web:one', 'did:web:two'];

  function evidence(epoch: number): Operation {
    const bytes = (() => {
      const liar = pick([...validators, ...candidates]);
      const signed = random() < 0.6;
      const at = Math.max(0, epoch - below(9));
      const sign = (message: Uint8Array) =>
        signed ? liar.signer.sign(message) : pick(everybody).signer.sign(sha('something else'));
      const vote = (target: number, root: string, block = blockNamed(`of ${target}`)) => {
        const link: Link = {
          source: { epoch: 0, block: blockNamed('of 0') },
          target: { epoch: target, block },
          stateRoot: root,
        };
        return { ...link, validator: liar.hex, signature: sign(linkSigningRoot(ledger.genesisId, link)) };
      };
      const roots = ['right', 'wrong'].map((each) => hexOf(sha(each))) as [string, string];
      switch (below(5)) {
        case 0: {
          const noise = Uint8Array.from({ length: 1 + below(300) }, () => below(256));
          noise[0] = below(4);
          known.set(hexOf(noise), { says: 'noise' });
          return noise;
        }
        case 1: {
          const same = encodeEvidence({
            kind: 'votes',
            first: vote(at + 1, roots[0]),
            second: vote(at + 1, roots[0]),
          });
          known.set(hexOf(same), { says: 'nothing' });
          return same;
        }
        case 2: {
          const votes = encodeEvidence({
            kind: 'votes',
            first: vote(at + 1, roots[0]),
            second: vote(at + 1, roots[1]),
          });
          known.set(hexOf(votes), { says: 'fault', validator: liar.hex, epoch: at + 1, signed });
          return votes;
        }
        case 3: {
          const header = (parent: string): SignedHeader => {
            const unsigned = {
              version: HEADER_VERSION,
              chainId: CHAIN_ID,
              parents: [blockNamed(parent)],
              timestamp: genesis.parameters.genesisTime + at * 64 * 60_000 + below(50_000),
              proposer: liar.hex,
              finalized: { epoch: 0, block: blockNamed('of 0') },
              stateRoot: roots[0],
              bodyRoot: roots[1],
            };
            const message = headerSigningRoot(ledger.genesisId, blockIdOf(unsigned));
            return { ...unsigned, signature: sign(message) };
          };
          const blocks = encodeEvidence({ kind: 'blocks', first: header('a'), second: header('b') });
          known.set(hexOf(blocks), { says: 'fault', validator: liar.hex, epoch: at, signed });
          return blocks;
        }
        default: {
          const wrong = random() < 0.7;
          const target = at + below(2);
          const root = wrong ? roots[1] : hexOf(sha(`root ${blockNamed(`of ${target}`)}`));
          const single = vote(target, root);
          const block = single.target.block;
          const bytes = encodeEvidence({ kind: 'wrongRoot', vote: single });
          known.set(hexOf(bytes), { says: 'root', validator: liar.hex, epoch: target, signed, block, root });
          return bytes;
        }
      }
    })();
    return { kind: 'evidence', evidence: bytes };
  }

  function operation(sender: Person, round: number): Operation {
    const someone = pick(everybody);
    const validator = pick([...validators, ...validators, ...candidates, ...users]).address;
    switch (pick([0, 0, 1, 2, 2, 3, 4, 4, 5, 6, 7, 8, 9])) {
      case 0:
        return { kind: 'transfer', to: someone.address, amount: amount() };
      case 1:
        return {
          kind: 'multiTransfer',
          transfers: [1, 2, 3].map(() => ({ to: pick(everybody).address, amount: amount() })),
        };
      case 2: {
        const other = random() < 0.1 ? pick(everybody) : sender;
        return {
          kind: 'stake',
          amount: amount(),
          votingKey: other.signer.publicKey,
          proofOfPossession: (random() < 0.1 ? someone : other).signer.proofOfPossession,
        };
      }
      case 3:
        return { kind: 'unstake', amount: random() < 0.3 ? MAX_AMOUNT : amount() };
      case 4:
        return { kind: 'delegate', validator, amount: amount() };
      case 5:
        return { kind: 'undelegate', validator, amount: random() < 0.4 ? MAX_AMOUNT : amount() };
      case 6: {
        const own = `did:aios:${base58(pick([sender, sender, someone]).publicKey)}`;
        return { kind: 'registerDid', did: pick([...dids, own]), document: sha(String(random())) };
      }
      case 7:
        return {
          kind: 'taskEscrow',
          task: pick(tasks),
          agent: someone.address,
          amount: amount(),
          untilRound: BigInt(Math.max(0, round + below(300) - 30)),
        };
      case 8:
        return { kind: 'taskSettle', task: pick(tasks), amount: amount() - 1n, result: sha('result') };
      default:
        return { kind: 'taskRefund', task: pick(tasks) };
    }
  }

  function transactions(round: number, epoch: number): CheckedTransaction[] {
    const nonces = new Map<string, bigint>();
    return Array.from({ length: below(8) }, () => {
      const sender = pick(everybody);
      const nonce = nonces.get(sender.hex) ?? ledger.account(sender.address).nonce;
      nonces.set(sender.hex, nonce + 1n);
      const operations =
        random() < 0.08
          ? [evidence(epoch)]
          : Array.from({ length: 1 + below(3) }, () => operation(sender, round));
      return transactionOf(sender, random() < 0.03 ? nonce + 1n : nonce, operations, {
        fee: BigInt(pick([9, 10, 10, 10, 25])),
        chainId: random() < 0.02 ? 1 : CHAIN_ID,
      });
    });
  }

  const link = (source: number, target: number) => ({
    source: { epoch: source, block: blockNamed(`of ${source}`) },
    target: { epoch: target, block: blockNamed(`of ${target}`) },
  });

  /** Certificates of late epochs, in any order, some twice, some of long links. */
  function certificates(epoch: number): CheckedCertificate[] {
    const voters = ledger.electorate().validators.map(({ address }) => address);
    return Array.from({ length: below(4) }, () => {
      const target = Math.max(1, epoch - below(5));
      const source = Math.max(0, target - (random() < 0.8 ? 1 : 2));
      const signed = voters.filter(() => random() < 0.75);
      return certificateOf(
        link(source, target),
        signed,
        voters.filter((each) => !signed.includes(each)),
      );
    });
  }

  let round = 0;
  function block(): ChainBlock {
    round += 1 + below(random() < 0.05 ? 400 : 60);
    const epoch = Math.floor(round / 64);
    const parts = Array.from({ length: 1 + below(3) }, () => transactions(round, epoch));
    // Some stand in two merged blocks.
    const first = parts[0]?.[0];
    if (first && random() < 0.3) parts.at(-1)?.push(first);
    return chainBlock(round, parts, certificates(epoch));
  }
  return { genesis, ledger, naive, block, pick, below };
}

/** Transfers alone follow from the transactions. */
const EVENT_KINDS: Record<Exclude<SystemEvent['kind'], 'transfer'>, true> = {
  feesSplit: true,
  staked: true,
  unstaked: true,
  withdrawn: true,
  validatorChanged: true,
  rewarded: true,
  slashed: true,
  dutiesCounted: true,
  checkpointJustified: true,
  checkpointFinalized: true,
  didRegistered: true,
  taskEscrowed: true,
  taskSettled: true,
  taskRefunded: true,
};

const sorted = (entries: Iterable<StateEntry>) =>
  [...entries].map(({ key, value }) => `${hexOf(key)}=${value && hexOf(value)}`).sort();

/** Everything that both can be asked. */
function compare(ledger: Ledger, naive: NaiveLedger, where: string): void {
  const { books } = naive;
  for (const { hex, address } of everybody) {
    expect(ledger.account(address), `${where} account`).toEqual({
      balance: books.balances.get(hex) ?? 0n,
      nonce: naive.nonces.get(hex) ?? 0n,
    });
    const did = ledger.did(address);
    expect(did && { did: did.did, document: hexOf(did.document) }, `${where} DID`).toEqual(
      books.didOf.get(hex),
    );
    for (const [validator, each] of books.validators)
      expect(ledger.stakeOf(validator, hex), `${where} stake`).toBe(naive.worth(each, hex));
  }
  expect(
    ledger.validators().map(({ address, pool, active, jailed, missed, counted }) => ({
      address,
      pool,
      active,
      jailed,
      missed,
      counted,
    })),
    `${where} validators`,
  ).toEqual(
    [...books.validators]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([address, each]) => ({
        address,
        pool: each.tokens,
        active: each.status === 'active' && naive.worth(each, address) >= naive.parameters.minimumStake,
        jailed: each.status === 'jailed',
        missed: each.missed,
        counted: each.counted,
      })),
  );
  for (const { validator, owner, epoch } of books.unbonding) {
    const all = books.unbonding.filter(
      (each) => each.validator === validator && each.owner === owner && each.epoch === epoch,
    );
    expect(ledger.unbondingOf(validator, owner, epoch), `${where} unbonding`).toBe(
      all.reduce((sum, { amount }) => sum + amount, 0n),
    );
  }
  for (const [id, { open, amount }] of books.tasks) {
    const task = ledger.task(bytesOf(id));
    expect([task?.status === 'open', task?.amount], `${where} task`).toEqual([open, amount]);
  }
  const supply = ledger.supply();
  expect([supply.burned, supply.reserve, supply.treasury, supply.stakersFees], `${where} totals`).toEqual([
    books.burned,
    naive.reserve,
    naive.treasury,
    naive.fees,
  ]);
  expect(supply.balances, `${where} balances`).toBe([...books.balances.values()].reduce((a, b) => a + b, 0n));
  expect(naive.everything(), `${where} supply`).toBe(naive.supply);
  const final = [...naive.justified].filter(([, each]) => each.final).map(([epoch]) => epoch);
  const last = Math.max(0, ...final);
  if (last > 0) expect(ledger.finality().finalized.epoch, `${where} final`).toBeGreaterThanOrEqual(last);
}

describe('the ledger', () => {
  it('does what the naive one does on random chain blocks; every reason to fail is met', () => {
    const met = new Map<string, number>();
    for (let seed = 0; seed < 14; seed++) {
      const { ledger, naive, block } = worldOf(seeded(seed));
      for (let nth = 0; nth < 70; nth++) {
        const each = block();
        const expected = naive.execute(each);
        const { statuses, events } = ledger.execute(each);
        const where = `seed ${seed}, block ${nth}:`;
        const got = statuses.map((of) =>
          [...of].map((status) => (status === 0 ? 'executed' : (failureOf(status)?.reason ?? 'skipped'))),
        );
        expect(got, where).toEqual(expected);
        for (const reason of expected.flat()) met.set(reason, (met.get(reason) ?? 0) + 1);
        for (const { event } of events) met.set(event.kind, (met.get(event.kind) ?? 0) + 1);
        compare(ledger, naive, where);
        // What is stored of it is read as it was.
        const stored = decodeReceipts(encodeReceipts({ statuses, events }));
        expect(stored, where).toEqual({ statuses: statuses.map((of) => Uint8Array.from(of)), events });
        // Of the events none is lost, and transfers are added.
        const all = eventsOf(each.merged, { statuses, events });
        expect(
          all.filter(({ event }) => event.kind !== 'transfer'),
          where,
        ).toEqual(events);
      }
    }
    const kinds = Object.keys(EVENT_KINDS);
    const missing = [...Object.keys(ExecutionFailure), ...kinds].filter((each) => !met.has(each));
    expect(missing, 'reasons and events that no block brought about').toEqual([]);
  });

  it('is taken back, done again from changes, and taken up from what is stored, with the same roots', () => {
    for (let seed = 100; seed < 112; seed++) {
      const { genesis, ledger, block, pick, below } = worldOf(seeded(seed));
      const replica = Ledger.from(genesis, ledger.genesisId, [...ledger.entries()].reverse(), { bls });
      expect(hexOf(replica.root)).toBe(hexOf(ledger.root));
      const history: {
        block: ChainBlock;
        undo: Undo;
        before: string[];
        root: string;
        changes: readonly StateEntry[];
      }[] = [];
      for (let nth = 0; nth < 50; nth++) {
        const each = block();
        const [before, root] = [sorted(ledger.entries()), hexOf(ledger.root)];
        const { changes, undo, stateRoot } = ledger.execute(each);
        expect(hexOf(stateRoot)).toBe(hexOf(ledger.root));
        history.push({ block: each, undo, before, root, changes });
        if (nth % 10 === 9) {
          const depth = 1 + below(history.length);
          const back = history.slice(-depth);
          for (const { undo, before, root } of [...back].reverse()) {
            ledger.undo(undo);
            expect(hexOf(ledger.root), `seed ${seed}`).toBe(root);
            expect(sorted(ledger.entries())).toEqual(before);
          }
          for (const { block, changes } of back) {
            const again = ledger.execute(block);
            expect(sorted(again.changes)).toEqual(sorted(changes));
          }
        }
      }
      for (const { changes } of history) replica.apply(pick([changes, [...changes].reverse()]));
      expect(hexOf(replica.root)).toBe(hexOf(ledger.root));
      expect(sorted(replica.entries())).toEqual(sorted(ledger.entries()));
      const restarted = Ledger.from(genesis, ledger.genesisId, ledger.entries(), { bls });
      for (let nth = 0; nth < 10; nth++) {
        const each = block();
        const roots = [ledger, replica, restarted].map((one) => hexOf(one.execute(each).stateRoot));
        expect(new Set(roots).size, `seed ${seed}`).toBe(1);
      }
    }
  });
});
