// A store in memory that answers the mapping's questions: what the outcomes handed to it add up to.
import type {
  BlockHeader,
  BlockOutcome,
  EntityData,
  EntityId,
  EntitySchema,
  Hex,
  Value,
} from '#indexer/model.ts';
import { keyOf, valuesEqual } from '../entity-types.ts';
import type { BlockingHost } from '../handler-context.ts';

/** A blocking host for runners without a thread. Its entities can be read by tests. */
export class MemoryStore implements BlockingHost {
  readonly entities = new Map<string, Map<string, EntityData>>();
  readonly requests: string[] = [];
  readonly #schema: EntitySchema;

  constructor(schema: EntitySchema) {
    this.#schema = schema;
  }

  #of(type: string): Map<string, EntityData> {
    let map = this.entities.get(type);
    if (map === undefined) {
      map = new Map();
      this.entities.set(type, map);
    }
    return map;
  }

  all(type: string): EntityData[] {
    return [...this.#of(type).values()];
  }

  get(type: string, id: EntityId): EntityData | undefined {
    return this.#of(type).get(keyOf(id));
  }

  apply(outcome: BlockOutcome): void {
    for (const { type, id, data } of outcome.modifications) {
      if (data === null) this.#of(type).delete(keyOf(id));
      else this.#of(type).set(keyOf(id), data);
    }
  }

  loadEntities(type: string, ids: readonly EntityId[]): (EntityData | null)[] {
    this.requests.push(`${type} × ${ids.length}`);
    return ids.map((id) => this.#of(type).get(keyOf(id)) ?? null);
  }

  loadRelated(type: string, field: string, id: EntityId): EntityData[] {
    this.requests.push(`${type}.${field}`);
    const { reference = '', derivedFrom = '' } =
      this.#schema.entities.get(type)?.fields.find(({ name }) => name === field) ?? {};
    const refers = (value: Value | undefined): boolean =>
      Array.isArray(value) ? value.some((item) => valuesEqual(item, id)) : valuesEqual(value, id);
    return this.all(reference).filter((data) => refers(data[derivedFrom]));
  }

  regionsOf(_type: string, ids: readonly EntityId[]): null[] {
    return ids.map(() => null);
  }

  call(_block: BlockHeader, _to: Hex, _data: Hex): Hex | null {
    return null;
  }

  getBalance(): bigint {
    return 0n;
  }

  hasCode(): boolean {
    return false;
  }
}
