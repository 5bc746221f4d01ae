// Records of one kind by their name, with what they were before the current transaction and before the current chain block.
import type { StateEntry } from './chain-block.ts';
import type { RecordCodec } from './records.ts';
import { entryKey } from './state-keys.ts';

/** What the operations of the current transaction have written, over all tables. */
export class Journal {
  readonly #steps: (() => void)[] = [];

  push(undo: () => void): void {
    this.#steps.push(undo);
  }

  keep(): void {
    if (this.#steps.length > 0) this.#steps.length = 0;
  }

  rollback(): void {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) step();
  }
}

export interface RecordTableOptions<Value> {
  readonly kind: number;
  readonly codec: RecordCodec<Value>;
  readonly journal: Journal;
  /** Called with each change, taken back ones too: for what is derived from the records. */
  readonly changed?: (name: string, value: Value | undefined) => void;
}

/** Values are never changed in place: whoever changes one sets another. */
export class RecordTable<Value> {
  readonly kind: number;
  readonly #codec: RecordCodec<Value>;
  readonly #journal: Journal;
  readonly #changed: ((name: string, value: Value | undefined) => void) | undefined;
  readonly #records = new Map<string, Value>();
  /** Of those that the chain block has set: what they were. */
  readonly #before = new Map<string, Value | undefined>();

  constructor({ kind, codec, journal, changed }: RecordTableOptions<Value>) {
    this.kind = kind;
    this.#codec = codec;
    this.#journal = journal;
    this.#changed = changed;
  }

  get size(): number {
    return this.#records.size;
  }

  get(name: string): Value | undefined {
    return this.#records.get(name);
  }

  /** In no order that means anything. */
  all(): Iterable<readonly [string, Value]> {
    return this.#records;
  }

  set(name: string, value: Value | undefined): void {
    const before = this.#records.get(name);
    this.#journal.push(() => this.#put(name, before));
    if (!this.#before.has(name)) this.#before.set(name, before);
    this.#put(name, value);
  }

  /** @throws Malformed when the bytes are no such record */
  setEncoded(name: string, bytes: Uint8Array | undefined): void {
    this.set(name, bytes && this.#codec.decode(bytes));
  }

  /** Ends a chain block. @param changed called for each record that is another now, with its bytes as they are and as they were */
  commit(changed: (after: StateEntry, before: StateEntry) => void): void {
    for (const [name, value] of this.#before) {
      const now = this.#records.get(name);
      if (now === value) continue;
      const [after, before] = [now && this.#codec.encode(now), value && this.#codec.encode(value)];
      if (after && before && Buffer.compare(after, before) === 0) continue;
      const key = entryKey(this.kind, name);
      changed({ key, value: after }, { key, value: before });
    }
    this.#before.clear();
  }

  *entries(): Iterable<{ readonly key: Uint8Array; readonly value: Uint8Array }> {
    for (const [name, value] of this.#records)
      yield { key: entryKey(this.kind, name), value: this.#codec.encode(value) };
  }

  #put(name: string, value: Value | undefined): void {
    if (value === undefined) this.#records.delete(name);
    else this.#records.set(name, value);
    this.#changed?.(name, value);
  }
}
