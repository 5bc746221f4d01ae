// A network that loses, delays, repeats and reorders as its seed says, and can be torn in parts. Everybody is a peer of everybody.
import { AiosError } from '#node/platform/errors.ts';
import type { Network, NetworkHandlers, PeerId, Question, Topic } from '../net/network.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface NetworkFaults {
  /** Of messages, 0 to 1. */
  loss: number;
  duplication: number;
  /** Milliseconds, least and most: what is sent later may arrive earlier. */
  delay: readonly [number, number];
}

export type Tap = (from: PeerId, topic: Topic, message: Uint8Array) => void;

interface Node {
  readonly handlers: NetworkHandlers;
  /** Messages it has seen, and passed on. */
  readonly seen: Set<string>;
}

const answerTimeoutMs = 5_000;

export class VirtualNetwork {
  readonly #clock: VirtualClock;
  readonly #random: () => number;
  readonly #nodes = new Map<PeerId, Node>();
  readonly blames: {
    readonly by: PeerId;
    readonly peer: PeerId;
    readonly fault: string;
    readonly why: string;
  }[] = [];
  #groups: ReadonlyMap<PeerId, number> = new Map();
  faults: NetworkFaults = { loss: 0, duplication: 0, delay: [5, 40] };
  tap: Tap = () => {};

  constructor(clock: VirtualClock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Tears the network: only nodes of one group reach each other. None heals it. */
  partition(groups: readonly (readonly PeerId[])[]): void {
    this.#groups = new Map(groups.flatMap((group, nth) => group.map((peer) => [peer, nth] as const)));
  }

  join(self: PeerId): Network {
    const others = () => [...this.#nodes.keys()].filter((peer) => peer !== self);
    let node: Node | undefined;
    return {
      self,
      get peers() {
        return others();
      },
      start: async (handlers) => {
        node = { handlers, seen: new Set() };
        this.#nodes.set(self, node);
        for (const peer of others()) {
          this.#clock.at(this.#clock.now + 1, () => this.#nodes.get(peer)?.handlers.connected(self));
          this.#clock.at(
            this.#clock.now + 1,
            () => node === this.#nodes.get(self) && handlers.connected(peer),
          );
        }
      },
      publish: (topic, message) => {
        this.tap(self, topic, message);
        this.#spread(self, topic, message);
      },
      ask: (peer, question, body) => this.#ask(self, peer, question, body),
      blame: (peer, fault, why) => this.blames.push({ by: self, peer, fault, why }),
      close: async () => {
        if (this.#nodes.get(self) !== node) return;
        this.#nodes.delete(self);
        for (const peer of others()) this.#nodes.get(peer)?.handlers.disconnected(self);
      },
    };
  }

  /** Sends to some alone: what a faulty node does that tells different things to different peers. */
  sendTo(from: PeerId, peers: readonly PeerId[], topic: Topic, message: Uint8Array): void {
    this.tap(from, topic, message);
    for (const peer of peers) this.#deliver(from, peer, topic, message);
  }

  #spread(from: PeerId, topic: Topic, message: Uint8Array): void {
    for (const peer of this.#nodes.keys()) if (peer !== from) this.#deliver(from, peer, topic, message);
  }

  #deliver(from: PeerId, to: PeerId, topic: Topic, message: Uint8Array): void {
    const { loss, duplication } = this.faults;
    const copies = this.#random() < duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (this.#random() < loss) continue;
      this.#clock.at(this.#clock.now + this.#delay(), () => {
        const node = this.#reaches(from, to) ? this.#nodes.get(to) : undefined;
        if (!node) return;
        const key = Buffer.from(message).toString('latin1');
        if (node.seen.has(key)) return;
        node.seen.add(key);
        void node.handlers.message(from, topic, message).then((verdict) => {
          // Gossip: who finds it good passes it on.
          if (verdict === 'accept' && this.#nodes.get(to) === node) this.#spread(to, topic, message);
        });
      });
    }
  }

  async *#ask(self: PeerId, peer: PeerId, question: Question, body: Uint8Array): AsyncIterable<Uint8Array> {
    await this.#clock.after(this.#delay());
    const gone = () => new AiosError('PEER_GONE', `${peer} cannot be reached.`);
    const node = this.#reaches(self, peer) ? this.#nodes.get(peer) : undefined;
    if (!node) throw gone();
    if (this.#random() < this.faults.loss) {
      await this.#clock.after(answerTimeoutMs);
      throw new AiosError('PEER_TIMEOUT', `${peer} does not answer.`);
    }
    for await (const part of node.handlers.answer(self, question, body)) {
      await this.#clock.after(this.#delay());
      if (!this.#reaches(self, peer) || this.#nodes.get(peer) !== node) throw gone();
      yield part;
    }
  }

  #reaches(a: PeerId, b: PeerId): boolean {
    return this.#nodes.has(a) && this.#nodes.has(b) && this.#groups.get(a) === this.#groups.get(b);
  }

  #delay(): number {
    const [least, most] = this.faults.delay;
    return Math.round(least + this.#random() * (most - least));
  }
}
