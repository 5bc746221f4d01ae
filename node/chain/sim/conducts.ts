// What validators do in the simulator that no honest one does.
import type { Conduct, Draft, Validator } from '../engine/validator.ts';
import { encodeHeader } from '../types/header.ts';
import { encodeVote, type Link, type SignedVote } from '../types/vote.ts';
import type { SimulatedNode } from './simulated-node.ts';

export type ByzantineKind = 'equivocator' | 'withholder' | 'liar' | 'surrounder';

/** How a faulty node acts. @param reach says something to some peers alone, and does as if it were so itself */
export function byzantine(kind: ByzantineKind, node: SimulatedNode): Conduct {
  const honest = {
    propose: (validator: Validator, round: number) => validator.propose(round),
    vote: (validator: Validator, epoch: number) => validator.vote(epoch),
  };
  switch (kind) {
    case 'equivocator':
      return {
        propose: async (validator, round) => {
          const draft = validator.draft(round);
          if (draft)
            for (const [nth, each] of [draft, twin(draft)].entries()) tellBlock(node, validator, each, nth);
        },
        vote: async (validator, epoch) => {
          const link = validator.ballot(epoch);
          if (link)
            for (const [nth, each] of [link, lie(link)].entries()) tellVote(node, validator.sign(each), nth);
        },
      };
    case 'withholder':
      return {
        ...honest,
        propose: async (validator, round) => {
          const draft = validator.draft(round);
          if (!draft) return;
          const block = validator.seal(draft);
          node.chain.accept(block);
          node.later(4_500, () => node.network.publish('blocks', encodeHeader(block.block.header)));
        },
      };
    case 'liar':
      return {
        ...honest,
        vote: async (validator, epoch) => {
          const link = validator.ballot(epoch);
          if (link) node.network.publish('votes', encodeVote(validator.sign(lie(link))));
        },
      };
    case 'surrounder': {
      let first: Link | undefined;
      return {
        ...honest,
        vote: async (validator, epoch) => {
          const link = validator.ballot(epoch);
          if (!link) return;
          first ??= link;
          // From where it began, over all that it voted for meanwhile.
          const link_ = epoch > first.target.epoch + 2 ? { ...link, source: first.source } : link;
          node.network.publish('votes', encodeVote(validator.sign(link_)));
        },
      };
    }
  }
}

const lie = (link: Link): Link => ({ ...link, stateRoot: 'f'.repeat(64) });

const twin = (draft: Draft): Draft => ({
  ...draft,
  header: { ...draft.header, timestamp: draft.header.timestamp + 1 },
});

function tellBlock(node: SimulatedNode, validator: Validator, draft: Draft, half: number): void {
  const block = validator.seal(draft);
  node.chain.accept(block);
  node.tellHalf(half, 'blocks', encodeHeader(block.block.header));
}

function tellVote(node: SimulatedNode, vote: SignedVote, half: number): void {
  node.tellHalf(half, 'votes', encodeVote(vote));
}
