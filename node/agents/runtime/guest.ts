// What an engine inside a worker is given and what it answers: bytes of JSON in, bytes of JSON out.
import type { RunErrorCode, RunLimits } from './runtime.ts';

export interface GuestCode {
  readonly language: 'javascript' | 'wasm';
  readonly entry: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface GuestRun {
  readonly code: GuestCode;
  /** JSON in UTF-8. */
  readonly input: Uint8Array;
  /** 32 bytes in hex. */
  readonly seed: string;
  readonly startedAt: number;
  readonly limits: RunLimits;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** The world as an engine sees it while a guest runs. Every method may throw a GuestStop. */
export interface GuestHost {
  /** Asks the platform: `["capability", args]` in JSON, answered by a HostAnswer in JSON. */
  call(request: Uint8Array): Uint8Array;
  /** `level` indexes LOG_LEVELS. */
  log(level: number, text: string, gas: number): void;
  /** Called every few milliseconds of guest code. */
  checkpoint(gas: number, memoryBytes: number): void;
}

export interface GuestOutcome {
  /** JSON in UTF-8. */
  readonly output?: Uint8Array;
  readonly error?: { readonly code: RunErrorCode; readonly message: string; readonly stack?: string };
  readonly gas: number;
  readonly memoryBytes: number;
}

/** Bytes of one call's arguments, of one answer and of all calls of a run, and how deep JSON that crosses the border may nest. */
export const BORDER = {
  callBytes: 1 << 20,
  answerBytes: 8 << 20,
  totalBytes: 64 << 20,
  jsonDepth: 200,
} as const;
