// One node of the chain: takes in blocks and votes from wherever they come, knows which chain is selected and what of it is final, and keeps the
// executed state in step. All that reaches outside is handed to it (clock, network, store, signatures), so that a simulator can run it.
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { Bls } from '../crypto/bls.ts';
import type { TransactionSignatures } from '../crypto/transaction-signatures.ts';
import type { Progress } from '../finality/casper.ts';
import type { Mempool } from '../mempool/mempool.ts';
import type { Network } from '../net/network.ts';
import type { ChainBlock, CheckedTransaction } from '../state/chain-block.ts';
import type { Ledger } from '../state/ledger.ts';
import type { ChainStore } from '../store/chain-store.ts';
import { decodeBlock } from '../types/block.ts';
import { epochOfRound, type Genesis, roundAt } from '../types/genesis.ts';
import type { BlockId } from '../types/identifiers.ts';
import { encodeTransaction } from '../types/transaction.ts';
import type { Checkpoint, SignedVote } from '../types/vote.ts';
import { type CheckedBlock, checkBlock, openTransaction, reopen } from './block-check.ts';
import { type BlockEntry, BlockIndex } from './block-index.ts';
import type { Admission, ChainChange, ChainHead } from './chain-view.ts';
import type { Clock } from './clock.ts';
import { EquivocationWatch, type Offence } from './equivocation-watch.ts';
import { ExecutedChain } from './executed-chain.ts';
import { encodeFinalityFact, FINALITY_FACT } from './finality-fact.ts';
import { bestTip } from './fork-choice.ts';
import { Orphans } from './orphans.ts';
import { type VoteFate, VotePool } from './vote-pool.ts';

export interface ChainNodeOptions {
  readonly genesis: Genesis;
  readonly store: ChainStore;
  readonly network: Network;
  readonly bls: Bls;
  readonly signatures: TransactionSignatures;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly genesisRoot: string;
  /** Where the ledger stands. */
  readonly at: { readonly index: number; readonly id: BlockId };
  /** What was final when the node stopped. */
  readonly finalized: Checkpoint;
  readonly mempool: Mempool;
  readonly log: NodeLog;
}

/** What happens that an operator should know of. */
export interface NodeLog {
  info(facts: Record<string, unknown>, message: string): void;
  warn(facts: Record<string, unknown>, message: string): void;
  error(facts: Record<string, unknown>, message: string): void;
}

/** Final blocks after which their changes are folded into the stored state: what a restart executes again is at most a little more. */
const foldEvery = 32;

export type BlockFate = 'accepted' | 'known' | 'orphan' | 'early';

export class ChainNode {
  readonly #options: ChainNodeOptions;
  readonly index: BlockIndex;
  readonly votes: VotePool;
  readonly executed: ExecutedChain;
  readonly #orphans = new Orphans<CheckedBlock>();
  readonly #opened = new Map<BlockId, readonly CheckedTransaction[]>();
  readonly #watch: EquivocationWatch;
  readonly #followers = new Set<(change: ChainChange) => void>();
  readonly #offenceListeners = new Set<(offence: Offence) => void>();
  #tip: BlockId;
  #halted: AiosError | undefined;
  /** Final, executed, and not to be taken back any more. */
  #settled: Checkpoint;

  constructor(options: ChainNodeOptions) {
    this.#options = options;
    const { genesis, bls, genesisRoot, at, ledger, store } = options;
    this.#watch = new EquivocationWatch((offence) => {
      for (const listener of this.#offenceListeners) listener(offence);
    });
    this.index = new BlockIndex({
      ...{ genesis, genesisRoot, bls },
      electorateAt: (final) => this.#electorateAt(final),
      knowsElectorate: (final) => this.executed.electorateAt(final) !== undefined,
    });
    this.executed = new ExecutedChain({
      ...{ ledger, store, at },
      chainFrom: (id) => this.index.chain(id),
      chainBlock: (id) => this.#chainBlock(id),
    });
    this.votes = new VotePool({
      ...{ index: this.index, bls },
      genesis: options.finalized,
      onSigned: (vote) => this.#watch.vote(vote),
      onProgress: (progress) => this.#onProgress(progress),
    });
    this.#tip = this.index.genesisId;
    this.#settled = { epoch: 0, block: this.index.genesisId };
  }

  get genesis(): Genesis {
    return this.#options.genesis;
  }

  get tip(): BlockId {
    return this.#tip;
  }

  get round(): number {
    return roundAt(this.genesis.parameters, this.#options.clock.now());
  }

  get epoch(): number {
    return epochOfRound(this.genesis.parameters, this.round);
  }

  get justified(): Checkpoint {
    return this.votes.justified;
  }

  get finalized(): Checkpoint {
    return this.votes.finalized;
  }

  /** The last final checkpoint that is executed here: the oldest state that can be gone back to. */
  get settled(): Checkpoint {
    return this.#settled;
  }

  /** Why the node stopped; undefined while it runs. */
  get halted(): AiosError | undefined {
    return this.#halted;
  }

  get head(): ChainHead {
    const indexOf = ({ block }: Checkpoint) => this.executed.indexOf(block);
    const latest = this.executed.head.index;
    const finalized = Math.min(latest, indexOf(this.finalized) ?? 0);
    return { latest, finalized, justified: Math.max(finalized, indexOf(this.justified) ?? finalized) };
  }

  /** A block as a peer sent it. @throws Malformed; AiosError BLOCK_INVALID */
  async receive(bytes: Uint8Array): Promise<BlockFate> {
    const block = decodeBlock(bytes);
    if (this.index.has(block.id)) return 'known';
    if (this.#orphans.has(block.id)) return 'orphan';
    const { mempool, signatures, genesis } = this.#options;
    const checked = await checkBlock(genesis, signatures, block, bytes, (id) => mempool.has(id));
    return this.accept(checked);
  }

  /** A block from the node's own disk, where it was checked before it was put. All of its past came before. Executes nothing. */
  restore(bytes: Uint8Array): void {
    const block = decodeBlock(bytes);
    const round = roundAt(this.genesis.parameters, block.header.timestamp);
    // Its transactions are read again if it has to be executed again.
    this.#count(this.index.add({ block, bytes, round, transactions: [] }, true));
  }

  /**
   * Takes in a block and whatever has waited for it.
   * @throws AiosError BLOCK_INVALID
   */
  accept(checked: CheckedBlock): BlockFate {
    const { id, header } = checked.block;
    if (this.#halted) throw this.#halted;
    if (this.index.has(id)) return 'known';
    // One round ahead is a clock that runs fast; more is kept out of the DAG until its time has come.
    if (checked.round > this.round + 1) return this.#later(checked);
    const missing = header.parents.filter((parent) => !this.index.has(parent));
    if (missing.length > 0) {
      this.#orphans.add(id, checked, missing, checked.bytes.length);
      return 'orphan';
    }
    this.#place(checked);
    for (const next of this.#orphans.released(id, (parent) => this.index.has(parent)))
      this.#acceptQuietly(next);
    this.advance();
    return 'accepted';
  }

  /** @throws AiosError VOTE_INVALID */
  vote(vote: SignedVote, trusted = false): VoteFate {
    if (this.#halted) throw this.#halted;
    const fate = this.#guarded(() => this.votes.add(vote, trusted));
    this.advance();
    return fate;
  }

  /** Checks a transaction and lets it wait for a block. */
  async submit(encoded: Uint8Array): Promise<Admission> {
    const [admission] = await this.submitAll([encoded]);
    return admission as Admission;
  }

  async submitAll(encoded: readonly Uint8Array[]): Promise<readonly Admission[]> {
    const { mempool, signatures } = this.#options;
    const opened = encoded.map((bytes) => {
      try {
        return openTransaction(bytes);
      } catch (error) {
        return { admitted: false, code: 'MALFORMED', why: messageOf(error) } as const;
      }
    });
    const checkable = opened.flatMap((each, nth) =>
      'admitted' in each || mempool.has(each.id) ? [] : [{ nth, bytes: encoded[nth] as Uint8Array }],
    );
    const verified = await signatures.verify(checkable.map(({ bytes }) => bytes));
    const wrong = new Set(checkable.filter((_, nth) => !verified[nth]).map(({ nth }) => nth));
    return opened.map((each, nth) => {
      if ('admitted' in each) return each;
      if (wrong.has(nth))
        return {
          admitted: false,
          code: 'SIGNATURE_INVALID',
          why: 'It is not signed by the key that it names, or for another chain.',
        };
      return mempool.add({ ...each, encoded: encoded[nth] as Uint8Array });
    });
  }

  /** Calls back after each change of the executed chain or of what is final. */
  follow(listener: (change: ChainChange) => void): () => void {
    this.#followers.add(listener);
    return () => this.#followers.delete(listener);
  }

  onOffence(listener: (offence: Offence) => void): () => void {
    this.#offenceListeners.add(listener);
    return () => this.#offenceListeners.delete(listener);
  }

  /** Transactions of a block that is accepted. */
  transactionsOf(id: BlockId): readonly CheckedTransaction[] {
    const opened = this.#opened.get(id);
    if (opened) return opened;
    if (id === this.index.genesisId) return [];
    const bytes = this.#options.store.block(id);
    if (!bytes)
      throw new AiosError(
        'STORE_CORRUPT',
        `Block ${id} was accepted, and the store does not have it. Start with --resync: everything is fetched from peers again.`,
      );
    return reopen(decodeBlock(bytes));
  }

  /** Follows the best tip, executes up to the block before it, or up to a block of its chain if that is later. */
  advance(atLeast?: BlockId): void {
    const head = this.executed.head.id;
    this.#tip = bestTip(this.index, this.justified.block);
    const [, parent] = this.index.chain(this.#tip);
    const upTo = atLeast ?? parent ?? this.#tip;
    // What was executed beyond, for a vote, stays.
    if (this.index.isChainAncestor(upTo, head) && this.index.isChainAncestor(head, this.#tip)) return;
    this.#moveTo(upTo);
  }

  #moveTo(id: BlockId): void {
    const { mempool, log } = this.#options;
    const { removed, added } = this.#guarded(() => this.executed.moveTo(id));
    if (removed.length > 0)
      log.warn(
        { from: removed.at(-1)?.index, blocks: removed.length },
        'the selected chain goes another way',
      );
    const senders = new Map<string, Uint8Array>();
    const undone: CheckedTransaction[] = [];
    for (const block of [...removed, ...added])
      for (const merged of this.index.merged(block.id))
        for (const transaction of this.transactionsOf(merged.id))
          senders.set(Buffer.from(transaction.sender).toString('latin1'), transaction.sender);
    for (const block of removed.toReversed())
      for (const merged of this.index.merged(block.id)) undone.push(...this.transactionsOf(merged.id));
    mempool.executed(senders.values());
    if (undone.length > 0) mempool.unexecuted(undone.map((transaction) => this.#candidate(transaction)));
    if (removed.length > 0 || added.length > 0) this.#tell({ removed, added, head: this.head });
    this.#settle();
  }

  /** Only a reorganization asks for it, so that it is encoded again rather than kept. */
  #candidate(transaction: CheckedTransaction) {
    return { ...transaction, encoded: encodeTransaction(transaction.transaction) };
  }

  #tell(change: ChainChange): void {
    for (const follower of this.#followers) follower(change);
  }

  #place(checked: CheckedBlock): void {
    const { block, bytes, round, transactions } = checked;
    const entry = this.#guarded(() => this.index.add(checked));
    this.#opened.set(block.id, transactions);
    this.#options.store.putBlock(block.id, bytes);
    this.#options.mempool.included(
      transactions.map((transaction) => transaction.id),
      round,
    );
    this.#watch.block(block.id, round, block.header);
    this.#count(entry);
  }

  #count(entry: BlockEntry): void {
    this.#guarded(() => this.votes.addBlock(entry));
  }

  #acceptQuietly(checked: CheckedBlock): void {
    try {
      if (!this.index.has(checked.block.id)) this.#place(checked);
    } catch (error) {
      if (this.#halted) throw error;
      this.#options.log.warn({ block: checked.block.id }, messageOf(error));
    }
  }

  #later(checked: CheckedBlock): BlockFate {
    const { clock, log, genesis } = this.#options;
    const { genesisTime, roundMs } = genesis.parameters;
    if (checked.round > this.round + 8) return 'early';
    clock.at(genesisTime + (checked.round - 1) * roundMs, () => {
      try {
        this.accept(checked);
      } catch (error) {
        log.warn({ block: checked.block.id }, messageOf(error));
      }
    });
    return 'early';
  }

  #onProgress({ justified, finalized }: Progress): void {
    const { log } = this.#options;
    if (justified) log.info({ epoch: justified.epoch, block: justified.block }, 'justified');
    if (finalized) log.info({ epoch: finalized.epoch, block: finalized.block }, 'final');
    this.#settle();
  }

  /** What is final and executed needs no way back any more. */
  #settle(): void {
    const { finalized } = this;
    if (finalized.epoch <= this.#settled.epoch) return;
    const stateRoot = this.executed.rootAt(finalized.block);
    if (stateRoot === undefined) return;
    this.#settled = finalized;
    this.#watch.final(finalized.epoch, finalized.block, stateRoot);
    const before = this.executed.base.index;
    const ids = [...this.#chainDownTo(finalized.block, before)];
    this.executed.finalize(finalized.block);
    const { store } = this.#options;
    store.putFact(FINALITY_FACT, encodeFinalityFact(finalized, this.executed.electorates));
    const index = this.executed.base.index;
    if (index - (store.folded?.index ?? 0) >= foldEvery) store.fold(index);
    for (const id of ids) for (const merged of this.index.merged(id)) this.#opened.delete(merged.id);
    const oldest = this.index.entry(finalized.block).context.finalized;
    this.votes.forget(oldest.epoch);
    // Blocks that are merged late may know as little of finality as what they may still be merged with.
    const score = (block: BlockId) => this.index.ghostdag(block).blueScore;
    const least = score(finalized.block) - 2 * this.genesis.parameters.mergeDepth;
    this.executed.forgetElectorates((block) => score(block) < least);
    this.#tell({ removed: [], added: [], head: this.head });
  }

  *#chainDownTo(id: BlockId, index: number): Generator<BlockId> {
    for (const block of this.index.chain(id)) {
      if ((this.executed.indexOf(block) ?? 0) <= index) return;
      yield block;
    }
  }

  #electorateAt(final: BlockId) {
    const known = this.executed.electorateAt(final);
    if (known) return known;
    // Final by certificates of two thirds, on a chain that this node has not followed so far.
    if (this.index.isChainAncestor(this.executed.base.id, final)) this.#moveTo(final);
    const electorate = this.executed.electorateAt(final);
    if (!electorate)
      throw new AiosError(
        'BLOCK_TOO_OLD',
        `Who could vote after block ${final} is forgotten here: what knows no later final block cannot be merged any more.`,
      );
    return electorate;
  }

  #chainBlock(id: BlockId): ChainBlock {
    const { counted, round } = this.index.entry(id);
    const merged = this.index.merged(id).map((block, nth) => {
      const entry = this.index.entry(block.id);
      return {
        ...{ id: block.id, blue: block.blue, round: entry.round, proposer: entry.header.proposer },
        certificates: counted[nth] ?? [],
        transactions: this.transactionsOf(block.id),
      };
    });
    return { id, round, merged };
  }

  /** After a conflict of finality nothing is signed, accepted or executed any more: people decide. */
  #guarded<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      if (error instanceof AiosError && error.code === 'FINALITY_CONFLICT' && !this.#halted) {
        this.#halted = error;
        this.#options.log.error({}, error.message);
      }
      throw error;
    }
  }
}
