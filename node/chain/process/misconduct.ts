// What a validator does wrong on purpose, in trials of what the chain does about it.
import { AiosError } from '#node/platform/errors.ts';
import type { Conduct, Draft } from '../engine/validator.ts';
import type { Link } from '../types/vote.ts';

export const MISCONDUCTS = ['equivocate', 'double-vote', 'surround', 'wrong-root'] as const;
export type Misconduct = (typeof MISCONDUCTS)[number];

/** Honest for so many epochs, so that the chain is under way. */
const honestEpochs = 6;

const twin = (draft: Draft): Draft => ({
  ...draft,
  header: { ...draft.header, timestamp: draft.header.timestamp + 1 },
});
const lie = (link: Link): Link => ({ ...link, stateRoot: 'f'.repeat(64) });

/** @throws AiosError MISCONDUCT_UNKNOWN */
export function conductNamed(name: string): Conduct {
  let begun: number | undefined;
  /** The first vote of all, from whose source a later one surrounds those between. */
  let first: Link | undefined;
  const isTime = (epoch: number) => {
    begun ??= epoch;
    return epoch >= begun + honestEpochs;
  };
  const honest: Conduct = {
    propose: (validator, round) => validator.propose(round),
    vote: (validator, epoch) => validator.vote(epoch),
  };
  switch (name as Misconduct) {
    case 'equivocate': {
      let rounds = 0;
      return {
        ...honest,
        propose: async (validator, round) => {
          rounds += 1;
          const draft = rounds > 2 * honestEpochs ? validator.draft(round) : undefined;
          if (!draft) return validator.propose(round);
          for (const each of [draft, twin(draft)]) await validator.publish(validator.seal(each));
        },
      };
    }
    case 'double-vote':
      return {
        ...honest,
        vote: async (validator, epoch) => {
          const link = isTime(epoch) ? validator.ballot(epoch) : undefined;
          if (!link) return validator.vote(epoch);
          for (const each of [link, lie(link)]) await validator.publish(validator.sign(each));
        },
      };
    case 'surround':
      return {
        ...honest,
        vote: async (validator, epoch) => {
          const link = validator.ballot(epoch);
          if (!link) return;
          first ??= link;
          const around = isTime(epoch) ? { ...link, source: first.source } : link;
          await validator.publish(validator.sign(around));
        },
      };
    case 'wrong-root':
      return {
        ...honest,
        vote: async (validator, epoch) => {
          const link = isTime(epoch) ? validator.ballot(epoch) : undefined;
          if (!link) return validator.vote(epoch);
          await validator.publish(validator.sign(lie(link)));
        },
      };
    default:
      throw new AiosError(
        'MISCONDUCT_UNKNOWN',
        `There is no misconduct "${name}". Known: ${MISCONDUCTS.join(', ')}.`,
      );
  }
}
