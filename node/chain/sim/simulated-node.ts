// A node of the simulator: the whole of a real one on a disk that can be torn off, a clock that may be wrong and a network that may be cut.
import type { Bls, BlsSigner } from '../crypto/bls.ts';
import type { ChainNode, NodeLog } from '../engine/chain-node.ts';
import { openNode } from '../engine/open-node.ts';
import { Peering } from '../engine/peering.ts';
import { Reporter, type TransactionSigner } from '../engine/reporter.ts';
import { type Conduct, Validator } from '../engine/validator.ts';
import type { SigningRecord } from '../finality/signing-history.ts';
import type { Mempool } from '../mempool/mempool.ts';
import type { Network, Topic } from '../net/network.ts';
import type { Ledger } from '../state/ledger.ts';
import { MemoryStore } from '../store/memory-store.ts';
import type { Genesis } from '../types/genesis.ts';
import type { AddressHex } from '../types/identifiers.ts';
import { MemoryJournal } from './memory-journal.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { VirtualNetwork } from './virtual-network.ts';

export interface SimulatedNodeOptions {
  readonly name: string;
  readonly address: AddressHex;
  readonly signer: BlsSigner;
  readonly owner: TransactionSigner;
  readonly bls: Bls;
  readonly genesis: Genesis;
  readonly clock: VirtualClock;
  readonly internet: VirtualNetwork;
  readonly random: () => number;
  readonly log: NodeLog;
  /** Undefined of an honest one. */
  readonly conduct?: (node: SimulatedNode) => Conduct;
  /** Plants a bug in what runs. */
  readonly sabotage?: (running: Running) => void;
}

export interface Running {
  readonly node: ChainNode;
  readonly ledger: Ledger;
  readonly mempool: Mempool;
  readonly validator: Validator;
  readonly peering: Peering;
  readonly network: Network;
  readonly reporter: Reporter;
  journal: MemoryJournal;
}

const diskMs = 2;

export class SimulatedNode {
  readonly #options: SimulatedNodeOptions;
  #store: MemoryStore | undefined;
  #signed: readonly SigningRecord[] = [];
  #running: Running | undefined;
  #lives = 0;
  /** What went wrong in it that never should. */
  failure: Error | undefined;
  /** How far its clock is ahead. */
  skewMs = 0;

  constructor(options: SimulatedNodeOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  get address(): AddressHex {
    return this.#options.address;
  }

  get isHonest(): boolean {
    return this.#options.conduct === undefined;
  }

  get running(): Running | undefined {
    return this.#running;
  }

  get chain(): ChainNode {
    return this.#alive().node;
  }

  get network(): Network {
    return this.#alive().network;
  }

  async start(): Promise<void> {
    const { genesis, clock, internet, name, log, conduct, signer, address, owner, bls } = this.#options;
    const life = ++this.#lives;
    const isDead = () => this.#lives !== life;
    const ownClock = clock.clockOf(() => this.skewMs, isDead);
    const store = this.#disk();
    const { node, ledger, mempool, network } = await openNode({
      ...{ genesis, log, clock: ownClock, bls },
      openStore: () => store,
      joinNetwork: () => internet.join(name),
      signatures: { verify: async (transactions) => transactions.map(() => true), close: async () => {} },
    });
    if (isDead()) return;
    const peering = new Peering({
      ...{ node, network, store, clock: ownClock, log },
      certificatesFrom: () => [],
    });
    const journal = new MemoryJournal(() => clock.after(diskMs), this.#signed);
    const validator = new Validator({
      ...{ node, address, signer, journal, clock: ownClock, store, mempool, log },
      announce: (what) =>
        'block' in what ? peering.announceBlock(what.block) : peering.announceVote(what.vote),
      isSynced: () => peering.isSynced && !isDead(),
      conduct: conduct?.(this),
    });
    const reporter = new Reporter({
      ...{ node, ledger, mempool, signer: owner, clock: ownClock, log },
      announce: (encoded) => peering.announceTransaction(encoded),
    });
    this.#running = { node, ledger, mempool, validator, peering, network, journal, reporter };
    this.#options.sabotage?.(this.#running);
    await peering.start();
    validator.start();
    reporter.start();
  }

  /** The power goes. What the disk has is what a commit had, and perhaps what was on its way. */
  crash(): void {
    const { random } = this.#options;
    this.#lives += 1;
    const running = this.#running;
    this.#running = undefined;
    this.#store = this.#store?.crash(Math.floor(random() * 2 ** 31));
    if (!running) return;
    running.validator.close();
    running.reporter.close();
    void running.peering.close();
    this.#signed = running.journal.survivors(random() < 0.5);
  }

  /** In a while, if it still runs. */
  later(ms: number, act: () => void): void {
    const life = this.#lives;
    const { clock } = this.#options;
    clock.at(clock.now + ms, () => this.#lives === life && act());
  }

  /** Says something to every other peer, or to the rest. */
  tellHalf(half: number, topic: Topic, message: Uint8Array): void {
    const { internet } = this.#options;
    const peers = this.network.peers.filter((_, nth) => nth % 2 === half);
    internet.sendTo(this.name, peers, topic, message);
  }

  /** What is on it takes a while to get there. */
  #disk(): MemoryStore {
    const { clock } = this.#options;
    const store = this.#store ?? new MemoryStore();
    const commit = store.commit.bind(store);
    store.commit = () => {
      clock.at(clock.now + diskMs, () => store.tick());
      return commit();
    };
    this.#store = store;
    return store;
  }

  #alive(): Running {
    if (!this.#running) throw new RangeError(`${this.name} does not run`);
    return this.#running;
  }
}
