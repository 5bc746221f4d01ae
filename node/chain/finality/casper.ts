// Which checkpoints are justified and final, from the votes so far (Casper FFG). Two thirds of the stake behind a link justify its target; a
// justified checkpoint is final once the one of the next epoch is justified by a link from it. Says nothing of signatures: votes come checked.
import { AiosError } from '#node/platform/errors.ts';
import type { BlockId } from '../types/identifiers.ts';
import type { Checkpoint, Vote } from '../types/vote.ts';

/** Stakes by validator, nano-AiOS. */
export type Stakes = ReadonlyMap<string, bigint>;

export interface CasperOptions {
  /** Justified and final from the beginning. */
  readonly genesis: Checkpoint;
  /** Who may vote for a checkpoint, and with which weight. Must not change once it was asked for. */
  readonly stakesFor: (target: Checkpoint) => Stakes;
  /** Whether a block is another or on its selected chain. */
  readonly isChainAncestor: (ancestor: BlockId, block: BlockId) => boolean;
}

/** What one more vote brought about. */
export interface Progress {
  readonly justified: Checkpoint | undefined;
  readonly finalized: Checkpoint | undefined;
}

interface Link {
  readonly source: Checkpoint;
  readonly target: Checkpoint;
  readonly stateRoot: string;
  readonly voters: Set<string>;
  weight: bigint;
}

const nothing: Progress = { justified: undefined, finalized: undefined };
const keyOf = ({ epoch, block }: Checkpoint) => `${epoch}:${block}`;

export class Casper {
  readonly #options: CasperOptions;
  readonly #justified = new Map<string, Checkpoint>();
  readonly #links = new Map<string, Link>();
  #lastJustified: Checkpoint;
  #lastFinalized: Checkpoint;

  constructor(options: CasperOptions) {
    this.#options = options;
    this.#lastJustified = options.genesis;
    this.#lastFinalized = options.genesis;
    this.#justified.set(keyOf(options.genesis), options.genesis);
  }

  /** The justified checkpoint of the highest epoch. */
  get justified(): Checkpoint {
    return this.#lastJustified;
  }

  get finalized(): Checkpoint {
    return this.#lastFinalized;
  }

  isJustified(checkpoint: Checkpoint): boolean {
    return this.#justified.has(keyOf(checkpoint));
  }

  /**
   * Counts a vote, once.
   * @throws AiosError VOTE_INVALID when nobody honest would make it; SOURCE_NOT_JUSTIFIED when it may count later, after others;
   * FINALITY_CONFLICT when it would make final what contradicts what is: a third of the stake is at fault then, and the chain stops here
   */
  add(vote: Vote): Progress {
    const { source, target, validator, stateRoot } = vote;
    const { isChainAncestor, stakesFor } = this.#options;
    const invalid = (why: string) =>
      new AiosError('VOTE_INVALID', `A vote of ${validator} for epoch ${target.epoch} is refused: ${why}.`);
    if (!Number.isSafeInteger(target.epoch) || source.epoch < 0 || target.epoch <= source.epoch)
      throw invalid(`its target is not after its source, of epoch ${source.epoch}`);
    if (source.block === target.block || !isChainAncestor(source.block, target.block))
      throw invalid('its target is not on a chain from its source');
    const stakes = stakesFor(target);
    const stake = stakes.get(validator);
    if (stake === undefined) throw invalid('the validator has no stake there');
    if (!this.isJustified(source))
      throw new AiosError(
        'SOURCE_NOT_JUSTIFIED',
        `A vote of ${validator} starts from epoch ${source.epoch}, which is not justified here. Keep it until it is.`,
      );
    const key = `${keyOf(source)}>${keyOf(target)}:${stateRoot}`;
    const link = this.#links.get(key) ?? { source, target, stateRoot, voters: new Set(), weight: 0n };
    if (link.voters.has(validator)) return nothing;
    this.#links.set(key, link);
    link.voters.add(validator);
    link.weight += stake;
    let total = 0n;
    for (const each of stakes.values()) total += each;
    return link.weight * 3n >= total * 2n ? this.#justify(link) : nothing;
  }

  /** Forgets votes and checkpoints of before an epoch, which is final. */
  forget(beforeEpoch: number): void {
    for (const [key, { target }] of this.#links) if (target.epoch < beforeEpoch) this.#links.delete(key);
    for (const [key, { epoch }] of this.#justified) if (epoch < beforeEpoch) this.#justified.delete(key);
  }

  #justify({ source, target }: Link): Progress {
    const known = this.isJustified(target);
    const finalizes = target.epoch === source.epoch + 1 && source.epoch > this.#lastFinalized.epoch;
    if (known && !finalizes) return nothing;
    if (finalizes && !this.#options.isChainAncestor(this.#lastFinalized.block, source.block))
      throw new AiosError(
        'FINALITY_CONFLICT',
        `Epoch ${source.epoch} would be final with block ${source.block}, which is not after block ${this.#lastFinalized.block} that is final since epoch ${this.#lastFinalized.epoch}. At least a third of the stake has contradicted itself: keep the votes as evidence, and decide by people which chain goes on.`,
      );
    this.#justified.set(keyOf(target), target);
    if (target.epoch > this.#lastJustified.epoch) this.#lastJustified = target;
    if (finalizes) this.#lastFinalized = source;
    return { justified: known ? undefined : target, finalized: finalizes ? source : undefined };
  }
}
