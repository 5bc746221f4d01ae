// The event stream of a legacy proof of indexing. What an attribute's name and kind contribute never changes and is kept.
import type { BigDecimal, Value } from '#indexer/model.ts';
import { type PreparedField, type PreparedType, STORE_KIND } from '../mapping/entity-types.ts';
import type { EventStream } from './event-stream.ts';
import { LegacyState, type Path } from './legacy-hash.ts';

/** Names of graph-node's store values, by kind. */
const VARIANTS: Readonly<Record<number, string>> = {
  [STORE_KIND.String]: 'String',
  [STORE_KIND.Int]: 'Int',
  [STORE_KIND.BigDecimal]: 'BigDecimal',
  [STORE_KIND.Bool]: 'Bool',
  [STORE_KIND.Array]: 'List',
  [STORE_KIND.Bytes]: 'Bytes',
  [STORE_KIND.BigInt]: 'BigInt',
  [STORE_KIND.Int8]: 'Int8',
  [STORE_KIND.Timestamp]: 'Timestamp',
};

const encoder = new TextEncoder();
const EMPTY = new Uint8Array();
/** Where an attribute's name and value are within its own state. */
const KEY: Path = [0];
const VALUE: Path = [1];

interface HashedField {
  /** The name alone: what an attribute set to null writes. */
  readonly key: LegacyState;
  /** The name and the variant. */
  readonly typed: LegacyState;
}

function variantOf(value: Value, kind: number): string {
  return VARIANTS[Array.isArray(value) ? STORE_KIND.Array : kind] as string;
}

/** What a value's variant holds. The variant's name has taken child 0 of the path. */
function writeContent(state: LegacyState, path: Path, value: Value, kind: number): void {
  if (Array.isArray(value)) {
    const items = value as readonly Value[];
    items.forEach((item, index) => {
      writeValue(state, [...path, index + 1], item, kind);
    });
    state.writeInteger([...path, items.length + 1], BigInt(items.length));
    return;
  }
  switch (kind) {
    case STORE_KIND.String:
      state.writeBytes(path, encoder.encode(value as string));
      break;
    case STORE_KIND.Bytes:
      state.writeBytes(path, value as Uint8Array);
      break;
    case STORE_KIND.Bool:
      if (value === true) state.write(path, EMPTY);
      break;
    case STORE_KIND.BigDecimal: {
      // The crate's exponent counts digits after the point; ours is a power of ten.
      const { digits, exp } = value as BigDecimal;
      state.writeInteger([...path, 1], BigInt(-exp));
      state.writeInteger(path, digits, 2);
      break;
    }
    default:
      state.writeInteger(path, BigInt(value as number | bigint), 1);
  }
}

function writeValue(state: LegacyState, path: Path, value: Value, kind: number): void {
  if (value === null) return;
  state.write([...path, 0], encoder.encode(variantOf(value, kind)));
  writeContent(state, path, value, kind);
}

export class LegacyEventStream implements EventStream {
  readonly #fields = new Map<PreparedField, HashedField>();
  #state = new LegacyState();
  #events: Path = [];
  #length = 0;
  #handlerStart = 0;

  beginBlock(number: number): void {
    this.#state = new LegacyState();
    this.#events = [1, 0, number, 0];
    this.#length = 0;
    this.#handlerStart = 0;
  }

  startHandler(): void {
    this.#handlerStart = this.#length;
  }

  setEntity(type: PreparedType, id: string, slots: readonly (Value | undefined)[]): void {
    const path = this.#begin('SetEntity', type.name, id);
    let count = 0;
    for (const [slot, value] of slots.entries()) {
      const field = type.stored[slot];
      // graph-node keeps a number of its own under the name `vid`, and never shows it.
      if (value === undefined || field === undefined || field.name === 'vid') continue;
      count += 1;
      const { key, typed } = this.#field(field);
      const member = new LegacyState(value === null ? key : typed);
      if (value !== null) writeContent(member, VALUE, value, field.kind);
      this.#state.write([...path, 3, 1], member.finish());
    }
    this.#state.writeInteger([...path, 3, 2], BigInt(count));
  }

  removeEntity(type: string, id: string): void {
    this.#begin('RemoveEntity', type, id);
  }

  failHandler(): void {
    const path = this.#event('DeterministicError');
    this.#state.writeInteger([...path, 1], BigInt(this.#length - 1 - this.#handlerStart));
  }

  pause(previous: Uint8Array | null): Uint8Array {
    const paused = new LegacyState(this.#state);
    paused.writeInteger(this.#events, BigInt(this.#length));
    if (previous !== null) paused.mixin(new LegacyState(previous));
    return paused.toBytes();
  }

  #event(variant: string): Path {
    const path = [...this.#events, this.#length];
    this.#length += 1;
    this.#state.writeBytes([...path, 0], encoder.encode(variant));
    return path;
  }

  #begin(variant: string, type: string, id: string): Path {
    const path = this.#event(variant);
    this.#state.writeBytes([...path, 1], encoder.encode(type));
    this.#state.writeBytes([...path, 2], encoder.encode(id));
    return path;
  }

  #field(field: PreparedField): HashedField {
    const known = this.#fields.get(field);
    if (known !== undefined) return known;
    const key = new LegacyState();
    key.writeBytes(KEY, encoder.encode(field.name));
    const typed = new LegacyState(key);
    const variant = VARIANTS[field.isList ? STORE_KIND.Array : field.kind] as string;
    typed.write([...VALUE, 0], encoder.encode(variant));
    const hashed = { key, typed };
    this.#fields.set(field, hashed);
    return hashed;
  }
}
