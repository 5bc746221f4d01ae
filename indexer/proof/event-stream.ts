// What a proof of indexing is told while the handlers of a block run: the two versions of graph-node's hash implement it.
import type { Value } from '#indexer/model.ts';
import type { PreparedType } from '../mapping/entity-types.ts';

/** `fast` from specVersion 0.0.6 on, `legacy` before. */
export type ProofVersion = 'fast' | 'legacy';

/**
 * The events of one block after the other. Nothing is kept between blocks: the state before a block is given when the block is
 * paused, so that going back costs nothing.
 */
export interface EventStream {
  /** Begins a block, with no events. */
  beginBlock(number: number): void;
  /** What follows is one trigger's: a failure redacts no more than that. */
  startHandler(): void;
  /** An entity was set: `slots` is what the handler gave, a value a stored field, `undefined` where it gave none. */
  setEntity(type: PreparedType, id: string, slots: readonly (Value | undefined)[]): void;
  /** An entity was removed; type and id as the handler wrote them. */
  removeEntity(type: string, id: string): void;
  /** A handler failed deterministically. */
  failHandler(): void;
  /** The state after this block, to be stored; the block can go on afterwards. `previous` is the state before it. */
  pause(previous: Uint8Array | null): Uint8Array;
}
