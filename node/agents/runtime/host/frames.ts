// What travels over the pipe between the platform and one worker of the agent host: frames of a length, a kind and bytes.
import type { RunErrorCode, RunLimits } from '../runtime.ts';

export const FRAME = {
  /** Platform → worker. */
  run: 1,
  answer: 2,
  /** In place of an answer: the run ends with the code and message given. */
  stop: 3,
  /** Worker → platform. */
  ready: 16,
  call: 17,
  log: 18,
  outcome: 19,
} as const;

/** Bytes before a frame's contents: length of the contents (u32, little endian) and kind. */
export const FRAME_HEAD = 5;

/** The first part of a run frame; input and files follow as bytes. */
export interface RunHead {
  readonly run: number;
  readonly language: 'javascript' | 'wasm';
  readonly entry: string;
  /** Names these files; a worker keeps the last ones by it. */
  readonly code: string;
  /** Path and length of each file that follows, or null when the worker has them. */
  readonly files: readonly (readonly [string, number])[] | null;
  readonly inputBytes: number;
  readonly seed: string;
  readonly startedAt: number;
  readonly limits: RunLimits;
}

/** The first part of an outcome frame; the output's JSON follows. */
export interface OutcomeHead {
  readonly error?: { readonly code: RunErrorCode; readonly message: string; readonly stack?: string };
  readonly outputBytes: number | null;
  readonly gas: number;
  readonly memoryBytes: number;
  readonly cpuMs: number;
}

export interface StopHead {
  readonly code: 'CANCELLED' | 'DEADLINE_EXCEEDED';
  readonly message: string;
}

/** How many packages' files a worker keeps; both sides forget the least recently used alike. */
export const KEPT_CODES = 16;

/** One frame in one buffer. */
export function frame(kind: number, ...parts: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  const bytes = Buffer.allocUnsafe(FRAME_HEAD + length);
  bytes.writeUInt32LE(length, 0);
  bytes[4] = kind;
  let at = FRAME_HEAD;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A head in JSON before bytes: its length, itself. */
export function headed(head: unknown): readonly [Uint8Array, Uint8Array] {
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32LE(json.length, 0);
  return [length, json];
}

/** Takes a head off: it and the bytes behind it. */
export function readHeaded<Head>(contents: Buffer): { head: Head; rest: Buffer } {
  const end = 4 + contents.readUInt32LE(0);
  return { head: JSON.parse(contents.toString('utf8', 4, end)) as Head, rest: contents.subarray(end) };
}

/** More than the largest output, call or log that a worker lets through. */
const MOST_FRAME = 16 << 20;

/** Puts frames together from what arrives in pieces. */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0);
  readonly #receive: (kind: number, contents: Buffer) => void;

  /** `contents` are only valid during the call. */
  constructor(receive: (kind: number, contents: Buffer) => void) {
    this.#receive = receive;
  }

  /** @throws Error for a frame that no worker sends */
  push(chunk: Buffer): void {
    let bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    while (bytes.length >= FRAME_HEAD) {
      const length = bytes.readUInt32LE(0);
      if (length > MOST_FRAME) throw new Error(`a frame of ${length} bytes`);
      const end = FRAME_HEAD + length;
      if (bytes.length < end) break;
      this.#receive(bytes[4] ?? 0, bytes.subarray(FRAME_HEAD, end));
      bytes = bytes.subarray(end);
    }
    this.#pending = bytes;
  }
}
