// The tree of selected parents with an interval for each block, nested as the tree is: a block is an ancestor in the tree when its interval
// contains the other's. Room for new blocks is handed out by halves; where it runs out, intervals are given out anew, below a root that moves
// with the chain, so that one long chain is not renumbered again and again.
// After the "reachability" of Kaspa (KIP-2 and the paper of Y. Sompolinsky et al.), with an allocation of our own.

/** Numbers that intervals are made of; doubles hold them exactly. */
const capacity = 2 ** 52;
/** How far the reindex root stays behind the tip: forks up to this depth are cheap. */
const reindexDepth = 100;
/** Room left before and after each block of the chain below the reindex root, for forks that are deeper. */
const slack = 2 ** 14;
/** Room that is worth giving out anew, as a multiple of what is needed: with less it would soon run out again. */
const ample = 2 ** 10;
/** Blocks with fewer below them may well get more children. */
const young = 32;
/** How much further another chain must be before the reindex root moves onto it. */
const reindexSlack = 2 ** 14;

export const NO_BLOCK = -1;

/** Blocks are numbers, in the order in which they were added; the first is the root. */
export class IntervalTree {
  readonly #start: number[] = [];
  readonly #end: number[] = [];
  readonly #parent: number[] = [];
  readonly #height: number[] = [];
  /** In the order of their intervals, which is that of their adding. */
  readonly #children: number[][] = [];
  #reindexRoot = 0;
  /** Blocks that were given another interval; tells what reindexing costs. */
  moved = 0;

  get size(): number {
    return this.#start.length;
  }

  /** The place of the last of `blocks`, which are in the order of their intervals, that begins at or before `block`; -1: none. */
  placeAmong(blocks: readonly number[], block: number): number {
    const start = this.#start[block] as number;
    let [low, high] = [0, blocks.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#start[blocks[middle] as number] as number) <= start) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Whether `ancestor` is `block` or above it in the tree. */
  isChainAncestor(ancestor: number, block: number): boolean {
    return (
      (this.#start[ancestor] as number) <= (this.#start[block] as number) &&
      (this.#end[block] as number) <= (this.#end[ancestor] as number)
    );
  }

  /** The child of `ancestor` on the way down to `block`, which is strictly below it. */
  childTowards(ancestor: number, block: number): number {
    const children = this.#children[ancestor] as number[];
    const child = children[this.placeAmong(children, block)];
    if (child === undefined || !this.isChainAncestor(child, block))
      throw new RangeError(`block ${block} is not below block ${ancestor}`);
    return child;
  }

  /** @returns the new block. The first one has the parent `NO_BLOCK`. */
  add(parent: number): number {
    const block = this.#start.length;
    this.#parent.push(parent);
    this.#children.push([]);
    if (parent === NO_BLOCK) {
      if (block !== 0) throw new RangeError('only the first block has no parent');
      this.#height.push(0);
      this.#start.push(1);
      this.#end.push(capacity);
      return block;
    }
    this.#height.push((this.#height[parent] as number) + 1);
    const siblings = this.#children[parent] as number[];
    const last = siblings.at(-1);
    const from = last === undefined ? (this.#start[parent] as number) : (this.#end[last] as number) + 1;
    // The end of its interval stands for the parent itself.
    const free = (this.#end[parent] as number) - from;
    siblings.push(block);
    this.#start.push(from);
    this.#end.push(from + Math.ceil(free / 2) - 1);
    if (free <= 0) this.#makeRoom(block);
    return block;
  }

  /** Tells where the chain ends now, so that the reindex root follows it. */
  follow(tip: number): void {
    const root = this.#reindexRoot;
    const height = (block: number) => this.#height[block] as number;
    let next: number;
    if (this.isChainAncestor(root, tip)) {
      if (height(tip) - height(root) <= reindexDepth * 2) return;
      next = root;
    } else {
      // Another chain: the root goes over to it only when it is far enough ahead, else an attacker could make it go to and fro.
      if (height(tip) - height(root) < reindexSlack) return;
      next = this.#parent[root] as number;
      while (!this.isChainAncestor(next, tip)) next = this.#parent[next] as number;
    }
    while (height(tip) - height(next) > reindexDepth) {
      const child = this.childTowards(next, tip);
      this.#concentrate(next, child);
      next = child;
    }
    if (next !== root) this.#spread(next);
    this.#reindexRoot = next;
  }

  /** Gives nearly all of a block's room to the child that the chain goes through, whose own room is given out later; the others get what they need. */
  #concentrate(block: number, chosen: number): void {
    const children = this.#children[block] as number[];
    const place = children.indexOf(chosen);
    let from = this.#start[block] as number;
    for (const child of children.slice(0, place))
      from += this.#pack(child, (size) => [from, from + size - 1]);
    let to = (this.#end[block] as number) - 1;
    for (const child of children.slice(place + 1).reverse())
      to -= this.#pack(child, (size) => [to - size + 1, to]);
    const spare = to - from + 1 - this.#sizes(chosen).size;
    const margin = Math.max(0, Math.min(slack, Math.floor(spare / 2)));
    this.#set(chosen, from + margin, to - margin);
  }

  /** Puts a subtree into as little room as it needs. @returns its size */
  #pack(block: number, place: (size: number) => [start: number, end: number]): number {
    const sizes = this.#sizes(block);
    const [start, end] = place(sizes.size);
    if (this.#start[block] !== start || this.#end[block] !== end) {
      this.#set(block, start, end);
      this.#spread(block, sizes);
    }
    return sizes.size;
  }

  /** Finds room for a new block: in the nearest block above that has enough for all below it, or beside the chain to the reindex root. */
  #makeRoom(block: number): void {
    const root = this.#reindexRoot;
    let sizes = new Map([[block, 1]]);
    let current = block;
    for (;;) {
      const size = sizes.size;
      const room = this.#roomOf(current);
      if (room >= size * ample) break;
      const parent = this.#parent[current] as number;
      if (parent === NO_BLOCK || current === root) {
        if (room < size) throw this.#usedUp(current);
        break;
      }
      if (parent !== root && this.isChainAncestor(parent, root)) {
        this.#widen(current, parent, size * ample);
        break;
      }
      current = parent;
      sizes = this.#sizes(current, sizes);
    }
    this.#spread(current, sizes);
  }

  /**
   * Widens a subtree beside the chain that leads to the reindex root by `by`. Each block of that chain keeps a margin between itself and
   * its siblings; the margins are used from the fork onwards until they suffice. Where even the reindex root must give, it gives so much
   * that all margins on the way are whole again.
   */
  #widen(block: number, parent: number, by: number): void {
    const root = this.#reindexRoot;
    const chosen = this.childTowards(parent, root);
    const before = (this.#start[block] as number) < (this.#start[chosen] as number);
    /** Blocks of the chain with what each of them gives. */
    const givers: { readonly link: number; gives: number }[] = [];
    const margins: number[] = [];
    let owed = by;
    for (let above = parent, link = chosen; ; ) {
      const margin = this.#margin(above, link, before);
      if (margin >= owed) break;
      owed -= margin;
      margins.push(margin);
      givers.push({ link, gives: owed });
      if (link === root) break;
      above = link;
      link = this.childTowards(link, root);
    }
    if (givers.at(-1)?.link === root) {
      let gives = by;
      for (const [place, giver] of givers.entries()) {
        gives += slack - (margins[place] as number);
        giver.gives = gives;
      }
      if (this.#roomOf(root) - gives < this.#sizes(root).size) throw this.#usedUp(root);
    }
    for (const { link, gives } of givers.reverse()) {
      this.#narrow(link, gives, before);
      if (link === root) this.#spread(root);
      else this.#shiftBeside(link, this.childTowards(link, root), NO_BLOCK, before ? gives : -gives);
    }
    this.#shiftBeside(parent, chosen, block, before ? by : -by);
    this.#narrow(block, -by, !before);
  }

  /** Numbers between a child and the sibling (or the edge of their parent) before or after it. */
  #margin(parent: number, child: number, before: boolean): number {
    const children = this.#children[parent] as number[];
    const place = children.indexOf(child);
    if (before) {
      const sibling = children[place - 1];
      const edge =
        sibling === undefined ? (this.#start[parent] as number) - 1 : (this.#end[sibling] as number);
      return (this.#start[child] as number) - edge - 1;
    }
    const sibling = children[place + 1];
    const edge = sibling === undefined ? (this.#end[parent] as number) : (this.#start[sibling] as number);
    return edge - (this.#end[child] as number) - 1;
  }

  /** Moves the siblings of `child`, on the side that `by` leads away from, up to but without `until`, with all below them. */
  #shiftBeside(parent: number, child: number, until: number, by: number): void {
    const children = this.#children[parent] as number[];
    const place = children.indexOf(child);
    // Towards higher numbers those before it move, the nearest first, and the other way round.
    const moving = by > 0 ? children.slice(0, place).reverse() : children.slice(place + 1);
    for (const sibling of moving) {
      if (sibling === until) break;
      const below = [sibling];
      for (let block = below.pop(); block !== undefined; block = below.pop()) {
        this.#set(block, (this.#start[block] as number) + by, (this.#end[block] as number) + by);
        below.push(...(this.#children[block] as number[]));
      }
    }
  }

  /** Takes `by` from the beginning or the end of a block's interval. */
  #narrow(block: number, by: number, atStart: boolean): void {
    const [start, end] = [this.#start[block] as number, this.#end[block] as number];
    if (atStart) this.#set(block, start + by, end);
    else this.#set(block, start, end - by);
  }

  /** Gives out a block's interval anew to all below it: to each subtree what it needs, and of the rest nearly all to the largest. */
  #spread(block: number, sizes: ReadonlyMap<number, number> = this.#sizes(block)): void {
    const below = [block];
    for (let parent = below.pop(); parent !== undefined; parent = below.pop()) {
      const children = this.#children[parent] as number[];
      if (children.length === 0) continue;
      const needs = children.map((child) => sizes.get(child) as number);
      const largest = Math.max(...needs);
      // The largest subtree is the chain, as a rule, and grows; with equal ones each gets the same.
      const weights = needs.map((need) => 2 ** (need - largest));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const room = this.#roomOf(parent) - 1;
      const spare = room - needs.reduce((sum, need) => sum + need, 0);
      // Children still to come are expected near the ends of chains. Further up a part kept at each block would add up to everything.
      const shared = (sizes.get(parent) as number) > young ? spare : spare - Math.floor(spare / young);
      let from = this.#start[parent] as number;
      for (const [place, child] of children.entries()) {
        const size = (needs[place] as number) + Math.floor((shared * (weights[place] as number)) / total);
        this.#set(child, from, from + size - 1);
        from += size;
        below.push(child);
      }
    }
  }

  /**
   * Sizes of the subtrees of a block and of all below it; the map has as many entries as the block's own is large.
   * @param sizes those of some of the subtrees below, to which the others are added
   */
  #sizes(block: number, sizes = new Map<number, number>()): Map<number, number> {
    const order = [block];
    for (let at = 0; at < order.length; at++)
      for (const child of this.#children[order[at] as number] as number[])
        if (!sizes.has(child)) order.push(child);
    for (const each of order.reverse()) {
      let size = 1;
      for (const child of this.#children[each] as number[]) size += sizes.get(child) as number;
      sizes.set(each, size);
    }
    return sizes;
  }

  #roomOf(block: number): number {
    return (this.#end[block] as number) - (this.#start[block] as number) + 1;
  }

  #set(block: number, start: number, end: number): void {
    this.#start[block] = start;
    this.#end[block] = end;
    this.moved += 1;
  }

  #usedUp(block: number): RangeError {
    return new RangeError(
      `The intervals below block ${block} are used up: ${this.size} blocks are more than the tree is made for. Prune the DAG.`,
    );
  }
}
