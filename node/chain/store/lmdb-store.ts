// A node's store on disk: LMDB, written by a thread of its own, read by whoever asks. What was put and is not committed yet is answered from memory.
import { Worker } from 'node:worker_threads';
import { AiosError } from '#node/platform/errors.ts';
import { bundledEntry } from '#node/platform/package-root.ts';
import type { StateEntry } from '../state/chain-block.ts';
import { type BlockId, bytesOf } from '../types/identifiers.ts';
import type { ChainRecord, ChainStore } from './chain-store.ts';
import type { StoreAnswer, StoreQuestion, StoreWorkerSettings } from './lmdb-worker.ts';
import { packChanges, packedBytes } from './packed-changes.ts';
import { packedChangesOf, packRecord, unpackRecord } from './packed-record.ts';
import { stateEntries } from './state-runs.ts';
import { storeClosed, storeCorrupt, storeFailed } from './store-errors.ts';
import { factKey, type StateRun, type StoreMeta } from './store-meta.ts';
import { readId, readIds } from './stored-ids.ts';
import { getPieces, openTables, type Tables, unsealed } from './tables.ts';
import { RecentTransactions, segmentHints, type TransactionPlace } from './transaction-index.ts';

export interface LmdbStoreOptions {
  /** Made when it is not there. No other process may have it open. */
  readonly folder: string;
  /** Id of the chain's first block: a store of another chain is refused. */
  readonly genesis: BlockId;
}

/** Entries that are handed to the writing thread at once when a state comes from elsewhere. */
const entriesAtOnce = 65_536;

/** What was put and is not on disk yet, with the number of the commit that brings it there. */
interface Pending<T> {
  readonly number: number;
  readonly value: T;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class LmdbStore implements ChainStore {
  readonly #folder: string;
  readonly #worker: Worker;
  readonly #tables: Tables;
  /** As of the last commit of which the answer has come. */
  #meta: StoreMeta;
  /** As of all that was put. */
  #first: number | undefined;
  #last: number | undefined;
  #folded: number | undefined;
  #firstBlock: number;
  #nextBlock: number;
  /** Of a restored state that is not committed yet: on disk, but not named there. */
  #restored: { readonly number: number; readonly runs: readonly StateRun[] } | undefined;
  readonly #blocks = new Map<BlockId, Pending<{ readonly place: number; readonly bytes: Uint8Array }>>();
  readonly #blocksByPlace = new Map<number, BlockId>();
  readonly #records = new Map<number, Pending<ChainRecord>>();
  readonly #indexes = new Map<BlockId, number>();
  readonly #facts = new Map<string, Pending<Uint8Array>>();
  /** The least index that was unwound, until that is on disk: from here on records on disk are of no account. */
  #unwound: Pending<number>[] = [];
  readonly #recent = new RecentTransactions();
  /** Of the commit that will bring to disk what is put now. */
  #number = 1;
  #seen = 0;
  readonly #commits = new Map<number, Waiting>();
  /** Who waits for a run to be written. */
  #run:
    | { readonly resolve: (runs: readonly StateRun[]) => void; readonly reject: (error: Error) => void }
    | undefined;
  /** Blocks that were pruned, with the number of the commit after which they are gone from the disk. */
  readonly #forgotten = new Map<BlockId, number>();
  /** Index of the first record of a store that had none, as long as none was folded before it. */
  #base: number | undefined;
  /** Readers of the folded state, with what they have seen of it. */
  readonly #leases = new Set<{ readonly seen: number }>();
  #unusable: Error | undefined;
  #closing: Promise<void> | undefined;
  #closed: (() => void) | undefined;

  private constructor(folder: string, worker: Worker, tables: Tables, meta: StoreMeta) {
    this.#folder = folder;
    this.#worker = worker;
    this.#tables = tables;
    this.#meta = meta;
    this.#first = meta.first;
    this.#last = meta.last;
    this.#folded = meta.folded;
    this.#firstBlock = meta.firstBlock;
    this.#nextBlock = meta.nextBlock;
  }

  /**
   * Opens a store, or makes one, and reads all that a node starts from but the folded state.
   * @throws AiosError STORE_CORRUPT, STORE_FOREIGN or STORE_FORMAT
   */
  static async open({ folder, genesis }: LmdbStoreOptions): Promise<LmdbStore> {
    const worker = new Worker(bundledEntry('chain-store.mjs'), {
      workerData: { folder, genesis } satisfies StoreWorkerSettings,
      name: 'chain-store',
    });
    const ready = await new Promise<StoreAnswer>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(storeCorrupt(folder, 'the thread that opens it ended')));
    });
    if (ready.kind !== 'ready') {
      await worker.terminate();
      if (ready.kind === 'unusable') throw new AiosError(ready.code, ready.message);
      throw storeCorrupt(folder, `it could not be opened (${ready.kind})`);
    }
    let store: LmdbStore | undefined;
    try {
      store = new LmdbStore(folder, worker, openTables(folder, true), ready.meta);
      store.#listen();
      store.#check();
      return store;
    } catch (error) {
      if (store) await store.close();
      else await worker.terminate();
      throw error;
    }
  }

  get last(): number | undefined {
    return this.#last;
  }

  get folded(): ChainStore['folded'] {
    const index = this.#folded;
    if (index === undefined) return undefined;
    return { index, entries: () => this.#stateAt(index) };
  }

  *blocks(): Generator<{ readonly id: BlockId; readonly bytes: Uint8Array }> {
    for (let place = this.#firstBlock; place < this.#nextBlock; place++) {
      const pending = this.#blocksByPlace.get(place);
      const block = pending ? this.#blocks.get(pending)?.value : undefined;
      if (pending && block) {
        yield { id: pending, bytes: block.bytes };
        continue;
      }
      const found = getPieces(this.#tables, 'blocks', place);
      if (!found) continue;
      const id = Buffer.from(found.buffer, 0, 32).toString('hex');
      if (this.#forgotten.has(id)) continue;
      yield { id, bytes: found.slice(32) };
    }
  }

  block(id: BlockId): Uint8Array | undefined {
    const pending = this.#blocks.get(id);
    if (pending) return pending.value.bytes;
    const place = this.#placeOf(id);
    if (place === undefined) return undefined;
    return getPieces(this.#tables, 'blocks', place)?.slice(32);
  }

  record(index: number): ChainRecord | undefined {
    if (!this.#has(index)) return undefined;
    const pending = this.#records.get(index);
    if (pending) return pending.value;
    const packed = this.#packedRecord(index);
    try {
      return unpackRecord(packed, readIds(this.#tables, index));
    } catch (error) {
      throw error instanceof AiosError && error.code !== 'MALFORMED'
        ? error
        : storeCorrupt(this.#folder, `record ${index} is none`, error);
    }
  }

  indexOf(id: BlockId): number | undefined {
    const pending = this.#indexes.get(id);
    if (pending !== undefined) return this.#has(pending) ? pending : undefined;
    const index = unsealed(this.#tables, 'recordIndexes', bytesOf(id))?.readUInt32BE(0);
    return index !== undefined && this.#isOnDisk(index) ? index : undefined;
  }

  transaction(id: Uint8Array): TransactionPlace | undefined {
    const recent = this.#recent.find(id);
    if (recent) return this.#has(recent.index) ? recent : undefined;
    if (this.#restored) return undefined;
    for (const hint of segmentHints(this.#tables, this.#meta.segments, id)) {
      if (!this.#isOnDisk(hint.index)) continue;
      const found = readId(this.#tables, hint.index, hint.place);
      if (found && Buffer.compare(found, id) === 0) return hint;
    }
    return undefined;
  }

  fact(name: string): Uint8Array | undefined {
    const pending = this.#facts.get(name);
    if (pending) return pending.value;
    const value = unsealed(this.#tables, 'facts', factKey(name));
    return value && Uint8Array.from(value);
  }

  putBlock(id: BlockId, bytes: Uint8Array): void {
    this.#mustBeOpen();
    if (this.#blocks.has(id) || this.#placeOf(id) !== undefined) return;
    const place = this.#nextBlock++;
    this.#blocks.set(id, { number: this.#number, value: { place, bytes } });
    this.#blocksByPlace.set(place, id);
    // A buffer of its own changes hands; the caller's stays.
    const copy = bytes.slice();
    this.#post({ kind: 'block', place, id, bytes: copy }, [copy.buffer]);
  }

  putRecord(record: ChainRecord): void {
    this.#mustBeOpen();
    const { index, id, transactionIds } = record;
    if (this.#last !== undefined && index !== this.#last + 1)
      throw new RangeError(`record ${index} does not follow record ${this.#last}`);
    const packed = packRecord(record);
    const ids = transactionIds.slice();
    if (this.#first === undefined) this.#base = index;
    this.#first ??= index;
    this.#last = index;
    this.#records.set(index, { number: this.#number, value: record });
    this.#indexes.set(id, index);
    this.#recent.add(index, transactionIds);
    this.#post({ kind: 'record', index, packed, ids }, [packed.buffer, ids.buffer]);
  }

  unwind(fromIndex: number): void {
    this.#mustBeOpen();
    if (this.#last === undefined || fromIndex > this.#last) return;
    if (this.#folded !== undefined && fromIndex <= this.#folded)
      throw new RangeError(`record ${fromIndex} is folded already: what is final is not unwound`);
    for (const [index, { value }] of this.#records)
      if (index >= fromIndex) {
        this.#records.delete(index);
        this.#indexes.delete(value.id);
      }
    this.#recent.keep((index) => index < fromIndex);
    this.#unwound.push({ number: this.#number, value: fromIndex });
    this.#post({ kind: 'unwind', from: fromIndex });
    if (fromIndex <= (this.#first ?? 0)) {
      this.#first = undefined;
      this.#last = undefined;
    } else this.#last = fromIndex - 1;
  }

  putFact(name: string, value: Uint8Array): void {
    this.#mustBeOpen();
    const copy = value.slice();
    this.#facts.set(name, { number: this.#number, value: copy });
    this.#post({ kind: 'fact', name, value: copy });
  }

  fold(index: number): void {
    this.#mustBeOpen();
    if (this.#last === undefined || index > this.#last)
      throw new RangeError(`record ${index} is not there to be folded`);
    if (this.#folded !== undefined && index <= this.#folded) return;
    this.#folded = index;
    this.#post({ kind: 'fold', index });
  }

  async restore(record: ChainRecord, entries: AsyncIterable<StateEntry>): Promise<void> {
    this.#mustBeOpen();
    const runs: StateRun[] = [];
    let some: StateEntry[] = [];
    const flush = async () => {
      if (some.length === 0) return;
      const packed = new Uint8Array(packedBytes(some));
      packChanges(some, packed, 0);
      some = [];
      runs.push(...(await this.#writeRuns(packed)));
    };
    for await (const entry of entries) {
      some.push(entry);
      if (some.length === entriesAtOnce) await flush();
    }
    await flush();
    this.#mustBeOpen();
    this.#post({ kind: 'replace', runs });
    this.#restored = { number: this.#number, runs };
    this.#blocks.clear();
    this.#blocksByPlace.clear();
    this.#records.clear();
    this.#indexes.clear();
    this.#unwound = [{ number: this.#number, value: 0 }];
    this.#recent.keep(() => false);
    this.#forgotten.clear();
    this.#firstBlock = this.#nextBlock;
    this.#first = undefined;
    this.#last = undefined;
    this.#folded = undefined;
    // The entries are the state after it: its changes are among them, and folding it again changes nothing.
    this.putRecord(record);
    this.fold(record.index);
  }

  prune(belowIndex: number): void {
    this.#mustBeOpen();
    if (belowIndex > (this.#folded ?? -1))
      throw new RangeError(`records below ${belowIndex} are not all folded: fold first`);
    if (belowIndex <= (this.#first ?? 0)) return;
    for (let index = this.#first ?? 0; index < belowIndex; index++)
      for (const { id } of this.record(index)?.merged ?? []) {
        const pending = this.#blocks.get(id);
        if (pending) this.#blocksByPlace.delete(pending.value.place);
        this.#blocks.delete(id);
        this.#forgotten.set(id, this.#number);
      }
    this.#first = belowIndex;
    this.#post({ kind: 'prune', below: belowIndex });
  }

  commit(): Promise<void> {
    if (this.#unusable) return Promise.reject(this.#unusable);
    const number = this.#number++;
    let seen = this.#seen;
    for (const lease of this.#leases) seen = Math.min(seen, lease.seen);
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#commits.set(number, { resolve, reject });
      this.#post({ kind: 'commit', number, seen });
    });
  }

  /** Commits what was put, if it can. Repeats safely. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (!this.#unusable) await this.commit().catch(() => {});
    this.#fail(storeClosed());
    this.#worker.ref();
    await this.#tables.root.close();
    await new Promise<void>((resolve) => {
      this.#closed = resolve;
      this.#worker.once('exit', () => resolve());
      this.#post({ kind: 'close' });
    });
    await this.#worker.terminate();
  }

  #listen(): void {
    const failed = (cause: unknown) => this.#fail(storeFailed(this.#folder, cause));
    this.#worker.on('message', (answer: StoreAnswer) => {
      if (answer.kind === 'committed') this.#committed(answer.number, answer.meta);
      else if (answer.kind === 'run') this.#run?.resolve(answer.runs);
      else if (answer.kind === 'closed') this.#closed?.();
      else if (answer.kind === 'failed') failed(answer.message);
    });
    this.#worker.on('error', failed);
    this.#worker.on('exit', (code) => failed(`the thread that writes ended with ${code}`));
    // A process that has nothing else to do does not wait for what might be written.
    this.#worker.unref();
  }

  /** Reads all that came after the folded state, so that damage is found at the start. */
  #check(): void {
    const { inSegments, removed } = this.#meta;
    if (this.#last === undefined) return;
    for (let index = Math.max(inSegments, removed); index <= this.#last; index++)
      this.#recent.add(index, readIds(this.#tables, index));
    for (let index = Math.max(this.#first ?? 0, this.#folded ?? 0); index <= this.#last; index++) {
      const record = this.record(index);
      for (const { id } of record?.merged ?? []) this.block(id);
    }
  }

  /** Everything up to this commit is on disk, and is read from there. */
  #committed(number: number, meta: StoreMeta): void {
    this.#tables.root.resetReadTxn();
    this.#meta = meta;
    this.#seen = number;
    for (const [id, { number: at, value }] of this.#blocks)
      if (at <= number) {
        this.#blocks.delete(id);
        this.#blocksByPlace.delete(value.place);
      }
    for (const [index, { number: at, value }] of this.#records)
      if (at <= number) {
        this.#records.delete(index);
        if (this.#indexes.get(value.id) === index) this.#indexes.delete(value.id);
      }
    for (const [name, { number: at }] of this.#facts) if (at <= number) this.#facts.delete(name);
    for (const [id, at] of this.#forgotten) if (at <= number) this.#forgotten.delete(id);
    this.#unwound = this.#unwound.filter(({ number: at }) => at > number);
    if (this.#restored && this.#restored.number <= number) this.#restored = undefined;
    // What was unwound and put again since is not in any segment.
    this.#recent.keep((index) => index >= meta.inSegments || this.#records.has(index));
    this.#commits.get(number)?.resolve();
    this.#commits.delete(number);
    if (this.#commits.size === 0 && !this.#closing) this.#worker.unref();
  }

  #fail(error: Error): void {
    if (this.#unusable) return;
    this.#unusable = error;
    for (const { reject } of this.#commits.values()) reject(error);
    this.#commits.clear();
    this.#run?.reject(error);
  }

  #mustBeOpen(): void {
    if (this.#unusable) throw this.#unusable;
  }

  #post(question: StoreQuestion, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(question, transfer);
  }

  #writeRuns(packed: Uint8Array<ArrayBuffer>): Promise<readonly StateRun[]> {
    this.#mustBeOpen();
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#run = { resolve, reject };
      this.#post({ kind: 'run', packed }, [packed.buffer]);
    });
  }

  #has(index: number): boolean {
    return this.#last !== undefined && index >= (this.#first ?? 0) && index <= this.#last;
  }

  /** Whether what the disk has of this index counts. */
  #isOnDisk(index: number): boolean {
    return this.#has(index) && this.#unwound.every(({ value }) => index < value);
  }

  #packedRecord(index: number): Uint8Array {
    const packed = getPieces(this.#tables, 'records', index);
    if (!packed) throw storeCorrupt(this.#folder, `record ${index} is missing`);
    return packed;
  }

  #placeOf(id: BlockId): number | undefined {
    if (this.#forgotten.has(id)) return undefined;
    const place = unsealed(this.#tables, 'blockPlaces', bytesOf(id))?.readUInt32BE(0);
    return place !== undefined && place >= this.#firstBlock ? place : undefined;
  }

  *#stateAt(index: number): Generator<StateEntry> {
    const runs = this.#restored?.runs ?? this.#meta.runs;
    const from = Math.max(this.#restored ? 0 : this.#meta.inRuns, this.#base ?? 0);
    const later: Uint8Array[] = [];
    for (let each = from; each <= index; each++) {
      const pending = this.#records.get(each);
      later.push(packedChangesOf(pending ? packRecord(pending.value) : this.#packedRecord(each)));
    }
    // While somebody reads, the pages of these runs stay.
    const lease = { seen: this.#seen };
    this.#leases.add(lease);
    try {
      yield* stateEntries(this.#tables, runs, later);
    } finally {
      this.#leases.delete(lease);
    }
  }
}
