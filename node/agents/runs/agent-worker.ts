// Claims runs that are due, as many as it has room for, and executes them; renews their leases while it does, and gives back what it
// cannot finish. Any number of workers, in any number of processes, share the queue.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { EventBus } from '#node/platform/events/event-bus.ts';
import type { Logger } from '#node/platform/log.ts';
import type { AgentRuntime, RunOutcome, RunRequest } from '../runtime/runtime.ts';
import type { Broker } from './broker.ts';
import { JournalWriter } from './journal-writer.ts';
import type { RunEnd } from './run-end.ts';
import { type RunsCancelled, runStream, runsCancelledTopic, runsDueTopic } from './run-events.ts';
import { type Prepared, RunExecution } from './run-execution.ts';
import { type ClaimedRun, claimRuns, nextDueIn, readJournals, renewLeases } from './run-queue.ts';
import type { VersionCache } from './version-cache.ts';

export interface AgentWorkerOptions {
  readonly pool: pg.Pool;
  /** Connections for claims and leases alone: they must not queue behind the work of a thousand runs. `pool` when absent. */
  readonly leasePool?: pg.Pool;
  readonly bus: EventBus;
  readonly runtime: AgentRuntime;
  readonly broker: Broker;
  readonly versions: VersionCache;
  readonly digest: (request: RunRequest, outcome: RunOutcome) => string;
  readonly logger: Logger;
  /** Runs executed at a time. */
  readonly concurrency?: number;
  /** How long a worker that has ended keeps its runs from the others. */
  readonly leaseMs?: number;
  /** Told of every run that leaves this worker's hands. */
  readonly onEnd?: (run: ClaimedRun, end: RunEnd) => void;
}

export interface WorkerStatus {
  readonly running: number;
  readonly executed: number;
  readonly takenOver: number;
  readonly lost: number;
}

const defaults = { concurrency: 16, leaseMs: 3_000 } as const;
/** Longest sleep without a look: a signal may be lost, and leases of others end without one. */
const maxIdleMs = 500;
/** How long places that become free are gathered for one claim. */
const gatherMs = 100;

export class AgentWorker {
  readonly id = randomUUID();
  readonly #options: AgentWorkerOptions;
  readonly #concurrency: number;
  readonly #leaseMs: number;
  readonly #leasePool: pg.Pool;
  readonly #writer: JournalWriter;
  readonly #running = new Map<string, { readonly execution: RunExecution; readonly done: Promise<void> }>();
  readonly #stops: (() => void)[] = [];
  #wake: (() => void) | undefined;
  #woken = false;
  #closing = false;
  #loop: Promise<void> | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #renewing = false;
  #executed = 0;
  #takenOver = 0;
  #lost = 0;

  constructor(options: AgentWorkerOptions) {
    this.#options = options;
    this.#concurrency = options.concurrency ?? defaults.concurrency;
    this.#leaseMs = options.leaseMs ?? defaults.leaseMs;
    this.#leasePool = options.leasePool ?? options.pool;
    this.#writer = new JournalWriter({ pool: options.pool });
  }

  start(): void {
    const { bus } = this.#options;
    this.#stops.push(
      bus.onSignal(runsDueTopic, () => this.#look()),
      bus.onSignal(runsCancelledTopic, (payload) => this.#cancel(payload as RunsCancelled | undefined)),
    );
    this.#heartbeat = setInterval(() => void this.#renew(), this.#leaseMs / 3);
    this.#loop = this.#work();
  }

  get status(): WorkerStatus {
    return {
      running: this.#running.size,
      executed: this.#executed,
      takenOver: this.#takenOver,
      lost: this.#lost,
    };
  }

  /** Gives back what runs, for other workers, and waits until that is stored. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const stop of this.#stops.splice(0)) stop();
    this.#look();
    await this.#loop;
    for (const { execution } of this.#running.values()) execution.stop('released');
    await Promise.all([...this.#running.values()].map(({ done }) => done));
    clearInterval(this.#heartbeat);
    await this.#writer.close();
  }

  /** Stops claiming and renewing at once and stores nothing: what a process that is killed does. For tests of take-over. */
  abandon(): void {
    this.#closing = true;
    for (const stop of this.#stops.splice(0)) stop();
    clearInterval(this.#heartbeat);
    this.#look();
  }

  #look(): void {
    this.#woken = true;
    this.#wake?.();
  }

  async #work(): Promise<void> {
    let claimedAt = Number.NEGATIVE_INFINITY;
    while (!this.#closing) {
      this.#woken = false;
      const room = this.#concurrency - this.#running.size;
      // Claims are worth their statement: wait until a quarter of the places is free, but not for ever, others may run long.
      const wait = room >= this.#concurrency / 4 ? 0 : claimedAt + gatherMs - performance.now();
      if (room === 0 || wait > 0) {
        await this.#sleep(room === 0 ? maxIdleMs : wait);
        continue;
      }
      let claimed: readonly ClaimedRun[] = [];
      try {
        claimed = await this.#claim(room);
      } catch (error) {
        this.#options.logger.warn({ error: messageOf(error) }, 'runs could not be claimed; trying again');
      }
      claimedAt = performance.now();
      for (const run of claimed) this.#begin(run);
      if (claimed.length < room) await this.#idle();
    }
  }

  async #claim(limit: number): Promise<readonly ClaimedRun[]> {
    const pool = this.#leasePool;
    const runs = await claimRuns(pool, {
      ...{ owner: this.id, limit, leaseMs: this.#leaseMs },
      except: [...this.#running.keys()],
    });
    // A replay is told what the original was told.
    const replays = runs.filter(({ replayOf }) => replayOf !== null);
    if (replays.length === 0) return runs;
    const journals = await readJournals(
      pool,
      replays.map(({ replayOf }) => replayOf ?? ''),
    );
    return runs.map((run) =>
      run.replayOf === null ? run : { ...run, journal: journals.get(run.replayOf) ?? [] },
    );
  }

  /** Sleeps until something is due, or somebody wakes it. */
  async #idle(): Promise<void> {
    if (this.#woken || this.#closing) return;
    const due = await nextDueIn(this.#leasePool).catch(() => undefined);
    await this.#sleep(due === undefined ? maxIdleMs : Math.min(maxIdleMs, Math.max(5, due)));
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#woken || this.#closing) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  #begin(run: ClaimedRun): void {
    if (run.takeovers > 0) this.#takenOver += 1;
    const { runtime, broker, digest } = this.#options;
    const execution = new RunExecution(run, {
      runtime,
      writer: this.#writer,
      broker,
      digest,
      prepare: (claimed) => this.#prepare(claimed),
    });
    if (run.cancelled) execution.stop('cancelled');
    const done = execution
      .execute()
      .then((end) => {
        this.#executed += 1;
        this.#options.onEnd?.(run, end);
      })
      .catch((error: unknown) => this.#failed(run, error))
      .finally(() => {
        this.#running.delete(run.id);
        if (this.#running.size <= (this.#concurrency * 3) / 4) this.#look();
      });
    this.#running.set(run.id, { execution, done });
  }

  async #prepare(run: ClaimedRun): Promise<Prepared> {
    const version = await this.#options.versions.version(run.versionId);
    return { version, toldLogs: run.resumed ? await this.#toldLogs(run.id) : 0 };
  }

  async #toldLogs(runId: string): Promise<number> {
    const { rows } = await this.#options.pool.query<{ count: string }>(
      `select count(*) from platform.events where stream = $1 and payload ->> 'kind' = 'log'`,
      [runStream(runId)],
    );
    return Number(rows[0]?.count ?? 0);
  }

  #failed(run: ClaimedRun, error: unknown): void {
    if (error instanceof AiosError && error.code === 'LEASE_LOST') {
      this.#lost += 1;
      return;
    }
    // Nothing was stored: the lease ends, and whoever takes the run then goes on from its journal.
    this.#options.logger.error(
      { err: error, run: run.id },
      'a run could not be executed; its lease will end',
    );
  }

  async #renew(): Promise<void> {
    if (this.#renewing || this.#running.size === 0) return;
    this.#renewing = true;
    const runs = [...this.#running.values()].map(({ execution }) => execution.run);
    try {
      const { cancelled, lost } = await renewLeases(this.#leasePool, {
        owner: this.id,
        leaseMs: this.#leaseMs,
        runs,
      });
      for (const { id, fence } of runs) {
        const execution = this.#running.get(id)?.execution;
        // It may have ended and begun anew meanwhile.
        if (execution?.run.fence !== fence) continue;
        if (cancelled.has(id)) execution.stop('cancelled');
        if (lost.has(id)) execution.stop('lost');
      }
    } catch (error) {
      this.#options.logger.warn({ error: messageOf(error) }, 'leases could not be renewed; trying again');
    } finally {
      this.#renewing = false;
    }
  }

  #cancel(payload: RunsCancelled | undefined): void {
    if (!payload) return;
    for (const { execution } of this.#running.values()) {
      const { id, deploymentId } = execution.run;
      if (payload.runs?.includes(id) || payload.deployment === deploymentId) execution.stop('cancelled');
    }
  }
}
