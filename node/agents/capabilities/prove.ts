// Proofs for guests: a job of the provers, whose answer the run waits for. It is stored together with the step that asks, or not at all.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { z } from 'zod';
import { AiosError } from '#node/platform/errors.ts';
import type { Json } from '../runtime/runtime.ts';
import { type Capability, checkedArgs, grantOf } from './capability.ts';

export interface RunProofRequest {
  readonly circuit: string;
  readonly system: string;
  readonly inputs: Readonly<Record<string, Json>>;
  /** What the proof is bound to where its circuit has a context: see `runContext`. */
  readonly context: string;
  readonly run: string;
  readonly network: string;
  readonly environment: string;
  readonly deploymentId: string;
  /** Who asked for the run; null when it started by itself. */
  readonly viewer: string | null;
  /** run/step/attempt. */
  readonly stepKey: string;
}

/** Puts the job into the provers' queue in the step's transaction. @throws AiosError as a refusal */
export type ProofRequester = (client: pg.PoolClient, request: RunProofRequest) => Promise<void>;

const args = z.strictObject({
  circuit: z.string().min(1).max(64),
  system: z.enum(['groth16', 'fflonk', 'plonk']).default('groth16'),
  inputs: z.record(z.string().min(1).max(64), z.json()),
});

export const proveRequest = 'prove.request';

export function proveCapability(request: ProofRequester): Capability {
  return {
    name: proveRequest,
    async act(step) {
      const { circuit, system, inputs } = checkedArgs(step, args);
      const grant = grantOf(step, 'prove');
      if (!grant.circuits.includes(circuit)) {
        throw new AiosError(
          'CIRCUIT_NOT_GRANTED',
          `Circuit ${JSON.stringify(circuit)} is not among those of the manifest (${grant.circuits.join(', ')}). Add it to capabilities.prove.circuits and deploy a new version.`,
        );
      }
      const { run } = step;
      return step.commit(async (client) => {
        await request(client, {
          ...{ circuit, system, inputs },
          context: runContext(run.seed),
          run: run.id,
          network: run.network,
          environment: run.environment,
          deploymentId: run.deploymentId,
          viewer: run.viewer,
          stepKey: proofStepKey(run.id, step.step, run.attempt),
        });
        // No answer yet: the run is put aside, and the proof's end answers the step.
        return {};
      });
    },
  };
}

/** An attempt that asks anew asks for another proof. */
export const proofStepKey = (run: string, step: number, attempt: number) => `${run}/${step}/${attempt}`;

/**
 * The number that a run's proofs are bound to: the first 31 bytes of SHA-256 over `aios-run-context/1`, a line feed and the run's seed. The
 * seed is part of the run's digest, so whoever has the run can tell that a proof was made for it.
 */
export function runContext(seed: string): string {
  const hash = createHash('sha256').update(`aios-run-context/1\n${seed}`).digest('hex');
  return BigInt(`0x${hash.slice(0, 62)}`).toString();
}
