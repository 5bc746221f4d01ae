// Notices who contradicts itself: two blocks of one round, two votes that must not both be made, a vote for a state that a final checkpoint does
// not have. What it finds proves itself, and anybody may bring it to the chain.
import { contradictionOf } from '../finality/contradiction.ts';
import type { Evidence } from '../types/evidence.ts';
import type { SignedHeader } from '../types/header.ts';
import type { AddressHex, BlockId } from '../types/identifiers.ts';
import type { SignedVote } from '../types/vote.ts';

export interface Offence {
  readonly validator: AddressHex;
  readonly evidence: Evidence;
}

/** Votes of one validator that are kept: of so many epochs a contradiction is still noticed by who was there. */
const keptVotes = 1_024;
/** Rounds of which headers are kept. */
const keptRounds = 4_096;

export class EquivocationWatch {
  readonly #onOffence: (offence: Offence) => void;
  readonly #headers = new Map<
    number,
    Map<AddressHex, { readonly id: BlockId; readonly header: SignedHeader }>
  >();
  readonly #votes = new Map<AddressHex, SignedVote[]>();
  readonly #final = new Map<string, string>();
  /** One offence costs everything: more of the same validator need not be told. */
  readonly #told = new Set<AddressHex>();

  constructor(onOffence: (offence: Offence) => void) {
    this.#onOffence = onOffence;
  }

  /** Of a header whose signature was checked. */
  block(id: BlockId, round: number, header: SignedHeader): void {
    const ofRound = this.#headers.get(round) ?? new Map();
    this.#headers.set(round, ofRound);
    const first = ofRound.get(header.proposer);
    if (first && first.id !== id)
      this.#tell(header.proposer, { kind: 'blocks', first: first.header, second: header });
    if (!first) ofRound.set(header.proposer, { id, header });
    if (this.#headers.size > keptRounds) this.#headers.delete(Math.min(...this.#headers.keys()));
  }

  /** Of a vote whose signature was checked, whether or not it can be counted; what was seen before is known. */
  vote(vote: SignedVote): void {
    const { validator, target } = vote;
    const votes = this.#votes.get(validator) ?? [];
    this.#votes.set(validator, votes);
    if (votes.some(({ signature }) => Buffer.compare(signature, vote.signature) === 0)) return;
    for (const first of votes)
      if (contradictionOf(first, vote)) this.#tell(validator, { kind: 'votes', first, second: vote });
    votes.push(vote);
    if (votes.length > keptVotes) votes.shift();
    const root = this.#final.get(`${target.epoch}:${target.block}`);
    if (root !== undefined && root !== vote.stateRoot) this.#tell(validator, { kind: 'wrongRoot', vote });
  }

  /** A checkpoint is final with a state root, as the chain itself has it. */
  final(epoch: number, block: BlockId, stateRoot: string): void {
    this.#final.set(`${epoch}:${block}`, stateRoot);
    if (this.#final.size > keptVotes) {
      const [oldest] = this.#final.keys();
      this.#final.delete(oldest as string);
    }
    for (const [validator, votes] of this.#votes)
      for (const vote of votes)
        if (vote.target.epoch === epoch && vote.target.block === block && vote.stateRoot !== stateRoot)
          this.#tell(validator, { kind: 'wrongRoot', vote });
  }

  #tell(validator: AddressHex, evidence: Evidence): void {
    if (this.#told.has(validator)) return;
    this.#told.add(validator);
    this.#onOffence({ validator, evidence });
  }
}
