// Which two votes of one validator contradict each other (V. Buterin, V. Griffith, "Casper the Friendly Finality Gadget", 2017): whoever makes
// them is at fault, whatever the network did.
import type { Checkpoint, Vote } from '../types/vote.ts';

/** `DOUBLE_VOTE`: two votes for one epoch. `SURROUND_VOTE`: one reaches from before the other's source to behind its target. */
export type Contradiction = 'DOUBLE_VOTE' | 'SURROUND_VOTE';

export const sameCheckpoint = (a: Checkpoint, b: Checkpoint): boolean =>
  a.epoch === b.epoch && a.block === b.block;

/** How two votes of one validator contradict each other; undefined when both may be made, or when they are the same vote or another's. */
export function contradictionOf(a: Vote, b: Vote): Contradiction | undefined {
  if (a.validator !== b.validator) return undefined;
  if (a.target.epoch === b.target.epoch) {
    const same =
      sameCheckpoint(a.source, b.source) && sameCheckpoint(a.target, b.target) && a.stateRoot === b.stateRoot;
    return same ? undefined : 'DOUBLE_VOTE';
  }
  const surrounds = (outer: Vote, inner: Vote) =>
    outer.source.epoch < inner.source.epoch && inner.target.epoch < outer.target.epoch;
  return surrounds(a, b) || surrounds(b, a) ? 'SURROUND_VOTE' : undefined;
}
