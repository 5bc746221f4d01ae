// What a node has to do with its peers: tells and hears of blocks, votes and transactions, answers their questions, and catches up when it lacks
// what they have.
import { AiosError, messageOf } from '#node/platform/errors.ts';
import {
  decodeAfterQuestion,
  decodeBlocksQuestion,
  decodeCertificatesQuestion,
  decodeStatus,
  decodeTransactions,
  encodeAfterQuestion,
  encodeBlocksQuestion,
  encodeCertificates,
  encodeStatus,
  encodeTransactions,
  MAX_BLOCKS_AFTER,
  MAX_CERTIFICATES_ANSWERED,
  MAX_LOCATOR,
  MAX_TIPS,
  type Status,
} from '../net/messages.ts';
import {
  MAX_MESSAGE_BYTES,
  type Network,
  type NetworkHandlers,
  type PeerId,
  type Question,
  type Topic,
  type Verdict,
} from '../net/network.ts';
import type { ChainStore } from '../store/chain-store.ts';
import { roundAt } from '../types/genesis.ts';
import { blockIdOf, decodeHeader, encodeHeader } from '../types/header.ts';
import type { BlockId } from '../types/identifiers.ts';
import { Malformed } from '../types/malformed.ts';
import { type Certificate, decodeVote, encodeVote, type SignedVote } from '../types/vote.ts';
import type { CheckedBlock } from './block-check.ts';
import type { BlockFate, ChainNode, NodeLog } from './chain-node.ts';
import type { Clock } from './clock.ts';

export interface PeeringOptions {
  readonly node: ChainNode;
  readonly network: Network;
  readonly store: ChainStore;
  readonly clock: Clock;
  readonly log: NodeLog;
  /** Certificates of final checkpoints, ascending, from an epoch on. */
  readonly certificatesFrom: (epoch: number, most: number) => readonly Certificate[];
}

/** How often peers tell each other where they stand: what gossip lost is noticed then. */
const statusEveryMs = 2_000;
/** In blue score: who is further behind is busy catching up and signs nothing. Eight rounds of four. */
const syncedWithin = 32;
/** Transactions are told of together. */
const transactionsEveryMs = 50;

export class Peering implements NetworkHandlers {
  readonly #options: PeeringOptions;
  readonly #statuses = new Map<PeerId, Status>();
  readonly #fetching = new Map<BlockId, Promise<BlockFate | 'missing'>>();
  readonly #catchingUp = new Map<PeerId, Promise<void>>();
  readonly #outbox: Uint8Array[] = [];
  #cancelStatus: () => void = () => {};
  #cancelOutbox: (() => void) | undefined;
  #closed = false;

  constructor(options: PeeringOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#options.network.start(this);
    this.#nextStatus();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelStatus();
    this.#cancelOutbox?.();
    await this.#options.network.close();
  }

  /** Whether no peer is known to be far ahead. */
  get isSynced(): boolean {
    const own = this.#blueScore();
    for (const { blueScore } of this.#statuses.values()) if (blueScore > own + syncedWithin) return false;
    return true;
  }

  statusOf(peer: PeerId): Status | undefined {
    return this.#statuses.get(peer);
  }

  announceBlock({ block }: CheckedBlock): void {
    this.#options.network.publish('blocks', encodeHeader(block.header));
  }

  announceVote(vote: SignedVote): void {
    this.#options.network.publish('votes', encodeVote(vote));
  }

  /** Tells of transactions, soon and several together. */
  announceTransaction(encoded: Uint8Array): void {
    this.#outbox.push(encoded);
    const { clock } = this.#options;
    this.#cancelOutbox ??= clock.at(clock.now() + transactionsEveryMs, () => this.#sendTransactions());
  }

  async message(from: PeerId, topic: Topic, message: Uint8Array): Promise<Verdict> {
    try {
      switch (topic) {
        case 'blocks':
          return await this.#header(from, message);
        case 'votes':
          return this.#vote(message);
        case 'transactions':
          return await this.#transactions(message);
      }
    } catch (error) {
      return this.#blamed(from, error);
    }
  }

  async *answer(from: PeerId, question: Question, body: Uint8Array): AsyncIterable<Uint8Array> {
    const { node, store, certificatesFrom } = this.#options;
    switch (question) {
      case 'status':
        this.#heard(from, decodeStatus(body));
        yield encodeStatus(this.#status());
        return;
      case 'blocks':
        for (const id of decodeBlocksQuestion(body)) yield store.block(id) ?? new Uint8Array();
        return;
      case 'after':
        for (const id of [...node.index.after(decodeAfterQuestion(body), MAX_BLOCKS_AFTER)]) {
          const bytes = store.block(id);
          // A block behind a gap is of no use to who asks.
          if (!bytes) return;
          yield bytes;
        }
        return;
      case 'certificates':
        yield encodeCertificates(
          certificatesFrom(decodeCertificatesQuestion(body), MAX_CERTIFICATES_ANSWERED),
        );
        return;
      case 'snapshot':
        throw new AiosError('SNAPSHOT_NONE', 'This node has no snapshots.');
    }
  }

  connected(peer: PeerId): void {
    void this.#askStatus(peer);
  }

  disconnected(peer: PeerId): void {
    this.#statuses.delete(peer);
  }

  async #header(from: PeerId, message: Uint8Array): Promise<Verdict> {
    const { node } = this.#options;
    const header = decodeHeader(message);
    const id = blockIdOf(header);
    if (node.index.has(id)) return 'ignore';
    if (roundAt(node.genesis.parameters, header.timestamp) > node.round + 1) return 'ignore';
    const fate = await this.#fetch(from, id);
    if (fate === 'orphan') {
      await this.#catchUp(from);
      return node.index.has(id) ? 'accept' : 'ignore';
    }
    return fate === 'accepted' ? 'accept' : 'ignore';
  }

  #vote(message: Uint8Array): Verdict {
    return this.#options.node.vote(decodeVote(message)) === 'counted' ? 'accept' : 'ignore';
  }

  async #transactions(message: Uint8Array): Promise<Verdict> {
    const admissions = await this.#options.node.submitAll(decodeTransactions(message));
    const wrong = admissions.some(
      (admission) =>
        !admission.admitted && (admission.code === 'MALFORMED' || admission.code === 'SIGNATURE_INVALID'),
    );
    if (wrong) return 'reject';
    return admissions.some(({ admitted }) => admitted) ? 'accept' : 'ignore';
  }

  /** Fetches a block once, whoever tells of it meanwhile. */
  #fetch(from: PeerId, id: BlockId): Promise<BlockFate | 'missing'> {
    const known = this.#fetching.get(id);
    if (known) return known;
    const fetching = this.#fetchNow(from, id).finally(() => this.#fetching.delete(id));
    this.#fetching.set(id, fetching);
    return fetching;
  }

  async #fetchNow(from: PeerId, id: BlockId): Promise<BlockFate | 'missing'> {
    const { network, node } = this.#options;
    for await (const bytes of network.ask(from, 'blocks', encodeBlocksQuestion([id]))) {
      if (bytes.length === 0) return 'missing';
      return await node.receive(bytes);
    }
    return 'missing';
  }

  /** Asks a peer for all that is missing, until there is nothing more. */
  #catchUp(peer: PeerId): Promise<void> {
    const known = this.#catchingUp.get(peer);
    if (known) return known;
    const catching = this.#catchUpNow(peer)
      .catch((error: unknown) => {
        this.#blamed(peer, error);
      })
      .finally(() => this.#catchingUp.delete(peer));
    this.#catchingUp.set(peer, catching);
    return catching;
  }

  async #catchUpNow(peer: PeerId): Promise<void> {
    const { network, node, log } = this.#options;
    const started = this.#options.clock.now();
    let total = 0;
    for (let taken = MAX_BLOCKS_AFTER; taken === MAX_BLOCKS_AFTER && !this.#closed; total += taken) {
      taken = 0;
      const have = node.index.locator(node.tip, MAX_LOCATOR);
      for await (const bytes of network.ask(peer, 'after', encodeAfterQuestion(have))) {
        if ((await node.receive(bytes)) === 'orphan')
          throw new AiosError('PEER_USELESS', 'It answers with blocks whose parents it does not send.');
        taken += 1;
      }
      if (total > 0) log.info({ peer, blocks: total + taken }, 'catching up');
    }
    if (total > 0)
      log.info({ peer, blocks: total, ms: Math.round(this.#options.clock.now() - started) }, 'caught up');
  }

  async #askStatus(peer: PeerId): Promise<void> {
    const { network } = this.#options;
    try {
      for await (const answer of network.ask(peer, 'status', encodeStatus(this.#status())))
        this.#heard(peer, decodeStatus(answer));
    } catch (error) {
      this.#blamed(peer, error);
    }
  }

  #heard(peer: PeerId, status: Status): void {
    const { node, network } = this.#options;
    if (status.genesis !== node.index.genesisId) {
      network.blame(peer, 'invalid', 'it is on another chain');
      return;
    }
    this.#statuses.set(peer, status);
    const own = this.#blueScore();
    const lacking = status.tips.some((tip) => !node.index.has(tip));
    // A block on its way is not a gap: what is announced is fetched anyhow.
    if (lacking && (status.blueScore > own || status.finalized.epoch > node.finalized.epoch))
      void this.#catchUp(peer);
  }

  #nextStatus(): void {
    if (this.#closed) return;
    const { clock, network } = this.#options;
    this.#cancelStatus = clock.at(clock.now() + statusEveryMs, () => {
      for (const peer of network.peers) void this.#askStatus(peer);
      this.#nextStatus();
    });
  }

  #status(): Status {
    const { node } = this.#options;
    return {
      genesis: node.index.genesisId,
      finalized: node.finalized,
      tips: node.index.tips.slice(0, MAX_TIPS),
      blueScore: this.#blueScore(),
      oldestBlueScore: 0,
    };
  }

  #blueScore(): number {
    const { node } = this.#options;
    return node.index.ghostdag(node.tip).blueScore;
  }

  #sendTransactions(): void {
    this.#cancelOutbox = undefined;
    const { network } = this.#options;
    let batch: Uint8Array[] = [];
    let bytes = 0;
    const send = () => {
      if (batch.length > 0) network.publish('transactions', encodeTransactions(batch));
      [batch, bytes] = [[], 0];
    };
    for (const each of this.#outbox.splice(0)) {
      if (bytes + 2 + each.length > MAX_MESSAGE_BYTES) send();
      batch.push(each);
      bytes += 2 + each.length;
    }
    send();
  }

  /** Whoever sends what breaks the rules is told apart from who merely cannot answer. */
  #blamed(peer: PeerId, error: unknown): Verdict {
    const { network, log, node } = this.#options;
    if (node.halted || this.#closed) return 'ignore';
    const code = error instanceof AiosError ? error.code : undefined;
    if (error instanceof Malformed) network.blame(peer, 'malformed', error.message);
    else if (code === 'BLOCK_INVALID' || code === 'VOTE_INVALID')
      network.blame(peer, 'invalid', messageOf(error));
    else if (code === 'PEER_USELESS' || code === 'PEER_TIMEOUT')
      network.blame(peer, 'useless', messageOf(error));
    else if (code !== 'PEER_GONE') log.warn({ peer }, messageOf(error));
    return error instanceof Malformed || code === 'BLOCK_INVALID' || code === 'VOTE_INVALID'
      ? 'reject'
      : 'ignore';
  }
}
