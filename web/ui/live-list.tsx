// Holds a live list still while somebody reads it: new rows wait, are counted, and enter at the top when let in.
import { useRef, useState } from 'react';
import { Icon } from './icons.tsx';

export interface HeldList<Item> {
  /** What to show now. */
  readonly shown: readonly Item[];
  /** Rows that arrived since the list was held. */
  readonly waiting: number;
  readonly held: boolean;
  /** True for rows that arrived after the first showing: they are marked for a moment. */
  readonly isNew: (item: Item) => boolean;
  readonly setHeld: (held: boolean) => void;
  /** Handlers for the element around the rows: the list holds still under the pointer. */
  readonly hover: { onPointerEnter: (event: { pointerType: string }) => void; onPointerLeave: () => void };
}

/** `items` newest first, at most `limit` shown. */
export function useHeldList<Item extends { readonly id: string }>(
  items: readonly Item[] | undefined,
  limit: number,
): HeldList<Item> {
  const [pinned, setPinned] = useState(false);
  const [hovered, setHovered] = useState(false);
  const held = pinned || hovered;
  const frozen = useRef<readonly Item[] | undefined>(undefined);
  const first = useRef<ReadonlySet<string> | undefined>(undefined);

  const newest = (items ?? []).slice(0, limit);
  if (items && !first.current) first.current = new Set(items.map((item) => item.id));
  if (!held) frozen.current = undefined;
  else if (items) frozen.current ??= newest;
  const shown = frozen.current ?? newest;
  const shownIds = new Set(shown.map((item) => item.id));
  return {
    shown,
    held,
    waiting: held ? newest.filter((item) => !shownIds.has(item.id)).length : 0,
    isNew: (item) => first.current !== undefined && !first.current.has(item.id),
    setHeld: (next) => {
      setPinned(next);
      if (!next) setHovered(false);
    },
    hover: {
      // Touch has no hovering: a tap must not freeze the list for good.
      onPointerEnter: (event) => event.pointerType === 'mouse' && setHovered(true),
      onPointerLeave: () => setHovered(false),
    },
  };
}

/** The control beside a live list's heading: pause, resume, and how many rows wait. */
export function HoldControl({
  list,
  name,
}: {
  readonly list: Pick<HeldList<never>, 'held' | 'waiting' | 'setHeld'>;
  readonly name: string;
}) {
  return (
    <span className="hold">
      <span className="hold-count num" aria-live="polite">
        {list.waiting > 0 ? `${list.waiting} waiting` : ''}
      </span>
      <button
        type="button"
        className="icon-button"
        aria-pressed={list.held}
        aria-label={list.held ? `Resume ${name}` : `Pause ${name}`}
        title={list.held ? 'Resume' : 'Pause'}
        onClick={() => list.setHeld(!list.held)}
      >
        <Icon name={list.held ? 'play' : 'pause'} />
      </button>
    </span>
  );
}
