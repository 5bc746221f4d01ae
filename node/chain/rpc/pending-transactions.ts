// The ids of transactions that were admitted and not executed yet, as far as they are remembered: so that who sent one can tell waiting from
// lost. The oldest are forgotten first.
import type { ChainView } from '../engine/chain-view.ts';
import { bytesOf, hexOf } from '../types/identifiers.ts';

const REMEMBERED = 50_000;

export class PendingTransactions {
  readonly #view: ChainView;
  readonly #ids = new Set<string>();
  readonly #stop: () => void;

  constructor(view: ChainView) {
    this.#view = view;
    this.#stop = view.followPending((id) => this.#remember(hexOf(id)));
  }

  /** @param id 64 digits without 0x */
  has(id: string): boolean {
    if (!this.#ids.has(id)) return false;
    if (!this.#view.transaction(bytesOf(id))) return true;
    this.#ids.delete(id);
    return false;
  }

  close(): void {
    this.#stop();
  }

  #remember(id: string): void {
    this.#ids.add(id);
    if (this.#ids.size <= REMEMBERED) return;
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest);
      break;
    }
  }
}
