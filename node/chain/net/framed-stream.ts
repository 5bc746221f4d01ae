// Frames on a stream of libp2p: each a length in four bytes, little-endian, and so many bytes. Neither side runs ahead of the other: nothing is
// taken off the wire before somebody reads, and a writer waits until what it wrote has left.
import type { Libp2p } from 'libp2p';
import { AiosError } from '#node/platform/errors.ts';

export type Connection = ReturnType<Libp2p['getConnections']>[number];
export type Stream = Connection['streams'][number];

/** Stands for a length: what was to come has come. Without it a connection that breaks would look like an answer's end. */
const endMark = 0xffffffff;
const lengthBytes = 4;

export class FramedStream {
  readonly #stream: Stream;
  readonly #chunks: Uint8Array[] = [];
  #buffered = 0;
  #ended = false;
  #failure: Error | undefined;
  /** Whoever waits for something to change: one reader and one writer at most. */
  readonly #waiting = new Set<() => void>();

  constructor(stream: Stream) {
    this.#stream = stream;
    // What one did not ask for yet is kept on the other side, but for the window of the stream.
    if (isReadable(stream)) stream.pause();
    else this.#ended = stream.readableEnded;
    stream.addEventListener('message', ({ data }) => {
      const bytes = data instanceof Uint8Array ? data : data.subarray();
      this.#chunks.push(bytes);
      this.#buffered += bytes.length;
      this.#wake();
    });
    stream.addEventListener('end', () => {
      this.#ended = true;
      this.#wake();
    });
    stream.addEventListener('close', ({ error }) => {
      if (error) this.#failure ??= error;
      // Without an error, what still lies unread in the stream can be read.
      else if (stream.readBufferLength === 0) this.#ended = true;
      this.#wake();
    });
    stream.addEventListener('drain', () => this.#wake());
    stream.addEventListener('idle', () => this.#wake());
    if (stream.status !== 'open' && stream.readBufferLength === 0) this.#ended = true;
  }

  /**
   * The next frame; undefined after the last one.
   * @param most bytes it may have
   * @param timeoutMs for all of it, once its length is known
   * @param idleMs until it begins; may be Infinity
   * @throws AiosError PEER_TIMEOUT, PEER_GONE (also when the stream ends without saying so), PEER_ANSWER_TOO_LARGE
   */
  async read(most: number, timeoutMs: number, idleMs = timeoutMs): Promise<Uint8Array | undefined> {
    const head = await this.#take(lengthBytes, Date.now() + idleMs);
    const length = new DataView(head.buffer, head.byteOffset, lengthBytes).getUint32(0, true);
    if (length === endMark) return undefined;
    if (length > most)
      throw new AiosError(
        'PEER_ANSWER_TOO_LARGE',
        `A peer announces ${length} bytes where at most ${most} may be. It speaks another protocol, or means no good.`,
      );
    return length === 0 ? new Uint8Array() : await this.#take(length, Date.now() + timeoutMs);
  }

  /**
   * Sends frames together, and waits until they have left this process.
   * @throws AiosError PEER_TIMEOUT when the peer does not take them, PEER_GONE
   */
  async write(frames: readonly Uint8Array[], timeoutMs: number): Promise<void> {
    let length = 0;
    for (const frame of frames) length += lengthBytes + frame.length;
    const bytes = Buffer.allocUnsafe(length);
    let at = 0;
    for (const frame of frames) {
      at = bytes.writeUInt32LE(frame.length, at);
      bytes.set(frame, at);
      at += frame.length;
    }
    await this.#send(bytes, timeoutMs);
  }

  /** Says that this was all, and closes this direction. */
  async end(timeoutMs: number): Promise<void> {
    const mark = Buffer.allocUnsafe(lengthBytes);
    mark.writeUInt32LE(endMark);
    await this.#send(mark, timeoutMs);
    const stream = this.#stream;
    await stream.close({ signal: AbortSignal.timeout(timeoutMs) }).catch(() => {});
    if (stream.status !== 'open') return;
    // Open as long as the other side does not close its direction too, which it may never do.
    const timer = setTimeout(() => this.abort('half open'), timeoutMs);
    stream.addEventListener('close', () => clearTimeout(timer), { once: true });
  }

  abort(why: string): void {
    this.#stream.abort(new Error(why));
  }

  async #send(bytes: Uint8Array, timeoutMs: number): Promise<void> {
    const stream = this.#stream;
    const until = Date.now() + timeoutMs;
    try {
      stream.send(bytes);
    } catch (error) {
      throw gone(error);
    }
    // `Stream.onDrain` resolves at once after its first time (@libp2p/utils 7.4), so the events are listened to.
    while (stream.writeBufferLength > 0 || stream.writableNeedsDrain) {
      if (stream.status !== 'open' && stream.status !== 'closing') throw gone(this.#failure);
      await this.#changed(until);
    }
    if (this.#failure) throw gone(this.#failure);
  }

  async #take(length: number, until: number): Promise<Uint8Array> {
    while (this.#buffered < length) {
      if (this.#failure) throw gone(this.#failure);
      if (this.#ended) throw gone(undefined);
      const before = this.#buffered;
      // Hands over at once what has come already, and asks for more.
      this.#resume();
      if (this.#buffered === before && !this.#ended && !this.#failure) await this.#changed(until);
      if (isReadable(this.#stream)) this.#stream.pause();
    }
    // In memory of its own: what is kept of it must keep nothing else alive.
    const taken = Buffer.allocUnsafeSlow(length);
    let filled = 0;
    while (filled < length) {
      const chunk = this.#chunks[0] as Uint8Array;
      const part = Math.min(chunk.length, length - filled);
      taken.set(chunk.subarray(0, part), filled);
      filled += part;
      if (part === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(part);
    }
    this.#buffered -= length;
    return new Uint8Array(taken.buffer, taken.byteOffset, length);
  }

  #resume(): void {
    try {
      if (isReadable(this.#stream)) this.#stream.resume();
    } catch (error) {
      // It tells the other side, which may be gone; what had come before is here none the less.
      if (this.#stream.readBufferLength === 0) this.#failure ??= error as Error;
    }
  }

  #changed(until: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = () => {
        this.#waiting.delete(done);
        reject(new AiosError('PEER_TIMEOUT', 'A peer took too long. Ask another one.'));
      };
      const timer = until === Infinity ? undefined : setTimeout(late, Math.max(0, until - Date.now()));
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#waiting.add(done);
    });
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}

const isReadable = ({ readStatus }: Stream) => readStatus === 'readable' || readStatus === 'paused';

function gone(cause: unknown): AiosError {
  return new AiosError('PEER_GONE', 'A peer has closed the stream or the connection. Ask another one.', {
    cause,
  });
}
