// The DAG drawn live: a column a round, a lane a proposer. It glides to the left as rounds pass; what is drawn never jumps to another place.
import { type KeyboardEvent, memo, useEffect, useMemo, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { formatCount, plural, shorten } from '../../ui/format.ts';
import { BlockMark, colourOf } from './chain-values.tsx';
import { type DagNode, type Direction, type Edge, layoutDag, neighbourOf, type Place } from './dag-window.ts';

/** Pixels between rounds and between lanes. */
const STEP = 34;
const LANE = 36;
const TOP = 22;
const BOTTOM = 24;
/** Rounds after which the world is put back to the middle: coordinates of pixels are no exact numbers without end. */
const FARTHEST = 5_000;
/** Room behind the newest round, and for the lanes' names. */
const AHEAD = 26;

const xOf = (place: Place) => place.column * STEP;
const yOf = (place: Place) => TOP + LANE / 2 + place.lane * LANE;

const arrows: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

export function DagView({
  nodes,
  finalizedIndex,
  finalizedRound,
}: {
  readonly nodes: readonly DagNode[];
  readonly finalizedIndex: number;
  readonly finalizedRound: number;
}) {
  const [width, frame] = useWidth();
  const [at, setAt] = useState<string | null>(null);
  const navigate = useNavigate();
  // The world's first column stays the same while the window moves on, or everything would jump.
  const origin = useRef<number | null>(null);
  const columns = Math.max(6, Math.floor(width / STEP) + 2);
  const lastRound = nodes.reduce((most, { round }) => Math.max(most, round), 0);
  if (origin.current === null || lastRound - origin.current > FARTHEST) origin.current = lastRound;
  const shift = origin.current;
  const layout = useMemo(
    () => layoutDag(nodes.filter(({ round }) => round > lastRound - columns)),
    [nodes, lastRound, columns],
  );
  const height = TOP + layout.lanes * LANE + BOTTOM;
  const offset = (layout.firstRound - shift) * STEP;
  const gliding = useGliding(lastRound, width, shift);
  const shownAt = layout.places.find(({ node }) => node.id === at);
  const current = shownAt ?? layout.places.at(-1);
  const finalX = (finalizedRound - shift + 0.5) * STEP;
  const motion = (name: string) => (gliding ? `${name} dag-gliding` : name);
  const translate = `translateX(${width - AHEAD - (lastRound - shift) * STEP}px)`;

  function move(event: KeyboardEvent): void {
    const direction = arrows[event.key];
    if (!direction || !current || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = neighbourOf(layout.places, current, direction);
    if (!next) return;
    setAt(next.node.id);
    document.getElementById(`dag-${next.node.id}`)?.focus({ preventScroll: true });
  }

  return (
    <figure className="dag">
      <div className="dag-frame" ref={frame} style={{ height }}>
        {/* biome-ignore lint/a11y/useSemanticElements: a drawing is no set of form fields */}
        <svg
          width={width}
          height={height}
          role="group"
          aria-label="The newest blocks. Arrow keys lead from block to block, Enter opens one."
          onKeyDown={move}
          onPointerLeave={() => setAt(null)}
        >
          <path className="dag-lane" d={lanes(layout.lanes, width)} />
          <g className={motion('dag-world')} style={{ transform: translate }}>
            <g className={motion('dag-final-part')} style={{ transform: `translateX(${finalX}px)` }}>
              <rect
                className="dag-finalized"
                x={-4_000}
                y={TOP - 6}
                width={4_000}
                height={height - TOP - BOTTOM + 12}
              />
              <path className="dag-border" d={`M0 ${TOP - 6}V${height - BOTTOM + 6}`} />
              <text className="dag-note" x={-6} y={TOP - 10} textAnchor="end">
                final
              </text>
            </g>
            <g transform={`translate(${offset} 0)`}>
              <Edges edges={layout.edges} firstRound={layout.firstRound} />
              {layout.places.map((place) => (
                <Block
                  key={place.node.id}
                  place={place}
                  final={place.node.index <= finalizedIndex}
                  focusable={place === current}
                  shown={place === shownAt}
                  onShow={setAt}
                  onOpen={(id) => void navigate(`/chain/block/${id}`)}
                />
              ))}
              {ticks(layout.firstRound, layout.lastRound).map((round) => (
                <text
                  key={round}
                  className="dag-note num"
                  x={(round - layout.firstRound) * STEP}
                  y={height - 6}
                  textAnchor="middle"
                >
                  {formatCount(round)}
                </text>
              ))}
            </g>
          </g>
        </svg>
        {layout.proposers.map((proposer, lane) => (
          <Link
            key={proposer}
            className="dag-proposer"
            style={{ top: TOP + lane * LANE }}
            to={`/chain/validator/${proposer}`}
            title={`Blocks of validator ${proposer}`}
          >
            {`${proposer.slice(0, 6)}…`}
          </Link>
        ))}
      </div>
      <figcaption className="dag-caption">
        {current && (
          <Caption node={current.node} final={current.node.index <= finalizedIndex} newest={!shownAt} />
        )}
        <span className="dag-legend" aria-hidden="true">
          <span>
            <BlockMark red={false} final={false} /> Blue
          </span>
          <span>
            <BlockMark red={false} final selected /> Selected chain
          </span>
          <span>
            <BlockMark red final={false} /> Red
          </span>
          <span className="dag-legend-note">filled: final</span>
        </span>
      </figcaption>
    </figure>
  );
}

function Caption({
  node,
  final,
  newest,
}: {
  readonly node: DagNode;
  readonly final: boolean;
  readonly newest: boolean;
}) {
  return (
    <span className="dag-readout num">
      <span className="muted">{newest ? 'Newest' : 'Block'}</span>{' '}
      <span className="mono">{shorten(node.id, 8, 4)}</span>
      <span> · round {formatCount(node.round)}</span>
      <span> · {colourOf(node).toLowerCase()}</span>
      <span> · {plural(node.transactions, 'transaction')}</span>
      <span> · {final ? 'final' : 'not yet final'}</span>
    </span>
  );
}

const Edges = memo(function Edges({
  edges,
}: {
  readonly edges: readonly Edge[];
  readonly firstRound: number;
}) {
  return [...edges]
    .sort((a, b) => Number(a.selected) - Number(b.selected))
    .map(({ id, from, to, selected }) => (
      <path
        key={id}
        className={selected ? 'dag-edge dag-edge-selected' : 'dag-edge'}
        d={curve(xOf(to), yOf(to), xOf(from), yOf(from))}
      />
    ));
});

/** Leaves and arrives level, so that lines that cross lanes can be followed. */
function curve(x1: number, y1: number, x2: number, y2: number): string {
  const bend = (x2 - x1) * 0.5;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

const Block = memo(
  function Block({
    place,
    final,
    focusable,
    shown,
    onShow,
    onOpen,
  }: {
    readonly place: Place;
    readonly final: boolean;
    readonly focusable: boolean;
    readonly shown: boolean;
    readonly onShow: (id: string | null) => void;
    readonly onOpen: (id: string) => void;
  }) {
    const { node } = place;
    const [x, y] = [xOf(place), yOf(place)];
    const names = [
      'dag-mark dag-block',
      !node.blue && 'dag-red',
      final && 'dag-final',
      node.onSelectedChain && 'dag-selected',
      shown && 'dag-shown',
    ];
    return (
      <a
        id={`dag-${node.id}`}
        className={names.filter(Boolean).join(' ')}
        href={`/chain/block/${node.id}`}
        tabIndex={focusable ? 0 : -1}
        aria-label={`Block ${shorten(node.id, 8, 4)}, round ${node.round}, ${colourOf(node).toLowerCase()}, ${plural(node.transactions, 'transaction')}, ${final ? 'final' : 'not yet final'}`}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          onOpen(node.id);
        }}
        onPointerEnter={() => onShow(node.id)}
        onFocus={() => onShow(node.id)}
        onBlur={() => onShow(null)}
      >
        <rect className="dag-target" x={x - STEP / 2} y={y - LANE / 2} width={STEP} height={LANE} />
        {node.blue ? (
          <circle cx={x} cy={y} r={node.onSelectedChain ? 8 : 6.5} />
        ) : (
          <rect x={x - 6} y={y - 6} width="12" height="12" rx="2" />
        )}
      </a>
    );
  },
  (a, b) =>
    a.place.node === b.place.node &&
    a.place.column === b.place.column &&
    a.place.lane === b.place.lane &&
    a.final === b.final &&
    a.focusable === b.focusable &&
    a.shown === b.shown,
);

/** A line a lane. */
const lanes = (count: number, width: number): string =>
  Array.from({ length: count }, (_, lane) => `M0 ${TOP + LANE / 2 + lane * LANE}H${width}`).join('');

/** Every fifth round. */
function ticks(first: number, last: number): number[] {
  const from = Math.ceil(first / 5) * 5;
  return Array.from({ length: Math.max(0, Math.floor((last - from) / 5) + 1) }, (_, nth) => from + 5 * nth);
}

/** Glides from round to round, but never over a change of width or a long way. */
function useGliding(lastRound: number, width: number, origin: number): boolean {
  const before = useRef({ lastRound, width, origin });
  const { current } = before;
  const near =
    current.width === width && current.origin === origin && Math.abs(lastRound - current.lastRound) <= 4;
  useEffect(() => {
    before.current = { lastRound, width, origin };
  });
  return near;
}

function useWidth(): [number, (element: HTMLElement | null) => (() => void) | undefined] {
  const [width, setWidth] = useState(960);
  const watch = useRef((element: HTMLElement | null) => {
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  });
  return [width, watch.current];
}
