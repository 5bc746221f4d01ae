// The time that a block's past agrees on: the median of the times of its last blues. A few liars cannot move it, and it never goes back
// along a chain by more than they could. Times in blocks are only held against it, never trusted alone.
import type { BlockId } from '../types/identifiers.ts';
import type { BlockOrder } from './block-dag.ts';

/** Blues whose times count: about seven rounds of four proposers. An odd number has one middle. */
export const MEDIAN_WINDOW = 27;

/** What is asked of the DAG. */
interface Blues {
  order(id: BlockId): BlockOrder;
}

/**
 * The median of the times of the last `MEDIAN_WINDOW` blues of a block's past, or of as many as there are: of the heaviest chain blocks
 * first, each with the blues it merged, in their order from the last.
 * @param selectedParent that of the block whose past is meant; its own blues need not be known yet
 * @param timeOf milliseconds since 1970
 */
export function pastMedianTime(
  dag: Blues,
  selectedParent: BlockId,
  timeOf: (id: BlockId) => number,
  window = MEDIAN_WINDOW,
): number {
  const times: number[] = [timeOf(selectedParent)];
  for (let block: BlockId | undefined = selectedParent; block !== undefined && times.length < window; ) {
    const { blues, selectedParent: next }: BlockOrder = dag.order(block);
    // The selected parent is the first of the blues, and comes last.
    for (const blue of blues.toReversed()) if (times.length < window) times.push(timeOf(blue));
    block = next;
  }
  return times.sort((a, b) => a - b)[times.length >>> 1] as number;
}
