// A store without a disk, for the simulator and for tests: what it would have on disk is kept apart from what was put, and a power cut leaves what a
// disk would. Nothing happens by itself; a commit is on the disk once the caller says so.
import type { StateEntry } from '../state/chain-block.ts';
import type { BlockId } from '../types/identifiers.ts';
import type { ChainRecord, ChainStore } from './chain-store.ts';
import { ID_BYTES } from './packed-record.ts';
import { storeClosed } from './store-errors.ts';
import type { TransactionPlace } from './transaction-index.ts';

export interface MemoryStoreOptions {
  /** Whether a commit is done when `tick` says so (as a disk takes its time), or at once. */
  readonly commits?: 'by tick' | 'at once';
}

type Write =
  | { readonly kind: 'block'; readonly id: BlockId; readonly bytes: Uint8Array }
  | { readonly kind: 'record'; readonly record: ChainRecord }
  | { readonly kind: 'unwind'; readonly from: number }
  | { readonly kind: 'fact'; readonly name: string; readonly value: Uint8Array }
  | { readonly kind: 'fold'; readonly index: number }
  | { readonly kind: 'prune'; readonly below: number }
  | { readonly kind: 'replace'; readonly state: ReadonlyMap<string, StateEntry> };

interface Commit {
  readonly writes: readonly Write[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

/** What a store holds, once as put and once as on disk. */
class Contents {
  blocks = new Map<BlockId, Uint8Array>();
  records = new Map<number, ChainRecord>();
  indexes = new Map<BlockId, number>();
  transactions = new Map<string, TransactionPlace>();
  facts = new Map<string, Uint8Array>();
  state = new Map<string, StateEntry>();
  first: number | undefined;
  last: number | undefined;
  folded: number | undefined;

  copy(): Contents {
    const copy = new Contents();
    copy.blocks = new Map(this.blocks);
    copy.records = new Map(this.records);
    copy.indexes = new Map(this.indexes);
    copy.transactions = new Map(this.transactions);
    copy.facts = new Map(this.facts);
    copy.state = new Map(this.state);
    copy.first = this.first;
    copy.last = this.last;
    copy.folded = this.folded;
    return copy;
  }

  apply(write: Write): void {
    switch (write.kind) {
      case 'block':
        if (!this.blocks.has(write.id)) this.blocks.set(write.id, write.bytes);
        return;
      case 'record':
        this.#put(write.record);
        return;
      case 'unwind':
        for (let index = this.last ?? -1; index >= write.from && this.records.has(index); index--)
          this.#remove(index);
        this.last = this.records.has(write.from - 1) ? write.from - 1 : undefined;
        if (this.last === undefined) this.first = undefined;
        return;
      case 'fact':
        this.facts.set(write.name, write.value);
        return;
      case 'fold':
        for (let index = (this.folded ?? (this.first ?? 0) - 1) + 1; index <= write.index; index++)
          for (const entry of this.records.get(index)?.changes ?? [])
            if (entry.value) this.state.set(textOf(entry.key), entry);
            else this.state.delete(textOf(entry.key));
        this.folded = write.index;
        return;
      case 'prune':
        for (let index = this.first ?? 0; index < write.below; index++) {
          for (const { id } of this.records.get(index)?.merged ?? []) this.blocks.delete(id);
          this.#remove(index);
        }
        this.first = write.below;
        return;
      case 'replace': {
        const { facts } = this;
        Object.assign(this, new Contents(), { facts, state: new Map(write.state) });
        return;
      }
    }
  }

  #put(record: ChainRecord): void {
    const { index, id, transactionIds } = record;
    this.records.set(index, record);
    this.indexes.set(id, index);
    for (let at = 0, place = 0; at < transactionIds.length; at += ID_BYTES, place++)
      this.transactions.set(textOf(transactionIds.subarray(at, at + ID_BYTES)), { index, place });
    this.first ??= index;
    this.last = index;
  }

  #remove(index: number): void {
    const record = this.records.get(index);
    if (!record) return;
    this.records.delete(index);
    this.indexes.delete(record.id);
    for (let at = 0; at < record.transactionIds.length; at += ID_BYTES) {
      const id = textOf(record.transactionIds.subarray(at, at + ID_BYTES));
      if (this.transactions.get(id)?.index === index) this.transactions.delete(id);
    }
  }
}

export class MemoryStore implements ChainStore {
  readonly #atOnce: boolean;
  #now = new Contents();
  #disk = new Contents();
  #writes: Write[] = [];
  #commits: Commit[] = [];
  #closed = false;

  constructor({ commits = 'by tick' }: MemoryStoreOptions = {}) {
    this.#atOnce = commits === 'at once';
  }

  get last(): number | undefined {
    return this.#now.last;
  }

  get folded(): ChainStore['folded'] {
    const { folded: index, state } = this.#now;
    if (index === undefined) return undefined;
    const sorted = () => [...state].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
    return { index, entries: sorted };
  }

  /** Commits that are not on disk yet. */
  get inFlight(): number {
    return this.#commits.length;
  }

  /** Brings the oldest commit in flight to disk. @returns whether there was one */
  tick(): boolean {
    const commit = this.#commits.shift();
    if (!commit) return false;
    for (const write of commit.writes) this.#disk.apply(write);
    commit.resolve();
    return true;
  }

  /**
   * The store as a power cut leaves it: what was committed, and of what was under way the first commits or none, each wholly. This one is closed, and
   * what waits for its commits waits for ever, as who waited when the power was cut.
   * @param seed the same one cuts at the same place
   */
  crash(seed: number): MemoryStore {
    const left = new MemoryStore({ commits: this.#atOnce ? 'at once' : 'by tick' });
    const disk = this.#disk.copy();
    const survive = (Math.imul(seed | 0, 0x9e3779b1) >>> 8) % (this.#commits.length + 1);
    for (const { writes } of this.#commits.slice(0, survive)) for (const write of writes) disk.apply(write);
    left.#disk = disk;
    left.#now = disk.copy();
    this.#closed = true;
    this.#commits = [];
    return left;
  }

  *blocks(): Generator<{ readonly id: BlockId; readonly bytes: Uint8Array }> {
    for (const [id, bytes] of [...this.#now.blocks]) yield { id, bytes };
  }

  block(id: BlockId): Uint8Array | undefined {
    return this.#now.blocks.get(id);
  }

  record(index: number): ChainRecord | undefined {
    return this.#now.records.get(index);
  }

  indexOf(id: BlockId): number | undefined {
    return this.#now.indexes.get(id);
  }

  transaction(id: Uint8Array): TransactionPlace | undefined {
    return this.#now.transactions.get(textOf(id));
  }

  fact(name: string): Uint8Array | undefined {
    return this.#now.facts.get(name);
  }

  putBlock(id: BlockId, bytes: Uint8Array): void {
    this.#write({ kind: 'block', id, bytes: bytes.slice() });
  }

  putRecord(record: ChainRecord): void {
    const { last } = this.#now;
    if (last !== undefined && record.index !== last + 1)
      throw new RangeError(`record ${record.index} does not follow record ${last}`);
    this.#write({ kind: 'record', record });
  }

  unwind(fromIndex: number): void {
    const { last, folded } = this.#now;
    if (last === undefined || fromIndex > last) return;
    if (folded !== undefined && fromIndex <= folded)
      throw new RangeError(`record ${fromIndex} is folded already: what is final is not unwound`);
    this.#write({ kind: 'unwind', from: fromIndex });
  }

  putFact(name: string, value: Uint8Array): void {
    this.#write({ kind: 'fact', name, value: value.slice() });
  }

  fold(index: number): void {
    const { last, folded } = this.#now;
    if (last === undefined || index > last) throw new RangeError(`record ${index} is not there to be folded`);
    if (folded === undefined || index > folded) this.#write({ kind: 'fold', index });
  }

  async restore(record: ChainRecord, entries: AsyncIterable<StateEntry>): Promise<void> {
    const state = new Map<string, StateEntry>();
    for await (const entry of entries)
      if (entry.value) state.set(textOf(entry.key), entry);
      else state.delete(textOf(entry.key));
    this.#write({ kind: 'replace', state });
    this.putRecord(record);
    this.fold(record.index);
  }

  prune(belowIndex: number): void {
    const { folded, first } = this.#now;
    if (belowIndex > (folded ?? -1))
      throw new RangeError(`records below ${belowIndex} are not all folded: fold first`);
    if (belowIndex > (first ?? 0)) this.#write({ kind: 'prune', below: belowIndex });
  }

  commit(): Promise<void> {
    if (this.#closed) return Promise.reject(storeClosed());
    const writes = this.#writes;
    this.#writes = [];
    return new Promise((resolve, reject) => {
      this.#commits.push({ writes, resolve, reject });
      if (this.#atOnce) this.tick();
    });
  }

  /** Commits what was put. Repeats safely. */
  async close(): Promise<void> {
    if (this.#closed) return;
    void this.commit();
    while (this.tick());
    this.#closed = true;
  }

  /** The store as it is opened again after `close`. */
  reopened(): MemoryStore {
    return this.crash(0);
  }

  #write(write: Write): void {
    if (this.#closed) throw storeClosed();
    this.#now.apply(write);
    this.#writes.push(write);
  }
}
