// Reads packed objects front to back, little-endian. Never reads or allocates beyond the bytes that are there.
import { Malformed } from './malformed.ts';

export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #object: string;
  #at = 0;

  /** @param object what the bytes should be, for errors */
  constructor(bytes: Uint8Array, object: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#object = object;
  }

  get offset(): number {
    return this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  /** A copy: what is kept must not keep a whole message alive, nor change with it. */
  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.slice(at, at + length);
  }

  /** Everything must have been read. */
  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) this.fail(`${left} bytes follow its end`);
  }

  fail(why: string, offset = this.#at): never {
    throw new Malformed(this.#object, offset, why);
  }

  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length)
      this.fail(`it ends after ${this.#bytes.length} bytes, where ${length} more from ${at} on are needed`);
    this.#at = at + length;
    return at;
  }
}
