// A band of figures. Each keeps its place and width while it loads and while it changes.
import type { ReactNode } from 'react';
import { Skeleton } from './states.tsx';

export interface Total {
  readonly name: string;
  /** Undefined while loading. */
  readonly value: ReactNode | undefined;
  /** A smaller line under it. */
  readonly note?: ReactNode;
}

export function Totals({ totals, label }: { readonly totals: readonly Total[]; readonly label: string }) {
  return (
    <div className="totals-frame">
      <dl className="totals" aria-label={label}>
        {totals.map(({ name, value, note }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value ?? <Skeleton width="70%" />}</dd>
            {note !== undefined && <dd className="note">{note}</dd>}
          </div>
        ))}
      </dl>
    </div>
  );
}
