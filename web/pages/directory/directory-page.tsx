// The directory: search with facets and paging, all of it in the URL.
import { useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import {
  SearchNetworksDocument,
  type SearchNetworksQuery,
  type Visibility,
} from '../../generated/graphql.ts';
import { Private } from '../../lists/network-table.tsx';
import { formatCount, plural } from '../../ui/format.ts';
import { networkDescription } from '../../ui/metadata.ts';
import { Pager } from '../../ui/pager.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import { Address, Time } from '../../ui/values.tsx';
import './directory-page.css';

/** How wide the names of results that are loading may look, in per cent, each once because it is its key too. */
const skeletons = [52, 38, 61, 45, 57, 33, 48, 66, 41, 54, 36, 59, 47, 63, 39, 51, 44, 58, 35, 49];

const PAGE_SIZE = 20;
const visibilityNames: Record<Visibility, string> = { PUBLIC: 'Public', PRIVATE: 'Private' };

type Change = (params: URLSearchParams) => void;

export function DirectoryPage() {
  const [params, setParams] = useSearchParams();
  const query = params.get('q') ?? '';
  const tags = params.getAll('tag');
  const wanted = params.get('visibility');
  const visibility = wanted === 'PUBLIC' || wanted === 'PRIVATE' ? wanted : null;
  // The cursors of all pages passed, the current one last: so one can go back, and share where one is.
  const trail = params.getAll('after');

  const result = useQuery(SearchNetworksDocument, {
    variables: {
      query: query || null,
      tags: tags.length ? tags : null,
      visibility,
      first: PAGE_SIZE,
      after: trail.at(-1) ?? null,
    },
    fetchPolicy: 'cache-and-network',
  });
  const found = (result.data ?? result.previousData)?.searchNetworks;
  const filtered = tags.length > 0 || visibility !== null;

  /** The URL after a change; a change of what is searched starts at the first page. */
  function after(change: Change, keepPage = false): string {
    const next = new URLSearchParams(params);
    if (!keepPage) next.delete('after');
    change(next);
    const text = next.toString();
    return text ? `?${text}` : '/directory';
  }
  const set = (change: Change) =>
    setParams(new URLSearchParams(after(change).replace(/^[^?]*/, '')), { replace: true });

  const start = trail.length * PAGE_SIZE;
  const next = found?.pageInfo.hasNextPage ? found.pageInfo.endCursor : null;

  return (
    <div className="page">
      <title>{`${query ? `${query} · ` : ''}Directory · AiOS Studio`}</title>
      <div className="page-head">
        <h1>Directory</h1>
        <div className="page-actions">
          <Link className="button button-primary" to="/networks/new">
            Create a network
          </Link>
        </div>
      </div>
      <div className="directory">
        <aside className="facets" aria-label="Filters">
          <fieldset>
            <legend>Visibility</legend>
            {(['PUBLIC', 'PRIVATE'] as const).map((value) => (
              <Facet
                key={value}
                name={visibilityNames[value]}
                count={found?.facets.visibility.find((facet) => facet.value === value)?.count ?? 0}
                loaded={found !== undefined}
                checked={visibility === value}
                onChange={(on) => set((p) => (on ? p.set('visibility', value) : p.delete('visibility')))}
              />
            ))}
          </fieldset>
          <fieldset>
            <legend>Tags</legend>
            {tagFacets(found, tags).map(({ value, count }) => (
              <Facet
                key={value}
                name={value}
                count={count}
                loaded={found !== undefined}
                checked={tags.includes(value)}
                onChange={(on) => set((p) => (on ? p.append('tag', value) : p.delete('tag', value)))}
              />
            ))}
            {found && tagFacets(found, tags).length === 0 && (
              <p className="hint">No tags among these networks.</p>
            )}
          </fieldset>
          {filtered && (
            <Link className="link" to={query ? `?q=${encodeURIComponent(query)}` : '/directory'}>
              Clear filters
            </Link>
          )}
        </aside>
        <section aria-label="Networks" className="results">
          <p className="results-head num" role="status">
            {found ? (
              <>
                {plural(found.totalCount, 'network')}
                {query && <span className="muted"> for “{query}”, best match first</span>}
              </>
            ) : (
              <Skeleton width="120px" />
            )}
          </p>
          {result.error && !found ? (
            <ErrorState
              what="The directory could not be searched."
              error={result.error}
              onRetry={result.refetch}
            />
          ) : found?.edges.length === 0 ? (
            <Nothing query={query} filtered={filtered} />
          ) : (
            <ul className="results-list" aria-busy={!found || result.data === undefined}>
              {found
                ? found.edges.map(({ network }) => network && <Result key={network.id} network={network} />)
                : skeletons.map((width) => <ResultSkeleton key={width} width={width} />)}
            </ul>
          )}
          {found && found.edges.length > 0 && (
            <Pager
              summary={`${formatCount(start + 1)}–${formatCount(start + found.edges.length)} of ${formatCount(found.totalCount)}`}
              previous={trail.length ? after((p) => restore(p, trail.slice(0, -1)), true) : null}
              next={next ? after((p) => p.append('after', next), true) : null}
            />
          )}
        </section>
      </div>
    </div>
  );
}

function restore(params: URLSearchParams, trail: readonly string[]): void {
  params.delete('after');
  for (const cursor of trail) params.append('after', cursor);
}

type Found = SearchNetworksQuery['searchNetworks'];

/** The tags found, and those chosen even when nothing has them any more, so that each can be taken back. */
function tagFacets(found: Found | undefined, chosen: readonly string[]) {
  const facets = found?.facets.tags ?? [];
  const missing = chosen.filter((tag) => !facets.some((facet) => facet.value === tag));
  return [...missing.map((value) => ({ value, count: 0 })), ...facets].slice(0, 24);
}

function Facet({
  name,
  count,
  loaded,
  checked,
  onChange,
}: {
  readonly name: string;
  readonly count: number;
  readonly loaded: boolean;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  // Ticked at once; the URL, which leads, follows a moment later.
  const [ticked, setTicked] = useState(checked);
  useEffect(() => setTicked(checked), [checked]);
  return (
    <label className="facet">
      <input
        type="checkbox"
        checked={ticked}
        onChange={(event) => {
          setTicked(event.target.checked);
          onChange(event.target.checked);
        }}
      />
      <span className="facet-name">{name}</span>
      <span className="num muted">{loaded ? formatCount(count) : ''}</span>
    </label>
  );
}

function Result({ network }: { readonly network: NonNullable<Found['edges'][number]['network']> }) {
  return (
    <li className="result">
      <div className="result-main">
        <div className="result-title">
          <Link className="row-link" to={`/networks/${network.id}`}>
            {network.name}
          </Link>
          <Private network={network} />
        </div>
        <p className="result-text">
          {network.profile?.tags.length ? (
            <span className="result-tags">{network.profile.tags.join(' · ')}</span>
          ) : null}
          {networkDescription(network) ?? <span className="muted">No description yet</span>}
        </p>
      </div>
      <Address value={network.owner} />
      <span className="num result-members">{plural(network.memberCount, 'member')}</span>
      <span className="result-age muted">
        <Time at={network.createdAt} />
      </span>
    </li>
  );
}

function ResultSkeleton({ width }: { readonly width: number }) {
  return (
    <li className="result" aria-hidden="true">
      <div className="result-main">
        <div className="result-title">
          <Skeleton width={`${width * 4}px`} />
        </div>
        <p className="result-text">
          <Skeleton width={`${width + 10}%`} />
        </p>
      </div>
    </li>
  );
}

function Nothing({ query, filtered }: { readonly query: string; readonly filtered: boolean }) {
  if (query || filtered) {
    return (
      <EmptyState title="No network matches.">
        {filtered ? 'Take back a filter, or search for less.' : 'Misspellings are forgiven; try fewer words.'}{' '}
        <Link className="link" to="/directory">
          Show all networks
        </Link>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="The directory is empty.">
      <Link className="link" to="/networks/new">
        Create the first network
      </Link>
      ; it appears here when its block is indexed.
    </EmptyState>
  );
}
