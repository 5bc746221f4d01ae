// Where each transaction was executed. Ids are random, so that a tree of them would write a page for each; they are collected in memory instead and
// written as sorted segments, which are merged eight at a time. A segment has of an id its first eight bytes: what is found is a hint, which
// whoever asks checks against the record; so that records may be unwound and forgotten without touching the segments.
import { randomInt } from 'node:crypto';
import { ID_BYTES } from './packed-record.ts';
import { MOST_SORTED, sortedOrder } from './sort-by-key.ts';
import type { IndexSegment } from './store-meta.ts';
import { checked, PAGE_BYTES, sealed, type Tables } from './tables.ts';

/** Ids of a new segment at least: in memory they cost a node's reader 12 bytes each and the time to read them again at start. */
export const IDS_OF_SEGMENT = 65_536;
const segmentsOfMerge = 8;
/** Segments of this level (4 million ids, 64 MB) stay as they are: merging more at once would hold up commits for seconds. */
const topLevel = 2;
const prefixBytes = 8;
const entryBytes = prefixBytes + 4 + 4;

export interface TransactionPlace {
  readonly index: number;
  readonly place: number;
}

/** Ids of a record, as they wait to be written. */
export interface WaitingIds {
  readonly index: number;
  readonly ids: Uint8Array;
}

class SegmentWriter {
  readonly #tables: Tables;
  readonly #id: number;
  #page = Buffer.allocUnsafeSlow(2 * PAGE_BYTES);
  #filled = 0;

  constructor(tables: Tables, id: number) {
    this.#tables = tables;
    this.#id = id;
  }

  /** @param prefix from `at` on */
  add(prefix: Uint8Array, at: number, index: number, place: number): void {
    const filled = this.#filled;
    const page = this.#page;
    if (filled + entryBytes > PAGE_BYTES && !this.#isLast(prefix, at)) {
      this.flush();
      this.add(prefix, at, index, place);
      return;
    }
    if (filled + entryBytes > page.length) this.#page = Buffer.concat([page, Buffer.alloc(page.length)]);
    for (let k = 0; k < prefixBytes; k++) this.#page[filled + k] = prefix[at + k] as number;
    this.#page.writeUInt32BE(index, filled + prefixBytes);
    this.#page.writeUInt32BE(place, filled + prefixBytes + 4);
    this.#filled = filled + entryBytes;
  }

  flush(): void {
    if (this.#filled === 0) return;
    const key = segmentKey(this.#id, this.#page);
    this.#tables.segments.putSync(key, sealed(key, this.#page.subarray(0, this.#filled)));
    this.#filled = 0;
  }

  /** Equal prefixes stay on one page, where whoever looks one up finds them all. */
  #isLast(prefix: Uint8Array, at: number): boolean {
    const last = this.#filled - entryBytes;
    return (
      Buffer.compare(this.#page.subarray(last, last + prefixBytes), prefix.subarray(at, at + prefixBytes)) ===
      0
    );
  }
}

function segmentKey(segment: number, prefix: Uint8Array): Buffer {
  const key = Buffer.allocUnsafe(4 + prefixBytes);
  key.writeUInt32BE(segment, 0);
  key.set(prefix.subarray(0, prefixBytes), 4);
  return key;
}

/** Writes ids as segments. */
export function writeSegments(
  tables: Tables,
  waiting: readonly WaitingIds[],
  nextId: () => number,
): IndexSegment[] {
  const segments: IndexSegment[] = [];
  const counts = waiting.map(({ ids }) => ids.length / ID_BYTES);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const all = Buffer.allocUnsafe(total * prefixBytes);
  const [indexes, places] = [new Uint32Array(total), new Uint32Array(total)];
  let nth = 0;
  for (const { index, ids } of waiting)
    for (let at = 0, place = 0; at < ids.length; at += ID_BYTES, place++, nth++) {
      for (let k = 0; k < prefixBytes; k++) all[nth * prefixBytes + k] = ids[at + k] as number;
      indexes[nth] = index;
      places[nth] = place;
    }
  for (let from = 0; from < total; from += MOST_SORTED) {
    const count = Math.min(MOST_SORTED, total - from);
    const starts = Uint32Array.from({ length: count }, (_, k) => (from + k) * prefixBytes);
    const order = sortedOrder(
      all,
      starts,
      starts.map((start) => start + prefixBytes),
    );
    const id = nextId();
    const writer = new SegmentWriter(tables, id);
    let to = 0;
    for (let k = 0; k < count; k++) {
      const which = from + (order[k] as number);
      const index = indexes[which] as number;
      if (index > to) to = index;
      writer.add(all, which * prefixBytes, index, places[which] as number);
    }
    writer.flush();
    segments.push({ id, level: 0, to });
  }
  return segments;
}

/** Of eight segments of one level, those to merge next. */
export function mergeDue(segments: readonly IndexSegment[]): IndexSegment[] | undefined {
  for (let level = 0; level < topLevel; level++) {
    const alike = segments.filter((segment) => segment.level === level);
    if (alike.length >= segmentsOfMerge) return alike.slice(0, segmentsOfMerge);
  }
  return undefined;
}

class SegmentReader {
  readonly #pages: Iterator<{ key: Uint8Array; value: Uint8Array }>;
  readonly #path: string;
  page: Buffer = Buffer.alloc(0);
  at = 0;
  high = 0;
  low = 0;
  isAtEnd = false;

  constructor(tables: Tables, segment: number) {
    this.#path = tables.path;
    this.#pages = tables.segments
      .getRange({ start: segmentStart(segment), end: segmentStart(segment + 1) })
      [Symbol.iterator]();
    this.#take();
  }

  next(): void {
    this.at += entryBytes;
    this.#take();
  }

  #take(): void {
    while (this.at >= this.page.length) {
      const { done, value } = this.#pages.next();
      if (done) {
        this.isAtEnd = true;
        return;
      }
      this.page = Buffer.from(checked(this.#path, 'segments', value.key, Buffer.from(value.value)));
      this.at = 0;
    }
    this.high = this.page.readUInt32BE(this.at);
    this.low = this.page.readUInt32BE(this.at + 4);
  }
}

function segmentStart(segment: number): Buffer {
  const key = Buffer.alloc(4 + prefixBytes);
  key.writeUInt32BE(segment, 0);
  return key;
}

/** Merges segments into one of the next level, without what is forgotten. @param first index of the first record that is kept */
export function mergeSegments(
  tables: Tables,
  segments: readonly IndexSegment[],
  id: number,
  first: number,
): IndexSegment {
  const readers = segments.map((segment) => new SegmentReader(tables, segment.id));
  const writer = new SegmentWriter(tables, id);
  for (;;) {
    let least: SegmentReader | undefined;
    for (const reader of readers)
      if (
        !reader.isAtEnd &&
        (!least || reader.high < least.high || (reader.high === least.high && reader.low < least.low))
      )
        least = reader;
    if (!least) break;
    const index = least.page.readUInt32BE(least.at + prefixBytes);
    if (index >= first)
      writer.add(least.page, least.at, index, least.page.readUInt32BE(least.at + prefixBytes + 4));
    least.next();
  }
  writer.flush();
  return {
    id,
    level: (segments[0]?.level ?? 0) + 1,
    to: segments.reduce((most, { to }) => Math.max(most, to), 0),
  };
}

export function removeSegment(tables: Tables, segment: number): void {
  const range = { start: segmentStart(segment), end: segmentStart(segment + 1) };
  for (const key of [...tables.segments.getKeys(range)]) tables.segments.removeSync(key);
}

/** Places where the id may have been executed, the newest segments first. @throws AiosError STORE_CORRUPT */
export function* segmentHints(
  tables: Tables,
  segments: readonly IndexSegment[],
  id: Uint8Array,
): Generator<TransactionPlace> {
  for (let nth = segments.length - 1; nth >= 0; nth--) {
    const segment = segments[nth] as IndexSegment;
    const wanted = segmentKey(segment.id, id);
    const [found] = tables.segments.getRange({
      start: wanted,
      end: segmentStart(segment.id),
      reverse: true,
      inclusiveEnd: true,
      limit: 1,
    });
    if (!found || Buffer.from(found.key).readUInt32BE(0) !== segment.id) continue;
    const page = checked(tables.path, 'segments', found.key, Buffer.from(found.value));
    let [from, to] = [0, page.length / entryBytes];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (comparePrefix(page, middle, id) < 0) from = middle + 1;
      else to = middle;
    }
    for (; from * entryBytes < page.length && comparePrefix(page, from, id) === 0; from++)
      yield {
        index: page.readUInt32BE(from * entryBytes + prefixBytes),
        place: page.readUInt32BE(from * entryBytes + prefixBytes + 4),
      };
  }
}

const comparePrefix = (page: Buffer, entry: number, id: Uint8Array) =>
  page.compare(id, 0, prefixBytes, entry * entryBytes, entry * entryBytes + prefixBytes);

/** The ids that are in no segment yet: a hash table without objects, of 8 bytes a place. */
export class RecentTransactions {
  readonly #records = new Map<number, Uint8Array>();
  /** Nobody outside knows it, so that nobody makes ids that fall together. */
  readonly #seed = randomInt(2 ** 32) | 1;
  /** Of each place index + 1 and place in the record; 0 where it is empty. */
  #slots = new Uint32Array(2 * 1_024);
  #count = 0;

  add(index: number, ids: Uint8Array): void {
    const added = ids.length / ID_BYTES;
    this.#records.set(index, ids);
    this.#count += added;
    if (this.#count * 4 > this.#slots.length) {
      let size = this.#slots.length;
      while (this.#count * 4 > size) size *= 2;
      this.#rebuild(size);
    } else this.#insert(index, ids);
  }

  /** Forgets the other records. */
  keep(isKept: (index: number) => boolean): void {
    let changed = false;
    for (const [index, ids] of this.#records)
      if (!isKept(index)) {
        this.#records.delete(index);
        this.#count -= ids.length / ID_BYTES;
        changed = true;
      }
    if (changed) this.#rebuild(this.#slots.length);
  }

  find(id: Uint8Array): TransactionPlace | undefined {
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    for (let slot = this.#hash(id, 0) & mask; ; slot = (slot + 1) & mask) {
      const index = (slots[slot * 2] as number) - 1;
      if (index < 0) return undefined;
      const place = slots[slot * 2 + 1] as number;
      const ids = this.#records.get(index);
      if (ids && Buffer.compare(ids.subarray(place * ID_BYTES, (place + 1) * ID_BYTES), id) === 0)
        return { index, place };
    }
  }

  #rebuild(size: number): void {
    this.#slots = new Uint32Array(size);
    for (const [index, ids] of this.#records) this.#insert(index, ids);
  }

  #insert(index: number, ids: Uint8Array): void {
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    for (let at = 0, place = 0; at < ids.length; at += ID_BYTES, place++) {
      let slot = this.#hash(ids, at) & mask;
      while (slots[slot * 2] !== 0) slot = (slot + 1) & mask;
      slots[slot * 2] = index + 1;
      slots[slot * 2 + 1] = place;
    }
  }

  #hash(bytes: Uint8Array, at: number): number {
    const high =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    const low =
      (bytes[at + 4] as number) |
      ((bytes[at + 5] as number) << 8) |
      ((bytes[at + 6] as number) << 16) |
      ((bytes[at + 7] as number) << 24);
    let mixed = Math.imul(high ^ this.#seed, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13) ^ low, this.#seed);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  }
}
