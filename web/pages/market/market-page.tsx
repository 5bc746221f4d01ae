// The market: volume a day, where the fees went, live listings, sales and agents. The view and its filters are in the URL.
import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { BuyDialog, ListAgentDialog } from '../../actions/market-dialogs.tsx';
import { useLive } from '../../client/use-live.ts';
import {
  FeePoliciesDocument,
  type ListingRowFragment,
  MarketPageDocument,
  type MarketPageQuery,
} from '../../generated/graphql.ts';
import { BarChart } from '../../ui/bar-chart.tsx';
import { formatAmount, formatBps, formatCount, formatDay, plural } from '../../ui/format.ts';
import { ErrorState } from '../../ui/states.tsx';
import { Totals } from '../../ui/totals.tsx';
import { Amount, Count } from '../../ui/values.tsx';
import { AgentsView, ListingsView, SalesView } from './market-views.tsx';

const DAYS = 30;
const DAY = 86_400;

const views = [
  ['listings', 'Listings'],
  ['sales', 'Sales'],
  ['agents', 'Agents'],
] as const;

export function MarketPage() {
  const [params] = useSearchParams();
  const view = views.find(([name]) => name === params.get('view'))?.[0] ?? 'listings';
  const { data, error, refetch } = useLive(MarketPageDocument, { days: DAYS });
  const policy = useQuery(FeePoliciesDocument).data?.feePolicies[0];
  const [open, setOpen] = useState<ListingRowFragment | 'list' | null>(null);
  const totals = data ? (data.marketTotals ?? noTotals) : undefined;
  const close = () => setOpen(null);

  return (
    <div className="page">
      <title>Market · AiOS Studio</title>
      <div className="page-head">
        <h1>Market</h1>
        <div className="page-actions">
          <button type="button" className="button button-primary" onClick={() => setOpen('list')}>
            List an agent
          </button>
        </div>
      </div>
      {error ? (
        <ErrorState what="The market’s totals could not be loaded." error={error} onRetry={refetch} />
      ) : (
        <>
          <Totals
            label="Market totals"
            totals={[
              {
                name: 'Volume',
                value: totals && <Amount value={totals.volume} compact />,
                note: totals ? plural(totals.sales, 'sale') : '',
              },
              {
                name: 'Fees',
                value: totals && <Amount value={totals.fees} compact />,
                note: policy ? `${formatBps(policy.feeBps)} of each sale` : '',
              },
              {
                name: 'Fees burned',
                value: totals && <Amount value={totals.feesBurned} compact />,
                note: share(totals?.feesBurned, totals?.fees),
              },
              {
                name: 'To buyback',
                value: totals && <Amount value={totals.feesBuyback} compact />,
                note: share(totals?.feesBuyback, totals?.fees),
              },
              {
                name: 'To treasury',
                value: totals && <Amount value={totals.feesTreasury} compact />,
                note: share(totals?.feesTreasury, totals?.fees),
              },
              {
                name: 'Royalties',
                value: totals && <Amount value={totals.royalties} compact />,
                note: totals ? 'to creators' : '',
              },
              {
                name: 'Live listings',
                value: totals && <Count value={totals.activeListings} />,
                note: totals ? `${formatCount(totals.listings)} in all` : '',
              },
              {
                name: 'Supply',
                value: totals && <Amount value={totals.tokenSupply} compact />,
                note: totals ? `${formatAmount(totals.tokenBurned, 0)} burned` : '',
              },
            ]}
          />
          <div className="chart-frame">
            <BarChart
              title={`Volume a day, last ${DAYS} days, UTC`}
              valueName="Volume"
              bars={bars(data?.marketDays)}
            />
          </div>
        </>
      )}
      <div className="section">
        <nav className="section-head" aria-label="Views of the market">
          <div className="tabs">
            {views.map(([name, title]) => (
              <Link
                key={name}
                to={name === 'listings' ? '/market' : `?view=${name}`}
                aria-current={view === name ? 'page' : undefined}
                preventScrollReset
              >
                {title}
              </Link>
            ))}
          </div>
        </nav>
        {view === 'listings' && <ListingsView onBuy={setOpen} />}
        {view === 'sales' && <SalesView />}
        {view === 'agents' && <AgentsView />}
      </div>
      {open === 'list' && <ListAgentDialog onClose={close} />}
      {open !== null && open !== 'list' && <BuyDialog listing={open} onClose={close} />}
    </div>
  );
}

/** One part of the fees, in per cent of them. */
function share(part: string | undefined, whole: string | undefined): string {
  if (part === undefined || whole === undefined) return '';
  if (BigInt(whole) === 0n) return 'of fees';
  return `${Number((BigInt(part) * 1000n) / BigInt(whole)) / 10}% of fees`;
}

/** A bar for each of the last days, those without a trade included. */
function bars(days: MarketPageQuery['marketDays'] | undefined) {
  const byId = new Map((days ?? []).map((day) => [Number(day.id), day]));
  const today = Math.floor(Date.now() / 1000 / DAY);
  return Array.from({ length: DAYS }, (_, index) => {
    const number = today - DAYS + 1 + index;
    const day = byId.get(number);
    return {
      key: String(number),
      label: formatDay(number * DAY),
      // Only for the height: whole tokens are exact enough.
      size: day ? Number(BigInt(day.volume) / 10n ** 14n) : 0,
      value: days ? `${formatAmount(day?.volume ?? '0')} AiOS · ${plural(day?.sales ?? 0, 'sale')}` : '',
    };
  });
}

const noTotals = {
  volume: '0',
  sales: 0,
  fees: '0',
  feesBurned: '0',
  feesBuyback: '0',
  feesTreasury: '0',
  royalties: '0',
  activeListings: 0,
  listings: 0,
  tokenSupply: '0',
  tokenBurned: '0',
};
