// Which entities the store may hold although the cache does not: what spares a mapping the question for every new entity. A deployment
// that began empty knows all it ever wrote, so until something is evicted there is nothing to ask for.

// 4 MiB; with five million evicted entities one question in twenty is asked for nothing.
const BITS = 2 ** 25;

/** A Bloom filter over evicted keys; it never forgets one, and now and then claims one too many. */
export class StoredKeys {
  readonly #everything: boolean;
  #evicted: Uint32Array | null = null;

  /** @param empty the store holds nothing at this moment; otherwise it may hold anything */
  constructor(empty: boolean) {
    this.#everything = !empty;
  }

  /** False is certain: the store has no such entity. */
  mayHold(type: number, key: string): boolean {
    if (this.#everything) return true;
    const bits = this.#evicted;
    return (
      bits !== null && positions(type, key).every((at) => ((bits[at >>> 5] as number) >>> (at & 31)) & 1)
    );
  }

  /** The entity left the cache and is in the store alone. */
  add(type: number, key: string): void {
    if (this.#everything) return;
    this.#evicted ??= new Uint32Array(BITS / 32);
    for (const at of positions(type, key))
      this.#evicted[at >>> 5] = (this.#evicted[at >>> 5] as number) | (1 << (at & 31));
  }
}

/** Three positions from two FNV-1a hashes (Kirsch and Mitzenmacher). */
function positions(type: number, key: string): readonly number[] {
  let first = 0x811c9dc5 ^ type;
  let second = 0x9747b28c ^ type;
  for (let index = 0; index < key.length; index += 1) {
    const code = key.charCodeAt(index);
    first = Math.imul(first ^ code, 0x01000193);
    second = Math.imul(second ^ code, 0x01000193) ^ (second >>> 15);
  }
  const start = mixed(first);
  const stride = mixed(second) | 1;
  return [0, 1, 2].map((step) => (start + Math.imul(step, stride)) & (BITS - 1));
}

/** MurmurHash3's finalizer: FNV alone leaves keys that differ at their end close together. */
function mixed(hash: number): number {
  let bits = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
