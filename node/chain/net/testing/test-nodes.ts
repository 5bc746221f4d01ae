// Nodes with real sockets in the test's own process, and peers that mean no good: bare libp2p, which says what it likes.
import '../promise-with-resolvers.ts';
import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { generateKeyPair } from '@libp2p/crypto/keys';
import { tcp } from '@libp2p/tcp';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p, type Libp2p } from 'libp2p';
import type { Connection, Stream } from '../framed-stream.ts';
import { TOPICS } from '../gossip.ts';
import { Libp2pNetwork, type Libp2pNetworkOptions } from '../libp2p-network.ts';
import type { NetworkHandlers, PeerId, Question, Topic } from '../network.ts';
import { PeerScores } from '../peer-scores.ts';

export const GENESIS = 'be'.repeat(32);
const LISTEN = ['/ip4/127.0.0.1/tcp/0'];

export interface Heard {
  readonly from: PeerId;
  readonly topic: Topic;
  readonly message: Uint8Array;
}

/** A node that notes what it hears, accepts everything and answers nothing, unless it is told otherwise. */
export class TestNode {
  readonly heard: Heard[] = [];
  readonly events: string[] = [];
  private constructor(
    readonly network: Libp2pNetwork,
    readonly scores: PeerScores,
  ) {}

  static async start(
    options: Partial<Libp2pNetworkOptions> = {},
    handlers: Partial<NetworkHandlers> = {},
  ): Promise<TestNode> {
    const scores = new PeerScores({ now: () => performance.now() });
    const network = await Libp2pNetwork.create({
      genesis: GENESIS,
      key: await generateKeyPair('Ed25519'),
      listen: LISTEN,
      bootstrap: [],
      scores,
      ...options,
    });
    const node = new TestNode(network, scores);
    await network.start({
      message: async (from, topic, message) => {
        node.heard.push({ from, topic, message });
        return 'accept';
      },
      answer: async function* () {},
      connected: (peer) => void node.events.push(`+${peer}`),
      disconnected: (peer) => void node.events.push(`-${peer}`),
      ...handlers,
    });
    return node;
  }

  get address(): string {
    return this.network.addresses[0] as string;
  }

  get self(): PeerId {
    return this.network.self;
  }

  texts(topic?: Topic): string[] {
    return this.heard.filter((each) => !topic || each.topic === topic).map(({ message }) => text(message));
  }

  close(): Promise<void> {
    return this.network.close();
  }
}

export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
export const bytes = (words: string): Uint8Array => new TextEncoder().encode(words);

/** Speaks libp2p correctly, and on its streams whatever the test sends. */
export class HostilePeer {
  readonly #libp2p: Libp2p;
  /** Streams that were opened to it, by protocol: it reads none unless the test does. */
  readonly opened = new Map<string, Stream[]>();

  private constructor(libp2p: Libp2p) {
    this.#libp2p = libp2p;
  }

  /** @param topics whether it takes the node's gossip, as a peer of its chain does */
  static async start({ topics = true, reads = true } = {}): Promise<HostilePeer> {
    const libp2p = await createLibp2p({
      addresses: { listen: LISTEN },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
    });
    const peer = new HostilePeer(libp2p);
    if (topics) for (const topic of TOPICS) await peer.handle(gossipProtocol(topic), reads);
    return peer;
  }

  get self(): PeerId {
    return this.#libp2p.peerId.toString();
  }

  get address(): string {
    return String(this.#libp2p.getMultiaddrs()[0]);
  }

  get isConnected(): boolean {
    return this.#libp2p.getConnections().length > 0;
  }

  async handle(protocol: string, reads = true, then?: (stream: Stream) => void): Promise<void> {
    await this.#libp2p.handle(
      protocol,
      (stream) => {
        this.opened.set(protocol, [...(this.opened.get(protocol) ?? []), stream]);
        if (reads) stream.addEventListener('message', () => {});
        else stream.pause();
        then?.(stream);
      },
      { force: true },
    );
  }

  async dial(address: string): Promise<Connection> {
    return this.#libp2p.dial(multiaddr(address));
  }

  async close(): Promise<void> {
    await this.#libp2p.stop();
  }
}

export const gossipProtocol = (topic: Topic) => `/aios/${GENESIS.slice(0, 8)}/gossip/${topic}/1`;
export const askProtocol = (question: Question) => `/aios/${GENESIS.slice(0, 8)}/ask/${question}/1`;

/** A frame as the protocol has it; the length may lie. */
export function frame(body: Uint8Array, length = body.length): Uint8Array {
  const framed = new Uint8Array(4 + body.length);
  new DataView(framed.buffer).setUint32(0, length, true);
  framed.set(body, 4);
  return framed;
}
