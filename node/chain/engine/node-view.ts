// What readers see of a running node: puts together headers, bodies and receipts from where each is kept.

import type { Mempool } from '../mempool/mempool.ts';
import type { Network } from '../net/network.ts';
import { isIncluded } from '../state/included.ts';

import type { Ledger } from '../state/ledger.ts';
import { decodeReceipts, eventsOf } from '../state/receipts.ts';
import type { ChainRecord, ChainStore } from '../store/chain-store.ts';
import { type Block, decodeBlock } from '../types/block.ts';
import type { Genesis } from '../types/genesis.ts';
import type { BlockId } from '../types/identifiers.ts';
import type { Certificate } from '../types/vote.ts';
import { openTransaction } from './block-check.ts';
import type { BlockEntry } from './block-index.ts';
import type { ChainNode } from './chain-node.ts';
import type {
  Admission,
  ChainChange,
  ChainHead,
  ChainView,
  DagBlockView,
  ExecutedBlock,
  MergedHeader,
  PeerView,
  ValidatorView,
} from './chain-view.ts';
import type { Peering } from './peering.ts';

export interface NodeViewOptions {
  readonly node: ChainNode;
  readonly ledger: Ledger;
  readonly mempool: Mempool;
  readonly store: ChainStore;
  readonly peering: Peering;
  readonly network: Network & { scoreOf?(peer: string): number };
}

export class NodeView implements ChainView {
  readonly #options: NodeViewOptions;
  readonly #pending = new Set<(id: Uint8Array) => void>();

  constructor(options: NodeViewOptions) {
    this.#options = options;
  }

  get genesis(): Genesis {
    return this.#options.node.genesis;
  }

  get genesisId(): BlockId {
    return this.#options.node.index.genesisId;
  }

  get head(): ChainHead {
    return this.#options.node.head;
  }

  get oldest(): number {
    return 0;
  }

  get tips(): readonly BlockId[] {
    return this.#options.node.index.tips;
  }

  get validators(): readonly ValidatorView[] {
    return this.#options.ledger.validators();
  }

  get supply(): ChainView['supply'] {
    return this.#options.ledger.supply();
  }

  get mempool(): ChainView['mempool'] {
    const { size, bytes } = this.#options.mempool;
    return { transactions: size, bytes };
  }

  get peers(): readonly PeerView[] {
    const { network, peering } = this.#options;
    return network.peers.map((peer) => ({
      ...{ peer, score: network.scoreOf?.(peer) ?? 0 },
      head: peering.statusOf(peer)?.blueScore,
    }));
  }

  block(at: number | BlockId): ExecutedBlock | undefined {
    const { store, node } = this.#options;
    const index = typeof at === 'number' ? at : this.indexOf(at);
    const record = index === undefined ? undefined : store.record(index);
    if (!record || (typeof at === 'string' && record.id !== at)) return undefined;
    const entry = node.index.find(record.id);
    return entry && this.#executed(record, entry);
  }

  idAt(index: number): BlockId | undefined {
    return this.#options.store.record(index)?.id;
  }

  indexOf(id: BlockId): number | undefined {
    return this.#options.node.executed.indexOf(id);
  }

  transaction(id: Uint8Array): { readonly index: number; readonly place: number } | undefined {
    return this.#options.store.transaction(id);
  }

  account(address: Uint8Array): { readonly balance: bigint; readonly nonce: bigint } {
    return this.#options.ledger.account(address);
  }

  pendingNonce(address: Uint8Array): bigint {
    return this.#options.mempool.pendingNonce(address);
  }

  proof(address: Uint8Array): ReturnType<ChainView['proof']> {
    const { node, ledger } = this.#options;
    return node.executed.atBase(() => {
      const { balance, nonce } = ledger.account(address);
      return {
        checkpoint: node.settled,
        stateRoot: ledger.root,
        account: balance === 0n && nonce === 0n ? undefined : { balance, nonce },
        proof: ledger.proof(address),
        certificates: this.certificates(),
      };
    });
  }

  dagBlock(id: BlockId): DagBlockView | undefined {
    const { node } = this.#options;
    const entry = node.index.find(id);
    if (!entry) return undefined;
    const { blueScore, selectedParent, blues, reds } = node.index.ghostdag(id);
    return {
      ...{ id, header: entry.header, round: entry.round, transactions: entry.transactions },
      ...{ blueScore, selectedParent, blues, reds },
      children: node.index.childrenOf(id),
      onSelectedChain: node.index.isChainAncestor(id, node.tip),
    };
  }

  certificates(epoch?: number): readonly Certificate[] {
    const { node } = this.#options;
    const { votes, settled } = node;
    if (epoch !== undefined && epoch !== settled.epoch) return [];
    return votes.certificatesOf(settled);
  }

  async submit(encoded: Uint8Array): Promise<Admission> {
    const { node, peering } = this.#options;
    const admission = await node.submit(encoded);
    if (admission.admitted) {
      peering.announceTransaction(encoded);
      for (const listener of this.#pending) listener(admission.id);
    }
    return admission;
  }

  follow(listener: (change: ChainChange) => void): () => void {
    return this.#options.node.follow(listener);
  }

  followPending(listener: (id: Uint8Array) => void): () => void {
    this.#pending.add(listener);
    return () => this.#pending.delete(listener);
  }

  #executed(record: ChainRecord, { header, round }: BlockEntry): ExecutedBlock {
    const { node } = this.#options;
    const blocks = record.merged.map(({ id }) => this.#stored(id));
    const { statuses, events } = decodeReceipts(record.receipts);
    const opened = blocks.map((block) => block?.transactions.map(openTransaction) ?? []);
    /** Places among all that were executed or failed. */
    let place = 0;
    const transactions: ExecutedBlock['transactions'][number][] = [];
    const places = opened.map((list, merged) =>
      list.map((transaction, nth) => {
        const status = statuses[merged]?.[nth] as number;
        if (!isIncluded(status)) return undefined;
        const encoded = blocks[merged]?.transactions[nth] as Uint8Array;
        transactions.push({ id: transaction.id, sender: transaction.sender, encoded, status });
        return place++;
      }),
    );
    const { blueScore, selectedParent } = node.index.ghostdag(record.id);
    return {
      ...{ index: record.index, id: record.id, parent: selectedParent, header, round, blueScore },
      stateRoot: record.stateRoot,
      merged: record.merged.map(({ id, blue }) => this.#mergedHeader(id, blue)),
      transactions,
      events: eventsOf(
        opened.map((transactions) => ({ transactions })),
        { statuses, events },
      ).map(({ event, from }) => ({
        event,
        transaction: typeof from === 'string' ? undefined : places[from.merged]?.[from.transaction],
      })),
      bytes: blocks.reduce((sum, block) => sum + (block?.bytes ?? 0), 0),
    };
  }

  #mergedHeader(id: BlockId, blue: boolean): MergedHeader {
    const { index } = this.#options.node;
    const { header, round, transactions } = index.entry(id);
    const { blueScore, selectedParent } = index.ghostdag(id);
    return { ...{ id, header, round, blue, blueScore, transactions }, selectedParent: selectedParent ?? id };
  }

  #stored(id: BlockId): (Block & { readonly bytes: number }) | undefined {
    const bytes = this.#options.store.block(id);
    return bytes && { ...decodeBlock(bytes), bytes: bytes.length };
  }
}
