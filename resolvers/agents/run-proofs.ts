// Proofs that runs ask for: jobs put into the provers' queue with the step that asks, and the jobs' ends as those steps' answers. Any number
// of processes may follow; a step is answered once.
import type pg from 'pg';
import { circuitOf, type ProofSystem } from '#circuits/catalogue.ts';
import type { JobQueue, ProofJob } from '#circuits/prover/job-queue.ts';
import type { CircuitInput } from '#circuits/prover/witness.ts';
import { type ProofRequester, proofStepKey, proveRequest } from '#node/agents/capabilities/prove.ts';
import { answerWaitingStep } from '#node/agents/runs/answer-waiting-step.ts';
import type { HostAnswer, Json } from '#node/agents/runtime/runtime.ts';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import { LookAgain } from '#node/platform/look-again.ts';

export interface RunProofsOptions {
  readonly pool: pg.Pool;
  readonly queue: JobQueue;
  readonly logger: Logger;
}

/** A look without a signal: signals may be lost. */
const idleMs = 5_000;
/** The input, and last public signal, that binds a proof to what it was made for. */
const contextInput = 'context';

export class RunProofs {
  readonly #options: RunProofsOptions;
  readonly #looking: LookAgain;

  constructor(options: RunProofsOptions) {
    this.#options = options;
    const { queue, logger } = options;
    this.#looking = new LookAgain({
      look: () => this.#answerAll(),
      onSignal: (wake) => queue.onEnd(wake),
      idleMs,
      onError: (error) =>
        logger.warn({ error: messageOf(error) }, 'proofs could not be handed to their runs; trying again'),
    });
  }

  /** Puts a job into the queue in the step's own transaction. */
  readonly request: ProofRequester = async (client, { inputs, context, viewer, ...asked }) => {
    const circuit = circuitOf(asked.circuit);
    const bound = contextInput in circuit.inputs;
    if (bound && inputs[contextInput] !== undefined && String(inputs[contextInput]) !== context) {
      throw new AiosError(
        'WITNESS_INPUT_INVALID',
        `The platform sets inputs.${contextInput}, so that the proof is bound to its run: leave it out.`,
      );
    }
    await this.#options.queue.requestOn(client, {
      circuit: circuit.id,
      system: asked.system as ProofSystem,
      input: { ...inputs, ...(bound ? { [contextInput]: context } : {}) } as CircuitInput,
      requestedBy: viewer ?? (await ownerOf(client, asked.deploymentId)),
      run: {
        id: asked.run,
        network: asked.network,
        environment: asked.environment,
        stepKey: asked.stepKey,
      },
    });
  };

  start(): void {
    this.#looking.start();
  }

  close(): Promise<void> {
    return this.#looking.close();
  }

  /** One look: every step whose proof has ended is answered, and proofs that no run waits for any more are cancelled. */
  answer(): Promise<void> {
    return this.#looking.now();
  }

  async #answerAll(): Promise<void> {
    const { pool, queue } = this.#options;
    const { rows } = await pool.query<{ run_id: string; step: number; attempt: number }>(
      `select run_id, step, attempt from agents.steps where status = 'waiting' and capability = '${proveRequest}'`,
    );
    const waiting = new Map(
      rows.map(({ run_id, step, attempt }) => [
        proofStepKey(run_id, step, attempt),
        { runId: run_id, step, attempt, capability: proveRequest },
      ]),
    );
    const ended = waiting.size > 0 ? await queue.endedOfSteps([...waiting.keys()]) : [];
    for (const job of ended) {
      const step = waiting.get(job.stepKey ?? '');
      if (step) await answerWaitingStep(pool, step, answerOf(job));
    }
    await this.#cancelForgotten();
  }

  async #cancelForgotten(): Promise<void> {
    const { pool, queue } = this.#options;
    const open = await queue.openOfRuns();
    if (open.length === 0) return;
    const { rows } = await pool.query<{ run_id: string }>(
      'select run_id from agents.run_queue where run_id = any($1::bigint[])',
      [open.map(({ runId }) => runId)],
    );
    const alive = new Set(rows.map(({ run_id }) => run_id));
    for (const { id, runId, requestedBy } of open)
      if (!alive.has(String(runId))) await queue.cancel(id, requestedBy);
  }
}

/** What the guest gets. */
function answerOf(job: ProofJob): HostAnswer {
  const { id, circuit, system, proof, words, publicSignals, keyHash, development, error } = job;
  if (job.status !== 'COMPLETED' || !proof || !publicSignals) {
    return {
      error: {
        code: error?.code ?? 'PROOF_CANCELLED',
        message: error?.message ?? `Proof ${id} was cancelled.`,
      },
    };
  }
  const names = circuitOf(circuit).publicSignals;
  return {
    ok: {
      job: id,
      ...{ circuit, system, keyHash, development },
      proof: proof as Json,
      words: words as Json,
      publicSignals: [...publicSignals],
      signals: Object.fromEntries(
        publicSignals.map((value, index) => [names[index] ?? `signal${index}`, value]),
      ),
    },
  };
}

/** Runs that started by themselves have proofs made for who deployed them. */
async function ownerOf(client: pg.PoolClient, deploymentId: string): Promise<string> {
  const { rows } = await client.query<{ owner: string }>(
    'select owner from agents.deployments where id = $1',
    [deploymentId],
  );
  return rows[0]?.owner ?? '';
}
