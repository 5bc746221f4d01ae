// Which statements a validator may still sign, given those that it has signed: the rule of EIP-3076 in its short form. Epochs of targets and rounds
// of proposals only grow, and sources never go back.
import { AiosError } from '#node/platform/errors.ts';
import type { Checkpoint, Vote } from '../types/vote.ts';

export interface VoteRecord {
  readonly kind: 'vote';
  readonly source: Checkpoint;
  readonly target: Checkpoint;
  readonly stateRoot: string;
}

export interface ProposalRecord {
  readonly kind: 'proposal';
  readonly round: number;
  readonly block: string;
}

export type SigningRecord = VoteRecord | ProposalRecord;

export const voteRecord = ({ source, target, stateRoot }: Omit<Vote, 'validator'>): VoteRecord => ({
  kind: 'vote',
  source: { epoch: source.epoch, block: source.block },
  target: { epoch: target.epoch, block: target.block },
  stateRoot,
});

export class SigningHistory {
  #lastVote: VoteRecord | undefined;
  #lastProposal: ProposalRecord | undefined;

  /**
   * Whether a statement is a new one that may be signed; false when it is the last one once more, which may be sent again.
   * @throws AiosError WOULD_CONTRADICT
   */
  isNew(record: SigningRecord): boolean {
    return record.kind === 'vote' ? this.#isNewVote(record) : this.#isNewProposal(record);
  }

  /** It is on disk, or was found there. */
  remember(record: SigningRecord): void {
    if (record.kind === 'vote') this.#lastVote = record;
    else this.#lastProposal = record;
  }

  #isNewVote(record: VoteRecord): boolean {
    const last = this.#lastVote;
    const { source, target } = record;
    if (!last) return true;
    if (JSON.stringify(last) === JSON.stringify(record)) return false;
    if (target.epoch <= last.target.epoch)
      throw contradiction(`epoch ${target.epoch}`, `it has voted for epoch ${last.target.epoch}`);
    if (source.epoch < last.source.epoch)
      throw contradiction(
        `epoch ${target.epoch}`,
        `its last vote starts from epoch ${last.source.epoch}, this one from ${source.epoch}`,
      );
    return true;
  }

  #isNewProposal({ round, block }: ProposalRecord): boolean {
    const last = this.#lastProposal;
    if (last?.round === round && last.block === block) return false;
    if (last && round <= last.round)
      throw contradiction(`round ${round}`, `it has proposed a block in round ${last.round}`);
    return true;
  }
}

function contradiction(what: string, why: string): AiosError {
  return new AiosError(
    'WOULD_CONTRADICT',
    `Not signed for ${what}: ${why}. Whoever signs both loses the stake. Is another process running with this key?`,
  );
}
