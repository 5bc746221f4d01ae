// The legacy stable hash (crate stable-hash 0.3) of deployments below specVersion 0.0.6: every field's BLAKE3 stream is a number of
// 2048 bits, and a state is the product of its fields' numbers modulo a prime.
import { blake3 } from '@noble/hashes/blake3.js';

// The prime of the crate: just above 2^2056, so that a 2048-bit number never is a multiple of it.
const PRIME =
  50763434429823703141085322590076158163032399096130816327134180611270739679038131809123861970975131471260684737408234060876742190838745219274061025048845231234136148410311444604554192918702297959809128216170781389312847013812749872750274650041183009144583521632294518996531883338553737214586176414455965584933129379474747808392433032576309945590584603359054260866543918929486383805924215982747035136255123252119828736134723149397165643360162699752374292974151421555939481822911026769138419707577501643119472226283015793622652706604535623136902831581637275314074553942039263472515423713366344495524733341031029964603383n;
const DIGITS = 256;

/**
 * A sequence number: the path of child numbers, from 0, as LEB128 of each number plus one (a zero marks the payload).
 * Children of a path are made by appending to it.
 */
export type Path = readonly number[];

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function toLittleEndian(value: bigint): Uint8Array {
  const hex = value.toString(16);
  return new Uint8Array(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').reverse());
}

/** The magnitude of an integer, without zeros at the upper end. */
export function magnitudeOf(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array();
  return toLittleEndian(value < 0n ? -value : value);
}

/** A state: fields may be written in any order. */
export class LegacyState {
  #value: bigint;

  /** @param from the bytes of a stored state, or another state to go on from; empty without */
  constructor(from?: Uint8Array | LegacyState) {
    if (from === undefined) this.#value = 1n;
    else this.#value = from instanceof LegacyState ? from.#value : littleEndian(from);
  }

  /** Mixes all fields of another state in. */
  mixin(other: LegacyState): void {
    this.#value = (this.#value * other.#value) % PRIME;
  }

  write(path: Path, payload: Uint8Array): void {
    const prefix: number[] = [];
    for (const child of path) pushVarint(prefix, child + 1);
    prefix.push(0);
    const message = new Uint8Array(prefix.length + payload.length);
    message.set(prefix);
    message.set(payload, prefix.length);
    this.#value = (this.#value * littleEndian(blake3(message, { dkLen: DIGITS }))) % PRIME;
  }

  /** Integers write their magnitude at the path; the sign, where there is one, at the child `sign`. */
  writeInteger(path: Path, value: bigint, sign = 0): void {
    if (value < 0n) this.write([...path, sign], new Uint8Array());
    if (value !== 0n) this.write(path, magnitudeOf(value));
  }

  /** Empty content writes nothing. */
  writeBytes(path: Path, content: Uint8Array): void {
    if (content.length > 0) this.write(path, content);
  }

  /** The state as stored: as few bytes as the number needs. */
  toBytes(): Uint8Array {
    return toLittleEndian(this.#value);
  }

  finish(): Uint8Array {
    return blake3(this.toBytes());
  }
}
