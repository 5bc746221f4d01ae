// An address that names no page.
import { Link } from 'react-router';
import { EmptyState } from '../ui/states.tsx';

export function NotFoundPage() {
  return (
    <div className="page">
      <title>Not found · AiOS Studio</title>
      <h1>Not found</h1>
      <EmptyState title="There is no page at this address.">
        Search with <kbd>/</kbd>, or open the{' '}
        <Link className="link" to="/directory">
          directory
        </Link>
        .
      </EmptyState>
    </div>
  );
}
