// What host and jailed child say to each other over one socket: frames of a length and JSON in UTF-8.
import type { HostAnswer, Json, LogLine, RunError } from '../runtime.ts';

/** First frame to a warm child, and the only one but answers. */
export interface StartFrame {
  readonly entry: string;
  /** Path and contents in base64. */
  readonly files: readonly (readonly [path: string, content: string])[];
  readonly input: Json;
  readonly seed: string;
  readonly startedAt: number;
  readonly gas: number;
  readonly memoryBytes: number;
  readonly outputBytes: number;
  readonly hostCalls: number;
}

export type ChildFrame =
  | { readonly type: 'ready'; readonly node: string }
  /** `request` is `["capability", args]` as the guest wrote it. */
  | { readonly type: 'call'; readonly request: string }
  | { readonly type: 'log'; readonly level: LogLine['level']; readonly text: string; readonly gas: number }
  | {
      readonly type: 'done';
      /** JSON as the guest wrote it. */
      readonly output?: string;
      readonly error?: RunError;
      readonly gas: number;
      readonly memoryBytes: number;
      readonly cpuMs: number;
    };

export type AnswerFrame = HostAnswer;

/** Frames of a child never are larger: a longer output or call is refused inside. */
export const MAX_FRAME = 64 << 20;
/** Bytes of one call's request and of one answer. */
export const CALL_BYTES = 1 << 20;
export const ANSWER_BYTES = 8 << 20;

/** A frame's bytes: length (u32, little endian), then the text. */
export function encodeFrame(text: string): Uint8Array {
  const body = Buffer.from(text, 'utf8');
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32LE(body.length, 0);
  body.copy(frame, 4);
  return frame;
}

/** Cuts a stream of bytes into frames. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;

  /** @throws RangeError when a frame is larger than MAX_FRAME */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const frames: Buffer[] = [];
    while (this.#size >= 4) {
      const head = this.#chunks[0] as Buffer;
      if (head.length < 4) this.#join();
      const length = (this.#chunks[0] as Buffer).readUInt32LE(0);
      if (length > MAX_FRAME) throw new RangeError(`a frame of ${length} bytes`);
      if (this.#size < 4 + length) break;
      this.#join();
      const all = this.#chunks[0] as Buffer;
      frames.push(all.subarray(4, 4 + length));
      this.#size -= 4 + length;
      this.#chunks = this.#size === 0 ? [] : [all.subarray(4 + length)];
    }
    return frames;
  }

  #join(): void {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
  }
}
