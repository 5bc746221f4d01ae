// How long methods of running objects take on the main thread, all calls together.

export class Stages {
  readonly #seconds = new Map<string, number>();

  get seconds(): ReadonlyMap<string, number> {
    return this.#seconds;
  }

  reset(): void {
    for (const name of this.#seconds.keys()) this.#seconds.set(name, 0);
  }

  /** Replaces a synchronous method by one that is timed. */
  time<Target extends object, Name extends keyof Target>(target: Target, method: Name, name: string): void {
    const original = target[method];
    if (typeof original !== 'function') throw new TypeError(`${String(method)} is no method`);
    this.#seconds.set(name, 0);
    const timed = (...parameters: unknown[]): unknown => {
      const started = performance.now();
      try {
        return Reflect.apply(original, target, parameters);
      } finally {
        this.#seconds.set(name, (this.#seconds.get(name) as number) + (performance.now() - started) / 1_000);
      }
    };
    Object.defineProperty(target, method, { value: timed });
  }
}
