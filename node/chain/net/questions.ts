// Questions to one peer, each on a stream of its own: the question, then the parts of the answer, then that this was all. Whoever reads an answer
// sets the pace; whoever gives one is bounded in how many at once, how often and how much.
import { AiosError } from '#node/platform/errors.ts';
import { type Connection, FramedStream } from './framed-stream.ts';
import { LIMITS } from './messages.ts';
import type { Fault, PeerId, Question } from './network.ts';
import { type Rate, TokenBucket } from './token-bucket.ts';

export const QUESTIONS: readonly Question[] = ['status', 'blocks', 'after', 'certificates', 'snapshot'];

/** Of a peer, at once; more wait here, so that an honest node never has more than the other side bears. */
const mostAsked = 4;
/** To a peer at once. Twice as many as are asked: streams end at different moments on their two sides. */
const mostAnswered = 8;
/** To all peers at once. */
const mostAnsweredInAll = 64;
const mostAskedInAll = 64;
/** Who asks more often than this is flooding. */
const asks: Rate = { perSecond: 50, burst: 400 };
/** What a peer is given; more is given later. */
const gives: Rate = { perSecond: 32_000_000, burst: 64_000_000 };
/** Of a whole answer, whatever its parts. */
const answerMs = 300_000;

export interface QuestionsOptions {
  readonly now: () => number;
  /** For one part, for the one who waits for it and for the one who waits that it is taken. */
  readonly partMs: number;
  /** @returns undefined when it is not connected */
  readonly connectionOf: (peer: PeerId) => Connection | undefined;
  readonly protocolOf: (question: Question) => string;
  readonly answer: (from: PeerId, question: Question, body: Uint8Array) => AsyncIterable<Uint8Array>;
  readonly blame: (peer: PeerId, fault: Fault, why: string) => void;
}

interface Answered {
  now: number;
  readonly asks: TokenBucket;
  readonly gives: TokenBucket;
}

export class Questions {
  readonly #options: QuestionsOptions;
  readonly #asked = new Map<PeerId, number>();
  #askedInAll = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #answered = new Map<PeerId, Answered>();
  #answeredInAll = 0;
  #closed = false;

  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  /** As `Network.ask`. Faults in the answer's form are blamed here. */
  async *ask(peer: PeerId, question: Question, body: Uint8Array): AsyncIterable<Uint8Array> {
    const { partMs, blame } = this.#options;
    const limits = LIMITS[question];
    if (body.length > limits.asked)
      throw new AiosError('QUESTION_TOO_LARGE', `A question for ${question} has ${body.length} bytes.`);
    await this.#mayAsk(peer);
    let stream: FramedStream | undefined;
    let whole = false;
    try {
      stream = await this.#open(peer, question);
      await stream.write([body], partMs);
      const until = Date.now() + answerMs;
      for (let parts = 0; ; parts++) {
        const part = await stream.read(limits.part, partMs);
        if (!part) break;
        if (parts === limits.parts)
          throw new AiosError(
            'PEER_ANSWER_TOO_LARGE',
            `An answer about ${question} has more than ${parts} parts. The peer speaks another protocol, or means no good.`,
          );
        yield part;
        if (Date.now() > until)
          throw new AiosError('PEER_TIMEOUT', `An answer about ${question} does not end. Ask another peer.`);
      }
      whole = true;
    } catch (error) {
      const code = error instanceof AiosError ? error.code : undefined;
      if (code === 'PEER_ANSWER_TOO_LARGE')
        blame(peer, 'malformed', `its answer about ${question} is too large`);
      if (code === 'PEER_TIMEOUT')
        blame(peer, 'useless', `its answer about ${question} did not come in time`);
      throw error;
    } finally {
      // The other side has closed its direction; ours is closed the same way, or, when the reader has stopped, both at once.
      if (whole) void stream?.end(partMs).catch(() => {});
      else stream?.abort('not read any further');
      this.#hasAsked(peer);
    }
  }

  /** Answers a question that comes on this stream. Never throws. */
  async respond(peer: PeerId, question: Question, stream: FramedStream): Promise<void> {
    const { partMs, answer, blame, now } = this.#options;
    let answered = this.#answered.get(peer);
    if (!answered) {
      answered = { now: 0, asks: new TokenBucket(asks, now), gives: new TokenBucket(gives, now) };
      this.#answered.set(peer, answered);
    }
    if (!answered.asks.take(1) || answered.now >= mostAnswered) {
      blame(peer, 'flood', `it asks too much, about ${question} now`);
      stream.abort('too many questions');
      return;
    }
    if (this.#answeredInAll >= mostAnsweredInAll) {
      stream.abort('too many questions of all peers');
      return;
    }
    answered.now++;
    this.#answeredInAll++;
    try {
      const body = await stream.read(LIMITS[question].asked, partMs);
      if (!body) throw new AiosError('PEER_ANSWER_TOO_LARGE', 'It asks nothing.');
      for await (const part of answer(peer, question, body)) {
        const wait = answered.gives.owe(part.length);
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait).unref());
        // A slow reader is no fault: whoever stops taking costs one of its own questions.
        await stream.write([part], partMs);
      }
      await stream.end(partMs);
    } catch (error) {
      if (error instanceof AiosError && error.code === 'PEER_ANSWER_TOO_LARGE')
        blame(peer, 'malformed', `its question for ${question} is too large, or none`);
      if (error instanceof AiosError && error.code === 'PEER_TIMEOUT')
        blame(peer, 'useless', `it asked for ${question} and then did not go on`);
      stream.abort('no answer');
    } finally {
      answered.now--;
      this.#answeredInAll--;
    }
  }

  /** Nothing is remembered of who is gone. */
  leave(peer: PeerId): void {
    this.#answered.delete(peer);
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  async #open(peer: PeerId, question: Question): Promise<FramedStream> {
    const connection = this.#options.connectionOf(peer);
    if (!connection || this.#closed) throw notConnected(peer);
    try {
      const signal = AbortSignal.timeout(this.#options.partMs);
      return new FramedStream(
        await connection.newStream(this.#options.protocolOf(question), {
          signal,
          maxOutboundStreams: 2 * mostAnswered,
        }),
      );
    } catch (cause) {
      throw new AiosError('PEER_GONE', `Peer ${peer} opens no stream for ${question}. Ask another one.`, {
        cause,
      });
    }
  }

  async #mayAsk(peer: PeerId): Promise<void> {
    while ((this.#asked.get(peer) ?? 0) >= mostAsked || this.#askedInAll >= mostAskedInAll) {
      if (this.#closed || !this.#options.connectionOf(peer)) throw notConnected(peer);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#asked.set(peer, (this.#asked.get(peer) ?? 0) + 1);
    this.#askedInAll++;
  }

  #hasAsked(peer: PeerId): void {
    const left = (this.#asked.get(peer) ?? 1) - 1;
    if (left === 0) this.#asked.delete(peer);
    else this.#asked.set(peer, left);
    this.#askedInAll--;
    this.#wake();
  }

  /** Who may go on finds out by itself; there are few. */
  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

const notConnected = (peer: PeerId) =>
  new AiosError('PEER_GONE', `Peer ${peer} is not connected. Ask another one.`);
