// Lets the mapping thread, which cannot await inside WebAssembly, wait for answers that the I/O thread produces asynchronously.
// The asking side sleeps in Atomics.wait, and every way the answering side can end wakes it.
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { messageOf } from '#node/platform/errors.ts';
import { HostUnavailableError } from './failures.ts';

/** Counts answers; the asking side sleeps on it. */
const ANSWERS = 0;
/** Not zero once nobody will answer any more. */
const CLOSED = 1;

/** What both sides share; create it on the answering side and send it over. */
export function createSignal(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(8));
}

interface Answer {
  readonly value?: unknown;
  readonly error?: string;
}

/** The asking end. */
export class BlockingRequests {
  readonly #port: MessagePort;
  readonly #signal: Int32Array<SharedArrayBuffer>;

  constructor(port: MessagePort, signal: Int32Array<SharedArrayBuffer>) {
    this.#port = port;
    this.#signal = signal;
  }

  /**
   * Sends a request and sleeps until it is answered.
   *
   * @throws HostUnavailableError when the other side failed or closed
   */
  ask(request: unknown): unknown {
    const seen = Atomics.load(this.#signal, ANSWERS);
    // Read after the count: closing counts too, so that it cannot slip in between unnoticed.
    if (Atomics.load(this.#signal, CLOSED) !== 0)
      throw new HostUnavailableError('the indexer is shutting down');
    this.#port.postMessage(request);
    Atomics.wait(this.#signal, ANSWERS, seen);
    const received = receiveMessageOnPort(this.#port) as { readonly message: Answer } | undefined;
    if (received === undefined) throw new HostUnavailableError('the indexer is shutting down');
    if (received.message.error !== undefined) throw new HostUnavailableError(received.message.error);
    return received.message.value;
  }
}

/** The answering end: `answer` may take as long as it needs; what it throws becomes the asking side's error. */
export class BlockingAnswers {
  readonly #port: MessagePort;
  readonly #signal: Int32Array<SharedArrayBuffer>;

  constructor(
    port: MessagePort,
    signal: Int32Array<SharedArrayBuffer>,
    answer: (request: unknown) => Promise<unknown>,
  ) {
    this.#port = port;
    this.#signal = signal;
    port.on('message', (request: unknown) => {
      answer(request).then(
        (value) => this.#reply({ value }),
        (error: unknown) => this.#reply({ error: messageOf(error) }),
      );
    });
  }

  #reply(answer: Answer): void {
    if (Atomics.load(this.#signal, CLOSED) !== 0) return;
    try {
      this.#port.postMessage(answer);
    } catch (error) {
      // An answer that cannot be cloned must not leave the other side asleep.
      this.#port.postMessage({ error: messageOf(error) } satisfies Answer);
    }
    this.#wake();
  }

  #wake(): void {
    Atomics.add(this.#signal, ANSWERS, 1);
    Atomics.notify(this.#signal, ANSWERS);
  }

  /** Wakes the asking side for good: its request, and every later one, fails. */
  close(): void {
    if (Atomics.exchange(this.#signal, CLOSED, 1) !== 0) return;
    this.#port.close();
    this.#wake();
  }
}
