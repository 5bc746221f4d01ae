// The queue of proof jobs in PostgreSQL. A job is held by a lease with a fence: a holder that was too slow finds that its writes change
// nothing, whoever took over. Everything that changes a job signals its topic in the same transaction.
import type pg from 'pg';
import { AiosError } from '#node/platform/errors.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import { sendSignal } from '#node/platform/events/postgres-event-bus.ts';
import { migrate } from '#node/platform/postgres/migrate.ts';
import { asTenantOn, type Tenant } from '#node/platform/postgres/tenant.ts';
import { inTransaction, type Queryable } from '#node/platform/postgres/transaction.ts';
import { circuitOf, type ProofSystem } from '../catalogue.ts';
import { type JobRow, jobColumns, jobOf, type ProofJob, proofCancelled } from './job-row.ts';
import { provingMigrations, provingSchema } from './migrations.ts';
import { checkInput, type ProofAnswer } from './prove.ts';
import type { ProveCost } from './prove-worker.ts';
import type { CircuitInput } from './witness.ts';

export type { JobStatus, ProofJob } from './job-row.ts';

export interface JobRequest {
  readonly circuit: string;
  readonly system: ProofSystem;
  readonly input: CircuitInput;
  readonly requestedBy: string;
  readonly agentId?: string | null;
  /** The run that asks: its network, and the step that waits for the answer, which asks once an attempt. */
  readonly run?: (Tenant & { readonly id: string; readonly stepKey: string }) | null;
  readonly modelId?: string | null;
}

/** A job in somebody's hands. */
export interface Lease extends Tenant {
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

/** Jobs that one look for work sees. */
const candidates = 8;

const queueTopic = 'proving:queue';
const endedTopic = 'proving:ended';
const jobTopic = (id: string) => `proving:job:${id}`;

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
    return inTransaction(this.#pool, (client) => this.requestOn(client, request));
  }

  /** The same in a transaction of the caller's. */
  async requestOn(client: Queryable, request: JobRequest): Promise<ProofJob> {
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
    const { run } = request;
    const { network = '', environment = '' } = run ?? {};
    const { rows } = await asTenantOn(client, { network, environment }, () =>
      client.query<JobRow>(
        `insert into proving.jobs (circuit, system, input, requested_by, agent_id, model_id, network, environment, run_id, step_key)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
          where (select count(*) from proving.jobs where requested_by = $4 and status in ('QUEUED', 'RUNNING')) < $11
         returning ${jobColumns}`,
        [
          circuit.id,
          request.system,
          input,
          request.requestedBy,
          request.agentId ?? null,
          request.modelId ?? null,
          network,
          environment,
          run?.id ?? null,
          run?.stepKey ?? null,
          maxOpenJobs,
        ],
      ),
    );
    if (!rows[0]) {
      throw new AiosError(
        'TOO_MANY_PROOFS',
        `You have ${maxOpenJobs} proofs waiting or running. Wait for one to end, or cancel one.`,
      );
    }
    await sendSignal(client, queueTopic, null);
    return jobOf(rows[0]);
  }

  async find(id: string): Promise<ProofJob | undefined> {
    if (!uuid.test(id)) return undefined;
    const { rows } = await this.#pool.query<JobRow>(`select ${jobColumns} from proving.jobs where id = $1`, [
      id,
    ]);
    return rows[0] && jobOf(rows[0]);
  }

  /** Completed proofs about an agent, newest first. */
  async ofAgent(agentId: string, limit: number): Promise<ProofJob[]> {
    const { rows } = await this.#pool.query<JobRow>(
      `select ${jobColumns} from proving.jobs where agent_id = $1 and status = 'COMPLETED' order by created_at desc limit $2`,
      [agentId, limit],
    );
    return rows.map(jobOf);
  }

  /** The newest proof that each of these runs asked for. */
  async ofRuns(runIds: readonly string[]): Promise<ReadonlyMap<string, ProofJob>> {
    const { rows } = await this.#pool.query<JobRow>(
      `select distinct on (run_id) ${jobColumns} from proving.jobs where run_id = any($1) order by run_id, created_at desc`,
      [runIds],
    );
    return new Map(rows.map((row) => [String(row.run_id), jobOf(row)]));
  }

  /** Those of the jobs that these steps asked for that have ended. */
  async endedOfSteps(stepKeys: readonly string[]): Promise<ProofJob[]> {
    const { rows } = await this.#pool.query<JobRow>(
      `select ${jobColumns} from proving.jobs where step_key = any($1) and status not in ('QUEUED', 'RUNNING')`,
      [stepKeys],
    );
    return rows.map(jobOf);
  }

  /** Jobs that wait or are being made, and that runs asked for. */
  async openOfRuns(): Promise<ProofJob[]> {
    const { rows } = await this.#pool.query<JobRow>(
      `select ${jobColumns} from proving.jobs where status in ('QUEUED', 'RUNNING') and run_id is not null`,
    );
    return rows.map(jobOf);
  }

  /** Jobs that somebody asked for, newest first, asked for before `before`. */
  async ofRequester(requestedBy: string, limit: number, before: Date | null = null): Promise<ProofJob[]> {
    const { rows } = await this.#pool.query<JobRow>(
      `select ${jobColumns} from proving.jobs where requested_by = $1 and ($3::timestamptz is null or created_at < $3)
        order by created_at desc limit $2`,
      [requestedBy, limit, before],
    );
    return rows.map(jobOf);
  }

  /** Asks for the end of a job; one that nobody holds ends at once. Returns the job, or undefined when it is not this viewer's. */
  async cancel(id: string, requestedBy: string): Promise<ProofJob | undefined> {
    const job = await this.find(id);
    if (job?.requestedBy !== requestedBy) return undefined;
    const cancelled = await this.#scoped(job, async (client) => {
      const { rows } = await client.query<JobRow>(
        `update proving.jobs set
           cancel_requested = true, version = version + 1,
           input = case when status = 'QUEUED' then null else input end,
           ended_at = case when status = 'QUEUED' then now() else ended_at end,
           error_code = case when status = 'QUEUED' then 'PROOF_CANCELLED' else error_code end,
           error_message = case when status = 'QUEUED' then $2 else error_message end,
           status = case when status = 'QUEUED' then 'CANCELLED' else status end
         where id = $1 and status in ('QUEUED', 'RUNNING') returning ${jobColumns}`,
        [id, proofCancelled],
      );
      if (rows[0]) await this.#tell(client, rows[0]);
      return rows[0];
    });
    return cancelled ? jobOf(cancelled) : this.find(id);
  }

  /** Takes the oldest job that waits, or whose holder has let its lease run out. */
  async claim(leaseMs: number): Promise<Lease | undefined> {
    // Looked for among all networks, taken within one: whoever was faster has made the fence larger.
    const { rows } = await this.#pool.query<Tenant & { id: string; fence: string }>(
      `select id, fence, network, environment from proving.jobs
        where status = 'QUEUED' or (status = 'RUNNING' and leased_until < now())
        order by created_at limit ${candidates}`,
    );
    for (const candidate of rows) {
      const taken = await this.#scoped(candidate, async (client) => {
        const { rows: mine } = await client.query<JobRow & { fence: string; input: CircuitInput }>(
          `update proving.jobs set
             status = 'RUNNING', fence = fence + 1, attempts = attempts + 1, leased_until = now() + $3 * interval '1 millisecond',
             started_at = coalesce(started_at, now()), stage = null, fraction = 0, version = version + 1
           where id = $1 and fence = $2 and (status = 'QUEUED' or (status = 'RUNNING' and leased_until < now()))
           returning ${jobColumns}, fence, input`,
          [candidate.id, candidate.fence, leaseMs],
        );
        if (mine[0]) await this.#tell(client, mine[0]);
        return mine[0];
      });
      if (!taken) continue;
      const { id, fence, circuit, system, input, attempts, network, environment } = taken;
      const lease: Lease = {
        ...{ id, circuit, system, input, attempts, network, environment },
        fence: BigInt(fence),
      };
      if (attempts <= maxAttempts) return lease;
      await this.fail(lease, {
        code: 'PROVER_CRASHED',
        message: `The proof ended its prover ${maxAttempts} times. Its circuit may need more memory than the provers have.`,
      });
    }
    // Others took all that were looked at; there may be more behind them.
    return rows.length === candidates ? this.claim(leaseMs) : undefined;
  }

  /** Extends a lease. `lost`: somebody else has the job; `cancel`: the requester wants it ended. */
  async renew(lease: Lease, leaseMs: number): Promise<'held' | 'cancel' | 'lost'> {
    const row = await this.#scoped(lease, async (client) => {
      const { rows } = await client.query<{ cancel_requested: boolean }>(
        `update proving.jobs set leased_until = now() + $3 * interval '1 millisecond'
          where id = $1 and fence = $2 and status = 'RUNNING' returning cancel_requested`,
        [lease.id, lease.fence, leaseMs],
      );
      return rows[0];
    });
    return row ? (row.cancel_requested ? 'cancel' : 'held') : 'lost';
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

  /** Calls back when a job may have ended. */
  onEnd(listener: () => void): () => void {
    return this.#bus.onSignal(endedTopic, listener);
  }

  async #write(lease: Lease, assignments: string, values: readonly unknown[]): Promise<boolean> {
    return this.#scoped(lease, async (client) => {
      const { rows } = await client.query<JobRow>(
        `update proving.jobs set ${assignments}, version = version + 1 where id = $1 and fence = $2 and status = 'RUNNING'
         returning ${jobColumns}`,
        [lease.id, lease.fence, ...values],
      );
      if (rows[0]) await this.#tell(client, rows[0]);
      return rows[0] !== undefined;
    });
  }

  /** A transaction that can touch jobs of one network only. */
  #scoped<Result>(
    { network, environment }: Tenant,
    work: (client: pg.PoolClient) => Promise<Result>,
  ): Promise<Result> {
    return inTransaction(this.#pool, (client) =>
      asTenantOn(client, { network, environment }, () => work(client)),
    );
  }

  /** Who follows the job hears of it when the transaction commits; who waits for work, or for ends, too. */
  async #tell(client: pg.PoolClient, { id, status }: Pick<JobRow, 'id' | 'status'>): Promise<void> {
    await sendSignal(client, jobTopic(id), null);
    if (status === 'QUEUED') await sendSignal(client, queueTopic, null);
    else if (status !== 'RUNNING') await sendSignal(client, endedTopic, null);
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
