// What one validator of the simulator does that no honest one does.
import { type Misconduct, misconduct, type Tell } from '../engine/misconduct.ts';
import type { Conduct } from '../engine/validator.ts';
import { encodeHeader } from '../types/header.ts';
import { encodeVote } from '../types/vote.ts';
import type { SimulatedNode } from './simulated-node.ts';

export type ByzantineKind = Misconduct | 'withhold';

/** Long enough for its block to be of another epoch than those that would merge it. */
const withheldMs = 4_500;

/** How a faulty node acts: of two statements that contradict each other, half of the others hear one each. */
export function byzantine(kind: ByzantineKind, node: SimulatedNode): Conduct {
  if (kind === 'withhold') return withholding(node);
  const tell: Tell = async (_validator, what, half) => {
    if ('block' in what) {
      node.chain.accept(what);
      node.tellHalf(half, 'blocks', encodeHeader(what.block.header));
    } else {
      node.chain.vote(what, true);
      node.tellHalf(half, 'votes', encodeVote(what));
    }
  };
  return misconduct(kind, { tell, honestEpochs: 2 });
}

/** Makes its blocks in time, and tells of them when others have gone on. */
function withholding(node: SimulatedNode): Conduct {
  return {
    vote: (validator, epoch) => validator.vote(epoch),
    propose: async (validator, round) => {
      const draft = validator.draft(round);
      if (!draft) return;
      const block = validator.seal(draft);
      node.chain.accept(block);
      node.later(withheldMs, () => node.network.publish('blocks', encodeHeader(block.block.header)));
    },
  };
}
