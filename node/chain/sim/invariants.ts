// What must hold whatever happens, looked at after every step: the reason why there is a simulator.
import { contradictionOf } from '../finality/contradiction.ts';
import { type Genesis, roundAt } from '../types/genesis.ts';
import { decodeHeader } from '../types/header.ts';
import { type AddressHex, type BlockId, bytesOf } from '../types/identifiers.ts';
import { decodeVote, type SignedVote } from '../types/vote.ts';
import type { SimulatedNode } from './simulated-node.ts';

/** By their names they are asked for, reported, and tried with a planted bug each. */
export type Invariant =
  /** No two final checkpoints are on different chains. */
  | 'one-finality'
  /** After a block the state has one root, whoever executes it. */
  | 'equal-roots'
  /** Nothing comes from nowhere, or goes there. */
  | 'supply'
  /** Whoever keeps to the rules loses nothing, but for not being there. */
  | 'honest-stake'
  /** Whoever keeps to the rules never signs two things that contradict each other, crashes and all. */
  | 'no-contradiction'
  /** What is final stays. */
  | 'no-way-back'
  /** When all can talk to each other again, the chain goes on and all agree. */
  | 'progress'
  /** Whoever contradicts itself loses everything. */
  | 'justice'
  /** Nodes do not fail in ways that nobody foresaw. */
  | 'no-failure';

export class Violation extends Error {
  readonly invariant: Invariant;

  constructor(invariant: Invariant, message: string) {
    super(`${invariant}: ${message}`);
    this.name = 'Violation';
    this.invariant = invariant;
  }
}

interface Seen {
  /** A crash may cost it what it had not written yet. */
  readonly running: object;
  readonly finalized: BlockId;
  readonly epoch: number;
  readonly head: BlockId;
}

export class Invariants {
  readonly #genesis: Genesis;
  readonly #nodes: readonly SimulatedNode[];
  readonly #supply: bigint;
  /** Nobody else ever has anything. */
  readonly #accounts: readonly Uint8Array[];
  readonly #roots = new Map<BlockId, { readonly root: string; readonly node: string }>();
  readonly #finals = new Map<BlockId, { readonly epoch: number; readonly node: string }>();
  readonly #seen = new Map<SimulatedNode, Seen>();
  readonly #votes = new Map<AddressHex, SignedVote[]>();
  readonly #proposals = new Map<string, string>();
  readonly #cut = new Set<AddressHex>();

  constructor(genesis: Genesis, nodes: readonly SimulatedNode[]) {
    this.#genesis = genesis;
    this.#nodes = nodes;
    this.#accounts = genesis.accounts.map(({ address }) => bytesOf(address));
    this.#supply =
      genesis.reserve +
      genesis.treasury +
      genesis.accounts.reduce((sum, { balance }) => sum + balance, 0n) +
      genesis.validators.reduce((sum, { stake }) => sum + stake, 0n);
  }

  /** After everything that happens. */
  check(): void {
    for (const node of this.#nodes) {
      if (node.failure) throw new Violation('no-failure', `${node.name}: ${node.failure.stack}`);
      const { running } = node;
      if (!running) continue;
      const { finalized, executed } = running.node;
      const { id: head } = executed.head;
      const before = this.#seen.get(node);
      if (before && before.finalized === finalized.block && before.head === head) continue;
      this.#checkFinality(node, before);
      if (before?.head !== head) this.#checkState(node, head);
      this.#seen.set(node, { running, finalized: finalized.block, epoch: finalized.epoch, head });
    }
  }

  /** Everything that a validator says to others. */
  said(sender: SimulatedNode, topic: string, message: Uint8Array): void {
    if (!sender.isHonest) return;
    if (topic === 'votes') this.#checkVote(sender, decodeVote(message));
    if (topic === 'blocks') this.#checkProposal(sender, message);
  }

  /** When all has been well for a while. @param epochsBehind how far finality may lag behind the present */
  checkProgress(epoch: number, epochsBehind: number, guilty: readonly SimulatedNode[]): void {
    const finals: string[] = [];
    for (const { name, running } of this.#nodes) {
      if (!running) continue;
      const { finalized, halted } = running.node;
      if (halted) throw new Violation('progress', `${name} has stopped: ${halted.message}`);
      if (finalized.epoch < epoch - epochsBehind)
        throw new Violation('progress', `${name} has epoch ${finalized.epoch} final in epoch ${epoch}`);
      finals.push(`${name} ${finalized.epoch}`);
    }
    for (const culprit of guilty) {
      for (const { name, running } of this.#nodes) {
        const validator = running?.ledger.validators().find(({ address }) => address === culprit.address);
        if (validator && validator.pool > 0n)
          throw new Violation(
            'justice',
            `${culprit.name} contradicted itself, and keeps its stake with ${name}`,
          );
      }
    }
  }

  #checkFinality(node: SimulatedNode, before: Seen | undefined): void {
    const { node: chain } = node.running as NonNullable<typeof node.running>;
    const { finalized, index } = chain;
    if (before?.running === node.running && before && finalized.epoch < before.epoch && node.isHonest)
      throw new Violation(
        'no-way-back',
        `${node.name} had epoch ${before.epoch} final, and now ${finalized.epoch}`,
      );
    if (!this.#finals.has(finalized.block))
      this.#finals.set(finalized.block, { epoch: finalized.epoch, node: node.name });
    for (const [block, { epoch, node: other }] of this.#finals) {
      if (!index.has(block)) continue;
      if (index.isChainAncestor(block, finalized.block) || index.isChainAncestor(finalized.block, block))
        continue;
      throw new Violation(
        'one-finality',
        `${node.name} has ${finalized.block} final (epoch ${finalized.epoch}), ${other} has ${block} (epoch ${epoch})`,
      );
    }
  }

  #checkState(node: SimulatedNode, head: BlockId): void {
    const { node: chain, ledger } = node.running as NonNullable<typeof node.running>;
    const root = chain.executed.rootAt(head) as string;
    const known = this.#roots.get(head);
    if (known && known.root !== root)
      throw new Violation(
        'equal-roots',
        `after ${head} ${node.name} has ${root}, ${known.node} ${known.root}`,
      );
    if (!known) this.#roots.set(head, { root, node: node.name });
    const { reserve, treasury, burned, staked, unbonding, escrowed, stakersFees } = ledger.supply();
    // Added up account by account: what the ledger says of all of them together follows from the rest.
    const balances = this.#accounts.reduce((sum, address) => sum + ledger.account(address).balance, 0n);
    const total = balances + reserve + treasury + burned + staked + unbonding + escrowed + stakersFees;
    if (total !== this.#supply)
      throw new Violation('supply', `${node.name} has ${total} after ${head}, not ${this.#supply}`);
    const validators = ledger.validators();
    for (const other of this.#nodes) {
      const validator = validators.find(({ address }) => address === other.address);
      if (other.isHonest && validator?.jailed && !this.#cut.has(other.address))
        throw new Violation('honest-stake', `${other.name} lost its stake with ${node.name}`);
    }
  }

  #checkVote(sender: SimulatedNode, vote: SignedVote): void {
    if (vote.validator !== sender.address) return;
    const votes = this.#votes.get(vote.validator) ?? [];
    this.#votes.set(vote.validator, votes);
    for (const other of votes)
      if (contradictionOf(other, vote))
        throw new Violation(
          'no-contradiction',
          `${sender.name} has voted for ${other.source.epoch}→${other.target.epoch} ${other.target.block} and ${vote.source.epoch}→${vote.target.epoch} ${vote.target.block}`,
        );
    votes.push(vote);
  }

  #checkProposal(sender: SimulatedNode, message: Uint8Array): void {
    const header = decodeHeader(message);
    if (header.proposer !== sender.address) return;
    const key = `${header.proposer}:${roundAt(this.#genesis.parameters, header.timestamp)}`;
    const text = Buffer.from(message).toString('latin1');
    const known = this.#proposals.get(key);
    if (known !== undefined && known !== text)
      throw new Violation('no-contradiction', `${sender.name} has made two blocks of one round (${key})`);
    this.#proposals.set(key, text);
  }
}
