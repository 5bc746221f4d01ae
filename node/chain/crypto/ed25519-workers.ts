// Threads that check the signatures of transactions. Batches go to them in pieces, each one buffer that changes hands rather than being copied; a
// thread has at most two pieces at a time, so that what waits costs no memory beyond what the callers hold anyway.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import { bundledEntry } from '#node/platform/package-root.ts';
import { MAX_TRANSACTION_BYTES } from '../types/limits.ts';
import { SIGNATURE_BYTES } from '../types/transaction.ts';
import type { SignaturesQuestion, WorkerAnswer, WorkerSettings } from './ed25519-worker.ts';
import type { TransactionSignatures } from './transaction-signatures.ts';

export interface Ed25519WorkersOptions {
  /** Threads; all cores but one when left out, which is for the rest of the node. */
  readonly workers?: number;
  readonly logger: Logger;
  /** Does without libsodium: for tests of what then happens. */
  readonly withoutSodium?: boolean;
}

/** Transactions of a piece: 14 ms of work, next to which a message's 30 µs do not count, and a small batch does not wait long behind a large one. */
const mostInPiece = 256;
/** Fewer are not worth another thread's message. */
const leastInPiece = 16;
/** One at work and one waiting, so that a thread never waits for the main one. */
const mostPieces = 2;
/** Version, chain id, public key, nonce, fee and count of operations, then the signature: what is shorter is no transaction. */
const leastBytes = 54 + SIGNATURE_BYTES;

/** A caller's batch, of which pieces are at work. */
interface Batch {
  readonly transactions: readonly Uint8Array[];
  readonly results: boolean[];
  readonly pieceSize: number;
  /** The first that no thread has got yet. */
  next: number;
  left: number;
  readonly resolve: (results: readonly boolean[]) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  /** What it was given, the oldest first: it answers in order. */
  readonly pieces: { readonly batch: Batch; readonly from: number }[];
}

export class Ed25519Workers implements TransactionSignatures {
  readonly #threads: Thread[] = [];
  /** Batches of which something was not given to a thread yet, in the order they came. */
  readonly #waiting: Batch[] = [];
  readonly #atWork = new Set<Batch>();
  #failed: Error | undefined;
  #library: 'libsodium' | 'node:crypto' = 'libsodium';

  private constructor() {}

  /** @throws AiosError SIGNATURES_FAILED when a thread does not start */
  static async start(options: Ed25519WorkersOptions): Promise<Ed25519Workers> {
    const { workers = Math.max(1, availableParallelism() - 1), logger, withoutSodium = false } = options;
    const self = new Ed25519Workers();
    try {
      const reasons = await Promise.all(
        Array.from({ length: workers }, () => self.#startThread({ withoutSodium })),
      );
      const why = reasons.find((reason) => reason !== undefined);
      if (why !== undefined)
        logger.warn(
          { why },
          'libsodium cannot be loaded: signatures are checked by node:crypto, which decides alike and takes three times as long',
        );
    } catch (error) {
      await self.close();
      throw error;
    }
    return self;
  }

  /** Which library decides; both decide alike. */
  get library(): 'libsodium' | 'node:crypto' {
    return this.#library;
  }

  /** @throws AiosError SIGNATURES_FAILED once a thread has died; SIGNATURES_CLOSED after `close` */
  verify(transactions: readonly Uint8Array[]): Promise<readonly boolean[]> {
    if (this.#failed) return Promise.reject(this.#failed);
    if (transactions.length === 0) return Promise.resolve([]);
    for (const { length } of transactions)
      if (length < leastBytes || length > MAX_TRANSACTION_BYTES)
        return Promise.reject(new RangeError(`${length} bytes are no transaction: decode it first`));
    return new Promise((resolve, reject) => {
      const even = Math.ceil(transactions.length / this.#threads.length);
      const batch: Batch = {
        transactions,
        results: new Array<boolean>(transactions.length),
        pieceSize: Math.min(mostInPiece, Math.max(leastInPiece, even)),
        next: 0,
        left: transactions.length,
        resolve,
        reject,
      };
      this.#atWork.add(batch);
      this.#waiting.push(batch);
      this.#handOut();
    });
  }

  /** What is not answered yet is refused. */
  async close(): Promise<void> {
    this.#fail(
      new AiosError('SIGNATURES_CLOSED', 'The node is closing: its signatures are not checked any more.'),
    );
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  /** Resolves once it is ready, with why it does without libsodium if it does. */
  #startThread(settings: WorkerSettings): Promise<string | undefined> {
    const worker = new Worker(bundledEntry('chain-signatures.mjs'), {
      workerData: settings,
      name: 'chain-signatures',
    });
    const thread: Thread = { worker, pieces: [] };
    this.#threads.push(thread);
    return new Promise((resolve, reject) => {
      const died = (why: string, cause?: unknown) => {
        const error = new AiosError(
          'SIGNATURES_FAILED',
          `A thread that checks signatures has died (${why}). Start the node again; if it happens again, run it with more memory.`,
          { cause },
        );
        this.#fail(error);
        reject(error);
      };
      worker.on('message', (answer: WorkerAnswer) => {
        if (answer.kind === 'checked') {
          this.#checked(thread, new Uint8Array(answer.results));
          return;
        }
        this.#library = answer.library;
        // A process that has nothing else to do does not wait for the next transaction.
        worker.unref();
        resolve(answer.why);
      });
      worker.once('error', (error) => died(messageOf(error), error));
      worker.once('exit', (code) => died(`it ended with ${code}`));
    });
  }

  /** Gives pieces to the threads that have the fewest, until each has enough. */
  #handOut(): void {
    for (let batch = this.#waiting[0]; batch; batch = this.#waiting[0]) {
      let thread = this.#threads[0] as Thread;
      for (const other of this.#threads) if (other.pieces.length < thread.pieces.length) thread = other;
      if (thread.pieces.length >= mostPieces) return;
      const from = batch.next;
      const to = Math.min(batch.transactions.length, from + batch.pieceSize);
      const packed = pack(batch.transactions, from, to);
      if (thread.pieces.length === 0) thread.worker.ref();
      thread.pieces.push({ batch, from });
      thread.worker.postMessage({ packed, count: to - from } satisfies SignaturesQuestion, [packed]);
      batch.next = to;
      if (to === batch.transactions.length) this.#waiting.shift();
    }
  }

  #checked(thread: Thread, results: Uint8Array): void {
    const piece = thread.pieces.shift();
    if (thread.pieces.length === 0) thread.worker.unref();
    if (!piece || this.#failed) return;
    const { batch, from } = piece;
    for (let nth = 0; nth < results.length; nth++) batch.results[from + nth] = results[nth] === 1;
    batch.left -= results.length;
    if (batch.left === 0) {
      this.#atWork.delete(batch);
      batch.resolve(batch.results);
    }
    this.#handOut();
  }

  #fail(error: Error): void {
    if (this.#failed) return;
    this.#failed = error;
    this.#waiting.length = 0;
    for (const batch of this.#atWork) batch.reject(error);
    this.#atWork.clear();
  }
}

function pack(transactions: readonly Uint8Array[], from: number, to: number): ArrayBuffer {
  let size = (to - from) * 4;
  for (let nth = from; nth < to; nth++) size += (transactions[nth] as Uint8Array).length;
  const packed = new ArrayBuffer(size);
  const lengths = new Uint32Array(packed, 0, to - from);
  const bytes = new Uint8Array(packed);
  let at = (to - from) * 4;
  for (let nth = from; nth < to; nth++) {
    const transaction = transactions[nth] as Uint8Array;
    lengths[nth - from] = transaction.length;
    bytes.set(transaction, at);
    at += transaction.length;
  }
  return packed;
}
