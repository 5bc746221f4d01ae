// The blocks that a node has accepted: their DAG, their headers, and what each knows to be final. Says which blocks may join it.
import { hash as digest } from 'node:crypto';
import type { Bls } from '../crypto/bls.ts';
import { BlockDag, type BlockOrder } from '../dag/block-dag.ts';
import { pastMedianTime } from '../dag/past-median-time.ts';
import type { CheckedCertificate } from '../state/chain-block.ts';
import type { Electorate } from '../state/validators.ts';
import { type Genesis, genesisHeader } from '../types/genesis.ts';
import { blockIdOf, headerSigningRoot, type SignedHeader } from '../types/header.ts';
import type { BlockId } from '../types/identifiers.ts';
import { MAX_PARENTS } from '../types/limits.ts';
import { type Certificate, encodeCertificate } from '../types/vote.ts';
import { blockInvalid, type CheckedBlock } from './block-check.ts';
import { isSigned, signersMask, weighCertificate } from './certificates.ts';
import {
  type FinalityContext,
  follows,
  genesisContext,
  linkKey,
  withCertificate,
} from './finality-context.ts';
import type { ForkView } from './fork-choice.ts';
import { proposersOf } from './proposers.ts';

export interface BlockEntry {
  readonly id: BlockId;
  readonly header: SignedHeader;
  readonly round: number;
  readonly context: FinalityContext;
  /** The block's own certificates, checked. */
  readonly certificates: readonly CheckedWithSigners[];
  /** For each block of the mergeset in order, and the block itself last: which certificates count when it is executed on the selected chain. */
  readonly counted: readonly (readonly CheckedCertificate[])[];
  readonly transactions: number;
}

interface CheckedWithSigners extends CheckedCertificate {
  readonly signers: bigint;
  readonly certificate: Certificate;
}

/** Of certificates whose signatures were found right. */
const rememberedCertificates = 1_024;

export interface BlockIndexOptions {
  readonly genesis: Genesis;
  /** Of the state after the genesis. */
  readonly genesisRoot: string;
  readonly bls: Bls;
  /**
   * Who may propose and vote in the future of a final block; it has been executed, or is now.
   * @throws AiosError when it cannot be
   */
  readonly electorateAt: (final: BlockId) => Electorate;
  /** Whether that is known without executing anything: of blocks long final it is not. */
  readonly knowsElectorate: (final: BlockId) => boolean;
}

export class BlockIndex implements ForkView {
  readonly #options: BlockIndexOptions;
  readonly #dag: BlockDag;
  readonly #entries = new Map<BlockId, BlockEntry>();
  /** In the order in which they joined: the past of each comes before it. */
  readonly #order: BlockId[] = [];
  readonly #children = new Map<BlockId, BlockId[]>();
  readonly #signed = new Set<string>();
  readonly genesisId: BlockId;

  constructor(options: BlockIndexOptions) {
    this.#options = options;
    const { genesis, genesisRoot } = options;
    const { k, maxMergeset, mergeDepth } = genesis.parameters;
    const header = { ...genesisHeader(genesis, genesisRoot), signature: new Uint8Array(96) };
    const id = blockIdOf(header);
    this.genesisId = id;
    this.#dag = new BlockDag({
      k,
      genesis: id,
      limits: { maxParents: MAX_PARENTS, maxMergeset, mergeDepth },
    });
    this.#enter({
      ...{ id, header, round: -1, context: genesisContext(id, genesisRoot) },
      ...{ certificates: [], counted: [[]], transactions: 0 },
    });
  }

  get size(): number {
    return this.#order.length;
  }

  get tips(): readonly BlockId[] {
    return this.#dag.tips;
  }

  has(id: BlockId): boolean {
    return this.#entries.has(id);
  }

  /** @throws RangeError when it is not known: ask `has` before */
  entry(id: BlockId): BlockEntry {
    const entry = this.#entries.get(id);
    if (!entry) throw new RangeError(`block ${id} is not known`);
    return entry;
  }

  find(id: BlockId): BlockEntry | undefined {
    return this.#entries.get(id);
  }

  roundOf(id: BlockId): number {
    return this.entry(id).round;
  }

  parentsOf(id: BlockId): readonly BlockId[] {
    return this.entry(id).header.parents;
  }

  childrenOf(id: BlockId): readonly BlockId[] {
    return this.#children.get(id) ?? [];
  }

  compare(a: BlockId, b: BlockId): number {
    return this.#dag.compare(a, b);
  }

  isAncestor(ancestor: BlockId, block: BlockId): boolean {
    return this.#dag.isAncestor(ancestor, block);
  }

  isChainAncestor(ancestor: BlockId, block: BlockId): boolean {
    return this.#dag.isChainAncestor(ancestor, block);
  }

  chain(from: BlockId): Generator<BlockId> {
    return this.#dag.chain(from);
  }

  ghostdag(id: BlockId): BlockOrder {
    return this.#dag.order(id);
  }

  /** What is executed with a chain block, in order, itself last. */
  merged(id: BlockId): readonly { readonly id: BlockId; readonly blue: boolean }[] {
    const reds = new Set(this.#dag.order(id).reds);
    return [
      ...this.#dag.mergeset(id).map((merged) => ({ id: merged, blue: !reds.has(merged) })),
      { id, blue: true },
    ];
  }

  /** The last block before an epoch on the selected chain of a block: what validators vote on in that epoch. */
  checkpointBlock(epoch: number, tip: BlockId): BlockId {
    const { roundsPerEpoch } = this.#options.genesis.parameters;
    for (const block of this.chain(tip)) if (this.roundOf(block) < epoch * roundsPerEpoch) return block;
    return this.genesisId;
  }

  /** Who may vote for a checkpoint of this block. @throws as `electorateAt` */
  electorateOf(id: BlockId): Electorate {
    return this.#options.electorateAt(this.entry(id).context.finalized.block);
  }

  /** Who may propose a block of a round that knows this to be final. @throws as `electorateAt` */
  proposers(context: FinalityContext, round: number): readonly string[] {
    const { block } = context.finalized;
    const { proposersPerRound } = this.#options.genesis.parameters;
    return proposersOf(this.#options.electorateAt(block), block, round, proposersPerRound);
  }

  /**
   * What a block with these parents would be: for who makes one.
   * @throws AiosError BLOCK_INVALID
   */
  preview(parents: readonly BlockId[]): {
    readonly order: BlockOrder;
    readonly medianTime: number;
    readonly context: FinalityContext;
  } {
    const order = this.#dag.preview(parents);
    const selected = order.selectedParent as BlockId;
    return { order, medianTime: this.#medianTime(selected), context: this.#inherited(order).context };
  }

  /** Whether a certificate may stand in a block that builds on a selected parent and what is known there. */
  mayBring(context: FinalityContext, selectedParent: BlockId, certificate: Certificate): boolean {
    const { source, target } = certificate;
    return (
      follows(context, certificate) &&
      target.epoch > source.epoch &&
      target.block !== source.block &&
      this.has(target.block) &&
      this.isChainAncestor(source.block, target.block) &&
      this.isChainAncestor(target.block, selectedParent)
    );
  }

  /**
   * Takes in a block whose parents are known, or says why not.
   * @param trusted its signatures were checked before: it comes from the node's own disk, or was just made
   * @throws AiosError BLOCK_INVALID, PARENT_UNKNOWN; nothing is changed then
   */
  add({ block, round, transactions }: CheckedBlock, trusted = false): BlockEntry {
    const { id, header } = block;
    const { bls } = this.#options;
    const invalid = (why: string) => blockInvalid(id, why);
    const order = this.#dag.preview(header.parents);
    const selected = order.selectedParent as BlockId;
    const late = header.parents.find((parent) => this.roundOf(parent) >= round);
    if (late !== undefined)
      throw invalid(`it is of round ${round}, and its parent ${late} of round ${this.roundOf(late)}`);
    const median = this.#medianTime(selected);
    if (header.timestamp <= median)
      throw invalid(`its time ${header.timestamp} is not after the median of its past, ${median}`);
    const inherited = this.#inherited(order);
    let { context } = inherited;
    const certificates: CheckedWithSigners[] = [];
    const own: CheckedCertificate[] = [];
    for (const certificate of block.certificates) {
      const checked = this.#checked(id, context, selected, certificate, trusted);
      certificates.push(checked);
      const next = withCertificate(context, checked, checked.signers);
      if (next === context) throw invalid(`its certificate ${linkKey(certificate)} says nothing new`);
      context = next;
      own.push(checked);
    }
    const { finalized } = context;
    if (header.finalized.epoch !== finalized.epoch || header.finalized.block !== finalized.block)
      throw invalid(
        `it says that epoch ${header.finalized.epoch} is final, and the certificates of its past say ${finalized.epoch}`,
      );
    if (header.stateRoot !== finalized.stateRoot)
      throw invalid('its state root is not that of its final checkpoint');
    const proposers = trusted ? [header.proposer] : this.proposers(context, round);
    if (!proposers.includes(header.proposer))
      throw invalid(`${header.proposer} may not propose in round ${round}, only ${proposers.join(', ')}`);
    if (!trusted) {
      const { validators } = this.#options.electorateAt(finalized.block);
      const key = validators.find(({ address }) => address === header.proposer)?.votingKey as Uint8Array;
      if (!bls.verify(key, headerSigningRoot(this.genesisId, id), header.signature))
        throw invalid('it is not signed by its proposer');
    }
    this.#dag.add({ id, parents: header.parents });
    const entry: BlockEntry = {
      ...{ id, header, round, context, certificates },
      counted: [...inherited.counted, own],
      transactions: transactions.length,
    };
    this.#enter(entry);
    for (const parent of header.parents) this.#children.set(parent, [...this.childrenOf(parent), id]);
    return entry;
  }

  /** Blocks that joined after one that is known, or are not in the past of any of those, in order, at most so many. */
  *after(had: readonly BlockId[], most: number): Generator<BlockId> {
    const known = had.filter((id) => this.has(id));
    const chain = known.filter((id) => this.isChainAncestor(id, this.#dag.heaviest));
    const common = chain.reduce((a, b) => (this.compare(a, b) > 0 ? a : b), this.genesisId);
    const { mergeDepth } = this.#options.genesis.parameters;
    // What joined long before the common block is in its past, or too old to be merged by anything.
    const from = this.#order.lastIndexOf(common) - 8 * mergeDepth;
    let sent = 0;
    for (let nth = Math.max(1, from); nth < this.#order.length && sent < most; nth++) {
      const id = this.#order[nth] as BlockId;
      if (known.some((each) => this.isAncestor(id, each))) continue;
      sent += 1;
      yield id;
    }
  }

  /** Blocks that an asker names so that others see what it has: its tips, and its selected chain in growing steps. */
  locator(tip: BlockId, most: number): readonly BlockId[] {
    const named = new Set<BlockId>(this.tips.slice(0, most / 2));
    let [nth, next] = [0, 0];
    for (const block of this.chain(tip)) {
      if (nth++ < next) continue;
      named.add(block);
      next = Math.max(next + 1, next * 2);
      if (named.size >= most - 1) break;
    }
    return [...named.add(this.genesisId)];
  }

  #medianTime(selectedParent: BlockId): number {
    return pastMedianTime(this.#dag, selectedParent, (id) => this.entry(id).header.timestamp);
  }

  /** What follows from a block's parents: the selected parent's context with the certificates of all that is merged. */
  #inherited({ selectedParent, blues, reds }: BlockOrder) {
    const selected = selectedParent as BlockId;
    const merged = [...blues.slice(1), ...reds].sort((a, b) => this.compare(a, b));
    let { context } = this.entry(selected);
    const counted = merged.map((id) =>
      this.entry(id).certificates.filter((checked) => {
        if (!this.isChainAncestor(checked.target.block, selected)) return false;
        const next = withCertificate(context, checked, checked.signers);
        const news = next !== context;
        context = next;
        return news;
      }),
    );
    return { context, counted };
  }

  #checked(
    id: BlockId,
    context: FinalityContext,
    selected: BlockId,
    certificate: Certificate,
    trusted: boolean,
  ): CheckedWithSigners {
    const invalid = (why: string) =>
      blockInvalid(id, `its certificate for epoch ${certificate.target.epoch} ${why}`);
    if (!this.mayBring(context, selected, certificate))
      throw invalid('does not follow on what its past justifies, or is for another chain');
    const signers = signersMask(certificate);
    const { finalized } = this.entry(certificate.target.block).context;
    // Executed long ago, and never again: nobody asks any more who voted.
    if (trusted && !this.#options.knowsElectorate(finalized.block)) {
      const { source, target, stateRoot } = certificate;
      const nobody = { signed: [], absent: [], signedStake: 0n, totalStake: 0n };
      return { source, target, stateRoot, ...nobody, signers, certificate };
    }
    const electorate = this.electorateOf(certificate.target.block);
    const checked = weighCertificate(electorate, certificate);
    if (typeof checked === 'string') throw invalid(`is not valid: ${checked}`);
    if (!trusted && !this.#isSigned(electorate, certificate))
      throw invalid('does not have the signature of its signers');
    return { ...checked, signers, certificate };
  }

  /** Parallel blocks bring the same certificates. */
  #isSigned(electorate: Electorate, certificate: Certificate): boolean {
    const key = digest('sha256', encodeCertificate(certificate), 'hex');
    if (this.#signed.has(key)) return true;
    if (!isSigned(this.#options.bls, this.genesisId, electorate, certificate)) return false;
    if (this.#signed.size >= rememberedCertificates) this.#signed.clear();
    this.#signed.add(key);
    return true;
  }

  #enter(entry: BlockEntry): void {
    this.#entries.set(entry.id, entry);
    this.#order.push(entry.id);
  }
}
