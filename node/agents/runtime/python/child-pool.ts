// Keeps warm children at hand: each is given out once and replaced in the background.
import { AiosError } from '#node/platform/errors.ts';
import { PythonChild } from './python-child.ts';

/** A run that takes longer than this no longer keeps its successor from booting: most are over by then, with the machine to themselves. */
const REFILL_MS = 250;

/** Children that boot at a time: each keeps a core busy for most of a second. */
const BOOTING = 2;

interface Waiter {
  readonly take: (child: PythonChild) => void;
  readonly fail: (error: unknown) => void;
}

export class ChildPool {
  readonly #folder: string;
  readonly #size: number;
  readonly #warm: PythonChild[] = [];
  readonly #waiting: Waiter[] = [];
  readonly #all = new Set<PythonChild>();
  readonly #booting = new Set<PythonChild>();
  #closed = false;

  /** @param size warm children to keep; 0 boots one only when it is asked for */
  constructor(folder: string, size: number) {
    this.#folder = folder;
    this.#size = size;
  }

  /** Children that could run at once. */
  get warm(): number {
    return this.#warm.length;
  }

  /** Begins to boot what the pool keeps. */
  fill(): void {
    const wanted = this.#size + this.#waiting.length;
    while (!this.#closed && this.#booting.size < BOOTING && this.#warm.length + this.#booting.size < wanted) {
      void this.#boot();
    }
  }

  /**
   * A child that nobody else gets. Waits for one that boots when none is warm; `signal` ends the waiting.
   * @throws AiosError `PYTHON_ENGINE_CRASHED` when none comes up
   */
  take(signal?: AbortSignal): Promise<PythonChild> {
    if (this.#closed) return Promise.reject(new AiosError('RUNTIME_CLOSED', 'the Python engine is closed'));
    for (let child = this.#warm.shift(); child; child = this.#warm.shift()) {
      if (!child.alive) continue;
      child.foreground();
      this.#fillLater(child);
      return Promise.resolve(child);
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        const index = this.#waiting.indexOf(waiter);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(signal?.reason);
      };
      const waiter: Waiter = {
        take: (child) => {
          signal?.removeEventListener('abort', leave);
          resolve(child);
        },
        fail: (error) => {
          signal?.removeEventListener('abort', leave);
          reject(error);
        },
      };
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiter);
      // Somebody waits for what was to be kept for later.
      for (const child of this.#booting) child.foreground();
      this.fill();
    });
  }

  /** Boots the next child once this one's run is over, or goes on for long. */
  #fillLater(child: PythonChild): void {
    const timer = setTimeout(() => this.fill(), REFILL_MS);
    timer.unref();
    child.onExit(() => {
      clearTimeout(timer);
      this.fill();
    });
  }

  async #boot(): Promise<void> {
    const child = new PythonChild(this.#folder);
    this.#booting.add(child);
    this.#all.add(child);
    // What boots for later leaves the cores to what runs now.
    if (this.#waiting.length === 0) child.background();
    child.onExit(() => {
      this.#all.delete(child);
      const index = this.#warm.indexOf(child);
      if (index < 0) return;
      this.#warm.splice(index, 1);
      this.fill();
    });
    try {
      await child.ready();
      this.#booting.delete(child);
      const waiter = this.#waiting.shift();
      if (this.#closed) child.kill();
      else if (waiter) {
        child.foreground();
        waiter.take(child);
      } else this.#warm.push(child);
      this.fill();
    } catch (error) {
      this.#booting.delete(child);
      // Whoever waits is told; the next run tries again, so that an ill machine is not kept busy booting.
      this.#waiting.shift()?.fail(error);
    }
  }

  /** Ends every child, also those that run. */
  async close(): Promise<void> {
    this.#closed = true;
    const closed = new AiosError('RUNTIME_CLOSED', 'the Python engine is closed');
    for (const waiter of this.#waiting.splice(0)) waiter.fail(closed);
    const gone = [...this.#all].map((child) => new Promise<void>((resolve) => child.onExit(resolve)));
    for (const child of this.#all) child.kill();
    await Promise.all(gone);
  }
}
