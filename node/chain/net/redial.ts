// Keeps a node connected to the peers it was told of, for ever: who goes away is called again, ever more rarely, but never given up.

export interface RedialOptions {
  /** Connects, or rejects. */
  readonly dial: (address: string) => Promise<void>;
  /** Whether an address needs no call: it is connected, or must not be. */
  readonly content: (address: string) => boolean;
  readonly firstMs?: number;
  readonly mostMs?: number;
  readonly random?: () => number;
}

export class Redial {
  readonly #options: Required<RedialOptions>;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #failed = new Map<string, number>();
  #closed = false;

  constructor(options: RedialOptions) {
    this.#options = { firstMs: 250, mostMs: 15_000, random: Math.random, ...options };
  }

  /** Calls these now, and whenever they are gone. */
  start(addresses: readonly string[]): void {
    for (const address of new Set(addresses)) this.#plan(address, 0);
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #plan(address: string, inMs: number): void {
    if (this.#closed) return;
    const timer = setTimeout(() => void this.#look(address), inMs);
    timer.unref();
    this.#timers.set(address, timer);
  }

  async #look(address: string): Promise<void> {
    const { content, dial, firstMs, mostMs, random } = this.#options;
    if (content(address)) {
      this.#failed.set(address, 0);
      this.#plan(address, 4 * firstMs);
      return;
    }
    try {
      await dial(address);
    } catch {
      // Why is of no use to anybody: it is not there, and will be called again.
    }
    // Also after a success: it may be one that hangs up at once.
    const failed = this.#failed.get(address) ?? 0;
    this.#failed.set(address, failed + 1);
    // Spread, so that nodes that start together do not call each other at the same moment again and again.
    this.#plan(address, Math.min(mostMs, firstMs * 2 ** Math.min(failed, 16)) * (0.5 + random() / 2));
  }
}
