// The thread that writes: it collects what it is sent and brings it to disk in one transaction of the database for each commit.
import { mkdirSync } from 'node:fs';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { AiosError, messageOf } from '#node/platform/errors.ts';
import { bytesOf } from '../types/identifiers.ts';
import { ChangeCursor } from './packed-changes.ts';
import { ID_BYTES, packedChangesOf, packedIdOf, packedMergedIds } from './packed-record.ts';
import { CHANGES_OF_RUN, isMergeDue, mergeRuns, removeRun, sortChanges, writeRun } from './state-runs.ts';
import { storeCorrupt, storeForeign } from './store-errors.ts';
import { factKey, newMeta, readMeta, type StateRun, type StoreMeta, writeMeta } from './store-meta.ts';
import { putIds, readIds } from './stored-ids.ts';
import {
  getPieces,
  keyOf,
  openTables,
  putPieces,
  removePieces,
  sealed,
  type Tables,
  unsealed,
} from './tables.ts';
import {
  IDS_OF_SEGMENT,
  mergeDue,
  mergeSegments,
  removeSegment,
  type WaitingIds,
  writeSegments,
} from './transaction-index.ts';

export interface StoreWorkerSettings {
  readonly folder: string;
  readonly genesis: string;
}

/** What is written with the next commit. */
export type StoreWrite =
  | { readonly kind: 'block'; readonly place: number; readonly id: string; readonly bytes: Uint8Array }
  | { readonly kind: 'record'; readonly index: number; readonly packed: Uint8Array; readonly ids: Uint8Array }
  | { readonly kind: 'unwind'; readonly from: number }
  | { readonly kind: 'fact'; readonly name: string; readonly value: Uint8Array }
  | { readonly kind: 'fold'; readonly index: number }
  | { readonly kind: 'prune'; readonly below: number }
  /** Forgets all but facts, and begins with these runs. */
  | { readonly kind: 'replace'; readonly runs: readonly StateRun[] };

export type StoreQuestion =
  | StoreWrite
  /** Writes a run that belongs to nothing until a `replace` names it. */
  | { readonly kind: 'run'; readonly packed: Uint8Array }
  /** @property seen number of the last commit of which the asker has got the answer */
  | { readonly kind: 'commit'; readonly number: number; readonly seen: number }
  | { readonly kind: 'close' };

export type StoreAnswer =
  | { readonly kind: 'ready'; readonly meta: StoreMeta }
  | { readonly kind: 'run'; readonly runs: readonly StateRun[] }
  | { readonly kind: 'committed'; readonly number: number; readonly meta: StoreMeta }
  | { readonly kind: 'closed' }
  | { readonly kind: 'unusable'; readonly code: string; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

class StoreWriter {
  readonly #tables: Tables;
  #meta: StoreMeta;
  /** Ids of records from `meta.inSegments` on. */
  #waiting: WaitingIds[] = [];
  /** Packed changes of records from `meta.inRuns` on, by index: so that they are not read again. */
  #changes = new Map<number, Uint8Array>();
  #writes: StoreWrite[] = [];
  /** What the reading side may still look at, by the number of the commit that left it. */
  #left: {
    readonly number: number;
    readonly runs: StateRun[];
    readonly segments: number[];
    readonly inRuns: number;
  }[] = [];
  /** Place of the first block that the commit under way puts, and those of them that it should remove again. */
  #firstOfCommit = 0;
  #shortLived: string[] = [];
  /** Below this no reader looks for changes in records. */
  #inRunsSeen: number;

  constructor(tables: Tables, meta: StoreMeta) {
    this.#tables = tables;
    this.#meta = meta;
    this.#inRunsSeen = meta.inRuns;
    this.#removeOrphans();
    if (meta.last !== undefined)
      for (let index = meta.inSegments; index <= meta.last; index++)
        this.#waiting.push({ index, ids: readIds(tables, index) });
  }

  get meta(): StoreMeta {
    return this.#meta;
  }

  queue(write: StoreWrite): void {
    this.#writes.push(write);
  }

  run(packed: Uint8Array): StateRun[] {
    return this.#tables.root.transactionSync(() =>
      sortChanges([packed]).map((sorted) => writeRun(this.#tables, this.#nextId(), sorted)),
    );
  }

  commit(number: number, seen: number): void {
    const before = this.#meta.inRuns;
    const writes = coalesced(this.#writes);
    this.#writes = [];
    this.#firstOfCommit = this.#meta.nextBlock;
    this.#tables.root.transactionSync(() => {
      this.#removeLeft(seen);
      for (const write of writes) this.#apply(write);
      this.#index();
      this.#fold();
      this.#prune();
      const { leftRuns: runs, leftSegments: segments, inRuns } = this.#meta;
      if (runs.length + segments.length > 0 || inRuns !== before) {
        const earlier = this.#left.flatMap((left) => left.runs.map(({ id }) => id));
        const earlierSegments = this.#left.flatMap((left) => left.segments);
        this.#left.push({
          number,
          runs: runs.filter(({ id }) => !earlier.includes(id)),
          segments: segments.filter((id) => !earlierSegments.includes(id)),
          inRuns,
        });
      }
      writeMeta(this.#tables, this.#meta);
    });
    if (this.#shortLived.length === 0) return;
    const ids = this.#shortLived;
    this.#shortLived = [];
    this.#firstOfCommit = this.#meta.nextBlock;
    this.#tables.root.transactionSync(() => {
      for (const id of ids) this.#removeBlock(id);
    });
  }

  #nextId(): number {
    return this.#meta.nextId++;
  }

  #apply(write: StoreWrite): void {
    const { blocks, blockPlaces, facts } = this.#tables;
    const meta = this.#meta;
    switch (write.kind) {
      case 'block': {
        const id = bytesOf(write.id);
        putPieces(blocks, write.place, Buffer.concat([id, write.bytes]));
        blockPlaces.putSync(id, sealed(id, keyOf(write.place)));
        meta.nextBlock = write.place + 1;
        return;
      }
      case 'record':
        this.#putRecord(write.index, write.packed, write.ids);
        return;
      case 'unwind':
        if (meta.last === undefined) return;
        for (let index = meta.last ?? -1; index >= write.from; index--) this.#removeRecord(index);
        this.#waiting = this.#waiting.filter(({ index }) => index < write.from);
        meta.inSegments = Math.min(meta.inSegments, write.from);
        if (write.from <= (meta.first ?? 0)) {
          meta.first = undefined;
          meta.last = undefined;
        } else meta.last = Math.min(meta.last ?? 0, write.from - 1);
        return;
      case 'fact': {
        const key = factKey(write.name);
        facts.putSync(key, sealed(key, write.value));
        return;
      }
      case 'fold':
        meta.folded = write.index;
        return;
      case 'prune':
        for (let index = meta.first ?? 0; index < write.below; index++) {
          const packed = getPieces(this.#tables, 'records', index);
          if (!packed) throw storeCorrupt(this.#tables.path, `record ${index} is missing`);
          for (const id of packedMergedIds(packed)) this.#removeBlock(id);
        }
        meta.first = write.below;
        return;
      case 'replace':
        this.#replace(write.runs);
        return;
    }
  }

  #putRecord(index: number, packed: Uint8Array, ids: Uint8Array): void {
    const { records, recordIndexes } = this.#tables;
    const meta = this.#meta;
    putPieces(records, index, packed);
    const id = bytesOf(packedIdOf(packed));
    recordIndexes.putSync(id, sealed(id, keyOf(index)));
    putIds(this.#tables, index, ids);
    this.#waiting.push({ index, ids });
    this.#changes.set(index, packedChangesOf(packed));
    if (meta.first === undefined) {
      meta.first = index;
      meta.removed = index;
      if (meta.folded === undefined) meta.inRuns = index;
      meta.inSegments = index;
    }
    meta.last = index;
  }

  #removeRecord(index: number): void {
    const { records, recordIndexes, transactions } = this.#tables;
    const packed = getPieces(this.#tables, 'records', index);
    if (!packed) return;
    recordIndexes.removeSync(bytesOf(packedIdOf(packed)));
    removePieces(records, index);
    removePieces(transactions, index);
    this.#changes.delete(index);
  }

  /** The meta's lists of what is left are for a crash: then nobody reads it, and the next start removes it. */
  #removeLeft(seen: number): void {
    for (let left = this.#left[0]; left && left.number <= seen; left = this.#left[0]) {
      for (const run of left.runs) removeRun(this.#tables, run);
      for (const segment of left.segments) removeSegment(this.#tables, segment);
      this.#inRunsSeen = left.inRuns;
      this.#left.shift();
    }
    this.#meta.leftRuns = this.#left.flatMap(({ runs }) => runs);
    this.#meta.leftSegments = this.#left.flatMap(({ segments }) => segments);
  }

  /** Writes the ids that wait as a segment once there are enough, and merges segments once there are enough of them. */
  #index(): void {
    const meta = this.#meta;
    const ids = this.#waiting.reduce((sum, waiting) => sum + waiting.ids.length / ID_BYTES, 0);
    if (ids < IDS_OF_SEGMENT || meta.last === undefined) return;
    meta.segments.push(...writeSegments(this.#tables, this.#waiting, () => this.#nextId()));
    this.#waiting = [];
    meta.inSegments = meta.last + 1;
    const first = meta.first ?? 0;
    for (let due = mergeDue(meta.segments); due; due = mergeDue(meta.segments)) {
      const merging = new Set(due);
      const into = mergeSegments(this.#tables, due, this.#nextId(), first);
      meta.leftSegments.push(...due.map(({ id }) => id));
      const at = meta.segments.indexOf(due[0] as (typeof due)[number]);
      meta.segments.splice(at, 0, into);
      meta.segments = meta.segments.filter((segment) => !merging.has(segment));
    }
  }

  /** Writes the changes of final records as a run once there are enough. */
  #fold(): void {
    const meta = this.#meta;
    if (meta.folded === undefined) return;
    const parts: Uint8Array[] = [];
    let count = 0;
    for (let index = meta.inRuns; index <= meta.folded; index++) {
      const changes = this.#changesOf(index);
      parts.push(changes);
      count += countOf(changes);
    }
    if (count < CHANGES_OF_RUN) return;
    for (const sorted of sortChanges(parts)) meta.runs.push(writeRun(this.#tables, this.#nextId(), sorted));
    for (let index = meta.inRuns; index <= meta.folded; index++) this.#changes.delete(index);
    meta.inRuns = meta.folded + 1;
    if (!isMergeDue(meta.runs)) return;
    const into = mergeRuns(this.#tables, this.#nextId(), meta.runs);
    meta.leftRuns.push(...meta.runs);
    meta.runs = [into];
  }

  #changesOf(index: number): Uint8Array {
    const kept = this.#changes.get(index);
    if (kept) return kept;
    const packed = getPieces(this.#tables, 'records', index);
    if (!packed) throw storeCorrupt(this.#tables.path, `record ${index} is missing`);
    const changes = packedChangesOf(packed);
    this.#changes.set(index, changes);
    return changes;
  }

  /** Removes records that are forgotten, once nobody folds from them any more. */
  #prune(): void {
    const meta = this.#meta;
    const below = Math.min(meta.first ?? 0, meta.inRuns, this.#inRunsSeen);
    for (; meta.removed < below; meta.removed++) this.#removeRecord(meta.removed);
    const gone = meta.segments.filter(({ to }) => to < meta.removed);
    if (gone.length === 0) return;
    meta.leftSegments.push(...gone.map(({ id }) => id));
    meta.segments = meta.segments.filter((segment) => !gone.includes(segment));
  }

  #removeBlock(hex: string): void {
    const { blocks, blockPlaces } = this.#tables;
    const id = bytesOf(hex);
    const place = unsealed(this.#tables, 'blockPlaces', id)?.readUInt32BE(0);
    if (place === undefined) return;
    if (place >= this.#firstOfCommit) {
      this.#shortLived.push(hex);
      return;
    }
    removePieces(blocks, place);
    blockPlaces.removeSync(id);
  }

  #replace(runs: readonly StateRun[]): void {
    const { blocks, blockPlaces, records, recordIndexes, transactions, segments } = this.#tables;
    for (const table of [blocks, blockPlaces, records, recordIndexes, transactions, segments])
      table.clearSync();
    const { genesis, nextId, nextBlock, leftRuns } = this.#meta;
    this.#meta = {
      ...newMeta(genesis),
      firstBlock: nextBlock,
      nextBlock,
      nextId,
      leftRuns: [...leftRuns, ...this.#meta.runs],
      runs: [...runs],
    };
    this.#waiting = [];
    this.#changes.clear();
    this.#inRunsSeen = 0;
  }

  /** Runs that a crash left behind before anything named them, and what readers before the crash still looked at. */
  #removeOrphans(): void {
    const meta = this.#meta;
    const known = new Set(meta.runs.map(({ id }) => id));
    const orphans = [...this.#tables.state.getKeys()].filter(
      (key) => !known.has(Buffer.from(key).readUInt32BE(0)),
    );
    if (orphans.length + meta.leftSegments.length === 0) return;
    this.#tables.root.transactionSync(() => {
      for (const key of orphans) this.#tables.state.removeSync(key);
      for (const segment of meta.leftSegments) removeSegment(this.#tables, segment);
      meta.leftRuns = [];
      meta.leftSegments = [];
      writeMeta(this.#tables, meta);
    });
  }
}

/**
 * The same without what is put only to be taken back. Not for speed: LMDB as lmdb-js has it (3.5.6) loses count of its free pages when many that a
 * transaction has written are freed in it (MDB_BAD_TXN, "reserved freelist had a data entry with zero-size", in the transaction after it). So
 * nothing that a transaction writes may be removed or written over in it.
 */
function coalesced(writes: readonly StoreWrite[]): readonly StoreWrite[] {
  let left: StoreWrite[] = [];
  for (const write of writes) {
    if (write.kind === 'unwind')
      left = left.filter((each) => each.kind !== 'record' || each.index < write.from);
    else if (write.kind === 'fact')
      left = left.filter((each) => each.kind !== 'fact' || each.name !== write.name);
    else if (write.kind === 'replace') left = left.filter((each) => each.kind === 'fact');
    left.push(write);
  }
  return left;
}

function countOf(packed: Uint8Array): number {
  const cursor = new ChangeCursor(packed);
  let count = 0;
  while (cursor.next()) count += 1;
  return count;
}

function begin({ folder, genesis }: StoreWorkerSettings): { tables: Tables; writer: StoreWriter } {
  mkdirSync(folder, { recursive: true });
  const tables = openTables(folder, false);
  let meta = readMeta(tables);
  if (!meta) {
    const made = newMeta(genesis);
    tables.root.transactionSync(() => writeMeta(tables, made));
    meta = made;
  }
  if (meta.genesis !== genesis) throw storeForeign(folder, meta.genesis, genesis);
  return { tables, writer: new StoreWriter(tables, meta) };
}

function run(port: MessagePort, settings: StoreWorkerSettings): void {
  const answer = (message: StoreAnswer) => port.postMessage(message);
  let begun: ReturnType<typeof begin>;
  try {
    begun = begin(settings);
  } catch (error) {
    const { code, message } =
      error instanceof AiosError ? error : storeCorrupt(settings.folder, messageOf(error));
    answer({ kind: 'unusable', code, message });
    port.close();
    return;
  }
  const { tables, writer } = begun;
  let failed = false;
  port.on('message', (question: StoreQuestion) => {
    if (question.kind === 'close') {
      void tables.root.close().finally(() => {
        answer({ kind: 'closed' });
        port.close();
      });
      return;
    }
    // After a failure nobody knows what the disk takes: nothing more is written.
    if (failed) return;
    try {
      if (question.kind === 'commit') {
        writer.commit(question.number, question.seen);
        answer({ kind: 'committed', number: question.number, meta: writer.meta });
      } else if (question.kind === 'run') answer({ kind: 'run', runs: writer.run(question.packed) });
      else writer.queue(question);
    } catch (error) {
      failed = true;
      answer({ kind: 'failed', message: messageOf(error) });
    }
  });
  answer({ kind: 'ready', meta: writer.meta });
}

if (parentPort) run(parentPort, workerData as StoreWorkerSettings);
