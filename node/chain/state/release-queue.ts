// Which unbonding amounts come due when: what the state's entries say, in the order in which they are released. Holds nothing of its own.
import { epochName } from './state-keys.ts';

export class ReleaseQueue {
  /** Names of entries by the epoch that they begin with. */
  readonly #byEpoch = new Map<string, Set<string>>();
  /** Those of the epoch that is being released, the last one first, removed ones among them. */
  #sorted: { readonly epoch: string; readonly names: string[] } | undefined;

  /** No entry waits for any epoch. */
  get empty(): boolean {
    return this.#byEpoch.size === 0;
  }

  /** An entry came or went. */
  changed(name: string, stands: boolean): void {
    const epoch = name.slice(0, 16);
    const names = this.#byEpoch.get(epoch);
    if (!stands) {
      names?.delete(name);
      if (names?.size === 0) this.#byEpoch.delete(epoch);
    } else if (!names?.has(name)) {
      if (names) names.add(name);
      else this.#byEpoch.set(epoch, new Set([name]));
      if (this.#sorted?.epoch === epoch) this.#sorted = undefined;
    }
  }

  /** The first entry of an epoch in the order of names. */
  first(of: number): string | undefined {
    const epoch = epochName(of);
    const standing = this.#byEpoch.get(epoch);
    if (!standing) return undefined;
    if (this.#sorted?.epoch !== epoch)
      this.#sorted = { epoch, names: [...standing].sort((a, b) => (a < b ? 1 : -1)) };
    const { names } = this.#sorted;
    while (names.length > 0 && !standing.has(names.at(-1) as string)) names.pop();
    return names.at(-1);
  }
}
