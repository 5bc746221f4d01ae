// What the pages of single things have in common: a heading with the whole id, and the way back.
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { EmptyState } from '../../ui/states.tsx';
import { CopyButton } from '../../ui/values.tsx';

export function DetailHead({
  name,
  id,
  title,
  children,
}: {
  readonly name: string;
  readonly id: string;
  readonly title: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="page-head">
      <title>{`${title} · AiOS Studio`}</title>
      <div className="page-head-text">
        <p className="page-sub">
          <Link className="link" to="/chain">
            Chain
          </Link>
        </p>
        <h1>{name}</h1>
        <div className="page-sub">
          <span className="hash">
            <span className="whole-address mono">{id}</span>
            <CopyButton text={id} label={`${name.toLowerCase()} id`} />
          </span>
          {children}
        </div>
      </div>
    </div>
  );
}

/** Instead of a page, for an id that is none. */
export function NoSuchId({ name, expected }: { readonly name: string; readonly expected: string }) {
  return (
    <div className="page">
      <h1>Not {name}</h1>
      <EmptyState title={expected} />
    </div>
  );
}

export function Facts({
  facts,
}: {
  readonly facts: readonly { readonly name: string; readonly value: ReactNode }[];
}) {
  return (
    <dl className="facts">
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
