// Bugs planted to see whether the invariants notice them: one for each. An invariant that notices none is worth nothing.
import type { Bls } from '../crypto/bls.ts';
import { FakeBls } from '../crypto/testing/fake-bls.ts';
import type { FaultKind } from './faults.ts';
import type { Invariant } from './invariants.ts';
import type { Running } from './simulated-node.ts';

interface Planted {
  readonly invariant: Invariant;
  /** What has to go wrong beside, where not everything may. */
  readonly kinds?: readonly FaultKind[];
}

export const MUTANTS = {
  /** Two validators of four are enough: both sides of a torn network make their own chain final. */
  'half-is-enough': { invariant: 'one-finality', kinds: ['partition'] },
  /** One node executes merged blocks in another order. */
  'wrong-order': { invariant: 'equal-roots' },
  /** A block pays somebody from nowhere. */
  mint: { invariant: 'supply' },
  /** Signatures under evidence are not looked at. */
  'unsigned-evidence': { invariant: 'honest-stake' },
  /** What was signed is forgotten when the power goes. */
  amnesia: { invariant: 'no-contradiction', kinds: ['crash', 'skew'] },
  /** The last final checkpoint is that of the last vote that came in. */
  'finality-follows-votes': { invariant: 'no-way-back' },
  /** Two nodes never ask for what they have missed. */
  deaf: { invariant: 'progress' },
  /** Nobody reports who contradicts itself. */
  silence: { invariant: 'justice', kinds: ['byzantine'] },
  /** Transactions are not taken in as they should be. */
  careless: { invariant: 'no-failure' },
} as const satisfies Record<string, Planted>;

export type Mutant = keyof typeof MUTANTS;

export function blsWith(mutant: Mutant | undefined): Bls {
  const bls = new FakeBls();
  if (mutant === 'unsigned-evidence') bls.verify = () => true;
  return bls;
}

/** @param nth of the node */
export function plant(mutant: Mutant, running: Running, nth: number): void {
  const { node, ledger, network, journal } = running;
  switch (mutant) {
    case 'half-is-enough': {
      const original = node.index.electorateOf.bind(node.index);
      node.index.electorateOf = (id) => {
        const electorate = original(id);
        return { ...electorate, total: electorate.total / 2n };
      };
      return;
    }
    case 'wrong-order': {
      if (nth !== 1) return;
      const original = ledger.execute.bind(ledger);
      ledger.execute = (block) => original({ ...block, merged: block.merged.toReversed() });
      return;
    }
    case 'mint': {
      const original = ledger.execute.bind(ledger);
      ledger.execute = (block) => {
        const execution = original(block);
        const account = execution.changes.find(({ key, value }) => key[0] === 0 && value);
        if (account?.value) {
          const value = Uint8Array.from(account.value);
          value[0] = (value[0] as number) ^ 1;
          ledger.apply([{ key: account.key, value }]);
        }
        return execution;
      };
      return;
    }
    case 'unsigned-evidence':
      return;
    case 'amnesia':
      journal.vote = async () => {};
      journal.proposal = async () => {};
      return;
    case 'finality-follows-votes': {
      const original = node.votes.add.bind(node.votes);
      node.votes.add = (vote, trusted) => {
        const fate = original(vote, trusted);
        Object.defineProperty(node.votes, 'finalized', { configurable: true, get: () => vote.source });
        return fate;
      };
      return;
    }
    case 'deaf':
      if (nth < 2) network.ask = () => (async function* () {})();
      return;
    case 'silence':
      running.reporter.close();
      node.onOffence = () => () => {};
      return;
    case 'careless':
      node.submitAll = async () => {
        throw new TypeError('nobody expected this');
      };
  }
}
