// Ordered start and stop: services start one after another and stop in the opposite order, each within its time.
import { performance } from 'node:perf_hooks';
import { AiosError, messageOf } from '../errors.ts';

/** Something that runs until it is stopped. `stop` may be called once, after a `start` that succeeded. */
export interface Service {
  readonly name: string;
  start(report: (message: string) => void): Promise<void>;
  stop(): Promise<void>;
  /** What /health shows; absent means healthy while started. */
  health?(): ServiceHealth | Promise<ServiceHealth>;
}

export interface ServiceHealth {
  readonly status: 'ok' | 'degraded' | 'failed';
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface Progress {
  begin(stage: string): void;
  /** What a stage is busy with, for stages that take long. */
  update(stage: string, message: string): void;
  done(stage: string, milliseconds: number, message?: string): void;
  failed(stage: string, error: unknown): void;
}

const stopTimeoutMs = 15_000;

/** Runs services in order. A failed start stops what already runs, in the opposite order, and then throws. */
export class ServiceGroup {
  readonly #running: Service[] = [];
  readonly #progress: Progress;
  #stopping: Promise<void> | undefined;

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  get running(): readonly Service[] {
    return this.#running;
  }

  /** Starts one service now, after all that were started before. */
  async start(service: Service): Promise<void> {
    if (this.#stopping)
      throw new AiosError('STOPPING', `${service.name} was not started: everything is being stopped`);
    const begun = performance.now();
    this.#progress.begin(service.name);
    let last: string | undefined;
    try {
      await service.start((message) => {
        last = message;
        this.#progress.update(service.name, message);
      });
    } catch (error) {
      this.#progress.failed(service.name, error);
      await this.stop();
      throw error;
    }
    this.#running.push(service);
    this.#progress.done(service.name, performance.now() - begun, last);
  }

  /** Stops everything in the opposite order; errors are collected and thrown together at the end. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    const errors: string[] = [];
    for (let service = this.#running.pop(); service; service = this.#running.pop()) {
      try {
        await within(
          service.stop(),
          stopTimeoutMs,
          `${service.name} did not stop within ${stopTimeoutMs / 1000} s`,
        );
      } catch (error) {
        errors.push(`${service.name}: ${messageOf(error)}`);
      }
    }
    if (errors.length > 0)
      throw new AiosError('STOP_FAILED', `Not everything stopped cleanly: ${errors.join('; ')}`);
  }

  async health(): Promise<Record<string, ServiceHealth>> {
    const entries = await Promise.all(
      this.#running.map(async (service) => {
        try {
          return [service.name, (await service.health?.()) ?? { status: 'ok' as const }] as const;
        } catch (error) {
          return [service.name, { status: 'failed' as const, details: { error: messageOf(error) } }] as const;
        }
      }),
    );
    return Object.fromEntries(entries);
  }
}

/** The promise's result, or an error with `message` when it takes longer. */
export async function within<T>(promise: Promise<T>, milliseconds: number, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new AiosError('TIMEOUT', message)), milliseconds);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
