// The votes of validators: checked, counted, kept until what they speak of is known, and added up to the certificates that blocks bring.
import { AiosError } from '#node/platform/errors.ts';
import type { Bls } from '../crypto/bls.ts';
import { Casper, type Progress, type Stakes } from '../finality/casper.ts';
import type { Electorate } from '../state/validators.ts';
import type { BlockId } from '../types/identifiers.ts';
import { MAX_CERTIFICATES } from '../types/limits.ts';
import { type Certificate, type Checkpoint, linkSigningRoot, type SignedVote } from '../types/vote.ts';
import type { BlockEntry, BlockIndex } from './block-index.ts';
import { certify, signersMask } from './certificates.ts';
import { type FinalityContext, linkKey, withCertificate } from './finality-context.ts';

/** `waits`: what it speaks of is not known here yet, or its source not justified. */
export type VoteFate = 'counted' | 'known' | 'waits';

export interface VotePoolOptions {
  readonly index: BlockIndex;
  readonly bls: Bls;
  /** Justified and final from the beginning. */
  readonly genesis: Checkpoint;
  /** Called with each vote that is signed as it should be, whether or not it counts; more than once when it has to wait. */
  readonly onSigned: (vote: SignedVote) => void;
  /** Called with what votes and certificates brought about. */
  readonly onProgress: (progress: Progress) => void;
}

interface Tally {
  readonly votes: Map<string, SignedVote>;
  /** With the most signers so far, of others' making. */
  certificate: Certificate | undefined;
}

/** Votes that wait, at most: those of a few epochs of many validators. */
const mostWaiting = 4_096;

export class VotePool {
  readonly #options: VotePoolOptions;
  readonly #casper: Casper;
  readonly #tallies = new Map<string, Tally>();
  readonly #waiting = new Map<string, SignedVote>();
  readonly #stakes = new WeakMap<Electorate, Stakes>();

  constructor(options: VotePoolOptions) {
    this.#options = options;
    const { index, genesis } = options;
    this.#casper = new Casper({
      genesis,
      stakesFor: ({ block }) => this.#stakesOf(index.electorateOf(block)),
      isChainAncestor: (ancestor, block) => index.isChainAncestor(ancestor, block),
    });
  }

  get justified(): Checkpoint {
    return this.#casper.justified;
  }

  get finalized(): Checkpoint {
    return this.#casper.finalized;
  }

  /**
   * Counts a vote, or keeps it until it can be.
   * @param trusted its signature needs no check: it was just made here
   * @throws AiosError VOTE_INVALID; FINALITY_CONFLICT as `Casper.add`
   */
  add(vote: SignedVote, trusted = false): VoteFate {
    const { index, bls } = this.#options;
    const { validator, target, source } = vote;
    const key = `${linkKey(vote)}:${validator}`;
    if (this.#tallies.get(linkKey(vote))?.votes.has(validator)) return 'known';
    if (target.epoch <= this.finalized.epoch) return 'known';
    if (!index.has(target.block) || !index.has(source.block)) return this.#wait(key, vote);
    const elector = index.electorateOf(target.block).validators.find(({ address }) => address === validator);
    if (!elector) throw voteInvalid(vote, 'it has no stake there');
    if (!trusted && !bls.verify(elector.votingKey, linkSigningRoot(index.genesisId, vote), vote.signature))
      throw voteInvalid(vote, 'it is not signed by that validator');
    this.#options.onSigned(vote);
    try {
      const progress = this.#casper.add(vote);
      this.#tally(linkKey(vote)).votes.set(validator, vote);
      this.#tell(progress);
      return 'counted';
    } catch (error) {
      if (error instanceof AiosError && error.code === 'SOURCE_NOT_JUSTIFIED') return this.#wait(key, vote);
      throw error;
    }
  }

  /** Counts what a block's certificates say, which were checked when the block was; then votes that waited for the block. */
  addBlock({ certificates }: BlockEntry): void {
    for (const checked of certificates) {
      const { source, target, stateRoot } = checked;
      if (target.epoch <= this.finalized.epoch) continue;
      const tally = this.#tally(linkKey(checked));
      const known = tally.certificate ? signersMask(tally.certificate) : 0n;
      if (countOf(checked.signers) > countOf(known)) tally.certificate = checked.certificate;
      for (const validator of checked.signed)
        this.#tell(this.#casper.add({ source, target, stateRoot, validator }));
    }
    this.#retry();
  }

  /**
   * The certificates that a block should bring: what its past does not say yet, in an order in which each follows on those before it.
   * @param selectedParent of the block
   */
  certificatesFor(context: FinalityContext, selectedParent: BlockId): readonly Certificate[] {
    const { index } = this.#options;
    const ready = [...this.#tallies.keys()]
      .map((key) => this.#certificate(key))
      .filter((certificate) => certificate !== undefined)
      .sort((a, b) => a.target.epoch - b.target.epoch);
    const brought: Certificate[] = [];
    let known = context;
    for (const certificate of ready) {
      if (brought.length === MAX_CERTIFICATES) break;
      if (!index.mayBring(known, selectedParent, certificate)) continue;
      const next = withCertificate(known, certificate, signersMask(certificate));
      if (next === known) continue;
      known = next;
      brought.push(certificate);
    }
    return brought;
  }

  /** What is known with certificates that were checked, or made here. */
  contextWith(context: FinalityContext, certificates: readonly Certificate[]): FinalityContext {
    return certificates.reduce(
      (known, certificate) => withCertificate(known, certificate, signersMask(certificate)),
      context,
    );
  }

  /** The certificate that justified a checkpoint of an epoch, as far as it is still kept. */
  certificateOf(target: Checkpoint): Certificate | undefined {
    for (const key of this.#tallies.keys()) {
      if (!key.includes(`>${target.epoch}:${target.block}:`)) continue;
      const certificate = this.#certificate(key);
      if (certificate) return certificate;
    }
    return undefined;
  }

  /** The certificates that made a checkpoint final: the one that justified it, and the one of the next epoch that starts from it. */
  certificatesOf(finalized: Checkpoint): readonly Certificate[] {
    const starts = `${finalized.epoch}:${finalized.block}>${finalized.epoch + 1}:`;
    const keys = [...this.#tallies.keys()];
    const following = keys.filter((key) => key.startsWith(starts)).map((key) => this.#certificate(key));
    return [this.certificateOf(finalized), ...following].filter((certificate) => certificate !== undefined);
  }

  /** Forgets what is of before an epoch that is final. */
  forget(beforeEpoch: number): void {
    this.#casper.forget(beforeEpoch);
    for (const [key, { votes, certificate }] of this.#tallies) {
      const [vote] = votes.values();
      if (((vote ?? certificate)?.target.epoch ?? 0) < beforeEpoch) this.#tallies.delete(key);
    }
    for (const [key, { target }] of this.#waiting) if (target.epoch < beforeEpoch) this.#waiting.delete(key);
  }

  #certificate(key: string): Certificate | undefined {
    const { index, bls } = this.#options;
    const { votes, certificate } = this.#tallies.get(key) as Tally;
    const [first] = votes.values();
    if (!first) return certificate;
    const electorate = index.electorateOf(first.target.block);
    const known = certificate ? signersMask(certificate) : 0n;
    const mask = electorate.validators.reduce(
      (bits, { address }, nth) => (votes.has(address) ? bits | (1n << BigInt(nth)) : bits),
      0n,
    );
    // A certificate's votes cannot be taken apart: the one with more signers is as good as it gets.
    if (certificate && countOf(known) >= countOf(mask)) return certificate;
    const weight = electorate.validators.reduce(
      (sum, elector) => (votes.has(elector.address) ? sum + elector.weight : sum),
      0n,
    );
    if (weight * 3n < electorate.total * 2n) return certificate;
    const made = certify(bls, electorate, first, [...votes.values()]);
    (this.#tallies.get(key) as Tally).certificate = made;
    return made;
  }

  #tally(key: string): Tally {
    const tally = this.#tallies.get(key) ?? { votes: new Map(), certificate: undefined };
    this.#tallies.set(key, tally);
    return tally;
  }

  #wait(key: string, vote: SignedVote): VoteFate {
    if (this.#waiting.size >= mostWaiting) {
      const [oldest] = this.#waiting.keys();
      this.#waiting.delete(oldest as string);
    }
    this.#waiting.set(key, vote);
    return 'waits';
  }

  #retry(): void {
    for (const [key, vote] of [...this.#waiting]) {
      if (!this.#options.index.has(vote.target.block)) continue;
      this.#waiting.delete(key);
      try {
        this.add(vote);
      } catch (error) {
        // Who sent it is long gone; a vote that nobody honest makes is worth nothing.
        if (!(error instanceof AiosError && error.code === 'VOTE_INVALID')) throw error;
      }
    }
  }

  #tell(progress: Progress): void {
    if (!progress.justified && !progress.finalized) return;
    this.#options.onProgress(progress);
    if (progress.justified) this.#retry();
  }

  #stakesOf(electorate: Electorate): Stakes {
    const known = this.#stakes.get(electorate);
    if (known) return known;
    const stakes = new Map(electorate.validators.map(({ address, weight }) => [address, weight]));
    this.#stakes.set(electorate, stakes);
    return stakes;
  }
}

function countOf(bits: bigint): number {
  let count = 0;
  for (let left = bits; left > 0n; left &= left - 1n) count += 1;
  return count;
}

function voteInvalid({ validator, target }: SignedVote, why: string): AiosError {
  return new AiosError(
    'VOTE_INVALID',
    `A vote of ${validator} for epoch ${target.epoch} is refused: ${why}.`,
  );
}
