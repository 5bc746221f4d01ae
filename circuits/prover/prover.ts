// The prover: takes jobs from the queue, runs each in a worker process, keeps its lease alive, and records what came of it.
import { AiosError, messageOf } from '#node/platform/errors.ts';
import type { Logger } from '#node/platform/log.ts';
import type { JobQueue, Lease } from './job-queue.ts';
import type { KeyStoreOptions } from './key-store.ts';
import { runProofJob } from './run-job.ts';
import { SpareProcess } from './spare-process.ts';

export interface ProverOptions {
  readonly queue: JobQueue;
  readonly store: KeyStoreOptions;
  /** Jobs at a time; each has a process of its own, which uses several threads. */
  readonly workers: number;
  readonly memoryBytes: number;
  readonly timeoutMs: number;
  /** How long a job stays with a prover that says nothing. Default 15 s. */
  readonly leaseMs?: number;
  readonly logger: Logger;
}

export class Prover {
  readonly #options: ProverOptions;
  readonly #leaseMs: number;
  readonly #stopped = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #spare: SpareProcess;
  #wake: () => void = () => {};
  #loop: Promise<void> | undefined;
  #unlisten: () => void = () => {};

  constructor(options: ProverOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? 15_000;
    this.#spare = new SpareProcess(options.memoryBytes);
  }

  /** Jobs in hand. */
  get busy(): number {
    return this.#running.size;
  }

  start(): void {
    this.#unlisten = this.#options.queue.onWork(() => this.#wake());
    this.#loop = this.#serve();
  }

  /** Ends the workers; their jobs go back into the queue. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#unlisten();
    this.#wake();
    await this.#loop;
    await Promise.all(this.#running);
    this.#spare.close();
  }

  async #serve(): Promise<void> {
    const { queue, workers, logger } = this.#options;
    while (!this.#stopped.signal.aborted) {
      // Armed before the look, so that a job that comes meanwhile is not slept through. Leases run out without a signal: hence the timer.
      const woken = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.#leaseMs / 3);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      try {
        while (this.#running.size < workers && !this.#stopped.signal.aborted) {
          const lease = await queue.claim(this.#leaseMs);
          if (!lease) break;
          const job = this.#run(lease).finally(() => {
            this.#running.delete(job);
            // After a job, so that starting the next one's process takes nothing from it.
            if (!this.#stopped.signal.aborted) this.#spare.prepare();
            this.#wake();
          });
          this.#running.add(job);
        }
      } catch (error) {
        logger.warn({ err: error }, 'the prover could not look for work');
      }
      if (this.#stopped.signal.aborted) this.#wake();
      await woken;
    }
  }

  async #run(lease: Lease): Promise<void> {
    const { queue, logger } = this.#options;
    const cancel = new AbortController();
    const onStop = () => cancel.abort();
    this.#stopped.signal.addEventListener('abort', onStop);
    let lost = false;
    const heartbeat = setInterval(
      () => {
        queue
          .renew(lease, this.#leaseMs)
          .then((state) => {
            if (state === 'lost') lost = true;
            if (state !== 'held') cancel.abort();
          })
          .catch((error: unknown) =>
            logger.warn({ err: error, job: lease.id }, 'a lease could not be renewed'),
          );
      },
      Math.min(1_000, this.#leaseMs / 3),
    );
    let last = 0;
    let reporting = Promise.resolve();
    try {
      const { answer, cost } = await runProofJob(
        {
          circuit: lease.circuit,
          system: lease.system,
          input: lease.input,
          store: this.#options.store,
          memoryBytes: this.#options.memoryBytes,
        },
        {
          signal: cancel.signal,
          timeoutMs: this.#options.timeoutMs,
          worker: this.#spare.take(),
          onStage: (stage, fraction) => {
            // A new stage is always told; within one a few times a second are enough.
            if (fraction > 0 && fraction < 1 && Date.now() - last < 250) return;
            last = Date.now();
            reporting = reporting.then(() => queue.progress(lease, stage, fraction)).catch(() => {});
          },
        },
      );
      await reporting;
      if (!(await queue.complete(lease, answer, cost)))
        logger.warn({ job: lease.id }, 'a proof came after its lease');
    } catch (error) {
      await reporting;
      if (lost) return;
      try {
        if (this.#stopped.signal.aborted) await queue.release(lease);
        else {
          const code = error instanceof AiosError ? error.code : 'PROVER_FAILED';
          if (!(error instanceof AiosError)) logger.error({ err: error, job: lease.id }, 'a proof failed');
          await queue.fail(lease, { code, message: messageOf(error) });
        }
      } catch (failure) {
        // The lease runs out, and the job is taken up again.
        logger.warn({ err: failure, job: lease.id }, 'the end of a proof could not be recorded');
      }
    } finally {
      clearInterval(heartbeat);
      this.#stopped.signal.removeEventListener('abort', onStop);
    }
  }
}
