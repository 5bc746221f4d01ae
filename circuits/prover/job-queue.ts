// The queue of proof jobs in PostgreSQL. A job is held by a lease with a fence: a holder that was too slow finds that its writes change
// nothing, whoever took over. Everything that changes a job signals its topic in the same transaction.
import type pg from 'pg';
import { AiosError } from '#node/platform/errors.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { circuitOf, type ProofSystem } from '../catalogue.ts';
import { provingMigrations, provingSchema } from './migrations.ts';
import { checkInput, type ProofAnswer } from './prove.ts';
import type { ProveCost } from './prove-worker.ts';
import type { CircuitInput } from './witness.ts';

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
  readonly runId: string | null;
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

export interface JobRequest {
  readonly circuit: string;
  readonly system: ProofSystem;
  readonly input: CircuitInput;
  readonly requestedBy: string;
  readonly agentId?: string | null;
  readonly runId?: string | null;
  readonly modelId?: string | null;
}

/** A job in somebody's hands. */
export interface Lease {
  readonly id: string;
  readonly fence: bigint;
  readonly circuit: string;
  readonly system: ProofSystem;
  readonly input: CircuitInput;
  readonly attempts: number;
}

/** Jobs one account may have waiting or running. */
const maxOpenJobs = 20;
/** Bytes of a job's inputs; a 10K model has about 60 KB. */
const maxInputBytes = 1 << 20;
/** A job that has ended two holders is not given to a third. */
const maxAttempts = 3;

export const queueTopic = 'proving:queue';
export const jobTopic = (id: string) => `proving:job:${id}`;

const columns = `id, circuit, system, status, stage, fraction, attempts, requested_by, agent_id, run_id, model_id, proof, words,
  public_signals, key_hash, development, cpu_seconds, peak_bytes, error_code, error_message, created_at, started_at, ended_at, version`;

export class JobQueue {
  readonly #pool: pg.Pool;
  readonly #bus: EventBus;

  private constructor(pool: pg.Pool, bus: EventBus) {
    this.#pool = pool;
    this.#bus = bus;
  }

  static async open(pool: pg.Pool, bus: EventBus): Promise<JobQueue> {
    await migrate(pool, provingSchema, provingMigrations);
    return new JobQueue(pool, bus);
  }

  /**
   * Puts a job into the queue. The inputs are checked here, so that a mistake is told at once.
   * @throws AiosError CIRCUIT_UNKNOWN, SYSTEM_UNSUPPORTED, WITNESS_INPUT_INVALID, TOO_MANY_PROOFS
   */
  async request(request: JobRequest): Promise<ProofJob> {
    const circuit = circuitOf(request.circuit);
    if (!circuit.systems.includes(request.system)) {
      throw new AiosError(
        'SYSTEM_UNSUPPORTED',
        `Circuit ${circuit.id} is not set up for ${request.system}: use ${circuit.systems.join(' or ')}.`,
      );
    }
    checkInput(circuit, request.input);
    const input = JSON.stringify(request.input, (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    if (input.length > maxInputBytes) {
      throw new AiosError(
        'WITNESS_INPUT_INVALID',
        `The inputs have ${input.length} bytes; ${maxInputBytes} are allowed.`,
      );
    }
    const { rows } = await this.#pool.query<Row>(
      `insert into proving.jobs (circuit, system, input, requested_by, agent_id, run_id, model_id)
       select $1, $2, $3, $4, $5, $6, $7
        where (select count(*) from proving.jobs where requested_by = $4 and status in ('QUEUED', 'RUNNING')) < $8
       returning ${columns}`,
      [
        circuit.id,
        request.system,
        input,
        request.requestedBy,
        request.agentId ?? null,
        request.runId ?? null,
        request.modelId ?? null,
        maxOpenJobs,
      ],
    );
    if (!rows[0]) {
      throw new AiosError(
        'TOO_MANY_PROOFS',
        `You have ${maxOpenJobs} proofs waiting or running. Wait for one to end, or cancel one.`,
      );
    }
    await this.#signal(queueTopic);
    return jobOf(rows[0]);
  }

  async find(id: string): Promise<ProofJob | undefined> {
    if (!uuid.test(id)) return undefined;
    const { rows } = await this.#pool.query<Row>(`select ${columns} from proving.jobs where id = $1`, [id]);
    return rows[0] && jobOf(rows[0]);
  }

  /** Completed proofs about an agent, newest first. */
  async ofAgent(agentId: string, limit: number): Promise<ProofJob[]> {
    const { rows } = await this.#pool.query<Row>(
      `select ${columns} from proving.jobs where agent_id = $1 and status = 'COMPLETED' order by created_at desc limit $2`,
      [agentId, limit],
    );
    return rows.map(jobOf);
  }

  /** Jobs that somebody asked for, newest first, asked for before `before`. */
  async ofRequester(requestedBy: string, limit: number, before: Date | null = null): Promise<ProofJob[]> {
    const { rows } = await this.#pool.query<Row>(
      `select ${columns} from proving.jobs where requested_by = $1 and ($3::timestamptz is null or created_at < $3)
        order by created_at desc limit $2`,
      [requestedBy, limit, before],
    );
    return rows.map(jobOf);
  }

  /** Asks for the end of a job; one that nobody holds ends at once. Returns the job, or undefined when it is not this viewer's. */
  async cancel(id: string, requestedBy: string): Promise<ProofJob | undefined> {
    if (!uuid.test(id)) return undefined;
    const { rows } = await this.#pool.query<Row>(
      `update proving.jobs set
         cancel_requested = true, version = version + 1,
         input = case when status = 'QUEUED' then null else input end,
         ended_at = case when status = 'QUEUED' then now() else ended_at end,
         status = case when status = 'QUEUED' then 'CANCELLED' else status end
       where id = $1 and requested_by = $2 and status in ('QUEUED', 'RUNNING') returning ${columns}`,
      [id, requestedBy],
    );
    if (rows[0]) {
      await this.#signal(jobTopic(id));
      return jobOf(rows[0]);
    }
    const job = await this.find(id);
    return job?.requestedBy === requestedBy ? job : undefined;
  }

  /** Takes the oldest job that waits, or whose holder has let its lease run out. */
  async claim(leaseMs: number): Promise<Lease | undefined> {
    const { rows } = await this.#pool.query<Row & { fence: string; input: CircuitInput }>(
      `update proving.jobs set
         status = 'RUNNING', fence = fence + 1, attempts = attempts + 1, leased_until = now() + $1 * interval '1 millisecond',
         started_at = coalesce(started_at, now()), stage = null, fraction = 0, version = version + 1
       where id = (
         select id from proving.jobs
          where status = 'QUEUED' or (status = 'RUNNING' and leased_until < now())
          order by created_at limit 1 for update skip locked)
       returning ${columns}, fence, input`,
      [leaseMs],
    );
    const row = rows[0];
    if (!row) return undefined;
    const lease: Lease = {
      id: row.id,
      fence: BigInt(row.fence),
      circuit: row.circuit,
      system: row.system,
      input: row.input,
      attempts: row.attempts,
    };
    if (lease.attempts > maxAttempts) {
      await this.fail(lease, {
        code: 'PROVER_CRASHED',
        message: `The proof ended its prover ${maxAttempts} times. Its circuit may need more memory than the provers have.`,
      });
      return this.claim(leaseMs);
    }
    await this.#signal(jobTopic(row.id));
    return lease;
  }

  /** Extends a lease. `lost`: somebody else has the job; `cancel`: the requester wants it ended. */
  async renew(lease: Lease, leaseMs: number): Promise<'held' | 'cancel' | 'lost'> {
    const { rows } = await this.#pool.query<{ cancel_requested: boolean }>(
      `update proving.jobs set leased_until = now() + $3 * interval '1 millisecond'
        where id = $1 and fence = $2 and status = 'RUNNING' returning cancel_requested`,
      [lease.id, lease.fence, leaseMs],
    );
    return rows[0] ? (rows[0].cancel_requested ? 'cancel' : 'held') : 'lost';
  }

  async progress(lease: Lease, stage: string, fraction: number): Promise<void> {
    await this.#write(lease, `stage = $3, fraction = $4`, [stage, fraction]);
  }

  /** @returns false when the lease was lost: the answer is then not recorded. */
  async complete(lease: Lease, answer: ProofAnswer, cost: ProveCost): Promise<boolean> {
    return this.#write(
      lease,
      `status = 'COMPLETED', stage = 'done', fraction = 1, input = null, ended_at = now(), leased_until = null,
       proof = $3, words = $4, public_signals = $5, key_hash = $6, development = $7, cpu_seconds = $8, peak_bytes = $9`,
      [
        JSON.stringify(answer.proof),
        answer.words,
        answer.publicSignals,
        answer.keyHash,
        answer.development,
        cost.cpuSeconds,
        cost.peakBytes,
      ],
    );
  }

  async fail(lease: Lease, error: { code: string; message: string }): Promise<boolean> {
    return this.#write(
      lease,
      `status = $3, input = null, ended_at = now(), leased_until = null, error_code = $4, error_message = $5`,
      [error.code === 'PROOF_CANCELLED' ? 'CANCELLED' : 'FAILED', error.code, error.message],
    );
  }

  /** Gives a job back, for another holder: on an orderly stop. */
  async release(lease: Lease): Promise<void> {
    await this.#write(lease, `status = 'QUEUED', leased_until = null, attempts = attempts - 1`, []);
    await this.#signal(queueTopic);
  }

  /** A job's states from now on, the present one first, until it has ended. States in between may be skipped. */
  async *follow(id: string, signal?: AbortSignal): AsyncGenerator<ProofJob> {
    let wake: () => void = () => {};
    let pending = true;
    const rouse = () => {
      pending = true;
      wake();
    };
    const stop = this.#bus.onSignal(jobTopic(id), rouse);
    signal?.addEventListener('abort', rouse);
    try {
      let seen = 0n;
      while (!signal?.aborted) {
        if (!pending) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        pending = false;
        const job = await this.find(id);
        if (!job) return;
        if (job.version > seen) {
          seen = job.version;
          yield job;
        }
        if (job.status !== 'QUEUED' && job.status !== 'RUNNING') return;
      }
    } finally {
      stop();
      signal?.removeEventListener('abort', rouse);
    }
  }

  /** Calls back when there may be work. */
  onWork(listener: () => void): () => void {
    return this.#bus.onSignal(queueTopic, listener);
  }

  async #write(lease: Lease, assignments: string, values: readonly unknown[]): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `update proving.jobs set ${assignments}, version = version + 1 where id = $1 and fence = $2 and status = 'RUNNING'`,
      [lease.id, lease.fence, ...values],
    );
    if (rowCount !== 1) return false;
    await this.#signal(jobTopic(lease.id));
    return true;
  }

  #signal(topic: string): Promise<void> {
    return this.#bus.transaction((transaction) => transaction.signal(topic, null));
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

interface Row {
  readonly id: string;
  readonly circuit: string;
  readonly system: ProofSystem;
  readonly status: JobStatus;
  readonly stage: string | null;
  readonly fraction: number;
  readonly attempts: number;
  readonly requested_by: string;
  readonly agent_id: string | null;
  readonly run_id: string | null;
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

function jobOf(row: Row): ProofJob {
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
    runId: row.run_id,
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
