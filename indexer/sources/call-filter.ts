// Which of a block's calls a deployment wants: by the contract called and the function's selector.
import type { Hex, LogFilter } from '../model.ts';

type Wanted = NonNullable<LogFilter['calls']>;

/** Length of `0x` and a selector: anything shorter calls no function. */
const WITH_SELECTOR = 10;

/** Filters of more contracts are asked for in full and sorted out here, as graph-node does. */
const ADDRESSES_PER_QUERY = 100;

export class CallMatcher {
  /** The selectors wanted of each contract; `any` stands for all of them. */
  readonly #byAddress = new Map<Hex, Set<Hex | 'any'>>();
  readonly #anyAddress = new Set<Hex | 'any'>();

  constructor(wanted: Wanted) {
    for (const { address, selector } of wanted) {
      let selectors = address === null ? this.#anyAddress : this.#byAddress.get(address);
      if (!selectors) {
        selectors = new Set();
        this.#byAddress.set(address as Hex, selectors);
      }
      selectors.add(selector ?? 'any');
    }
  }

  /** Contracts to ask a node for; null: there are too many, or any will do. */
  get addresses(): readonly Hex[] | null {
    if (this.#anyAddress.size > 0 || this.#byAddress.size > ADDRESSES_PER_QUERY) return null;
    return [...this.#byAddress.keys()];
  }

  matches(to: Hex, input: Hex): boolean {
    if (input.length < WITH_SELECTOR) return false;
    const selector = input.slice(0, WITH_SELECTOR) as Hex;
    const own = this.#byAddress.get(to);
    return (
      own?.has('any') || own?.has(selector) || this.#anyAddress.has('any') || this.#anyAddress.has(selector)
    );
  }
}
