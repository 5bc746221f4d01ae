// One step of the path: done (a line that says what came of it), at hand, or to come.
import { type ReactNode, useEffect, useRef } from 'react';
import { Icon } from '../../ui/icons.tsx';

export type StepState = 'done' | 'now' | 'later';

export function Step({
  number,
  title,
  state,
  summary,
  onAgain,
  again = 'Change',
  children,
}: {
  readonly number: number;
  readonly title: string;
  readonly state: StepState;
  /** What came of it, when it is done. */
  readonly summary?: ReactNode;
  readonly onAgain?: () => void;
  readonly again?: string;
  readonly children?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(state);
  // Whoever has just finished a step is led to the next one; whoever has just opened the page is not moved.
  useEffect(() => {
    if (before.current === 'later' && state === 'now') {
      heading.current?.focus({ preventScroll: true });
      heading.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
    }
    before.current = state;
  }, [state]);
  return (
    <li className={`path-step path-${state}`} aria-current={state === 'now' ? 'step' : undefined}>
      <span className="path-mark num" aria-hidden="true">
        {state === 'done' ? <Icon name="check" /> : number}
      </span>
      <div className="path-body">
        <div className="path-head">
          <h2 ref={heading} tabIndex={-1}>
            {title}
            {state === 'done' && <span className="visually-hidden"> (done)</span>}
          </h2>
          {state === 'done' && summary && <div className="path-summary">{summary}</div>}
          {state === 'done' && onAgain && (
            <button type="button" className="text-button" aria-label={`${again}: ${title}`} onClick={onAgain}>
              {again}
            </button>
          )}
        </div>
        {state !== 'later' && children && <div className="path-content">{children}</div>}
      </div>
    </li>
  );
}
