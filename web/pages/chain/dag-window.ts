// The newest blocks of the DAG as the page keeps them: a window read once, and the tail that a live query delivers, put together.
import type { DagBlockNodeFragment } from '../../generated/graphql.ts';

export type DagNode = DagBlockNodeFragment;

/**
 * The blocks of `known` continued by `tail`, ascending by their place in the order, at most `limit`. What the tail covers it decides: after a
 * reorganization other blocks have those places. Null when blocks are missing between the two, so that the window must be read anew.
 */
export function continueWindow(
  known: readonly DagNode[],
  tail: readonly DagNode[],
  limit: number,
): readonly DagNode[] | null {
  const newest = [...tail].sort((a, b) => a.sequence - b.sequence);
  const from = newest[0]?.sequence;
  if (from === undefined) return known;
  const before = known.filter(({ sequence }) => sequence < from);
  const last = before.at(-1)?.sequence;
  if (known.length > 0 && last !== from - 1 && from !== 1 && known[0] && known[0].sequence < from)
    return null;
  return [...before, ...newest].slice(-limit);
}

export interface Place {
  readonly node: DagNode;
  /** Column: the round, counted from the first one drawn. */
  readonly column: number;
  readonly lane: number;
}

export interface Edge {
  readonly id: string;
  readonly from: Place;
  readonly to: Place;
  /** Part of the selected chain. */
  readonly selected: boolean;
}

export interface DagLayout {
  readonly places: readonly Place[];
  readonly edges: readonly Edge[];
  readonly lanes: number;
  /** Whose lane is whose; empty when there are more proposers than lanes. */
  readonly proposers: readonly string[];
  readonly firstRound: number;
  readonly lastRound: number;
}

/** More lanes than this cannot be told apart; no round has more blocks than proposers are drawn. */
const MOST_LANES = 8;

/** Where each block stands. A block never moves to another lane while the proposers stay the same. */
export function layoutDag(nodes: readonly DagNode[]): DagLayout {
  const rounds = nodes.map(({ round }) => round);
  const firstRound = Math.min(...rounds, Number.MAX_SAFE_INTEGER);
  const lastRound = Math.max(...rounds, 0);
  const all = [...new Set(nodes.map(({ proposer }) => proposer.id))].sort();
  const proposers = all.length <= MOST_LANES ? all : [];
  const taken = new Map<number, number>();
  const places = nodes.map((node): Place => {
    const nth = taken.get(node.round) ?? 0;
    taken.set(node.round, nth + 1);
    const lane = proposers.length > 0 ? proposers.indexOf(node.proposer.id) : nth % MOST_LANES;
    return { node, column: node.round - firstRound, lane };
  });
  const byId = new Map(places.map((place) => [place.node.id, place]));
  const edges = places.flatMap((from) =>
    from.node.parents.flatMap(({ id }): Edge[] => {
      const to = byId.get(id);
      if (!to) return [];
      const selected =
        from.node.onSelectedChain && to.node.onSelectedChain && from.node.selectedParent?.id === id;
      return [{ id: `${from.node.id}-${id}`, from, to, selected }];
    }),
  );
  const lanes = proposers.length > 0 ? proposers.length : Math.max(1, ...places.map(({ lane }) => lane + 1));
  return { places, edges, lanes, proposers, firstRound, lastRound };
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The nearest block in a direction: to the sides one of another round, up and down one of the same. */
export function neighbourOf(places: readonly Place[], at: Place, direction: Direction): Place | undefined {
  const sideways = direction === 'left' || direction === 'right';
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  const distance = ({ column, lane }: Place): number => {
    const along = sign * (sideways ? column - at.column : lane - at.lane);
    const across = Math.abs(sideways ? lane - at.lane : column - at.column);
    if (along <= 0 || (!sideways && across > 0)) return Number.POSITIVE_INFINITY;
    return along * 100 + across;
  };
  let best: Place | undefined;
  for (const place of places)
    if (distance(place) < (best ? distance(best) : Number.POSITIVE_INFINITY)) best = place;
  return best;
}
