// What a worker writes down of a run: its steps, and how the run left its hands.
import type { HostAnswer, Json, LogLine, RunError } from '../runtime/runtime.ts';

export interface StepRecord {
  readonly step: number;
  readonly attempt: number;
  readonly capability: string;
  readonly args: Json;
  readonly inputHash: string;
  readonly status: 'started' | 'waiting' | 'answered';
  readonly answer?: HostAnswer;
  readonly cost?: bigint;
  /** Of a step that waits for a time. */
  readonly dueAt?: Date;
  /** Of a step that waits for a message. */
  readonly topic?: string;
}

/** How a run left its worker's hands. */
export type RunEnd =
  | {
      readonly kind: 'finished';
      readonly status: 'completed' | 'failed' | 'killed';
      readonly output?: Json;
      readonly error?: Omit<RunError, 'code'> & { readonly code: string };
      readonly logs: readonly LogLine[];
      readonly gas: number;
      readonly memoryBytes: number;
      readonly cpuMs: number;
      readonly wallMs: number;
      readonly engine: string;
      readonly digest: string | null;
    }
  /** Tried again after a while; steps from `dropFrom` on are asked anew. */
  | {
      readonly kind: 'retry';
      readonly code: string;
      readonly delayMs: number;
      readonly dropFrom: number | null;
    }
  /** Goes on when its open step is answered. */
  | { readonly kind: 'waiting' }
  /** Given back as it is, for another worker. */
  | { readonly kind: 'released' };
