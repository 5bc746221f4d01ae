// What a validator does wrong on purpose, in the simulator and in trials of what the chain does about it. Nothing that it signs so is in its journal.
import { AiosError } from '#node/platform/errors.ts';
import type { Link, SignedVote } from '../types/vote.ts';
import type { CheckedBlock } from './block-check.ts';
import type { Conduct, Draft, Validator } from './validator.ts';

export const MISCONDUCTS = ['equivocate', 'double-vote', 'surround', 'wrong-root'] as const;
export type Misconduct = (typeof MISCONDUCTS)[number];

/** Takes in what was signed and tells of it. @param half of two statements that contradict each other, which one: some may hear the first, others the second */
export type Tell = (validator: Validator, what: CheckedBlock | SignedVote, half: 0 | 1) => Promise<void>;

export interface MisconductOptions {
  /** Everybody hears everything by default. */
  readonly tell?: Tell;
  /** Epochs in which nothing is wrong yet, so that the chain is under way. */
  readonly honestEpochs?: number;
}

const publish: Tell = (validator, what) => validator.publish(what);

/** A block like another, of the same round. */
const twin = (draft: Draft): Draft => ({
  ...draft,
  header: { ...draft.header, timestamp: draft.header.timestamp + 1 },
});

/** The same vote for a state that is not. */
const lie = (link: Link): Link => ({ ...link, stateRoot: 'f'.repeat(64) });

/** @throws AiosError MISCONDUCT_UNKNOWN */
export function misconductNamed(name: string): Misconduct {
  const known = MISCONDUCTS.find((each) => each === name);
  if (known) return known;
  throw new AiosError(
    'MISCONDUCT_UNKNOWN',
    `There is no misconduct "${name}". Known: ${MISCONDUCTS.join(', ')}.`,
  );
}

export function misconduct(
  kind: Misconduct,
  { tell = publish, honestEpochs = 6 }: MisconductOptions = {},
): Conduct {
  const honest: Conduct = {
    propose: (validator, round) => validator.propose(round),
    vote: (validator, epoch) => validator.vote(epoch),
  };
  let firstEpoch: number | undefined;
  /** What to vote for once it is time to do wrong. */
  const ballot = (validator: Validator, epoch: number): Link | undefined => {
    firstEpoch ??= epoch;
    return epoch >= firstEpoch + honestEpochs ? validator.ballot(epoch) : undefined;
  };
  switch (kind) {
    case 'equivocate': {
      let rounds = 0;
      return {
        ...honest,
        propose: async (validator, round) => {
          rounds += 1;
          const draft = rounds > 2 * honestEpochs ? validator.draft(round) : undefined;
          if (!draft) return validator.propose(round);
          await tell(validator, validator.seal(draft), 0);
          await tell(validator, validator.seal(twin(draft)), 1);
        },
      };
    }
    case 'double-vote':
      return {
        ...honest,
        vote: async (validator, epoch) => {
          const link = ballot(validator, epoch);
          if (!link) return validator.vote(epoch);
          await tell(validator, validator.sign(link), 0);
          await tell(validator, validator.sign(lie(link)), 1);
        },
      };
    case 'surround': {
      /** The first vote of all, from whose source a later one reaches around those between. */
      let first: Link | undefined;
      return {
        ...honest,
        vote: async (validator, epoch) => {
          const link = validator.ballot(epoch);
          if (!link) return;
          first ??= link;
          const around = ballot(validator, epoch) ? { ...link, source: first.source } : link;
          await validator.publish(validator.sign(around));
        },
      };
    }
    case 'wrong-root':
      return {
        ...honest,
        vote: async (validator, epoch) => {
          const link = ballot(validator, epoch);
          if (!link) return validator.vote(epoch);
          await validator.publish(validator.sign(lie(link)));
        },
      };
  }
}
