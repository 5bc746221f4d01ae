// The state of entities as a mapping sees it: what the store has, what earlier handlers of the block changed, what this handler changes.
import type { EntityData, EntityId, EntityModification, Value } from '#indexer/model.ts';
import {
  entitiesEqual,
  entitySize,
  keyOf,
  type PreparedField,
  type PreparedType,
  parseId,
  requireComplete,
  valuesEqual,
} from './entity-types.ts';
import { DeterministicError } from './failures.ts';
import { StoredKeys } from './stored-keys.ts';

/** Reads what is committed; answers are complete entities without derived fields. Called from the mapping thread, so it blocks. */
export interface EntityReader {
  /** The entities of these ids in their order, null where there is none. */
  loadEntities(type: string, ids: readonly EntityId[]): readonly (EntityData | null)[];
  /** The entities behind the `@derivedFrom` field `type.field` of the entity `id`. */
  loadRelated(type: string, field: string, id: EntityId): readonly EntityData[];
}

/** Entities of one question: an answer of more would hold the other deployments up. */
const READ_AHEAD_AT_ONCE = 2_000;

/** State of one entity across blocks. */
interface Entry {
  readonly id: EntityId;
  data: EntityData | null;
  size: number;
  /** Last block that changed it, -1 when it is as loaded. */
  changedAt: number;
  /** Block in which it came into being, -1 when it was there when loaded. */
  bornAt: number;
  /** Its state before the block that changed it last; only kept when wanted. */
  before: EntityData | null;
  /** Touched since the last sweep. */
  used: boolean;
}

/** What a block does to one entity. Never changed but for being completed: a handler that fails puts back the one before. */
interface Change {
  readonly id: EntityId;
  readonly text: string;
  /** The whole new state, null when removed; with `partial`, only the fields that were set (null: unset). */
  data: EntityData | null;
  /** The base was not read yet: `data` has to be merged into it. */
  partial: boolean;
}

/** An entity that the block touches. */
interface Touched {
  readonly type: PreparedType;
  readonly key: string;
  change: Change;
}

/** The block's changes, and how to take back those of the handler that runs. */
class BlockLayer {
  readonly #types: (Map<string, Touched> | undefined)[] = [];
  /** In the order in which entities were first touched. */
  readonly touched: Touched[] = [];
  /** What the running handler has replaced, and by how much it has made `touched` longer. */
  readonly #replaced: { readonly touched: Touched; readonly change: Change }[] = [];
  #kept = 0;

  get(type: PreparedType, key: string): Change | undefined {
    return this.#types[type.index]?.get(key)?.change;
  }

  put(type: PreparedType, key: string, change: Change): void {
    let map = this.#types[type.index];
    if (map === undefined) {
      map = new Map();
      this.#types[type.index] = map;
    }
    const known = map.get(key);
    if (known === undefined) {
      const touched = { type, key, change };
      map.set(key, touched);
      this.touched.push(touched);
    } else {
      this.#replaced.push({ touched: known, change: known.change });
      known.change = change;
    }
  }

  keys(type: PreparedType): Iterable<string> {
    return this.#types[type.index]?.keys() ?? [];
  }

  commitHandler(): void {
    this.#replaced.length = 0;
    this.#kept = this.touched.length;
  }

  discardHandler(): void {
    for (let last = this.#replaced.pop(); last !== undefined; last = this.#replaced.pop())
      last.touched.change = last.change;
    for (let index = this.#kept; index < this.touched.length; index += 1) {
      const { type, key } = this.touched[index] as Touched;
      this.#types[type.index]?.delete(key);
    }
    this.touched.length = this.#kept;
  }

  clear(): void {
    this.#replaced.length = 0;
    this.touched.length = 0;
    this.#kept = 0;
    this.#types.length = 0;
  }
}

function merge(type: PreparedType, base: EntityData | null, update: EntityData): EntityData {
  const merged: EntityData = {};
  for (const { name } of type.stored) {
    const value = update[name];
    const kept = value === undefined ? base?.[name] : value;
    if (kept !== undefined && kept !== null) merged[name] = kept;
  }
  return merged;
}

/** The same with the update by slot. */
function mergeSlots(
  type: PreparedType,
  base: EntityData | null,
  slots: readonly (Value | undefined)[],
): EntityData {
  const merged: EntityData = {};
  const { stored } = type;
  for (let slot = 0; slot < stored.length; slot += 1) {
    const { name } = stored[slot] as PreparedField;
    const value = slots[slot];
    const kept = value === undefined ? base?.[name] : value;
    if (kept !== undefined && kept !== null) merged[name] = kept;
  }
  return merged;
}

/** Only what was set. */
function updateOf(type: PreparedType, slots: readonly (Value | undefined)[]): EntityData {
  const update: EntityData = {};
  const { stored } = type;
  for (let slot = 0; slot < stored.length; slot += 1) {
    const value = slots[slot];
    if (value !== undefined) update[(stored[slot] as PreparedField).name] = value;
  }
  return update;
}

export interface CacheOptions {
  /** Bytes the state kept across blocks may take, roughly counted. */
  readonly maxBytes: number;
  /** Report the state before each change too. */
  readonly before?: boolean;
  /** Told of each entity that a handler wants and the store is asked for. */
  readonly onMiss?: (type: PreparedType, key: string) => void;
}

/**
 * Entities by handler, block and history. `set` merges into what is there, as graph-node's store does; a failed handler leaves no
 * trace. Entities changed by blocks the store may not show yet are never evicted, so that answers stay right while writes are under
 * way; see {@link EntityCache.visible}.
 */
export class EntityCache {
  readonly #reader: EntityReader;
  readonly #options: CacheOptions;
  readonly #current = new Map<number, Map<string, Entry>>();
  readonly #unwritten = new Map<number, Map<string, Entry>>();
  readonly #block = new BlockLayer();
  #bytes = 0;
  #visible = -1;
  /** Of the block that is run now. */
  #number = -1;
  #stored = new StoredKeys(false);

  constructor(reader: EntityReader, options: CacheOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  /** Rough bytes of the state kept across blocks. */
  get bytes(): number {
    return this.#bytes;
  }

  // -------------------------------------------------------------- history

  #entry(type: PreparedType, key: string): Entry | undefined {
    const entry = this.#current.get(type.index)?.get(key);
    if (entry !== undefined) entry.used = true;
    return entry;
  }

  #keep(type: PreparedType, key: string, id: EntityId, data: EntityData | null, changedAt: number): Entry {
    let map = this.#current.get(type.index);
    if (map === undefined) {
      map = new Map();
      this.#current.set(type.index, map);
    }
    const old = map.get(key);
    if (old !== undefined) {
      // Entities seldom change in size: a new version is counted like the old one.
      if ((old.data === null) !== (data === null)) {
        const size = entitySize(data);
        this.#bytes += size - old.size;
        old.size = size;
      }
      old.data = data;
      old.changedAt = changedAt;
      old.used = true;
      return old;
    }
    const size = entitySize(data);
    this.#bytes += size;
    const entry: Entry = { id, data, size, changedAt, bornAt: -1, before: null, used: true };
    map.set(key, entry);
    return entry;
  }

  #load(type: PreparedType, key: string): Entry {
    const known = this.#entry(type, key);
    if (known !== undefined) return known;
    const id = parseId(type, key);
    if (!this.#stored.mayHold(type.index, key)) return this.#keep(type, key, id, null, -1);
    this.#options.onMiss?.(type, key);
    const [data] = this.#reader.loadEntities(type.name, [id]);
    return this.#keep(type, key, id, data ?? null, -1);
  }

  /** Loads those of these entities that are not here, with one question. Keys that are no ids of the type are left out. */
  readAhead(type: PreparedType, keys: Iterable<string>): void {
    const ids: EntityId[] = [];
    for (const key of keys) {
      if (this.#current.get(type.index)?.has(key) || !this.#stored.mayHold(type.index, key)) continue;
      const id = idIfValid(type, key);
      if (id !== null) ids.push(id);
    }
    for (let at = 0; at < ids.length; at += READ_AHEAD_AT_ONCE) {
      const some = ids.slice(at, at + READ_AHEAD_AT_ONCE);
      this.prefetch(type, some, this.#reader.loadEntities(type.name, some));
    }
  }

  /** Hands over entities that are known to be wanted soon. What is cached already stays. */
  prefetch(type: PreparedType, ids: readonly EntityId[], data: readonly (EntityData | null)[]): void {
    ids.forEach((id, index) => {
      const key = keyOf(id);
      if (this.#entry(type, key) === undefined) this.#keep(type, key, id, data[index] ?? null, -1);
    });
  }

  /** Says that reads of the store show all blocks up to this one. */
  visible(block: number): void {
    this.#visible = block;
    for (const map of this.#unwritten.values()) {
      for (const [key, entry] of map) {
        if (entry.changedAt > block) continue;
        entry.before = null;
        map.delete(key);
      }
    }
  }

  /** Forgets everything: the store went back in time, maybe to where it is `empty`. */
  clear(empty = false): void {
    this.#stored = new StoredKeys(empty);
    this.#current.clear();
    this.#unwritten.clear();
    this.#block.clear();
    this.#bytes = 0;
  }

  /** Second-chance eviction: what was not touched since the last sweep goes first. */
  #evict(): void {
    const target = this.#options.maxBytes * 0.9;
    for (let pass = 0; pass < 2 && this.#bytes > target; pass += 1) {
      for (const [type, map] of this.#current) {
        for (const [key, entry] of map) {
          if (entry.used && pass === 0) entry.used = false;
          else if (entry.changedAt <= this.#visible) {
            map.delete(key);
            if (entry.data !== null) this.#stored.add(type, key);
            this.#bytes -= entry.size;
            if (this.#bytes <= target) return;
          }
        }
      }
    }
  }

  /**
   * The causality region that an entity belongs to, given that of the version in the store; null when there is none. An
   * entity that the present block touched counts as the chain's even when it was removed: a block makes one change of each.
   */
  ownedBy(type: PreparedType, key: string, block: number, stored: number | null): number | null {
    if (stored !== null && stored !== 0) return stored;
    const entry = this.#current.get(type.index)?.get(key);
    const change = this.#block.get(type, key);
    if (change !== undefined || entry?.changedAt === block) return 0;
    if (entry === undefined) return stored;
    return entry.data === null ? null : 0;
  }

  // -------------------------------------------------------------- handlers

  /** Says which block the handlers to come belong to. */
  beginBlock(number: number): void {
    this.#number = number;
  }

  /** The state seen by the running handler; null when there is no such entity. */
  get(type: PreparedType, key: string): EntityData | null {
    const change = this.#block.get(type, key);
    if (change !== undefined && !change.partial) return change.data;
    const base = this.#load(type, key).data;
    if (change === undefined) return base;
    change.data = merge(type, base, change.data as EntityData);
    change.partial = false;
    return change.data;
  }

  /** What this block did to the entity so far; null when nothing, or when it was removed. */
  getInBlock(type: PreparedType, key: string, block: number): EntityData | null {
    const change = this.#block.get(type, key);
    if (change === undefined) {
      // A block is run again for the data sources made in it: what its first part did is history already.
      const entry = this.#current.get(type.index)?.get(key);
      return entry?.changedAt === block ? entry.data : null;
    }
    return change.data && merge(type, null, change.data);
  }

  /**
   * Merges fields into an entity, or makes it. `slots` holds a value per stored field, undefined where the mapping set none.
   *
   * @throws DeterministicError when a required field stays empty, or an immutable entity of an earlier block is set again
   */
  set(
    type: PreparedType,
    key: string,
    id: EntityId,
    text: string,
    slots: readonly (Value | undefined)[],
  ): void {
    let complete = true;
    for (const field of type.required) {
      const value = slots[field.slot];
      if (value === null) requireComplete(type, text, { ...updateOf(type, slots), [field.name]: null });
      if (value === undefined) complete = false;
    }
    if (type.type.immutable && !this.#isNew(type, key, text)) return;
    const known = this.#block.get(type, key);
    if (known?.partial) {
      const data = { ...known.data, ...updateOf(type, slots) };
      this.#block.put(type, key, { id, text, data, partial: true });
      if (!complete) this.#requireMerged(type, key, text);
      return;
    }
    // A removed entity starts anew.
    const base = known === undefined ? this.#entry(type, key)?.data : known.data;
    if (base === undefined) {
      this.#block.put(type, key, { id, text, data: updateOf(type, slots), partial: true });
      if (!complete) this.#requireMerged(type, key, text);
      return;
    }
    const data = mergeSlots(type, base, slots);
    if (!complete) requireComplete(type, text, data);
    this.#block.put(type, key, { id, text, data, partial: false });
  }

  #requireMerged(type: PreparedType, key: string, text: string): void {
    const data = this.get(type, key);
    if (data !== null) requireComplete(type, text, data);
  }

  /** Immutable entities are not looked up (that would cost a read per event): the store's unique key catches what is not cached. */
  #isNew(type: PreparedType, key: string, text: string): boolean {
    const entry = this.#current.get(type.index)?.get(key);
    // What the block's first part made, before it was run again for new data sources, may still change.
    if (entry === undefined || entry.data === null || entry.changedAt === this.#number) return true;
    if (type.type.skipDuplicates) return false;
    throw new DeterministicError(
      `Entity ${type.name}[${text}] is immutable and was created in an earlier block: use a new id, or declare the type mutable`,
    );
  }

  remove(type: PreparedType, key: string, id: EntityId, text: string): void {
    if (type.type.immutable && !this.#isNew(type, key, text)) return;
    this.#block.put(type, key, { id, text, data: null, partial: false });
  }

  /**
   * The entities behind a derived field of `owner`: those of `type` whose `field` refers to `id`, as the running handler sees
   * them, ordered by id.
   */
  related(
    owner: PreparedType,
    derived: string,
    type: PreparedType,
    field: string,
    id: EntityId,
  ): EntityData[] {
    const candidates = new Set<string>();
    for (const data of this.#reader.loadRelated(owner.name, derived, id)) {
      const found = data.id as EntityId;
      const key = keyOf(found);
      candidates.add(key);
      if (this.#entry(type, key) === undefined) this.#keep(type, key, found, data, -1);
    }
    for (const key of this.#unwritten.get(type.index)?.keys() ?? []) candidates.add(key);
    for (const key of this.#block.keys(type)) candidates.add(key);
    const refersTo = (value: Value | undefined): boolean =>
      Array.isArray(value) ? value.some((item) => valuesEqual(item, id)) : valuesEqual(value, id);
    const keys = [...candidates].sort(type.type.idKind === 'Int8' ? byNumber : byText);
    const result: EntityData[] = [];
    for (const key of keys) {
      const data = this.get(type, key);
      if (data !== null && refersTo(data[field])) result.push(data);
    }
    return result;
  }

  // -------------------------------------------------------------- ends of handlers and blocks

  /** Keeps what the handler did. */
  commitHandler(): void {
    this.#block.commitHandler();
  }

  discardHandler(): void {
    this.#block.discardHandler();
  }

  discardBlock(): void {
    this.#block.clear();
  }

  /**
   * Ends a block: the changes it makes to what the store has, in the order in which entities were first touched. Entities set
   * without having been read are read now, one request per type; setting what is already there is no change.
   */
  commitBlock(block: number): EntityModification[] {
    this.#loadMissing();
    const modifications: EntityModification[] = [];
    for (const { type, key, change } of this.#block.touched) {
      const entry = this.#current.get(type.index)?.get(key);
      const before = entry?.data ?? null;
      const data = change.partial ? merge(type, before, change.data as EntityData) : change.data;
      const again = entry?.changedAt === block;
      if (type.type.skipDuplicates && before !== null && !again) continue;
      if (data === null ? before === null : before !== null && entitiesEqual(type, before, data)) continue;
      const bornAt = before === null && !again ? block : (entry?.bornAt ?? -1);
      const kept = this.#keep(type, key, change.id, data, block);
      kept.bornAt = bornAt;
      if (this.#options.before && !again) kept.before = before;
      let unwritten = this.#unwritten.get(type.index);
      if (unwritten === undefined) {
        unwritten = new Map();
        this.#unwritten.set(type.index, unwritten);
      }
      unwritten.set(key, kept);
      modifications.push({
        type: type.name,
        id: change.id,
        key,
        data,
        isNew: bornAt === block,
        ...(this.#options.before && { before: kept.before }),
      });
    }
    this.#block.clear();
    if (this.#bytes > this.#options.maxBytes) this.#evict();
    return modifications;
  }

  #loadMissing(): void {
    const missing = new Map<PreparedType, Change[]>();
    for (const { type, key, change } of this.#block.touched) {
      // Immutable entities that were set must be new, unless duplicates are to be noticed.
      if ((type.type.immutable && !type.type.skipDuplicates) || this.#current.get(type.index)?.has(key))
        continue;
      if (!this.#stored.mayHold(type.index, key)) continue;
      const list = missing.get(type) ?? [];
      list.push(change);
      missing.set(type, list);
    }
    for (const [type, changes] of missing) {
      const ids = changes.map((change) => change.id);
      this.prefetch(type, ids, this.#reader.loadEntities(type.name, ids));
    }
  }
}

function idIfValid(type: PreparedType, key: string): EntityId | null {
  try {
    return parseId(type, key);
  } catch (error) {
    if (error instanceof DeterministicError) return null;
    throw error;
  }
}

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
const byNumber = (left: string, right: string): number => (BigInt(left) < BigInt(right) ? -1 : 1);
