// Whether one block is in the past of another, in a DAG whose blocks each have a parent in a tree. Beyond the tree a block's future is
// covered by a few blocks: those that merged it first on their chain. All later blocks of that chain are below one of them in the tree.
import { IntervalTree } from './interval-tree.ts';

export class Reachability {
  readonly tree = new IntervalTree();
  /** Blocks that merged a block, none below another in the tree, in the order of their intervals. */
  readonly #covering: number[][] = [];

  /**
   * Adds a block. @param merged the blocks of its past that are neither its tree parent nor in the past of that
   * @returns its number
   */
  add(parent: number, merged: readonly number[]): number {
    const block = this.tree.add(parent);
    this.#covering.push([]);
    for (const each of merged) this.#cover(each, block);
    return block;
  }

  /** Whether `ancestor` is `block` itself or in its past. */
  isAncestor(ancestor: number, block: number): boolean {
    if (this.tree.isChainAncestor(ancestor, block)) return true;
    const covering = this.#covering[ancestor] as number[];
    const candidate = covering[this.tree.placeAmong(covering, block)];
    return candidate !== undefined && this.tree.isChainAncestor(candidate, block);
  }

  #cover(merged: number, block: number): void {
    const covering = this.#covering[merged] as number[];
    const place = this.tree.placeAmong(covering, block);
    const candidate = covering[place];
    // Another block of this chain has merged it already.
    if (candidate !== undefined && this.tree.isChainAncestor(candidate, block)) return;
    covering.splice(place + 1, 0, block);
  }
}
