// Changes of the state as they are stored and handed to the writing thread: one behind the other in one buffer.
//
// Of each: length of the key (1 byte), length of the value (4 bytes, little-endian; 2³² − 1 where it was removed), key, value.
import type { StateEntry } from '../state/chain-block.ts';

const headBytes = 5;
const REMOVED = 0xffffffff;
export const MAX_KEY_BYTES = 255;

export function packedBytes(changes: readonly StateEntry[]): number {
  let size = 0;
  for (const { key, value } of changes) size += headBytes + key.length + (value?.length ?? 0);
  return size;
}

/** @returns where it ends. @throws RangeError when a key is too long */
export function packChanges(changes: readonly StateEntry[], into: Uint8Array, from: number): number {
  let at = from;
  for (const { key, value } of changes) {
    if (key.length > MAX_KEY_BYTES) throw new RangeError(`a key has ${key.length} bytes, at most 255 may be`);
    const length = value === undefined ? REMOVED : value.length;
    into[at] = key.length;
    into[at + 1] = length & 0xff;
    into[at + 2] = (length >>> 8) & 0xff;
    into[at + 3] = (length >>> 16) & 0xff;
    into[at + 4] = length >>> 24;
    at += headBytes;
    into.set(key, at);
    at += key.length;
    if (value) {
      into.set(value, at);
      at += value.length;
    }
  }
  return at;
}

/** Goes over packed changes without making anything of them. */
export class ChangeCursor {
  readonly bytes: Uint8Array;
  readonly #end: number;
  #next: number;
  /** Of the change that it stands on. */
  start = 0;
  keyStart = 0;
  keyEnd = 0;
  end = 0;
  removed = false;

  /** @param from, to where the changes lie */
  constructor(bytes: Uint8Array, from = 0, to = bytes.length) {
    this.bytes = bytes;
    this.#next = from;
    this.#end = to;
  }

  /** Whether there is another one. @throws RangeError when it is cut off */
  next(): boolean {
    const { bytes } = this;
    const at = this.#next;
    if (at >= this.#end) return false;
    const length =
      ((bytes[at + 1] as number) |
        ((bytes[at + 2] as number) << 8) |
        ((bytes[at + 3] as number) << 16) |
        ((bytes[at + 4] as number) << 24)) >>>
      0;
    this.start = at;
    this.removed = length === REMOVED;
    this.keyStart = at + headBytes;
    this.keyEnd = this.keyStart + (bytes[at] as number);
    this.end = this.keyEnd + (this.removed ? 0 : length);
    if (this.end > this.#end) throw new RangeError('a change of the state is cut off');
    this.#next = this.end;
    return true;
  }

  /** A copy: what is handed out keeps no large buffer alive. */
  entry(): StateEntry {
    return {
      key: this.bytes.slice(this.keyStart, this.keyEnd),
      value: this.removed ? undefined : this.bytes.slice(this.keyEnd, this.end),
    };
  }
}

export function unpackChanges(bytes: Uint8Array): StateEntry[] {
  const entries: StateEntry[] = [];
  const cursor = new ChangeCursor(bytes);
  while (cursor.next()) entries.push(cursor.entry());
  return entries;
}
