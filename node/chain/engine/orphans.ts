// Blocks that came before their parents. Bounded: who sends blocks that belong nowhere pushes out the oldest of them.
import type { BlockId } from '../types/identifiers.ts';

const limits = { blocks: 512, bytes: 64 * 1_048_576 } as const;

export class Orphans<Block> {
  readonly #blocks = new Map<BlockId, { block: Block; missing: Set<BlockId>; bytes: number }>();
  readonly #waitingFor = new Map<BlockId, Set<BlockId>>();
  #bytes = 0;

  has(id: BlockId): boolean {
    return this.#blocks.has(id);
  }

  get size(): number {
    return this.#blocks.size;
  }

  /** @param missing its parents that are not known */
  add(id: BlockId, block: Block, missing: readonly BlockId[], bytes: number): void {
    if (this.has(id)) return;
    this.#blocks.set(id, { block, missing: new Set(missing), bytes });
    this.#bytes += bytes;
    for (const parent of missing) {
      const waiting = this.#waitingFor.get(parent) ?? new Set();
      this.#waitingFor.set(parent, waiting.add(id));
    }
    while (this.#blocks.size > limits.blocks || this.#bytes > limits.bytes) {
      const [oldest] = this.#blocks.keys();
      this.#remove(oldest as BlockId);
    }
  }

  /**
   * Takes out the blocks whose last missing parent is this one, then those that wait for them, in an order in which each follows its parents;
   * goes on with a block's children only once `isKnown` says that the block was accepted.
   */
  *released(parent: BlockId, isKnown: (id: BlockId) => boolean): Generator<Block> {
    const queue = [parent];
    for (let known = queue.shift(); known !== undefined; known = queue.shift()) {
      for (const id of [...(this.#waitingFor.get(known) ?? [])]) {
        const orphan = this.#blocks.get(id);
        orphan?.missing.delete(known);
        if (!orphan || orphan.missing.size > 0) continue;
        this.#remove(id);
        yield orphan.block;
        if (isKnown(id)) queue.push(id);
      }
      this.#waitingFor.delete(known);
    }
  }

  #remove(id: BlockId): void {
    const orphan = this.#blocks.get(id);
    if (!orphan) return;
    this.#blocks.delete(id);
    this.#bytes -= orphan.bytes;
    for (const parent of orphan.missing) {
      const waiting = this.#waitingFor.get(parent);
      waiting?.delete(id);
      if (waiting?.size === 0) this.#waitingFor.delete(parent);
    }
  }
}
