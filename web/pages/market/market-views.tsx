// The three lists of the market: listings with filter and order, the stream of sales, agents.
import { Link, useSearchParams } from 'react-router';
import { useLive } from '../../client/use-live.ts';
import { useSales } from '../../client/use-sales.ts';
import {
  AgentsDocument,
  type AgentsQuery,
  type ListingRowFragment,
  ListingsDocument,
  type ListingsQueryVariables,
} from '../../generated/graphql.ts';
import { ListingTable } from '../../lists/listing-table.tsx';
import { SaleTable } from '../../lists/sale-table.tsx';
import { formatCount } from '../../ui/format.ts';
import { HoldControl, useHeldList } from '../../ui/live-list.tsx';
import { agentName } from '../../ui/metadata.ts';
import { Pager } from '../../ui/pager.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Address, Amount, Count, Hash, Time } from '../../ui/values.tsx';

const PAGE_SIZE = 20;
const SALES = 40;

type Order = Pick<ListingsQueryVariables, 'orderBy' | 'orderDirection'>;

const statuses: Record<string, ListingsQueryVariables['where']> = {
  live: { status: 'ACTIVE' },
  sold: { status: 'SOLD' },
  cancelled: { status: 'CANCELLED' },
  all: {},
};
const statusNames: Record<string, string> = {
  live: 'Live',
  sold: 'Sold',
  cancelled: 'Cancelled',
  all: 'All',
};

const orders: Record<string, Order> = {
  newest: { orderBy: 'listingId', orderDirection: 'desc' },
  cheapest: { orderBy: 'price', orderDirection: 'asc' },
  dearest: { orderBy: 'price', orderDirection: 'desc' },
};
const orderNames: Record<string, string> = {
  newest: 'Newest first',
  cheapest: 'Lowest price first',
  dearest: 'Highest price first',
};

/** The URL's parameters with a few changed; null takes one away. */
function changed(params: URLSearchParams, changes: Readonly<Record<string, string | null>>): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  return next;
}

function usePage(): {
  page: number;
  to: (page: number) => string;
  params: URLSearchParams;
  set: (c: Readonly<Record<string, string | null>>) => void;
} {
  const [params, setParams] = useSearchParams();
  const page = Math.max(1, Math.min(250, Number.parseInt(params.get('page') ?? '1', 10) || 1));
  return {
    page,
    params,
    to: (next) => `?${changed(params, { page: next > 1 ? String(next) : null })}`,
    set: (changes) =>
      setParams(changed(params, { ...changes, page: null }), { replace: true, preventScrollReset: true }),
  };
}

function PageLinks({
  page,
  to,
  count,
  more,
}: {
  page: number;
  to: (page: number) => string;
  count: number;
  more: boolean;
}) {
  const start = (page - 1) * PAGE_SIZE;
  return (
    <Pager
      summary={count > 0 ? `${formatCount(start + 1)}–${formatCount(start + count)}` : ''}
      previous={page > 1 ? to(page - 1) : null}
      next={more ? to(page + 1) : null}
    />
  );
}

export function ListingsView({ onBuy }: { readonly onBuy: (listing: ListingRowFragment) => void }) {
  const { page, to, params, set } = usePage();
  const status = statuses[params.get('status') ?? ''] ? (params.get('status') as string) : 'live';
  const order = orders[params.get('order') ?? ''] ? (params.get('order') as string) : 'newest';
  // One more than is shown tells whether there is a next page.
  const { data, error, refetch } = useLive(ListingsDocument, {
    first: PAGE_SIZE + 1,
    skip: (page - 1) * PAGE_SIZE,
    where: statuses[status],
    ...orders[order],
  });
  const list = useHeldList(data?.listings, PAGE_SIZE);
  const key = `${page} ${status} ${order}`;
  return (
    <div {...list.hover}>
      <div className="toolbar">
        <label>
          <span className="visually-hidden">Status</span>
          <select
            className="input"
            value={status}
            onChange={(event) => set({ status: event.target.value === 'live' ? null : event.target.value })}
          >
            {Object.entries(statusNames).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="visually-hidden">Order</span>
          <select
            className="input"
            value={order}
            onChange={(event) => set({ order: event.target.value === 'newest' ? null : event.target.value })}
          >
            {Object.entries(orderNames).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <HoldControl list={list} name="listings" />
      </div>
      {error ? (
        <ErrorState what="The listings could not be loaded." error={error} onRetry={refetch} />
      ) : data?.listings.length === 0 ? (
        <EmptyState title={status === 'live' ? 'Nothing is for sale.' : 'No listing is like this.'}>
          {status === 'live' ? 'List an agent to be the first.' : 'Choose another status.'}
        </EmptyState>
      ) : (
        <ListingTable
          key={key}
          listings={data && list.shown}
          rows={PAGE_SIZE}
          onBuy={onBuy}
          isNew={page === 1 && order === 'newest' ? list.isNew : undefined}
        />
      )}
      <PageLinks
        page={page}
        to={to}
        count={list.shown.length}
        more={(data?.listings.length ?? 0) > PAGE_SIZE}
      />
    </div>
  );
}

export function SalesView() {
  const { sales, error, refetch } = useSales(SALES);
  const list = useHeldList(sales, SALES);
  return (
    <div {...list.hover}>
      <div className="toolbar">
        <span className="muted">The last {SALES} sales, as they happen.</span>
        <HoldControl list={list} name="sales" />
      </div>
      {error ? (
        <ErrorState what="The sales could not be loaded." error={error} onRetry={refetch} />
      ) : sales?.length === 0 ? (
        <EmptyState title="Nothing has been sold yet.">
          A sale appears here the moment its block is indexed.
        </EmptyState>
      ) : (
        <SaleTable sales={sales && list.shown} rows={20} isNew={list.isNew} withTransaction />
      )}
    </div>
  );
}

type Agent = AgentsQuery['agents'][number];

export function AgentsView() {
  const { page, to } = usePage();
  const { data, error, refetch } = useLive(AgentsDocument, {
    first: PAGE_SIZE + 1,
    skip: (page - 1) * PAGE_SIZE,
    orderBy: 'volume',
    orderDirection: 'desc',
  });
  const agents = data?.agents.slice(0, PAGE_SIZE);
  return (
    <>
      <div className="toolbar">
        <span className="muted">By volume.</span>
      </div>
      {error ? (
        <ErrorState what="The agents could not be loaded." error={error} onRetry={refetch} />
      ) : agents?.length === 0 ? (
        <EmptyState title="No agent is registered yet.">List an agent to be the first.</EmptyState>
      ) : (
        <AgentTable agents={agents} />
      )}
      <PageLinks
        page={page}
        to={to}
        count={agents?.length ?? 0}
        more={(data?.agents.length ?? 0) > PAGE_SIZE}
      />
    </>
  );
}

function AgentTable({ agents }: { readonly agents: readonly Agent[] | undefined }) {
  return (
    <table className="list" aria-busy={!agents}>
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col" className="wide w-a">
            Creator
          </th>
          <th scope="col" className="wide w-l">
            Metadata
          </th>
          <th scope="col" className="r mid w-s">
            Licences
          </th>
          <th scope="col" className="r w-s">
            Sales
          </th>
          <th scope="col" className="r w-p">
            Volume
          </th>
          <th scope="col" className="r mid w-s">
            Age
          </th>
        </tr>
      </thead>
      <tbody>
        {agents ? (
          agents.map((agent) => (
            <tr key={agent.id}>
              <td>
                <Link className="row-link" to={`/agents/${agent.id}`}>
                  {agentName(agent)}
                </Link>{' '}
                {!agent.active && <span className="badge">Inactive</span>}
              </td>
              <td className="wide">
                <Address value={agent.creator} />
              </td>
              <td className="wide">
                <Hash value={agent.metadataCID} label="CID" />
              </td>
              <td className="r mid">
                <Count value={agent.licenceCount} />
              </td>
              <td className="r">
                <Count value={agent.saleCount} />
              </td>
              <td className="r">
                <Amount value={agent.volume} />
              </td>
              <td className="r mid muted">
                <Time at={agent.createdAt} />
              </td>
            </tr>
          ))
        ) : (
          <SkeletonRows rows={PAGE_SIZE} columns={['', 'wide', 'wide', 'r mid', 'r', 'r', 'r mid']} />
        )}
      </tbody>
    </table>
  );
}
