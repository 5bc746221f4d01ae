// A stage of the pipeline: it does its part for rising blocks and can take it back when the chain does.
import type { BlockPointer } from '../../model.ts';
import type { StageName } from '../progress.ts';

export interface Stage {
  readonly name: StageName;
  /** Takes back everything this stage did for blocks after `to` (null: all blocks). */
  unwind(to: BlockPointer | null): Promise<void>;
}
