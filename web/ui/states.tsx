// What a page shows when it has nothing else to show: skeletons while loading, errors with a retry, empty lists that
// say how to fill them.
import type { ReactNode } from 'react';
import { Icon } from './icons.tsx';

/** A grey bar where text will be; as wide as the text is likely to be, so that nothing moves when it comes. */
export function Skeleton({ width = '60%' }: { readonly width?: string }) {
  return <span className="skeleton" style={{ width }} aria-hidden="true" />;
}

/** Rows of a table that is loading. */
export function SkeletonRows({
  rows,
  columns,
}: {
  readonly rows: number;
  readonly columns: readonly string[];
}) {
  return Array.from({ length: rows }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never reordered
    <tr key={row}>
      {columns.map((className, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns are fixed
        <td key={column} className={className}>
          <Skeleton width={`${45 + ((row * 37 + column * 23) % 40)}%`} />
        </td>
      ))}
    </tr>
  ));
}

export function ErrorState({
  what,
  error,
  onRetry,
}: {
  /** What could not be done: "Listings could not be loaded". */
  readonly what: string;
  readonly error: { readonly message: string };
  readonly onRetry?: () => unknown;
}) {
  return (
    <div className="state state-error" role="alert">
      <Icon name="alert" />
      <div>
        <p className="state-title">{what}</p>
        <p className="state-detail">{error.message}</p>
        {onRetry && (
          <button type="button" className="button" onClick={() => void onRetry()}>
            Try again
          </button>
        )}
      </div>
    </div>
  );
}

export function EmptyState({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="state">
      <div>
        <p className="state-title">{title}</p>
        {children && <div className="state-detail">{children}</div>}
      </div>
    </div>
  );
}
