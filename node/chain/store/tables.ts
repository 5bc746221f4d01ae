// The tables of the database, alike in the thread that writes and the one that reads. All values carry a checksum, all keys begin with a number,
// so that nearly everything is written where the last thing was.
import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Database, open, type RootDatabase } from 'lmdb';
import { storeCorrupt } from './store-errors.ts';

export type Table = Database<Uint8Array, Uint8Array>;

export interface Tables {
  readonly root: RootDatabase<Uint8Array, Uint8Array>;
  readonly path: string;
  /** Facts by name, and under `metaKey` what the store says of itself. */
  readonly facts: Table;
  /** Place in the order of arrival ‖ piece → of the id and the block. */
  readonly blocks: Table;
  /** Id → place in the order of arrival. */
  readonly blockPlaces: Table;
  /** Index ‖ piece → of the packed record. */
  readonly records: Table;
  /** Id of a chain block → its index. */
  readonly recordIndexes: Table;
  /** Index ‖ page → ids of its transactions. */
  readonly transactions: Table;
  /** Segment ‖ first prefix → sorted prefixes of transactions' ids. */
  readonly segments: Table;
  /** Run ‖ page → sorted changes of the state. */
  readonly state: Table;
}

/** A piece of something large: sixteen of the database's pages less their header, so that free space is used again without a long search. */
export const PIECE_BYTES = 16 * 4_096 - 24 - 4;
/** What fits one page. */
export const PAGE_BYTES = 4_096 - 24 - 4;

/** Address space, not disk: the database grows into it. */
const mapSize = 2 ** 40;

/** @throws AiosError STORE_CORRUPT */
export function openTables(folder: string, readOnly: boolean): Tables {
  const path = join(folder, 'chain.mdb');
  if (!readOnly && existsSync(path)) lengthen(path);
  try {
    const root = open<Uint8Array, Uint8Array>({
      path,
      noSubdir: true,
      readOnly,
      maxDbs: 12,
      mapSize,
      pageSize: 4_096,
      // A commit is on disk when it returns.
      overlappingSync: false,
      encoding: 'binary',
      keyEncoding: 'binary',
    });
    const table = (name: string): Table => {
      const opened = root.openDB<Uint8Array, Uint8Array>(name, { encoding: 'binary', keyEncoding: 'binary' });
      if (!opened) throw new Error(`it has no table ${name}`);
      return opened;
    };
    return {
      root,
      path,
      facts: table('facts'),
      blocks: table('blocks'),
      blockPlaces: table('blockPlaces'),
      records: table('records'),
      recordIndexes: table('recordIndexes'),
      transactions: table('transactions'),
      segments: table('segments'),
      state: table('state'),
    };
  } catch (error) {
    throw storeCorrupt(path, 'it cannot be opened', error);
  }
}

const magic = 0xbeefc0de;
/** In LMDB's first two pages: behind a page's header, magic, version, address, size of the map, two tables of 48 bytes, the last page, transaction. */
const meta = { magic: 24, lastPage: 24 + 8 + 16 + 2 * 48, transaction: 24 + 8 + 16 + 2 * 48 + 8 } as const;

/**
 * The database is mapped: reading what a truncated file lacks would kill the process rather than throw. So it gets its length back, in zeros, which
 * nothing takes for data. LMDB's own files may lack pages at the end as well, those that nothing uses.
 */
function lengthen(path: string): void {
  const file = openSync(path, 'r+');
  try {
    const { size } = fstatSync(file);
    if (size === 0) return;
    const page = Buffer.alloc(4_096);
    let [last, newest] = [0n, -1n];
    for (const nth of [0, 1]) {
      if (readSync(file, page, 0, page.length, nth * page.length) < page.length)
        throw storeCorrupt(path, `it has ${size} bytes, less than its head`);
      if (page.readUInt32LE(meta.magic) !== magic) throw storeCorrupt(path, 'its head is no database’s');
      const transaction = page.readBigUInt64LE(meta.transaction);
      if (transaction > newest) [last, newest] = [page.readBigUInt64LE(meta.lastPage), transaction];
    }
    const whole = (last + 1n) * 4_096n;
    if (whole > BigInt(mapSize)) throw storeCorrupt(path, 'its head names pages beyond any database’s');
    if (BigInt(size) < whole) ftruncateSync(file, Number(whole));
  } finally {
    closeSync(file);
  }
}

/** Big-endian, so that keys are ordered as their numbers. */
export function keyOf(first: number, second?: number): Buffer {
  const key = Buffer.allocUnsafe(second === undefined ? 4 : 8);
  key.writeUInt32BE(first, 0);
  if (second !== undefined) key.writeUInt32BE(second, 4);
  return key;
}

/** The value with its checksum before it, which covers the key as well: a value in another's place is damage. */
export function sealed(key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  const value = Buffer.allocUnsafe(parts.reduce((size, { length }) => size + length, 4));
  let at = 4;
  for (const part of parts) {
    value.set(part, at);
    at += part.length;
  }
  value.writeUInt32LE(crc32(value.subarray(4), crc32(key)), 0);
  return value;
}

/** A view of the value without its checksum: good until the next look-up. @throws AiosError STORE_CORRUPT */
export function unsealed(
  tables: Tables,
  table: keyof Omit<Tables, 'root' | 'path'>,
  key: Uint8Array,
): Buffer | undefined {
  let value: Buffer | undefined;
  try {
    value = tables[table].getBinaryFast(key);
  } catch (error) {
    throw storeCorrupt(`${tables.path}, ${table}`, 'it cannot be read', error);
  }
  if (!value) return undefined;
  return checked(tables.path, table, key, value);
}

/** @throws AiosError STORE_CORRUPT */
export function checked(path: string, table: string, key: Uint8Array, value: Buffer): Buffer {
  const body = value.subarray(4, value.length);
  if (value.length < 4 || value.readUInt32LE(0) !== crc32(body, crc32(key)))
    throw storeCorrupt(`${path}, ${table} ${Buffer.from(key).toString('hex')}`, 'its checksum is another');
  return body;
}

/** Writes something in pieces, the first of which begins with its whole length. */
export function putPieces(table: Table, first: number, bytes: Uint8Array): void {
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32LE(bytes.length, 0);
  let from = 0;
  for (let piece = 0; piece === 0 || from < bytes.length; piece++) {
    const key = keyOf(first, piece);
    const room = piece === 0 ? PIECE_BYTES - 4 : PIECE_BYTES;
    const part = bytes.subarray(from, from + room);
    table.putSync(key, piece === 0 ? sealed(key, length, part) : sealed(key, part));
    from += room;
  }
}

/** A copy of what was written in pieces. @throws AiosError STORE_CORRUPT */
export function getPieces(
  tables: Tables,
  table: 'blocks' | 'records',
  first: number,
): Uint8Array<ArrayBuffer> | undefined {
  const head = unsealed(tables, table, keyOf(first, 0));
  if (!head) return undefined;
  const bytes = new Uint8Array(head.readUInt32LE(0));
  let at = head.length - 4;
  bytes.set(head.subarray(4));
  for (let piece = 1; at < bytes.length; piece++) {
    const part = unsealed(tables, table, keyOf(first, piece));
    if (!part || at + part.length > bytes.length)
      throw storeCorrupt(`${tables.path}, ${table} ${first}`, `piece ${piece} is missing or too long`);
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export function removePieces(table: Table, first: number): void {
  for (let piece = 0; table.removeSync(keyOf(first, piece)); piece++);
}
