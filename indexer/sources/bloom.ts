// Ethereum's 2048-bit log bloom (Yellow Paper 4.3.1): what a header promises about the logs below it.
import { keccak_256 } from '@noble/hashes/sha3.js';
import { getBytes } from 'ethers';
import type { Hex } from '../model.ts';

export const BLOOM_BYTES = 256;

// Addresses and topics repeat endlessly; their three bit positions are worth keeping. Bounded, because topics hold user data.
const KNOWN_LIMIT = 50_000;
const known = new Map<string, readonly [number, number, number]>();

function bitsOf(item: Hex): readonly [number, number, number] {
  const found = known.get(item);
  if (found) return found;
  const hash = keccak_256(Buffer.from(item.slice(2), 'hex'));
  const bit = (at: number) => (((hash[at] ?? 0) << 8) | (hash[at + 1] ?? 0)) & 2047;
  const bits = [bit(0), bit(2), bit(4)] as const;
  if (known.size >= KNOWN_LIMIT) known.clear();
  known.set(item, bits);
  return bits;
}

/** A parsed bloom that can be asked. A bloom never says "no" wrongly; it may say "maybe" wrongly. */
export class Bloom {
  readonly #bytes: Uint8Array;

  constructor(hex: Hex) {
    this.#bytes = getBytes(hex);
    if (this.#bytes.length !== BLOOM_BYTES)
      throw new RangeError(`a log bloom has 256 bytes, not ${this.#bytes.length}`);
  }

  mayContain(item: Hex): boolean {
    const [first, second, third] = bitsOf(item);
    return this.#has(first) && this.#has(second) && this.#has(third);
  }

  #has(bit: number): boolean {
    return (((this.#bytes[BLOOM_BYTES - 1 - (bit >> 3)] as number) >> (bit & 7)) & 1) === 1;
  }
}

/** The bloom of some logs: of every address and every topic. */
export function bloomOf(logs: readonly { readonly address: Hex; readonly topics: readonly Hex[] }[]): Hex {
  const bytes = new Uint8Array(BLOOM_BYTES);
  const add = (item: Hex) => {
    for (const bit of bitsOf(item)) {
      const at = BLOOM_BYTES - 1 - (bit >> 3);
      bytes[at] = (bytes[at] ?? 0) | (1 << (bit & 7));
    }
  };
  for (const log of logs) {
    add(log.address);
    for (const topic of log.topics) add(topic);
  }
  return `0x${Buffer.from(bytes).toString('hex')}`;
}
