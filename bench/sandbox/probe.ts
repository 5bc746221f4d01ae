// What a probe of the sandbox is: code of a guest that means harm, and what must become of it. Every language brings a list of them.
import type { AgentCode, Language, RunErrorCode, RunLimits } from '#node/agents/runtime/runtime.ts';

/** Given to every guest as its input: what it may try to reach. */
export interface ProbeTargets {
  /** A listener on 127.0.0.1 that must see nobody. */
  readonly port: number;
  /** A file with a secret in it, which no guest may read or change. */
  readonly file: string;
  /** A path that no guest may bring into being. */
  readonly created: string;
}

export interface Probe {
  readonly language: Language;
  readonly name: string;
  readonly code: AgentCode;
  /**
   * How the run may end: 'completed' or error codes. An escape says so by answering the string "ESCAPED", by an answer or a log that
   * holds the secret, by a connection, or by a file.
   */
  readonly ends: readonly ('completed' | RunErrorCode)[];
  readonly limits?: Partial<RunLimits>;
  /** How many of them run at the same time. */
  readonly times?: number;
}

/** Limits under which probes run: enough to do harm, little enough to see them hold. */
export const PROBE_LIMITS: RunLimits = {
  memoryBytes: 128 << 20,
  gas: 1e12,
  deadlineMs: 1_000,
  outputBytes: 64 << 10,
  hostCalls: 1_000,
  logBytes: 16 << 10,
};

/** A run that is over its deadline by more than this was not contained. */
export const LATE_MS = 1_000;
