// What a validator does beside following the chain: proposes blocks when it is drawn, votes once an epoch. Everything it signs is in its journal,
// and what it speaks of on disk, before anybody hears of it.
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { BlsSigner } from '../crypto/bls.ts';
import type { Mempool } from '../mempool/mempool.ts';
import type { CheckedTransaction } from '../state/chain-block.ts';
import type { ChainStore } from '../store/chain-store.ts';
import { bodyRootOf, encodeBlock } from '../types/block.ts';
import { roundAt } from '../types/genesis.ts';
import { blockIdOf, HEADER_VERSION, type Header, headerSigningRoot } from '../types/header.ts';
import type { AddressHex, BlockId } from '../types/identifiers.ts';
import { MAX_PARENTS } from '../types/limits.ts';
import { type Certificate, type Link, linkSigningRoot, type SignedVote } from '../types/vote.ts';
import type { CheckedBlock } from './block-check.ts';
import type { ChainNode, NodeLog } from './chain-node.ts';
import type { Clock } from './clock.ts';
import { parentsFor } from './fork-choice.ts';

/** What was signed must be on disk before it is sent: `SigningJournal`, or the simulator's. */
export interface Journal {
  vote(link: Link): Promise<void>;
  proposal(round: number, block: BlockId): Promise<void>;
}

export interface ValidatorOptions {
  readonly node: ChainNode;
  readonly address: AddressHex;
  readonly signer: BlsSigner;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly store: ChainStore;
  readonly mempool: Mempool;
  readonly log: NodeLog;
  /** Tells everybody of a block, or a vote, of its own. */
  readonly announce: (what: { readonly block: CheckedBlock } | { readonly vote: SignedVote }) => void;
  /** Whether the node has caught up with its peers: who lags behind signs nothing that would be of use. */
  readonly isSynced: () => boolean;
  /** What it does when it is its turn. The simulator has others. */
  readonly conduct?: Conduct;
}

export interface Conduct {
  propose(validator: Validator, round: number): Promise<void>;
  vote(validator: Validator, epoch: number): Promise<void>;
}

const honest: Conduct = {
  propose: (validator, round) => validator.propose(round),
  vote: (validator, epoch) => validator.vote(epoch),
};

/** A block that is not signed yet. */
export interface Draft {
  readonly header: Header;
  readonly certificates: readonly Certificate[];
  readonly transactions: readonly (CheckedTransaction & { readonly encoded: Uint8Array })[];
}

/** Bytes of a block that are no transactions: header, certificates, lengths. */
const overheadBytes = 16_384;

export class Validator {
  readonly #options: ValidatorOptions;
  #cancel: (() => void)[] = [];
  #closed = false;
  /** The last ones that were begun, or will be. */
  #round = -1;
  #epoch = 0;

  constructor(options: ValidatorOptions) {
    this.#options = options;
  }

  start(): void {
    this.#nextRound();
    this.#nextVote();
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#cancel) cancel();
  }

  /** Proposes a block for a round, if the validator is drawn and nothing is in the way. */
  async propose(round: number): Promise<void> {
    const { journal, log } = this.#options;
    const draft = this.draft(round);
    if (!draft) return;
    const id = blockIdOf(draft.header);
    await journal.proposal(round, id);
    await this.publish(this.seal(draft));
    log.info({ round, block: id, transactions: draft.transactions.length }, 'proposed');
  }

  /** Votes for the checkpoint of an epoch. */
  async vote(epoch: number): Promise<void> {
    const link = this.ballot(epoch);
    if (!link) return;
    await this.#options.journal.vote(link);
    await this.publish(this.sign(link));
  }

  /** Takes in a block or a vote of its own, and tells of it. */
  async publish(what: CheckedBlock | SignedVote): Promise<void> {
    const { node, store, announce } = this.#options;
    if ('block' in what) node.accept(what);
    // Who counts on a vote may count on the blocks behind it.
    await store.commit();
    if ('block' in what) announce({ block: what });
    else {
      node.vote(what, true);
      announce({ vote: what });
    }
  }

  /** Signs a block that must be in the journal. */
  seal({ header, certificates, transactions }: Draft): CheckedBlock {
    const { node, signer } = this.#options;
    const id = blockIdOf(header);
    const signature = signer.sign(headerSigningRoot(node.index.genesisId, id));
    const block = {
      ...{ id, header: { ...header, signature }, certificates },
      transactions: transactions.map(({ encoded }) => encoded),
    };
    return {
      ...{ block, bytes: encodeBlock(block), transactions },
      round: roundAt(node.genesis.parameters, header.timestamp),
    };
  }

  /** Signs a vote that must be in the journal. */
  sign({ source, target, stateRoot }: Link): SignedVote {
    const { node, signer, address } = this.#options;
    const signature = signer.sign(linkSigningRoot(node.index.genesisId, { source, target, stateRoot }));
    return { source, target, stateRoot, validator: address, signature };
  }

  /** What to vote for in an epoch; undefined when there is nothing, or it is not this validator's to vote. */
  ballot(epoch: number): Link | undefined {
    const { node, address } = this.#options;
    const { index, justified: source } = node;
    const target = { epoch, block: index.checkpointBlock(epoch, node.tip) };
    if (source.epoch >= epoch || target.block === source.block) return undefined;
    if (!index.isChainAncestor(source.block, target.block)) return undefined;
    if (!index.electorateOf(target.block).validators.some((elector) => elector.address === address))
      return undefined;
    if (node.executed.rootAt(target.block) === undefined) node.advance(target.block);
    const stateRoot = node.executed.rootAt(target.block);
    return stateRoot === undefined ? undefined : { source, target, stateRoot };
  }

  /** A block for a round; undefined when it is not this validator's, or too late. */
  draft(round: number): Draft | undefined {
    const { node, address, clock, mempool } = this.#options;
    const { index, genesis } = node;
    const { parameters } = genesis;
    const roundStart = parameters.genesisTime + round * parameters.roundMs;
    let parents = parentsFor(index, node.justified.block, round, MAX_PARENTS);
    let preview: ReturnType<typeof index.preview> | undefined;
    // What is too old or too much to merge is left out, the lightest first.
    while (!preview) {
      try {
        preview = index.preview(parents);
      } catch (error) {
        if (!(error instanceof AiosError && error.code === 'BLOCK_INVALID') || parents.length === 1)
          throw error;
        parents = parents.slice(0, -1);
      }
    }
    const { order, medianTime } = preview;
    const timestamp = Math.max(Math.floor(clock.now()), roundStart, medianTime + 1);
    if (timestamp >= roundStart + parameters.roundMs) return undefined;
    const selected = order.selectedParent as BlockId;
    const certificates = node.votes.certificatesFor(preview.context, selected);
    const context = node.votes.contextWith(preview.context, certificates);
    const proposers = index.proposers(context, round);
    const nth = proposers.indexOf(address);
    if (nth === -1) return undefined;
    const transactions = mempool.take({
      maxBytes: parameters.maxBlockBytes - overheadBytes,
      maxOperations: parameters.maxBlockOperations,
      share: { of: proposers.length, nth },
      round,
    });
    const header: Header = {
      version: HEADER_VERSION,
      chainId: parameters.chainId,
      parents: [...parents].sort(),
      timestamp,
      proposer: address,
      finalized: { epoch: context.finalized.epoch, block: context.finalized.block },
      stateRoot: context.finalized.stateRoot,
      bodyRoot: bodyRootOf(
        certificates,
        transactions.map(({ id }) => id),
      ),
    };
    return { header, transactions, certificates };
  }

  #nextRound(): void {
    const { node, conduct = honest } = this.#options;
    const { genesisTime, roundMs } = node.genesis.parameters;
    // A timer may fire a little early: a round is never begun twice.
    const round = Math.max(0, node.round, this.#round) + 1;
    this.#round = round;
    this.#at(genesisTime + round * roundMs, () => {
      this.#nextRound();
      this.#quietly('propose', { round }, () => conduct.propose(this, round));
    });
  }

  #nextVote(): void {
    const { node, clock, conduct = honest } = this.#options;
    const { genesisTime, roundMs, roundsPerEpoch, voteDelayMs } = node.genesis.parameters;
    const epochMs = roundMs * roundsPerEpoch;
    const current = Math.floor((clock.now() - genesisTime - voteDelayMs) / epochMs);
    const epoch = Math.max(0, current, this.#epoch) + 1;
    this.#epoch = epoch;
    this.#at(genesisTime + epoch * epochMs + voteDelayMs, () => {
      this.#nextVote();
      this.#quietly('vote', { epoch }, () => conduct.vote(this, epoch));
    });
  }

  #at(time: number, act: () => void): void {
    if (this.#closed) return;
    const cancel = this.#options.clock.at(time, () => {
      this.#cancel = this.#cancel.filter((each) => each !== cancel);
      act();
    });
    this.#cancel.push(cancel);
  }

  /** A duty that fails is a duty missed: it is said, and the next one comes. */
  #quietly(duty: string, facts: Record<string, unknown>, act: () => Promise<unknown>): void {
    const { isSynced, node, log } = this.#options;
    if (node.halted || !isSynced()) return;
    act().catch((error: unknown) => {
      if (!this.#closed) log.warn({ ...facts, duty }, messageOf(error));
    });
  }
}
