// Messages to everybody: each node passes on what it holds to be good, once, to every peer that it has not come from. One stream a topic and
// direction, so that a flood of transactions holds up no vote. Measured against js-libp2p's gossipsub (docs/chain.md): about 60% of its cost
// among few peers, which all know each other anyway. What a peer does not take is dropped, the oldest first: everything that
// matters can be fetched by hash.
import { hash as digest } from 'node:crypto';
import { AiosError } from '#node/platform/errors.ts';
import type { FramedStream } from './framed-stream.ts';
import { type Fault, MAX_MESSAGE_BYTES, type PeerId, type Topic, type Verdict } from './network.ts';
import { type Rate, TokenBucket } from './token-bucket.ts';

export const TOPICS: readonly Topic[] = ['blocks', 'votes', 'transactions'];

/** What one peer may send, by topic. Honest ones pass on everybody's: a block and a vote of each of a few hundred validators a second. */
const rates: Readonly<Record<Topic, { readonly messages: Rate; readonly bytes: Rate }>> = {
  blocks: {
    messages: { perSecond: 100, burst: 500 },
    bytes: { perSecond: 200_000, burst: 1_000_000 },
  },
  votes: {
    messages: { perSecond: 1_500, burst: 6_000 },
    bytes: { perSecond: 1_000_000, burst: 4_000_000 },
  },
  transactions: {
    messages: { perSecond: 500, burst: 2_000 },
    bytes: { perSecond: 8_000_000, burst: 32_000_000 },
  },
};
/** Of messages that wait for a slow peer. */
const mostWaitingBytes: Readonly<Record<Topic, number>> = {
  blocks: 262_144,
  votes: 262_144,
  transactions: 2_097_152,
};
/** Bytes written at once. */
const mostAtOnce = 131_072;
/** A message that began must end, and one that is sent must be taken. */
const frameMs = 15_000;
/** Messages of one peer and topic that are being judged; more are not read until one is done. */
const mostJudged = 32;
/**
 * A message is passed on at a moment drawn from this time, and not to who has sent it by then: among nodes that all know each other
 * most have it from its author, and of two that would tell each other only one does.
 */
const forwardMs = 40;
/** Ids that are remembered, in two halves of which the older is forgotten. */
const mostSeen = 65_536;

/** Who has sent a message that is not passed on yet; nothing once that is done. */
type Seen = Set<PeerId> | undefined;

export interface GossipHandlers {
  message(from: PeerId, topic: Topic, message: Uint8Array): Promise<Verdict>;
  blame(peer: PeerId, fault: Fault, why: string): void;
  /** Nothing can be sent to this peer any more. */
  broken(peer: PeerId): void;
}

interface Outgoing {
  readonly stream: FramedStream;
  readonly topic: Topic;
  readonly waiting: Uint8Array[];
  bytes: number;
  writing: boolean;
}

export interface GossipFigures {
  readonly received: number;
  readonly duplicates: number;
  readonly sent: number;
  /** That a slow peer did not get. */
  readonly dropped: number;
}

export class Gossip {
  readonly #handlers: GossipHandlers;
  readonly #now: () => number;
  readonly #peers = new Map<PeerId, Map<Topic, Outgoing>>();
  #seen = new Map<string, Seen>();
  #seenBefore = new Map<string, Seen>();
  #received = 0;
  #duplicates = 0;
  #sent = 0;
  #dropped = 0;

  constructor(handlers: GossipHandlers, now: () => number) {
    this.#handlers = handlers;
    this.#now = now;
  }

  get figures(): GossipFigures {
    return {
      received: this.#received,
      duplicates: this.#duplicates,
      sent: this.#sent,
      dropped: this.#dropped,
    };
  }

  /** To every peer. @throws AiosError MESSAGE_TOO_LARGE */
  publish(topic: Topic, message: Uint8Array): void {
    if (message.length > MAX_MESSAGE_BYTES || message.length === 0)
      throw new AiosError(
        'MESSAGE_TOO_LARGE',
        `A message to everybody has 1 to ${MAX_MESSAGE_BYTES} bytes, not ${message.length}. Announce it by its hash, so that peers fetch it.`,
      );
    this.#remember(idOf(topic, message), undefined);
    for (const [peer] of this.#peers) this.#send(peer, topic, message);
  }

  /** Sends to this peer from now on. */
  join(peer: PeerId, streams: ReadonlyMap<Topic, FramedStream>): void {
    const outgoing = new Map<Topic, Outgoing>();
    for (const [topic, stream] of streams)
      outgoing.set(topic, { stream, topic, waiting: [], bytes: 0, writing: false });
    this.#peers.set(peer, outgoing);
  }

  leave(peer: PeerId): void {
    this.#peers.delete(peer);
  }

  /** Reads what a peer sends on a topic until that ends. Never throws. */
  async read(peer: PeerId, topic: Topic, stream: FramedStream): Promise<void> {
    const messages = new TokenBucket(rates[topic].messages, this.#now);
    const bytes = new TokenBucket(rates[topic].bytes, this.#now);
    const blamed = new TokenBucket({ perSecond: 1, burst: 1 }, this.#now);
    let judged = 0;
    let free: (() => void) | undefined;
    try {
      for (;;) {
        const message = await stream.read(MAX_MESSAGE_BYTES, frameMs, Number.POSITIVE_INFINITY);
        if (!message) return;
        if (message.length === 0) throw new AiosError('PEER_ANSWER_TOO_LARGE', 'An empty message.');
        if (!messages.take(1) || !bytes.take(message.length)) {
          if (blamed.take(1)) this.#handlers.blame(peer, 'flood', `too much on the topic ${topic}`);
          continue;
        }
        this.#received++;
        const id = idOf(topic, message);
        if (this.#knows(id)) {
          this.#duplicates++;
          this.#sendersOf(id)?.add(peer);
          continue;
        }
        this.#remember(id, new Set([peer]));
        judged++;
        void this.#judge(peer, topic, message, id).finally(() => {
          judged--;
          free?.();
        });
        while (judged >= mostJudged)
          await new Promise<void>((resolve) => {
            free = resolve;
          });
      }
    } catch (error) {
      const code = error instanceof AiosError ? error.code : undefined;
      if (code === 'PEER_ANSWER_TOO_LARGE')
        this.#handlers.blame(peer, 'malformed', `a message on ${topic} is empty or too large`);
      if (code === 'PEER_TIMEOUT')
        this.#handlers.blame(peer, 'useless', `a message on ${topic} began and did not end`);
    } finally {
      stream.abort('gossip is over');
    }
  }

  async #judge(from: PeerId, topic: Topic, message: Uint8Array, id: string): Promise<void> {
    let verdict: Verdict;
    try {
      verdict = await this.#handlers.message(from, topic, message);
    } catch {
      // Nobody has judged it, so that it may come again.
      this.#seen.delete(id);
      this.#seenBefore.delete(id);
      return;
    }
    if (verdict === 'accept')
      setTimeout(() => this.#forward(from, topic, message, id), Math.random() * forwardMs).unref();
    else this.#decided(id);
    if (verdict === 'reject') this.#handlers.blame(from, 'invalid', `a message on ${topic} is not valid`);
  }

  #forward(from: PeerId, topic: Topic, message: Uint8Array, id: string): void {
    const senders = this.#sendersOf(id);
    this.#decided(id);
    for (const [peer] of this.#peers)
      if (peer !== from && !senders?.has(peer)) this.#send(peer, topic, message);
  }

  #send(peer: PeerId, topic: Topic, message: Uint8Array): void {
    const outgoing = this.#peers.get(peer)?.get(topic);
    if (!outgoing) return;
    outgoing.waiting.push(message);
    outgoing.bytes += message.length;
    while (outgoing.bytes > mostWaitingBytes[topic]) {
      outgoing.bytes -= outgoing.waiting.shift()?.length ?? 0;
      this.#dropped++;
    }
    if (outgoing.writing) return;
    outgoing.writing = true;
    // What else is said in this turn of the event loop goes along.
    setImmediate(() => void this.#write(peer, outgoing));
  }

  async #write(peer: PeerId, outgoing: Outgoing): Promise<void> {
    const { stream, topic, waiting } = outgoing;
    try {
      while (waiting.length > 0) {
        let count = 0;
        let bytes = 0;
        while (count < waiting.length && (count === 0 || bytes < mostAtOnce)) {
          bytes += (waiting[count] as Uint8Array).length;
          count++;
        }
        outgoing.bytes -= bytes;
        this.#sent += count;
        await stream.write(waiting.splice(0, count), frameMs);
      }
      outgoing.writing = false;
    } catch (error) {
      // `writing` stays: nothing more goes to this stream.
      waiting.length = 0;
      outgoing.bytes = 0;
      stream.abort('gossip is over');
      if (this.#peers.get(peer)?.get(topic) !== outgoing) return;
      if (error instanceof AiosError && error.code === 'PEER_TIMEOUT')
        this.#handlers.blame(peer, 'useless', `it does not take messages on ${topic}`);
      this.#handlers.broken(peer);
    }
  }

  #knows(id: string): boolean {
    return this.#seen.has(id) || this.#seenBefore.has(id);
  }

  #sendersOf(id: string): Seen {
    return this.#seen.get(id) ?? this.#seenBefore.get(id);
  }

  #decided(id: string): void {
    if (this.#seen.has(id)) this.#seen.set(id, undefined);
    else if (this.#seenBefore.has(id)) this.#seenBefore.set(id, undefined);
  }

  #remember(id: string, seen: Seen): void {
    this.#seen.set(id, seen);
    if (this.#seen.size < mostSeen / 2) return;
    this.#seenBefore = this.#seen;
    this.#seen = new Map();
  }
}

/** The same bytes on another topic are another message. */
const idOf = (topic: Topic, message: Uint8Array): string =>
  topic.charAt(0) + digest('sha256', message, 'base64');
