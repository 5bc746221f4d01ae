// A worker process that has started and opened its curve before there is a job for it, so that the next proof of a burst does not wait for
// that. It proves once, like every other: private inputs of two jobs never meet in one process.
import type { ChildProcess } from 'node:child_process';
import { startWorker } from './run-job.ts';

/** How long one waits for a job: between bursts nothing is kept. */
const idleMs = 60_000;

export class SpareProcess {
  readonly #memoryBytes: number;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(memoryBytes: number) {
    this.#memoryBytes = memoryBytes;
  }

  /** Starts one when there is none. */
  prepare(): void {
    if (this.#child) return;
    const child = startWorker(this.#memoryBytes);
    this.#child = child;
    // One that ends by itself is no spare any more; a job without one starts its own process.
    const gone = () => {
      if (this.#child === child) this.#child = undefined;
    };
    child.once('exit', gone);
    child.once('error', gone);
    this.#timer = setTimeout(() => this.close(), idleMs);
    this.#timer.unref();
  }

  /** The process, once; undefined when there is none. */
  take(): ChildProcess | undefined {
    clearTimeout(this.#timer);
    const child = this.#child;
    this.#child = undefined;
    return child?.connected && child.exitCode === null ? child : undefined;
  }

  close(): void {
    this.take()?.kill('SIGKILL');
  }
}
