// Packs objects front to back, little-endian, into a buffer that is known to be large enough. What does not fit its field is refused rather
// than cut: it would be read as something else.
import { Malformed } from './malformed.ts';

export class ByteWriter {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #object: string;
  #at = 0;

  /**
   * @param most bytes that will be written at most
   * @param object what they will be, for errors
   */
  constructor(most: number, object: string) {
    this.#bytes = new Uint8Array(most);
    this.#view = new DataView(this.#bytes.buffer);
    this.#object = object;
  }

  u8(value: number): this {
    this.#view.setUint8(this.#at, this.#within(value, 0xff));
    this.#at += 1;
    return this;
  }

  u16(value: number): this {
    this.#view.setUint16(this.#at, this.#within(value, 0xffff), true);
    this.#at += 2;
    return this;
  }

  u32(value: number): this {
    this.#view.setUint32(this.#at, this.#within(value, 0xffffffff), true);
    this.#at += 4;
    return this;
  }

  u64(value: bigint): this {
    if (value !== BigInt.asUintN(64, value)) this.#fail(`${value} is no number of 64 bits`);
    this.#view.setBigUint64(this.#at, value, true);
    this.#at += 8;
    return this;
  }

  /** @param length how many bytes they must be */
  bytes(value: Uint8Array, length: number): this {
    if (value.length !== length) this.#fail(`${value.length} bytes stand where ${length} must be`);
    this.#bytes.set(value, this.#at);
    this.#at += length;
    return this;
  }

  /** What was written, in a buffer of its own size. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }

  #within(value: number, most: number): number {
    if (!Number.isInteger(value) || value < 0 || value > most)
      this.#fail(`${value} is not from 0 to ${most}`);
    return value;
  }

  #fail(why: string): never {
    throw new Malformed(this.#object, this.#at, why);
  }
}
