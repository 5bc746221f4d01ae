// Which entities the handlers of files have made: what decides whether another file may write one of the same id.
import type { EntityId } from '#indexer/model.ts';
import { keyOf } from './entity-types.ts';

interface Owner {
  readonly region: number;
  readonly block: number;
}

/** Answers from the store, and from what is not committed yet. */
export class FileOwners {
  readonly #store: { regionsOf(type: string, ids: readonly EntityId[]): readonly (number | null)[] };
  readonly #uncommitted = new Map<string, Owner>();

  constructor(store: { regionsOf(type: string, ids: readonly EntityId[]): readonly (number | null)[] }) {
    this.#store = store;
  }

  add(type: string, key: string, region: number, block: number): void {
    this.#uncommitted.set(`${type}/${key}`, { region, block });
  }

  /** The store shows all blocks up to this one. */
  visible(block: number): void {
    for (const [key, owner] of this.#uncommitted) if (owner.block <= block) this.#uncommitted.delete(key);
  }

  clear(): void {
    this.#uncommitted.clear();
  }

  /** Regions of the entities' current versions, 0 for the chain's, null where there is none. */
  regionsOf(type: string, ids: readonly EntityId[]): (number | null)[] {
    const stored = this.#store.regionsOf(type, ids);
    return ids.map(
      (id, index) => this.#uncommitted.get(`${type}/${keyOf(id)}`)?.region ?? stored[index] ?? null,
    );
  }
}
