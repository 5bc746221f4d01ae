// The event stream of a fast proof of indexing: entities go to WebAssembly as bytes, one call each.
import { sha256 } from '@noble/hashes/sha2.js';
import type { BigDecimal, Value } from '#indexer/model.ts';
import { type PreparedType, STORE_KIND } from '../mapping/entity-types.ts';
import type { EventStream } from './event-stream.ts';
import { FAST_STATE_SIZE, FastHash } from './fast-hash.ts';

/** Variant numbers of graph-node's store values, by kind. */
const TAGS: Readonly<Record<number, number>> = {
  [STORE_KIND.Null]: 0,
  [STORE_KIND.String]: 1,
  [STORE_KIND.Int]: 2,
  [STORE_KIND.BigDecimal]: 3,
  [STORE_KIND.Bool]: 4,
  [STORE_KIND.Array]: 5,
  [STORE_KIND.Bytes]: 6,
  [STORE_KIND.BigInt]: 7,
  [STORE_KIND.Int8]: 8,
  [STORE_KIND.Timestamp]: 9,
};

const WORD = (1n << 64n) - 1n;

/** A type as the hash knows it. */
interface HashedType {
  readonly name: { readonly at: number; readonly length: number };
  /** By slot: the prepared attribute, 0 for one that graph-node leaves out. */
  readonly fields: readonly number[];
}

export class FastEventStream implements EventStream {
  readonly #hash = new FastHash();
  readonly #types = new Map<PreparedType, HashedType>();
  readonly #previous: number;
  /** Where the next byte goes. */
  #at = 0;

  constructor() {
    this.#previous = this.#hash.allocate(FAST_STATE_SIZE);
  }

  beginBlock(number: number): void {
    this.#hash.exports.beginBlock(BigInt(number));
  }

  startHandler(): void {
    this.#hash.exports.startHandler();
  }

  setEntity(type: PreparedType, id: string, slots: readonly (Value | undefined)[]): void {
    const hash = this.#hash;
    const known = this.#types.get(type) ?? this.#prepare(type);
    this.#at = hash.buffer;
    this.#text(id);
    this.#room(16);
    // Taken as an offset, as the buffer may move while it grows.
    const counter = this.#at - hash.buffer;
    this.#at += 4;
    let count = 0;
    for (let slot = 0; slot < slots.length; slot += 1) {
      const value = slots[slot];
      const field = known.fields[slot] as number;
      if (value === undefined || field === 0) continue;
      count += 1;
      this.#room(16);
      hash.view.setUint32(this.#at, field, true);
      this.#at += 4;
      const stored = type.stored[slot];
      if (stored !== undefined) this.#value(value, stored.kind);
    }
    hash.view.setUint32(hash.buffer + counter, count, true);
    hash.exports.setEntity(known.name.at, known.name.length, hash.buffer);
  }

  removeEntity(type: string, id: string): void {
    this.#at = this.#hash.buffer;
    this.#text(type);
    this.#text(id);
    this.#hash.exports.removeEntity(this.#hash.buffer);
  }

  failHandler(): void {
    this.#hash.exports.failHandler();
  }

  pause(previous: Uint8Array | null): Uint8Array {
    const hash = this.#hash;
    // A deployment grafted onto one of the legacy version goes on from its digest.
    if (previous !== null)
      hash.bytes.set(previous.length === FAST_STATE_SIZE ? previous : sha256(previous), this.#previous);
    const state = hash.exports.pause(previous === null ? 0 : this.#previous);
    return hash.bytes.slice(state, state + FAST_STATE_SIZE);
  }

  #prepare(type: PreparedType): HashedType {
    const hash = this.#hash;
    const fields = type.stored.map((field) => {
      // graph-node keeps a number of its own under this name, and never shows it.
      if (field.name === 'vid') return 0;
      const { at, length } = hash.keep(field.name);
      const tag = field.isList ? TAGS[STORE_KIND.Array] : TAGS[field.kind];
      return hash.exports.prepareField(at, length, tag as number);
    });
    const known = { name: hash.keep(type.name), fields };
    this.#types.set(type, known);
    return known;
  }

  /** Makes sure of `size` bytes from here on. */
  #room(size: number): void {
    const hash = this.#hash;
    const used = this.#at - hash.buffer;
    hash.reserve(used + size, used);
    this.#at = hash.buffer + used;
  }

  #text(text: string): void {
    this.#room(4 + text.length * 3);
    const length = this.#hash.writeText(text, this.#at + 4);
    this.#hash.view.setUint32(this.#at, length, true);
    this.#at += 4 + length;
  }

  /** A tag and its content; `kind` is that of a list's items, too. */
  #value(value: Value, kind: number): void {
    const { view } = this.#hash;
    if (value === null) {
      view.setUint8(this.#at, 0);
      this.#at += 1;
      return;
    }
    if (Array.isArray(value)) {
      const items = value as readonly Value[];
      view.setUint8(this.#at, TAGS[STORE_KIND.Array] as number);
      view.setUint32(this.#at + 1, items.length, true);
      this.#at += 5;
      for (const item of items) {
        this.#room(16);
        this.#value(item, kind);
      }
      return;
    }
    view.setUint8(this.#at, TAGS[kind] as number);
    this.#at += 1;
    this.#content(value, kind);
  }

  #content(value: Value, kind: number): void {
    switch (kind) {
      case STORE_KIND.String:
        this.#text(value as string);
        break;
      case STORE_KIND.Bytes: {
        const content = value as Uint8Array;
        this.#room(4 + content.length);
        this.#hash.view.setUint32(this.#at, content.length, true);
        this.#hash.bytes.set(content, this.#at + 4);
        this.#at += 4 + content.length;
        break;
      }
      case STORE_KIND.Bool:
        this.#room(1);
        this.#hash.view.setUint8(this.#at, value === true ? 1 : 0);
        this.#at += 1;
        break;
      case STORE_KIND.BigDecimal: {
        // The crate's exponent counts digits after the point; ours is a power of ten.
        const { digits, exp } = value as BigDecimal;
        this.#small(-exp);
        this.#integer(digits);
        break;
      }
      default:
        if (typeof value === 'number') this.#small(value);
        else this.#integer(value as bigint);
    }
  }

  /** A number of at most 32 bits and a sign. */
  #small(value: number): void {
    this.#room(16);
    const { view } = this.#hash;
    view.setUint8(this.#at, value < 0 ? 1 : 0);
    view.setUint32(this.#at + 1, 4, true);
    view.setUint32(this.#at + 5, Math.abs(value), true);
    this.#at += 9;
  }

  #integer(value: bigint): void {
    const negative = value < 0n;
    let rest = negative ? -value : value;
    this.#room(16);
    this.#hash.view.setUint8(this.#at, negative ? 1 : 0);
    const length = this.#at + 1 - this.#hash.buffer;
    this.#at += 5;
    let words = 0;
    while (rest > 0n) {
      this.#room(8);
      this.#hash.view.setBigUint64(this.#at, rest & WORD, true);
      this.#at += 8;
      words += 1;
      rest >>= 64n;
    }
    this.#hash.view.setUint32(this.#hash.buffer + length, words * 8, true);
  }
}
