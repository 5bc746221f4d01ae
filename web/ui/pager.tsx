// Previous and next of a list whose page is in the URL.
import { Link } from 'react-router';
import { Icon } from './icons.tsx';

export function Pager({
  summary,
  previous,
  next,
}: {
  readonly summary: string;
  readonly previous: string | null;
  readonly next: string | null;
}) {
  return (
    <nav className="pager" aria-label="Pages">
      <span className="num">{summary}</span>
      <span className="pager-links">
        <Step to={previous} label="Previous page" icon="previous" />
        <Step to={next} label="Next page" icon="next" />
      </span>
    </nav>
  );
}

function Step({
  to,
  label,
  icon,
}: {
  readonly to: string | null;
  readonly label: string;
  readonly icon: 'previous' | 'next';
}) {
  if (to === null) {
    return (
      <span className="button button-icon" aria-disabled="true">
        <Icon name={icon} />
      </span>
    );
  }
  return (
    <Link className="button button-icon" to={to} aria-label={label} rel={icon === 'next' ? 'next' : 'prev'}>
      <Icon name={icon} />
    </Link>
  );
}
