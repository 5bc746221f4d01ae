// The fast stable hash of graph-node's proof of indexing, computed in WebAssembly: 64-bit products are what it is made of.
// See fast-hash.as for the layout of states and values; this file only moves bytes in and out.
import { FAST_HASH_MODULE } from './fast-hash-module.ts';

interface HashExports {
  readonly memory: WebAssembly.Memory;
  allocate(size: number): number;
  clear(state: number): void;
  mixin(state: number, other: number): void;
  write(state: number, low: bigint, high: bigint, bytes: number, length: number): void;
  finish(state: number, out: number): void;
  beginBlock(number: bigint): void;
  startHandler(): void;
  prepareField(name: number, size: number, tag: number): number;
  setEntity(type: number, typeLength: number, at: number): void;
  removeEntity(at: number): void;
  failHandler(): void;
  pause(previous: number): number;
}

let compiled: WebAssembly.Module | undefined;

/** Bytes of a stored state. */
export const FAST_STATE_SIZE = 32;

const INITIAL_BUFFER = 1 << 16;
const encoder = new TextEncoder();

/** An instance of the hash with a buffer for its input. Not shared between threads. */
export class FastHash {
  readonly exports: HashExports;
  /** Views of the memory; taken again whenever the buffer grows. */
  bytes: Uint8Array;
  view: DataView;
  buffer: number;
  #size = INITIAL_BUFFER;

  constructor() {
    compiled ??= new WebAssembly.Module(Buffer.from(FAST_HASH_MODULE, 'base64'));
    this.exports = new WebAssembly.Instance(compiled, {}).exports as unknown as HashExports;
    this.buffer = this.exports.allocate(this.#size);
    this.bytes = new Uint8Array(this.exports.memory.buffer);
    this.view = new DataView(this.exports.memory.buffer);
  }

  /** Room for `size` bytes that is kept. */
  allocate(size: number): number {
    const at = this.exports.allocate(size);
    this.#refresh();
    return at;
  }

  /** Text that is kept: where it is and how long. */
  keep(text: string): { readonly at: number; readonly length: number } {
    const encoded = encoder.encode(text);
    const at = this.allocate(Math.max(encoded.length, 1));
    this.bytes.set(encoded, at);
    return { at, length: encoded.length };
  }

  #refresh(): void {
    if (this.bytes.buffer === this.exports.memory.buffer) return;
    this.bytes = new Uint8Array(this.exports.memory.buffer);
    this.view = new DataView(this.exports.memory.buffer);
  }

  /** Makes the buffer hold `needed` bytes, of which the first `used` stay; its place may change. */
  reserve(needed: number, used: number): void {
    if (needed <= this.#size) return;
    const old = this.buffer;
    while (this.#size < needed) this.#size *= 2;
    this.buffer = this.allocate(this.#size);
    this.bytes.copyWithin(this.buffer, old, old + used);
  }

  /** Text as UTF-8, at `at`, where three bytes a code unit are free; returns how long it is. */
  writeText(text: string, at: number): number {
    const { bytes } = this;
    // Ids and numbers are short and ASCII: faster by hand than through an encoder.
    if (text.length <= 128) {
      let index = 0;
      for (; index < text.length; index += 1) {
        const code = text.charCodeAt(index);
        if (code > 127) break;
        bytes[at + index] = code;
      }
      if (index === text.length) return index;
    }
    return encoder.encodeInto(text, bytes.subarray(at)).written;
  }
}

const ROOT = 17n;
const CHILD = 486_187_739n;
const MASK_128 = (1n << 128n) - 1n;

/** The address of a field: the path of child numbers from the root. */
function fieldAddress(path: readonly number[]): bigint {
  return path.reduce((address, number) => (address * CHILD + BigInt(number)) & MASK_128, ROOT);
}

/** A state apart from any block's stream: what a proof is finished with. */
export class FastState {
  readonly #hash: FastHash;
  readonly #state: number;

  /** @param bytes a stored state to go on from; empty without */
  constructor(hash: FastHash, bytes?: Uint8Array) {
    this.#hash = hash;
    this.#state = hash.allocate(FAST_STATE_SIZE);
    if (bytes === undefined) hash.exports.clear(this.#state);
    else hash.bytes.set(bytes, this.#state);
  }

  write(path: readonly number[], content: Uint8Array): void {
    const hash = this.#hash;
    const address = fieldAddress(path);
    hash.reserve(content.length, 0);
    hash.bytes.set(content, hash.buffer);
    hash.exports.write(
      this.#state,
      BigInt.asIntN(64, address),
      BigInt.asIntN(64, address >> 64n),
      hash.buffer,
      content.length,
    );
  }

  toBytes(): Uint8Array {
    return this.#hash.bytes.slice(this.#state, this.#state + FAST_STATE_SIZE);
  }

  /** The 128 bits of the hash, little-endian. */
  finish(): Uint8Array {
    const hash = this.#hash;
    hash.exports.finish(this.#state, hash.buffer);
    return hash.bytes.slice(hash.buffer, hash.buffer + 16);
  }
}
