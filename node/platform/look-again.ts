// Looking for work again and again: at the start, at each signal, and every so often, since signals may be lost.
import { shareLoads } from './share-loads.ts';

export interface LookAgainOptions {
  /** One look. What takes long asks `closed` on the way. */
  readonly look: () => Promise<void>;
  /** Registers a wake-up and returns the way to remove it. */
  readonly onSignal?: (wake: () => void) => () => void;
  /** Milliseconds between looks without a signal. */
  readonly idleMs: number;
  /** Milliseconds in which signals gather for one look. */
  readonly gatherMs?: number;
  /** Told of looks that failed; the next one comes all the same. */
  readonly onError: (error: unknown) => void;
}

/** One look at a time; who comes meanwhile shares the next one. */
export class LookAgain {
  readonly #options: LookAgainOptions;
  readonly #look: () => Promise<void>;
  #stop: (() => void) | undefined;
  #idle: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #last: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: LookAgainOptions) {
    this.#options = options;
    this.#look = shareLoads(options.look);
  }

  get closed(): boolean {
    return this.#closed;
  }

  start(): void {
    const { onSignal, idleMs, gatherMs } = this.#options;
    const look = () => {
      this.#soon = undefined;
      if (!this.#closed) this.#last = this.#look().catch(this.#options.onError);
    };
    const wake =
      gatherMs === undefined
        ? look
        : () => {
            this.#soon ??= setTimeout(look, gatherMs);
          };
    this.#stop = onSignal?.(wake);
    this.#idle = setInterval(wake, idleMs);
    wake();
  }

  /** Looks now. @throws what the look throws */
  now(): Promise<void> {
    return this.#look();
  }

  /** Ends after the look that is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stop?.();
    clearInterval(this.#idle);
    clearTimeout(this.#soon);
    await this.#last;
  }
}
