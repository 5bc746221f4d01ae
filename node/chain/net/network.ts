// Other nodes as the chain sees them: messages to everybody, which may get lost or come twice, and questions to one of them. libp2p in earnest
// (`libp2p-network.ts`), a virtual one in the simulator.

export type PeerId = string;

/** `blocks`: signed headers. `votes`: signed votes. `transactions`: some encoded transactions. */
export type Topic = 'blocks' | 'votes' | 'transactions';

/** What can be asked of a peer; the forms of question and answers are in `messages.ts`. */
export type Question = 'status' | 'blocks' | 'after' | 'certificates' | 'snapshot';

/** What a peer did that nobody honest does, or does often. Enough of it and the connection is closed. */
export type Fault =
  /** Bytes that are nothing. */
  | 'malformed'
  /** An object that breaks the rules, or whose signature is wrong. */
  | 'invalid'
  /** No answer in time, or none to the question. */
  | 'useless'
  /** More than its share. */
  | 'flood';

/** `accept` passes a message on, `ignore` does not, `reject` blames who sent it. */
export type Verdict = 'accept' | 'ignore' | 'reject';

export interface NetworkHandlers {
  message(from: PeerId, topic: Topic, message: Uint8Array): Promise<Verdict>;
  /** Answers in parts, each of a bounded size. Throwing ends the answer. */
  answer(from: PeerId, question: Question, body: Uint8Array): AsyncIterable<Uint8Array>;
  connected(peer: PeerId): void;
  disconnected(peer: PeerId): void;
}

export interface Network {
  readonly self: PeerId;
  readonly peers: readonly PeerId[];
  start(handlers: NetworkHandlers): Promise<void>;
  /** To everybody, as far as it gets. At most `MAX_MESSAGE_BYTES`. */
  publish(topic: Topic, message: Uint8Array): void;
  /**
   * The parts of a peer's answer. Stops listening when the reader does.
   * @throws AiosError PEER_GONE, PEER_TIMEOUT, PEER_ANSWER_TOO_LARGE
   */
  ask(peer: PeerId, question: Question, body: Uint8Array): AsyncIterable<Uint8Array>;
  blame(peer: PeerId, fault: Fault, why: string): void;
  close(): Promise<void>;
}

/** Of a gossiped message. Larger ones get lost under load: what is larger is fetched by hash. */
export const MAX_MESSAGE_BYTES = 65_536;
/** Of one part of an answer: the largest block, and a little. */
export const MAX_PART_BYTES = 4_300_000;
