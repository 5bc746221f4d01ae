// The network in earnest: libp2p over TCP, encrypted and authenticated by noise, many streams in each connection by yamux. Gossip and questions
// are our own protocols on it, which carry the chain's genesis in their names, so that nodes of different chains never talk past each other.
import './promise-with-resolvers.ts';
import { noise } from '@chainsafe/libp2p-noise';
import { tcp } from '@libp2p/tcp';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p, type Libp2p } from 'libp2p';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { type Logger, silentLogger } from '#node/platform/log.ts';
import type { BlockId } from '../types/identifiers.ts';
import { type Connection, FramedStream, type Stream } from './framed-stream.ts';
import { Gossip, type GossipFigures, TOPICS } from './gossip.ts';
import type { Fault, Network, NetworkHandlers, PeerId, Question, Topic } from './network.ts';
import type { NodeKey } from './node-key.ts';
import { PeerScores } from './peer-scores.ts';
import { QUESTIONS, Questions } from './questions.ts';
import { Redial } from './redial.ts';
import { tolerantYamux } from './tolerant-muxer.ts';

export interface Libp2pNetworkOptions {
  /** Whose chain this is. */
  readonly genesis: BlockId;
  readonly key: NodeKey;
  /** Where to listen, as multiaddrs: `/ip4/0.0.0.0/tcp/30303`; port 0 takes a free one. Nowhere when empty. */
  readonly listen: readonly string[];
  /** Who is called, again and again: `/ip4/10.0.0.1/tcp/30303/p2p/12D3KooW…`, or without the name when anybody there will do. */
  readonly bootstrap: readonly string[];
  /** Others than those above are turned away beyond this. */
  readonly maxPeers?: number;
  /** Of one address, unless it is this machine's own. */
  readonly maxPeersPerAddress?: number;
  /** Time for one part of an answer. */
  readonly partMs?: number;
  readonly log?: Logger;
  readonly scores?: PeerScores;
}

/** A peer that speaks our protocol. */
interface Peer {
  readonly connection: Connection;
  readonly inbound: Map<Topic, FramedStream>;
}

/** Streams that a peer may have open at us: one a topic, and those of its questions, twice over. */
const mostStreams = 128;
/** For a stream to be agreed on, and for a connection to become one. */
const openMs = 10_000;

export class Libp2pNetwork implements Network {
  readonly #options: Libp2pNetworkOptions;
  readonly #libp2p: Libp2p;
  readonly #log: Logger;
  readonly #scores: PeerScores;
  readonly #gossip: Gossip;
  readonly #questions: Questions;
  readonly #redial: Redial;
  readonly #peers = new Map<PeerId, Peer>();
  /** Until it is known whether who is connected is a peer. */
  readonly #greetings = new Map<PeerId, Promise<void>>();
  /** Names that the addresses of `bootstrap` turned out to have. */
  readonly #named = new Map<string, PeerId>();
  #handlers: NetworkHandlers | undefined;
  #closed = false;

  private constructor(options: Libp2pNetworkOptions, libp2p: Libp2p, scores: PeerScores) {
    const now = () => performance.now();
    this.#options = options;
    this.#libp2p = libp2p;
    this.#log = options.log ?? silentLogger;
    this.#scores = scores;
    this.#gossip = new Gossip(
      {
        message: (from, topic, message) => this.#handled().message(from, topic, message),
        blame: (peer, fault, why) => this.blame(peer, fault, why),
        broken: (peer) => this.#hangUp(peer, 'its gossip stream is broken'),
      },
      now,
    );
    this.#questions = new Questions({
      now,
      partMs: options.partMs ?? 15_000,
      connectionOf: (peer) => this.#peers.get(peer)?.connection,
      protocolOf: (question) => this.#protocol(question, 'ask'),
      answer: (from, question, body) => this.#handled().answer(from, question, body),
      blame: (peer, fault, why) => this.blame(peer, fault, why),
    });
    this.#redial = new Redial({
      content: (address) => this.#isContent(address),
      dial: async (address) => {
        const connection = await libp2p.dial(multiaddr(address), { signal: AbortSignal.timeout(openMs) });
        this.#named.set(address, connection.remotePeer.toString());
      },
    });
  }

  static async create(options: Libp2pNetworkOptions): Promise<Libp2pNetwork> {
    const { maxPeers = 50, maxPeersPerAddress = 8 } = options;
    const scores = options.scores ?? new PeerScores({ now: () => performance.now() });
    let network: Libp2pNetwork | undefined;
    const libp2p: Libp2p = await createLibp2p({
      start: false,
      privateKey: options.key,
      addresses: { listen: [...options.listen] },
      transports: [tcp({ dialOpts: { noDelay: true }, listenOpts: { noDelay: true } })],
      connectionEncrypters: [noise()],
      streamMuxers: [
        tolerantYamux({
          maxInboundStreams: mostStreams,
          maxOutboundStreams: mostStreams,
          // What a peer may have on the way to us for one stream that nobody reads.
          streamOptions: { maxStreamWindowSize: 1_048_576 },
        }),
      ],
      connectionManager: {
        // Two nodes that call each other at the same moment have two connections for a while.
        maxConnections: 2 * maxPeers + options.bootstrap.length,
        maxIncomingPendingConnections: 128,
        // Of one address in a second. Nodes of one machine come back together.
        inboundConnectionThreshold: 32,
        inboundUpgradeTimeout: openMs / 2,
        reconnectRetries: 0,
      },
      // A busy node answers late and is none the less there; one that is gone is noticed within half a minute.
      connectionMonitor: { pingInterval: 15_000, pingTimeout: { minTimeout: 15_000, maxTimeout: 60_000 } },
      connectionGater: {
        denyDialMultiaddr: () => false,
        denyInboundConnection: ({ remoteAddr }) => {
          const host = hostOf(remoteAddr.toString());
          if (isLoopback(host)) return false;
          const same = libp2p.getConnections().filter((each) => hostOf(each.remoteAddr.toString()) === host);
          return same.length >= maxPeersPerAddress;
        },
        denyInboundEncryptedConnection: (id) => network?.isFull(id.toString(), maxPeers) ?? true,
        denyOutboundEncryptedConnection: (id) => scores.isRefused(id.toString()),
      },
    });
    network = new Libp2pNetwork(options, libp2p, scores);
    return network;
  }

  get self(): PeerId {
    return this.#libp2p.peerId.toString();
  }

  get peers(): readonly PeerId[] {
    return [...this.#peers.keys()];
  }

  /** Where others reach this node, with its name. */
  get addresses(): readonly string[] {
    return this.#libp2p.getMultiaddrs().map(String);
  }

  get figures(): GossipFigures {
    return this.#gossip.figures;
  }

  /** What a peer has done wrong, from 0 up to the limit at which it is refused. */
  scoreOf(peer: PeerId): number {
    return this.#scores.score(peer);
  }

  /** How many names libp2p keeps something of. */
  async known(): Promise<number> {
    return (await this.#libp2p.peerStore.all()).length;
  }

  /** Whether a peer that calls is turned away. */
  isFull(peer: PeerId, maxPeers: number): boolean {
    if (this.#closed || this.#scores.isRefused(peer)) return true;
    return this.#peers.size >= maxPeers && !this.#peers.has(peer) && !this.#isBootstrap(peer);
  }

  /** @throws AiosError LISTEN_FAILED */
  async start(handlers: NetworkHandlers): Promise<void> {
    this.#handlers = handlers;
    const libp2p = this.#libp2p;
    for (const topic of TOPICS)
      await libp2p.handle(
        this.#protocol(topic, 'gossip'),
        (stream, connection) => void this.#hear(stream, connection, topic),
        { maxInboundStreams: 4 },
      );
    for (const question of QUESTIONS)
      await libp2p.handle(
        this.#protocol(question, 'ask'),
        (stream, connection) => void this.#respond(stream, connection, question),
        { maxInboundStreams: 24, maxOutboundStreams: 24 },
      );
    libp2p.addEventListener('connection:open', ({ detail }) => this.#opened(detail));
    libp2p.addEventListener('connection:close', ({ detail }) => this.#gone(detail));
    try {
      await libp2p.start();
    } catch (cause) {
      throw new AiosError(
        'LISTEN_FAILED',
        `The chain's network cannot listen at ${this.#options.listen.join(', ')}: ${reasonOf(cause)}. Give another port, or end who has it.`,
        { cause },
      );
    }
    this.#redial.start(this.#options.bootstrap.filter((address) => nameIn(address) !== this.self));
  }

  publish(topic: Topic, message: Uint8Array): void {
    this.#gossip.publish(topic, message);
  }

  ask(peer: PeerId, question: Question, body: Uint8Array): AsyncIterable<Uint8Array> {
    return this.#questions.ask(peer, question, body);
  }

  blame(peer: PeerId, fault: Fault, why: string): void {
    const refused = this.#scores.blame(peer, fault);
    this.#log.debug({ peer, fault, why, refused }, 'a peer is to blame');
    if (refused) this.#hangUp(peer, why);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#redial.close();
    this.#questions.close();
    await this.#libp2p.stop();
  }

  /** Speaks to whoever is connected. Of two connections to one the first carries everything; the other is there should it break. */
  #opened(connection: Connection): void {
    const peer = connection.remotePeer.toString();
    if (this.#peers.has(peer) || this.#greetings.has(peer) || this.#closed) return;
    const greeting = this.#greet(peer, connection).finally(() => {
      this.#greetings.delete(peer);
      if (!this.#peers.has(peer)) this.#openSpare(connection);
    });
    this.#greetings.set(peer, greeting);
  }

  /** Goes on with another connection to who was at the end of this one. */
  #openSpare(connection: Connection): boolean {
    const spare = this.#libp2p
      .getConnections(connection.remotePeer)
      .find((each) => each !== connection && each.status === 'open');
    if (spare) this.#opened(spare);
    return spare !== undefined;
  }

  /** Only who has our topics is a peer. */
  async #greet(peer: PeerId, connection: Connection): Promise<void> {
    try {
      const signal = AbortSignal.timeout(openMs);
      const streams = new Map<Topic, FramedStream>();
      await Promise.all(
        TOPICS.map(async (topic) => {
          const stream = await connection.newStream(this.#protocol(topic, 'gossip'), {
            signal,
            maxOutboundStreams: 4,
          });
          streams.set(topic, new FramedStream(stream));
        }),
      );
      if (this.#closed || connection.status !== 'open') {
        for (const stream of streams.values()) stream.abort('not needed');
        return;
      }
      this.#peers.set(peer, { connection, inbound: new Map() });
      this.#gossip.join(peer, streams);
      this.#log.info({ peer, address: connection.remoteAddr.toString() }, 'a peer is connected');
      this.#handlers?.connected(peer);
    } catch (error) {
      if (this.#closed) return;
      this.#log.debug({ peer, why: messageOf(error) }, 'who connected is no peer');
      // Of another chain, most likely. It is not refused: it may be starting, and is called again ever more rarely.
      connection.abort(new Error('not of this chain'));
    }
  }

  #gone(connection: Connection): void {
    const peer = connection.remotePeer.toString();
    const known = this.#peers.get(peer);
    if (known?.connection === connection) {
      this.#peers.delete(peer);
      this.#gossip.leave(peer);
      this.#questions.leave(peer);
      this.#log.info({ peer }, 'a peer is gone');
      this.#handlers?.disconnected(peer);
    }
    if (!this.#openSpare(connection) && !this.#closed)
      // What libp2p keeps of peers would grow with every new name that calls.
      void this.#libp2p.peerStore.delete(connection.remotePeer).catch(() => {});
  }

  /** Listens to a topic of whoever is a peer. */
  async #hear(stream: Stream, connection: Connection, topic: Topic): Promise<void> {
    const framed = new FramedStream(stream);
    const peer = await this.#peerAt(connection);
    if (!peer) {
      framed.abort('not a peer');
      return;
    }
    peer.inbound.get(topic)?.abort('another one has come');
    peer.inbound.set(topic, framed);
    await this.#gossip.read(connection.remotePeer.toString(), topic, framed);
    if (peer.inbound.get(topic) === framed) peer.inbound.delete(topic);
  }

  async #respond(stream: Stream, connection: Connection, question: Question): Promise<void> {
    const framed = new FramedStream(stream);
    if (await this.#peerAt(connection))
      await this.#questions.respond(connection.remotePeer.toString(), question, framed);
    else framed.abort('not a peer');
  }

  async #peerAt(connection: Connection): Promise<Peer | undefined> {
    const peer = connection.remotePeer.toString();
    await this.#greetings.get(peer);
    return this.#peers.get(peer);
  }

  #hangUp(peer: PeerId, why: string): void {
    for (const connection of this.#libp2p.getConnections())
      if (connection.remotePeer.toString() === peer) connection.abort(new Error(why));
  }

  #isContent(address: string): boolean {
    const peer = nameIn(address) ?? this.#named.get(address);
    if (peer === undefined) return false;
    return peer === this.self || this.#peers.has(peer) || this.#scores.isRefused(peer);
  }

  #isBootstrap(peer: PeerId): boolean {
    return this.#options.bootstrap.some(
      (address) => nameIn(address) === peer || this.#named.get(address) === peer,
    );
  }

  #protocol(what: Topic | Question, kind: 'gossip' | 'ask'): string {
    return `/aios/${this.#options.genesis.slice(0, 8)}/${kind}/${what}/1`;
  }

  #handled(): NetworkHandlers {
    if (!this.#handlers) throw new AiosError('NETWORK_NOT_STARTED', 'Call start() first.');
    return this.#handlers;
  }
}

/** Without the stack that libp2p puts into its message. */
const reasonOf = (cause: unknown): string =>
  /E[A-Z]{4,}[^\n]*/.exec(messageOf(cause))?.[0] ?? messageOf(cause);

/** The name at the end of a multiaddr. */
const nameIn = (address: string): PeerId | undefined => /\/p2p\/([^/]+)$/.exec(address)?.[1];
const hostOf = (address: string): string => address.split('/')[2] ?? '';
const isLoopback = (host: string): boolean => host.startsWith('127.') || host === '::1';
