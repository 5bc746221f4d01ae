// A proof job as it is looked at, and the row it is made from.
import type { ProofSystem } from '../catalogue.ts';

export type JobStatus = 'QUEUED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED';

export interface ProofJob {
  readonly id: string;
  readonly circuit: string;
  readonly system: ProofSystem;
  readonly status: JobStatus;
  readonly stage: string | null;
  /** Of the stage, 0 to 1. */
  readonly fraction: number;
  readonly attempts: number;
  readonly requestedBy: string;
  readonly agentId: string | null;
  /** The network that the run it is for belongs to, and its environment; empty when it belongs to none. */
  readonly network: string;
  readonly environment: string;
  readonly runId: string | null;
  /** The step of the run that waits for it, with the attempt: run/step/attempt. */
  readonly stepKey: string | null;
  readonly modelId: string | null;
  readonly proof: Readonly<Record<string, unknown>> | null;
  readonly words: readonly string[] | null;
  readonly publicSignals: readonly string[] | null;
  readonly keyHash: string | null;
  readonly development: boolean | null;
  readonly cpuSeconds: number | null;
  readonly peakBytes: number | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly version: bigint;
}

export const jobColumns = `id, circuit, system, status, stage, fraction, attempts, requested_by, agent_id, network, environment, run_id, step_key, model_id, proof, words,
  public_signals, key_hash, development, cpu_seconds, peak_bytes, error_code, error_message, created_at, started_at, ended_at, version`;

export interface JobRow {
  readonly id: string;
  readonly circuit: string;
  readonly system: ProofSystem;
  readonly status: JobStatus;
  readonly stage: string | null;
  readonly fraction: number;
  readonly attempts: number;
  readonly requested_by: string;
  readonly agent_id: string | null;
  readonly network: string;
  readonly environment: string;
  readonly run_id: string | null;
  readonly step_key: string | null;
  readonly model_id: string | null;
  readonly proof: Readonly<Record<string, unknown>> | null;
  readonly words: string[] | null;
  readonly public_signals: string[] | null;
  readonly key_hash: string | null;
  readonly development: boolean | null;
  readonly cpu_seconds: number | null;
  readonly peak_bytes: string | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly version: string;
}

export function jobOf(row: JobRow): ProofJob {
  return {
    id: row.id,
    circuit: row.circuit,
    system: row.system,
    status: row.status,
    stage: row.stage,
    fraction: row.fraction,
    attempts: row.attempts,
    requestedBy: row.requested_by,
    agentId: row.agent_id,
    network: row.network,
    environment: row.environment,
    runId: row.run_id,
    stepKey: row.step_key,
    modelId: row.model_id,
    proof: row.proof,
    words: row.words,
    publicSignals: row.public_signals,
    keyHash: row.key_hash,
    development: row.development,
    cpuSeconds: row.cpu_seconds,
    peakBytes: row.peak_bytes === null ? null : Number(row.peak_bytes),
    error: row.error_code === null ? null : { code: row.error_code, message: row.error_message ?? '' },
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    version: BigInt(row.version),
  };
}

/** What a cancelled proof says. */
export const proofCancelled = 'The proof was cancelled. Request it again if it is still wanted.';
