// Home: the live totals, and what just happened.
import { Link } from 'react-router';
import { useLive } from '../../client/use-live.ts';
import { useSales } from '../../client/use-sales.ts';
import { HomeDocument } from '../../generated/graphql.ts';
import { NetworkTable } from '../../lists/network-table.tsx';
import { SaleTable } from '../../lists/sale-table.tsx';
import { formatAmount, formatCount } from '../../ui/format.ts';
import { HoldControl, useHeldList } from '../../ui/live-list.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { Totals } from '../../ui/totals.tsx';
import { Amount, Count } from '../../ui/values.tsx';

const ROWS = 14;

export function HomePage() {
  const { data, error, refetch } = useLive(HomeDocument, { first: ROWS });
  const sales = useSales(ROWS);
  const saleList = useHeldList(sales.sales, ROWS);
  const networkList = useHeldList(data?.networks, ROWS);
  const directory = data ? (data.directoryTotals ?? none.directory) : undefined;
  const market = data ? (data.marketTotals ?? none.market) : undefined;

  return (
    <div className="page">
      <title>AiOS Studio</title>
      <div className="page-head">
        <h1>Overview</h1>
        <div className="page-actions">
          <Link className="button button-primary" to="/networks/new">
            Create a network
          </Link>
        </div>
      </div>
      {error ? (
        <ErrorState what="The totals could not be loaded." error={error} onRetry={refetch} />
      ) : (
        <Totals
          label="Totals"
          totals={[
            {
              name: 'Networks',
              value: directory && <Count value={directory.networks} />,
              note: directory ? `${formatCount(directory.publicNetworks)} public` : '',
            },
            {
              name: 'Members',
              value: directory && <Count value={directory.members} />,
              note: directory ? `${formatCount(directory.activeGrants)} active grants` : '',
            },
            {
              name: 'Communities',
              value: directory && <Count value={directory.communities} />,
              note: directory ? `${formatCount(directory.environments)} environments` : '',
            },
            {
              name: 'Agents',
              value: market && <Count value={market.agents} />,
              note: market ? `${formatCount(market.licences)} licences` : '',
            },
            {
              name: 'Live listings',
              value: market && <Count value={market.activeListings} />,
              note: market ? `${formatCount(market.sales)} sold` : '',
            },
            {
              name: 'Holders',
              value: market && <Count value={market.holders} />,
              note: market ? 'of AiOS' : '',
            },
            {
              name: 'Volume',
              value: market && <Amount value={market.volume} compact />,
              note: market ? `${formatAmount(market.fees, 0)} AiOS fees` : '',
            },
            {
              name: 'Burned',
              value: market && <Amount value={market.tokenBurned} compact />,
              note: market
                ? `of ${formatAmount(BigInt(market.tokenSupply) + BigInt(market.tokenBurned), 0)}`
                : '',
            },
          ]}
        />
      )}
      <div className="columns">
        <section className="section" aria-labelledby="home-sales" {...saleList.hover}>
          <div className="section-head">
            <h2 id="home-sales">Sales</h2>
            <HoldControl list={saleList} name="sales" />
          </div>
          {sales.error ? (
            <ErrorState what="The sales could not be loaded." error={sales.error} onRetry={sales.refetch} />
          ) : sales.sales?.length === 0 ? (
            <EmptyState title="Nothing has been sold yet.">
              A sale appears here the moment its block is indexed. Put an agent up for sale on the{' '}
              <Link className="link" to="/market">
                market
              </Link>
              .
            </EmptyState>
          ) : (
            <SaleTable sales={sales.sales && saleList.shown} rows={ROWS} isNew={saleList.isNew} />
          )}
        </section>
        <section className="section" aria-labelledby="home-networks" {...networkList.hover}>
          <div className="section-head">
            <h2 id="home-networks">New networks</h2>
            <HoldControl list={networkList} name="networks" />
          </div>
          {error ? (
            <ErrorState what="The networks could not be loaded." error={error} onRetry={refetch} />
          ) : data?.networks.length === 0 ? (
            <EmptyState title="There is no network yet.">
              <Link className="link" to="/networks/new">
                Create the first one
              </Link>
              .
            </EmptyState>
          ) : (
            <NetworkTable networks={data && networkList.shown} rows={ROWS} isNew={networkList.isNew} />
          )}
        </section>
      </div>
    </div>
  );
}

/** The totals before the first event: their one row does not exist until then. */
const none = {
  directory: { networks: 0, publicNetworks: 0, communities: 0, environments: 0, members: 0, activeGrants: 0 },
  market: {
    agents: 0,
    licences: 0,
    activeListings: 0,
    holders: 0,
    sales: 0,
    volume: '0',
    fees: '0',
    tokenBurned: '0',
    tokenSupply: '0',
  },
};
