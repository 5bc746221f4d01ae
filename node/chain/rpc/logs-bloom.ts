// Ethereum's 2,048-bit filter of what logs are about (Yellow Paper 4.3.1): every address and topic sets three bits.
import { keccak_256 } from '@noble/hashes/sha3.js';

/** Addresses and topics repeat, and a hash costs ten times what all else about a log does. Bounded, because anybody can make new ones. */
const KNOWN_LIMIT = 200_000;
const known = new Map<string, number>();

/** Three places of 11 bits in one number. @param item lower-case hexadecimal digits with 0x */
function placesOf(item: string): number {
  const found = known.get(item);
  if (found !== undefined) return found;
  const hash = keccak_256(Buffer.from(item.slice(2), 'hex'));
  const place = (at: number) => (((hash[at] as number) << 8) | (hash[at + 1] as number)) & 2_047;
  const places = (place(0) * 2_048 + place(2)) * 2_048 + place(4);
  if (known.size >= KNOWN_LIMIT) known.clear();
  known.set(item, places);
  return places;
}

export class LogsBloom {
  readonly #bytes = new Uint8Array(256);

  /** The filter of no logs. */
  static readonly none = `0x${'00'.repeat(256)}`;

  add(item: string): void {
    const places = placesOf(item);
    this.#set(places % 2_048);
    this.#set(Math.floor(places / 2_048) % 2_048);
    this.#set(Math.floor(places / 4_194_304));
  }

  addLog({ address, topics }: { readonly address: string; readonly topics: readonly string[] }): void {
    this.add(address);
    for (const topic of topics) this.add(topic);
  }

  /** Never says no wrongly. */
  mayContain(item: string): boolean {
    const places = placesOf(item);
    return (
      this.#has(places % 2_048) &&
      this.#has(Math.floor(places / 2_048) % 2_048) &&
      this.#has(Math.floor(places / 4_194_304))
    );
  }

  toHex(): string {
    return `0x${Buffer.from(this.#bytes.buffer).toString('hex')}`;
  }

  #set(place: number): void {
    (this.#bytes[255 - (place >> 3)] as number) |= 1 << (place & 7);
  }

  #has(place: number): boolean {
    return (((this.#bytes[255 - (place >> 3)] as number) >> (place & 7)) & 1) === 1;
  }
}
