// What a node writes down of finality, to know it again after a restart: the last final checkpoint, and who may vote after it and those that the
// next blocks still refer to.
import type { Electorate } from '../state/validators.ts';
import { type BlockId, bytesOf, hexOf } from '../types/identifiers.ts';
import type { Checkpoint } from '../types/vote.ts';

/** Its name in the store. */
export const FINALITY_FACT = 'finality';

export interface FinalityFact {
  readonly finalized: Checkpoint;
  readonly electorates: ReadonlyMap<BlockId, Electorate>;
}

interface Written {
  readonly finalized: Checkpoint;
  /** Alike ones are written once: `at` is a place in `sets`. */
  readonly electorates: readonly { readonly block: BlockId; readonly at: number }[];
  readonly sets: readonly (readonly (readonly [address: string, votingKey: string, weight: string])[])[];
}

export function encodeFinalityFact(
  finalized: Checkpoint,
  electorates: ReadonlyMap<BlockId, Electorate>,
): Uint8Array {
  const sets = [...new Set(electorates.values())];
  const written: Written = {
    finalized: { epoch: finalized.epoch, block: finalized.block },
    electorates: [...electorates].map(([block, electorate]) => ({ block, at: sets.indexOf(electorate) })),
    sets: sets.map(({ validators }) =>
      validators.map(
        ({ address, votingKey, weight }) => [address, hexOf(votingKey), String(weight)] as const,
      ),
    ),
  };
  return new TextEncoder().encode(JSON.stringify(written));
}

/** @param bytes as `encodeFinalityFact` made them; the store has checked that they are whole */
export function decodeFinalityFact(bytes: Uint8Array): FinalityFact {
  const written = JSON.parse(new TextDecoder().decode(bytes)) as Written;
  const sets = written.sets.map((validators): Electorate => {
    const electors = validators.map(([address, votingKey, weight]) => ({
      ...{ address, votingKey: bytesOf(votingKey), weight: BigInt(weight) },
    }));
    return { validators: electors, total: electors.reduce((sum, { weight }) => sum + weight, 0n) };
  });
  return {
    finalized: written.finalized,
    electorates: new Map(written.electorates.map(({ block, at }) => [block, sets[at] as Electorate])),
  };
}
